"""Subscriptions: readers subscribe, fall silent and come back. Each act is one step of the caller's transaction."""

from __future__ import annotations

from datetime import datetime

from bot.domain import Address
from bot.domain.entry import ReaderState
from bot.storage import Queries


async def subscribe(tx: Queries, chat: Address, language: str, now: datetime) -> bool:
    """True when the reader is new or came back."""
    before = await tx.reader_state(chat)
    await tx.set_reader(chat, ReaderState.ACTIVE, language, now)
    return before is not ReaderState.ACTIVE


async def heard_from(tx: Queries, chat: Address, language: str, now: datetime) -> bool:
    """On Viber the first message subscribes: True; who asked for silence keeps it."""
    if await tx.reader_state(chat) in (ReaderState.ACTIVE, ReaderState.MUTED):
        return False
    await tx.set_reader(chat, ReaderState.ACTIVE, language, now)
    return True


async def mute(tx: Queries, chat: Address, now: datetime) -> bool:
    """False when nothing was sent to this chat anyway."""
    if await tx.reader_state(chat) is not ReaderState.ACTIVE:
        return False
    await tx.set_reader(chat, ReaderState.MUTED, "", now)
    return True


async def came_back(tx: Queries, chat: Address, language: str, now: datetime) -> None:
    """Unblocked in the app: whoever was a reader is one again; who asked for silence keeps it."""
    if await tx.reader_state(chat) not in (None, ReaderState.MUTED):
        await tx.set_reader(chat, ReaderState.ACTIVE, language, now)
