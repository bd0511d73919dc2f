"""Calls that are turned away: one line a minute and address in the log, however many there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

log = structlog.get_logger(__name__)

#: Time between two lines about the same address.
EVERY = timedelta(minutes=1)
#: Addresses that are counted one by one; the rest is counted together.
ADDRESSES = 1000


class Refusals:
    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._since: dict[str, datetime] = {}
        self._unsaid: Counter[str] = Counter()

    def note(self, peer: str, path: str, status: int) -> None:
        """Count a refused call; the first of a minute is written down, with how many there were since the last."""
        if peer not in self._since and len(self._since) >= ADDRESSES:
            self._forget()
            peer = peer if len(self._since) < ADDRESSES else "others"
        self._unsaid[peer] += 1
        now = self._now()
        since = self._since.get(peer)
        if since is None or not since <= now < since + EVERY:
            self._since[peer] = now
            log.warning("call_refused", peer=peer, path=path[:80], status=status, calls=self._unsaid.pop(peer))

    def _forget(self) -> None:
        """Drop those whose minute is over."""
        now = self._now()
        for peer in [peer for peer, since in self._since.items() if not since <= now < since + EVERY]:
            del self._since[peer]
            self._unsaid.pop(peer, None)
