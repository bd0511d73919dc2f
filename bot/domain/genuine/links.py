"""Links are judged apart from words: the same words over a foreign address are the cheapest fake there is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

#: The host where every channel and person of Telegram has a place; the case of their names means nothing.
TELEGRAM = "t.me"
#: Other names of the same hosts.
SAME = {"telegram.me": TELEGRAM, "telegram.dog": TELEGRAM}
#: Hosts where everybody has a place, so that the name after them says whose it is.
SHARED = frozenset({TELEGRAM, "invite.viber.com"})
#: Addresses for formatting that lead nowhere (see the adapters).
_NO_PLACE = frozenset({"tg://emoji", "tg://time"})


def address_of(link: str) -> str:
    """Return an address as it is compared: host in small letters and its ASCII form, path and query, no scheme."""
    if link.startswith("@"):
        return f"{TELEGRAM}/{link[1:].casefold()}"
    if link.casefold().startswith("tg://"):
        return link.casefold()
    try:
        parts = urlsplit(link if "://" in link else f"https://{link}")
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return link.casefold()
    host = _ascii(host)
    host = SAME.get(host, host)
    # Whatever stands before an @ is no part of the place, and only ever meant to deceive.
    place = host + (f":{port}" if port not in (None, 80, 443) else "")
    path = parts.path.rstrip("/")
    path = path.casefold() if host == TELEGRAM else path
    return place + path + (f"?{parts.query}" if parts.query else "")


def _ascii(host: str) -> str:
    try:
        return host.rstrip(".").encode("idna").decode()
    except UnicodeError:
        return host


def host_of(address: str) -> str:
    """Return what people are shown of an address: its host, and whose place it is on a shared one."""
    if address.startswith("tg:"):
        return address[:60]
    host, _, name = (*re.split("([/?])", address, maxsplit=2)[:3], "", "")[:3]
    return f"{host}/{name}" if host in SHARED and name else host[:80]


@dataclass(frozen=True, slots=True)
class Places:
    """The house's own places, where whatever is linked is ours: hosts, and channels by their addresses."""

    hosts: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset()

    @classmethod
    def of(cls, sites: Iterable[str], channels: Iterable[str]) -> Places:
        """Take the links of the house's sites and channels. A host that everybody shares is nobody's own."""
        hosts = {address_of(site).partition("/")[0] for site in sites if site}
        return cls(frozenset(hosts - SHARED), frozenset(address_of(channel) for channel in channels if channel))

    def has(self, address: str) -> bool:
        """True if an address, as compared, is in one of these places."""
        if address.partition("/")[0].partition("?")[0] in self.hosts or address in self.channels:
            return True
        return any(address.startswith((f"{each}/", f"{each}?")) for each in self.channels if "?" not in each)


def foreign_links(links: Iterable[str], ours: Iterable[str], places: Places) -> tuple[str, ...]:
    """Return those of `links` that are none of ours, each once, as compared. `ours`: addresses, as compared."""
    known = frozenset(ours)
    found = dict.fromkeys(address_of(link) for link in links if link and link not in _NO_PLACE)
    return tuple(each for each in found if each not in known and not places.has(each))
