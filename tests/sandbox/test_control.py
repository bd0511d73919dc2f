"""Looking on and taking part, from Python and from other processes."""

import asyncio
import json
from typing import Any

import pytest

from bot.sandbox import Sandbox
from tests.sandbox.scene import CHANNEL, IVAN, OLENA, Caller


async def control(caller: Caller, action: str, **arguments: Any) -> Any:
    async with caller.session.post(f"{caller.sandbox.url}/control/{action}", json=arguments) as answer:
        body = await answer.json()
        return body["result"] if answer.status == 200 else (answer.status, body["error"])


async def test_people_act_from_other_processes(caller: Caller) -> None:
    await control(caller, "telegram/add_person", person_id=7, name="Nina")
    await control(caller, "telegram/say", person_id=7, text="/start")
    await control(caller, "viber/say", person_id=IVAN, text="hello")
    await caller.telegram("sendMessage", chat_id=7, text="Hi", reply_markup={
        "inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]})  # fmt: skip
    await control(caller, "telegram/press", person_id=7, message_id=2, label_or_data="Go")

    _, updates = await caller.telegram("getUpdates")

    assert [list(update)[1] for update in updates["result"]] == ["message", "callback_query"]
    async with caller.session.get(f"{caller.sandbox.url}/control/telegram/phone?chat_id=7") as answer:
        assert [b["text"] for b in (await answer.json())["result"]] == ["/start", "Hi"]
    assert [b["text"] for b in await control(caller, "viber/phone", person_id=IVAN)] == ["hello"]


async def test_faults_and_requests_are_within_reach(caller: Caller) -> None:
    await control(caller, "faults/add", platform="telegram", kind="429")
    await control(caller, "telegram/switch", reencode_videos=True)
    await caller.telegram("sendMessage", chat_id=OLENA, text="x")

    async with caller.session.get(f"{caller.sandbox.url}/control/requests?last=1") as answer:
        (request,) = (await answer.json())["result"]

    assert (request["method"], request["status"], request["chat"]) == ("sendMessage", 429, str(OLENA))
    assert caller.sandbox.telegram.reencode_videos


async def test_wrong_actions_are_explained(caller: Caller) -> None:
    assert await control(caller, "telegram/fly") == (404, "no such action; GET /control lists them")
    assert (await control(caller, "telegram/phone", chat_id=404))[0] == 400
    assert (await control(caller, "telegram/say"))[0] == 400
    assert (await control(caller, "viber/switch", lights=True))[0] == 400
    async with caller.session.get(f"{caller.sandbox.url}/control") as answer:
        assert "telegram/say" in (await answer.json())["result"]["actions"]


async def test_a_live_display_sees_what_happens(caller: Caller) -> None:
    watch = caller.sandbox.watch()
    async with caller.session.get(f"{caller.sandbox.url}/control/watch") as stream:
        _, sent = await caller.telegram("sendMessage", chat_id=CHANNEL, text="one")
        message = {"chat_id": CHANNEL, "message_id": sent["result"]["message_id"]}
        await caller.telegram("editMessageText", text="two", **message)
        await caller.telegram("deleteMessage", **message)

        lines = [json.loads(await stream.content.readline()) for _ in range(6)]

    seen = [(event.kind, event.bubble.text if event.bubble else "") for event in [await anext(watch) for _ in lines]]
    assert seen == [("shown", "one"), ("request", ""), ("edited", "two"), ("request", ""), ("deleted", "two"),
                    ("request", "")]  # fmt: skip
    assert [line["kind"] for line in lines] == [kind for kind, _ in seen]


async def test_waiting_ends_with_the_change_or_tells_the_story(sandbox: Sandbox) -> None:
    waiting = asyncio.create_task(sandbox.until(lambda: sandbox.telegram.phone(OLENA)))
    await sandbox.telegram.say(OLENA, "hello")
    await waiting

    with pytest.raises(TimeoutError, match="person: 'hello'"):
        await sandbox.until(lambda: False, timeout=0.01)


async def test_an_open_house_knows_everyone(caller: Caller) -> None:
    caller.sandbox.telegram.open_house = True
    caller.sandbox.viber.open_house = True

    assert (await caller.telegram("sendMessage", chat_id=999_999_999, text="x"))[0] == 200
    assert caller.sandbox.telegram.phone(999_999_999)[0].text == "x"
    body: dict[str, Any] = {"receiver": "any==", "type": "text", "text": "x", "sender": {"name": "V"}}
    assert (await caller.viber("send_message", **body))[1]["status"] == 0


async def test_a_bubble_says_how_often_the_same_was_told(caller: Caller) -> None:
    for text in ("same", "same", "other"):
        await caller.telegram("sendMessage", chat_id=OLENA, text=text)

    assert [b.told for b in caller.sandbox.telegram.phone(OLENA)] == [2, 2, 1]


async def test_parameters_come_as_query_form_or_json(caller: Caller) -> None:
    url = f"{caller.sandbox.telegram_url}/bot123456:sandbox-token/sendMessage"

    async with caller.session.get(url, params={"chat_id": str(OLENA), "text": "query"}) as answer:
        assert answer.status == 200
    async with caller.session.post(url, data={"chat_id": str(OLENA), "text": "form"}) as answer:
        assert answer.status == 200
    await caller.telegram("sendMessage", chat_id=OLENA, text="json")

    assert [b.text for b in caller.sandbox.telegram.phone(OLENA)] == ["query", "form", "json"]


@pytest.mark.parametrize(
    ("carried", "keys"),
    [("message", {"message"}), ("inaccessible", {"message"}), ("inline", {"inline_message_id"}), ("nothing", set())],
)
async def test_a_press_carries_what_it_is_told_to(caller: Caller, carried: str, keys: set[str]) -> None:
    await control(caller, "telegram/switch", presses_carry=carried)
    markup = {"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]}
    _, sent = await caller.telegram("sendMessage", chat_id=OLENA, text="Hi", reply_markup=markup)
    message = sent["result"]["message_id"]
    await control(caller, "telegram/press", person_id=OLENA, message_id=message, label_or_data="Go")

    _, updates = await caller.telegram("getUpdates")

    query = updates["result"][0]["callback_query"]
    assert query.keys() == {"id", "from", "chat_instance", "data"} | keys
    assert (query.get("message", {}).get("date") == 0) == (carried == "inaccessible")
    assert query.get("message", sent["result"])["message_id"] == message
    assert (await caller.telegram("answerCallbackQuery", callback_query_id=query["id"]))[0] == 200


async def test_a_press_that_carries_what_no_press_can_is_refused(caller: Caller) -> None:
    await control(caller, "telegram/switch", presses_carry="a parcel")
    markup = {"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]}
    _, sent = await caller.telegram("sendMessage", chat_id=OLENA, text="Hi", reply_markup=markup)

    press = {"person_id": OLENA, "message_id": sent["result"]["message_id"], "label_or_data": "Go"}
    assert await control(caller, "telegram/press", **press) == (400, "a press cannot carry 'a parcel'")
