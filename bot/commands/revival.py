"""A cancelled article taken back: by the button that stands under the word of it for a moment, or by /undo."""

from __future__ import annotations

from bot.commands import cards, countdown
from bot.commands.queue import article_id
from bot.commands.talk import Talk
from bot.domain.entry import EntryState
from bot.newsroom import publishing
from bot.texts import text_id


async def undo(talk: Talk, argument: str) -> None:
    """Take a cancelled article back, or stop what is about to go out."""
    number, _ = article_id(argument, text_id("/undo 12"))
    if (await talk.desk.entry(number)).state is EntryState.CANCELLED:
        await revive(talk, number)
    else:
        await countdown.undo(talk, argument)


async def revive(talk: Talk, number: int) -> None:
    situation = await publishing.revive(talk.desk, number)
    await talk.say("#{id} is back: a draft, without a time and without approvals.", id=number)
    await cards.show_card(talk, situation)
