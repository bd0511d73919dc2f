"""A disk that takes no more, a lock that somebody else holds: without a reservation nothing is sent, whoever
asks is answered, and when it is over everything goes on by itself."""

from __future__ import annotations

import random
import resource
import shutil
import sqlite3
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager, suppress
from pathlib import Path

import aiohttp
import pytest

from bot.domain import Address, Platform
from bot.errors import NotStored
from bot.sandbox import Sandbox
from bot.storage import Queries
from bot.storage.sqlite.ballast import SIZE
from tests.conftest import OWNER, VIBER_OWNER, Scene, people
from tests.faults.books import read_books
from tests.helpers.crowd import an_article, count, publishes, readers, said, settle_in, tallies, telegram_ids
from tests.helpers.process import Run, environment, seed, soon

#: They work on the files of SQLite itself.
pytestmark = pytest.mark.sqlite

READERS = 400
BUSY = "Вісник зараз не може нічого"
#: Bytes beyond which files may not grow: not even the write-ahead log's first page can be written.
NOTHING = 1024


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox() as both:
        people(both)
        both.telegram.add_person(OWNER, name="Олена", language="uk", started=True)
        settle_in(both, telegram=READERS)
        yield both


@asynccontextmanager
async def in_the_middle(sandbox: Sandbox, folder: Path) -> AsyncIterator[Run]:
    """A Visnyk of its own, with an article on its way to some hundred readers."""
    crowd = [Address(Platform.TELEGRAM, str(person)) for person in telegram_ids(READERS)]
    await seed(folder, an_article(), due_at=soon(), readers=crowd)
    sandbox.faults.add("telegram", "late", method="sendMessage", times=None, delay=0.2)
    async with Run(environment(sandbox, folder)) as run:
        await sandbox.until(lambda: sum(got(sandbox)) > 20)
        yield run


def got(sandbox: Sandbox) -> list[int]:
    return [count(sandbox.telegram.phone(person)) for person in telegram_ids(READERS)]


async def sends_more_than(sandbox: Sandbox, before: int, timeout: float = 60) -> None:  # noqa: ASYNC109 - the sandbox's
    await sandbox.until(lambda: sum(got(sandbox)) > min(before, READERS - 1), timeout)


async def until_nothing_leaves(sandbox: Sandbox) -> int:
    """What was reserved has gone out, and nothing follows."""
    before = sum(got(sandbox))
    while before < READERS:
        try:
            await sends_more_than(sandbox, before, timeout=1.5)
        except TimeoutError:
            break
        before = sum(got(sandbox))
    return before


async def ends_well(sandbox: Sandbox, run: Run, folder: Path) -> None:
    """Everybody has it once, is known to have it, and the file is sound."""
    sandbox.faults.clear()
    await sandbox.until(lambda: got(sandbox) == [1] * READERS)
    await sandbox.until(lambda: said(sandbox.telegram.phone(OWNER), "#1 "))
    run.terminate()
    assert await run.ended() == 0
    books = read_books(folder / "visnyk.db")
    assert books.sound
    assert books.adds_up
    assert {books.outcome((1, str(person))) for person in telegram_ids(READERS)} == {"delivered"}


@contextmanager
def a_full_disk(run: Run) -> Iterator[None]:
    before = resource.prlimit(run.pid, resource.RLIMIT_FSIZE, (NOTHING, resource.RLIM_INFINITY))
    try:
        yield
    finally:
        resource.prlimit(run.pid, resource.RLIMIT_FSIZE, before)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own, of 192 MB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=192m", "tmpfs", str(disk)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only root may mount a small disk")
    try:
        yield disk
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


