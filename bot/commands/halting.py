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
        "Everything is halted: nothing is sent on any platform. It continues from where it stopped once two "
        "people say /resume."
    ),
    Halted.ALREADY: text_id("Everything is already halted. To continue: /resume"),
    Halted.WITHDRAWN: text_id("Still halted. The request to continue was withdrawn."),
}
GOES_ON = {
    Resumed.ASKED: text_id(
        "You asked to continue. Within 15 minutes a second person must agree; one of you must be an owner."
    ),
    Resumed.DONE: text_id("Sending continues from where it stopped."),
}


async def halt(talk: Talk, _argument: str) -> None:
    await talk.say(STOPPED[await halting.halt(talk.desk)])


async def resume(talk: Talk, _argument: str) -> None:
    await talk.say(GOES_ON[await halting.resume(talk.desk)])


async def tell_halted(talk: Talk, told: news.Halted) -> None:
    await talk.say("{person} halted everything: nothing is being sent. To continue: /resume", person=told.name)


async def tell_altered(talk: Talk, told: news.LogAltered) -> None:
    await talk.say(
        "⛔ Someone tampered with the record of who did what (entry {entry}). Nothing is sent and nothing can "
        "be changed. “visnyk audit verify” tells more; to continue, restore the latest backup made before that.",
        entry=told.entry,
    )


async def tell_rows(talk: Talk, told: news.RowsAltered) -> None:
    await talk.say(
        "⛔ Someone changed the database by hand: {rows}. What they changed counts for nothing here. “visnyk audit "
        "verify” names all of it.",
        rows=", ".join(told.rows),
    )


async def tell_asked(talk: Talk, told: news.ResumeAsked) -> None:
    await talk.say(
        "{person} asks to end the halt. If you agree, sending continues. To stay halted: /halt",
        person=told.name,
        keys=[[Key(talk.words("Continue"), Resume(), life=AGREE_WITHIN)]],
    )


async def tell_resumed(talk: Talk, told: news.Resumed) -> None:
    await talk.say("{person} ended the halt: sending continues from where it stopped.", person=told.name)


async def show_present(talk: Talk) -> None:
    if await talk.tx.is_halted():
        await talk.say("Everything is halted. To continue: /resume")
    else:
        await talk.say("Nothing is halted. /list shows what is waiting.")
