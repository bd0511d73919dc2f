"""Killed at the worst moments and started again: nothing lost, nothing twice, every doubt named."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path

from bot.domain import Address, Platform
from bot.domain.ledger import Tally
from bot.sandbox import Sandbox
from bot.storage import open_store
from tests.conftest import ARTICLE, CHANNEL, NEWSROOM, OWNER, VIBER_CHANNEL_TOKEN
from tests.helpers.crowd import an_article, count, said, settle_in, telegram_ids, viber_ids
from tests.helpers.process import Run, environment, retime, seed, soon


async def outcome(folder: Path) -> tuple[dict[str, str], dict[str, Tally]]:
    store = await open_store(folder / "visnyk.db")
    dispatches = await store.read.dispatches(1)
    states = {d.channel or f"{d.platform} readers": str(d.state) for d in dispatches}
    tallies = {str(d.platform): await store.read.tally(d) for d in dispatches if d.channel is None}
    assert await store.read.value("PRAGMA integrity_check") == "ok"
    await store.close()
    return states, tallies


async def test_killed_between_queued_and_the_posting_time_it_posts_once(sandbox: Sandbox, tmp_path: Path) -> None:
    env = environment(sandbox, tmp_path)
    await seed(tmp_path, an_article(), due_at=soon() + timedelta(hours=1))
    async with Run(env) as first:
        await first.running()
        first.kill()
        assert await first.ended() == -9
    assert not sandbox.telegram.phone(CHANNEL)
    # The hour passes while nothing runs.
    await retime(tmp_path, soon() + timedelta(milliseconds=200))

    async with Run(env) as second:
        await second.running()
        await sandbox.until(lambda: count(sandbox.telegram.phone(CHANNEL)))
        await sandbox.until(lambda: count(sandbox.viber.channel_phone(VIBER_CHANNEL_TOKEN)))
        second.terminate()
        assert await second.ended() == 0
    assert count(sandbox.telegram.phone(CHANNEL)) == 1
    assert count(sandbox.viber.channel_phone(VIBER_CHANNEL_TOKEN)) == 1


async def test_killed_in_a_broadcast_nobody_is_lost_and_nobody_gets_it_twice(sandbox: Sandbox, tmp_path: Path) -> None:
    settle_in(sandbox, telegram=600)
    readers = [Address(Platform.TELEGRAM, str(person)) for person in telegram_ids(600)]
    await seed(tmp_path, an_article(), due_at=soon(), readers=readers)
    sandbox.faults.add("telegram", "late", method="sendMessage", times=None, delay=0.05)
    env = environment(sandbox, tmp_path)
    phones = sandbox.telegram

    def arrived() -> int:
        return sum(count(phones.phone(person)) for person in telegram_ids(600))

    async with Run(env) as first:
        await sandbox.until(lambda: arrived() > 150)
        first.kill()
        await first.ended()
    at_the_kill = arrived()
    sandbox.faults.clear()
    async with Run(env) as second:
        await sandbox.until(lambda: said(phones.phone(OWNER), "#1"))
        second.terminate()
        assert await second.ended() == 0

    states, tallies = await outcome(tmp_path)
    each = [count(phones.phone(person)) for person in telegram_ids(600)]
    tally = tallies["telegram"]
    assert at_the_kill < 600
    assert max(each) == 1
    assert states["telegram readers"] == "done"
    assert (tally.audience, tally.waiting) == (600, 0)
    assert tally.delivered + tally.in_doubt == 600
    # Whoever has nothing is among those in doubt.
    assert each.count(0) <= tally.in_doubt <= 4 * 256


async def test_killed_while_a_channel_post_is_on_the_wire_it_asks_the_desk(sandbox: Sandbox, tmp_path: Path) -> None:
    await seed(tmp_path, an_article(), due_at=soon())
    sandbox.faults.add("telegram", "late", method="sendMessage", chat=CHANNEL, delay=30)
    env = environment(sandbox, tmp_path)
    async with Run(env) as first:
        await sandbox.until(lambda: count(sandbox.telegram.phone(CHANNEL)))
        await sandbox.until(lambda: count(sandbox.viber.channel_phone(VIBER_CHANNEL_TOKEN)))
        first.kill()
        await first.ended()
    async with Run(env) as second:
        await second.running()
        began = time.monotonic()
        await sandbox.until(lambda: [b for b in sandbox.telegram.phone(OWNER) if b.buttons])
        assert time.monotonic() - began < 25  # not after the post's 30 s; a busy machine takes some of the rest
        second.terminate()
        assert await second.ended() == 0

    states, _ = await outcome(tmp_path)
    assert states["main"] == "in_doubt"
    assert count(sandbox.telegram.phone(CHANNEL)) == 1


async def test_killed_in_a_viber_broadcast_its_readers_are_in_doubt_and_get_nothing_twice(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    settle_in(sandbox, viber=700)
    readers = [Address(Platform.VIBER, reader) for reader in viber_ids(700)]
    await seed(tmp_path, an_article(), due_at=soon(), readers=readers)
    sandbox.faults.add("viber", "late", method="broadcast_message", times=None, delay=30)
    env = environment(sandbox, tmp_path)
    phones = sandbox.viber
    async with Run(env) as first:
        await sandbox.until(lambda: any(count(phones.phone(reader)) for reader in viber_ids(700)))
        first.kill()
        await first.ended()
    had = {reader for reader in viber_ids(700) if count(phones.phone(reader))}
    sandbox.faults.clear()
    async with Run(env) as second:
        # The desk may hear of a channel in doubt first.
        await sandbox.until(lambda: all(count(phones.phone(reader)) for reader in viber_ids(700)))
        await sandbox.until(lambda: said(sandbox.telegram.phone(OWNER), "#1"))
        second.terminate()
        assert await second.ended() == 0

    states, tallies = await outcome(tmp_path)
    tally = tallies["viber"]
    assert {count(phones.phone(reader)) for reader in viber_ids(700)} == {1}
    assert states["viber readers"] == "done"
    assert tally.in_doubt == len(had)
    assert (tally.delivered, tally.waiting) == (700 - len(had), 0)


async def test_a_stop_waits_for_no_request_that_hangs(sandbox: Sandbox, tmp_path: Path) -> None:
    settle_in(sandbox, telegram=30)
    readers = [Address(Platform.TELEGRAM, str(person)) for person in telegram_ids(30)]
    await seed(tmp_path, an_article(), due_at=soon() + timedelta(seconds=1), readers=readers)
    async with Run(environment(sandbox, tmp_path)) as run:
        await run.running()
        sandbox.faults.add("telegram", "late", times=None, delay=60)
        sandbox.faults.add("viber", "late", times=None, delay=60)
        await sandbox.until(lambda: count(sandbox.telegram.phone(CHANNEL)))
        await sandbox.until(lambda: count(sandbox.telegram.phone(telegram_ids(1)[0])))
        began = time.monotonic()
        run.terminate()
        assert await run.ended() == 0
        # The requests hang for a minute; a busy machine takes some of the rest for itself.
        assert time.monotonic() - began < 30

    assert "Traceback" not in run.output
    states, tallies = await outcome(tmp_path)
    tally = tallies["telegram"]
    assert states["main"] == "in_doubt"
    assert tally.in_doubt >= 1
    assert tally.waiting + tally.in_doubt == 30


async def test_killed_in_a_countdown_it_goes_out_once_at_its_time(sandbox: Sandbox, tmp_path: Path) -> None:
    (tmp_path / "newsroom.toml").write_text(NEWSROOM.replace('desk.undo = "0 s"', 'desk.undo = "4 s"'), "utf-8")
    env, phone = environment(sandbox, tmp_path), sandbox.telegram.phone
    async with Run(env) as first:
        await first.running()
        await sandbox.telegram.say(OWNER, f"/queue {ARTICLE}")
        await sandbox.until(lambda: said(phone(OWNER), "#1 · чернетка"))
        await sandbox.telegram.say(OWNER, "/now 1")
        await sandbox.until(lambda: said(phone(OWNER), "⏳ #1 вийде за"))
        first.kill()
        assert await first.ended() == -9
    assert not phone(CHANNEL)

    async with Run(env) as second:
        await second.running()
        await sandbox.until(lambda: count(phone(CHANNEL)) and said(phone(OWNER), "#1 вийшов"))
        second.terminate()
        assert await second.ended() == 0
    assert count(phone(CHANNEL)) == count(sandbox.viber.channel_phone(VIBER_CHANNEL_TOKEN)) == 1
