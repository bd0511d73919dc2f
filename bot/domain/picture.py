"""Pictures and films by their bytes: what is one, and where a text names one."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

#: Largest picture that is fetched, in bytes, before it is made smaller.
LARGEST = 20 * 1024 * 1024
#: Largest video that is fetched and kept, in bytes: Viber takes no larger one (docs/platforms/viber.md#limits).
LARGEST_VIDEO = 26 * 1024 * 1024
#: Bytes that all kept pictures may take together: some two thousand of them.
ROOM = 2 * 1024 * 1024 * 1024
#: The most dots of a picture that is opened: no camera of a phone makes more, and they take 200 MB of memory.
PIXELS = 50_000_000
#: Addresses in one message that are looked at.
ADDRESSES = 3
#: A look at an address counts for what is written this long after it: a picture may come hours before its text.
LOOK_COUNTS = timedelta(days=1)
_FORMS = ((b"\xff\xd8\xff", "jpg"), (b"\x89PNG\r\n\x1a\n", "png"), (b"GIF87a", "gif"), (b"GIF89a", "gif"))
#: What an MP4 calls itself at its beginning. A QuickTime film, which calls itself otherwise, is none.
_BRANDS = frozenset((b"isom", b"avc1", b"mp41", b"mp42", b"M4V ", b"MSNV", b"dash", b"3gp4", b"3gp5", b"3gp6"))
_ISO_BRANDS = frozenset(b"iso%d" % number for number in range(2, 10))
#: Content types by file ending.
TYPES = {"jpg": "image/jpeg", "png": "image/png", "gif": "image/gif", "webp": "image/webp", "mp4": "video/mp4"}
_HELD = "telegram:"
_STILL = "still:"
_NAMED = re.compile(r"(?i)(?<!\w)(?:photo|фото|video|відео)[*_~`]{0,8}\s{0,8}:[\s*_~`]{0,16}(https?://[^\s<>]{1,2000})")


class Unkept(StrEnum):
    """The reason why the bytes at an address are not kept; a detail may follow it."""

    ADDRESS = "address"
    SILENT = "silent"
    STATUS = "status"
    TOO_LARGE = "too_large"
    TOO_MANY_DOTS = "too_many_dots"
    NO_PICTURE = "no_picture"
    NO_VIDEO = "no_video"
    NO_PAGE = "no_page"
    PDF = "pdf"
    PACKED = "packed"
    #: The pictures that articles need take all the room that there is.
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Found:
    """The outcome of a look at an address: a kept picture or film, or the `reason` for none: `Unkept`, a detail.

    `still`: the digest of the kept picture that stands for one that moves.
    """

    digest: str = ""
    form: str = ""
    size: int = 0
    reason: str = ""
    still: str = ""


def form_of(content: bytes) -> str:
    """Return the file ending that the bytes ask for, whatever their address or server says; empty for no picture."""
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "webp"
    if content[4:8] == b"ftyp" and content[8:12] in _BRANDS | _ISO_BRANDS:
        return "mp4"
    return next((form for beginning, form in _FORMS if content.startswith(beginning)), "")


def held_at(file: str) -> str:
    """Return what stands for an address where Telegram holds a file."""
    return f"{_HELD}{file}"


def file_at(address: str) -> str:
    """Return the file of `held_at`; empty for an address of the web."""
    return address.removeprefix(_HELD) if address.startswith(_HELD) else ""


def still_of(digest: str) -> str:
    """Return what stands for an address where the still picture of one that moves is found."""
    return f"{_STILL}{digest}"


def digest_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def named_in(text: str) -> list[str]:
    """Return the addresses of pictures and videos that a text names in lines as `photo: https://…`, the first few."""
    return list(dict.fromkeys(found[1] for found in _NAMED.finditer(text)))[:ADDRESSES]
