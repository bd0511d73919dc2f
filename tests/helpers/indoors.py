"""A newsroom without its platforms: the store, the rules and the people; nothing is sent, and nobody waits."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from bot.app.configured import TRAITS, channels_of, gate_of, paces_of, press_of, rules_of, safeguards_of, timetable_of
from bot.domain import Address, Article, Fit, Platform
from bot.domain.entry import Entry
from bot.domain.news import News
from bot.domain.people import Person, Role
from bot.newsroom import writing
from bot.newsroom.desk import Desk
from bot.newsroom.forecast import Forecast
from bot.newsroom.newsroom import Newsroom
from bot.newsroom.readiness import read
from bot.newsroom.situation import Situation
from bot.storage import Queries, Store, open_store
from bot.texts import Catalogue
from config.newsroom import load_newsroom
from config.settings import LOCALES
from tests.conftest import NEWSROOM, Clock, hold_no_ballast, lay_database
from tests.helpers.acts import acting

N = TypeVar("N", bound=News)
T = TypeVar("T")
BRIDGE = Article("Міст відкрили", "Рух відновили в обох напрямках.")
#: The people of the desk: their roles, and how long they wait until they may approve (None: not at all).
DESK: Mapping[str, tuple[Role, timedelta | None]] = {
    "olena": (Role.OWNER, None),
    "taras": (Role.EDITOR, None),
    "iryna": (Role.EDITOR, None),
    "newcomer": (Role.EDITOR, timedelta(hours=24)),
    "reporter": (Role.REPORTER, None),
}


def address(name: str) -> Address:
    return Address(Platform.TELEGRAM, name)


@dataclass
class House:
    """`clock` goes on by a millisecond at each look."""

    store: Store
    newsroom: Newsroom
    clock: Clock

    async def do(self, work: Callable[..., Awaitable[T]], name: str, *args: Any, **more: Any) -> T:
        """Do `work(desk, *args)` as `name`, in one transaction."""

        async def act(tx: Queries) -> T:
            return await work(await self.desk(tx, name), *args, **more)

        return await self.store.write(act)

    async def desk(self, tx: Queries, name: str) -> Desk:
        """The newsroom's desk in this transaction as `name` acts at it."""
        return await acting(self.newsroom, tx, self.clock(), address(name))

    @property
    def looking(self) -> Desk:
        """The desk for looking only."""
        return Desk(self.newsroom, self.store.read, self.clock())

    async def tx(self, work: Callable[[Queries], Awaitable[T]]) -> T:
        return await self.store.write(work)

    async def writes(self, name: str = "olena", article: Article = BRIDGE) -> Entry:
        return (await self.do(writing.draft, name, article)).entry

    async def situation(self, number: int = 1) -> Situation:
        return await read(self.looking, number)

    async def entry(self, number: int = 1) -> Entry:
        return await self.looking.entry(number)

    async def person(self, name: str) -> Person:
        person = await self.store.read.person_at(address(name))
        assert person is not None
        return person

    async def told(self, kind: type[N]) -> list[N]:
        """Return the news of this kind that the desk is told, in its order."""
        return [notice.news for notice in await self.store.read.untold() if isinstance(notice.news, kind)]

    async def acts(self) -> list[str]:
        return [
            row["act"]
            for row in await self.store.read.all("SELECT act FROM audit WHERE act <> 'team.seat' ORDER BY id")
        ]


@asynccontextmanager
async def a_house(
    folder: Path,
    approvals: int = 1,
    undo: str = "0 s",
    rules: str = "",
    desk: Mapping[str, tuple[Role, timedelta | None]] = DESK,
) -> AsyncIterator[House]:
    text = NEWSROOM.replace("desk.approvals = 0", f"desk.approvals = {approvals}")
    (folder / "newsroom.toml").write_text(text.replace('desk.undo = "0 s"', f'desk.undo = "{undo}"') + rules, "utf-8")
    file = load_newsroom(folder / "newsroom.toml")
    hold_no_ballast(folder / "visnyk.db")
    await lay_database(folder / "visnyk.db")
    clock, store = Clock(step=timedelta(milliseconds=1)), await open_store(folder / "visnyk.db")
    newsroom = Newsroom(
        timetable_of(file),
        channels_of(file),
        {Platform.TELEGRAM: "all", Platform.VIBER: "all"},
        press_of(file, Catalogue.load(LOCALES, "uk"), None),
        rules_of(file),
        Forecast(lambda _platform, _paid: 30.0, timedelta(minutes=1)),
        file.desk.similar_within,
        paces_of(file),
        gate_of(safeguards_of(file)),
        lambda _article, _platform: Fit(),
        TRAITS,
    )
    house = House(store, newsroom, clock)
    try:
        for name, (role, wait) in desk.items():
            await house.tx(lambda tx, name=name, role=role, wait=wait: _joins(tx, clock, name, role, wait))  # type: ignore[misc]
        yield house
    finally:
        await store.close()


async def _joins(tx: Queries, clock: Clock, name: str, role: Role, wait: timedelta | None) -> int:
    now = clock()
    until = now + wait if wait is not None else None
    return await tx.add_person(address(name), name, role, now, invited_by=None, wait_until=until)
