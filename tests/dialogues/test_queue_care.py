"""What keeps the queue in order by itself: the gap between a channel's posts, expiry, warnings of what is alike."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.times import spaced
from bot.storage import Queries
from tests.conftest import ARTICLE, NEWSROOM, Scene, a_scene
from tests.dialogues.conftest import Chat
from tests.helpers.catalogue import titled, written
from tests.helpers.crowd import an_article, publishes, said

START = datetime(2026, 11, 24, 11, tzinfo=UTC)
OTHER = "Лелеки вернулися на Полтавщину\n\nПтахів бачили біля Лубен."
GAP = timedelta(minutes=10)


@pytest.fixture
async def spacious(tmp_path: Path) -> AsyncIterator[Scene]:
    """Ten minutes between two posts of a channel."""
    (tmp_path / "newsroom.toml").write_text(NEWSROOM.replace("[slots]", '[slots]\ngap = "10 min"'), encoding="utf-8")
    async with a_scene(tmp_path) as running:
        await running.says("/list", "")
        yield running


MOVED = written("Its channel has another post close to that time:")


async def test_a_time_too_close_to_another_post_of_the_channel_moves_and_says_so(
    spacious: Scene, platform: str, language: str
) -> None:
    desk = Chat(spacious, platform, language).arrives()
    await desk.drafts(1)
    await desk.drafts(2)
    await desk.says("/at 1 14:00", "14:00")
    await desk.says("/at 2 14:05", MOVED[language])
    await desk.hears(written("#{id} is queued ✓ It goes out {when}.", id=2)[language])
    assert any("14:10" in bubble.text for bubble in desk.heard())


async def test_an_article_keeps_no_gap_from_its_own_earlier_time(spacious: Scene) -> None:
    await spacious.says(f"/queue {OTHER}", "#1 · чернетка")
    await spacious.says("/at 1 14:00", "14:00")
    await spacious.says("/at 1 14:05", "14:05")


async def test_what_is_due_right_after_a_post_goes_out_when_the_gap_is_over(spacious: Scene) -> None:
    await spacious.says(f"/queue {OTHER}", "#1 · чернетка")
    await spacious.says("/at 1 13:05", "сьогодні о 13:05")
    spacious.advance(minutes=4)
    await publishes(spacious, an_article())
    await spacious.until(spacious.channel)

    spacious.advance(minutes=1)
    await spacious.until(lambda: said(spacious.telegram(), "#1 вийде сьогодні о 13:14"))
    spacious.advance(minutes=8)
    await spacious.says("/show 1", "сьогодні о 13:05")
    assert len(spacious.channel()) == 1
    spacious.advance(minutes=1)
    await spacious.until(lambda: len(spacious.channel()) == 2)


async def test_an_urgent_article_waits_for_no_gap(spacious: Scene) -> None:
    await publishes(spacious, an_article())
    await spacious.says(f"/queue {OTHER}\n\nтерміново", "#2 · чернетка")
    await spacious.says("/at 2 13:01", "сьогодні о 13:01")
    spacious.advance(minutes=1)
    await spacious.until(lambda: len(spacious.channel()) == 2)


async def test_posts_that_are_due_together_go_out_a_gap_apart(spacious: Scene) -> None:
    for number, text in enumerate((ARTICLE, OTHER), 1):
        await spacious.says(f"/queue {text}", f"#{number} · чернетка")
    await spacious.says("/at 1 13:05", "13:05")
    await spacious.says("/at 2 13:16", "13:16")
    spacious.advance(minutes=20)  # the machine was asleep
    await spacious.until(lambda: said(spacious.telegram(), "#2 вийде сьогодні о 13:30"))
    await spacious.until(spacious.channel)
    assert len(spacious.channel()) == 1

    spacious.advance(minutes=10)
    await spacious.until(lambda: len(spacious.channel()) == 2)


async def test_what_the_gap_kept_back_for_long_is_not_too_late(tmp_path: Path) -> None:
    """Late is what waits longer than half an hour after it might have gone out."""
    (tmp_path / "newsroom.toml").write_text(NEWSROOM.replace("[slots]", '[slots]\ngap = "2 h"'), encoding="utf-8")
    async with a_scene(tmp_path) as scene:
        for number, text in enumerate((ARTICLE, OTHER), 1):
            await scene.says(f"/queue {text}", f"#{number} · чернетка")
            await scene.says(f"/at {number} {['15:01', '17:02'][number - 1]}", "#")
        scene.advance(hours=1, minutes=59)
        await publishes(scene, an_article())
        scene.advance(minutes=2)
        await scene.until(lambda: said(scene.telegram(), "#1 вийде сьогодні о 16:59"))
        scene.advance(hours=1, minutes=58)
        await scene.until(lambda: len(scene.channel()) == 2)

        scene.advance(minutes=3)
        await scene.until(lambda: said(scene.telegram(), "#2 вийде сьогодні о 18:59"))
        await scene.says("/halt", "Усе зупинено: жодна")
        scene.advance(hours=3)
        await scene.says("/resume", "ще хтось")
        await scene.says_on_viber("/resume", "триває")
        await scene.until(lambda: said(scene.telegram(), "#2 запізнюється"))
        assert len(scene.channel()) == 2


@given(
    st.lists(st.integers(0, 500), max_size=30),
    st.integers(0, 500),
)
def test_a_spaced_time_is_never_earlier_and_far_enough_from_all_others(minutes: list[int], at: int) -> None:
    others = [START + timedelta(minutes=minute) for minute in minutes]
    asked = START + timedelta(minutes=at)
    found = spaced(asked, others, GAP)
    assert found >= asked
    assert all(abs(found - other) >= GAP for other in others)


EXPIRES = written("Expires {when}", when=written("today at {time}", time="14:00"))
TOO_LATE = written("#{id} expires before that.", id=1)
EXPIRED = written("#{id} has expired and did not go out. “/edit", id=1)
NOT_NOW = written("#{id} has expired. Change the expiry first", id=1)
HELD = titled(1, "on hold")
HALTED = written("Everything is halted: nothing is sent on")


async def test_what_has_expired_is_not_published_and_the_desk_is_told(desk: Chat) -> None:
    language, scene = desk.language, desk.scene
    field = {"uk": "до", "en": "expires"}[language]
    await desk.says(f"/queue {OTHER}\n\n{field}: 14:00", EXPIRES[language])
    await desk.holds([("/at 1 14:30", TOO_LATE[language]), ("/at 1 13:30", "13:30"), ("/halt", HALTED[language])])
    scene.advance(hours=1)
    await desk.ends_the_halt()
    await desk.hears(EXPIRED[language])
    await desk.says("/now 1", NOT_NOW[language])
    assert not scene.channel()

    await desk.says(f"/edit 1 {field}: -", HELD[language])
    await desk.says("/now 1", "#1")
    await scene.until(scene.channel)


async def test_a_reader_never_sees_when_an_article_expires(editor: Chat) -> None:
    await editor.says(f"/queue {OTHER}\n\nexpires: tomorrow 9:00", "Актуально до: завтра о 09:00")
    await editor.says("/now 1", "#1")
    await editor.scene.until(editor.scene.channel)
    assert "9:00" not in editor.scene.channel()[0].text


async def test_the_card_warns_of_an_article_that_tells_of_the_same(desk: Chat) -> None:
    warning = "⚠️ Looks like #{id} ({percent} %, {state}):"
    first = await desk.drafts(1)
    assert written(warning)[desk.language] not in first.text
    await desk.says("/now 1", "#1")
    second = await desk.drafts(2)
    same = written(warning, id=1, percent=100, state=written("published"))
    assert same[desk.language] in second.text

    desk.scene.advance(days=4)
    assert "#1 (" not in (await desk.says("/show 2", "#2 ·")).text


async def test_a_card_warns_of_what_is_out_and_of_the_newest_draft_of_a_long_queue(editor: Chat) -> None:
    await editor.drafts(1)
    await editor.says("/now 1", "#1")
    await editor.scene.until(editor.scene.channel)
    await fill_the_queue(editor.scene, 300)
    await editor.drafts(302)

    card = await editor.drafts(303)
    assert "#1 (100 %" in card.text
    assert "#302 (100 %" in card.text


async def fill_the_queue(scene: Scene, articles: int) -> None:
    async def work(tx: Queries) -> None:
        published = await tx.entry(1)
        assert published is not None
        for number in range(articles):
            other = replace(published.article, headline=f"Concert {number}", lead="", body=())
            await tx.add_article(other, published.author, scene.clock())

    await scene.app.store.write(work)
