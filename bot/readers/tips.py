"""Tips on their way from a reader to the desk. Each act is one step of the caller's transaction."""

from __future__ import annotations

from datetime import datetime

from bot.domain import Address
from bot.domain.news import TipCame
from bot.domain.tips import Bar, bar, may_be_one, sealed, words_of
from bot.storage import Queries


async def offer(tx: Queries, chat: Address, text: str, now: datetime) -> int | None:
    """Keep a message until its reader says whether it goes to the desk; None if it can't be a tip, or is unwanted."""
    reader, words = sealed(tx.seal_key, chat), words_of(text)
    if not may_be_one(words) or await tx.is_blocked(reader):
        return None
    return await tx.offer_tip(reader, chat.platform, words, now)


async def pass_on(tx: Queries, chat: Address, number: int, name: str, now: datetime) -> Bar | None:
    """Pass a message on to the desk; return what is in the way of that, if anything is."""
    found = bar(await tx.tip(number), await tx.tips_told(sealed(tx.seal_key, chat), now))
    if found is None:
        await tx.send_tip(number, name, now)
        await tx.announce(TipCame(number), now)
    return found


async def count(tx: Queries, chat: Address) -> int:
    """Count the messages for the desk that are kept of this chat."""
    return await tx.count_tips(sealed(tx.seal_key, chat))


async def forget(tx: Queries, chat: Address) -> None:
    """Forget the messages of this chat. That they are unwanted stays known."""
    await tx.forget_tips_of(sealed(tx.seal_key, chat))
