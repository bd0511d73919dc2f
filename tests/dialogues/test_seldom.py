"""Words that a desk hears seldom: a time approved late, a slot that somebody took, a press after it was done."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.conftest import NEWSROOM
from tests.dialogues.conftest import Chat, Four, TwoOfADesk, four_phones, opened
from tests.helpers.crowd import readers
from tests.helpers.team import code_from

TIMED = "#{id} is set for {when}. It goes out only if it is approved for that time."
ASKED = "#{id} is waiting for your approval. It goes out: {when}."
TOMORROW = {"uk": "завтра", "en": "tomorrow"}
#: The main channel takes sport alone.
SPORT = NEWSROOM.replace('key = "main"', 'key = "main"\ntopics = ["sport"]')


def approved_by(newsroom: str, people: int) -> str:
    return newsroom.replace("desk.approvals = 0", f"desk.approvals = {people}")


@pytest.fixture
async def two(tmp_path: Path, platform: str, language: str) -> AsyncIterator[TwoOfADesk]:
    """A desk on which one approval is enough; the question is on the other's phone."""
    async with opened(TwoOfADesk, tmp_path, approved_by(SPORT, 1), platform, language) as desk:
        await desk.author.drafts()
        await desk.submits()
        yield desk


@pytest.fixture
async def strict(tmp_path: Path) -> AsyncIterator[Four]:
    async with four_phones(tmp_path, approved_by(NEWSROOM, 1)) as made:
        yield made


def slot_button(chat: Chat) -> str:
    """The very label of the newest ✅ with a posting time."""
    labels = [label for bubble in chat.heard() for row in (*bubble.buttons, *bubble.keyboard) for label, _ in row]
    return [label for label in labels if label.startswith("✅") and re.search(r"\d\d:\d\d", label)][-1]


async def test_a_time_that_approves_is_asked_for_until_it_is_one_and_in_time(two: TwoOfADesk) -> None:
    await two.other.pushes("✅ Time…", "When should #{id} go out? The time that you write approves it.", id=1)
    await two.other.asks(
        TOMORROW[two.other.language], "“{typed}” may mean more than one time. Type it like one of these: {examples}"
    )
    two.scene.advance(minutes=40)
    await two.other.asks_late(
        "19:00", "That arrived too late to approve #{id}. /approve {id} shows it again.", ago=timedelta(minutes=39)
    )
    assert await two.scene.app.store.read.open_review(1)


async def test_a_posting_time_approves_by_one_press_unless_somebody_took_it(two: TwoOfADesk) -> None:
    label = slot_button(two.other)
    await two.author.drafts(2)
    await two.author.asks("/next 2", TIMED, id=2)
    await two.other.taps(label)
    await two.other.sees("Nothing is done: {when} is no longer free. Another time for #{id}?", id=1)
    assert slot_button(two.other) != label
    await two.author.asks("/cancel 2", "#{id} is cancelled: it does not go out.", id=2)
    await two.other.asks("/approve 1", "#{id} is approved.", id=1)


async def test_the_next_posting_time_is_approved_by_one_press(two: TwoOfADesk) -> None:
    await two.other.pushes("", "#{id} is approved. It goes out {when}.", on=slot_button(two.other))


async def test_the_first_of_two_who_approves_a_time_hears_that_one_is_missing(
    tmp_path: Path, platform: str, language: str
) -> None:
    async with opened(TwoOfADesk, tmp_path, approved_by(NEWSROOM, 2), platform, language) as two:
        await two.author.drafts()
        await two.submits()
        await two.other.pushes(
            "", "#{id}: your approval counts, for {when}. Still missing: {n}.", on=slot_button(two.other)
        )


async def test_a_second_round_tells_where_it_goes_now_and_its_time_before(two: TwoOfADesk) -> None:
    await two.other.says("/whoami", str(two.other.address))
    await two.author.says("/edit 1 topics: sport", two.author.draft(1).split(" · ")[0])
    await two.author.asks("/at 1 18:30", TIMED, id=1)
    await two.submits()

    question = await two.other.sees("📣 It now goes to: {names}")
    assert two.other.reads(question, "🕒 Before: {when}")


async def test_what_changed_places_is_submitted_from_there(two: TwoOfADesk) -> None:
    await two.author.drafts(2)
    await two.author.asks("/at 1 18:30", TIMED, id=1)
    await two.author.asks("/at 2 19:30", TIMED, id=2)
    await two.author.says("/swap 1 2", "#2")
    await two.author.pushes("📨 Submit #{id}", "#{id} is with your colleagues.")


async def test_what_is_approved_or_in_the_queue_is_neither_asked_about_nor_taken_back(strict: Four) -> None:
    await strict.each_drafts()
    for number, chat in enumerate(strict.chats, 1):
        other = strict.chats[number % 4]
        revive = await strict.offered(chat, "revive", {"article": number})
        await chat.pushes("", "#{id} is not cancelled. /show {id} shows how it stands.", on=revive)
        await chat.asks(f"/submit {number}", "#{id} is with your colleagues.")
        await strict.each("/whoami", "You are {id}, an owner of this newsroom.")
        await other.sees(ASKED, id=number)
        await other.asks(f"/approve {number}", "#{id} is approved.", id=number)
        await chat.asks(f"/submit {number}", "#{id} has all its approvals, so nobody is asked.", id=number)


async def test_a_strangers_button_that_is_gone_says_so(four: Four) -> None:
    for chat in four.strangers().chats:
        await chat.types("/start")
        label = await four.offered(chat, "start", {})
        await four.write(lambda tx: tx.run("DELETE FROM button"))
        await chat.pushes("", "This button no longer works. /help shows what you can say.", on=label)


async def test_a_new_owner_is_given_something_to_try(four: Four) -> None:
    for owner, chat in zip(four.chats, four.strangers("owner").chats, strict=True):
        await chat.types(f"/start {await code_from(owner, '/invite owner')}")
        await chat.sees("Try it: /team shows who is on the desk, /list what is waiting. /help shows more.")


async def test_readers_in_doubt_are_counted_on_every_phone(four: Four) -> None:
    await readers(four.scene, telegram=0, viber=2)
    four.scene.sandbox.faults.add("viber", "drop_after", method="broadcast_message", times=None)
    await four.chats[0].drafts()
    await four.chats[0].types("/now 1")
    for chat in four.chats:
        await chat.sees("{n} in doubt")
