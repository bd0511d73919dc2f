"""A newsroom whose Visnyk lives in another process, so that it can be killed."""

from __future__ import annotations

import asyncio
import signal
import sqlite3
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.domain import Address, Article, Platform
from bot.sandbox import Sandbox
from bot.storage import Queries, open_store
from tests.conftest import free_port
from tests.faults.books import Books, is_over, is_quiet, looking, read_books
from tests.faults.crashing import Crash
from tests.faults.nursery import Nursery
from tests.helpers.acts import times

TOKEN = "100001:faults-token-0123456789abcdefghijk"
VIBER_TOKEN = "faults-viber-token"
VIBER_CHANNEL_TOKEN = "faults-viber-channel-token"
VIBER_CHANNEL = "Channel of Viber"
OWNER = 1001
#: The first reader's chat; the others follow.
FIRST = 1_000_000
#: The flight recorder's first bytes name the boot.
BOOT = 64
HEADLINE = "The bridge over the Sula is open again"

_NEWSROOM = """
name = "Visnyk"
time_zone = "Europe/Kyiv"
desk.approvals = 0
evidence.required = []
desk.undo = "0 s"
languages = ["en"]
quiet_hours = ""
[pace.telegram]
per_second = {per_second}
chat_per_second = 1000
group_per_minute = 1000
parallel = 16
[pace.viber]
per_second = {viber_per_second}
[readers]
telegram = "{push}"
"""
_CHANNEL = """
[[channels]]
key = "{key}"
platform = "telegram"
chat = "{chat}"
title = "{title}"
"""
_VIBER_CHANNEL = f"""
[[channels]]
key = "viber"
platform = "viber"
title = "{VIBER_CHANNEL}"
"""


def telegram_chat(number: int) -> str:
    return str(FIRST + number)


def viber_chat(number: int) -> str:
    return f"viber-reader-{number:06d}=="


def channel_chat(number: int) -> int:
    return -1001000000000 - number


def channel_key(number: int) -> str:
    return f"c{number:02}"


def channel_title(number: int) -> str:
    return f"Channel {number:02}"


@dataclass(frozen=True, slots=True)
class Plan:
    """Plan of publications: an article at each of the `times` (seconds from the start), to readers and channels.

    `readers` on Telegram, `viber` on Viber; `viber_channel`: to a channel there too.
    """

    readers: int = 0
    viber: int = 0
    viber_channel: bool = False
    channels: int = 0
    urgent: bool = False
    times: Sequence[float] = (0.0,)
    per_second: int = 1000
    viber_per_second: int = 20


