"""What readers can say, and what everyone can."""

from __future__ import annotations

from bot.commands.talk import Line, Talk, bold
from bot.domain import Run
from bot.texts import text_id


async def start(talk: Talk, _argument: str) -> None:
    newsroom = talk.newsroom
    new = await newsroom.subscribe(talk.tx, talk.chat, talk.sender.language, talk.now)
    if new:
        await talk.say("You are subscribed: our news comes here. /stop ends it, /latest shows the latest, /help helps.")
    else:
        await talk.say("You are subscribed already. /stop ends it, /latest shows the latest.")
    if newsroom.is_desk(talk.person):
        await talk.say("You are also an owner here: /queue takes an article, /help shows all commands.")


async def stop(talk: Talk, _argument: str) -> None:
    if await talk.newsroom.mute(talk.tx, talk.chat, talk.now):
        await talk.say("Done: nothing more comes here. /start brings the news back.")
    else:
        await talk.say("You are not subscribed. /start subscribes you.")


async def latest(talk: Talk, _argument: str) -> None:
    entries = await talk.newsroom.latest(talk.tx)
    if not entries:
        await talk.say("Nothing has been published yet. /start subscribes you to what comes.")
        return
    lines: list[Line] = [bold(talk.words("The latest:"))]
    for entry in entries:
        assert entry.published_at is not None
        headline = Run(entry.article.headline, link=entry.article.link)
        lines.append([Run("• "), headline, Run(f" · {talk.when(entry.published_at)}")])
    await talk.show(lines)


async def whoami(talk: Talk, _argument: str) -> None:
    if talk.newsroom.is_desk(talk.person):
        await talk.say("You are {id}, an owner of this newsroom.", id=talk.person)
    else:
        await talk.say(
            "You are {id}, a reader. To make you an owner, the newsroom adds this to OWNERS and restarts Visnyk.",
            id=talk.person,
        )


READERS_HELP = (
    ("/start", text_id("get our news here")),
    ("/stop", text_id("no more news here")),
    ("/latest", text_id("the latest articles")),
    ("/help", text_id("what you can say")),
)
DESK_HELP = (
    ("/queue", text_id("a new article: the text after it, or step by step")),
    ("/list", text_id("what is waiting")),
    ("/show 12", text_id("an article, its previews, what became of it")),
    ("/edit 12", text_id("change the text or one line of it")),
    ("/at 12 18:30", text_id("publish at a time")),
    ("/next 12", text_id("publish at the next free slot")),
    ("/now 12", text_id("publish at once")),
    ("/cancel 12", text_id("take it out of the queue")),
    ("/doubts", text_id("posts of which nobody knows whether they appeared")),
    ("/whoami", text_id("your id")),
)


async def show_help(talk: Talk, _argument: str) -> None:
    lines: list[Line] = []
    if talk.newsroom.is_desk(talk.person):
        lines += [bold(talk.words("For the desk")), *_help_lines(talk, DESK_HELP)]
        lines += ["", bold(talk.words("For readers"))]
    lines += _help_lines(talk, READERS_HELP)
    await talk.show(lines)


def _help_lines(talk: Talk, table: tuple[tuple[str, str], ...]) -> list[Line]:
    return [f"{command} — {talk.words(text)}" for command, text in table]
