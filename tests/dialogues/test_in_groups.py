"""The desk's Telegram group, where all is said in one language, whoever it answers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.conftest import NEWSROOM, TELEGRAM_TOKEN
from tests.dialogues.conftest import Chat, Four, four_phones

GROUP = -1009999999991


@pytest.fixture
async def four(tmp_path: Path, language: str) -> AsyncIterator[Four]:
    desk = f'desk.approvals = 1\ndesk.groups = ["{GROUP}"]\ndesk.group_language = "{language}"'
    async with four_phones(tmp_path, NEWSROOM.replace("desk.approvals = 0", desk)) as made:
        made.scene.sandbox.telegram.add_group(GROUP, title="Редакція", forum=True)
        made.scene.sandbox.telegram.set_admin(GROUP, TELEGRAM_TOKEN, can_manage_topics=True)
        await made.each_drafts()
        yield made


@pytest.fixture
def group(four: Four, language: str) -> Chat:
    """The second owner there, who wrote #2."""
    return replace(four.chats[1], group=GROUP, language=language)


async def test_what_can_not_be_done_there_is_said(group: Chat) -> None:
    await group.asks("/invite editor", "That is for our private chat: write it to me there.")
    await group.asks("/queue", "That takes more than one message: write it to me in our private chat.")
    await group.asks("/at 1", "Say the time together with the number")


async def test_a_reply_is_a_change_or_a_remark(group: Chat) -> None:
    card = await group.asks("/show 1", "draft")
    asked = await group.replies(card, "Який міст?", "Is this a change to #{id} or just a remark?")
    assert group.reads(asked, "A change would replace the whole text.")
    await group.pushes_in_place("💬 Just a remark", "💬 A remark: #{id} stays as it is.")
    await group.replies(card, "Міст відкрили", "Is this a change to #{id} or just a remark?")
    await group.pushes_in_place("📝 Change #{id}", "📝 #{id} is changed.")
    await group.replies(card, "x" * 3600, "A text this long may arrive in several parts")
    await group.asks("/edit 1", "Reply to this with what to change in #{id}, one line each")


async def test_the_question_for_approval_is_answered_by_a_reply(four: Four, group: Chat) -> None:
    card = await group.asks("/show 1", "draft")
    await four.chats[0].asks("/submit 1", "#{id} is with your colleagues.")
    await group.sees("#{id} is waiting for your approval.", id=1)
    await group.pushes(
        "✏️ Ask for changes", ("Reply to this with what to change in #{id}. I will pass it on to the author.")
    )
    await group.pushes(
        "⛔ Reject", ("Reply to this with the reason for rejecting #{id}. I will pass it on to the author.")
    )
    await group.asks("/show 1", "#{id} is waiting for your approval.", id=1)
    await group.replies(card, "Який міст?", "Is this a change to #{id} or just a remark?")
    await group.pushes_in_place("✏️ Ask for changes", ("#{id} is back with its author, along with your reason."))
