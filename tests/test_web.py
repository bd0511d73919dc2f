"""The doors: who may come in, what is kept, and what an operator sees."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain import Platform
from bot.storage import Queries, Store
from bot.web.parsing import KEPT, Parsing
from tests.conftest import (
    ARTICLE,
    CHANNEL,
    OWNER,
    READER,
    VIBER_CHANNEL_TOKEN,
    VIBER_OWNER,
    VIBER_READER,
    Clock,
    Scene,
    a_scene,
)
from tests.helpers.crowd import an_article, publishes, rows
from tests.helpers.doors import SECRET, UPDATE, call, look, signed


async def kept(scene: Scene) -> int:
    return int((await rows(scene, "SELECT count(*) FROM inbox"))[0][0])


@pytest.mark.parametrize("secret", ["wrong", "", "CANARY-webhook-secre", "секрет", None])
async def test_telegram_without_the_secret_is_turned_away_without_a_trace(scene: Scene, secret: str | None) -> None:
    headers = {} if secret is None else {"X-Telegram-Bot-Api-Secret-Token": secret}

    assert (await call(scene, "/telegram/webhook", UPDATE, headers))[0] == 403
    assert await kept(scene) == 0


async def test_bytes_that_are_no_text_in_the_secret_are_turned_away(scene: Scene) -> None:
    """No client library sends these, so the request is written by hand."""
    reader, writer = await asyncio.open_connection("127.0.0.1", scene.settings.port)
    head = b"POST /telegram/webhook HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nConnection: close\r\n"
    writer.write(head + b"X-Telegram-Bot-Api-Secret-Token: \xff\xfe\xc3\r\n\r\n{}")
    await writer.drain()
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()

    assert answer.split(b"\r\n")[0].split()[1] in (b"403", b"400")
    assert await kept(scene) == 0


async def test_viber_with_a_wrong_signature_is_turned_away_without_a_trace(scene: Scene) -> None:
    body = json.dumps({"event": "message", "message_token": 1, "sender": {"id": "x"}}).encode()

    for headers in ({}, {"X-Viber-Content-Signature": "00"}, signed(body + b" "), signed(body, VIBER_CHANNEL_TOKEN)):
        assert (await call(scene, "/viber/webhook", body, headers))[0] == 403
    assert (await call(scene, "/viber/channel/webhook", body, signed(body)))[0] == 403
    assert await kept(scene) == 0


@pytest.mark.parametrize("path", ["/telegram/webhook", "/viber/webhook", "/viber/channel/webhook"])
async def test_a_body_above_a_mebibyte_is_refused(scene: Scene, path: str) -> None:
    body = b"x" * (1024 * 1024 + 1)

    assert (await call(scene, path, body, {**SECRET, **signed(body)}))[0] == 413
    assert await kept(scene) == 0


async def test_an_update_that_comes_twice_is_answered_once(scene: Scene) -> None:
    await scene.says("/whoami", str(OWNER))
    before = len(scene.telegram())
    for _ in range(3):
        assert (await call(scene, "/telegram/webhook", UPDATE, SECRET))[0] == 200
    await scene.until(lambda: len(scene.telegram()) > before)
    await scene.says("/whoami", str(OWNER))

    assert len(scene.telegram()) == before + 2


@pytest.mark.parametrize(("age", "status"), [(23, 200), (25, 403)])
async def test_an_update_older_than_telegram_keeps_one_is_turned_away(scene: Scene, age: int, status: int) -> None:
    scene.clock.at += timedelta(hours=age)

    assert (await call(scene, "/telegram/webhook", UPDATE, SECRET))[0] == status
    assert await kept(scene) == (status == 200)


@pytest.mark.parametrize(
    "update",
    [
        {"message": {"date": 1}},
        {"edited_message": {"date": 1_795_518_000, "edit_date": 1}},
        {"my_chat_member": {"date": 1}},
    ],
)
async def test_every_dated_kind_of_update_can_be_too_old(scene: Scene, update: dict[str, object]) -> None:
    body = json.dumps({"update_id": 9, **update}).encode()

    assert (await call(scene, "/telegram/webhook", body, SECRET))[0] == 403


@pytest.mark.parametrize(("minutes", "answers"), [(61, 0), (59, 1)])
async def test_a_signed_call_of_viber_works_for_an_hour_only(scene: Scene, minutes: int, answers: int) -> None:
    said = {"id": VIBER_OWNER, "name": "O", "language": "uk", "api_version": 10}
    body = json.dumps({
        "event": "message", "timestamp": int(scene.clock().timestamp() * 1000), "message_token": 12345,
        "sender": said, "message": {"type": "text", "text": "/whoami"},
    }).encode()  # fmt: skip
    scene.clock.at += timedelta(minutes=minutes)
    status = (await call(scene, "/viber/webhook", body, signed(body)))[0]

    assert (status, await kept(scene)) == ((200, 1) if answers else (403, 0))


async def test_a_strangers_unknown_press_is_counted_and_leaves_no_entry(scene: Scene) -> None:
    await scene.says_on_viber("/start", "", person=VIBER_READER)
    before = await rows(scene, "SELECT count(*) FROM audit")
    for _ in range(3):
        await scene.says_on_viber(f"#{'x' * 22}", "Ця кнопка", person=VIBER_READER)

    assert await rows(scene, "SELECT count(*) FROM audit") == before
    assert 'visnyk_refused{what="unknown_button"} 3.0' in (await look(scene, "/metrics"))[1]


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"[]", b"\xff", b'{"update_id": 9, "from_the_future": {}}', b'{"event": []}']
)
async def test_what_nobody_understands_is_acknowledged_and_forgotten(scene: Scene, body: bytes) -> None:
    assert (await call(scene, "/telegram/webhook", body, SECRET))[0] == 200
    assert (await call(scene, "/viber/webhook", body, signed(body)))[0] == 200
    assert (await call(scene, "/viber/channel/webhook", body, signed(body, VIBER_CHANNEL_TOKEN)))[0] == 200
    assert await kept(scene) == 0


async def test_who_opens_the_viber_chat_is_welcomed_in_the_answer_itself(scene: Scene) -> None:
    await scene.sandbox.viber.open_chat(VIBER_READER)

    assert len(scene.viber(VIBER_READER)) == 1
    assert await kept(scene) == 0


async def test_the_operators_pages_tell_health_and_figures_and_no_secret(scene: Scene) -> None:
    await scene.says("/start", "підписал", person=READER)

    assert await look(scene, "/healthz") == (200, "ok\n")
    assert (await look(scene, "/readyz"))[1].startswith("ready\n")
    status, metrics = await look(scene, "/metrics")
    assert status == 200
    assert 'visnyk_readers{platform="telegram"} 1.0' in metrics
    assert 'visnyk_waiting{what="articles"} 0.0' in metrics
    assert "CANARY" not in metrics
    assert (await look(scene, "/nothing"))[0] == 404


async def test_without_a_public_url_telegram_is_polled(tmp_path: Path) -> None:
    async with a_scene(tmp_path, PUBLIC_URL="", VIBER_TOKEN="", VIBER_CHANNEL_TOKEN="") as scene:
        await scene.says("/start", "підписал", person=READER)
        await publishes(scene, an_article())
        await scene.until(lambda: scene.sandbox.telegram.phone(CHANNEL))

        assert (await look(scene, "/readyz"))[0] == 200
        assert (await call(scene, "/viber/webhook", b"{}", {}))[0] == 404


async def test_a_poll_that_fails_is_repeated_and_loses_nothing(tmp_path: Path) -> None:
    async with a_scene(tmp_path, PUBLIC_URL="", VIBER_TOKEN="", VIBER_CHANNEL_TOKEN="") as scene:
        scene.sandbox.faults.add("telegram", "drop_after", method="getUpdates")
        await scene.says("/start", "підписал", person=READER)

        assert len(scene.telegram(READER)) == 1


async def test_what_the_desk_says_is_heard_before_what_readers_say(scene: Scene) -> None:
    await scene.says("/start", "підписал", person=READER)
    await scene.says("/list", "Черга порожня")
    assert await rows(scene, "SELECT lane FROM inbox ORDER BY id") == [(1,), (0,)]

    async def work(tx: Queries) -> list[int]:
        for number in range(3):
            await tx.receive(Platform.TELEGRAM, f"reader {number}", b"{}", scene.clock(), chat=f"reader {number}")
        await tx.receive(Platform.TELEGRAM, "desk", b"{}", scene.clock(), chat="desk", from_desk=True)
        return [row.id for row in await tx.waiting(10)]

    ids = await scene.app.store.write(work)
    assert ids[0] == max(ids)


async def test_what_the_desk_says_overtakes_nothing_of_the_same_chat(store: Store) -> None:
    async def work(tx: Queries) -> list[int]:
        chats = [("", False), ("reader", False), ("newcomer", False), ("reader", False), ("newcomer", True)]
        for number, (chat, from_desk) in enumerate(chats):
            await tx.receive(Platform.TELEGRAM, str(number), b"{}", Clock()(), chat=chat, from_desk=from_desk)
        return [row.id for row in await tx.waiting(10)]

    # The first was kept by an older Visnyk, which noted no chat.
    assert await store.write(work) == [1, 3, 5, 2, 4]


async def test_the_first_word_after_a_start_is_known_to_be_the_desks(scene: Scene) -> None:
    await scene.stop()
    await scene.start()
    await asyncio.gather(
        scene.sandbox.telegram.say(OWNER, "/list"), scene.sandbox.viber.say(VIBER_OWNER, "/list"),
        scene.sandbox.telegram.say(READER, "/start"),
    )  # fmt: skip
    await scene.until(lambda: scene.telegram() and scene.viber() and scene.telegram(READER))

    lanes = await rows(scene, "SELECT platform, lane FROM inbox ORDER BY platform, lane")
    assert lanes == [("telegram", 0), ("telegram", 1), ("viber", 0)]


async def test_what_must_be_tried_again_is_not_overtaken_in_its_chat(scene: Scene) -> None:
    await scene.says(f"/queue {ARTICLE}", "#1")
    message = json.loads(UPDATE)["message"]
    [(button,), *_] = await rows(scene, "SELECT id FROM button LIMIT 1")
    press = {"callback_query": {"id": "1", "from": message["from"], "data": button, "chat_instance": "1"}}
    words = {"message": {**message, "text": "/whoami"}}

    async def breaks(tx: Queries) -> None:
        await tx.run("UPDATE button SET used_at = 1, used_by = 'odd:5'", {})
        for number, update in enumerate((press, words)):
            body = json.dumps({"update_id": 7000 + number, **update}).encode()
            await tx.receive(Platform.TELEGRAM, f"{7000 + number}", body, scene.clock(), from_desk=True)

    await scene.app.store.write(breaks)
    await scene.until(lambda: any(str(OWNER) in bubble.text for bubble in scene.telegram()))

    assert [bubble for bubble in scene.telegram() if "Сталася помилка з нашого боку" in bubble.text]


class _Counting:
    """A platform's calls, which counts how often it parses."""

    def __init__(self) -> None:
        self.calls = self
        self.parsed = 0

    def parse(self, _body: bytes) -> None:
        self.parsed += 1


def test_an_update_is_parsed_once_however_many_look_at_it() -> None:
    messenger = _Counting()
    parsing = Parsing({Platform.TELEGRAM: messenger})  # type: ignore[dict-item]
    for _ in range(3):
        parsing.parse(Platform.TELEGRAM, b"one")
    parsing.parse(Platform.TELEGRAM, b"two")
    assert messenger.parsed == 2

    for number in range(KEPT + 1):
        parsing.parse(Platform.TELEGRAM, b"%d" % number)
    parsing.parse(Platform.TELEGRAM, b"one")
    assert messenger.parsed == 2 + KEPT + 1 + 1
