"""What an answer of Telegram means for us: by table, and over a real socket against a server that misbehaves."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest
from yarl import URL

from bot.adapters.telegram import TelegramMessenger
from bot.adapters.telegram.outcome import WrongAddress, arrived_without_id, cannot_be_edited, is_unchanged, translate
from bot.adapters.telegram.render import TelegramPost
from bot.adapters.telegram.request import AiohttpRequest, MayNotLeave, NotOpen
from bot.domain import Article, Button, Channel, Labels, Masthead, Media, MediaKind, Outlet, Platform, Run, Screen
from bot.errors import (
    Gone,
    HandedBack,
    HookInTheWay,
    InDoubt,
    Misconfigured,
    NotSent,
    Rejected,
    SendError,
    TokenTaken,
    Wait,
)

TOKEN = "4242:canary-token-that-must-never-show"
CHANNEL = Channel("main", Platform.TELEGRAM, chat="@dnipropost")
POST = TelegramPost("sendMessage", {"text": "<b>Hi</b>", "parse_mode": "HTML", "link_preview_options": {}}, "Hi")


def refusal(code: int, text: str, **parameters: Any) -> dict[str, Any]:
    payload = {"ok": False, "error_code": code, "description": text}
    return payload | ({"parameters": parameters} if parameters else {})


def meaning(error: SendError) -> tuple[object, ...]:
    if isinstance(error, Gone):
        return Gone, error.strike
    return (Wait, error.seconds) if isinstance(error, Wait) else (type(error),)


GONE, STRIKE, BAD, OURS, DOUBT = (Gone, False), (Gone, True), (Rejected,), (Misconfigured,), (InDoubt,)


@pytest.mark.parametrize(
    ("code", "text", "reader", "channel"),
    [
        (403, "Forbidden: bot was blocked by the user", GONE, OURS),
        (403, "Forbidden: user is deactivated", GONE, OURS),
        (403, "Forbidden: bot can't initiate conversation with a user", GONE, OURS),
        (403, "Forbidden: bot was kicked from the channel chat", GONE, OURS),
        (403, "Forbidden: bot is not a member of the channel chat", GONE, OURS),
        (400, "Bad Request: chat not found", STRIKE, OURS),
        (400, "Bad Request: PEER_ID_INVALID", STRIKE, OURS),
        (400, "Bad Request: USER_DELETED", STRIKE, OURS),
        (400, "Bad Request: ALLOW_PAYMENT_REQUIRED_5", STRIKE, OURS),
        (400, "Bad Request: need administrator rights in the channel chat", STRIKE, OURS),
        (400, "Bad Request: CHAT_WRITE_FORBIDDEN", STRIKE, OURS),
        (400, "Bad Request: not enough rights to send photos to the chat", STRIKE, OURS),
        (400, "Bad Request: TOPIC_CLOSED", STRIKE, OURS),
        (400, "Bad Request: can't parse entities: Unclosed start tag at byte offset 3", BAD, BAD),
        (400, "Bad Request: message text is empty", BAD, BAD),
        (400, "Bad Request: message caption is too long", BAD, BAD),
        (400, "Bad Request: BUTTON_URL_INVALID", BAD, BAD),
        (400, "Bad Request: wrong file identifier/HTTP URL specified", BAD, BAD),
        (400, "Bad Request: failed to get HTTP URL content", BAD, BAD),
        (400, "Bad Request: PHOTO_INVALID_DIMENSIONS", BAD, BAD),
        (400, "Bad Request: something nobody has seen before", BAD, BAD),
        (400, "Bad Request: Bad Gateway", DOUBT, DOUBT),
        (400, 'Bad Request: failed to send message #1: "Too Many Requests: retry after 8"', (Wait, 8), (Wait, 8)),
        (400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook", OURS, OURS),
        (401, "Unauthorized", OURS, OURS),
        (404, "Not Found", OURS, OURS),
        (409, "Conflict: terminated by other getUpdates request", (TokenTaken,), (TokenTaken,)),
        (409, "Conflict: can't use getUpdates method while webhook is active", (HookInTheWay,), (HookInTheWay,)),
        (413, "Request Entity Too Large", BAD, BAD),
        (421, "Misdirected Request: unallowed token specified", OURS, OURS),
        (429, "Too Many Requests: retry after 7", (Wait, 7), (Wait, 7)),
        (429, "Too Many Requests", (Wait, 30), (Wait, 30)),
        (500, "Internal Server Error: restart", DOUBT, DOUBT),
        (502, "Bad Gateway", DOUBT, DOUBT),
    ],
)
def test_a_refusal_is_named_by_what_comes_next(
    code: int, text: str, reader: tuple[object, ...], channel: tuple[object, ...]
) -> None:
    assert meaning(translate(code, refusal(code, text), None, channel=False)) == reader
    assert meaning(translate(code, refusal(code, text), None, channel=True)) == channel
    assert translate(code, refusal(code, text), None, channel=True).reason == text


def test_a_wait_told_in_parameters_is_kept_to_the_second() -> None:
    answer = refusal(429, "Too Many Requests: retry after 12", retry_after=12)

    assert meaning(translate(429, answer, None, channel=False)) == (Wait, 12)


def test_a_wait_of_nothing_is_not_made_longer() -> None:
    answer = refusal(429, "Too Many Requests: retry after 0", retry_after=0)

    assert meaning(translate(429, answer, None, channel=False)) == (Wait, 0)


@pytest.mark.parametrize(
    ("status", "expected"),
    [(200, DOUBT), (302, OURS), (400, DOUBT), (403, OURS), (404, OURS), (413, BAD), (429, (Wait, 30)), (502, DOUBT)],
)
def test_a_proxys_answer_is_not_taken_for_telegrams_word(status: int, expected: tuple[object, ...]) -> None:
    for payload in (None, {"error": "denied"}, {"ok": True}):
        error = translate(status, payload, None, channel=False)

        assert (Misconfigured,) == expected if isinstance(error, WrongAddress) else meaning(error) == expected


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (aiohttp.ConnectionTimeoutError("connect"), NotSent),
        (NotOpen(), NotSent),
        (MayNotLeave(), HandedBack),
        (aiohttp.InvalidURL("nonsense"), WrongAddress),
        (aiohttp.SocketTimeoutError("read"), InDoubt),
        (aiohttp.ServerDisconnectedError(), InDoubt),
        (aiohttp.ClientOSError(104, "reset"), InDoubt),
        (aiohttp.ClientPayloadError("half"), InDoubt),
        (TimeoutError(), InDoubt),
        (None, InDoubt),
    ],
)
def test_without_an_answer_only_what_never_left_us_may_be_repeated(
    error: Exception | None, expected: type[SendError]
) -> None:
    assert type(translate(None, None, error, channel=False)) is expected


def test_what_the_desk_reads_of_a_broken_answer_is_no_librarys_inside() -> None:
    half = aiohttp.ClientPayloadError("Response payload is not completed: <ContentLengthError: 400, message='Not'>")

    assert translate(None, None, half, channel=False).reason == (
        "ClientPayloadError: Response payload is not completed"
    )


def test_some_of_telegrams_refusals_are_not_failures() -> None:
    assert is_unchanged("Bad Request: message is not modified: specified new message content and reply markup are")
    assert cannot_be_edited("Bad Request: message can't be edited")
    assert arrived_without_id(
        refusal(500, "Internal Server Error: sent message was immediately deleted and can't be returned")
    )
    assert not arrived_without_id(refusal(500, "Internal Server Error: restart"))


@dataclass
class Server:
    """Answers each request with the next of `answers`: a status and body, raw bytes to write, or silence (None)."""

    answers: list[tuple[int, object] | bytes | None] = field(default_factory=list)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    port: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await self._exchange(reader, writer):
                pass
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = next(int(line[15:]) for line in head.split("\r\n") if line.lower().startswith("content-length:"))
        form = (await reader.readexactly(length)).decode()
        self.asked.append((head.split()[1], dict(URL(f"http://x/?{form}").query)))
        answer = self.answers.pop(0)
        if answer is None:
            await reader.read()
        elif isinstance(answer, bytes):
            writer.write(answer)
        else:
            status, told = answer
            body = told.encode() if isinstance(told, str) else json.dumps(told).encode()
            writer.write(b"HTTP/1.1 %d X\r\nContent-Length: %d\r\n\r\n%s" % (status, len(body), body))
            await writer.drain()
            return True
        return False


@asynccontextmanager
async def telegram(
    *answers: tuple[int, object] | bytes | None, patience: float = 5
) -> AsyncIterator[tuple[Server, TelegramMessenger]]:
    server = Server(list(answers))
    listener = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    server.port = listener.sockets[0].getsockname()[1]
    messenger = TelegramMessenger(
        TOKEN, api_url=f"http://127.0.0.1:{server.port}", timeout=patience, webhook_secret="hush"
    )
    await messenger.open()
    try:
        yield server, messenger
    finally:
        await messenger.close()
        listener.close()
        await listener.wait_closed()


def sent(number: int = 7, **chat: Any) -> tuple[int, object]:
    chat = {"id": -1001234, "type": "channel", "title": "The Post", "username": "dnipropost"} | chat
    return 200, {"ok": True, "result": {"message_id": number, "date": 1, "chat": chat, "text": "Hi"}}


async def to_reader(messenger: TelegramMessenger) -> object:
    return await messenger.send("1001", POST)


async def to_channel(messenger: TelegramMessenger) -> object:
    return await messenger.publish(CHANNEL, POST)


WAYS = pytest.mark.parametrize("way", [to_reader, to_channel])
Way = Callable[[TelegramMessenger], Awaitable[object]]


@WAYS
@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (b"", InDoubt),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{", InDoubt),
        (b"not even HTTP\r\n\r\n", InDoubt),
        ((200, "<html>captive portal</html>"), InDoubt),
        ((200, [1, 2]), InDoubt),
        ((200, {"ok": True}), InDoubt),
        ((200, {"ok": True, "result": {}}), InDoubt),
        ((502, "<html>Bad Gateway</html>"), InDoubt),
        ((500, refusal(500, "Internal Server Error: restart")), InDoubt),
        ((429, refusal(429, "Too Many Requests: retry after 3", retry_after=3)), Wait),
        ((400, refusal(400, "Bad Request: message is too long")), Rejected),
        ((401, refusal(401, "Unauthorized")), Misconfigured),
    ],
)
async def test_every_failure_on_the_wire_is_one_of_ours(way: Way, answer: Any, expected: type[SendError]) -> None:
    async with telegram(answer) as (server, messenger):
        with pytest.raises(SendError) as raised:
            await way(messenger)

    assert type(raised.value) is expected
    assert len(server.asked) == 1


@WAYS
async def test_silence_leaves_us_in_doubt(way: Way) -> None:
    async with telegram(None, patience=0.05) as (_, messenger):
        with pytest.raises(InDoubt):
            await way(messenger)


@WAYS
async def test_where_nobody_listens_nothing_was_sent(way: Way) -> None:
    async with telegram() as (server, _):
        pass
    messenger = TelegramMessenger(TOKEN, api_url=f"http://127.0.0.1:{server.port}")
    with pytest.raises(NotSent):
        await way(messenger)
    await messenger.open()
    with pytest.raises(NotSent) as raised:
        await way(messenger)
    await messenger.close()

    assert TOKEN not in repr_of_all(raised.value)


@WAYS
async def test_an_address_that_is_none_is_our_fault_and_shows_no_token(way: Way) -> None:
    messenger = TelegramMessenger(TOKEN, api_url="http://:0:0")
    await messenger.open()
    with pytest.raises(WrongAddress) as raised:
        await way(messenger)
    await messenger.close()

    assert TOKEN not in repr_of_all(raised.value)


async def test_a_timeout_while_connecting_quotes_no_token() -> None:
    request = AiohttpRequest(secrets=(TOKEN,))
    error = aiohttp.ConnectionTimeoutError(
        f"Connection timeout to host https://api.telegram.org/bot{TOKEN}/sendMessage"
    )
    cleaned = request._clean(error)

    assert cleaned is error
    assert TOKEN not in f"{cleaned}{cleaned!r}"


def repr_of_all(error: BaseException) -> str:
    causes = [error]
    while causes[-1].__cause__ is not None:
        causes.append(causes[-1].__cause__)
    return "".join(f"{cause} {cause!r}" for cause in causes)


async def test_a_post_in_a_channel_has_an_address() -> None:
    async with telegram(sent(), sent(8, username=None), sent(0)) as (server, messenger):
        links = [(await messenger.publish(CHANNEL, POST)).link for _ in range(3)]

    assert links == ["https://t.me/dnipropost/7", "https://t.me/c/1234/8", ""]
    path, form = server.asked[0]
    assert path == f"/bot{TOKEN}/sendMessage"
    assert (form["chat_id"], form["text"], form["parse_mode"]) == ("@dnipropost", "<b>Hi</b>", "HTML")


@pytest.mark.parametrize(
    "media",
    [None, Media(MediaKind.PHOTO, url="https://x.com/1.jpg"), Media(MediaKind.VIDEO, url="https://x.com/1.mp4")],
)
async def test_readers_get_what_the_channel_gets(media: Media | None) -> None:
    article = Article("Bridge & ferry", "Open", media=media, link="https://post.example.com/1?a=1&b=2")
    labels = Labels("Source", "Also read", "Video", "Photo", "Read in full", "Urgent")
    async with telegram(sent(), sent()) as (server, messenger):
        post = messenger.render(article, Outlet(Masthead("The Post"), labels, silent=True))
        await messenger.publish(Channel("main", Platform.TELEGRAM, chat="1001"), post)
        await messenger.send("1001", post)

    (channels_path, channels), (readers_path, readers) = server.asked
    assert channels_path == readers_path
    assert {name: as_value(text) for name, text in channels.items()} == {
        name: as_value(text) for name, text in readers.items()
    }


def as_value(text: str) -> object:
    return json.loads(text) if text.startswith("{") else text


@WAYS
async def test_a_group_that_moved_gets_the_post_at_its_new_number(way: Way) -> None:
    moved = refusal(
        400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=-1005, retry_after=None
    )
    async with telegram((400, moved), sent()) as (server, messenger):
        await way(messenger)

    assert server.asked[1][1]["chat_id"] == "-1005"


async def test_what_is_shown_in_a_group_that_moved_is_shown_at_its_new_number() -> None:
    moved = refusal(400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=-1005)
    async with telegram((400, moved), sent()) as (server, messenger):
        await messenger.show("-5", Screen((Run("Head of the day"),)))

    assert server.asked[1][1]["chat_id"] == "-1005"


@WAYS
async def test_a_message_whose_number_is_too_large_to_be_kept_has_arrived(way: Way) -> None:
    async with telegram((200, {"ok": True, "result": {"message_id": 10**19, "date": 1, "chat": {"id": 1001}}})) as (
        _,
        messenger,
    ):
        receipt = await way(messenger)

    assert getattr(receipt, "message_id", None) == 0


@WAYS
async def test_a_message_that_was_deleted_at_once_has_arrived(way: Way) -> None:
    answer = refusal(500, "Internal Server Error: sent message was immediately deleted and can't be returned")
    async with telegram((500, answer)) as (_, messenger):
        receipt = await way(messenger)

    assert getattr(receipt, "message_id", None) == 0


@WAYS
async def test_nothing_leaves_while_another_process_may_be_sending(way: Way) -> None:
    async with telegram() as (server, messenger):
        await messenger.open(lambda: False)
        with pytest.raises(HandedBack):
            await way(messenger)

    assert server.asked == []


async def test_a_second_bot_posts_to_channels_only() -> None:
    async with telegram(sent(), sent(), sent()) as (server, _):
        both = TelegramMessenger("1:a", api_url=f"http://127.0.0.1:{server.port}", channel_token="2:b")
        await both.open()
        await both.publish(CHANNEL, POST)
        await both.send("1001", POST)
        await both.show("1001", Screen((Run("Hello"),)))
        await both.close()

    assert [path.split("/")[1] for path, _ in server.asked] == ["bot2:b", "bot1:a", "bot1:a"]


async def test_a_long_screen_comes_in_parts_with_its_buttons_at_the_end() -> None:
    screen = Screen((Run("line of text\n" * 400),), ((Button("Yes", "17"), Button("Site", url="https://x.com")),))
    async with telegram(sent(1), sent(2)) as (server, messenger):
        receipt = await messenger.show("1001", screen)

    first, last = (form for _, form in server.asked)
    assert receipt.message_id == 2
    assert "reply_markup" not in first
    assert json.loads(last["reply_markup"])["inline_keyboard"] == [
        [{"text": "Yes", "callback_data": "17"}, {"text": "Site", "url": "https://x.com"}]
    ]
    assert json.loads(first["link_preview_options"]) == {"is_disabled": True}


async def test_a_screen_is_redrawn_where_it_stands() -> None:
    same = refusal(400, "Bad Request: message is not modified: specified new message content and reply markup are …")
    async with telegram(sent(5), (400, same)) as (server, messenger):
        for _ in range(2):
            receipt = await messenger.show("1001", Screen((Run("A", bold=True),), replaces=5))

            assert receipt.message_id == 5

    path, form = server.asked[0]
    assert path.endswith("/editMessageText")
    assert (form["message_id"], form["text"]) == ("5", "<b>A</b>")


async def test_a_screen_that_cannot_be_redrawn_comes_anew() -> None:
    gone = refusal(400, "Bad Request: message to edit not found")
    async with telegram((400, gone), sent(6)) as (_, messenger):
        receipt = await messenger.show("1001", Screen((Run("A"),), replaces=5))

    assert receipt.message_id == 6


async def test_a_late_press_bothers_nobody() -> None:
    late = refusal(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
    async with telegram((400, late)) as (_, messenger):
        await messenger.acknowledge("99")


async def test_updates_are_confirmed_by_the_next_poll() -> None:
    batch = [{"update_id": 10, "message": {"text": "\ud83d half an emoji"}}, {"update_id": 11, "news": 1.50}]
    async with telegram((200, {"ok": True, "result": batch}), (502, "oops"), (200, {"ok": True, "result": []})) as (
        server,
        messenger,
    ):
        updates = await messenger.poll()
        with pytest.raises(InDoubt):
            await messenger.poll()

        assert await messenger.poll() == []

    assert [json.loads(update) for update in updates] == batch
    assert [form["offset"] for _, form in server.asked] == ["0", "12", "12"]


async def test_the_webhook_and_the_menu_are_told_to_telegram() -> None:
    yes = (200, {"ok": True, "result": True})
    async with telegram(yes, yes, yes) as (server, messenger):
        await messenger.receive("https://post.example.com/")
        await messenger.receive("")
        await messenger.set_menu({"uk": ()}, chat="1001")

    (hook, form), (unhook, _), (menu, menu_form) = server.asked
    assert hook.endswith("/setWebhook")
    assert form["secret_token"] == "hush"
    assert form["url"] == "https://post.example.com/telegram/webhook"
    assert json.loads(form["allowed_updates"]) == ["message", "edited_message", "callback_query", "my_chat_member"]
    assert unhook.endswith("/deleteWebhook")
    assert menu.endswith("/setMyCommands")
    assert json.loads(menu_form["scope"]) == {"type": "chat", "chat_id": 1001}
    assert menu_form["language_code"] == "uk"


async def test_no_webhook_is_opened_to_everybody() -> None:
    with pytest.raises(Misconfigured, match="WEBHOOK_SECRET"):
        await TelegramMessenger(TOKEN).receive("https://post.example.com")


ME = (200, {"ok": True, "result": {"id": 4242, "is_bot": True, "first_name": "V", "username": "visnyk_bot"}})
POLLED = (200, {"ok": True, "result": {"url": "", "has_custom_certificate": False, "pending_update_count": 0}})
CHAT = (200, {"ok": True, "result": {"id": -1001234, "type": "channel", "title": "The Post"}})


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ([(401, refusal(401, "Unauthorized"))], ["Telegram does not know TELEGRAM_TOKEN."]),
        (
            [ME, POLLED, CHAT, (200, {"ok": True, "result": {"status": "administrator", "can_post_messages": True}})],
            ["@visnyk_bot", "polling", "The bot may post in The Post."],
        ),
        (
            [ME, POLLED, CHAT, (200, {"ok": True, "result": {"status": "administrator"}})],
            ["@visnyk_bot", "polling", "The bot may not post in The Post."],
        ),
        ([ME, POLLED, CHAT, (200, {"ok": True, "result": {"status": "left"}})], ["@", "poll", "is no administrator"]),
        ([ME, POLLED, (400, refusal(400, "Bad Request: chat not found"))], ["@", "poll", "shows the bot no channel"]),
        ([(404, "<html>")], ["Telegram can't be reached at http://127.0.0.1"]),
        ([ME, (502, "oops"), (429, refusal(429, "x"))], ["@", "can't be reached at http://127.0.0.1", "patience"]),
    ],
)
async def test_the_doctor_names_what_is_wrong(answers: list[Any], said: list[str]) -> None:
    async with telegram(*answers) as (_, messenger):
        findings = await messenger.check([CHANNEL])

    assert len(findings) == len(said)
    assert all(words in finding.what for words, finding in zip(said, findings, strict=True))
    assert all(finding.ok or finding.advice for finding in findings)
    assert TOKEN not in str(findings)
