"""A change that comes while something still runs: nobody keeps an old version unsaid, gets two, or is left without."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.domain import Address, Platform
from bot.domain.change import Change, ChangeKind, Tell
from bot.domain.entry import ReaderState
from bot.domain.ledger import Dispatch, DispatchKind, DispatchState, Outcome, Page, Position
from bot.storage import Queries, Store, open_store
from tests.helpers.crowd import DESK, an_article

NOW = datetime(2026, 11, 24, 11, tzinfo=UTC)
SIZE = 64
READERS = 400
EDITS = frozenset({Platform.TELEGRAM})


@dataclass
class Phone:
    """One reader's phone: the versions that came as messages, the one that stands now, and the notices beside it."""

    posts: list[int] = field(default_factory=list)
    shows: int = 0
    told: list[int] = field(default_factory=list)


@dataclass
class Play:
    """A newsroom's store, and a courier that is played with: what it asks for may be answered late, or never."""

    store: Store
    dice: random.Random
    platform: Platform = Platform.TELEGRAM
    now: datetime = NOW
    phones: dict[int, Phone] = field(default_factory=dict)
    gone: set[int] = field(default_factory=set)
    #: Readers whose post, or the word beside it, is in doubt.
    doubted: set[int] = field(default_factory=set)
    untold: set[int] = field(default_factory=set)
    #: Requests on the wire: the page as it was reserved, and its positions.
    flying: list[tuple[Dispatch, int, list[int]]] = field(default_factory=list)
    latest: int = 1

    async def publish(self) -> None:
        async def work(tx: Queries) -> None:
            for number in range(READERS):
                await tx.set_reader(Address(self.platform, str(number)), ReaderState.ACTIVE, "uk", NOW)
            entry = await tx.entry(await tx.add_article(an_article(), DESK, NOW))
            assert entry is not None
            await tx.add_dispatches(entry, (), {self.platform: SIZE}, NOW, silent=False)

        await self.store.write(work)

    async def change(self, kind: ChangeKind, tell: Tell) -> Change:
        async def work(tx: Queries) -> Change:
            entry = await tx.entry(1)
            assert entry is not None
            version = await tx.draft_version(entry, an_article(f"Версія {entry.version + 1}"), DESK, self.now)
            change = await tx.add_change(
                entry, kind, version, note="Було 15.", reason="", tell=tell, author="person:1", now=self.now
            )
            await tx.let_change_out(change, "corrected", self.now, edits=EDITS, silent=False)
            return change

        change = await self.store.write(work)
        self.latest = change.to_version
        return change

    async def step(self) -> bool:
        """Reserve a window of a page, answer what is on the wire, or let a change take over. False: nothing is left."""
        self.now += timedelta(seconds=1)
        choices = []
        if await self.store.read.is_handing_over():
            choices.append(self._hand_over)
        if self.flying:
            choices.append(self._answer)
        pages = await self.store.read.next_pages(self.platform, self.now, 8)
        busy = {(dispatch.id, number) for dispatch, number, _ in self.flying}
        if free := [key for key in pages if key not in busy]:
            key = self.dice.choice(free)
            choices.append(lambda: self._reserve(*key))
        if not choices:
            return False
        await self.dice.choice(choices)()
        return True

    async def finish(self) -> None:
        for _ in range(20_000):
            if not await self.step():
                if await self.store.read.next_attempt(self.platform, self.now) is None:
                    return
                self.now += timedelta(seconds=11)
        raise AssertionError("it does not end")

    async def kill(self) -> None:
        """Leave posts that are on the wire in doubt, and send edits that are on the wire again."""
        for dispatch, number, positions in self.flying:
            for position in positions:
                if self.dice.random() < 0.5:
                    await self._arrives(dispatch, number, position)
        flying, self.flying = self.flying, []

        async def work(tx: Queries) -> None:
            for dispatch, number, positions in flying:
                page = await tx.page(dispatch.id, number)
                if dispatch.kind is DispatchKind.EDIT:
                    await tx.save_page(page.release(positions), self.now)
                else:
                    await self._doubt(tx, dispatch, page, positions)

        await self.store.write(work)

    async def _hand_over(self) -> None:
        await self.store.write(lambda tx: tx.hand_over(self.now, 2))

    async def _reserve(self, dispatch_id: int, number: int) -> None:
        async def work(tx: Queries) -> None:
            dispatch, page = await tx.dispatch(dispatch_id), await tx.page(dispatch_id, number)
            assert dispatch is not None
            untouched = page.positions(Position.UNTOUCHED)
            if untouched and await tx.is_running(dispatch_id):
                window = self.dice.sample(untouched, min(len(untouched), self.dice.randint(1, 24)))
                await tx.save_page(page.reserve(window), self.now)
                self.flying.append((dispatch, number, window))

        await self.store.write(work)

    async def _answer(self) -> None:
        dispatch, number, positions = self.flying.pop(self.dice.randrange(len(self.flying)))
        answers = {p: self.dice.choices(("ok", "gone", "doubt", "wait"), (96, 1, 2, 1))[0] for p in positions}

        async def work(tx: Queries) -> None:
            page = await tx.page(dispatch.id, number)
            arrived = [p for p, answer in answers.items() if answer == "ok" and page.low + p not in self.gone]
            for position in arrived:
                await self._arrives(dispatch, number, position, page)
            keeps = dispatch.kind is DispatchKind.POST
            page = page.delivered({p: 1000 + p if keeps else 0 for p in arrived})
            lost = [p for p, answer in answers.items() if answer in ("ok", "gone") and p not in arrived]
            self.gone |= {page.low + p for p in lost}
            page = page.excepted(lost)
            await tx.add_exceptions(dispatch.id, {page.low + p: (Outcome.GONE, "") for p in lost}, self.now)
            page = page.release(p for p, answer in answers.items() if answer == "wait")
            unsure = [p for p, answer in answers.items() if answer == "doubt"]
            if dispatch.kind is DispatchKind.EDIT:
                page, unsure = page.release(unsure), []
            await self._doubt(tx, dispatch, page, unsure)

        await self.store.write(work)

    async def _doubt(self, tx: Queries, dispatch: Dispatch, page: Page, positions: list[int]) -> None:
        await tx.add_exceptions(dispatch.id, {page.low + p: (Outcome.IN_DOUBT, "") for p in positions}, self.now)
        page = page.excepted(positions)
        unsure = self.doubted if dispatch.kind is DispatchKind.POST else self.untold
        unsure |= {page.low + p for p in positions}
        await tx.save_page(page, self.now)
        if page.is_finished:
            await tx.finish_if_done(dispatch.id, self.now)

    async def _arrives(self, dispatch: Dispatch, number: int, position: int, page: Page | None = None) -> None:
        reader = (page or await self.store.read.page(dispatch.id, number)).low + position
        phone = self.phones.setdefault(reader, Phone())
        match dispatch.kind:
            case DispatchKind.POST:
                phone.posts.append(dispatch.version)
                phone.shows = dispatch.version
            case DispatchKind.EDIT:
                assert dispatch.version >= phone.shows, "an older text came after a newer one"
                phone.shows = dispatch.version
            case DispatchKind.NOTICE:
                phone.told.append(dispatch.version)


