"""An article before the desk, read once: what it is, who had a hand in it, and what stands in its way."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.domain.audit import SYSTEM
from bot.domain.countdown import Countdown
from bot.domain.dossier import Approval, Dossier
from bot.domain.entry import Entry, EntryState
from bot.domain.life import Act, Stage
from bot.domain.people import People, Person, Role, Writer, allowed
from bot.domain.readiness import (
    Approvers,
    Followed,
    Lacks,
    Left,
    Mandate,
    Obstacle,
    Question,
    Readiness,
    Times,
    Word,
    obstacles,
)
from bot.domain.review import Review, binding_of, valid_approvals
from bot.domain.risk import Need
from bot.newsroom.newsroom import Newsroom

#: In these states a reporter may change a draft of their own.
_OWN = frozenset({EntryState.DRAFT, EntryState.SUBMITTED, EntryState.REJECTED})


@dataclass(frozen=True, slots=True)
class Situation:
    dossier: Dossier
    people: People
    readiness: Readiness

    @property
    def entry(self) -> Entry:
        return self.dossier.entry

    @property
    def asked(self) -> Review | None:
        return self.dossier.asked

    @property
    def need(self) -> Need:
        return self.readiness.need

    @property
    def earliest(self) -> datetime:
        """The first instant that no risk rule holds back."""
        return max(self.readiness.now, self.readiness.times.opens_at or self.readiness.now)

    @property
    def is_unapproved(self) -> bool:
        """True if it has a time at which it would be held for want of approval."""
        is_queued = self.entry.state is EntryState.QUEUED
        return is_queued and Obstacle.UNAPPROVED in obstacles(self.readiness, Act.GO_OUT, self.entry.due_at)

    @property
    def concerned(self) -> tuple[int, ...]:
        """Ids of the people who wrote the article or put it to the desk."""
        asked = self.readiness.asked
        return tuple(sorted(self.readiness.authors | (asked.by if asked is not None else frozenset())))

    def after(self, house: Newsroom, **changes: Any) -> Situation:
        """The same article once its dossier has changed, without another look into the store."""
        known = self.readiness
        return situation_of(house, replace(self.dossier, **changes), self.people, known.now, known.word.said_at)


def situation_of(
    house: Newsroom, dossier: Dossier, people: People, now: datetime, said: datetime | None = None
) -> Situation:
    """Return the situation that follows from what the store has, by the house's rules, at the instant `now`.

    `said`: the earliest instant at which the words may have been said that it is read for; None: just now.
    """
    entry, need = dossier.entry, house.need(dossier.entry)
    authors = people.who_are(dossier.writers)
    bound = people.bound_to(authors, said or now, house.rules.approve_after)
    not_theirs = authors | bound
    targets, text = house.targets(entry.article), entry.article.sha256
    its_own = binding_of(text, targets, approved_time(entry, now))
    dossier = replace(dossier, approvals=tuple([each for each in dossier.approvals if _has_ticked(each, need)]))
    at_once = approvers_of(dossier.approvals, people, not_theirs, binding_of(text, targets, None), now)
    asked = dossier.asked
    readiness = Readiness(
        stage=_stage(dossier, is_approved=len(at_once) >= need.approvals),
        now=now,
        halted=dossier.is_halted,
        lacks=_lacks(house, dossier),
        outlets=tuple(house.outlets(entry.article)),
        times=Times(
            due_at=entry.due_at,
            stale_from=_stale_from(house, entry),
            expires_at=entry.expires_at,
            opens_at=house.gate.opens_at(entry, need),
            possible_from=people.first_free(authors, now, house.rules.approve_after),
            undo_over=_undo_over(dossier),
        ),
        need=need,
        approvers=Approvers(approvers_of(dossier.approvals, people, not_theirs, its_own, now), at_once, bound),
        authors=authors,
        possible=frozenset(each.id for each in people.team() if each.may_approve(now) and each.id not in not_theirs),
        binding=its_own,
        asked=Question(asked.binding, people.who_are([asker_of(asked)])) if asked is not None else None,
        mandate=_mandate(dossier, people, authors if need.approvals else frozenset()),
        own_of=people.who_are([Writer(entry.author, entry.author_member)] if entry.state in _OWN else []),
        word=Word(said, dossier.changed),
    )
    return Situation(dossier, people, readiness)


def _lacks(house: Newsroom, dossier: Dossier) -> Lacks:
    article, followed = dossier.entry.article, None
    if article.about is not None and dossier.earlier is not None:
        followed = Followed(article.about.number, article.about.said, dossier.earlier)
    return Lacks(house.gate.lacking(article), article.media is not None and article.media.is_loose, followed)


def _undo_over(dossier: Dossier) -> datetime | None:
    """Return when the time for an undo ended, of what has begun to leave."""
    return (dossier.undo_until or dossier.entry.published_at) if dossier.is_leaving else None


def _left(dossier: Dossier, people: People, but: frozenset[int]) -> Left:
    """`but`: members who can't answer for it."""
    way = dossier.way
    published = way.published
    if published is None:
        return Left(is_proven=not way.is_known, is_stopped=way.is_stopped)
    known = [people.numbered(each) for each in sorted((published.approvers or frozenset()) | way.let_on_by)]
    answering = {people.same_as(each.id) for each in known if each is not None and allowed(each, Role.EDITOR)}
    by = dossier.timed_by if published.actor == SYSTEM else published.actor
    least = Role.OWNER if published.alone and not published.by_editor else Role.EDITOR
    return Left(
        answering=None if published.approvers is None else len([each for each in answering if not each & but]),
        publisher_may=by is None or allowed(people.named(by), least),
        alone=published.alone,
        is_stopped=way.is_stopped,
    )


