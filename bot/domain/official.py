"""Official accounts: which channels and bots are the newsroom's own, and which others only look like them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz.distance import OSA

from bot.domain.article import Platform

#: Words that tell nothing of whose a name is.
AFFIXES = frozenset(
    {"official", "oficiyno", "ofitsiino", "ua", "uk", "en", "news", "novyny", "live", "bot", "channel", "kanal"}
    | {"now", "info", "24", "real", "the", "new", "tv", "today", "times", "post", "daily", "media"}
)
#: Letters of the shortest name that can be imitated, and of one with which two may differ.
LEAST, LONG = 5, 8
#: More characters than that beside a name of ours make it another name.
BESIDE = 3
_DIGITS = str.maketrans("01345", "oleas")
_LATIN = str.maketrans("авекмнорстухіїјѕ", "abekmhopctyxiijs")
_DROPPED = re.compile(r"[^\w]|_")


class Likeness(StrEnum):
    """The way in which an account looks like one of ours; the first two are no chance."""

    SAME_NAME = "same_name"
    SAME_TITLE = "same_title"
    AFFIX = "affix"
    NEAR = "near"

    @property
    def is_certain(self) -> bool:
        return self in (Likeness.SAME_NAME, Likeness.SAME_TITLE)


@dataclass(frozen=True, slots=True)
class Account:
    """A channel, group or bot. `id` is the platform's own number, `name` the public one, without @; either may be
    empty, and so may the title. `link` opens it.
    """

    platform: Platform
    id: str = ""
    name: str = ""
    title: str = ""
    link: str = ""

    @property
    def address(self) -> str:
        """Return where people find it; empty if that is not known."""
        return self.link or (f"https://t.me/{self.name}" if self.name and self.platform is Platform.TELEGRAM else "")


@dataclass(frozen=True, slots=True)
class Imitated:
    """An account of ours that another one looks like, and how."""

    ours: Account
    likeness: Likeness


def at(link: str, platform: Platform) -> Account:
    """Return the account that an address of ours opens: on Telegram by its name, where the address tells that."""
    named = re.fullmatch(r"https?://(?:www\.)?(?:t|telegram)\.me/([A-Za-z]\w{3,31})/?", link, re.ASCII)
    name = named[1] if named is not None and platform is Platform.TELEGRAM else ""
    return Account(platform, name=name, link="" if name else link)


def together(*groups: Iterable[Account]) -> tuple[Account, ...]:
    """Return all accounts, each once: what is told of it first counts."""
    found: list[Account] = []
    for each in (account for group in groups for account in group):
        known = own(found, each) is not None or (each.address and each.address in [one.address for one in found])
        found += [] if known else [each]
    return tuple(found)


def own(accounts: Iterable[Account], seen: Account) -> Account | None:
    """Return the account of ours that this one is. A number decides; a name does only where we know no number."""
    for each in accounts:
        if each.platform is seen.platform and _is_same(each, seen):
            return each
    return None


def _is_same(ours: Account, seen: Account) -> bool:
    if ours.id and seen.id:
        return ours.id == seen.id
    return bool(ours.name) and ours.name.casefold() == seen.name.casefold()


def imitated(accounts: Sequence[Account], seen: Account) -> Imitated | None:
    """Return which account of ours one that is none of them looks like most; None: it looks like none."""
    if own(accounts, seen) is not None:
        return None
    found = [Imitated(each, how) for each in accounts if (how := _likeness(each, seen)) is not None]
    return min(found, key=lambda each: list(Likeness).index(each.likeness), default=None)


def _likeness(ours: Account, seen: Account) -> Likeness | None:
    if ours.name and seen.name and (how := _of_names(skeleton(ours.name), skeleton(seen.name), ours.name)):
        return how
    title = skeleton(ours.title)
    return Likeness.SAME_TITLE if len(title) >= LEAST and title == skeleton(seen.title) else None


def _of_names(ours: str, theirs: str, name: str) -> Likeness | None:
    if len(ours) < LEAST:
        return None
    if ours == theirs:
        return Likeness.SAME_NAME
    rest = theirs.replace(ours, "", 1)
    if rest != theirs and (len(rest) <= BESIDE or rest in _AFFIXES or rest.isdigit()):
        return Likeness.AFFIX
    telling = "".join(part for part in name.casefold().split("_") if part not in AFFIXES)
    return Likeness.NEAR if OSA.distance(ours, theirs) <= (2 if len(telling) >= LONG else 1) else None


def skeleton(name: str) -> str:
    """Return what the eye sees of a name or title: one shape for letters and digits that look alike, and no others."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    shown = _DROPPED.sub("", plain).translate(_LATIN).translate(_DIGITS)
    return shown.replace("rn", "m").replace("vv", "w").replace("i", "l")


_AFFIXES = frozenset(map(skeleton, AFFIXES))
