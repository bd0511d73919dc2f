"""An article as the desk sees it: all that its card says and offers, read and decided before a word of it is said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.entry import Entry, EntryState
from bot.domain.ledger import DispatchState
from bot.domain.life import Act, Stage
from bot.domain.people import Person, Role, allowed
from bot.domain.readiness import obstacles
from bot.newsroom import aftermath, timing
from bot.newsroom.aftermath import Report
from bot.newsroom.desk import Desk
from bot.newsroom.duplicates import COMPARED, alike
from bot.newsroom.forecast import Estimate, Reach
from bot.newsroom.newsroom import IN_HOUSE
from bot.newsroom.readiness import read
from bot.newsroom.situation import Situation

#: Time after which somebody who began to edit has gone to lunch.
EDITED_WITHIN = timedelta(hours=1)
_UNDER_WAY = frozenset({DispatchState.READY, DispatchState.SENDING, DispatchState.RUNNING})
#: Articles that tell of the same and are named on a card.
ALIKE_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Alike:
    """Another article that tells of the same. `percent`: how alike."""

    entry: Entry
    percent: int
    stage: Stage


@dataclass(frozen=True, slots=True)
class Card:
    """`offered`: the acts that it has buttons for. `slot`: the posting time that it offers. `stars`: what the paid pace
    costs; 0: it is not on offer. `editors`: who else is about to change it. `reports`: where it is out.
    """

    situation: Situation
    offered: frozenset[Act] = frozenset()
    slot: datetime | None = None
    stars: int = 0
    editors: tuple[Person, ...] = ()
    alike: tuple[Alike, ...] = ()
    estimates: tuple[Estimate, ...] = ()
    reach: tuple[Reach, ...] = ()
    reports: tuple[Report, ...] = ()

    @property
    def entry(self) -> Entry:
        return self.situation.entry


async def card_of(desk: Desk, situation: Situation, by: Person | None) -> Card:
    """`by`: the member whose card it is; None: everybody's, in a group."""
    editors = await editing(desk, situation, by)
    if situation.entry.state is EntryState.PUBLISHED:
        reports = tuple(await aftermath.report(desk, situation.entry.id))
        return Card(situation, offered_of_out(reports, by), editors=editors, reports=reports)
    if situation.entry.state not in IN_HOUSE:
        return Card(situation, editors=editors)
    stars = await timing.stars(desk, situation)
    slot = await slot_of(desk, situation)
    return Card(
        situation,
        offered=offered(situation, slot, stars, by),
        slot=slot,
        stars=stars,
        editors=editors,
        alike=await _alike(desk, situation),
        estimates=tuple(desk.house.estimates(situation.entry)),
        reach=tuple(desk.house.reach(situation.entry.article)),
    )


def offered(situation: Situation, slot: datetime | None, stars: int, by: Person | None) -> frozenset[Act]:
    """Return the acts that lead on from here, less those that would be refused."""
    readiness = situation.readiness
    when = {Act.TIME: situation.earliest, Act.GO_ON: readiness.times.due_at}
    useful = {Act.EDIT, Act.CANCEL, Act.TIME, Act.NOW, Act.GO_ON}
    if readiness.missing and readiness.asked is None:
        useful.add(Act.SUBMIT)
    if (stars or situation.entry.paid) and not readiness.lacks.evidence:
        useful.add(Act.PACE)
    return frozenset(act for act in useful if not obstacles(readiness, act, when.get(act), by=by))


def offered_of_out(reports: Sequence[Report], by: Person | None) -> frozenset[Act]:
    """Return the acts on an article that is out: what has not left of it can be stopped."""
    may = by is None or allowed(by, Role.EDITOR)
    is_leaving = any(each.dispatch.state in _UNDER_WAY for each in reports)
    return frozenset({Act.STOP_SENDING}) if may and is_leaving else frozenset()


async def slot_of(desk: Desk, situation: Situation) -> datetime | None:
    """Return the next free posting time, if this article may take it. What is urgent waits for none."""
    if situation.entry.article.urgent:
        return None
    slot = timing.free_slot(desk, situation, await desk.tx.taken_times())
    return slot if slot is not None and not obstacles(situation.readiness, Act.TIME, slot) else None


async def _alike(desk: Desk, situation: Situation) -> tuple[Alike, ...]:
    waiting = await desk.tx.newest_open(COMPARED)
    out = await desk.tx.published_since(desk.now - desk.house.similar_within, COMPARED)
    found = alike(situation.entry, waiting, out)[:ALIKE_SHOWN]
    return tuple([Alike(entry, percent, await _stage(desk, situation, entry)) for entry, percent in found])


async def _stage(desk: Desk, situation: Situation, other: Entry) -> Stage:
    """Return its stage: what is before the desk may be further than its state in the store."""
    if other.state is not EntryState.SUBMITTED:
        return Stage(other.state)
    return (await read(desk, other.id, situation.people)).readiness.stage


async def editing(desk: Desk, situation: Situation, by: Person | None) -> tuple[Person, ...]:
    """The people other than `by` who are about to change the article."""
    at_it = (await desk.tx.editing(desk.now - EDITED_WITHIN)).get(situation.entry.id, ())
    people = [person for address in at_it if (person := situation.people.at(address)) is not None]
    return tuple([person for person in people if by is None or person.id != by.id])
