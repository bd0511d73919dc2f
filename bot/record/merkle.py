"""The Merkle tree of RFC 6962: roots and proofs from tiles alone, and their checks (RFC 9162, 2.1.3 and 2.1.4)."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

#: Hashes in a full tile, and bytes of one.
WIDTH, SIZE = 256, 32
#: Levels of the tree in a tile: 2 ** 8 hashes.
_HEIGHT = 8

T = TypeVar("T")


class NotWhole(Exception):
    """A tile is missing or shorter than the tree's size asks for."""


class _Wanted(Exception):
    """A tile that has to be fetched before the work can go on."""

    def __init__(self, level: int, number: int) -> None:
        super().__init__(level, number)
        self.place = (level, number)


def leaf(entry: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + entry).digest()


def node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_of(hashes: Sequence[bytes]) -> bytes:
    """Return the root over these leaves, by the plain definition."""
    if not hashes:
        return hashlib.sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    middle = _below(len(hashes))
    return node(root_of(hashes[:middle]), root_of(hashes[middle:]))


def _below(size: int) -> int:
    """Return the largest power of two below `size`."""
    return 1 << ((size - 1).bit_length() - 1)


class Tree:
    """The tree of the first `size` entries. `tiles`: hashes of 32 bytes, by level and number of the tile."""

    def __init__(self, size: int, tiles: dict[tuple[int, int], bytes] | None = None) -> None:
        self.size = size
        self._tiles = tiles if tiles is not None else {}

    def root(self) -> bytes:
        return self._span(0, self.size) if self.size else root_of([])

    def inclusion(self, index: int) -> list[bytes]:
        """Return the proof that the entry at `index` is in the tree."""
        proof, low, high = [], 0, self.size
        while high - low > 1:
            middle = low + _below(high - low)
            if index < middle:
                proof.append(self._span(middle, high))
                high = middle
            else:
                proof.append(self._span(low, middle))
                low = middle
        return proof[::-1]

    def consistency(self, earlier: int) -> list[bytes]:
        """Return the proof that the tree of `earlier` entries is the beginning of this one."""
        return [] if earlier in (0, self.size) else self._consistency(earlier, 0, self.size, True)

    def _consistency(self, earlier: int, low: int, high: int, is_whole: bool) -> list[bytes]:
        if earlier == high - low:
            return [] if is_whole else [self._span(low, high)]
        middle = _below(high - low)
        if earlier <= middle:
            return [*self._consistency(earlier, low, low + middle, is_whole), self._span(low + middle, high)]
        rest = self._consistency(earlier - middle, low + middle, high, False)
        return [*rest, self._span(low, low + middle)]

    def _span(self, low: int, high: int) -> bytes:
        """Return the hash over the entries from `low` on and before `high`, a pair that the definition asks for."""
        width = high - low
        if width & (width - 1) == 0 and low % width == 0:
            return self._stored(width.bit_length() - 1, low // width)
        middle = low + _below(width)
        return node(self._span(low, middle), self._span(middle, high))

    def _stored(self, height: int, number: int) -> bytes:
        level, above = divmod(height, _HEIGHT)
        first = number << above
        tile = self._tile(level, first // WIDTH)
        start = first % WIDTH * SIZE
        hashes = [tile[start + each * SIZE : start + (each + 1) * SIZE] for each in range(1 << above)]
        if any(len(each) != SIZE for each in hashes):
            raise NotWhole(f"tile {first // WIDTH} of level {level} is missing or short")
        return root_of(hashes)

    def _tile(self, level: int, number: int) -> bytes:
        try:
            return self._tiles[level, number]
        except KeyError:
            raise _Wanted(level, number) from None


#: Returns the hashes of a tile by its level and number: as many as the tree has, or more.
Fetch = Callable[[int, int], Awaitable[bytes]]


async def computed(size: int, fetch: Fetch, work: Callable[[Tree], T]) -> T:
    """Return what `work` finds in the tree of `size` entries; tiles are fetched as it asks for them.

    Raises `NotWhole`, and whatever `fetch` raises.
    """
    tiles: dict[tuple[int, int], bytes] = {}
    while True:
        try:
            return work(Tree(size, tiles))
        except _Wanted as wanted:
            tiles[wanted.place] = await fetch(*wanted.place)


def is_included(entry: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """True if the proof leads from the leaf of `entry` at `index` to the root of a tree of `size` entries."""
    if not 0 <= index < size:
        return False
    here, last, found = index, size - 1, leaf(entry)
    for each in proof:
        if last == 0:
            return False
        if here & 1 or here == last:
            found = node(each, found)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            found = node(found, each)
        here, last = here >> 1, last >> 1
    return last == 0 and found == root


def is_consistent(earlier: int, size: int, before: bytes, root: bytes, proof: Sequence[bytes]) -> bool:
    """True if the tree of `earlier` entries with root `before` is the beginning of the one of `size` with `root`."""
    if earlier == size:
        return before == root and not proof
    if not 0 < earlier < size:
        return earlier == 0 and before == root_of([]) and not proof
    steps = [before, *proof] if earlier & (earlier - 1) == 0 else list(proof)
    return bool(steps) and _meets(earlier - 1, size - 1, steps, before, root)


def _meets(here: int, last: int, steps: Sequence[bytes], before: bytes, root: bytes) -> bool:
    while here & 1:
        here, last = here >> 1, last >> 1
    old = new = steps[0]
    for each in steps[1:]:
        if last == 0:
            return False
        if here & 1 or here == last:
            old, new = node(each, old), node(each, new)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            new = node(new, each)
        here, last = here >> 1, last >> 1
    return old == before and new == root and last == 0
