"""Somebody who is back is told what waits for them, what is held and what went out; nothing if there is nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.ledger import DispatchState
from bot.domain.people import Role
from bot.domain.review import Verdict
from bot.newsroom import lineup, review, timing, writing
from bot.storage import Queries
from tests.dialogues.conftest import Four
from tests.helpers.acts import acting
from tests.helpers.crowd import an_article
from tests.promises.moments import comes_true

HEAD = "☀️ While you were away (since {when}):"


pytestmark = pytest.mark.newsroom(approvals=1)
SILENT = "🔕 Only alarms ring now, and that ends {when}. Questions go to your colleagues; then one message"


async def test_whoever_ends_a_silence_finds_what_waits_is_held_sent_back_and_out(four: Four) -> None:
    reporter = (await four.seats(Role.REPORTER)).chats[0]
    for chat in four.chats:
        await chat.asks("/mute 2 h", SILENT)
    app, now = four.scene.app, four.scene.clock()

    async def work(tx: Queries) -> None:
        wrote = await acting(app.newsroom, tx, now, reporter.address)
        await review.submit(wrote, (await writing.draft(wrote, an_article("Asked"))).entry.id)
        owners = [await acting(app.newsroom, tx, now, chat.address) for chat in four.chats]
        for number in range(9):
            held = (await writing.draft(wrote, an_article(f"Held {number}"))).entry.id
            await timing.schedule(owners[0], held, now + timedelta(hours=5))
            await lineup.pause(owners[0], held)
        for one, other in zip(owners, [*owners[1:], owners[0]], strict=True):
            own = await review.submit(one, (await writing.draft(one, an_article("Own"))).entry.id)
            assert own.asked is not None
            await review.decide(other, own.entry.id, own.asked.binding, Verdict.CHANGES, "Who says so?")
        out = (await writing.draft(owners[0], an_article("Out"))).entry.id
        await review.publish_alone(owners[0], out)
        for dispatch in await tx.dispatches(out):
            await tx.settle(dispatch.id, DispatchState.IN_DOUBT, now)

    await four.write(work)
    for chat in four.chats:
        await chat.asks("/mute off", "🔔 The silence is over: you hear again what is yours.")
        found = await chat.sees(HEAD)
        for text in (
            *("Waiting for your answer:", "Sent back to you:", "On hold:", "… and {n} more: /list", "Went out:"),
            "Posts in doubt: {n}. /doubts shows them.",
        ):
            assert chat.reads(found, text)
        labels = str(found.buttons) + str(found.keyboard)
        assert "👁 #1 Asked" in labels and "✏️ #" in labels


async def test_nobody_is_told_that_there_is_nothing(four: Four) -> None:
    for chat in four.chats:
        await chat.asks("/mute 30 min", SILENT)
    four.scene.advance(minutes=31)
    for chat in four.chats:
        before = len(chat.heard())
        await chat.asks("/mute off", "There is no silence to end: you hear what is yours.")
        assert len(chat.heard()) == before + 1


async def test_in_the_morning_everybody_is_told_once_and_at_night_nobody(four: Four) -> None:
    (chat, *_) = four.chats
    reporter = (await four.seats(Role.REPORTER)).chats[0]
    await comes_true(four.scene, "SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM heed WHERE digest_at = 0)")
    four.scene.advance(hours=11)  # midnight in Kyiv
    app, now = four.scene.app, four.scene.clock()

    async def work(tx: Queries) -> None:
        desk = await acting(app.newsroom, tx, now, reporter.address)
        await review.submit(desk, (await writing.draft(desk, an_article("By night"))).entry.id)

    before = [len(each.heard()) for each in four.chats]
    await four.write(work)
    four.scene.advance(hours=2)
    await reporter.says("/list", "By night")
    await comes_true(four.scene, "SELECT 1 FROM review WHERE remind_at > asked_at + 7 * 3600000")
    assert [len(each.heard()) for each in four.chats] == before
    four.scene.advance(hours=5)

    for chat in four.chats:
        found = await chat.sees(HEAD)
        assert chat.reads(found, "Waiting for your answer:") and "By night" in found.text
        assert len(chat.heard()) == before[four.chats.index(chat)] + 1


async def test_what_went_out_alone_is_looked_at_in_the_morning(four: Four) -> None:
    (owner, *others) = four.chats
    four.scene.advance(hours=10)  # 23:00 in Kyiv
    app, now = four.scene.app, four.scene.clock()

    async def work(tx: Queries) -> None:
        desk = await acting(app.newsroom, tx, now, owner.address)
        await review.publish_alone(desk, (await writing.draft(desk, an_article("By night", urgent=True))).entry.id)

    await four.write(work)
    for chat in others:
        await chat.hears("By night")
    before = [len(each.heard()) for each in others]
    for _ in range(6):
        four.scene.advance(hours=1)
        await owner.says("/list", "")
    await comes_true(four.scene, "SELECT 1 FROM review WHERE remind_at > asked_at + 7 * 3600000")
    assert [len(each.heard()) for each in others] == before


async def test_the_owners_learn_of_an_article_that_nobody_can_approve(four: Four) -> None:
    (author, *others) = four.chats
    app, now = four.scene.app, four.scene.clock()

    async def work(tx: Queries) -> None:
        desk = await acting(app.newsroom, tx, now, author.address)
        await review.submit(desk, (await writing.draft(desk, an_article("Lonely"))).entry.id)
        for number, _ in enumerate(others, 2):
            await tx.set_role(number, Role.OWNER, now + timedelta(days=1))

    await four.write(work)
    four.scene.advance(minutes=16)

    for chat in four.chats:
        found = await chat.sees("⏰ #{id} is waiting for an approval that nobody can give now:")
        assert "Lonely" in found.text
