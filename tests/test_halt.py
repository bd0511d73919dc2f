"""/halt by one, /resume by two."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.domain import Address, Platform, news
from bot.domain.entry import EntryState
from bot.domain.people import Role
from bot.domain.saying import Saying
from bot.errors import NotAllowed, Refused
from bot.newsroom import countdown, halting
from bot.newsroom.halting import Halted, Resumed
from bot.storage import Queries
from tests.conftest import ARTICLE, READER, VIBER_OWNER, VIBER_READER, Scene
from tests.helpers.authority import takes_over
from tests.helpers.indoors import DESK, House, a_house, address

GO_ON = "Продовжити"


async def test_nothing_leaves_while_halted_and_it_goes_on_after_two_agree(scene: Scene) -> None:
    await scene.says_on_viber("/list", "Черга")
    await scene.says(f"/queue {ARTICLE}", "чернетка")
    await scene.says("/at 1 13:10", "сьогодні о 13:10")
    await scene.says("/halt", "Усе зупинено: жодна")

    scene.advance(minutes=15)
    await scene.says("/now 1", "Усе зупинено, нічого")
    assert not scene.channel()
    await scene.until(lambda: any("Олена (1) зупиняє все" in bubble.text for bubble in scene.viber()))

    await scene.says("/resume", "має погодитися ще хтось")
    await scene.says("/resume", "Ви вже просили")
    assert not scene.channel()
    await scene.until(lambda: any("Олена (1) просить продовжити" in bubble.text for bubble in scene.viber()))
    await scene.presses_on_viber(GO_ON, "Надсилання триває")
    await scene.until(lambda: scene.channel() and scene.viber_channel())
    assert len(scene.channel()) == len(scene.viber_channel()) == 1
    await scene.presses_on_viber(GO_ON, "Ви вже натискали цю кнопку")
    await scene.until(lambda: "Нічого не зупинено." in scene.viber()[-1].text)


async def test_a_halt_survives_a_restart(scene: Scene) -> None:
    await scene.says("/halt", "Усе зупинено: жодна")
    await scene.says("/resume", "ще хтось")
    await scene.stop()
    await scene.start()

    await scene.says_on_viber("/resume", "Надсилання триває")
    await scene.says("/resume", "Нічого не зупинено.")


async def test_a_wish_to_go_on_lasts_a_quarter_of_an_hour_and_halt_takes_it_back(scene: Scene) -> None:
    await scene.says("/halt", "Усе зупинено: жодна")
    await scene.says("/resume", "ще хтось")
    scene.advance(minutes=15)
    await scene.says_on_viber("/resume", "Ви просите продовжити")
    await scene.says("/halt", "Усе й далі зупинено")
    await scene.says("/halt", "Усе вже зупинено.")

    await scene.says("/resume", "Ви просите продовжити")
    await scene.says_on_viber("/resume", "Надсилання триває")


async def test_one_person_on_two_platforms_counts_once(scene: Scene) -> None:
    """And so do two editors without an owner."""
    await scene.says("/list", "Черга")
    await seat(scene, Address(Platform.TELEGRAM, str(READER)))
    await seat(scene, Address(Platform.VIBER, VIBER_READER))
    await scene.app.store.write(lambda tx: takes_over(tx, 1, Address(Platform.VIBER, VIBER_OWNER), scene.clock()))
    await scene.says("/halt", "Усе зупинено: жодна", person=READER)

    await scene.says("/resume", "ще хтось")
    await scene.says_on_viber("/resume", "Ви вже просили")
    scene.advance(minutes=16)
    await scene.says("/resume", "ще хтось", person=READER)
    await scene.says_on_viber("/resume", "має бути власником", person=VIBER_READER)
    await scene.says_on_viber("/resume", "Надсилання триває")


async def test_who_asked_must_still_be_of_the_desk_when_the_second_agrees(scene: Scene) -> None:
    number = await seat(scene, Address(Platform.TELEGRAM, str(READER)))
    await scene.says("/halt", "Усе зупинено: жодна")
    await scene.says("/resume", "ще хтось", person=READER)
    await scene.says(f"/remove {number}", "вилучити")
    remove = next(bubble for bubble in reversed(scene.telegram()) if bubble.buttons)
    await scene.presses(remove, "Так", "більше не в редакції")

    await scene.says("/resume", "Ви просите продовжити")


async def test_an_owner_who_is_the_whole_desk_goes_on_alone(scene: Scene) -> None:
    await scene.stop()
    owners = tuple(owner for owner in scene.settings.owners if owner[0] == "telegram")
    scene.settings = scene.settings.model_copy(update={"owners": owners})
    await scene.start()
    await scene.says("/halt", "Усе зупинено: жодна")

    await scene.says("/resume", "Надсилання триває")


async def seat(scene: Scene, address: Address) -> int:
    now = scene.clock()
    return await scene.app.store.write(
        lambda tx: tx.add_person(address, "Іван", Role.EDITOR, now, invited_by=None, wait_until=None)
    )


# Every pair of people, without the platforms


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with a_house(tmp_path, undo="30 s") as running:
        yield running


async def halts(house: House, name: str) -> Halted:
    return await house.do(halting.halt, name)


async def resumes(house: House, name: str) -> Resumed:
    return await house.do(halting.resume, name)


@pytest.mark.parametrize(
    ("first", "second", "error"),
    [
        ("olena", "taras", None),
        ("taras", "olena", None),
        ("taras", "iryna", "must be an owner"),
        ("olena", "olena", "You have already asked."),
        ("taras", "taras", "You have already asked."),
    ],
)
async def test_two_people_of_whom_one_is_an_owner_end_a_halt(
    house: House, first: str, second: str, error: str | None
) -> None:
    await halts(house, "iryna")
    assert await resumes(house, first) is Resumed.ASKED
    if error is None:
        assert await resumes(house, second) is Resumed.DONE
    else:
        with pytest.raises((Refused, NotAllowed), match=error):
            await resumes(house, second)

    assert await house.store.read.is_halted() is (error is not None)
    assert (await house.acts())[-1] == ("halt.ended" if error is None else "halt.resume_asked")
    assert len(await house.told(news.Resumed)) == (error is None)


@pytest.mark.parametrize(("late", "found"), [(timedelta(milliseconds=-2), Resumed.DONE), (timedelta(0), Resumed.ASKED)])
async def test_a_wish_to_go_on_ends_with_its_quarter_of_an_hour(house: House, late: timedelta, found: Resumed) -> None:
    await halts(house, "olena")
    await resumes(house, "olena")
    house.clock.at += halting.AGREE_WITHIN + late

    assert await resumes(house, "taras") is found


@pytest.mark.parametrize(("asked", "agreed", "found"), [(40, 30, Resumed.DONE), (40, 5, Resumed.ASKED)])
async def test_the_quarter_of_an_hour_lies_between_the_words_whenever_they_are_read(
    house: House, asked: int, agreed: int, found: Resumed
) -> None:
    """`asked` and `agreed`: minutes before now at which the two said it."""
    await halts(house, "olena")
    house.clock.at += timedelta(hours=1)
    for name, minutes in (("olena", asked), ("taras", agreed)):

        async def says(tx: Queries, name: str = name, minutes: int = minutes) -> Resumed:
            desk = await house.desk(tx, name)
            said = desk.now - timedelta(minutes=minutes)
            return await halting.resume(replace(desk, saying=Saying(said, said)))

        ended = await house.tx(says)

    assert ended is found


@pytest.mark.parametrize("stopped", ["halted", "said it once more"])
async def test_a_wish_to_go_on_that_was_said_before_the_halt_does_not_end_it(house: House, stopped: str) -> None:
    """Words may be read in another order than they were said."""
    if stopped == "said it once more":
        await halts(house, "taras")
    before = house.clock()
    house.clock.at += timedelta(minutes=1)
    await halts(house, "olena")

    async def says(tx: Queries, name: str, said: datetime) -> Resumed:
        return await halting.resume(replace(await house.desk(tx, name), saying=Saying(said, said)))

    for name in ("olena", "taras"):
        with pytest.raises(Refused, match="before everything was halted"):
            await house.tx(lambda tx, name=name: says(tx, name, before))  # type: ignore[misc]
    await house.tx(lambda tx: says(tx, "olena", house.clock()))
    with pytest.raises(Refused, match="before everything was halted"):
        await house.tx(lambda tx: says(tx, "taras", before))

    assert await house.store.read.is_halted()


async def test_a_halt_ends_also_when_the_clock_was_set_back_since(house: House) -> None:
    await halts(house, "iryna")
    house.clock.at -= timedelta(hours=1)
    await resumes(house, "olena")

    assert await resumes(house, "taras") is Resumed.DONE


@pytest.mark.parametrize("leaves", ["removed", "reporter"])
async def test_who_asked_and_is_no_editor_any_more_has_not_asked(house: House, leaves: str) -> None:
    await halts(house, "olena")
    await resumes(house, "taras")
    taras = await house.person("taras")
    if leaves == "removed":
        await house.tx(lambda tx: tx.remove_person(taras, house.clock()))
    else:
        await house.tx(lambda tx: tx.set_role(taras.id, Role.REPORTER, None))

    assert await resumes(house, "olena") is Resumed.ASKED
    assert len(await house.told(news.ResumeAsked)) == 2, "the second wish is told too"


@pytest.mark.parametrize(
    ("stay", "who", "found"),
    [
        ({"olena", "reporter"}, "olena", Resumed.DONE),
        ({"olena", "newcomer"}, "olena", Resumed.ASKED),
        ({"taras"}, "taras", Resumed.ASKED),
    ],
)
async def test_only_an_owner_who_is_the_only_editor_goes_on_alone(
    house: House, stay: set[str], who: str, found: Resumed
) -> None:
    await halts(house, "olena")
    for name in DESK.keys() - stay:
        person = await house.person(name)
        await house.tx(lambda tx, p=person: tx.remove_person(p, house.clock()))  # type: ignore[misc]

    assert await resumes(house, who) is found


async def test_what_is_not_halted_is_not_resumed(house: House) -> None:
    with pytest.raises(Refused, match="Nothing is halted"):
        await resumes(house, "olena")


async def test_a_halt_stops_what_is_about_to_go_out_and_a_second_takes_back_a_wish(house: House) -> None:
    await house.writes()
    ends = house.clock() + timedelta(seconds=30)
    await house.do(countdown.begin, "olena", await house.entry(), address("olena"), ends)

    assert await halts(house, "taras") is Halted.NOW
    assert (await house.entry()).state is EntryState.DRAFT
    assert (await house.acts())[-2:] == ["article.undone", "halt.begun"]
    assert await halts(house, "iryna") is Halted.ALREADY
    await resumes(house, "olena")
    assert await halts(house, "iryna") is Halted.WITHDRAWN
    assert (await house.acts())[-1] == "halt.kept"
    assert await halts(house, "iryna") is Halted.ALREADY
    assert len(await house.told(news.Halted)) == 1
    assert await resumes(house, "olena") is Resumed.ASKED
    assert len(await house.told(news.ResumeAsked)) == 2

    await resumes(house, "taras")
    assert await halts(house, "taras") is Halted.NOW
    assert len(await house.told(news.Halted)) == 2


async def test_an_altered_log_stops_what_is_about_to_go_out(house: House) -> None:
    await house.writes()
    ends = house.clock() + timedelta(seconds=30)
    await house.do(countdown.begin, "olena", await house.entry(), address("olena"), ends)
    await house.do(halting.stop_altered, "olena", 5)

    assert await house.store.read.is_halted()
    assert (await house.entry()).state is EntryState.DRAFT
    assert await house.told(news.LogAltered) == [news.LogAltered(5)]
