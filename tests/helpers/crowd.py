"""Readers by the hundred, and articles that are on their way at once."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from typing import Any

from bot.domain import Address, Article, Media, MediaKind, Platform
from bot.domain.entry import ReaderState
from bot.domain.ledger import Tally
from bot.newsroom import aftermath, publishing, timing, writing
from bot.newsroom.desk import Desk
from bot.sandbox import Bubble, Sandbox
from bot.sandbox.telegram_content import SMALL_JPEG
from bot.storage import Queries
from tests.conftest import OWNER, Scene
from tests.helpers.acts import acting

HEADLINE = "Міст через Сулу відкрили після ремонту"
DESK = Address(Platform.TELEGRAM, str(OWNER))


def telegram_ids(count: int) -> list[int]:
    return list(range(50_000, 50_000 + count))


def viber_ids(count: int) -> list[str]:
    return [f"reader-{number:05d}==" for number in range(count)]


def settle_in(sandbox: Sandbox, telegram: int = 0, viber: int = 0) -> None:
    """Settle people who have talked to the bot before."""
    for person in telegram_ids(telegram):
        sandbox.telegram.add_person(person, name=f"R{person}", started=True)
    for reader in viber_ids(viber):
        sandbox.viber.add_person(reader, name=reader, subscribed=True)


async def subscribe(tx: Queries, scene: Scene, telegram: int = 0, viber: int = 0) -> None:
    chats = [Address(Platform.TELEGRAM, str(person)) for person in telegram_ids(telegram)]
    chats += [Address(Platform.VIBER, reader) for reader in viber_ids(viber)]
    for chat in chats:
        await tx.set_reader(chat, ReaderState.ACTIVE, "uk", scene.clock())


async def readers(scene: Scene, telegram: int = 0, viber: int = 0) -> None:
    settle_in(scene.sandbox, telegram, viber)
    await scene.app.store.write(lambda tx: subscribe(tx, scene, telegram, viber))


def an_article(headline: str = HEADLINE, *, urgent: bool = False, picture: str = "") -> Article:
    return Article(
        headline=headline,
        lead="Рух відновили в обох напрямках.",
        urgent=urgent,
        media=Media(MediaKind.PHOTO, url=picture) if picture else None,
    )


async def publishes(scene: Scene, *articles: Article) -> list[int]:
    """The newsroom publishes them in one instant; their numbers."""
    app = scene.app

    async def work(tx: Queries) -> list[int]:
        desk = await acting(app.newsroom, tx, scene.clock(), DESK)
        for url in {
            article.media.place for article in articles if article.media is not None and article.media.is_loose
        }:
            await tx.keep_picture(url, SMALL_JPEG, "jpg", scene.clock())
        entries = [(await writing.draft(desk, article)).entry for article in articles]
        for entry in entries:
            await publishing.publish(desk, entry.id)
        return [entry.id for entry in entries]

    return await app.store.write(work)


async def hear_all(scene: Scene) -> None:
    """Everybody of the desk wants to hear whatever it does, also where they have no part in it."""
    await scene.app.store.write(lambda tx: tx.run("UPDATE heed SET wish = 'all'"))


async def stands(scene: Scene, number: int = 1) -> tuple[int, str]:
    """Return the version and the state of an article."""
    found = await scene.app.store.read.entry(number)
    assert found is not None
    return found.version, found.state


async def queues(scene: Scene, article: Article, **later: float) -> int:
    from datetime import timedelta

    app = scene.app

    async def work(tx: Queries) -> int:
        desk = await acting(app.newsroom, tx, scene.clock(), DESK)
        entry = (await writing.draft(desk, article)).entry
        await timing.schedule(desk, entry.id, scene.clock() + timedelta(**later))
        return entry.id

    return await app.store.write(work)


def count(phone: Iterable[Bubble], headline: str = HEADLINE) -> int:
    return sum(headline in bubble.text for bubble in phone)


async def tallies(scene: Scene, article: int = 1) -> dict[str, Tally]:
    reports = await aftermath.report(Desk(scene.app.newsroom, scene.app.store.read, scene.clock()), article)
    return {str(r.dispatch.platform): r.tally for r in reports if r.tally is not None}


async def states(scene: Scene, article: int = 1) -> dict[str, str]:
    """Return the state of each dispatch, by channel key or by "telegram readers", "viber readers"."""
    return {d.channel or f"{d.platform} readers": str(d.state) for d in await scene.app.store.read.dispatches(article)}


def said(bubbles: Sequence[Bubble], text: str) -> list[Bubble]:
    return [bubble for bubble in bubbles if text in bubble.text]


async def sends_album(
    scene: Scene, person: int, photos: int, caption: str = "", *, captions: Sequence[str] = (), reply_to: int = 0
) -> None:
    """Send an album from the desk, and let the two seconds pass in which the rest of it might come."""
    before = await _heard(scene)
    await scene.sandbox.telegram.send_album(person, photos, caption, reply_to, captions)
    while await _heard(scene) < before + photos:
        await scene.until(lambda: True)
    scene.advance(seconds=2)


async def _heard(scene: Scene) -> int:
    return int(await scene.app.store.read.value("SELECT count(*) FROM inbox"))


async def rows(scene: Scene, sql: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in await scene.app.store.read.all(sql)]


PICTURE = "https://example.org/bridge.jpg"


async def meet_the_desk(scene: Scene) -> None:
    """A bot may only write to an owner who wrote first."""
    await scene.says("/list", "")


async def finished(scene: Scene, article: int = 1) -> None:
    """Wait until nothing of the article is under way; each end is told to the desk."""
    ended = asyncio.Event()
    scene.app.store.on("notice", ended.set)
    async with asyncio.timeout(60):
        while set((await states(scene, article)).values()) & {"ready", "sending", "running"}:
            await ended.wait()
            ended.clear()


def requests(scene: Scene, method: str, chat: str = "") -> int:
    return sum(r.method == method and chat in ("", r.chat) for r in scene.sandbox.requests)
