"""Viber as a platform: posts, broadcasts, screens, callbacks and the examination of its set-up."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from bot.adapters.base import (
    About,
    Broadcast,
    CommandHint,
    Copies,
    Finding,
    MayLeave,
    Post,
    Receipt,
    Turn,
    WayIn,
    at_any_time,
    at_once,
    dated,
    examined,
    machine_of,
    storable,
)
from bot.adapters.viber.calls import ViberCalls
from bot.adapters.viber.client import Account, ViberClient
from bot.adapters.viber.outcome import PERSONAL_PATIENCE, translate
from bot.adapters.viber.render import ViberPost, render
from bot.adapters.viber.screen import bodies_under, screen_bodies
from bot.domain import Article, Channel, Outlet, Platform, Screen
from bot.domain.traits import Traits
from bot.errors import InDoubt, Misconfigured, NotSent, Rejected, SendError, Wait

TRAITS = Traits(
    edits=False,
    silences=False,
    batch=300,
    page_size=300,
    splits_at=6500,  # the app splits at 7,000
    animates=False,
    names_waits=False,
    group_marks=(),
    keyboard_stays=True,
    has_replies=False,
    dates_presses=True,
    counts_unanswered=True,
    writing_subscribes=True,
    free_within=timedelta(hours=24),  # docs/platforms/viber.md#price
)

#: The callbacks that we ask for; the first three come in any case. `delivered` and `seen` would come for every reader
#: and device, and nothing here rests on them.
EVENTS = ("message", "subscribed", "unsubscribed", "conversation_started", "failed")
_PATHS = {"bot": "/viber/webhook", "channel": "/viber/channel/webhook"}
#: Longest name of a sender, in characters (docs/platforms/viber.md#limits).
_NAME_LIMIT = 28


class ViberMessenger:
    """`Messenger` over Viber's REST API. `timeout`: seconds for a whole request.

    Messages and broadcasts use `token`, channel posts `channel_token`. Either may be empty; then that half is off.
    """

    platform = Platform.VIBER
    traits = TRAITS
    posts_apart = True
    #: Nothing that is in a chat can be changed.
    copies: Copies | None = None

    def __init__(
        self,
        token: str,
        *,
        api_url: str = "https://chatapi.viber.com/pa",
        channel_token: str = "",
        name: str = "Visnyk",
        public_url: str = "",
        proxy: str = "",
        timeout: float = 60.0,
    ) -> None:
        self._bot = Account("bot", token)
        self._channel = Account("channel", channel_token)
        self._sender = {"name": name[:_NAME_LIMIT]}
        self._client = ViberClient(api_url, timeout=timeout, proxy=proxy)
        self.calls = ViberCalls(token, channel_token, self._sender)
        self._superadmin = ""
        self._uri = ""
        self._public_url = public_url.rstrip("/")

    async def open(self, may_leave: MayLeave = at_any_time) -> None:
        self._client.may_leave = may_leave
        await self._client.open()

    async def close(self) -> None:
        await self._client.close()

    def render(self, article: Article, outlet: Outlet) -> ViberPost:
        return render(article, outlet)

    async def ping(self) -> None:
        await self._account_info(self._accounts()[0])

    async def publish(self, channel: Channel, post: Post, *, reply_to: int = 0) -> Receipt:
        """As in `Messenger`; nothing on Viber answers a message, so `reply_to` is ignored."""
        poster = channel.poster or await self._first_superadmin()
        try:
            return await self._publish_as(poster, post)
        except Rejected:
            # The superadmin may have changed.
            self._superadmin = ""
            if channel.poster or (newer := await self._first_superadmin()) == poster:
                raise
        return await self._publish_as(newer, post)

    def receipt(self, channel: Channel, message_id: int) -> Receipt:
        """As in `Messenger`; Viber gives posts no address."""
        return Receipt(message_id)

    async def _publish_as(self, poster: str, post: Post) -> Receipt:
        return _receipt(await self._client.call(self._channel, "post", {"from": poster, **_body(post)}))

    async def send(self, chat: str, post: Post, *, paid: bool = False, thread: int = 0, reply_to: int = 0) -> Receipt:
        """As in `Messenger`; Viber sells no speed and has no topics and no replies, so these are ignored."""
        return _receipt(await self._send(chat, _body(post)))

    async def broadcast(self, chats: Sequence[str], post: Post) -> Broadcast:
        """As in `Messenger`; raises if the whole request failed, else `failed` says whom Viber left out, and why."""
        if len(chats) > TRAITS.batch:
            raise Rejected(f"{len(chats)} readers in one request; Viber takes {TRAITS.batch}.")
        body = {"broadcast_list": list(chats), "sender": self._sender, **_body(post)}
        answer = await self._client.call(self._bot, "broadcast_message", body)
        return Broadcast(_receipt(answer).message_id, _failures(answer, frozenset(chats)))

    async def show(
        self, chat: str, screen: Screen, again: Turn = at_once, *, thread: int = 0, post: Post | None = None
    ) -> Receipt:
        """As in `Messenger`; Viber can't edit, so `replaces` is ignored."""
        receipt = Receipt(0)
        for place, body in enumerate(screen_bodies(screen) if post is None else bodies_under(_own(post), screen)):
            if place:
                await again()
            receipt = _receipt(await self._send(chat, body))
        return receipt

    async def open_topic(self, chat: str, name: str) -> int:
        """Never called: Viber's bots are in no groups."""
        raise Rejected("Viber has no topics.")

    async def rename_topic(self, chat: str, thread: int, name: str) -> None:
        """Never called, as `open_topic`."""
        raise Rejected("Viber has no topics.")

    async def fetch(self, file: str) -> bytes:
        """Never called: Viber hands out addresses, not files."""
        raise Rejected("Viber holds no files.")

    async def acknowledge(self, answer_to: str) -> None:
        """Viber shows no waiting sign."""

    async def set_menu(self, commands: Mapping[str, Sequence[CommandHint]], chat: str | None = None) -> None:
        """Viber has no command menu."""

    def invitation_link(self, code: str) -> str:
        return f"viber://pa?chatURI={self._uri}&context={code}" if self._uri else ""

    async def receive(self, public_url: str) -> None:
        """As in `Messenger`; our doors must be open: Viber calls them before it answers. There is no polling."""
        self._public_url = public_url.rstrip("/")
        if not self._public_url:
            return
        calls = (self._client.call(account, "set_webhook", self._webhook(account)) for account in self._accounts())
        # One account's trouble must not keep the other from being called.
        for outcome in await asyncio.gather(*calls, return_exceptions=True):
            if isinstance(outcome, BaseException):
                raise outcome

    async def poll(self, *, wait: bool = True) -> Sequence[bytes]:
        """Always empty: Viber has no polling."""
        return []

    async def way_in(self) -> WayIn:
        """As in `Messenger`; what Viber holds is never known: it calls again, within an hour
        (docs/platforms/viber.md#callbacks).
        """
        for account in self._accounts():
            webhook = str((await self._account_info(account)).get("webhook") or "")
            if webhook != self._public_url + _PATHS[account.name] and self._public_url:
                return WayIn(False, machine_of(webhook), at=dated(self._client.headers))
        return WayIn(True, at=dated(self._client.headers))

    async def check(self, channels: Sequence[Channel], groups: Sequence[str] = ()) -> Sequence[Finding]:
        own = [channel for channel in channels if channel.platform is Platform.VIBER]
        checks = await asyncio.gather(*(self._check_account(account, own) for account in self._accounts()))
        findings = [finding for found in checks for finding in found]
        if not self._bot.token:
            findings.append(Finding(True, "Viber bot: off (VIBER_TOKEN is empty).", about=About.CHAT))
        if own and not self._channel.token:
            advice = "Copy the channel's token (Channel info, Developer Tools) into VIBER_CHANNEL_TOKEN."
            what = "Viber channel: no token, so nothing can be posted to it."
            findings += [Finding(False, what, advice, About.CHAT, channel) for channel in own[:1]]
        return findings

    async def _send(self, chat: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        try:
            return await self._client.call(
                self._bot, "send_message", {"receiver": chat, "sender": self._sender, **body}
            )
        except Wait as wait:
            raise _personal(wait) from None

    async def _first_superadmin(self) -> str:
        if not self._superadmin:
            self._superadmin = next(iter(_superadmins(await self._account_info(self._channel))), "")
        if not self._superadmin:
            raise Misconfigured(
                "Viber names no superadmin of the channel. Set `poster` of the channel in newsroom.toml."
            )
        return self._superadmin

    async def _account_info(self, account: Account) -> Mapping[str, Any]:
        try:
            return await self._client.call(account, "get_account_info", {})
        except InDoubt as doubt:
            # This call changes nothing, and whatever was to follow it has not been sent.
            raise NotSent(doubt.reason) from None

    def _accounts(self) -> list[Account]:
        return [account for account in (self._bot, self._channel) if account.token]

    def _webhook(self, account: Account) -> dict[str, Any]:
        events = list(EVENTS) if account is self._bot else []
        return {
            "url": f"{self._public_url}{_PATHS[account.name]}",
            "event_types": events,
            "send_name": account is self._bot,
            "send_photo": False,
        }

    async def _check_account(self, account: Account, channels: Sequence[Channel]) -> list[Finding]:
        try:
            info = await examined(self._account_info(account))
        except Misconfigured as error:
            return [Finding(False, f"Viber {account.name}: {error.reason}", "Put this right, then run doctor again.")]
        except SendError as error:
            advice = "Check the internet connection, a firewall, and VIBER_API_URL."
            what = f"Viber {account.name}: Viber can't be reached: {error.reason}."
            return [Finding(False, what, advice, About.PLATFORM)]
        if account is self._bot:
            self._uri = str(info.get("uri") or "")
        findings = [Finding(True, f"Viber {account.name}: the token works for “{info.get('name', '')}”.")]
        findings.append(self._check_webhook(account, str(info.get("webhook") or "")))
        if account.channel:
            findings += [_check_poster(channel, info) for channel in channels]
        return findings

    def _check_webhook(self, account: Account, webhook: str) -> Finding:
        path = _PATHS[account.name]
        ours = webhook == self._public_url + path if self._public_url else webhook.endswith(path)
        if ours:
            return Finding(True, f"Viber {account.name}: Viber calls {webhook}.", about=About.CALLS)
        what = f"calls {machine_of(webhook)}, which is not ours" if webhook else "has no address to call"
        advice = "Set PUBLIC_URL to the https address of this server and start Visnyk: it tells Viber by itself."
        return Finding(False, f"Viber {account.name}: Viber {what}.", advice, About.CALLS)


def _body(post: Post) -> Mapping[str, Any]:
    return _own(post).body


def _own(post: Post) -> ViberPost:
    if not isinstance(post, ViberPost):
        raise TypeError(f"A {type(post).__name__} is not for Viber.")
    return post


def _receipt(answer: Mapping[str, Any]) -> Receipt:
    token = answer.get("message_token")
    return Receipt(storable(int(token)) if isinstance(token, int | str) and str(token).isdecimal() else 0)


def _failures(answer: Mapping[str, Any], chats: frozenset[str]) -> dict[str, SendError]:
    """The error for each of `chats` that the `failed_list` names."""
    entries = answer.get("failed_list")
    entries = entries if isinstance(entries, list) else []
    return {
        entry["receiver"]: _personal(translate(200, entry, None, channel=False))
        for entry in entries
        if isinstance(entry, dict) and isinstance(entry.get("receiver"), str) and entry["receiver"] in chats
    }


def _personal(error: SendError) -> SendError:
    """The error as it concerns one person: a wait is then for Viber's hour (docs/platforms/viber.md#one-person)."""
    return Wait(PERSONAL_PATIENCE, error.reason, personal=True) if isinstance(error, Wait) else error


def _superadmins(info: Mapping[str, Any]) -> list[str]:
    members = info.get("members")
    people = [person for person in members if isinstance(person, dict)] if isinstance(members, list) else []
    return [str(person["id"]) for person in people if person.get("role") == "superadmin" and person.get("id")]


def _check_poster(channel: Channel, info: Mapping[str, Any]) -> Finding:
    superadmins = _superadmins(info)
    if channel.poster in superadmins or (superadmins and not channel.poster):
        what = f"Viber channel {channel.key}: posts as a superadmin."
        return Finding(True, what, about=About.CHAT, channel=channel)
    if not superadmins:
        what, advice = f"Viber channel {channel.key}: Viber names no superadmin.", "Set `poster` in newsroom.toml."
        return Finding(False, what, advice, About.CHAT, channel)
    advice = f"Clear `poster` in newsroom.toml, or use one of: {', '.join(superadmins)}."
    what = f"Viber channel {channel.key}: `poster` is not a superadmin of it."
    return Finding(False, what, advice, About.CHAT, channel)
