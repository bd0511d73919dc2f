"""Several people at one article: its cards on the desk's phones show who edits it, and what was changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bot.commands import cards, review
from bot.commands.talk import Talk
from bot.domain import Address
from bot.domain.chat import Kind
from bot.domain.entry import EditShown, Shown
from bot.newsroom.card import EDITED_WITHIN, editing
from bot.newsroom.readiness import read
from bot.storage import Queries


@dataclass(frozen=True, slots=True)
class Change:
    """Changes in who edits an article since its cards were drawn. `is_old`: the cards are out of date."""

    article_id: int
    begun: frozenset[Address]
    ended: frozenset[Address]
    is_old: bool
    changed_by: Address | None


async def changes(tx: Queries, now: datetime) -> list[Change]:
    """Return the changes since the last call, which remembers them."""
    editors, shown = await tx.editing(now - EDITED_WITHIN), await tx.edits_shown()
    found = []
    for number in sorted(editors.keys() | shown.keys()):
        people, before = editors.get(number, {}), shown.get(number, EditShown())
        until = min(people.values()) + EDITED_WITHIN if people else None
        if before != EditShown(frozenset(people), until):
            await tx.keep_edit_shown(number, people, until)
        if before.people != people.keys() or before.is_old:
            found.append(_change(number, people, before))
    return found


def _change(number: int, people: Mapping[Address, datetime], before: EditShown) -> Change:
    begun, ended = people.keys() - before.people, before.people - people.keys()
    return Change(number, frozenset(begun), ended, before.is_old, before.changed_by)


async def show(talk: Talk, change: Change) -> None:
    """Show a change in one chat if the article stands there. Where nothing can be redrawn, a beginning is told once."""
    shown = await talk.tx.newest_shown(talk.chat, change.article_id)
    if shown is None or not _is_news(talk, change):
        return
    talk = talk.about_article(change.article_id)
    if talk.traits.edits:
        await _redraw(replace(talk, message_id=shown.message_id, in_place=True), change.article_id, shown.kind)
    elif change.begun and await _is_looked_at(talk, shown, change.article_id):
        situation = await read(talk.desk, change.article_id)
        names = ", ".join(person.title for person in await editing(talk.desk, situation, talk.reader))
        text = talk.words("⚠️ #{id} is being edited right now by {names}.", id=change.article_id, names=names)
        await talk.show([text], article=change.article_id, kind=Kind.EDITING)


async def redraw_pressed(talk: Talk, number: int) -> None:
    """Show the pressed card or question as it is now; where nothing can be redrawn, once more below."""
    redrawn = talk.traits.edits and talk.message_id > 0
    shown = await talk.tx.newest_shown(talk.chat, number, talk.message_id if redrawn else None)
    if shown is not None:
        to_all = talk.to_everybody() if talk.in_group else talk
        await _redraw(replace(to_all.about_article(number), in_place=redrawn), number, shown.kind)


async def show_again(talk: Talk, number: int) -> None:
    """Show what was pressed as it is now, or the card if it was something else."""
    if await talk.tx.newest_shown(talk.chat, number, talk.message_id or None) is not None:
        await redraw_pressed(talk, number)
    else:
        await cards.show(talk, number, redraw=True)


def _is_news(talk: Talk, change: Change) -> bool:
    """True unless it is this person's own doing: what they changed stands in their chat already."""
    if change.is_old and change.changed_by != talk.chat:
        return True
    return not (change.begun | change.ended) <= set(talk.member.addresses if talk.member is not None else ())


async def _redraw(talk: Talk, number: int, kind: Kind) -> None:
    """Draw the card or question again; a question that is no longer asked becomes the card."""
    situation = await read(talk.desk, number)
    if kind is Kind.QUESTION and await review.asked_now(talk, situation):
        await review.show_question(talk, situation, redraw=True)
    else:
        await cards.show_card(talk, situation, redraw=True)


async def _is_looked_at(talk: Talk, shown: Shown, number: int) -> bool:
    """True if this person probably has the card in view and has not been told yet."""
    if shown.kind is Kind.EDITING:
        return False
    is_asked = shown.kind is Kind.QUESTION and await review.asked_now(talk, await read(talk.desk, number))
    return is_asked or shown.at > talk.now - EDITED_WITHIN
