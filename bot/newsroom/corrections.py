"""Corrections: a change of an article that readers have is proposed, approved with its note, and let out."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

import structlog

from bot.domain import Article
from bot.domain.article import Platform
from bot.domain.change import (
    NOTE_LEAST,
    NOTE_MOST,
    RULES,
    STOPS_HARM,
    Change,
    ChangeKind,
    ChangeState,
    Mark,
    No,
    Rule,
    Standing,
    Tell,
    decide,
)
from bot.domain.dossier import Approval
from bot.domain.entry import EntryState
from bot.domain.ledger import Cause
from bot.domain.life import Act
from bot.domain.misprint import Archive, Fact, text_of, touched_by
from bot.domain.news import ChangeApproved, ChangedAlone, ChangeSentBack, ChangeSubmitted
from bot.domain.people import Person, Role
from bot.domain.readiness import Obstacle
from bot.domain.review import Review, ReviewKind, binding_of
from bot.errors import NotAllowed, Refused
from bot.newsroom import imprint, leaving
from bot.newsroom.desk import Desk
from bot.newsroom.public_record import put_on_record
from bot.newsroom.readiness import read
from bot.newsroom.refusals import LACKS, REFUSAL, why_not
from bot.newsroom.review import ask_desk
from bot.newsroom.situation import Situation, approvers_of
from bot.newsroom.writing import use_picture, with_picture
from bot.record.entries import Act as Recorded
from bot.texts import text_id

log = structlog.get_logger(__name__)

#: The latest articles of the house whose words it knows.
ARCHIVE = 400
_OPEN = frozenset({ChangeState.DRAFT, ChangeState.SUBMITTED, ChangeState.COUNTING})

#: The act of each kind in the public record.
ON_RECORD = {
    ChangeKind.CHECKING: Recorded.CHECKING,
    ChangeKind.TYPO: Recorded.TYPO,
    ChangeKind.UPDATE: Recorded.UPDATED,
    ChangeKind.CLARIFICATION: Recorded.CLARIFIED,
    ChangeKind.CORRECTION: Recorded.CORRECTED,
    ChangeKind.RETRACTION: Recorded.RETRACTED,
    ChangeKind.RESTORATION: Recorded.RESTORED,
}
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


async def stop_the_rest(desk: Desk, case: Case) -> None:
    """Let nothing more of an article leave while its retraction is written."""
    if case.situation.dossier.is_leaving:
        await leaving.stop(desk, case.situation.entry, Cause.RETRACTED)


def check_seen(case: Case, version: int) -> None:
    """Refuse what was said of an older version."""
    if version != case.situation.entry.version:
        raise Refused("#{id} has changed in the meantime. /show {id} shows how it reads now.", id=case.number)


def note_of(text: str) -> str:
    """Return the note as one line. Raises `Refused` if it is too short or too long to be shown whole."""
    note = " ".join(text.split())
    if not NOTE_LEAST <= len(note) <= NOTE_MOST:
        raise Refused(
            "Readers see this sentence whole: write {least} to {most} characters. Yours has {n}.",
            least=NOTE_LEAST, most=NOTE_MOST, n=len(note),
        )  # fmt: skip
    return note


async def misprint(desk: Desk, case: Case, article: Article) -> Fact | None:
    """Return the first fact that a misprint's correction would touch; None if it is no more than that."""
    latest = await desk.tx.published_since(datetime.fromtimestamp(0, desk.now.tzinfo), ARCHIVE)
    return touched_by(case.article, article, Archive(text_of(each.article) for each in latest))


async def propose(desk: Desk, case: Case, kind: ChangeKind, article: Article, note: str = "") -> Proposal:
    """Keep a change that nobody has been asked about yet; it takes the place of an open one."""
    rule, tx, entry = RULES[kind], desk.tx, case.situation.entry
    if rule.text and not _differs(case, article):
        raise Refused("Nothing changed: article #{id} already reads like that.", id=case.number)
    if lacking := desk.house.gate.lacking(article):
        raise Refused(LACKS[lacking], id=case.number)
    if (before := case.open) is not None:
        await tx.move_change(before, ChangeState.SUPERSEDED, desk.now)
    zone, out = desk.house.timetable.zone, entry.published_at or desk.now
    mark = Mark(kind, wall(desk.now, out, zone), note, wall(out, desk.now, zone))
    article = await with_picture(desk, article, case.article.media)
    proposed = replace(article, changes=(*case.article.changes, mark))
    await use_picture(desk, case.number, proposed)
    version = await tx.draft_version(entry, proposed, desk.address, desk.now)
    change = await tx.add_change(
        entry, kind, version, note=note, reason="", tell=_tell(case, kind), author=f"person:{desk.me.id}", now=desk.now
    )
    made = replace(entry, version=version, article=proposed)
    await desk.record("article.change_drafted", made, kind=kind, change=change.id)
    return _proposal(desk, replace(case, changes=(*case.changes, change)), change, proposed)


def _differs(case: Case, article: Article) -> bool:
    return replace(article, changes=()) != replace(case.article, changes=())


