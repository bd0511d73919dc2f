"""Nonsense gets a refusal, never a crash."""

import asyncio
import json
from collections.abc import Coroutine
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sandbox.phones import Board
from bot.sandbox.telegram import Telegram, telegram_methods
from bot.sandbox.telegram_params import Params
from bot.sandbox.viber import Viber, viber_endpoints
from tests.sandbox.scene import ADMIN, CHANNEL, IVAN, OLENA, TOKEN, VIBER_CHANNEL_TOKEN, VIBER_TOKEN

NAMES = [
    "chat_id", "text", "message_id", "caption", "photo", "media", "reply_markup", "parse_mode", "entities", "commands",
    "scope", "user_id", "message_ids", "from_chat_id", "file_id", "url", "reply_parameters", "link_preview_options",
    "allowed_updates", "limit", "receiver", "broadcast_list", "type", "sender", "keyboard", "rich_media", "size",
    "min_api_version", "location", "contact", "ids", "id", "from", "event_types", "tracking_data", "inline_keyboard",
    "Buttons", "Type", "ActionBody", "Text", "Columns", "offset", "length", "name",
]  # fmt: skip
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-(2**60), 2**60)
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(
        [OLENA, CHANNEL, "@news", IVAN, ADMIN, "text", "picture", "HTML", "keyboard", "https://e.ua/a.jpg"]
    )
)
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4)
)
BODIES = st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=6)

#: Good requests, each to be spoilt in one place.
TELEGRAM = [
    ("sendMessage", {"chat_id": OLENA, "text": "x", "entities": [{"type": "bold", "offset": 0, "length": 1}],
                     "reply_markup": {"inline_keyboard": [[{"text": "x", "callback_data": "x"}]]},
                     "reply_parameters": {"message_id": 1}, "link_preview_options": {"is_disabled": True}}),
    ("sendMessage", {"chat_id": OLENA, "text": "x", "reply_markup": {"keyboard": [["a", {"text": "b"}]]}}),
    ("sendMessage", {"chat_id": OLENA, "text": "x", "reply_markup": {
        "inline_keyboard": [[{"text": "x", "copy_text": {"text": "y"}}, {"text": "x", "url": "https://e.ua"}]]}}),
    ("sendPhoto", {"chat_id": OLENA, "photo": "https://e.ua/a.jpg", "caption": "x", "parse_mode": "HTML"}),
    ("sendMediaGroup", {"chat_id": CHANNEL, "media": [{"type": "photo", "media": "https://e.ua/a.jpg"}] * 2}),
    ("editMessageText", {"chat_id": OLENA, "message_id": 1, "text": "y"}),
    ("editMessageMedia", {"chat_id": OLENA, "message_id": 1, "media": {"type": "photo", "media": "https://e.ua/a.jpg"}}),
    ("deleteMessages", {"chat_id": OLENA, "message_ids": [1, 2]}),
    ("copyMessages", {"chat_id": OLENA, "from_chat_id": OLENA, "message_ids": [1]}),
    ("setMyCommands", {"commands": [{"command": "a", "description": "b"}], "scope": {"type": "chat", "chat_id": 1}}),
    ("setWebhook", {"url": "https://e.ua/", "allowed_updates": ["message"], "max_connections": 4}),
    ("getChatMember", {"chat_id": CHANNEL, "user_id": OLENA}),
    ("answerCallbackQuery", {"callback_query_id": "1", "text": "x"}),
]  # fmt: skip
BUTTON = {"ActionBody": "a", "Text": "A", "Columns": 3, "Rows": 1}
ANY = {"sender": {"name": "V"}, "min_api_version": 7, "tracking_data": "x", "receiver": IVAN, "broadcast_list": [IVAN],
       "from": ADMIN, "keyboard": {"Type": "keyboard", "Buttons": [BUTTON], "ButtonsGroupColumns": 6}}  # fmt: skip
