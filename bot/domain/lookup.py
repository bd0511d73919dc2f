"""A lookup: an address that somebody of the desk sent, to be fetched and made into a draft."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from bot.domain.article import Address, Run, plain

#: Longest address that is fetched, in characters.
LONGEST = 2_000
_ALONE = re.compile(r"<?((?:https?://|www\.)[^\s<>\"]+)>?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Lookup:
    """`person` sent the address in `chat`, in a forum in its `thread`."""

    url: str
    person: Address
    chat: Address
    said_at: datetime
    thread: int = 0
    id: int = 0

    @property
    def site(self) -> str:
        return (urlsplit(self.url).hostname or self.url).removeprefix("www.")


def address_alone(runs: Sequence[Run]) -> str:
    """Return the address if a text is nothing else; empty if it is more, or none."""
    found = _ALONE.fullmatch(plain(runs).strip())
    if found is None or len(found[1]) > LONGEST:
        return ""
    return found[1] if "://" in found[1] else f"https://{found[1]}"
