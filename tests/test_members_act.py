"""Members act, addresses only speak: what somebody wrote stays theirs, whoever has their address later."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pytest

from bot.domain import Address, Platform
from bot.domain.people import People, Person, Role, Writer
from bot.errors import Refused
from bot.newsroom import publishing, review
from bot.newsroom.readiness import read
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
        assert not situation.readiness.publisher_may


def test_people_who_ever_shared_an_address_are_one() -> None:
    now = Clock()()
    a, b, c = (Address(Platform.TELEGRAM, each) for each in "abc")
    people = People([_person(1, a, now), _person(2, b, now), _person(3, c, now)], [(b, 1)])

    assert people.who_are([Writer(a)]) == people.who_are([Writer(c, 2)]) - {3} == {1, 2}
    assert people.who_are([Writer(Address(Platform.VIBER, "x"))]) == set()
    assert people.who_are([Writer(Address(Platform.VIBER, "x"), 9)]) == {9}


def _person(number: int, at: Address, now: datetime) -> Person:
    return Person(number, "", Role.EDITOR, (at,), now)
