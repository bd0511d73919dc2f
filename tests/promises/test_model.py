"""A model of the promises: nothing is lost or comes twice, whatever the desk does, whenever Visnyk dies.

`EXAMPLES=500 make test ARGS="-n 0 -o faulthandler_timeout=0 tests/promises/test_model.py"` plays as many, other stories
each time.
"""

from __future__ import annotations

import asyncio
import re
import shutil
from collections import Counter
from collections.abc import Coroutine
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.domain import Article
from bot.domain.entry import EntryState
from bot.domain.ledger import DispatchState, Policy, Position
from bot.domain.people import Role
from bot.errors import Refused
from bot.newsroom import aftermath, halting, publishing, timing, writing
from bot.newsroom.desk import Desk
from bot.newsroom.readiness import read
from bot.sandbox import Bubble, Sandbox
from bot.sandbox.faults import Faults
from bot.storage import Queries, open_store
from tests.conftest import CHANNEL, OWNER, VIBER_CHANNEL_TOKEN, Clock, Scene, free_port, people, settings_for
from tests.helpers.acts import acting, acting_as
from tests.helpers.crowd import DESK, settle_in, subscribe, telegram_ids, viber_ids
from tests.promises.moments import NOTHING_UNDER_WAY, Time, examples, is_ordinary

#: They work on the files of SQLite itself.
pytestmark = pytest.mark.sqlite

T = TypeVar("T")

READERS, VIBER = 4, 3
#: What the platforms may do to one request. None of it is a clear refusal.
FAULTS = ["429", "drop_before", "drop_after", "500", "502", "half", "html200", "late", "slow"]
#: States in which /cancel takes an article back.
CANCELLABLE = (EntryState.DRAFT, EntryState.QUEUED, EntryState.HELD)
Target = tuple[str, str, int | None]
TARGETS: list[Target] = [
    ("telegram", "sendMessage", CHANNEL),
    ("telegram", "sendMessage", None),
    *(("telegram", "sendMessage", person) for person in telegram_ids(2)),
    ("viber", "post", None),
    ("viber", "broadcast_message", None),
]
#: How long a slow answer, or a slow execution, takes in seconds.
SLOW = 0.05
#: Where an article's number and version stand in its headline.
MARK = re.compile(r"Article (\d+), version (\d+)")


def article(number: int, version: int, *, urgent: bool) -> Article:
    return Article(f"Article {number}, version {version}", "The lead.", language="uk", urgent=urgent)


async def expires(desk: Desk, number: int, at: datetime) -> None:
    """Somebody says until when the article may go out, while it has not."""
    situation = await read(desk, number)
    if situation.entry.state in CANCELLABLE:
        await writing.expire(desk, situation, at)


