"""Reading an article's situation, once for each act, and refusing what can't be done in it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from bot.domain.dossier import Dossier
from bot.domain.life import Act
from bot.domain.people import People
from bot.domain.readiness import obstacles
from bot.newsroom.desk import Desk, no_such_article
from bot.newsroom.refusals import refusal
from bot.newsroom.situation import Situation, situation_of


async def read(desk: Desk, number: int, people: People | None = None) -> Situation:
    """Read an article's situation in three statements, two if the `people` are known. Refuses an unknown number."""
    dossier = await desk.tx.dossier(number)
    if dossier is None:
        raise no_such_article(number)
    return situation_of(desk.house, dossier, people or await desk.tx.everyone(), desk.now, _said(desk))


def _said(desk: Desk) -> datetime | None:
    return None if desk.saying is None else desk.said


async def read_open(desk: Desk) -> list[Situation]:
    """Return all that waits in the house, in the order of the list, in three statements."""
    return await _situations(desk, await desk.tx.open_dossiers())


async def read_first(desk: Desk, most: int) -> tuple[list[Situation], int]:
    """Return the first articles that wait, and the number of those left out, in four statements."""
    return await _situations(desk, await desk.tx.open_dossiers(most)), max(0, await desk.tx.count_open() - most)


async def read_planned(desk: Desk, period: tuple[datetime, datetime], most: int, skip: int = 0) -> list[Situation]:
    """Return articles by their times, from the first instant on and before the second, in three statements."""
    return await _situations(desk, await desk.tx.open_dossiers(most, skip, period))


async def _situations(desk: Desk, dossiers: Iterable[Dossier]) -> list[Situation]:
    people = await desk.tx.everyone()
    return [situation_of(desk.house, each, people, desk.now) for each in dossiers]


async def read_for(desk: Desk, number: int, act: Act, *, seen: str | None = None) -> Situation:
    """The article, if the actor may do this to it now; else it is refused. `seen`: what their button was bound to."""
    situation = await read(desk, number)
    check(desk, situation, act, seen=seen)
    return situation


def check(
    desk: Desk,
    situation: Situation,
    act: Act,
    at: datetime | None = None,
    *,
    seen: str | None = None,
    ticked: Collection[str] = (),
) -> None:
    """Refuse with the first thing that stands in the way. `at`: when the article would go out by it; None: now."""
    found = obstacles(situation.readiness, act, at, by=desk.by.person, seen=seen, ticked=ticked)
    if found:
        raise refusal(situation, act, found[0], ticked)
