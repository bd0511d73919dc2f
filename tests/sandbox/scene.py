"""What the sandbox's tests share: one newsroom's names, and a plain client."""

import json
from typing import Any

import aiohttp
from aiohttp import web

from bot.sandbox import Sandbox

TOKEN = "123456:sandbox-token"
CHANNEL = -1001234567890
OLENA = 1001
VIBER_TOKEN = "TEST-VIBER-TOKEN-0001"
VIBER_CHANNEL_TOKEN = "TEST-VIBER-TOKEN-0002"
IVAN = "AAAAAAAAAAAAAAAAAAAAAA=="
ADMIN = "admin-id=="
SENDER = {"name": "Visnyk"}

Answered = tuple[int, dict[str, Any]]


class Caller:
    """A client that knows nothing: it posts JSON and gives the HTTP status and the body."""

    def __init__(self, sandbox: Sandbox, session: aiohttp.ClientSession) -> None:
        self.sandbox = sandbox
        self.session = session

    async def telegram(self, method: str, token: str = TOKEN, **params: Any) -> Answered:
        return await self._post(f"{self.sandbox.telegram_url}/bot{token}/{method}", params)

    async def viber(self, endpoint: str, token: str = VIBER_TOKEN, **body: Any) -> Answered:
        return await self._post(f"{self.sandbox.viber_url}/{endpoint}", body, {"X-Viber-Auth-Token": token})

    async def _post(self, url: str, body: dict[str, Any], headers: dict[str, str] | None = None) -> Answered:
        data = json.dumps(body, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json", **(headers or {})}
        async with self.session.post(url, data=data, headers=headers) as answer:
            return answer.status, await answer.json()


class Door:
    """A bot's webhook: keeps what came, answers what it is told to."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.headers: list[dict[str, str]] = []
        self.statuses: list[int] = []
        self.reply: dict[str, Any] | None = None
        self.url = ""

    @property
    def events(self) -> list[dict[str, Any]]:
        return [json.loads(body) for body in self.bodies]

    async def handle(self, request: web.Request) -> web.Response:
        self.bodies.append(await request.read())
        self.headers.append(dict(request.headers))
        status = self.statuses.pop(0) if self.statuses else 200
        return web.json_response(self.reply or {}, status=status)
