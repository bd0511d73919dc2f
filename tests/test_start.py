"""What an operator sees when Visnyk can't start: what is wrong, what to do, and nothing else."""

from __future__ import annotations

import asyncio
import socket
import sqlite3
import time
from contextlib import suppress
from pathlib import Path

import aiohttp
import pytest

from bot.sandbox import Bubble, Sandbox
from bot.storage import open_store
from bot.storage.schema import migrations
from tests.conftest import CHANNEL, NEWSROOM, OWNER, TELEGRAM_TOKEN, VIBER_OWNER, free_port
from tests.helpers.process import Run, environment


async def refused(env: dict[str, str], *words: str, largest_file: int = 0) -> str:
    """It does not start, and says so in words a person can act on."""
    async with Run(env, largest_file=largest_file) as run:
        code = await run.ended()
    # Structured log lines are for machines; what is left is for the operator.
    said = "\n".join(line for line in run.output.splitlines() if not line.startswith("{"))
    assert code == 1, run.output
    assert "Traceback" not in run.output, run.output
    assert "CANARY" not in run.output
    for word in words:
        assert word in said
    return said


ALONE = {"VIBER_TOKEN": "", "VIBER_CHANNEL_TOKEN": ""}


def texts(bubbles: list[Bubble]) -> str:
    return " ".join(bubble.text for bubble in bubbles if bubble.sender == "bot")


async def answers(sandbox: Sandbox, run: Run) -> None:
    """It runs, and the owner is answered on Telegram."""
    await run.running()
    await sandbox.telegram.say(OWNER, "/list")
    await sandbox.until(lambda: "Черга порожня" in texts(sandbox.telegram.phone(OWNER)))


async def hears_viber_again(sandbox: Sandbox) -> None:
    """What is said while Viber has no address to call is lost, so it is said until it is answered."""
    async with asyncio.timeout(60):
        while "Черга порожня" not in texts(sandbox.viber.phone(VIBER_OWNER)):
            await sandbox.viber.say(VIBER_OWNER, "/list")
            await asyncio.sleep(0.3)


async def answers_on_viber(sandbox: Sandbox, run: Run) -> None:
    await run.running()
    await sandbox.viber.say(VIBER_OWNER, "/list")
    await sandbox.until(lambda: "Черга порожня" in texts(sandbox.viber.phone(VIBER_OWNER)))


async def test_a_wrong_token_of_the_only_platform_ends_a_start(sandbox: Sandbox, tmp_path: Path) -> None:
    wrong = "100002:wrong-token-wrong-token-wrong-token"

    said = await refused(environment(sandbox, tmp_path, TELEGRAM_TOKEN=wrong, **ALONE), "TELEGRAM_TOKEN")

    assert "Viber" not in said


async def test_a_wrong_viber_token_of_the_only_platform_ends_a_start(sandbox: Sandbox, tmp_path: Path) -> None:
    env = environment(sandbox, tmp_path, TELEGRAM_TOKEN="", VIBER_TOKEN="wrong", VIBER_CHANNEL_TOKEN="wrong")

    await refused(env, "Viber bot", "VIBER_TOKEN", "Viber channel", "VIBER_CHANNEL_TOKEN")


async def test_wrong_tokens_everywhere_are_all_named(sandbox: Sandbox, tmp_path: Path) -> None:
    wrong = "100002:wrong-token-wrong-token-wrong-token"
    env = environment(sandbox, tmp_path, TELEGRAM_TOKEN=wrong, VIBER_TOKEN="wrong", VIBER_CHANNEL_TOKEN="")

    await refused(env, "TELEGRAM_TOKEN", "VIBER_TOKEN")


async def test_a_wrong_token_of_one_platform_is_told_on_the_other(sandbox: Sandbox, tmp_path: Path) -> None:
    async with Run(environment(sandbox, tmp_path, VIBER_TOKEN="wrong")) as run:
        await answers(sandbox, run)
        await sandbox.until(lambda: "VIBER_TOKEN" in texts(sandbox.telegram.phone(OWNER)))
        run.terminate()
        assert await run.ended() == 0


async def test_a_start_without_any_token_says_that_no_platform_is_on(sandbox: Sandbox, tmp_path: Path) -> None:
    env = environment(sandbox, tmp_path, TELEGRAM_TOKEN="", VIBER_TOKEN="", VIBER_CHANNEL_TOKEN="")

    await refused(env, "No platform is on", "TELEGRAM_TOKEN")


