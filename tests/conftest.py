"""A newsroom on this machine: the sandbox at the wire, a real database, the clock in hand."""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import os
import re
import secrets
import shutil
import socket
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import hypothesis
import pytest
import structlog
from hypothesis import HealthCheck

from bot.app import App, open_app
from bot.sandbox import Bubble, Sandbox
from bot.storage import Store, open_store
from bot.storage.sqlite.ballast import SIZE
from config.settings import Settings, load_settings
from tests.helpers import engine, server, shown

TELEGRAM_TOKEN = "100001:CANARY-telegram-token-0123456789abcdef"
VIBER_TOKEN = "CANARY-viber-bot-token"
VIBER_CHANNEL_TOKEN = "CANARY-viber-channel-token"
CHANNEL = -1001234567890
OWNER = 1001
READER = 2002
VIBER_OWNER = "b3duZXItb3duZXItb3duZQ=="
VIBER_READER = "cmVhZGVyLXJlYWRlci1yZQ=="

NEWSROOM = f"""
name = "Вісник"
time_zone = "Europe/Kyiv"
desk.approvals = 0
evidence.required = []
desk.undo = "0 s"
desk.head_at = ""
backups.at = ""
languages = ["uk", "en"]
quiet_hours = "23:00-07:00"
stale_after = "30 min"
[signature]
uk = "Лише перевірена інформація."
en = "Verified information only."
[links]
telegram = "https://t.me/visnyk_news"
viber = "https://invite.viber.com/?g2=visnyk"
[[channels]]
key = "main"
platform = "telegram"
chat = "{CHANNEL}"
title = "Вісник"
[[channels]]
key = "viber"
platform = "viber"
title = "Вісник у Viber"
[slots]
mon = ["09:00", "18:30"]
tue = ["09:00", "18:30"]
wed = ["09:00", "18:30"]
thu = ["09:00", "18:30"]
fri = ["09:00", "18:30"]
sat = ["10:00"]
sun = ["10:00"]
[pace.telegram]
per_second = 1000
chat_per_second = 1000
group_per_minute = 1000
[pace.viber]
per_second = 100
"""

ARTICLE = """Міст через Сулу відкрили після ремонту

Рух відновили в обох напрямках, обмеження для вантажівок зняли.

Ремонт тривав два роки й коштував 120 мільйонів гривень.

За словами підрядника, міст простоїть пів століття.

source: Полтавська ОВА https://example.org/ova
link: https://example.org/news/sula-bridge"""

#: A disk in memory, where there is one: what is written there need not be waited for. Containers may have a tiny one.
MEMORY, ENOUGH = Path("/dev/shm"), 1 << 30

#: An empty database of this version, once one was made.
_EMPTY: list[bytes] = []

SERVER = pytest.StashKey[Path]()
SHOWN = pytest.StashKey[tempfile.TemporaryDirectory[str]]()
FOUND = pytest.StashKey[shown.Found]()


def newsroom_with(text: str = NEWSROOM, /, **desk: object) -> str:
    """A newsroom.toml with these rules of its desk: `newsroom_with(undo="30 s")`."""
    for key, value in desk.items():
        rule = f"desk.{key} = {json.dumps(value, ensure_ascii=False)}\n"
        text, found = re.subn(rf"^desk\.{key} = .*\n", lambda _, rule=rule: rule, text, flags=re.M)  # type: ignore[misc]
        if not found:
            text = text.replace("desk.approvals", f"{rule}desk.approvals", 1)
    return text


class Clock:
    """A wall clock that a test moves. Tuesday, 13:00 in Kyiv. It stands still, or goes on by `step` at each look."""

    def __init__(self, step: timedelta = timedelta(0)) -> None:
        self.at = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
        self._step = step

    def __call__(self) -> datetime:
        self.at += self._step
        return self.at


