"""Cases of change: an article that readers have with its changes, and what stands in the way of each."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain import Article
from bot.domain.change import (
    RULES,
    STOPS_HARM,
    Change,
    ChangeKind,
    ChangeState,
    No,
    Rule,
    Standing,
    decide,
)
from bot.domain.entry import EntryState
from bot.domain.life import Act
from bot.domain.people import Person, Role
from bot.domain.readiness import Obstacle
from bot.domain.review import binding_of
from bot.errors import NotAllowed, Refused
from bot.newsroom.desk import Desk
from bot.newsroom.readiness import read
from bot.newsroom.refusals import REFUSAL, why_not
from bot.newsroom.situation import Situation, approvers_of
from bot.texts import text_id

_OPEN = frozenset({ChangeState.DRAFT, ChangeState.SUBMITTED, ChangeState.COUNTING})

WHY_NOT = {
    No.ALREADY_CHECKING: text_id(
        "Readers see already that #{id} is being checked. /correct {id}, /retract {id} or /restore {id} ends that."
    ),
    No.ALREADY_RETRACTED: text_id("#{id} is retracted already. /restore {id} puts it back, with two people."),
    No.STANDS: text_id("#{id} stands: there is nothing to restore."),
    No.END_THE_CHECK: text_id(
        "#{id} is being checked. End that first: /correct {id}, /retract {id}, or /restore {id} if it stands."
    ),
    No.RESTORE_FIRST: text_id("#{id} is retracted. If it stands after all: /restore {id}, with two people."),
    No.EXPIRED: text_id(
        "The time of #{id} is over and its text was taken off. If it was wrong, /retract {id} tells whoever had it."
    ),
    No.RESTORING: text_id("#{id} is being restored on the phones right now. Try again in a few minutes."),
}


@dataclass(frozen=True, slots=True)
class Case:
    """An article that is out, with all its changes, the oldest first."""

    situation: Situation
    changes: tuple[Change, ...]

    @property
    def number(self) -> int:
        return self.situation.entry.id

    @property
    def article(self) -> Article:
        """Return what readers have by its newest version."""
        return self.situation.entry.article

    @property
    def open(self) -> Change | None:
        """Return the change that is proposed."""
        return next((each for each in reversed(self.changes) if each.state in _OPEN), None)

    @property
    def running(self) -> Change | None:
        """Return the change that is on its way."""
        return next((each for each in reversed(self.changes) if each.state is ChangeState.RUNNING), None)

    def author_of(self, change: Change) -> Person | None:
        """Return the member who proposed a change; None if they are unknown by now."""
        return self.situation.people.named(change.author)

    def leads_to(self, kind: ChangeKind) -> Standing:
        """Return the standing that a change leads to. Raises `Refused` with the reason and what is possible."""
        running = self.running
        found = decide(self.article.standing, running.kind if running is not None else None, kind)
        if isinstance(found, No):
            raise Refused(WHY_NOT[found], id=self.number)
        return found

    def may_be(self, kind: ChangeKind) -> bool:
        """True if a change of this kind is possible as the article stands."""
        running = self.running
        return isinstance(decide(self.article.standing, running.kind if running else None, kind), Standing)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change before it goes out: `article` is what readers would have.

    `approvals`: the number that it takes; `given`: the members who have approved it, each once. `not_theirs`: members
    whose yes does not count, its author first of all.
    """

    case: Case
    change: Change
    article: Article
    approvals: int
    given: tuple[Person, ...]
    not_theirs: frozenset[int]

    @property
    def binding(self) -> str:
        """Return what a yes stands for: the text with its note, and that it takes this one's place."""
        change = self.change
        return binding_of(self.article.sha256, [f"change:{change.id}", f"from:{change.from_version}"], None)

    @property
    def missing(self) -> int:
        return max(0, self.approvals - len(self.given))

    @property
    def rule(self) -> Rule:
        return RULES[self.change.kind]


async def read_case(desk: Desk, number: int) -> Case:
    return await _case_of(desk, await read(desk, number))


async def _case_of(desk: Desk, situation: Situation) -> Case:
    return Case(situation, tuple(await desk.tx.changes(situation.entry.id)))


async def case_for(desk: Desk, number: int, kind: ChangeKind) -> Case:
    """Return the article if this change is possible now. Raises `Refused` with the reason and what is."""
    case = await read_case(desk, number)
    if case.situation.entry.state is not EntryState.PUBLISHED:
        raise Refused(why_not(Act.LOOK_BACK, case.situation.readiness.stage), id=number)
    case.leads_to(kind)
    if (other := case.open) is not None and other.state is not ChangeState.DRAFT and kind not in STOPS_HARM:
        author = case.author_of(other)
        raise Refused(
            "A change of #{id} by {name} already waits for approval. /show {id} shows it.",
            id=number,
            name=author.title if author is not None else "?",
        )
    return case