def _tell(case: Case, kind: ChangeKind) -> Tell:
    """After a mere check nobody need be told that the report stands."""
    if kind is ChangeKind.RESTORATION and case.article.standing is Standing.CHECKING:
        return RULES[ChangeKind.CHECKING].tell
    return RULES[kind].tell


def wall(at: datetime, beside: datetime, zone: ZoneInfo) -> str:
    """Return a time as readers see it, with its day if that is another one than that of `beside`."""
    local, other = at.astimezone(zone), beside.astimezone(zone)
    return f"{local:%H:%M}" if local.date() == other.date() else f"{local:%d.%m %H:%M}"


def stub_of(article: Article) -> Article:
    """Return what is left of a retracted article. What it was based on stays with it, unseen."""
    return replace(article, lead="", marked_lead=(), body=(), media=None, link="", related=(), video=False)


async def restored(desk: Desk, case: Case) -> Article:
    """Return what an article said before it was retracted, or says while it is checked."""
    if not case.article.is_retracted:
        return case.article
    taken = next(each for each in reversed(case.changes) if each.kind is ChangeKind.RETRACTION and each.out_at)
    before = await desk.tx.content(case.number, taken.from_version)
    return replace(before, changes=())


async def read_proposal(desk: Desk, number: int, change_id: int, state: ChangeState, *, seen: str = "") -> Proposal:
    """Return a change that is still in this state. Raises `Refused` if it is not, or reads otherwise than `seen`."""
    case = await read_case(desk, number)
    change = next((each for each in case.changes if each.id == change_id), None)
    if change is not None and change.state is state:
        check_seen(case, change.from_version)
        made = await _proposal_of(desk, case, change)
        if seen in ("", made.binding):
            return made
    raise Refused("That change of #{id} is no longer open. /show {id} shows how it stands.", id=number)


async def _proposal_of(desk: Desk, case: Case, change: Change) -> Proposal:
    return _proposal(desk, case, change, await desk.tx.content(case.number, change.to_version))


def _proposal(desk: Desk, case: Case, change: Change, article: Article) -> Proposal:
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
    return person not in proposal.given and _against(proposal, person, now) is None


def _against(proposal: Proposal, person: Person, at: datetime) -> Refused | None:
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


async def submit(desk: Desk, number: int, change_id: int) -> Proposal:
    """Ask the desk about a change, or let it out if it takes nobody else's word."""
    proposal = await read_proposal(desk, number, change_id, ChangeState.DRAFT)
    if not proposal.missing:
        return await _let_out(desk, proposal)
    await desk.tx.move_change(proposal.change, ChangeState.SUBMITTED, desk.now)
    entry = replace(proposal.case.situation.entry, version=proposal.change.to_version, article=proposal.article)
    kind = proposal.change.kind
    await desk.record("article.change_submitted", entry, kind=kind, change=change_id, binding=proposal.binding)
    await desk.announce(ChangeSubmitted(number, change_id, desk.me.id, desk.me.title))
    return replace(proposal, change=replace(proposal.change, state=ChangeState.SUBMITTED))


async def approve(desk: Desk, number: int, change_id: int, seen: str) -> Proposal:
    """Count the actor's yes to a change with its note; with the last one it goes out."""
    proposal = await read_proposal(desk, number, change_id, ChangeState.SUBMITTED, seen=seen)
    if (against := _against(proposal, desk.me, desk.said)) is not None:
        raise against
    situation, change = proposal.case.situation, proposal.change
    ticks = sorted({*situation.need.checklist, *desk.house.gate.need(proposal.article).checklist})
    review = Review(0, number, change.to_version, ReviewKind.BEFORE, proposal.binding, desk.address, desk.now)
    await desk.tx.add_approval(review, desk.me.id, desk.address, ticks, desk.now)
    approved = _with_approval(desk, proposal, ticks)
    entry = replace(situation.entry, version=change.to_version, article=proposal.article)
    for_ = {"binding": proposal.binding, "due": None, "missing": approved.missing, "ticks": ticks}
    await desk.record("article.approved", entry, **for_)
    if approved.missing:
        return approved
    out = await _let_out(desk, approved)
    await desk.announce(ChangeApproved(number, change_id, desk.me.id, desk.me.title))
    return out


def _with_approval(desk: Desk, proposal: Proposal, ticks: Sequence[str]) -> Proposal:
    """Count the actor's yes: one for each person, however often they press."""
    case, situation = proposal.case, proposal.case.situation
    given = (*situation.dossier.approvals, Approval(desk.me.id, proposal.binding, tuple(ticks)))
    case = replace(case, situation=situation.after(desk.house, approvals=given))
    return _proposal(desk, case, proposal.change, proposal.article)


async def send_back(desk: Desk, number: int, change_id: int, seen: str) -> Proposal:
    """Say no to a change: it does not go out, and its author hears that."""
    proposal = await read_proposal(desk, number, change_id, ChangeState.SUBMITTED, seen=seen)
    await _close(desk, proposal, "article.change_sent_back")
    await desk.announce(ChangeSentBack(number, change_id, desk.me.id, desk.me.title))
    return proposal


