"""Somebody of the desk with a phone: each test is held on Telegram and on Viber, in Ukrainian and in English."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pytest

from bot.sandbox import Bubble
from tests.conftest import ARTICLE, OWNER, READER, VIBER_OWNER, VIBER_READER, Scene

ARTICLE_IN_ENGLISH = """The library on Market Square opens on Sundays

From December readers may come every day of the week.

The council pays for two more librarians. Last year 40,000 people borrowed a book there.

source: City council https://example.org/council
link: https://example.org/news/library"""

ARTICLES = {"uk": ARTICLE, "en": ARTICLE_IN_ENGLISH}
HEADLINES = {language: article.split("\n")[0] for language, article in ARTICLES.items()}
DRAFT = {"uk": "#{} · чернетка", "en": "#{} · draft"}
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
        sandbox, name = self.scene.sandbox, "Ivan" if self.reader else "Olena"
        sandbox.telegram.add_person(self._telegram_id, name=name, language=self.language)
        sandbox.viber.add_person(self._viber_id, name=name, language=self.language)
        return self

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
        return DRAFT[self.language].format(number)

    async def ends_the_halt(self) -> None:
        """Asks, and the other owner agrees on the other platform."""
        sandbox = self.scene.sandbox
        await self.says("/resume", {"uk": "ще хтось", "en": "second person"}[self.language])
        if self.on_telegram:
            await sandbox.viber.say(VIBER_OWNER, "/resume")
        else:
            await sandbox.telegram.say(OWNER, "/resume")
        await self.hears({"uk": "продовжує роботу", "en": "ended the halt"}[self.language])

    def heard(self) -> list[Bubble]:
        return self.scene.telegram(self._telegram_id) if self.on_telegram else self.scene.viber(self._viber_id)

    async def hears(self, expected: str) -> Bubble:
        """What comes without a word from here."""
        await self.scene.until(lambda: any(expected in bubble.text for bubble in self.heard()))
        return next(bubble for bubble in reversed(self.heard()) if expected in bubble.text)

    @property
    def _telegram_id(self) -> int:
        return READER if self.reader else OWNER

    @property
    def _viber_id(self) -> str:
        return VIBER_READER if self.reader else VIBER_OWNER


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
    """For what differs only by platform: in Ukrainian."""
    return Chat(scene, platform).arrives()


@pytest.fixture
async def on_telegram(scene: Scene) -> Chat:
    """For what only Telegram has: forwards, albums, captions."""
    return Chat(scene, TELEGRAM).arrives()
