"""Faults on request, and the pace at which a platform lets a bot talk."""

import math
import random
import time
from collections import deque
from collections.abc import Callable, Collection
from dataclasses import dataclass

KINDS = (
    *("late", "slow", "drop_before", "drop_after", "belated", "500", "502", "half", "html200", "429", "http429"),
    "refuse",
)

#: Kinds that answer in the platform's place: the request is not executed.
_UNEXECUTED = frozenset({"drop_before", "belated", "500", "502", "429", "http429", "refuse"})

#: A local socket's jitter: a request may arrive this many seconds early and still be in time.
SLACK = 0.02


@dataclass(slots=True)
class Fault:
    """One kind of trouble, for the requests that it fits. `times` counts down, None never ends.

    Without a method it leaves getUpdates alone, as a patient poller would swallow it.
    """

    platform: str
    kind: str
    method: str | None
    chat: str | None
    times: int | None
    probability: float
    delay: float
    retry_after: int
    execute: bool
    code: int
    text: str

    def fits(self, platform: str, method: str, chats: Collection[str]) -> bool:
        return (
            self.platform == platform
            and (self.method == method.lower() if self.method else method.lower() != "getupdates")
            and (self.chat is None or self.chat in chats)
        )


class Faults:
    """The faults that still wait for a request that they fit."""

    def __init__(self, seed: int = 1) -> None:
        self._waiting: list[Fault] = []
        self._dice = random.Random(seed)  # noqa: S311 - a repeatable die, not a secret

    def __bool__(self) -> bool:
        """True if some wait."""
        return bool(self._waiting)

    def add(
        self,
        platform: str,
        kind: str,
        *,
        method: str | None = None,
        chat: str | int | None = None,
        times: int | None = 1,
        probability: float = 1.0,
        delay: float = 0.0,
        retry_after: int = 1,
        execute: bool | None = None,
        code: int = 400,
        text: str = "",
    ) -> Fault:
        """`execute` overrides whether the request takes effect: 500, 502 and 429 do not, html200 does.

        `code` and `text` are what a `refuse` says: Telegram's error_code and description, or Viber's status.
        """
        if kind not in KINDS:
            raise ValueError(f"unknown fault {kind!r}; there are {', '.join(KINDS)}")
        if platform not in ("telegram", "viber"):
            raise ValueError(f"unknown platform {platform!r}")
        fault = Fault(
            platform,
            kind,
            method.lower() if method is not None else None,
            str(chat) if chat is not None else None,
            times,
            probability,
            delay,
            retry_after,
            kind not in _UNEXECUTED if execute is None else execute,
            code,
            text,
        )
        self._waiting.append(fault)
        return fault

    def remove(self, fault: Fault) -> None:
        """Drop this fault, if it has not run out already."""
        self._waiting = [waiting for waiting in self._waiting if waiting is not fault]

    def clear(self) -> None:
        self._waiting.clear()

    def take(self, platform: str, method: str, chats: Collection[str]) -> Fault | None:
        """Return the first fault that fits this request, and count it down."""
        for fault in self._waiting:
            if fault.fits(platform, method, chats) and self._dice.random() < fault.probability:
                self._use(fault)
                return fault
        return None

    def _use(self, fault: Fault) -> None:
        if fault.times is None:
            return
        fault.times -= 1
        if fault.times <= 0:
            self._waiting.remove(fault)


class _Window:
    """A rule: at most `limit` messages in any stretch of `seconds`."""

    def __init__(self, limit: int, seconds: float) -> None:
        self.limit = limit
        self.seconds = seconds
        self.times: deque[float] = deque()

    def wait(self, now: float, units: int) -> float:
        while self.times and self.times[0] <= now - self.seconds + SLACK:
            self.times.popleft()
        # An album larger than the whole limit passes when the window is empty, as nothing ever would otherwise.
        surplus = len(self.times) + min(units, self.limit) - self.limit
        return 0.0 if surplus <= 0 else self.times[surplus - 1] + self.seconds - now

    def take(self, now: float, units: int) -> None:
        self.times.extend([now] * units)


class Pace:
    """The pace at which a platform lets a bot talk. Off until `strict()` is called."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._windows: dict[tuple[str, str], _Window] = {}
        self._limits: dict[str, tuple[int, float]] = {}
        self.on = False

    def strict(
        self,
        telegram_per_second: int = 30,
        chat_per_second: int = 1,
        group_per_minute: int = 20,
        *,
        paid_per_second: int = 1000,
        viber_per_ten_seconds: int = 500,
    ) -> None:
        self._limits = {
            "all": (telegram_per_second, 1.0),
            "paid": (paid_per_second, 1.0),
            "chat": (chat_per_second, 1.0),
            "group": (group_per_minute, 60.0),
            "viber": (viber_per_ten_seconds, 10.0),
        }
        self._windows.clear()
        self.on = True

    def off(self) -> None:
        self.on = False

    def telegram(self, token: str, chat: str, units: int = 1, *, paid: bool = False) -> int:
        """Seconds to wait before this message may go out; 0 means it is counted and goes out now."""
        names = [("paid" if paid else "all", token), ("chat", f"{token} {chat}")]
        if chat.startswith(("-", "@")):
            names.append(("group", f"{token} {chat}"))
        return self._ask(names, units)

    def viber(self, token: str) -> int:
        return self._ask([("viber", token)], 1)

    def _ask(self, names: list[tuple[str, str]], units: int) -> int:
        if not self.on:
            return 0
        now = self._monotonic()
        windows = [self._window(kind, key) for kind, key in names]
        wait = max(window.wait(now, units) for window in windows)
        if wait > 0:
            return max(1, math.ceil(wait))
        for window in windows:
            window.take(now, units)
        return 0

    def _window(self, kind: str, key: str) -> _Window:
        window = self._windows.get((kind, key))
        if window is None:
            window = self._windows[kind, key] = _Window(*self._limits[kind])
        return window
