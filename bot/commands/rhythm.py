"""The newsroom's rhythm: how often it writes, which readers hear with the first word and whenever they ask."""

from __future__ import annotations

from datetime import timedelta

from bot.commands.talk import Talk

#: The time over which it is counted how often we write.
LATELY = timedelta(days=7)


async def rhythm(talk: Talk) -> str:
    """Return the sentence about how often we write, by what was published lately."""
    published, days = await talk.tx.count_published(talk.now - LATELY), LATELY // timedelta(days=1)
    if published <= days:
        return talk.words("We write when there is something to tell: not more than once a day lately.")
    return talk.words.plural("We write about {n} time a day.", "We write about {n} times a day.", -(-published // days))
