"""Updates of the platforms, parsed once: the door, the inbox and the handling look at the same one."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping

from bot.adapters.base import Messenger
from bot.domain import Incoming, Platform

#: Updates that are kept parsed until they are handled; beyond it the oldest is parsed again.
KEPT = 500
#: Largest body that is kept, in bytes.
LARGEST = 16 * 1024


class Parsing:
    def __init__(self, messengers: Mapping[Platform, Messenger]) -> None:
        self._messengers = messengers
        self._kept: OrderedDict[tuple[str, bytes], Incoming | None] = OrderedDict()

    def parse(self, platform: Platform, body: bytes) -> Incoming | None:
        """Return what one update says; None if it does not concern us."""
        key = platform, body
        if key not in self._kept:
            incoming = self._messengers[platform].calls.parse(body)
            if len(body) > LARGEST:
                return incoming
            self._kept[key] = incoming
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return self._kept[key]

    def forget(self, platform: str, body: bytes) -> None:
        """The update is handled. `platform` may be one that no version of ours knows."""
        self._kept.pop((platform, body), None)

    def forget_all(self) -> None:
        """Parse everything again, as a bot learns its own name only while it starts."""
        self._kept.clear()
