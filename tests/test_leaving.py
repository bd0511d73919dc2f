"""Articles on their way: what they left on is looked at again with each post and page, and else stops the rest."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain import Address, Platform
from bot.domain.entry import ReaderState
from bot.domain.ledger import Cause, DispatchState
from bot.domain.news import StoppedOnItsWay
from bot.domain.people import Role
from bot.domain.saying import Saying
from bot.errors import NotAllowed, Refused
from bot.newsroom import leaving, publishing, review
from bot.newsroom.resend import missing, resend
from bot.storage import Queries
from tests.helpers.indoors import House, a_house


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with a_house(tmp_path, undo="30 s") as running:
        yield running


async def approved(house: House) -> int:
    """Olena wrote it, Taras approved it."""
    entry = await house.writes("olena")
    seen = (await house.do(review.submit, "olena", entry.id)).readiness.binding
    await house.do(review.approve, "taras", entry.id, seen)
    return entry.id


async def leaves(house: House) -> int:
    """Iryna published it, and the time for an undo is over."""
    number = await approved(house)
    await house.do(publishing.publish, "iryna", number)
    house.clock.at += timedelta(seconds=31)
    assert await house.tx(lambda tx: publishing.publish_due(replace(house.looking, tx=tx))) == 1
    return number


async def looks(house: House, number: int) -> bool:
    return await house.tx(lambda tx: leaving.look(replace(house.looking, tx=tx, now=house.clock()), number))


async def states(house: House, number: int) -> set[str]:
    return {f"{each.state} {each.reason}".strip() for each in await house.store.read.dispatches(number)}


async def loses(house: House, name: str, what: str) -> None:
    person = await house.person(name)
    if what == "removed":
        await house.tx(lambda tx: tx.remove_person(person, house.clock()))
    else:
        await house.tx(lambda tx: tx.set_role(person.id, Role.REPORTER, None))


async def test_while_what_it_left_on_holds_it_goes_further(house: House) -> None:
    number = await leaves(house)

    assert await looks(house, number)
    await loses(house, "iryna", "removed")
    assert await looks(house, number), "somebody else answers for it"
    assert all(state in {"ready", "running", "done"} for state in await states(house, number))


@pytest.mark.parametrize("what", ["removed", "a reporter"])
async def test_without_those_who_approved_it_the_rest_stays(house: House, what: str) -> None:
    number = await leaves(house)
    await loses(house, "taras", what)

    assert not await looks(house, number)
    assert f"stopped {Cause.UNAPPROVED}" in await states(house, number)
    (told,) = await house.told(StoppedOnItsWay)
    assert (told.article, told.cause) == (number, Cause.UNAPPROVED)
    assert (await house.acts())[-1] == "article.stopped"


async def test_the_rest_goes_on_by_the_word_of_somebody_who_may_approve_it(house: House) -> None:
    number = await leaves(house)
    await loses(house, "taras", "removed")
    await looks(house, number)
    (told,) = await house.told(StoppedOnItsWay)

    with pytest.raises((Refused, NotAllowed), match="author"):
        await house.do(leaving.go_on, "olena", number, told.dispatches)
    assert await house.do(leaving.go_on, "iryna", number, told.dispatches) == 0
    assert await looks(house, number)
    assert not any(state.startswith("stopped") for state in await states(house, number))


async def test_a_post_that_was_stopped_is_repeated_on_somebodys_word(house: House) -> None:
    number = await leaves(house)
    post, *_ = await house.store.read.dispatches(number)
    await loses(house, "taras", "removed")
    await looks(house, number)
    await house.tx(lambda tx: tx.settle(post.id, DispatchState.IN_DOUBT, house.clock()))

    with pytest.raises((Refused, NotAllowed), match="author"):
        await house.do(leaving.post_again, "olena", post.id)
    assert await house.do(leaving.post_again, "iryna", post.id) == (number, 0)
    assert await looks(house, number)


async def test_an_article_that_was_stopped_is_resent_on_somebodys_word(house: House) -> None:
    reader = Address(Platform.TELEGRAM, "77")
    await house.tx(lambda tx: tx.set_reader(reader, ReaderState.ACTIVE, "uk", house.clock()))
    number = await leaves(house)
    await loses(house, "taras", "removed")
    await looks(house, number)
    seen = await missing(house.looking, number)

    with pytest.raises((Refused, NotAllowed), match="author"):
        await house.do(resend, "olena", number, seen, doubtful=False)
    await house.do(resend, "iryna", number, seen, doubtful=False)
    assert await looks(house, number)


async def test_where_two_must_approve_two_must_let_it_go_on(tmp_path: Path) -> None:
    desk = dict.fromkeys(("olena", "taras", "iryna", "bohdan", "vira"), (Role.EDITOR, None))
    desk["olena"] = (Role.OWNER, None)
    async with a_house(tmp_path, approvals=2, undo="0 s", desk=desk) as house:
        entry = await house.writes("olena")
        seen = (await house.do(review.submit, "olena", entry.id)).readiness.binding
        for name in ("taras", "iryna"):
            await house.do(review.approve, name, entry.id, seen)
        await house.do(publishing.publish, "bohdan", entry.id)
        for name in ("taras", "iryna"):
            await loses(house, name, "removed")
        await looks(house, entry.id)
        (told,) = await house.told(StoppedOnItsWay)

        assert await house.do(leaving.go_on, "bohdan", entry.id, told.dispatches) == 1
        assert any(state.startswith("stopped") for state in await states(house, entry.id))
        assert await house.do(leaving.go_on, "vira", entry.id, told.dispatches) == 0
        assert await looks(house, entry.id)


async def test_what_left_on_one_persons_word_stays_when_they_lose_it(tmp_path: Path) -> None:
    async with a_house(tmp_path, approvals=1, undo="0 s") as house:
        entry = await house.writes("olena")
        await house.do(review.publish_alone, "olena", entry.id)
        assert await looks(house, entry.id)
        await loses(house, "olena", "a reporter")

        assert not await looks(house, entry.id)
        assert f"stopped {Cause.UNAUTHORISED}" in await states(house, entry.id)


async def test_without_approvals_the_publishers_word_is_all_there_is(tmp_path: Path) -> None:
    async with a_house(tmp_path, approvals=0, undo="0 s") as house:
        entry = await house.writes("olena")
        await house.do(publishing.publish, "iryna", entry.id)
        await loses(house, "iryna", "removed")

        assert not await looks(house, entry.id)
        (told,) = await house.told(StoppedOnItsWay)
        assert await house.do(leaving.go_on, "olena", entry.id, told.dispatches) == 0
        assert await looks(house, entry.id)


async def test_a_dispatch_that_nobody_published_does_not_leave(house: House) -> None:
    """Somebody put a row into the database."""
    entry = await house.writes("olena")
    await house.tx(lambda tx: tx.add_dispatches(entry, [(Platform.TELEGRAM, "main")], {}, house.clock(), silent=False))

    assert not await looks(house, entry.id)
    assert await states(house, entry.id) == {f"stopped {Cause.FORGED}"}
    assert await house.store.read.ready_articles(Platform.TELEGRAM, house.clock()) == []


@pytest.mark.parametrize("state", ["ready", "running"])
async def test_a_stop_is_known_by_the_log_and_not_by_a_row(house: House, state: str) -> None:
    number, taras = await leaves(house), await house.person("taras")
    await loses(house, "taras", "removed")
    await looks(house, number)
    await house.tx(lambda tx: tx.run("UPDATE dispatch SET state = :state", {"state": state}))
    await house.tx(lambda tx: tx.run("UPDATE member SET removed_at = NULL WHERE id = :id", {"id": taras.id}))

    assert not await looks(house, number)
    assert len(await house.told(StoppedOnItsWay)) == 1, "it is told once"


# An undo that was said in time


@pytest.mark.parametrize(("seconds", "counts"), [(20, True), (30, True), (31, False), (45, False)])
async def test_an_undo_that_was_said_in_time_stops_what_has_not_left(house: House, seconds: int, counts: bool) -> None:
    number = await approved(house)
    await house.do(publishing.publish, "iryna", number)
    begun = house.clock.at
    house.clock.at += timedelta(seconds=31)
    await house.tx(lambda tx: publishing.publish_due(replace(house.looking, tx=tx)))
    house.clock.at += timedelta(seconds=20)

    async def says(tx: Queries) -> None:
        said = begun + timedelta(seconds=seconds)
        await publishing.undo(replace(await house.desk(tx, "taras"), saying=Saying(said, said)), number)

    if not counts:
        with pytest.raises(Refused, match="is being published right now"):
            await house.tx(says)
        assert await looks(house, number)
        return
    await house.tx(says)
    assert f"stopped {Cause.UNDONE}" in await states(house, number)
    assert not await looks(house, number), "also of a post that was claimed before"
    (told,) = await house.told(StoppedOnItsWay)
    assert told.by == (await house.person("taras")).title
    assert await house.do(leaving.go_on, "olena", number, told.dispatches) == 0, "the approval still holds"
    assert await looks(house, number)


async def publishes_what_is_due(house: House) -> int:
    return await house.tx(lambda tx: publishing.publish_due(replace(house.looking, tx=tx, now=house.clock())))


@pytest.mark.parametrize(("came", "waits"), [(-1, True), (1, False)])
async def test_a_countdown_does_not_end_before_what_was_said_in_it_was_heard(
    house: House, came: int, waits: bool
) -> None:
    """`came`: seconds after its end."""
    number = await approved(house)
    ends = (await house.do(publishing.publish, "iryna", number)).entry.due_at
    assert ends is not None
    said = ends + timedelta(seconds=came)
    await house.tx(lambda tx: tx.receive(Platform.TELEGRAM, "1", b"{}", said, chat="1", from_desk=True))
    house.clock.at = ends + timedelta(seconds=2)

    assert await publishes_what_is_due(house) == (not waits)
    if waits:
        entry = await house.store.read.entry(number)
        assert entry is not None and entry.not_before is not None, "it is looked at again soon"
        house.clock.at += timedelta(seconds=1)
        assert not await publishes_what_is_due(house)
        await house.tx(lambda tx: tx.done(1, house.clock()))
        house.clock.at += timedelta(seconds=1)
        assert await publishes_what_is_due(house)


async def test_a_word_that_cannot_be_heard_keeps_a_countdown_for_a_moment_only(house: House) -> None:
    number = await approved(house)
    ends = (await house.do(publishing.publish, "iryna", number)).entry.due_at
    assert ends is not None
    await house.tx(lambda tx: tx.receive(Platform.TELEGRAM, "1", b"{}", ends, chat="1", from_desk=True))
    house.clock.at = ends + publishing.HEARD_WITHIN + timedelta(seconds=1)

    assert await publishes_what_is_due(house)


async def test_an_undo_of_an_earlier_countdown_does_not_stop_a_later_publication(house: House) -> None:
    number = await approved(house)
    await house.do(publishing.publish, "iryna", number)
    said = house.clock.at + timedelta(seconds=20)
    await house.do(publishing.undo, "taras", number)
    house.clock.at += timedelta(minutes=2)
    await house.do(review.publish_alone, "olena", number)
    house.clock.at += timedelta(minutes=1)

    async def says(tx: Queries) -> None:
        await publishing.undo(replace(await house.desk(tx, "taras"), saying=Saying(said, said)), number)

    assert DispatchState.READY in {each.state for each in await house.store.read.dispatches(number)}
    await house.tx(says)  # said before it was published at all: whoever says so does not want it out
    assert not await looks(house, number)
