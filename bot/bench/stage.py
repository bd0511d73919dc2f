"""The strict sandbox in its own process: `python -m bot.bench.stage PER_SECOND` (0: no limit); see `Helper`.

Questions:
`{"do": "count"}` what went out and what was refused;
`{"do": "ask", "text": …}` the owner says something: the seconds until the bot's answer is on her phone (with
`"person"` on that person's, with `"settle": true` also how many messages the answer has);
`{"do": "now", "text": …}` the seconds until the channel has a new post (with `"readers"` and `"question"`
after this number of readers asked that);
`{"do": "next"}` when the channel's next post comes, in seconds since 1970.
"""

from __future__ import annotations

import asyncio
import gc
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from bot.app import run
from bot.bench.helper import questions, say
from bot.bench.scene import ASKING, CHANNEL, OWNER, TOKEN
from bot.sandbox import Sandbox
from bot.sandbox.faults import Pace

#: Seconds after which a wait counts as this long.
PATIENCE = 60.0
#: An answer that nothing was added to for this long, in seconds, is complete.
SETTLED = 0.5
#: Requests a second and more than anybody sends; also for one chat, as editors don't type as fast as the bench.
NO_LIMIT = 1_000_000


class CountingPace(Pace):
    """A pace that also notes how it was kept to."""

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
            await self._more(CHANNEL, self._shown(CHANNEL))
            return {"at": time.time()}
        if question["do"] == "now":
            return {"seconds": await self._posted(question)}
        return await self._answered(question)

    async def _posted(self, question: dict[str, Any]) -> float:
        people = range(ASKING, ASKING + question.get("readers", 0))
        waiting = {person: await self._said(person, question["question"]) for person in people}
        posts = self._shown(CHANNEL)
        begun = time.monotonic()
        await self._said(OWNER, question["text"])
        await self._more(CHANNEL, posts)
        seconds = time.monotonic() - begun
        # Each of them is answered before anybody asks again.
        await self._until(lambda: all(self._shown(person) > shown for person, shown in waiting.items()))
        return seconds

    async def _answered(self, question: dict[str, Any]) -> dict[str, Any]:
        person = question.get("person", OWNER)
        begun = time.monotonic()
        shown = await self._said(person, question["text"])
        await self._more(person, shown)
        seconds = time.monotonic() - begun
        if question.get("settle"):
            await self._settled(person)
        return {"seconds": seconds, "messages": self._shown(person) - shown}

    async def _said(self, person: int, text: str) -> int:
        """Say it as this person; return the number of bubbles on their phone, their own words included."""
        await self._sandbox.telegram.say(person, text)
        return self._shown(person)

    def _shown(self, chat: int) -> int:
        return len(self._sandbox.telegram.phone(chat))

    async def _more(self, chat: int, before: int) -> None:
        """Wait until more than `before` bubbles are there."""
        await self._until(lambda: self._shown(chat) > before)

    async def _until(self, is_so: Callable[[], bool]) -> None:
        """Wait until it is so, or until a person would have given up: that is a figure too."""
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                while not is_so():
                    await self._sandbox.board.next_change()

    async def _settled(self, chat: int) -> None:
        before = -1
        while (shown := self._shown(chat)) > before:
            before = shown
            await asyncio.sleep(SETTLED)


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
        say({"url": sandbox.telegram_url})
        async for question in questions():
            say(await stage.answer(question))


if __name__ == "__main__":
    run(play(int(sys.argv[1])))
