"""How people come to the bot, what they send it that is no command, and what only a group or only one app knows."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest

from bot.errors import NotStored
from tests.dialogues.conftest import Chat, Four
from tests.helpers.altering import SIGNS, alter
from tests.helpers.crowd import sends_album
from tests.helpers.groups import post
from tests.helpers.pictures import picture_as
from tests.helpers.team import code_from


async def test_vibers_first_screen_is_in_the_language_of_the_phone(four: Four) -> None:
    viber = four.scene.sandbox.viber
    for chat in four.strangers().chats:
        if chat.on_telegram:
            continue
        await viber.open_chat(chat.address.id)
        await chat.sees("Good day! Press the button, and our news comes here.")
        await viber.open_chat(chat.address.id, await code_from(four.chats[0], "/invite editor"))
        await chat.sees("Good day! You are invited to the newsroom's desk.")
        await chat.pushes("Join the desk", "You can approve from {when}.")


PASTE = {
    "uk": "Міст через Сулу відкрили після ремонту\n\nРух відновили в обох напрямках, а ремонт тривав майже два роки.",
    "en": "The library on the square is open again\n\nThe reading room seats ninety people, and entry is free in May.",
}


async def test_a_text_that_is_more_than_a_remark_is_a_draft_without_a_command(four: Four) -> None:
    for number, chat in enumerate(four.chats, 1):
        remark = {"uk": "ок, ставлю на 18:30", "en": "ok, I put it at 18:30"}[chat.language]
        await chat.asks(remark, "To queue an article, send /queue with the text after it.")
        await chat.says(PASTE[chat.language], chat.draft(number))


async def test_a_picture_that_comes_before_its_article_waits_for_it(four: Four) -> None:
    for chat in four.chats:
        await sends_a_picture(chat)
        await chat.sees("Got the picture. Now the article or its headline.")
        await chat.asks("/queue", "Paste the whole article")
        await sends_nothing(chat)
        await chat.sees("Send the headline or the whole article as text.")
        await sends_a_picture(chat)
        await chat.sees("Got the picture. Now the article or its headline.")


FILE = {"file_id": "f", "file_unique_id": "u"}
TELEGRAM_ATTACHMENTS: dict[str, dict[str, object]] = {
    "the file": {"document": FILE},
    "the GIF": {"animation": {**FILE, "width": 1, "height": 1, "duration": 1}, "document": FILE},
    "the voice message": {"voice": {**FILE, "duration": 1}},
    "the audio": {"audio": {**FILE, "duration": 1}},
    "the video message": {"video_note": {**FILE, "length": 1, "duration": 1}},
    "the sticker": {
        "sticker": {**FILE, "type": "regular", "width": 1, "height": 1, "is_animated": False, "is_video": False}
    },
    "the place": {"location": {"longitude": 35.0, "latitude": 48.5}},
    "the contact": {"contact": {"phone_number": "1", "first_name": "I"}},
    "the poll": {
        "poll": {
            "id": "1", "question": "?", "options": [], "total_voter_count": 0, "is_closed": False,
            "is_anonymous": True, "type": "regular", "allows_multiple_answers": False,
            "allows_revoting": False, "members_only": False,
        }
    },
    "the attachment": {"dice": {"emoji": "🎲", "value": 3}},
}  # fmt: skip
VIBER_ATTACHMENTS: dict[str, dict[str, object]] = {
    "the file": {"type": "file", "media": "https://example.org/a.txt", "size": 1, "file_name": ""},
    "the sticker": {"type": "sticker", "sticker_id": 46105},
    "the place": {"type": "location", "location": {"lat": 50.45, "lon": 30.52}},
    "the contact": {"type": "contact", "contact": {"name": "I", "phone_number": "1"}},
    "the attachment": {"type": "picture", "media": "http://example.org/a.jpg"},
}


async def test_what_is_attached_and_not_taken_is_named(four: Four) -> None:
    """With a text it is on the card of that text."""
    for chat in four.chats:
        for kind, content in (TELEGRAM_ATTACHMENTS if chat.on_telegram else VIBER_ATTACHMENTS).items():
            if chat.on_telegram:
                await telegram_posts(chat, message=content)
            else:
                await chat.scene.sandbox.viber.attach(chat.address.id, content)
            text = "Not taken: {name}. An article has a photo or a video."
            await chat.sees(text, name=chat.written(kind))
        if chat.on_telegram:
            named = {"document": {**FILE, "mime_type": "image/png", "file_name": "quay.png"}}
            await telegram_posts(chat, message={**named, "caption": f"/queue {chat.article}"})
            text = "The picture {name} came as a file and is not taken: send it as a photo."
            assert "#1 · " in (await chat.sees(text, name="quay.png")).text or chat.language == "en"


async def test_a_picture_that_came_as_a_file_is_the_articles_picture(four: Four) -> None:
    sandbox, file = four.scene.sandbox, picture_as("PNG")
    sandbox.internet.put("https://example.org/quay.png", file)
    for number, chat in enumerate(four.chats, 1):
        if chat.on_telegram:
            person, text = int(chat.address.id), f"/queue {chat.article}"
            await sandbox.telegram.send_document(person, text, file=file, name="a.png")
        else:
            body = {"type": "file", "media": "https://example.org/quay.png", "size": 1, "file_name": "quay.png"}
            await sandbox.viber.attach(chat.address.id, body)
            await chat.types(chat.article)
        await chat.sees("Photo attached")
        found = await chat.scene.app.store.read.entry(number)
        assert found is not None
        assert found.article.media is not None
        assert found.article.media.form == "jpg"


async def test_a_private_person_is_never_a_source_by_itself(four: Four) -> None:
    for number, chat in enumerate(four.chats[:2], 1):
        origin = {"type": "hidden_user", "date": 1_795_000_000, "sender_user_name": "Іван\u202e\nКоваль"}
        await telegram_posts(chat, message={"text": "Міст відкрили\n\nРух є.", "forward_origin": origin})
        text = "Forwarded from a person ({name}), who is not named as the source."
        await chat.sees(text, name="Іван Коваль")
        found = await chat.scene.app.store.read.entry(number)
        assert found is not None
        assert found.article.sources == ()


async def test_a_link_that_opens_another_address_is_named_to_author_and_approver(four: Four) -> None:
    for at, chat in enumerate(four.chats):
        source = "source: bank.ua https://evil.example/" + "pay" * at
        await chat.asks(
            f"/queue Новина\n\nЛід тут.\n\n{source}",
            "🔗 The words “{text}” open another address: {host}",
            text="bank.ua",
            host="evil.example",
        )
        await chat.asks(
            "/queue Новина\n\nЛід: https://xn--80ak6aa92e.com/\n\nsource: ДСНС",
            "🔗 Check the address, it may imitate another: {hosts}",
            hosts="xn--80ak6aa92e.com",
        )


async def test_a_text_without_end_and_sources_without_number_are_refused(four: Four) -> None:
    for chat in four.chats:
        sources = "\n".join(f"source: ДСНС {number}" for number in range(21))
        await chat.asks(f"/queue Новина\n\nЛід.\n\n{sources}", "There are {count} sources, at most {limit} fit.")
        words = "Слово. " * (580 if chat.on_telegram else 970)
        for part in range(6):
            await chat.types(words if part else f"/queue Новина\n\n{words}")
        await chat.types("/whoami")
        await chat.sees("The text has {length} characters, at most {limit} fit. Shorten it and send it again.")


async def sends_a_picture(chat: Chat) -> None:
    sandbox, person = chat.scene.sandbox, chat.address.id
    if chat.on_telegram:
        await sandbox.telegram.send_photo(int(person))
    else:
        await sandbox.viber.send_picture(person, "https://example.org/a.jpg")


async def sends_nothing(chat: Chat) -> None:
    """Something that is neither text nor a picture that we can use."""
    sandbox, person = chat.scene.sandbox, chat.address.id
    if not chat.on_telegram:
        await sandbox.viber.send_picture(person, "http://example.org/a.jpg")
        return
    await telegram_posts(chat, message={"dice": {"emoji": "🎲", "value": 3}})


async def telegram_posts(chat: Chat, **updates: dict[str, object]) -> None:
    """What the sandbox's people have no finger for."""
    who = {"id": int(chat.address.id), "is_bot": False, "first_name": chat.name, "language_code": chat.language}
    at = int(chat.scene.clock().timestamp())
    about = {"message_id": 77, "date": at, "from": who, "chat": {**who, "type": "private"}}
    await post(chat.scene, **{kind: {**about, **content} for kind, content in updates.items()})


