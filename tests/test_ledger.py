"""A page of readers: whatever happens in whatever order, everyone ends in one state and nobody is lost."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import Address, Platform
from bot.domain.entry import ReaderState
from bot.domain.ledger import (
    DispatchState,
    Page,
    Position,
    count_delivered,
    pack_ids,
    pack_states,
    unpack_ids,
    unpack_states,
)
from bot.storage import Queries, open_store
from tests.helpers import engine
from tests.helpers.crowd import DESK, an_article

NOW = datetime(2026, 11, 24, 11, tzinfo=UTC)
SIZE = 64
VERBS = ("reserve", "release", "delivered", "excepted")
STEPS = st.lists(st.tuples(st.sampled_from(VERBS), st.sets(st.integers(0, SIZE - 1), max_size=8)), max_size=60)
MEMBERS = st.sets(st.integers(1000, 1000 + SIZE - 1))


def act(page: Page, verb: str, positions: set[int]) -> Page:
    if verb == "delivered":
        return page.delivered({p: 500 + p for p in positions})
    return getattr(page, verb)(positions)  # type: ignore[no-any-return]


@given(MEMBERS, STEPS)
def test_whatever_happens_everyone_is_in_one_state_and_the_sum_is_the_audience(
    members: set[int], steps: list[tuple[str, set[int]]]
) -> None:
    page = Page.new(1, 0, 1000, SIZE, sum(1 << (member - 1000) for member in members))
    for verb, positions in steps:
        try:
            page = act(page, verb, positions)
        except ValueError:
            continue
        assert sum(page.count(state) for state in Position) == page.audience == len(members)
        assert set(page.ids) == set(page.positions(Position.DELIVERED))


@given(MEMBERS, STEPS)
def test_a_readers_outcome_is_final(members: set[int], steps: list[tuple[str, set[int]]]) -> None:
    page = Page.new(1, 0, 1000, SIZE, sum(1 << (member - 1000) for member in members))
    settled: dict[int, Position] = {}
    for verb, positions in steps:
        try:
            page = act(page, verb, positions)
        except ValueError:
            continue
        for state in (Position.DELIVERED, Position.EXCEPTION):
            for position in page.positions(state):
                assert settled.setdefault(position, state) == state


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("state", list(Position))
def test_every_pair_of_state_and_verb_is_allowed_or_refused(state: Position, verb: str) -> None:
    allowed = {("reserve", Position.UNTOUCHED)} | {(verb, Position.RESERVED) for verb in VERBS if verb != "reserve"}
    page = Page(1, 0, 1000, b"\x01", bytes([state]), {})

    if (verb, state) in allowed:
        assert act(page, verb, {0}).states != page.states
    else:
        with pytest.raises(ValueError, match="position 0 is"):
            act(page, verb, {0})


def test_who_was_not_counted_in_can_not_be_sent_to() -> None:
    page = Page.new(1, 0, 1000, SIZE, 0b10)

    with pytest.raises(ValueError, match="position 0"):
        page.reserve([0])
    assert page.positions(Position.UNTOUCHED) == [1]


@given(st.binary(max_size=600).map(lambda data: bytes(byte & 3 for byte in data)))
def test_readers_states_survive_packing(states: bytes) -> None:
    assert unpack_states(pack_states(states))[: len(states)] == states


@given(st.binary(max_size=600).map(lambda data: bytes(byte & 3 for byte in data)))
def test_the_delivered_are_counted_without_unpacking(states: bytes) -> None:
    assert count_delivered(pack_states(states)) == states.count(Position.DELIVERED)


@given(st.dictionaries(st.integers(0, 511), st.integers(0, 2**63 - 1), max_size=100))
def test_message_ids_survive_packing(ids: dict[int, int]) -> None:
    assert unpack_ids(pack_ids(ids), sorted(ids)) == ids


def test_a_full_page_of_neighbouring_ids_takes_at_most_three_bytes_a_reader() -> None:
    ids = {position: 7_000_000 + position for position in range(512)}

    assert len(pack_states(bytes(512))) + 64 + len(pack_ids(ids)) <= 3 * 512


@pytest.mark.parametrize(("platform", "size"), [(Platform.TELEGRAM, 512), (Platform.VIBER, 300)])
async def test_an_audience_with_gaps_is_counted_in_exactly_once(tmp_path: Path, platform: Platform, size: int) -> None:
    store = await open_store(engine.place(tmp_path / "visnyk.db"))

    async def work(tx: Queries) -> int:
        for number in range(1400):
            state = ReaderState.ACTIVE if number % 7 and not 300 <= number < 900 else ReaderState.GONE
            await tx.set_reader(Address(platform, str(number)), state, "uk", NOW)
        await tx.set_reader(Address(Platform.VIBER if platform == "telegram" else Platform.TELEGRAM, "x"),
                            ReaderState.ACTIVE, "uk", NOW)  # fmt: skip
        entry = await tx.entry(await tx.add_article(an_article(), DESK, NOW))
        assert entry is not None
        await tx.add_dispatches(entry, (), {platform: size}, NOW, silent=False)
        return (await tx.dispatches(entry.id))[-1].id

    dispatch = await store.read.dispatch(await store.write(work))
    assert dispatch is not None
    numbers = [number for number, _ in await _pages(store.read, dispatch.id)]
    pages = [await store.read.page(dispatch.id, number) for number in numbers]
    counted_in = [page.low + p for page in pages for p in page.positions(Position.UNTOUCHED)]
    rows = await store.read.all(
        "SELECT number FROM subscriber WHERE state = 'active' AND platform = :p ORDER BY number", {"p": platform}
    )
    await store.close()

    assert counted_in == [row[0] for row in rows]
    assert dispatch.audience == len(counted_in)
    assert dispatch.is_counted
    assert {len(page.states) for page in pages} == {size}


async def test_an_audience_of_nobody_is_done_at_once(tmp_path: Path) -> None:
    store = await open_store(engine.place(tmp_path / "visnyk.db"))

    async def work(tx: Queries) -> int:
        entry = await tx.entry(await tx.add_article(an_article(), DESK, NOW))
        assert entry is not None
        await tx.add_dispatches(entry, (), {Platform.VIBER: 300}, NOW, silent=False)
        return entry.id

    (dispatch,) = await store.read.dispatches(await store.write(work))
    await store.close()

    assert dispatch.state is DispatchState.DONE


async def _pages(tx: Queries, dispatch: int) -> list[tuple[int, int]]:
    rows = await tx.all("SELECT number, low FROM page WHERE dispatch_id = :d ORDER BY number", {"d": dispatch})
    return [(row[0], row[1]) for row in rows]
