"""A storm of refusals: what the platforms answer while it lasts, and who wrote before they were allowed to."""

from __future__ import annotations

import math
import random
import time
from collections import Counter, deque
from collections.abc import Collection
from dataclasses import dataclass, field
from enum import IntEnum

from bot.sandbox.faults import Fault, Faults

#: What is on its way when a wait is named is not early, in seconds.
FLIGHT = 0.5
#: Different chats that must be sent away before it shows that the whole bot is meant.
SHOWS = 3
#: Single chats that are sent away within a second: one more, and they would count for the bot.
SINGLE, SECOND = 2, 1.25
#: What a bot's wait takes of the longest one, one after the other.
_SPELLS = (0.05, 0.5, 0.12, 1.0, 0.02, 0.25)

_SENDS = frozenset({"sendmessage", "editmessagetext"})


class Act(IntEnum):
    """A spell of weather; they follow each other."""

    SINGLE_CHATS = 0
    WHOLE_BOT = 1
    EVERY_CHAT = 2
    OVER = 3


@dataclass
class Log:
    """The log of the weather, by the loop's clock, from the first message to a reader on."""

    #: When readers were written to, and when the message was taken.
    asked: list[float] = field(default_factory=list)
    taken: list[float] = field(default_factory=list)
    sent_away: int = 0
    viber_asked: int = 0
    viber_sent_away: int = 0
    #: Requests before the chat's, or the bot's, wait was over.
    early: list[str] = field(default_factory=list)
    #: Of each wait of the bot, how many requests ran into it.
    ran_into: Counter[int] = field(default_factory=Counter)
    #: The bot's waits: from, until.
    waits: list[tuple[float, float]] = field(default_factory=list)
    #: When the latest wait of all is over.
    calm_at: float = 0.0


class Weather(Faults):
    """Weather in the sandbox's place of faults. `share` is what a bot that took no notice would see refused.

    A quarter of the `seconds` single chats are sent away, never three of them in a second; half of the time the whole
    bot is, for that share of the time; a quarter each message is by itself. A wait takes 1 to `longest` seconds.
    """

    def __init__(self, desk: int, *, share: float, seconds: float, longest: int, seed: int) -> None:
        super().__init__(seed)
        self.log = Log()
        self.share = share
        self._desk = str(desk)
        self._longest = longest
        self._chance = random.Random(seed)
        self._begun: float | None = None
        self._ends = (seconds / 4, seconds * 3 / 4, seconds)
        self._chats: dict[str, tuple[float, float]] = {}
        self._singled: deque[float] = deque(maxlen=SINGLE)
        self._log_spells()
        self._told: set[str] = set()
        self._shown_at = math.inf

    def _log_spells(self) -> None:
        """Log the spells beforehand: when the bot has to wait is certain."""
        at, end = self._ends[0], self._ends[1]
        spells = 0
        while at < end and self.share:
            wait = max(1.0, self._longest * _SPELLS[spells % len(_SPELLS)])
            at += wait * (1 - self.share) / self.share
            if at < end:
                self.log.waits.append((at, at + wait))
            at += wait
            spells += 1

    def act_at(self, at: float) -> Act:
        return Act(sum(at >= end for end in self._ends))

    def seconds_of(self, act: Act) -> float:
        """Return the seconds in which the bot might write."""
        begin, end = (0.0, *self._ends)[act], self._ends[act]
        return end - begin - sum(max(0.0, min(until, end) - max(at, begin)) for at, until in self.log.waits)

    def take(self, platform: str, method: str, chats: Collection[str]) -> Fault | None:
        now = time.monotonic()
        if platform == "viber" and method == "broadcast_message":
            return self._viber(now)
        if platform == "telegram" and method.lower() in _SENDS:
            (chat,) = chats
            if self._begun is None and chat != self._desk:
                self._begun = now
            if self._begun is not None:
                return self._telegram(chat, now - self._begun)
        return super().take(platform, method, chats)

    def _viber(self, now: float) -> Fault | None:
        """Refuse as Viber does, which names no time."""
        self.log.viber_asked += 1
        is_over = self._begun is not None and self.act_at(now - self._begun) is Act.OVER
        if is_over or self._chance.random() >= self.share:
            return None
        self.log.viber_sent_away += 1
        return self._refusal("viber", 1)

    def _telegram(self, chat: str, now: float) -> Fault | None:
        log = self.log
        wait = self._wait(chat, now)
        if chat != self._desk:
            log.asked.append(now)
            if not wait:
                log.taken.append(now)
        if not wait:
            return None
        log.sent_away += 1
        log.calm_at = max(log.calm_at, now + wait)
        return self._refusal("telegram", wait)

    def _wait(self, chat: str, now: float) -> int:
        """Seconds until it may write to this chat; 0: this one is taken."""
        for number, (begin, until) in enumerate(self.log.waits):
            if begin <= now < until:
                return self._bot_waits(chat, now, number)
        until, told = self._chats.get(chat, (0.0, 0.0))
        if now < until:
            # Only the desk is written to by several at once.
            if chat != self._desk or now > told + FLIGHT:
                self.log.early.append(f"{chat} at {now:.2f}, asked to wait until {until:.2f}")
            return math.ceil(until - now)
        if chat == self._desk or not self._is_singled_out(now):
            return 0
        wait = self._chance.randint(1, self._longest)
        self._chats[chat] = (now + wait, now)
        return wait

    def _bot_waits(self, chat: str, now: float, number: int) -> int:
        if not self.log.ran_into[number]:
            self._told, self._shown_at = set(), math.inf
        if now > self._shown_at + FLIGHT:
            self.log.early.append(f"the bot at {now:.2f}, asked to wait until {self.log.waits[number][1]:.2f}")
        self.log.ran_into[number] += 1
        self._told.add(chat)
        if len(self._told) == SHOWS and self._shown_at == math.inf:
            self._shown_at = now
        return math.ceil(self.log.waits[number][1] - now)

    def _is_singled_out(self, now: float) -> bool:
        act = self.act_at(now)
        if act is Act.OVER or self._chance.random() >= self.share:
            return False
        if act is not Act.EVERY_CHAT:
            if len(self._singled) == SINGLE and self._singled[0] > now - SECOND:
                return False
            self._singled.append(now)
        return True

    def _refusal(self, platform: str, wait: int) -> Fault:
        return Fault(platform, "429", None, None, 1, 1.0, 0.0, wait, execute=False, code=0, text="")
