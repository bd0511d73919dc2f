"""An editor's waits: for an answer, and for a post to leave, idle and while everything is being sent."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from itertools import cycle, islice
from pathlib import Path

from bot.app import App, open_app, utc_now
from bot.bench.figures import Figure, waited
from bot.bench.helper import Helper, helper
from bot.bench.house import environment
from bot.bench.ledger import filled
from bot.bench.scene import ARTICLE, OWNER
from bot.domain import Address, Platform
from bot.domain.people import Actor
from bot.newsroom import timing, writing
from bot.newsroom.desk import Desk
from config.settings import load_settings

DESK = Actor(Address(Platform.TELEGRAM, str(OWNER)))
#: Readers of the broadcast that runs meanwhile, commands, posts.
FULL = (1_000_000, 120, 30)
QUICK = (50_000, 30, 6)
#: Milliseconds.
COMMAND, NOW, SCHEDULED = 200, 100, 250
#: A post is timed so far ahead.
AHEAD = timedelta(seconds=0.5)
_COMMANDS = ("/list", "/show 1", "/whoami", "/list")


async def measure(quick: bool) -> list[Figure]:
    readers, commands, posts = QUICK if quick else FULL
    with tempfile.TemporaryDirectory(prefix="visnyk-bench-") as name:
        folder = Path(name)
        await filled(folder / "visnyk.db", readers)
        async with helper("bot.bench.stage", "0") as stage:
            settings = load_settings(environment(folder, stage.hello["url"]))
            async with open_app(settings) as app:
                return await _waits(app, stage, readers, commands, posts)


async def _waits(app: App, stage: Helper, readers: int, commands: int, posts: int) -> list[Figure]:
    first = await drafted(app)
    idle = [await _ask(stage, command) for command in islice(cycle(_COMMANDS), commands)]
    # This starts the broadcast that runs from here on.
    await _now(stage, first)
    busy = [await _ask(stage, command) for command in islice(cycle(_COMMANDS), commands)]
    at_once = [await _now(stage, await drafted(app)) for _ in range(posts)]
    in_time = [await _lateness(app, stage, await drafted(app)) for _ in range(posts)]
    while_busy = f"while 1,000/s go to {readers:,} readers"
    return [
        waited("a desk command is answered, nothing else to do", idle, COMMAND),
        waited(f"a desk command is answered {while_busy}", busy, COMMAND),
        waited(f"/now to the first request {while_busy}", at_once, NOW),
        waited(f"a scheduled post is late {while_busy}", in_time, SCHEDULED),
    ]


async def drafted(app: App) -> int:
    """Made past the chat, whose next bubble may be news of an earlier article."""
    situation = await app.store.write(lambda tx: writing.draft(Desk(app.newsroom, tx, utc_now(), DESK), ARTICLE))
    return situation.entry.id


async def _lateness(app: App, stage: Helper, article: int) -> float:
    """Seconds from the instant that the desk named to the post."""
    begun = utc_now()
    due = begun + AHEAD
    await app.store.write(lambda tx: timing.schedule(Desk(app.newsroom, tx, begun, DESK), article, due))
    return float((await stage.ask(do="next"))["at"]) - due.timestamp()


async def _ask(stage: Helper, text: str) -> float:
    return float((await stage.ask(do="ask", text=text))["seconds"])


async def _now(stage: Helper, article: int) -> float:
    return float((await stage.ask(do="now", text=f"/now {article}"))["seconds"])
