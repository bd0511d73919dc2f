"""Never faster than a platform allows, and hardly slower: any schedule, on a clock that leaps."""

from __future__ import annotations

import asyncio
import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.delivery.crew import Crew
from bot.delivery.health import BUDGET, LEAST, Breaker, Retries, Throttle, backoff, pause
from bot.delivery.limiter import SHARE, Lane, Limiter
from bot.delivery.pace import MANY, MINUTE, RECOVERY, SLOWER, Chats, Slowdown
from bot.delivery.patience import DISPATCHES, Patience, Proven
from bot.delivery.patience import MANY as MEMORY
from bot.delivery.windows import windows
from bot.domain import PAID_PER_SECOND, Pace
from bot.errors import Wait
from tests.helpers.simulated import simulate

START = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
PACE = Pace(per_second=10, parallel=16, chat_per_second=1, group_per_minute=20)
CHATS = ("1", "2", "3", "4", "-100", "@channel")


def clock() -> float:
    return asyncio.get_running_loop().time()


def a_limiter(pace: Pace = PACE) -> Limiter:
    return Limiter(pace, group_marks=("-", "@"), now=lambda: START + timedelta(seconds=clock()))


def most_within(times: Iterable[float], span: float) -> int:
    """The most of `times` in any half-open window of `span` seconds."""
    ordered = sorted(times)
    first = most = 0
    for last, at in enumerate(ordered):
        while ordered[first] <= at - span + 1e-9:
            first += 1
        most = max(most, last - first + 1)
    return most


#: After how long, in which lane, to whom, and how long the platform asks to wait then (None: it takes it).
asked = st.tuples(
    st.sampled_from([0.0, 0.0, 0.0, 0.01, 0.3, 2.0]),
    st.sampled_from(Lane),
    st.sampled_from(CHATS),
    st.sampled_from([None, None, None, None, 0.0, 1.0, 7.0]),
)

#: Two were given one turn here, as the sums were rounded.
ROUNDED: list[tuple[float, Lane, str, float | None]] = [
    (2.0, Lane.REPLY, "-100", None),
    (2.0, Lane.ORDINARY, "1", None),
    (2.0, Lane.REPLY, "4", 0.0),
    (0.0, Lane.CHANNEL, "4", None),
    (0.3, Lane.CHANNEL, "4", 7.0),
    (0.3, Lane.REPLY, "2", None),
    (2.0, Lane.URGENT, "4", None),
    (0.01, Lane.ORDINARY, "4", None),
    (0.3, Lane.CHANNEL, "3", None),
    (0.01, Lane.CHANNEL, "@channel", 7.0),
    (0.01, Lane.PROGRESS, "@channel", 7.0),
    (0.0, Lane.ORDINARY, "-100", 7.0),
    (2.0, Lane.REPLY, "@channel", None),
    (2.0, Lane.REPLY, "-100", None),
    (0.3, Lane.ORDINARY, "4", None),
    (0.3, Lane.CHANNEL, "4", 7.0),
    (0.3, Lane.REPLY, "4", None),
    (0.3, Lane.CHANNEL, "4", 0.0),
    (2.0, Lane.URGENT, "2", None),
]


@settings(max_examples=150, deadline=None)
@given(st.lists(asked, max_size=120), st.sampled_from([0.5, 3.0, 10.0, 25.0]))
@example(ROUNDED, 3.0)
def test_no_window_of_bot_chat_or_group_ever_holds_more_than_its_ceiling(
    schedule: Sequence[tuple[float, Lane, str, float | None]], per_second: float
) -> None:
    left: dict[str, list[float]] = defaultdict(list)
    waits: list[tuple[str, float, float]] = []

    async def ask(limiter: Limiter, lane: Lane, chat: str, wait: float | None) -> None:
        while True:
            try:
                await limiter.turn_to(lane, chat)
            except Wait as held:
                await asyncio.sleep(held.seconds)
            else:
                break
        left[chat].append(clock())
        if wait is not None:
            waits.append((chat, clock(), clock() + wait))
            limiter.sent_away(chat, Wait(wait))

    async def scene() -> None:
        limiter = a_limiter(Pace(per_second, 16, 1, 20))
        async with asyncio.TaskGroup() as group:
            for pause_before, lane, chat, wait in schedule:
                await asyncio.sleep(pause_before)
                group.create_task(ask(limiter, lane, chat, wait))

    simulate(scene())
    assert sum(map(len, left.values())) == len(schedule)
    everything = [at for times in left.values() for at in times]
    assert most_within(everything, max(1.0, 1.0 / per_second)) <= max(1, int(per_second))
    for chat, times in left.items():
        assert most_within(times, 1.0) <= 1
        assert chat.isdigit() or most_within(times, 60.0) <= 20
    for chat, begun, end in waits:
        assert not [at for at in left[chat] if begun < at < end - 1e-6]


