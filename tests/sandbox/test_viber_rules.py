"""What Viber refuses, by number (docs/platforms/viber.md#error-codes)."""

from typing import Any

import pytest

from bot.sandbox import Sandbox
from tests.sandbox.scene import ADMIN, IVAN, SENDER, VIBER_CHANNEL_TOKEN, VIBER_TOKEN, Caller, Door

Body = dict[str, Any]
TEXT: Body = {"receiver": IVAN, "type": "text", "text": "x", "sender": SENDER}
PICTURE: Body = {**TEXT, "type": "picture", "media": "https://example.com/a.jpg"}
VIDEO: Body = {**TEXT, "type": "video", "media": "https://example.com/a.mp4", "size": 10}


def without(body: Body, name: str) -> Body:
    return {key: value for key, value in body.items() if key != name}


def keyboard(**more: Any) -> Body:
    return {**TEXT, "keyboard": {"Type": "keyboard", "Buttons": [{"ActionBody": "a", "Text": "A"}], **more}}


def buttons(*several: Body) -> Body:
    return keyboard(Buttons=list(several))


STATUSES: list[tuple[int, Body]] = [
    (0, TEXT),
    (4, without(TEXT, "receiver")),
    (4, without(TEXT, "type")),
    (4, without(TEXT, "text")),
    (4, without(TEXT, "sender")),
    (4, {**TEXT, "sender": {"name": ""}}),
    (3, {**TEXT, "sender": {"name": "x" * 29}}),
    (3, {**TEXT, "type": "fax"}),
    (3, {**TEXT, "text": ""}),
    (0, {**TEXT, "text": "і" * 7000}),
    (3, {**TEXT, "text": "x" * 7001}),
    (3, {**TEXT, "text": "x" * 30_001}),
    (5, {**TEXT, "receiver": "nobody=="}),
    (6, {**TEXT, "receiver": "left=="}),
    (11, {**TEXT, "receiver": "old=="}),
    (13, {**TEXT, "min_api_version": 11}),
    (0, PICTURE),
    (0, {**PICTURE, "text": ""}),
    (4, without(PICTURE, "text")),
    (4, without(PICTURE, "media")),
    (3, {**PICTURE, "text": "x" * 769}),
    (3, {**PICTURE, "media": "https://example.com/a.webp"}),
    (3, {**PICTURE, "media": "https://example.com/a"}),
    (0, {**PICTURE, "media": "https://example.com/a.jpg?size=1"}),
    (0, VIDEO),
    (4, without(VIDEO, "size")),
    (3, {**VIDEO, "size": 27_262_977}),
    (3, {**VIDEO, "duration": 181}),
    (3, {**VIDEO, "media": "https://example.com/a.mov"}),
    (3, {**TEXT, "type": "url", "media": "https://example.com/" + "x" * 2000}),
    (3, {**TEXT, "type": "file", "media": "https://example.com/a.exe", "size": 1, "file_name": "a.exe"}),
    (3, {**TEXT, "type": "location", "location": {"lat": 91, "lon": 0}}),
    (0, {**TEXT, "type": "contact", "contact": {"name": "A", "phone_number": "+380501234567"}}),
    (0, keyboard()),
    (0, without(without(keyboard(), "type"), "text")),
    (3, keyboard(Type="Keyboard")),
    (3, keyboard(Buttons=[])),
    (3, buttons({"Text": "A"})),
    (3, buttons({"ActionBody": "a"})),
    (3, buttons({"ActionBody": "a", "Text": "x" * 251})),
    (3, buttons({"ActionBody": "a", "Text": "A", "Columns": 7})),
    (3, buttons({"ActionBody": "a", "Text": "A", "Rows": 3})),
    (3, buttons({"ActionBody": "a", "Text": "A", "ActionType": "jump"})),
    (0, buttons(*[{"ActionBody": "a", "Text": "A", "Columns": 3}] * 24)),
    (3, buttons(*[{"ActionBody": "a", "Text": "A"}] * 13)),
    (14, keyboard(InputFieldState="hidden")),
    (0, {**keyboard(InputFieldState="hidden"), "min_api_version": 4}),
]


@pytest.mark.parametrize(("status", "body"), STATUSES, ids=lambda value: str(value)[:50])
async def test_a_message_is_judged_by_the_rules(caller: Caller, status: int, body: Body) -> None:
    caller.sandbox.viber.add_person("left==")
    caller.sandbox.viber.add_person("old==", subscribed=True, suitable_device=False)

    http, answer = await caller.viber("send_message", **body)

    assert (http, answer["status"]) == (200, status), answer


