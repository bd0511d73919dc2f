"""The flight recorder: the messages on the wire when the process died, kept without a commit for each.

A small file beside the database, mapped into memory. What is written there survives a kill, because the pages belong
to the kernel; it does not survive a power cut, so it is believed only within the boot that wrote it, and only if the
store says that nobody else has reserved anything since. It may narrow a doubt to fewer readers, but it never makes
certain what the store leaves in doubt.
"""

from __future__ import annotations

import mmap
import os
import secrets
import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from pathlib import Path

#: Pages that can be under way at once, over all platforms.
REGIONS = 16
#: The positions of the largest page.
POSITIONS = 512
_BOOT = Path("/proc/sys/kernel/random/boot_id")
_HEADER = 64
#: The part of the header that names the boot; after it stands the name of the run that wrote the file.
_NAMED = 48
#: Names what follows the header: a file of an earlier version holds no posts.
_FORM = b" 2"
#: Dispatch (0: the region is free) and page number.
_OWNER = struct.Struct("<qq")
#: A mark and the message id.
_ENTRY = struct.Struct("<Bq")
_REGION = _OWNER.size + POSITIONS * _ENTRY.size
#: Posts to channels that can be on the wire at once, over all platforms.
SLOTS = 1024
#: Dispatch (0: the slot is free), a mark and the message id.
_SLOT = struct.Struct("<qBq")
_SLOTS_AT = _HEADER + REGIONS * _REGION
_SIZE = _SLOTS_AT + SLOTS * _SLOT.size


class Mark(IntEnum):
    NOTHING = 0
    STARTED = 1
    ARRIVED = 2
    #: The platform said that it did not take it: it may be sent again.
    NOT_TAKEN = 3


@dataclass(frozen=True, slots=True)
class Trace:
    """The recorder's knowledge of one position; `message_id` if the message arrived."""

    mark: Mark
    message_id: int = 0


class Region:
    """One page's part of the recorder."""

    def __init__(self, memory: mmap.mmap, offset: int) -> None:
        self._memory = memory
        self._offset = offset

    def started(self, position: int) -> None:
        """Mark one reader's request as under way, right before it leaves."""
        _ENTRY.pack_into(self._memory, self._at(position), Mark.STARTED, 0)

    def all_started(self, positions: Iterable[int]) -> None:
        """Mark a request to many readers as under way, right before it leaves."""
        for position in positions:
            self.started(position)

    def arrived(self, position: int, message_id: int) -> None:
        _ENTRY.pack_into(self._memory, self._at(position), Mark.ARRIVED, message_id)

    def not_taken(self, position: int) -> None:
        _ENTRY.pack_into(self._memory, self._at(position), Mark.NOT_TAKEN, 0)

    def _at(self, position: int) -> int:
        return self._offset + _OWNER.size + position * _ENTRY.size


class Slot:
    """The part of the recorder that belongs to one post in a channel."""

    def __init__(self, memory: mmap.mmap, index: int, dispatch_id: int) -> None:
        self.index = index
        self._memory = memory
        self._dispatch_id = dispatch_id
        self._note(Mark.STARTED)

    def arrived(self, message_id: int) -> None:
        self._note(Mark.ARRIVED, message_id)

    def not_taken(self) -> None:
        self._note(Mark.NOT_TAKEN)

    def _note(self, mark: Mark, message_id: int = 0) -> None:
        _SLOT.pack_into(self._memory, _slot_at(self.index), self._dispatch_id, mark, message_id)


@dataclass(frozen=True, slots=True)
class Left:
    """Notes left behind by an earlier run of this boot: pages of readers by dispatch and number, posts by dispatch."""

    pages: Mapping[tuple[int, int], Mapping[int, Trace]] = field(default_factory=dict)
    #: None: nothing is known of any. Else a post that is missing here was never requested.
    posts: Mapping[int, Trace] | None = None
    #: The name of that run; empty: an earlier version wrote it, and named none.
    by: str = ""


