"""The neutral card: the picture that takes the place of one which is to be seen no longer.

A message with a picture can't become one without (docs/platforms/telegram.md#edits).
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from functools import cache

from bot.domain import Media, MediaKind

#: In pixels.
WIDTH, HEIGHT = 640, 360
#: From black to white.
SHADE = 0xD8


@cache
def content() -> bytes:
    """Return the card as a PNG of one shade of grey."""
    rows = (b"\0" + bytes([SHADE]) * WIDTH) * HEIGHT
    head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(rows, 9)) + _chunk(b"IEND", b"")


@cache
def card() -> Media:
    return Media(MediaKind.PHOTO, digest=hashlib.sha256(content()).hexdigest())


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
