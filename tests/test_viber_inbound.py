"""What people do in Viber, as we understand it. How the signatures were made: docs/platforms/viber.md#signatures."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.adapters.viber import ViberMessenger
from bot.adapters.viber.keyboard import BUTTON_PREFIX
from bot.domain import (
    Attachment,
    AttachmentKind,
    Event,
    Failed,
    Incoming,
    Left,
    Media,
    MediaKind,
    Opened,
    Pressed,
    Returned,
    Run,
    Said,
)

TOKEN = "TEST-VIBER-TOKEN-0001"
WEBHOOK = (
    b'{"event":"webhook","timestamp":1595347748566,"chat_hostname":"SN-CHAT-22_","message_token":5466394344559121456}'
)
WEBHOOK_SIGNATURE = "ee1d64115ec94a18f1a70ab906df404b1a03302e3eb3116c902210dcc0936a33"
MESSAGE = (
    '{"event":"message","timestamp":1700000000000,"message_token":5851650804048782321,'
    '"sender":{"id":"AAAAAAAAAAAAAAAAAAAAAA==","name":"Олена","language":"uk-UA","country":"UA","api_version":10},'
    '"message":{"type":"text","text":"/черга"},"silent":false}'
).encode()
MESSAGE_SIGNATURE = "2989de525c57e2d401146cd5664bdf42869db6ab9c976bb5465f47a33b3261c1"

READER = {"id": "r==", "name": "Reader", "language": "en"}

viber = ViberMessenger(TOKEN, channel_token="CHANNEL-TOKEN")


def body(event: str, **fields: Any) -> bytes:
    return json.dumps({"event": event, "timestamp": 1_700_000_000_000, "message_token": 77, **fields}).encode()


def message(**fields: Any) -> bytes:
    return body("message", sender=READER, message=fields)


def understood(raw: bytes) -> Incoming:
    incoming = viber.calls.parse(raw)
    assert incoming is not None
    return incoming


@pytest.mark.parametrize(("raw", "signature"), [(WEBHOOK, WEBHOOK_SIGNATURE), (MESSAGE, MESSAGE_SIGNATURE)])
def test_viber_is_known_by_its_signature(raw: bytes, signature: str) -> None:
    assert viber.calls.verify({"X-Viber-Content-Signature": signature}, raw)
    assert viber.calls.verify({"x-viber-content-SIGNATURE": signature}, raw)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Viber-Content-Signature": ""},
        {"X-Viber-Content-Signature": "é" * 64},
        {"X-Viber-Content-Signature": "0" * 64},
        {"X-Viber-Content-Signature": MESSAGE_SIGNATURE},
    ],
)
def test_a_stranger_is_turned_away(headers: dict[str, str]) -> None:
    assert not viber.calls.verify(headers, WEBHOOK)


def test_the_channel_has_its_own_signature() -> None:
    as_bot = {"X-Viber-Content-Signature": WEBHOOK_SIGNATURE}

    assert not viber.calls.verify(as_bot, WEBHOOK, "channel")
    assert ViberMessenger("", channel_token=TOKEN).calls.verify(as_bot, WEBHOOK, "channel")


def test_without_a_token_nothing_is_genuine() -> None:
    forged = hmac.new(b"", WEBHOOK, hashlib.sha256).hexdigest()

    assert not ViberMessenger("").calls.verify({"X-Viber-Content-Signature": forged}, WEBHOOK)


def test_a_message_from_viber_is_understood_with_its_sender() -> None:
    incoming = understood(MESSAGE)

    assert incoming.event == Said(runs=(Run("/черга"),), message_id=5851650804048782321)
    assert (incoming.sender.name, incoming.sender.language) == ("Олена", "uk")
    assert incoming.chat == incoming.sender.address
    assert incoming.at == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)


EVENTS: list[tuple[bytes, Event]] = [
    (body("subscribed", user=READER), Returned()),
    (body("unsubscribed", user_id="r=="), Left()),
    (body("conversation_started", type="open", context="a12", user=READER, subscribed=False), Opened("a12")),
    (body("conversation_started", user=READER), Opened("")),
    (body("failed", user_id="r==", desc="failure description"), Failed(77, "failure description")),
    (message(type="text", text=f"{BUTTON_PREFIX}{'4' * 22}"), Pressed("4" * 22)),
    (message(type="sticker", sticker_id=46105), Said(message_id=77, untaken=Attachment(AttachmentKind.STICKER))),
    (message(type="hologram", text="hm"), understood(message(type="text", text="hm")).event),
    (
        message(type="picture", media="https://dl-media.viber.com/a.jpg", thumbnail="https://x/t.jpg"),
        Said(media=Media(MediaKind.PHOTO, url="https://dl-media.viber.com/a.jpg", borrowed=True), message_id=77),
    ),
    (
        message(type="video", media="https://dl-media.viber.com/a.mp4", size=10_000, duration=12),
        Said(
            media=Media(MediaKind.VIDEO, "https://dl-media.viber.com/a.mp4", size=10_000, duration=12, borrowed=True),
            message_id=77,
        ),
    ),
]


@pytest.mark.parametrize(("raw", "event"), EVENTS)
def test_what_a_reader_did_on_viber_is_understood(raw: bytes, event: Event) -> None:
    assert understood(raw).event == event
    assert understood(raw).sender.address.id == "r=="


@pytest.mark.parametrize(
    "raw",
    [
        WEBHOOK,
        body("delivered", user_id="r=="),
        body("seen", user_id="r=="),
        body("client_status", user=READER, status={"type": "payment", "code": 0}),
        body("tomorrow's event", user=READER),
        body("message", sender=READER),
        body("message", message={"type": "text", "text": "from nobody"}),
        body("subscribed", user={"id": 5}),
        body("failed", user_id="r==", message_token=None),
        b"",
        b"[]",
        b"null",
        b"<html>",
        b"\xff",
        b'{"event":{}}',
        b"[" * 100_000,
    ],
)
def test_what_does_not_concern_us_is_passed_over(raw: bytes) -> None:
    assert viber.calls.parse(raw) is None


@pytest.mark.parametrize(
    ("typed", "command"),
    [
        ("/list", "/list"),
        ("*/list*", "/list"),
        ("_/show 12_", "/show 12"),
        ("*/show* 12", "/show 12"),
        ("```/list```", "/list"),
        ("*/queue*\n\nShip sinks", "/queue\n\nShip sinks"),
        ("*important* news", "*important* news"),
        ("/edit_", "/edit_"),
        ("fish\u2060erman", "fisherman"),
    ],
)
def test_marks_around_a_command_do_not_hide_it(typed: str, command: str) -> None:
    event = understood(message(type="text", text=typed)).event

    assert isinstance(event, Said)
    assert event.text == command


@pytest.mark.parametrize(
    "typed",
    ["#", "#війна", "#1 in the charts", "see #12", "https://example.org/a#12", "#news", "#Ukraine2026", f"#{'a' * 64}"],
)
def test_a_hashtag_is_no_button(typed: str) -> None:
    assert isinstance(understood(message(type="text", text=typed)).event, Said)


@pytest.mark.parametrize(
    ("language", "code"), [("uk-UA", "uk"), ("EN", "en"), ("", ""), (None, ""), ("u", ""), ("щось", ""), (7, "")]
)
def test_a_language_has_two_letters_or_none(language: object, code: str) -> None:
    raw = body("subscribed", user={**READER, "language": language})

    assert understood(raw).sender.language == code


@pytest.mark.parametrize("timestamp", [None, "soon", 10**30, -(10**30), [], {}])
def test_an_odd_time_does_not_lose_the_message(timestamp: object) -> None:
    assert understood(body("subscribed", user=READER, timestamp=timestamp)).at.tzinfo is UTC


@pytest.mark.parametrize(
    ("age", "replayed"),
    [
        (timedelta(0), False),
        (timedelta(minutes=59), False),
        (timedelta(minutes=61), True),
        (timedelta(days=2), True),
        (-timedelta(minutes=4), False),
        (-timedelta(minutes=6), True),
    ],
)
@pytest.mark.parametrize("event", ["message", "subscribed", "unsubscribed", "conversation_started", "failed"])
def test_what_viber_no_longer_repeats_is_a_replay(event: str, age: timedelta, replayed: bool) -> None:
    said = datetime.fromtimestamp(1_700_000_000, UTC)

    assert viber.calls.is_replayed(body(event, sender=READER), said + age) is replayed


@pytest.mark.parametrize("timestamp", [None, "soon", 10**30, [], {}])
def test_a_callback_without_a_time_might_be_of_any_day(timestamp: object) -> None:
    assert viber.calls.is_replayed(body("message", sender=READER, timestamp=timestamp), datetime.now(UTC))


@pytest.mark.parametrize("raw", [b"", b"{}", b"[]", body("delivered", user_id="r=="), b"[" * 100_000])
def test_what_does_nothing_is_no_replay(raw: bytes) -> None:
    assert not viber.calls.is_replayed(raw, datetime.now(UTC))


@pytest.mark.parametrize(
    ("raw", "key"),
    [
        (WEBHOOK, "webhook:5466394344559121456"),
        (MESSAGE, "message:5851650804048782321"),
        (body("unsubscribed", user_id="r=="), "unsubscribed:77"),
        (body("subscribed", user=READER), "subscribed:77"),
        (body("seen", user_id="r==", message_token="4912661846655238145"), "seen:4912661846655238145"),
        (body("failed", user_id="r=="), "failed:77:de6bab1057d74bfc"),
        (body("failed", user_id="q=="), "failed:77:b25f76abb33132e6"),
    ],
)
def test_the_same_callback_has_the_same_key_that_names_nobody(raw: bytes, key: str) -> None:
    assert viber.calls.key(raw) == key


@pytest.mark.parametrize(
    "raw", [b"", b"{}", b"[]", b"7", b"\xff", b'{"event":"seen"}', b'{"event":"","message_token":1}', b"[" * 100_000]
)
def test_what_is_no_callback_has_no_key(raw: bytes) -> None:
    with pytest.raises(ValueError):
        viber.calls.key(raw)


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
_callbacks = st.fixed_dictionaries(
    {"event": st.sampled_from(["message", "subscribed", "unsubscribed", "conversation_started", "failed"]) | _json},
    optional={
        "message_token": _json,
        "timestamp": _json,
        "user_id": _json,
        "user": st.fixed_dictionaries({}, optional={"id": st.text(), "language": _json, "name": _json}) | _json,
        "sender": st.fixed_dictionaries({}, optional={"id": st.text(), "language": _json, "name": _json}) | _json,
        "message": st.fixed_dictionaries(
            {},
            optional={
                "type": st.sampled_from(["text", "picture", "video", "url"]) | _json,
                "text": _json,
                "media": _json,
            },
        )
        | _json,
        "desc": _json,
        "context": _json,
    },
)


@settings(deadline=None)
@given(_callbacks)
def test_no_callback_can_make_us_stumble(callback: dict[str, Any]) -> None:
    viber.calls.parse(json.dumps(callback).encode())


@settings(deadline=None)
@given(st.binary(max_size=64))
def test_no_bytes_can_make_us_stumble(raw: bytes) -> None:
    viber.calls.parse(raw)
