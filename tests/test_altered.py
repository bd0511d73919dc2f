"""Nothing is sent by a house whose audit log was altered: the next act or start finds it, and the desk is told."""

from __future__ import annotations

import asyncio
import random
import sqlite3
from functools import partial
from pathlib import Path

import pytest

from bot.errors import LogAltered
from bot.storage import open_store, verify_audit
from tests.conftest import OWNER, READER, TELEGRAM_TOKEN, Scene
from tests.helpers.altering import SIGNS, alter
from tests.helpers.crowd import an_article, queues, rows, said
from tests.helpers.groups import GROUP
from tests.trials.audit import ATTACKS, CONSISTENT, Attack, lift_a_guard, write_log

TOLD = "Хтось підробив журнал дій"


pytestmark = pytest.mark.newsroom(groups=[str(GROUP)])


@pytest.fixture
async def scene(scene: Scene) -> Scene:
    """Both owners have written to the bot; an article is due in ten minutes."""
    scene.sandbox.telegram.add_group(GROUP, title="Редакція")
    scene.sandbox.telegram.set_admin(GROUP, TELEGRAM_TOKEN)
    await scene.says("/list", "")
    await scene.says_on_viber("/list", "")
    await queues(scene, an_article(), minutes=10)
    return scene


SIGNED = "UPDATE audit SET actor = '{}' WHERE id = {}"


@pytest.mark.parametrize("sign", SIGNS)
async def test_the_next_act_finds_it_and_nothing_leaves_any_more(scene: Scene, sign: str) -> None:
    await asyncio.to_thread(alter, scene.settings.database_path, lambda db: db.execute(SIGNS[sign]))
    await scene.says("/at 1 13:20", "Цього не зроблено")

    await scene.until(lambda: said(scene.telegram(), TOLD) and said(scene.viber(), TOLD))
    await scene.until(lambda: said(scene.sandbox.telegram.phone(GROUP), TOLD))
    scene.advance(minutes=10)
    await scene.says("/show 1", "у черзі · сьогодні о 13:10")
    assert not scene.channel() and not scene.viber_channel()


@pytest.mark.parametrize("attack", CONSISTENT)
async def test_a_log_that_is_written_anew_while_it_runs_is_found_too(scene: Scene, attack: Attack) -> None:
    """It is sound in itself, and would deceive the command without a posted head."""
    for minute in range(20, 30):
        await scene.says(f"/at 1 13:{minute}", f"13:{minute}")
    path = scene.settings.database_path
    await asyncio.to_thread(alter, path, lambda db: attack(db, random.Random(4), 14))
    assert verify_audit(path).fault is None

    await scene.says("/at 1 13:40", "Цього не зроблено")
    await scene.until(lambda: said(scene.telegram(), TOLD))


async def test_an_altered_log_is_found_when_an_article_is_due(scene: Scene) -> None:
    await asyncio.to_thread(alter, scene.settings.database_path, lambda db: db.execute(SIGNS["another content"]))
    scene.advance(minutes=10)

    await scene.until(lambda: said(scene.telegram(), TOLD))
    assert not scene.channel()


async def test_a_start_looks_further_back_and_tells_once(scene: Scene) -> None:
    for minute in range(20, 40):
        await scene.says(f"/at 1 13:{minute}", f"13:{minute}")
    await scene.stop()
    await asyncio.to_thread(alter, scene.settings.database_path, lambda db: db.execute(SIGNED.format("person:9", 5)))
    await scene.start()
    await scene.until(lambda: said(scene.telegram(), f"{TOLD} (запис 5)"))
    await scene.stop()
    await scene.start()
    scene.advance(minutes=40)
    await scene.says("/list", "#1")

    assert len(said(scene.telegram(), TOLD)) == 1
    assert not scene.channel()


async def test_two_people_can_not_talk_it_away_but_a_sound_log_goes_on(scene: Scene) -> None:
    await scene.stop()
    await asyncio.to_thread(alter, scene.settings.database_path, lambda db: db.execute(SIGNED.format("person:9", 1)))
    await scene.start()
    await scene.until(lambda: said(scene.viber(), TOLD))
    await scene.says("/resume", "Цього не зроблено")
    await scene.says_on_viber("/resume", "Цього не зроблено")
    assert await rows(scene, "SELECT person FROM halt") == [("system",)]

    await scene.stop()
    await asyncio.to_thread(alter, scene.settings.database_path, lambda db: db.execute(SIGNED.format("system", 1)))
    await scene.start()
    await scene.says("/resume", "ще хтось")
    await scene.says_on_viber("/resume", "триває")
    scene.advance(minutes=10)
    await scene.until(scene.channel)


async def test_a_wish_to_go_on_from_before_it_was_found_counts_no_more(scene: Scene) -> None:
    await scene.says("/halt", "Усе зупинено: жодна")
    await scene.says("/resume", "ще хтось")
    path = scene.settings.database_path
    for signed in ("person:9", "system"):  # found at the first start, and mended before the second
        await scene.stop()
        await asyncio.to_thread(alter, path, partial(_sign, signed))
        await scene.start()
    await scene.until(lambda: said(scene.viber(), TOLD))

    await scene.says_on_viber("/resume", "ще хтось")
    await scene.says("/resume", "триває")


def _sign(actor: str, db: sqlite3.Connection) -> None:
    db.execute(SIGNED.format(actor, 1))


async def test_strangers_do_not_learn_of_an_altered_log(scene: Scene) -> None:
    await asyncio.to_thread(alter, scene.settings.database_path, lambda db: db.execute(SIGNS["another actor"]))
    card = await scene.says("/show 1", "у черзі")
    await scene.sandbox.telegram.press(READER, card.message_id, "✖️ Скасувати", chat=OWNER)
    await scene.until(lambda: said(scene.telegram(), TOLD))

    await scene.says("/latest", "", person=READER)
    assert not said(scene.telegram(READER), "журнал")


@pytest.mark.parametrize("attack", [each for each in ATTACKS if each is not lift_a_guard])
async def test_the_look_at_the_end_finds_all_that_the_command_finds_there(tmp_path: Path, attack: Attack) -> None:
    path = tmp_path / "visnyk.db"
    await write_log(path, 20)
    await asyncio.to_thread(alter, path, lambda db: attack(db, random.Random(4), 20))
    store = await open_store(path)
    with pytest.raises(LogAltered):
        await store.write(lambda tx: tx.check_audit_end(100))
    await store.close()
