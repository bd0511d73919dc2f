"""Letting an article out: it is submitted, the desk sees exactly what readers will, somebody else approves."""

from __future__ import annotations

from bot import review
from bot.commands import cards
from bot.commands.queue import article_id
from bot.commands.talk import Key, Talk


async def submit(talk: Talk, argument: str) -> None:
    number, _ = article_id(argument, "/submit 12")
    await review.submit(talk.newsroom, talk.tx, number, talk.person, talk.now)
    await talk.say(
        "#{id} is with the desk. Approvals needed: {n}. Any change of it, its channels or its time voids them.",
        id=number,
        n=talk.newsroom.need(await talk.newsroom.entry(talk.tx, number)).approvals,
    )


async def ask_approval(talk: Talk, number: int, binding: str) -> None:
    """The posts as readers get them, and the button that approves exactly these."""
    entry = await talk.newsroom.entry(talk.tx, number)
    if binding != talk.newsroom.approval.binding(entry, talk.now) or not await talk.newsroom.approval.may_approve(
        talk.tx, number, talk.member, talk.now
    ):
        return
    await cards.show_previews(talk, entry)
    when = talk.when(entry.due_at) if entry.due_at is not None else talk.words("when an editor publishes it")
    await talk.say(
        "#{id} waits for your approval. It goes out: {when}.",
        id=number,
        when=when,
        keys=[[Key(talk.words("✅ Approve"), "approve", {"article": number, "binding": binding})]],
    )


async def approve(talk: Talk, number: int, binding: str) -> None:
    assert talk.member is not None
    missing = await review.approve(talk.newsroom, talk.tx, number, binding, talk.member, talk.now)
    if missing:
        await talk.say("#{id}: your approval counts. Still missing: {n}.", id=number, n=missing)
    else:
        await talk.say("#{id} is approved.", id=number)
