"""A later question about an article: it tells only what is new since this person looked, or that it is a reminder."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from bot.commands.fit import rows
from bot.commands.history import told
from bot.commands.outcomes import PLATFORM_NAMES
from bot.commands.talk import Line, Talk
from bot.domain import Platform
from bot.domain.seen import News, Seen, news
from bot.errors import Damaged
from bot.newsroom.situation import Situation, approved_time
from bot.texts import text_id

#: Rows of a phone that what is new may fill; if it is more, the whole post is shown.
ROOM = 10
#: A question that was put this long ago is asked once more; before, it is a new one.
ASKED_JUST_NOW = timedelta(minutes=1)

ASKED = text_id("#{id} is waiting for your approval. It goes out: {when}.")
CHANGED = text_id("#{id} was changed since you looked at it, and waits for your approval. It goes out: {when}.")
TIMED = text_id("🕒 #{id} waits for your approval: only its time was changed. It goes out: {when} (before: {before}).")
REMINDED = text_id("⏰ #{id} still waits for your approval, {long} by now. It goes out: {when}.")


def seen_now(talk: Talk, situation: Situation) -> Seen:
    """Return what a person has seen who is shown the article as it is asked about."""
    entry = situation.entry
    return Seen(entry.version, approved_time(entry, talk.now), tuple(talk.newsroom.targets(entry.article)))


async def seen(talk: Talk, number: int) -> Seen | None:
    """Return what the person who is asked has seen last, on whichever of their apps; in a group, what it has."""
    chats = talk.reader.addresses if talk.reader is not None else (talk.chat,)
    return await talk.tx.seen(chats, number, talk.said)


async def new(talk: Talk, situation: Situation) -> News | None:
    """Return what is new since this person looked; None if the whole post must be shown."""
    entry, before = situation.entry, await seen(talk, situation.entry.id)
    if before is None:
        return None
    with suppress(Damaged):
        old = entry.article if before.version == entry.version else await talk.tx.content(entry.id, before.version)
        found = news(before, seen_now(talk, situation), old, entry.article)
        return found if found is not None and rows(lines(talk, situation, found)) <= ROOM else None
    return None


def head(talk: Talk, situation: Situation, found: News | None, *, reminded: bool = False) -> str:
    """Return the first line of the question."""
    asked, number = situation.asked, situation.entry.id
    when = _when(talk, approved_time(situation.entry, talk.now))
    if asked is not None and reminded and (waited := talk.now - asked.asked_at) >= ASKED_JUST_NOW:
        return talk.words(REMINDED, id=number, when=when, long=talk.words.duration(waited))
    if found is None or found.is_none:
        return talk.words(ASKED, id=number, when=when)
    if found.is_time_alone:
        return talk.words(TIMED, id=number, when=when, before=_when(talk, found.due_before))
    return talk.words(CHANGED, id=number, when=when)


def lines(talk: Talk, situation: Situation, found: News | None) -> list[Line]:
    """Return the lines that tell what is new, of the time only where the first line does not tell it."""
    if found is None or found.is_none or found.is_time_alone:
        return []
    # The note has a line of its own on the question.
    shown = [line for change in found.changes if change.field != "note" for line in told(talk.words, change)]
    if found.time:
        shown.append(talk.words("🕒 Before: {when}", when=_when(talk, found.due_before)))
    if found.outlets:
        names = ", ".join(_names(talk, situation.readiness.outlets))
        shown.append(talk.words("📣 It now goes to: {names}", names=names or "—"))
    return shown


def _when(talk: Talk, at: datetime | None) -> str:
    return talk.when(at) if at is not None else talk.words("when an editor publishes it")


def _names(talk: Talk, outlets: Sequence[str]) -> list[str]:
    readers = [talk.words("{platform}, readers", platform=PLATFORM_NAMES[each]) for each in Platform if each in outlets]
    return [talk.newsroom.channels[key].title or key for key in outlets if key in talk.newsroom.channels] + readers
