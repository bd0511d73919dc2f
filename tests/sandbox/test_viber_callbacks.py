"""How a Viber account learns what happened: signed callbacks (docs/platforms/viber.md#callbacks), and a welcome."""

import hashlib
import hmac
from typing import Any

from bot.sandbox import Sandbox
from bot.sandbox.viber_callbacks import signature
from tests.sandbox.scene import IVAN, SENDER, VIBER_TOKEN, Caller, Door

KEYBOARD = {
    "Type": "keyboard",
    "Buttons": [
        {"ActionBody": "/latest", "Text": "<b>Latest</b>", "Columns": 3},
        {"ActionBody": "https://example.com/", "ActionType": "open-url", "Text": "Site", "Columns": 3},
        {"ActionBody": "quiet", "Text": "Quiet", "Silent": True},
    ],
}


def test_the_signature_is_vibers() -> None:
    body = (
        b'{"event":"webhook","timestamp":1595347748566,"chat_hostname":"SN-CHAT-22_",'
        b'"message_token":5466394344559121456}'
    )

    assert signature(VIBER_TOKEN, body) == "ee1d64115ec94a18f1a70ab906df404b1a03302e3eb3116c902210dcc0936a33"


async def open_door(caller: Caller, door: Door, **more: Any) -> None:
    _, answer = await caller.viber("set_webhook", url=door.url, **more)
    assert answer["status"] == 0


async def come(sandbox: Sandbox, door: Door, *events: str) -> None:
    await sandbox.until(lambda: [event["event"] for event in door.events] == ["webhook", *events])


async def test_a_webhook_is_called_before_it_is_set(caller: Caller, door: Door) -> None:
    door.statuses = [500]
    _, refused = await caller.viber("set_webhook", url=door.url)
    _, plain = await caller.viber("set_webhook", url="http://example.com/")
    _, accepted = await caller.viber("set_webhook", url=door.url, event_types=["delivered"])

    assert (refused["status"], plain["status"], accepted["status"]) == (1, 1, 0)
    assert accepted["event_types"] == ["subscribed", "unsubscribed", "message", "delivered"]
    assert [event["event"] for event in door.events] == ["webhook", "webhook"]
    for body, headers in zip(door.bodies, door.headers, strict=True):
        expected = hmac.new(VIBER_TOKEN.encode(), body, hashlib.sha256).hexdigest()
        assert headers["X-Viber-Content-Signature"] == expected


async def test_the_answer_to_an_opened_chat_is_the_welcome(caller: Caller, door: Door) -> None:
    viber = caller.sandbox.viber
    viber.add_person("new==", "Oksana")
    await open_door(caller, door, send_name=True)
    door.reply = {"type": "text", "text": "*Welcome*", "sender": SENDER, "keyboard": KEYBOARD}

    await viber.open_chat("new==", context="spring")

    event = door.events[-1]
    assert (event["event"], event["context"], event["subscribed"]) == ("conversation_started", "spring", False)
    assert event["user"]["name"] == "Oksana"
    (welcome,) = viber.phone("new==")
    assert (welcome.text, welcome.entities) == ("Welcome", [("bold", 0, 7, "")])
    assert viber.keyboard("new==") == [[("Latest", "/latest"), ("Site", "https://example.com/")], [("Quiet", "quiet")]]
    # Opening is not subscribing; the first word is.
    assert (await caller.viber("send_message", receiver="new==", type="text", text="x", sender=SENDER))[1][
        "status"
    ] == 6
    await viber.press("new==", "Latest")
    assert (await caller.viber("send_message", receiver="new==", type="text", text="x", sender=SENDER))[1][
        "status"
    ] == 0


async def test_a_wrong_welcome_is_not_shown(caller: Caller, door: Door) -> None:
    await open_door(caller, door)
    door.reply = {"type": "text", "text": "No sender"}

    await caller.sandbox.viber.open_chat(IVAN)

    assert caller.sandbox.viber.phone(IVAN) == []
    assert caller.sandbox.viber.rejected_welcomes == ["missingData: sender is missing"]


async def test_a_tap_shows_its_label_and_tells_its_body(caller: Caller, door: Door) -> None:
    viber = caller.sandbox.viber
    await open_door(caller, door, event_types=[])
    await caller.viber("send_message", receiver=IVAN, sender=SENDER, keyboard=KEYBOARD)

    await viber.press(IVAN, "Latest")
    await viber.press(IVAN, "Site")
    await viber.press(IVAN, "quiet")

    await come(caller.sandbox, door, "message", "message", "message")
    assert [e["message"]["text"] for e in door.events[1:]] == ["/latest", "https://example.com/", "quiet"]
    assert [e["silent"] for e in door.events[1:]] == [False, False, True]
    assert [(b.sender, b.text) for b in viber.phone(IVAN)] == [("person", "Latest"), ("person", "Site")]


async def test_receipts_come_for_both_sides_and_seen_once(caller: Caller, door: Door) -> None:
    await open_door(caller, door)
    send: dict[str, Any] = {"receiver": IVAN, "type": "text", "sender": SENDER}
    _, first = await caller.viber("send_message", text="one", **send)
    _, second = await caller.viber("send_message", text="two", **send)
    await caller.sandbox.viber.read(IVAN)
    theirs = await caller.sandbox.viber.say(IVAN, "thanks")

    await come(caller.sandbox, door, "delivered", "delivered", "seen", "message", "delivered")

    tokens = [event["message_token"] for event in door.events[1:]]
    assert tokens == [first["message_token"], second["message_token"], second["message_token"], theirs, theirs]


async def test_a_message_that_a_phone_rejects_fails_later(caller: Caller, door: Door) -> None:
    await open_door(caller, door)
    caller.sandbox.viber.fail_next(IVAN, "keyboard is broken")

    _, answer = await caller.viber("send_message", receiver=IVAN, type="text", text="x", sender=SENDER)

    await come(caller.sandbox, door, "failed")
    assert (answer["status"], door.events[-1]["desc"]) == (0, "keyboard is broken")
    assert caller.sandbox.viber.phone(IVAN) == []


async def test_a_callback_comes_again_until_it_is_taken(caller: Caller, door: Door) -> None:
    await open_door(caller, door, event_types=[])
    door.statuses = [500, 500]

    await caller.sandbox.viber.unsubscribe(IVAN)

    await come(caller.sandbox, door, "unsubscribed", "unsubscribed", "unsubscribed")
    assert len({event["message_token"] for event in door.events[1:]}) == 1
    assert (await caller.viber("send_message", receiver=IVAN, type="text", text="x", sender=SENDER))[1]["status"] == 6


async def test_what_a_person_sends_and_switches(caller: Caller, door: Door) -> None:
    viber = caller.sandbox.viber
    viber.add_person("new==")
    await open_door(caller, door, event_types=[])

    await viber.subscribe("new==")
    await viber.send_picture("new==", "https://example.com/a.jpg", "Look")
    await viber.send_video("new==", "https://example.com/a.mp4")

    await come(caller.sandbox, door, "subscribed", "message", "message")
    assert [e["message"]["type"] for e in door.events[2:]] == ["picture", "video"]
    assert [(b.photo, b.video) for b in viber.phone("new==")] == [
        ("https://example.com/a.jpg", ""),
        ("", "https://example.com/a.mp4"),
    ]


async def test_the_webhook_event_may_swap_its_fields(caller: Caller, door: Door) -> None:
    caller.sandbox.viber.swap_webhook_fields = True

    await open_door(caller, door)

    assert len(str(door.events[0]["timestamp"])) == 19
