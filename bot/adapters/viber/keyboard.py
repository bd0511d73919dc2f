"""Viber's keyboards: rows of buttons under the chat."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from bot.adapters.text import is_web_link
from bot.adapters.viber.marks import clean, unplaced, unplaced_url
from bot.domain import Button

#: A tap sends this and the button's id as a message: Viber has no callback of its own (viber.md 2.3).
BUTTON_PREFIX = "#"
#: Longest address that Viber takes for one (viber.md 1.6, `url`), in bytes of UTF-8.
MAX_URL_BYTES = 2_000

#: viber.md 2.3.
_LABEL_LIMIT = 250
_COLUMNS = 6
_ROWS = 12

_PRESSED = re.compile(rf"{re.escape(BUTTON_PREFIX)}([A-Za-z0-9_.:-]{{1,64}})")

Keyboard = Mapping[str, Any]


def is_link(url: str) -> bool:
    """Is it an http(s) address that Viber links and a button can open?"""
    return is_web_link(url) and len(url.encode()) <= MAX_URL_BYTES


def pressed(text: str) -> str | None:
    """The id of the button whose tap sent `text`; None when a person wrote it."""
    match = _PRESSED.fullmatch(text.strip())
    return match and match[1]


def link_keyboard(label: str, url: str) -> Keyboard:
    return _keyboard([_button(Button(label, url=url), _COLUMNS)])


def screen_keyboard(rows: Sequence[Sequence[Button]]) -> Keyboard | None:
    """A screen's buttons in their rows; more rows than a keyboard holds are filled up to the full width."""
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
    """What a tap sends. A welcome is built without the store: its button has no row, but is a command to be said."""
    return button.id if button.id.startswith("/") else f"{BUTTON_PREFIX}{button.id}"


def _label(text: str) -> str:
    """Escaped for the small HTML of buttons, within the limit, never half an entity."""
    text = unplaced(" ".join(clean(text).split()))
    escaped = html.escape(text, quote=False)
    while len(escaped) > _LABEL_LIMIT:
        text = text[: -max(1, (len(escaped) - _LABEL_LIMIT) // 5)]
        escaped = html.escape(text, quote=False).rstrip() + "…"
    # A button must show something, or Viber refuses the keyboard.
    return escaped or "…"


def _widths(row: Sequence[Button]) -> Iterator[int]:
    """Columns of each button, together the full width."""
    base, extra = divmod(_COLUMNS, len(row))
    return (base + (place < extra) for place in range(len(row)))


def _chunks(row: Sequence[Button], size: int) -> Iterator[Sequence[Button]]:
    return (row[start : start + size] for start in range(0, len(row), size))
