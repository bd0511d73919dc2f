"""Words that are read long after they were said: times are those of the saying, and what sends is asked about."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from tests.conftest import Scene
from tests.dialogues.conftest import Chat, Four
from tests.helpers import engine

ASKED = "You said “{words}” {long} ago, but it is read only now. Nothing is done yet. Do it now?"
YES = "Yes, do it now"


async def is_read_late(chat: Chat, typed: str, **late: float) -> None:
    """Said on Tuesday at 13:00 and read when Visnyk is up again.

    Telegram keeps it meanwhile. Viber calls again for an hour only, so there it was kept before Visnyk went down.
    """
    scene = chat.scene
    await scene.stop()
    if chat.on_telegram:
        await chat.types(typed)
    else:
        keep(scene, chat, typed)
    scene.clock.at += timedelta(**late)
    await scene.start()


def keep(scene: Scene, chat: Chat, typed: str) -> None:
    """As Viber's call leaves it in the inbox."""
    at, token = int(scene.clock().timestamp() * 1000), 5_999_999_999_999_999_999
    sender = {"id": chat.address.id, "name": "Olena", "language": chat.language, "country": "UA", "api_version": 10}
    message = {"type": "text", "text": typed}
    call = {"event": "message", "timestamp": at, "message_token": token, "sender": sender, "message": message}
    row = (f"message:{token}", json.dumps(call).encode(), at)
    engine.does(scene.settings, "INSERT INTO inbox (platform, key, body, received_at) VALUES ('viber', ?, ?, ?)", row)


async def test_to_publish_is_asked_about_when_it_is_read_a_day_later(desk: Chat) -> None:
    await desk.drafts(1)
    await is_read_late(desk, "/now 1", hours=20)
    asked = await desk.sees(ASKED)

    assert "/now 1" in asked.text
    assert not desk.scene.channel()
    await desk.pushes(YES, "#{id} is going out now. The result will come here.")
    await desk.scene.until(desk.scene.channel)


async def test_a_time_that_passed_before_it_was_read_is_refused(editor: Chat) -> None:
    """13:00 and two hours are 15:00 on Tuesday, whoever reads it on Wednesday."""
    await editor.drafts(1)
    await is_read_late(editor, "/at 1 через 2 год", hours=12, minutes=30)

    refused = await editor.sees("{when} has already passed. Type a later time, for example: {example}")
    assert "24.11 15:00" in refused.text
    assert not editor.reads(editor.heard()[-1], ASKED)


async def test_a_time_is_that_of_the_saying_and_asked_about(editor: Chat) -> None:
    """Tomorrow is Wednesday, also when it is read on Wednesday."""
    await editor.drafts(1)
    await is_read_late(editor, "/at 1 завтра 18:30", hours=20)

    asked = await editor.sees(ASKED)
    assert "/at 1 25.11 18:30" in asked.text
    await editor.pushes(YES, "#{id} is queued ✓ It goes out {when}.")


async def test_a_time_that_is_read_a_little_late_is_that_of_the_saying(editor: Chat) -> None:
    await editor.drafts(1)
    await is_read_late(editor, "/at 1 через 2 год", minutes=20)

    queued = await editor.sees("#{id} is queued ✓ It goes out {when}.")
    assert "15:00" in queued.text


@pytest.mark.parametrize("typed", ["/next 1", "/urgent 1"])
async def test_whatever_sends_is_asked_about(editor: Chat, typed: str) -> None:
    await editor.drafts(1)
    await is_read_late(editor, typed, hours=20)

    assert typed in (await editor.sees(ASKED)).text
    assert not editor.scene.channel()


async def test_what_only_stops_is_done_however_late_it_is_read(editor: Chat) -> None:
    await editor.drafts(1)
    await editor.says("/at 1 завтра 18:30", "18:30")
    await is_read_late(editor, "/cancel 1", hours=20)

    await editor.sees("#{id} is cancelled: it does not go out.")


async def test_a_press_that_was_long_on_its_way_is_asked_about(desk: Chat) -> None:
    """Telegram does not tell when a button was pressed: it may have been as soon as Visnyk went down."""
    await desk.drafts(1)
    scene = desk.scene
    label = desk.written("🚀 Publish now")
    await scene.stop()
    await desk.taps(label)
    scene.clock.at += timedelta(minutes=50)
    await scene.start()

    await desk.sees("You pressed a button {long} ago, but it arrived only now. Nothing is done yet. Do it now?")
    assert not scene.channel()
    await desk.pushes(YES, "#{id} is going out now. The result will come here.")
    await scene.until(scene.channel)


async def test_texts_that_were_said_apart_are_not_one_text_because_they_are_read_together(editor: Chat) -> None:
    """The parts of one text are: they were said together."""
    scene, long = editor.scene, "Рух відновили. " * (240 if editor.on_telegram else 440)
    await scene.stop()
    await editor.types(f"/queue Перша новина\n\n{long}")
    await editor.types(f"Її друга частина. {long}")
    scene.clock.at += timedelta(minutes=2)
    await editor.types(f"Друга новина\n\n{long}")
    scene.clock.at += timedelta(minutes=2)
    await scene.start()
    await editor.hears("#1")

    text = (await scene.app.store.read.content(1, 1)).to_json()
    assert "Перша новина" in text
    assert "друга частина" in text
    assert "Друга новина" not in text


async def test_what_another_stopped_meanwhile_is_not_sent_by_an_older_word(four: Four) -> None:
    minute = timedelta(minutes=1)
    await four.each_drafts()
    for number in range(1, len(four.chats) + 1):
        await four.chats[number - 2].asks(f"/at {number} 18:30", "#{id} is queued ✓ It goes out {when}.")
    four.scene.advance(seconds=30)
    for number, chat in enumerate(four.chats, 1):
        await chat.asks_late(f"/now {number}", "Nothing is done: you said that before #{id} was changed", ago=minute)
    assert not four.scene.channel()

    four.scene.advance(minutes=2)
    await four.chats[0].asks_late("/now 1", "#{id} is going out now. The result will come here.", ago=minute)


async def test_a_word_to_go_on_that_is_older_than_the_halt_does_not_end_it(four: Four) -> None:
    minute = timedelta(minutes=1)
    await four.chats[0].asks("/halt", "Everything is halted: nothing is")
    for chat in four.chats:
        await chat.asks_late("/resume", "You said that before everything was halted.", ago=minute)
    assert await four.scene.app.store.read.is_halted()


async def test_a_change_that_was_said_before_another_one_does_not_write_over_it(four: Four) -> None:
    """The other one stands on the phone by now, but was not there when this was said."""
    minute = timedelta(minutes=1)
    await four.each_drafts()
    four.scene.advance(minutes=5)
    for number, chat in enumerate(four.chats, 1):
        lead = {"uk": "лід", "en": "lead"}[chat.language]
        await four.chats[number - 2].says(f"/edit {number} lead: Another lead.", "Another lead.")
        await chat.says(f"/show {number}", "Another lead.")
        text = "Someone changed #{id} in the meantime; this is how it stands now."
        await chat.asks_late(f"/edit {number} {lead}: One more lead.", text, ago=minute)
