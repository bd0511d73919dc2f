"""A second bot that only posts to channels."""

from __future__ import annotations

from dataclasses import replace

from bot.adapters.telegram import TelegramMessenger
from bot.domain import Article, Channel, Labels, Masthead, Outlet, Platform, Said
from bot.sandbox import Sandbox

READERS_BOT = "100001:readers-bot-0123456789abcdefghijklm"
CHANNEL_BOT = "100002:channel-bot-0123456789abcdefghijklm"
CHANNEL = -1001234567890
OUTLET = Outlet(Masthead("Visnyk"), Labels("Source", "Read also", "Video", "Photo", "Read the full text", "Urgent"))


async def test_a_photo_of_the_first_bot_is_posted_and_put_into_a_post_by_the_other_one() -> None:
    async with Sandbox() as sandbox:
        telegram = sandbox.telegram
        telegram.add_bot(READERS_BOT, username="readers_bot", name="Visnyk")
        telegram.add_person(1001, name="Olena", language="en")
        await telegram.send_photo(1001, caption="Bridge over the river opened")
        telegram.add_bot(CHANNEL_BOT, username="channel_bot", name="Visnyk")
        telegram.add_channel(CHANNEL, title="News", username="news")
        telegram.set_admin(CHANNEL, CHANNEL_BOT, can_post=True)
        messenger = TelegramMessenger(READERS_BOT, channel_token=CHANNEL_BOT, api_url=sandbox.telegram_url)
        await messenger.open()
        incoming = messenger.calls.parse((await messenger.poll())[0])
        assert incoming is not None
        assert isinstance(incoming.event, Said)

        channel, article = Channel("main", Platform.TELEGRAM, str(CHANNEL)), Article(incoming.event.text)
        with_photo = replace(article, media=incoming.event.media)
        receipt = await messenger.publish(channel, messenger.render(with_photo, OUTLET))
        later = await messenger.publish(channel, messenger.render(article, OUTLET))
        assert messenger.copies is not None
        edition = messenger.copies.edition(messenger.render(article, OUTLET), with_photo, OUTLET)
        await messenger.copies.edit_post(channel, later.message_id, edition)
        await messenger.close()

        shown, edited = telegram.phone(CHANNEL)
        assert edited.photo
        assert shown.photo
        assert "Bridge over the river opened" in shown.text
        assert receipt.message_id == shown.message_id
