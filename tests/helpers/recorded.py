"""Articles on the public record, as tests put them there without publishing."""

from __future__ import annotations

from dataclasses import replace

from bot.domain import Address, Article, Platform
from bot.newsroom.desk import Desk
from bot.newsroom.public_record import put_on_record
from bot.record.entries import Act
from bot.record.notes import SignerKey
from bot.storage import Queries
from tests.conftest import Scene
from tests.helpers.indoors import House

EDITOR = Address(Platform.TELEGRAM, "1001")
STORY = Article("Автобуси 5 і 12 поїдуть новим мостом", lead="З понеділка, повідомила міська рада Полтави.")

#: What signs the record of a scene, the story as its readers copy it, and that with a digit changed.
KEY = SignerKey("news.example/record", bytes(range(32)))
POST = f"{STORY.headline}\n\n{STORY.lead}"
ALTERED = POST.replace("12", "15")


async def goes_out(scene: Scene) -> None:
    """The story goes out, and is on record."""
    await scene.says(f"/queue {POST}", "#1")
    await scene.says("/now 1", "#1")
    await scene.until(lambda: len(scene.channel()) == 1)


def at_desk(house: House, tx: Queries) -> Desk:
    return Desk(house.newsroom, tx, house.clock())


async def acts(house: House, *acts: Act, note: str = "") -> int:
    """An article that went out, and what became of it; its number."""

    async def work(tx: Queries) -> int:
        number = await tx.add_article(STORY, EDITOR, house.clock())
        for act in (Act.PUBLISHED, *acts):
            entry = await tx.entry(number)
            assert entry is not None
            if act is Act.CORRECTED:
                await tx.add_version(entry, replace(STORY, lead=f"{STORY.lead} Виправлено."), EDITOR, house.clock())
                entry = await tx.entry(number)
                assert entry is not None
            await put_on_record(at_desk(house, tx), entry, act, note)
        return number

    return await house.store.write(work)
