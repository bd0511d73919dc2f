"""Whoever has just come to the desk, and the accounts that want to be somebody's: what each is told, on four phones."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bot.domain.people import Role
from bot.newsroom.team import ANSWERED, digest_of
from tests.conftest import newsroom_with
from tests.dialogues.conftest import Chat, Four, four_phones
from tests.helpers.team import code_from

DAY = timedelta(hours=24)


async def asks_to_link(here: Chat, there: Chat) -> str:
    """Somebody types on one phone the code that was made on the other; its digest."""
    code = await code_from(here, "/link")
    await there.asks(f"/link {code}", "One more step: within 5 minutes, press")
    await here.sees("🔐 Someone on {platform}, “{name}”, typed your code")
    return digest_of(code)


def others_phone(four: Four, at: int) -> Chat:
    """A phone with the other app than the owner's, in the owner's language."""
    return four.strangers(f"phone{at}").chats[(at + 2) % 4]


async def test_a_newcomers_article_and_whoever_invited_them(tmp_path: Path) -> None:
    async with four_phones(tmp_path, newsroom_with(approvals=1)) as four:
        for number, chat in enumerate(four.chats, 1):
            newcomer, other = four.strangers(f"new{number}").chats[number - 1], four.chats[number % 4]
            wait = four.scene.clock() + DAY
            seat = await four.seat(newcomer.address, newcomer.name, Role.EDITOR, wait, invited_by=number)
            await newcomer.drafts(number)
            await newcomer.asks(f"/submit {number}", "#{id} is with your colleagues.")

            await other.sees("🔴 Its author is new: {name}, on the desk since {when}.", name=newcomer.name)
            asked = await four.scene.app.store.read.open_review(number)
            assert asked is not None
            label = await four.offered(chat, "approve", {"article": number, "binding": asked.binding})
            await chat.pushes("", "You recently invited an author of #{id} to the desk, or they invited", on=label)
            label = await four.offered(chat, "waive", {"member": seat})
            await chat.pushes("", "Another owner must allow that: one who didn’t invite {name}", on=label)


async def test_an_account_that_somebody_else_has_by_now_is_not_linked(four: Four) -> None:
    for at, here in enumerate(four.chats):
        there = others_phone(four, at)
        await asks_to_link(here, there)
        await four.seat(there.address, there.name, Role.REPORTER)

        await here.pushes("It’s me", "That account can no longer be linked. /whoami shows yours.")
        assert there.address not in (await four.scene.app.store.read.person_at(here.address)).addresses  # type: ignore[union-attr]


async def test_the_question_who_wants_in_expires_also_where_it_came_late(four: Four) -> None:
    for at, here in enumerate(four.chats):
        digest = await asks_to_link(here, others_phone(four, at))
        four.scene.advance(seconds=ANSWERED.total_seconds())

        label = await four.offered(here, "confirm_link", {"digest": digest})
        await here.pushes("", "That question has expired. Make a new code with /link.", on=label)
