"""Members act, addresses only speak: what somebody wrote stays theirs, whoever has their address later."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from sqlite3 import IntegrityError

import pytest

from bot.domain import Address, Platform, Sender
from bot.domain.people import People, Person, Role, Writer
from bot.domain.risk import Rule
from bot.errors import NotAllowed, Refused
from bot.newsroom import halting, publishing, review
from bot.newsroom.desk import Desk
from bot.newsroom.gate import Gate
from bot.newsroom.readiness import read
from bot.newsroom.team import Team, digest_of
from bot.storage import Queries
from tests.conftest import Clock
from tests.helpers.acts import acting
from tests.helpers.indoors import BRIDGE, House, a_house, address

SECOND = Address(Platform.VIBER, "second")


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with a_house(tmp_path) as house:
        yield house


async def leaves(house: House, name: str) -> None:
    person = await house.person(name)
    await house.tx(lambda tx: tx.remove_person(person, house.clock()))


async def comes_back(house: House, at: Address) -> int:
    return await house.tx(
        lambda tx: tx.add_person(at, "again", Role.EDITOR, house.clock(), invited_by=None, wait_until=None)
    )


async def approves(house: House, at: Address) -> None:
    situation = await house.situation()

    async def work(tx: Queries) -> None:
        desk = await acting(house.newsroom, tx, house.clock(), at)
        await review.approve(desk, 1, situation.readiness.binding)

    await house.tx(work)


async def test_an_article_keeps_its_author_when_the_address_is_anothers(house: House) -> None:
    taras, iryna = await house.person("taras"), await house.person("iryna")
    await house.tx(lambda tx: tx.add_address(taras.id, SECOND))
    await house.tx(lambda tx: tx.add_article(BRIDGE, SECOND, house.clock()))
    await house.do(review.submit, "taras", 1)
    await house.tx(lambda tx: tx.remove_address(taras, SECOND, house.clock()))
    await house.tx(lambda tx: tx.add_address(iryna.id, SECOND))

    assert taras.id in (await house.situation()).readiness.authors
    with pytest.raises(Refused, match="someone else must approve"):
        await approves(house, address("taras"))


@pytest.mark.parametrize("at", [address("taras"), SECOND])
async def test_who_comes_back_under_an_own_address_still_wrote_it(house: House, at: Address) -> None:
    taras = await house.person("taras")
    await house.tx(lambda tx: tx.add_address(taras.id, SECOND))
    await house.writes("taras")
    await house.do(review.submit, "taras", 1)
    await leaves(house, "taras")
    await comes_back(house, at)

    with pytest.raises(Refused, match="someone else must approve"):
        await approves(house, at)


async def test_a_colleague_who_left_leaves_an_author_behind(house: House) -> None:
    taras = await house.person("taras")
    await house.writes("taras")
    await leaves(house, "taras")

    assert (await house.situation()).readiness.authors == {taras.id}


async def test_a_countdown_is_its_members_and_not_of_whoever_has_the_address(tmp_path: Path) -> None:
    async with a_house(tmp_path, approvals=0, undo="30 s") as house:
        iryna = await house.person("iryna")
        await house.writes("olena")
        await house.do(publishing.publish, "iryna", 1)
        await leaves(house, "iryna")
        await comes_back(house, address("iryna"))

        situation = await read(house.looking, 1)
        assert situation.dossier.countdown is not None and situation.dossier.countdown.publisher == iryna.id
        assert not situation.readiness.mandate.publisher_may


def test_people_who_ever_shared_an_address_are_one() -> None:
    now = Clock()()
    a, b, c = (Address(Platform.TELEGRAM, each) for each in "abc")
    people = People([_person(1, a, now), _person(2, b, now), _person(3, c, now)], [(b, 1)])

    assert people.who_are([Writer(a)]) == people.who_are([Writer(c, 2)]) - {3} == {1, 2}
    assert people.who_are([Writer(Address(Platform.VIBER, "x"))]) == set()
    assert people.who_are([Writer(Address(Platform.VIBER, "x"), 9)]) == {9}


def _person(number: int, at: Address, now: datetime) -> Person:
    return Person(number, "", Role.EDITOR, (at,), now)


# Whoever brought somebody to the desk

WITHIN = timedelta(hours=24)
TEAM = Team([], WITHIN, lambda _code: {})


async def brought(house: House, by: str, name: str, role: Role = Role.EDITOR, *, waits: bool = True) -> Person:
    inviter, now = await house.person(by), house.clock()
    wait = now + WITHIN if waits and role is not Role.REPORTER else None
    await house.tx(lambda tx: tx.add_person(address(name), name, role, now, invited_by=inviter.id, wait_until=wait))
    return await house.person(name)


async def test_an_inviter_is_no_second_pair_of_eyes_for_a_newcomer(house: House) -> None:
    puppet = await brought(house, "taras", "puppet", Role.REPORTER)
    await house.writes("puppet")
    await house.do(review.submit, "puppet", 1)

    with pytest.raises(Refused, match="You recently invited an author"):
        await approves(house, address("taras"))
    assert puppet.invited_by not in (await house.situation()).readiness.possible
    await approves(house, address("iryna"))
    assert not (await house.situation()).readiness.missing


async def test_a_newcomer_is_no_second_pair_of_eyes_for_their_inviter(house: House) -> None:
    await brought(house, "taras", "puppet", waits=False)
    await house.writes("taras")
    await house.do(review.submit, "taras", 1)

    with pytest.raises(Refused, match="You recently invited an author"):
        await approves(house, address("puppet"))
    house.clock.at += WITHIN
    await approves(house, address("puppet"))


async def test_another_owner_than_the_inviter_lets_a_newcomer_approve(house: House) -> None:
    puppet = await brought(house, "olena", "puppet")
    second = await brought(house, "olena", "second", Role.OWNER)
    # Two owners came by the same hand: there is no other.
    await house.do(TEAM.waive, "olena", puppet.id)
    await house.tx(lambda tx: tx.set_role(puppet.id, Role.EDITOR, house.clock() + WITHIN))
    ira = await house.person("iryna")
    await house.tx(lambda tx: tx.set_role(ira.id, Role.OWNER, None))

    for name in ("olena", "second"):
        with pytest.raises(Refused, match="Another owner must allow that"):
            await house.do(TEAM.waive, name, puppet.id)
    with pytest.raises(Refused, match="Another owner must allow that"):
        await house.do(TEAM.waive, "second", second.id)
    await house.do(TEAM.waive, "iryna", puppet.id)
    assert (await house.person("puppet")).may_approve(house.clock())


async def test_nobody_lets_themselves_approve_right_away(house: House) -> None:
    alone = await brought(house, "olena", "second", Role.OWNER)
    with pytest.raises(Refused, match="Another owner must allow that"):
        await house.do(TEAM.waive, "second", alone.id)


# Addresses


async def test_an_address_of_a_living_member_is_never_taken_over(house: House) -> None:
    taras, iryna = await house.person("taras"), await house.person("iryna")
    code = await house.do(TEAM.link_code, "taras")
    with pytest.raises(Refused, match="You are already on the desk"):
        await house.tx(lambda tx: _asks(house, tx, code, iryna.addresses[0]))
    with pytest.raises(IntegrityError):
        await house.tx(lambda tx: tx.add_address(taras.id, iryna.addresses[0]))

    assert (await house.person("iryna")).id == iryna.id


async def test_a_linked_address_voids_what_its_person_approved(house: House) -> None:
    await house.writes("olena")
    await house.do(review.submit, "olena", 1)
    await approves(house, address("taras"))
    await link(house, "taras")

    assert (await house.situation()).readiness.missing == 1
    with pytest.raises(Refused, match="This account was linked only recently"):
        await approves(house, SECOND)
    await approves(house, address("taras"))
    await house.do(TEAM.unlink, "taras", (await house.person("taras")).id, SECOND)
    assert (await house.situation()).readiness.missing == 1


async def test_a_new_address_parts_only_itself_and_changes_nobodys_role(house: House) -> None:
    olena = await link(house, "olena")
    newcomer = await house.person("newcomer")

    async def from_there(act: Callable[[Desk], Awaitable[object]]) -> None:
        await house.tx(lambda tx: _acts(house, tx, SECOND, act))

    for act in (
        lambda desk: TEAM.unlink(desk, olena.id, address("olena")),
        lambda desk: TEAM.set_role(desk, newcomer.id, Role.OWNER),
        lambda desk: TEAM.waive(desk, newcomer.id),
        lambda desk: TEAM.remove(desk, newcomer.id),
        lambda desk: TEAM.invite(desk, Role.EDITOR),
    ):
        with pytest.raises(NotAllowed, match="This account was linked only recently"):
            await from_there(act)
    house.clock.at += WITHIN
    await from_there(lambda desk: TEAM.invite(desk, Role.EDITOR))


async def test_the_log_keeps_the_address_beside_the_person(house: House) -> None:
    await house.writes("taras")
    [last] = await house.store.read.audit_log(1)

    taras = await house.person("taras")
    assert (last.actor, last.detail["from"]) == (f"person:{taras.id}", str(address("taras")))


async def link(house: House, name: str) -> Person:
    code = await house.do(TEAM.link_code, name)
    await house.tx(lambda tx: _asks(house, tx, code, SECOND))
    return await house.do(TEAM.confirm_link, name, digest_of(code))


async def _asks(house: House, tx: Queries, code: str, at: Address) -> None:
    await TEAM.ask_link(await acting(house.newsroom, tx, house.clock(), at), code, Sender(at, "Second"))


async def _acts(house: House, tx: Queries, at: Address, act: Callable[[Desk], Awaitable[object]]) -> None:
    await act(await acting(house.newsroom, tx, house.clock(), at))


# What the log proves


async def test_an_approval_before_the_checklist_is_none_after_it(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        await house.writes("olena")
        await house.do(review.submit, "olena", 1)
        await approves(house, address("taras"))
        assert not (await house.situation()).readiness.missing

        house.newsroom.gate = Gate([], [Rule("bridge", "мости", words=("міст",), checklist=("Двоє підтвердили",))], 1)
        assert (await house.situation()).readiness.missing == 1


async def test_a_seat_that_was_put_in_by_hand_is_a_strangers(house: House) -> None:
    async def by_hand(tx: Queries) -> None:
        await tx.run("INSERT INTO member (id, role, name, since) VALUES (99, 'owner', 'x', 1)")
        await tx.run("INSERT INTO identity (address, member_id) VALUES ('viber:second', 99)")

    await house.tx(by_hand)

    assert await house.store.read.person_at(SECOND) is None
    assert 99 not in {person.id for person in await house.store.read.team()}


async def test_a_role_that_was_written_by_hand_is_the_old_one(house: House) -> None:
    await house.tx(lambda tx: tx.run("UPDATE member SET role = 'owner'"))

    assert (await house.person("reporter")).role is Role.REPORTER


async def test_a_halt_whose_row_was_taken_away_goes_on(house: House) -> None:
    await house.do(halting.halt, "olena")
    await house.tx(lambda tx: tx.run("DELETE FROM halt"))

    assert await house.store.read.is_halted()


async def test_a_wish_to_go_on_that_nobody_said_is_none(house: House) -> None:
    await house.do(halting.halt, "olena")
    taras = await house.person("taras")
    await house.tx(lambda tx: tx.ask_resume(taras.id, house.clock()))

    assert await house.do(halting.resume, "olena") is halting.Resumed.ASKED


async def test_a_code_that_nobody_made_is_unknown(house: House) -> None:
    now = house.clock()
    await house.tx(lambda tx: tx.add_invitation(digest_of("A" * 16), Role.OWNER, None, 1, now, now + WITHIN))

    with pytest.raises(Refused, match="I don't know this code"):
        await house.tx(
            lambda tx: _acts(house, tx, SECOND, lambda desk: TEAM.accept(desk, "A" * 16, Sender(SECOND, "")))
        )


def test_whoever_was_just_invited_approves_nothing_of_the_inviters_for_a_day() -> None:
    """Also where an owner let them approve right away."""
    now, day = datetime(2026, 11, 24, 11, tzinfo=UTC), timedelta(hours=24)
    chief = _person(1, address("olena"), now - 9 * day)
    guest = replace(_person(2, address("taras"), now), invited_by=1)
    late = replace(_person(3, address("iryna"), now), may_approve_from=now + 2 * day)

    assert People([chief]).first_free({1}, now, day) is None
    assert People([chief, guest, late]).first_free({1}, now, day) == now + day
    assert People([chief, late]).first_free({1}, now, day) == now + 2 * day
    assert People([chief, guest, late]).first_free({3}, now, day) == now
