"""A newsroom to be attacked: both platforms, a running Visnyk, its desk, and strangers at the doors."""

from __future__ import annotations

import asyncio
import json
import re
import sqlite3
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from bot.sandbox import Bubble, Sandbox
from tests.conftest import (
    ARTICLE,
    CHANNEL,
    NEWSROOM,
    OWNER,
    VIBER_CHANNEL_TOKEN,
    VIBER_OWNER,
    hold_no_ballast,
    lay_database,
    newsroom_with,
    people,
)
from tests.helpers.doors import SECRET, signed
from tests.helpers.process import Run, environment

#: The second owner, and the first stranger's number on Telegram; the others follow.
COLLEAGUE, STRANGER = 1002, 700_000
VIBER_STRANGER = "c3RyYW5nZXItc3RyYW5nZQ=="
#: Messages a second, as newsrooms have it; and an article needs somebody else's yes.
_PACE = {"per_second = 1000": "per_second = 25", "chat_per_second = 1000": "chat_per_second = 5"}
#: Seconds between /now and the post, in which it can still be stopped.
UNDO = 5
#: Seconds in which somebody of the desk is answered, or is not.
PATIENCE = 60.0

Headers = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Found:
    """The number of tries, what was accepted, and what was measured."""

    tries: int
    accepted: tuple[str, ...] = ()
    told: str = ""


@dataclass
class Town:
    """The town that an attacker meets. It is asked only for what a phone, a platform or a caller sees."""

    sandbox: Sandbox
    folder: Path
    env: Mapping[str, str]
    session: aiohttp.ClientSession
    run: Run | None = None
    _number: int = field(default=1_000_000)

    # Visnyk's life

    async def start(self) -> None:
        self.run = await Run(self.env).__aenter__()
        await self.run.running()

    async def stop(self) -> None:
        if self.run is not None:
            self.run.kill()
            await self.run.ended()
        self.run = None

    @property
    def url(self) -> str:
        return f"http://{self.env['HOST']}:{self.env['PORT']}"

    @property
    def output(self) -> str:
        """Return what it wrote to its log."""
        return self.run.output if self.run is not None else ""

    # At the doors

    async def calls(self, path: str, body: bytes, headers: Headers) -> int:
        """The status of the answer to a call; 0: the connection was ended."""
        try:
            async with self.session.post(self.url + path, data=body, headers=headers) as answer:
                await answer.read()
                return answer.status
        except aiohttp.ClientError:
            return 0

    async def looks(self, path: str, headers: Headers | None = None) -> tuple[int, str]:
        async with self.session.get(self.url + path, headers=headers or {}) as answer:
            return answer.status, await answer.text()

    def update(self, person: int, text: str, *, ago: float = 0) -> bytes:
        """An update of Telegram's with a message that somebody wrote `ago` seconds before."""
        self._number += 1
        who = {"id": person, "is_bot": False, "first_name": "S", "language_code": "uk"}
        said = {"message_id": self._number, "date": int(time.time() - ago), "chat": {"id": person, "type": "private"}}
        return json.dumps({"update_id": self._number, "message": {**said, "from": who, "text": text}}).encode()

    def press(self, person: int, data: str) -> bytes:
        """An update of Telegram's with a press that names no message."""
        self._number += 1
        who = {"id": person, "is_bot": False, "first_name": "S", "language_code": "uk"}
        query = {"id": str(self._number), "from": who, "chat_instance": "1", "data": data}
        return json.dumps({"update_id": self._number, "callback_query": query}).encode()

    def callback(self, person: str, text: str, *, ago: float = 0) -> bytes:
        """A message of somebody on Viber, written `ago` seconds before."""
        self._number += 1
        return json.dumps({
            "event": "message", "timestamp": int((time.time() - ago) * 1000), "message_token": self._number,
            "sender": {"id": person, "name": "S", "language": "uk", "api_version": 10},
            "message": {"type": "text", "text": text},
        }).encode()  # fmt: skip

    async def telegram(self, body: bytes) -> int:
        """The platform itself calls."""
        return await self.calls("/telegram/webhook", body, SECRET)

    async def viber(self, body: bytes) -> int:
        return await self.calls("/viber/webhook", body, signed(body))

    # On the phones

    def phone(self, person: int = OWNER) -> list[Bubble]:
        return [bubble for bubble in self.sandbox.telegram.phone(person) if bubble.sender == "bot"]

    def viber_phone(self, person: str = VIBER_OWNER) -> list[Bubble]:
        return [bubble for bubble in self.sandbox.viber.phone(person) if bubble.sender == "bot"]

    @property
    def published(self) -> int:
        """Posts in both channels."""
        return len(self.sandbox.telegram.phone(CHANNEL)) + len(self.sandbox.viber.channel_phone(VIBER_CHANNEL_TOKEN))

    async def says(self, text: str, person: int = OWNER, expected: str = "") -> Bubble:
        """The answer on Telegram that holds `expected`; the next message there, if nothing is."""
        before = len(self.phone(person))
        await self.sandbox.telegram.say(person, text)
        return await self._new(lambda: self.phone(person)[before:], expected)

    async def says_on_viber(self, text: str, person: str = VIBER_OWNER, expected: str = "") -> Bubble:
        before = len(self.viber_phone(person))
        await self.sandbox.viber.say(person, text)
        return await self._new(lambda: self.viber_phone(person)[before:], expected)

    async def drafts(self) -> int:
        """An owner's new article, whose number this is."""
        before = self.count("article")
        await self.sandbox.telegram.say(OWNER, f"/queue {ARTICLE}")
        await self.sandbox.until(lambda: self.count("article") > before, timeout=PATIENCE)
        return before + 1

    async def approved(self) -> int:
        """An owner's new article, which a colleague has approved."""
        number = await self.drafts()
        asked = len(self.phone(COLLEAGUE))
        await self.says(f"/submit {number}", expected=f"#{number}")
        await self.sandbox.until(
            lambda: any(f"#{number}" in bubble.text and bubble.buttons for bubble in self.phone(COLLEAGUE)[asked:]),
            timeout=PATIENCE,
        )
        await self.presses("Погодити", COLLEAGUE)
        await self.sandbox.until(
            lambda: self.rows("SELECT 1 FROM approval WHERE article_id = ?", number), timeout=PATIENCE
        )
        return number

    async def halts(self) -> None:
        """An owner halts everything; ends when it stands in the database, whatever else his phone shows meanwhile."""
        await self.sandbox.telegram.say(OWNER, "/halt")
        await self.sandbox.until(lambda: self.count("halt"), timeout=PATIENCE)

    async def seats(self, person: int, role: str) -> None:
        """An owner invites somebody, who comes."""
        seats = self.count("member")
        await self.telegram(self.update(person, f"/start {await self.code(f'/invite {role}')}"))
        await self.sandbox.until(lambda: self.count("member") > seats, timeout=PATIENCE)

    async def code(self, asked: str) -> str:
        """The code that an owner is answered with."""
        before = len(self.phone())
        await self.sandbox.telegram.say(OWNER, asked)

        def codes() -> list[str]:
            return re.findall(r"\b[A-Z2-9]{12,16}\b", "\n".join(bubble.text for bubble in self.phone()[before:]))

        await self.sandbox.until(codes, timeout=PATIENCE)
        return codes()[-1]

    def buttons(self, person: int = OWNER) -> str:
        """All labels on this phone."""
        return json.dumps([bubble.buttons for bubble in self.phone(person)], ensure_ascii=False)

    async def presses(self, label: str, person: int = OWNER) -> None:
        """Press the newest button on this phone that holds `label`."""
        shown = [bubble for bubble in self.phone(person) if label in json.dumps(bubble.buttons, ensure_ascii=False)]
        whole = re.search(rf'"([^"]*{re.escape(label)}[^"]*)"', json.dumps(shown[-1].buttons, ensure_ascii=False))
        assert whole is not None
        await self.sandbox.telegram.press(person, shown[-1].message_id, whole[1])

    async def _new(self, bubbles: Callable[[], list[Bubble]], expected: str) -> Bubble:
        def found() -> list[Bubble]:
            return [bubble for bubble in bubbles() if expected in bubble.text]

        await self.sandbox.until(found, timeout=PATIENCE)
        return found()[0]

    # In the database

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.folder / "visnyk.db", timeout=10)) as file:
            found = file.execute(sql, values).fetchall()
            file.commit()
        return found

    def count(self, table: str) -> int:
        return int(self.rows(f"SELECT count(*) FROM {table}")[0][0])


