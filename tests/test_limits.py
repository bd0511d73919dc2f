"""Whatever leaves asks the limits first, and no limit holds up more than the platform means."""

from __future__ import annotations

from pathlib import Path

from bot.sandbox.phones import Request
from tests.conftest import ARTICLE, NEWSROOM, OWNER, VIBER_READER, Scene, a_scene
from tests.helpers.crowd import (
    DESK,
    an_article,
    count,
    meet_the_desk,
    publishes,
    readers,
    states,
    tallies,
    telegram_ids,
    viber_ids,
)
from tests.promises.moments import Time, comes_true


def asked(scene: Scene, method: str) -> list[Request]:
    return [request for request in scene.sandbox.requests if request.method == method]


async def test_broadcasts_that_viber_sends_away_hold_up_neither_answers_nor_the_channel(scene: Scene) -> None:
    await meet_the_desk(scene)
    await readers(scene, viber=400)
    passing = Time(scene)
    scene.sandbox.faults.add("viber", "429", method="broadcast_message", times=6)
    await publishes(scene, an_article())
    # Sent away that often in a row, the next ones wait for seconds.
    while sum("12" in request.error for request in asked(scene, "broadcast_message")) < 6:
        await passing.passes(1, step=1)
    before = len(asked(scene, "broadcast_message"))
    await scene.says_on_viber("/list", "")
    await scene.until(lambda: count(scene.viber_channel()))
    assert len(asked(scene, "broadcast_message")) == before

    while (await states(scene))["viber readers"] != "done":
        await passing.passes(5, step=5)
    assert [count(scene.sandbox.viber.phone(reader)) for reader in viber_ids(400)] == [1] * 400
    assert (await tallies(scene))["viber"].delivered == 400


async def test_a_broadcast_that_viber_takes_ends_the_row_of_those_that_it_did_not(scene: Scene) -> None:
    await readers(scene, viber=2)
    passing = Time(scene)
    # The second time in small steps: a busy machine must not see a wait where there is only work.
    for article, times, step in ((1, 6, 1.0), (2, 1, 0.1)):
        scene.sandbox.faults.add("viber", "429", method="broadcast_message", times=times)
        await publishes(scene, an_article())
        begun = passing.ahead
        while (await states(scene, article))["viber readers"] != "done":
            await passing.passes(step, step=step)

    assert passing.ahead - begun < 10


async def test_a_broadcast_that_waits_for_its_turn_at_a_halt_does_not_leave(tmp_path: Path) -> None:
    slow = NEWSROOM.replace("per_second = 100\n", "per_second = 1\n")
    assert slow != NEWSROOM
    (tmp_path / "newsroom.toml").write_text(slow, encoding="utf-8")
    async with a_scene(tmp_path) as scene:
        await readers(scene, viber=700)
        passing = Time(scene)
        await publishes(scene, an_article())
        while (await tallies(scene))["viber"].delivered != 1:
            await passing.rests()
        await scene.app.store.write(lambda tx: tx.halt(DESK, scene.clock()))
        before = len(asked(scene, "broadcast_message"))
        await passing.passes(5, step=1)

        assert len(asked(scene, "broadcast_message")) == before
        assert (await tallies(scene))["viber"].in_doubt == 0
        await scene.app.store.write(lambda tx: tx.end_halt())
        while (await states(scene))["viber readers"] != "done":
            await passing.passes(1, step=1)
        assert [count(scene.sandbox.viber.phone(reader)) for reader in viber_ids(700)] == [1] * 700


async def test_who_had_too_many_messages_is_answered_as_soon_as_they_write(scene: Scene) -> None:
    await scene.says_on_viber("/start", "", person=VIBER_READER)
    scene.sandbox.faults.add("viber", "429", method="send_message", chat=VIBER_READER)
    await scene.sandbox.viber.say(VIBER_READER, "/help")
    await comes_true(scene, f"SELECT 1 FROM reply WHERE not_before > {int(scene.clock().timestamp() * 1000)}")
    before = len(scene.viber(VIBER_READER))

    await scene.sandbox.viber.say(VIBER_READER, "/latest")
    await scene.until(lambda: len(scene.viber(VIBER_READER)) == before + 2)
    await comes_true(scene, "SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM reply)")


