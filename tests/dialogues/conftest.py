"""Phones of the desk's people: each test is held on Telegram and on Viber, in Ukrainian and in English."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

import pytest

from bot.domain import Address, Button, ChatKind, Incoming, Platform, Run, Said, Screen, Sender, outgoing_to_json
from bot.domain.entry import Offer, Reply
from bot.domain.people import Role
from bot.domain.seals import new_id
from bot.sandbox import Bubble
from bot.storage import Queries
from tests.conftest import (
    ARTICLE,
    NEWSROOM,
    OWNER,
    READER,
    VIBER_OWNER,
    VIBER_READER,
    Clock,
    Scene,
    a_scene,
    unnumbered,
)
from tests.helpers.catalogue import spoken, titled, written
from tests.helpers.crowd import hear_all
from tests.helpers.rows import a_press
from tests.helpers.shown import as_read, pattern_of

ARTICLE_IN_ENGLISH = """The library on Market Square opens on Sundays

From December readers may come every day of the week.

The council pays for two more librarians. Last year 40,000 people borrowed a book there.

source: City council https://example.org/council
link: https://example.org/news/library"""

ARTICLES = {"uk": ARTICLE, "en": ARTICLE_IN_ENGLISH}
HEADLINES = {language: article.split("\n")[0] for language, article in ARTICLES.items()}
A_LEAD = {"uk": "лід: Новий лід.", "en": "lead: A new lead."}
TELEGRAM, VIBER = "telegram", "viber"

#: What is said, and what the answer holds.
Table = Iterable[tuple[str, str]]


