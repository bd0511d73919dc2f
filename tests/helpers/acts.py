"""An act of the newsroom without the chat: who acts, when, and in which transaction."""

from __future__ import annotations

from datetime import datetime

from bot.domain import Address
from bot.domain.entry import Entry, EntryState
from bot.domain.people import Actor, Person
from bot.newsroom.desk import Desk
from bot.newsroom.newsroom import Newsroom
from bot.storage import Queries


async def acting(house: Newsroom, tx: Queries, now: datetime, address: Address) -> Desk:
    """The desk as this address acts at it; a stranger's too."""
    return Desk(house, tx, now, Actor(address, await tx.person_at(address)))


def acting_as(house: Newsroom, tx: Queries, now: datetime, person: Person) -> Desk:
    """The desk as this member acts at it, from their first address."""
    return Desk(house, tx, now, Actor(person.addresses[0], person))


async def times(tx: Queries, entry: Entry, due_at: datetime, now: datetime) -> None:
    """Member 1 gives an article its time, past all rules."""
    await tx.move(entry, EntryState.QUEUED, now, due_at=due_at)
    await tx.record("person:1", "article.scheduled", f"article:{entry.id}", {"due": due_at.isoformat()}, now)
