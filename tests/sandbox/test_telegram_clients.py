"""Clients that nobody here wrote work against the sandbox: python-telegram-bot and aiogram."""

from collections.abc import AsyncIterator

import pytest
import telegram
from telegram import BotCommand, BotCommandScopeChat, InlineKeyboardButton, InlineKeyboardMarkup, InputMediaPhoto

from bot.sandbox import Sandbox
from bot.sandbox.telegram_content import SMALL_JPEG
from tests.sandbox.scene import CHANNEL, OLENA, TOKEN

GO = InlineKeyboardMarkup([[InlineKeyboardButton("Go", callback_data="go:1")]])


@pytest.fixture
async def bot(sandbox: Sandbox) -> AsyncIterator[telegram.Bot]:
    url = sandbox.telegram_url
    async with telegram.Bot(TOKEN, base_url=f"{url}/bot", base_file_url=f"{url}/file/bot") as bot:
        yield bot


async def test_a_reader_and_a_bot_talk(sandbox: Sandbox, bot: telegram.Bot) -> None:
    await sandbox.telegram.say(OLENA, "/start news")
    (update,) = await bot.get_updates(timeout=1)
    assert update.message
    assert update.message.text == "/start news"

    sent = await bot.send_message(OLENA, "<b>Hi</b>, Olena", parse_mode="HTML", disable_notification=True)

    assert await bot.get_updates(offset=update.update_id + 1) == ()
    asked, answered = sandbox.telegram.phone(OLENA)
    assert (asked.sender, answered.sender, answered.message_id) == ("person", "bot", sent.message_id)
    assert (answered.text, answered.entities, answered.silent) == ("Hi, Olena", [("bold", 0, 2, "")], True)


async def test_a_press_is_answered_once(sandbox: Sandbox, bot: telegram.Bot) -> None:
    message = await bot.send_message(OLENA, "Ready?", reply_markup=GO)
    await sandbox.telegram.press(OLENA, message.message_id, "Go")
    (update,) = await bot.get_updates()
    assert update.callback_query

    await update.callback_query.answer("Gone")

    assert update.callback_query.data == "go:1"
    assert sandbox.telegram.toasts(OLENA) == ["Gone"]
    with pytest.raises(telegram.error.BadRequest, match="Query is too old"):
        await update.callback_query.answer("Again")
    with pytest.raises(LookupError, match="no button 'Stay'"):
        await sandbox.telegram.press(OLENA, message.message_id, "Stay")


async def test_a_button_in_a_channel_tells_who_pressed_it(sandbox: Sandbox, bot: telegram.Bot) -> None:
    post = await bot.send_message("@news", "Vote", reply_markup=GO)

    await sandbox.telegram.press(OLENA, post.message_id, "go:1", chat=CHANNEL)

    (update,) = await bot.get_updates()
    assert update.callback_query
    assert update.callback_query.from_user.id == OLENA


async def test_an_edit_without_a_keyboard_drops_it(sandbox: Sandbox, bot: telegram.Bot) -> None:
    message = await bot.send_message(OLENA, "Draft", reply_markup=GO)
    assert sandbox.telegram.phone(OLENA)[0].buttons == [[("Go", "go:1")]]

    await bot.edit_message_text("Final", OLENA, message.message_id)

    (bubble,) = sandbox.telegram.phone(OLENA)
    assert (bubble.text, bubble.buttons, bubble.edited) == ("Final", [], True)


async def test_photos_by_address_upload_and_file_id(sandbox: Sandbox, bot: telegram.Bot) -> None:
    by_url = await bot.send_photo(CHANNEL, "https://example.com/a.jpg", caption="<i>One</i>", parse_mode="HTML")
    uploaded = await bot.send_photo(CHANNEL, SMALL_JPEG, caption="Two")
    again = await bot.send_photo(CHANNEL, by_url.photo[-1].file_id)
    await bot.edit_message_caption(CHANNEL, uploaded.message_id, caption="Two, corrected")
    await bot.edit_message_media(InputMediaPhoto(SMALL_JPEG, caption="Three"), CHANNEL, again.message_id)

    file = await uploaded.photo[0].get_file()

    assert bytes(await file.download_as_bytearray()) == SMALL_JPEG
    one, two, three = sandbox.telegram.phone(CHANNEL)
    assert (one.photo, one.text, one.entities) == ("https://example.com/a.jpg", "One", [("italic", 0, 3, "")])
    assert [two.text, three.text] == ["Two, corrected", "Three"]
    assert len({photo.file_id for photo in by_url.photo}) == 3