@dataclass
class Chat:
    """One person's chat with the bot on one platform."""

    scene: Scene
    platform: str
    language: str = "uk"
    reader: bool = False
    #: Another one's phone than the owner's or the reader's.
    person: str = ""
    name: str = ""
    #: Not the chat of two: a Telegram group.
    group: int | None = None

    @property
    def on_telegram(self) -> bool:
        return self.platform == TELEGRAM

    @property
    def article(self) -> str:
        return ARTICLES[self.language]

    @property
    def headline(self) -> str:
        return HEADLINES[self.language]

    def arrives(self) -> Chat:
        """The app is set to this language before the first word."""
        sandbox, name = self.scene.sandbox, self.name or ("Ivan" if self.reader else "Olena")
        if self.on_telegram or not self.person:
            sandbox.telegram.add_person(self._telegram_id, name=name, language=self.language)
        if not self.on_telegram or not self.person:
            sandbox.viber.add_person(self._viber_id, name=name, language=self.language)
        return self

    @property
    def address(self) -> Address:
        return Address(Platform(self.platform), str(self._telegram_id) if self.on_telegram else self._viber_id)

    def words(self, text: str) -> tuple[str, ...]:
        """Return how this language says a text of the catalogue; several forms when it is counted."""
        return spoken(self.language, text)

    def written(self, text: str, /, **values: object) -> str:
        """A text of the catalogue as this language says it, with `values` in its places."""
        return self.words(text)[0].format(**values)

    async def asks(self, typed: str, text: str, /, **values: object) -> Bubble:
        """Says `typed` and is answered with this text of the catalogue."""
        return await self._sees(self._says(typed), text, values)

    async def replies(self, to: Bubble, typed: str, text: str) -> Bubble:
        return await self._sees(self._says(typed, to), text, {})

    async def pushes(self, label: str, text: str, /, *, on: str = "", **values: object) -> Bubble:
        """Presses the newest button of that text (`on`: its very label) and is answered with `text`."""
        return await self._sees(self._press(label, on), text, values)

    async def pushes_in_place(self, label: str, text: str) -> Bubble:
        """Press where the message that was pressed becomes the answer."""
        await self._press(label, "")
        return await self.sees(text)

    async def types(self, text: str) -> None:
        """Says it; what comes of that is looked for elsewhere."""
        await self._says(text)

    async def taps(self, label: str) -> None:
        """Presses it; what comes of that is looked for elsewhere."""
        await self._press("", label)

    async def asks_late(self, typed: str, text: str, *, ago: timedelta) -> Bubble:
        """Said so long ago, and read only now."""
        return await self._sees(self._said(typed, ago), text, {})

    async def _said(self, typed: str, ago: timedelta) -> None:
        app, now = self.scene.app, self.scene.clock()
        sender = Sender(self.address, self.name, self.language)
        incoming = Incoming(sender, self.address, ChatKind.PRIVATE, Said((Run(typed),)), now - ago)
        await app.store.write(lambda tx: app.commands.handle(tx, incoming, now))

    async def sees(self, text: str, /, **values: object) -> Bubble:
        """Shown at any time, or soon."""
        return await self._sees(None, text, values)

    def reads(self, bubble: Bubble, text: str) -> bool:
        """Is this text of the catalogue in it."""
        return any(pattern_of(form).search(as_read(bubble.text)) for form in self.words(text))

    def labelled(self, bubble: Bubble, text: str) -> bool:
        """Is there a button of it."""
        labels = [label for row in (*bubble.buttons, *bubble.keyboard) for label, _ in row]
        labels = [*labels, *map(unnumbered, labels)]
        return any(pattern_of(form).fullmatch(label) for form in self.words(text) for label in labels)

    async def _sees(self, act: Awaitable[object] | None, text: str, values: Mapping[str, object]) -> Bubble:
        before = len(self.heard()) if act is not None else 0
        patterns = [pattern_of(form, **values) for form in self.words(text)]
        if act is not None:
            await act

        def found() -> list[Bubble]:
            return [b for b in self.heard()[before:] if any(pattern.search(as_read(b.text)) for pattern in patterns)]

        await self.scene.sandbox.until(found)
        return found()[-1]

    async def _says(self, typed: str, to: Bubble | None = None) -> object:
        if self.on_telegram:
            reply_to = to.message_id if to is not None else None
            return await self.scene.sandbox.telegram.say(self._telegram_id, typed, chat=self.group, reply_to=reply_to)
        return await self.scene.sandbox.viber.say(self._viber_id, typed)

    async def _press(self, label: str, on: str) -> object:
        patterns = [re.compile(re.escape(on))] if on else [pattern_of(form) for form in self.words(label)]

        def fits(shown: str) -> bool:
            return any(pattern.fullmatch(each) for pattern in patterns for each in (shown, unnumbered(shown)))

        if not self.on_telegram:

            def standing() -> list[str]:
                rows = self.scene.sandbox.viber.keyboard(self._viber_id)
                return [each for row in rows for each, _ in row if fits(each)]

            await self.scene.sandbox.until(standing)
            shown = standing()[0]
            return await self.scene.sandbox.viber.press(self._viber_id, shown)
        labels = [
            (bubble, [each for row in bubble.buttons for each, _ in row if fits(each)]) for bubble in self.heard()
        ]
        bubble, (shown, *_) = [(bubble, fitting) for bubble, fitting in labels if fitting][-1]
        telegram = self.scene.sandbox.telegram
        return await telegram.press(self._telegram_id, bubble.message_id, shown, chat=self.group)

    async def says(self, text: str, expected: str) -> Bubble:
        if self.on_telegram:
            return await self.scene.says(text, expected, person=self._telegram_id)
        return await self.scene.says_on_viber(text, expected, person=self._viber_id)

    async def holds(self, table: Table) -> None:
        for said, expected in table:
            await self.says(said, expected)

    async def presses(self, label: str, expected: str) -> Bubble:
        """The newest button that says so."""
        if not self.on_telegram:
            return await self.scene.presses_on_viber(label, expected, person=self._viber_id)
        labels = [(bubble, [text for row in bubble.buttons for text, _ in row]) for bubble in self.heard()]
        newest = [bubble for bubble, texts in labels if label in texts][-1]
        return await self.scene.presses(newest, label, expected, person=self._telegram_id)

    async def drafts(self, number: int = 1) -> Bubble:
        """The article of this language; its card."""
        return await self.says(f"/queue {self.article}", self.draft(number))

    def draft(self, number: int) -> str:
        return titled(number, "draft")[self.language]

    async def ends_the_halt(self) -> None:
        """Asks, and the other owner agrees on the other platform."""
        sandbox = self.scene.sandbox
        await self.asks("/resume", "You asked to continue. Within 15 minutes")
        if self.on_telegram:
            await sandbox.viber.say(VIBER_OWNER, "/resume")
        else:
            await sandbox.telegram.say(OWNER, "/resume")
        await self.sees("{person} ended the halt: sending continues")

    def heard(self) -> list[Bubble]:
        if self.group is not None:
            return self.scene.telegram(self.group)
        return self.scene.telegram(self._telegram_id) if self.on_telegram else self.scene.viber(self._viber_id)

    async def hears(self, expected: str) -> Bubble:
        """Wait for a message that comes without a word from here."""
        await self.scene.until(lambda: any(expected in bubble.text for bubble in self.heard()))
        return next(bubble for bubble in reversed(self.heard()) if expected in bubble.text)

    @property
    def _telegram_id(self) -> int:
        return int(self.person) if self.person else READER if self.reader else OWNER

    @property
    def _viber_id(self) -> str:
        return self.person or (VIBER_READER if self.reader else VIBER_OWNER)


