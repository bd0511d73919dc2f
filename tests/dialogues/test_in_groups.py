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
    asked = await group.replies(card, "Який міст?", "A change of #{id}, or only a remark?")
    assert group.reads(asked, "A change replaces the whole text.")
    await group.pushes_in_place("💬 Only a remark", "💬 A remark: #{id} stays as it is.")
    await group.replies(card, "Міст відкрили", "A change of #{id}, or only a remark?")
    await group.pushes_in_place("📝 Change #{id}", "📝 #{id} is changed.")
    await group.replies(card, "x" * 3600, "A text that long may come in several parts")
    await group.asks("/edit 1", "Reply to this with what changes in #{id}")


async def test_the_question_for_approval_is_answered_by_a_reply(four: Four, group: Chat) -> None:
    await group.asks("/show 1", "draft")
    await four.chats[0].asks("/submit 1", "#{id} is with the desk.")
    await group.sees("#{id} waits for your approval.", id=1)
    await group.pushes("✏️ Ask for changes", "Reply to this with what should change in #{id}; its author gets that.")
    await group.pushes("⛔ Reject", "Reply to this with why #{id} does not go out; its author gets that.")
    card = await group.asks("/show 1", "waits for approval")
    await group.replies(card, "Який міст?", "A change of #{id}, or only a remark?")
    await group.pushes_in_place("✏️ Ask for changes", "#{id} goes back to its author.")
