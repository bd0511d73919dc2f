"""The house of the week: both platforms at the wire, a real database, and a time that goes from event to event."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

from bot.domain import Address, Platform
from bot.domain.entry import ReaderState
from bot.newsroom.desk import Desk
from bot.newsroom.readiness import read
from bot.newsroom.situation import Situation
from bot.sandbox import Sandbox
from bot.storage.engine import Row
from tests.conftest import (
    TELEGRAM_TOKEN,
    VIBER_CHANNEL_TOKEN,
    VIBER_TOKEN,
    Clock,
    Scene,
    free_port,
    hold_no_ballast,
    lay_database,
    settings_for,
)
from tests.helpers.crowd import telegram_ids, viber_ids
from tests.trials.week.cast import CHANNELS, DESK, EVERYBODY, GROUP, MONDAY, TARAS, newsroom_toml
from tests.trials.week.clock import MovableLoop

#: Readers on each platform. They say nothing; what they get is judged elsewhere.
READERS = 8
#: The longest leap of the clock, and the longest while something that failed waits to be tried again.
LEAP, SHORT_LEAP = timedelta(minutes=5), timedelta(seconds=30)
#: Seconds of the machine that an answer may take before something is wrong.
PATIENCE = 60.0
#: Looks in a row that must find nobody at work.
QUIET = 3
#: Looks in a row that find the same undone, after which the house seems to wait; and how often in a row it may.
STILL, MOST_WAITS = 150, 4

#: What is still to be done at this instant: said and not heard, to be told and not told, owed, or on its way.
UNDONE = """
    SELECT 'inbox', count(*) FROM inbox WHERE done_at IS NULL
    UNION ALL SELECT 'notice', count(*) FROM notice WHERE told_at IS NULL AND tell_at <= :now
    UNION ALL SELECT 'reply', count(*) FROM reply WHERE started_at IS NOT NULL OR not_before <= :now
    UNION ALL SELECT 'dispatch', count(*) FROM dispatch
        WHERE state IN ('ready', 'sending', 'running') AND not_before <= :now AND NOT EXISTS (SELECT 1 FROM halted)
    UNION ALL SELECT 'topic', count(*) FROM topic WHERE rename_to IS NOT NULL
"""


class House:
    """A running newsroom and its clock. `after` is called whenever everybody has come to rest."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.after: list[Callable[[], Awaitable[object]]] = []
        #: Platforms that are down.
        self.down: set[Platform] = set()

    @property
    def now(self) -> datetime:
        return self.scene.clock.at

    async def rows(self, sql: str, **values: object) -> list[Row]:
        return list(await self.scene.app.store.read.all(sql, values))

    async def situation(self, number: int) -> Situation:
        app = self.scene.app
        return await read(Desk(app.newsroom, app.store.read, self.now), number)

    # Time

    async def until(self, end: datetime) -> None:
        """Let time pass until `end`; at each instant at which something falls due, let the house do it."""
        while self.now < end:
            await self._leap_to(min(end, await self._next_instant()))
            await self.rests()

    async def _next_instant(self) -> datetime:
        if self.scene.is_stopped:
            return self.now + LEAP
        due = await self.scene.app.store.read.next_instant()
        waits = await self.rows("SELECT 1 FROM reply LIMIT 1")
        last = self.now + (SHORT_LEAP if waits or self.down else LEAP)
        return max(self.now + timedelta(milliseconds=200), min(last, due or last))

    async def _leap_to(self, at: datetime) -> None:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, MovableLoop)
        loop.ahead += (at - self.now).total_seconds()
        self.scene.clock.at = at
        # Connections that nobody used meanwhile are given up before anybody wants one.
        for _ in range(5):
            await asyncio.sleep(0)
        if not self.scene.is_stopped:
            self.scene.app.look()

    async def rests(self) -> None:
        """Wait until nobody in the house has anything to do at this instant.

        Where the house waits for a time of its own, because a platform was down or asked for patience, time passes.
        """
        looks, before, quiet, waits = 0, list[str](), 0, 0
        while quiet < QUIET:
            await asyncio.sleep(0.001 if quiet else 0.003)
            at_work = await self._at_work()
            quiet = 0 if at_work else quiet + 1
            looks = looks + 1 if at_work == before else 0
            if at_work and looks > STILL:
                await self._leap_to(self.now + SHORT_LEAP)
                waits, looks = waits + 1, 0
                assert waits < MOST_WAITS or self._only_owes(at_work), f"{self.now}: never done with {at_work}"
                if waits >= MOST_WAITS:  # what somebody has had enough of for an hour may wait that long
                    break
            before = at_work
        for listener in self.after:
            await listener()

    @staticmethod
    def _only_owes(at_work: list[str]) -> bool:
        return all(each.startswith("reply") for each in at_work)

    async def _at_work(self) -> list[str]:
        """Return who is at work and what waits to be done."""
        if self.scene.is_stopped:
            return []
        busy = [worker.name for worker in self.scene.app.workers() if worker.stuck]
        if busy or self.down:  # while a platform is down, what is on its way to it stays there
            return busy
        now = round(self.now.timestamp() * 1000)
        return [f"{row[0]}: {row[1]}" for row in await self.rows(UNDONE, now=now) if row[1]]

    async def heard(self, before: int) -> None:
        """Wait until one more word than `before` has come in, and until all that follows from it is done."""
        async with asyncio.timeout(PATIENCE):
            while await self.words() <= before:  # noqa: ASYNC110 - the store of another part rings for nobody here
                await asyncio.sleep(0.001)
        await self.rests()

    async def words(self) -> int:
        return int((await self.rows("SELECT coalesce(max(id), 0) FROM inbox"))[0][0])

    # What befalls it

    async def restarts(self) -> None:
        await self.rests()
        await self.scene.stop()
        await self._leap_to(self.now + timedelta(minutes=1))
        await self.scene.start()
        await self.rests()

    async def goes_down(self, platform: Platform) -> None:
        self.scene.sandbox.faults.add(platform, "502", times=None)
        self.down.add(platform)

    async def comes_back(self, platform: Platform) -> None:
        self.scene.sandbox.faults.clear()
        self.down.discard(platform)