def card_in(bubble: Bubble, number: int = 1) -> str:
    """Return the card of an article without the post under which it stands."""
    return bubble.text[bubble.text.index(f"#{number} · ") :]


@dataclass
class Four:
    """Four owners: on Telegram and on Viber, each in Ukrainian and in English. What one does the others hear of."""

    scene: Scene
    chats: list[Chat]
    labels: Iterator[int] = field(default_factory=count)

    async def each(self, typed: str, text: str, /, **values: object) -> None:
        """Every one of them says it and is answered so."""
        for chat in self.chats:
            await chat.asks(typed, text, **values)

    async def each_drafts(self, lines: str = "") -> None:
        """Article n is of the nth."""
        for number, chat in enumerate(self.chats, 1):
            await chat.says(f"/queue {chat.article}{lines}", chat.draft(number))

    async def all_see(self, *texts: str) -> None:
        for chat in self.chats:
            for text in texts:
                await chat.sees(text)

    async def write(self, work: Callable[[Queries], Awaitable[Any]]) -> Any:
        return await self.scene.app.store.write(work)

    async def seats(self, role: Role, *, approves: bool = True) -> Four:
        """Four more of that role; who does not approve yet is new."""
        now = self.scene.clock()
        wait = None if approves else now + timedelta(hours=24)
        more = self.strangers(role)
        for chat in more.chats:
            await self.seat(chat.address, chat.name, role, wait)
            await chat.says("/whoami", str(chat.address))
        return more

    async def seat(
        self, address: Address, name: str, role: Role, wait: datetime | None = None, invited_by: int | None = None
    ) -> int:
        """Seat a person as an accepted invitation would; return their number."""
        now = self.scene.clock()
        seated = await self.write(
            lambda tx: tx.add_person(address, name, role, now, invited_by=invited_by, wait_until=wait)
        )
        await self.hear_all()
        return int(seated)

    async def hear_all(self) -> None:
        """Let everybody hear whatever they may, so that its words are seen on each phone."""
        await hear_all(self.scene)

    async def makes(self, number: int, role: Role, wait: datetime | None = None) -> None:
        """Change a role past the desk, and so unseen by it."""
        await self.write(lambda tx: tx.set_role(number, role, wait))

    def strangers(self, name: str = "stranger") -> Four:
        """Four who have not written yet."""
        chats = []
        for platform, language in FOUR:
            number = 3000 + len(self.scene.sandbox.telegram.world.people)
            person = str(number) if platform == TELEGRAM else f"{name}-{language}-".ljust(22, "0") + "=="
            title = f"{name.title()} {platform.title()} {language.upper()}"
            chats.append(Chat(self.scene, platform, language, person=person, name=title).arrives())
        return Four(self.scene, chats)

    async def offered(self, chat: Chat, action: str, args: Mapping[str, Any], only: int | None = None) -> str:
        """A button that was shown to somebody once upon a time; its label."""
        now, label = self.scene.clock(), f"button {next(self.labels)}"

        async def show(tx: Queries) -> None:
            button = await tx.add_button(Offer(a_press(action, args), chat.address, only), now)
            screen = Screen((Run(label),), ((Button(label, id=button),),))
            await tx.owe(Reply(chat.address, outgoing_to_json(screen)), now)

        await self.write(show)
        await chat.hears(label)
        return label

    async def from_the_future(self, chat: Chat) -> str:
        """A button that a newer Visnyk made; its label."""
        key, label = self.scene.app.store.read.seal_key, f"button {next(self.labels)}"
        sealed = new_id(key, "recall", "{}", str(chat.address), None)
        row = {"id": sealed, "chat": str(chat.address)}

        async def show(tx: Queries) -> None:
            await tx.run(
                "INSERT INTO button (id, action, args, chat, expires_at) "
                "VALUES (:id, 'recall', '{}', :chat, 9999999999999)",
                row,
            )
            screen = Screen((Run(label),), ((Button(label, id=sealed),),))
            await tx.owe(Reply(chat.address, outgoing_to_json(screen)), self.scene.clock())

        await self.write(show)
        await chat.hears(label)
        return label

    async def restarts(self, newsroom: str = "", **settings: object) -> None:
        """Restart with another newsroom.toml or other settings."""
        await self.scene.stop()
        if newsroom:
            self.scene.settings.newsroom.write_text(newsroom, encoding="utf-8")
        self.scene.settings = self.scene.settings.model_copy(update=settings)
        await self.scene.start()


