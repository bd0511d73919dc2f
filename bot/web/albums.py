"""Albums: each picture comes as a message of its own, and all of them are one thing that somebody said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby

from bot.domain import Incoming, Said
from bot.domain.entry import Waiting

#: Time for which a picture of the desk's waits for its siblings.
TOGETHER = timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class Heard:
    """Rows that are handled together: usually one, of an album several. None: it does not concern us."""

    rows: tuple[Waiting, ...]
    incoming: Incoming | None

    def waits(self, now: datetime) -> timedelta:
        """Return the time until it is handled: the rest of an album may be on its way."""
        first = self.rows[0]
        if not first.from_desk or not _album(self.incoming):
            return timedelta(0)
        left = first.received_at + TOGETHER - now
        return left if timedelta(0) < left <= TOGETHER else timedelta(0)


def together(chain: Sequence[tuple[Waiting, Incoming | None]]) -> Iterator[Heard]:
    """Return what one chat said, in order; the pictures of an album that follow each other as one."""
    for (album, _), found in groupby(chain, key=_sameness):
        rows = list(found)
        if album:
            yield Heard(tuple(row for row, _ in rows), _joined([incoming for _, incoming in rows if incoming]))
        else:
            yield from (Heard((row,), incoming) for row, incoming in rows)


def _sameness(said: tuple[Waiting, Incoming | None]) -> tuple[str, str]:
    incoming = said[1]
    return _album(incoming), str(incoming.sender.address) if incoming is not None else ""


def _album(incoming: Incoming | None) -> str:
    event = incoming.event if incoming is not None else None
    return event.album if isinstance(event, Said) and not event.edited else ""


def _joined(pictures: Sequence[Incoming]) -> Incoming:
    """The one with a caption, which may be any of them, else the first; the others are its siblings."""
    said = [each.event for each in pictures if isinstance(each.event, Said)]
    main = next((at for at, each in enumerate(said) if each.text.strip()), 0)
    siblings = tuple(each for at, each in enumerate(said) if at != main)
    return replace(pictures[main], event=replace(said[main], siblings=siblings))
