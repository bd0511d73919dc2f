"""Requests to many readers at once, and the outcome for each of them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.delivery.account import Account
from bot.delivery.fault import reason_of, tell_fault
from bot.delivery.kinds import Kind
from bot.delivery.limiter import Lane
from bot.delivery.results import Result, cut_short, mark
from bot.errors import HandedBack, InDoubt, NotForMany, NotSent, SendError, Wait
from bot.storage import Region


@dataclass(frozen=True, slots=True)
class Broadcaster:
    """Sends requests to many readers of one page; `region` is the page's in the flight recorder."""

    account: Account
    kind: Kind
    lane: Lane
    region: Region | None

    async def send(self, chats: Mapping[int, str], halts: int) -> dict[int, Result]:
        """Send to `chats` by position. `halts`: how often everything had been halted when they were reserved."""
        results = await self._sent(chats, halts)
        for position, result in results.items():
            mark(self.region, position, result)
        return results

    async def _sent(self, chats: Mapping[int, str], halts: int) -> dict[int, Result]:
        broadcasts = self.account.broadcasts
        has_left, before = False, 0
        try:
            async with broadcasts.parallel:
                await self.account.limiter.turn(self.lane)
                if broadcasts.held or self.account.halts != halts:  # since this was reserved
                    return dict.fromkeys(chats, HandedBack())
                has_left, before = True, broadcasts.unanswered
                if self.region is not None:
                    self.region.all_started(chats)
                answer = await self.kind.to_readers(chats)
        except Wait as wait:
            # The next ones wait too; answers and channels do not.
            return dict.fromkeys(chats, Wait(broadcasts.sent_away(), wait.reason))
        except SendError as error:
            if isinstance(error, InDoubt | NotSent) and not isinstance(error, HandedBack | NotForMany):
                broadcasts.unanswered += 1
            return dict.fromkeys(chats, error)
        except asyncio.CancelledError:
            return dict.fromkeys(chats, cut_short(has_left))
        broadcasts.answered(before)
        return {position: answer.failed.get(chat, answer.message_id) for position, chat in chats.items()}


def results_of(task: asyncio.Task[dict[int, Result]], positions: Sequence[int]) -> Mapping[int, Result]:
    """Return the results of a request that is over; a fault of ours leaves all of its readers in doubt."""
    if task.cancelled():  # before it began
        return dict.fromkeys(positions, HandedBack())
    if (fault := task.exception()) is None:
        return task.result()
    tell_fault(task, "sending_broke")
    return dict.fromkeys(positions, InDoubt(reason_of(fault)))