FOUR = {
    (TELEGRAM, "uk"): ("1001", "Олена"),
    (TELEGRAM, "en"): ("1003", "Ellen"),
    (VIBER, "uk"): (VIBER_OWNER, "Тарас"),
    (VIBER, "en"): ("dGltLXRpbS10aW0tdGltLQ==", "Tim"),
}
FOUR_OWNERS = " ".join(f"{platform}:{person}" for (platform, _), (person, _) in FOUR.items())


@asynccontextmanager
async def four_phones(folder: Path, newsroom: str = NEWSROOM, **changes: str) -> AsyncIterator[Four]:
    (folder / "newsroom.toml").write_text(newsroom, encoding="utf-8")
    async with a_scene(folder, Clock(step=timedelta(milliseconds=1)), OWNERS=FOUR_OWNERS, **changes) as scene:
        chats = [Chat(scene, *where, person=person, name=name).arrives() for where, (person, name) in FOUR.items()]
        four = Four(scene, chats)
        await four.each("/list", "The queue is empty. Add an article: /queue")
        await four.hear_all()
        yield four


@pytest.fixture
async def four(tmp_path: Path, newsroom: str) -> AsyncIterator[Four]:
    async with four_phones(tmp_path, newsroom) as made:
        yield made


@pytest.fixture(params=[TELEGRAM, VIBER])
def platform(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=["uk", "en"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def desk(scene: Scene, platform: str, language: str) -> Chat:
    return Chat(scene, platform, language).arrives()


@pytest.fixture
async def reader(scene: Scene, platform: str, language: str) -> Chat:
    return Chat(scene, platform, language, reader=True).arrives()


@pytest.fixture
async def editor(scene: Scene, platform: str) -> Chat:
    """A chat in Ukrainian, for what differs only by platform."""
    return Chat(scene, platform).arrives()


@pytest.fixture
async def on_telegram(scene: Scene) -> Chat:
    """A chat for what only Telegram has: forwards, albums, captions."""
    return Chat(scene, TELEGRAM).arrives()


def said(chat: Chat, text: str) -> int:
    return sum(text in bubble.text for bubble in chat.heard())


#: How a question begins: the first, one about what is new, one about a time alone, a reminder.
ASKED = (
    "#{id} is waiting for your approval. It",
    "#{id} was changed since you looked at it, and",
    "🕒 #{id} waits for your approval: only its time",
    "⏰ #{id} still waits for your approval, {long} by now.",
)


@dataclass
class TwoOfADesk:
    """`author` wrote article 1 and puts it to the desk; `other`, on the other platform, is asked."""

    scene: Scene
    author: Chat
    other: Chat

    async def submits(self) -> None:
        before = len(self.other.heard())  # what was asked earlier may be redrawn meanwhile
        await self.author.says("/submit 1", written("#{id} is with your colleagues.", id=1)[self.author.language])
        await self.scene.until(lambda: self._times_asked(since=before))

    @property
    def times_asked(self) -> int:
        return self._times_asked()

    def _times_asked(self, since: int = 0) -> int:
        heads = [written(head, id=1)[self.other.language] for head in ASKED]
        return sum(head in bubble.text for bubble in self.other.heard()[since:] for head in heads)


D = TypeVar("D", bound=TwoOfADesk)


@asynccontextmanager
async def opened(kind: type[D], folder: Path, newsroom: str, platform: str, language: str) -> AsyncIterator[D]:
    (folder / "newsroom.toml").write_text(newsroom, encoding="utf-8")
    async with a_scene(folder) as scene:
        other = Chat(scene, platform, language).arrives()
        author = Chat(scene, VIBER if platform == TELEGRAM else TELEGRAM, language).arrives()
        for chat in (other, author):
            await chat.asks("/list", "The queue is empty. Add an article: /queue")
        yield kind(scene, author, other)
