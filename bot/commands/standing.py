"""How an article stands with the desk, on its card: who approved, who said no and why."""

from __future__ import annotations

from datetime import timedelta

from bot.commands.talk import Line, Talk
from bot.domain.entry import Entry
from bot.domain.review import Verdict
from bot.texts import text_id

SAID_NO = {
    Verdict.CHANGES: text_id("✏️ {person} asks for changes: “{reason}”"),
    Verdict.REJECT: text_id("⛔ {person} rejected it: “{reason}”"),
}
#: A reason fills no more than two lines of a phone; all of it was sent to the author.
REASON = 50
#: Who began to edit longer ago has gone to lunch.
EDITED_WITHIN = timedelta(hours=1)


async def standing(talk: Talk, entry: Entry) -> list[Line]:
    approval, needed = talk.newsroom.approval, talk.newsroom.need(entry).approvals
    lines: list[Line] = []
    if approvers := await approval.approvers(talk.tx, entry, approval.due(entry, talk.now), talk.now):
        names = ", ".join(person.title for person in approvers)
        lines.append(talk.words("Approved: {n} of {needed}, by {names}", n=len(approvers), needed=needed, names=names))
    if editors := await editing(talk, entry.id):
        lines.append(talk.words("✏️ Being edited by {names}", names=editors))
    decision = await talk.tx.last_decision(entry.id)
    if decision is not None and decision.version == entry.version and await talk.tx.open_review(entry.id) is None:
        person = await talk.tx.person(decision.member_id)
        reason = decision.reason if len(decision.reason) <= REASON else decision.reason[:REASON].rstrip() + "…"
        lines.append(talk.words(SAID_NO[decision.verdict], person=person.title if person else "?", reason=reason))
    return lines


async def editing(talk: Talk, article_id: int) -> str:
    """Who else is about to change it; empty: nobody."""
    names = []
    for address in await talk.tx.editing(article_id, talk.now - EDITED_WITHIN):
        person = await talk.tx.person_at(address)
        if person is not None and (talk.member is None or person.id != talk.member.id):
            names.append(person.title)
    return ", ".join(names)


async def missing(talk: Talk, entry: Entry) -> int:
    """Approvals for what it is now."""
    approval = talk.newsroom.approval
    return await approval.missing(talk.tx, entry, approval.due(entry, talk.now), talk.now)
