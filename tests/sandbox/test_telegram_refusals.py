"""What Telegram refuses, in its own words (docs/platforms/telegram.md#errors)."""

from typing import Any

import pytest

from bot.sandbox import Sandbox
from tests.sandbox.scene import CHANNEL, OLENA, TOKEN, Caller

Params = dict[str, Any]
TEXT: Params = {"chat_id": OLENA, "text": "x"}
PHOTO: Params = {"chat_id": OLENA, "photo": "https://example.com/a.jpg"}


def keyboard(*buttons: Any) -> Params:
    return {**TEXT, "reply_markup": {"inline_keyboard": [list(buttons)]}}


REFUSED: list[tuple[str, Params, str]] = [
    ("sendMessage", {"text": "x"}, "chat_id is empty"),
    ("sendMessage", {"chat_id": 5, "text": "x"}, "chat not found"),
    ("sendMessage", {"chat_id": "@nobody", "text": "x"}, "chat not found"),
    ("sendMessage", {"chat_id": -100999, "text": "x"}, "chat not found"),
    ("sendMessage", {"chat_id": OLENA}, "message text is empty"),
    ("sendMessage", {**TEXT, "text": " \n "}, "text must be non-empty"),
    ("sendMessage", {**TEXT, "text": "і" * 4097}, "message is too long"),
    ("sendMessage", {**TEXT, "text": "і" * 16_385}, "text is too long"),
    ("sendMessage", {**TEXT, "text": "<b>x", "parse_mode": "HTML"},
     'can\'t parse entities: Can\'t find end tag corresponding to start tag "b"'),
    ("sendMessage", {**TEXT, "parse_mode": "Wiki"}, "unsupported parse_mode"),
    ("sendMessage", {**TEXT, "reply_parameters": {"message_id": 99}}, "message to be replied not found"),
    ("sendMessage", {**TEXT, "message_thread_id": 7, "chat_id": CHANNEL}, "message thread not found"),
    ("sendMessage", keyboard({"text": "x", "callback_data": "і" * 33}), "BUTTON_DATA_INVALID"),
    ("sendMessage", keyboard({"text": "x", "callback_data": ""}), "BUTTON_DATA_INVALID"),
    ("sendMessage", keyboard({"text": "x"}),
     "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"),
    ("sendMessage", keyboard({"url": "https://e.ua"}),
     'can\'t parse inline keyboard button: Can\'t find field "text"'),
    ("sendMessage", keyboard({"text": "x", "url": "http://desk"}),
     "inline keyboard button URL 'http://desk' is invalid: Wrong HTTP URL"),
    ("sendMessage", keyboard({"text": "x", "url": "ftp://e.ua"}),
     "inline keyboard button URL 'ftp://e.ua' is invalid: Unsupported URL protocol"),
    ("sendMessage", keyboard(*[{"text": "x", "callback_data": "x"}] * 8) | {"reply_markup": {
        "inline_keyboard": [[{"text": "x", "callback_data": "x"}] * 8] * 13}}, "reply markup is too long"),
    ("sendMessage", {**TEXT, "reply_markup": "{"}, "can't parse reply keyboard markup JSON object"),
    ("sendMessage", {**TEXT, "reply_markup": []}, "object expected as reply markup"),
    ("sendPhoto", {"chat_id": OLENA}, "there is no photo in the request"),
    ("sendPhoto", {**PHOTO, "photo": "AgACno"}, "wrong file identifier/HTTP URL specified"),
    ("sendPhoto", {**PHOTO, "photo": "ftp://example.com/a.jpg"}, "wrong file identifier/HTTP URL specified"),
    ("sendPhoto", {**PHOTO, "photo": "https://example.com/gone.jpg"}, "failed to get HTTP URL content"),
    ("sendPhoto", {**PHOTO, "caption": "і" * 1025}, "message caption is too long"),
    ("sendMediaGroup", {"chat_id": OLENA, "media": [{"type": "photo", "media": "https://e.ua/a.jpg"}] * 11},
     "too many messages to send as an album"),
    ("editMessageText", {**TEXT, "message_id": 99}, "message to edit not found"),
    ("editMessageText", {**TEXT, "message_id": 1}, "message can't be edited"),
    ("editMessageText", {**TEXT, "message_id": 2, "text": "і" * 4097}, "MESSAGE_TOO_LONG"),
    ("editMessageText", {**TEXT, "message_id": 2, "text": "first"},
     "message is not modified: specified new message content and reply markup are exactly the same as a current "
     "content and reply markup of the message"),
    ("editMessageText", {**TEXT, "message_id": 3}, "there is no text in the message to edit"),
    ("editMessageCaption", {"chat_id": OLENA, "message_id": 2, "caption": "x"},
     "there is no caption in the message to edit"),
    ("editMessageCaption", {"chat_id": OLENA, "message_id": 3, "caption": "і" * 1025}, "MEDIA_CAPTION_TOO_LONG"),
    ("deleteMessage", {"chat_id": OLENA, "message_id": 99}, "message to delete not found"),
    ("copyMessage", {"chat_id": OLENA, "from_chat_id": OLENA, "message_id": 99}, "message to copy not found"),
    ("forwardMessage", {"chat_id": OLENA, "from_chat_id": OLENA, "message_id": 99}, "message to forward not found"),
    ("pinChatMessage", {"chat_id": OLENA, "message_id": 99}, "message to pin not found"),
    ("answerCallbackQuery", {"callback_query_id": "1"},
     "query is too old and response timeout expired or query ID is invalid"),
    ("getFile", {"file_id": "x"}, "wrong file_id or the file is temporarily unavailable"),
    ("setMyCommands", {"commands": [{"command": "Bad", "description": "x"}]}, "BOT_COMMAND_INVALID"),
    ("setWebhook", {"url": "http://example.com/"}, "bad webhook: An HTTPS URL must be provided for webhook"),
    ("setWebhook", {"url": "https://example.com:81/"},
     "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443"),
    ("setWebhook", {"url": "https://example.com/", "secret_token": "a b"},
     "secret token contains unallowed characters"),
    ("setWebhook", {"url": "https://example.com/", "secret_token": "a" * 257}, "secret token is too long"),
]  # fmt: skip


