"""/halt by one, /resume by two."""

from __future__ import annotations

from bot.domain import Address, Platform
from bot.domain.people import Role
from tests.conftest import ARTICLE, READER, VIBER_OWNER, VIBER_READER, Scene

GO_ON = "Продовжити"


async def test_nothing_leaves_while_halted_and_it_goes_on_after_two_agree(scene: Scene) -> None:
    await scene.says_on_viber("/list", "Черга")
    await scene.says(f"/queue {ARTICLE}", "чернетка")
    await scene.says("/at 1 13:10", "сьогодні о 13:10")
    await scene.says("/halt", "Спинено")

    scene.advance(minutes=15)
    await scene.says("/now 1", "Спершу /resume")
    assert not scene.channel()
    await scene.until(lambda: any("#1 Олена спиняє все" in bubble.text for bubble in scene.viber()))

    await scene.says("/resume", "має погодитися ще хтось")
    await scene.says("/resume", "Ви вже просили")
    assert not scene.channel()
    await scene.until(lambda: any("#1 Олена просить продовжити" in bubble.text for bubble in scene.viber()))
    await scene.presses_on_viber(GO_ON, "Надсилання триває")
    await scene.until(lambda: scene.channel() and scene.viber_channel())
    assert len(scene.channel()) == len(scene.viber_channel()) == 1
    await scene.presses_on_viber(GO_ON, "Ви вже натискали цю кнопку")
    await scene.until(lambda: "Нічого не спинено" in scene.viber()[-1].text)


async def test_a_halt_survives_a_restart(scene: Scene) -> None:
    await scene.says("/halt", "Спинено")
    await scene.says("/resume", "ще хтось")
    await scene.stop()
    await scene.start()

    await scene.says_on_viber("/resume", "Надсилання триває")
    await scene.says("/resume", "Нічого не спинено")


async def test_a_wish_to_go_on_lasts_a_quarter_of_an_hour_and_halt_takes_it_back(scene: Scene) -> None:
    await scene.says("/halt", "Спинено")
    await scene.says("/resume", "ще хтось")
    scene.advance(minutes=15)
    await scene.says_on_viber("/resume", "Ви просите продовжити")
    await scene.says("/halt", "Лишається спиненим")
    await scene.says("/halt", "вже спинено")

    await scene.says("/resume", "Ви просите продовжити")
    await scene.says_on_viber("/resume", "Надсилання триває")


async def test_one_person_on_two_platforms_counts_once(scene: Scene) -> None:
    """And so do two editors without an owner."""
    await scene.says("/list", "Черга")
    await seat(scene, Address(Platform.TELEGRAM, str(READER)))
    await seat(scene, Address(Platform.VIBER, VIBER_READER))
    assert scene.app is not None
    await scene.app.store.write(lambda tx: tx.add_address(1, Address(Platform.VIBER, VIBER_OWNER)))
    await scene.says("/halt", "Спинено", person=READER)

    await scene.says("/resume", "ще хтось")
    await scene.says_on_viber("/resume", "Ви вже просили")
    scene.advance(minutes=16)
    await scene.says("/resume", "ще хтось", person=READER)
    await scene.says_on_viber("/resume", "має бути власником", person=VIBER_READER)
    await scene.says_on_viber("/resume", "Надсилання триває")


async def test_who_asked_must_still_be_of_the_desk_when_the_second_agrees(scene: Scene) -> None:
    number = await seat(scene, Address(Platform.TELEGRAM, str(READER)))
    await scene.says("/halt", "Спинено")
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
    await scene.says("/halt", "Спинено")

    await scene.says("/resume", "Надсилання триває")


async def seat(scene: Scene, address: Address) -> int:
    assert scene.app is not None
    now = scene.clock()
    return await scene.app.store.write(
        lambda tx: tx.add_person(address, "Іван", Role.EDITOR, now, invited_by=None, wait_until=None)
    )
