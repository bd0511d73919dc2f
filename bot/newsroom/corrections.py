"""Corrections: a change of an article that readers have is approved with its note, or refused, and let out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import structlog

from bot.domain import Article
from bot.domain.afterword import FOLLOWED
from bot.domain.article import Platform
from bot.domain.change import (
    ALARMING,
    STOPS_HARM,
    Change,
    ChangeKind,
    ChangeState,
)
from bot.domain.dossier import Approval
from bot.domain.news import (
    ChangeApproved,
    ChangedAlone,
    ChangedLightly,
    ChangeSentBack,
    ChangeSubmitted,
    HaltHoldsUp,
    LeavesInSpite,
)
from bot.domain.review import Review, ReviewKind
from bot.errors import Refused
from bot.newsroom import imprint
from bot.newsroom.cases import Case, Proposal, against, against_alone, proposal_of, read_case, read_proposal
from bot.newsroom.desk import Desk
from bot.newsroom.holding import hold_follow_ups
from bot.newsroom.proposals import wall
from bot.newsroom.public_record import put_on_record
from bot.newsroom.review import ask_desk
from bot.record.entries import Act as Recorded
from bot.texts import text_id

log = structlog.get_logger(__name__)

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
    if (refusal := against(proposal, desk.me, desk.said)) is not None:
        raise refusal
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
    return proposal_of(desk, case, proposal.change, proposal.article)


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
    if (refusal := against_alone(proposal, desk.me, desk.said)) is not None:
        raise refusal
    change, missing = proposal.change, bool(proposal.missing)
    is_reviewed = missing and (proposal.rule.reviewed or not proposal.rule.alone)
    out = await _let_out(desk, proposal, alone=missing, is_reviewed=is_reviewed)
    told = ChangedAlone if change.kind in ALARMING else ChangedLightly
    await desk.announce(told(proposal.case.number, change.id, desk.me.id, desk.me.title))
    if is_reviewed:
        await _ask_to_review(desk, out)
    if out.case.situation.readiness.halted:
        await desk.announce(HaltHoldsUp(proposal.case.number, change.id, desk.me.id, desk.me.title))
    return out


async def leave_in_spite(desk: Desk, number: int, change_id: int) -> Change:
    """Let a change that stops harm leave although everything is halted, and nothing else with it."""
    case = await read_case(desk, number)
    if not case.situation.readiness.halted:
        raise Refused("Nothing is halted. /list shows what is waiting.")
    change = case.running
    if change is None or change.id != change_id or change.kind not in STOPS_HARM:
        raise Refused("That change of #{id} is no longer open. /show {id} shows how it stands.", id=number)
    await desk.record("article.goes_in_spite", case.situation.entry, kind=change.kind, change=change_id)
    await desk.tx.let_leave_in_spite(change)
    await desk.announce(LeavesInSpite(number, change_id, desk.me.id, desk.me.title))
    log.warning("change_left_in_spite_of_halt", article=number, change=change_id, member=desk.me.id)
    return change


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
    if article.about != case.article.about:
        await tx.follow(entry.id, article)
    if article.after is not None and entry.expires_at is not None and entry.expires_at > desk.now:
        await tx.end_at(entry.id, entry.expires_at)
    await hold_follow_ups(desk, entry.id)
    await imprint.make(tx, desk.house, entry.id, entry.version, article, desk.now)
    if kind in FOLLOWED:
        await tx.owe_afterwords(entry.id, desk.now)
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
