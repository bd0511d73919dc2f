"""The human who typed is never the human who approved, whatever becomes of addresses, seats, roles and OWNERS; two
people are two phones. `EXAMPLES=10000` plays as many histories.
"""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from bot.domain import Address, Article, Platform, Sender
from bot.domain.entry import EntryState
from bot.domain.people import Role
from bot.errors import Refused
from bot.newsroom import publishing, review, writing
from bot.newsroom.desk import Desk
from bot.newsroom.team import Team, digest_of
from tests.helpers.acts import acting
from tests.helpers.indoors import House, a_house

T = TypeVar("T")
EXAMPLES = int(os.environ.get("EXAMPLES", "25"))
WITHIN = timedelta(hours=24)
#: Six people; each has two apps, and nobody else has them.
HUMANS = range(6)
#: Whoever is named in OWNERS, at one start or another.
OWNERS = ((0,), (0, 1), (1, 2), (2,))

humans, apps = st.sampled_from(HUMANS), st.sampled_from([*Platform])
BOOKS: Counter[str] = Counter()


def phone(human: int, app: Platform) -> Address:
    return Address(app, f"human-{human}")


class Histories(RuleBasedStateMachine):
    """What we believe of people is told from their phones, not from the desk."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.folder = TemporaryDirectory(prefix="visnyk-authority-")
        self.typed: dict[int, set[int]] = {}
        self.approved: dict[int, set[int]] = {}
        self.codes: list[str] = []
        self.links: list[tuple[str, int]] = []

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(work)

    @initialize(owners=st.sampled_from(OWNERS))
    def opens(self, owners: tuple[int, ...]) -> None:
        self._open = a_house(Path(self.folder.name), approvals=1, desk={})
        self.house: House = self.run(self._open.__aenter__())
        self.starts(owners)
        self.some_of_the_desk()

    @rule(owners=st.sampled_from(OWNERS))
    def starts(self, owners: tuple[int, ...]) -> None:
        """Again, perhaps with other OWNERS."""
        self.team = Team([phone(each, Platform.TELEGRAM) for each in owners], WITHIN, lambda _code: {})
        self.run(self.house.tx(lambda tx: self.team.seat_owners(Desk(self.house.newsroom, tx, self.house.clock()))))

    def some_of_the_desk(self) -> None:
        """Three editors who came long ago, so that a history begins with something to do."""
        for human in (3, 4, 5):
            self.invites(0, Platform.TELEGRAM, Role.EDITOR)
            self.invites(1, Platform.TELEGRAM, Role.EDITOR)
            self.joins(human, Platform.TELEGRAM, 0)
        self.time_passes(30)

    def acts(self, human: int, app: Platform, act: Callable[[Desk], Awaitable[T]]) -> T | None:
        """What somebody does from one of their phones; None: it was refused, and undone."""

        async def work(tx: Any) -> T:
            return await act(await acting(self.house.newsroom, tx, self.house.clock(), phone(human, app)))

        with suppress(Refused, AssertionError):
            return self.run(self.house.tx(work))
        return None

    def member(self, human: int) -> int:
        """The number that the desk shows for one of the phones; 0: none."""
        for app in Platform:
            if (person := self.run(self.house.store.read.person_at(phone(human, app)))) is not None:
                return person.id
        return 0

    # People

    @rule(human=humans, app=apps, role=st.sampled_from([*Role]))
    def invites(self, human: int, app: Platform, role: Role) -> None:
        async def act(desk: Desk) -> str:
            assert desk.me.role is Role.OWNER
            return await self.team.invite(desk, role)

        if code := self.acts(human, app, act):
            self.codes.append(code)

    @rule(human=humans, app=apps, which=st.integers(0, 9))
    def joins(self, human: int, app: Platform, which: int) -> None:
        if self.codes:
            code = self.codes[-1 - which % len(self.codes)]
            self.acts(human, app, lambda desk: self.team.accept(desk, code, Sender(phone(human, app), "")))

    @rule(human=humans, app=apps)
    def makes_a_link_code(self, human: int, app: Platform) -> None:
        if code := self.acts(human, app, self.team.link_code):
            self.links.append((code, human))

    @rule(human=humans, app=apps, which=st.integers(0, 9), trusts=st.booleans())
    def types_a_link_code(self, human: int, app: Platform, which: int, trusts: bool) -> None:
        """Also another's, whose maker says that it is not them."""
        if not self.links:
            return
        code, maker = self.links[-1 - which % len(self.links)]
        self.acts(human, app, lambda desk: self.team.ask_link(desk, code, Sender(phone(human, app), "")))
        for own in Platform:
            if maker == human and trusts:
                self.acts(maker, own, lambda desk: self.team.confirm_link(desk, digest_of(code)))
            else:
                self.acts(maker, own, lambda desk: self.team.refuse_link(desk, digest_of(code)))

    @rule(human=humans, app=apps, other=humans, gone=apps)
    def unlinks(self, human: int, app: Platform, other: int, gone: Platform) -> None:
        number = self.member(other)
        self.acts(human, app, lambda desk: self.team.unlink(desk, number, phone(other, gone)))

    @rule(human=humans, app=apps, other=humans)
    def removes(self, human: int, app: Platform, other: int) -> None:
        self.as_owner(human, app, lambda desk, number: self.team.remove(desk, number), other)

    @rule(human=humans, app=apps, other=humans, role=st.sampled_from([*Role]))
    def gives_a_role(self, human: int, app: Platform, other: int, role: Role) -> None:
        self.as_owner(human, app, lambda desk, number: self.team.set_role(desk, number, role), other)

    @rule(human=humans, app=apps, other=humans)
    def waives(self, human: int, app: Platform, other: int) -> None:
        self.as_owner(human, app, self.team.waive, other)

    def as_owner(self, human: int, app: Platform, act: Callable[[Desk, int], Awaitable[object]], other: int) -> None:
        number = self.member(other)

        async def do(desk: Desk) -> None:
            assert desk.me.role is Role.OWNER
            await act(desk, number)

        self.acts(human, app, do)

    @rule(hours=st.sampled_from([1, 25, 30]))
    def time_passes(self, hours: int) -> None:
        self.house.clock.at += timedelta(hours=hours)

    # Articles

    @rule(human=humans, app=apps)
    def writes(self, human: int, app: Platform) -> None:
        article = Article(f"Міст {len(self.typed) + 1} відкрили", "Рух відновили.")

        async def act(desk: Desk) -> int:
            return (await writing.draft(desk, article)).entry.id if desk.me else 0

        if number := self.acts(human, app, act):
            self.typed[number] = {human}
            self.acts(human, app, lambda desk: review.submit(desk, number))

    @rule(human=humans, app=apps, of=st.integers(0, 9), lead=st.integers(0, 3))
    def edits(self, human: int, app: Platform, of: int, lead: int) -> None:
        if not self.typed:
            return
        number = sorted(self.typed)[of % len(self.typed)]
        article = Article(f"Міст {number} відкрили", f"Рух відновили {lead} січня.")
        if self.acts(human, app, lambda desk: writing.edit(desk, number, article)) is not None:
            self.typed[number].add(human)
            self.approved.pop(number, None)
            self.acts(human, app, lambda desk: review.submit(desk, number))

    @rule(human=humans, app=apps, of=st.integers(0, 9))
    def approves(self, human: int, app: Platform, of: int) -> None:
        if not self.typed:
            return
        number = sorted(self.typed)[of % len(self.typed)]
        binding = self.run(self.house.situation(number)).readiness.binding
        if self.acts(human, app, lambda desk: review.approve(desk, number, binding)) is not None:
            BOOKS["approved"] += 1
            assert human not in self.typed[number], f"human {human} approved what they typed: #{number}"
            self.approved.setdefault(number, set()).add(human)

    @rule(author=humans, app=apps, reader=humans, other_app=apps, parted=st.booleans())
    def lets_out(self, author: int, app: Platform, reader: int, other_app: Platform, parted: bool) -> None:
        """The whole way of an article; `parted`: its author's address is taken from them in the middle of it."""
        self.writes(author, app)
        if parted:
            self.unlinks(author, app, author, app)
        self.approves(reader, other_app, len(self.typed) - 1)
        self.publishes(reader, other_app, len(self.typed) - 1)

    @rule(human=humans, app=apps, trusts=st.just(True))
    def links_both(self, human: int, app: Platform, trusts: bool) -> None:
        """Both phones become one person, if the first is somebody's of the desk."""
        self.makes_a_link_code(human, app)
        other = Platform.VIBER if app is Platform.TELEGRAM else Platform.TELEGRAM
        self.types_a_link_code(human, other, 0, trusts)

    @rule(human=humans, app=apps, of=st.integers(0, 9))
    def publishes(self, human: int, app: Platform, of: int) -> None:
        if not self.typed:
            return
        number = sorted(self.typed)[of % len(self.typed)]
        self.acts(human, app, lambda desk: publishing.publish(desk, number))
        if self.run(self.house.entry(number)).state is EntryState.PUBLISHED:
            BOOKS["published"] += 1
            assert self.approved.get(number, set()) - self.typed[number], f"#{number} went out with its authors alone"

    def teardown(self) -> None:
        if hasattr(self, "house"):
            self.run(self._open.__aexit__(None, None, None))
        self.loop.close()
        self.folder.cleanup()


def test_the_human_who_typed_is_never_the_human_who_approved() -> None:
    found = settings(
        max_examples=EXAMPLES,
        stateful_step_count=30,
        deadline=None,
        derandomize=EXAMPLES < 1000,
        database=None,
        suppress_health_check=[*HealthCheck],
    )
    run_state_machine_as_test(Histories, settings=found)

    assert BOOKS["approved"] and BOOKS["published"], BOOKS
