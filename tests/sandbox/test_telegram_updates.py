"""How bots learn what happened: one poller, or a webhook that is called until it answers.

Their rules are in docs/platforms/telegram.md#polling and docs/platforms/telegram.md#webhooks.
"""

import asyncio

from bot.sandbox import Sandbox
from tests.sandbox.scene import CHANNEL, OLENA, TOKEN, Caller, Door


async def test_an_unconfirmed_update_comes_again_and_a_confirmed_one_never(caller: Caller) -> None:
    await caller.sandbox.telegram.say(OLENA, "one")
    await caller.sandbox.telegram.say(OLENA, "two")

    _, first = await caller.telegram("getUpdates", limit=1)
    _, again = await caller.telegram("getUpdates")
    one, two = again["result"]
    _, rest = await caller.telegram("getUpdates", offset=two["update_id"])

    assert first["result"] == [one]
    assert two["update_id"] == one["update_id"] + 1
    assert rest["result"] == [two]
    assert (await caller.telegram("getUpdates", offset=two["update_id"] + 1))[1]["result"] == []


async def test_a_poll_waits_for_news(caller: Caller) -> None:
    poll = asyncio.create_task(caller.telegram("getUpdates", timeout=30))
    await caller.telegram("getMe")

    await caller.sandbox.telegram.say(OLENA, "now")

    _, body = await poll
    assert body["result"][0]["message"]["text"] == "now"


async def test_a_second_poller_and_a_webhook_end_the_first_poll(caller: Caller, door: Door) -> None:
    first = asyncio.create_task(caller.telegram("getUpdates", timeout=30))
    await caller.telegram("getMe")
    second = asyncio.create_task(caller.telegram("getUpdates", timeout=30))

    status, body = await first
    assert (status, body["description"]) == (
        409,
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
    )
    await caller.telegram("setWebhook", url=door.url)
    assert (await second)[1]["description"] == "Conflict: terminated by setWebhook request"
    status, body = await caller.telegram("getUpdates")
    assert status == 409
    assert "can't use getUpdates method while webhook is active" in body["description"]


async def test_a_webhook_gets_its_secret_and_what_waited(caller: Caller, door: Door) -> None:
    await caller.sandbox.telegram.say(OLENA, "before")

    await caller.telegram("setWebhook", url=door.url, secret_token="s3cret")
    await caller.sandbox.until(lambda: door.events)

    assert door.headers[0]["X-Telegram-Bot-Api-Secret-Token"] == "s3cret"
    assert door.events[0]["message"]["text"] == "before"
    await caller.sandbox.until(lambda: pending(caller.sandbox) == 0)
    _, info = await caller.telegram("getWebhookInfo")
    assert (info["result"]["url"], info["result"]["pending_update_count"]) == (door.url, 0)


async def test_an_update_is_repeated_until_it_is_taken_and_its_chat_waits(caller: Caller, door: Door) -> None:
    telegram = caller.sandbox.telegram
    telegram.add_person(1002, "Taras")
    door.statuses = [500, 503]
    await caller.telegram("setWebhook", url=door.url)

    await telegram.say(OLENA, "one")
    await telegram.say(OLENA, "two")
    await caller.sandbox.until(lambda: pending(caller.sandbox) == 0)

    assert [event["message"]["text"] for event in door.events] == ["one", "one", "one", "two"]
    _, info = await caller.telegram("getWebhookInfo")
    assert info["result"]["last_error_message"].startswith("Wrong response from the webhook: 503")


async def test_an_answer_may_hold_one_call(caller: Caller, door: Door) -> None:
    door.reply = {"method": "sendMessage", "chat_id": OLENA, "text": "At once"}
    await caller.telegram("setWebhook", url=door.url)

    await caller.sandbox.telegram.say(OLENA, "hello")

    await caller.sandbox.until(lambda: len(caller.sandbox.telegram.phone(OLENA)) == 2)
    assert caller.sandbox.telegram.phone(OLENA)[1].text == "At once"


async def test_only_wanted_kinds_come_and_never_our_own(caller: Caller) -> None:
    await caller.telegram("getUpdates", allowed_updates=["channel_post", "edited_channel_post"])
    await caller.telegram("sendMessage", chat_id=CHANNEL, text="ours")
    await caller.sandbox.telegram.say(OLENA, "unheard")
    post = await caller.sandbox.telegram.post(CHANNEL, "by hand", author="Editor")
    await caller.sandbox.telegram.edit(CHANNEL, post, "by hand, better")

    _, body = await caller.telegram("getUpdates")

    assert [list(update)[1] for update in body["result"]] == ["channel_post", "edited_channel_post"]
    assert body["result"][0]["channel_post"]["author_signature"] == "Editor"
    assert "from" not in body["result"][0]["channel_post"]


async def test_in_a_group_a_bot_hears_commands_only(caller: Caller) -> None:
    caller.sandbox.telegram.add_group(-1005, "Desk")
    caller.sandbox.telegram.add_bot_to(-1005, TOKEN)
    await caller.sandbox.telegram.say(OLENA, "chatter", chat=-1005)
    await caller.sandbox.telegram.say(OLENA, "/list", chat=-1005)

    _, body = await caller.telegram("getUpdates")

    assert [update["message"]["text"] for update in body["result"]] == ["/list"]


def pending(sandbox: Sandbox) -> int:
    telegram = sandbox.telegram
    return len(telegram.postman.inbox(telegram.account()).pending)
