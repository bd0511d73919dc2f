"""Viber's calls to us: callbacks, signed with the token of the account that they are about."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bot.adapters.viber import inbound
from bot.adapters.viber.render import to_json
from bot.adapters.viber.screen import screen_bodies
from bot.domain import Incoming, Screen


class ViberCalls:
    """`Calls` of Viber's REST API. `sender`: under which name the first screen comes."""

    def __init__(self, token: str, channel_token: str, sender: Mapping[str, str]) -> None:
        self._tokens = {"bot": token, "channel": channel_token}
        self._sender = sender

    def verify(self, headers: Mapping[str, str], body: bytes, account: str = "bot") -> bool:
        return inbound.signed(self._tokens[account], headers, body)

    def key(self, body: bytes) -> str:
        return inbound.key(body)

    def is_replayed(self, body: bytes, now: datetime) -> bool:
        return inbound.is_replayed(body, now)

    def parse(self, body: bytes) -> Incoming | None:
        return inbound.parse(body)

    def welcome(self, screen: Screen) -> bytes:
        """As in `Calls`: one message without a receiver; text that does not fit into it is left out."""
        bodies = screen_bodies(screen, most=1)
        return to_json({"sender": self._sender, **bodies[0]}) if bodies else b""
