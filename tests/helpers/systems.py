"""One of the newsroom's own systems, as it calls the API."""

from __future__ import annotations

import io
import json as encoder
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp

from bot.domain import Address, Platform
from bot.domain.systems import Scope
from bot.newsroom import systems
from bot.sandbox import Bubble
from tests.conftest import OWNER, Scene
from tests.helpers.acts import acting

ARTICLES = "/api/v1/articles"
ARTICLE: dict[str, Any] = {
    "headline": "Міст через Сулу відкрили після ремонту",
    "lead": "Рух відновили в обох напрямках.",
    "body": ["Ремонт тривав два роки.", "За словами підрядника, міст простоїть пів століття."],
    "sources": ["Полтавська ОВА https://example.org/ova"],
    "status": "confirmed",
    "topics": ["місто"],
    "link": "https://example.org/news/sula-bridge",
}


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def json(self) -> Any:
        return encoder.loads(self.content)

    @property
    def problem(self) -> str:
        """The kind of a problem; fails if this is none."""
        assert self.headers["Content-Type"].startswith("application/problem+json"), self.content
        assert self.json["status"] == self.status
        return str(self.json["type"]).removeprefix("urn:visnyk:problem:")


async def call(
    scene: Scene,
    method: str,
    secret: str = "",
    path: str = ARTICLES,
    *,
    json: object = None,
    data: bytes | None = None,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    known = {"Authorization": f"Bearer {secret}"} if secret else {}
    content = {"Content-Type": "application/json"} if json is not None or data is not None else {}
    body = data if data is not None else encoder.dumps(json).encode() if json is not None else None
    async with (
        aiohttp.ClientSession() as session,
        session.request(
            method,
            scene.app.url + path,
            data=io.BytesIO(body) if body is not None else None,
            headers={**known, **content, **(headers or {})},
        ) as answer,
    ):
        return Answer(answer.status, answer.headers, await answer.read())


async def new_key(scene: Scene, scope: Scope = Scope.DRAFT, rate: int = 1200, name: str = "CMS") -> str:
    """Make a key as the owner does in the chat; return its secret."""
    app, owner = scene.app, Address(Platform.TELEGRAM, str(OWNER))

    async def make(tx: Any) -> str:
        desk = await acting(app.newsroom, tx, scene.clock(), owner)
        return (await systems.make(desk, name, scope, rate)).secret

    return await app.store.write(make)


def secret_in(bubble: Bubble) -> str:
    found = re.search(r"visnyk_[\w-]{43}", bubble.text)
    assert found is not None, bubble.text
    return found[0]
