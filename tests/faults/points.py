"""Every named point, hit after hit: killed exactly there, started again, and the phones and the books compared."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.sandbox import Bubble, Sandbox
from tests.faults.books import Books, read_books
from tests.faults.crashing import POINTS, Crash
from tests.faults.nursery import Nursery
from tests.faults.scene import (
    HEADLINE,
    OWNER,
    VIBER_CHANNEL,
    VIBER_CHANNEL_TOKEN,
    Killable,
    Plan,
    channel_chat,
    channel_key,
    channel_title,
    telegram_chat,
    viber_chat,
)

READERS, VIBER = 6, 5
#: Two articles, so far apart in seconds that the second meets what the first left.
APART = 0.2
#: A life of such a small newsroom takes no longer, in seconds.
STUCK = 120.0
#: What somebody of the desk says meanwhile; done once, whatever happens.
WORDS = "Asked for by chat"


@dataclass
class PointsFound:
    """`hits`: how often each point was hit before a run passed without."""

    runs: int = 0
    hits: Counter[str] = field(default_factory=Counter)
    doubts: int = 0
    broken: list[str] = field(default_factory=list)


async def walk(nursery: Nursery, points: Sequence[str] = POINTS) -> PointsFound:
    """Hit 1, 2, 3 … of every point, until a life passes without coming to it that often."""
    found = PointsFound()
    for point in points:
        while await crash_at(nursery, found, (point, found.hits[point] + 1)):
            found.hits[point] += 1
    return found


async def crash_at(nursery: Nursery, found: PointsFound, *crashes: Crash) -> bool:
    """One newsroom whose first lives end at these `crashes`. False when the last of them was never come to."""
    found.runs += 1
    with TemporaryDirectory(prefix="visnyk-points-") as folder:
        async with Sandbox() as sandbox:
            plan = Plan(READERS, VIBER, viber_channel=True, channels=1, times=(0.0, APART))
            scene = Killable(sandbox, nursery, Path(folder), plan)
            await scene.prepare()
            talk = asyncio.create_task(sandbox.telegram.say(OWNER, f"/queue {WORDS}\n\nThe lead.\n\nsource: We"))
            crashed = False
            for crash in crashes:
                await scene.start(crash)
                crashed = await scene.crashes(lambda: _is_quiet(scene), STUCK) or await scene.crashes_at_its_stop()
                if not crashed:
                    break
            if crashed:
                await scene.start()
                assert await scene.until(lambda: _is_quiet(scene), STUCK), f"{crashes}: no end\n{scene.log()}"
                await scene.stop()
            await talk
            books = read_books(scene.database)
            found.broken += [f"{crashes}: {what}" for what in _broken(scene, books)]
            if books.articles != len(plan.times) + 1:
                times = books.articles - len(plan.times)
                found.broken.append(f"{crashes}: what was asked for by chat was done {times} times")
            found.doubts += sum(state == "in_doubt" for state in books.posts.values())
            return crashed


def _is_quiet(scene: Killable) -> bool:
    """All is out, all is told, and what was said is done."""
    return scene.is_quiet(len(scene.plan.times) + 1)


def _broken(scene: Killable, books: Books) -> list[str]:
    faults = [] if books.sound and books.adds_up else ["the books are unsound"]
    for number in range(len(scene.plan.times)):
        headline, article = f"{HEADLINE} ({number})", number + 1
        faults += _broken_channels(scene, books, article, headline)
        faults += _broken_readers(scene, books, article, headline)
    return faults


def _broken_channels(scene: Killable, books: Books, article: int, headline: str) -> list[str]:
    telegram, viber = scene.sandbox.telegram, scene.sandbox.viber
    faults = []
    for key, title, phone in (
        (channel_key(0), channel_title(0), telegram.phone(channel_chat(0))),
        ("viber", VIBER_CHANNEL, viber.channel_phone(VIBER_CHANNEL_TOKEN)),
    ):
        copies = _copies(phone, headline)
        state = books.posts.get((article, key), "never made")
        if (copies, state) not in ((1, "delivered"), (1, "in_doubt"), (0, "in_doubt")):
            faults.append(f"#{article} in {key}: {copies} copies, {state}")
        asked = any(
            "We don't know whether" in b.text and title in b.text and f"#{article}" in b.text for b in _desk(scene)
        )
        if state == "in_doubt" and not asked:
            faults.append(f"#{article} in {key} is in doubt, and the desk was not told")
    return faults


def _broken_readers(scene: Killable, books: Books, article: int, headline: str) -> list[str]:
    telegram, viber = scene.sandbox.telegram, scene.sandbox.viber
    phones = {chat: telegram.phone(int(chat)) for chat in map(telegram_chat, range(READERS))}
    phones |= {chat: viber.phone(chat) for chat in map(viber_chat, range(VIBER))}
    faults = []
    for chat, phone in phones.items():
        copies, outcome = _copies(phone, headline), books.outcome((article, chat))
        if (copies, outcome) not in ((1, "delivered"), (1, "in_doubt"), (0, "in_doubt")):
            faults.append(f"#{article} to {chat}: {copies} copies, {outcome}")
    return faults


def _desk(scene: Killable) -> list[Bubble]:
    return scene.sandbox.telegram.phone(OWNER)


def _copies(phone: Sequence[Bubble], headline: str) -> int:
    return sum(headline in bubble.text for bubble in phone)
