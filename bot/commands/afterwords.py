"""Afterwords: whoever asked whether a text is ours hears when that article was corrected, retracted or restored."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from bot.commands import checking, reading
from bot.commands.switchboard import Switchboard
from bot.commands.talk import Line, Talk
from bot.domain import Sender
from bot.domain.afterword import Afterword, is_free, owed
from bot.domain.change import ChangeKind
from bot.domain.entry import ReaderState
from bot.domain.grounds import Unasked
from bot.domain.patience import Urge
from bot.errors import Damaged
from bot.storage import Queries
from bot.texts import text_id

#: People who are told in one transaction.
BATCH = 20

SAYS: Mapping[ChangeKind, str] = {
    ChangeKind.CORRECTION: text_id("❗ You asked us about a text. We have corrected that article since:"),
    ChangeKind.RETRACTION: text_id(
        "⛔ You asked us about a text. We have taken that article back since. Please don't pass it on:"
    ),
    ChangeKind.RESTORATION: text_id(
        "✅ You asked us about a text that was in doubt. We have checked it, and it stands:"
    ),
}


async def tell(board: Switchboard, tx: Queries, now: datetime) -> None:
    """Tell some of those who are due; the commit rings for the rest."""
    for each in await tx.due_afterwords(now, BATCH):
        with suppress(Damaged):
            if await _waits(board, tx, each, now):
                await tx.await_word(each)
                continue
        await tx.end_afterword(each)


async def _waits(board: Switchboard, tx: Queries, each: Afterword, now: datetime) -> bool:
    """Tell one person, unless there is nothing to tell. True if that must wait for a word of theirs."""
    if each.chat.platform not in board.platforms:
        return False
    talk = await board.talk(tx, Sender(each.chat, language=each.language), each.chat, now)
    changes = await tx.changes(each.article)
    what = owed(changes, each.heard_at)
    if what is None or talk.member is not None or not await _may_hear(tx, each):
        return False
    if not is_free(each.spoke_at, talk.traits.free_within, now):
        return True
    await _say(replace(talk, unasked=Unasked(must_arrive=True, urge=Urge.MUST)), each, what)
    await tx.heard_afterword(each, now)
    return False


async def _may_hear(tx: Queries, each: Afterword) -> bool:
    """False for somebody who left since they asked, and for a reader whose copy is put right and who is told so."""
    reader = await tx.reader(each.chat)
    if reader is not None and reader.state is not ReaderState.ACTIVE and reader.changed >= each.asked_at:
        return False
    return not await tx.is_told_as_holder(each)


async def _say(talk: Talk, each: Afterword, what: ChangeKind) -> None:
    entry = await talk.tx.entry(each.article)
    if entry is None:
        return
    note = next((mark.note for mark in reversed(entry.article.changes) if mark.kind is what), "")
    lines: list[Line] = [talk.words(SAYS[what]), *([note] if note else []), reading.headline(talk, entry)]
    await talk.show(lines, await checking.original(talk, entry), name=f"afterword {each.article}")
