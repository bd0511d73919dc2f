"""One page of readers on its way: reserve a window, send it, record it with the next reservation."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.delivery.account import Account
from bot.delivery.crew import Crew
from bot.delivery.flight import Bundle, Flight, chats_of
from bot.delivery.limiter import SHORT
from bot.delivery.results import Result
from bot.delivery.verdicts import Verdicts
from bot.delivery.windows import Windows
from bot.domain.ledger import Cause, Outcome, Page, Position
from bot.storage import Queries


class PageRun:
    """Owns one page until every member is settled, postponed, or the platform is left alone."""

    def __init__(self, account: Account, windows: Windows, crew: Crew, bundle: Bundle) -> None:
        self._account = account
        self._windows = windows
        self._dispatch = bundle.dispatch
        self._holds = bundle.holds
        self._flight = Flight(account, crew, bundle, windows.size >> 2)
        self._verdicts = Verdicts(account, bundle, self._flight.plainly)
        self.lane = self._flight.lane
        self.ring = self._flight.ring
        self.hand_back = self._flight.hand_back
        #: Readers reserved as of the latest commit. Another page may wait for it to become less.
        self.reserved = 0
        self._must_make_room = False
        #: Number of halts when the latest window was chosen.
        self._halts = account.halts
        #: Number of unsubscriptions when the chats were read.
        self._leavings = account.leavings
        #: The dispatch was running at the latest commit.
        self._runs = True

    async def run(self) -> None:
        try:
            while True:
                window = self._next_window()
                if window or (self._verdicts.has_news and self._is_worth_a_commit):
                    self._send(await self._commit(window))
                if not self._flight.is_over:
                    self._judge(*await self._flight.landed())
                elif not self._verdicts.has_news:
                    break
        except asyncio.CancelledError:
            # We are being stopped: what is unanswered becomes in doubt, what had not left is free again.
            self._judge(*await self._flight.cut())
            if self._verdicts.has_news:
                await self._commit([])
            raise
        finally:
            if self._account.store.recorder is not None:
                self._account.store.recorder.give_back(self._page.dispatch_id, self._page.number)

    @property
    def _page(self) -> Page:
        return self._verdicts.page

    def make_room(self) -> None:
        """Record soon what came back, however few are still out."""
        if not self._must_make_room:
            self._must_make_room = True
            self.ring()

    @property
    def goes_on(self) -> bool:
        """True if more of this page may be reserved, or so much of it is that the next must not begin."""
        return self._runs and (self._page.count(Position.UNTOUCHED) > 0 or self.reserved > self._windows.spare)

    def _next_window(self) -> list[int]:
        account = self._account
        if not self._runs or not self._page.count(Position.UNTOUCHED) or self._verdicts.is_final:
            return []
        if account.clerk.stopping or account.breaker.is_open or account.store.is_full:
            return []
        is_held = account.limiter.held > SHORT or (not self._verdicts.singly and account.broadcasts.held)
        if is_held or self._windows.outranks(self.lane):
            return []
        reserved = self._page.count(Position.RESERVED)
        room = max(0, 1 - reserved) if self._is_first else self._windows.room(self, reserved)
        return self._free()[:room] if room else []

    @property
    def _is_first(self) -> bool:
        """True if one reader has to show whether the platform takes this message, or anything at all."""
        account = self._account
        if account.breaker.is_probing or self._dispatch.id not in account.proven:
            return True
        # A request to many that nobody answered is not followed by another: all of them would be in doubt.
        return not self._verdicts.singly and account.broadcasts.has_doubts

    @property
    def _is_worth_a_commit(self) -> bool:
        """True if others wait for what came back, or it is the last, although nothing more is to be reserved."""
        if self._windows.outranks(self.lane) or self._flight.is_over:
            return True
        if self._page.count(Position.UNTOUCHED):  # the next window takes it along
            return False
        reserved = self._page.count(Position.RESERVED)
        if self._must_make_room and self.reserved - reserved >= self._windows.size // 2:
            return True
        return self.reserved > self._windows.spare >= reserved

    def _free(self) -> list[int]:
        untouched = self._page.positions(Position.UNTOUCHED)
        if not self._account.patience:
            return untouched
        now = self._account.now()
        waits = ((p, self._postponed(p)) for p in untouched)
        return [p for p, until in waits if until is None or until <= now]

    def _postponed(self, position: int) -> datetime | None:
        return self._account.patience.until(self._dispatch.id, self._page.low + position)

    async def _commit(self, window: Sequence[int]) -> Sequence[int]:
        """Acknowledge what came back and reserve what leaves next, in one commit; return who may be sent to."""
        page, account = self._page, self._account
        self._halts = account.halts

        async def work(tx: Queries) -> None:
            # Somebody may have stopped the dispatch meanwhile: then what came back is kept, and nothing leaves.
            self._runs = await tx.is_running(self._dispatch.id) and (not window or await self._holds(tx))
            if self._leavings != account.leavings:
                await self._drop_who_left(tx, window)
            if not self._runs and not self._verdicts.has_news:
                return  # a change may have taken over the page
            saved = page.reserve(window) if self._runs else page
            await self._verdicts.save(tx, saved, not_before=self._resume_at(saved))

        await account.record(work)
        self._verdicts.saved()
        if not self._runs:
            return ()
        self._verdicts.page = page.reserve(window)
        if self._leavings != account.leavings:  # in the same commit
            await self._drop_who_left(account.store.read, window)
        self._make_way()
        return window

    def _make_way(self) -> None:
        """Let other pages have what this one no longer reserves."""
        before, self.reserved = self.reserved, self._page.count(Position.RESERVED)
        self._must_make_room = False
        if self.reserved < before:
            self._windows.room_made(self)
        if not self.goes_on:
            self._windows.wake()

    async def _drop_who_left(self, tx: Queries, window: Sequence[int]) -> None:
        self._leavings = self._account.leavings
        chats = await chats_of(tx, self._dispatch, self._page)
        # What is with the crew already keeps its address.
        for position in (*window, *self._page.positions(Position.UNTOUCHED)):
            if self._page.low + position not in chats:
                self._flight.chats.pop(position, None)

    def _resume_at(self, page: Page) -> datetime | None:
        """Return when a reader of a page that rests can be tried again; None: the page goes on."""
        if page.count(Position.RESERVED):
            return None
        now = self._account.now()
        return min((self._postponed(p) or now for p in page.positions(Position.UNTOUCHED)), default=None)

    def _send(self, window: Sequence[int]) -> None:
        chats, plainly = self._flight.chats, self._flight.plainly
        for position in window:
            if position not in chats:
                self._verdicts.exclude(position, Outcome.GONE, Cause.LEFT)
        reachable = [p for p in window if p in chats]
        singly = self._verdicts.singly
        if alone := reachable if singly else [p for p in reachable if p in plainly]:
            self._flight.send_singly(alone)
            # Since this window was chosen; a halt may have been written together with it.
            if self._windows.outranks(self.lane) or self._account.halts != self._halts:
                self.hand_back()
        if together := [] if singly else [p for p in reachable if p not in plainly]:
            self._flight.send_together(together, self._halts)

    def _judge(self, singles: Mapping[int, Result], requests: Sequence[Mapping[int, Result]]) -> None:
        self._verdicts.take_singles(singles)
        for results in requests:
            self._verdicts.take(results)
        if self._verdicts.is_final:
            self.hand_back()
