"""Finds what is wrong with the set-up on Telegram's side, and says which button to press there."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import telegram

from bot.adapters.base import About, Finding, examined, machine_of
from bot.adapters.telegram.outcome import WrongAddress
from bot.domain import Channel, Platform
from bot.errors import InDoubt, Misconfigured, NotSent, SendError, Wait

#: A function that makes a call and returns its raw answer, or raises a SendError.
Ask = Callable[[Awaitable[object]], Awaitable[Mapping[str, Any]]]
#: Channels and groups that are asked about at the same time.
AT_ONCE = 10


class Examiner:
    """Asks Telegram about our tokens, channels, groups and webhook. Never raises."""

    def __init__(self, ask: Ask, api_url: str, called_at: str) -> None:
        """`called_at` is the address that Telegram is to call, empty if we poll."""
        self._ask: Ask = lambda call: examined(ask(call))
        self._api_url = api_url
        self._called_at = called_at
        self._room = asyncio.Semaphore(AT_ONCE)
        #: The name of the first bot that was asked about, without the `@`.
        self.username = ""

    async def account(self, bot: telegram.Bot, setting: str) -> tuple[Finding, int]:
        """The finding about one token, and the bot's own id (0 if Telegram did not tell it)."""
        try:
            me = _result(await self._ask(bot.get_me()))
        except WrongAddress as error:
            return self._no_answer(error), 0
        except Misconfigured as error:
            advice = f"Copy the token again from @BotFather into {setting}. Telegram said: {error.reason}."
            return Finding(False, f"Telegram does not know {setting}.", advice), 0
        except SendError as error:
            return self._no_answer(error), 0
        self.username = self.username or str(me.get("username") or "")
        return Finding(True, f"Telegram knows {setting}: @{me.get('username')}."), int(me.get("id", 0))

    async def channel(self, bot: telegram.Bot, bot_id: int, channel: Channel) -> Finding:
        try:
            chat, member = await self._seen(bot, bot_id, channel.chat)
        except SendError as error:
            return self._unseen(channel, error)
        return standing(channel, chat, member)

    async def group(self, bot: telegram.Bot, bot_id: int, group: str) -> Finding:
        """The finding about one of the desk's own groups."""
        try:
            chat, member = await self._seen(bot, bot_id, group)
        except (NotSent, InDoubt, Wait, WrongAddress) as error:
            return self._no_answer(error)
        except SendError as error:
            advice = f"Check `groups` in newsroom.toml, and add the bot to the group. Telegram said: {error.reason}."
            return Finding(False, f"Telegram shows the bot no group {group}.", advice, About.CHAT)
        return group_standing(chat, member)

    async def _seen(self, bot: telegram.Bot, bot_id: int, chat: str) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
        """A chat and our membership of it, as Telegram returns them."""
        async with self._room:
            shown = _result(await self._ask(bot.get_chat(chat)))
            return shown, _result(await self._ask(bot.get_chat_member(chat, bot_id)))

    async def webhook(self, bot: telegram.Bot) -> Finding:
        try:
            info = _result(await self._ask(bot.get_webhook_info()))
        except SendError as error:
            return self._no_answer(error)
        return delivery(info, self._called_at)

    def _unseen(self, channel: Channel, error: SendError) -> Finding:
        if isinstance(error, NotSent | InDoubt | Wait | WrongAddress):
            return self._no_answer(error)
        what = f"Telegram shows the bot no channel {channel.chat} ({_name(channel)})."
        advice = (
            "Check `chat` in newsroom.toml, then open the channel in Telegram: its name > Edit > Administrators > "
            f"Add Admin > the bot, with Post Messages switched on. Telegram said: {error.reason}."
        )
        return Finding(False, what, advice, About.CHAT, channel)

    def _no_answer(self, error: SendError) -> Finding:
        if isinstance(error, Wait):
            advice = f"Try again in {error.seconds:.0f} seconds."
            return Finding(False, "Telegram asks for patience.", advice, About.PLATFORM)
        advice = "Check the internet connection, a firewall, and TELEGRAM_API_URL."
        return Finding(False, f"Telegram can't be reached at {self._api_url}: {error.reason}.", advice, About.PLATFORM)


