"""Signed notes (https://c2sp.org/signed-note): a text, and below it who signed it."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import struct
from collections.abc import Iterable
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

#: Kinds of keys: Ed25519 over the text, and a witness's over the text with a time before it.
ED25519, COSIGNATURE = 1, 4
_PRIVATE = "PRIVATE+KEY+"
_NAME = re.compile(r"[^\s+\x00-\x1f\x7f]{1,200}")


class Unsigned(Exception):
    """A note is no note, or none of the known keys signed it, or a known key's signature is wrong."""


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key with the name of its holder."""

    name: str
    public: bytes
    kind: int = ED25519

    @property
    def id(self) -> bytes:
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{_base64(bytes([self.kind]) + self.public)}"

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of the key in groups of four, which people compare by eye."""
        digits = hashlib.sha256(bytes([self.kind]) + self.public).hexdigest()[:32]
        return " ".join(digits[at : at + 4] for at in range(0, len(digits), 4))

    @classmethod
    def parse(cls, text: str) -> VerifierKey:
        """Read a key as `str` writes it. Raises `ValueError`."""
        name, _, rest = text.strip().partition("+")
        known, _, encoded = rest.partition("+")
        raw = _bytes(encoded)
        if not _NAME.fullmatch(name) or len(raw) != 33 or raw[0] not in (ED25519, COSIGNATURE):
            raise ValueError("it is no key: a key looks like news.example+1a2b3c4d+AX…")
        key = cls(name, raw[1:], raw[0])
        if key.id.hex() != known:
            raise ValueError("it is no key: a part of it was changed or is missing")
        return key

    def verifies(self, text: bytes, signature: bytes) -> bool:
        if self.kind == COSIGNATURE:
            text, signature = _with_time(text, signature[:8]), signature[8:]
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text)
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True, slots=True)
class SignerKey:
    """A private key with the name of its holder. `seed`: 32 bytes; it is in no `repr`."""

    name: str
    seed: bytes

    def __repr__(self) -> str:
        return f"SignerKey({self.name!r})"

    @classmethod
    def parse(cls, text: str) -> SignerKey:
        """Read a key as `written` gives it. Raises `ValueError`, which does not hold it."""
        name, _, rest = text.strip().removeprefix(_PRIVATE).partition("+")
        known, _, encoded = rest.partition("+")
        raw = _bytes(encoded)
        if not text.strip().startswith(_PRIVATE) or len(raw) != 33 or raw[0] != ED25519 or not _NAME.fullmatch(name):
            raise ValueError("it is no private key of a record; make one with: visnyk record new-key")
        key = cls(name, raw[1:])
        if key.public.id.hex() != known:
            raise ValueError("a part of the key was changed or is missing")
        return key

    @property
    def written(self) -> str:
        return f"{_PRIVATE}{self.name}+{self.public.id.hex()}+{_base64(bytes([ED25519]) + self.seed)}"

    @property
    def public(self) -> VerifierKey:
        private = Ed25519PrivateKey.from_private_bytes(self.seed)
        return VerifierKey(self.name, private.public_key().public_bytes_raw())

    @property
    def witness(self) -> VerifierKey:
        """The public key under which it cosigns what others signed."""
        return VerifierKey(self.name, self.public.public, COSIGNATURE)

    def signed(self, text: str) -> str:
        """Return the note of a text, which ends with a line break."""
        return f"{text}\n{self.line(text)}"

    def line(self, text: str) -> str:
        signature = Ed25519PrivateKey.from_private_bytes(self.seed).sign(text.encode())
        return f"— {self.name} {_base64(self.public.id + signature)}\n"

    def cosigned(self, text: str, at: int) -> str:
        """Return the line by which a witness tells that it saw this text, at that second of the epoch."""
        time = struct.pack(">Q", at)
        signature = Ed25519PrivateKey.from_private_bytes(self.seed).sign(_with_time(text.encode(), time))
        return f"— {self.name} {_base64(self.witness.id + time + signature)}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """A text and the names of the known keys that signed it."""

    text: str
    signers: frozenset[VerifierKey]


def opened(note: str, keys: Iterable[VerifierKey]) -> Note:
    """Return a note that one of `keys` signed; signatures of unknown keys are passed over. Raises `Unsigned`."""
    text, gap, below = note.rpartition("\n\n")
    if not gap or any(ord(letter) < 32 and letter != "\n" for letter in note) or not below.endswith("\n"):
        raise Unsigned("it is no signed note")
    text, known = text + "\n", tuple(keys)
    signers = {key for line in below.splitlines() for key in _signers_of(line, text, known)}
    if not signers:
        raise Unsigned("none of the known keys signed it")
    return Note(text, frozenset(signers))


def _signers_of(line: str, text: str, keys: Iterable[VerifierKey]) -> list[VerifierKey]:
    dash, _, rest = line.partition(" ")
    name, _, encoded = rest.partition(" ")
    raw = _bytes(encoded)
    if dash != "—" or not _NAME.fullmatch(name) or len(raw) < 5:
        raise Unsigned("a line under the text is no signature")
    found = [key for key in keys if key.name == name and key.id == raw[:4]]
    if not all(key.verifies(text.encode(), raw[4:]) for key in found):
        raise Unsigned("a known key's signature is wrong")
    return found


def _with_time(text: bytes, time: bytes) -> bytes:
    seconds = struct.unpack(">Q", time)[0] if len(time) == 8 else 0
    return f"cosignature/v1\ntime {seconds}\n".encode() + text


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _bytes(encoded: str) -> bytes:
    """Return what base64 encodes, in its only spelling; empty if it is none."""
    try:
        raw = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        return b""
    return raw if _base64(raw) == encoded else b""
