"""Expiry: when the time of an article is over, what is out of it gets a line, gives way to a stub, or is deleted."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import structlog

from bot.domain import Article
from bot.domain.article import Platform
from bot.domain.audit import SYSTEM
from bot.domain.change import BY_ITSELF, Change, ChangeKind, ChangeState, Mark, No, Tell, decide
from bot.domain.ledger import DispatchState
from bot.domain.news import ExpiredOnItsWay
from bot.errors import Refused
from bot.newsroom import imprint
from bot.newsroom.cases import Case, read_case
from bot.newsroom.desk import Desk
from bot.newsroom.holding import tell_unreadable
from bot.newsroom.proposals import stub_of, wall
from bot.newsroom.public_record import put_on_record
from bot.record.entries import Act as Recorded

log = structlog.get_logger(__name__)

#: The time between two looks whether a restoration, which nothing of this overtakes, is through.
LOOK_AGAIN = timedelta(minutes=1)
_ON_ITS_WAY = frozenset({DispatchState.READY, DispatchState.RUNNING})


async def end_due(desk: Desk) -> int:
    """End all articles whose time is over. While everything is halted they wait. Return how many were ended."""
    if await desk.tx.is_halted():
        return 0
    ended = 0
    for number in await desk.tx.ending(desk.now):
        try:
            async with desk.tx.undone_by(Refused):
                ended += await _end(desk, await read_case(desk, number))
        except Refused:  # its text or its row is damaged
            await desk.tx.end_at(number, None)
            await tell_unreadable(desk, number)
    return ended


async def _end(desk: Desk, case: Case) -> bool:
    kind = _kind_for(desk, case)
    running = case.running
    found = decide(case.article.standing, running.kind if running is not None else None, kind) if kind else No.STANDS
    is_waiting = found is No.RESTORING
    await desk.tx.end_at(case.number, desk.now + LOOK_AGAIN if is_waiting else None)
    if kind is None or isinstance(found, No):
        return False
    if case.open is not None:  # it was about a text that readers no longer have
        await desk.tx.move_change(case.open, ChangeState.SUPERSEDED, desk.now)
    await _stop_the_rest(desk, case)
    article = _ended(desk, case, kind)
    change = await _keep(desk, case, kind, article)
    entry = replace(case.situation.entry, version=change.to_version, article=article)
    await desk.record("article.expired", entry, kind=kind, change=change.id, number=change.number)
    edits = [platform for platform in Platform if desk.house.traits[platform].edits]
    await desk.tx.let_change_out(change, found, desk.now, edits=edits, silent=True)
    await imprint.make(desk.tx, desk.house, entry.id, entry.version, article, desk.now)
    await put_on_record(desk, entry, Recorded.EXPIRED)
    log.info("article_expired", article=entry.id, kind=kind, change=change.id)
    return True


def _kind_for(desk: Desk, case: Case) -> ChangeKind | None:
    """Return the change that is due; None if nothing is, or if the log does not know text and expiry as they stand."""
    entry, proven = case.situation.entry, case.situation.dossier.proven
    if case.article.after is None or entry.expires_at is None or entry.expires_at > desk.now:
        return None
    if not (proven.text and proven.expiry):
        log.error("expiry_not_proven", article=case.number)
        return None
    return BY_ITSELF[case.article.after]


async def _stop_the_rest(desk: Desk, case: Case) -> None:
    """Tell the desk where the article had not left yet: it goes no further there."""
    for dispatch in await desk.tx.dispatches(case.number):
        if dispatch.state in _ON_ITS_WAY:
            told = ExpiredOnItsWay(dispatch.id)
            await desk.tx.tell_desk(f"{told.code}:{dispatch.id}", told, desk.now)


def _ended(desk: Desk, case: Case, kind: ChangeKind) -> Article:
    """Return the article as readers see it from now on."""
    zone, out = desk.house.timetable.zone, case.situation.entry.published_at or desk.now
    mark = Mark(kind, wall(desk.now, out, zone), "", wall(out, desk.now, zone))
    article = case.article if kind is ChangeKind.EXPIRY else stub_of(case.article)
    return replace(article, changes=(*article.changes, mark))


async def _keep(desk: Desk, case: Case, kind: ChangeKind, article: Article) -> Change:
    entry = case.situation.entry
    version = await desk.tx.draft_version(entry, article, entry.author, desk.now)
    return await desk.tx.add_change(
        entry, kind, version, note="", reason="", tell=Tell.NOBODY, author=str(SYSTEM), now=desk.now
    )
