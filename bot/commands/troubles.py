"""Troubles of the house and its platforms, in the words of each person of the desk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from datetime import UTC, datetime, timedelta

from bot.commands import outcomes
from bot.commands.reasons import why
from bot.commands.talk import Line, Talk
from bot.domain import news
from bot.ingest.reasons import explained_of_feed
from bot.texts import text_id

#: Troubles, and ends of them, that one sentence tells; its places are named as the fields of the news.
SENTENCES: Mapping[type[news.News], str] = {
    news.PlatformDown: text_id(
        "{platform} can't be reached ({reason}). Nothing is lost: what is waiting goes out when it is back."
    ),
    news.PlatformMisconfigured: text_id(
        "{platform} refuses to serve us: {reason}. What is waiting goes out once that is fixed; “visnyk "
        "doctor” says what to do."
    ),
    news.PlatformBack: text_id("{platform} works again."),
    news.TokenShared: text_id(
        "Another program is using this bot's token on {platform} and takes away what people write to us. Stop it; "
        "if nobody knows of one, get a new token."
    ),
    news.HookFought: text_id(
        "{platform} is told again and again not to send us what people write to the bot: another program uses its "
        "token. Visnyk no longer puts that right and hears nothing there. Stop that program, then restart Visnyk."
    ),
    news.PaidRefused: text_id(
        "Telegram takes no paid messages from us ({reason}): until the next start everything goes to readers "
        "at the free rate. Is paid broadcasting on in @BotFather, and does the bot have Stars?"
    ),
    news.BroadcastsRefused: text_id(
        "{platform} does not accept broadcasts from us ({reason}): until the next start we send to each reader "
        "separately, which takes longer. Ask {platform}'s support to allow broadcasts."
    ),
    news.DiskFull: text_id(
        "The disk Visnyk runs on is full, so no article goes out. Commands, /halt and doubts are still saved. "
        "Free some space and everything continues by itself."
    ),
    news.DiskHasRoom: text_id("The disk has room again: sending continues."),
    news.ClockRight: text_id("The clock is right again."),
    news.BackupFailed: text_id(
        "The daily backup failed: {reason}. Visnyk tries again every hour. Ask whoever runs it to look: until then "
        "only older backups can be restored."
    ),
    news.BackupMade: text_id("The daily backup works again: a copy was made and checked."),
    news.RightsLost: text_id(
        "The bot can no longer post in “{title}”. Make it an administrator there with the right to post."
    ),
    news.NoTopics: text_id(
        "The bot can't create topics in the desk's group, so everything goes to the general one. Make it an "
        "administrator there with the right to manage topics: then each article gets its own."
    ),
    news.GroupMoved: text_id(
        "Telegram gave the group “{title}” a new number. Put {new} instead of {old} in newsroom.toml and "
        "restart Visnyk: until then the bot hears nobody there."
    ),
    news.Restored: text_id(
        "Visnyk was restored from a backup and does not know what went out after it, so nothing goes out by "
        "itself. Look through /list and /doubts and schedule the articles again."
    ),
}


async def tell(talk: Talk, told: news.News) -> None:
    """Tell what `SENTENCES` say of it, with the news' own values."""
    await _tell(talk, told, SENTENCES[type(told)], **_values(talk, told))


def _values(talk: Talk, told: news.News) -> dict[str, object]:
    assert is_dataclass(told) and not isinstance(told, type)
    values: dict[str, object] = asdict(told)
    if isinstance(told, news.PlatformTrouble | news.PlatformBack):
        values["platform"] = outcomes.PLATFORM_NAMES[told.platform]
    if "reason" in values:
        values["reason"] = why(talk.words, str(values["reason"])).rstrip(".")
    return values


async def _tell(talk: Talk, told: news.News, text: str, /, **values: object) -> None:
    """Say what is not well; of what came back also how often, and whether it is over."""
    again = _again(talk, told) if isinstance(told, news.Trouble) else []
    await talk.show([talk.words(text, **values), *again])


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


async def feed_fails(talk: Talk, told: news.FeedFails) -> None:
    """Tell why a feed is not read, and that it is asked again by itself."""
    reason, values = explained_of_feed(told.reason)
    text = text_id("📡 The feed “{feed}” fails: {reason}. It is asked again by itself, more and more seldom. /feeds")
    await _tell(talk, told, text, feed=told.feed, reason=talk.words(reason, **values))


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