@settings(max_examples=25, deadline=None)
@given(st.sampled_from([0.7, 1.0, 5.0, 25.0, 30.0, 100.0, 1000.0]), st.integers(1, 64))
def test_who_always_has_something_to_send_uses_97_of_a_hundred_turns(per_second: float, hands: int) -> None:
    span = max(20.0, 40.0 / per_second)
    times: list[float] = []

    async def work(limiter: Limiter) -> None:
        while clock() < span:
            await limiter.turn(Lane.ORDINARY)
            times.append(clock())

    async def scene() -> None:
        limiter = a_limiter(Pace(per_second))
        await asyncio.gather(*(work(limiter) for _ in range(hands)))

    simulate(scene())
    assert most_within(times, max(1.0, 1.0 / per_second)) <= max(1, int(per_second))
    within = [at for at in times if at < span]
    assert (len(within) - 1) / (within[-1] - within[0]) >= 0.97 * per_second


def test_several_chats_sent_away_within_a_second_hold_the_bot_for_the_longest_wait() -> None:
    async def scene() -> tuple[float, float]:
        limiter = a_limiter()
        limiter.sent_away("1", Wait(5))
        limiter.sent_away("2", Wait(40))
        limiter.sent_away("2", Wait(30))
        assert limiter.held == 0
        limiter.sent_away("3", Wait(7))
        held = limiter.held
        await limiter.turn(Lane.CHANNEL)
        return held, clock()

    assert simulate(scene()) == (30, 30)


def test_chats_that_are_sent_away_now_and_then_wait_alone() -> None:
    async def scene() -> list[float]:
        limiter = a_limiter()
        for chat in ("1", "2", "3", "4"):
            limiter.sent_away(chat, Wait(30))
            await asyncio.sleep(0.6)
        return [limiter.held, limiter.wait_of("5"), limiter.wait_of("1")]

    assert simulate(scene()) == pytest.approx([0, 0, 30 - 2.4])


def test_chats_sent_away_while_others_are_taken_mean_themselves_but_slow_the_pace() -> None:
    async def scene() -> list[float]:
        limiter = a_limiter()
        for chat in ("1", "2", "3", "4"):
            before = limiter.refusals.count
            limiter.sent_away(chat, Wait(30))
            limiter.refusals.taken(before)  # what had left before says nothing
            limiter.refusals.taken(limiter.refusals.count)
        return [limiter.held, limiter.wait_of("1"), limiter.per_second(paid=False)]

    assert simulate(scene()) == [0, 30, 10 * SLOWER]


def test_refusals_after_the_last_message_that_was_taken_mean_the_whole_bot() -> None:
    async def scene() -> float:
        limiter = a_limiter()
        before = limiter.refusals.count
        for chat in ("1", "2", "3"):
            limiter.sent_away(chat, Wait(30))
            limiter.refusals.taken(before)
        return limiter.held

    assert simulate(scene()) == 30


def test_where_every_second_chat_is_sent_away_only_many_in_a_row_are_the_bot() -> None:
    async def scene() -> list[float]:
        limiter = a_limiter()
        for chat in range(6):
            limiter.sent_away(str(chat), Wait(5))
            limiter.refusals.taken(limiter.refusals.count)
        held = []
        for chat in range(MANY):
            held.append(limiter.held)
            limiter.sent_away(f"again {chat}", Wait(20))
            await asyncio.sleep(0.2)
        return [*held, limiter.held]

    assert simulate(scene()) == [*([0] * MANY), pytest.approx(19.8)]


def test_waits_that_are_surely_personal_never_hold_the_bot() -> None:
    async def scene() -> list[float]:
        limiter = a_limiter()
        for chat in ("1", "2", "3", "4"):
            limiter.sent_away(chat, Wait(3600, personal=True))
        return [limiter.held, limiter.wait_of("1")]

    assert simulate(scene()) == [0, 3600]


def test_a_refusal_with_a_wait_of_zero_seconds_holds_nobody() -> None:
    async def scene() -> list[float]:
        limiter = a_limiter()
        for chat in ("1", "2", "3"):
            limiter.sent_away(chat, Wait(0))
        return [limiter.held, limiter.wait_of("1")]

    assert simulate(scene()) == [0, 0]


