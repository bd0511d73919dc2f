"""The files of a record (https://c2sp.org/tlog-tiles): which there are at a size, and what stands in a bundle."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.record.merkle import WIDTH

#: Bytes of an entry at most: its length stands before it in two bytes.
LONGEST = 65_535
_PLACE = re.compile(r"tile/(?P<level>\d{1,2}|entries)/(?P<number>(?:x\d{3}/)*\d{3})(?:\.p/(?P<width>[1-9]\d{0,2}))?")


@dataclass(frozen=True, slots=True)
class Tile:
    """A tile of hashes, or a bundle of entries (`level` None). `width`: hashes or entries in it."""

    level: int | None
    number: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        kind = "entries" if self.level is None else str(self.level)
        end = "" if self.width == WIDTH else f".p/{self.width}"
        return f"tile/{kind}/{spelt(self.number)}{end}"

    @classmethod
    def parse(cls, path: str) -> Tile | None:
        """Return the tile that a path names, in its only spelling; None if it names none."""
        found = _PLACE.fullmatch(path)
        if found is None:
            return None
        level = None if found["level"] == "entries" else int(found["level"])
        number = int("".join(found["number"].split("/")).replace("x", ""))
        tile = cls(level, number, int(found["width"] or WIDTH))
        return tile if tile.path == path else None


def spelt(number: int) -> str:
    """Return a number in groups of three digits, all but the last one with an x."""
    groups = [f"{number % 1000:03}"]
    while number := number // 1000:
        groups.append(f"x{number % 1000:03}")
    return "/".join(reversed(groups))


def tiles_of(size: int, since: int = 0) -> Iterator[Tile]:
    """Return the tiles and bundles of a record of `size` entries that one of `since` did not have as they are."""
    level = 0
    while have := size >> (8 * level):
        for number in range((since >> (8 * level)) // WIDTH, (have + WIDTH - 1) // WIDTH):
            width = min(WIDTH, have - number * WIDTH)
            yield Tile(level, number, width)
            if level == 0:
                yield Tile(None, number, width)
        level += 1


def bundled(entries: Iterable[bytes]) -> bytes:
    """Return entries with the length of each before it."""
    return b"".join(struct.pack(">H", len(entry)) + entry for entry in entries)


def unbundled(content: bytes) -> list[bytes]:
    """Return the entries of a bundle. Raises `ValueError` if it is cut."""
    entries, at = [], 0
    while at < len(content):
        (length,) = struct.unpack(">H", content[at : at + 2]) if at + 2 <= len(content) else (LONGEST,)
        entry = content[at + 2 : at + 2 + length]
        if len(entry) != length:
            raise ValueError("a bundle of entries is cut")
        entries.append(entry)
        at += 2 + length
    return entries
