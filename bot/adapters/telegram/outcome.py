"""Translates Telegram's answers into our errors, by the table in docs/platforms/telegram.md#errors. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

import aiohttp

from bot.adapters.pool import NEVER_LEFT
from bot.adapters.telegram.request import MayNotLeave, NotOpen
from bot.errors import (
    Gone,
    HandedBack,
    HookInTheWay,
    InDoubt,
    Misconfigured,
    NoTopic,
    NotSent,
    Rejected,
    SendError,
    TokenTaken,
    Wait,
    reason_of,
)


class WrongAddress(Misconfigured):
    """Something else than the Bot API answers at TELEGRAM_API_URL."""


#: Wait in seconds if Telegram tells us to wait but not for how long.
DEFAULT_WAIT = 30.0

#: Longest wait in seconds, even if Telegram names a longer one: within a day a person has looked into it.
LONGEST_WAIT = 86_400.0

#: Errors after which nothing has been sent.
_NEVER_LEFT: Final = (*NEVER_LEFT, NotOpen)

#: Whole texts of a 400 that is a 5xx in disguise, after which the message may exist.
_DISGUISED: Final = ("bad gateway", "gateway timeout", "internal server error", "request aborted", "timeout")

#: Texts for a person or chat that can't be reached, perhaps only for now: `chat not found` also hides faults of
#: Telegram itself.
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

#: Texts for a right that we lack in a chat.
_RIGHTS: Final = (
    "need administrator rights",
    "have no write access",
    "not enough rights",
    "chat_write_forbidden",
    "chat_admin_required",
    "chat_restricted",
    "channel_private",
)

#: Texts for a topic that is missing or closed in a chat that exists.
_TOPIC: Final = (
    "topic_closed",
    "topic_deleted",
    "topic_id_invalid",
    "message thread not found",
    "invalid message thread identifier",
)

#: Texts for a button whose address Telegram does not take.
_BUTTON: Final = ("button_url_invalid", "inline keyboard button url", "button_type_invalid")

#: Texts for formatting that Telegram does not take.
_FORMATTING: Final = ("can't parse entities", "can't parse message text", "entities_too_long", "entity_bounds_invalid")

_WEBHOOK: Final = ("webhook", "secret token")

#: The text for a message that shows a picture or a video, with its words below.
_NO_TEXT: Final = "there is no text in the message to edit"
#: The text for a message that shows only words.
_NO_CAPTION: Final = "there is no caption in the message to edit"
#: Texts for an edit that is impossible, where a new message is not.
_UNEDITABLE: Final = (
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    _NO_TEXT,
)

#: Texts for a message that is to be deleted or unpinned and is not there.
_DELETED: Final = ("message to delete not found", "message to unpin not found")
#: Texts for a change that would change nothing.
_UNCHANGED: Final = ("message is not modified", "topic_not_modified", "chat_not_modified")

_RETRY_AFTER: Final = re.compile(r"retry after (\d+)", re.IGNORECASE)


def translate(
    status: int | None, payload: Mapping[str, Any] | None, error: BaseException | None, *, channel: bool
) -> SendError:
    """The error that an exchange means, from what came back and what the HTTP client raised.

    `status` is None without an answer, `payload` if the body was no JSON object. `channel`: the request was about a
    channel, where a person has to act, and not about a reader.
    """
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
    if code == 409:
        return HookInTheWay(reason) if "webhook" in reason.lower() else TokenTaken(reason)
    if code in (401, 404, 421):
        return Misconfigured(reason)
    return Rejected(reason) if 400 <= code < 500 else InDoubt(reason)


def succeeded(status: int | None, payload: Mapping[str, Any] | None) -> bool:
    return status is not None and 200 <= status < 300 and payload is not None and payload.get("ok") is True


def arrived_without_id(payload: Mapping[str, Any] | None) -> bool:
    """True for the 500 which says that the message was sent but was deleted at once and has no number."""
    return payload is not None and "sent message was immediately deleted" in description(payload).lower()


def is_unchanged(reason: str) -> bool:
    """True if an edit was refused because it would change nothing: it counts as done."""
    return any(words in reason.lower() for words in _UNCHANGED)


def is_under_a_picture(reason: str) -> bool:
    """True if a text could not be edited because it is the caption of a picture or a video."""
    return _NO_TEXT in reason.lower()


def is_of_the_other_form(reason: str) -> bool:
    """True if an edit was refused because the message is with a picture, or without one, and was taken not to be."""
    return any(words in reason.lower() for words in (_NO_TEXT, _NO_CAPTION))


def is_deleted(reason: str) -> bool:
    """True if a message was not deleted or unpinned because it is gone already: it counts as done."""
    return any(words in reason.lower() for words in _DELETED)


def cannot_be_edited(reason: str) -> bool:
    return any(words in reason.lower() for words in _UNEDITABLE)


def moved_to(payload: Mapping[str, Any] | None) -> int | None:
    """The new id of a group that became a supergroup, None if this answer is about something else."""
    new_id = _parameter(payload, "migrate_to_chat_id")
    return new_id if isinstance(new_id, int) else None


def description(payload: Mapping[str, Any]) -> str:
    text = payload.get("description")
    return text if isinstance(text, str) else ""


def _is_refusal(payload: Mapping[str, Any]) -> bool:
    """True for a refusal in the Bot API's own form: a proxy's JSON must not cost us readers."""
    return payload.get("ok") is False and isinstance(payload.get("error_code"), int)


def _without_answer(error: BaseException | None) -> SendError:
    reason = reason_of(error) if error is not None else "no answer"
    if isinstance(error, MayNotLeave):
        return HandedBack(reason)
    if isinstance(error, _NEVER_LEFT):
        return NotSent(reason)
    if isinstance(error, aiohttp.InvalidURL):
        return WrongAddress(f"TELEGRAM_API_URL is not a web address ({reason})")
    return InDoubt(reason)


def _from_the_edge(status: int) -> SendError:
    """The error for an answer of a proxy or a dying server instead of the Bot API."""
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
    if any(sign in words for sign in _WEBHOOK):
        return Misconfigured(reason)
    button, formatting = (any(sign in words for sign in signs) for signs in (_BUTTON, _FORMATTING))
    return Rejected(reason, button=button, formatting=formatting)


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
