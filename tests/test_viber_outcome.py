"""What Viber's answers mean for us: the table line by line, then over a real socket."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.client_reqrep import ConnectionKey

from bot.adapters.viber import ViberMessenger
from bot.adapters.viber.outcome import translate
from bot.domain import Article, Channel, Labels, Masthead, Outlet, Platform, Run, Screen
from bot.errors import Gone, HandedBack, InDoubt, Misconfigured, NotForMany, NotSent, Rejected, SendError, Wait

_KEY = ConnectionKey("chatapi.viber.com", 443, True, True, None, None, None)

TOLD: list[tuple[object, type[SendError]]] = [
    *((code, Misconfigured) for code in (1, 2, 7, 8, 9, 10, 15, 18, 22, 23, 24)),
    *((code, Rejected) for code in (3, 4, 13, 14, 16, 17)),
    *((code, Gone) for code in (5, 6, 11, 21)),
    (12, Wait),
    *((code, NotForMany) for code in (19, 20)),
    ("6", Gone),
    ("12", Wait),
    (25, Rejected),
    (-1, Rejected),
]


@pytest.mark.parametrize(("status", "expected"), TOLD)
def test_every_status_has_one_meaning(status: object, expected: type[SendError]) -> None:
    error = translate(200, {"status": status, "status_message": "in Viber's words"}, None, channel=False)

    assert type(error) is expected
    assert "in Viber's words" in error.reason


BROKEN: list[tuple[Exception, type[SendError]]] = [
    (aiohttp.ClientConnectorError(_KEY, OSError(111, "refused")), NotSent),
    (aiohttp.ClientConnectorDNSError(_KEY, OSError(-2, "no such name")), NotSent),
    (aiohttp.ClientConnectorSSLError(_KEY, OSError(1, "bad certificate")), NotSent),
    (aiohttp.ConnectionTimeoutError(), NotSent),
    (aiohttp.SocketTimeoutError(), InDoubt),
    (TimeoutError(), InDoubt),
    (aiohttp.ServerDisconnectedError(), InDoubt),
    (aiohttp.ClientOSError(104, "reset"), InDoubt),
    (aiohttp.ClientPayloadError("half a body"), InDoubt),
    (ConnectionResetError(), InDoubt),
    (aiohttp.InvalidUrlClientError("viber"), Misconfigured),
]


@pytest.mark.parametrize(("error", "expected"), BROKEN)
def test_only_what_never_left_us_may_be_repeated(error: Exception, expected: type[SendError]) -> None:
    assert type(translate(None, None, error, channel=False)) is expected


def test_what_the_desk_reads_of_a_broken_answer_is_no_librarys_inside() -> None:
    half = aiohttp.ClientPayloadError("Response payload is not completed: <ContentLengthError: 400, message='Not'>")

    assert translate(None, None, half, channel=False).reason == (
        "ClientPayloadError: Response payload is not completed"
    )


ANSWERED: list[tuple[int, dict[str, object] | None, type[SendError]]] = [
    (429, None, Wait),
    (429, {"status": 12}, Wait),
    (500, None, InDoubt),
    (502, {"status": 3}, InDoubt),
    (200, None, InDoubt),
    (200, {}, InDoubt),
    (200, {"status": "soon"}, InDoubt),
    (200, {"status": None}, InDoubt),
    (200, {"status": True}, InDoubt),
    (400, {"status": 0}, InDoubt),
    (302, None, InDoubt),
    (403, {"status": 403, "error": "Forbidden"}, InDoubt),
    (400, {"status": 3}, Rejected),
    (404, None, Misconfigured),
]


@pytest.mark.parametrize(("http_status", "payload", "expected"), ANSWERED)
def test_an_answer_without_a_usable_status_leaves_us_in_doubt(
    http_status: int, payload: dict[str, object] | None, expected: type[SendError]
) -> None:
    assert type(translate(http_status, payload, None, channel=False)) is expected


def test_the_desk_is_told_which_token_to_mend() -> None:
    bot = translate(200, {"status": 2, "status_message": "invalidAuthToken"}, None, channel=False)
    channel = translate(200, {"status": 2, "status_message": "invalidAuthToken"}, None, channel=True)

    assert "VIBER_TOKEN" in bot.reason
    assert "VIBER_CHANNEL_TOKEN" in channel.reason


@pytest.mark.parametrize(("status", "strike"), [(5, False), (6, False), (11, True), (21, True)])
def test_an_old_phone_is_a_strike_and_a_departed_reader_is_not(status: int, strike: bool) -> None:
    error = translate(200, {"status": status}, None, channel=False)

    assert isinstance(error, Gone)
    assert error.strike is strike


def test_too_many_requests_names_no_time_and_is_not_surely_one_persons_affair() -> None:
    error = translate(200, {"status": 12}, None, channel=False)

    assert isinstance(error, Wait)
    assert (error.guessed, error.personal) == (True, False)


# --- over a real socket ------------------------------------------------------------------------------------------

TOKEN, CHANNEL_TOKEN = "BOT-TOKEN-4f1e", "CHANNEL-TOKEN-9b2c"
OUTLET = Outlet(Masthead("The Dnipro Post"), Labels("Source", "Related", "Video", "Photo", "Read more", "Urgent"))
CHANNEL = Channel("main", Platform.VIBER)
MEMBERS = [{"id": "m1", "role": "admin"}, {"id": "m2", "role": "superadmin"}]

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Viber:
    """Answers every endpoint as told and remembers what it was asked."""

    def __init__(self) -> None:
        self.answers: dict[str, Any] = {"get_account_info": {"status": 0, "name": "Post", "members": MEMBERS}}
        self.asked: list[tuple[str, str, dict[str, Any], bytes]] = []

    async def answer(self, request: web.Request) -> web.StreamResponse:
        endpoint, raw = request.match_info["endpoint"], await request.read()
        self.asked.append((endpoint, request.headers["X-Viber-Auth-Token"], json.loads(raw), raw))
        answer = self.answers.get(endpoint, {"status": 0, "status_message": "ok", "message_token": 5741311803571721087})
        return await answer(request) if callable(answer) else web.json_response(answer)

    def last(self) -> dict[str, Any]:
        return self.asked[-1][2]


@pytest.fixture
def platform() -> Viber:
    return Viber()


@pytest_asyncio.fixture
async def viber(platform: Viber) -> AsyncIterator[ViberMessenger]:
    app = web.Application()
    app.router.add_post("/pa/{endpoint}", platform.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    messenger = ViberMessenger(
        TOKEN, api_url=f"http://127.0.0.1:{port}/pa", channel_token=CHANNEL_TOKEN, name="The Dnipro Post", timeout=0.5
    )
    await messenger.open()
    yield messenger
    await messenger.close()
    await runner.cleanup()


async def test_nothing_leaves_while_another_process_may_be_sending(platform: Viber, viber: ViberMessenger) -> None:
    await viber.open(lambda: False)
    with pytest.raises(HandedBack):
        await viber.send("reader==", viber.render(Article("Паром повертається"), OUTLET))

    assert platform.asked == []


async def test_a_post_reaches_a_reader(platform: Viber, viber: ViberMessenger) -> None:
    receipt = await viber.send("reader==", viber.render(Article("Паром повертається"), OUTLET))

    endpoint, token, body, raw = platform.asked[0]
    assert (endpoint, token, receipt.message_id) == ("send_message", TOKEN, 5741311803571721087)
    assert (body["receiver"], body["sender"]) == ("reader==", {"name": "The Dnipro Post"})
    assert body["text"] == "*Паром повертається*"
    assert "Паром".encode() in raw
    assert TOKEN.encode() not in raw


async def test_a_channel_post_is_signed_by_the_first_superadmin_asked_for_once(
    platform: Viber, viber: ViberMessenger
) -> None:
    post = viber.render(Article("Headline"), OUTLET)
    await viber.publish(CHANNEL, post)
    await viber.publish(CHANNEL, post)

    assert [asked[:2] for asked in platform.asked] == [
        ("get_account_info", CHANNEL_TOKEN),
        ("post", CHANNEL_TOKEN),
        ("post", CHANNEL_TOKEN),
    ]
    assert platform.last()["from"] == "m2"


async def test_a_channel_that_has_another_superadmin_now_gets_the_post_signed_by_that_one(
    platform: Viber, viber: ViberMessenger
) -> None:
    post = viber.render(Article("Headline"), OUTLET)
    await viber.publish(CHANNEL, post)
    told = platform.answers["get_account_info"]
    platform.answers["get_account_info"] = {**told, "members": [{"id": "m9", "role": "superadmin"}]}

    async def only_m9(request: web.Request) -> web.StreamResponse:
        signed = (await request.json())["from"] == "m9"
        return web.json_response({"status": 0, "message_token": 12} if signed else {"status": 3})

    platform.answers["post"] = only_m9

    assert (await viber.publish(CHANNEL, post)).message_id == 12


async def test_a_post_that_is_rejected_for_itself_is_not_tried_under_the_same_name(
    platform: Viber, viber: ViberMessenger
) -> None:
    platform.answers["post"] = {"status": 3, "status_message": "badData"}
    with pytest.raises(Rejected):
        await viber.publish(CHANNEL, viber.render(Article("Headline"), OUTLET))

    assert [asked[0] for asked in platform.asked].count("post") == 1


async def test_without_a_superadmin_the_desk_is_told(platform: Viber, viber: ViberMessenger) -> None:
    platform.answers["get_account_info"] = {"status": 0, "members": []}

    with pytest.raises(Misconfigured, match="superadmin"):
        await viber.publish(CHANNEL, viber.render(Article("Headline"), OUTLET))


async def test_a_silent_question_before_the_post_leaves_no_doubt_about_the_post(
    platform: Viber, viber: ViberMessenger
) -> None:
    platform.answers["get_account_info"] = hang_up

    with pytest.raises(NotSent):
        await viber.publish(CHANNEL, viber.render(Article("Headline"), OUTLET))


async def test_a_broadcast_names_those_who_got_nothing(platform: Viber, viber: ViberMessenger) -> None:
    failed = [
        {"receiver": "gone", "status": 6, "status_message": "notSubscribed"},
        {"receiver": "old", "status": "11", "status_message": "receiverNoSuitableDevice"},
        {"receiver": "busy", "status": 12, "status_message": "tooManyRequests"},
        {"receiver": "stranger", "status": 5},
        {"receiver": ["well"], "status": 5},
        "nonsense",
    ]
    platform.answers["broadcast_message"] = {"status": 0, "message_token": 40_133, "failed_list": failed}

    result = await viber.broadcast(["gone", "old", "busy", "well"], viber.render(Article("Headline"), OUTLET))

    assert result.message_id == 40_133
    assert {who: type(error) for who, error in result.failed.items()} == {"gone": Gone, "old": Gone, "busy": Wait}
    assert isinstance(result.failed["busy"], Wait)
    assert result.failed["busy"].seconds == 3_600
    assert platform.last()["broadcast_list"] == ["gone", "old", "busy", "well"]


async def test_a_token_that_is_too_large_to_be_kept_is_none(platform: Viber, viber: ViberMessenger) -> None:
    platform.answers["send_message"] = {"status": 0, "message_token": 10**19}

    assert (await viber.send("reader==", viber.render(Article("Headline"), OUTLET))).message_id == 0


async def test_one_reader_with_too_many_messages_waits_an_hour(platform: Viber, viber: ViberMessenger) -> None:
    platform.answers["send_message"] = {"status": 12, "status_message": "Too many requests"}

    with pytest.raises(Wait) as caught:
        await viber.send("reader==", viber.render(Article("Headline"), OUTLET))

    assert (caught.value.seconds, caught.value.personal) == (3_600, True)


async def hang_up(request: web.Request) -> web.StreamResponse:
    assert request.transport is not None
    request.transport.close()
    return web.Response()


async def say_html(request: web.Request) -> web.StreamResponse:
    return web.Response(text="<html>Bad gateway</html>", content_type="text/html")


async def break_down(request: web.Request) -> web.StreamResponse:
    return web.json_response({"status": 3}, status=503)


async def never_answer(request: web.Request) -> web.StreamResponse:
    await asyncio.sleep(5)
    return web.Response()


@pytest.mark.parametrize("answer", [hang_up, say_html, break_down, never_answer])
async def test_an_answer_that_never_came_leaves_us_in_doubt(
    answer: Answer, platform: Viber, viber: ViberMessenger
) -> None:
    platform.answers["send_message"] = answer

    with pytest.raises(InDoubt):
        await viber.send("reader==", viber.render(Article("Headline"), OUTLET))

    assert len(platform.asked) == 1


async def test_nothing_has_left_when_nobody_listens() -> None:
    messenger = ViberMessenger(TOKEN, api_url="http://127.0.0.1:1/pa")
    post = messenger.render(Article("Headline"), OUTLET)
    with pytest.raises(NotSent):
        await messenger.send("reader==", post)
    await messenger.open()
    with pytest.raises(NotSent):
        await messenger.send("reader==", post)
    await messenger.close()


async def test_a_token_never_comes_back_in_an_error(platform: Viber, viber: ViberMessenger) -> None:
    platform.answers["send_message"] = {"status": 3, "status_message": f"bad data, token {TOKEN}"}

    with pytest.raises(Rejected) as caught:
        await viber.send("reader==", viber.render(Article("Headline"), OUTLET))

    assert TOKEN not in f"{caught.value!r} {caught.value} {caught.value.reason}"
    assert caught.value.__suppress_context__


async def test_the_half_of_viber_without_a_token_is_off() -> None:
    messenger = ViberMessenger("")
    with pytest.raises(Misconfigured, match="VIBER_TOKEN is empty"):
        await messenger.send("reader==", messenger.render(Article("Headline"), OUTLET))
    with pytest.raises(Misconfigured, match="VIBER_CHANNEL_TOKEN is empty"):
        await messenger.publish(CHANNEL, messenger.render(Article("Headline"), OUTLET))


async def test_a_long_screen_comes_in_parts(platform: Viber, viber: ViberMessenger) -> None:
    await viber.show("editor==", Screen((Run("line of the queue\n" * 800),)))

    texts = [body["text"] for _, _, body, _ in platform.asked]
    assert len(texts) == 3
    assert "\n".join(texts) == ("line of the queue\n" * 800).strip()


async def test_viber_is_told_where_to_call(platform: Viber, viber: ViberMessenger) -> None:
    await viber.receive("")
    await viber.receive("https://bot.example/")

    (_, bot, for_bot, _), (_, channel, for_channel, _) = platform.asked
    assert (bot, channel) == (TOKEN, CHANNEL_TOKEN)
    assert for_bot["url"] == "https://bot.example/viber/webhook"
    assert for_bot["send_name"] is True
    assert {"message", "failed", "conversation_started"} <= set(for_bot["event_types"])
    assert for_channel["url"] == "https://bot.example/viber/channel/webhook"


async def test_a_check_that_finds_all_well(platform: Viber, viber: ViberMessenger) -> None:
    async def account(request: web.Request) -> web.StreamResponse:
        path = "viber/webhook" if request.headers["X-Viber-Auth-Token"] == TOKEN else "viber/channel/webhook"
        return web.json_response({"status": 0, "webhook": f"https://bot.example/{path}", "members": MEMBERS})

    await viber.receive("https://bot.example")
    platform.answers["get_account_info"] = account

    assert [finding for finding in await viber.check([CHANNEL]) if not finding.ok] == []


async def test_a_check_says_what_to_do(platform: Viber, viber: ViberMessenger) -> None:
    platform.answers["get_account_info"] = {"status": 0, "webhook": "https://other.example/", "members": MEMBERS}

    wrong = [finding for finding in await viber.check([Channel("main", Platform.VIBER, poster="m1")]) if not finding.ok]

    assert len(wrong) == 3
    assert all(finding.advice for finding in wrong)


async def test_a_check_never_raises(platform: Viber, viber: ViberMessenger) -> None:
    platform.answers["get_account_info"] = {"status": 2, "status_message": "invalidAuthToken"}

    assert [finding.ok for finding in await viber.check([CHANNEL])] == [False, False]
    assert [finding.ok for finding in await ViberMessenger("").check([CHANNEL])] == [True, False]