class Recorder:
    """The file of this boot. Read `left` before you take regions and slots."""

    def __init__(self, memory: mmap.mmap, left: Left) -> None:
        self._memory = memory
        self.left = left
        #: The name of this run, under which it writes from `wipe` on.
        self.name = secrets.token_hex((_HEADER - _NAMED) // 2)
        self._free = list(range(REGIONS))
        self._taken: dict[tuple[int, int], int] = {}
        self._free_slots = list(range(SLOTS))

    @classmethod
    def open(cls, path: Path) -> Recorder:
        """Make or map the file. Its room is taken at once, so that a full disk can't bite later. May raise OSError."""
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            os.posix_fallocate(descriptor, 0, _SIZE)
            memory = mmap.mmap(descriptor, _SIZE)
        finally:
            os.close(descriptor)
        return cls(memory, _left(memory) if memory[:_NAMED] == _boot() else Left())

    def wipe(self) -> None:
        """Forget what was left, once the verdict on it is durable, never before."""
        self._memory[:] = _boot() + self.name.encode() + bytes(_SIZE - _HEADER)

    def take(self, dispatch_id: int, number: int) -> Region | None:
        """Return a clean region for a page; None if all are in use: the page's doubt is then just wider."""
        if not self._free:
            return None
        index = self._free.pop()
        offset = _HEADER + index * _REGION
        self._memory[offset : offset + _REGION] = _OWNER.pack(dispatch_id, number) + bytes(_REGION - _OWNER.size)
        self._taken[dispatch_id, number] = index
        return Region(self._memory, offset)

    def give_back(self, dispatch_id: int, number: int) -> None:
        """Free the region of a page whose outcome is committed."""
        index = self._taken.pop((dispatch_id, number), None)
        if index is not None:
            _OWNER.pack_into(self._memory, _HEADER + index * _REGION, 0, 0)
            self._free.append(index)

    def depart(self, dispatch_id: int) -> Slot | None:
        """Note that a post is about to be requested; None: too many are on the wire, and it must not leave."""
        return Slot(self._memory, self._free_slots.pop(), dispatch_id) if self._free_slots else None

    def forget(self, slot: Slot) -> None:
        """Free the slot of a post whose outcome is committed."""
        _SLOT.pack_into(self._memory, _slot_at(slot.index), 0, Mark.NOTHING, 0)
        self._free_slots.append(slot.index)

    def close(self) -> None:
        self._memory.close()


def _slot_at(index: int) -> int:
    return _SLOTS_AT + index * _SLOT.size


def _boot() -> bytes:
    """Return this boot's name and the file's form, padded; other boots and forms are never believed."""
    try:
        name = _BOOT.read_bytes().strip()
    except OSError:
        name = os.urandom(32)
    return (name + _FORM).ljust(_NAMED, b"\0")[:_NAMED]


def _left(memory: mmap.mmap) -> Left:
    posts: dict[int, Trace] = {}
    for dispatch_id, mark, message_id in _SLOT.iter_unpack(memory[_SLOTS_AT:_SIZE]):
        # A post that left a second time may have two slots for a moment; then the open one decides.
        if dispatch_id and posts.get(dispatch_id, Trace(Mark.NOTHING)).mark is not Mark.STARTED:
            posts[dispatch_id] = Trace(Mark(mark), message_id)
    return Left(_left_pages(memory), posts, memory[_NAMED:_HEADER].rstrip(b"\0").decode("ascii", "replace"))


def _left_pages(memory: mmap.mmap) -> dict[tuple[int, int], dict[int, Trace]]:
    left: dict[tuple[int, int], dict[int, Trace]] = {}
    for index in range(REGIONS):
        offset = _HEADER + index * _REGION
        dispatch_id, number = _OWNER.unpack_from(memory, offset)
        if dispatch_id:
            entries = memory[offset + _OWNER.size : offset + _REGION]
            left[dispatch_id, number] = {
                position: Trace(Mark(mark), message_id)
                for position, (mark, message_id) in enumerate(_ENTRY.iter_unpack(entries))
                if mark
            }
    return left
