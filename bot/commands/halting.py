"""/halt and /resume: one word stops everything; two people let it go on where it stopped."""

from __future__ import annotations

from bot.commands.talk import Key, Talk
from bot.domain import news
from bot.domain.buttons import Resume
from bot.newsroom import halting
from bot.newsroom.halting import AGREE_WITHIN, Halted, Resumed
from bot.texts import text_id

STOPPED = {
    Halted.NOW: text_id(
        "Halted: nothing leaves any more, on any platform. It goes on where it stopped when two people say /resume."
    ),
    Halted.ALREADY: text_id("Everything is halted already. /resume lets it go on."),
    Halted.WITHDRAWN: text_id("It stays halted: the wish to go on is taken back."),
}
GOES_ON = {
    Resumed.ASKED: text_id("You asked to go on. Within 15 minutes a second person must agree; one of you is an owner."),
    Resumed.DONE: text_id("It goes on where it stopped."),
}


async def halt(talk: Talk, _argument: str) -> None:
    await talk.say(STOPPED[await halting.halt(talk.desk)])


async def resume(talk: Talk, _argument: str) -> None:
    await talk.say(GOES_ON[await halting.resume(talk.desk)])


async def tell_halted(talk: Talk, told: news.Halted) -> None:
    await talk.say("{person} halted everything: nothing leaves any more. /resume lets it go on.", person=told.name)


async def tell_altered(talk: Talk, told: news.LogAltered) -> None:
    await talk.say(
        "⛔ Somebody altered the record of who did what (entry {entry}). Nothing leaves any more and nothing can be "
        "changed: “visnyk audit verify” tells more, and the latest backup from before it lets you go on.",
        entry=told.entry,
    )


async def tell_asked(talk: Talk, told: news.ResumeAsked) -> None:
    await talk.say(
        "{person} asks to end the halt. If you agree, it goes on. /halt keeps it halted.",
        person=told.name,
        keys=[[Key(talk.words("Let it go on"), Resume(), life=AGREE_WITHIN)]],
    )


async def tell_resumed(talk: Talk, told: news.Resumed) -> None:
    await talk.say("{person} ended the halt: it goes on where it stopped.", person=told.name)


async def show_present(talk: Talk) -> None:
    if await talk.tx.is_halted():
        await talk.say("Everything is halted. /resume lets it go on.")
    else:
        await talk.say("Nothing is halted. /list shows what is waiting.")
