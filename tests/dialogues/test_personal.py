"""/mydata shows what is kept about a reader, /forgetme asks once and removes it: in everybody's language."""

from __future__ import annotations

from tests.conftest import Scene
from tests.dialogues.conftest import Chat, Four
from tests.helpers.crowd import rows

ASKED = "Delete all we keep about you?"
DELETE = "🗑 Delete it all"
ON_THE_DESK = "You are on the desk. What you do there stays in its record"


async def test_a_reader_is_shown_what_is_kept_and_it_is_removed(four: Four) -> None:
    for chat in four.strangers().chats:
        await chat.types("/start")
        await chat.sees("Thank you for subscribing. Our news will come here.")
        shown = await chat.asks("/mydata", "What we keep about you:")
        for text in (
            "• the number of this chat: {id}",
            "• your subscription: since {day}",
            "• the language of your app: {language}",
            "• which articles you got, as numbers that only the number above leads to",
            "We keep no name, phone number or message of yours.",
        ):
            assert chat.reads(shown, text)
        assert chat.address.id in shown.text
        await chat.asks("/forgetme", ASKED)
        gone = await chat.pushes(DELETE, "Done: we keep nothing about you.")

        assert chat.reads(gone, "Viber makes you our reader again as soon as you write here.") is not chat.on_telegram
        assert await rows(four.scene, f"SELECT 1 FROM subscriber WHERE chat = '{chat.address.id}'") == []
        if chat.on_telegram:
            await chat.asks("/mydata", "We keep nothing about you.")


async def test_a_reader_who_asked_for_silence_sees_that_it_is_kept(four: Four) -> None:
    for chat in four.strangers().chats:
        await chat.types("/start")
        await chat.sees("Thank you for subscribing. Our news will come here.")
        await chat.asks("/stop", "You have unsubscribed.")

        shown = await chat.asks("/mydata", "What we keep about you:")

        assert chat.reads(shown, "• no subscription: since {day}")


async def test_somebody_of_the_desk_is_told_what_stays(four: Four) -> None:
    for chat in four.chats:
        await chat.types("/start")
        await chat.sees("You are also on the desk here:")
        shown = await chat.asks("/mydata", "What we keep about you:")
        await chat.asks("/forgetme", ASKED)
        gone = await chat.pushes(DELETE, "Done: you are no reader of ours, and we keep nothing about you as one.")

        assert chat.reads(shown, ON_THE_DESK)
        assert chat.reads(gone, ON_THE_DESK)
        await chat.asks("/list", "The queue is empty. Add an article: /queue")


async def test_ukrainian_names_do_the_same(reader: Chat) -> None:
    await reader.says("/start", "")
    await reader.asks("/моїдані", "What we keep about you:")
    await reader.asks("/забудьмене", ASKED)


async def test_nothing_is_deleted_before_the_button_is_pressed(reader: Chat) -> None:
    await reader.says("/start", "")
    await reader.asks("/forgetme", ASKED)
    await reader.asks("/mydata", "What we keep about you:")


async def test_a_refused_stranger_is_named_as_one(four: Four) -> None:
    now = four.scene.clock()
    await four.write(lambda tx: tx.record("stranger", "button.refused", "", {"why": "unknown"}, now))

    for chat in four.chats:
        shown = await chat.asks("/log", "Who did what:")
        assert chat.reads(shown, "a stranger")


async def test_a_reader_whose_press_is_refused_is_named_nowhere(scene: Scene) -> None:
    chat = Chat(scene, "telegram", reader=True).arrives()
    await chat.says("/start", "")
    asked = await chat.asks("/forgetme", ASKED)
    await chat.pushes(DELETE, "Done: we keep nothing about you.")
    await scene.sandbox.telegram.press(int(chat.address.id), asked.message_id, chat.written(DELETE))
    await chat.sees("This button no longer works.")

    log = await scene.app.store.read.audit_log(10)
    assert not [entry for entry in log if entry.act == "button.refused"]