@asynccontextmanager
async def a_house(folder: Path) -> AsyncIterator[House]:
    clock = Clock(step=timedelta(milliseconds=1))
    clock.at = MONDAY
    async with Sandbox(now=lambda: clock.at.timestamp()) as sandbox:
        _settle_in(sandbox)
        hold_no_ballast(folder / "visnyk.db")
        await lay_database(folder / "visnyk.db")
        (folder / "newsroom.toml").write_text(newsroom_toml(), encoding="utf-8")
        owners = " ".join(str(each.addresses[0]) for each in DESK if each.role == "owner")
        scene = Scene(sandbox, settings_for(sandbox, folder, free_port(), OWNERS=owners), clock)
        await scene.start()
        try:
            house = House(scene)
            await _seat(house)
            yield house
        finally:
            if not scene.is_stopped:
                await scene.stop()


def _settle_in(sandbox: Sandbox) -> None:
    """Everybody reads English on their phone: texts are told apart in one language."""
    telegram, viber = sandbox.telegram, sandbox.viber
    telegram.add_bot(TELEGRAM_TOKEN, username="visnyk_bot", name="Visnyk")
    viber.add_bot(VIBER_TOKEN, name="Visnyk", uri="visnyk")
    viber.add_channel(VIBER_CHANNEL_TOKEN, name="Visnyk", superadmin="c3VwZXJhZG1pbi1zdXBlcg==")
    for key, chat in CHANNELS.items():
        telegram.add_channel(chat, title=key, username=f"visnyk_{key}")
        telegram.set_admin(chat, TELEGRAM_TOKEN, can_post=True)
    telegram.add_group(GROUP, title="Desk", forum=True)
    telegram.set_admin(GROUP, TELEGRAM_TOKEN, can_manage_topics=True)
    for each in EVERYBODY:
        for address in each.addresses:
            if address.platform is Platform.TELEGRAM:
                telegram.add_person(int(address.id), name=each.name, language="en", started=True)
                telegram.set_member(GROUP, int(address.id))
            else:
                viber.add_person(address.id, name=each.name, language="en", subscribed=True)
    for person in telegram_ids(READERS):
        telegram.add_person(person, started=True)
    for reader in viber_ids(READERS):
        viber.add_person(reader, subscribed=True)


async def _seat(house: House) -> None:
    """The desk has worked together for long: everybody but the owners was invited once and may approve."""
    store, now = house.scene.app.store, house.now
    readers = [Address(Platform.TELEGRAM, str(each)) for each in telegram_ids(READERS)]
    readers += [Address(Platform.VIBER, each) for each in viber_ids(READERS)]
    for each in DESK:
        if each.role != "owner":
            address, name, role = each.addresses[0], each.name, each.role
            await store.write(
                lambda tx, address=address, name=name, role=role: tx.add_person(  # type: ignore[misc]
                    address, name, role, now, invited_by=None, wait_until=None
                )
            )
    for reader in readers:
        await store.write(lambda tx, reader=reader: tx.set_reader(reader, ReaderState.ACTIVE, "uk", now))  # type: ignore[misc]
    assert TARAS.addresses[1].platform is Platform.VIBER
