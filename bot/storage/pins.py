"""Pins: a post that arrived in a channel is pinned there for a time, and then no longer."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.domain.ledger import Cause, Dispatch, DispatchKind
from bot.storage.convert import to_ms
from bot.storage.handover import HandoverQueries

_ADD = """
    INSERT INTO dispatch (article_id, version, platform, channel, state, urgent, silent, paid, plain, policy, audience,
        counting_from, not_before, created_at, changed_at, language, others, page_size, kind, of, pin)
    SELECT article_id, version, platform, channel, 'ready', 0, 1, 0, 0, 'resend', 1, NULL, :at, :now, :now, language,
        others, page_size, :kind, coalesce(of, id), pin
    FROM dispatch WHERE id = :id
"""


class PinQueries(HandoverQueries):
    async def pin_post(self, post: Dispatch, now: datetime) -> None:
        """Pin a post that is in its channel."""
        await self._add_pin(post, DispatchKind.PIN, now, now)

    async def unpin_later(self, pin: Dispatch, now: datetime) -> None:
        """Take a pin off when its time is over, or at once if the article was ended meanwhile."""
        is_over = await self.taken_back(pin.article_id) is not None
        await self._add_pin(pin, DispatchKind.UNPIN, now if is_over else now + timedelta(minutes=pin.pin), now)

    async def unpin_now(self, article_id: int, change_id: int, now: datetime) -> None:
        """Take off what is pinned of an article, with the change that ends it; what is not pinned yet stays so."""
        which = {"article": article_id, "change": change_id, "now": to_ms(now), "reason": Cause.SUPERSEDED}
        await self.run(
            """UPDATE dispatch SET state = 'stopped', reason = :reason, changed_at = :now
               WHERE article_id = :article AND kind = 'pin' AND state = 'ready'""",
            which,
        )
        await self.run(
            """UPDATE dispatch SET not_before = :now, change_id = :change
               WHERE article_id = :article AND kind = 'unpin' AND state = 'ready'""",
            which,
        )

    async def _add_pin(self, dispatch: Dispatch, kind: DispatchKind, at: datetime, now: datetime) -> None:
        await self.run(_ADD, {"id": dispatch.id, "kind": kind, "at": to_ms(at), "now": to_ms(now)})
        self.signal("dispatch")
