"""When an article goes out: slots, two at once, quiet hours, too late, nowhere to go."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import NEWSROOM, a_scene
from tests.dialogues.conftest import Chat
from tests.helpers.catalogue import stretch, titled, written

IN_ENGLISH_ONLY = NEWSROOM.replace('title = "Вісник"', 'title = "Вісник"\nlanguage = "en"').replace(
    'title = "Вісник у Viber"',
    'title = "Вісник у Viber"\nlanguage = "en"\n[readers]\ntelegram = "none"\nviber = "urgent"',
)


async def test_slots_are_given_out_in_order_and_each_once(editor: Chat) -> None:
    for number in (1, 2, 3):
        await editor.drafts(number)

    await editor.holds(
        [
            ("/next 1", "Вийде сьогодні о 18:30."),
            ("/next 2", "Вийде завтра о 09:00."),
            ("/at 1 через 1 год", "Вийде сьогодні о 14:00."),
            ("/next 3", "Вийде сьогодні о 18:30."),
            ("/list", "#1 · сьогодні о 14:00"),
        ]
    )

    lines = editor.heard()[-1].text.split("\n")
    assert [line[:2] for line in lines] == ["#1", "#3", "#2"]


async def test_two_articles_of_one_minute_both_go_out_once(editor: Chat) -> None:
    await editor.drafts(1)
    await editor.says("/queue Рада ухвалила бюджет\n\nДепутати голосували двічі.", "#2 · чернетка")
    await editor.holds([("/at 1 18:30", "18:30."), ("/at 2 18:30", "18:30.")])

    editor.scene.advance(hours=5, minutes=30)

    await editor.hears("#1 вийшов:")
    await editor.hears("#2 вийшов:")
    for phone in (editor.scene.channel(), editor.scene.viber_channel()):
        assert sorted(bubble.text.split("\n")[0] for bubble in phone) == [editor.headline, "Рада ухвалила бюджет"]


@pytest.mark.parametrize(("urgent", "silent"), [("", True), ("\nтерміново: так", False)])
async def test_at_night_posts_are_silent_unless_urgent(editor: Chat, urgent: str, silent: bool) -> None:
    editor.scene.advance(hours=11)  # midnight
    await editor.says(f"/queue {editor.article}{urgent}", "#1 · чернетка")
    await editor.says("/now 1", "#1 виходить. Результат")

    await editor.scene.until(editor.scene.channel)
    assert editor.scene.channel()[0].silent is silent


@pytest.mark.parametrize(("minutes", "asks"), [(29, False), (31, True)])
async def test_a_post_that_is_half_an_hour_late_asks_the_desk(desk: Chat, minutes: int, asks: bool) -> None:
    await desk.drafts()
    await desk.says("/at 1 13:10", "13:10")
    await desk.scene.stop()
    desk.scene.clock.at = desk.scene.clock.at.replace(minute=10 + minutes)
    await desk.scene.start()

    if not asks:
        await desk.scene.until(lambda: desk.scene.channel() and desk.scene.viber_channel())
        return
    late = stretch("#{id} is {late} late, because Visnyk was not running.", id=1)[desk.language]
    assert " 31 " in (await desk.hears(late)).text
    await desk.hears(titled(1, "on hold")[desk.language])
    assert not desk.scene.channel()
    await desk.says("/list", written("on hold")[desk.language])
    await desk.presses(written("🚀 Publish now")[desk.language], "#1")
    await desk.scene.until(lambda: desk.scene.channel() and desk.scene.viber_channel())


async def test_an_article_that_nobody_takes_is_refused_when_it_is_timed(tmp_path: Path, platform: str) -> None:
    (tmp_path / "newsroom.toml").write_text(IN_ENGLISH_ONLY, encoding="utf-8")
    async with a_scene(tmp_path) as scene:
        editor = Chat(scene, platform).arrives()
        await editor.drafts()
        nowhere = "Матеріалу #1 нікуди вийти: жоден канал у newsroom.toml не бере його мову й теми"

        await editor.holds([("/at 1 18:30", nowhere), ("/next 1", nowhere), ("/now 1", nowhere)])
        assert not editor.labelled(await editor.says("/show 1", "#1 · чернетка"), "🚀 Publish now")
        await editor.holds([("/edit 1 мова: en", "#1 · чернетка"), ("/at 1 18:30", "#1 у черзі")])
        await editor.holds([("/edit 1 мова: uk", "#1 · у черзі")])

        scene.advance(hours=5, minutes=30)
        await editor.hears("Для #1 настав час, але йому нікуди вийти")
        await editor.hears("#1 · затримано")
        assert not scene.channel()


async def test_an_urgent_article_waits_for_no_slot(editor: Chat) -> None:
    card = await editor.says(f"/queue {editor.article}\nтерміново: так", "#1 · чернетка")
    await editor.says("/next 1", "#1 виходить. Результат")

    await editor.scene.until(editor.scene.channel)
    assert len(editor.scene.channel()) == 1
    assert "18:30" not in str(card.buttons or card.keyboard)