@pytest.fixture
async def scene(sandbox: Sandbox, caller: Caller) -> Caller:
    """Olena's word is message 1, the bot's text 2, its photo 3."""
    sandbox.telegram.unreachable_urls.add("https://example.com/gone.jpg")
    await sandbox.telegram.say(OLENA, "hello")
    await caller.telegram("sendMessage", chat_id=OLENA, text="first")
    await caller.telegram("sendPhoto", **PHOTO)
    return caller


@pytest.mark.parametrize(("method", "params", "complaint"), REFUSED, ids=lambda value: str(value)[:40])
async def test_a_bad_request_is_refused_in_telegrams_words(
    scene: Caller, method: str, params: Params, complaint: str
) -> None:
    status, body = await scene.telegram(method, **params)

    assert (status, body["error_code"], body["description"]) == (400, 400, f"Bad Request: {complaint}")


async def test_limits_count_code_points_of_what_is_shown(scene: Caller) -> None:
    shown = "📣" * 4096

    status, _ = await scene.telegram("sendMessage", chat_id=OLENA, text=f"<b>{shown}</b>", parse_mode="HTML")

    assert status == 200
    assert scene.sandbox.telegram.phone(OLENA)[-1].text == shown


async def test_tokens_and_methods_must_exist(caller: Caller) -> None:
    assert await caller.telegram("getMe", token="1:no") == (
        401,
        {"ok": False, "error_code": 401, "description": "Unauthorized"},
    )
    assert (await caller.telegram("sendFax"))[1]["description"] == "Not Found: method not found"
    assert (await caller.telegram("GETME"))[0] == 200


async def test_each_person_who_cannot_be_written_to_is_refused_in_telegrams_words(caller: Caller) -> None:
    telegram = caller.sandbox.telegram
    telegram.add_person(1, "Stranger")
    telegram.add_person(2, "Blocker", started=True)
    telegram.add_person(3, "Gone", started=True)
    await telegram.block(2)
    telegram.deactivate(3)

    answers = {person: await caller.telegram("sendMessage", chat_id=person, text="x") for person in (1, 2, 3, 123456)}

    assert {person: (status, body["description"]) for person, (status, body) in answers.items()} == {
        1: (403, "Forbidden: bot can't initiate conversation with a user"),
        2: (403, "Forbidden: bot was blocked by the user"),
        3: (403, "Forbidden: user is deactivated"),
        123456: (403, "Forbidden: the bot can't send messages to the bot"),
    }


async def test_channels_that_cannot_be_written_to(caller: Caller) -> None:
    telegram = caller.sandbox.telegram

    async def told() -> str:
        return str((await caller.telegram("sendMessage", chat_id=CHANNEL, text="x"))[1].get("description", "shown"))

    telegram.set_admin(CHANNEL, TOKEN, can_post=False)
    assert await told() == "Bad Request: need administrator rights in the channel chat"
    telegram.remove_bot(CHANNEL, TOKEN)
    assert await told() == "Forbidden: bot was kicked from the channel chat"
    telegram.remove_bot(CHANNEL, TOKEN, kicked=False)
    assert await told() == "Forbidden: bot is not a member of the channel chat"
    telegram.set_admin(CHANNEL, TOKEN)
    assert await told() == "shown"


async def test_a_group_that_moved_tells_its_new_id(caller: Caller) -> None:
    caller.sandbox.telegram.add_group(-5, "Desk")
    caller.sandbox.telegram.add_bot_to(-5, TOKEN)
    caller.sandbox.telegram.migrate(-5, -1005)

    status, body = await caller.telegram("sendMessage", chat_id=-5, text="x")

    assert (status, body["parameters"]) == (400, {"migrate_to_chat_id": -1005})
    assert (await caller.telegram("sendMessage", chat_id=-1005, text="x"))[0] == 200


async def test_old_messages_stay_but_can_be_edited(caller: Caller) -> None:
    for chat in (OLENA, CHANNEL):
        message = (await caller.telegram("sendMessage", chat_id=chat, text="old"))[1]["result"]["message_id"]
        caller.sandbox.telegram.age(chat, message, hours=49)

        _, refused = await caller.telegram("deleteMessage", chat_id=chat, message_id=message)
        edited, _ = await caller.telegram("editMessageText", chat_id=chat, message_id=message, text="corrected")

        assert "message can't be deleted" in refused["description"]
        assert edited == 200
        assert caller.sandbox.telegram.phone(chat)[0].text == "corrected"
