"""The strict sandbox in its own process: `python -m bot.bench.stage PER_SECOND` (0: no limit); see `Helper`.

Questions: `{"do": "count"}` what went out and what was refused, `{"do": "ask", "text": …}` the owner says something;
the seconds until the bot's answer is on her phone, `{"do": "now", "text": …}` until the channel has a new post,
`{"do": "next"}` when the channel's next post comes, in seconds since 1970.
"""

from __future__ import annotations

import asyncio
import gc
import json
import sys
import time
from typing import Any

from bot.bench.scene import CHANNEL, OWNER, TOKEN
from bot.sandbox import Sandbox
from bot.sandbox.faults import Pace

#: Whoever waits longer than this, in seconds, waits in vain.
PATIENCE = 120.0
#: Requests a second and more than anybody sends; also for one chat, as editors don't type as fast as the bench.
NO_LIMIT = 1_000_000


class CountingPace(Pace):
    """Also notes how it was kept to."""

    def __init__(self) -> None:
        super().__init__()
        self.refused = 0
        self.times: list[float] = []

    def telegram(self, token: str, chat: str, units: int = 1, *, paid: bool = False) -> int:
        wait = super().telegram(token, chat, units, paid=paid)
        if wait:
            self.refused += 1
        else:
            self.times.append(time.monotonic())
        return wait


class Stage:
    def __init__(self, sandbox: Sandbox, pace: CountingPace) -> None:
        self._sandbox = sandbox
        self._pace = pace

    async def answer(self, question: dict[str, Any]) -> dict[str, Any]:
        if question["do"] == "count":
            times = self._pace.times
            return {"sent": len(times), "refused": self._pace.refused, "seconds": times[-1] - times[0] if times else 0}
        if question["do"] == "next":
            await self._shown(CHANNEL, len(self._sandbox.telegram.phone(CHANNEL)))
            return {"at": time.time()}
        chat = OWNER if question["do"] == "ask" else CHANNEL
        return {"seconds": await self._until_shown(chat, question["text"])}

    async def _until_shown(self, chat: int, text: str) -> float:
        begun = time.monotonic()
        await self._sandbox.telegram.say(OWNER, text)
        # Her own words are on her phone before the bot's.
        shown = len(self._sandbox.telegram.phone(chat))
        await self._shown(chat, shown)
        return time.monotonic() - begun

    async def _shown(self, chat: int, before: int) -> None:
        """Until more than so many bubbles are there."""
        await self._sandbox.until(lambda: len(self._sandbox.telegram.phone(chat)) > before, timeout=PATIENCE)


async def play(per_second: int) -> None:
    # A platform does not pause: what came meanwhile would count as a burst.
    gc.disable()
    async with Sandbox() as sandbox:
        sandbox.pace = pace = CountingPace()
        pace.strict(per_second or NO_LIMIT, NO_LIMIT, NO_LIMIT)
        telegram = sandbox.telegram
        telegram.add_bot(TOKEN)
        telegram.add_channel(CHANNEL, title="Bench", username="bench")
        telegram.set_admin(CHANNEL, TOKEN, can_post=True)
        telegram.add_person(OWNER, name="Olena", language="uk", started=True)
        telegram.open_house = True
        stage = Stage(sandbox, pace)
        _say({"url": sandbox.telegram_url})
        while line := await asyncio.to_thread(sys.stdin.readline):
            _say(await stage.answer(json.loads(line)))


def _say(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(play(int(sys.argv[1])))
