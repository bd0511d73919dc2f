"""A second bot that only posts to channels."""

from __future__ import annotations

from bot.adapters.telegram import TelegramMessenger
from bot.domain import Article, Channel, Labels, Masthead, Outlet, Platform, Said
from bot.sandbox import Sandbox

READERS_BOT = "100001:readers-bot-0123456789abcdefghijklm"
CHANNEL_BOT = "100002:channel-bot-0123456789abcdefghijklm"
CHANNEL = -1001234567890
OUTLET = Outlet(Masthead("Visnyk"), Labels("Source", "Read also", "Video", "Photo", "Read the full text", "Urgent"))


async def test_a_photo_that_the_first_bot_got_is_posted_by_the_channel_bot() -> None:
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

        post = messenger.render(Article(incoming.event.text, media=incoming.event.media), OUTLET)
        receipt = await messenger.publish(Channel("main", Platform.TELEGRAM, str(CHANNEL)), post)
        await messenger.close()

        (shown,) = telegram.phone(CHANNEL)
        assert shown.photo
        assert "Bridge over the river opened" in shown.text
        assert receipt.message_id == shown.message_id
