"""Verdicts on a page's readers by the platform's answers: delivered, gone, failed, in doubt, or to be tried again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from bot.delivery.account import Account
from bot.delivery.flight import Bundle
from bot.delivery.reports import stop_readers, tell_if_complete
from bot.delivery.results import Result
from bot.domain.ledger import DispatchKind, Missing, Outcome, Page, Policy, Position
from bot.errors import Gone, HandedBack, InDoubt, Misconfigured, NoCopy, NotForMany, NotSent, Rejected, SendError, Wait
from bot.storage import Queries

#: Seconds after which an edit of which nobody knows is made again: an earlier one may still take effect until then.
SETTLES_IN = 10.0
#: Seconds after which a copy is looked for once more that Telegram did not find.
FOUND_IN = 60.0


class Verdicts:
    """Owns the page; what stands beside it in the ledger is collected until the next commit."""

    def __init__(self, account: Account, bundle: Bundle, plainly: set[int]) -> None:
        """`plainly`: positions that get the plainer form, as the flight asks."""
        self._account = account
        self._dispatch = bundle.dispatch
        self._kind = bundle.kind
        self._plainly = plainly
        self.page = bundle.page
        #: Each reader gets a request of their own.
        self.singly = bundle.kind.batch == 1 or account.singly
        #: Something waits to be written down.
        self.has_news = False
        self._resent: set[int] = set()
        self._found: dict[int, tuple[Outcome, str]] = {}
        self._drop: list[int] = []
        self._strike: list[int] = []
        self._stop_reason = ""
        self._left_out = Missing.NOTHING
        self._why_poorer = ""
        #: Readers who alone got it without its picture since the last commit.
        self._poorer_copies = 0
        if self.page.count(Position.DELIVERED) and self._dispatch.id not in account.proven:
            account.proven.taken(self._dispatch.id)

    @property
    def is_final(self) -> bool:
        """True if the dispatch ends here, or goes on in its plainer form."""
        return bool(self._stop_reason) or bool(self._left_out)

    def take_singles(self, results: Mapping[int, Result]) -> None:
        """Judge messages to one reader each, in the order in which their results came."""
        self.has_news |= bool(results)
        ids = {position: result for position, result in results.items() if isinstance(result, int)}
        if ids:
            self._arrived(ids)
        if len(ids) == len(results):
            return
        for position, result in results.items():
            if not isinstance(result, int):
                self.take({position: result})
            elif position not in self._plainly:  # what is rejected after it is not in a row with what was before
                self._account.proven.taken(self._dispatch.id)

    def take(self, results: Mapping[int, Result]) -> None:
        """Judge one request."""
        self.has_news = True
        ids = {position: result for position, result in results.items() if isinstance(result, int)}
        errors = {position: result for position, result in results.items() if isinstance(result, SendError)}
        if ids:
            self._arrived(ids)
        first = next(iter(errors.values()), None) if not ids else None
        if isinstance(first, NotForMany) and self._account.one_by_one(first):
            self._ask_for_each(errors)
            return
        if not ids and len(errors) > 1 and all(isinstance(error, Gone) for error in errors.values()):
            # An answer about the whole request says nothing certain about each reader.
            self._ask_for_each(errors)
            return
        # One request is one sign of health, however many readers it carried.
        self._account.judge(first)
        self._judge(errors, others_took_it=bool(ids))

    def _judge(self, errors: Mapping[int, SendError], *, others_took_it: bool) -> None:
        untils: dict[SendError, datetime] = {}
        for position, error in [(each, self._weighed(each, error)) for each, error in errors.items()]:
            match error:
                case Rejected():
                    self._rejected(position, error, others_took_it=others_took_it, is_one=len(errors) == 1)
                case Wait():
                    self._postpone(position, error, untils)
                case NotSent() if not isinstance(error, HandedBack):
                    self._postpone(position, error, untils)
                case _:
                    self._settle(position, error)

    def _weighed(self, position: int, error: SendError) -> SendError:
        """Count a miss. Return its error, or for how long what may be done twice is put off after it."""
        self._account.clerk.score.missed(error)
        if isinstance(error, InDoubt) and self._kind.repeats:
            return Wait(SETTLES_IN, error.reason)
        tries = self._account.patience.tries(self._dispatch.id, self.page.low + position)
        return Wait(FOUND_IN, error.reason) if isinstance(error, NoCopy) and not tries else error

    def _ask_for_each(self, positions: Iterable[int]) -> None:
        self.singly = True
        self.page = self.page.release(positions)

    def _arrived(self, ids: Mapping[int, int]) -> None:
        account = self._account
        account.clerk.score.reached(len(ids))
        if self._dispatch.kind is not DispatchKind.POST:
            ids = dict.fromkeys(ids, 0)  # nothing is ever done to a word beside a copy
        self.page = self.page.delivered(ids)
        if not self._plainly.issuperset(ids):
            account.proven.taken(self._dispatch.id)
        if Missing.DELETION in self._dispatch.missing:  # all of them are stubs by now
            self._poorer_copies += len(ids)
        elif self._plainly:
            self._poorer_copies += len(self._plainly & ids.keys())
        account.answered()
        if account.patience:
            for position in ids:
                account.patience.forget(self._dispatch.id, self.page.low + position)

    def _settle(self, position: int, error: SendError) -> None:
        """The rules of doubt, one error class each."""
        match error:
            case HandedBack() | Misconfigured():
                self.page = self.page.release([position])
            case Gone():
                (self._strike if error.strike else self._drop).append(self.page.low + position)
                self.exclude(position, Outcome.GONE, error.reason)
            case NoCopy():
                self.exclude(position, Outcome.FAILED, error.reason)
            case InDoubt() if self._dispatch.policy is Policy.RESEND and position not in self._resent:
                self._resent.add(position)
                self.page = self.page.release([position])
            case _:
                self.exclude(position, Outcome.IN_DOUBT, error.reason)

    def _rejected(self, position: int, error: Rejected, *, others_took_it: bool, is_one: bool) -> None:
        """A rejection concerns this reader alone if others have the message, until it happens several times in a row.

        Otherwise the message is at fault: it goes out in its plainer form if there is one, else the dispatch stops
        before the next reader. When the desk tries again, those who did not get it are among the readers.
        """
        if others_took_it or (is_one and self._account.proven.rejected(self._dispatch.id)):
            if self._kind.plainer is not None and position not in self._plainly:
                self._plainly.add(position)
                self.page = self.page.release([position])
            else:
                self.exclude(position, Outcome.FAILED, error.reason)
        elif left_out := self._kind.without(error):
            self.page = self.page.release([position])
            self._left_out, self._why_poorer = left_out, error.reason
        else:
            self.exclude(position, Outcome.FAILED, error.reason)
            self._stop_reason = self._stop_reason or error.reason or "rejected"

    def _postpone(self, position: int, error: Wait | NotSent, untils: dict[SendError, datetime]) -> None:
        """Try again later; those who were in one request together."""
        self.page = self.page.release([position])
        patience, reader = self._account.patience, self.page.low + position
        if error not in untils:
            untils[error] = self._account.now() + patience.wait(error, self._dispatch.id, reader)
        patience.postpone(self._dispatch.id, reader, untils[error])

    def exclude(self, position: int, outcome: Outcome, reason: str) -> None:
        """Count a reserved reader as an exception."""
        self.page = self.page.excepted([position])
        self._account.patience.forget(self._dispatch.id, self.page.low + position)
        self._found[position] = (outcome, reason)
        self.has_news = True

    async def save(self, tx: Queries, page: Page, *, not_before: datetime | None) -> None:
        """Write down `page` and what stands beside it. `not_before`: the page rests until then."""
        now, dispatch = self._account.now(), self._dispatch
        await tx.save_page(page, now, not_before=not_before)
        if self._found:
            await tx.add_exceptions(dispatch.id, {page.low + p: found for p, found in self._found.items()}, now)
        if self._drop:
            await tx.drop_readers(self._drop, now)
        if self._strike:
            await tx.strike_readers(self._strike, now)
        if self._left_out:
            await self._account.go_poorer(tx, dispatch, self._left_out, self._why_poorer)
        elif self._stop_reason:
            await stop_readers(tx, dispatch, self._stop_reason, now)
        if self._poorer_copies:
            await tx.count_poorer(dispatch.id, self._poorer_copies)
        if page.is_finished and await tx.finish_if_done(dispatch.id, now):
            await self._tell_copies(tx)
            await tell_if_complete(tx, dispatch, now)

    async def _tell_copies(self, tx: Queries) -> None:
        ended = await tx.dispatch(self._dispatch.id)
        if ended is not None and ended.poorer_copies and ended.kind is DispatchKind.POST:
            self._account.tell_copies(ended, ended.poorer_copies)

    def saved(self) -> None:
        """Note that all of it is written down."""
        self._found, self._drop, self._strike, self._poorer_copies, self.has_news = {}, [], [], 0, False
