"""One call sent again and again, with kills amid: `python -m tests.trials.equal_calls [CALLS=10000]`.

All have one Idempotency-Key. Exit 1 unless it made one article, and everybody was given the same answer.
"""

from __future__ import annotations

import asyncio
import random
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from bot.domain.systems import FASTEST
from bot.sandbox import Bubble, Sandbox
from bot.storage import open_store
from tests.conftest import OWNER, hold_no_ballast, lay_database, people
from tests.helpers.process import Run, environment
from tests.helpers.systems import ARTICLE, ARTICLES, secret_in

CALLS = 10_000
#: Calls of one life at the most: as many as a key may send at once.
A_LIFE = FASTEST // 6
#: Calls that are under way together.
AT_ONCE = 16


@dataclass(slots=True)
class Tally:
    """The answers counted. `new`: not marked as a repetition; `lost`: calls that got no answer."""

    answered: int = 0
    new: int = 0
    lost: int = 0
    refused: int = 0
    kills: int = 0
    articles: int = 0
    answers: set[bytes] = field(default_factory=set)

    @property
    def is_good(self) -> bool:
        # A kill between the commit and its answer leaves nobody who was told that the article is new.
        return self.articles == len(self.answers) == 1 and self.new <= 1


async def played(folder: Path, calls: int, *, a_life: int = A_LIFE, seed: int = 1) -> Tally:
    """Send the same call until it was answered so often; after some calls of each life Visnyk is killed."""
    draw, tally, secret = random.Random(seed), Tally(), ""
    async with Sandbox() as sandbox:
        people(sandbox)
        sandbox.telegram.add_person(OWNER, name="Олена", language="uk", started=True)
        hold_no_ballast(folder / "visnyk.db")
        await lay_database(folder / "visnyk.db")
        env = environment(sandbox, folder)
        while tally.answered < calls:
            async with Run(env) as run:
                await run.running()
                secret = secret or await _key(sandbox)
                # The first life ends about when the article is made.
                await _Life(run, secret, tally, calls, draw.randint(1, a_life if tally.kills else AT_ONCE)).lived()
    tally.articles = await _articles(folder)
    return tally


async def _key(sandbox: Sandbox) -> str:
    await sandbox.telegram.say(OWNER, f"/keys new CMS {FASTEST}")

    def told() -> list[Bubble]:
        return [each for each in sandbox.telegram.phone(OWNER) if "visnyk_" in each.text]

    await sandbox.until(told)
    return secret_in(told()[0])


async def _articles(folder: Path) -> int:
    store = await open_store(folder / "visnyk.db")
    try:
        return len(await store.read.newest_open(100))
    finally:
        await store.close()


class _Life:
    """The calls of one life of Visnyk, which is killed amid the one after `most`."""

    def __init__(self, run: Run, secret: str, tally: Tally, calls: int, most: int) -> None:
        self._run = run
        self._headers = {"Authorization": f"Bearer {secret}", "Idempotency-Key": "post-77"}
        self._tally = tally
        self._calls = calls
        self._left = most
        self._is_killed = False

    async def lived(self) -> None:
        async with aiohttp.ClientSession(self._run.url, headers=self._headers) as session:
            await asyncio.gather(*(self._calls_on(session) for _ in range(AT_ONCE)))

    async def _calls_on(self, session: aiohttp.ClientSession) -> None:
        while not self._is_killed and self._tally.answered < self._calls:
            if not self._left:
                self._run.kill()
                self._is_killed = True
                self._tally.kills += 1
                return
            self._left -= 1
            try:
                await self._call(session)
            except aiohttp.ClientError:
                self._tally.lost += 1

    async def _call(self, session: aiohttp.ClientSession) -> None:
        async with session.post(ARTICLES, json=ARTICLE) as answer:
            content = await answer.read()
        if answer.status != 201:  # too many at once: it is sent again in the next life
            self._tally.refused += 1
            return
        self._tally.answered += 1
        self._tally.new += "Idempotent-Replayed" not in answer.headers
        self._tally.answers.add(content)


def main() -> bool:
    calls = int(sys.argv[1]) if sys.argv[1:] else CALLS
    with tempfile.TemporaryDirectory() as name:
        tally = asyncio.run(played(Path(name), calls))
    print(f"calls answered {tally.answered}, without an answer {tally.lost}, refused {tally.refused}")
    print(f"kills {tally.kills}, articles {tally.articles}, different answers {len(tally.answers)}")
    return tally.is_good


if __name__ == "__main__":
    sys.exit(not main())
