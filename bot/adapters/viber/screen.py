"""Renders a screen as Viber messages, with marks for its formatting and a keyboard for its buttons. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from viberbot.api.messages import KeyboardMessage, TextMessage

from bot.adapters.viber.keyboard import screen_keyboard
from bot.adapters.viber.looks import linked
from bot.adapters.viber.marks import guard
from bot.adapters.viber.render import TEXT_LIMIT, Body, message_body, units
from bot.domain import Run, Screen


def screen_bodies(screen: Screen, most: int | None = None) -> list[Body]:
    """The requests, without addressee and sender, that show `screen`; the last one carries the buttons.

    At most `most` of them if it is given; the text beyond is left out.
    """
    texts = list(_pieces(_marked(screen.runs)))[:most]
    keyboard = screen_keyboard(screen.buttons)
    if not texts:
        return [message_body(KeyboardMessage(keyboard=keyboard, min_api_version=1))] if keyboard else []
    last = TextMessage(text=texts[-1], keyboard=keyboard, min_api_version=1)
    return [
        message_body(message) for message in (*(TextMessage(text=text, min_api_version=1) for text in texts[:-1]), last)
    ]


def _marked(runs: tuple[Run, ...]) -> str:
    """The guarded text of `runs`, with marks where they take effect: between spaces and on one line."""
    text = ""
    pieces = linked(runs)
    for place, (run, piece) in enumerate(zip(runs, pieces, strict=True)):
        following = "".join(pieces[place + 1 :])[:1]
        free = _is_space(text[-1:]) and (_is_space(following) or _is_space(piece[-1:]))
        mark = "*" if run.bold else "_" if run.italic else ""
        text += _wrapped(guard(piece), mark) if free and not run.link else guard(piece)
    return text.strip()


def _is_space(char: str) -> bool:
    """True for white space and for an empty string, which stands for the edge of the text."""
    return not char or char.isspace()


def _wrapped(text: str, mark: str) -> str:
    """`text` with `mark` around every line, within its spaces."""
    return re.sub(r"(?m)^([^\S\n]*)(\S(?:.*\S)?)([^\S\n]*)$", rf"\1{mark}\2{mark}\3", text)


def _pieces(text: str) -> Iterator[str]:
    """`text` in messages within the limit, cut at a line's end, else at a space, else anywhere."""
    while units(text) > TEXT_LIMIT:
        head = text.encode("utf-16-le")[: TEXT_LIMIT * 2].decode("utf-16-le", errors="ignore")
        cut = max(head.rfind("\n"), 0) or max(head.rfind(" "), 0) or len(head)
        yield text[:cut].rstrip()
        text = text[cut:].lstrip()
    if text:
        yield text
