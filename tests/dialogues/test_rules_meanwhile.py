"""Weaker rules that wait for the owners while Visnyk is away: what was said meanwhile is heard before they count."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.conftest import NEWSROOM, newsroom_with
from tests.dialogues.conftest import TELEGRAM, Four, four_phones
from tests.helpers.weaker import ASKED, NO, STRICT, YES
from tests.helpers.weaker import asked as was_asked

NOTED = "Noted. Another owner must approve it too."


@pytest.fixture
async def asked(tmp_path: Path) -> AsyncIterator[Four]:
    """Four owners who were asked whether a shorter time to stop an article is to count."""
    async with four_phones(tmp_path, STRICT) as four:
        await four.restarts(newsroom_with(STRICT, undo="5 s"))
        await four.all_see(ASKED)
        yield four


async def is_away(four: Four, **span: float) -> None:
    await four.scene.stop()
    four.scene.clock.at += timedelta(**span)


async def test_a_yes_that_ripened_meanwhile_counts_after_the_start(asked: Four) -> None:
    await asked.chats[0].pushes(YES, NOTED)
    await is_away(asked, hours=25)
    await asked.scene.start()
    await asked.scene.until(asked.scene.app.rules.are_accepted.is_set)

    await asked.restarts()
    assert asked.scene.app.newsroom.rules.undo.seconds == 5


async def test_a_no_that_was_said_meanwhile_is_heard_before_a_yes_ripens(asked: Four) -> None:
    chat = next(each for each in asked.chats if each.platform == TELEGRAM)
    await asked.chats[-1].pushes(YES, NOTED)
    await is_away(asked, hours=25)
    await chat.taps(chat.written(NO))
    await asked.scene.start()
    await chat.sees("The earlier rules stay.")

    await asked.restarts()
    assert asked.scene.app.newsroom.rules.undo.seconds == 30


async def test_a_week_in_which_nobody_listened_is_no_silence(asked: Four) -> None:
    guest = asked.strangers().chats[0]
    await asked.restarts(owners=((guest.platform, guest.person),))
    await asked.all_see("A new owner: {after}")
    await is_away(asked, days=8)
    await asked.scene.start()
    await guest.asks("/whoami", "You are {id}, a reader.")
    asked.scene.advance(hours=11)
    await guest.asks("/whoami", "You are {id}, a reader.")
    assert not asked.scene.app.rules.are_accepted.is_set()

    asked.scene.advance(hours=1)
    await asked.scene.until(asked.scene.app.rules.are_accepted.is_set)


async def test_a_yes_that_is_read_long_after_it_was_pressed_is_asked_about(asked: Four) -> None:
    for chat in asked.chats:
        if chat.platform == TELEGRAM:
            await is_away(asked, hours=2)
            await chat.taps(chat.written(YES))
            await asked.scene.start()
            await chat.sees("You pressed a button {long} ago, but it arrived only now. Nothing is done yet. Do it now?")


async def test_two_owners_are_asked_for_however_soon_newcomers_approve(tmp_path: Path) -> None:
    async with four_phones(tmp_path, newsroom_with(NEWSROOM, approve_after="1 min", undo="30 s")) as four:
        await four.restarts(newsroom_with(NEWSROOM, approve_after="1 min", undo="5 s"))
        await four.all_see(ASKED)
        four.scene.advance(minutes=2)
        await four.chats[0].pushes(YES, NOTED)

        assert not four.scene.app.rules.are_accepted.is_set()


async def test_a_yes_is_to_the_rules_as_the_files_had_them(asked: Four) -> None:
    """An answer weakens nothing that became stricter while the question was open."""
    await asked.restarts(newsroom_with(STRICT, undo="5 s", approvals=2))
    await was_asked(asked, 2)
    await asked.chats[0].pushes(YES, NOTED)
    await asked.chats[1].pushes(YES, "The new rules count: Visnyk starts again with them in a moment.")

    await asked.restarts(newsroom_with(STRICT, undo="5 s"))
    assert asked.scene.app.newsroom.gate.most()[0] == 2


@pytest.mark.parametrize("detail", ["{", "[]", '{"safeguards": {"approvals": "none"}}', '{"safeguards": 0}'])
async def test_rules_that_a_hand_altered_in_the_log_halt_everything(asked: Four, detail: str) -> None:
    sql = "UPDATE audit SET detail = :detail WHERE act = 'config.loaded'"
    await asked.write(lambda tx: tx.run("DROP TRIGGER audit_is_not_changed"))
    await asked.write(lambda tx: tx.run(sql, {"detail": detail}))
    await asked.restarts(newsroom_with(STRICT, approvals=0))

    await asked.all_see("⛔ Someone tampered with the record of who did what (entry {entry}).")
    assert await asked.scene.app.store.read.is_halted()
