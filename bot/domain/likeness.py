"""Pictures by how they look: numbers that stay nearly the same through packing, scaling and a small cut.

They find a picture and can never say that it is unchanged: one with something put into it looks just as alike.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from typing import NamedTuple

#: Bits in which two looks of one picture differ at most, by their shapes and by their steps. Wider, and pictures that
#: have nothing to do with each other are taken for one (`python -m tests.trials.genuine` counts them).
SHAPES, STEPS = 10, 6
_PAIR = struct.Struct(">QQ")


class Look(NamedTuple):
    """`shapes`: the large forms of a picture; `steps`: where it grows lighter from left to right. 64 bits each."""

    shapes: int
    steps: int

    def is_like(self, other: Look) -> bool:
        shapes, steps = self.shapes ^ other.shapes, self.steps ^ other.steps
        return shapes.bit_count() <= SHAPES or steps.bit_count() <= STEPS


def packed(looks: Iterable[Look]) -> bytes:
    """Return looks as a column holds them."""
    return b"".join(_PAIR.pack(*look) for look in looks)


def unpacked(content: bytes) -> list[Look]:
    return [Look(*pair) for pair in _PAIR.iter_unpack(content)]


def is_known(asked: Look, kept: bytes) -> bool:
    """True if a picture looks like one of which these looks are kept: its own, and those of likely cuts of it."""
    return any(asked.is_like(look) for look in unpacked(kept))
