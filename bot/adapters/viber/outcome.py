"""Translates Viber's answers into our errors, by the table in docs/platforms/viber.md#error-codes. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import aiohttp

from bot.adapters.pool import NEVER_LEFT
from bot.errors import Gone, InDoubt, Misconfigured, NotForMany, NotSent, Rejected, SendError, Wait, reason_of

#: First guess of a wait, in seconds: with its code 12 Viber names none.
PATIENCE = 1.0
#: Wait, in seconds, for a person who got too many messages without answering (docs/platforms/viber.md#one-person).
PERSONAL_PATIENCE = 3_600.0

#: Sentences for the desk by code. `{token}` is the setting that holds the token in question.
_SETUP = {
    1: "Viber does not accept the webhook address. Check that PUBLIC_URL is https with a certificate of a known CA.",
    2: "Viber does not know this token. Copy it again from the app into {token}.",
    7: "Viber has blocked this account. Write to Viber support; nothing goes out until they lift it.",
    8: "There is no Viber account for this token. Check {token}.",
    9: "Viber has suspended this account. Write to Viber support; nothing goes out until they lift it.",
    10: "This Viber account has no webhook. Set PUBLIC_URL and start again, or run doctor.",
    15: "This Viber account is not authorised. Ask Viber support to approve it.",
    18: "This token can't post to a channel. Put the channel's own token (Channel info, Developer Tools) into {token}.",
    22: "This Viber bot has no payments. Ask Viber support.",
    23: "The free Viber messages of this month are used up. Resume on the 1st (UTC), or agree on paid messages.",
    24: "The Viber balance is used up. Top it up with Viber or your partner, then resume.",
}

#: Our errors by code.
_CODES: Mapping[int, Callable[[str], SendError]] = {
    3: Rejected,
    4: Rejected,
    5: Gone,
    6: Gone,
    11: lambda reason: Gone(reason, strike=True),
    12: lambda reason: Wait(PATIENCE, reason, guessed=True),
    13: Rejected,
    14: Rejected,
    16: Rejected,
    17: Rejected,
    19: NotForMany,
    20: lambda reason: NotForMany(reason, always=True),
    21: lambda reason: Gone(reason, strike=True),
}


def status_of(payload: Mapping[str, Any] | None) -> int | None:
    """Viber's own status, which some have seen as a JSON string; None if the answer has none."""
    status = payload.get("status") if payload else None
    if isinstance(status, bool) or not isinstance(status, int | str):
        return None
    try:
        return int(status)
    except ValueError:
        return None


def translate(
    http_status: int | None, payload: Mapping[str, Any] | None, error: BaseException | None, *, channel: bool
) -> SendError:
    """The error for an exchange that did not simply succeed.

    `error` is the exception that the client raised, if any; `payload` is None if the answer was not a JSON object.
    `channel`: the request was made by the channel's account.
    """
    if error is not None:
        return _broken(error)
    if http_status == 429:
        return Wait(PATIENCE, "HTTP 429", guessed=True)
    if http_status == 404:
        return Misconfigured("There is no such address at Viber (HTTP 404). Check VIBER_API_URL.")
    status = status_of(payload)
    if payload is None or not status or http_status is None or http_status >= 500:
        return InDoubt(f"HTTP {http_status} without a usable answer")
    if http_status != 200 and status not in _CODES and status not in _SETUP:
        # Viber itself answers 200, so this is the JSON of some proxy.
        return InDoubt(f"HTTP {http_status} with status {status}")
    return _told(status, str(payload.get("status_message", "")), channel=channel)


def _broken(error: BaseException) -> SendError:
    reason = reason_of(error)
    if isinstance(error, aiohttp.InvalidURL):
        return Misconfigured(f"VIBER_API_URL is not an address ({reason}).")
    return NotSent(reason) if isinstance(error, NEVER_LEFT) else InDoubt(reason)


def _told(status: int, message: str, *, channel: bool) -> SendError:
    reason = f"{status} {message}".rstrip()
    if status in _SETUP:
        advice = _SETUP[status].format(token="VIBER_CHANNEL_TOKEN" if channel else "VIBER_TOKEN")
        return Misconfigured(f"{advice} (Viber: {reason})")
    return _CODES.get(status, Rejected)(reason)
