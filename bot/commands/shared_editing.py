"""Several people at one article: what stands on the desk's phones about it is true after every act."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.commands import cards, review
from bot.commands.talk import Rows, Talk, names
from bot.domain import Address, Button
from bot.domain.buttons import AboutChange
from bot.domain.chat import Kind
from bot.domain.entry import EditShown, Shown
from bot.domain.stored import AboutDispatch
from bot.newsroom.card import EDITED_WITHIN, editing
from bot.newsroom.offers import CHANGED, DISPATCHED, stands
from bot.newsroom.readiness import read
from bot.newsroom.situation import Situation
from bot.storage import Queries

#: Makes a turn in which nobody has spoken, in one chat; None where the platform is off.
TalkIn = Callable[[Address], Awaitable[Talk | None]]
_STATES = frozenset({Kind.CARD, Kind.WHOLE, Kind.QUESTION})


@dataclass(frozen=True, slots=True)
class Change:
    """Changes in who edits an article since its cards were drawn. `is_old`: an act may have changed the rest, too."""

    article_id: int
    begun: frozenset[Address]
    ended: frozenset[Address]
    is_old: bool


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
    return Change(number, frozenset(begun), ended, before.is_old)


async def bring_up_to_date(tx: Queries, change: Change, talk_in: TalkIn) -> None:
    """Redraw all that stands on phones about the article, and let nothing be offered that would be refused."""
    by_chat: dict[Address, list[Shown]] = {}
    for shown in await tx.shown_of(change.article_id):
        by_chat.setdefault(shown.chat, []).append(shown)
    for chat, messages in by_chat.items():
        if (talk := await talk_in(chat)) is not None:
            await _bring_chat_up_to_date(talk.about_article(change.article_id), change, messages)
    keyboards = await tx.keyboards()
    await _correct_unsent(tx, change.article_id, keyboards.keys(), talk_in)
    for chat, keys in keyboards.items():
        if _names(keys, change.article_id) and (talk := await talk_in(chat)) is not None and talk.member is not None:
            await _refresh_keyboard(talk, change.article_id, keys)


async def _correct_unsent(tx: Queries, number: int, chats: Collection[Address], talk_in: TalkIn) -> None:
    """Take from the keyboards that have not left yet what is offered about the article and would be refused by now: a
    message may wait for long, and come after the keyboard that was put right meanwhile.
    """
    for platform in sorted({chat.platform for chat in chats}):
        for reply, chat, screen in await tx.unsent_screens(platform):
            if chat not in chats or not _names(screen.buttons, number):
                continue
            if (talk := await talk_in(chat)) is not None and talk.member is not None:
                buttons = await _kept(talk, await read(talk.desk, number), number, screen.buttons)
                await tx.change_reply(reply, replace(screen, buttons=buttons))


def _names(rows: Rows, number: int) -> bool:
    return any(names(each.label, number) for row in rows for each in row)


async def _bring_chat_up_to_date(talk: Talk, change: Change, messages: Sequence[Shown]) -> None:
    """`messages` begin with the last. Where nothing can be redrawn, the beginning of an edit is told once."""
    if not talk.traits.edits:
        await _tell_begun(talk, change, messages[0])
        return
    situation = await read(talk.desk, change.article_id)
    live = next((each for each in messages if each.kind in _STATES), None)
    for shown in messages:
        on_it = replace(talk, message_id=shown.message_id, in_place=shown.look)
        await _bring_message_up_to_date(on_it, situation, shown, is_live=shown is live)


async def _bring_message_up_to_date(talk: Talk, situation: Situation, shown: Shown, *, is_live: bool) -> None:
    """`is_live`: it is the latest card or question of the article in this chat."""
    if talk.member is None and not talk.place.to_all:  # no longer of the desk
        await _strip(talk, shown, ())
    elif is_live:
        await _redraw(talk, situation, shown.kind)
    elif shown.kind in _STATES:
        await _fold(talk, situation)
    else:
        await _strip(talk, shown, await _standing(talk, situation, shown.keys))


async def _fold(talk: Talk, situation: Situation) -> None:
    """Turn an earlier card, which would be untrue, into a line that leads to the latest."""
    entry = situation.entry
    lines = [talk.words("#{id}: its latest card is further down.", id=entry.id), cards.short(entry.article.headline)]
    await talk.show(lines, redraw=True, article=entry.id, kind=Kind.NOTE)


async def _strip(talk: Talk, shown: Shown, rows: Rows) -> None:
    if rows != shown.keys:
        await talk.show_keys(0, rows)


async def _standing(talk: Talk, situation: Situation, rows: Rows) -> Rows:
    """Return those buttons that would still do what they say."""
    kept = [[each for each in row if await _stands(talk, situation, each)] for row in rows]
    return tuple(tuple(row) for row in kept if row)


async def _stands(talk: Talk, situation: Situation, button: Button) -> bool:
    row = await talk.tx.button(button.id, talk.chat) if button.id and not button.id.startswith("/") else None
    if row is None or row.press is None:
        return bool(button.url)
    if row.used_at is not None and not row.press.shows:
        return False
    if isinstance(row.press, AboutDispatch):
        dispatch = await talk.tx.dispatch(row.press.dispatch)
        return dispatch is not None and DISPATCHED.get(type(row.press), dispatch.state) is dispatch.state
    if isinstance(row.press, AboutChange):
        change = await talk.tx.change(row.press.change)
        if change is None or change.state is not CHANGED[type(row.press)]:
            return False
    return stands(row.press, situation, talk.reader)


async def _refresh_keyboard(talk: Talk, number: int, rows: Rows) -> None:
    """Take from the keyboard below a chat what is offered about the article and would be refused."""
    own = tuple(row for row in rows if not row[0].id.startswith("/"))
    kept = await _kept(talk, await read(talk.desk, number), number, own)
    if kept != own:
        await talk.show_keys(number, kept)


async def _kept(talk: Talk, situation: Situation, number: int, rows: Rows) -> Rows:
    """Return those buttons of a keyboard that are not about the article, or would still do what they say."""
    kept = [
        [each for each in row if not names(each.label, number) or await _stands(talk, situation, each)] for row in rows
    ]
    return tuple(tuple(row) for row in kept if row)


async def _tell_begun(talk: Talk, change: Change, shown: Shown) -> None:
    """Tell whoever probably has the article in view that somebody else began to change it."""
    own = set(talk.member.addresses) if talk.member is not None else set()
    if not change.begun - own or talk.member is None or not await _is_looked_at(talk, shown, change.article_id):
        return
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
        talk = replace(to_all.about_article(number), in_place="" if redrawn else None)
        await _redraw(talk, await read(talk.desk, number), shown.kind)


async def show_again(talk: Talk, number: int) -> None:
    """Show what was pressed as it is now, or the card if it was something else."""
    if await talk.tx.newest_shown(talk.chat, number, talk.message_id or None) is not None:
        await redraw_pressed(talk, number)
    else:
        await cards.show(talk, number, redraw=True)


async def _redraw(talk: Talk, situation: Situation, kind: Kind) -> None:
    """Draw the card or question again; a question that is no longer asked becomes the card."""
    if kind is Kind.QUESTION and await review.asked_now(talk, situation):
        await review.show_question(talk, situation, redraw=True)
    else:
        await cards.show_card(talk, situation, redraw=True, under=kind is Kind.WHOLE)


async def _is_looked_at(talk: Talk, shown: Shown, number: int) -> bool:
    """True if this person probably has the card in view and has not been told yet."""
    if shown.kind is Kind.EDITING:
        return False
    is_asked = shown.kind is Kind.QUESTION and await review.asked_now(talk, await read(talk.desk, number))
    return is_asked or shown.at > talk.now - EDITED_WITHIN
