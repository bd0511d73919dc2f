"""A database of an earlier version, left in the middle of everything, opens in this one and goes on."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.domain import Address, Button, Platform, Run, Screen, outgoing_to_json
from bot.domain.entry import Reply
from bot.sandbox import Bubble, Sandbox
from bot.storage.schema import migrations
from bot.storage.sqlite.migration import APPLICATION_ID
from tests.conftest import NEWSROOM, OWNER, VIBER_OWNER, Clock, Scene, free_port, hold_no_ballast, people, settings_for
from tests.helpers.crowd import an_article, count, rows, settle_in, telegram_ids
from tests.promises.moments import comes_true

LEFT = Path(__file__).parent / "data" / "schema_14.sql"
#: When its owed answer may leave, five seconds after it was left; and the newsroom.toml that it was left with.
THEN = datetime(2026, 11, 24, 11, 15, 38, tzinfo=UTC)
RULES = NEWSROOM.replace("desk.approvals = 0", "desk.approvals = 1").replace('desk.undo = "0 s"', 'desk.undo = "30 s"')
DOUBTFUL, ON_ITS_WAY, COUNTING, AT_HALF_PAST_SIX = (
    "Школу в Лубнах",
    "Бюджет області",
    "Лікарня отримала",
    "Новий розклад",
)
DESK = Address(Platform.TELEGRAM, str(OWNER))


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    """The same people as then, with new phones: what was shown on the old ones is not there."""
    lay(tmp_path / "visnyk.db")
    (tmp_path / "newsroom.toml").write_text(RULES, "utf-8")
    hold_no_ballast(tmp_path / "visnyk.db")
    clock = Clock()
    clock.at = THEN
    async with Sandbox(now=lambda: clock.at.timestamp()) as sandbox:
        people(sandbox)
        settle_in(sandbox, telegram=41, viber=3)
        sandbox.telegram.add_person(OWNER, name="Олена", language="uk", started=True)
        sandbox.viber.add_person(VIBER_OWNER, name="Олена", language="uk", subscribed=True)
        upgraded = Scene(sandbox, settings_for(sandbox, tmp_path, free_port()), clock)
        await upgraded.start()
        yield upgraded
        await upgraded.stop()


def lay(path: Path) -> None:
    with closing(sqlite3.connect(path)) as file:
        file.executescript(LEFT.read_text("utf-8"))


async def state(scene: Scene, article: int) -> str:
    return str((await rows(scene, f"SELECT state FROM article WHERE id = {article}"))[0][0])


async def buttons(scene: Scene, chat: Address) -> dict[str, str]:
    """Those of this chat that were not pressed: their ids, with what each does."""
    found = await rows(scene, f"SELECT id, action, args FROM button WHERE used_at IS NULL AND chat = '{chat}'")
    return {button_id: f"{action} {args}" for button_id, action, args in found}


async def press_again(scene: Scene, button: str) -> None:
    """Press on Telegram what stood on an old phone: in this sandbox its message has to be sent first."""
    screen = Screen((Run(button),), ((Button("as it was", id=button),),))
    await scene.app.store.write(lambda tx: tx.owe(Reply(DESK, outgoing_to_json(screen)), scene.clock()))
    shown = (await found(scene, button))[0]
    await scene.sandbox.telegram.press(OWNER, shown.message_id, button)


async def found(scene: Scene, text: str) -> list[Bubble]:
    await scene.until(lambda: [bubble for bubble in scene.telegram() if bubble.text == text])
    return [bubble for bubble in scene.telegram() if bubble.text == text]


async def test_nothing_that_waited_is_lost_by_an_upgrade(scene: Scene) -> None:
    phones = scene.sandbox.telegram
    # The answer that was owed, and the news that nobody had been told.
    await scene.until(lambda: any("telegram:1001" in bubble.text for bubble in scene.telegram()))
    await scene.until(lambda: any("#5 " in bubble.text for bubble in scene.viber()))
    await scene.until(lambda: any("#2" in bubble.text and bubble.buttons for bubble in scene.telegram()))
    # The broadcast: whoever was not reserved gets it now; the rest had it, or are in doubt.
    await scene.until(lambda: sum(count(phones.phone(person), ON_ITS_WAY) for person in telegram_ids(40)) == 20)
    # The update that was kept.
    await scene.until(lambda: phones.phone(50_040))
    scene.advance(seconds=25)
    await scene.until(lambda: count(scene.channel(), COUNTING) and count(scene.viber_channel(), COUNTING))
    await scene.until(lambda: all(count(phones.phone(person), COUNTING) for person in telegram_ids(41)))
    scene.advance(hours=5, minutes=14)
    await scene.until(
        lambda: count(scene.channel(), AT_HALF_PAST_SIX) and count(scene.viber_channel(), AT_HALF_PAST_SIX)
    )

    each = [count(phones.phone(person), ON_ITS_WAY) for person in telegram_ids(41)]
    assert each == [0] * 20 + [1] * 20 + [0]
    exceptions = await rows(scene, "SELECT kind, count(*) FROM exception WHERE dispatch_id = 11 GROUP BY kind")
    assert exceptions == [("in_doubt", 19)]
    assert count(scene.channel(), DOUBTFUL) == 0
    assert await rows(scene, "PRAGMA user_version") == [(migrations()[-1][0],)]
    assert await rows(scene, "SELECT id FROM inbox WHERE attempts > 0") == []


async def test_dialogues_that_were_begun_before_an_upgrade_go_on(scene: Scene) -> None:
    await scene.says("headline: Музей відкриє виставку завтра", "Музей відкриє виставку завтра")
    await scene.says_on_viber("Дорогу до Гадяча закрили\n\nРух зупинили через повінь.", "#8")

    assert await rows(scene, "SELECT version FROM article WHERE id = 7") == [(2,)]
    assert await state(scene, 8) == "draft"


async def test_buttons_of_the_time_before_an_upgrade_do_what_they_say(scene: Scene) -> None:
    viber = Address(Platform.VIBER, VIBER_OWNER)
    approve = [each for each, what in (await buttons(scene, viber)).items() if what.startswith("approve")]
    await scene.sandbox.viber.say(VIBER_OWNER, f"#{approve[0]}")
    known = await buttons(scene, DESK)
    chosen = {
        what.split()[0]: each
        for each, what in known.items()
        if what in ('appeared {"dispatch": 5}', 'undo {"article": 6}', 'cancel {"article": 4}')
    }
    for each in chosen.values():
        await press_again(scene, each)

    assert chosen.keys() == {"appeared", "undo", "cancel"}
    await comes_true(scene, "SELECT 1 FROM approval WHERE article_id = 5 AND voided_at IS NULL")
    await comes_true(scene, "SELECT 1 FROM dispatch WHERE id = 5 AND state = 'delivered'")
    await comes_true(scene, "SELECT 1 FROM article WHERE id = 6 AND state = 'submitted'")
    await comes_true(scene, "SELECT 1 FROM article WHERE id = 4 AND state = 'cancelled'")


async def test_no_button_of_the_time_before_an_upgrade_breaks_anything(scene: Scene) -> None:
    known = await buttons(scene, DESK)
    before = (await rows(scene, "SELECT count(*) FROM inbox"))[0][0]

    for number, each in enumerate(known, 1):
        await press_again(scene, each)
        await comes_true(scene, f"SELECT 1 WHERE (SELECT count(done_at) FROM inbox) = {before + number}")

    assert len(known) > 30
    assert await rows(scene, "SELECT error FROM inbox WHERE attempts > 0") == []


async def test_what_was_queued_before_there_was_a_log_goes_out_at_its_time(tmp_path: Path) -> None:
    """And a button of then works, though nobody of the desk had a seat."""
    lay_of_the_third_schema(tmp_path / "visnyk.db")
    hold_no_ballast(tmp_path / "visnyk.db")
    clock = Clock()
    clock.at = THEN
    async with Sandbox(now=lambda: clock.at.timestamp()) as sandbox:
        people(sandbox)
        sandbox.telegram.add_person(OWNER, name="Олена", language="uk", started=True)
        upgraded = Scene(sandbox, settings_for(sandbox, tmp_path, free_port()), clock)
        await upgraded.start()
        await press_again(upgraded, "as-it-was-then")
        await comes_true(upgraded, "SELECT 1 FROM article WHERE id = 2 AND state = 'cancelled'")
        upgraded.advance(minutes=11)
        await upgraded.until(lambda: upgraded.channel() and upgraded.viber_channel())
        assert count(upgraded.channel(), "Стара новина") == 1
        assert not any("⛔" in bubble.text for bubble in upgraded.telegram())
        await upgraded.stop()


def lay_of_the_third_schema(path: Path) -> None:
    """Two articles with a time, by the owner of then."""
    at = int(THEN.timestamp() * 1000)
    content = an_article("Стара новина").to_json()
    with closing(sqlite3.connect(path)) as file, file:
        for _, sql in migrations()[:3]:
            file.executescript(sql)
        file.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        file.execute("PRAGMA user_version = 3")
        for article in (1, 2):
            row = (article, at + 600_000, str(DESK), at, at)
            file.execute("INSERT INTO article VALUES (?, 'queued', 1, ?, NULL, ?, ?, ?)", row)
            sha = hashlib.sha256(content.encode()).hexdigest()
            file.execute("INSERT INTO version VALUES (?, 1, ?, ?, ?, ?)", (article, sha, content, str(DESK), at))
        button = ("as-it-was-then", "cancel", '{"article": 2}', str(DESK), at + 86_400_000)
        file.execute("INSERT INTO button (id, action, args, chat, expires_at) VALUES (?, ?, ?, ?, ?)", button)
