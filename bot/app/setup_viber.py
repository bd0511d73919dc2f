"""The set-up of Viber: its costs first, then the tokens of bot and channel, each checked, and the public address."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping

from bot.errors import Refused
from bot.texts import text_id

#: The costs, as Viber publishes them; docs/viber.md has their sources.
COSTS = text_id(
    "Viber costs money, as published: new bots need a contract, with a price a month for each bot and one for each\n"
    "message that the bot begins. Answers within 24 hours after a reader wrote are free; for channel posts no fee is\n"
    "published. Ask Viber or a partner before you promise anything; docs/viber.md has more."
)
NOT_HTTPS = "It must be the https address at which Viber reaches this machine, like https://news.example.org."
#: The shape of a token: Viber's own are hexadecimal groups, and none has a space.
TOKEN = re.compile(r"[A-Za-z0-9-]{8,100}")


def token(answer: str) -> str:
    """Return a token. Raises `Refused`."""
    if not TOKEN.fullmatch(answer.strip()):
        raise Refused("It is not a token of Viber's: letters, digits and hyphens, without spaces.")
    return answer.strip()


def token_or_none(answer: str) -> str:
    return token(answer) if answer.strip() else ""


def address(answer: str) -> str:
    """Return the public address. Raises `Refused`."""
    if not re.fullmatch(r"https://[^\s/?#]+(/[^\s?#]*)?", answer.strip()):
        raise Refused(NOT_HTTPS)
    return answer.strip().rstrip("/")


def channel_of(notes: Mapping[str, str]) -> str:
    """Return the channel's part of newsroom.toml; empty if there is none."""
    if not notes.get("viber_channel"):
        return ""
    title = json.dumps(notes["viber_title"], ensure_ascii=False)
    return f'\n[[channels]]\nkey = "viber"\nplatform = "viber"\ntitle = {title}\n'


def env_of(notes: Mapping[str, str], api_url: str) -> tuple[str, ...]:
    """Return the lines of .env for Viber; none if it stays off."""
    if notes.get("viber") != "1":
        return ()
    return (
        f"VIBER_TOKEN={notes['viber_token']}",
        f"VIBER_CHANNEL_TOKEN={notes['viber_channel']}",
        f"VIBER_API_URL={api_url}",
        f"PUBLIC_URL={notes['public_url']}",
        f"WEBHOOK_SECRET={secrets.token_urlsafe(32)}",
    )
