"""JPEG files without what is written beside the picture: camera, place, words, thumbnails, whatever follows the end."""

from __future__ import annotations

import re
from collections.abc import Iterator

START, END = b"\xff\xd8", b"\xff\xd9"
_SCAN = 0xDA
#: Segments that draw: frames and tables, the beginning of a scan, how often it restarts.
_DRAWING = frozenset((*range(0xC0, 0xC8), *range(0xC9, 0xD0), _SCAN, 0xDB, 0xDD))
#: Notes of programs of which one is needed.
_JFIF, _PROFILE, _ADOBE = 0xE0, 0xE2, 0xEE
#: Bytes of a JFIF note before its thumbnail, which may show what was cut off the picture.
_JFIF_HEAD = 14
#: The next marker after the packed dots of a scan: neither an escaped byte nor a restart.
_MARKER = re.compile(rb"\xff+[^\x00\xff\xd0-\xd7]")


def bare(content: bytes) -> bytes:
    """Return the same picture, dot for dot, with nothing but what it takes to draw it in its colours.

    Raises `ValueError` for what is no whole JPEG.
    """
    if not content.startswith(START):
        raise ValueError("it does not begin as a JPEG")
    return b"".join((START, *_pieces(content), END))


def _pieces(content: bytes) -> Iterator[bytes]:
    at = len(START)
    while True:
        at, marker = _marker(content, at)
        if marker == END[1]:
            return
        after = at + int.from_bytes(content[at : at + 2], "big")
        if after < at + 2 or after > len(content):
            raise ValueError("a segment ends beyond the file")
        yield _kept(marker, content[at + 2 : after])
        if marker == _SCAN:
            dots = _MARKER.search(content, after)
            if dots is None:
                raise ValueError("it has no end")
            yield content[after : dots.start()]
            after = dots.start()
        at = after


def _marker(content: bytes, at: int) -> tuple[int, int]:
    """Return where the segment's length stands, and its kind."""
    if content[at : at + 1] != b"\xff":
        raise ValueError("a marker is missing")
    while content[at : at + 1] == b"\xff":
        at += 1
    if at >= len(content):
        raise ValueError("it has no end")
    return at + 1, content[at]


def _kept(marker: int, data: bytes) -> bytes:
    if marker == _JFIF and data.startswith(b"JFIF\x00") and len(data) >= _JFIF_HEAD:
        data = data[: _JFIF_HEAD - 2] + b"\x00\x00"
    elif marker not in _DRAWING and not _colours(marker, data):
        return b""
    return b"\xff" + bytes((marker,)) + (len(data) + 2).to_bytes(2, "big") + data


def _colours(marker: int, data: bytes) -> bool:
    """True for a note without which the colours are others."""
    is_profile = marker == _PROFILE and data.startswith(b"ICC_PROFILE\x00")
    return is_profile or (marker == _ADOBE and data.startswith(b"Adobe"))