async def test_a_channel_without_rights_is_told_and_keeps_nothing_else(sandbox: Sandbox, tmp_path: Path) -> None:
    sandbox.telegram.set_admin(CHANNEL, TELEGRAM_TOKEN, can_post=False)
    async with Run(environment(sandbox, tmp_path)) as run:
        await answers(sandbox, run)
        await sandbox.until(lambda: "більше не може публікувати в «Вісник»" in texts(sandbox.telegram.phone(OWNER)))
        run.terminate()
        assert await run.ended() == 0


async def test_a_channel_that_is_not_found_keeps_nothing_else(sandbox: Sandbox, tmp_path: Path) -> None:
    sandbox.faults.add("telegram", "refuse", method="getChat", times=None, text="Bad Request: chat not found")
    async with Run(environment(sandbox, tmp_path)) as run:
        await answers(sandbox, run)
        run.terminate()
        assert await run.ended() == 0


@pytest.mark.parametrize("kind", ["502", "drop_before", "429"])
async def test_telegram_in_trouble_at_the_start_is_told_and_heals(sandbox: Sandbox, tmp_path: Path, kind: str) -> None:
    trouble = sandbox.faults.add("telegram", kind, times=None, retry_after=5)
    async with Run(environment(sandbox, tmp_path)) as run:
        await answers_on_viber(sandbox, run)
        await sandbox.until(lambda: "Немає зв’язку з Telegram" in texts(sandbox.viber.phone(VIBER_OWNER)))
        sandbox.faults.remove(trouble)
        await answers(sandbox, run)
        run.terminate()
        assert await run.ended() == 0


@pytest.mark.parametrize("kind", ["502", "drop_before"])
async def test_viber_in_trouble_at_the_start_is_told_and_heals(sandbox: Sandbox, tmp_path: Path, kind: str) -> None:
    trouble = sandbox.faults.add("viber", kind, times=None)
    async with Run(environment(sandbox, tmp_path)) as run:
        await answers(sandbox, run)
        await sandbox.until(lambda: "Немає зв’язку з Viber" in texts(sandbox.telegram.phone(OWNER)))
        sandbox.faults.remove(trouble)
        await hears_viber_again(sandbox)
        run.terminate()
        assert await run.ended() == 0


async def test_a_webhook_that_viber_refuses_once_is_set_later(sandbox: Sandbox, tmp_path: Path) -> None:
    sandbox.faults.add("viber", "refuse", method="set_webhook", code=1, text="invalidUrl")
    async with Run(environment(sandbox, tmp_path)) as run:
        await run.running()
        await hears_viber_again(sandbox)
        run.terminate()
        assert await run.ended() == 0


@pytest.mark.parametrize(("silent", "other"), [("viber", "telegram"), ("telegram", "viber")])
async def test_a_silent_platform_makes_no_start_wait(sandbox: Sandbox, tmp_path: Path, silent: str, other: str) -> None:
    sandbox.faults.add(silent, "late", times=None, delay=60)
    async with Run(environment(sandbox, tmp_path)) as run, aiohttp.ClientSession() as session:
        answered: list[float] = []
        ready = 0.0
        while not ready:
            with suppress(aiohttp.ClientConnectionError):
                async with session.get(f"{run.url}/readyz") as answer:
                    answered.append(time.monotonic())
                    ready = time.monotonic() if answer.status == 200 else 0.0
                    assert answer.status == 200 or await answer.text() == "starting\n"
            await asyncio.sleep(0.02)
        # The silent platform answers after a minute; a busy machine takes some of the rest for itself.
        assert ready - answered[0] < 30
        await (answers if other == "telegram" else answers_on_viber)(sandbox, run)
        run.terminate()
        assert await run.ended() == 0


async def test_no_platform_can_be_reached_and_yet_it_runs(sandbox: Sandbox, tmp_path: Path) -> None:
    nowhere = f"http://127.0.0.1:{free_port()}"
    async with Run(environment(sandbox, tmp_path, TELEGRAM_API_URL=nowhere, VIBER_API_URL=f"{nowhere}/pa")) as run:
        await run.running()
        run.terminate()
        assert await run.ended() == 0