@dataclass
class Scene:
    """Both platforms, a bot between them, and the people's phones."""

    sandbox: Sandbox
    settings: Settings
    clock: Clock
    _app: App | None = None
    _stack: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def start(self) -> None:
        self._stack = AsyncExitStack()
        self._app = app = await self._stack.enter_async_context(open_app(self.settings, clock=self.clock))
        if not self.sandbox.faults:
            # On a busy machine the first attempt may last too long, and Viber forgets what it can't call anybody for.
            await self.until(lambda: all(line.stands.is_set() for line in app.reception.lines))

    async def stop(self) -> None:
        await self._stack.aclose()
        self._app = None

    @property
    def is_stopped(self) -> bool:
        return self._app is None

    @property
    def app(self) -> App:
        if self._app is None:
            raise RuntimeError("not started")
        return self._app

    def advance(self, **by: float) -> None:
        self.clock.at += timedelta(**by)
        self.app.look()

    def telegram(self, person: int = OWNER) -> list[Bubble]:
        return [bubble for bubble in self.sandbox.telegram.phone(person) if bubble.sender == "bot"]

    def viber(self, person: str = VIBER_OWNER) -> list[Bubble]:
        return [bubble for bubble in self.sandbox.viber.phone(person) if bubble.sender == "bot"]

    def channel(self) -> list[Bubble]:
        return self.sandbox.telegram.phone(CHANNEL)

    def viber_channel(self) -> list[Bubble]:
        return self.sandbox.viber.channel_phone(VIBER_CHANNEL_TOKEN)

    async def says(self, text: str, expected: str, *, person: int = OWNER) -> Bubble:
        """A person writes on Telegram; the first new bubble that holds `expected`."""
        return await self._answered(lambda: self.telegram(person), expected, self.sandbox.telegram.say(person, text))

    async def presses(self, bubble: Bubble, label: str, expected: str, *, person: int = OWNER) -> Bubble:
        press = self.sandbox.telegram.press(person, bubble.message_id, label)
        return await self._answered(lambda: self.telegram(person), expected, press)

    async def says_on_viber(self, text: str, expected: str, *, person: str = VIBER_OWNER) -> Bubble:
        return await self._answered(lambda: self.viber(person), expected, self.sandbox.viber.say(person, text))

    async def presses_on_viber(self, label: str, expected: str, *, person: str = VIBER_OWNER) -> Bubble:
        """Tap it, or what an earlier keyboard said so: the tap was on its way when the next one came."""

        def fitting() -> list[str]:
            standing = [pair for row in self.sandbox.viber.keyboard(person) for pair in row]
            before = [pair for bubble in reversed(self.viber(person)) for row in bubble.keyboard for pair in row]
            return [action for each, action in (*standing, *before) if label in (each, unnumbered(each), action)]

        await self.sandbox.until(fitting)
        return await self._answered(lambda: self.viber(person), expected, self._tap(person, fitting()[0]))

    async def _tap(self, person: str, action: str) -> None:
        standing = {each for row in self.sandbox.viber.keyboard(person) for _, each in row}
        viber = self.sandbox.viber
        await (viber.press(person, action) if action in standing else viber.say(person, action))

    async def _answered(self, phone: Callable[[], list[Bubble]], expected: str, act) -> Bubble:  # type: ignore[no-untyped-def]
        before = len(phone())
        await act

        def found() -> list[Bubble]:
            return [bubble for bubble in phone()[before:] if expected in bubble.text]

        await self.sandbox.until(found)
        return found()[0]

    async def until(self, condition: Callable[[], object]) -> None:
        await self.sandbox.until(condition)


def unnumbered(label: str) -> str:
    """A label of Viber's keyboard without the number of its article."""
    return re.sub(r" #\d+$", "", label)


def people(sandbox: Sandbox) -> None:
    telegram, viber = sandbox.telegram, sandbox.viber
    telegram.add_bot(TELEGRAM_TOKEN, username="visnyk_bot", name="Вісник")
    telegram.add_person(OWNER, name="Олена", language="uk")
    telegram.add_person(READER, name="Іван", language="uk")
    telegram.add_channel(CHANNEL, title="Вісник", username="visnyk_news")
    telegram.set_admin(CHANNEL, TELEGRAM_TOKEN, can_post=True)
    viber.add_bot(VIBER_TOKEN, name="Вісник", uri="visnyk")
    viber.add_channel(VIBER_CHANNEL_TOKEN, name="Вісник у Viber", superadmin="c3VwZXJhZG1pbi1zdXBlcg==")
    viber.add_person(VIBER_OWNER, name="Олена", language="uk")
    viber.add_person(VIBER_READER, name="Марія", language="uk")


def environment(sandbox: Sandbox, folder: Path, port: int, **changes: str) -> dict[str, str]:
    """Return the settings of an operator. A newsroom.toml that lies there already stays."""
    newsroom = folder / "newsroom.toml"
    if not newsroom.exists():
        newsroom.write_text(NEWSROOM, encoding="utf-8")
    tokens = {"telegram": TELEGRAM_TOKEN, "viber": VIBER_TOKEN, "viber_channel": VIBER_CHANNEL_TOKEN}
    return {
        **sandbox.environment(folder, port, **tokens),
        "WEBHOOK_SECRET": "CANARY-webhook-secret-0123456789",
        "OWNERS": f"telegram:{OWNER} viber:{VIBER_OWNER}",
        **engine.database(folder),
        **changes,
    }


async def lay_database(path: Path) -> None:
    """Copy an empty database to `path`, unless one lies there: its migrations take as long as the rest of a start."""
    if engine.ON_SERVER:
        return
    if not _EMPTY:
        with tempfile.TemporaryDirectory() as folder:
            made = Path(folder) / "visnyk.db"
            store = await open_store(made)
            await store.close()
            _EMPTY.append(await asyncio.to_thread(made.read_bytes))
    with suppress(FileExistsError), os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(_EMPTY[0])


def hold_no_ballast(database: Path) -> None:
    """Make the ballast's file before Visnyk does, of the right size and holding no room: to fill 64 MiB of a disk in
    memory takes as long as the rest of a start.
    """
    file = database.with_name(f"{database.name}.ballast")
    if not file.exists():
        file.touch(mode=0o600)
        os.truncate(file, SIZE)


def settings_for(sandbox: Sandbox, folder: Path, port: int, **changes: str) -> Settings:
    return load_settings(environment(sandbox, folder, port, **changes))


