"""Clocks that jump, and the two nights a year when they must: nothing twice, nothing missed, nothing guessed.

`EXAMPLES=10000 make test ARGS="-o faulthandler_timeout=0 tests/promises/test_clock.py"` tries as many times and weeks.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain import Timetable
from bot.domain.times import next_slot, parse_when
from bot.errors import Refused
from tests.conftest import CHANNEL, Scene, a_scene
from tests.helpers.crowd import an_article, count, publishes, queues, readers, said, telegram_ids
from tests.promises.moments import NOTHING_UNDER_WAY, Time, comes_true, examples

HOUR = timedelta(hours=1)

#: Zones with nights of their own: whole hours, half an hour, at midnight, on the southern half, in Antarctica.
ZONES = [
    "Europe/Kyiv",
    "Europe/London",
    "Europe/Warsaw",
    "America/New_York",
    "America/St_Johns",
    "America/Santiago",
    "America/Asuncion",
    "Africa/Cairo",
    "Asia/Beirut",
    "Australia/Sydney",
    "Australia/Lord_Howe",
    "Antarctica/Troll",
]


def changes(zone: ZoneInfo, year: int) -> list[datetime]:
    """The instants of a year, to the minute, at which the zone's offset changes."""
    found = []
    at = datetime(year, 1, 1, tzinfo=UTC)
    while at.year == year:
        after = at + timedelta(days=1)
        if at.astimezone(zone).utcoffset() != after.astimezone(zone).utcoffset():
            minute = at
            while minute.astimezone(zone).utcoffset() == at.astimezone(zone).utcoffset():
                minute += timedelta(minutes=1)
            found.append(minute)
        at = after
    return found


NIGHTS = [(name, at) for name in ZONES for at in changes(ZoneInfo(name), 2025)]


def test_every_zone_is_tried_in_both_nights_in_which_its_clocks_change() -> None:
    assert {name: sum(zone == name for zone, _ in NIGHTS) for name in ZONES} == dict.fromkeys(ZONES, 2) | {
        "America/Asuncion": 0  # it stopped
    }


def instants(wall: datetime, zone: ZoneInfo) -> set[datetime]:
    """When clocks show `wall`, found by looking at every minute of the days around: no arithmetic of ours."""
    around = datetime(wall.year, wall.month, wall.day, tzinfo=UTC) - timedelta(days=1)
    each = (around + timedelta(minutes=minute) for minute in range(4 * 24 * 60))
    return {at for at in each if at.astimezone(zone).replace(tzinfo=None) == wall}


@settings(max_examples=examples(60), deadline=None)
@given(night=st.sampled_from(NIGHTS), minutes=st.integers(-200, 200), ahead=st.integers(10, 1500))
def test_a_time_in_such_a_night_is_one_instant_or_is_asked_about(
    night: tuple[str, datetime], minutes: int, ahead: int
) -> None:
    name, change = night
    zone = ZoneInfo(name)
    wall = change.astimezone(zone).replace(tzinfo=None) + timedelta(minutes=minutes)
    meant = instants(wall, zone)
    now = min(meant or {change}) - timedelta(minutes=ahead)

    try:
        at = parse_when(f"{wall:%Y-%m-%d %H:%M}", now=now, zone=zone)
    except Refused as question:
        assert len(meant) != 1, "asked although there is one answer"
        assert question.values["when"] == f"{wall:%d.%m %H:%M}"
    else:
        assert meant == {at}


@settings(max_examples=examples(25), deadline=None)
@given(
    night=st.sampled_from(NIGHTS),
    slots=st.lists(st.times().map(lambda t: t.replace(microsecond=0, second=0)), max_size=3),
)
def test_a_slot_comes_once_a_day_also_in_such_a_night(night: tuple[str, datetime], slots: list[time]) -> None:
    name, change = night
    zone = ZoneInfo(name)
    week = Timetable(zone, {day: tuple(sorted(set(slots))) for day in range(7)})
    at, end = change - timedelta(days=2), change + timedelta(days=2)
    came: list[datetime] = []
    while (slot := next_slot(week.slots, after=at, zone=zone, taken=())) is not None and slot < end:
        came.append(slot)
        at = slot

    shown = [slot.astimezone(zone) for slot in came]
    # The key of a slot is its day and its time; it is met once, though clocks may show it twice.
    assert len({(each.date(), each.time()) for each in shown}) == len(shown)
    whole_days = [change.astimezone(zone).date() + timedelta(days=days) for days in (-1, 1)]
    for day in whole_days:
        assert sorted(each.time() for each in shown if each.date() == day) == sorted(set(slots))
    for wall in (datetime.combine(change.astimezone(zone).date(), each) for each in set(slots)):
        if len(instants(wall, zone)) == 1 and change - timedelta(days=1) < min(instants(wall, zone)):
            assert sum(each.replace(tzinfo=None) == wall for each in shown) == 1, f"{wall} is missing"


