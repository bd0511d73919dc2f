"""MP4 films without what is written beside them: place, camera, the hour, tracks of notes, whatever hides in gaps.

Nothing moves: what goes is blanked where it stands, because the index of a film counts from the file's beginning.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

#: Boxes of one file that are looked at.
MOST_BOXES = 100_000
#: What belongs to a film, by the box in which it stands; anything else is blanked.
_KEPT: Mapping[bytes, frozenset[bytes]] = {
    b"": frozenset((b"ftyp", b"styp", b"moov", b"mdat", b"moof", b"mfra", b"sidx")),
    b"moov": frozenset((b"mvhd", b"trak", b"mvex", b"iods")),
    b"trak": frozenset((b"tkhd", b"mdia", b"edts", b"tref")),
    b"mdia": frozenset((b"mdhd", b"hdlr", b"minf")),
    b"minf": frozenset((b"vmhd", b"smhd", b"dinf", b"stbl")),
    b"stbl": frozenset(
        (b"stsd", b"stts", b"ctts", b"cslg", b"stss", b"stsc", b"stsz", b"stz2", b"stco", b"co64", b"sbgp", b"sgpd")
    )
    | {b"sdtp"},
    b"moof": frozenset((b"mfhd", b"traf")),
    b"traf": frozenset((b"tfhd", b"tfdt", b"trun", b"sbgp", b"sgpd", b"subs", b"sdtp")),
}
#: Boxes that say when the film was made.
_DATED = frozenset((b"mvhd", b"tkhd", b"mdhd"))
_PICTURES, _SOUND = b"vide", b"soun"
#: H.264, the one form of pictures in an MP4 that both platforms' apps show.
_FORMS = frozenset((b"avc1", b"avc3"))
_BLANK = b"free"


@dataclass(frozen=True, slots=True)
class _Box:
    """A part of a film: its kind, where it and its content begin, and where both end."""

    kind: bytes
    at: int
    inner: int
    end: int


def bare(content: bytes) -> bytes:
    """Return the same film, byte for byte where its pictures and its sound are, without anything else.

    Raises `ValueError` for what is no whole MP4 with H.264 pictures.
    """
    film = bytearray(content)
    _strip(film, b"", 0, len(film), 0)
    moov = next((box for box in _boxes(film, 0, len(film)) if box.kind == b"moov"), None)
    if moov is None or not _shows(film, moov):
        raise ValueError("it is no film with H.264 pictures")
    return bytes(film)


def _strip(film: bytearray, holder: bytes, start: int, end: int, seen: int) -> int:
    """Blank what does not belong into a box; return how many boxes were looked at by now."""
    for box in _boxes(film, start, end):
        seen += 1
        if seen > MOST_BOXES:
            raise ValueError("it has too many parts")
        if box.kind not in _KEPT[holder]:
            _blank(film, box)
        elif box.kind == b"trak" and _handler(film, box) not in (_PICTURES, _SOUND):
            _blank_samples(film, box)
            _blank(film, box)
        elif box.kind in _KEPT:
            seen = _strip(film, box.kind, box.inner, box.end, seen)
        elif box.kind in _DATED:
            _blank_dates(film, box)
        elif box.kind == b"hdlr":
            film[box.inner + 24 : box.end] = bytes(max(0, box.end - box.inner - 24))  # the maker's name for the track
    return seen


def _boxes(film: bytearray, start: int, end: int) -> Iterator[_Box]:
    at = start
    while at < end:
        size, kind, inner = _number(film, at, 4), bytes(film[at + 4 : at + 8]), at + 8
        if size == 1:
            size, inner = _number(film, inner, 8), at + 16
        elif size == 0 and end == len(film):
            size = end - at  # the last one goes on to the end of the file
        after = at + size
        if after < inner or after > end:
            raise ValueError("a part ends beyond what holds it")
        yield _Box(kind, at, inner, after)
        at = after


def _number(film: bytearray, at: int, length: int) -> int:
    if at + length > len(film):
        raise ValueError("it ends too early")
    return int.from_bytes(film[at : at + length], "big")


def _blank(film: bytearray, box: _Box) -> None:
    film[box.at + 4 : box.at + 8] = _BLANK
    film[box.inner : box.end] = bytes(box.end - box.inner)


def _blank_dates(film: bytearray, box: _Box) -> None:
    """Take out when it was made and changed: two numbers of four bytes, or of eight in the later form."""
    both = 16 if _number(film, box.inner, 1) else 8
    if box.inner + 4 + both > box.end:
        raise ValueError("a part is too short")
    film[box.inner + 4 : box.inner + 4 + both] = bytes(both)


def _within(film: bytearray, box: _Box, *path: bytes) -> _Box:
    for kind in path:
        found = next((each for each in _boxes(film, box.inner, box.end) if each.kind == kind), None)
        if found is None:
            raise ValueError("a part is missing")
        box = found
    return box


def _handler(film: bytearray, track: _Box) -> bytes:
    at = _within(film, track, b"mdia", b"hdlr").inner + 8
    return bytes(film[at : at + 4])


def _shows(film: bytearray, moov: _Box) -> bool:
    for track in _boxes(film, moov.inner, moov.end):
        if track.kind == b"trak" and _handler(film, track) == _PICTURES:
            at = _within(film, track, b"mdia", b"minf", b"stbl", b"stsd").inner + 12
            return bytes(film[at : at + 4]) in _FORMS
    return False


# A track that is neither seen nor heard: where the camera was, second by second


def _blank_samples(film: bytearray, track: _Box) -> None:
    if any(box.kind == b"moof" for box in _boxes(film, 0, len(film))):
        raise ValueError("its notes are spread over the file")
    table = _within(film, track, b"mdia", b"minf", b"stbl")
    sizes, room = _sizes(film, _within(film, table, b"stsz")), len(film)
    for place, count in _chunks(film, table):
        length = sum(islice(sizes, count))
        room -= length
        if room < 0 or place + length > len(film):
            raise ValueError("its notes are longer than the file")
        film[place : place + length] = bytes(length)


def _sizes(film: bytearray, box: _Box) -> Iterator[int]:
    every, count = _number(film, box.inner + 4, 4), _number(film, box.inner + 8, 4)
    for each in range(count):
        yield every or _number(film, box.inner + 12 + 4 * each, 4)


def _chunks(film: bytearray, table: _Box) -> Iterator[tuple[int, int]]:
    """Yield the place of each run of samples, and how many there are in it."""
    kinds = {box.kind: box for box in _boxes(film, table.inner, table.end)}
    places = kinds.get(b"co64") or _within(film, table, b"stco")
    length = 8 if places.kind == b"co64" else 4
    runs = _within(film, table, b"stsc")
    starts = [
        (_number(film, runs.inner + 8 + 12 * each, 4), _number(film, runs.inner + 12 + 12 * each, 4))
        for each in range(min(_number(film, runs.inner + 4, 4), MOST_BOXES))
    ]
    count, at = 0, 0
    for chunk in range(1, _number(film, places.inner + 4, 4) + 1):
        while at < len(starts) and starts[at][0] <= chunk:
            count, at = starts[at][1], at + 1
        yield _number(film, places.inner + 8 + length * (chunk - 1), length), count
