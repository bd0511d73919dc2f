"""Windows between two people lie between their words, whenever those are read."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import Address, ChatKind, Incoming, Left, Platform, Returned, Run, Said, Sender
from bot.domain.buttons import PRESSES, ButtonPress
from bot.domain.entry import ReaderState
from bot.domain.people import Actor, Role
from bot.domain.review import Verdict
from bot.domain.saying import AT_ONCE, CLOCKS_DIFFER, Saying, saying_of
from bot.errors import NotAllowed, Refused
from bot.newsroom import publishing, review, timing, writing
from bot.newsroom.desk import Desk
from bot.newsroom.team import ANSWERED, LINKING, Team, digest_of
from bot.storage import Queries
from tests.conftest import Scene
from tests.helpers.indoors import BRIDGE, House, a_house

NOW = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
SPANS = st.integers(-120, 7200).map(lambda seconds: timedelta(seconds=seconds))
VIBER = Address(Platform.VIBER, "another-phone-of-hers==")


@given(dated=st.none() | SPANS, arrived=SPANS, unheard=st.none() | SPANS)
def test_it_was_said_between_two_instants_that_are_not_ahead_of_us(
    dated: timedelta | None, arrived: timedelta, unheard: timedelta | None
) -> None:
    saying = saying_of(
        None if dated is None else NOW - dated,
        arrived=NOW - arrived,
        now=NOW,
        unheard_since=None if unheard is None else NOW - unheard,
    )

    if saying is None:
        assert arrived < AT_ONCE or (dated is not None and dated < AT_ONCE)
        return
    assert saying.earliest <= saying.latest <= min(NOW, NOW - arrived)
    if dated is not None:
        assert saying.earliest == saying.latest, "its platform tells when"
        assert abs(saying.latest - min(NOW - dated, NOW - arrived, NOW)) < CLOCKS_DIFFER


@pytest.mark.parametrize(
    ("dated", "arrived", "earliest", "latest"),
    [
        (600, 0, 600, 600),  # a platform kept it
        (600, 300, 600, 600),
        (303, 300, 300, 300),  # clocks that differ a little say nothing
        (-3600, 300, 300, 300),  # a clock that is ahead
        (None, 300, 900, 300),  # a press without a date, after a start
        (0, 0, None, None),
    ],
)
def test_when_it_was_said_in_seconds_before_now(
    dated: int | None, arrived: int, earliest: int | None, latest: int | None
) -> None:
    def ago(seconds: int) -> datetime:
        return NOW - timedelta(seconds=seconds)

    found = saying_of(None if dated is None else ago(dated), arrived=ago(arrived), now=NOW, unheard_since=ago(900))

    assert found == (None if earliest is None or latest is None else Saying(ago(earliest), ago(latest)))


def test_a_button_is_pressed_after_it_was_shown() -> None:
    shown = NOW - timedelta(minutes=1)
    unknown = Saying(NOW - timedelta(hours=1), NOW)

    assert unknown.after(shown) == Saying(shown, NOW)
    assert Saying(shown, shown).after(NOW) == Saying(NOW, NOW), "a clock that is behind"


def test_buttons_that_stop_something_are_known() -> None:
    """They count if they may have been pressed in time; all others must have been."""
    stops = {kind.code for kind in PRESSES.values() if issubclass(kind, ButtonPress) and kind.stops}

    assert stops == {
        *("undo", "cancel", "stop_sending", "ask_changes", "reject", "discard_change", "send_back_change"),
        *("refuse_link", "keep_rules", "revoke_key", "block_tips"),
    }


# One reader, whose words come in another order than they were said

Event = Said | Left | Returned
START, STOP = Said((Run("/start"),)), Said((Run("/stop"),))


@pytest.mark.parametrize(
    ("words", "becomes"),
    [
        ([(5, STOP), (9, START)], ReaderState.MUTED),
        ([(5, Left()), (9, START)], ReaderState.LEFT),
        ([(5, Left()), (9, Returned())], ReaderState.LEFT),
        ([(5, Left()), (9, Said((Run("Good day"),)))], ReaderState.LEFT),
        ([(7, Left()), (5, Returned()), (6, Left())], ReaderState.ACTIVE),
        ([(9, Left()), (5, START)], ReaderState.ACTIVE),
        ([(9, STOP), (5, START)], ReaderState.ACTIVE),
        ([(5, START), (9, STOP)], ReaderState.MUTED),  # what stops is done
    ],
)
async def test_a_reader_is_what_they_said_last(
    scene: Scene, words: list[tuple[int, Event]], becomes: ReaderState
) -> None:
    """Viber repeats for an hour what it could not hand over. Each word with the minutes since it was said."""
    chat, app = Address(Platform.VIBER, "YW5vdGhlci1yZWFkZXItMQ=="), scene.app
    now = scene.clock()
    await app.store.write(lambda tx: tx.set_reader(chat, ReaderState.ACTIVE, "uk", now - timedelta(days=1)))
    for minutes, event in words:
        said = Incoming(Sender(chat), chat, ChatKind.PRIVATE, event, now - timedelta(minutes=minutes))
        await app.store.write(lambda tx, said=said: app.commands.handle(tx, said, now))  # type: ignore[misc]

    assert await app.store.read.reader_state(chat) is becomes


# Between two people, without the platforms


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with a_house(tmp_path, undo="30 s") as running:
        yield running


def ago(desk: Desk, earliest: timedelta, latest: timedelta | None = None) -> Desk:
    """What is done now was said so long ago."""
    return replace(desk, saying=Saying(desk.now - earliest, desk.now - (earliest if latest is None else latest)))


MINUTE = timedelta(minutes=1)
TEAM = Team((), timedelta(hours=24), lambda _code: {})


async def typed(house: House, *, read_late: timedelta = timedelta(0)) -> str:
    """Taras has a code, and somebody types it on Viber; its digest."""

    async def makes(tx: Queries) -> str:
        return await TEAM.link_code(await house.desk(tx, "taras"))

    code = await house.tx(makes)
    house.clock.at += read_late

    async def types(tx: Queries) -> None:
        desk = replace(await house.desk(tx, "taras"), by=Actor(VIBER))
        await TEAM.ask_link(ago(desk, read_late) if read_late else desk, code, Sender(VIBER, "Taras"))

    await house.tx(types)
    return digest_of(code)


@pytest.mark.parametrize(
    ("read", "pressed", "counts"),
    [
        (2 * MINUTE, 6 * MINUTE, True),  # pressed 4 minutes after the code was typed, read after 8
        (6 * MINUTE, 1 * MINUTE, False),
        (4 * MINUTE, 1 * MINUTE, True),
    ],
)
async def test_it_is_me_is_said_within_five_minutes_of_the_code(
    house: House, read: timedelta, pressed: timedelta, counts: bool
) -> None:
    """`read`: from the code to the press; `pressed`: from the press to its reading."""
    digest = await typed(house)
    house.clock.at += read + pressed

    async def presses(tx: Queries) -> None:
        await TEAM.confirm_link(ago(await house.desk(tx, "taras"), pressed), digest)

    if counts:
        await house.tx(presses)
        assert await house.store.read.person_at(VIBER)
    else:
        with pytest.raises(Refused, match="has expired"):
            await house.tx(presses)


async def test_of_a_press_without_a_date_the_latest_instant_counts(house: House) -> None:
    digest = await typed(house)
    house.clock.at += timedelta(minutes=6)

    async def presses(tx: Queries) -> None:
        await TEAM.confirm_link(ago(await house.desk(tx, "taras"), timedelta(minutes=5), timedelta(0)), digest)

    with pytest.raises(Refused, match="has expired"):
        await house.tx(presses)


async def test_it_is_not_me_counts_if_it_may_have_been_in_time(house: House) -> None:
    digest = await typed(house)
    house.clock.at += timedelta(minutes=6)

    async def presses(tx: Queries) -> None:
        await TEAM.refuse_link(ago(await house.desk(tx, "taras"), timedelta(minutes=5), timedelta(0)), digest)

    await house.tx(presses)


async def test_the_five_minutes_begin_when_the_code_was_typed_not_when_it_was_read(house: House) -> None:
    digest = await typed(house, read_late=3 * MINUTE)
    house.clock.at += 3 * MINUTE

    async def presses(tx: Queries) -> None:
        await TEAM.confirm_link(await house.desk(tx, "taras"), digest)

    with pytest.raises(Refused, match="has expired"):
        await house.tx(presses)


@pytest.mark.parametrize(("late", "counts"), [(ANSWERED - MINUTE, True), (ANSWERED + MINUTE, False)])
async def test_a_code_that_is_read_when_its_maker_can_no_longer_answer_has_expired(
    house: House, late: timedelta, counts: bool
) -> None:
    if counts:
        await typed(house, read_late=late)
    else:
        with pytest.raises(NotAllowed, match="has expired"):
            await typed(house, read_late=late)


async def test_a_code_is_good_as_long_as_it_was_typed_in_time(house: House) -> None:
    async def makes(tx: Queries) -> str:
        return await TEAM.link_code(await house.desk(tx, "taras"))

    code = await house.tx(makes)
    house.clock.at += LINKING + MINUTE

    async def types(tx: Queries, late: timedelta) -> None:
        desk = replace(await house.desk(tx, "taras"), by=Actor(VIBER))
        await TEAM.ask_link(ago(desk, late), code, Sender(VIBER, "Taras"))

    with pytest.raises(NotAllowed, match="has expired"):
        await house.tx(lambda tx: types(tx, MINUTE / 2))
    await house.tx(lambda tx: types(tx, 2 * MINUTE))


@pytest.mark.parametrize(("said", "counts"), [(2 * MINUTE, False), (MINUTE / 2, True)])
async def test_who_waits_approves_nothing_that_they_said_while_they_waited(
    house: House, said: timedelta, counts: bool
) -> None:
    now = house.clock()
    taras = await house.person("taras")
    await house.tx(lambda tx: tx.set_role(taras.id, Role.EDITOR, now + timedelta(hours=1)))
    entry = await house.writes("olena")
    asked = (await house.do(review.submit, "olena", entry.id)).readiness.binding
    house.clock.at = now + timedelta(hours=1) + MINUTE

    async def approves(tx: Queries) -> None:
        await review.approve(ago(await house.desk(tx, "taras"), said), entry.id, asked)

    if counts:
        await house.tx(approves)
    else:
        with pytest.raises(NotAllowed, match="You are new here"):
            await house.tx(approves)


async def test_a_yes_does_not_count_after_a_no_that_was_heard_before_it(house: House) -> None:
    """The same text is put to the desk once more, so that the button is bound to what is asked."""
    entry = await house.writes("olena")
    seen = (await house.do(review.submit, "olena", entry.id)).readiness.binding
    said = house.clock()
    house.clock.at += MINUTE
    await house.do(review.decide, "iryna", entry.id, seen, Verdict.CHANGES, "Who says so?")
    again = (await house.do(review.submit, "olena", entry.id)).readiness.binding
    house.clock.at += MINUTE

    async def approves(tx: Queries) -> None:
        await review.approve(replace(await house.desk(tx, "taras"), saying=Saying(said, said)), entry.id, again)

    assert again == seen
    with pytest.raises(Refused, match="before #1 was changed or stopped"):
        await house.tx(approves)


@pytest.mark.parametrize("what", ["edited", "undone", "timed"])
async def test_what_would_send_is_not_done_after_another_stopped_or_changed_it(house: House, what: str) -> None:
    entry = await house.writes("olena")
    seen = (await house.do(review.submit, "olena", entry.id)).readiness.binding
    await house.do(review.approve, "taras", entry.id, seen)
    said = house.clock()
    house.clock.at += MINUTE
    if what == "edited":
        situation = await house.situation(entry.id)
        changed = replace(BRIDGE, lead="Another lead.")
        await house.do(writing.rewrite, "olena", situation, changed)
        seen = (await house.do(review.submit, "olena", entry.id)).readiness.binding
        await house.do(review.approve, "taras", entry.id, seen)
    elif what == "undone":
        await house.do(publishing.publish, "taras", entry.id)
        await house.do(publishing.undo, "taras", entry.id)
    else:
        await house.do(timing.schedule, "taras", entry.id, house.clock() + timedelta(hours=3))
    house.clock.at += MINUTE

    async def publishes(tx: Queries, when: datetime) -> None:
        await publishing.publish(replace(await house.desk(tx, "iryna"), saying=Saying(when, when)), entry.id)

    with pytest.raises(Refused, match="before #1 was changed or stopped"):
        await house.tx(lambda tx: publishes(tx, said))