def test_who_waits_long_is_told_so_instead_of_waiting() -> None:
    async def scene() -> float:
        limiter = a_limiter()
        limiter.sent_away("1", Wait(30))
        await limiter.turn_to(Lane.REPLY, "2")
        with pytest.raises(Wait) as told:
            await limiter.turn_to(Lane.REPLY, "1")
        return told.value.seconds

    assert simulate(scene()) == pytest.approx(30, abs=0.2)


def test_a_storm_leaves_seven_tenths_of_the_rate_and_all_of_it_two_minutes_later() -> None:
    slowdown = Slowdown()
    slowdown.slow(100, 130)
    slowdown.slow(109, 131)

    assert slowdown.share(120) == pytest.approx(SLOWER)
    assert SLOWER < slowdown.share(131 + RECOVERY / 2) < 1
    assert slowdown.share(131 + 120) == 1

    slowdown.slow(300, 300)
    slowdown.slow(310, 310)
    assert slowdown.share(310) == pytest.approx(SLOWER * SLOWER, rel=0.06)


def test_after_a_storm_the_turns_come_more_slowly() -> None:
    async def scene() -> tuple[int, int]:
        limiter = a_limiter(Pace(100))
        limiter.hold(10)
        times = []
        while clock() < 145:
            await limiter.turn(Lane.ORDINARY)
            times.append(clock())
        return sum(10 <= at < 12 for at in times), sum(140 <= at < 142 for at in times)

    slow, recovered = simulate(scene())
    assert 130 <= slow <= 150
    assert recovered >= 194


async def ask_for(limiter: Limiter, lane: Lane, order: list[Lane]) -> None:
    await limiter.turn(lane)
    order.append(lane)


def test_the_more_important_lane_goes_first_but_starves_nobody() -> None:
    async def scene() -> list[Lane]:
        limiter = a_limiter()
        order: list[Lane] = []
        lanes = [Lane.ORDINARY, *[Lane.URGENT] * 30, *[Lane.REPLY] * 3, Lane.CHANNEL]
        await asyncio.gather(*(ask_for(limiter, lane, order) for lane in lanes))
        return order

    order = simulate(scene())
    assert order[:2] == [Lane.ORDINARY, Lane.CHANNEL]
    replies = [place for place, lane in enumerate(order) if lane is Lane.REPLY]
    assert len(replies) == 3
    assert all(after - before <= SHARE + 1 for before, after in pairwise([1, *replies]))


def test_what_is_free_goes_first_and_what_is_paid_for_says_so() -> None:
    async def scene() -> list[tuple[float, bool]]:
        limiter = a_limiter(Pace(per_second=25, paid=True))
        turns: list[tuple[float, bool]] = []

        async def work() -> None:
            while clock() < 4:
                paid = await limiter.turn(Lane.ORDINARY, lambda: True)
                turns.append((clock(), paid))

        async def reply() -> None:
            while clock() < 4:
                assert not await limiter.turn(Lane.REPLY)
                turns.append((clock(), False))
                await asyncio.sleep(0.3)

        await asyncio.gather(reply(), *(work() for _ in range(32)))
        return turns

    turns = simulate(scene())
    free = [at for at, paid in turns if not paid]
    assert most_within(free, 1.0) <= 25
    assert len(free) >= 0.97 * 25 * 4
    assert most_within([at for at, _ in turns], 1.0) <= PAID_PER_SECOND
    assert len(turns) >= 0.97 * PAID_PER_SECOND * 4


def test_who_asks_is_not_given_what_costs_unless_it_may_pay() -> None:
    async def scene() -> list[bool]:
        limiter = a_limiter(Pace(per_second=25, paid=True))
        return [await limiter.turn(Lane.REPLY) for _ in range(60)]

    assert not any(simulate(scene()))


class Page:
    """Notes who was written to, and when."""

    def __init__(self, lane: Lane, log: list[tuple[str, float]], chats: Sequence[str]) -> None:
        self.lane = lane
        self.pays = False
        self.off: list[int] = []
        self._log = log
        self._chats = chats

    def chat(self, position: int) -> str:
        return self._chats[position]

    async def carry(self, position: int, hand: asyncio.Task[None], *, paid: bool) -> None:
        assert not paid
        self._log.append((self._chats[position], clock()))
        await asyncio.sleep(0.2)

    def put_off(self, position: int, seconds: float) -> None:
        assert seconds > 0
        self.off.append(position)


async def told(log: Sequence[object], count: int) -> None:
    while len(log) < count:  # noqa: ASYNC110 - the clock leaps
        await asyncio.sleep(0.05)


