"""What somebody changed in the database by hand counts for nothing, and each of the desk is told so."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.dialogues.conftest import Four

#: They work on the files of SQLite itself.
pytestmark = pytest.mark.sqlite

TEXT = "UPDATE version SET content = replace(replace(content, '40,000', '90,000'), '120', '190')"


def by_hand(path: Path, sql: str) -> None:
    with closing(sqlite3.connect(path, timeout=5)) as db:
        db.execute(sql)
        db.commit()


async def test_a_row_that_nobody_made_is_told_at_the_start(four: Four) -> None:
    await four.scene.stop()
    path = four.scene.settings.database_path
    await asyncio.to_thread(by_hand, path, "UPDATE member SET may_approve_from = 1 WHERE id = 2")
    await four.scene.start()

    await four.all_see("⛔ Someone changed the database by hand: {rows}.")


async def test_a_text_that_nobody_wrote_does_not_go_out(four: Four) -> None:
    await four.each_drafts()
    path = four.scene.settings.database_path
    await asyncio.to_thread(by_hand, path, TEXT)

    for number, chat in enumerate(four.chats, 1):
        await chat.asks(f"/now {number}", "⛔ #{id} can't go out: someone changed its text")
    assert not four.scene.channel()


async def test_a_time_that_nobody_gave_is_told_and_not_kept(four: Four) -> None:
    await four.each_drafts()
    path = four.scene.settings.database_path
    await asyncio.to_thread(by_hand, path, "UPDATE article SET state = 'queued', due_at = 5 WHERE id = 1")
    four.scene.advance(minutes=1)

    await four.all_see("⛔ #{id} did not go out: someone changed it in the database by hand.")
    await four.each("/log 1", "Who did what with #{id}:")
    assert not four.scene.channel()
