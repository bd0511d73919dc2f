"""/channels: which channels and bots are the newsroom's own; and what the desk is told of those that look like them."""

from __future__ import annotations

from bot.commands.outcomes import PLATFORM_NAMES
from bot.commands.talk import Line, Talk, bold
from bot.domain import Run
from bot.domain.news import LookAlike
from bot.domain.official import Account
from bot.texts import Words


async def channels(talk: Talk, _argument: str) -> None:
    """Show every account of ours with its number, which nobody can imitate."""
    accounts, words = talk.newsroom.accounts, talk.words
    if not accounts:
        await talk.say("We have no channel of our own yet.")
        return
    lines: list[Line] = [bold(words("Only these are ours:")), *(line_of(words, each) for each in accounts)]
    if any(each.id for each in accounts):
        lines.append(words("The number never changes and can't be imitated; a name can."))
    await talk.show(lines)


def line_of(words: Words, account: Account) -> Line:
    """Return the line of one account: its platform, title, name and number, and where it is."""
    # Of the bot we know only the number, which its token begins with.
    name = f"@{account.name}" if account.name else "" if account.title or account.address else words("our bot")
    parts = [part for part in (account.title, name, account.id) if part]
    title, more = (parts[0] if parts else account.address), "".join(f" · {part}" for part in parts[1:])
    return [Run(f"• {PLATFORM_NAMES[account.platform]}: "), Run(title, link=account.address), Run(more)]


async def tell_look_alike(talk: Talk, told: LookAlike) -> None:
    """Tell the desk that readers ask about an account that looks like ours."""
    suspect = await talk.tx.suspected(told.platform, told.account)
    if suspect is None:
        return
    words, seen = talk.words, suspect.account
    called = " · ".join(part for part in (seen.title, f"@{seen.name}" if seen.name else "", seen.id) if part)
    await talk.show(
        [
            bold(words("👀 A channel looks like ours ({ours}):", ours=suspect.ours)),
            called,
            words("A reader asked about it. It may be chance: look at it before you say anything in public."),
        ]
    )