@pytest.mark.parametrize("step", [HOUR, -HOUR])
async def test_a_clock_that_is_set_while_posts_wait_makes_none_come_twice_or_never(
    scene: Scene, step: timedelta
) -> None:
    """Posts every ten minutes; in the middle the clock is set. What that makes too late asks the desk."""
    await scene.says("/list", "")
    for number in range(1, 13):
        await queues(scene, an_article(f"Новина {number:02}"), minutes=10 * number)
    for _ in range(4):
        scene.advance(minutes=10)
        await comes_true(scene, due_is_settled(scene))
    scene.clock.at += step
    scene.app.look()
    await comes_true(scene, due_is_settled(scene))
    for _ in range(16):
        scene.advance(minutes=10)
        await comes_true(scene, due_is_settled(scene))
    await comes_true(scene, NOTHING_UNDER_WAY)

    posted = [count(scene.channel(), f"Новина {number:02}") for number in range(1, 13)]
    asked = [await held(scene, number) for number in range(1, 13)]
    assert max(posted) == 1
    assert [a + b for a, b in zip(posted, asked, strict=True)] == [1] * 12
    # An hour forward makes those of 50 and 60 minutes more than half an hour late.
    assert asked == [1 if step > timedelta() and number in (5, 6) else 0 for number in range(1, 13)]


def due_is_settled(scene: Scene) -> str:
    now = int(scene.clock().timestamp() * 1000)
    return f"SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM article WHERE state = 'queued' AND due_at <= {now})"


async def held(scene: Scene, article: int) -> int:
    return int(
        await scene.app.store.read.value(f"SELECT count(*) FROM article WHERE id = {article} AND state = 'held'")
    )


async def test_a_clock_that_is_set_is_noticed_although_nothing_rings(tmp_path: Path) -> None:
    async with a_scene(tmp_path) as scene:
        passing = Time(scene)
        await queues(scene, an_article(), hours=1)
        # Nobody tells Visnyk of it.
        scene.clock.at += HOUR
        await passing.passes(16, step=8, told=False)
        await scene.until(lambda: count(scene.channel()))

    assert count(scene.channel()) == 1


async def sets_the_clock_back(scene: Scene) -> str:
    """Let a channel and a reader be asked for patience, and set the clock back; return the condition that they wait."""
    await readers(scene, telegram=3)
    late = telegram_ids(3)[1]
    for chat in (late, CHANNEL):
        scene.sandbox.faults.add("telegram", "429", chat=chat, retry_after=60)
    await publishes(scene, an_article())
    waits = f"not_before > {int(scene.clock().timestamp() * 1000)}"
    await comes_true(scene, f"SELECT 1 FROM dispatch WHERE channel = 'main' AND state = 'ready' AND {waits}")
    await comes_true(scene, f"SELECT 1 FROM page WHERE state = 'waiting' AND {waits}")
    scene.clock.at -= HOUR
    return waits


async def test_what_waits_for_its_turn_waits_no_longer_when_the_clock_is_set_back(scene: Scene) -> None:
    """A channel and a reader were asked for patience; then it is an hour earlier."""
    waits = await sets_the_clock_back(scene)
    scene.app.look()
    await comes_true(scene, f"SELECT 1 FROM page WHERE state = 'waiting' AND NOT {waits}")
    scene.advance(seconds=61)
    await scene.until(lambda: count(scene.channel()) and count(scene.sandbox.telegram.phone(telegram_ids(3)[1])))

    assert [count(scene.sandbox.telegram.phone(person)) for person in telegram_ids(3)] == [1, 1, 1]
    assert count(scene.channel()) == 1


async def test_a_clock_that_is_set_back_is_noticed_at_the_next_look_at_it(scene: Scene) -> None:
    """Nobody tells Visnyk, and the pulse looks once a minute only."""
    waits = await sets_the_clock_back(scene)
    await scene.says("/whoami", "")

    await comes_true(scene, f"SELECT 1 FROM page WHERE state = 'waiting' AND NOT {waits}")
    await comes_true(scene, f"SELECT 1 FROM dispatch WHERE channel = 'main' AND NOT {waits}")


async def test_a_command_is_answered_although_the_clock_was_set_back_meanwhile(scene: Scene) -> None:
    await scene.says("/list", "")
    scene.clock.at -= HOUR
    await scene.says("/list", "Черга порожня")
    assert len(said(scene.telegram(), "Черга порожня")) == 2


def test_the_nights_above_are_this_years_and_that_is_enough() -> None:
    """A zone's rules are the same each year; only the days differ."""
    kyiv = [at.astimezone(ZoneInfo("Europe/Kyiv")).date() for name, at in NIGHTS if name == "Europe/Kyiv"]
    assert kyiv == [date(2025, 3, 30), date(2025, 10, 26)]
