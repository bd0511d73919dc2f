"""The API: the newsroom's own systems bring articles in, change, withdraw and read them."""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from aiohttp import web

from bot.domain.systems import Remembered, Scope, SystemKey, digest_of
from bot.errors import LogAltered, NotStored, Refused
from bot.ingest import cms
from bot.ingest.calls import Broken, Sent, Wrong, article_of, read_call
from bot.ingest.cms import Taken
from bot.newsroom import systems
from bot.newsroom.desk import Desk
from bot.newsroom.newsroom import Newsroom
from bot.storage import Queries, Store
from bot.web.flood import Flood
from bot.web.openapi import DOCUMENT
from bot.web.problems import Problem, problem_of

log = structlog.get_logger(__name__)

#: What reads a call's body within the doors' bounds.
Read = Callable[[web.Request], Awaitable[bytes]]
#: A key was used lately if it was within this.
LATELY = timedelta(minutes=1)
_PATH = re.compile(r"/api/v1/articles(?:/(?P<id>[1-9]\d{0,17}))?")
_BEARER = re.compile(r"(?i:bearer) +(visnyk_[A-Za-z0-9_-]{43})")
_CALL_NAME = re.compile(r"[!-~]{1,255}")
_METHODS = {False: ("POST",), True: ("DELETE", "GET", "PATCH")}


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a system that has a key. `number`: of the article that it is about; 0: a new one."""

    key: SystemKey
    number: int
    request: web.Request
    read: Read


class Api:
    """`keep` fetches a picture and keeps it before an article names it."""

    def __init__(
        self, store: Store, house: Newsroom, keep: Callable[[str], Awaitable[None]], *, now: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._house = house
        self._keep = keep
        self._now = now
        self._floods: dict[int, Flood] = {}

    async def answer(self, request: web.Request, read: Read) -> web.Response:
        """Answer whatever is called below /api: each refusal is a problem."""
        try:
            return await self._answer(request, read)
        except Problem as problem:
            return problem.answer()
        except web.HTTPException as refused:
            return problem_of(refused).answer()
        except (NotStored, LogAltered):
            return Problem("not-stored", "Nothing can be stored right now. Try again.", Retry_After="5").answer()

    async def _answer(self, request: web.Request, read: Read) -> web.Response:
        if request.path == "/api/v1/openapi.json":
            return _document(request)
        if not self._store.lead.is_ours:
            raise NotStored(self._store.lead.why)
        found = _PATH.fullmatch(request.path)
        key = await self._key(request)
        if found is None:
            raise Problem("not-found", "The API has /api/v1/articles and /api/v1/openapi.json.")
        number = int(found["id"] or 0)
        if request.method not in _METHODS[number > 0]:
            allowed = ", ".join(_METHODS[number > 0])
            raise Problem("wrong-method", f"Here there are: {allowed}.", Allow=allowed)
        acts = {"POST": self._create, "GET": self._show, "PATCH": self._change, "DELETE": self._withdraw}
        try:
            return await acts[request.method](Call(key, number, request, read))
        except cms.NoSuchArticle:
            raise Problem("not-found", f"No article {number} came with this key.") from None
        except cms.Changed as changed:
            detail = f"It is {changed.etag} by now. Read it again, and change that."
            raise Problem("changed-meanwhile", detail, ETag=changed.etag) from None
        except cms.InOtherHands as taken:
            raise Problem("in-other-hands", f"It is {taken.stage}: ask the desk to change it.") from None
        except Broken as broken:
            raise Problem("not-json", broken.detail) from None
        except Wrong as wrong:
            raise Problem("invalid", wrong.detail, pointer=wrong.pointer) from None
        except Refused as refused:
            raise Problem("invalid", str(refused)) from None

    # Keys

    async def _key(self, request: web.Request) -> SystemKey:
        """Return the key of a call, and count the call."""
        found = _BEARER.fullmatch(request.headers.get("Authorization", "").strip())
        desk = Desk(self._house, self._store.read, self._now())
        key = await self._store.read.system_key(digest_of(found[1])) if found is not None else None
        if key is None or not await systems.counts(desk, key):
            detail = "Send a key that an owner made with /keys: Authorization: Bearer visnyk_…"
            raise Problem("no-key", detail, WWW_Authenticate="Bearer")
        every = timedelta(minutes=1) / key.rate
        flood = self._floods.setdefault(key.id, Flood(every, max(5, key.rate // 6)))
        if flood.is_too_much(key.address, desk.now):
            wait = str(max(1, math.ceil(every.total_seconds())))
            raise Problem("too-many-calls", f"This key may call {key.rate} times a minute.", Retry_After=wait)
        if key.used_at is None or not desk.now - LATELY < key.used_at <= desk.now:
            await self._store.write(lambda tx: tx.use_system_key(key.id, desk.now), behind=True)
        return key

    async def _desk(self, tx: Queries, key: SystemKey) -> Desk:
        """Return the desk for a call's act, if its key is good at that very moment."""
        desk = Desk(self._house, tx, self._now())
        if await tx.system_key(key.digest) is None or not await systems.counts(desk, key):
            raise Problem("no-key", "The key was revoked just now.", WWW_Authenticate="Bearer")
        return desk

    # Acts

    async def _show(self, call: Call) -> web.Response:
        desk = Desk(self._house, self._store.read, self._now())
        taken = Taken(await cms.find(desk, call.key, call.number))
        if taken.etag in call.request.headers.get("If-None-Match", ""):
            return web.Response(status=304, headers={"ETag": taken.etag})
        return _shown(200, _body(taken), taken.etag)

    async def _create(self, call: Call) -> web.Response:
        name, content = _name_of(call.request), await _content(call)
        asked = hashlib.sha256(content).hexdigest()
        if name and (known := await self._store.read.answered_call(call.key.id, name)):
            return _again(known, asked)
        sent = await self._sent(call, content)

        async def create(tx: Queries) -> tuple[Remembered, bool]:
            if name and (known := await tx.answered_call(call.key.id, name)):
                return known, True
            desk = await self._desk(tx, call.key)
            taken = await cms.create(desk, call.key, sent)
            made = Remembered(asked, taken.situation.entry.id, taken.etag, _body(taken))
            if name:
                await tx.keep_answer(call.key.id, name, made, desk.now)
            return made, False

        made, is_known = await self._store.write(create)
        if is_known:
            return _again(made, asked)
        log.info("system_sent_article", article=made.article, key=call.key.id)
        return _created(made)

    async def _change(self, call: Call) -> web.Response:
        seen = _seen(call.request)
        sent = await self._sent(call, await _content(call))

        async def change(tx: Queries) -> Taken:
            return await cms.change(await self._desk(tx, call.key), call.key, call.number, sent, seen)

        taken = await self._store.write(change)
        return _shown(200, _body(taken), taken.etag)

    async def _withdraw(self, call: Call) -> web.Response:
        seen = _seen(call.request)

        async def withdraw(tx: Queries) -> Taken:
            return await cms.withdraw(await self._desk(tx, call.key), call.key, call.number, seen)

        taken = await self._store.write(withdraw)
        return _shown(200, _body(taken), taken.etag)

    async def _sent(self, call: Call, content: bytes) -> Sent:
        """Read a call's content, and keep the picture or video that it names."""
        sent = read_call(content, is_new=not call.number)
        if sent.submit and call.key.scope is not Scope.SUBMIT:
            raise Problem("not-allowed", "This key brings drafts only; an owner makes one that submits with /keys.")
        desk = Desk(self._house, self._store.read, self._now())
        before = (await cms.find(desk, call.key, call.number)).entry.article if call.number else None
        article = article_of(sent, before, desk).article
        if sent.illustration and article.media is not None:
            await self._keep(article.media.url)
        return sent


