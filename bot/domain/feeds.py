"""The state of the feeds that the newsroom reads, and what is known of their items."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

#: Reasons of a feed that fails, beside those of an address: what stands there is no feed, nobody of the desk is there
#: to get its drafts, and a fault of our own.
NO_FEED, NOBODY, FAULT = "no_feed", "nobody", "fault"


@dataclass(frozen=True, slots=True)
class Looked:
    """The state of a feed: `marks` for the next question, looks that failed in a row and why the last one did.

    `good_at`: when it was read last. `body`: the SHA-256 of what came then.
    """

    next_at: datetime
    marks: Mapping[str, str] = field(default_factory=dict)
    failures: int = 0
    reason: str = ""
    good_at: datetime | None = None
    body: str = ""

    @property
    def is_known(self) -> bool:
        """True once it was read."""
        return self.good_at is not None


@dataclass(frozen=True, slots=True)
class FeedState:
    """A feed of newsroom.toml as it stands. `seen`: its items that are known; `drafted`: those that became drafts."""

    key: str
    url: str
    looked: Looked
    is_stopped: bool = False
    seen: int = 0
    drafted: int = 0

    @property
    def site(self) -> str:
        return (urlsplit(self.url).hostname or self.url).removeprefix("www.")


@dataclass(frozen=True, slots=True)
class Brought:
    """The draft that an item became, if it did, and the latest version that its feed wrote.

    `is_told`: the desk heard that the story changed at its source after somebody had worked on it.
    """

    article: int | None = None
    version: int = 0
    is_told: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """An item that is known: the `digest` of its words, and what it became."""

    item: str
    feed: str
    digest: str
    at: datetime
    brought: Brought = field(default_factory=Brought)
