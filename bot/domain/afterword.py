"""Afterwords: what somebody who asked about a text is told later, when its article was changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.article import Address
from bot.domain.change import FOLLOWS, Change, ChangeKind, Standing

#: The time after a question within which its answer is followed up.
WITHIN = timedelta(days=7)
#: Changes after which an answer may be another one.
FOLLOWED = frozenset({ChangeKind.CORRECTION, ChangeKind.RETRACTION, ChangeKind.RESTORATION})
_IN_DOUBT = frozenset({Standing.CHECKING, Standing.RETRACTED})


@dataclass(frozen=True, slots=True)
class Afterword:
    """Somebody who is to be told what became of an article since they asked.

    `heard_at`: when they heard last how it stands. `spoke_at`: the last word of theirs that is known.
    """

    chat: Address
    article: int
    language: str
    asked_at: datetime
    heard_at: datetime
    spoke_at: datetime


def owed(changes: Iterable[Change], heard_at: datetime) -> ChangeKind | None:
    """Return what somebody must be told who heard at that time how an article stood; None: their answer still holds.

    While it is being checked nobody is told: they hear how that ends. That its time is over says nothing of its truth.
    """
    out = sorted((each for each in changes if each.out_at is not None), key=lambda each: each.number)
    # What went out at that very instant may not have been seen: rather told twice than not at all.
    known = [each.kind for each in out if each.out_at is not None and each.out_at < heard_at]
    since = [each.kind for each in out][len(known) :]
    before, now = _standing(known), _standing([*known, *since])
    if now in (Standing.CHECKING, Standing.EXPIRED) or not since:
        return None
    if now is Standing.RETRACTED:
        return None if before is now else ChangeKind.RETRACTION
    if ChangeKind.CORRECTION in since:
        return ChangeKind.CORRECTION
    return ChangeKind.RESTORATION if before in _IN_DOUBT else None


def _standing(kinds: Iterable[ChangeKind]) -> Standing:
    standing = Standing.SOUND
    for kind in kinds:
        found = FOLLOWS[standing, kind]
        standing = found if isinstance(found, Standing) else standing
    return standing


def is_free(spoke_at: datetime, free_within: timedelta | None, now: datetime) -> bool:
    """True if a message costs nothing: always, or for some time after a person's last word."""
    return free_within is None or now < spoke_at + free_within
