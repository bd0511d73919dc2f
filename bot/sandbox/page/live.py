"""Events of the sandbox, sent to browsers: gathered for a moment, so that a rush costs a browser little."""

import asyncio
import json
from collections.abc import Iterable
from typing import Any

from aiohttp import web

from bot.sandbox.page.cast import bubble_json, described, state_of
from bot.sandbox.page.playbill import Playbill
from bot.sandbox.phones import Event, Request, Watch

JSON = dict[str, Any]

#: Seconds for which events are gathered, usually and in a rush: at once to the eye, or a few times a second.
GATHER, RUSH_GATHER = 0.05, 0.25
#: Events gathered together that make a rush.
RUSH = 20
#: Seconds of silence after which a comment keeps the line open.
PING = 15.0
#: Most events that a browser may be behind: with more it gets everything again.
BEHIND = 3000
#: Newest requests that a browser gets, however many there were.
REQUESTS_TOLD = 60


async def live(play: Playbill, request: web.Request) -> web.StreamResponse:
    """First everything that is there, then what changes, until the browser leaves or the sandbox closes."""
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
    await response.prepare(request)
    watch = play.board.watch()
    events: list[Event] = []
    try:
        await _tell(response, [snapshot(play)])
        while True:
            events = await _gathered(watch, GATHER if len(events) < RUSH else RUSH_GATHER)
            if len(events) > BEHIND:
                watch = play.board.watch()
                await _tell(response, [snapshot(play)])
            elif events:
                await _tell(response, changes(play, events))
            else:
                await response.write(b": still here\n\n")
    except ConnectionError:
        return response


async def _gathered(watch: Watch, seconds: float) -> list[Event]:
    try:
        async with asyncio.timeout(PING):
            first = await watch.events.get()
    except TimeoutError:
        return []
    await asyncio.sleep(seconds)
    return [first, *(watch.events.get_nowait() for _ in range(watch.events.qsize()))]


async def _tell(response: web.StreamResponse, news: list[JSON]) -> None:
    text = json.dumps(news, ensure_ascii=False, separators=(",", ":"))
    await response.write(f"data: {text}\n\n".encode())


def snapshot(play: Playbill) -> JSON:
    """All that a browser needs to draw the page."""
    return {
        "kind": "all",
        "zone": play.time_zone,
        "phones": [described(play.both, phone) for phone in play.cast()],
        "samples": [
            {"key": sample.key, "title": sample.title, "language": sample.language, "picture": bool(sample.picture)}
            for sample in play.samples
        ],
        "actions": [*play.actions],
        "stage": stage(play),
        "requests": requests(play.board.requests),
    }


def stage(play: Playbill) -> JSON:
    """The strip on top: the clock, the faults, how the bot is."""
    return {"now": round(play.board.now() * 1000), "faults": play.switches.on(), **play.status()}


def changes(play: Playbill, events: Iterable[Event]) -> list[JSON]:
    news: list[JSON] = []
    asked: list[Request] = []
    staged = False
    for event in events:
        match event.kind:
            case "request":
                assert event.request is not None
                asked.append(event.request)
            case "stage":
                staged = True
            case _:
                news += _change(play, event)
    if asked:
        news.append({"kind": "requests"} | requests(asked))
    if staged:
        news.append({"kind": "stage", "stage": stage(play)})
    return news


def _change(play: Playbill, event: Event) -> list[JSON]:
    key = f"{event.platform}:{event.chat}"
    if event.kind == "person":
        return [{"kind": "person", **state_of(play.both, phone)} for phone in play.cast() if phone.key == key]
    if event.kind == "answered":
        return [{"kind": "toast", "phone": key, "text": event.text}] if event.text else []
    if event.bubble is None:
        return []
    return [{"kind": event.kind, "phone": key, "bubble": bubble_json(event.bubble)}]


def requests(asked: Iterable[Request]) -> JSON:
    """The newest requests, and how many there were."""
    everything = list(asked)
    return {
        "list": [
            [r.platform, r.method, r.status, round(r.duration * 1000, 1), round(r.at * 1000), r.chat, r.error]
            for r in everything[-REQUESTS_TOLD:]
        ],
        "count": len(everything),
        "limited": sum(_limited(request) for request in everything),
    }


def _limited(request: Request) -> bool:
    return request.status == 429 or request.error.startswith("12 ")
