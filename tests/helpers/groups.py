"""A group of the desk, and what Telegram tells the bot of groups."""

from __future__ import annotations

import json

import aiohttp

from tests.conftest import Scene

GROUP = -1009999999991


_numbers = iter(range(900_000_000, 999_999_999))


async def post(scene: Scene, **content: object) -> None:
    headers = {"X-Telegram-Bot-Api-Secret-Token": "CANARY-webhook-secret-0123456789"}
    body = json.dumps({"update_id": next(_numbers), **content})
    url = f"{scene.app.url}/telegram/webhook"
    async with aiohttp.ClientSession() as session, session.post(url, data=body, headers=headers) as answer:
        assert answer.status == 200
