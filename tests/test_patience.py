"""Whoever answers nothing gets at most twenty messages an hour on Viber: a table, and any history of a desk."""

from __future__ import annotations

from collections import deque
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import Address, Platform
from bot.domain.entry import Reply
from bot.domain.grounds import unasked
from bot.domain.news import Complete, Halted, News, Submitted, Unsaid
from bot.domain.patience import HOUR, ROOM, Leave, Urge, leave, room_from
from bot.storage import Store

NOW = datetime(2026, 11, 24, 11, tzinfo=UTC)
DESK = Address(Platform.VIBER, "ZGVzaw==")
MOST = 20


@pytest.mark.parametrize(
    ("urge", "unanswered", "expected"),
    [
        (Urge.ANSWER, 99, Leave.NOW),
        (Urge.NEWS, 10, Leave.NOW),
        (Urge.NEWS, 11, Leave.ASIDE),
        (Urge.MUST, 11, Leave.NOW),
        (Urge.MUST, 16, Leave.LATER),
        (Urge.ALARM, 18, Leave.NOW),
        (Urge.ALARM, 19, Leave.LATER),
    ],
)
def test_what_matters_more_keeps_room_for_itself(urge: Urge, unanswered: int, expected: Leave) -> None:
    assert leave(urge, unanswered) is expected


@pytest.mark.parametrize(
    ("news", "urge"), [(Halted(1, "Olena"), Urge.ALARM), (Submitted(5, "b"), Urge.MUST), (Complete(5), Urge.NEWS)]
)
def test_the_urgency_follows_from_the_news(news: News, urge: Urge) -> None:
    assert unasked(news).urge is urge


@given(
    st.lists(
        st.tuples(st.sampled_from([Urge.ALARM, Urge.MUST, Urge.NEWS]), st.integers(1, 2), st.integers(0, 900)),
        max_size=120,
    )
)
def test_nobody_gets_more_than_twenty_an_hour(history: list[tuple[Urge, int, int]]) -> None:
    """Messages of one or two parts (alarms have one), some seconds apart, to somebody who never answers."""
    now, sent, most = NOW, deque[datetime](), 0
    for urge, parts, later in history:
        now += timedelta(seconds=later)
        while sent and sent[0] <= now - HOUR:
            sent.popleft()
        if leave(urge, len(sent)) is Leave.NOW:
            sent += [now] * (1 if urge is Urge.ALARM else parts)
        most = max(most, len(sent))

    assert most <= MOST


@given(st.sampled_from([Urge.ALARM, Urge.MUST]), st.lists(st.integers(0, 3599), min_size=20, max_size=40))
def test_what_waits_leaves_as_soon_as_there_is_room(urge: Urge, ago: list[int]) -> None:
    sent = sorted(NOW - timedelta(seconds=each) for each in ago)
    free = room_from(urge, sent)

    left = [sum(at > instant - HOUR for at in sent) for instant in (free - timedelta(seconds=1), free)]
    assert left[0] >= ROOM[urge] > left[1]


async def test_a_word_answers_all_that_left_before_it_and_nothing_later(store: Store) -> None:
    later = NOW + timedelta(minutes=1)
    await store.write(lambda tx: tx.count_unanswered(DESK, 3, NOW))
    await store.write(lambda tx: tx.count_unanswered(DESK, 1, later))
    await store.write(lambda tx: tx.answered(DESK, NOW, later))

    assert await store.read.unanswered(Platform.VIBER, later) == {DESK.id: [later]}
    assert await store.read.unanswered(Platform.VIBER, later + HOUR) == {}


async def test_news_that_is_put_aside_is_told_once_an_hour_as_a_number(store: Store) -> None:
    async def owe(tx) -> None:  # type: ignore[no-untyped-def]
        for urge in (Urge.NEWS, Urge.NEWS, Urge.MUST):
            await tx.owe(Reply(DESK, str(urge), urge=urge), NOW)

    async def spare(at: datetime) -> None:
        reply = (await store.read.owed(Platform.VIBER, NOW, 9))[0]
        await store.write(lambda tx: tx.spare(reply, at))

    for at in (NOW, NOW + timedelta(minutes=50), NOW + timedelta(minutes=60)):
        await store.write(owe)
        await spare(at)

    assert [each.body for each in await store.read.owed(Platform.VIBER, NOW, 9)] == [str(Urge.MUST)]
    assert [each.news for each in await store.read.due_retellings(NOW + HOUR)] == [Unsaid(), Unsaid()]
    assert await store.read.unsaid(DESK) == 6
