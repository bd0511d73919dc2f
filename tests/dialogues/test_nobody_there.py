"""Questions where those who are asked fall silent, and answers that two people give at once."""

from __future__ import annotations

import asyncio

import pytest

from tests.dialogues.conftest import Chat, Four

ASKED = "#{id} is waiting for your approval. It goes out: {when}."
REMINDED = "⏰ #{id} still waits for your approval, {long} by now. It goes out: {when}."
MUTED = (
    "🔕 Only alarms ring now, and that ends {when}. Questions go to your colleagues; then one message tells what waits "
    "for you. To end it now: /mute off"
)
pytestmark = pytest.mark.newsroom(approvals=1)


def heard(chat: Chat, text: str) -> bool:
    return any(chat.reads(bubble, text) for bubble in chat.heard())


async def test_when_all_who_are_asked_mute_us_the_rest_and_at_last_all_are_asked(four: Four) -> None:
    author, *others = four.chats
    await four.write(lambda tx: tx.run("UPDATE heed SET wish = 'mine'"))
    await author.drafts()
    await author.asks("/submit 1", "#{id} is with your colleagues.")
    await four.scene.until(lambda: sum(heard(each, ASKED) for each in others) == 2)
    asked = [each for each in others if heard(each, ASKED)]
    for each in asked:
        await each.asks("/mute 8 h", MUTED)

    four.scene.advance(minutes=15)
    await four.scene.until(lambda: all(heard(each, ASKED) or heard(each, REMINDED) for each in others))
    (last,) = [each for each in others if each not in asked]
    await last.asks("/mute 8 h", MUTED)
    await author.drafts(2)
    await author.asks("/submit 2", "#{id} is with your colleagues.", id=2)

    for each in others:
        await each.sees(ASKED, id=2)


async def test_two_who_approve_at_once_on_two_apps_are_both_answered(four: Four) -> None:
    author, *others = four.chats
    await author.drafts()
    await author.asks("/submit 1", "#{id} is with your colleagues.")
    two = [next(each for each in others if each.on_telegram is app) for app in (True, False)]
    for each in two:
        await each.sees(ASKED)

    await asyncio.gather(*(each.types("/approve 1") for each in two))

    answers = "#{id} is approved.", "#{id} is approved by {person}."
    await four.scene.until(lambda: all(any(heard(each, answer) for answer in answers) for each in two))
    log = await four.scene.app.store.read.audit_log(20)
    assert 1 <= [entry.act for entry in log].count("article.approved") <= 2
    await author.sees("#{id} is approved by {person}.")
