"""The end of an article: on its card before, on every phone after, and refused what no longer fits."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.commands.expiring import AFTER, LACKS_A_TIME, STAYS
from bot.commands.notices import PIN_FAILED
from bot.domain.change import After
from bot.newsroom import publishing, writing
from bot.storage import Queries
from tests.conftest import CHANNEL, TELEGRAM_TOKEN
from tests.dialogues.conftest import Four
from tests.helpers.acts import acting
from tests.helpers.crowd import an_article
from tests.promises.moments import comes_true

#: By article: what becomes of it, and after how many hours.
ENDS = ((After.REMOVE, 2), (After.STUB, 2), (After.EDIT, 2), (After.REMOVE, 49))
#: The article whose post is pinned for an hour.
PINNED = 4


async def lays_out(four: Four) -> None:
    """The newsroom has four articles that end, and one that lacks a time for that."""
    scene = four.scene

    async def work(tx: Queries) -> None:
        desk = await acting(scene.app.newsroom, tx, scene.clock(), four.chats[0].address)
        for number, (after, hours) in enumerate(ENDS, 1):
            article = replace(an_article(), headline=f"{number}: {an_article().headline}", after=after)
            article = replace(article, pin=60 if number == PINNED else 0)
            situation = await writing.draft(desk, article)
            await writing.expire(desk, situation, scene.clock() + timedelta(hours=hours))
        await writing.draft(desk, replace(an_article(), after=After.STUB, pin=60))

    await four.write(work)


async def goes_out(four: Four, *numbers: int) -> None:
    scene, before = four.scene, len(four.scene.channel())

    async def work(tx: Queries) -> None:
        desk = await acting(scene.app.newsroom, tx, scene.clock(), four.chats[0].address)
        for number in numbers:
            await publishing.publish(desk, number)

    await four.write(work)
    await scene.until(lambda: len(scene.channel()) == before + len(numbers))


async def test_what_becomes_of_an_article_is_on_its_card_and_then_on_every_phone(four: Four) -> None:
    scene = four.scene
    await lays_out(four)
    for chat in four.chats:
        for number, after in enumerate(After, 1):
            card = await chat.asks(f"/show {[each for each, _ in ENDS].index(after) + 1}", AFTER[after])
            assert chat.reads(card, STAYS), number
        lacking = await chat.asks("/show 5", LACKS_A_TIME)
        assert chat.reads(lacking, "📌 Pinned in channels on {platforms} for {length} h")
    await goes_out(four, 1, 2, 3, PINNED)
    await comes_true(scene, "SELECT 1 FROM dispatch WHERE kind = 'unpin'")
    scene.sandbox.telegram.set_admin(CHANNEL, TELEGRAM_TOKEN, can_edit=False)
    await goes_out(four, 5)
    await four.all_see(PIN_FAILED[False])
    await four.chats[0].asks("/show 1", AFTER[After.REMOVE])
    scene.advance(hours=2.1)

    await four.all_see(PIN_FAILED[True])
    for chat in four.chats:
        for kind in ("Removal after expiry", "Stub after expiry", "Out-of-date mark"):
            assert chat.reads(await chat.sees(kind), STAYS)
        await chat.sees("deleted: {n}")
        assert chat.reads(await chat.asks("/latest", "The latest:"), "⌛ Out of date since {at}")
        await chat.asks("/correct 2", "The time of #{id} is over and its text was taken off.")
    await scene.until(lambda: len(scene.channel()) == len(ENDS))
    scene.advance(hours=48)
    for chat in four.chats:
        await chat.sees("too old to delete, a stub instead: {n}")
