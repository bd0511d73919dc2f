"""Signing checkpoints, and never one that is not the continuation of the last: a fork is the one unforgivable act."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.record.checkpoint import Checkpoint
from bot.record.keys import Keys, listed
from bot.record.merkle import Tree, computed
from bot.record.notes import SignerKey
from bot.record.shelf import Shelf


class Fork(Exception):
    """The record here is not the continuation of what was signed or published. Its text says what to do."""


def last_signed(database: Path) -> Path:
    """Return the file of the last checkpoint: beside the database, so that no restored backup takes it back."""
    return database.with_name(database.name + ".checkpoint")


def checkpoint_of(file: Path) -> Checkpoint | None:
    """Return the last checkpoint that was signed; None if none was. Raises `Fork` if the file can't be read."""
    try:
        return Checkpoint.parse(file.read_text("utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise Fork(
            f"{file} can't be read, so it is not known what was signed last. Nothing is signed. Fetch the file "
            "`checkpoint` from where the record is published and put it there."
        ) from error


def cosigned_file(database: Path) -> Path:
    """Return the file of the checkpoint that witnesses cosigned last."""
    return database.with_name(database.name + ".cosigned")


def cosigned_note(database: Path) -> str:
    """Return the last checkpoint that was signed, with what witnesses put under it; empty if there is none."""
    try:
        note = last_signed(database).read_text("utf-8")
    except OSError:
        return ""
    return _with_lines(cosigned_file(database), note)


def _with_lines(file: Path, note: str) -> str:
    """Return a note with the lines that witnesses put under it, which another process may have kept."""
    try:
        kept = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return note
    return kept if kept.startswith(note) else note


class Signer:
    """The log's key, and the last checkpoint that it signed."""

    def __init__(self, key: SignerKey, last: Path) -> None:
        self.key = key
        self._last = last
        self._cosigned = last.with_suffix(".cosigned")
        self._listed = last.with_suffix(".keys")
        #: What was signed last in this process, which need not be done twice.
        self._signed: tuple[Checkpoint, str] | None = None

    async def sign(self, shelf: Shelf) -> tuple[Checkpoint, str]:
        """Return the checkpoint of the record as it is now, and its signed note. Raises `Fork`, `OSError`."""
        size = (await shelf.record_head()).size
        signed = self._signed
        if signed is None or signed[0].size != size:
            signed = self._signed = await self._freshly(shelf)
        return signed[0], _with_lines(self._cosigned, signed[1])

    @property
    def keys(self) -> Keys | None:
        """The record's keys as the root key vouches for them; None if there was only one. Raises `Fork`."""
        try:
            return listed(self._listed)
        except (OSError, ValueError) as error:
            raise Fork(f"{self._listed} can't be read: {error}. Take it from where the record is published.") from error

    def keys_note(self) -> str:
        """Return the note of the keys; empty if there was only one."""
        return self._listed.read_text("utf-8") if self.keys is not None else ""

    def cosign(self, note: str, lines: str) -> None:
        """Keep what witnesses put under a note, unless what they put under a longer record's is kept already."""
        with held(self._cosigned):
            known = checkpoint_of(self._cosigned)
            if known is None or known.size <= Checkpoint.parse(note).size:
                keep(self._cosigned, _with_lines(self._cosigned, note) + lines)

    async def _freshly(self, shelf: Shelf) -> tuple[Checkpoint, str]:
        # First what was signed, then what there is: what another process signs in between must not look like a loss.
        known = checkpoint_of(self._last)
        size = (await shelf.record_head()).size
        keys = self.keys
        if keys is not None and self.key.public != keys.last:
            raise Fork(
                "RECORD_KEY is not the key that the record has today: it was replaced with `visnyk record rotate`. "
                "Nothing is signed with the old one; set RECORD_KEY_FILE to the new one."
            )
        await self.check(shelf, size, known)
        checkpoint = Checkpoint(self.key.name, size, await self._root(shelf, size))
        note = checkpoint.signed(self.key)
        self._remember(checkpoint, note)
        return checkpoint, note

    def _remember(self, checkpoint: Checkpoint, note: str) -> None:
        """Keep a note as the last one before anybody sees it. Raises `Fork`.

        Whoever asked at the same time, here or in another process, may have been given a longer record: the file never
        goes back behind it.
        """
        with held(self._last):
            known = checkpoint_of(self._last)
            if known is not None and known.size == checkpoint.size and known.root != checkpoint.root:
                raise Fork(
                    f"Another record of {known.size} entries was signed at the same moment. This one is not given to "
                    "anybody. Stop whatever else runs with the same key."
                )
            if known is None or known.size < checkpoint.size or known.origin != checkpoint.origin:
                keep(self._last, note)

    async def check(self, shelf: Shelf, size: int, known: Checkpoint | None) -> None:
        """Raise `Fork` unless the record of `size` entries begins with what is known to be signed."""
        if known is None:
            return
        if known.size > size:
            raise Fork(
                f"{known.size} entries of the record were published, and this database has {size}: it was restored "
                "from a backup, or is a copy. Nothing is signed; bring the missing ones back: visnyk record recover"
            )
        if await self._root(shelf, known.size) != known.root:
            raise Fork(
                f"The first {known.size} entries of the record here are not those that were published. Nothing is "
                "signed. Somebody changed this database, or another one was run with the same key."
            )

    async def _root(self, shelf: Shelf, size: int) -> bytes:
        async def tile(level: int, number: int) -> bytes:
            return b"".join(await shelf.record_hashes(level, number))

        return await computed(size, tile, Tree.root)


@contextmanager
def held(file: Path) -> Iterator[None]:
    """Let nobody else, in any process, look at a file and write it meanwhile. Others wait for as long as a write takes.

    What is locked lies beside it: the file itself is another one after each write.
    """
    descriptor = os.open(file.with_name(file.name + ".lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def keep(file: Path, note: str) -> None:
    """Write the checkpoint durably before anybody sees it."""
    fresh = file.with_name(file.name + ".new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
        out.write(note)
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(file)
    folder = os.open(file.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)
