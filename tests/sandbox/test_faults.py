"""What goes wrong on request, and how fast a platform lets a bot talk."""

import asyncio
from typing import Any

import aiohttp
import pytest

from bot.sandbox.faults import Faults, Pace
from tests.sandbox.scene import CHANNEL, IVAN, OLENA, SENDER, TOKEN, Caller

#: Kind, what the client meets, whether the message is shown all the same.
OUTCOMES = [
    ("late", 200, True),
    ("slow", 200, True),
    ("drop_before", aiohttp.ServerDisconnectedError, False),
    ("drop_after", aiohttp.ServerDisconnectedError, True),
    ("500", aiohttp.ContentTypeError, False),
    ("502", aiohttp.ContentTypeError, False),
    ("half", aiohttp.ClientPayloadError, True),
    ("html200", aiohttp.ContentTypeError, True),
    ("http429", aiohttp.ContentTypeError, False),
]


async def send(caller: Caller, platform: str) -> int:
    if platform == "telegram":
        return (await caller.telegram("sendMessage", chat_id=OLENA, text="x"))[0]
    return (await caller.viber("send_message", receiver=IVAN, type="text", text="x", sender=SENDER))[0]


def shown(caller: Caller, platform: str) -> int:
    sandbox = caller.sandbox
    return len(sandbox.telegram.phone(OLENA) if platform == "telegram" else sandbox.viber.phone(IVAN))


@pytest.mark.parametrize("platform", ["telegram", "viber"])
@pytest.mark.parametrize(("kind", "outcome", "told"), OUTCOMES, ids=lambda value: str(value)[:12])
async def test_each_fault_happens_once_and_tells_or_does_not(
    caller: Caller, platform: str, kind: str, outcome: Any, told: bool
) -> None:
    caller.sandbox.faults.add(platform, kind, delay=0.001)

    if isinstance(outcome, int):
        assert await send(caller, platform) == outcome
    else:
        with pytest.raises(outcome):
            await send(caller, platform)

    assert shown(caller, platform) == told
    assert caller.sandbox.requests[-1].error
    assert await send(caller, platform) == 200
    assert shown(caller, platform) == told + 1


async def test_a_belated_request_takes_effect_after_its_sender_has_given_up(caller: Caller) -> None:
    caller.sandbox.faults.add("telegram", "belated", delay=0.05)

    with pytest.raises(aiohttp.ServerDisconnectedError):
        await send(caller, "telegram")

    assert shown(caller, "telegram") == 0
    await caller.sandbox.until(lambda: shown(caller, "telegram") == 1)


async def test_what_a_person_cleared_can_still_be_edited_and_is_not_seen(caller: Caller) -> None:
    _, body = await caller.telegram("sendMessage", chat_id=OLENA, text="x")
    number = body["result"]["message_id"]
    await caller.sandbox.telegram.clear(OLENA, number)

    status, _ = await caller.telegram("editMessageText", chat_id=OLENA, message_id=number, text="y")

    assert (status, shown(caller, "telegram")) == (200, 0)


async def test_too_many_requests_are_said_in_each_platforms_way(caller: Caller) -> None:
    caller.sandbox.faults.add("telegram", "429", retry_after=7)
    caller.sandbox.faults.add("viber", "429")

    status, body = await caller.telegram("sendMessage", chat_id=OLENA, text="x")
    http, answer = await caller.viber("send_message", receiver=IVAN, type="text", text="x", sender=SENDER)

    assert (status, body["parameters"], body["description"]) == (
        429,
        {"retry_after": 7},
        "Too Many Requests: retry after 7",
    )
    assert (http, answer["status"]) == (200, 12)


async def test_any_other_refusal_can_be_put_into_their_mouths(caller: Caller) -> None:
    caller.sandbox.faults.add("telegram", "refuse", code=500, text="Internal Server Error: restart")
    caller.sandbox.faults.add("viber", "refuse", code=24)

    status, body = await caller.telegram("sendMessage", chat_id=OLENA, text="x")
    _, answer = await caller.viber("send_message", receiver=IVAN, type="text", text="x", sender=SENDER)

    assert (status, body["description"]) == (500, "Internal Server Error: restart")
    assert (answer["status"], answer["status_message"]) == (24, "noBalance")


def test_a_fault_waits_for_its_method_and_chat() -> None:
    faults = Faults()
    faults.add("telegram", "500", method="sendPhoto", chat=5, times=2)

    assert faults.take("viber", "sendPhoto", ("5",)) is None
    assert faults.take("telegram", "sendMessage", ("5",)) is None
    assert faults.take("telegram", "sendPhoto", ("6",)) is None
    assert faults.take("telegram", "sendphoto", ("5",))
    assert faults.take("telegram", "SENDPHOTO", ("5",))
    assert faults.take("telegram", "sendPhoto", ("5",)) is None


def test_a_fault_without_a_method_spares_the_poller_and_may_last() -> None:
    faults = Faults()
    faults.add("telegram", "500", times=None, probability=0.5)

    taken = sum(faults.take("telegram", "sendMessage", ()) is not None for _ in range(1000))

    assert faults.take("telegram", "getUpdates", ()) is None
    assert 400 < taken < 600
    faults.clear()
    assert all(faults.take("telegram", "sendMessage", ()) is None for _ in range(50))


def test_unknown_faults_are_refused() -> None:
    with pytest.raises(ValueError, match="unknown fault 'fire'"):
        Faults().add("telegram", "fire")
    with pytest.raises(ValueError, match="unknown platform"):
        Faults().add("signal", "500")


def test_the_pace_counts_any_second_and_any_minute() -> None:
    clock = [100.0]
    pace = Pace(lambda: clock[0])
    pace.strict(telegram_per_second=3, chat_per_second=1, group_per_minute=2)

    assert [pace.telegram("t", chat) for chat in ("1", "2", "3", "4")] == [0, 0, 0, 1]
    assert pace.telegram("other", "1") == 0
    clock[0] += 1
    assert pace.telegram("t", "-5") == 0
    assert pace.telegram("t", "-5") == 1
    clock[0] += 1
    assert pace.telegram("t", "-5") == 0
    clock[0] += 1
    assert pace.telegram("t", "-5") == 58


async def test_a_strict_pace_answers_429_with_its_header(caller: Caller) -> None:
    caller.sandbox.pace.strict()
    url = f"{caller.sandbox.telegram_url}/bot{TOKEN}/sendMessage"
    first, _ = await caller.telegram("sendMessage", chat_id=CHANNEL, text="x")

    async with caller.session.post(url, json={"chat_id": CHANNEL, "text": "y"}) as second:
        assert (first, second.status, second.headers["Retry-After"]) == (200, 429, "1")

    assert len(caller.sandbox.telegram.phone(CHANNEL)) == 1
    assert (await caller.telegram("getMe"))[0] == 200


async def test_late_means_shown_before_it_is_answered(caller: Caller) -> None:
    caller.sandbox.faults.add("telegram", "late", delay=30)
    request = asyncio.create_task(send(caller, "telegram"))

    await caller.sandbox.until(lambda: shown(caller, "telegram") == 1)

    assert not request.done()
    request.cancel()
    await asyncio.gather(request, return_exceptions=True)
