"""The number of statements that bring rows while one update is handled, by act: `python -m tests.trials.statements`."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bot.domain import Platform
from bot.domain.buttons import Approve
from bot.domain.entry import Offer
from bot.newsroom import review, writing
from bot.storage import Queries
from bot.storage.engine import Driver, Params, Row
from tests.conftest import ARTICLE
from tests.helpers.acts import acting, times
from tests.helpers.authority import Desk, Undo, a_desk, addresses, article, chat_of, pressed, said

HOUR = timedelta(hours=1)
#: Statements that bring rows, at most, from the update's handling to its answers.
BUDGETS: Mapping[str, int] = {"/edit": 15, "Approve": 12, "/now": 10, "/queue": 15, "/list": 8, "/week": 8, "/at": 10}
#: Articles whose content is read, at most: those that are shown or compared.
READ: Mapping[str, int] = {"/edit": 5, "Approve": 4, "/now": 1, "/queue": 5, "/list": 20, "/week": 0, "/at": 1}


async def before_the_desk(desk: Desk, tx: Queries, *, approved: bool) -> str:
    """Article 1 has a second version and is put to the desk; what approving it stands for."""
    newsroom, now = desk.scene.app.newsroom, desk.scene.clock()
    reporter = await acting(newsroom, tx, now, addresses("reporter")[0])
    await writing.edit(reporter, 1, replace(article(), lead="Рух відновили в обох напрямках."))
    binding = await desk.submitted(tx, 1)
    if approved:
        await review.approve(await acting(newsroom, tx, now, addresses("editor")[0]), 1, binding)
    return binding


async def _edit(desk: Desk, tx: Queries) -> bytes:
    """The hardest: it voids an approval and takes back a question."""
    await before_the_desk(desk, tx, approved=True)
    return said("owner", Platform.TELEGRAM, "private", "/edit 1 link: https://example.org/2")


async def _approve(desk: Desk, tx: Queries) -> bytes:
    binding = await before_the_desk(desk, tx, approved=False)
    chat = chat_of("editor", Platform.TELEGRAM, "private")
    button = await tx.add_button(Offer(Approve(1, binding), chat), desk.scene.clock())
    return pressed("editor", Platform.TELEGRAM, "private", button)


async def _now(desk: Desk, tx: Queries) -> bytes:
    await before_the_desk(desk, tx, approved=True)
    return said("owner", Platform.TELEGRAM, "private", "/now 1")


async def _queue(desk: Desk, tx: Queries) -> bytes:
    await before_the_desk(desk, tx, approved=False)
    return said("owner", Platform.TELEGRAM, "private", f"/queue {ARTICLE}")


async def _asks(desk: Desk, tx: Queries, command: str) -> bytes:
    """Article 1 is submitted; 30 more wait for their times, each with an approval missing."""
    now = desk.scene.clock()
    await before_the_desk(desk, tx, approved=False)
    for number in range(30):
        entry = await tx.entry(await tx.add_article(article(), addresses("owner")[0], now))
        assert entry is not None
        await times(tx, entry, now + (number + 1) * HOUR, now)
    return said("owner", Platform.TELEGRAM, "private", command)


ACTS: Mapping[str, Callable[[Desk, Queries], Awaitable[bytes]]] = {
    "/edit": _edit,
    "Approve": _approve,
    "/now": _now,
    "/queue": _queue,
    "/list": lambda desk, tx: _asks(desk, tx, "/list"),
    "/week": lambda desk, tx: _asks(desk, tx, "/week"),
    "/at": lambda desk, tx: _asks(desk, tx, "/at 1 18:30"),
}


class Overheard:
    """A connection that notes what is asked of it for rows, and the number of articles whose content comes back."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver
        self.asked: list[str] = []
        self.articles = 0
        self.run, self.many, self.savepoint = driver.run, driver.many, driver.savepoint
        self.seal_key = driver.seal_key

    async def all(self, sql: str, params: Params) -> Sequence[Row]:
        self.asked.append(" ".join(sql.split()))
        rows = await self._driver.all(sql, params)
        self.articles += len(rows) if "content" in sql else 0
        return rows

    async def highest_given(self, table: str) -> int | None:
        self.asked.append(f"the highest number of {table}")
        return await self._driver.highest_given(table)


async def counted(desk: Desk, act: str) -> Overheard:
    """Return what one act asks of the store for rows, in a transaction that is undone."""
    app, found = desk.scene.app, list[Overheard]()

    async def work(tx: Queries) -> None:
        incoming = app.messengers[Platform.TELEGRAM].calls.parse(await ACTS[act](desk, tx))
        assert incoming is not None
        before = await tx.value("SELECT count(*) FROM reply")
        driver = tx._driver
        tx._driver = overheard = Overheard(driver)
        await app.commands.handle(tx, incoming, desk.scene.clock())
        tx._driver = driver
        found.append(overheard)
        assert await tx.value("SELECT count(*) FROM reply") > before, f"{act} was not answered"
        raise Undo

    with suppress(Undo):
        await app.store.write(work)
    return found[0]


async def main(*, telling: bool) -> int:
    """0 when every act keeps its budget. `telling`: with the statements themselves."""
    too_many = 0
    with tempfile.TemporaryDirectory() as folder:
        async with a_desk(Path(folder)) as desk:
            for act, budget in BUDGETS.items():
                found = await counted(desk, act)
                too_many += len(found.asked) > budget or found.articles > READ[act]
                print(f"{act:8} {len(found.asked):3} of at most {budget}, {found.articles} articles read")
                if telling:
                    print(*(f"    {sql[:150]}" for sql in found.asked), sep="\n")
    return 1 if too_many else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main(telling="-v" in sys.argv)))