def test_the_crew_takes_what_is_urgent_before_what_has_waited_longer() -> None:
    log: list[tuple[str, float]] = []

    async def scene() -> None:
        crew = Crew(4, a_limiter())
        ordinary = Page(Lane.ORDINARY, log, [f"o{n}" for n in range(40)])
        urgent = Page(Lane.URGENT, log, [f"u{n}" for n in range(5)])
        crew.add(ordinary, range(40))
        await told(log, 10)
        crew.add(urgent, range(5))
        await told(log, 45)

    simulate(scene())
    names = [name for name, _ in log]
    first = names.index("u0")
    assert names[first : first + 5] == [f"u{n}" for n in range(5)]
    assert first <= 11


def test_a_withdrawn_message_is_not_carried_and_wastes_no_turn_afterwards() -> None:
    log: list[tuple[str, float]] = []

    async def scene() -> list[int]:
        crew = Crew(4, a_limiter())
        first = Page(Lane.ORDINARY, log, ["a", "a", *(f"o{n}" for n in range(20))])
        crew.add(first, range(22))
        await told(log, 3)
        left = crew.withdraw(first)
        second = Page(Lane.ORDINARY, log, [f"s{n}" for n in range(30)])
        crew.add(second, range(30))
        await told(log, 33)
        await asyncio.sleep(5)
        return left

    left = simulate(scene())
    carried = [name for name, _ in log]
    assert carried.count("a") == 1
    assert len(left) + 3 == 22
    assert len(carried) == 33
    assert log[-1][1] - log[3][1] <= 29 / (0.97 * 10) + 0.11


def test_two_messages_to_one_chat_are_a_second_apart_and_nobody_waits_for_them() -> None:
    log: list[tuple[str, float]] = []

    async def scene() -> list[int]:
        limiter = a_limiter()
        crew = Crew(2, limiter)
        limiter.sent_away("away", Wait(30))
        page = Page(Lane.ORDINARY, log, ["a", "a", "a", "away", *(f"o{n}" for n in range(8))])
        crew.add(page, range(12))
        await told(log, 11)
        return page.off

    assert simulate(scene()) == [3]
    times = [at for name, at in log if name == "a"]
    assert all(1.0 <= after - before <= 1.3 for before, after in pairwise(times))
    assert max(at for name, at in log if name != "a") < times[1]


def test_retries_are_a_tenth_of_a_minutes_sends_at_most() -> None:
    retries = Retries()
    assert sum(retries.may_retry(0) for _ in range(100)) == LEAST
    retries.sent(30, 1000)
    assert sum(retries.may_retry(30) for _ in range(500)) == BUDGET * 1000 - LEAST
    assert sum(retries.may_retry(91) for _ in range(500)) == LEAST


@pytest.mark.parametrize(("attempt", "bound"), [(1, 2), (2, 4), (5, 32), (6, 60), (500, 60)])
def test_a_retry_waits_somewhere_between_a_second_and_its_bound(attempt: int, bound: float) -> None:
    waits = [backoff(attempt).total_seconds() for _ in range(200)]
    assert 1 <= min(waits) < max(waits) <= bound
    assert max(waits) - min(waits) > 0.5 * (bound - 1)


def test_a_platform_that_is_down_is_tried_by_one_request_after_1_to_60_seconds() -> None:
    async def scene() -> list[bool]:
        breaker = Breaker()
        opened = [breaker.failure() for _ in range(5)]
        assert breaker.is_open
        await asyncio.sleep(2)
        assert not breaker.is_open
        assert breaker.is_probing
        opened.append(breaker.failure())
        await asyncio.sleep(3)
        opened.append(breaker.success())
        assert not breaker.is_probing
        return opened

    assert simulate(scene()) == [False] * 4 + [True, False, True]
    assert 60 <= pause(40) <= 66
    assert MINUTE > 60


@pytest.mark.parametrize(
    ("per_second", "size", "pages"),
    [(1, 96, 1), (30, 96, 1), (384, 96, 1), (400, 50, 2), (1000, 125, 2), (1e6, 128, 2)],
)
def test_a_quarter_of_a_second_is_reserved_together_and_never_less_than_a_commit(
    per_second: float, size: int, pages: int
) -> None:
    assert windows(per_second) == (size, pages)


