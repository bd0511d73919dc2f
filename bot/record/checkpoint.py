"""A checkpoint: the size and root of the whole record, signed; and a proof that needs nothing else."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.record.merkle import SIZE, is_included
from bot.record.notes import ED25519, SignerKey, VerifierKey, opened

#: The first line of a proof (https://c2sp.org/tlog-proof).
PROOF = "c2sp.org/tlog-proof@v1"
#: Hashes of a proof at most: a record of that height has more entries than anybody writes.
_HASHES = 63


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """`origin`: the record's name."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    def signed(self, key: SignerKey) -> str:
        return key.signed(self.text)

    @classmethod
    def parse(cls, text: str) -> Checkpoint:
        """Read the text of a note. Raises `ValueError`."""
        origin, size, root, *_ = [*text.splitlines(), "", "", ""]
        raw = base64.b64decode(root, validate=True) if root else b""
        if not origin or not re.fullmatch(r"0|[1-9]\d{0,17}", size) or len(raw) != SIZE:
            raise ValueError("it is no checkpoint")
        return cls(origin, int(size), raw)


def checkpoint_in(note: str, keys: Iterable[VerifierKey]) -> Checkpoint:
    """Return the checkpoint of a note that a key of the record's own name signed. Raises `ValueError`, `Unsigned`."""
    found = opened(note, keys)
    try:
        checkpoint = Checkpoint.parse(found.text)
    except binascii.Error as error:
        raise ValueError("it is no checkpoint") from error
    if checkpoint.origin not in {key.name for key in found.signers if key.kind == ED25519}:
        raise ValueError("it is the checkpoint of another record")
    return checkpoint


@dataclass(frozen=True, slots=True)
class Proof:
    """A proof that an entry is in a record. `extra`: what we put beside it; nobody signed that itself."""

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: str
    extra: bytes = b""

    def __str__(self) -> str:
        extra = f"extra {base64.b64encode(self.extra).decode()}\n" if self.extra else ""
        hashes = "".join(f"{base64.b64encode(each).decode()}\n" for each in self.hashes)
        return f"{PROOF}\n{extra}index {self.index}\n{hashes}\n{self.checkpoint}"

    @classmethod
    def parse(cls, text: str) -> Proof:
        """Read a proof. Raises `ValueError` with what is wrong with it."""
        head, gap, checkpoint = text.replace("\r\n", "\n").strip().partition("\n\n")
        first, *lines = head.splitlines()
        if first.strip() != PROOF or not gap or not lines:
            raise ValueError("it is no proof, or it is cut")
        try:
            extra = base64.b64decode(lines.pop(0)[6:], validate=True) if lines[0].startswith("extra ") else b""
            index = re.fullmatch(r"index (0|[1-9]\d{0,17})", lines[0]) if lines else None
            hashes = tuple(base64.b64decode(line, validate=True) for line in lines[1:])
        except binascii.Error as error:
            raise ValueError("it is no proof, or it is cut") from error
        if index is None or len(hashes) > _HASHES or any(len(each) != SIZE for each in hashes):
            raise ValueError("it is no proof, or it is cut")
        return cls(int(index[1]), hashes, f"{checkpoint}\n", extra)

    def proves(self, entry: bytes, keys: Iterable[VerifierKey]) -> Checkpoint:
        """Return the checkpoint under which the entry is proved. Raises `ValueError` and `Unsigned`."""
        checkpoint = checkpoint_in(self.checkpoint, keys)
        if not is_included(entry, self.index, checkpoint.size, self.hashes, checkpoint.root):
            raise ValueError("the entry is not in the record that it names")
        return checkpoint
