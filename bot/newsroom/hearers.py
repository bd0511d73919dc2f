"""The hearers of a piece of news: who of the desk is told it now, later, in a digest, or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bot.domain.attention import FIRST, Matter, When, hearing
from bot.domain.entry import EntryState
from bot.domain.news import (
    ChangeSubmitted,
    ChannelInDoubt,
    Held,
    LeftBehind,
    News,
    NoAnswer,
    Stopped,
    StoppedOnItsWay,
    Submitted,
    TipCame,
    Trouble,
    WaitsLong,
)
from bot.domain.people import Person, Role
from bot.domain.review import Review, ReviewKind
from bot.errors import Damaged
from bot.newsroom.desk import Desk
from bot.newsroom.overtaken import is_overtaken
from bot.newsroom.readiness import read
from bot.newsroom.roster import NOBODY, Roster, hands
from bot.newsroom.situation import Situation
from bot.newsroom.waiting import can_answer

Hearing = Mapping[int, When]
#: News of what stays open until somebody settles it: those who were not called first hear of it after a while, and a
#: digest names it.
SETTLED_LATER = (ChangeSubmitted, Held, ChannelInDoubt, Stopped, LeftBehind, StoppedOnItsWay)


async def hearers(desk: Desk, roster: Roster, news: News, number: int | None) -> Hearing:
    """Return when each member hears of this, by their number. `number`: the article that it is about, if any."""
    if isinstance(news, Submitted):
        return await _asked(desk, roster, news)
    concerned = [each for each in roster.people.team(news.least) if news.concerns(each)]
    parts = await hands(desk, roster.people, number) if number is not None else NOBODY
    matter = Matter.ALARM if await _is_alarming(desk, news, number) else news.matter
    least = max(news.least, Role.EDITOR, key=_rank) if matter is Matter.WORK else news.least
    listeners = roster.listeners(concerned, parts, least)
    keeps = roster.is_night and not isinstance(news, WaitsLong)  # which is told only of what doesn't keep
    return hearing(matter, listeners, turn=number or news.turn, can_wait=keeps)


def _rank(role: Role) -> int:
    return -[*Role].index(role)


async def _is_alarming(desk: Desk, news: News, number: int | None) -> bool:
    """True if something urgent does not go out."""
    if not isinstance(news, Held) or number is None:
        return False
    try:
        return (await desk.entry(number)).article.urgent
    except Damaged:
        return False


async def _asked(desk: Desk, roster: Roster, news: Submitted) -> Hearing:
    """Return whom a question is put to, if it is still asked."""
    situation = await read(desk, news.article, roster.people)
    asked = situation.asked
    if asked is None or asked.binding != news.binding:
        return {}
    if asked.kind is ReviewKind.BEFORE and not situation.readiness.missing:
        return {}
    answering = who_can_answer(situation, asked)
    if news.only is not None:
        return {each.id: When.NOW for each in answering if each.id == news.only}
    postponed = await desk.tx.postponed(asked.id)
    listeners = roster.listeners(
        [each for each in answering if each.id not in postponed], await hands(desk, roster.people, news.article)
    )
    return hearing(
        Matter.QUESTION,
        listeners,
        first=max(FIRST, situation.readiness.missing),
        turn=news.article,
        again=news.again,
        can_wait=can_wait(roster, situation, answering),
    )


async def hearing_countdown(desk: Desk, roster: Roster, number: int) -> list[Person]:
    """Return the editors who follow how an article goes out: they wrote, approved or publish it."""
    return await _following(desk, roster, number, Matter.COUNTDOWN)


async def hearing_progress(desk: Desk, roster: Roster, number: int) -> list[Person]:
    """Return the editors who follow how an article reaches its readers."""
    return await _following(desk, roster, number, Matter.OUT)


async def _following(desk: Desk, roster: Roster, number: int, matter: Matter) -> list[Person]:
    editors = roster.people.team(Role.EDITOR)
    told = hearing(matter, roster.listeners(editors, await hands(desk, roster.people, number)))
    return [each for each in editors if told[each.id] is When.NOW]


async def put_off(desk: Desk, roster: Roster, notice: int, news: News, told: Hearing) -> None:
    """Note who hears a piece of news later, and who was asked. `notice`: the number of its row."""
    tx = desk.tx
    if isinstance(news, Submitted):
        await tx.keep_asked(news.article, [who for who, when in told.items() if when is When.NOW], desk.now)
        if not told and news.only is None and await _has_nobody(desk, roster, news):
            await desk.announce(NoAnswer(news.article, news.binding))
        return
    later = [who for who, when in told.items() if when is When.LATER]
    if later and isinstance(news, SETTLED_LATER):
        await tx.put_off(notice, later, desk.now + desk.house.rules.remind_after)
    back = [who for who, when in told.items() if when is When.DIGEST]
    if back and news.matter in (Matter.HOUSE, Matter.WORK) and not isinstance(news, SETTLED_LATER):
        await tx.put_off(notice, back, None)


async def _has_nobody(desk: Desk, roster: Roster, news: Submitted) -> bool:
    """True if the question is open, and there is nobody on the desk whose word would settle it."""
    situation = await read(desk, news.article, roster.people)
    asked = situation.asked
    is_open = asked is not None and asked.binding == news.binding and asked.kind is ReviewKind.BEFORE
    return is_open and situation.readiness.missing > 0 and asked is not None and not who_can_answer(situation, asked)


async def is_still_so(desk: Desk, news: News) -> bool:
    """True if a piece of news that some heard earlier is still worth telling."""
    if isinstance(news, TipCame):
        tip = await desk.tx.tip(news.tip)
        return tip is not None and tip.told_at is None
    is_over = isinstance(news, Trouble) and news.is_over
    return not is_over and not await is_overtaken(desk, news)


def who_can_answer(situation: Situation, asked: Review) -> list[Person]:
    """Return the members whose word a question waits for."""
    return [each for each in situation.people.team(Role.EDITOR) if can_answer(situation, asked, each)]


def can_wait(roster: Roster, situation: Situation, answering: list[Person]) -> bool:
    """True if a question keeps until one of these is back: it is night, and nothing is missed by then."""
    entry, back = situation.entry, roster.back_at(answering)
    if not roster.is_night or back is None:
        return False
    if entry.state is EntryState.PUBLISHED:
        return True  # everybody was alarmed when it went out alone; it is looked at afterwards
    return not entry.article.urgent and (entry.due_at is None or entry.due_at > back)


def back_by_morning(roster: Roster, people: list[Person]) -> datetime | None:
    """Return when the first of these people is back if it is night and none of them is there; else None."""
    if not roster.is_night or any(roster.is_there(each) for each in people):
        return None
    return roster.back_at(people)
