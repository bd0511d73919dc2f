"""Several machines on one PostgreSQL database, and the balancer in front of their doors."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
from collections import Counter
from pathlib import Path
from types import TracebackType

import aiohttp
from aiohttp import web

from bot.domain import Address, Platform
from bot.domain.entry import ReaderState
from bot.sandbox import Sandbox
from bot.storage import Place, Queries, open_store
from tests.conftest import NEWSROOM, OWNER, free_port
from tests.helpers.crowd import settle_in, telegram_ids, viber_ids
from tests.helpers.process import Run, environment, soon

#: Seconds for which the balancer waits for one machine before it asks the next.
PATIENCE = 1.5
#: What a balancer does not pass on.
_OF_THE_CONNECTION = ("Host", "Content-Length", "Transfer-Encoding", "Connection")


class Balancer:
    """Passes each call to one machine after another until one takes it; `answers` counts the ends."""

    def __init__(self) -> None:
        self.ports: list[int] = []
        self.answers: Counter[int] = Counter()
        #: For each call that no machine took: what became of it at each.
        self.failures: list[str] = []
        self._turn = 0

    async def __aenter__(self) -> Balancer:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._pass_on)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        self._port = free_port()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
        # A connection each: one that a dead machine left half open would be a fault of the balancer's own.
        connector = aiohttp.TCPConnector(force_close=True)
        self._session = aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(PATIENCE))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._session.close()
        await self._runner.cleanup()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    async def _pass_on(self, request: web.Request) -> web.Response:
        body = await request.read()
        headers = {name: value for name, value in request.headers.items() if name not in _OF_THE_CONNECTION}
        self._turn += 1
        said, first = [], self._turn % len(self.ports)
        for port in (*self.ports[first:], *self.ports[:first]):
            url = f"http://127.0.0.1:{port}{request.path_qs}"
            try:
                async with self._session.request(request.method, url, data=body, headers=headers) as answer:
                    if answer.status < 500:
                        self.answers[answer.status] += 1
                        return web.Response(status=answer.status, body=await answer.read())
                    said.append(f"{port}: {answer.status}")
            except (aiohttp.ClientError, TimeoutError) as error:
                said.append(f"{port}: {error!r}")
        self.answers[502] += 1
        self.failures.append(f"{request.path}: {'; '.join(said)}")
        return web.Response(status=502)


class Machines:
    """Each is a folder of its own and a process; they share the address of the database, the rules and the key."""

    def __init__(self, sandbox: Sandbox, folder: Path, balancer: Balancer, *, rules: str = NEWSROOM) -> None:
        self._sandbox = sandbox
        self._folder = folder
        self._balancer = balancer
        (folder / "newsroom.toml").write_text(rules, "utf-8")

    def machine(self, name: str, address: str) -> Run:
        """Make a machine that reaches the database at `address`."""
        folder = self._folder / name
        folder.mkdir(exist_ok=True)
        if (key := self._folder / "visnyk.key").exists():
            shutil.copy(key, folder / "visnyk.key")
        env = environment(
            self._sandbox, self._folder, DATABASE_URL=address, DATA_FOLDER=str(folder), PUBLIC_URL=self._balancer.url
        )
        run = Run(env)
        self._balancer.ports.append(int(env["PORT"]))
        return run

    async def lay(self, address: str, telegram: int = 0, viber: int = 0) -> None:
        """Fill the database with readers, and make the key that all machines have."""
        settle_in(self._sandbox, telegram, viber)
        readers = [Address(Platform.TELEGRAM, str(person)) for person in telegram_ids(telegram)]
        readers += [Address(Platform.VIBER, person) for person in viber_ids(viber)]

        async def work(tx: Queries) -> None:
            for reader in readers:
                await tx.set_reader(reader, ReaderState.ACTIVE, "uk", soon())

        store = await open_store(Place(self._folder / "visnyk", address))
        await store.write(work)
        await store.close()


def pause(run: Run) -> None:
    os.kill(run.pid, signal.SIGSTOP)


def wake(run: Run) -> None:
    os.kill(run.pid, signal.SIGCONT)


async def says(sandbox: Sandbox, text: str, expected: str) -> None:
    """The owner writes on Telegram, and is answered."""
    before = len(sandbox.telegram.phone(OWNER))
    await sandbox.telegram.say(OWNER, text)
    async with asyncio.timeout(60):
        await sandbox.until(
            lambda: any(
                expected in each.text for each in sandbox.telegram.phone(OWNER)[before:] if each.sender == "bot"
            ),
            timeout=60,
        )