class Killable:
    """One database and the processes that come and go on it."""

    def __init__(self, sandbox: Sandbox, nursery: Nursery, folder: Path, plan: Plan) -> None:
        self.sandbox = sandbox
        self.plan = plan
        self.born = 0.0
        self._lives = 0
        #: Open while one life is looked at: the next one must find the files as the process before left them.
        self._look: sqlite3.Connection | None = None
        self.database = folder / "visnyk.db"
        self._nursery = nursery
        self._folder = folder
        self._environment = {
            "PATH": "/usr/bin:/bin",
            "TELEGRAM_TOKEN": TOKEN,
            "TELEGRAM_API_URL": sandbox.telegram_url,
            "DATABASE_URL": f"sqlite:///{self.database}",
            "HOST": "127.0.0.1",
            "PORT": "0",
            "OWNERS": f"telegram:{OWNER}",
            "NEWSROOM": str(folder / "newsroom.toml"),
        }
        if plan.viber:  # calls us, so that our address must be known
            port = str(free_port())
            self._environment |= {
                "PORT": port,
                "PUBLIC_URL": f"http://127.0.0.1:{port}",
                "WEBHOOK_SECRET": "faults-webhook-secret-0123456789",
                "VIBER_TOKEN": VIBER_TOKEN,
                "VIBER_API_URL": sandbox.viber_url,
            }
        if plan.viber_channel:
            self._environment["VIBER_CHANNEL_TOKEN"] = VIBER_CHANNEL_TOKEN

    async def prepare(self) -> None:
        """People on their phones, readers in the store, articles in the queue."""
        telegram = self.sandbox.telegram
        telegram.add_bot(TOKEN, username="visnyk_bot", name="Visnyk")
        telegram.add_person(OWNER, name="Olena", language="en", started=True)
        for number in range(self.plan.readers):
            telegram.add_person(FIRST + number, started=True)
        self.sandbox.viber.add_bot(VIBER_TOKEN, name="Visnyk", uri="visnyk")
        for number in range(self.plan.viber):
            self.sandbox.viber.add_person(viber_chat(number), name="Reader", subscribed=True)
        text = _NEWSROOM.format(
            per_second=self.plan.per_second,
            viber_per_second=self.plan.viber_per_second,
            push="all" if self.plan.readers else "none",
        )
        for number in range(self.plan.channels):
            title, chat = channel_title(number), channel_chat(number)
            telegram.add_channel(chat, title=title)
            telegram.set_admin(chat, TOKEN)
            text += _CHANNEL.format(key=channel_key(number), chat=chat, title=title)
        if self.plan.viber_channel:
            self.sandbox.viber.add_channel(VIBER_CHANNEL_TOKEN, name=VIBER_CHANNEL, superadmin="c3VwZXJhZG1pbg==")
            text += _VIBER_CHANNEL
        (self._folder / "newsroom.toml").write_text(text, encoding="utf-8")
        store = await open_store(self.database)
        await store.write(self._fill)
        await store.close()

    async def _fill(self, tx: Queries) -> None:
        await tx.many(
            """INSERT INTO subscriber (platform, chat, language, state, since, changed_at)
               VALUES (:platform, :chat, 'en', 'active', 0, 0)""",
            [
                *({"platform": "telegram", "chat": telegram_chat(number)} for number in range(self.plan.readers)),
                *({"platform": "viber", "chat": viber_chat(number)} for number in range(self.plan.viber)),
            ],
        )
        now = datetime.now(UTC)
        for number, seconds in enumerate(self.plan.times):
            article = Article(
                f"{HEADLINE} ({number})", "Traffic moves both ways.", language="en", urgent=self.plan.urgent
            )
            article_id = await tx.add_article(article, Address(Platform.TELEGRAM, str(OWNER)), now)
            entry = await tx.entry(article_id)
            assert entry is not None
            await times(tx, entry, now + timedelta(seconds=seconds), now)

    async def start(self, crash: Crash | None = None) -> None:
        """`crash`: where it kills itself."""
        self._look_away()
        self.born = time.monotonic()
        self._lives = self._greetings() + 1
        await self._nursery.start(self._environment, self._folder, crash)

    async def kill(self) -> Books:
        """Kill it and return what it left behind."""
        await self._nursery.kill()
        self._look_away()
        return read_books(self.database)

    def forget_the_boot(self) -> None:
        """Leave the files as after a power cut: every commit is there, the flight recorder is of another boot."""
        with self.database.with_name(self.database.name + ".flight").open("r+b") as recorder:
            recorder.write(bytes(BOOT))

    async def stop(self) -> Books:
        """Stop it as an operator does, once it is up."""
        assert await self.until(lambda: self._greetings() >= self._lives, 10), f"it does not start\n{self.log()}"
        self._look_away()
        code = await self._nursery.stop()
        assert code == 0, f"it ended with {code}\n{self.log()}"
        return read_books(self.database)

    async def crashes(self, condition: Callable[[], object], timeout: float) -> bool:  # noqa: ASYNC109 - as below
        """True when it killed itself before `condition` came true. Raises when neither happens in time."""
        end = time.monotonic() + timeout
        while not condition():
            if not await self._nursery.is_alive():
                code = await self._nursery.stop()
                assert code == -signal.SIGKILL, f"it ended with {code}\n{self.log()}"
                return True
            assert time.monotonic() < end, f"neither dead nor done\n{self.log()}"
            await asyncio.sleep(0.02)
        return False

    async def crashes_at_its_stop(self) -> bool:
        self._look_away()
        code = await self._nursery.stop()
        assert code in (0, -signal.SIGKILL), f"it ended with {code}\n{self.log()}"
        return code != 0

    async def until(self, condition: Callable[[], object], timeout: float) -> bool:  # noqa: ASYNC109 - in the caller's words
        """False when the time was up first. Raises when Visnyk ended by itself."""
        end = time.monotonic() + timeout
        while not condition():
            if time.monotonic() > end:
                return False
            await asyncio.sleep(0.02)
            assert await self._nursery.is_alive(), f"Visnyk ended by itself\n{self.log()}"
        return True

    def is_over(self) -> bool:
        return is_over(self._looking())

    def is_quiet(self, articles: int) -> bool:
        return is_quiet(self._looking(), articles)

    def _looking(self) -> sqlite3.Connection:
        self._look = self._look or looking(self.database)
        return self._look

    def _look_away(self) -> None:
        if self._look is not None:
            self._look.close()
        self._look = None

    def log(self) -> str:
        """The end of what it said."""
        return self._said()[-4000:]

    def _greetings(self) -> int:
        return self._said().count("Visnyk is running")

    def _said(self) -> str:
        log = self._folder / "visnyk.log"
        return log.read_text(errors="replace") if log.exists() else ""
