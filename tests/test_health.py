"""What an operator's watchman sees: whether the house does all that it must, and how old what waits is."""

from __future__ import annotations

import asyncio
import re

import pytest

from bot.storage import Queries
from bot.worker import FAILURES, Worker
from tests.conftest import Scene
from tests.helpers.crowd import an_article, publishes, queues, readers, telegram_ids
from tests.helpers.doors import look
from tests.promises.moments import Time, comes_true


async def run(scene: Scene, sql: str) -> None:
    """Past everybody: nobody is told that something changed."""

    async def work(tx: Queries) -> None:
        await tx.run(sql)

    await scene.app.store.write(work)


def milliseconds(scene: Scene, ago: float) -> int:
    return int((scene.clock().timestamp() - ago) * 1000)


async def ends(name: str) -> None:
    """The duty of this name ends, as no duty should."""
    (duty,) = [task for task in asyncio.all_tasks() if task.get_name() == name]
    duty.cancel()
    await asyncio.gather(duty, return_exceptions=True)


async def test_a_duty_that_failed_ten_times_in_a_row_makes_us_not_ready(scene: Scene) -> None:
    time = Time(scene)
    await run(scene, "ALTER TABLE edit_shown RENAME TO hidden")
    failed = re.compile(r"not done: .*show-edits \(failed \d\d times in a row\)")
    status, told = 200, ""
    for _ in range(6 * FAILURES):  # a busy machine leaves some of its turns out
        await time.passes(1.1, step=1.1)
        status, told = await look(scene, "/readyz")
        if failed.search(told):
            break
    assert (status, failed.search(told) is not None) == (503, True), told

    await run(scene, "ALTER TABLE hidden RENAME TO edit_shown")
    for _ in range(30):
        await time.passes(5, step=5)
        status, told = await look(scene, "/readyz")
        if status == 200:
            break
    assert status == 200, told


async def test_a_worker_that_ended_makes_us_not_ready(scene: Scene) -> None:
    await ends("remind")

    status, said = await look(scene, "/readyz")

    assert (status, said.splitlines()[0]) == (503, "not done: remind (it ended)")


@pytest.mark.parametrize(
    ("what", "sql"),
    [
        ("updates", "INSERT INTO inbox (platform, key, body, received_at) VALUES ('telegram', 'x', x'7b7d', {then})"),
        (
            "replies on viber",
            "INSERT INTO reply (platform, chat, body, created_at, not_before, lane) "
            "VALUES ('viber', 'somebody', '{{}}', {then}, {then}, 0)",
        ),
    ],
)
async def test_what_waits_and_does_not_move_makes_us_not_ready(scene: Scene, what: str, sql: str) -> None:
    await queues(scene, an_article(), hours=5)
    await run(scene, sql.format(then=milliseconds(scene, ago=301)))

    status, said = await look(scene, "/readyz")

    assert (status, said.splitlines()[0]) == (503, f"does not move: {what} (for 301 s)")


async def test_how_long_an_article_waits_that_nobody_looks_at_is_shown(scene: Scene) -> None:
    await queues(scene, an_article(), hours=5)
    await ends("publish")  # the only one that would hold it: another alarm may wake all the duties at any time
    await run(scene, f"UPDATE article SET due_at = {milliseconds(scene, ago=301)} WHERE id = 1")

    status, said = await look(scene, "/readyz")

    assert status == 503
    assert "oldest of articles: 301 s" in said.splitlines()


async def test_what_waits_for_a_platform_that_is_held_keeps_us_ready(scene: Scene) -> None:
    await readers(scene, telegram=3)
    for person in telegram_ids(3):
        scene.sandbox.faults.add("telegram", "429", chat=person, retry_after=3600)
    await publishes(scene, an_article())
    await comes_true(scene, "SELECT 1 FROM hold")
    then = milliseconds(scene, ago=400)
    await run(
        scene,
        "INSERT INTO reply (platform, chat, body, created_at, not_before, lane) "
        f"VALUES ('telegram', '7007', '{{}}', {then}, {then}, 0)",
    )

    status, said = await look(scene, "/readyz")
    _, metrics = await look(scene, "/metrics")

    assert status == 200
    assert "telegram is held for 3" in said
    assert re.search(r'visnyk_held_seconds\{account="telegram"\} 3[56]\d\d\.', metrics)
    assert 'visnyk_oldest_seconds{what="replies on telegram"} 400.0' in metrics


async def test_the_figures_tell_the_health_of_each_worker(scene: Scene) -> None:
    _, metrics = await look(scene, "/metrics")

    for worker in ("publish", "tell-desk", "inbox", "courier-telegram", "replies-viber", "pulse", "line-telegram"):
        assert f'visnyk_worker_failures{{worker="{worker}"}} 0.0' in metrics
        assert f'visnyk_worker_good_seconds{{worker="{worker}"}}' in metrics
    assert 'visnyk_oldest_seconds{what="updates"} 0.0' in metrics


async def test_a_worker_that_rests_is_well_and_one_that_fails_is_not() -> None:
    failing = True

    async def step() -> float | None:
        if failing:
            raise RuntimeError
        return None

    worker = Worker("some", step)
    worker.start()
    for _ in range(FAILURES):
        worker.wake()
        await asyncio.sleep(0)
    await asyncio.sleep(0.01)
    assert worker.failures >= 1
    failing = False
    worker.wake()
    await asyncio.sleep(0.01)

    assert (worker.failures, worker.is_ill) == (0, False)
    await worker.cancel()
    assert not worker.is_dead