async def timed(act: Awaitable[object]) -> float:
    """Seconds that it took."""
    begun = time.perf_counter()
    await act
    return time.perf_counter() - begun


def late(seconds: list[float]) -> float:
    """The 95th percentile."""
    return sorted(seconds)[int(len(seconds) * 0.95)] if seconds else 0.0


@asynccontextmanager
async def a_town(folder: Path, **changes: str) -> AsyncIterator[Town]:
    """Both owners have greeted the bot. `changes` are of the environment."""
    text = newsroom_with(NEWSROOM, approvals=1, undo=f"{UNDO} s")
    for ours, real in _PACE.items():
        text = text.replace(ours, real, 1)
    (folder / "newsroom.toml").write_text(text, encoding="utf-8")
    hold_no_ballast(folder / "visnyk.db")
    await lay_database(folder / "visnyk.db")
    async with Sandbox() as sandbox, aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=90)) as session:
        people(sandbox)
        sandbox.telegram.add_person(COLLEAGUE, name="Ігор", language="uk")
        sandbox.viber.add_person(VIBER_STRANGER, name="S", language="uk")
        sandbox.telegram.open_house = True
        owners = f"telegram:{OWNER} viber:{VIBER_OWNER} telegram:{COLLEAGUE}"
        env = environment(sandbox, folder, OWNERS=owners, **changes)
        town = Town(sandbox, folder, env, session)
        await town.start()
        try:
            await asyncio.gather(town.says("/whoami"), town.says("/whoami", COLLEAGUE), town.says_on_viber("/whoami"))
            yield town
        finally:
            await town.stop()
