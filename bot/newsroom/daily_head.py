"""The head of the audit log, told to the desk once a day: a person who keeps it sees if the log was rewritten."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import structlog

from bot.domain import news
from bot.domain.times import next_slot
from bot.newsroom.desk import Desk

log = structlog.get_logger(__name__)


class DailyHead:
    """`at`: the time of day in the newsroom's `zone`; None: the head is not told."""

    def __init__(self, at: time | None, zone: ZoneInfo) -> None:
        self._slots = dict.fromkeys(range(7), (at,)) if at is not None else {}
        self._zone = zone

    def next_instant(self, now: datetime) -> datetime | None:
        return next_slot(self._slots, after=now, zone=self._zone, taken=())

    async def tell(self, desk: Desk) -> None:
        """Tell the head once for each day, whatever is restarted; after a stop that lasted, the latest day's only."""
        tx, now = desk.tx, desk.now
        at = self._latest(now)
        if at is None or not await tx.audit_begun_before(at):
            return
        head = await tx.check_audit_end(1)
        day = at.astimezone(self._zone).date()
        if await tx.tell_desk(f"head:{day}", news.Head(str(head)), now):
            log.info("head_told", entry=head.id)

    def _latest(self, now: datetime) -> datetime | None:
        at = self.next_instant(now - timedelta(days=2))
        while at is not None and (following := self.next_instant(at)) is not None and following <= now:
            at = following
        return at
