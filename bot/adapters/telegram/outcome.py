"""What an answer of Telegram means for us, by the table of its errors. Pure; reference: Telegram 2.3."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

import aiohttp

from bot.adapters.telegram.request import NotOpen
from bot.errors import Gone, InDoubt, Misconfigured, NoTopic, NotSent, Rejected, SendError, Wait, reason_of


class WrongAddress(Misconfigured):
    """Whoever answers at TELEGRAM_API_URL is not the Bot API."""


#: Seconds, when Telegram asks for patience but does not say how long.
DEFAULT_WAIT = 30.0

#: Seconds after which we ask again, however much longer we should wait: by then somebody has looked.
LONGEST_WAIT = 86_400.0

#: Nothing was written to the wire.
_NEVER_LEFT: Final = (
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.ClientHttpProxyError,
    NotOpen,
)

#: A 400 that is another answer in disguise: an inner 5xx, after which the message may exist.
_DISGUISED: Final = ("bad gateway", "gateway timeout", "internal server error", "request aborted", "timeout")

#: This person or chat can't be reached, perhaps for now: `chat not found` also masks faults of Telegram's own.
_UNREACHABLE: Final = (
    "chat not found",
    "peer_id_invalid",
    "user_deleted",
    "user_bot_invalid",
    "user_id_invalid",
    "input_user_deactivated",
    "user not found",
    "allow_payment_required",
)

#: Rights and standing in a chat.
_RIGHTS: Final = (
    "need administrator rights",
    "have no write access",
    "not enough rights",
    "chat_write_forbidden",
    "chat_admin_required",
    "chat_restricted",
    "channel_private",
)

#: The chat is there, the topic is not.
_TOPIC: Final = (
    "topic_closed",
    "topic_deleted",
    "topic_id_invalid",
    "message thread not found",
    "invalid message thread identifier",
)

_WEBHOOK: Final = ("webhook", "secret token")

#: An edit can't do what was wanted, a new message can.
_UNEDITABLE: Final = (
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "there is no text in the message to edit",
)

_UNCHANGED: Final = ("message is not modified", "topic_not_modified")

_RETRY_AFTER: Final = re.compile(r"retry after (\d+)", re.IGNORECASE)


def translate(
    status: int | None, payload: Mapping[str, Any] | None, error: BaseException | None, *, channel: bool
) -> SendError:
    """`status` and `payload` as they came (None: nothing, or no JSON object), `error` the HTTP client's, if any."""
    if status is None:
        return _without_answer(error)
    if payload is None or not _is_refusal(payload):
        return _from_the_edge(status)
    code: int = payload["error_code"]
    reason = description(payload) or f"HTTP {status}"
    wait = _wait_of(payload)
    if code == 429 or wait is not None:
        return Wait(DEFAULT_WAIT if wait is None else wait, reason)
    if code == 400:
        return _bad_request(reason, channel=channel)
    if code == 403:
        return _forbidden(reason, channel=channel)
    if code in (401, 404, 409, 421):
        return Misconfigured(reason)
    return Rejected(reason) if 400 <= code < 500 else InDoubt(reason)


def succeeded(status: int | None, payload: Mapping[str, Any] | None) -> bool:
    return status is not None and 200 <= status < 300 and payload is not None and payload.get("ok") is True


def arrived_without_id(payload: Mapping[str, Any] | None) -> bool:
    """A 500 that says that the message was sent, but is gone again and has no id to tell."""
    return payload is not None and "sent message was immediately deleted" in description(payload).lower()


def is_unchanged(reason: str) -> bool:
    """An edit that would change nothing: what was wanted is there."""
    return any(words in reason.lower() for words in _UNCHANGED)


def cannot_be_edited(reason: str) -> bool:
    return any(words in reason.lower() for words in _UNEDITABLE)


def moved_to(payload: Mapping[str, Any] | None) -> int | None:
    """The new id of a group that became a supergroup."""
    new_id = _parameter(payload, "migrate_to_chat_id")
    return new_id if isinstance(new_id, int) else None


def description(payload: Mapping[str, Any]) -> str:
    text = payload.get("description")
    return text if isinstance(text, str) else ""


def _is_refusal(payload: Mapping[str, Any]) -> bool:
    """In the Bot API's own form: a proxy's JSON must not cost us readers."""
    return payload.get("ok") is False and isinstance(payload.get("error_code"), int)


def _without_answer(error: BaseException | None) -> SendError:
    reason = reason_of(error) if error is not None else "no answer"
    if isinstance(error, _NEVER_LEFT):
        return NotSent(reason)
    if isinstance(error, aiohttp.InvalidURL):
        return WrongAddress(f"TELEGRAM_API_URL is not a web address ({reason})")
    return InDoubt(reason)


def _from_the_edge(status: int) -> SendError:
    """A proxy or a dying server answered, not the Bot API."""
    reason = f"HTTP {status} without an answer of Telegram's"
    if status == 429:
        return Wait(DEFAULT_WAIT, reason)
    if status == 413:
        return Rejected(reason)
    if status in (401, 403, 404, 405, 407, 421) or 300 <= status < 400:
        return WrongAddress(reason)
    return InDoubt(reason)


def _bad_request(reason: str, *, channel: bool) -> SendError:
    words = reason.lower()
    inner_wait = _RETRY_AFTER.search(words)
    if inner_wait:
        return Wait(min(float(inner_wait[1]), LONGEST_WAIT), reason)
    if words.removeprefix("bad request: ") in _DISGUISED:
        return InDoubt(reason)
    if any(sign in words for sign in _TOPIC):
        return Misconfigured(reason) if channel else NoTopic(reason, strike=True)
    if any(sign in words for sign in (*_UNREACHABLE, *_RIGHTS, "upgraded to a supergroup")):
        return Misconfigured(reason) if channel else Gone(reason, strike=True)
    return Misconfigured(reason) if any(sign in words for sign in _WEBHOOK) else Rejected(reason)


def _forbidden(reason: str, *, channel: bool) -> SendError:
    return Misconfigured(reason) if channel else Gone(reason)


def _wait_of(payload: Mapping[str, Any]) -> float | None:
    seconds = _parameter(payload, "retry_after")
    if isinstance(seconds, (int, float)) and seconds >= 0:
        return min(float(seconds), LONGEST_WAIT)
    if payload.get("error_code") != 429:
        return None
    told = _RETRY_AFTER.search(description(payload))
    return min(float(told[1]), LONGEST_WAIT) if told else None


def _parameter(payload: Mapping[str, Any] | None, name: str) -> object:
    parameters = payload.get("parameters") if payload is not None else None
    return parameters.get(name) if isinstance(parameters, Mapping) else None
