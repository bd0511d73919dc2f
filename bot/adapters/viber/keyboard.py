"""Viber's keyboards: rows of buttons under the chat (docs/platforms/viber.md#keyboards)."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from bot.adapters.text import is_web_link
from bot.adapters.viber.marks import clean, unplaced, unplaced_url
from bot.domain import Button
from bot.domain.seals import ID_LENGTH

#: Stands before the button's id in the message that a tap sends: a tap in Viber has no id of its own.
BUTTON_PREFIX = "#"
#: Longest address that Viber links, in bytes of UTF-8 (docs/platforms/viber.md#limits).
MAX_URL_BYTES = 2_000

#: Longest label in characters, and the columns and rows of a keyboard.
_LABEL_LIMIT = 250
_COLUMNS = 6
_ROWS = 12

#: Ids of our own length alone: a reader's hashtag is no press.
_PRESSED = re.compile(rf"{re.escape(BUTTON_PREFIX)}([A-Za-z0-9_-]{{{ID_LENGTH}}})")

Keyboard = Mapping[str, Any]


def is_link(url: str) -> bool:
    """True for an http(s) address that Viber links and that a button can open."""
    return is_web_link(url) and len(url.encode()) <= MAX_URL_BYTES


def pressed(text: str) -> str | None:
    """The id of the button whose tap sent `text`; None if a person wrote it."""
    match = _PRESSED.fullmatch(text.strip())
    return match and match[1]


def link_keyboard(label: str, url: str) -> Keyboard:
    return _keyboard([_button(Button(label, url=url), _COLUMNS)])


def screen_keyboard(rows: Sequence[Sequence[Button]]) -> Keyboard | None:
    """The keyboard with a screen's rows of buttons. If there are too many rows, the buttons are spread evenly."""
    rows = [part for row in rows for part in _chunks(row, _COLUMNS)]
    if len(rows) > _ROWS:
        buttons = list(chain.from_iterable(rows))[: _ROWS * _COLUMNS]
        rows = list(_chunks(buttons, -(-len(buttons) // _ROWS)))
    if not rows:
        return None
    return _keyboard(_button(button, width) for row in rows for button, width in zip(row, _widths(row), strict=True))


def _keyboard(buttons: Iterable[Keyboard]) -> Keyboard:
    return {"Type": "keyboard", "DefaultHeight": False, "Buttons": list(buttons)}


def _button(button: Button, columns: int) -> Keyboard:
    action = {"ActionType": "reply", "ActionBody": _said(button)}
    if button.url:
        action = {"ActionType": "open-url", "ActionBody": unplaced_url(clean(button.url))}
    return {"Columns": columns, "Rows": 1, "Text": _label(button.label), **action}


def _said(button: Button) -> str:
    """Return the text that a tap sends. A welcome is built without the store, so its button says a command."""
    return button.id if button.id.startswith("/") else f"{BUTTON_PREFIX}{button.id}"


def _label(text: str) -> str:
    """The label, escaped for the HTML of buttons and cut to the limit without breaking an entity."""
    text = unplaced(" ".join(clean(text).split()))
    escaped = html.escape(text, quote=False)
    while len(escaped) > _LABEL_LIMIT:
        text = text[: -max(1, (len(escaped) - _LABEL_LIMIT) // 5)]
        escaped = html.escape(text, quote=False).rstrip() + "…"
    # Viber refuses a keyboard with a button that shows nothing.
    return escaped or "…"


def _widths(row: Sequence[Button]) -> Iterator[int]:
    """The columns of each button; together they fill the width."""
    base, extra = divmod(_COLUMNS, len(row))
    return (base + (place < extra) for place in range(len(row)))


def _chunks(row: Sequence[Button], size: int) -> Iterator[Sequence[Button]]:
    return (row[start : start + size] for start in range(0, len(row), size))