async def test_a_start_on_a_port_in_use_names_it(sandbox: Sandbox, tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        await refused(environment(sandbox, tmp_path, PORT=str(other.getsockname()[1])), "Port", "PORT")


async def test_a_start_with_a_newer_database_is_refused(sandbox: Sandbox, tmp_path: Path) -> None:
    await (await open_store(tmp_path / "visnyk.db")).close()
    with sqlite3.connect(tmp_path / "visnyk.db") as file:
        file.execute("PRAGMA user_version = 9999")
    file.close()

    await refused(environment(sandbox, tmp_path), "newer Visnyk")


async def test_a_start_with_a_file_that_is_no_database_is_refused(sandbox: Sandbox, tmp_path: Path) -> None:
    (tmp_path / "visnyk.db").write_text("a letter\n" * 1000, encoding="utf-8")

    await refused(environment(sandbox, tmp_path), "not a sound database", "DATABASE_URL")


async def test_a_start_names_a_folder_that_can_not_be_written(sandbox: Sandbox, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")

    await refused(environment(sandbox, tmp_path, DATABASE_URL=f"sqlite:///{tmp_path}/file/visnyk.db"), "DATABASE_URL")


async def test_a_start_on_a_full_disk_asks_for_room(sandbox: Sandbox, tmp_path: Path) -> None:
    """Files of this process may not grow above 16 KiB; a new database is larger."""
    await refused(environment(sandbox, tmp_path), "visnyk.db", "room", largest_file=32 * 512)


async def test_a_start_with_a_broken_newsroom_file_names_it(sandbox: Sandbox, tmp_path: Path) -> None:
    broken = NEWSROOM.replace('key = "main"', 'key = "main').replace("quiet_hours", "quiet_ours")
    (tmp_path / "newsroom.toml").write_text(broken, encoding="utf-8")

    await refused(environment(sandbox, tmp_path), "newsroom.toml")


async def test_a_second_visnyk_on_one_database_is_refused(sandbox: Sandbox, tmp_path: Path) -> None:
    env = environment(sandbox, tmp_path)
    async with Run(env, typed=True) as first:
        await first.running()
        await refused({**env, "PORT": str(free_port())}, "Another Visnyk (process", "Stop it first")
        first.terminate()
        assert await first.ended() == 0


async def test_migrate_makes_a_database_of_this_version_and_may_be_repeated(sandbox: Sandbox, tmp_path: Path) -> None:
    env = environment(sandbox, tmp_path)
    for _ in range(2):
        async with Run(env, "migrate") as run:
            assert await run.ended() == 0
            assert "up to date" in run.output

    with sqlite3.connect(tmp_path / "visnyk.db") as file:
        assert file.execute("PRAGMA user_version").fetchone()[0] == migrations()[-1][0]
    file.close()


async def test_the_doctor_finds_a_sound_newsroom_sound(sandbox: Sandbox, tmp_path: Path) -> None:
    env = environment(sandbox, tmp_path)
    async with Run(env) as running:
        await running.running()  # tells both platforms where to call
        async with Run(env, "doctor") as run:
            code = await run.ended()
        running.terminate()
        assert await running.ended() == 0

    assert (code, "✗" in run.output) == (0, False), run.output
    assert "CANARY" not in run.output


async def test_the_doctor_names_every_illness(sandbox: Sandbox, tmp_path: Path) -> None:
    sandbox.telegram.set_admin(CHANNEL, TELEGRAM_TOKEN, can_post=False)
    async with Run(environment(sandbox, tmp_path, VIBER_TOKEN="wrong", OWNERS=""), "doctor") as run:
        assert await run.ended() == 1

    assert "Traceback" not in run.output, run.output
    assert run.output.count("✗") >= 3
    assert "→" in run.output


async def test_the_doctor_looks_at_the_desks_groups(sandbox: Sandbox, tmp_path: Path) -> None:
    forum, other = -1009999999991, -1009999999992
    text = NEWSROOM.replace("desk.approvals = 0", f'desk.approvals = 0\ndesk.groups = ["{forum}", "{other}"]')
    (tmp_path / "newsroom.toml").write_text(text, encoding="utf-8")
    sandbox.telegram.add_group(forum, "Desk", forum=True)
    sandbox.telegram.set_admin(forum, TELEGRAM_TOKEN)
    async with Run(environment(sandbox, tmp_path), "doctor") as run:
        assert await run.ended() == 1

    told = " ".join(run.output.split())
    assert "may write in the group Desk. Without the right to manage topics" in told
    assert f"Telegram shows the bot no group {other}." in told