async def discard(desk: Desk, number: int, change_id: int) -> Proposal:
    proposal = await read_proposal(desk, number, change_id, ChangeState.DRAFT)
    await _close(desk, proposal, "article.change_discarded")
    return proposal


async def _close(desk: Desk, proposal: Proposal, act: str) -> None:
    await desk.tx.move_change(proposal.change, ChangeState.STOPPED, desk.now)
    change = proposal.change
    await desk.record(act, proposal.case.situation.entry, kind=change.kind, change=change.id)


async def alone(desk: Desk, number: int, change_id: int) -> Proposal:
    """Let a change out on the actor's word."""
    return await let_out_alone(desk, await read_proposal(desk, number, change_id, ChangeState.DRAFT))


async def let_out_alone(desk: Desk, proposal: Proposal) -> Proposal:
    """Let a change out on the actor's word; what takes two people is reviewed afterwards."""
    if (against := against_alone(proposal, desk.me, desk.said)) is not None:
        raise against
    change, missing = proposal.change, bool(proposal.missing)
    is_reviewed = missing and (proposal.rule.reviewed or not proposal.rule.alone)
    out = await _let_out(desk, proposal, alone=missing, is_reviewed=is_reviewed)
    if change.kind is not ChangeKind.TYPO:
        await desk.announce(ChangedAlone(proposal.case.number, change.id, desk.me.id, desk.me.title))
    if is_reviewed:
        await _ask_to_review(desk, out)
    return out


async def _ask_to_review(desk: Desk, out: Proposal) -> None:
    """Ask somebody else to look at what one person let out."""
    entry, rules = out.case.situation.entry, desk.house.rules
    await desk.tx.close_review(entry.id, "asked_again", desk.now)
    due = desk.now + rules.remind_after
    review = await desk.tx.ask_review(
        entry, ReviewKind.AFTER, out.binding, desk.address, desk.now, remind_at=due, escalate_at=None
    )
    await ask_desk(desk, review)


async def _let_out(desk: Desk, proposal: Proposal, *, alone: bool = False, is_reviewed: bool = False) -> Proposal:
    """Let a change go out in this transaction: from its commit on nothing of an older version leaves."""
    case, kind, tx = proposal.case, proposal.change.kind, desk.tx
    standing = case.leads_to(kind)
    if case.situation.readiness.halted and kind not in STOPS_HARM:
        raise Refused(HALTED, id=case.number)
    change, article = await _dated(desk, proposal)
    entry = replace(case.situation.entry, version=change.to_version, article=article)
    approvers = sorted(each.id for each in proposal.given)
    ways = {"kind": kind, "change": change.id, "number": change.number}
    grounds: dict[str, object] = {"approvers": approvers, "alone": alone, "by_editor": proposal.rule.alone}
    if is_reviewed:
        grounds["reviewed"] = False
    await desk.record("article.changed", entry, **ways, **grounds)
    edits = [platform for platform in Platform if desk.house.traits[platform].edits]
    silent = desk.house.timetable.is_quiet(desk.now) and not article.urgent
    await tx.let_change_out(change, standing, desk.now, edits=edits, silent=silent)
    await imprint.make(tx, desk.house, entry.id, entry.version, article, desk.now)
    await put_on_record(desk, entry, ON_RECORD[kind], change.note)
    log.info("change_let_out", article=entry.id, kind=kind, change=change.id, alone=alone)
    changes = (*(each for each in case.changes if each.id != change.id), replace(change, state=ChangeState.RUNNING))
    situation = case.situation.after(desk.house, entry=entry)
    return replace(proposal, case=Case(situation, changes), change=changes[-1], article=article)


HALTED = text_id("Everything is halted, so no change goes out but a retraction or a check. /resume first.")


async def _dated(desk: Desk, proposal: Proposal) -> tuple[Change, Article]:
    """Return the change with a mark that tells when it goes out, and not when it was proposed."""
    case, change, article = proposal.case, proposal.change, proposal.article
    out = case.situation.entry.published_at or desk.now
    at = wall(desk.now, out, desk.house.timetable.zone)
    last = article.changes[-1]
    if last.at == at:
        return change, article
    dated = replace(article, changes=(*article.changes[:-1], replace(last, at=at)))
    author = case.author_of(change)
    address = author.addresses[0] if author is not None and author.addresses else desk.address
    version = await desk.tx.draft_version(case.situation.entry, dated, address, desk.now)
    await desk.tx.lead_change_to(change, version)
    return replace(change, to_version=version), dated


async def asked_of(desk: Desk, situation: Situation, person: Person) -> Proposal | None:
    """Return the change of an article that waits for this person's yes; None if none does."""
    if situation.entry.state is not EntryState.PUBLISHED:
        return None
    case = await _case_of(desk, situation)
    change = case.open
    if change is None or change.state is not ChangeState.SUBMITTED or change.from_version != situation.entry.version:
        return None
    proposal = await _proposal_of(desk, case, change)
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
