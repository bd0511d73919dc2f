"""One page of readers on its way: reserve a window, send it, record it with the next reservation."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog

from bot.delivery.news import tell_if_complete
from bot.delivery.pace import backoff
from bot.domain.ledger import Dispatch, DispatchState, Outcome, Page, Policy, Position
from bot.errors import Gone, InDoubt, Misconfigured, NotSent, Rejected, SendError, Wait
from bot.storage import Queries

if TYPE_CHECKING:
    from bot.delivery.courier import Courier

log = structlog.get_logger(__name__)

#: A position's result: the message id, or what went wrong.
Result = int | SendError


class PageRun:
    """Owns one page until every member is settled, postponed, or the platform is left alone."""

    def __init__(self, courier: Courier, dispatch: Dispatch, page: Page, chats: Mapping[int, str]) -> None:
        self._courier = courier
        self._dispatch = dispatch
        self._page = page
        self._chats = {number - page.low: chat for number, chat in chats.items()}
        self._flying: set[asyncio.Task[dict[int, Result]]] = set()
        self._resent: set[int] = set()
        self._attempts: dict[int, int] = {}
        self._later: dict[int, datetime] = {}
        self._found: dict[int, tuple[Outcome, str]] = {}
        self._drop: list[int] = []
        self._strike: list[int] = []
        self._stop_reason = ""
        self._go_plain = False
        self._has_news = False

    async def run(self) -> None:
        try:
            while True:
                window = self._next_window()
                if window or (self._has_news and not self._flying):
                    await self._commit(window)
                if window:
                    self._send(window)
                if not self._flying:
                    break
                done, self._flying = await asyncio.wait(self._flying, return_when=asyncio.FIRST_COMPLETED)
                await self._collect(done)
        except asyncio.CancelledError:
            await self._abandon()
            raise

    def _next_window(self) -> list[int]:
        courier = self._courier
        if courier.stopping or courier.breaker.is_open or self._stop_reason or self._go_plain:
            return []
        size = max(courier.window, courier.messenger.batch)
        if self._page.count(Position.RESERVED) >= size:
            return []
        free = [p for p in self._page.positions(Position.UNTOUCHED) if p not in self._later]
        return free[:size]

    async def _commit(self, window: list[int]) -> None:
        """One commit acknowledges what came back and reserves what leaves next."""
        page = self._page.reserve(window)
        await self._courier.record(lambda tx: self._save(tx, page))
        self._page = page
        self._found, self._drop, self._strike, self._has_news = {}, [], [], False

    async def _save(self, tx: Queries, page: Page) -> None:
        now = self._courier.now()
        dispatch = self._dispatch
        resting = not page.positions(Position.RESERVED)
        not_before = min(self._later.values(), default=now) if resting else now
        await tx.save_page(page, now, not_before=not_before)
        await tx.add_exceptions(dispatch.id, {page.low + p: found for p, found in self._found.items()}, now)
        await tx.drop_readers(self._drop, now)
        await tx.strike_readers(self._strike, now)
        if resting and self._go_plain:
            await tx.settle(dispatch.id, DispatchState.RUNNING, now, plain=True)
        elif resting and self._stop_reason:
            await tx.settle(dispatch.id, DispatchState.STOPPED, now, reason=self._stop_reason)
            await tx.tell_desk(f"readers_stopped:{dispatch.id}", "readers_stopped", {"dispatch": dispatch.id}, now)
        if page.is_finished and await tx.finish_if_done(dispatch.id, now):
            await tell_if_complete(tx, dispatch.article_id, now)

    def _send(self, window: list[int]) -> None:
        reachable = [p for p in window if p in self._chats]
        for position in window:
            if position not in self._chats:
                self._except(position, Outcome.GONE, "unsubscribed before it was sent")
        if not reachable:
            return
        if self._courier.messenger.batch > 1:
            self._flying.add(asyncio.create_task(self._send_many(reachable)))
        else:
            self._flying.update(asyncio.create_task(self._send_one(position)) for position in reachable)

    async def _send_one(self, position: int) -> dict[int, Result]:
        courier = self._courier
        started = False
        try:
            post = await courier.post_for(self._dispatch)
            async with courier.parallel:
                await courier.limiter.turn()
                started = True
                receipt = await courier.messenger.send(self._chats[position], post)
        except SendError as error:
            return {position: error}
        except asyncio.CancelledError:
            return {position: _stopped(started)}
        return {position: receipt.message_id}

    async def _send_many(self, positions: list[int]) -> dict[int, Result]:
        courier = self._courier
        chats = [self._chats[p] for p in positions]
        started = False
        try:
            post = await courier.post_for(self._dispatch)
            await courier.limiter.turn()
            started = True
            answer = await courier.messenger.broadcast(chats, post)
        except SendError as error:
            return dict.fromkeys(positions, error)
        except asyncio.CancelledError:
            return dict.fromkeys(positions, _stopped(started))
        return {p: answer.failed.get(self._chats[p], answer.message_id) for p in positions}

    async def _collect(self, done: set[asyncio.Task[dict[int, Result]]]) -> None:
        self._has_news = True
        for task in done:
            results = task.result()
            ids = {p: result for p, result in results.items() if isinstance(result, int)}
            self._page = self._page.delivered(ids)
            if ids:
                await self._courier.arrived()
            for position, result in results.items():
                if not isinstance(result, int):
                    await self._settle(position, result)

    async def _settle(self, position: int, error: SendError) -> None:
        """The rules of doubt and retry, one error class each."""
        courier = self._courier
        match error:
            case Wait():
                if error.everyone:
                    courier.limiter.hold(error.seconds)
                self._postpone(position, timedelta(seconds=error.seconds))
            case NotSent():
                await courier.failed_to_arrive(error)
                self._postpone(position, backoff(self._tried(position)))
            case Gone():
                (self._strike if error.strike else self._drop).append(self._page.low + position)
                self._except(position, Outcome.GONE, error.reason)
            case Misconfigured():
                await courier.turned_off(error)
                self._postpone(position, timedelta(0))
            case Rejected():
                await self._rejected(position, error)
            case InDoubt() if self._dispatch.policy is Policy.RESEND and position not in self._resent:
                self._resent.add(position)
                self._postpone(position, timedelta(0))
            case _:
                self._except(position, Outcome.IN_DOUBT, error.reason)

    async def _rejected(self, position: int, error: SendError) -> None:
        """The message itself is at fault: the plainer form if there is one, else stop before the next reader."""
        post = await self._courier.post_for(self._dispatch)
        if post.plainer is not None and not self._dispatch.plain:
            self._go_plain = True
            self._postpone(position, timedelta(0))
        else:
            self._stop_reason = self._stop_reason or error.reason or "rejected"
            self._except(position, Outcome.FAILED, error.reason)

    def _tried(self, position: int) -> int:
        self._attempts[position] = self._attempts.get(position, 0) + 1
        return self._attempts[position]

    def _postpone(self, position: int, wait: timedelta) -> None:
        self._page = self._page.release([position])
        if wait:
            self._later[position] = self._courier.now() + wait
        self._has_news = True

    def _except(self, position: int, outcome: Outcome, reason: str) -> None:
        self._page = self._page.excepted([position])
        self._found[position] = (outcome, reason)
        self._has_news = True

    async def _abandon(self) -> None:
        """We are being stopped: what is unanswered becomes in doubt, what had not left is free again."""
        for task in self._flying:
            task.cancel()
        if self._flying:
            done, self._flying = await asyncio.wait(self._flying)
            await self._collect(done)
        if self._has_news:
            await self._commit([])


def _stopped(started: bool) -> SendError:
    return InDoubt("stopped before the answer came") if started else NotSent("stopped")


def recovered(page: Page, policy: Policy) -> tuple[Page, dict[int, tuple[Outcome, str]]]:
    """A page that an earlier run left: its reservations may have arrived. Nothing is repeated under `hold`."""
    reserved = page.positions(Position.RESERVED)
    if policy is Policy.RESEND:
        return page.release(reserved), {}
    reason = "Visnyk was stopped while it was on the way"
    return page.excepted(reserved), {page.low + p: (Outcome.IN_DOUBT, reason) for p in reserved}