async def examine(
    examiner: Examiner,
    bot: telegram.Bot,
    channel_bot: telegram.Bot,
    channels: Sequence[Channel],
    groups: Sequence[str] = (),
) -> Sequence[Finding]:
    """All findings. The tokens come first: with a wrong one nothing else can be asked."""
    account, own_id = await examiner.account(bot, "TELEGRAM_TOKEN")
    findings = [account]
    poster_id = own_id
    if channel_bot is not bot:
        second, poster_id = await examiner.account(channel_bot, "TELEGRAM_CHANNEL_TOKEN")
        findings.append(second)
    if own_id:
        findings.append(await examiner.webhook(bot))
        findings += await asyncio.gather(*(examiner.group(bot, own_id, group) for group in groups))
    if poster_id:
        ours = [channel for channel in channels if channel.platform == Platform.TELEGRAM]
        findings += await asyncio.gather(*(examiner.channel(channel_bot, poster_id, channel) for channel in ours))
    return findings


def standing(channel: Channel, chat: Mapping[str, Any], member: Mapping[str, Any]) -> Finding:
    """Return whether a bot that is this `member` may post in this `chat`; both as Telegram returns them."""
    title = chat.get("title") or _name(channel)
    status = member.get("status")
    if chat.get("type") != "channel":
        return replace(_group_standing(title, status, member), channel=channel)
    if status not in ("administrator", "creator"):
        advice = f"Open {title} in Telegram: its name > Edit > Administrators > Add Admin > the bot."
        return Finding(False, f"The bot is no administrator of {title}.", advice, About.CHAT, channel)
    if status == "administrator" and not member.get("can_post_messages"):
        advice = f"Open {title} in Telegram: its name > Edit > Administrators > the bot > switch on Post Messages."
        return Finding(False, f"The bot may not post in {title}.", advice, About.CHAT, channel)
    return Finding(True, f"The bot may post in {title}.", about=About.CHAT, channel=channel)


def group_standing(chat: Mapping[str, Any], member: Mapping[str, Any]) -> Finding:
    """Return whether the bot may answer the desk in this group and open a topic for each article."""
    title = str(chat.get("title") or chat.get("id"))
    found = _group_standing(title, member.get("status"), member)
    manages = member.get("status") == "creator" or member.get("can_manage_topics")
    if found.ok and chat.get("is_forum") and not manages:
        what = f"{found.what} Without the right to manage topics all articles stand in the general one."
        return Finding(True, what, about=About.CHAT)
    return found


def _group_standing(title: str, status: object, member: Mapping[str, Any]) -> Finding:
    muted = status == "restricted" and not (member.get("is_member") and member.get("can_send_messages"))
    if status in ("left", "kicked") or muted:
        advice = (
            f"Open {title} in Telegram: its name > Add, and choose the bot; or Edit > Permissions, and let it write."
        )
        return Finding(False, f"The bot may not write in the group {title}.", advice, About.CHAT)
    return Finding(True, f"The bot may write in the group {title}.", about=About.CHAT)


def delivery(info: Mapping[str, Any], called_at: str) -> Finding:
    """Return how updates reach us, according to Telegram's WebhookInfo. `called_at` as in `Examiner`."""
    url, waiting = info.get("url"), info.get("pending_update_count", 0)
    if not url and called_at:
        return Finding(True, f"Telegram calls nobody yet; Visnyk names {called_at} when it starts.", about=About.CALLS)
    if not url:
        return Finding(True, "Telegram's updates are fetched by polling.", about=About.CALLS)
    if url != called_at:
        wanted = f"PUBLIC_URL makes it {called_at}" if called_at else "PUBLIC_URL is empty, so nobody is to be called"
        advice = f"{wanted}. Does another program use this token? Visnyk puts the address right when it starts."
        return Finding(
            False, f"Telegram delivers updates to {machine_of(str(url))}, which is not ours.", advice, About.CALLS
        )
    trouble = info.get("last_error_message")
    # The last error stays in the report for ever; it matters only while updates are waiting.
    if trouble and waiting:
        advice = f"Check that the address is reachable from outside over HTTPS, and its certificate. {waiting} waiting."
        return Finding(False, f"Telegram can't deliver to {url}: {trouble}.", advice, About.CALLS)
    return Finding(True, f"Telegram delivers updates to {url}.", about=About.CALLS)


def _result(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    result = answer.get("result")
    return result if isinstance(result, Mapping) else {}


def _name(channel: Channel) -> str:
    return channel.title or channel.key
