"""Retention: how long finished things are kept, and their removal in batches, so that nobody waits for it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.afterword import WITHIN
from bot.domain.systems import REMEMBERED
from bot.domain.tips import KEPT
from bot.storage import Queries, Store

#: Rows that one transaction forgets: whoever writes next waits some milliseconds for it.
BATCH = 200
#: Pages of readers that one transaction changes; a page is as long as a dozen other rows.
PAGES = 16
#: Pictures that one transaction removes; each may have megabytes.
PICTURES = 4

#: A function that forgets up to a number of rows from before an instant, and returns how many it forgot.
Forget = Callable[[Queries, datetime, int], Awaitable[int]]


@dataclass(frozen=True, slots=True)
class Retention:
    """`readers`: how long one who left is remembered. The other spans are ours.

    `updates`: the longest that a platform repeats one is a day (docs/platforms/telegram.md#updates). `buttons`: after
    they went stale. `notices`: after the desk was told. `kept`: the same of what somebody
    who is away has yet to hear. `guesses`: wrong one-time codes are counted by the hour.
    `message_ids`: of readers' copies, after a sending was over. `pictures`: after the last article with it was changed
    or went out. `checks`: for so long whoever compared a text hears of its correction. `suspects`: after somebody asked
    about one.
    """

    readers: timedelta
    updates: timedelta = timedelta(days=2)
    buttons: timedelta = timedelta(days=1)
    shown: timedelta = timedelta(days=7)
    notices: timedelta = timedelta(days=3)
    kept: timedelta = timedelta(days=45)
    guesses: timedelta = timedelta(hours=1)
    message_ids: timedelta = timedelta(days=30)
    pictures: timedelta = timedelta(days=30)
    calls: timedelta = REMEMBERED
    checks: timedelta = WITHIN
    tips: timedelta = KEPT
    suspects: timedelta = timedelta(days=90)

    async def forget(self, store: Store, now: datetime) -> None:
        """Forget all that was kept long enough."""
        for work, span, limit in (
            (Queries.forget_inbox, self.updates, BATCH),
            (Queries.forget_buttons, self.buttons, BATCH),
            (Queries.forget_guesses, self.guesses, BATCH),
            (Queries.forget_undelivered, self.updates, BATCH),
            (Queries.forget_shown, self.shown, BATCH),
            (Queries.forget_seen, self.shown, BATCH),
            (Queries.forget_notices, self.notices, BATCH),
            (Queries.forget_kept_notices, self.kept, BATCH),
            (Queries.forget_addresses, self.updates, BATCH),
            (Queries.forget_pictures, self.pictures, PICTURES),
            (Queries.forget_calls, self.calls, BATCH),
            (Queries.forget_checks, self.checks, BATCH),
            (Queries.forget_afterwords, self.checks, BATCH),
            (Queries.forget_tips, self.tips, BATCH),
            (Queries.forget_suspects, self.suspects, BATCH),
            (Queries.forget_readers, self.readers, BATCH),
            (Queries.forget_message_ids, self.message_ids, PAGES),
        ):
            await _forget_all(store, work, now - span, limit)


async def _forget_all(store: Store, forget: Forget, before: datetime, limit: int) -> None:
    async def some(tx: Queries) -> int:
        return await forget(tx, before, limit)

    while await store.write(some, behind=True) >= limit:
        pass
