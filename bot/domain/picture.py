"""Pictures by their bytes: what is one, and where a text names one."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

#: Largest picture that is fetched, in bytes, before it is made smaller.
LARGEST = 20 * 1024 * 1024
#: Bytes that all kept pictures may take together: some two thousand of them.
ROOM = 2 * 1024 * 1024 * 1024
#: The most dots of a picture that is opened: no camera of a phone makes more, and they take 200 MB of memory.
PIXELS = 50_000_000
#: Addresses in one message that are looked at.
ADDRESSES = 3
#: A look at an address counts for what is written this long after it: a picture may come hours before its text.
LOOK_COUNTS = timedelta(days=1)
_FORMS = ((b"\xff\xd8\xff", "jpg"), (b"\x89PNG\r\n\x1a\n", "png"), (b"GIF87a", "gif"), (b"GIF89a", "gif"))
#: Content types by file ending.
TYPES = {"jpg": "image/jpeg", "png": "image/png", "gif": "image/gif", "webp": "image/webp"}
_HELD = "telegram:"
_NAMED = re.compile(r"(?i)(?<!\w)(?:photo|фото)[*_~`]{0,8}\s{0,8}:[\s*_~`]{0,16}(https?://[^\s<>]{1,2000})")


class Unkept(StrEnum):
    """The reason why the bytes at an address are not kept; a detail may follow it."""

    ADDRESS = "address"
    SILENT = "silent"
    STATUS = "status"
    TOO_LARGE = "too_large"
    TOO_MANY_DOTS = "too_many_dots"
    NO_PICTURE = "no_picture"
    NO_PAGE = "no_page"
    PDF = "pdf"
    PACKED = "packed"
    #: The pictures that articles need take all the room that there is.
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Found:
    """The outcome of a look at an address: a kept picture, or the `reason` why there is none: `Unkept`, a detail."""

    digest: str = ""
    form: str = ""
    size: int = 0
    reason: str = ""


def form_of(content: bytes) -> str:
    """Return the file ending that the bytes ask for, whatever their address or server says; empty for no picture."""
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "webp"
    return next((form for beginning, form in _FORMS if content.startswith(beginning)), "")


def held_at(file: str) -> str:
    """Return what stands for an address where Telegram holds a file."""
    return f"{_HELD}{file}"


def file_at(address: str) -> str:
    """Return the file of `held_at`; empty for an address of the web."""
    return address.removeprefix(_HELD) if address.startswith(_HELD) else ""


def digest_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def named_in(text: str) -> list[str]:
    """Return the addresses of pictures that a text names in lines such as `photo: https://…`, the first few."""
    return list(dict.fromkeys(found[1] for found in _NAMED.finditer(text)))[:ADDRESSES]
