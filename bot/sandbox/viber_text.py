"""Texts as Viber shows them: marks become formatting (docs/platforms/viber.md#text-marks), labels lose their tags."""

import html
import re

from bot.sandbox.phones import Span

_MARKS = {"*": "bold", "_": "italic", "~": "strike", "```": "mono"}
_MARK = re.compile(r"```|[*_~]")
_LINK = re.compile(r"https?://[^\s]+")


def rendered(raw: str) -> tuple[str, list[Span]]:
    """The text that the reader sees, and its formatting.

    Only what Viber's own page rules out stays literal: a space just inside a mark, and a closing mark followed by
    anything but a space, another mark or the end. So a snake_case_ word does lose its marks here.
    """
    spans: list[tuple[str, int, int]] = []
    marks: list[tuple[int, int]] = []
    _find(raw, 0, len(raw), spans, marks)
    hidden = sorted(marks)
    return _without(raw, hidden), sorted(_moved(spans, hidden), key=lambda span: (span[1], -span[2]))


def _find(raw: str, start: int, end: int, spans: list[tuple[str, int, int]], marks: list[tuple[int, int]]) -> None:
    position = start
    while found := _MARK.search(raw, position, end):
        mark, inside = found[0], found.end()
        close = _closing(raw, mark, inside, end)
        position = inside
        if close < 0:
            continue
        spans.append((_MARKS[mark], inside, close))
        marks += [(found.start(), len(mark)), (close, len(mark))]
        if mark != "```":
            _find(raw, inside, close, spans, marks)
        position = close + len(mark)


def _closing(raw: str, mark: str, start: int, end: int) -> int:
    """The position at which this mark closes, or -1."""
    if start >= end or raw[start].isspace() or raw.startswith(mark, start):
        return -1
    close = raw.find(mark, start + 1, end)
    while close >= 0:
        after = raw[close + len(mark) :].lstrip("*_~`")
        if not raw[close - 1].isspace() and (not after or after[0].isspace()):
            return close
        close = raw.find(mark, close + 1, end)
    return -1


def _without(raw: str, hidden: list[tuple[int, int]]) -> str:
    text, position = [], 0
    for start, length in hidden:
        text.append(raw[position:start])
        position = start + length
    return "".join([*text, raw[position:]])


def _moved(spans: list[tuple[str, int, int]], hidden: list[tuple[int, int]]) -> list[Span]:
    def move(offset: int) -> int:
        return offset - sum(length for start, length in hidden if start < offset)

    return [(kind, move(start), move(end), "") for kind, start, end in spans]


def first_link(text: str) -> str:
    found = _LINK.search(text)
    return found[0] if found else ""


def label(text: str) -> str:
    """A button's text without its tags."""
    return html.unescape(re.sub(r"<[^>]+>", "", re.sub(r"<br\s*/?>", "\n", text)))
