"""The two platforms without a door: what Python code, the control API and the page hold in their hands."""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from itertools import islice
from pathlib import Path

from bot.sandbox.faults import Faults, Pace
from bot.sandbox.phones import Board, Request, Watch
from bot.sandbox.telegram import Telegram
from bot.sandbox.viber import Viber
from bot.sandbox.wire import Wire

#: Phones in a story, and the newest bubbles of each: as much as a person reads when a test has failed.
STORY_PHONES, STORY_BUBBLES = 20, 20

#: How often `until` looks at what changes without telling the sandbox, in seconds.
LOOK_AGAIN = 0.05


class Both:
    """Both platforms in memory, with the people on them, at the address where a server will put them."""

    def __init__(
        self,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        now: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
        seed: int = 1,
    ) -> None:
        self.host, self.port = host, port
        self.board = Board(now)
        self.telegram = Telegram(self.board)
        self.viber = Viber(self.board)
        self.faults = Faults(seed)
        self.pace = Pace(monotonic)
        self.wires = self.board.wires
        self.internet = self.board.internet

    # -- where bots find them

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    @property
    def telegram_url(self) -> str:
        return f"{self._base('telegram')}/telegram"

    @property
    def viber_url(self) -> str:
        return f"{self._base('viber')}/viber/pa"

    def environment(
        self, folder: Path, port: int, *, telegram: str, viber: str, viber_channel: str = ""
    ) -> dict[str, str]:
        """The settings of a bot that takes this for the platforms: their addresses and its tokens, its own door at
        `port`, its database and newsroom.toml in `folder`."""
        return {
            "TELEGRAM_TOKEN": telegram,
            "TELEGRAM_API_URL": self.telegram_url,
            "VIBER_TOKEN": viber,
            "VIBER_CHANNEL_TOKEN": viber_channel,
            "VIBER_API_URL": self.viber_url,
            "DATABASE_URL": f"sqlite:///{folder}/visnyk.db",
            "PUBLIC_URL": f"http://{self.host}:{port}",
            "HOST": self.host,
            "PORT": str(port),
            "NEWSROOM": str(folder / "newsroom.toml"),
            "PICTURES_THROUGH": f"{self.url}/internet",
        }

    async def lay_wires(self) -> None:
        """Put a wire between each platform and the bots, both ways: `wires["viber"].cut()`, `await ….repair()`."""
        for platform in ("telegram", "viber"):
            self.wires[platform] = Wire(self.host, self.port)
            await self.wires[platform].repair()

    def _base(self, platform: str) -> str:
        wire = self.wires.get(platform)
        return self.url if wire is None else f"http://{wire.host}:{wire.port}"

    # -- looking on

    @property
    def requests(self) -> deque[Request]:
        """The last 20,000 requests to both platforms, oldest first."""
        return self.board.requests

    def watch(self) -> Watch:
        """Events from now on, for `async for`."""
        return self.board.watch()

    async def until(self, condition: Callable[[], object], timeout: float = 60) -> None:  # noqa: ASYNC109 - the interface
        """Wait until the condition holds, looking again at every change in the sandbox and every few moments.

        Raises `TimeoutError` with everything that the phones show.
        """
        now = asyncio.get_running_loop().time
        end = now() + timeout
        while not condition():
            if now() >= end:
                raise TimeoutError(f"not true within {timeout} s\n{self.story()}")
            # What lies outside the sandbox changes without telling it.
            with suppress(TimeoutError):
                async with asyncio.timeout(min(LOOK_AGAIN, timeout)):
                    await self.board.next_change()

    def story(self) -> str:
        """Return the screens of all phones as text: enough to see what went wrong."""
        lines = []
        for platform, phones in (("telegram", self.telegram.all_phones()), ("viber", self.viber.all_phones())):
            told = ((name, bubbles[-STORY_BUBBLES:]) for name, bubbles in phones if bubbles)
            for name, bubbles in islice(told, STORY_PHONES):
                lines.append(f"{platform}, {name}:")
                lines += [f"  {b.sender}: {b.text!r} {b.buttons or ''}" for b in bubbles if not b.deleted]
        lines += [f"{r.platform} {r.method} {r.status} {r.error}" for r in list(self.requests)[-10:]]
        return "\n".join(lines)
