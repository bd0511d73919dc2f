"""Visitors of the doors: calls of the platforms, and looks of an operator."""

from __future__ import annotations

import hashlib
import hmac
import io
import json
from collections.abc import Mapping

import aiohttp

from tests.conftest import OWNER, VIBER_TOKEN, Scene

SECRET = {"X-Telegram-Bot-Api-Secret-Token": "CANARY-webhook-secret-0123456789"}
UPDATE = json.dumps(
    {
        "update_id": 77,
        "message": {
            "message_id": 5,
            "date": 1_795_518_000,
            "chat": {"id": OWNER, "type": "private"},
            "from": {"id": OWNER, "is_bot": False, "first_name": "O", "language_code": "uk"},
            "text": "/list",
        },
    }
).encode()


async def call(scene: Scene, path: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, bytes]:
    async with (
        aiohttp.ClientSession() as session,
        session.post(scene.app.url + path, data=io.BytesIO(body), headers=headers) as answer,
    ):
        return answer.status, await answer.read()


async def look(scene: Scene, path: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.get(scene.app.url + path) as answer:
        return answer.status, await answer.text()


def signed(body: bytes, token: str = VIBER_TOKEN) -> dict[str, str]:
    return {"X-Viber-Content-Signature": hmac.new(token.encode(), body, hashlib.sha256).hexdigest()}
