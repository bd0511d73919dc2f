"""What waits is looked at again before it leaves: what is no longer true is dropped, or told as it is now."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain import Address, Platform
from bot.domain.entry import EntryState, Owed, Reply
from bot.domain.grounds import Ground, shown_as_it_stands, unasked
from bot.domain.news import (
    NEWS,
    ChannelStopped,
    Complete,
    Halted,
    News,
    PlatformDown,
    Renewed,
    RulesKept,
    Submitted,
)
from bot.domain.stored import AboutArticle, AboutDispatch
from bot.newsroom.overtaken import IN_STATE, STANDS
from bot.storage import Queries, Store
from tests.helpers.crowd import an_article

NOW = datetime(2026, 11, 24, 11, tzinfo=UTC)
DESK = Address(Platform.VIBER, "ZGVzaw==")


@pytest.mark.parametrize(
    ("news", "ground"),
    [
        (Submitted(5, "b"), Ground(article=5, instead=Submitted(5, "b"))),
        (Complete(5), Ground(article=5, instead=Complete(5))),
        (ChannelStopped(7), Ground(dispatch=7, instead=ChannelStopped(7))),
        (PlatformDown(Platform.VIBER, "502"), Ground(notice=3)),
        (Halted(1, "Olena"), Ground(halt=True)),
    ],
)
def test_news_rests_on_what_it_is_about(news: News, ground: Ground) -> None:
    assert unasked(news, 3).ground == ground


def test_all_news_of_an_article_or_a_dispatch_says_when_it_is_too_late() -> None:
    news = set(NEWS.values())

    assert set(STANDS) == {each for each in news if issubclass(each, AboutArticle)}
    assert set(IN_STATE) == {each for each in news if issubclass(each, AboutDispatch)}


async def owed(store: Store) -> list[Owed]:
    return await store.read.owed(Platform.VIBER, NOW + timedelta(hours=1), 100)


async def an_entry(tx: Queries) -> int:
    return await tx.add_article(an_article(), DESK, NOW)


async def test_a_reply_is_overtaken_by_any_change_of_its_article_and_by_no_other(store: Store) -> None:
    article, other = await store.write(an_entry), await store.write(an_entry)
    await store.write(lambda tx: tx.owe(Reply(DESK, "card", ground=shown_as_it_stands(article)), NOW))
    await store.write(lambda tx: _moves(tx, other))
    before = [each.is_overtaken for each in await owed(store)]
    await store.write(lambda tx: _moves(tx, article))

    assert before == [False]
    assert [each.is_overtaken for each in await owed(store)] == [True]


async def _moves(tx: Queries, number: int) -> None:
    entry = await tx.entry(number)
    assert entry is not None
    await tx.move(entry, EntryState.CANCELLED, NOW)


async def test_what_was_overtaken_is_told_once_as_it_is_now(store: Store) -> None:
    """A question of several messages is asked again as a whole, however many of them wait."""
    article = await store.write(an_entry)
    question = Ground(article=article, instead=Submitted(article, "b"))

    async def owe(tx: Queries) -> None:
        for body in ("the post", "the question"):
            await tx.owe(Reply(DESK, body, must_arrive=True, ground=question), NOW)
        await tx.owe(Reply(DESK, "another's", must_arrive=True), NOW)
        await _moves(tx, article)

    await store.write(owe)
    (first,) = await owed(store)
    await store.write(lambda tx: tx.overtaken(first, NOW))

    assert [each.body for each in await owed(store)] == ["another's"]
    assert [each.news for each in await store.read.due_retellings(NOW)] == [Submitted(article, "b")]


async def test_a_halt_that_ended_and_a_trouble_that_is_over_are_not_told_late(store: Store) -> None:
    down = PlatformDown(Platform.VIBER, "502")

    async def owe(tx: Queries) -> None:
        await tx.tell_desk(down.key, down, NOW)
        (notice,) = await tx.untold()
        await tx.owe(Reply(DESK, "down", ground=unasked(down, notice.id).ground), NOW)
        await tx.trouble_over(down.key, NOW)

    await store.write(owe)
    (late,) = await owed(store)
    await store.write(lambda tx: tx.overtaken(late, NOW))

    assert late.is_overtaken
    assert await owed(store) == []
    assert await store.read.due_retellings(NOW) == []


async def test_a_reply_of_a_version_before_rests_on_nothing(store: Store) -> None:
    await store.write(lambda tx: tx.owe(Reply(DESK, "plain"), NOW))

    assert [each.is_overtaken for each in await owed(store)] == [False]


def test_a_card_is_shown_again_in_its_place() -> None:
    assert shown_as_it_stands(5).instead == Renewed(5)
    assert unasked(RulesKept(1, "Olena", ())).ground is None
