"""Echoes: an app tells that a message was changed, and it says what it said before."""

from __future__ import annotations

import hashlib
from collections import OrderedDict

from bot.domain import Address, Incoming, Said

#: Messages that are remembered, the latest.
KEPT = 2000


class Echoes:
    """Remembers a hash of what each message said. After a restart an echo is answered once as a change is."""

    def __init__(self) -> None:
        self._said: OrderedDict[tuple[Address, int], bytes] = OrderedDict()

    def is_one(self, incoming: Incoming) -> bool:
        """True for a changed message that says the same as before; what it says now is remembered."""
        event = incoming.event
        if not isinstance(event, Said) or not event.message_id:
            return False
        key, now = (incoming.chat, event.message_id), _hash(event)
        before = self._said.pop(key, b"")
        self._said[key] = now
        if len(self._said) > KEPT:
            self._said.popitem(last=False)
        return event.edited and now == before


def _hash(said: Said) -> bytes:
    media = said.media
    return hashlib.sha256(repr((said.runs, media and (media.file or media.url))).encode()).digest()[:16]
