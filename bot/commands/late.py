"""Words that are read long after they were said: what would send or time something is asked about first."""

from __future__ import annotations

from bot.commands.talk import Key, Talk
from bot.domain.buttons import ButtonPress, SayAgain


async def ask(talk: Talk, command: str, argument: str, *, shown: str = "") -> None:
    """Do nothing yet, and ask the person who said `/command argument`. `shown`: the argument as people write it."""
    await talk.say(
        "You said “{words}” {long} ago, but it is read only now. Nothing is done yet. Do it now?",
        words=f"/{command} {shown or argument}",
        long=talk.words.duration(talk.now - talk.said),
        keys=[[Key(talk.words("Yes, do it now"), SayAgain(command, argument), own=True)]],
    )


async def ask_again(talk: Talk, press: ButtonPress) -> None:
    """Do nothing yet, and ask the person who pressed a button."""
    await talk.say(
        "You pressed a button {long} ago, but it arrived only now. Nothing is done yet. Do it now?",
        long=talk.words.duration(talk.now - talk.said),
        keys=[[Key(talk.words("Yes, do it now"), press, own=True)]],
    )