async def test_forwards_changed_messages_and_albums_are_explained_on_telegram(four: Four) -> None:
    for chat in four.chats:
        if not chat.on_telegram:
            continue
        person = int(chat.address.id)
        await chat.drafts(1) if chat.language == "uk" else None
        origin = {"type": "hidden_user", "date": 1_795_000_000, "sender_user_name": "Somebody"}
        await telegram_posts(chat, message={"text": "/now 1", "forward_origin": origin})
        await chat.sees("A forwarded message is not a command. Type it yourself.")
        await telegram_posts(chat, edited_message={"text": "/now 2", "edit_date": int(chat.scene.clock().timestamp())})
        await chat.sees("Editing an old message changes nothing here. Use")
        await sends_album(four.scene, person, 3, captions=["Міст відкрили\n\nРух відновили."])
        await chat.sees("One picture per article: the first of the album is taken, the others are left out.")
        await sends_album(four.scene, person, 3, captions=["Міст відкрили\n\nРух відновили.", "Інший підпис"])
        await chat.sees("One picture per article: the one with this text is taken.")
        heard = len(chat.heard())
        same = {"text": "/whoami", "message_id": 78}
        await telegram_posts(chat, message=same)
        await chat.sees("You are {id}, an owner of this newsroom.")
        await telegram_posts(chat, edited_message={**same, "edit_date": int(chat.scene.clock().timestamp())})
        await chat.asks("/resume", "Nothing is halted.")
        news = [bubble for bubble in chat.heard()[heard:] if chat.reads(bubble, "Editing an old message changes")]
        assert news == []


@pytest.mark.sqlite
async def test_who_can_not_be_written_down_is_asked_for_patience(four: Four) -> None:
    await limit(four, 1)  # no page more than there are
    for chat in four.chats:
        await chat.types("x" * 3000)
        await chat.sees("Visnyk can't save anything right now, so nothing")
    await limit(four, 1_000_000)


async def limit(four: Four, pages: int) -> None:
    with suppress(NotStored):
        await four.write(lambda tx: tx.run(f"PRAGMA max_page_count = {pages}"))


@pytest.mark.sqlite
async def test_an_altered_log_is_told_to_each_and_takes_nothing_more(four: Four) -> None:
    await four.chats[0].drafts()
    database = four.scene.settings.database_path
    await asyncio.to_thread(alter, database, lambda db: db.execute(SIGNS["another content"]))
    await four.each("/at 1 18:30", "That was not done: the record of who did what was tampered")
    await four.all_see("⛔ Someone tampered with the record of who did")
