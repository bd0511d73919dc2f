"""The duties of the house, for which its alarm clock rings."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from bot.app.parts import Clock
from bot.commands import Commands, Telling
from bot.errors import LogAltered
from bot.newsroom import imprint
from bot.newsroom.daily_head import DailyHead
from bot.newsroom.desk import Desk
from bot.newsroom.digest import call_back
from bot.newsroom.expiry import end_due
from bot.newsroom.newsroom import Newsroom
from bot.newsroom.publishing import publish_due
from bot.newsroom.reminders import remind
from bot.newsroom.retention import Retention
from bot.newsroom.rulebook import Unanswered
from bot.readers.erasure import scrub
from bot.readers.finding import catch_up
from bot.scheduler import Scheduler
from bot.storage import Queries, Store

#: A function that does something in one transaction when the alarm clock rings.
Duty = Callable[[Desk], Awaitable[object]]
#: Duties that wait until what was said before the start has been heard.
LATER = ("finish-pasted", "publish", "end", "remind", "count-down", "tell-head", "ask-rules", "call-back")


@dataclass(frozen=True, slots=True)
class Duties:
    """Every duty with the parts that it needs."""

    store: Store
    newsroom: Newsroom
    commands: Commands
    telling: Telling
    head: DailyHead
    unanswered: Unanswered
    retention: Retention
    clock: Clock

    def scheduler(self, may_begin: asyncio.Event) -> Scheduler:
        """Return the alarm clock that rings for them all. `may_begin`: see `LATER`."""
        duties = {name: partial(self._do, duty) for name, duty in self._in_one_transaction().items()}
        return Scheduler(
            self._next_instant,
            {**duties, "index": self._index},
            self._keep_house,
            now=self.clock,
            later=LATER,
            may_begin=may_begin,
        )

    def _in_one_transaction(self) -> Mapping[str, Duty]:
        return {
            "finish-pasted": _said(self.commands.finish_collected),
            "publish": publish_due,
            "end": end_due,
            "remind": remind,
            "count-down": _said(self.telling.count_down),
            "show-edits": _said(self.telling.show_edits),
            "tell-head": self.head.tell,
            "ask-rules": self.unanswered.look,
            "end-troubles": lambda desk: desk.tx.end_troubles(desk.now),
            "call-back": call_back,
            "tell-desk": _said(self.telling.tell_desk),
            "tell-again": _said(self.telling.tell_again),
            "tell-askers": _said(self.telling.tell_askers),
        }

    async def _do(self, duty: Duty) -> None:
        with suppress(LogAltered):  # it is halted and the desk is told then; another attempt would fail too
            await self.store.write(lambda tx: duty(Desk(self.newsroom, tx, self.clock())))

    async def _index(self) -> None:
        """Bring older articles into what readers search and compare with."""
        await catch_up(self.store)
        await imprint.catch_up(self.store, self.newsroom)

    async def _keep_house(self) -> None:
        await self.retention.forget(self.store, self.clock())
        await scrub(self.store)

    async def _next_instant(self) -> datetime | None:
        head, rules = self.head.next_instant(self.clock()), self.unanswered.next_instant()
        return min((at for at in (await self.store.read.next_instant(), head, rules) if at is not None), default=None)


def _said(duty: Callable[[Queries, datetime], Awaitable[object]]) -> Duty:
    """A duty that tells people in chats, and therefore makes a desk of its own for each of them."""
    return lambda desk: duty(desk.tx, desk.now)