@asynccontextmanager
async def a_play(folder: Path, seed: int, platform: Platform = Platform.TELEGRAM) -> AsyncIterator[Play]:
    store = await open_store(folder / f"{seed}.db")
    try:
        play = Play(store, random.Random(seed), platform)
        await play.publish()
        yield play
    finally:
        await store.close()


async def audiences(play: Play) -> dict[str, int]:
    """Return the readers of all posts by their outcome, after each dispatch's sum was compared with its audience."""
    read, sums = play.store.read, Counter[str]()
    rows = await read.all("SELECT id FROM dispatch ORDER BY id")
    for (number,) in rows:
        dispatch = await read.dispatch(number)
        assert dispatch is not None
        tally = await read.tally(dispatch)
        states = Counter[Position]()
        for (page,) in await read.all("SELECT number FROM page WHERE dispatch_id = :id", {"id": number}):
            leaf = await read.page(number, page)
            states.update({state: leaf.count(state) for state in Position})
        assert sum(states.values()) == tally.audience
        assert states[Position.UNTOUCHED] + states[Position.RESERVED] == tally.waiting
        assert states[Position.DELIVERED] == tally.delivered
        if dispatch.kind is DispatchKind.POST:
            sums.update(delivered=tally.delivered, waiting=tally.waiting, gone=tally.gone, in_doubt=tally.in_doubt)
    return dict(sums)


