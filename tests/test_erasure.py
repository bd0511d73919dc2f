"""The canary: what leads to a reader is gone from every table, file, log and backup once they asked for it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from bot.sandbox import Sandbox
from tests.conftest import OWNER, VIBER_OWNER
from tests.helpers.process import Run, environment

#: Whoever is forgotten: ids and names that stand nowhere else.
TELEGRAM, VIBER = 7_301_994_512, "Y2FuYXJ5LWNhbmFyeS0wMQ=="
NAMES = ("Canarenko", "Canariuk")
CANARIES = (str(TELEGRAM), VIBER, *NAMES)
FAULTS = ("502", "drop_after", "429")


def found(folder: Path) -> set[str]:
    """The files with a canary in them, also in what they hold of deleted rows."""
    files = [path for path in folder.rglob("*") if path.is_file() and path.name != "visnyk.db.ballast"]
    return {path.name for path in files if any(canary.encode() in path.read_bytes() for canary in CANARIES)}


def rows_with(path: Path) -> list[str]:
    """The tables of a database with a canary in any column."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as file:
        tables = [row[0] for row in file.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        rows = {table: file.execute(f"SELECT * FROM {table}").fetchall() for table in tables}
    return [table for table, all_of_it in rows.items() if any(canary in repr(all_of_it) for canary in CANARIES)]


async def live(sandbox: Sandbox) -> None:
    """A reader's life: news, questions, strange presses, bad lines, silence and return."""
    telegram, viber = sandbox.telegram, sandbox.viber
    telegram.add_person(TELEGRAM, name=NAMES[0], language="uk")
    viber.add_person(VIBER, name=NAMES[1], language="uk")
    await viber.open_chat(VIBER)
    for said in ("/start", "/latest", "/mydata", "/stop", "/start", "/queue Чуже", "/start ABCDEFGHJKLMNPQR", "?"):
        await telegram.say(TELEGRAM, said)
        await viber.say(VIBER, said)
    await sandbox.until(lambda: len(telegram.phone(TELEGRAM)) >= 16 and len(viber.phone(VIBER)) >= 16)
    await viber.say(VIBER, "#AAAAAAAAAAAAAAAAAAAAAA")
    for fault in FAULTS:
        sandbox.faults.add("telegram", fault, chat=TELEGRAM)
        sandbox.faults.add("viber", fault, method="send_message")
    await telegram.say(OWNER, "/queue Міст відкрили\n\nРух відновлено в обох напрямках.")
    await sandbox.until(lambda: any("#1" in bubble.text for bubble in telegram.phone(OWNER)))
    await telegram.say(OWNER, "/now 1")
    await sandbox.until(lambda: any("#1 вийшов" in bubble.text for bubble in telegram.phone(OWNER)))
    await telegram.say(TELEGRAM, "/latest")
    await viber.say(VIBER, "/latest")
    sandbox.faults.clear()


async def leave(sandbox: Sandbox) -> None:
    telegram, viber = sandbox.telegram, sandbox.viber
    await telegram.say(TELEGRAM, "/forgetme")
    await viber.say(VIBER, "/forgetme")
    await sandbox.until(lambda: telegram.phone(TELEGRAM)[-1].buttons and "Стерти" in viber.phone(VIBER)[-1].text)
    await telegram.press(TELEGRAM, telegram.phone(TELEGRAM)[-1].message_id, "🗑 Стерти все")
    await viber.press(VIBER, "🗑 Стерти все")
    await sandbox.until(lambda: "Готово" in telegram.phone(TELEGRAM)[-1].text)
    await sandbox.until(lambda: "Готово" in viber.phone(VIBER)[-1].text)


async def test_who_is_forgotten_is_found_in_no_table_file_log_or_backup(sandbox: Sandbox, tmp_path: Path) -> None:
    env = environment(sandbox, tmp_path)
    async with Run(env, "run", "--verbose") as run:
        await run.running()
        await sandbox.viber.say(VIBER_OWNER, "/list")
        await live(sandbox)
        before = found(tmp_path)

        await leave(sandbox)

        await sandbox.until(lambda: not found(tmp_path))
        async with Run(env, "backup", str(tmp_path / "copy.db")) as backup:
            assert await backup.ended() == 0
        assert found(tmp_path) == set()
        assert rows_with(tmp_path / "visnyk.db") == rows_with(tmp_path / "copy.db") == []
        run.terminate()
        assert await run.ended() == 0

    assert before & {"visnyk.db", "visnyk.db-wal"}
    assert found(tmp_path) == set()
    assert [line for line in run.output.splitlines() if any(canary in line for canary in CANARIES)] == []
