"""An article that has a time is kept in the house, and the desk is told why."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from zoneinfo import ZoneInfo

import structlog

from bot.domain.countdown import Ended
from bot.domain.entry import Entry, EntryState, Wall
from bot.domain.life import Act
from bot.domain.news import HELD, ExpiryShifted, Shifted
from bot.domain.readiness import Obstacle, obstacles
from bot.domain.times import as_typed, instants_of
from bot.errors import Refused
from bot.newsroom.desk import Desk
from bot.newsroom.readiness import read
from bot.newsroom.situation import Situation

log = structlog.get_logger(__name__)


async def hold(desk: Desk, situation: Situation, why: Obstacle) -> Situation:
    """Hold an article that has a time. It keeps that for the record; somebody must set it again."""
    entry = situation.entry
    assert entry.due_at is not None
    await desk.tx.move(entry, EntryState.HELD, desk.now, due_at=entry.due_at)
    await desk.tx.close_review(entry.id, "held", desk.now)
    await desk.tx.end_countdown(entry.id, Ended.HELD, "", desk.now)
    late = max(0, round((desk.now - entry.due_at).total_seconds()))
    key = f"{why}:{entry.id}:{entry.due_at}"
    await desk.tx.trouble_over(key, desk.now)  # it may have been held before, and put back at the same time
    await desk.tx.tell_desk(key, HELD[why](entry.id, late), desk.now)
    await desk.by_itself().record("article.held", entry, why=why)
    log.warning("article_held", article=entry.id, why=why, late_seconds=late)
    held = replace(entry, state=EntryState.HELD, not_before=None)
    return situation.after(desk.house, entry=held, asked=None, countdown=None)


async def hold_follow_ups(desk: Desk, number: int) -> None:
    """Hold what follows up an article and has a time, if its first line is no longer true."""
    for each in await desk.tx.timed_follow_ups(number):
        with suppress(Refused):  # a damaged one is held and told when it is due
            situation = await read(desk, each)
            if Obstacle.UNSOUND in obstacles(situation.readiness, Act.GO_OUT):
                await hold(desk, situation, Obstacle.UNSOUND)


async def hold_shifted(desk: Desk) -> None:
    """Hold what was given a time on a clock that shows another time now, because its zone or its rules changed."""
    zone = desk.house.timetable.zone
    for wall in await desk.tx.walls():
        if not _stands(wall, zone):
            with suppress(Refused):  # a damaged row is held and told when it is due
                await _hold_shifted(desk, wall, await desk.entry(wall.article))


async def _hold_shifted(desk: Desk, wall: Wall, entry: Entry) -> None:
    if entry.state is EntryState.HELD and wall.at <= desk.now:
        return  # it needs another time as it is
    told = Shifted(entry.id, wall=wall.wall, now_at=wall.at.timestamp())
    key = f"{told.code}:{entry.id}:{wall.wall}:{desk.house.timetable.zone.key}"
    await desk.tx.tell_desk(key, told, desk.now)
    if entry.state is EntryState.HELD:
        return
    await desk.tx.move(entry, EntryState.HELD, desk.now, due_at=entry.due_at)
    await desk.tx.close_review(entry.id, "held", desk.now)
    await desk.by_itself().record("article.held", entry, why=told.code)
    log.warning("article_held", article=entry.id, why=told.code)


async def tell_shifted_expiries(desk: Desk) -> None:
    """Put an expiry to the desk that was typed on a clock which shows another time now.

    Until somebody sets it again the earlier of the two instants counts: nobody meant it to go out after either.
    """
    zone = desk.house.timetable.zone
    for wall in await desk.tx.expiry_walls():
        if not _stands(wall, zone):
            with suppress(Refused):
                await _tell_shifted_expiry(desk, wall, await desk.entry(wall.article))


async def _tell_shifted_expiry(desk: Desk, wall: Wall, entry: Entry) -> None:
    zone = desk.house.timetable.zone
    at = min([wall.at, *instants_of(wall.wall, zone)])
    await desk.tx.set_expiry(wall.article, at, as_typed(at, zone), zone.key)
    told = ExpiryShifted(wall.article, wall=wall.wall, at=at.timestamp())
    await desk.tx.tell_desk(f"{told.code}:{wall.article}:{wall.wall}:{zone.key}", told, desk.now)
    await desk.by_itself().record("article.expiry_set", entry, at=at.isoformat())
    log.warning("expiry_shifted", article=wall.article)


def _stands(wall: Wall, zone: ZoneInfo) -> bool:
    """True if what people know is still the instant that is kept."""
    return instants_of(wall.wall, zone) == (wall.at.replace(second=0, microsecond=0),)


async def put_aside(desk: Desk, number: int) -> None:
    """Hold an article that is due and can't be read: nothing is known of it but its number."""
    await desk.tx.put_aside(number, desk.now)
    await desk.tx.end_countdown(number, Ended.HELD, "", desk.now)
    await tell_unreadable(desk, number)
    await desk.tx.record(desk.by, "article.held", f"article:{number}", {"why": Obstacle.UNREADABLE}, desk.now)


async def tell_unreadable(desk: Desk, number: int) -> None:
    """Tell the desk, once, that an article can't be read."""
    why = Obstacle.UNREADABLE
    await desk.tx.tell_desk(f"{why}:{number}", HELD[why](number), desk.now)
    log.error("article_unreadable", article=number)
