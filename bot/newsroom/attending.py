"""Attending: a member says when they are on duty, for how long they want silence, and what they want to hear."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.attention import Heed, Wish
from bot.domain.duty import Hours
from bot.newsroom.desk import Desk
from bot.newsroom.roster import presence_of

#: The longest silence that somebody may ask for: longer ones are hours of duty.
LONGEST = timedelta(days=31)


async def set_hours(desk: Desk, hours: Hours | None) -> None:
    """Set the actor's hours of duty; None: those of the newsroom."""
    heed = await desk.tx.heed(desk.me.id)
    await _keep(desk, replace(heed, hours="" if hours is None else str(hours)))


async def mute(desk: Desk, until: datetime) -> None:
    """Let nothing but alarms ring for the actor until then."""
    heed = await desk.tx.heed(desk.me.id)
    await _keep(desk, replace(heed, muted_from=desk.now, muted_until=until))


async def unmute(desk: Desk) -> bool:
    """End the actor's silence, with a digest of what they missed. Return False if there was none."""
    heed = await desk.tx.heed(desk.me.id)
    if heed.muted_until is None or heed.muted_until <= desk.now:
        return False
    await _keep(desk, replace(heed, muted_until=desk.now), digest_at=desk.now)
    return True


async def choose(desk: Desk, wish: Wish) -> None:
    """Let the actor hear this unasked."""
    heed = await desk.tx.heed(desk.me.id)
    await _keep(desk, replace(heed, wish=wish))


async def _keep(desk: Desk, heed: Heed, digest_at: datetime | None = None) -> None:
    back = presence_of(desk.house, heed).back_at(desk.now)
    await desk.tx.set_heed(desk.me.id, heed, digest_at or back)