def test_what_is_sent_away_without_a_time_waits_longer_each_time_up_to_a_minute() -> None:
    async def scene() -> list[float]:
        throttle = Throttle()
        waits = []
        for _ in range(9):
            waits.append(throttle.sent_away())
            throttle.answered(0)  # it had left before
            assert throttle.sent_away() == waits[-1]
            await asyncio.sleep(waits[-1])
        throttle.answered(0)
        return [*waits, throttle.sent_away()]

    waits = simulate(scene())
    for wait, least in zip(waits, (1, 2, 4, 8, 16, 32, 60, 60, 60, 1), strict=True):
        assert least <= wait <= least * 1.1


def test_only_an_answer_to_what_left_after_a_silence_ends_the_doubt() -> None:
    async def scene() -> list[bool]:
        throttle = Throttle()
        throttle.unanswered += 1
        doubts = [throttle.has_doubts]
        for before in (0, 1):
            throttle.answered(before)
            doubts.append(throttle.has_doubts)
        return doubts

    assert simulate(scene()) == [True, True, False]


@pytest.mark.parametrize(
    ("readers", "per_second", "paid", "stars"),
    [(100_000, 25, True, 9750), (100_000, 25, False, 0), (20, 25, True, 0), (26, 25, True, 3), (0, 25, True, 0)],
)
def test_an_article_costs_a_tenth_of_a_star_for_each_reader_above_the_free_rate(
    readers: int, per_second: float, paid: bool, stars: int
) -> None:
    assert Pace(per_second, paid=paid).stars(readers) == stars


@pytest.mark.parametrize("per_second", [2, 30])
def test_half_an_hour_of_refusals_breaks_no_ban_and_uses_the_rate_all_the_while(
    per_second: int,
) -> None:
    """Single chats are sent away for 1 to 60 seconds; the platform's own log is the judge. Of three in a second on the
    rate is slowed down: what is left of it is used."""
    storm, after = 1800.0, 120.0
    dice = random.Random(7)
    until: dict[str, float] = {}
    asked: list[float] = []
    taken: list[float] = []
    broken: list[str] = []
    allowed = 0.0

    async def send(limiter: Limiter, chat: str) -> None:
        while True:
            try:
                await limiter.turn_to(Lane.ORDINARY, chat)
            except Wait as wait:
                await asyncio.sleep(wait.seconds)
                continue
            before = limiter.refusals.count
            asked.append(clock())
            if clock() < until.get(chat, 0.0) - 1e-6:
                broken.append(chat)
            if clock() < storm and dice.random() < 0.5:
                seconds = float(dice.choice([1, 7, 30, 60]))
                until[chat] = clock() + seconds
                limiter.sent_away(chat, Wait(seconds))
                continue
            limiter.refusals.taken(before)
            taken.append(clock())
            return

    async def scene() -> int:
        nonlocal allowed
        limiter = a_limiter(Pace(per_second=per_second, chat_per_second=1))
        chats = iter(range(1_000_000))
        sent = 0

        async def work() -> None:
            nonlocal sent
            while clock() < storm + after + 60:
                await send(limiter, str(next(chats)))
                sent += 1

        workers = [asyncio.create_task(work()) for _ in range(100 * per_second)]
        while clock() < storm:
            allowed += 0.5 * limiter.per_second(paid=False)
            await asyncio.sleep(0.5)
        await asyncio.gather(*workers)
        return sent

    sent = simulate(scene())
    assert len(taken) == sent
    assert not broken
    assert len([at for at in asked if at < storm]) >= 0.9 * allowed
    full = [at for at in taken if storm + after <= at < storm + after + 50]
    assert len(full) >= 0.97 * per_second * 50


def test_a_reader_of_a_dispatch_that_was_stopped_is_forgotten_an_hour_after_the_wait() -> None:
    patience = Patience()
    for hour in range(3):
        for reader in range(MEMORY):
            patience.postpone(hour, reader, START + timedelta(hours=hour, seconds=reader / MEMORY))

    assert len(patience) <= 2 * MEMORY + 1
    assert patience.until(2, 1) is not None


def test_of_many_dispatches_the_latest_are_known_to_be_accepted() -> None:
    proven = Proven()
    for dispatch in range(3 * DISPATCHES):
        proven.taken(dispatch)

    assert sum(dispatch in proven for dispatch in range(3 * DISPATCHES)) == DISPATCHES
    assert 3 * DISPATCHES - 1 in proven


def test_a_group_is_forgotten_when_it_bears_everything_again() -> None:
    chats = Chats(PACE, ("-",))
    for number in range(1000):
        chats.give(f"-{number}", float(number))
    for _ in range(20):
        chats.give("-999", 1000.0)

    assert chats.groups <= MINUTE + 1
    assert chats.due("-999", 1001.0) > 1050
