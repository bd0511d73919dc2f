"""Clients that nobody here wrote work against the sandbox: viberbot and aioviberbot."""

import asyncio

import aioviberbot
import pytest
from aioviberbot.api.bot_configuration import BotConfiguration as AioConfiguration
from aioviberbot.api.messages import TextMessage as AioTextMessage
from viberbot import Api, BotConfiguration
from viberbot.api.messages import KeyboardMessage, PictureMessage, TextMessage

from bot.sandbox import Sandbox
from tests.sandbox.scene import ADMIN, IVAN, VIBER_CHANNEL_TOKEN, VIBER_TOKEN, Door

KEYBOARD = {"Type": "keyboard", "Buttons": [{"ActionBody": "/latest", "Text": "Latest"}]}


def stock(sandbox: Sandbox, token: str = VIBER_TOKEN) -> Api:
    api = Api(BotConfiguration(name="Visnyk", avatar="", auth_token=token))
    api._request_sender._viber_bot_api_url = sandbox.viber_url
    return api


async def test_viberbot_sends_and_asks(sandbox: Sandbox, door: Door) -> None:
    api = stock(sandbox)
    picture = PictureMessage(text="Caption", media="https://example.com/a.jpg")

    events = await asyncio.to_thread(api.set_webhook, door.url)
    tokens = await asyncio.to_thread(
        api.send_messages, IVAN, [TextMessage(text="*Привіт*"), picture, KeyboardMessage(keyboard=KEYBOARD)]
    )
    info = await asyncio.to_thread(api.get_account_info)
    details = await asyncio.to_thread(api.get_user_details, IVAN)
    await asyncio.to_thread(api.unset_webhook)

    assert "message" in events
    assert len(tokens) == 3
    assert (info["webhook"], details["id"]) == (door.url, IVAN)
    assert [(b.text, b.photo) for b in sandbox.viber.phone(IVAN)] == [
        ("Привіт", ""),
        ("Caption", "https://example.com/a.jpg"),
    ]
    assert sandbox.viber.keyboard(IVAN) == [[("Latest", "/latest")]]


async def test_viberbot_posts_to_a_channel(sandbox: Sandbox, door: Door) -> None:
    api = stock(sandbox, VIBER_CHANNEL_TOKEN)
    await asyncio.to_thread(api.set_webhook, door.url)

    await asyncio.to_thread(api.post_messages_to_public_account, ADMIN, [TextMessage(text="News")])

    assert [b.text for b in sandbox.viber.channel_phone(VIBER_CHANNEL_TOKEN)] == ["News"]


async def test_viberbot_hears_a_refusal(sandbox: Sandbox) -> None:
    with pytest.raises(Exception, match="failed with status: 5"):
        await asyncio.to_thread(stock(sandbox).send_messages, "nobody==", [TextMessage(text="x")])


async def test_viberbot_reads_our_callbacks(sandbox: Sandbox, door: Door) -> None:
    api = stock(sandbox)
    await asyncio.to_thread(api.set_webhook, door.url)
    await sandbox.viber.say(IVAN, "/черга")
    await sandbox.until(lambda: len(door.bodies) == 3)

    body, headers = door.bodies[1], door.headers[1]

    assert api.verify_signature(body, headers["X-Viber-Content-Signature"])
    request = api.parse_request(body)
    assert (request.message.text, request.sender.id) == ("/черга", IVAN)


async def test_aioviberbot_sends_and_broadcasts(sandbox: Sandbox, door: Door) -> None:
    api = aioviberbot.Api(AioConfiguration(name="Visnyk", avatar="", auth_token=VIBER_TOKEN))
    api._request_sender._viber_bot_api_url = sandbox.viber_url

    await api.set_webhook(door.url)
    await api.send_messages(IVAN, [AioTextMessage(text="One")])
    await api.broadcast_messages([IVAN, "nobody=="], [AioTextMessage(text="Two")])

    assert [b.text for b in sandbox.viber.phone(IVAN)] == ["One", "Two"]
