"""The play on the terminal: an article is written, approved by somebody else, goes out, and every phone is counted."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Sequence
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path

from rich.console import Console

from bot.app import App, open_app
from bot.commands.cards import OWN_CORRESPONDENT, STATUSES
from bot.demo import samples
from bot.demo.ports import free_port
from bot.demo.screen import Screen
from bot.demo.town import EDITOR, OWNER, OWNER_LANGUAGE, TELEGRAM_READERS, VIBER_READERS, Phone, settings, settle
from bot.domain import Verification
from bot.errors import CannotStart
from bot.sandbox import Bubble, Sandbox
from bot.texts import Catalogue, Words, text_id
from config.settings import LOCALES

#: Time from queueing an article until it is due: enough to approve it, and to read what the desk sees.
AHEAD = "8 s"
APPROVE = "✅ Погодити #1"
#: Everything must have arrived after this, in seconds.
LIMIT = 30.0


async def play(article: Path | None) -> bool:
    """True when every phone showed the article exactly once."""
    text = await asyncio.to_thread(text_of, article)
    console = Console(highlight=False)
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="visnyk-demo-")))
        sandbox = await stack.enter_async_context(Sandbox())
        phones = settle(sandbox)
        app = await stack.enter_async_context(open_app(settings(sandbox, folder, free_port())))
        screen = Screen(console, Catalogue.load(LOCALES), phones)
        watcher = asyncio.create_task(_watch(sandbox, screen))
        stack.callback(watcher.cancel)
        screen.note(f"Visnyk: {app.url}")
        screen.note(f"Telegram + Viber (sandbox): {sandbox.url}")
        screen.note(f"Control API: {sandbox.url}/control")
        screen.note("")
        return await _first_article(sandbox, app, screen, phones, text)


async def _first_article(sandbox: Sandbox, app: App, screen: Screen, phones: Sequence[Phone], text: str) -> bool:
    screen.tell(text_id("1. Readers subscribe"))
    await subscribe(sandbox)
    screen.tell(text_id("2. Olena, the owner, queues an article on Telegram and gives it a time"))
    await sandbox.telegram.say(OWNER, f"/queue {text}")
    headline = await _headline(sandbox, app)
    await _name_what_is_missing(sandbox, Catalogue.load(LOCALES).say(OWNER_LANGUAGE))
    await sandbox.telegram.say(OWNER, f"/at 1 in {AHEAD}")
    await sandbox.telegram.say(OWNER, "/submit 1")
    screen.tell(text_id("3. Taras sees on Viber exactly what readers will, and approves it"))
    await sandbox.until(lambda: _can_press(sandbox, APPROVE), timeout=LIMIT)
    await sandbox.viber.press(EDITOR, APPROVE)
    screen.tell(text_id("4. At its time it goes out: to both channels and every reader"))
    try:
        await sandbox.until(lambda: all(_count(phone, headline) for phone in phones), timeout=LIMIT)
        # The desk's summary comes when nothing is under way: nothing can arrive after it.
        await sandbox.until(lambda: _told(sandbox), timeout=LIMIT)
    except TimeoutError:
        screen.tell(text_id("Not everything arrived in time"))
    rows = [(phone, _count(phone, headline)) for phone in phones]
    await asyncio.sleep(0)  # the watcher prints what came last
    screen.sums(rows)
    return all(count == 1 for _, count in rows)


def _can_press(sandbox: Sandbox, label: str) -> bool:
    return any(label == shown for row in sandbox.viber.keyboard(EDITOR) for shown, _ in row)


async def subscribe(sandbox: Sandbox) -> None:
    """Every reader, until each has the bot's answer; Taras looks at the queue, so that Viber lets the bot write him.

    They want the articles of both languages, because the page offers some in each.
    """
    await sandbox.viber.say(EDITOR, "/list")
    for person in TELEGRAM_READERS:
        await sandbox.telegram.say(person, "/start")
        await sandbox.telegram.say(person, "/language all")
    for reader in VIBER_READERS:
        await sandbox.viber.open_chat(reader)
        await sandbox.viber.press(reader, "Підписатися")
        await sandbox.viber.say(reader, "/language all")
    await sandbox.until(lambda: _all_answered(sandbox), timeout=LIMIT)


def _all_answered(sandbox: Sandbox) -> bool:
    telegram = [sandbox.telegram.phone(person) for person in TELEGRAM_READERS]
    viber = [sandbox.viber.phone(reader)[1:] for reader in VIBER_READERS]  # after the welcome
    phones = [(2, phone) for phone in (*telegram, *viber)] + [(1, sandbox.viber.phone(EDITOR))]
    return all(sum(bubble.sender == "bot" for bubble in phone) >= answers for answers, phone in phones)


async def _headline(sandbox: Sandbox, app: App) -> str:
    """Wait for the owner's card, with which the article is in the store; return its headline."""
    await sandbox.until(
        lambda: any("#1" in bubble.text and bubble.buttons for bubble in _from_bot(sandbox)), timeout=LIMIT
    )
    entry = await app.store.read.entry(1)
    assert entry is not None
    return entry.article.headline


async def _name_what_is_missing(sandbox: Sandbox, words: Words) -> None:
    """A pasted article seldom says how far it is checked and who says so: Olena presses both on its card."""
    for label in (words(STATUSES[Verification.CONFIRMED]), words(OWN_CORRESPONDENT)):
        card = _card(sandbox)
        if label in _labels(card):
            await sandbox.telegram.press(OWNER, card.message_id, label)
            await sandbox.until(partial(_is_taken, sandbox, label), timeout=LIMIT)


def _card(sandbox: Sandbox) -> Bubble:
    return [bubble for bubble in _from_bot(sandbox) if "#1" in bubble.text and bubble.buttons][-1]


def _is_taken(sandbox: Sandbox, label: str) -> bool:
    return label not in _labels(_card(sandbox))


def _labels(bubble: Bubble) -> set[str]:
    return {label for row in bubble.buttons for label, _ in row}


def _from_bot(sandbox: Sandbox) -> list[Bubble]:
    return [bubble for bubble in sandbox.telegram.phone(OWNER) if bubble.sender == "bot"]


def _told(sandbox: Sandbox) -> bool:
    return any("#1" in bubble.text and "t.me/" in str(bubble.entities) for bubble in _from_bot(sandbox)[-3:])


def _count(phone: Phone, headline: str) -> int:
    return sum(headline in bubble.text for bubble in phone.bubbles())


async def _watch(sandbox: Sandbox, screen: Screen) -> None:
    async for event in sandbox.watch():
        screen.show(event)


def text_of(article: Path | None) -> str:
    """The sample without a file. Raises `CannotStart`."""
    if article is None:
        return samples.text_of("trolleybus")
    try:
        return article.read_text("utf-8-sig")  # Windows writes a mark before the first letter
    except FileNotFoundError:
        raise CannotStart(f"There is no file {article}. Name a text file: headline first, then the article.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise CannotStart(f"{article} can't be read as UTF-8 text: {error}") from error