async def test_a_reader_past_vibers_limit_is_answered_on_writing_also_after_a_restart(scene: Scene) -> None:
    await scene.says_on_viber("/start", "", person=VIBER_READER)
    scene.sandbox.faults.add("viber", "429", method="send_message", chat=VIBER_READER, times=2)
    await scene.sandbox.viber.say(VIBER_READER, "/help")
    await comes_true(scene, f"SELECT 1 FROM reply WHERE not_before > {int(scene.clock().timestamp() * 1000)}")
    before = len(scene.viber(VIBER_READER))
    await scene.stop()
    await scene.start()
    await scene.until(lambda: len([each for each in asked(scene, "send_message") if "12" in each.error]) == 2)

    await scene.sandbox.viber.say(VIBER_READER, "/latest")
    await scene.until(lambda: len(scene.viber(VIBER_READER)) == before + 2)
    await comes_true(scene, "SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM reply)")


async def test_how_far_a_sending_is_waits_where_the_chat_must_wait(tmp_path: Path) -> None:
    slow = NEWSROOM.replace("per_second = 1000", "per_second = 2").replace(
        "desk.approvals = 0", 'desk.approvals = 0\ndesk.progress_from = "1 s"'
    )
    (tmp_path / "newsroom.toml").write_text(slow, encoding="utf-8")
    async with a_scene(tmp_path) as scene:
        await meet_the_desk(scene)
        await readers(scene, telegram=3)
        scene.sandbox.faults.add("telegram", "429", chat=telegram_ids(3)[1], retry_after=600)
        await publishes(scene, an_article())
        await scene.until(lambda: [b for b in scene.telegram() if "#1 розсилаємо" in b.text])
        scene.sandbox.faults.add("telegram", "429", chat=OWNER, method="editMessageText", retry_after=60)
        await comes_true(scene, "SELECT 1 FROM progress WHERE message_id > 0")
        scene.advance(seconds=3)
        await scene.until(lambda: [r for r in asked(scene, "editMessageText") if r.status == 429])
        to_owner = len([r for r in scene.sandbox.requests if r.chat == str(OWNER)])

        # Neither an edit nor an answer, until the time is over.
        await scene.sandbox.telegram.say(OWNER, "/list")
        await scene.says_on_viber("/list", "")
        scene.advance(seconds=30)
        await scene.says_on_viber("/whoami", "")
        assert len([r for r in scene.sandbox.requests if r.chat == str(OWNER)]) == to_owner
        scene.advance(seconds=31)
        await scene.until(lambda: len([r for r in scene.sandbox.requests if r.chat == str(OWNER)]) > to_owner)


async def test_while_the_platform_wants_nothing_of_the_bot_nothing_at_all_is_sent(scene: Scene) -> None:
    """Not even what it does not count, like the answer to a pressed button."""
    card = await scene.says(f"/queue {ARTICLE}", "чернетка")
    await readers(scene, telegram=3)
    for person in telegram_ids(3):
        scene.sandbox.faults.add("telegram", "429", chat=person, retry_after=600)
    await publishes(scene, an_article())
    await scene.until(lambda: sum(request.status == 429 for request in scene.sandbox.requests) == 3)
    before = len(scene.sandbox.requests)

    await scene.sandbox.telegram.press(OWNER, card.message_id, "✖️ Скасувати")
    await comes_true(scene, "SELECT 1 FROM article WHERE id = 1 AND state = 'cancelled'")
    await scene.says_on_viber("/list", "")
    assert not [r for r in list(scene.sandbox.requests)[before:] if r.platform == "telegram"]
