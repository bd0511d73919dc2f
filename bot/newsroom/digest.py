"""The digest: what somebody finds when they are back: what waits for their word, what is held, what went out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from bot.domain.entry import Entry, EntryState
from bot.domain.news import BackOnDuty
from bot.domain.people import Person, Role, allowed
from bot.domain.review import Verdict
from bot.newsroom.desk import Desk
from bot.newsroom.hearers import who_can_answer
from bot.newsroom.readiness import read_open
from bot.newsroom.roster import presence_of, read_roster
from bot.newsroom.situation import Situation

#: Articles that went out last, among which those since somebody left are looked for.
LATEST = 50


@dataclass(frozen=True, slots=True)
class Digest:
    """One member's digest. `asked` wait for their word, `returned` are their own, sent back; `doubts`: posts.

    `brought`: their drafts from feeds.
    """

    asked: tuple[Situation, ...] = ()
    returned: tuple[Situation, ...] = ()
    held: tuple[Situation, ...] = ()
    doubts: int = 0
    out: tuple[Entry, ...] = ()
    brought: tuple[Entry, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.asked or self.returned or self.held or self.doubts or self.out or self.brought)


@dataclass(frozen=True, slots=True)
class Standing:
    """All that a digest is chosen from: what waits in the house, the posts in doubt, and what went out last."""

    waiting: tuple[Situation, ...]
    doubts: int
    out: tuple[Entry, ...]
    brought: frozenset[int]


async def read_standing(desk: Desk, since: datetime) -> Standing:
    """Read it in six statements."""
    waiting, doubts = await read_open(desk), await desk.tx.doubts()
    brought = frozenset(await desk.tx.drafts_from_feeds(since))
    return Standing(tuple(waiting), len(doubts), tuple(await desk.tx.latest(LATEST)), brought)


def digest_of(person: Person, standing: Standing, since: datetime) -> Digest:
    """Choose what one member is told: editors all that concerns the desk, reporters what is theirs."""
    is_editor = allowed(person, Role.EDITOR)
    waiting = standing.waiting
    return Digest(
        asked=tuple(each for each in waiting if _waits_for(person, each)),
        returned=tuple(each for each in waiting if _is_returned_to(person, each)),
        held=tuple(each for each in waiting if _is_held(each) and (is_editor or person.id in each.readiness.authors)),
        doubts=standing.doubts if is_editor else 0,
        out=tuple(
            each
            for each in standing.out
            if each.published_at is not None
            and each.published_at >= since
            and (is_editor or each.author_member == person.id)
        ),
        brought=tuple(
            each.entry for each in waiting if each.entry.id in standing.brought and person.id in each.readiness.authors
        ),
    )


def _waits_for(person: Person, situation: Situation) -> bool:
    asked = situation.asked
    return asked is not None and bool(situation.readiness.missing) and person in who_can_answer(situation, asked)


def _is_returned_to(person: Person, situation: Situation) -> bool:
    """True for an own article that was sent back and has not been changed since."""
    decision, entry = situation.dossier.decision, situation.entry
    if decision is None or decision.verdict is not Verdict.CHANGES or decision.version != entry.version:
        return False
    return entry.state is EntryState.DRAFT and person.id in situation.readiness.authors


def _is_held(situation: Situation) -> bool:
    return situation.entry.state is EntryState.HELD


async def call_back(desk: Desk) -> None:
    """Tell everybody who is back by now what they find, and note when they are back next."""
    due = await desk.tx.due_digests(desk.now)
    if not due:
        return
    roster = await read_roster(desk)
    for member, is_known in due.items():
        person, heed = roster.people.numbered(member), roster.heeds[member]
        presence = presence_of(desk.house, heed)
        await desk.tx.set_digest(member, presence.back_at(desk.now))
        if is_known and person is not None and presence.is_there(desk.now):
            since = presence.away_since(desk.now)
            await desk.announce(BackOnDuty(member, since.timestamp()))


def left_at(told: BackOnDuty) -> datetime:
    return datetime.fromtimestamp(told.since, UTC)
