"""A newsroom whose rules ask for less after a restart, and the question that its owners are asked then."""

from __future__ import annotations

from tests.conftest import NEWSROOM, newsroom_with
from tests.dialogues.conftest import Four

COURT = '[[risks]]\nkey = "court"\ntitle = "суд"\nwords = ["суд", "вирок"]\napprovals = 1\n'
STRICT = (
    newsroom_with(NEWSROOM.replace("evidence.required = []\n", ""), approvals=1, undo="30 s", head_at="09:00") + COURT
)
ASKED = "⚠️ newsroom.toml or OWNERS now asks for less. It doesn't count yet"
YES, NO = "✅ Approve the change", "✋ Keep the earlier rules"


async def asked(four: Four, times: int) -> None:
    """Each of the owners was asked so often by now."""
    for chat in four.chats:
        await four.scene.until(lambda chat=chat: sum(chat.reads(each, ASKED) for each in chat.heard()) >= times)  # type: ignore[misc]
