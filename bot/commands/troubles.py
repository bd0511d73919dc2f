"""Troubles of the house and its platforms, in the words of each person of the desk."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.commands import outcomes
from bot.commands.reasons import why
from bot.commands.talk import Line, Talk
from bot.domain import news
from bot.texts import text_id


async def _tell(talk: Talk, told: news.Trouble, text: str, /, **values: object) -> None:
    """Say what is not well; of what came back also how often, and whether it is over."""
    await talk.show([talk.words(text, **values), *_again(talk, told)])


def _again(talk: Talk, told: news.Trouble) -> list[Line]:
    lines: list[Line] = []
    if told.times > 1:
        since = talk.when(datetime.fromtimestamp(told.since, UTC))
        lines.append(
            talk.words.plural(
                "It happened {n} time since {when}.", "It happened {n} times since {when}.", told.times, when=since
            )
        )
    if told.is_over:
        lines.append(talk.words("It is over now."))
    return lines


async def platform_down(talk: Talk, told: news.PlatformDown) -> None:
    await _tell(
        talk,
        told,
        text_id("{platform} can't be reached ({reason}). Nothing is lost: what is waiting goes out when it is back."),
        platform=outcomes.PLATFORM_NAMES[told.platform],
        reason=why(talk.words, told.reason),
    )


async def platform_misconfigured(talk: Talk, told: news.PlatformMisconfigured) -> None:
    await _tell(
        talk,
        told,
        text_id(
            "{platform} refuses to serve us: {reason}. What is waiting goes out once that is fixed; “visnyk "
            "doctor” says what to do."
        ),
        platform=outcomes.PLATFORM_NAMES[told.platform],
        reason=why(talk.words, told.reason),
    )


async def paid_refused(talk: Talk, told: news.PaidRefused) -> None:
    await talk.say(
        "Telegram takes no paid messages from us ({reason}): until the next start everything goes to readers "
        "at the free rate. Is paid broadcasting on in @BotFather, and does the bot have Stars?",
        reason=why(talk.words, told.reason),
    )


async def not_for_many(talk: Talk, told: news.BroadcastsRefused) -> None:
    await talk.say(
        "{platform} does not accept broadcasts from us ({reason}): until the next start we send to each reader "
        "separately, which takes longer. Ask {platform}'s support to allow broadcasts.",
        platform=outcomes.PLATFORM_NAMES[told.platform],
        reason=why(talk.words, told.reason),
    )


async def platform_back(talk: Talk, told: news.PlatformBack) -> None:
    await talk.say("{platform} works again.", platform=outcomes.PLATFORM_NAMES[told.platform])


async def disk_full(talk: Talk, told: news.DiskFull) -> None:
    await _tell(
        talk,
        told,
        text_id(
            "The disk Visnyk runs on is full, so no article goes out. Commands, /halt and doubts are still saved. "
            "Free some space and everything continues by itself."
        ),
    )


async def disk_has_room(talk: Talk, _told: news.DiskHasRoom) -> None:
    await talk.say("The disk has room again: sending continues.")


async def clock_wrong(talk: Talk, told: news.ClockWrong) -> None:
    behind = text_id(
        "The clock of the machine Visnyk runs on is {time} behind {platform}'s: posts go out at the wrong time, and "
        "what people write to the bot may be refused. Have its time synchronised (NTP)."
    )
    ahead = text_id(
        "The clock of the machine Visnyk runs on is {time} ahead of {platform}'s: posts go out at the wrong time, and "
        "what people write to the bot may be refused. Have its time synchronised (NTP)."
    )
    span, platform = timedelta(seconds=told.behind), outcomes.PLATFORM_NAMES[told.platform]
    await _tell(talk, told, behind if told.behind > 0 else ahead, time=talk.words.duration(span), platform=platform)


async def clock_right(talk: Talk, _told: news.ClockRight) -> None:
    await talk.say("The clock is right again.")


async def backup_failed(talk: Talk, told: news.BackupFailed) -> None:
    await _tell(
        talk,
        told,
        text_id(
            "The daily backup failed: {reason}. Visnyk tries again every hour. Ask whoever runs it to look: until then "
            "only older backups can be restored."
        ),
        reason=told.reason.rstrip("."),
    )


async def backup_made(talk: Talk, _told: news.BackupMade) -> None:
    await talk.say("The daily backup works again: a copy was made and checked.")


async def rights_lost(talk: Talk, told: news.RightsLost) -> None:
    await _tell(
        talk,
        told,
        text_id("The bot can no longer post in “{title}”. Make it an administrator there with the right to post."),
        title=told.title,
    )


async def no_topics(talk: Talk, told: news.NoTopics) -> None:
    await _tell(
        talk,
        told,
        text_id(
            "The bot can't create topics in the desk's group, so everything goes to the general one. Make it an "
            "administrator there with the right to manage topics: then each article gets its own."
        ),
    )


async def token_shared(talk: Talk, told: news.TokenShared) -> None:
    await _tell(
        talk,
        told,
        text_id(
            "Another program is using this bot's token on {platform} and takes away what people write to us. Stop it; "
            "if nobody knows of one, get a new token."
        ),
        platform=outcomes.PLATFORM_NAMES[told.platform],
    )


async def hook_taken(talk: Talk, told: news.HookTaken) -> None:
    to_others = text_id(
        "{platform} was told to send what people write to the bot to {address}. Visnyk has put that right. Does "
        "another program use the bot's token?"
    )
    to_nobody = text_id(
        "{platform} was told not to send us what people write to the bot. Visnyk has put that right. Does another "
        "program use the bot's token?"
    )
    text = to_others if told.reason else to_nobody
    await _tell(talk, told, text, platform=outcomes.PLATFORM_NAMES[told.platform], address=told.reason)


async def hook_fought(talk: Talk, told: news.HookFought) -> None:
    await _tell(
        talk,
        told,
        text_id(
            "{platform} is told again and again not to send us what people write to the bot: another program uses its "
            "token. Visnyk no longer puts that right and hears nothing there. Stop that program, then restart Visnyk."
        ),
        platform=outcomes.PLATFORM_NAMES[told.platform],
    )


async def platform_held(talk: Talk, told: news.PlatformHeld) -> None:
    everything = text_id(
        "{platform} asks us to wait until {when}: posts and answers go out after that. Nothing is lost."
    )
    channels = text_id("{platform} asks us to wait until {when} with posts in channels. Nothing is lost.")
    text = everything if told.account == told.platform else channels
    until = talk.when(datetime.fromtimestamp(told.until, UTC))
    await _tell(talk, told, text, platform=outcomes.PLATFORM_NAMES[told.platform], when=until)


async def channel_waits(talk: Talk, told: news.ChannelWaits) -> None:
    dispatch = await talk.tx.dispatch(told.dispatch)
    assert dispatch is not None
    await talk.say(
        "#{id}: {where} takes no post until {when}; it goes out after that.",
        id=dispatch.article_id,
        where=outcomes.outlet_name(talk, dispatch),
        when=talk.when(datetime.fromtimestamp(told.until, UTC)),
    )
