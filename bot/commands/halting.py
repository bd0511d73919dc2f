"""/halt and /resume: one word stops everything, another lets it go on where it stopped."""

from __future__ import annotations

from bot.commands.talk import Talk
from bot.errors import Refused


async def halt(talk: Talk, _argument: str) -> None:
    if not await talk.newsroom.halt(talk.tx, talk.person, talk.now):
        raise Refused("Everything is halted already. /resume lets it go on.")
    await talk.say("Halted: nothing leaves any more, on any platform. /resume lets it go on where it stopped.")


async def resume(talk: Talk, _argument: str) -> None:
    if not await talk.newsroom.resume(talk.tx, talk.person, talk.now):
        raise Refused("Nothing is halted. /list shows what is waiting.")
    await talk.say("It goes on where it stopped.")
