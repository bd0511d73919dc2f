"""The time after "publish" in which anybody of the editors can stop it, as each phone shows it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.people import Role
from tests.conftest import Clock, Scene, a_scene
from tests.dialogues.conftest import TELEGRAM, VIBER, Chat
from tests.helpers.catalogue import stretch, written

#: Seconds as the app shows them, which the catalogue does not hold.
SECONDS = {"uk": "{} с", "en": "{} sec"}
STOP = written("✖️ Stop")
STOPPED = written("Stopped: #{id} does not go out. Everything is as it was.", id=1)
TOLD = stretch("✖️ {person} stopped #{id}: nothing of it went out.", id=1)
GOES = written("🚀 #{id} is going out now.", id=1)
EMPTY = written("The queue is empty. Add an article: /queue")


pytestmark = pytest.mark.newsroom(undo="30 s")


@pytest.fixture
async def scene(tmp_path: Path, newsroom: str) -> AsyncIterator[Scene]:
    # As in life, no two things happen at the same moment.
    async with a_scene(tmp_path, Clock(step=timedelta(milliseconds=1))) as running:
        yield running


@pytest.fixture
async def other(scene: Scene, platform: str, language: str) -> Chat:
    chat = Chat(scene, VIBER if platform == TELEGRAM else TELEGRAM, language).arrives()
    await chat.says("/list", EMPTY[language])
    return chat


def counts(chat: Chat, seconds: int) -> str:
    time = SECONDS[chat.language].format(seconds)
    return written("⏳ #{id} goes out in {time}, at {at}.", id=1, time=time, at="13:00:30")[chat.language]


async def publishes(desk: Chat, other: Chat) -> None:
    """The other one wrote it: whoever has no part in an article hears of no countdown."""
    await other.drafts()
    await desk.says("/now 1", counts(desk, 30))
    await other.hears(counts(other, 30))


async def test_it_is_told_once_and_redrawn_once_when_it_has_gone_out(desk: Chat, other: Chat) -> None:
    await publishes(desk, other)
    on_telegram, on_viber = (desk, other) if desk.on_telegram else (other, desk)
    stop = f"{STOP[on_viber.language]} #1"
    assert stop in keyboard(on_viber)
    for _ in range(5):
        assert not desk.scene.channel() and not desk.scene.viber_channel()
        desk.scene.advance(seconds=5)
        await other.says("/list", other.headline)
    told = await on_telegram.hears(counts(on_telegram, 30))
    assert not told.edited

    desk.scene.advance(seconds=5)
    await desk.scene.until(lambda: desk.scene.channel() and desk.scene.viber_channel())
    gone = await on_telegram.hears(GOES[on_telegram.language])
    assert gone.message_id == told.message_id and not gone.buttons
    await desk.scene.until(lambda: stop not in keyboard(on_viber))


def keyboard(chat: Chat) -> list[str]:
    return [label for row in chat.scene.sandbox.viber.keyboard(chat.address.id) for label, _ in row]


async def test_another_editor_stops_it_and_it_is_again_what_it_was(desk: Chat, other: Chat) -> None:
    await publishes(desk, other)
    await other.presses(STOP[other.language], STOPPED[other.language])
    await desk.hears(TOLD[desk.language])
    assert other.draft(1) in (await other.says("/show 1", other.draft(1))).text

    desk.scene.advance(minutes=5)
    await other.says("/list", other.headline)
    assert not desk.scene.channel() and not desk.scene.viber_channel()


async def test_who_published_stops_it_with_a_word(desk: Chat, other: Chat) -> None:
    await publishes(desk, other)
    await desk.says({"uk": "/повернути 1", "en": "/undo 1"}[desk.language], STOPPED[desk.language])
    await other.hears(TOLD[other.language])

    await desk.says("/undo 1", written("#{id} is not about to go out,", id=1)[desk.language])


async def test_who_cancels_what_is_about_to_go_out_is_named_to_the_others(desk: Chat, other: Chat) -> None:
    await publishes(desk, other)
    await desk.says("/cancel 1", written("cancelled")[desk.language])

    assert re.search(r"^✖️ Olena \(\d\)", (await other.hears(TOLD[other.language])).text)


async def test_a_halt_in_a_countdown_stops_the_article_for_good(desk: Chat, other: Chat) -> None:
    await publishes(desk, other)
    await other.says("/halt", written("Everything is halted: nothing is sent on")[other.language])
    await desk.hears(TOLD[desk.language])
    await desk.ends_the_halt() if desk.on_telegram else await other.ends_the_halt()

    desk.scene.advance(minutes=5)
    await other.says("/list", other.headline)
    assert not desk.scene.channel()


async def test_a_restart_in_the_middle_loses_and_repeats_nothing(desk: Chat, other: Chat) -> None:
    await publishes(desk, other)
    await desk.scene.stop()
    desk.scene.clock.at = desk.scene.clock.at.replace(second=20)
    await desk.scene.start()
    await other.says("/list", other.headline)
    assert not desk.scene.channel()

    desk.scene.advance(seconds=10)
    await desk.scene.until(lambda: desk.scene.channel() and desk.scene.viber_channel())
    desk.scene.advance(minutes=5)
    await desk.says("/list", EMPTY[desk.language])
    assert len(desk.scene.channel()) == len(desk.scene.viber_channel()) == 1


async def test_what_was_missed_for_too_long_is_asked_about(desk: Chat, other: Chat) -> None:
    await publishes(desk, other)
    await desk.scene.stop()
    desk.scene.clock.at = desk.scene.clock.at.replace(hour=12)
    await desk.scene.start()

    await desk.hears(stretch("#{id} is {late} late, because Visnyk was not running.", id=1)[desk.language])
    assert not desk.scene.channel()


async def test_who_lost_the_right_meanwhile_publishes_nothing(desk: Chat, other: Chat) -> None:
    await publishes(desk, other)
    app = desk.scene.app

    async def demote(tx) -> None:  # type: ignore[no-untyped-def]
        for person in await tx.team():
            if person.addresses[0].platform == desk.platform:
                await tx.set_role(person.id, Role.REPORTER, None)

    await app.store.write(demote)
    desk.scene.advance(seconds=30)

    await other.hears(written("#{id} did not go out: the person who published it", id=1)[other.language])
    assert not desk.scene.channel()


async def test_a_time_that_passed_meanwhile_does_not_send_it_out(desk: Chat, other: Chat) -> None:
    await other.drafts()
    await desk.says("/at 1 13:01", "13:01")
    desk.scene.advance(seconds=45)
    at = stretch("⏳ #{id} goes out in {time}, at {at}.", id=1, at="13:01:15")
    await desk.says("/now 1", at[desk.language])
    await other.hears(at[other.language])
    desk.scene.advance(seconds=20)
    await other.presses(STOP[other.language], STOPPED[other.language])

    desk.scene.advance(minutes=5)
    await other.says("/list", other.headline)
    assert not desk.scene.channel() and not desk.scene.viber_channel()


async def test_an_urgent_article_waits_for_no_countdown(desk: Chat, other: Chat) -> None:
    urgent = {"uk": "терміново", "en": "urgent"}[desk.language]
    await desk.says(f"/queue {desk.article}\n{urgent}", desk.draft(1))
    await desk.says("/now 1", written("#{id} is going out now. The result will come here.", id=1)[desk.language])

    await desk.scene.until(lambda: desk.scene.channel() and desk.scene.viber_channel())