def _mandate(dossier: Dossier, people: People, but: frozenset[int]) -> Mandate:
    counted = dossier.countdown
    return Mandate(
        timer_may=counted is not None or _still_may(dossier.timed_by, people),
        publisher_may=counted is None or allowed(publisher_of(counted, people), Role.EDITOR),
        text_is_proven=dossier.proven.text,
        time_is_proven=dossier.proven.time,
        left=_left(dossier, people, but),
    )


def asker_of(asked: Review) -> Writer:
    return Writer(asked.asked_by, asked.asked_by_member)


def publisher_of(counted: Countdown, people: People) -> Person | None:
    """The member who said "publish"; their address may be another's by now."""
    return people.numbered(counted.publisher) if counted.publisher is not None else None


def _has_ticked(approval: Approval, need: Need) -> bool:
    """True if all that is to be checked by now was ticked: a rule may have come after the approval."""
    return set(need.checklist) <= set(approval.ticks)


def approved_time(entry: Entry, now: datetime) -> datetime | None:
    """The time that an approval given at `now` holds for; None: whenever an editor publishes the article."""
    if entry.state is EntryState.QUEUED:
        return entry.due_at
    is_paused = entry.state is EntryState.HELD and entry.due_at is not None and entry.due_at > now
    return entry.due_at if is_paused else None


def _stage(dossier: Dossier, *, is_approved: bool) -> Stage:
    state = dossier.entry.state
    if state is EntryState.SUBMITTED and is_approved:
        return Stage.APPROVED
    if state is EntryState.PUBLISHED and dossier.is_leaving:
        return Stage.PUBLISHING
    return Stage(state)


def approvers_of(
    approvals: Iterable[Approval], people: People, authors: frozenset[int], binding: str, now: datetime
) -> tuple[Person, ...]:
    """Counted again each time: the approval of somebody who left the desk since, or of something else, is none."""
    given = [people.numbered(each.member_id) for each in approvals if each.binding == binding]
    known = [person for person in given if person is not None]
    valid, counted = valid_approvals(known, authors, now), dict[frozenset[int], Person]()
    for person in known:
        if person.id in valid:  # one for each person, however often they came to the desk
            counted.setdefault(people.same_as(person.id), person)
    return tuple(counted.values())


def _stale_from(house: Newsroom, entry: Entry) -> datetime | None:
    if entry.due_at is None:
        return None
    return max(entry.due_at, entry.not_before or entry.due_at) + house.timetable.stale_after


def _still_may(timed_by: str | None, people: People) -> bool:
    """True where no person in particular gave the article its time."""
    return timed_by is None or allowed(people.named(timed_by), Role.EDITOR)