def check_seen(case: Case, version: int) -> None:
    """Refuse what was said of an older version."""
    if version != case.situation.entry.version:
        raise Refused("#{id} has changed in the meantime. /show {id} shows how it reads now.", id=case.number)


async def read_proposal(desk: Desk, number: int, change_id: int, state: ChangeState, *, seen: str = "") -> Proposal:
    """Return a change that is still in this state. Raises `Refused` if it is not, or reads otherwise than `seen`."""
    case = await read_case(desk, number)
    change = next((each for each in case.changes if each.id == change_id), None)
    if change is not None and change.state is state:
        check_seen(case, change.from_version)
        made = await _proposed(desk, case, change)
        if seen in ("", made.binding):
            return made
    raise Refused("That change of #{id} is no longer open. /show {id} shows how it stands.", id=number)


async def _proposed(desk: Desk, case: Case, change: Change) -> Proposal:
    return proposal_of(desk, case, change, await desk.tx.content(case.number, change.to_version))


def proposal_of(desk: Desk, case: Case, change: Change, article: Article) -> Proposal:
    situation, rules = case.situation, desk.house.rules
    people, author = situation.people, case.author_of(change)
    authors = people.same_as(author.id) if author is not None else frozenset()
    not_theirs = authors | people.bound_to(authors, desk.said, rules.approve_after)
    needed = max(desk.house.gate.need(article).approvals, RULES[change.kind].approvals)
    made = Proposal(case, change, article, needed, (), not_theirs)
    given = approvers_of(situation.dossier.approvals, people, not_theirs, made.binding, desk.now)
    return replace(made, given=given)


def may_approve(proposal: Proposal, person: Person, now: datetime) -> bool:
    """True if this member's yes is still missing and would count."""
    return person not in proposal.given and against(proposal, person, now) is None


def against(proposal: Proposal, person: Person, at: datetime) -> Refused | None:
    """Return the reason why this member's yes to a change does not count; None if it does."""
    case, number = proposal.case, proposal.case.number
    author = case.author_of(proposal.change)
    if author is not None and person.id in case.situation.people.same_as(author.id):
        return Refused("You proposed this change of #{id}: someone else must approve it.", id=number)
    if person.id in proposal.not_theirs:
        return Refused(REFUSAL[Obstacle.BOUND], id=number)
    if not person.may_approve(at):
        return NotAllowed(REFUSAL[Obstacle.NEWCOMER], id=number)
    if person.speaks_from_a_new_address(at):
        return NotAllowed(REFUSAL[Obstacle.NEW_ADDRESS], id=number)
    return None


def against_alone(proposal: Proposal, person: Person, at: datetime) -> Refused | None:
    """Return the reason why a change does not go out on this member's word alone; None if it does.

    What takes two people is for owners, but for a restoration, which is for nobody alone.
    """
    if not proposal.rule.alone and person.role is not Role.OWNER:
        return NotAllowed("Only an owner can do that. /help shows what you can say.")
    if proposal.rule.approvals:
        return Refused("#{id} comes back only with two people: submit it.", id=proposal.case.number)
    if person.speaks_from_a_new_address(at):
        return NotAllowed(REFUSAL[Obstacle.NEW_ADDRESS])
    return None


async def asked_of(desk: Desk, situation: Situation, person: Person) -> Proposal | None:
    """Return the change of an article that waits for this person's yes; None if none does."""
    if situation.entry.state is not EntryState.PUBLISHED:
        return None
    case = await _case_of(desk, situation)
    change = case.open
    if change is None or change.state is not ChangeState.SUBMITTED or change.from_version != situation.entry.version:
        return None
    proposal = await _proposed(desk, case, change)
    return proposal if may_approve(proposal, person, desk.now) else None


async def waiting(desk: Desk, person: Person, most: int) -> Sequence[Proposal]:
    """Return the submitted changes that wait for this person's yes, oldest first."""
    changes, found = await desk.tx.submitted_changes(most), list[Proposal]()
    people = await desk.tx.everyone() if changes else None
    for change in changes:
        with suppress(Refused):  # one that can't be read keeps nobody from the others
            proposal = await asked_of(desk, await read(desk, change.article_id, people), person)
            found += [proposal] if proposal is not None else []
    return found
