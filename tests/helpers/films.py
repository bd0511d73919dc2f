"""Films and moving pictures as tests make them: small, whole, and told apart by a number."""

from __future__ import annotations

import struct
from io import BytesIO

from PIL import Image

#: Where a phone says that it was.
PLACE = b"+50.4501+030.5234/"
#: A second of 2026, as films count them.
MADE = struct.pack(">II", 3_850_000_000, 3_850_000_001)


def box(kind: bytes, *inner: bytes) -> bytes:
    content = b"".join(inner)
    return struct.pack(">I", 8 + len(content)) + kind + content


def film(
    number: int = 1, *, codec: bytes = b"avc1", size: int = 64, notes: bool = False, brand: bytes = b"isom"
) -> bytes:
    """An MP4 of one track, or with a track of `notes` beside it that says where the camera was."""
    picture = number.to_bytes(8, "big") * (size // 8)
    head = box(b"ftyp", brand, bytes(4), b"isommp42")
    data = box(b"mdat", picture, PLACE if notes else b"")
    tracks = [_track(b"vide", codec, len(head) + 8, len(picture))]
    if notes:
        tracks.append(_track(b"meta", b"mebx", len(head) + 8 + len(picture), len(PLACE)))
    place = box(b"udta", box(b"\xa9xyz", PLACE))
    return head + data + box(b"moov", box(b"mvhd", bytes(4), MADE, bytes(92)), *tracks, place) + box(b"uuid", PLACE)


def _track(handler: bytes, codec: bytes, at: int, size: int) -> bytes:
    table = box(
        b"stbl",
        box(b"stsd", bytes(4), struct.pack(">I", 1), box(codec, bytes(78))),
        box(b"stsc", bytes(4), struct.pack(">IIII", 1, 1, 1, 1)),
        box(b"stsz", bytes(4), struct.pack(">II", size, 1)),
        box(b"stco", bytes(4), struct.pack(">II", 1, at)),
    )
    named = box(b"hdlr", bytes(8), handler, bytes(12), b"Somebody's camera\0")
    media = box(b"mdia", box(b"mdhd", bytes(4), MADE, bytes(12)), named, box(b"minf", box(b"vmhd", bytes(12)), table))
    return box(b"trak", box(b"tkhd", bytes(4), MADE, bytes(76)), media, box(b"udta", box(b"name", PLACE)))


def moving(number: int = 1, pictures: int = 3) -> bytes:
    """A GIF of this many pictures, with a comment in it."""
    shades = [Image.new("L", (16, 16), (number * 40 + each * 20) % 256) for each in range(pictures)]
    paper = BytesIO()
    shades[0].save(paper, "GIF", save_all=True, append_images=shades[1:], duration=100, loop=0, comment=PLACE)
    return paper.getvalue()
