"""/halt and /resume."""

from __future__ import annotations

from tests.conftest import ARTICLE, Scene


async def test_nothing_leaves_while_halted_and_it_goes_on_after_resume(scene: Scene) -> None:
    await scene.says(f"/queue {ARTICLE}", "чернетка")
    await scene.says("/at 1 13:10", "сьогодні о 13:10")
    await scene.says("/halt", "Спинено")
    await scene.says_on_viber("/list", "#1")

    scene.advance(minutes=15)
    await scene.says("/now 1", "Спершу /resume")
    assert not scene.channel()
    assert any("спиняє все" in bubble.text for bubble in scene.viber())

    await scene.says_on_viber("/resume", "триває")
    await scene.until(lambda: scene.channel() and scene.viber_channel())
    assert len(scene.channel()) == len(scene.viber_channel()) == 1


async def test_a_halt_survives_a_restart(scene: Scene) -> None:
    await scene.says("/halt", "Спинено")
    await scene.stop()
    await scene.start()
    await scene.says("/halt", "вже спинено")

    await scene.says("/resume", "триває")
    await scene.says("/resume", "Нічого не спинено")