def free_port() -> int:
    """Below the range from which systems take the ports of outgoing connections: nobody is given it meanwhile."""
    while True:
        port = 10_000 + secrets.randbelow(20_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


@asynccontextmanager
async def a_scene(folder: Path, clock: Clock | None = None, **changes: str) -> AsyncIterator[Scene]:
    hands = clock or Clock()
    # The platforms' clock is ours: a message that is older than it seems would be asked about.
    async with Sandbox(now=lambda: hands.at.timestamp()) as sandbox:
        people(sandbox)
        hold_no_ballast(folder / "visnyk.db")
        await lay_database(folder / "visnyk.db")
        scene = Scene(sandbox, settings_for(sandbox, folder, free_port(), **changes), hands)
        notes = os.environ.get(shown.FOLDER)
        watch = sandbox.watch() if notes else None
        await scene.start()
        try:
            yield scene
        finally:
            await scene.stop()
            if notes and watch:
                shown.note(sandbox, watch, scene.settings.database_path, Path(notes))


def pytest_configure(config: pytest.Config) -> None:
    """A run of everything shows at its end whether the phones showed everything: see `tests/helpers/shown.py`."""
    if "TMPDIR" not in os.environ and MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ENOUGH:
        os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)
    if not hasattr(config, "workerinput"):
        config.stash[SERVER] = server.name_folder()
    # How long an example takes says how busy the machine is.
    hypothesis.settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    hypothesis.settings.load_profile("any machine")
    # With colours and every local variable, as structlog has it by itself, a traceback takes a second.
    plain = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[structlog.processors.add_log_level, plain])
    if is_whole(config):
        config.stash[SHOWN] = tempfile.TemporaryDirectory()
        os.environ[shown.FOLDER] = config.stash[SHOWN].name


def pytest_collection_finish(session: pytest.Session) -> None:
    """Take the collected tests out of the garbage collector's rounds: they live until the run ends. Its other rounds
    are made seldom: a scene's parts are thrown away together, and most of them need no round for that.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(5_000, 10, 10)


def is_whole(config: pytest.Config) -> bool:
    asked = config.getoption("markexpr") in ("", "not alone")
    chosen = config.args_source is not pytest.Config.ArgsSource.TESTPATHS
    # "lf" comes with pytest's cache, which may be turned off.
    options = ("keyword", "deselect", "ignore", "collectonly", "lf")
    chosen |= any(config.getoption(option, default=None) for option in options)
    chosen |= engine.ON_SERVER
    return asked and not chosen and not hasattr(config, "workerinput") and shown.FOLDER not in os.environ


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL only what means something there is played."""
    if engine.ON_SERVER:
        played = [item for item in items if item.nodeid.startswith(engine.PLAYED)]
        played = [item for item in played if not item.get_closest_marker("sqlite")]
        config.hook.pytest_deselected(items=[item for item in items if item not in played])
        items[:] = played


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    if SHOWN in session.config.stash and exitstatus == pytest.ExitCode.OK:
        found = session.config.stash[FOUND] = shown.Found.of(Path(session.config.stash[SHOWN].name))
        if found.faults:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if FOUND in config.stash:
        terminalreporter.section("what the phones showed")
        terminalreporter.write_line(config.stash[FOUND].report())


def pytest_unconfigure(config: pytest.Config) -> None:
    if SERVER in config.stash:
        server.end(config.stash[SERVER])
    if SHOWN in config.stash:
        config.stash[SHOWN].cleanup()


@pytest.fixture(autouse=engine.ON_SERVER)
def databases_forgotten() -> Iterator[None]:
    yield
    engine.forget()


@pytest.fixture
def logging_restored() -> Iterator[None]:
    """For a test that sets up the log, as every command of the command line does."""
    root, hook = logging.getLogger(), sys.excepthook
    handlers, level, before = root.handlers[:], root.level, structlog.get_config()
    yield
    root.handlers, sys.excepthook = handlers, hook
    root.setLevel(level)
    structlog.configure(**before)


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """Both platforms for a bot in a process of its own; the owner has talked to it before."""
    async with Sandbox() as both:
        people(both)
        both.telegram.add_person(OWNER, name="Олена", language="uk", started=True)
        yield both


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    hold_no_ballast(tmp_path / "visnyk.db")
    await lay_database(tmp_path / "visnyk.db")
    opened = await open_store(await asyncio.to_thread(engine.place, tmp_path / "visnyk.db"))
    yield opened
    await opened.close()


@pytest.fixture
def newsroom(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The newsroom.toml of a scene. `@pytest.mark.newsroom(undo="30 s")` sets a rule of its desk."""
    text = NEWSROOM
    for mark in reversed(list(request.node.iter_markers("newsroom"))):
        text = newsroom_with(text, **mark.kwargs)
    (tmp_path / "newsroom.toml").write_text(text, encoding="utf-8")
    return text


@pytest.fixture
async def scene(tmp_path: Path, newsroom: str) -> AsyncIterator[Scene]:
    async with a_scene(tmp_path) as running:
        yield running
