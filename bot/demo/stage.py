"""The demo in the browser: both platforms, the town and its phones on one page, the bot in a process of its own."""

from __future__ import annotations

import asyncio
import secrets
import signal
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from rich.console import Console

from bot.demo.clock import MovableClock
from bot.demo.fakes import FakeChannel
from bot.demo.keeper import Keeper, Start, started
from bot.demo.play import subscribe, text_of
from bot.demo.ports import free_port, is_free
from bot.demo.samples import posters, samples
from bot.demo.site import Site, offers
from bot.demo.town import FEEDS, PUBLIC_URL, TELEGRAM_CHANNEL, TITLE, cast, environment, settle, turn
from bot.record.notes import SignerKey
from bot.record.site import ROOT
from bot.sandbox import Sandbox
from bot.sandbox.page import Sample
from bot.texts import Catalogue, text_id
from config.settings import LOCALES

HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class Stage:
    sandbox: Sandbox
    keeper: Keeper
    clock: MovableClock


@asynccontextmanager
async def set_up(folder: Path, port: int, article: str | None = None, start: Start = started) -> AsyncIterator[Stage]:
    """Start everything and subscribe the readers; the page is at `sandbox.url`."""
    clock = MovableClock()
    async with AsyncExitStack() as stack:
        sandbox = await stack.enter_async_context(Sandbox(port=port, now=clock.seconds))
        await sandbox.lay_wires()
        settle(sandbox)
        site = Site(sandbox, clock.seconds)
        fake = FakeChannel(sandbox, TELEGRAM_CHANNEL, TITLE)
        bot_port = free_port()
        # The platforms call the bot by its public name, as they would on the internet.
        sandbox.board.routes[PUBLIC_URL] = f"http://127.0.0.1:{bot_port}"
        page = sandbox.page
        own = [Sample("own", article.strip().split("\n")[0], "uk", article)] if article else []
        page.phones, page.samples, page.posters = cast(), [*own, *samples(), *offers()], posters()
        settings = environment(sandbox, folder, bot_port, public_url=PUBLIC_URL, feeds=FEEDS)
        settings["RECORD_KEY"] = SignerKey("demo.example.org/record", secrets.token_bytes(32)).written
        keeper = await stack.enter_async_context(Keeper(settings, clock, page.changed, start))
        page.actions = {
            "skip": keeper.skip,
            "hour": lambda: keeper.move_clock(HOUR),
            "restart": keeper.kill_and_restart,
            "news": site.brings_news,
            "fake": fake.imitates,
        }
        page.turn = partial(turn, sandbox)
        page.status = lambda: {
            "bot": keeper.state,
            "why": keeper.why,
            "next": _milliseconds(keeper.next_posting),
            "leaving": _milliseconds(keeper.leaving),
            "verify": f"http://127.0.0.1:{bot_port}{ROOT}verify.html",
        }
        await keeper.ready()
        await subscribe(sandbox)
        await fake.opens()
        yield Stage(sandbox, keeper, clock)


def _milliseconds(seconds: float | None) -> int | None:
    return None if seconds is None else round(seconds * 1000)


async def show(article: Path | None, port: int) -> bool:
    """Show what happens until Ctrl+C."""
    text = await asyncio.to_thread(text_of, article) if article is not None else None
    console = Console(highlight=False)
    catalogue = Catalogue.load(LOCALES)
    chosen = port if is_free(port) else free_port()
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    with tempfile.TemporaryDirectory(prefix="visnyk-demo-") as folder:
        async with set_up(Path(folder), chosen, text) as stage:
            console.print(f"[bold]{stage.sandbox.url}/[/]", soft_wrap=True)
            for language in catalogue.languages:
                words = catalogue.say(language)
                if chosen != port:
                    console.print(words(text_id("Port {port} is taken, so the page has another one."), port=port))
                console.print(
                    words(text_id("Open this address in a browser: every phone is there. Ctrl+C ends the demo."))
                )
            await stop.wait()
    return True
