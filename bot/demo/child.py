"""The demo's bot in a process of its own, so that killing it is real. `python -m bot.demo.child SECONDS_AHEAD`

Settings come from the environment, as an operator gives them. A line on standard input sets the clock: how many
seconds it is ahead. The end of the input ends the bot. Each line of standard output is one JSON object:
`{"ready": true}`, `{"next": 1795541400.0, "leaving": null}` (the next posting time, and when what can still be stopped
goes out; null if there is none), `{"cannot_start": "why"}`.
"""

from __future__ import annotations

import asyncio
import json
import sys
from datetime import UTC, datetime

from bot import logs
from bot.app import App, open_app, run
from bot.demo.clock import MovableClock
from bot.domain.times import next_slot
from bot.errors import CannotStart
from config.faults import SettingsError
from config.settings import load_settings


def tell(**news: object) -> None:
    sys.stdout.write(json.dumps(news, ensure_ascii=False) + "\n")
    sys.stdout.flush()


async def serve(clock: MovableClock) -> None:
    settings = load_settings()
    # What goes wrong while the sandbox plays its faults is shown on the phones; the terminal stays readable.
    logs.set_up_logs("CRITICAL", False, settings.secrets)
    orders = await _standard_input()
    async with open_app(settings, clock=clock) as app:
        changed = asyncio.Event()
        app.store.on("queue", changed.set)
        telling = asyncio.create_task(_tell_next(app, clock, changed))
        tell(ready=True)
        async for line in orders:
            clock.ahead = float(line)
            app.look()
            changed.set()
        telling.cancel()


async def _standard_input() -> asyncio.StreamReader:
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    return reader


async def _tell_next(app: App, clock: MovableClock, changed: asyncio.Event) -> None:
    """Tell it again when the queue or the clock changed, and when it has passed."""
    while True:
        changed.clear()
        at = await next_posting(app, clock())
        leaving = min([countdown.ends_at for countdown in await app.store.read.countdowns()], default=None)
        tell(next=at.timestamp() if at is not None else None, leaving=leaving and leaving.timestamp())
        rest = (at - clock()).total_seconds() + 0.5 if at is not None else None
        try:
            async with asyncio.timeout(rest):
                await changed.wait()
        except TimeoutError:
            pass


async def next_posting(app: App, now: datetime) -> datetime | None:
    """Return when the next article goes out, or could: its own time, or a slot of the week."""
    timetable = app.newsroom.timetable
    slot = next_slot(timetable.slots, after=now, zone=timetable.zone, taken=())
    queued = [at.astimezone(UTC) for at in await app.store.read.taken_times()]
    return min([*(at for at in queued if at > now), *([slot] if slot is not None else [])], default=None)


def main() -> None:
    try:
        run(serve(MovableClock(float(sys.argv[1]))))
    except (CannotStart, SettingsError) as error:
        tell(cannot_start=str(error))
        sys.exit(1)


if __name__ == "__main__":
    main()