def _document(request: web.Request) -> web.Response:
    if request.method not in ("GET", "HEAD"):
        raise Problem("wrong-method", "Here there is: GET.", Allow="GET")
    return web.Response(body=DOCUMENT, content_type="application/json", headers={"Cache-Control": "max-age=300"})


async def _content(call: Call) -> bytes:
    if call.request.content_type != "application/json":
        raise Problem("wrong-type", "Send application/json.")
    return await call.read(call.request)


def _name_of(request: web.Request) -> str:
    name = request.headers.get("Idempotency-Key")
    if name is not None and _CALL_NAME.fullmatch(name) is None:
        raise Problem("bad-header", "Idempotency-Key has 1 to 255 plain characters without spaces.")
    return name or ""


def _seen(request: web.Request) -> str:
    seen = request.headers.get("If-Match", "").strip()
    if not seen:
        raise Problem("no-if-match", "Send If-Match with the ETag of the article as you know it.")
    return seen


def _body(taken: Taken) -> str:
    return json.dumps(cms.state_of(taken), ensure_ascii=False)


def _again(known: Remembered, asked: str) -> web.Response:
    if known.asked != asked:
        raise Problem("other-call", "Another body was sent under this Idempotency-Key. Take a new one for a new call.")
    answer = _created(known)
    answer.headers["Idempotent-Replayed"] = "true"
    return answer


def _created(made: Remembered) -> web.Response:
    answer = _shown(201, made.answer, made.etag)
    answer.headers["Location"] = f"/api/v1/articles/{made.article}"
    return answer


def _shown(status: int, body: str, etag: str) -> web.Response:
    headers = {"ETag": etag, "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    return web.Response(status=status, body=body.encode(), headers=headers, content_type="application/json")
