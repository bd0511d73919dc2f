"""The way in from Telegram: the webhook that it is told, or the polls that fetch what people say."""

from __future__ import annotations

import json
from collections.abc import Sequence
from urllib.parse import urlencode

from bot.adapters.base import WayIn, dated, machine_of
from bot.adapters.telegram import inbound
from bot.adapters.telegram.answers import answered, asked
from bot.adapters.telegram.bots import Bots
from bot.adapters.telegram.render import as_field
from bot.errors import InDoubt, Misconfigured

#: Seconds for which Telegram may hold a poll open; it allows 50 (docs/platforms/telegram.md#polling).
POLL = 30


class Updates:
    """The part of `Messenger` by which updates come in. `called_at`: the address that Telegram is to call, empty if we
    poll.
    """

    def __init__(self, bots: Bots, secret: str, public_url: str) -> None:
        self._bots = bots
        self._secret = secret
        self._next = 0
        self.called_at = _called_at(public_url)

    async def receive(self, public_url: str) -> None:
        self.called_at = _called_at(public_url)
        if not public_url:
            await answered(self._bots.desk.delete_webhook(), channel=True)
            return
        if not self._secret:
            raise Misconfigured("WEBHOOK_SECRET is empty: without it anybody could pose as Telegram.")
        call = self._bots.desk.set_webhook(
            self.called_at,
            secret_token=self._secret,
            allowed_updates=inbound.ALLOWED_UPDATES,
        )
        await answered(call, channel=True)

    async def way_in(self) -> WayIn:
        info = (await asked(self._bots.desk.get_webhook_info())).get("result", {})
        url, held = str(info.get("url") or ""), info.get("pending_update_count")
        is_ours = url == self.called_at
        elsewhere, held = "" if is_ours else machine_of(url), held if isinstance(held, int) else None
        return WayIn(is_ours, elsewhere, held, dated(self._bots.request.headers))

    async def poll(self, *, wait: bool = True) -> Sequence[bytes]:
        """As in `Messenger`; python-telegram-bot would ask for ever for a batch with an update that it can't read."""
        fields = {
            "timeout": POLL if wait else 0,
            "offset": self._next,
            "allowed_updates": as_field(inbound.ALLOWED_UPDATES),
        }
        patience = self._bots.request.read_timeout + POLL
        url = self._bots.url("getUpdates")
        call = self._bots.request.post_form(url, urlencode(fields).encode(), read_timeout=patience)
        updates = (await answered(call, channel=True)).get("result")
        if not isinstance(updates, list):
            raise InDoubt("getUpdates brought no list")
        numbers = [update["update_id"] for update in updates if _is_numbered(update)]
        self._next = max(numbers, default=self._next - 1) + 1
        # Kept as ASCII, because an update may hold half a surrogate pair, which is not UTF-8.
        return [json.dumps(update).encode() for update in updates]


def _called_at(public_url: str) -> str:
    """Return the address at which Telegram is to call us, empty if we poll."""
    return f"{public_url.rstrip('/')}/telegram/webhook" if public_url else ""


def _is_numbered(update: object) -> bool:
    return isinstance(update, dict) and isinstance(update.get("update_id"), int)
