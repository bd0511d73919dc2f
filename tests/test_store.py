"""The store's promises: durable when it returns, one writer, one process, and nothing half done."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.domain import Address, Platform
from bot.domain.entry import Reply
from bot.domain.news import NEWS, Trouble
from bot.domain.patience import Urge
from bot.errors import CannotStart, NotStored, Refused
from bot.storage import Place, Queries, Store, backup_of, open_store
from bot.storage.engine import Unreadable
from bot.storage.schema import migrations
from bot.storage.sqlite.migration import APPLICATION_ID
from tests.helpers.crowd import an_article
from tests.helpers.subscribing import subscribe

NOW = datetime(2026, 11, 24, 11, tzinfo=UTC)
READER = Address(Platform.TELEGRAM, "7")
BIG = "x" * 4000


async def test_a_write_that_fails_undoes_only_itself(store: Store) -> None:
    async def broken(tx: Queries) -> None:
        await subscribe(tx, 2)
        raise ValueError("no")

    outcomes = await asyncio.gather(
        store.write(lambda tx: subscribe(tx, 1)),
        store.write(broken),
        store.write(lambda tx: subscribe(tx, 3)),
        return_exceptions=True,
    )

    assert isinstance(outcomes[1], ValueError)
    assert [row[0] for row in await store.read.all("SELECT chat FROM subscriber ORDER BY chat")] == ["1", "3"]


async def test_a_signal_of_a_failed_write_does_not_ring(store: Store) -> None:
    bells: list[int] = []
    store.on("rung", lambda: bells.append(1))

    async def broken(tx: Queries) -> None:
        tx.signal("rung")
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await store.write(broken)
    assert bells == []


async def test_a_caller_who_leaves_does_not_undo_what_was_queued(store: Store) -> None:
    started, go_on = asyncio.Event(), asyncio.Event()

    async def slow(tx: Queries) -> None:
        await subscribe(tx, 1)
        started.set()
        await go_on.wait()

    caller = asyncio.create_task(store.write(slow))
    await started.wait()
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    go_on.set()
    await store.write(lambda tx: subscribe(tx, 2))

    assert await store.read.count_readers(Platform.TELEGRAM) == 2


async def test_of_writes_that_share_a_commit_a_failing_one_undoes_its_own_alone(store: Store) -> None:
    async def looks(tx: Queries) -> int:
        return await tx.count_readers(Platform.TELEGRAM)

    async def fails(tx: Queries, *readers: int) -> None:
        await looks(tx)
        for number in readers:
            await subscribe(tx, number)
        raise ZeroDivisionError

    outcomes = await asyncio.gather(
        *(store.write(lambda tx: subscribe(tx, 1)), store.write(fails), store.write(looks)),
        *(store.write(lambda tx: fails(tx, 2, 3)), store.write(lambda tx: subscribe(tx, 4)), store.write(looks)),
        return_exceptions=True,
    )
    assert [type(each).__name__ for each in outcomes] == [
        *("NoneType", "ZeroDivisionError", "int"),
        *("ZeroDivisionError", "NoneType", "int"),
    ]
    assert (outcomes[2], outcomes[5]) == (1, 2)
    assert await store.read.count_readers(Platform.TELEGRAM) == 2


@pytest.mark.sqlite
async def test_a_full_disk_is_answered_with_not_stored_and_passes(store: Store) -> None:
    async def limit(tx: Queries, pages: int) -> None:
        await tx.run(f"PRAGMA max_page_count = {pages}")

    async def grow(tx: Queries) -> None:
        for number in range(50):
            await tx.owe(Reply(READER, BIG + str(number)), NOW)

    pages = int(await store.read.value("PRAGMA page_count"))
    await store.write(lambda tx: limit(tx, pages + 2))
    outcomes = await asyncio.gather(*(store.write(grow) for _ in range(3)), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [NotStored] * 3
    assert await store.read.value("SELECT count(*) FROM reply") == 0
    await store.write(lambda tx: limit(tx, 100_000))
    await store.write(grow)

    assert await store.read.value("SELECT count(*) FROM reply") == 50
    assert await store.read.value("PRAGMA integrity_check") == "ok"


@pytest.mark.sqlite
async def test_a_lock_held_by_another_program_is_waited_for_and_then_answered(tmp_path: Path, store: Store) -> None:
    async def impatient(tx: Queries) -> None:
        await tx.run("PRAGMA busy_timeout = 50")

    await store.write(impatient)
    other = sqlite3.connect(tmp_path / "visnyk.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(NotStored, match="locked"):
        await store.write(lambda tx: subscribe(tx, 1))
    other.execute("ROLLBACK")
    other.close()
    await store.write(lambda tx: subscribe(tx, 1))

    assert await store.read.count_readers(Platform.TELEGRAM) == 1


@pytest.mark.sqlite
async def test_a_mistake_in_sql_is_not_taken_for_a_full_disk(store: Store) -> None:
    async def mistaken(tx: Queries) -> None:
        await tx.run("UPDATE nonsense SET a = 1")

    with pytest.raises(sqlite3.OperationalError, match="nonsense"):
        await store.write(mistaken)
    with pytest.raises(sqlite3.OperationalError, match="nonsense"):
        await store.read.all("SELECT * FROM nonsense")


async def test_readers_can_not_write(store: Store) -> None:
    with pytest.raises(NotStored):
        await subscribe(store.read, 1)


@pytest.mark.sqlite
async def test_when_sqlite_gives_up_a_transaction_nothing_in_it_goes_on(store: Store) -> None:
    """A full disk may end the transaction and its savepoints: whoever goes on after faults must not go on then."""

    async def gives_up(tx: Queries) -> None:
        try:
            async with tx.undone_by(Exception):
                await tx.run("ROLLBACK")
                raise Refused("in the middle")
        except NotStored:
            raise
        except Exception:  # a notice that broke is put aside
            return

    with pytest.raises(NotStored, match="in the middle"):
        await store.write(gives_up)
    assert await store.write(lambda tx: tx.value("SELECT 1")) == 1


@pytest.mark.sqlite
async def test_after_closing_nothing_is_taken_and_nobody_hangs(tmp_path: Path) -> None:
    store = await open_store(tmp_path / "visnyk.db")
    last = asyncio.create_task(store.write(lambda tx: subscribe(tx, 1)))
    await asyncio.sleep(0)
    await store.close()
    await last
    with pytest.raises(NotStored, match="closed"):
        await store.write(lambda tx: subscribe(tx, 2))

    again = await open_store(tmp_path / "visnyk.db")
    assert await again.read.count_readers(Platform.TELEGRAM) == 1
    await again.close()


@pytest.mark.sqlite
async def test_a_second_process_is_refused_with_the_number_of_the_first(tmp_path: Path, store: Store) -> None:
    script = (
        "import asyncio, pathlib, sys\n"
        "from bot.storage import open_store\n"
        "from bot.errors import CannotStart\n"
        "try: asyncio.run(open_store(pathlib.Path(sys.argv[1])))\n"
        "except CannotStart as error: print(error)\n"
    )
    second = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-c", script, str(tmp_path / "visnyk.db")],
        capture_output=True,
        text=True,
        timeout=20,
    )

    assert f"Another Visnyk (process {os.getpid()}) uses the database" in second.stdout


@pytest.mark.sqlite
async def test_a_newer_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "visnyk.db"
    await (await open_store(path)).close()
    with sqlite3.connect(path) as file:
        file.execute("PRAGMA user_version = 9999")
    file.close()

    with pytest.raises(CannotStart, match="made by a newer Visnyk"):
        await open_store(path)


@pytest.mark.sqlite
async def test_another_programs_file_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "cookies.db"
    with sqlite3.connect(path) as file:
        file.execute("CREATE TABLE cookies (a)")
    file.close()
    before = path.read_bytes()

    with pytest.raises(CannotStart, match="another program's database"):
        await open_store(path)
    assert [before[:18], before[20:24]] == [path.read_bytes()[:18], path.read_bytes()[20:24]]


@pytest.mark.sqlite
async def test_what_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "visnyk.db"
    path.write_text("a letter, not a database\n" * 100, encoding="utf-8")

    with pytest.raises(CannotStart, match="not a sound database"):
        await open_store(path)


@pytest.mark.sqlite
async def test_a_folder_that_can_not_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")

    with pytest.raises(CannotStart, match="can't be written"):
        await open_store(tmp_path / "file" / "visnyk.db")


@pytest.mark.sqlite
async def test_after_a_refusal_the_lock_is_free_again(tmp_path: Path) -> None:
    path = tmp_path / "visnyk.db"
    path.write_text("a letter, not a database\n" * 100, encoding="utf-8")
    with pytest.raises(CannotStart):
        await open_store(path)
    path.unlink()

    await (await open_store(path)).close()


@pytest.mark.sqlite
async def test_migrations_are_applied_once_and_mark_the_file(tmp_path: Path) -> None:
    path = tmp_path / "visnyk.db"
    first = await open_store(path)
    await first.write(lambda tx: subscribe(tx, 1))
    await first.close()
    second = await open_store(path)

    assert await second.read.value("PRAGMA user_version") == migrations()[-1][0]
    assert await second.read.value("PRAGMA application_id") == APPLICATION_ID
    assert await second.read.count_readers(Platform.TELEGRAM) == 1
    await second.close()


async def test_migrations_have_a_number_each() -> None:
    numbers = [number for number, _ in migrations()]
    assert sorted(set(numbers)) == numbers


async def test_a_chats_replies_keep_their_order_while_the_first_waits(store: Store) -> None:
    other = Address(Platform.TELEGRAM, "8")

    async def owe(tx: Queries) -> None:
        await tx.owe(Reply(READER, "first"), NOW)
        await tx.owe(Reply(READER, "second"), NOW)
        await tx.owe(Reply(other, "theirs"), NOW)
        await tx.postpone_reply(1, NOW + timedelta(seconds=30))

    await store.write(owe)

    assert [reply.body for reply in await store.read.owed(Platform.TELEGRAM, NOW, 9)] == ["theirs"]
    later = NOW + timedelta(seconds=30)
    assert [reply.body for reply in await store.read.owed(Platform.TELEGRAM, later, 9)] == ["first", "theirs"]


async def test_an_answer_goes_before_news_but_not_into_the_middle_of_one(store: Store) -> None:
    async def owe(tx: Queries) -> None:
        must, answer = Urge.MUST, Urge.ANSWER
        for body, urge in (("news", must), ("its question", must), ("answer", answer), ("answer two", answer)):
            await tx.owe(Reply(READER, body, for_desk=True, must_arrive=urge is must, urge=urge), NOW)

    async def next_one(tx: Queries) -> list[str]:
        owed = await tx.owed(Platform.TELEGRAM, NOW, 9)
        for reply in owed:
            await tx.drop_reply(reply.id)
        return [reply.body for reply in owed]

    await store.write(owe)
    assert [await store.write(next_one) for _ in range(4)] == [["answer"], ["answer two"], ["news"], ["its question"]]

    await store.write(owe)
    (first, *_) = [number for (number,) in await store.read.all("SELECT id FROM reply ORDER BY id")]
    await store.write(lambda tx: tx.start_replies([first], NOW))
    assert await store.read.owed(Platform.TELEGRAM, NOW, 9) == []


async def test_the_desks_replies_go_before_all_that_readers_wait_for(store: Store) -> None:
    async def owe(tx: Queries) -> None:
        for number in range(150):
            await tx.owe(Reply(Address(Platform.TELEGRAM, str(number)), "a reader's"), NOW)
        await tx.owe(Reply(Address(Platform.TELEGRAM, "-500"), "the desk's", for_desk=True), NOW)

    await store.write(owe)
    owed = await store.read.owed(Platform.TELEGRAM, NOW, 100)

    assert [(reply.body, reply.for_desk) for reply in owed[:2]] == [("the desk's", True), ("a reader's", False)]
    assert [int(reply.chat.id) for reply in owed[1:]] == list(range(99))


async def test_housekeeping_forgets_told_news_but_no_lasting_trouble(store: Store) -> None:
    """Any of them lasts until it is over, whatever its key."""
    told = "INSERT INTO notice (key, kind, args, at, told_at, over_at) VALUES (:key, :kind, '{}', 1, :told, :over)"

    async def tell(tx: Queries) -> None:
        for kind in NEWS:
            for key, when, over in (("lasts", 1, None), ("over", 1, 1), ("untold", None, None)):
                await tx.run(told, {"key": f"{kind}:{key}", "kind": kind, "told": when, "over": over})
        while await tx.forget_notices(NOW, 10) == 10:
            pass

    await store.write(tell)

    left = {row[0] for row in await store.read.all("SELECT key FROM notice")}
    lasting = {code for code, kind in NEWS.items() if issubclass(kind, Trouble)}
    assert left == {f"{code}:untold" for code in NEWS} | {f"{code}:lasts" for code in lasting}
    assert {"hook_fought", "disk_full", "backup_failed", "platform_down", "token_shared"} <= lasting


@pytest.mark.sqlite
async def test_a_backup_put_beside_an_old_log_is_read_as_it_is(tmp_path: Path) -> None:
    """Killed, then restored by copying one file over the database: the killed one's log must not be mixed in."""
    path = tmp_path / "visnyk.db"
    store = await open_store(path)
    await store.write(lambda tx: tx.add_article(an_article("Стара"), READER, NOW))
    await backup_of(Place(path), tmp_path / "copy.db", NOW)
    for number in range(40):
        await store.write(lambda tx, n=number: tx.add_article(an_article(f"Нова {n}"), READER, NOW))  # type: ignore[misc]
    log = path.with_name("visnyk.db-wal").read_bytes()
    await store.close()
    path.write_bytes((tmp_path / "copy.db").read_bytes())
    path.with_name("visnyk.db-wal").write_bytes(log)

    restored = await open_store(path)
    assert await restored.read.value("SELECT count(*) FROM article") == 1
    assert await restored.read.value("PRAGMA integrity_check") == "ok"
    await restored.close()


@pytest.mark.sqlite
async def test_the_reader_sees_later_commits_after_a_text_that_it_could_not_read(store: Store) -> None:
    with pytest.raises(Unreadable) as kept:
        await store.read.all("SELECT CAST(x'D1FF' AS TEXT) FROM (SELECT 1 UNION ALL SELECT 2)")
    await store.write(lambda tx: subscribe(tx, 1))

    assert await store.read.count_readers(Platform.TELEGRAM) == 1
    assert "UTF-8" in str(kept.value)


def test_no_part_of_the_queries_has_more_than_twenty_methods() -> None:
    own = {
        part.__name__: sum(not name.startswith("_") for name in vars(part))
        for part in Queries.__mro__
        if part not in (Queries, object)
    }

    assert {name: methods for name, methods in own.items() if methods > 20} == {}