@contextmanager
def filled_to_the_last_byte(disk: Path) -> Iterator[None]:
    """By somebody else."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file, pytest.raises(OSError, match="No space left"):
        # The broadcast does not wait until it is full: most of it at once, what is left in small pieces.
        with suppress(OSError):
            while True:
                file.write(bytes(1 << 20))
        while True:
            file.write(bytes(1 << 12))
    try:
        yield
    finally:
        filler.unlink()


def leave_no_room_in_the_log(folder: Path) -> None:
    """A log that was long before is written over from its beginning, and takes a lot on a full disk."""
    with closing(sqlite3.connect(folder / "visnyk.db", timeout=20)) as other:
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@contextmanager
def a_lock(folder: Path) -> Iterator[None]:
    with closing(sqlite3.connect(folder / "visnyk.db", isolation_level=None, timeout=20)) as other:
        other.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            other.execute("ROLLBACK")


@pytest.mark.parametrize("trouble", ["disk", "lock"])
async def test_while_nothing_can_be_written_nothing_leaves_and_whoever_asks_is_told(
    sandbox: Sandbox, tmp_path: Path, trouble: str
) -> None:
    telegram = sandbox.telegram
    async with in_the_middle(sandbox, tmp_path) as run:
        with a_full_disk(run) if trouble == "disk" else a_lock(tmp_path):
            reached = await until_nothing_leaves(sandbox)
            assert reached < READERS

            await telegram.say(OWNER, "/list")
            await sandbox.until(lambda: said(telegram.phone(OWNER), BUSY))
            async with aiohttp.ClientSession() as session, session.get(f"{run.url}/readyz") as ready:
                assert ready.status == 503
                assert "so nothing leaves" in await ready.text()
            assert sum(got(sandbox)) == reached

        await sandbox.until(lambda: said(telegram.phone(OWNER), "Черга порожня"))
        await ends_well(sandbox, run, tmp_path)
        assert len(said(telegram.phone(OWNER), BUSY)) == 1
        assert len(said(telegram.phone(OWNER), "Черга порожня")) == 1


async def test_a_halt_that_can_not_be_written_holds_as_soon_as_it_can(sandbox: Sandbox, tmp_path: Path) -> None:
    telegram = sandbox.telegram
    async with in_the_middle(sandbox, tmp_path) as run:
        with a_full_disk(run):
            reached = await until_nothing_leaves(sandbox)
            await telegram.say(OWNER, "/halt")
            await sandbox.until(lambda: said(telegram.phone(OWNER), BUSY))
        await sandbox.until(lambda: said(telegram.phone(OWNER), "Усе зупинено: жодна"))
        halted = await until_nothing_leaves(sandbox)
        # What was reserved before the halt: two windows of each of the two pages under way.
        assert halted - reached <= 4 * 128
        await telegram.say(OWNER, "/resume")
        await sandbox.until(lambda: said(telegram.phone(OWNER), "має погодитися ще хтось"))
        await sandbox.viber.say(VIBER_OWNER, "/resume")
        await ends_well(sandbox, run, tmp_path)


async def test_on_a_full_disk_halts_and_outcomes_are_kept_and_the_desk_is_told(
    sandbox: Sandbox, small_disk: Path
) -> None:
    telegram = sandbox.telegram
    async with in_the_middle(sandbox, small_disk) as run:
        ballast = small_disk / "visnyk.db.ballast"
        assert ballast.stat().st_size == SIZE
        leave_no_room_in_the_log(small_disk)
        with filled_to_the_last_byte(small_disk):
            await sandbox.until(lambda: said(telegram.phone(OWNER), "Диск, на якому працює Вісник"))
            reached = await until_nothing_leaves(sandbox)
            assert reached < READERS
            assert ballast.stat().st_size == 0
            await telegram.say(OWNER, "/halt")
            await sandbox.until(lambda: said(telegram.phone(OWNER), "Усе зупинено: жодна"))
            # Whoever got it is known to have it.
            books = read_books(small_disk / "visnyk.db")
            outcomes = [books.outcome((1, str(person))) for person in telegram_ids(READERS)]
            assert outcomes.count("delivered") == reached
            async with aiohttp.ClientSession() as session, session.get(f"{run.url}/readyz") as ready:
                assert ready.status == 503

        await sandbox.until(lambda: ballast.exists() and ballast.stat().st_size == SIZE)
        assert sum(got(sandbox)) == reached
        await telegram.say(OWNER, "/resume")
        await sandbox.until(lambda: said(telegram.phone(OWNER), "має погодитися ще хтось"))
        await sandbox.viber.say(VIBER_OWNER, "/resume")
        await ends_well(sandbox, run, small_disk)
        assert len(said(telegram.phone(OWNER), "Диск, на якому працює Вісник")) == 1
        assert not ballast.exists()


async def test_a_start_on_a_disk_that_was_full_sends_nothing_before_there_is_room(
    sandbox: Sandbox, small_disk: Path
) -> None:
    crowd = [Address(Platform.TELEGRAM, str(person)) for person in telegram_ids(READERS)]
    await seed(small_disk, an_article(), due_at=soon(), readers=crowd)
    (small_disk / "visnyk.db.ballast").touch()
    (small_disk / "filler").write_bytes(bytes(1 << 27))
    async with Run(environment(sandbox, small_disk)) as run:
        await run.running()
        await sandbox.telegram.say(OWNER, "/list")
        # What is asked is heard before anything leaves: the article may be in the queue still.
        phone = sandbox.telegram.phone
        await sandbox.until(lambda: said(phone(OWNER), "Черга порожня") or said(phone(OWNER), "#1 · "))
        assert sum(got(sandbox)) == 0
        (small_disk / "filler").unlink()
        await ends_well(sandbox, run, small_disk)


async def test_a_database_that_may_not_grow_at_any_moment_loses_and_repeats_nothing(scene: Scene) -> None:
    """SQLite's own limit, set and lifted again and again in the middle of a broadcast."""
    await scene.says("/list", "")
    await readers(scene, telegram=READERS)
    scene.sandbox.faults.add("telegram", "slow", method="sendMessage", times=None, delay=0.02)
    app = scene.app
    dice = random.Random(7)

    async def limit(tx: Queries, more: int) -> None:
        pages = int(await tx.value("PRAGMA page_count"))
        await tx.value(f"PRAGMA max_page_count = {pages + more}")

    await publishes(scene, an_article())
    while sum(got(scene.sandbox)) < READERS:
        before = sum(got(scene.sandbox))
        await app.store.write(lambda tx: limit(tx, dice.randrange(3)))
        try:
            await publishes(scene, *(an_article(f"Не вміститься {n}" * 200) for n in range(20)))
            pytest.fail("there was room")
        except NotStored:
            await app.store.write(lambda tx: limit(tx, 1_000_000))
        await sends_more_than(scene.sandbox, before)

    await scene.until(lambda: said(scene.telegram(), "#1 "))
    assert got(scene.sandbox) == [1] * READERS
    assert (await tallies(scene))["telegram"].delivered == READERS
    assert not said(scene.channel(), "Не вміститься")
    assert await app.store.read.value("PRAGMA integrity_check") == "ok"
