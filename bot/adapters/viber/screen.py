"""Renders a screen as Viber messages, with marks for its formatting and a keyboard for its buttons. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from viberbot.api.messages import KeyboardMessage, TextMessage

from bot.adapters.viber.keyboard import screen_keyboard
from bot.adapters.viber.looks import linked
from bot.adapters.viber.marks import guard
from bot.adapters.viber.render import (
    ADDRESSING,
    CAPTION_LIMIT,
    REQUEST_LIMIT,
    TEXT_LIMIT,
    Body,
    ViberPost,
    message_body,
    to_json,
    units,
)
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


def bodies_under(post: ViberPost, screen: Screen) -> list[Body]:
    """The requests that show `screen` under a post: one if both fit into a message, else the post comes first.

    Of the post every character stays as its readers get it; its button comes first.
    """
    assert screen.above is not None
    below = "\n\n".join(filter(None, [guard(screen.above.end), _marked(screen.runs)]))
    one = {**post.body, "text": f"{post.body.get('text', '')}\n\n{below}", **_keyboard(post, screen)}
    limit = TEXT_LIMIT if one["type"] == "text" else CAPTION_LIMIT
    if units(one["text"]) <= limit and len(to_json(one)) <= REQUEST_LIMIT - ADDRESSING:
        return [one]
    if not screen.runs and not screen.buttons:
        return [post.body]
    said = (Run(screen.above.apart), Run("\n\n")) if screen.above.apart else ()
    return [post.body, *screen_bodies(replace(screen, runs=(*said, *screen.runs)))]


def _keyboard(post: ViberPost, screen: Screen) -> Body:
    own, ours = post.body.get("keyboard"), screen_keyboard(screen.buttons)
    if own is None or ours is None:
        return {"keyboard": ours or own} if ours or own else {}
    return {"keyboard": {**ours, "Buttons": [*own["Buttons"], *ours["Buttons"]]}}


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
