"""The record's figures: `python -m tests.trials.record`; `ALTERATIONS=200` for a quick look."""

from __future__ import annotations

import asyncio
import os
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

from bot.app import public_record
from bot.newsroom.public_record import put_on_record
from bot.record.checking import Broken, Colour, ask, check_all
from bot.record.entries import Act, Entry
from bot.record.notes import SignerKey
from bot.record.signing import Signer, last_signed
from bot.record.site import Site
from bot.storage import Queries
from tests.helpers.indoors import House, a_house
from tests.helpers.recorded import EDITOR, STORY, acts, at_desk

KEY = SignerKey("news.example/record", bytes(range(32)))
ENTRIES, APPENDED = 2_000, 60


async def appended(house: House) -> list[float]:
    """Milliseconds that the record takes of a publication's transaction, document and sentences included.

    The commit is not the record's: a publication has one anyway. Nor is the imprint, which is made for readers who ask.
    """
    times: list[float] = []

    async def work(tx: Queries) -> None:
        number = await tx.add_article(STORY, EDITOR, house.clock())
        entry = await tx.entry(number)
        assert entry is not None
        desk = at_desk(house, tx)
        house.newsroom.imprint(entry.article, number)
        begun = time.perf_counter()
        await put_on_record(desk, entry)
        times.append((time.perf_counter() - begun) * 1000)

    for _ in range(APPENDED):
        await house.store.write(work)
    return times


async def lived(folder: Path) -> Path:
    """A small record of everything that becomes of articles, exported: each alteration costs a check of all of it."""
    async with a_house(folder) as house:
        for act in (Act.CORRECTED, Act.RETRACTED, Act.CHECKING, Act.TYPO):
            await acts(house, act)
        signer = Signer(KEY, last_signed(folder / "visnyk.db"))
        site = Site(house.store.read, signer, lambda keys: "".join(keys), "")
        await public_record.exported(site, folder / "site", signer)
    return folder / "site"


def contents(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


async def altered(folder: Path, times: int) -> int:
    """The alterations that were found, each of one byte of one file that vouches for something."""

    async def get(path: str) -> bytes | None:
        return content.get(path)

    content = contents(folder)
    await check_all(get, [KEY.public])
    draw, found = random.Random(1), 0
    names = [name for name in content if name == "checkpoint" or name.startswith(("a/", "tile/"))]
    for _ in range(times):
        name = draw.choice(names)
        whole, place = content[name], draw.randrange(len(content[name]))
        content[name] = whole[:place] + bytes([whole[place] ^ draw.randrange(1, 256)]) + whole[place + 1 :]
        try:
            await check_all(get, [KEY.public])
        except Broken:
            found += 1
        content[name] = whole
    return found


async def main() -> bool:
    times = int(os.environ.get("ALTERATIONS", "10000"))
    with tempfile.TemporaryDirectory() as name:
        found = await altered(await lived(Path(name)), times)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with a_house(folder) as house:
            one = sorted(await appended(house))
            signer = Signer(KEY, last_signed(folder / "visnyk.db"))
            site = Site(house.store.read, signer, lambda keys: "".join(keys), "")
            await public_record.exported(site, folder / "small", signer)

            async def many(tx):  # type: ignore[no-untyped-def]
                for each in range(ENTRIES):
                    await tx.put_on_record(Entry(Act.PUBLISHED, 0, each + 1, 1, "ab" * 32))

            begun = time.perf_counter()
            await house.store.write(many)
            each = (time.perf_counter() - begun) / ENTRIES * 1000
            begun = time.perf_counter()
            await site.checkpoint()
            signed = (time.perf_counter() - begun) * 1000
            mean = statistics.mean(map(len, await house.store.read.record_bodies(0, ENTRIES)))

            async def get(path: str) -> bytes | None:
                file = folder / "small" / path
                return file.read_bytes() if file.is_file() else None

            changed = f"{STORY.headline}\n\n{STORY.lead}".replace("12", "15")
            red = (await ask(changed, get, [KEY.public])).colour is Colour.RED
    rows = (
        ("one publication more, ms, p50", statistics.median(one), 1.0),
        ("entry in one transaction, ms", each, 1.0),
        ("root and checkpoint, ms", signed, 20.0),
        ("entry, bytes", mean, 260.0),
        (f"alterations not found, of {times}", float(times - found), 0.0),
        ("changed digit not told", float(not red), 0.0),
    )
    for what, value, most in rows:
        print(f"{what:36} {value:8.2f}  at most {most:g}  {'kept' if value <= most else 'MISSED'}")
    return all(value <= most for _, value, most in rows)


if __name__ == "__main__":
    sys.exit(not asyncio.run(main()))
