"""Tells the newsroom's own addresses from everybody else's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit


def is_own(address: str, homes: Sequence[str]) -> bool:
    """True for an address on one of the newsroom's sites, or in a part of it that they name."""
    return any(_is_within(address, home) for home in homes if home)


def _is_within(address: str, home: str) -> bool:
    at, place = urlsplit(address), urlsplit(home)
    path = place.path.rstrip("/")
    return host_of(at.hostname) == host_of(place.hostname) and (at.path == path or at.path.startswith(f"{path}/"))


def host_of(name: str | None) -> str:
    """Return a host without what only names the same site for other devices."""
    return re.sub(r"^(?:www|m|amp|mobile)\.", "", (name or "").casefold())
