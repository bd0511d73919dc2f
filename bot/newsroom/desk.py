"""The desk at one instant: in whose name something is done, when, and in which transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.domain import Address
from bot.domain.entry import Entry
from bot.domain.news import News
from bot.domain.people import Actor, Person, Writer
from bot.domain.saying import Saying
from bot.errors import Refused
from bot.newsroom.newsroom import Newsroom
from bot.storage import Queries


@dataclass(frozen=True, slots=True)
class Desk:
    """The company of every act: the house, its transaction, the instant, and the actor, by default the house itself."""

    house: Newsroom
    tx: Queries
    now: datetime
    by: Actor = field(default_factory=Actor)
    #: The instants between which it was said, if that was before now.
    saying: Saying | None = None

    @property
    def said(self) -> datetime:
        """The earliest instant at which it may have been said: what stops something counts by it."""
        return self.saying.earliest if self.saying is not None else self.now

    @property
    def said_by(self) -> datetime:
        """The latest instant at which it may have been said: what lets something happen counts by it."""
        return self.saying.latest if self.saying is not None else self.now

    @property
    def address(self) -> Address:
        """The address that speaks, where somebody does."""
        assert self.by.address is not None
        return self.by.address

    @property
    def me(self) -> Person:
        """The member who acts, where only the desk is let in."""
        assert self.by.person is not None
        return self.by.person

    @property
    def writer(self) -> Writer:
        """The one who writes: a member, or a system with a key."""
        return Writer(self.address, self.by.person.id if self.by.person is not None else None)

    @property
    def title(self) -> str:
        """The name of the one who acts, as the desk knows them."""
        return self.by.person.title if self.by.person is not None else self.by.name

    def acting_for(self, address: Address, person: Person | None) -> Desk:
        """The same desk when something takes effect that this member asked for earlier, from that address."""
        return replace(self, by=Actor(address, person), saying=None)

    def by_itself(self) -> Desk:
        """The same desk where the house acts, whoever caused it."""
        return replace(self, by=Actor(), saying=None)

    async def entry(self, number: int) -> Entry:
        entry = await self.tx.entry(number)
        if entry is None:
            raise no_such_article(number)
        return entry

    async def record(self, act: str, entry: Entry, **more: object) -> None:
        """Bound to the content by its hash: the log says what exactly went out."""
        await self.note(act, f"article:{entry.id}", {"version": entry.version, "sha256": entry.article.sha256, **more})

    async def note(self, act: str, subject: str, detail: Mapping[str, object]) -> None:
        """Record an act with the instant when it was said, if it is read later: `said_in` tells it again."""
        late = {} if self.saying is None else {"said": self.said.isoformat()}
        await self.tx.record(self.by, act, subject, {**detail, **late}, self.now)

    async def announce(self, news: News) -> None:
        """News for the desk, told each time."""
        await self.tx.announce(news, self.now)


def no_such_article(number: int) -> Refused:
    return Refused("There is no article #{id}. /list shows what is waiting.", id=number)