async def test_another_bot_cannot_use_our_file_ids(sandbox: Sandbox, bot: telegram.Bot) -> None:
    sandbox.telegram.add_bot("654321:other", "other_bot")
    sandbox.telegram.set_admin(CHANNEL, "654321:other")
    ours = await bot.send_photo(CHANNEL, SMALL_JPEG)

    async with telegram.Bot("654321:other", base_url=f"{sandbox.telegram_url}/bot") as other:
        with pytest.raises(telegram.error.BadRequest, match="Wrong file identifier"):
            await other.send_photo(CHANNEL, ours.photo[-1].file_id)


async def test_an_album_is_several_messages(sandbox: Sandbox, bot: telegram.Bot) -> None:
    media = [InputMediaPhoto(SMALL_JPEG, caption="Both"), InputMediaPhoto("https://example.com/b.jpg")]

    messages = await bot.send_media_group(CHANNEL, media)

    assert [m.message_id for m in messages] == [1, 2]
    assert len({m.media_group_id for m in messages}) == 1
    assert [b.text for b in sandbox.telegram.phone(CHANNEL)] == ["Both", ""]


async def test_copies_carry_no_origin_and_forwards_do(sandbox: Sandbox, bot: telegram.Bot) -> None:
    post = await bot.send_photo(CHANNEL, SMALL_JPEG, caption="Ours")
    await bot.copy_message(OLENA, CHANNEL, post.message_id)
    await bot.forward_message(OLENA, CHANNEL, post.message_id)

    await sandbox.telegram.forward(OLENA, CHANNEL, post.message_id)

    (update,) = await bot.get_updates()
    assert update.message
    origin = update.message.forward_origin
    assert isinstance(origin, telegram.MessageOriginChannel)
    assert (origin.chat.id, origin.message_id, update.message.caption) == (CHANNEL, post.message_id, "Ours")
    assert [b.forwarded_from for b in sandbox.telegram.phone(OLENA)] == ["", "News", "News"]


async def test_message_ids_run_per_bot_in_private_and_per_channel(sandbox: Sandbox, bot: telegram.Bot) -> None:
    sandbox.telegram.add_person(1002, "Taras", started=True)

    ids = [(await bot.send_message(chat, "x")).message_id for chat in (OLENA, 1002, CHANNEL, OLENA, CHANNEL)]

    assert ids == [1, 2, 1, 3, 2]


async def test_a_video_that_is_re_encoded_has_no_id_yet(sandbox: Sandbox, bot: telegram.Bot) -> None:
    sandbox.telegram.reencode_videos = True

    sent = await bot.send_video(CHANNEL, "https://example.com/a.mp4", caption="Video")

    assert sent.message_id == 0
    assert sandbox.telegram.phone(CHANNEL) == []
    await sandbox.telegram.finish_encoding()
    assert [b.text for b in sandbox.telegram.phone(CHANNEL)] == ["Video"]


async def test_each_person_sees_their_own_menu(sandbox: Sandbox, bot: telegram.Bot) -> None:
    sandbox.telegram.add_person(1002, "Taras", language="en")
    await bot.set_my_commands([BotCommand("help", "Допомога")])
    await bot.set_my_commands([BotCommand("help", "Help")], language_code="en")
    await bot.set_my_commands([BotCommand("queue", "Черга")], scope=BotCommandScopeChat(OLENA))

    assert [c["description"] for c in sandbox.telegram.commands(OLENA)] == ["Черга"]
    assert [c["description"] for c in sandbox.telegram.commands(1002)] == ["Help"]
    assert [c.command for c in await bot.get_my_commands()] == ["help"]


async def test_what_a_bot_learns_about_a_channel(sandbox: Sandbox, bot: telegram.Bot) -> None:
    chat = await bot.get_chat("@news")
    me = await bot.get_chat_member(CHANNEL, bot.id)
    admins = await bot.get_chat_administrators(CHANNEL)

    assert (chat.id, chat.title, await bot.get_chat_member_count(CHANNEL)) == (CHANNEL, "News", 1)
    assert isinstance(me, telegram.ChatMemberAdministrator)
    assert me.can_post_messages
    assert [admin.user.id for admin in admins] == [bot.id]


async def test_blocking_and_losing_rights_are_updates(sandbox: Sandbox, bot: telegram.Bot) -> None:
    await sandbox.telegram.block(OLENA)
    await sandbox.telegram.unblock(OLENA)
    sandbox.telegram.set_admin(CHANNEL, TOKEN, can_post=False)

    changes = [update.my_chat_member for update in await bot.get_updates()]

    assert [(c.chat.id, c.new_chat_member.status) for c in changes if c] == [
        (OLENA, "kicked"),
        (OLENA, "member"),
        (CHANNEL, "administrator"),
    ]


