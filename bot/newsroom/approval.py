"""Approvals that no longer count: the article became something else than what the desk was asked about."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.domain.entry import Entry
from bot.domain.life import Stage
from bot.domain.news import ApprovalVoid
from bot.domain.readiness import has_other_eyes
from bot.domain.review import ReviewKind
from bot.newsroom.desk import Desk
from bot.newsroom.readiness import read_open
from bot.newsroom.situation import Situation


async def void(desk: Desk, situation: Situation, why: str) -> None:
    """Void what was approved and close the question; the people who know of that hear so."""
    entry, was_asked = situation.entry, situation.asked is not None
    await desk.tx.close_review(entry.id, why, desk.now)
    voided = await desk.tx.void_approvals(entry.id, why, desk.now)
    if voided:
        await desk.by_itself().record("article.approvals_voided", entry)
    if voided or was_asked:
        await desk.announce(ApprovalVoid(entry.id, situation.concerned, approved=voided))


def holds_for(desk: Desk, situation: Situation, at: datetime) -> bool:
    """True if all that was approved holds for the time `at` as well: it is within the slack of the time that each one
    approved, and it is given by somebody whose own yes would count.
    """
    readiness, person = situation.readiness, desk.by.person
    counted = {each.id for each in readiness.approvers.in_time}
    given = [
        each for each in situation.dossier.approvals if each.binding == readiness.binding and each.member_id in counted
    ]
    if not given or readiness.missing or person is None or not has_other_eyes(readiness, person):
        return False
    return all(each.meant is not None and abs(at - each.meant) <= desk.house.rules.slack for each in given)


async def keep(desk: Desk, situation: Situation, queued: Entry) -> Situation:
    """Let the approvals stand for the time that the article gets, by the act that gives it."""
    was, asked = situation.readiness.binding, situation.asked
    approvals = tuple(each for each in situation.dossier.approvals if each.binding == was)
    binding = situation.after(desk.house, entry=queued).readiness.binding
    assert queued.due_at is not None
    await desk.record("article.scheduled", situation.entry, due=queued.due_at.isoformat(), kept=was, binding=binding)
    await desk.tx.keep_approvals(queued.id, was, binding, desk.now)
    if asked is not None:
        await desk.tx.close_review(queued.id, "approved", desk.now)
    return situation.after(
        desk.house, asked=None, approvals=tuple(replace(each, binding=binding) for each in approvals)
    )


async def void_outdated(desk: Desk) -> None:
    """Void, at a start, the questions whose articles newsroom.toml now sends elsewhere than the desk was asked."""
    for situation in await read_open(desk):
        asked, readiness = situation.asked, situation.readiness
        if asked is None or asked.kind is not ReviewKind.BEFORE or readiness.stage is Stage.COUNTING:
            continue
        if asked.binding != readiness.binding:
            await void(desk, situation, "changed")
