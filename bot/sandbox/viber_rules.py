"""Checks of what Viber accepts, and its refusals by number.

The rules are in docs/platforms/viber.md#limits, docs/platforms/viber.md#keyboards
and docs/platforms/viber.md#error-codes.
"""

import re
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

JSON = dict[str, Any]

MAX_BODY = 30_000
MAX_TEXT = 7_000
MAX_CAPTION = 768
MAX_BROADCAST = 300
MAX_ROWS = 12
MAX_LABEL = 250
MAX_TRACKING = 4_096
MAX_VIDEO, MAX_CHANNEL_VIDEO, MAX_FILE = 27_262_976, 52_428_800, 52_428_800

_PICTURES = (".jpeg", ".jpg", ".png", ".gif")
_PROGRAMS = (".bat", ".cmd", ".com", ".exe", ".msi", ".ps1", ".vbs", ".apk", ".ipa", ".app", ".run")
_ACTIONS = ("reply", "open-url", "location-picker", "share-phone", "none")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")

#: Features of keyboards, and the lowest level of a client that understands them.
_LEVELS = {
    "CustomDefaultHeight": 3,
    "HeightScale": 3,
    "InputFieldState": 4,
    "ButtonsGroupColumns": 4,
    "ButtonsGroupRows": 4,
    "FavoritesMetadata": 6,
}

NAMES = {
    0: "ok",
    1: "invalidUrl",
    2: "invalidAuthToken",
    3: "badData",
    4: "missingData",
    5: "receiverNotRegistered",
    6: "receiverNotSubscribed",
    7: "publicAccountBlocked",
    8: "publicAccountNotFound",
    9: "publicAccountSuspended",
    10: "webhookNotSet",
    11: "receiverNoSuitableDevice",
    12: "tooManyRequests",
    13: "apiVersionNotSupported",
    14: "incompatibleWithVersion",
    15: "publicAccountNotAuthorized",
    16: "inchatReplyMessageNotAllowed",
    17: "publicAccountIsNotInline",
    18: "noPublicChat",
    19: "cannotSendBroadcast",
    20: "broadcastNotAllowed",
    21: "unsupportedCountry",
    22: "paymentUnsupported",
    23: "freeMessagesExceeded",
    24: "noBalance",
}


class ViberRefusal(Exception):
    """A refusal of Viber's: HTTP 200 with this status."""

    def __init__(self, status: int, detail: str = "") -> None:
        name = NAMES.get(status, "generalError")
        super().__init__(f"{name}: {detail}" if detail else name)
        self.status = status


def _bad(detail: str) -> ViberRefusal:
    return ViberRefusal(3, detail)


def text_field(body: JSON, name: str, limit: int, *, required: bool = True) -> str:
    value = body.get(name)
    if value is None:
        if required:
            raise ViberRefusal(4, f"{name} is missing")
        return ""
    if not isinstance(value, str):
        raise _bad(f"{name} must be a string")
    if len(value) > limit:
        raise _bad(f"{name} is longer than {limit} characters")
    return value


def number_field(body: JSON, name: str, limit: int, *, required: bool = True) -> int:
    value = body.get(name)
    if value is None:
        if required:
            raise ViberRefusal(4, f"{name} is missing")
        return 0
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= limit:
        raise _bad(f"{name} must be a number from 1 to {limit}")
    return value


def level_of(body: JSON) -> int:
    """The message's min_api_version."""
    level = body.get("min_api_version") or 1
    if not isinstance(level, int) or level < 1:
        raise _bad("min_api_version must be a number from 1")
    return level


def check_message(body: JSON, *, channel: bool = False) -> str:
    """The message's type, "" for a keyboard alone. Raises `ViberRefusal` 3 or 4."""
    if not channel:
        check_sender(body)
    level_of(body)
    text_field(body, "tracking_data", MAX_TRACKING, required=False)
    kind = body.get("type")
    if channel and (body.get("keyboard") or kind == "rich_media"):
        raise _bad("keyboards and rich media are not for channels")
    if kind is None and body.get("keyboard"):
        check_keyboard(body)
        return ""
    if kind is None:
        raise ViberRefusal(4, "type is missing")
    check = _TYPES.get(str(kind))
    if check is None:
        raise _bad(f"unknown type {kind}")
    check(body, channel)
    if body.get("keyboard") is not None:
        check_keyboard(body)
    return str(kind)


def check_sender(body: JSON) -> None:
    sender = body.get("sender")
    if not isinstance(sender, dict):
        raise ViberRefusal(4, "sender is missing")
    if not text_field(sender, "name", 28).strip():
        raise ViberRefusal(4, "sender.name is missing")
    if sender.get("avatar"):
        address(str(sender["avatar"]))


def address(url: str) -> str:
    """The extension of the file that a public address names."""
    try:
        parts = urlsplit(url)
    except ValueError:
        raise _bad(f"not an address: {url}") from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise _bad(f"not an address: {url}")
    return PurePosixPath(parts.path).suffix.lower()


def _text(body: JSON, channel: bool) -> None:
    if not text_field(body, "text", MAX_TEXT):
        raise _bad("text is empty")


def _picture(body: JSON, channel: bool) -> None:
    text_field(body, "text", MAX_CAPTION)
    suffix = address(text_field(body, "media", 2_000))
    if suffix not in (_PICTURES[:2] if channel else _PICTURES):
        raise _bad(f"a picture cannot end in {suffix or 'nothing'}")
    if body.get("thumbnail") is not None:
        address(text_field(body, "thumbnail", 2_000))


