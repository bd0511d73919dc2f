"""A text that a law orders to be removed: where it is gone from, and what alone still holds it."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from bot.app import public_record
from bot.domain import Address, Article, Platform
from bot.newsroom import imprint
from bot.newsroom.public_record import put_on_record, withdraw
from bot.readers.genuine import Asked, find
from bot.record.notes import SignerKey
from bot.record.signing import Signer, last_signed
from bot.record.site import Site
from bot.storage import Queries
from tests.helpers.indoors import House, a_house
from tests.helpers.recorded import at_desk

KEY = SignerKey("news.example/record", bytes(range(32)))
EDITOR = Address(Platform.TELEGRAM, "1001")
#: A word that stands nowhere else.
CANARY = "канаркопад"
STORY = Article(f"Про {CANARY} у Полтаві", lead=f"У понеділок {CANARY} тривав годину, каже міська рада.")
#: The desk's own history, which the log vouches for by its hashes (docs/record.md says what to do about it).
STAYS = {"version"}


def holding(database: Path) -> set[str]:
    """The tables with the text in any column."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as file:
        tables = [row[0] for row in file.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        return {each for each in tables if CANARY in repr(file.execute(f"SELECT * FROM {each}").fetchall()).casefold()}


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with a_house(tmp_path) as made:
        yield made


async def publishes(house: House) -> None:
    async def work(tx: Queries) -> None:
        for article in (STORY, replace(STORY, headline="Інше", lead="Про зовсім інше, без того слова.")):
            number = await tx.add_article(article, EDITOR, house.clock())
            entry = await tx.entry(number)
            assert entry is not None
            await imprint.make(tx, house.newsroom, number, 1, article, house.clock())
            await put_on_record(at_desk(house, tx), entry)

    await house.store.write(work)


@pytest.mark.sqlite
async def test_what_a_law_removes_stands_nowhere_but_in_the_desks_history(house: House, tmp_path: Path) -> None:
    signer = Signer(KEY, last_signed(tmp_path / "visnyk.db"))
    site = Site(house.store.read, signer, lambda _keys: "", "")
    await publishes(house)
    await public_record.exported(site, tmp_path / "site", signer)
    before = holding(tmp_path / "visnyk.db")
    await house.store.write(lambda tx: withdraw(tx, 1, house.clock()))
    await public_record.exported(site, tmp_path / "site", signer)

    assert before >= STAYS | {"record_document", "rendition"}
    assert holding(tmp_path / "visnyk.db") == STAYS
    assert not [file for file in (tmp_path / "site").rglob("*") if file.is_file() and _has_it(file)]
    found = await find(house.store.read, house.newsroom, Asked(f"{STORY.headline}\n\n{STORY.lead}"))
    assert found.article == 0


def _has_it(file: Path) -> bool:
    return CANARY.encode() in file.read_bytes()
