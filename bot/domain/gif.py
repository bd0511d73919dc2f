"""GIF files without what is written beside the picture: comments, words, notes of programs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

START, END = (b"GIF87a", b"GIF89a"), 0x3B
_PICTURE, _MORE = 0x2C, 0x21
_TIMING, _PROGRAM = 0xF9, 0xFF
#: The notes that say how often it is shown again.
_AGAIN = (b"NETSCAPE2.0", b"ANIMEXTS1.0")
_HEAD = 13
_HAS_COLOURS = 0x80


@dataclass(frozen=True, slots=True)
class Strip:
    """A GIF with nothing but what it takes to show it, and the pictures in it: of more than one it moves."""

    content: bytes
    pictures: int


def bare(content: bytes) -> Strip:
    """Return the same pictures in the same time. Raises `ValueError` for what is no whole GIF."""
    if not content.startswith(START) or len(content) < _HEAD:
        raise ValueError("it does not begin as a GIF")
    after = _HEAD + _colours(content[10])
    pieces = list(_pieces(content, after))
    pictures = sum(piece[0] == _PICTURE for piece in pieces)
    return Strip(b"".join((content[:after], *pieces, bytes((END,)))), pictures)


def _colours(flags: int) -> int:
    """Return the bytes of the table of colours that follows."""
    return 3 << (flags & 7) + 1 if flags & _HAS_COLOURS else 0


def _pieces(content: bytes, at: int) -> Iterator[bytes]:
    while (kind := _byte(content, at)) != END:
        if kind == _PICTURE:
            after = _data_end(content, at + 11 + _colours(_byte(content, at + 9)))
            yield content[at:after]
        elif kind == _MORE:
            after = _data_end(content, at + 2)
            if _is_needed(_byte(content, at + 1), content[at + 3 : at + 14]):
                yield content[at:after]
        else:
            raise ValueError("a part of no known kind")
        at = after


def _is_needed(label: int, name: bytes) -> bool:
    return label == _TIMING or (label == _PROGRAM and name in _AGAIN)


def _data_end(content: bytes, at: int) -> int:
    """Return where the data ends that begins there: in pieces of known length, the last of which is empty."""
    while length := _byte(content, at):
        at += 1 + length
    return at + 1


def _byte(content: bytes, at: int) -> int:
    if at >= len(content):
        raise ValueError("it has no end")
    return content[at]
