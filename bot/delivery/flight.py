"""The messages of one page that are on their way: one by one with the crew, or in requests to many."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.delivery.account import Account
from bot.delivery.broadcast import Broadcaster, results_of
from bot.delivery.crew import Crew
from bot.delivery.kinds import Kind
from bot.delivery.limiter import lane_of
from bot.delivery.results import Result, cut_short, mark
from bot.domain.ledger import Dispatch, Page
from bot.errors import HandedBack, Rejected, SendError, Wait
from bot.storage import Queries


@dataclass(frozen=True, slots=True)
class Bundle:
    """A page made ready: what is done, how far it got, and the chats of its readers by subscriber number."""

    dispatch: Dispatch
    kind: Kind
    page: Page
    chats: Mapping[int, str]
    #: True if more of the article may leave.
    holds: Callable[[Queries], Awaitable[bool]]


async def chats_of(tx: Queries, dispatch: Dispatch, page: Page) -> dict[int, str]:
    """Return the chats of a page's readers. Those who want no messages keep copies, which are changed all the same."""
    return await tx.chats(page.low, len(page.states), muted=dispatch.kind.changes_copies)


class Flight:
    """Carries what a page reserved, and keeps what came back until the page looks."""

    def __init__(self, account: Account, crew: Crew, bundle: Bundle, enough: int) -> None:
        """`enough`: answers that are worth looking at together, although none of them decides anything."""
        page = bundle.page
        self.lane = lane_of(bundle.dispatch)
        self.pays = bundle.dispatch.paid
        #: By position; without the readers who left meanwhile.
        self.chats = {number - page.low: chat for number, chat in bundle.chats.items()}
        #: Positions whose reader alone rejected the dispatch as it is: they get its plainer form.
        self.plainly: set[int] = set()
        self._account = account
        self._crew = crew
        self._kind = bundle.kind
        self._enough = enough
        recorder = account.store.recorder
        self._region = recorder.take(page.dispatch_id, page.number) if recorder is not None else None
        #: Messages with the crew that were not looked at, results that came back, and the hand of each position.
        self._out = 0
        self._back: dict[int, Result] = {}
        self._carried_by: dict[int, asyncio.Task[None]] = {}
        self._requests: dict[asyncio.Task[dict[int, Result]], Sequence[int]] = {}
        self._bell = asyncio.Event()
        #: Makes the page look.
        self.ring = self._bell.set

    @property
    def is_over(self) -> bool:
        """True when nothing is on its way, nor waits to be looked at."""
        return not self._out and not self._requests

    def send_singly(self, positions: Sequence[int]) -> None:
        """Give these to the crew."""
        self._out += len(positions)
        self._crew.add(self, positions)

    def send_together(self, positions: Sequence[int], halts: int) -> None:
        """Send one request to all of these. `halts`: how often everything had been halted when they were reserved."""
        broadcaster = Broadcaster(self._account, self._kind, self.lane, self._region)
        sending = broadcaster.send({position: self.chats[position] for position in positions}, halts)
        self._requests[asyncio.create_task(sending)] = positions

    def hand_back(self) -> None:
        """Take back from the crew what has not left."""
        left = self._crew.withdraw(self)
        self._back.update((position, HandedBack()) for position in left)
        if left:
            self._bell.set()

    async def landed(self) -> tuple[dict[int, Result], list[Mapping[int, Result]]]:
        """Wait for something to look at: the results of single messages, and those of each request to many."""
        if self._out:
            await self._bell.wait()
            return self._singles(), []
        done, _ = await asyncio.wait(self._requests, return_when=asyncio.FIRST_COMPLETED)
        return {}, self._answers(done)

    async def cut(self) -> tuple[dict[int, Result], list[Mapping[int, Result]]]:
        """End everything at once; the results are as in `landed`, of all that was on its way."""
        self.hand_back()
        hands = list(self._carried_by.values())
        for task in (*hands, *self._requests):
            task.cancel()
        if hands:
            await asyncio.wait(hands)
        if self._requests:
            await asyncio.wait(self._requests)
        return self._singles(), self._answers(set(self._requests))

    def _singles(self) -> dict[int, Result]:
        self._bell.clear()
        results, self._back = self._back, {}
        self._out -= len(results)
        self._account.sent(len(results))
        return results

    def _answers(self, done: set[asyncio.Task[dict[int, Result]]]) -> list[Mapping[int, Result]]:
        self._account.sent(len(done))
        return [results_of(task, self._requests.pop(task)) for task in done]

    # What the crew asks of a load.

    def chat(self, position: int) -> str:
        return self.chats[position]

    def put_off(self, position: int, seconds: float) -> None:
        self._note(position, Wait(seconds, "our own limits"))

    async def carry(self, position: int, hand: asyncio.Task[None], *, paid: bool) -> None:
        account = self._account
        refusals = account.limiter.refusals
        before = refusals.count
        result: Result | None = None
        has_left = False
        self._carried_by[position] = hand
        try:
            if account.breaker.is_open:  # since this was reserved
                return
            has_left = True
            if self._region is not None:
                self._region.started(position)
            kind = self._kind if position not in self.plainly else self._kind.plainer or self._kind
            result = (await kind.to_reader(position, self.chats[position], paid=paid)).message_id
            if refusals.row:
                refusals.taken(before)
        except SendError as error:
            result = self._not_paid(error) if paid else error
            if isinstance(error, Wait):
                account.limiter.sent_away(self.chats[position], error)
        finally:
            del self._carried_by[position]
            self._note(position, cut_short(has_left) if result is None else result)

    def _note(self, position: int, result: Result) -> None:
        """Ring when there is something to decide, or enough for the next commit: looking costs more than noting."""
        mark(self._region, position, result)
        back = self._back
        back[position] = result
        count = len(back)
        if count == self._out or count >= self._enough or not isinstance(result, int):
            self._bell.set()

    def _not_paid(self, error: SendError) -> SendError:
        """Stop paying if a paid message is rejected: nobody knows what Telegram says to an empty balance."""
        if not isinstance(error, Rejected):
            return error
        self._account.stop_paying(error)
        return HandedBack()
