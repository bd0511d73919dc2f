"""Proposals: a change of an article that readers have is drafted, with its note and the mark that readers see."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain import Article
from bot.domain.change import (
    NOTE_LEAST,
    NOTE_MOST,
    RULES,
    ChangeKind,
    ChangeState,
    Mark,
    Standing,
    Tell,
)
from bot.domain.ledger import Cause
from bot.domain.misprint import Archive, Fact, text_of, touched_by
from bot.errors import Refused
from bot.newsroom import leaving
from bot.newsroom.cases import Case, Proposal, proposal_of
from bot.newsroom.desk import Desk
from bot.newsroom.refusals import LACKS
from bot.newsroom.writing import use_picture, with_earlier, with_picture

#: Changes after which no text is left.
_TAKES_OFF = frozenset({ChangeKind.RETRACTION, ChangeKind.STUB, ChangeKind.REMOVAL})
#: The latest articles of the house whose words it knows.
ARCHIVE = 400


async def stop_the_rest(desk: Desk, case: Case) -> None:
    """Let nothing more of an article leave while its retraction is written."""
    if case.situation.dossier.is_leaving:
        await leaving.stop(desk, case.situation.entry, Cause.RETRACTED)


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
    article = await with_earlier(desk, article)
    article = await with_picture(desk, article, case.article.media)
    proposed = replace(article, changes=(*case.article.changes, mark))
    await use_picture(desk, case.number, proposed)
    version = await tx.draft_version(entry, proposed, desk.address, desk.now)
    change = await tx.add_change(
        entry, kind, version, note=note, reason="", tell=_tell(case, kind), author=f"person:{desk.me.id}", now=desk.now
    )
    made = replace(entry, version=version, article=proposed)
    await desk.record("article.change_drafted", made, kind=kind, change=change.id)
    return proposal_of(desk, replace(case, changes=(*case.changes, change)), change, proposed)


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
    article, taken = case.article, [each for each in case.changes if each.kind in _TAKES_OFF and each.out_at]
    while article.is_withdrawn:
        article = await desk.tx.content(case.number, taken.pop().from_version)
    return replace(article, changes=()) if case.article.is_withdrawn else article
