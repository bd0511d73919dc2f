"""A cancelled article can be taken back: by a button for a moment, by /undo and by /edit."""

from __future__ import annotations

import pytest

from tests.dialogues.conftest import A_LEAD, Chat
from tests.helpers.crowd import stands

CANCELLED = "#{id} is cancelled: it does not go out."
BACK = "#{id} is back: a draft, without a time and without approvals."


async def test_a_cancelled_article_is_taken_back_by_a_press_undo_or_an_edit(desk: Chat) -> None:
    await desk.drafts()
    await desk.asks("/at 1 18:30", "#{id} is queued ✓")
    await desk.asks("/cancel 1", CANCELLED, id=1)
    await desk.pushes("↩️ Return #{id}", BACK, id=1)
    assert await stands(desk.scene) == (1, "draft")

    await desk.asks("/cancel 1", CANCELLED, id=1)
    desk.scene.advance(seconds=31)
    await desk.asks("/now 1", "Article #{id} was cancelled. An editor takes it back")
    await desk.asks("/undo 1", BACK, id=1)
    assert await stands(desk.scene) == (1, "draft")

    await desk.asks("/cancel 1", CANCELLED, id=1)
    await desk.says(f"/edit 1 {A_LEAD[desk.language]}", desk.draft(1))
    assert await stands(desk.scene) == (2, "draft")
    await desk.asks("/log 1", "taken back as a draft")


@pytest.mark.newsroom(approvals=1)
async def test_only_what_is_cancelled_is_taken_back_and_no_approval_comes_with_it(editor: Chat) -> None:
    await editor.drafts()
    await editor.asks("/submit 1", "#{id} is with your colleagues.")
    await editor.asks("/cancel 1", CANCELLED, id=1)
    await editor.pushes("↩️ Return #{id}", BACK, id=1)

    assert await stands(editor.scene) == (1, "draft")
