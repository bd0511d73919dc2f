"""Telegram's answers: the raw answer of a call, read as a receipt or as one of our errors."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from telegram.error import ChatMigrated, TelegramError

from bot.adapters.base import Receipt, storable
from bot.adapters.telegram import inbound, outcome
from bot.adapters.telegram.request import Answer, recording
from bot.errors import InDoubt, SendError

#: Errors that python-telegram-bot raises for an answer of 200 that it can't read; the raw answer decides then.
_UNREADABLE = (TelegramError, *inbound.MALFORMED)

#: The beginning of the answer to a message that was sent. An answer with the number 0 is read whole.
_NUMBER = re.compile(rb'\{\s*"ok":\s*true,\s*"result":\s*\{\s*"message_id":\s*([1-9]\d{0,17}),')


async def answered(call: Awaitable[object], *, channel: bool) -> Mapping[str, Any]:
    """Return the raw answer of a call that succeeded; the one place where failures become our errors."""
    error: Exception | None = None
    with recording() as answer:
        try:
            await call
        except _UNREADABLE as raised:
            error = raised
    return judged(answer, error, channel=channel)


async def asked(call: Awaitable[object]) -> Mapping[str, Any]:
    """Return the raw answer to a question about the set-up, where a person has to act on a refusal."""
    return await answered(call, channel=True)


def judged(answer: Answer, error: Exception | None, *, channel: bool) -> Mapping[str, Any]:
    """Return what a raw answer holds. Raises the `SendError` that it, or what the HTTP client raised, means."""
    payload = answer.payload
    if outcome.succeeded(answer.status, payload):
        return payload or {}
    if outcome.arrived_without_id(payload):
        return {"result": {"message_id": 0}}
    moved = outcome.moved_to(payload)
    if moved:
        error = ChatMigrated(moved)
    raise outcome.translate(answer.status, payload, error and (error.__cause__ or error), channel=channel) from error


def receipt_at_a_glance(answer: Answer) -> Receipt | None:
    """The receipt in a raw answer that begins as usual, else None: reading only the number costs a third of parsing."""
    told = _NUMBER.match(answer.body) if answer.status == 200 else None
    return Receipt(int(told[1])) if told else None


def receipt_of(answer: Mapping[str, Any], chat: str) -> Receipt:
    """The receipt in an answer. Raises `InDoubt` if a 200 carries no message number."""
    message = answer.get("result")
    number = message.get("message_id") if isinstance(message, dict) else None
    if not isinstance(number, int) or not isinstance(message, dict):
        raise InDoubt("Telegram's answer names no message")
    told = message.get("chat")
    told = told if isinstance(told, dict) else {}
    number = storable(number)
    return Receipt(number, inbound.post_link(str(told.get("id", chat)), _username(told), number))


def _username(chat: Mapping[str, Any]) -> str | None:
    """The public name of a channel or group; None for a person, whose name makes no link to a message."""
    return chat.get("username") if chat.get("type") in ("channel", "supergroup") else None


async def following(chat: str, send: Callable[[str], Awaitable[Receipt]]) -> Receipt:
    """Send, and retry once with the new id if the group became a supergroup (docs/platforms/telegram.md#groups)."""
    try:
        return await send(chat)
    except SendError as failed:
        return await send(new_number(failed))


def new_number(failed: SendError) -> str:
    """The new id of a group that became a supergroup: nothing arrived under the old one. Else raises `failed`."""
    moved = failed.__cause__
    if not isinstance(moved, ChatMigrated):
        raise failed
    return str(moved.new_chat_id)
