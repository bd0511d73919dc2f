"""Faults as switches: on until they are turned off again."""

from collections.abc import Mapping
from typing import Any

from bot.sandbox.both import Both
from bot.sandbox.faults import Fault

#: The fault that each switch puts on its platform's requests.
SWITCHES: Mapping[str, Mapping[str, Any]] = {
    "slow": {"kind": "slow", "delay": 2.0},
    "refuse": {"kind": "429", "retry_after": 2},
    "5xx": {"kind": "502"},
    "drop": {"kind": "drop_after"},
}
OFFLINE = "offline"
#: Methods whose answers `drop` loses: what became of a message. Questions about the account are still answered.
DROPPED = {
    "telegram": ("sendMessage", "sendPhoto", "sendVideo", "sendMediaGroup"),
    "viber": ("post", "send_message", "broadcast_message"),
}


class Switches:
    """The switches of both platforms. `offline` needs wires: see `Both.lay_wires`."""

    def __init__(self, both: Both) -> None:
        self._both = both
        self._on: dict[tuple[str, str], list[Fault]] = {}

    async def set(self, platform: str, name: str, on: bool) -> None:
        """Turn a switch on or off. Raises `LookupError` or `ValueError` for one that does not exist."""
        if name == OFFLINE:
            await self._set_offline(platform, on)
            return
        key = (platform, name)
        faults = self._both.faults
        for fault in self._on.pop(key, []):
            faults.remove(fault)
        if on:
            methods = DROPPED[platform] if name == "drop" else (None,)
            self._on[key] = [faults.add(platform, method=one, times=None, **SWITCHES[name]) for one in methods]

    async def _set_offline(self, platform: str, on: bool) -> None:
        wire = self._both.wires[platform]
        if on:
            wire.cut()
        else:
            await wire.repair()

    def on(self) -> list[str]:
        """The switches that are on, as `telegram slow`."""
        offline = [f"{platform} {OFFLINE}" for platform, wire in self._both.wires.items() if not wire.whole]
        return [*(" ".join(key) for key in self._on), *offline]
