"""Reading: what was published, as a list with a button for each story, and a story whole, as its readers got it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from bot.commands import cards
from bot.commands.marks import TOP
from bot.commands.talk import Key, Line, Talk, bold
from bot.domain import Preview, Run, Verification
from bot.domain.buttons import MoreNews, ReadStory
from bot.domain.entry import Entry, EntryState
from bot.errors import Refused
from bot.newsroom.newsroom import LATEST

#: Characters of a headline on a button.
LABEL = 40


class Shown(NamedTuple):
    """The lines of a screen and its rows of buttons."""

    lines: list[Line]
    keys: list[list[Key]]


async def latest(talk: Talk, _argument: str) -> None:
    entries = await talk.newsroom.latest(talk.tx)
    if not entries:
        await talk.say("Nothing has been published yet. Subscribe: /start")
        return
    await _show(talk, [bold(talk.words("The latest:"))], entries)


async def more(talk: Talk, press: MoreNews) -> None:
    """Show what was published before the last story of a list."""
    entries = await talk.tx.published_before(press.at, press.story, LATEST)
    if not entries:
        await talk.say("That is all we published so far. The latest: /latest")
        return
    await _show(talk, [bold(talk.words("Before that:"))], entries)


async def _show(talk: Talk, title: Sequence[Line], entries: Sequence[Entry]) -> None:
    keys, last = stories(entries), entries[-1]
    if len(entries) == LATEST and last.published_at is not None:
        keys.append([Key(talk.words("⬇️ More news"), MoreNews(last.published_at, last.id))])
    await talk.show([*title, *(headline(talk, entry) for entry in entries)], keys)


def stories(entries: Sequence[Entry]) -> list[list[Key]]:
    """Return a button for each story, which shows all of it."""
    return [[Key(f"📖 {cards.short(entry.article.headline, LABEL)}", ReadStory(entry.id))] for entry in entries]


async def read(talk: Talk, press: ReadStory) -> None:
    """Show a story as readers of this app got it, with its picture; one that is not out is nobody's to read."""
    entry = await talk.tx.entry(press.story)
    if entry is None or entry.state is not EntryState.PUBLISHED:
        raise Refused("That story is no longer there. The latest: /latest")
    await talk.preview(Preview(entry.id, entry.version, talk.chat.platform))


def headline(talk: Talk, entry: Entry) -> Line:
    """Return the line of a published article: its headline, what is not certain about it, and when it came out."""
    status = entry.article.status
    # A headline alone reads as a fact.
    doubt = ""
    if status is not None and status is not Verification.CONFIRMED:
        doubt = f" · {talk.words(cards.STATUSES[status])}"
    when = f" · {talk.when(entry.published_at)}" if entry.published_at is not None else ""
    link = "" if entry.article.is_withdrawn else entry.article.link
    return [Run("• "), Run(entry.article.headline, link=link), Run(doubt + when + _changed(talk, entry))]


def _changed(talk: Talk, entry: Entry) -> str:
    """Return the mark of the last change that readers must know of; empty if there is none."""
    last = entry.article.changes[-1] if entry.article.changes else None
    return f" · {talk.words(TOP[last.kind], at=last.at)}" if last is not None and last.kind in TOP else ""
