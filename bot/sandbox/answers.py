"""The answers of both platforms: good ones, refusals, and what a fault puts in their place."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any, cast

from aiohttp import web

from bot.sandbox.faults import Fault
from bot.sandbox.viber import refused

JSON = dict[str, Any]

_HTML = "<html>\r\n<head><title>{0}</title></head>\r\n<body>\r\n<center><h1>{0}</h1></center>\r\n</body>\r\n</html>\r\n"
#: Status and title of what a server in front of the platform answers, by the kind of fault.
_PAGES = {
    "500": (500, "500 Internal Server Error"),
    "502": (502, "502 Bad Gateway"),
    "html200": (200, "One moment"),
    "http429": (429, "429 Too Many Requests"),
}


class Answer(web.Response):
    """A response that remembers what was wrong, for the list of requests."""

    error = ""

    @classmethod
    def of(cls, body: JSON, status: int = 200, headers: dict[str, str] | None = None, error: str = "") -> "Answer":
        answer = cls(
            body=json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode(),
            status=status,
            headers=headers,
            content_type="application/json",
        )
        answer.error = error
        return answer


async def troubled(
    request: web.Request, platform: str, fault: Fault, execute: Callable[[], Awaitable[Answer]]
) -> web.StreamResponse | None:
    """Answer a request that met a fault; None when the connection is gone."""
    if fault.kind == "belated":
        hang_up(request)
        await asyncio.sleep(fault.delay)
        await execute()
        return None
    if fault.kind == "slow":
        await asyncio.sleep(fault.delay)
    answer = await execute() if fault.execute else None
    if fault.kind != "slow" and fault.delay:
        await asyncio.sleep(fault.delay)
    match fault.kind:
        case "drop_before" | "drop_after":
            hang_up(request)
            return None
        case "half":
            half(request, answer)
            return None
        case "429":
            return flooded(platform, fault.retry_after)
        case "refuse":
            return refusing(platform, fault)
        case kind if kind in _PAGES:
            return _page(*_PAGES[kind])
        case _:
            return answer


def _page(status: int, title: str) -> web.Response:
    """The page in HTML that stands where the platform's answer should be."""
    return web.Response(status=status, text=_HTML.format(title), content_type="text/html")


def hang_up(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.abort()


def half(request: web.Request, answer: Answer | None) -> None:
    """Promise a whole body, send half of it, hang up."""
    body = bytes(answer.body or b"{}") if answer is not None and isinstance(answer.body, bytes) else b"{}"
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    if request.transport is not None and not request.transport.is_closing():
        transport = cast("asyncio.WriteTransport", request.transport)  # which uvloop's only looks like
        transport.write(head + body[: len(body) // 2])
        transport.close()


def refusing(platform: str, fault: Fault) -> Answer:
    """The refusal that the fault names, as the platform words it."""
    if platform == "viber":
        body = refused(fault.code, fault.text)
        return Answer.of(body, error=f"{fault.code} {body['status_message']}")
    return Answer.of({"ok": False, "error_code": fault.code, "description": fault.text}, fault.code, error=fault.text)


def flooded(platform: str, wait: int) -> Answer:
    """The answer to a request that comes too fast, as the platform words it."""
    if platform == "viber":
        return Answer.of(refused(12, "Too many requests"), error="12 Too many requests")
    description = f"Too Many Requests: retry after {wait}"
    body = {"ok": False, "error_code": 429, "description": description, "parameters": {"retry_after": wait}}
    return Answer.of(body, 429, {"Retry-After": str(wait)}, error=description)