async def test_a_long_text_arrives_in_parts_and_media_with_captions(sandbox: Sandbox, bot: telegram.Bot) -> None:
    await sandbox.telegram.say(OLENA, "word " * 1000)
    await sandbox.telegram.send_photo(OLENA, "A picture")
    await sandbox.telegram.send_video(OLENA, "A video", duration=5)

    first, second, photo, video = (u.message for u in await bot.get_updates())

    assert first
    assert second
    assert first.text
    assert second.text
    assert len(first.text) <= 4096
    assert f"{first.text} {second.text}" == ("word " * 1000).strip()
    assert photo
    assert (photo.caption, len(photo.photo)) == ("A picture", 3)
    assert video
    assert video.caption == "A video"


async def test_people_send_formatted_texts_albums_and_replies(sandbox: Sandbox, bot: telegram.Bot) -> None:
    asked = await bot.send_message(OLENA, "Headline?")
    await sandbox.telegram.say(OLENA, "📣 Bold news", entities=[("bold", 2, 6, "")], reply_to=asked.message_id)
    await sandbox.telegram.send_album(OLENA, 2, "Both")

    said, first, second = (u.message for u in await bot.get_updates())

    assert said
    assert said.reply_to_message
    assert said.parse_entities() == {said.entities[0]: "Bold"}
    assert said.reply_to_message.text == "Headline?"
    assert first
    assert second
    assert (first.caption, second.caption, first.media_group_id) == ("Both", None, second.media_group_id)


async def test_protected_posts_cannot_be_passed_on(sandbox: Sandbox, bot: telegram.Bot) -> None:
    post = await bot.send_message(CHANNEL, "Secret", protect_content=True)

    with pytest.raises(telegram.error.BadRequest, match="protected content"):
        await bot.forward_message(OLENA, CHANNEL, post.message_id)
    with pytest.raises(PermissionError):
        await sandbox.telegram.forward(OLENA, CHANNEL, post.message_id)


async def test_many_at_once_skip_what_is_gone(sandbox: Sandbox, bot: telegram.Bot) -> None:
    for text in ("one", "two", "three"):
        await bot.send_message(CHANNEL, text)
    await bot.delete_messages(CHANNEL, [2, 99])

    copied = await bot.copy_messages(OLENA, CHANNEL, [1, 2, 3])
    await bot.pin_chat_message(CHANNEL, 3)

    assert len(copied) == 2
    assert [b.text for b in sandbox.telegram.phone(OLENA)] == ["one", "three"]
    pinned = (await bot.get_chat(CHANNEL)).pinned_message
    assert pinned
    assert pinned.message_id == 3


async def test_the_link_that_telegram_previews_can_be_chosen_or_left_out(sandbox: Sandbox, bot: telegram.Bot) -> None:
    text = '<a href="https://example.com/a">First</a> https://example.com/b'
    for options in (None, telegram.LinkPreviewOptions(url="https://example.com/c"),
                    telegram.LinkPreviewOptions(is_disabled=True)):  # fmt: skip
        await bot.send_message(OLENA, text, parse_mode="HTML", link_preview_options=options)

    previews = [b.preview_url for b in sandbox.telegram.phone(OLENA)]

    assert previews == ["https://example.com/a", "https://example.com/c", ""]


async def test_a_revoked_token_is_unauthorized(sandbox: Sandbox, bot: telegram.Bot) -> None:
    sandbox.telegram.revoke(TOKEN)

    with pytest.raises(telegram.error.InvalidToken, match="Unauthorized"):
        await bot.get_me()


async def test_aiogram_works_against_the_sandbox_too(sandbox: Sandbox) -> None:
    # Building its models takes seconds: only the process that plays this test pays for it.
    from aiogram import Bot as AiogramBot
    from aiogram.client.session.aiohttp import AiohttpSession
    from aiogram.client.telegram import TelegramAPIServer
    from aiogram.exceptions import TelegramForbiddenError
    from aiogram.types import BufferedInputFile

    server = TelegramAPIServer.from_base(sandbox.telegram_url)
    async with AiogramBot(TOKEN, session=AiohttpSession(api=server)) as bot:
        me = await bot.get_me()
        message = await bot.send_photo(CHANNEL, BufferedInputFile(SMALL_JPEG, "a.jpg"), caption="Hi")
        await bot.send_message(CHANNEL, "Text")
        await bot.delete_message(CHANNEL, message.message_id)
        await sandbox.telegram.say(OLENA, "hello")
        (update,) = await bot.get_updates(timeout=1)
        await sandbox.telegram.block(OLENA)
        with pytest.raises(TelegramForbiddenError, match="bot was blocked by the user"):
            await bot.send_message(OLENA, "x")

    assert me.username == "visnyk_bot"
    assert update.message
    assert update.message.text == "hello"
    assert [b.text for b in sandbox.telegram.phone(CHANNEL)] == ["Text"]
    assert [b.deleted for b in sandbox.telegram.phone(CHANNEL, deleted=True)] == [True, False]