VIBER = [
    {**ANY, "type": "text", "text": "x"},
    {**ANY, "type": "picture", "text": "x", "media": "https://e.ua/a.jpg", "thumbnail": "https://e.ua/a.jpg"},
    {**ANY, "type": "video", "media": "https://e.ua/a.mp4", "size": 1, "duration": 1},
    {**ANY, "type": "rich_media", "rich_media": {"Type": "rich_media", "Buttons": [BUTTON]}, "alt_text": "x"},
    {**ANY, "type": "contact", "contact": {"name": "A", "phone_number": "1"}},
    {**ANY, "type": "location", "location": {"lat": 1, "lon": 1}},
    {"id": IVAN, "ids": [IVAN]},
    {"url": "", "event_types": ["seen"]},
]


def paths(value: Any, so_far: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a request."""
    here = [so_far] if so_far else []
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return here + [path for key, inner in items for path in paths(inner, (*so_far, key))]


def spoilt(data: st.DataObject, body: dict[str, Any]) -> dict[str, Any]:
    body = json.loads(json.dumps(body))
    *way, last = data.draw(st.sampled_from(paths(body)))
    place: Any = body
    for key in way:
        place = place[key]
    place[last] = data.draw(VALUES)
    return body


def run(coroutine: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(coroutine)


async def ask_telegram(method: str, body: dict[str, Any]) -> None:
    telegram = Telegram(Board())
    telegram.add_bot(TOKEN)
    telegram.add_person(OLENA, started=True)
    telegram.add_channel(CHANNEL, "News", "news")
    telegram.set_admin(CHANNEL, TOKEN)
    await telegram.answer(TOKEN, "sendMessage", Params({"chat_id": OLENA, "text": "first"}))

    status, answer = await telegram.answer(TOKEN, method, Params(body))

    assert answer["ok"] == (status == 200)
    assert status in (200, 400, 403, 404)
    json.dumps(answer)
    assert isinstance(telegram.phone(OLENA) + telegram.phone(CHANNEL), list)


async def ask_viber(endpoint: str, token: str, body: dict[str, Any]) -> None:
    viber = Viber(Board())
    viber.add_bot(VIBER_TOKEN)
    viber.add_channel(VIBER_CHANNEL_TOKEN, "News", ADMIN)
    viber.account(VIBER_CHANNEL_TOKEN).webhook = "https://example.com/"
    viber.add_person(IVAN, subscribed=True)
    # No webhook may be called.
    body = body if endpoint != "set_webhook" else {**body, "url": ""}

    answer = await viber.answer(endpoint, token, body)

    assert answer is not None
    assert isinstance(answer["status"], int)
    json.dumps(answer)


@settings(deadline=None)
@given(st.sampled_from(sorted(set(telegram_methods()) - {"getupdates"})), BODIES)
def test_telegram_answers_anything(method: str, body: dict[str, Any]) -> None:
    run(ask_telegram(method, body))


@settings(deadline=None)
@given(st.data(), st.sampled_from(TELEGRAM))
def test_telegram_answers_what_is_almost_right(data: st.DataObject, request: tuple[str, dict[str, Any]]) -> None:
    run(ask_telegram(request[0], spoilt(data, request[1])))


@settings(deadline=None)
@given(st.sampled_from(viber_endpoints()), st.sampled_from([VIBER_TOKEN, VIBER_CHANNEL_TOKEN]), BODIES)
def test_viber_answers_anything(endpoint: str, token: str, body: dict[str, Any]) -> None:
    run(ask_viber(endpoint, token, body))


@settings(deadline=None)
@given(
    st.data(),
    st.sampled_from(viber_endpoints()),
    st.sampled_from([VIBER_TOKEN, VIBER_CHANNEL_TOKEN]),
    st.sampled_from(VIBER),
)
def test_viber_answers_what_is_almost_right(
    data: st.DataObject, endpoint: str, token: str, body: dict[str, Any]
) -> None:
    run(ask_viber(endpoint, token, spoilt(data, body)))
