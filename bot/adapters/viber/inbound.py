"""Parses Viber's callbacks, from the JSON itself: viberbot raises on events that it does not know.

What they hold is in docs/platforms/viber.md#callbacks.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.adapters.text import is_web_link
from bot.adapters.viber.keyboard import pressed
from bot.adapters.viber.marks import JOINER
from bot.domain import (
    Address,
    Attachment,
    AttachmentKind,
    ChatKind,
    Event,
    Failed,
    Incoming,
    Left,
    Media,
    MediaKind,
    Opened,
    Platform,
    Pressed,
    Returned,
    Run,
    Said,
    Sender,
)

Json = Mapping[str, Any]

#: Time for which Viber repeats a callback that nobody takes (docs/platforms/viber.md#callbacks).
REPEATED_FOR = timedelta(hours=1)
#: Longest time by which Viber's clock may be ahead of ours.
AHEAD = timedelta(minutes=5)
#: Digits of the hash of a user's id that a key holds.
OF_USER = 16
_SIGNATURE = "x-viber-content-signature"
_ATTACHMENTS = {
    "file": AttachmentKind.FILE,
    "sticker": AttachmentKind.STICKER,
    "location": AttachmentKind.PLACE,
    "contact": AttachmentKind.CONTACT,
    "picture": AttachmentKind.OTHER,
    "video": AttachmentKind.OTHER,
}
_KINDS = {"picture": MediaKind.PHOTO, "video": MediaKind.VIDEO}
#: The name of a file that is a picture.
_PICTURE = re.compile(r"(?i)\.(?:jpe?g|png|webp)\Z")
#: A command, or its first word, that a person made bold, italic or the like.
_MARKED_COMMAND = re.compile(r"\A([*_~]|`{3})(/.*?)\1(?=\s|\Z)", re.DOTALL)


def signed(token: str, headers: Mapping[str, str], body: bytes) -> bool:
    """True if `body` is signed with `token`; compares in constant time. False without a token."""
    given = next((value for name, value in headers.items() if name.lower() == _SIGNATURE), "")
    expected = hmac.new(token.encode(), body, hashlib.sha256).hexdigest()
    same = hmac.compare_digest(given.strip().lower().encode(errors="replace"), expected.encode())
    return same and bool(token)


def key(body: bytes) -> str:
    """The key `event:message_token` of a callback, which names nobody. Raises ValueError for any other body.

    Only reports about one broadcast share a token: those are told apart by a hash of the user's id.
    """
    data = _loads(body)
    event, token = data.get("event"), data.get("message_token")
    if not isinstance(event, str) or not event or not _is_number(token):
        raise ValueError("A Viber callback has an event and a message_token.")
    if event != "failed":
        return f"{event}:{token}"
    user = hashlib.sha256(str(_user(data).get("id", "")).encode()).hexdigest()
    return f"{event}:{token}:{user[:OF_USER]}"


def is_replayed(body: bytes, now: datetime) -> bool:
    """True for a callback older than Viber repeats, or from a future that no difference of clocks explains."""
    try:
        data = _loads(body)
    except ValueError:
        return False
    return _text(data.get("event")) in _EVENTS and not now - REPEATED_FOR <= _time(data) <= now + AHEAD


def parse(body: bytes) -> Incoming | None:
    """Parse one callback; None if it does not concern us or is malformed. Never raises."""
    try:
        data = _loads(body)
    except ValueError:
        return None
    event = _event(data)
    user = _user(data)
    if event is None or not user.get("id"):
        return None
    address = Address(Platform.VIBER, user["id"])
    sender = Sender(address, name=_text(user.get("name")), language=_language(user.get("language")))
    return Incoming(sender=sender, chat=address, chat_kind=ChatKind.PRIVATE, event=event, at=_time(data))


def _loads(body: bytes) -> Json:
    try:
        data = json.loads(body)
    except RecursionError as error:
        raise ValueError("Nested too deeply.") from error
    if not isinstance(data, dict):
        raise ValueError("A Viber callback is a JSON object.")  # noqa: TRY004 - the seam promises ValueError
    return data


def _user(data: Json) -> Json:
    """The person whom the event is about, wherever it names them: an object with a text `id`, or an empty one."""
    for place in ("sender", "user"):
        person = data.get(place)
        if isinstance(person, dict) and isinstance(person.get("id"), str):
            return person
    user_id = data.get("user_id")
    return {"id": user_id} if isinstance(user_id, str) else {}


def _event(data: Json) -> Event | None:
    name = data.get("event")
    understand = _EVENTS.get(name) if isinstance(name, str) else None
    return understand(data) if understand else None


def _message(data: Json) -> Event | None:
    message = data.get("message")
    if not isinstance(message, dict):
        return None
    text = _unmarked(_text(message.get("text")).replace(JOINER, ""))
    button = pressed(text) if message.get("type") == "text" else None
    if button is not None:
        return Pressed(button, message_id=0)
    if message.get("type") == "url":
        text = text or _text(message.get("media"))
    media = _media(message)
    return Said(
        runs=(Run(text),) if text else (),
        media=media,
        untaken=None if media is not None else _untaken(message),
        message_id=int(data["message_token"]) if _is_number(data.get("message_token")) else 0,
    )


def _media(message: Json) -> Media | None:
    kind, url = _KINDS.get(_text(message.get("type"))), _text(message.get("media"))
    if kind is None or not url.startswith("https://"):
        return None
    return Media(
        kind, url=url, size=_count(message.get("size")), duration=_count(message.get("duration")), borrowed=True
    )


def _untaken(message: Json) -> Attachment | None:
    kind = _ATTACHMENTS.get(_text(message.get("type")))
    name, url = _text(message.get("file_name")), _text(message.get("media"))
    if kind is AttachmentKind.FILE and _PICTURE.search(name) and is_web_link(url):
        return Attachment(AttachmentKind.PICTURE_FILE, name, url)
    return Attachment(kind, name) if kind is not None else None


def _failed(data: Json) -> Event | None:
    token = data.get("message_token")
    return Failed(int(token), _text(data.get("desc"))) if token is not None and _is_number(token) else None


_EVENTS: Mapping[str, Callable[[Json], Event | None]] = {
    "message": _message,
    "subscribed": lambda data: Returned(),
    "unsubscribed": lambda data: Left(),
    "conversation_started": lambda data: Opened(_text(data.get("context"))),
    "failed": _failed,
}


def _unmarked(text: str) -> str:
    """`/list 12` for `*/list* 12`: formatting by the person's app arrives as marks in the text."""
    return _MARKED_COMMAND.sub(r"\2", text.strip()) if _MARKED_COMMAND.match(text.strip()) else text


def _language(value: object) -> str:
    """The two letters of a language such as `uk-UA`, or an empty string."""
    code = _text(value)[:2].lower()
    return code if re.fullmatch(r"[a-z]{2}", code) else ""


def _time(data: Json) -> datetime:
    """Return when the event happened, from milliseconds since the epoch; the epoch itself without a sensible number."""
    timestamp = data.get("timestamp")
    try:
        return datetime.fromtimestamp(int(timestamp or 0) / 1000, UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(0, UTC)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _is_number(value: object) -> bool:
    """True for a whole number, also if written as text: tokens are larger than JavaScript's numbers."""
    return _count(value) is not None or (isinstance(value, str) and re.fullmatch(r"\d{1,20}", value) is not None)
