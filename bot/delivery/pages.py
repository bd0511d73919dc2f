"""One page of readers on its way: reserve a window, send it, record it with the next reservation."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import structlog

from bot.adapters.base import Post
from bot.delivery.broadcast import HandedBack, Result, judge_platform, mark, results_of, send_to_many, stopped
from bot.delivery.limiter import SHORT, lane_of
from bot.delivery.reports import stop_readers, tell_if_complete
from bot.domain.ledger import Cause, Dispatch, Outcome, Page, Policy, Position
from bot.errors import Gone, InDoubt, Misconfigured, NotForMany, NotSent, Rejected, SendError, Wait
from bot.storage import Queries

if TYPE_CHECKING:
    from bot.delivery.courier import Courier

log = structlog.get_logger(__name__)


class PageRun:
    """Owns one page until every member is settled, postponed, or the platform is left alone."""

    def __init__(self, courier: Courier, dispatch: Dispatch, post: Post, page: Page, chats: Mapping[int, str]) -> None:
        self._courier = courier
        self._dispatch = dispatch
        self.lane = lane_of(dispatch)
        self.pays = dispatch.paid
        self._post = post
        self._page = page
        self._chats = {number - page.low: chat for number, chat in chats.items()}
        self._leavings = courier.leavings
        self._flying: dict[asyncio.Task[dict[int, Result]], Sequence[int]] = {}
        #: Singly: how many are with the crew and not collected, what came back, and when it is worth looking.
        self._out = 0
        #: As of the latest commit. Another page waits for it to become less.
        self.reserved = 0
        self._must_make_room = False
        self._back: dict[int, Result] = {}
        self._carried_by: dict[int, asyncio.Task[None]] = {}
        self._bell = asyncio.Event()
        self.ring = self._bell.set
        recorder = courier.store.recorder
        self._region = recorder.take(page.dispatch_id, page.number) if recorder is not None else None
        self._resent: set[int] = set()
        #: Who alone rejected the post as it is: they get the plainer form.
        self._plainly: set[int] = set()
        #: How often everything had been halted when the latest window was chosen.
        self._halts = courier.halts
        self._singly = courier.messenger.batch == 1 or courier.singly
        self._found: dict[int, tuple[Outcome, str]] = {}
        self._drop: list[int] = []
        self._strike: list[int] = []
        self._stop_reason = ""
        self._go_plain = False
        self._runs = True
        self._has_news = False
        if page.count(Position.DELIVERED) and dispatch.id not in courier.proven:
            courier.proven.taken(dispatch.id)

    async def run(self) -> None:
        try:
            while True:
                window = self._next_window()
                if window or (self._has_news and self._is_worth_a_commit):
                    self._send(await self._commit(window))
                if self._out:
                    await self._bell.wait()
                    self._collect_singles()
                elif self._flying:
                    done, _ = await asyncio.wait(self._flying, return_when=asyncio.FIRST_COMPLETED)
                    self._collect(done)
                elif not self._has_news:
                    break
        except asyncio.CancelledError:
            await self._abandon()
            raise
        finally:
            if self._courier.store.recorder is not None:
                self._courier.store.recorder.give_back(self._page.dispatch_id, self._page.number)

    def _next_window(self) -> list[int]:
        courier = self._courier
        if not self._runs or not self._page.count(Position.UNTOUCHED) or self._stop_reason or self._go_plain:
            return []
        if courier.stopping or courier.breaker.is_open or courier.store.is_full or courier.outranks(self.lane):
            return []
        if courier.limiter.held > SHORT or (not self._singly and courier.broadcasts.held):
            return []
        # One reader shows whether the platform takes this message, or anything at all.
        first = courier.breaker.is_probing or self._dispatch.id not in courier.proven
        # A request to many that nobody answered is not followed by another: all of them would be in doubt.
        first = first or (not self._singly and courier.breaker.has_doubts)
        reserved = self._page.count(Position.RESERVED)
        room = max(0, 1 - reserved) if first else courier.room(self, reserved)
        return self._free()[:room] if room else []

    def hand_back(self) -> None:
        """Something more important has come, or a halt: what has not left is free for later."""
        left = self._courier.crew.withdraw(self)
        self._back.update((position, HandedBack()) for position in left)
        if left:
            self._bell.set()

    def chat(self, position: int) -> str:
        return self._chats[position]

    def put_off(self, position: int, seconds: float) -> None:
        self._note(position, Wait(seconds, "our own limits"))

    def make_room(self) -> None:
        """What came back is to be recorded soon, however few are still out."""
        if not self._must_make_room:
            self._must_make_room = True
            self.ring()

    @property
    def goes_on(self) -> bool:
        """More of this page may be reserved, or so much of it is that the next must not begin."""
        return self._runs and (self._page.count(Position.UNTOUCHED) > 0 or self.reserved > self._courier.spare)

    @property
    def _is_worth_a_commit(self) -> bool:
        """Although nothing more is to be reserved: others wait for it, or it is the last one."""
        if self._courier.outranks(self.lane) or not (self._flying or self._out):
            return True
        if self._page.count(Position.UNTOUCHED):  # the next window takes it along
            return False
        reserved = self._page.count(Position.RESERVED)
        if self._must_make_room and self.reserved - reserved >= self._courier.window // 2:
            return True
        return self.reserved > self._courier.spare >= reserved

    def _free(self) -> list[int]:
        untouched = self._page.positions(Position.UNTOUCHED)
        if not self._courier.patience:
            return untouched
        now = self._courier.now()
        waits = ((p, self._postponed(p)) for p in untouched)
        return [p for p, until in waits if until is None or until <= now]

    def _postponed(self, position: int) -> datetime | None:
        return self._courier.patience.until(self._dispatch.id, self._page.low + position)

    async def _commit(self, window: Sequence[int]) -> Sequence[int]:
        """One commit acknowledges what came back and reserves what leaves next; returns who may be sent to."""
        page = self._page
        self._halts = self._courier.halts

        async def work(tx: Queries) -> None:
            # Somebody may have stopped the dispatch meanwhile: then what came back is kept, and nothing leaves.
            self._runs = await tx.is_running(self._dispatch.id)
            if self._leavings != self._courier.leavings:
                await self._drop_who_left(tx, window)
            await self._save(tx, page.reserve(window) if self._runs else page)

        await self._courier.record(work)
        self._found, self._drop, self._strike, self._has_news = {}, [], [], False
        if not self._runs:
            return ()
        self._page = page.reserve(window)
        if self._leavings != self._courier.leavings:  # in the same commit
            await self._drop_who_left(self._courier.store.read, window)
        before, self.reserved = self.reserved, self._page.count(Position.RESERVED)
        self._must_make_room = False
        if self.reserved < before:
            self._courier.room_made(self)
        if not self.goes_on:  # the next page may begin
            self._courier.wake()
        return window

    async def _drop_who_left(self, tx: Queries, window: Sequence[int]) -> None:
        self._leavings = self._courier.leavings
        chats = await tx.chats(self._page.low, len(self._page.states))
        # Who is with the crew already keeps the address.
        for position in (*window, *self._page.positions(Position.UNTOUCHED)):
            if self._page.low + position not in chats:
                self._chats.pop(position, None)

    async def _save(self, tx: Queries, page: Page) -> None:
        now = self._courier.now()
        dispatch = self._dispatch
        await tx.save_page(page, now, not_before=self._resume_at(page, now))
        await tx.add_exceptions(dispatch.id, {page.low + p: found for p, found in self._found.items()}, now)
        await tx.drop_readers(self._drop, now)
        await tx.strike_readers(self._strike, now)
        if self._go_plain:
            await tx.go_plain(dispatch.id)
        elif self._stop_reason:
            await stop_readers(tx, dispatch, self._stop_reason, now)
        if page.is_finished and await tx.finish_if_done(dispatch.id, now):
            await tell_if_complete(tx, dispatch.article_id, now)

    def _resume_at(self, page: Page, now: datetime) -> datetime | None:
        """When somebody of a page that rests can be tried again; None: it goes on."""
        if page.count(Position.RESERVED):
            return None
        return min((self._postponed(p) or now for p in page.positions(Position.UNTOUCHED)), default=None)

    def _send(self, window: Sequence[int]) -> None:
        reachable = [p for p in window if p in self._chats]
        for position in window:
            if position not in self._chats:
                self._except(position, Outcome.GONE, Cause.LEFT)
        alone = reachable if self._singly else [p for p in reachable if p in self._plainly]
        if alone:
            self._out += len(alone)
            self._courier.crew.add(self, alone)
            # Since this window was chosen; a halt may have been written together with it.
            if self._courier.outranks(self.lane) or self._courier.halts != self._halts:
                self.hand_back()
        together = [] if self._singly else [p for p in reachable if p not in self._plainly]
        if together:
            chats = {position: self._chats[position] for position in together}
            sending = send_to_many(self._courier, self.lane, chats, self._post, self._region, self._halts)
            self._flying[asyncio.create_task(sending)] = together

    async def carry(self, position: int, hand: asyncio.Task[None], *, paid: bool) -> None:
        courier = self._courier
        refusals = courier.limiter.refusals
        before = refusals.count
        result: Result | None = None
        has_left = False
        self._carried_by[position] = hand
        try:
            if courier.breaker.is_open:  # since this was reserved
                return
            has_left = True
            if self._region is not None:
                self._region.started(position)
            post = self._post if position not in self._plainly else self._post.plainer or self._post
            result = (await courier.messenger.send(self._chats[position], post, paid=paid)).message_id
            if refusals.row:
                refusals.taken(before)
        except SendError as error:
            result = self._not_paid(error) if paid else error
            if isinstance(error, Wait):
                courier.limiter.sent_away(self._chats[position], error)
        except Exception as fault:
            log.exception("sending_broke", platform=self._dispatch.platform)
            result = InDoubt(f"a fault in Visnyk: {type(fault).__name__}")
        finally:
            del self._carried_by[position]
            self._note(position, stopped(has_left) if result is None else result)

    def _note(self, position: int, result: Result) -> None:
        """Rings when there is something to decide, or enough for the next commit: looking costs more than noting."""
        mark(self._region, position, result)
        back = self._back
        back[position] = result
        waiting = self._out - len(back)
        if not waiting or len(back) >= self._courier.window >> 2 or not isinstance(result, int):
            self._bell.set()

    def _not_paid(self, error: SendError) -> SendError:
        """What Telegram says to an empty balance is not known: whatever it rejects may go for free."""
        if not isinstance(error, Rejected):
            return error
        self._courier.stop_paying(error)
        return HandedBack()

    def _collect_singles(self) -> None:
        self._bell.clear()
        results, self._back = self._back, {}
        self._out -= len(results)
        self._courier.retries.sent(asyncio.get_running_loop().time(), len(results))
        self._has_news = True
        ids = {p: result for p, result in results.items() if isinstance(result, int)}
        if ids:
            self._arrived(ids)
        if len(ids) == len(results):
            return
        for position, result in results.items():
            if not isinstance(result, int):
                self._take({position: result})
            elif position not in self._plainly:  # what is rejected after it is not in a row with what was before
                self._courier.proven.taken(self._dispatch.id)

    def _collect(self, done: set[asyncio.Task[dict[int, Result]]]) -> None:
        self._has_news = True
        self._courier.retries.sent(asyncio.get_running_loop().time(), len(done))
        for task in done:
            self._take(results_of(task, self._flying.pop(task)))

    def _take(self, results: Mapping[int, Result]) -> None:
        ids = {p: result for p, result in results.items() if isinstance(result, int)}
        errors = {p: result for p, result in results.items() if isinstance(result, SendError)}
        if ids:
            self._arrived(ids)
        first = next(iter(errors.values()), None) if not ids else None
        if isinstance(first, NotForMany) and self._courier.one_by_one(first):
            self._ask_for_each(errors)
            return
        if not ids and len(errors) > 1 and all(isinstance(error, Gone) for error in errors.values()):
            # An answer about the whole request says nothing certain about each reader.
            self._ask_for_each(errors)
            return
        # One request is one sign of health, however many readers it carried.
        judge_platform(self._courier, first)
        untils: dict[SendError, datetime] = {}
        for position, error in errors.items():
            match error:
                case Rejected():
                    self._rejected(position, error, others_took_it=bool(ids), is_one=len(errors) == 1)
                case Wait():
                    self._postpone(position, error, untils)
                case NotSent() if not isinstance(error, HandedBack):
                    self._postpone(position, error, untils)
                case _:
                    self._settle(position, error)

    def _ask_for_each(self, positions: Iterable[int]) -> None:
        self._singly = True
        self._page = self._page.release(positions)

    def _arrived(self, ids: Mapping[int, int]) -> None:
        courier = self._courier
        self._page = self._page.delivered(ids)
        if not self._plainly.issuperset(ids):
            courier.proven.taken(self._dispatch.id)
        courier.answered()
        if courier.patience:
            for position in ids:
                courier.patience.forget(self._dispatch.id, self._page.low + position)

    def _settle(self, position: int, error: SendError) -> None:
        """The rules of doubt, one error class each."""
        match error:
            case HandedBack() | Misconfigured():
                self._page = self._page.release([position])
            case Gone():
                (self._strike if error.strike else self._drop).append(self._page.low + position)
                self._except(position, Outcome.GONE, error.reason)
            case InDoubt() if self._dispatch.policy is Policy.RESEND and position not in self._resent:
                self._resent.add(position)
                self._page = self._page.release([position])
            case _:
                self._except(position, Outcome.IN_DOUBT, error.reason)

    def _rejected(self, position: int, error: Rejected, *, others_took_it: bool, is_one: bool) -> None:
        """What others have taken is this reader's own affair, until it happens to one after the other.

        Else the message itself is at fault: the plainer form if there is one, or stop before the next reader. When the
        desk tries again, whoever did not get it is among those who do.
        """
        plainer = self._post.plainer is not None and not self._dispatch.plain
        if others_took_it or (is_one and self._courier.proven.rejected(self._dispatch.id)):
            if plainer and position not in self._plainly:
                self._plainly.add(position)
                self._page = self._page.release([position])
            else:
                self._except(position, Outcome.FAILED, error.reason)
            return
        if plainer:
            self._page = self._page.release([position])
            self._go_plain = True
        else:
            self._except(position, Outcome.FAILED, error.reason)
            self._stop_reason = self._stop_reason or error.reason or "rejected"
        self.hand_back()

    def _postpone(self, position: int, error: Wait | NotSent, untils: dict[SendError, datetime]) -> None:
        """Whoever was in one request is tried again together."""
        self._page = self._page.release([position])
        patience, reader = self._courier.patience, self._page.low + position
        if error not in untils:
            untils[error] = self._courier.now() + patience.wait(error, self._dispatch.id, reader)
        patience.postpone(self._dispatch.id, reader, untils[error])

    def _except(self, position: int, outcome: Outcome, reason: str) -> None:
        self._page = self._page.excepted([position])
        self._courier.patience.forget(self._dispatch.id, self._page.low + position)
        self._found[position] = (outcome, reason)
        self._has_news = True

    async def _abandon(self) -> None:
        """We are being stopped: what is unanswered becomes in doubt, what had not left is free again."""
        self.hand_back()
        hands = list(self._carried_by.values())
        for hand in hands:
            hand.cancel()
        if hands:
            await asyncio.wait(hands)
        if self._back:
            self._collect_singles()
        for task in self._flying:
            task.cancel()
        if self._flying:
            done, _ = await asyncio.wait(self._flying)
            self._collect(done)
        if self._has_news:
            await self._commit([])