@pytest.mark.parametrize("platform", list(Platform))
@pytest.mark.parametrize("seed", range(6))
async def test_corrections_amid_a_broadcast_leave_nobody_wrong_twice_or_without(
    tmp_path: Path, seed: int, platform: Platform
) -> None:
    async with a_play(tmp_path, seed, platform) as play:
        for _ in range(3):
            for _ in range(play.dice.randrange(40)):
                await play.step()
            await play.change(ChangeKind.CORRECTION, Tell.HOLDERS)
            for _ in range(play.dice.randrange(25)):
                await play.step()
            await play.kill()
        await play.finish()

        sums = await audiences(play)
        held = await play.store.read.holdings(1)
        open_ = await play.store.read.all("SELECT id, kind, state FROM dispatch WHERE state = 'running'")
        done = await play.store.write(lambda tx: tx.finish_changes(1, play.now))
        kept = await play.store.read.all(
            "SELECT DISTINCT d.version FROM page JOIN dispatch AS d ON d.id = dispatch_id WHERE d.kind = 'edit'"
        )
        assert await play.store.read.holdings(1) == held
        await audiences(play)
    reached = {reader: phone for reader, phone in play.phones.items() if reader not in play.gone}
    wrong = [r for r, phone in reached.items() if phone.posts and phone.shows < 4 and 4 not in phone.told]
    without = [r for r in range(1, READERS + 1) if r not in reached and r not in play.gone | play.doubted]

    assert [tuple(row) for row in open_] == []
    assert [change.number for change in done] == [3]
    assert [r for r in wrong if r not in play.untold] == []
    assert [r for r, phone in reached.items() if len(phone.posts) > 1] == []
    assert without == []
    assert sum(sums.values()) == READERS
    assert sums["waiting"] == 0
    assert [row[0] for row in kept] in ([], [4])
    left = sums["delivered"] - sum(each.readers for each in held if each.is_sure)
    assert 0 <= left <= len(play.gone)
    assert sum(each.readers for each in held if not each.is_sure) == sums["in_doubt"]
    told = sum(each.readers for each in held if each.is_told)
    assert 0 < told <= sum(bool(phone.told) for phone in play.phones.values())


@pytest.mark.parametrize("seed", range(3))
async def test_a_retraction_goes_to_holders_alone_and_a_restoration_to_everybody(tmp_path: Path, seed: int) -> None:
    async with a_play(tmp_path, seed) as play:
        for _ in range(20):
            await play.step()
        await play.change(ChangeKind.RETRACTION, Tell.HOLDERS)
        await play.finish()
        had = {reader for reader, phone in play.phones.items() if phone.posts}
        sums = await audiences(play)
        assert sum(sums.values()) == READERS
        assert 0 < sums["waiting"] < READERS
        assert all(phone.shows in (0, 2) or reader in play.gone for reader, phone in play.phones.items())
        assert {post.state for post in await play.store.read.dispatches(1)} == {DispatchState.STOPPED}

        await play.change(ChangeKind.RESTORATION, Tell.HOLDERS)
        await play.finish()
        sums = await audiences(play)

    assert sum(sums.values()) == READERS
    assert sums["waiting"] == 0
    new = [phone for reader, phone in play.phones.items() if reader not in had and phone.posts]
    assert new
    assert all(phone.posts == [3] for phone in new)


async def test_a_misprint_leaves_the_words_on_an_earlier_error_to_go_on(tmp_path: Path) -> None:
    async with a_play(tmp_path, 7) as play:
        for _ in range(30):
            await play.step()
        await play.change(ChangeKind.CORRECTION, Tell.HOLDERS)
        for _ in range(10):
            await play.step()
        await play.change(ChangeKind.TYPO, Tell.NOBODY)
        await play.finish()

    first = [p for r, p in play.phones.items() if p.posts == [1] and r not in play.gone | play.doubted | play.untold]
    later = [p for r, p in play.phones.items() if p.posts and p.posts[0] > 1 and r not in play.gone | play.doubted]
    assert first
    assert all(phone.shows == 3 and phone.told == [2] for phone in first)
    assert all(phone.told == [] for phone in later)


async def test_what_was_stopped_goes_on_with_the_newest_version(
    tmp_path: Path,
) -> None:
    async with a_play(tmp_path, 11) as play:
        for _ in range(40):
            await play.step()
        await play.store.write(lambda tx: tx.stop_article(1, "visnyk:undone", play.now))
        await play.kill()
        await play.change(ChangeKind.CORRECTION, Tell.HOLDERS)
        await play.finish()
        old, new = await play.store.read.dispatches(1)
        assert (old.state, new.state, new.reason) == (DispatchState.DONE, DispatchState.STOPPED, "visnyk:undone")
        assert all(max(phone.posts, default=0) < 2 for phone in play.phones.values())
        doubted = set(play.doubted)
        assert doubted

        async def send_again(tx: Queries) -> None:
            for dispatch in (old, new):
                await tx.reopen(dispatch, (Outcome.IN_DOUBT,), play.now)
                await tx.settle(dispatch.id, DispatchState.RUNNING, play.now)

        await play.store.write(send_again)
        play.doubted.clear()
        await play.finish()
        sums = await audiences(play)

    assert sum(sums.values()) == READERS
    assert sums["waiting"] == 0
    posts = [phone.posts for reader, phone in play.phones.items() if reader not in doubted | play.doubted]
    assert all(len(each) <= 1 for each in posts)
    assert {2} == {play.phones[reader].posts[-1] for reader in doubted - play.gone - play.doubted}
