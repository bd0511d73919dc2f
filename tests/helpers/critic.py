"""A newsroom between which and a platform stands somebody who finds fault with what is sent."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, web

from bot.sandbox import Sandbox
from tests.conftest import Clock, Scene, free_port, people, settings_for


class Critic:
    """Stands between the bot and a platform of the sandbox and finds fault with what it is told to."""

    def __init__(self, target: str, words: bytes, answer: dict[str, Any], status: int) -> None:
        self.target, self.words, self.answer, self.status = target, words, answer, status
        self.refused = 0

    async def serve(self, request: web.Request) -> web.Response:
        body = await request.read()
        if self.words and self.words in body:
            self.refused += 1
            return web.json_response(self.answer, status=self.status)
        headers = {name: value for name, value in request.headers.items() if name.lower() != "host"}
        async with (
            ClientSession() as session,
            session.post(self.target + request.path, data=body, headers=headers) as r,
        ):
            return web.Response(body=await r.read(), status=r.status, content_type=r.content_type)


@asynccontextmanager
async def a_critical_scene(folder: Path, platform: str, words: bytes) -> AsyncIterator[tuple[Scene, Critic]]:
    async with Sandbox() as sandbox:
        people(sandbox)
        answer, status = {
            "telegram": ({"ok": False, "error_code": 400, "description": "Bad Request: can't parse entities"}, 400),
            "viber": ({"status": 3, "status_message": "badData"}, 200),
        }[platform]
        url = {"telegram": sandbox.telegram_url, "viber": sandbox.viber_url}[platform]
        critic = Critic(url.rstrip("/"), words, answer, status)
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", critic.serve)
        runner = web.AppRunner(app)
        await runner.setup()
        port = free_port()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        settings = settings_for(
            sandbox, folder, free_port(), **{f"{platform.upper()}_API_URL": f"http://127.0.0.1:{port}"}
        )
        scene = Scene(sandbox, settings, Clock())
        await scene.start()
        try:
            yield scene, critic
        finally:
            await scene.stop()
            await runner.cleanup()