async def test_vibers_requests_without_a_known_token_are_refused(caller: Caller) -> None:
    assert (await caller.viber("get_account_info", token=""))[1]["status_message"] == "missing_auth_token"
    assert (await caller.viber("get_account_info", token="wrong"))[1]["status"] == 2
    assert (await caller.viber("get_account_info", token="", auth_token=VIBER_TOKEN))[1]["status"] == 0
    assert (await caller.viber("get_nothing"))[0] == 404


async def test_a_broadcast_names_who_failed_and_fills_in_who_did_not(caller: Caller) -> None:
    viber = caller.sandbox.viber
    viber.add_person("left==", "Left")
    viber.add_person("old==", "Old", subscribed=True, api_version=2)
    body = without(TEXT, "receiver") | {"text": "Hi, replace_me_with_user_name", "min_api_version": 3}

    _, answer = await caller.viber("broadcast_message", broadcast_list=[IVAN, "left==", "old==", "nobody=="], **body)

    assert answer["status"] == 0
    assert len(str(answer["message_token"])) == 19
    assert {f["receiver"]: f["status"] for f in answer["failed_list"]} == {"left==": 6, "old==": 13, "nobody==": 5}
    assert [b.text for b in viber.phone(IVAN)] == ["Hi, Ivan"]
    _, answer = await caller.viber("broadcast_message", broadcast_list=[IVAN] * 301, **body)
    assert answer["status"] == 3


async def test_a_channel_post_needs_its_webhook_its_superadmin_and_plain_types(caller: Caller, door: Door) -> None:
    post: Body = {"from": ADMIN, "type": "text", "text": "*News* today"}

    async def status(token: str = VIBER_CHANNEL_TOKEN, **change: Any) -> int:
        return int((await caller.viber("post", token, **{**post, **change}))[1]["status"])

    assert await status() == 10
    await caller.viber("set_webhook", VIBER_CHANNEL_TOKEN, url=door.url)
    assert await status() == 0
    assert await status(VIBER_TOKEN) == 18
    assert await status(**{"from": "someone=="}) == 3
    assert await status(keyboard=keyboard()["keyboard"]) == 3
    assert await status(type="rich_media") == 3
    assert await status(type="picture", media="https://example.com/a.png") == 3
    assert await status(type="picture", media="https://example.com/a.jpeg") == 0
    _, info = await caller.viber("get_account_info", VIBER_CHANNEL_TOKEN)
    assert [m["id"] for m in info["members"] if m["role"] == "superadmin"] == [ADMIN]
    assert [(b.text, b.entities) for b in caller.sandbox.viber.channel_phone(VIBER_CHANNEL_TOKEN)] == [
        ("News today", [("bold", 0, 4, "")]),
        ("News today", [("bold", 0, 4, "")]),
    ]


async def test_a_hundred_messages_without_a_word_are_enough_for_an_hour(caller: Caller) -> None:
    viber = caller.sandbox.viber
    for _ in range(100):
        answer = await viber.answer("send_message", VIBER_TOKEN, TEXT)
        assert answer
        assert answer["status"] == 0

    _, refused = await caller.viber("send_message", **TEXT)
    await viber.say(IVAN, "still here")
    _, accepted = await caller.viber("send_message", **TEXT)

    assert (refused["status"], accepted["status"]) == (12, 0)
    assert viber.phone(IVAN)[0].told == 101


async def test_a_person_is_looked_up_twice_in_twelve_hours(caller: Caller) -> None:
    statuses = [(await caller.viber("get_user_details", id=IVAN))[1]["status"] for _ in range(3)]

    assert statuses == [0, 0, 12]


async def test_a_carousel_shows_its_cards(sandbox: Sandbox, caller: Caller) -> None:
    card = {"ActionBody": "https://example.com/", "ActionType": "open-url", "Text": "<b>Read</b>"}
    body = {**TEXT, "type": "rich_media", "rich_media": {"Type": "rich_media", "Buttons": [card]}, "alt_text": "Read"}

    assert (await caller.viber("send_message", **body))[1]["status"] == 14
    assert (await caller.viber("send_message", min_api_version=7, **body))[1]["status"] == 0
    assert sandbox.viber.phone(IVAN)[0].buttons == [[("Read", "https://example.com/")]]
