"""How an article stands with the desk, on its card: who approved, who said no and why."""

from __future__ import annotations

from datetime import timedelta

from bot.commands.fit import Part, Weight, clip, weighed
from bot.commands.talk import Line, Talk
from bot.domain.entry import Entry, EntryState
from bot.domain.people import Person
from bot.domain.review import Verdict
from bot.newsroom import approval
from bot.newsroom.newsroom import IN_HOUSE
from bot.texts import text_id

SAID_NO = {
    Verdict.CHANGES: text_id("✏️ {person} asks for changes: “{reason}”"),
    Verdict.REJECT: text_id("⛔ {person} rejected it: “{reason}”"),
}
#: A reason fills no more than two lines of a phone; all of it was sent to the author.
REASON = 50
#: So many people are named on a card, each in so many characters.
NAMED = 3
NAME = 20
#: Who began to edit longer ago has gone to lunch.
EDITED_WITHIN = timedelta(hours=1)


async def standing(talk: Talk, entry: Entry) -> list[Part]:
    parts = weighed(Weight.NEEDED, await _approved(talk, entry))
    if editors := await editing(talk, entry.id):
        parts.append((Weight.STANDING, clip(talk.words("✏️ Being edited by {names}", names=editors), 2)))
    decision = await talk.tx.last_decision(entry.id)
    if decision is not None and decision.version == entry.version and await talk.tx.open_review(entry.id) is None:
        person = await talk.tx.person(decision.member_id)
        reason = decision.reason if len(decision.reason) <= REASON else decision.reason[:REASON].rstrip() + "…"
        name = _name(person) if person else "?"
        parts.append((Weight.STANDING, talk.words(SAID_NO[decision.verdict], person=name, reason=reason)))
    return parts


async def _approved(talk: Talk, entry: Entry) -> list[Line]:
    """By whom, and what keeps it from being approved."""
    desk, needed = talk.desk, talk.newsroom.need(entry).approvals
    few = await too_few(talk, entry)
    approvers = await approval.approvers(desk, entry, approval.due(desk, entry))
    if not approvers:
        is_due = needed and entry.state is EntryState.QUEUED and not few
        return [talk.words("⚠️ Not approved for that time: it does not go out like this")] if is_due else few
    names = ", ".join(_name(person) for person in approvers[:NAMED])
    if len(approvers) > NAMED:
        names += " " + talk.words.plural("… and {n} more", "… and {n} more", len(approvers) - NAMED)
    n = len(approvers)
    return [talk.words("Approved: {n} of {needed}, by {names}", n=n, needed=max(needed, n), names=names), *few]


def _name(person: Person) -> str:
    return person.title if len(person.title) <= NAME else person.title[:NAME].rstrip() + "…"


async def too_few(talk: Talk, entry: Entry) -> list[Line]:
    """Said before somebody waits for approvals that can't come: the desk has not the people for it."""
    needed = talk.newsroom.need(entry).approvals
    if not needed or entry.state not in IN_HOUSE:
        return []
    possible = await approval.possible(talk.desk, entry.id)
    if possible >= needed:
        return []
    if not possible:
        return [talk.words("⚠️ Nobody else may approve it yet. An owner brings somebody: /invite editor")]
    return [
        talk.words(
            "⚠️ Approvals needed: {needed}, people who may give one: {n}. An owner brings more: /invite editor",
            needed=needed,
            n=possible,
        )
    ]


async def editing(talk: Talk, article_id: int) -> str:
    """Who else is about to change it; in a group, which all read, who at all. Empty: nobody."""
    names = []
    me = talk.member if not talk.in_group else None
    at_it = await talk.tx.editing(talk.now - EDITED_WITHIN)
    for address in at_it.get(article_id, ()):
        person = await talk.tx.person_at(address)
        if person is not None and (me is None or person.id != me.id):
            names.append(person.title)
    return ", ".join(names)


async def missing(talk: Talk, entry: Entry) -> int:
    """Approvals for what it is now."""
    return await approval.missing(talk.desk, entry, approval.due(talk.desk, entry))
