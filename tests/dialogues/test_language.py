"""/language: by buttons and by a typed word, on both platforms, in everybody's language."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.conftest import NEWSROOM
from tests.dialogues.conftest import Chat, Four, four_phones
from tests.helpers.catalogue import written
from tests.helpers.crowd import an_article, publishes, rows

ASKED = "In which language do you want our news?"
DONE = "Done. Our news comes in: {language}"


async def test_a_reader_chooses_by_button_and_by_word(four: Four) -> None:
    for chat in four.strangers().chats:
        await chat.types("/start")
        await chat.sees("Thank you for subscribing. Our news will come here.")
        await chat.asks("/language", ASKED)
        await chat.pushes("", DONE, on="English")
        shown = await chat.asks("/мова", ASKED)
        assert chat.reads(shown, "Now: {language}")
        await chat.asks({"uk": "/language українська", "en": "/language ukrainian"}[chat.language], DONE)
        await chat.asks("/language тлінгіт", "We do not publish in that language. /language shows the choice.")
        shown = await chat.asks("/mydata", "What we keep about you:")
        assert chat.reads(shown, "• the language of the articles you get: {language}")
        await chat.asks("/language", ASKED)
        await chat.pushes("", DONE, on=written("all languages")[chat.language].capitalize())

        found = await rows(four.scene, f"SELECT reads FROM subscriber WHERE chat = '{chat.address.id}'")
        assert found == [("all",)]


async def test_whoever_is_forgotten_has_no_language_either(on_telegram: Chat) -> None:
    reader = Chat(on_telegram.scene, "telegram", reader=True).arrives()  # on Viber every word subscribes
    await reader.types("/start")
    await reader.asks("/language", ASKED)
    await reader.asks("/forgetme", "Delete all we keep about you?")
    await reader.pushes("🗑 Delete it all", "Done: we keep nothing about you.")

    await reader.asks("/language", "You are not subscribed. To subscribe: /start")
    await reader.pushes("", "This button no longer works.", on="English")


async def test_a_newsroom_with_one_language_says_so(tmp_path: Path) -> None:
    one = NEWSROOM.replace('languages = ["uk", "en"]', 'languages = ["uk"]').replace(
        'en = "Verified', '# en = "Verified'
    )
    async with four_phones(tmp_path, one) as four:
        for chat in four.strangers().chats:
            await chat.types("/language")
            await chat.sees("We publish in one language: {language}.")


async def test_the_desk_sees_how_many_readers_get_an_article(four: Four) -> None:
    for chat in four.strangers().chats:
        await chat.types("/start")
        await chat.sees("Thank you for subscribing. Our news will come here.")
        await chat.asks("/language en", DONE)
    await four.scene.app.newsroom.forecast.count(four.scene.app.store.read)

    for number, chat in enumerate(four.chats, 1):
        await chat.says(f"/queue {four.chats[0].article}", chat.draft(number))
        await chat.sees("🌐 {platform}: {n} of {all} readers read this language and get it")


@pytest.mark.parametrize(("first", "second"), [("uk", "en"), ("en", "uk")])
async def test_a_reader_of_a_published_language_is_told_that_it_is_one(tmp_path: Path, first: str, second: str) -> None:
    ordered = NEWSROOM.replace('languages = ["uk", "en"]', f'languages = ["{first}", "{second}"]')
    async with four_phones(tmp_path, ordered) as four:
        for chat in four.strangers("early").chats:
            if chat.language == first:
                await chat.types("/start")
                await chat.sees("Thank you for subscribing. Our news will come here.")
        await publishes(four.scene, replace(an_article("The bridge is open"), language=second))
        for chat in four.chats:
            await chat.sees("nobody reads this language yet")
        for chat in four.strangers("late").chats:
            if chat.language == second:
                await chat.types("/start")
                await chat.sees("It comes in one language: {language}. To choose another: /language")


@pytest.mark.parametrize(("first", "second"), [("uk", "en"), ("en", "uk")])
async def test_each_new_reader_is_told_which_languages_come(tmp_path: Path, first: str, second: str) -> None:
    ordered = NEWSROOM.replace('languages = ["uk", "en"]', f'languages = ["{first}", "{second}"]')
    async with four_phones(tmp_path, ordered) as four:
        for chat in four.strangers().chats:
            greeted = await chat.asks("/start", "Thank you for subscribing. Our news will come here.")

            assert chat.reads(greeted, "To choose its language: /language") is (chat.language == second)
            assert chat.reads(greeted, "It comes in one language: {language}.") is (chat.language == first)
