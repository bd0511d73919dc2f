"""Witnesses (https://c2sp.org/tlog-witness): one sees each checkpoint grow out of the last, and cosigns no fork."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.record.checkpoint import Checkpoint, checkpoint_in
from bot.record.merkle import SIZE, is_consistent
from bot.record.notes import SignerKey, Unsigned, VerifierKey
from bot.record.signing import checkpoint_of, keep

#: Hashes of a proof, and characters of a whole request, at most.
HASHES, LONGEST = 63, 20_000
#: The kind of an answer that names the size which the witness knows.
OF_SIZE = "text/x.tlog.size"


@dataclass(frozen=True, slots=True)
class Request:
    """`old`: the size that the witness is believed to have cosigned last; `hashes`: the proof from there."""

    old: int
    hashes: tuple[bytes, ...]
    note: str

    def __str__(self) -> str:
        lines = [f"old {self.old}", *(base64.b64encode(each).decode() for each in self.hashes), "", self.note]
        return "\n".join(lines)

    @classmethod
    def parse(cls, text: str) -> Request:
        """Read a request. Raises `ValueError`."""
        head, gap, note = text.partition("\n\n")
        first, *lines = head.split("\n")
        old = re.fullmatch(r"old (0|[1-9]\d{0,17})", first)
        if old is None or not gap or len(lines) > HASHES or len(text) > LONGEST:
            raise ValueError("it is no request for a cosignature")
        try:
            hashes = tuple(base64.b64decode(line, validate=True) for line in lines)
        except binascii.Error as error:
            raise ValueError("a hash of the proof is damaged") from error
        if any(len(each) != SIZE for each in hashes):
            raise ValueError("a hash of the proof is cut")
        return cls(int(old[1]), hashes, note)


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer of a witness, as HTTP has it."""

    status: int
    body: str = ""
    kind: str = "text/plain"


class Witness:
    """Cosigns the checkpoints of some logs, and remembers the last one of each in a file of its own."""

    def __init__(self, key: SignerKey, logs: Sequence[VerifierKey], folder: Path) -> None:
        self._key = key
        self._logs = logs
        self._folder = folder

    @property
    def public(self) -> VerifierKey:
        """The public key of its cosignatures."""
        return self._key.witness

    def answer(self, text: str, at: int) -> Reply:
        """Answer a request at that second of the epoch. What is cosigned is durable first. Raises `Fork`, `OSError`.

        Nothing is awaited, so that of two requests the second sees what the first one left.
        """
        try:
            request = Request.parse(text)
            origin = Checkpoint.parse(request.note).origin
        except ValueError as error:
            return Reply(400, str(error))
        keys = [key for key in self._logs if key.name == origin]
        if not keys:
            return Reply(404, "this log is not witnessed here")
        try:
            checkpoint = checkpoint_in(request.note, keys)
        except (Unsigned, ValueError) as error:
            return Reply(403, str(error))
        return self._compared(request, checkpoint, at)

    def _compared(self, request: Request, checkpoint: Checkpoint, at: int) -> Reply:
        file = self._folder / f"{hashlib.sha256(checkpoint.origin.encode()).hexdigest()[:32]}.checkpoint"
        known = checkpoint_of(file)
        if (refused := refusal(request, checkpoint, known)) is not None:
            return refused
        if known is None or known.size < checkpoint.size:
            keep(file, request.note)
        return Reply(200, self._key.cosigned(checkpoint.text, at))


def refusal(request: Request, checkpoint: Checkpoint, known: Checkpoint | None) -> Reply | None:
    """Return why a checkpoint is not cosigned beside the last one; None if it continues that."""
    size = known.size if known is not None else 0
    if request.old > checkpoint.size:
        return Reply(400, "the old size is larger than the checkpoint's")
    if request.old != size:
        return Reply(409, f"{size}\n", OF_SIZE)
    if known is None:
        return None if not request.hashes else Reply(422, "from nothing there is nothing to prove")
    if checkpoint.size == size and checkpoint.root != known.root:
        return Reply(409, f"{size}\n", OF_SIZE)
    if not is_consistent(size, checkpoint.size, known.root, checkpoint.root, request.hashes):
        return Reply(422, "the proof does not lead from the last checkpoint to this one")
    return None
