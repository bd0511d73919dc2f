"""The commands of readers, and of everyone."""

from __future__ import annotations

from bot.commands import cards
from bot.commands.talk import Line, Talk, Word, bold
from bot.domain import Run, Verification
from bot.domain.people import Role
from bot.readers import subscription
from bot.texts import text_id

YOU_ARE = {
    Role.OWNER: text_id("You are {id}, an owner of this newsroom."),
    Role.EDITOR: text_id("You are {id}, an editor of this newsroom."),
    Role.REPORTER: text_id("You are {id}, a reporter of this newsroom."),
}


async def start(talk: Talk, _argument: str) -> None:
    new = await subscription.subscribe(talk.tx, talk.chat, talk.sender.language, talk.now)
    keys = [[Word(talk.words("Latest news"), "/latest")]]
    if new or talk.new_reader:
        text = text_id(
            "Thank you for subscribing. Our news will come here. To unsubscribe: /stop. The latest: /latest."
        )
    else:
        text = text_id("You are already subscribed. To unsubscribe: /stop. The latest: /latest.")
    await talk.say(text, keys=keys)
    if talk.member is not None:
        await talk.say("You are also on the desk here: /queue takes an article, /help shows all commands.")


async def stop(talk: Talk, _argument: str) -> None:
    if await subscription.mute(talk.tx, talk.chat, talk.now):
        keys = [[Word(talk.words("Subscribe"), "/start")]]
        await talk.say("You have unsubscribed. If you change your mind: /start", keys=keys)
    else:
        await talk.say("You are not subscribed. To subscribe: /start")


async def latest(talk: Talk, _argument: str) -> None:
    entries = await talk.newsroom.latest(talk.tx)
    if not entries:
        await talk.say("Nothing has been published yet. Subscribe: /start")
        return
    lines: list[Line] = [bold(talk.words("The latest:"))]
    for entry in entries:
        assert entry.published_at is not None
        headline = Run(entry.article.headline, link=entry.article.link)
        status = entry.article.status
        # A headline alone reads as a fact.
        doubt = ""
        if status is not None and status is not Verification.CONFIRMED:
            doubt = f" · {talk.words(cards.STATUSES[status])}"
        lines.append([Run("• "), headline, Run(f"{doubt} · {talk.when(entry.published_at)}")])
    await talk.show(lines)


async def whoami(talk: Talk, _argument: str) -> None:
    if talk.member is not None:
        lines: list[Line] = [talk.words(YOU_ARE[talk.member.role], id=talk.person)]
        others = [str(address) for address in talk.member.addresses if address != talk.person]
        if others:
            lines.append(talk.words("You are also {addresses}.", addresses=", ".join(others)))
        await talk.show(lines)
    else:
        await talk.say(
            "You are {id}, a reader. To make you an owner, the newsroom adds this to OWNERS and restarts Visnyk.",
            id=talk.person,
        )
