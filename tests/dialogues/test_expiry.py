"""The end of an article: on its card before, on every phone after, and refused what no longer fits."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.commands.expiring import AFTER, LACKS_A_TIME, STAYS
from bot.domain.change import After
from bot.newsroom import publishing, writing
from bot.storage import Queries
from tests.dialogues.conftest import Four
from tests.helpers.acts import acting
from tests.helpers.crowd import an_article

#: By article: what becomes of it, and after how many hours.
ENDS = ((After.REMOVE, 2), (After.STUB, 2), (After.EDIT, 2), (After.REMOVE, 49))


async def lays_out(four: Four) -> None:
    """The newsroom has four articles that end, and one that lacks a time for that."""
    scene = four.scene

    async def work(tx: Queries) -> None:
        desk = await acting(scene.app.newsroom, tx, scene.clock(), four.chats[0].address)
        for number, (after, hours) in enumerate(ENDS, 1):
            article = replace(an_article(), headline=f"{number}: {an_article().headline}", after=after)
            situation = await writing.draft(desk, article)
            await writing.expire(desk, situation, scene.clock() + timedelta(hours=hours))
        await writing.draft(desk, replace(an_article(), after=After.STUB))

    await four.write(work)


async def goes_out(four: Four) -> None:
    scene = four.scene

    async def work(tx: Queries) -> None:
        desk = await acting(scene.app.newsroom, tx, scene.clock(), four.chats[0].address)
        for number in range(1, len(ENDS) + 1):
            await publishing.publish(desk, number)

    await four.write(work)
    await four.scene.until(lambda: len(scene.channel()) == len(ENDS))


async def test_what_becomes_of_an_article_is_on_its_card_and_then_on_every_phone(four: Four) -> None:
    scene = four.scene
    await lays_out(four)
    for chat in four.chats:
        for number, after in enumerate(After, 1):
            card = await chat.asks(f"/show {[each for each, _ in ENDS].index(after) + 1}", AFTER[after])
            assert chat.reads(card, STAYS), number
        await chat.asks("/show 5", LACKS_A_TIME)
    await goes_out(four)
    await four.chats[0].asks("/show 1", AFTER[After.REMOVE])
    scene.advance(hours=2.1)

    for chat in four.chats:
        for kind in ("Removal after expiry", "Stub after expiry", "Out-of-date mark"):
            assert chat.reads(await chat.sees(kind), STAYS)
        await chat.sees("deleted: {n}")
        assert chat.reads(await chat.asks("/latest", "The latest:"), "⌛ Out of date since {at}")
        await chat.asks("/correct 2", "The time of #{id} is over and its text was taken off.")
    await scene.until(lambda: len(scene.channel()) == len(ENDS) - 1)
    scene.advance(hours=48)
    for chat in four.chats:
        await chat.sees("too old to delete, a stub instead: {n}")
