"""Authority is checked once more when it takes effect: what only one person's word put into the queue needs that person
to have it still."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.people import Role
from tests.conftest import ARTICLE, NEWSROOM, READER, Scene, a_scene
from tests.helpers.crowd import hear_all, said
from tests.helpers.team import seat

HELD = "більше не має на це права"
LOSSES = {
    "a reporter now": ("/role 3 reporter", "змінити роль"),
    "removed": ("/remove 3", "вилучити з редакції"),
}


async def queued_by_an_editor(scene: Scene) -> None:
    await seat(scene, Role.EDITOR)
    await scene.says(f"/queue {ARTICLE}", "#1 · чернетка")
    await scene.says("/at 1 13:10", "сьогодні о 13:10", person=READER)


async def loses(scene: Scene, how: str) -> None:
    question = await scene.says(*LOSSES[how])
    await scene.presses(question, "Так", "Іван")


@pytest.mark.parametrize("how", LOSSES)
async def test_what_somebody_without_the_right_had_queued_is_held_and_the_desk_told(scene: Scene, how: str) -> None:
    await queued_by_an_editor(scene)
    await scene.says_on_viber("/list", "#1")
    await hear_all(scene)
    await loses(scene, how)
    scene.advance(minutes=10)

    await scene.until(lambda: said(scene.telegram(), HELD) and said(scene.viber(), HELD))
    await scene.says("/show 1", "#1 · затримано")
    await scene.says("/log 1", "затримано: хто призначив час")
    assert not scene.channel() and not scene.viber_channel()


async def test_a_held_article_goes_out_when_somebody_who_may_gives_it_a_time_again(scene: Scene) -> None:
    await queued_by_an_editor(scene)
    await loses(scene, "removed")
    await scene.says("/at 1 13:10", "сьогодні о 13:10")
    scene.advance(minutes=10)

    await scene.until(lambda: scene.channel() and scene.viber_channel())


async def test_who_got_the_right_back_in_time_counts(scene: Scene) -> None:
    await queued_by_an_editor(scene)
    await loses(scene, "a reporter now")
    question = await scene.says("/role 3 editor", "змінити роль")
    await scene.presses(question, "Так", "Іван")
    scene.advance(minutes=10)

    await scene.until(scene.channel)


async def test_a_reporter_or_stranger_whom_an_older_entry_names_by_address_has_no_say(scene: Scene) -> None:
    await scene.says(f"/queue {ARTICLE}", "#1 · чернетка")
    await scene.says("/at 1 13:10", "сьогодні о 13:10")
    detail = {"version": 1, "due": "2026-11-24T11:10:00+00:00"}
    await scene.app.store.write(
        lambda tx: tx.record(f"telegram:{READER}", "article.scheduled", "article:1", detail, scene.clock())
    )
    scene.advance(minutes=10)

    await scene.until(lambda: said(scene.telegram(), HELD))


async def test_what_somebody_else_approved_for_that_time_goes_out(tmp_path: Path) -> None:
    (tmp_path / "newsroom.toml").write_text(NEWSROOM.replace("desk.approvals = 0", "desk.approvals = 1"), "utf-8")
    async with a_scene(tmp_path) as scene:
        await scene.says_on_viber("/list", "Черга порожня")
        await queued_by_an_editor(scene)
        await scene.says("/submit 1", "#1 надіслано колегам.")
        await scene.until(lambda: said(scene.viber(), "чекає на ваше погодження"))
        await scene.presses_on_viber("✅ Погодити", "#1 погоджено")
        await loses(scene, "removed")
        scene.advance(minutes=10)

        await scene.until(lambda: scene.channel() and scene.viber_channel())
