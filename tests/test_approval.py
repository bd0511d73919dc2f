"""Nothing goes out but what somebody else approved: that content, those channels, that time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain import Address, Platform
from bot.domain.people import Person, Role
from bot.domain.review import valid_approvals
from tests.conftest import ARTICLE, VIBER_OWNER, Clock, Scene, unnumbered
from tests.helpers.team import accept_rules
from tests.trials import approval

APPROVE = "✅ Погодити"


pytestmark = pytest.mark.newsroom(approvals=1)


@pytest.fixture
async def desk(scene: Scene) -> Scene:
    """Two people: one writes on Telegram, the other approves on Viber."""
    await scene.says_on_viber("/list", "Черга порожня")
    await scene.says(f"/queue {ARTICLE}", "#1 · чернетка")
    return scene


async def approved(desk: Scene) -> None:
    await desk.says("/submit 1", "#1 надіслано колегам.")
    await desk.until(lambda: any("чекає на ваше погодження" in bubble.text for bubble in desk.viber()))
    await desk.presses_on_viber(APPROVE, "#1 погоджено")
    await desk.until(lambda: any("#1 погоджено" in bubble.text for bubble in desk.telegram()))


async def test_nobody_publishes_alone(desk: Scene) -> None:
    await desk.says("/now 1", "бракує погоджень: 1")
    await desk.says_on_viber("/now 1", "бракує погоджень: 1")

    assert not desk.channel()


async def test_what_somebody_else_approved_goes_out(desk: Scene) -> None:
    await approved(desk)

    await desk.says("/now 1", "#1 виходить")
    await desk.until(lambda: desk.channel() and desk.viber_channel())


async def test_another_channel_in_newsroom_toml_voids_it_and_says_so_at_the_start(desk: Scene, tmp_path: Path) -> None:
    await desk.says("/at 1 18:30", "Бракує погоджень: 1")
    await approved(desk)
    await desk.stop()
    await desk.start()
    await desk.says("/show 1", "Погоджено: 1 з 1")
    assert not any("погодження вже не діє" in bubble.text for bubble in desk.telegram())

    await desk.stop()
    text = (tmp_path / "newsroom.toml").read_text(encoding="utf-8")
    (tmp_path / "newsroom.toml").write_text(text.replace('key = "viber"', 'key = "other"'), encoding="utf-8")
    await desk.start()
    for phone in (desk.telegram, desk.viber):
        await desk.until(lambda p=phone: any("#1 змінився, тож погодження вже не" in bubble.text for bubble in p()))  # type: ignore[misc]
    await desk.says("/list", "не погоджено")


async def test_a_change_after_the_approval_voids_it(desk: Scene) -> None:
    await approved(desk)
    await desk.says("/edit 1 headline: Міст закрили", "погодження вже не діє")

    await desk.says("/now 1", "бракує погоджень: 1")
    assert not desk.channel()


async def test_a_button_approves_only_what_was_shown_with_it(desk: Scene) -> None:
    await desk.says("/submit 1", "#1 надіслано колегам.")
    await desk.until(lambda: any("чекає на ваше погодження" in bubble.text for bubble in desk.viber()))
    shown = [pair for row in desk.sandbox.viber.keyboard(VIBER_OWNER) for pair in row]
    buttons = {unnumbered(label): action for label, action in shown}
    await desk.says("/edit 1 headline: Міст закрили", "#1 · чернетка")
    # The keyboard may be another by now: the press was on its way.
    await desk.says_on_viber(buttons[APPROVE], "#1 змінився відтоді")

    await desk.says("/now 1", "бракує погоджень: 1")


async def test_an_approval_for_now_is_none_for_a_time(desk: Scene) -> None:
    await approved(desk)
    await desk.says("/at 1 18:30", "погодження вже не діє")

    desk.advance(hours=5, minutes=30)
    await desk.until(lambda: any(" настав час, але він" in bubble.text for bubble in desk.telegram()))
    assert not desk.channel()


async def test_an_approved_time_is_kept_over_a_restart(desk: Scene) -> None:
    await desk.says("/at 1 18:30", "#1 стоїть на сьогодні о 18:30")
    await approved(desk)
    await desk.stop()
    await desk.start()

    desk.advance(hours=5, minutes=30)
    await desk.until(lambda: desk.channel() and desk.viber_channel())


async def test_who_left_the_desk_has_approved_nothing(desk: Scene) -> None:
    await approved(desk)
    await desk.stop()
    owners = tuple(owner for owner in desk.settings.owners if owner[0] == "telegram")
    desk.settings = desk.settings.model_copy(update={"owners": owners})
    await desk.start()
    await accept_rules(desk)

    await desk.says("/now 1", "бракує погоджень: 1")
    await desk.says("/submit 1", "Погодити #1 у редакції більше нікому.")


def test_authors_newcomers_and_who_left_do_not_count() -> None:
    now = Clock()()
    editor = Person(2, "Іван", Role.EDITOR, (Address(Platform.TELEGRAM, "2"),), now)
    author = replace(editor, id=1)
    others = [replace(editor, id=3, removed=now), replace(editor, id=4, role=Role.REPORTER)]
    newcomer = replace(editor, id=5, may_approve_from=now + timedelta(minutes=1))

    assert valid_approvals([author, editor, newcomer, *others], {author.id}, now) == {editor.id}
    assert valid_approvals([newcomer], {author.id}, now + timedelta(minutes=1)) == {newcomer.id}


def test_whatever_happens_in_between_only_what_enough_people_approved_goes_out() -> None:
    """Some of the stories of `python -m tests.trials.approval`."""
    books = approval.play(8, 6, derandomize=True)

    assert not books.without_people and not books.other_than_approved, str(books)
    assert books.approved
