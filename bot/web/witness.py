"""The door of a witness: other newsrooms' records are cosigned here, and never a fork of one."""

from __future__ import annotations

import time
from collections.abc import Callable

import structlog
from aiohttp import web

from bot.record.signing import Fork
from bot.record.witnessing import LONGEST, Witness

log = structlog.get_logger(__name__)


def witness_app(witness: Witness, now: Callable[[], float] = time.time) -> web.Application:
    """Return what answers `POST /add-checkpoint`."""

    async def add(request: web.Request) -> web.Response:
        if (request.content_length or 0) > LONGEST:
            raise web.HTTPRequestEntityTooLarge(LONGEST, request.content_length or 0)
        try:
            text = (await request.content.read(LONGEST + 1)).decode()
            reply = witness.answer(text, int(now()))
        except UnicodeDecodeError:
            raise web.HTTPBadRequest(text="it is not UTF-8") from None
        except (Fork, OSError) as error:
            log.critical("witness_can_not_remember", why=str(error))
            raise web.HTTPServiceUnavailable(headers={"Retry-After": "60"}) from error
        log.info("checkpoint_asked", status=reply.status, said=reply.body if reply.status != 200 else "")
        return web.Response(status=reply.status, text=reply.body, content_type=reply.kind)

    app = web.Application()
    app.add_routes([web.post("/add-checkpoint", add)])
    return app
