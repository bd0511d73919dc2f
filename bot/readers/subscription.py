"""Subscriptions: readers subscribe, fall silent and come back. Each act is one step of the caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.domain import Address
from bot.domain.entry import ReaderState
from bot.storage import Queries


async def subscribe(tx: Queries, chat: Address, language: str, now: datetime) -> bool:
    """True when the reader is new or came back."""
    before = await tx.reader_state(chat)
    await tx.set_reader(chat, ReaderState.ACTIVE, language, now)
    return before is not ReaderState.ACTIVE


async def heard_from(tx: Queries, chat: Address, language: str, now: datetime) -> bool:
    """Subscribe the writer of a first message, as on Viber. Return True if that did it; a muted reader stays muted."""
    if not await becomes_reader(tx, chat):
        return False
    await tx.set_reader(chat, ReaderState.ACTIVE, language, now)
    return True


async def becomes_reader(read: Queries, chat: Address) -> bool:
    """True if a word from this chat makes it a reader's, where any word does."""
    return await read.reader_state(chat) not in (ReaderState.ACTIVE, ReaderState.MUTED)


async def mute(tx: Queries, chat: Address, now: datetime) -> bool:
    """Send this reader nothing from now on. Return False if nothing was sent to them anyway."""
    if await tx.reader_state(chat) is not ReaderState.ACTIVE:
        return False
    await tx.set_reader(chat, ReaderState.MUTED, "", now)
    return True


async def came_back(tx: Queries, chat: Address, language: str, now: datetime) -> None:
    """Send again to a reader who unblocked us in the app; a muted one stays muted."""
    if await tx.reader_state(chat) not in (None, ReaderState.MUTED):
        await tx.set_reader(chat, ReaderState.ACTIVE, language, now)


async def has_changed_since(read: Queries, chat: Address, said: datetime) -> bool:
    """True if the reader came, left or fell silent after that was said: a word that is older changes nothing of it."""
    reader = await read.reader(chat)
    return reader is not None and reader.changed > said


#: A newsroom publishes in a language if something in it went out within this time.
PUBLISHES = timedelta(days=30)


async def settle_language(tx: Queries, chat: Address, app: str, ours: Sequence[str], now: datetime) -> str:
    """Give a new reader the language of their app, if we publish in it. Return it, because the reader must be told that
    only some of the articles come; empty if they get what the newsroom writes first and foremost.
    """
    if app not in ours[1:] or not await tx.published_in(app, now - PUBLISHES):
        return ""
    await tx.set_reads(chat, app)
    return app