def _video(body: JSON, channel: bool) -> None:
    if address(text_field(body, "media", 2_000)) != ".mp4":
        raise _bad("a video must end in .mp4")
    number_field(body, "size", MAX_CHANNEL_VIDEO if channel else MAX_VIDEO)
    number_field(body, "duration", 180, required=False)
    text_field(body, "text", MAX_CAPTION, required=False)


def _file(body: JSON, channel: bool) -> None:
    address(text_field(body, "media", 2_000))
    number_field(body, "size", MAX_FILE)
    suffix = PurePosixPath(text_field(body, "file_name", 256)).suffix.lower()
    if not suffix or suffix in _PROGRAMS:
        raise _bad("file_name has no allowed extension")


def _contact(body: JSON, channel: bool) -> None:
    contact = body.get("contact")
    if not isinstance(contact, dict):
        raise ViberRefusal(4, "contact is missing")
    text_field(contact, "name", 28)
    text_field(contact, "phone_number", 18)


def _location(body: JSON, channel: bool) -> None:
    place = body.get("location")
    if not isinstance(place, dict):
        raise ViberRefusal(4, "location is missing")
    for name, limit in (("lat", 90.0), ("lon", 180.0)):
        try:
            value = float(place[name])
        except (KeyError, TypeError, ValueError):
            raise _bad(f"location.{name} must be a number") from None
        if abs(value) > limit:
            raise _bad(f"location.{name} is off the globe")


def _url(body: JSON, channel: bool) -> None:
    address(text_field(body, "media", 2_000))


def _sticker(body: JSON, channel: bool) -> None:
    number_field(body, "sticker_id", 10**12)


def _rich_media(body: JSON, channel: bool) -> None:
    rich = body.get("rich_media")
    if not isinstance(rich, dict):
        raise ViberRefusal(4, "rich_media is missing")
    if rich.get("Type") != "rich_media":
        raise _bad("rich_media.Type must be rich_media")
    if level_of(body) < 2:
        raise ViberRefusal(14, "rich_media needs min_api_version 2")
    columns = _ranged(rich, "ButtonsGroupColumns", 1, 6, 6)
    rows = _ranged(rich, "ButtonsGroupRows", 1, 7, 7)
    buttons = _buttons(rich, 7)
    if len(buttons) > 6 * columns * rows:
        raise _bad("too many buttons in rich_media")
    if any(button.get("ActionType") in ("share-phone", "location-picker") for button in buttons):
        raise _bad("this action is not for rich_media")


_TYPES: dict[str, Callable[[JSON, bool], None]] = {
    "text": _text,
    "picture": _picture,
    "video": _video,
    "file": _file,
    "contact": _contact,
    "location": _location,
    "url": _url,
    "sticker": _sticker,
    "rich_media": _rich_media,
}


def _ranged(body: JSON, name: str, low: int, high: int, default: int) -> int:
    value = body.get(name, default)
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise _bad(f"{name} must be a number from {low} to {high}")
    return value


def check_keyboard(body: JSON) -> None:
    keyboard = body["keyboard"]
    if not isinstance(keyboard, dict) or keyboard.get("Type") != "keyboard":
        raise _bad("keyboard.Type must be keyboard")
    level = level_of(body)
    for name, needed in _LEVELS.items():
        if name in keyboard and level < needed:
            raise ViberRefusal(14, f"{name} needs min_api_version {needed}")
    columns = _ranged(keyboard, "ButtonsGroupColumns", 1, 6, 6)
    _ranged(keyboard, "ButtonsGroupRows", 1, 7, 2)
    _ranged(keyboard, "CustomDefaultHeight", 40, 70, 70)
    _ranged(keyboard, "HeightScale", 20, 100, 100)
    if keyboard.get("InputFieldState", "regular") not in ("regular", "minimized", "hidden"):
        raise _bad("InputFieldState is not known")
    if _height(_buttons(keyboard, 2), columns) > MAX_ROWS:
        raise _bad(f"a keyboard has at most {MAX_ROWS} rows")


def _buttons(holder: JSON, rows: int) -> list[JSON]:
    buttons = holder.get("Buttons")
    if not isinstance(buttons, list) or not buttons:
        raise _bad("Buttons must be a list that is not empty")
    for button in buttons:
        _check_button(button, rows)
    return buttons


def _check_button(button: Any, rows: int) -> None:
    if not isinstance(button, dict):
        raise _bad("a button must be an object")
    if not isinstance(button.get("ActionBody"), str) or not button["ActionBody"]:
        raise _bad("ActionBody is required")
    action = button.get("ActionType", "reply")
    if action not in _ACTIONS:
        raise _bad(f"unknown ActionType {action}")
    if action == "open-url":
        address(button["ActionBody"])
    _ranged(button, "Columns", 1, 6, 6)
    _ranged(button, "Rows", 1, rows, 1)
    text_field(button, "Text", MAX_LABEL, required=False)
    if not any(button.get(name) for name in ("Text", "BgMedia", "Image", "BgColor")):
        raise _bad("a button needs a Text, BgMedia, Image or BgColor")
    if button.get("BgColor") and not _COLOUR.fullmatch(str(button["BgColor"])):
        raise _bad("BgColor must be #RRGGBB")
    if button.get("TextSize", "regular") not in ("small", "regular", "large"):
        raise _bad("TextSize is not known")


def laid_out(buttons: list[JSON], columns: int) -> list[list[JSON]]:
    """Buttons in the rows that they flow into."""
    rows: list[list[JSON]] = []
    free = 0
    for button in buttons:
        width = min(int(button.get("Columns", 6)), columns)
        if width > free:
            rows.append([])
            free = columns
        rows[-1].append(button)
        free -= width
    return rows


def _height(buttons: list[JSON], columns: int) -> int:
    return sum(max(int(button.get("Rows", 1)) for button in row) for row in laid_out(buttons, columns))
