"""A forum's topics as Telegram keeps them: who may begin one, what is refused, where messages stand."""

from typing import Any

import pytest

from bot.sandbox import Sandbox
from tests.sandbox.scene import CHANNEL, OLENA, TOKEN, Caller, Door

FORUM, GROUP = -1009999999991, -1009999999992


@pytest.fixture
async def forum(sandbox: Sandbox) -> int:
    sandbox.telegram.add_group(FORUM, "Desk", forum=True)
    sandbox.telegram.add_group(GROUP, "Talk")
    for group in (FORUM, GROUP):
        sandbox.telegram.set_admin(group, TOKEN, can_manage_topics=True)
    return FORUM


async def created(caller: Caller, name: str = "#1 Bridge") -> int:
    status, body = await caller.telegram("createForumTopic", chat_id=FORUM, name=name)
    assert status == 200
    assert body["result"] == {"message_thread_id": body["result"]["message_thread_id"], "name": name,
                              "icon_color": 0x6FB9F0}  # fmt: skip
    return int(body["result"]["message_thread_id"])


async def refusal(caller: Caller, method: str, **params: Any) -> str:
    status, body = await caller.telegram(method, **params)
    assert status == 400
    return str(body["description"])


async def test_what_is_sent_to_a_topic_stands_there(sandbox: Sandbox, caller: Caller, forum: int) -> None:
    thread = await created(caller)
    for method, content in (("sendMessage", {"text": "x"}), ("sendPhoto", {"photo": "https://example.com/a.jpg"})):
        status, body = await caller.telegram(method, chat_id=forum, message_thread_id=thread, **content)
        assert status == 200
        message = body["result"]
        assert (message["message_thread_id"], message["is_topic_message"]) == (thread, True)
        assert message["chat"]["is_forum"] is True
    await caller.telegram("sendMessage", chat_id=forum, text="general")

    assert [bubble.thread for bubble in sandbox.telegram.phone(forum)] == [thread, thread, 0]
    assert sandbox.telegram.topics(forum) == {thread: "#1 Bridge"}


async def test_a_person_writes_in_a_topic_and_the_bot_learns_which(
    sandbox: Sandbox, caller: Caller, forum: int, door: Door
) -> None:
    thread = await created(caller)
    await sandbox.telegram.say(OLENA, "/list", chat=forum, thread=thread)
    await sandbox.telegram.say(OLENA, "/list", chat=forum)
    status, body = await caller.telegram("getUpdates")

    assert status == 200
    inside, outside = (update["message"] for update in body["result"])
    assert (inside["message_thread_id"], inside["is_topic_message"]) == (thread, True)
    assert "message_thread_id" not in outside


@pytest.mark.parametrize(
    ("params", "reason"),
    [
        ({"chat_id": GROUP}, "the chat is not a forum"),
        ({"chat_id": OLENA}, "the chat is not a forum"),
        ({"chat_id": CHANNEL}, "the chat is not a forum"),
        ({"name": " "}, "TOPIC_TITLE_EMPTY"),
        ({"name": "x" * 129}, "TOPIC_TITLE_TOO_LONG"),
        ({"icon_color": 1}, "TOPIC_ICON_COLOR_INVALID"),
    ],
)
async def test_what_no_topic_can_be_made_of_is_refused(
    caller: Caller, forum: int, params: dict[str, Any], reason: str
) -> None:
    asked = {"chat_id": forum, "name": "x", **params}
    assert await refusal(caller, "createForumTopic", **asked) == f"Bad Request: {reason}"


async def test_without_the_right_there_are_no_new_topics(sandbox: Sandbox, caller: Caller, forum: int) -> None:
    thread = await created(caller)
    sandbox.telegram.set_admin(forum, TOKEN)
    reason = "Bad Request: not enough rights to create a topic"
    assert await refusal(caller, "createForumTopic", chat_id=forum, name="x") == reason

    sandbox.telegram.close_topic(forum, thread)
    inside: dict[str, Any] = {"chat_id": forum, "text": "x", "message_thread_id": thread}
    assert await refusal(caller, "sendMessage", **inside) == "Bad Request: TOPIC_CLOSED"
    sandbox.telegram.set_admin(forum, TOKEN, can_manage_topics=True)
    assert (await caller.telegram("sendMessage", **inside))[0] == 200


async def test_the_general_topic_has_no_number_and_a_deleted_one_is_gone(
    sandbox: Sandbox, caller: Caller, forum: int
) -> None:
    thread = await created(caller)
    await caller.telegram("sendMessage", chat_id=forum, text="x", message_thread_id=thread)
    sandbox.telegram.delete_topic(forum, thread)

    assert not sandbox.telegram.phone(forum)
    for number in (1, thread, 99):
        asked = {"chat_id": forum, "text": "x", "message_thread_id": number}
        assert await refusal(caller, "sendMessage", **asked) == "Bad Request: message thread not found"


async def test_a_topic_gets_another_name(sandbox: Sandbox, caller: Caller, forum: int) -> None:
    thread = await created(caller)
    status, _ = await caller.telegram("editForumTopic", chat_id=forum, message_thread_id=thread, name="#1 Ferry")
    assert (status, sandbox.telegram.topics(forum)) == (200, {thread: "#1 Ferry"})

    for number, name, words in (
        (thread, "#1 Ferry", "TOPIC_NOT_MODIFIED"),
        (thread, "x" * 129, "TOPIC_TITLE_TOO_LONG"),
        (thread + 99, "x", "TOPIC_ID_INVALID"),
    ):
        told = await refusal(caller, "editForumTopic", chat_id=forum, message_thread_id=number, name=name)
        assert told == f"Bad Request: {words}"
    sandbox.telegram.set_admin(forum, TOKEN)
    told = await refusal(caller, "editForumTopic", chat_id=forum, message_thread_id=thread, name="x")
    assert told == "Bad Request: not enough rights to manage topics"