class Newsdesk(RuleBasedStateMachine):
    """What we believe of each article: its version and whether it was cancelled; the phones must agree."""

    def __init__(self) -> None:
        super().__init__()
        self.versions: list[int] = []
        self.urgent: list[bool] = []
        self.cancelled: set[int] = set()
        self.damaged: set[int] = set()
        self.halted_at: Counter[str] | None = None
        self.lives = 0

    # The house

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(work)

    @initialize()
    def opens(self) -> None:
        self.folder = TemporaryDirectory(prefix="visnyk-model-")
        self.loop = asyncio.new_event_loop()
        self.run(self._open())

    async def _open(self) -> None:
        clock = Clock()
        self.sandbox = Sandbox(now=lambda: clock.at.timestamp())
        await self.sandbox.start()
        people(self.sandbox)
        settle_in(self.sandbox, READERS, VIBER)
        self.port = free_port()
        self.scene = Scene(self.sandbox, settings_for(self.sandbox, self._home(), self.port), clock)
        self.time = Time(self.scene)
        await self.scene.start()
        await self._write(lambda tx: subscribe(tx, self.scene, READERS, VIBER))

    def _home(self) -> Path:
        home = Path(self.folder.name) / str(self.lives)
        home.mkdir(exist_ok=True)
        return home

    async def _write(self, work: Any) -> Any:
        return await self.scene.app.store.write(work)

    async def _act(self, work: Any, *args: Any, **more: Any) -> Any:
        """What the owner does: `work(desk, *args)`."""

        async def act(tx: Queries) -> Any:
            return await work(await acting(self.newsroom, tx, self.scene.clock(), DESK), *args, **more)

        return await self._write(act)

    async def _try(self, work: Any, *args: Any, **more: Any) -> bool:
        """False when the newsroom refuses."""
        try:
            await self._act(work, *args, **more)
        except Refused:
            return False
        return True

    @property
    def newsroom(self) -> Any:
        return self.scene.app.newsroom

    def _pick(self, of: int) -> int:
        return 1 + of % len(self.versions)

    # What the desk does

    @rule(urgent=st.booleans())
    def queues(self, urgent: bool) -> None:
        self.versions.append(1)
        self.urgent.append(urgent)
        text = article(len(self.versions), 1, urgent=urgent)
        drafted = self.run(self._act(writing.draft, text))
        assert drafted.entry.id == len(self.versions)

    @precondition(lambda self: self.versions)
    @rule(of=st.integers(0, 99), minutes=st.integers(1, 40))
    def schedules(self, of: int, minutes: int) -> None:
        at = self.scene.clock() + timedelta(minutes=minutes)
        self.run(self._try(timing.schedule, self._pick(of), at))

    @precondition(lambda self: self.versions)
    @rule(of=st.integers(0, 99))
    def edits(self, of: int) -> None:
        number = self._pick(of)
        text = article(number, self.versions[number - 1] + 1, urgent=self.urgent[number - 1])
        if self.run(self._try(writing.edit, number, text)):
            self.versions[number - 1] += 1

    @precondition(lambda self: self.versions)
    @rule(of=st.integers(0, 99))
    def cancels(self, of: int) -> None:
        number = self._pick(of)
        if self.run(self._try(publishing.cancel, number)):
            self.cancelled.add(number)

    @precondition(lambda self: self.versions)
    @rule(of=st.integers(0, 99))
    def publishes(self, of: int) -> None:
        went = self.run(self._try(publishing.publish, self._pick(of)))
        assert not (went and self.halted_at is not None), "published while halted"

    @rule(urgent=st.booleans(), kind=st.sampled_from(FAULTS), where=st.sampled_from(TARGETS))
    def publishes_into_trouble(self, urgent: bool, kind: str, where: Target) -> None:
        """The likeliest story of all."""
        self.queues(urgent)
        self.a_platform_misbehaves(kind, where, 1)
        self.publishes(len(self.versions) - 1)

    @rule(moment=st.integers(0, 30))
    def publishes_and_halts(self, moment: int) -> None:
        self.sandbox.faults.add("telegram", "late", method="sendMessage", times=2, delay=SLOW)
        self.queues(urgent=False)
        self.publishes(len(self.versions) - 1)
        self.a_moment_passes(moment)
        self.halts()

    @rule(moment=st.integers(0, 30), urgent=st.booleans(), late=st.booleans())
    def publishes_and_dies(self, moment: int, urgent: bool, late: bool) -> None:
        """`late`: executed, and the answer comes when nobody waits for it; else the request comes too late."""
        for platform in ("telegram", "viber"):
            self.sandbox.faults.add(platform, "late" if late else "slow", times=4, delay=SLOW)
        self.queues(urgent)
        self.publishes(len(self.versions) - 1)
        self.a_moment_passes(moment)
        self.is_killed_and_started(0)

    @rule()
    def halts(self) -> None:
        if self.halted_at is not None:
            return
        before, reserved = self.run(self._write(self._halt))
        # What was on its way at that moment still arrives, and nothing else.
        self.run(self.time.rests())
        self.halted_at = self._all_copies()
        assert (self.halted_at - before).total() <= reserved, "more left after the halt than had been reserved"

    async def _halt(self, tx: Queries) -> tuple[Counter[str], int]:
        """What had arrived, and how much was on its way, in the transaction of the halt."""
        await halting.halt(await acting(self.newsroom, tx, self.scene.clock(), DESK))
        pages = [page.count(Position.RESERVED) for page in await tx.interrupted_pages()]
        return self._all_copies(), sum(pages) + len(await tx.interrupted_channels())

    @rule()
    def resumes(self) -> None:
        self.halted_at = None
        self.run(self._write(self._resume))

    async def _resume(self, tx: Queries) -> None:
        """Both owners, if anything is halted."""
        if await tx.is_halted():
            for owner in await tx.team(Role.OWNER):
                await halting.resume(acting_as(self.newsroom, tx, self.scene.clock(), owner))

    @precondition(lambda self: self.versions)
    @rule(of=st.integers(0, 99), minutes=st.integers(1, 60))
    def lets_it_expire(self, of: int, minutes: int) -> None:
        at = self.scene.clock() + timedelta(minutes=minutes)
        self.run(self._try(expires, self._pick(of), at))

    @precondition(lambda self: self.versions)
    @rule(of=st.integers(0, 99), minutes=st.sampled_from([0, 5, 31]))
    def cancels_while_it_is_down(self, of: int, minutes: int) -> None:
        number = self._pick(of)
        if number in self.damaged:
            return
        could = self.run(self._goes_down()) and self.run(self._state(number)) in CANCELLABLE
        self.run(self._says_and_starts(f"/cancel {number}", minutes))
        if could:
            assert self.run(self._state(number)) is EntryState.CANCELLED, f"#{number} was cancelled while it was down"
            self.cancelled.add(number)

    @precondition(lambda self: self.versions)
    @rule(of=st.integers(0, 99), minutes=st.sampled_from([0, 5, 31]))
    def publishes_while_it_is_down(self, of: int, minutes: int) -> None:
        """Words that are read more than half an hour late lead to a question and to nothing else."""
        number = self._pick(of)
        could = self.run(self._goes_down()) and self.run(self._state(number)) in (
            EntryState.DRAFT,
            EntryState.CANCELLED,
        )
        self.run(self._says_and_starts(f"/now {number}", minutes))
        if could and minutes > 30:
            assert self.run(self._state(number)) is not EntryState.PUBLISHED, f"#{number} left by a word of long ago"

    @precondition(lambda self: self.halted_at is None)
    @rule(minutes=st.sampled_from([0, 5, 31]))
    def halts_while_it_is_down(self, minutes: int) -> None:
        self.run(self._goes_down())
        before = self._all_copies()
        self.run(self._says_and_starts("/halt", minutes))
        self.run(self.time.rests())
        self.halted_at = self._all_copies()
        assert self.halted_at == before, "something left at a start before the word that halts it"

    async def _goes_down(self) -> bool:
        await self.scene.stop()
        await asyncio.sleep(2 * SLOW)  # what was on its way still appears
        return True

    async def _says_and_starts(self, words: str, minutes: int) -> None:
        await self.sandbox.telegram.say(OWNER, words)
        self.scene.clock.at += timedelta(minutes=minutes)
        await self.scene.start()
        await self.scene.app.reception.backlog.is_read.wait()

    async def _state(self, number: int) -> EntryState:
        store = await open_store(self._home() / "visnyk.db") if self.scene.is_stopped else None
        queries = store.read if store is not None else self.scene.app.store.read
        entry = await queries.entry(number)
        if store is not None:
            await store.close()
        assert entry is not None
        return entry.state

    @rule()
    def looks_into_the_channels(self) -> None:
        self.run(self._settle_doubts())

    async def _settle_doubts(self) -> None:
        """As somebody of the desk does: truly, and not before what was on its way has appeared."""
        await self.time.rests()
        for doubt in await self.scene.app.store.read.doubts():
            appeared = self._copies(self._channel(doubt.channel))[doubt.article_id] > 0
            await self._try(aftermath.settle_doubt, doubt.id, appeared=appeared)

    # What happens to it

    @rule(kind=st.sampled_from(FAULTS), where=st.sampled_from(TARGETS), times=st.integers(1, 2))
    def a_platform_misbehaves(self, kind: str, where: Target, times: int) -> None:
        platform, method, chat = where
        self.sandbox.faults.add(
            platform, kind, method=method, chat=chat, times=times, delay=SLOW if kind in ("late", "slow") else 0.0
        )

    @rule(minutes=st.integers(1, 45))
    def time_passes(self, minutes: int) -> None:
        self.run(self.time.passes(minutes * 60, step=minutes * 60))

    @rule(minutes=st.sampled_from([-60, -5, 5, 60]))
    def the_clock_is_set(self, minutes: int) -> None:
        self.scene.clock.at += timedelta(minutes=minutes)
        self.run(self.time.passes(16, step=8))

    @precondition(lambda self: self.versions)
    @rule(of=st.integers(0, 99))
    def a_row_is_damaged(self, of: int) -> None:
        number = self._pick(of)
        if number not in self.damaged and self.run(self._state(number)) in CANCELLABLE:
            self.damaged.add(number)
            sql = f"UPDATE version SET content = '{{' WHERE article_id = {number}"
            self.run(self._write(lambda tx: tx.run(sql)))

    @rule(milliseconds=st.integers(0, 20))
    def a_moment_passes(self, milliseconds: int) -> None:
        self.run(asyncio.sleep(milliseconds / 1000))

    @rule(minutes=st.sampled_from([0, 1, 29, 31, 24 * 60]))
    def is_stopped_and_started(self, minutes: int) -> None:
        self.run(self.scene.stop())
        self.scene.clock.at += timedelta(minutes=minutes)
        self.run(self.scene.start())

    @rule(minutes=st.sampled_from([0, 1, 24 * 60]))
    def is_killed_and_started(self, minutes: int) -> None:
        """What a kill leaves is what the files hold at this instant; nothing that follows reaches anybody."""
        before = self._home()
        self.lives += 1
        home = self._home()

        async def copy(_tx: Queries) -> None:
            for name in ("visnyk.db", "visnyk.db-wal", "visnyk.db.flight"):
                if (before / name).exists():
                    shutil.copyfile(before / name, home / name)

        # While we hold the writer, nobody moves pages from the one file to the other between the two copies.
        self.run(self._write(copy))
        self.run(self._die())
        self.scene.settings = settings_for(self.sandbox, home, self.port)
        self.scene.clock.at += timedelta(minutes=minutes)
        self.run(self.scene.start())

    async def _die(self) -> None:
        waiting, self.sandbox.faults = self.sandbox.faults, Faults()
        for platform in ("telegram", "viber"):
            self.sandbox.faults.add(platform, "drop_before", times=None)
        await self.scene.stop()
        self.sandbox.faults = waiting

    # What must be true at any moment

    @invariant()
    def nothing_comes_twice_and_nothing_that_was_cancelled_or_changed(self) -> None:
        for name, phone in self._phones().items():
            copies = self._copies(phone)
            for number, version in {(int(m[1]), int(m[2])) for b in phone if (m := MARK.search(b.text))}:
                assert number not in self.cancelled, f"#{number} was cancelled, and is on {name}"
                assert number not in self.damaged, f"#{number} can't be read, and is on {name}"
                assert version == self.versions[number - 1], f"#{number} is on {name} in version {version}"
                may_repeat = self.urgent[number - 1] and name.startswith("reader")
                assert copies[number] == 1 or may_repeat, f"#{number} is on {name} {copies[number]} times"

    @invariant()
    def nothing_leaves_while_halted(self) -> None:
        if self.halted_at is not None:
            assert self._all_copies() == self.halted_at

    def _phones(self) -> dict[str, list[Bubble]]:
        if not hasattr(self, "sandbox"):
            return {}
        telegram, viber = self.sandbox.telegram, self.sandbox.viber
        return {
            "channel main": telegram.phone(CHANNEL),
            "channel viber": viber.channel_phone(VIBER_CHANNEL_TOKEN),
            **{f"reader {person}": telegram.phone(person) for person in telegram_ids(READERS)},
            **{f"reader {reader}": viber.phone(reader) for reader in viber_ids(VIBER)},
        }

    def _channel(self, key: str | None) -> list[Bubble]:
        return self._phones()[f"channel {key}"]

    @staticmethod
    def _copies(phone: list[Bubble]) -> Counter[int]:
        return Counter(int(mark[1]) for bubble in phone if (mark := MARK.search(bubble.text)))

    def _all_copies(self) -> Counter[str]:
        return Counter(f"{name} {number}" for name, phone in self._phones().items() for number in self._copies(phone))

    # The end: everybody behaves, and whatever waits for a person's word gets it

    def teardown(self) -> None:
        if not hasattr(self, "sandbox"):
            return
        try:
            self.run(self._ends())
            self.nothing_comes_twice_and_nothing_that_was_cancelled_or_changed()
        finally:
            self.run(self._close())
            self.loop.close()
            self.folder.cleanup()

    async def _ends(self) -> None:
        self.sandbox.faults.clear()
        self.halted_at = None
        await self._write(self._resume)
        queries = self.scene.app.store.read
        for _ in range(20):
            await self.time.passes(120, step=120)
            await self._settle_doubts()
            await self._write(self._go_on)
            if await queries.value(NOTHING_UNDER_WAY) and not await queries.doubts():
                break
        else:
            raise AssertionError("it does not end")
        for number in range(1, len(self.versions) + 1):
            await self._check_nothing_is_lost(queries, number)

    async def _go_on(self, tx: Queries) -> None:
        for number in range(1, len(self.versions) + 1):
            for dispatch in await tx.dispatches(number):
                if dispatch.state is DispatchState.STOPPED:
                    await aftermath.go_on(await acting(self.newsroom, tx, self.scene.clock(), DESK), [dispatch.id])

    async def _check_nothing_is_lost(self, queries: Queries, number: int) -> None:
        if number in self.damaged:
            return
        entry = await queries.entry(number)
        assert entry is not None
        assert (entry.state is EntryState.CANCELLED) == (number in self.cancelled)
        assert entry.state is not EntryState.QUEUED or (entry.due_at or self.scene.clock()) > self.scene.clock()
        if entry.state is not EntryState.PUBLISHED:
            return
        assert entry.published_at is not None
        assert entry.expires_at is None or entry.published_at < entry.expires_at, f"#{number} left when it had expired"
        phones = self._phones()
        for dispatch in await queries.dispatches(number):
            if dispatch.channel is not None:
                assert dispatch.state is DispatchState.DELIVERED
                assert self._copies(self._channel(dispatch.channel))[number] == 1
                continue
            tally = await queries.tally(dispatch)
            names = telegram_ids(READERS) if dispatch.platform == "telegram" else viber_ids(VIBER)
            have = sum(self._copies(phones[f"reader {name}"])[number] > 0 for name in names)
            assert dispatch.state is DispatchState.DONE
            assert tally.delivered + tally.in_doubt == tally.audience == len(names)
            assert tally.delivered <= have
            assert dispatch.policy is Policy.RESEND or have <= tally.delivered + tally.in_doubt

    async def _close(self) -> None:
        await self.scene.stop()
        await self.sandbox.stop()


TestNewsdesk = Newsdesk.TestCase
TestNewsdesk.settings = settings(
    max_examples=examples(5),
    stateful_step_count=15 if is_ordinary() else 40,
    deadline=None,
    derandomize=is_ordinary(),
    database=None,
    suppress_health_check=list(HealthCheck),
)
