"""What newsroom.toml and OWNERS say is recorded at each start that finds it changed, and the owners are told."""

from __future__ import annotations

import pytest

from bot.domain.rulebook import Change, changes
from tests.conftest import NEWSROOM, OWNER
from tests.dialogues.conftest import Four

LOADED = "SELECT count(*) FROM audit WHERE act = 'config.loaded'"
WEAKER = NEWSROOM.replace('title = "Вісник"', 'title = "Вісник!"').replace(
    'stale_after = "30 min"', 'stale_after = "1 h"'
)


async def test_what_weakens_the_newsroom_is_told_to_each_owner(four: Four) -> None:
    await four.restarts(WEAKER)

    await four.all_see(
        "⚠️ The newsroom's safeguards were changed at the start:",
        "If you don't know why, ask whoever runs Visnyk.",
        "⚙️ New settings in newsroom.toml:",
    )
    assert await four.scene.app.store.read.value(LOADED) == 2


async def test_a_comment_makes_no_noise(four: Four) -> None:
    await four.restarts(NEWSROOM + "# Nothing new.\n")

    assert await four.scene.app.store.read.value(LOADED) == 1


async def test_another_owner_in_owners_is_told(four: Four) -> None:
    owners = (*four.scene.settings.owners, ("telegram", "7007"))
    await four.restarts(owners=owners)

    told = await four.chats[0].sees("⚠️ The newsroom's safeguards were changed at the start:")
    assert "telegram:7007" in told.text and f"telegram:{OWNER}" in told.text


@pytest.mark.parametrize(
    ("change", "weakens"),
    [
        (Change("desk.approvals", "1", "0"), True),
        (Change("desk.approvals", "1", "2"), False),
        (Change("desk.undo", "30", "0"), True),
        (Change("risks.court", "court approvals 2", None), True),
        (Change("channels.main", "chat -1", "chat -2"), True),
        (Change("evidence.required", "status source", "source"), True),
        (Change("OWNERS", "a", "a b"), True),
        (Change("slots.mon", "09:00", "10:00"), False),
    ],
)
def test_what_weakens_is_told_from_what_does_not(change: Change, weakens: bool) -> None:
    assert change.weakens is weakens


def test_only_what_differs_is_a_change() -> None:
    assert changes({"a": "1", "b": "2"}, {"b": "3", "c": "4"}) == [
        Change("a", "1", None),
        Change("b", "2", "3"),
        Change("c", None, "4"),
    ]
