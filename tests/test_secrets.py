"""The canary: tokens and the webhook's secret stay where they belong, also when everything goes wrong."""

from __future__ import annotations

from pathlib import Path

from bot.sandbox import Sandbox
from tests.conftest import CHANNEL, OWNER, VIBER_CHANNEL_TOKEN, VIBER_OWNER, people
from tests.helpers.crowd import count
from tests.helpers.process import Run, environment

#: Those that ask for patience come last: a chat waits behind them.
FAULTS = ("502", "half", "html200", "drop_before", "drop_after", "500", "429", "http429")


async def test_no_secret_is_logged_or_stored_while_everything_goes_wrong(tmp_path: Path) -> None:
    async with Sandbox() as sandbox:
        people(sandbox)
        await _trouble(sandbox, tmp_path)


async def _trouble(sandbox: Sandbox, folder: Path) -> None:
    telegram, viber = sandbox.telegram, sandbox.viber
    async with Run(environment(sandbox, folder), "run", "--verbose", typed=True) as run:
        await run.running()
        await telegram.say(OWNER, "/start")
        await viber.open_chat(VIBER_OWNER)
        await viber.say(VIBER_OWNER, "/list")
        await sandbox.until(lambda: len(telegram.phone(OWNER)) > 1 and len(viber.phone(VIBER_OWNER)) > 2)
        for fault in FAULTS:
            sandbox.faults.add("telegram", fault, chat=OWNER)
            sandbox.faults.add("viber", fault, method="send_message")
        for _ in range(12):
            await telegram.say(OWNER, "/list")
            await viber.say(VIBER_OWNER, "/list")
        await sandbox.until(lambda: sum(r.method == "send_message" for r in sandbox.requests) >= 7)
        await sandbox.until(lambda: sum(r.method == "sendMessage" for r in sandbox.requests) >= 8)
        run.terminate()
        assert await run.ended() == 0

    assert '"level": "debug"' in run.output
    assert "CANARY" not in run.output
    assert not [path for path in _files(folder) if b"CANARY" in path.read_bytes()]
    assert not count(telegram.phone(CHANNEL))
    assert not viber.channel_phone(VIBER_CHANNEL_TOKEN)


def _files(folder: Path) -> list[Path]:
    return list(folder.glob("visnyk.db*"))
