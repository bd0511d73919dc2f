"""Who goes first, who waits for whom, and what the platform's limits cost: seen on the phones."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import pairwise
from pathlib import Path

import pytest

from bot.delivery.windows import FEWEST
from bot.domain import Address, Platform
from bot.domain.change import ChangeKind, Tell
from bot.domain.ledger import Position
from bot.domain.people import Actor
from bot.newsroom import aftermath, publishing, timing, writing
from bot.newsroom.desk import Desk
from bot.sandbox import Sandbox
from bot.sandbox.faults import Pace
from bot.storage import Queries
from tests.conftest import ARTICLE, CHANNEL, NEWSROOM, OWNER, Clock, Scene, a_scene, free_port, people, settings_for
from tests.helpers.acts import acting
from tests.helpers.changing import changes, everybody_has_it
from tests.helpers.critic import a_critical_scene
from tests.helpers.crowd import (
    DESK,
    an_article,
    count,
    finished,
    meet_the_desk,
    publishes,
    readers,
    rows,
    said,
    states,
    tallies,
    telegram_ids,
    viber_ids,
)
from tests.promises.moments import Time, comes_true

#: As a newsroom has it.
SLOW = "per_second = 25\nchat_per_second = 1\ngroup_per_minute = 20\n"
TESTS_PACE = "per_second = 1000\nchat_per_second = 1000\ngroup_per_minute = 1000\n"


class CountingPace(Pace):
    """Also counts what would be paid for, and what was refused."""

    def __init__(self) -> None:
        super().__init__()
        self.paid = self.refused = 0

    def telegram(self, token: str, chat: str, units: int = 1, *, paid: bool = False) -> int:
        wait = super().telegram(token, chat, units, paid=paid)
        self.paid += paid and not wait
        self.refused += bool(wait)
        return wait


def paced(folder: Path, pace: str) -> None:
    assert TESTS_PACE in NEWSROOM
    (folder / "newsroom.toml").write_text(NEWSROOM.replace(TESTS_PACE, pace), encoding="utf-8")


@pytest.fixture
async def slow(tmp_path: Path) -> AsyncIterator[Scene]:
    """At the pace that Telegram allows, and strictly so."""
    paced(tmp_path, SLOW)
    clock = Clock()
    async with Sandbox(now=lambda: clock.at.timestamp()) as sandbox:
        people(sandbox)
        sandbox.pace = CountingPace()
        sandbox.pace.strict()
        scene = Scene(sandbox, settings_for(sandbox, tmp_path, free_port()), clock)
        await scene.start()
        try:
            yield scene
        finally:
            await scene.stop()


@pytest.mark.alone
async def test_edits_use_what_the_pace_leaves_them_and_nothing_is_sent_away(slow: Scene) -> None:
    await readers(slow, telegram=60)
    await publishes(slow, an_article())
    await everybody_has_it(slow)

    begun = time.monotonic()
    await changes(slow, an_article("Нова назва"), kind=ChangeKind.TYPO, tell=Tell.NOBODY)
    await comes_true(slow, "SELECT 1 FROM dispatch WHERE kind = 'edit' AND channel IS NULL AND state = 'done'")
    took = time.monotonic() - begun

    assert got(slow, "Нова назва", 60) == 60
    assert isinstance(slow.sandbox.pace, CountingPace)
    assert slow.sandbox.pace.refused == 0
    assert took <= 60 / 25 * 1.3


def got(scene: Scene, headline: str, people: int) -> int:
    return sum(count(scene.sandbox.telegram.phone(person), headline) for person in telegram_ids(people))


def refused(scene: Scene) -> int:
    assert isinstance(scene.sandbox.pace, CountingPace)
    return scene.sandbox.pace.refused


async def reserved(scene: Scene, article: int) -> int:
    """Readers of Telegram who may have it already, or not, if the bot were killed now."""
    store = scene.app.store
    (dispatch,) = [d for d in await store.read.dispatches(article) if d.channel is None and d.platform == "telegram"]
    pages = await rows(scene, f"SELECT number FROM page WHERE dispatch_id = {dispatch.id}")
    return sum([(await store.read.page(dispatch.id, number)).count(Position.RESERVED) for (number,) in pages])


@pytest.mark.alone
async def test_an_urgent_article_overtakes_a_running_broadcast_between_two_messages(slow: Scene) -> None:
    """In two pages of one broadcast everything that may be under way is under way."""
    await readers(slow, telegram=600)
    (ordinary,) = await publishes(slow, an_article("Звичайна"))
    await slow.until(lambda: got(slow, "Звичайна", 30) >= 10)
    before = got(slow, "Звичайна", 600)

    (urgent,) = await publishes(slow, an_article("Термінова", urgent=True))
    await slow.until(lambda: got(slow, "Термінова", 600))
    at_first = got(slow, "Звичайна", 600)
    await slow.until(lambda: got(slow, "Термінова", 600) >= 40)
    later = got(slow, "Звичайна", 600)

    # Half a second at 25/s, and what was on the wire.
    assert at_first - before <= 12
    assert later - at_first <= 4
    # What makes room is free again in the store too: a crash would put nobody of it in doubt.
    assert await reserved(slow, ordinary) == 0
    assert await reserved(slow, urgent) > 0
    assert refused(slow) == 0


async def test_after_a_halt_nothing_leaves_but_what_was_on_the_wire(slow: Scene) -> None:
    """However much had been reserved: that is free again, in the store too."""
    await readers(slow, telegram=600)
    (article,) = await publishes(slow, an_article())
    await slow.until(lambda: got(slow, "Міст", 600) >= 10)
    app = slow.app
    assert await reserved(slow, article) > 50
    before = got(slow, "Міст", 600)
    await app.store.write(lambda tx: tx.halt(DESK, slow.clock()))
    async with asyncio.timeout(60):
        while await reserved(slow, article):
            await slow.until(lambda: True)

    after = got(slow, "Міст", 600)
    assert after - before <= 16
    assert (await tallies(slow, article))["telegram"].delivered == after
    await app.store.write(lambda tx: tx.end_halt())
    await slow.until(lambda: got(slow, "Міст", 600) > after)


async def test_at_a_slow_pace_no_more_than_two_windows_are_reserved_also_where_a_page_ends(tmp_path: Path) -> None:
    """After a power cut no more are in doubt than docs/promises.md says."""
    paced(tmp_path, "per_second = 300\nchat_per_second = 1000\ngroup_per_minute = 1000\n")
    async with a_scene(tmp_path) as scene:
        await readers(scene, telegram=1100)
        (article,) = await publishes(scene, an_article())
        most = 0
        while (await states(scene, article))["telegram readers"] != "done":
            most = max(most, await reserved(scene, article))

        assert FEWEST < most <= 2 * FEWEST
        assert got(scene, "Міст", 1100) == 1100


@pytest.mark.alone
async def test_late_answers_on_two_pages_hold_up_nobody_else(tmp_path: Path) -> None:
    paced(tmp_path, "per_second = 300\nparallel = 64\nchat_per_second = 1000\ngroup_per_minute = 1000\n")
    async with a_scene(tmp_path) as scene:
        await readers(scene, telegram=900)
        people = telegram_ids(900)
        # At the end of one page and at the beginning of the next.
        late = [*people[440:500:2], *people[520:580:2]]
        for person in late:
            scene.sandbox.faults.add("telegram", "late", chat=person, delay=12)
        await publishes(scene, an_article())
        others = [person for person in people if person not in late]
        await scene.sandbox.until(
            lambda: all(count(scene.sandbox.telegram.phone(person)) for person in others), timeout=11
        )

        assert scene.sandbox.in_flight >= len(late), "nobody has waited for those answers"
        await scene.sandbox.until(lambda: scene.sandbox.in_flight < len(late), timeout=15)
        await finished(scene)
        assert [count(scene.sandbox.telegram.phone(person)) for person in people] == [1] * 900


async def test_who_unsubscribes_in_the_middle_of_a_page_does_not_get_it_any_more(tmp_path: Path) -> None:
    paced(tmp_path, "per_second = 150\nchat_per_second = 1000\ngroup_per_minute = 1000\n")
    async with a_scene(tmp_path) as scene:
        await readers(scene, telegram=450)
        people = telegram_ids(450)
        await publishes(scene, an_article())
        await scene.until(lambda: got(scene, "Міст", 450) >= 10)
        await scene.sandbox.telegram.say(people[440], "/stop")
        await scene.sandbox.telegram.block(people[441])
        await finished(scene)

        phones = [count(scene.sandbox.telegram.phone(person)) for person in people]
        assert phones == [1] * 440 + [0, 0] + [1] * 8
        asked = {r.chat for r in scene.sandbox.requests if r.status == 403}
        assert str(people[441]) not in asked
        tally = (await tallies(scene))["telegram"]
        assert (tally.delivered, tally.gone) == (448, 2)


async def test_rejections_with_deliveries_in_between_are_not_in_a_row_however_late(
    scene: Scene,
) -> None:
    await readers(scene, telegram=600)
    people = telegram_ids(600)
    for person in people[3::4]:
        scene.sandbox.faults.add("telegram", "refuse", chat=person, text="Bad Request: not for this one")
    await publishes(scene, an_article())
    await scene.until(lambda: got(scene, "Міст", 600) >= 100)
    async with while_nothing_is_written(scene):
        await Time(scene).rests()
    await finished(scene)

    tally = (await tallies(scene))["telegram"]
    assert (tally.delivered, tally.failed) == (450, 150)


async def test_who_unsubscribes_in_the_commit_that_reserves_them_does_not_get_it(slow: Scene) -> None:
    await readers(slow, telegram=600)
    people = telegram_ids(600)
    (article,) = await publishes(slow, an_article())
    await slow.until(lambda: got(slow, "Міст", 600) >= 10)
    store = slow.app.store

    async def leave(tx: Queries) -> None:
        for person in people:
            await tx.reader_left(Address(Platform.TELEGRAM, str(person)), slow.clock())

    async with while_nothing_is_written(slow):
        begun = got(slow, "Міст", 600)
        await slow.until(lambda: got(slow, "Міст", 600) >= begun + 30)
        known = (await tallies(slow, article))["telegram"].delivered + await reserved(slow, article)
        leaving = asyncio.create_task(store.write(leave))
        await asyncio.sleep(0)
    await leaving
    await finished(slow)

    assert got(slow, "Міст", 600) == known


@asynccontextmanager
async def while_nothing_is_written(scene: Scene) -> AsyncIterator[None]:
    """What comes to be written inside of this is committed together, at its end."""
    store = scene.app.store
    free = asyncio.Event()
    busy = asyncio.create_task(store.write(lambda _: free.wait()))
    await asyncio.sleep(0.1)
    yield
    free.set()
    await busy


async def test_nobody_stays_reserved_while_the_platform_wants_nothing_of_the_bot(tmp_path: Path) -> None:
    """A reader who unsubscribes meanwhile no longer gets it, and a power cut puts nobody in doubt."""
    paced(tmp_path, "per_second = 150\nchat_per_second = 1000\ngroup_per_minute = 1000\n")
    async with a_scene(tmp_path) as scene:
        await readers(scene, telegram=300)
        people = telegram_ids(300)
        for person in people[60:90]:
            scene.sandbox.faults.add("telegram", "429", chat=person, retry_after=5)
        (article,) = await publishes(scene, an_article())
        await scene.until(lambda: got(scene, "Міст", 300) >= 60)
        async with asyncio.timeout(3):
            while await reserved(scene, article):
                await scene.until(lambda: True)
        await scene.sandbox.telegram.say(people[95], "/stop")
        scene.sandbox.faults.clear()
        scene.advance(seconds=6)
        await scene.sandbox.until(lambda: got(scene, "Міст", 300) >= 299, timeout=20)
        await finished(scene)

        assert [count(scene.sandbox.telegram.phone(person)) for person in people] == [1] * 95 + [0] + [1] * 204


async def test_a_post_that_is_claimed_in_the_commit_of_a_halt_does_not_leave(scene: Scene) -> None:
    scene.sandbox.faults.add("telegram", "429", chat=CHANNEL, retry_after=60)
    await publishes(scene, an_article())
    waits = "SELECT 1 FROM dispatch WHERE channel = 'main' AND attempts > 0 AND state = 'ready'"
    await comes_true(scene, waits)
    async with halted_with_what_waits(scene):
        scene.advance(seconds=61)
        await asyncio.sleep(0.3)
    await comes_true(scene, f"{waits} AND attempts = 2")

    assert count(scene.channel()) == 0
    await scene.app.store.write(lambda tx: tx.end_halt())
    await scene.until(lambda: count(scene.channel()) == 1)


async def test_readers_who_are_reserved_in_the_commit_of_a_halt_are_not_sent_to(slow: Scene) -> None:
    await readers(slow, telegram=600)
    (article,) = await publishes(slow, an_article())
    await slow.until(lambda: got(slow, "Міст", 600) >= 10)
    async with halted_with_what_waits(slow):
        # A quarter of a window has come back by then: its record waits, together with the next reservation.
        begun = got(slow, "Міст", 600)
        await slow.until(lambda: got(slow, "Міст", 600) >= begun + 30)
    before = got(slow, "Міст", 600)
    async with asyncio.timeout(60):
        while await reserved(slow, article):
            await slow.until(lambda: True)

    assert got(slow, "Міст", 600) - before <= 16
    await slow.app.store.write(lambda tx: tx.end_halt())
    await slow.until(lambda: got(slow, "Міст", 600) >= before + 100)


async def test_a_broadcast_that_is_reserved_in_the_commit_of_a_halt_does_not_leave(scene: Scene) -> None:
    await readers(scene, viber=300)
    scene.sandbox.faults.add("viber", "late", method="broadcast_message", delay=0.3)
    await publishes(scene, an_article())
    phones = scene.sandbox.viber
    await scene.until(lambda: any(count(phones.phone(reader)) for reader in viber_ids(300)))
    async with halted_with_what_waits(scene):
        await Time(scene).rests()
    await Time(scene).rests()

    assert sum(count(phones.phone(reader)) for reader in viber_ids(300)) == 1
    await scene.app.store.write(lambda tx: tx.end_halt())
    await scene.until(lambda: all(count(phones.phone(reader)) == 1 for reader in viber_ids(300)))


@asynccontextmanager
async def halted_with_what_waits(scene: Scene) -> AsyncIterator[None]:
    """What comes to be written inside of this is committed together with a halt, and before it."""
    store = scene.app.store
    async with while_nothing_is_written(scene):
        yield
        halt = asyncio.create_task(store.write(lambda tx: tx.halt(DESK, scene.clock())))
        await asyncio.sleep(0)
    await halt


async def test_a_post_that_waits_for_its_turn_at_a_halt_does_not_leave(slow: Scene) -> None:
    await publishes(slow, an_article("Перша"), an_article("Друга"))
    second = "SELECT 1 FROM dispatch WHERE article_id = 2 AND channel = 'main' AND state "
    await comes_true(slow, f"{second} = 'sending'")
    await slow.app.store.write(lambda tx: tx.halt(DESK, slow.clock()))
    await comes_true(slow, f"{second} <> 'sending'")

    assert [count(slow.channel(), headline) for headline in ("Перша", "Друга")] == [1, 0]


async def test_what_was_overtaken_goes_on_and_reaches_everybody_once(scene: Scene) -> None:
    await readers(scene, telegram=600)
    await publishes(scene, an_article("Звичайна"))
    await scene.until(lambda: got(scene, "Звичайна", 600))
    for number in range(2):
        await publishes(scene, an_article(f"Термінова {number}", urgent=True))
        await scene.until(lambda number=number: got(scene, f"Термінова {number}", 600) > 100)  # type: ignore[misc]
    for article in range(1, 4):
        await finished(scene, article)

    for headline in ("Звичайна", "Термінова 0", "Термінова 1"):
        phones = [count(scene.sandbox.telegram.phone(person), headline) for person in telegram_ids(600)]
        assert phones == [1] * 600
    for article in range(1, 4):
        tally = (await tallies(scene, article))["telegram"]
        assert (tally.delivered, tally.in_doubt, tally.waiting) == (600, 0, 0)


@pytest.mark.alone
@pytest.mark.parametrize("urgent", [False, True])
async def test_the_desk_is_answered_while_a_broadcast_takes_every_turn(slow: Scene, urgent: bool) -> None:
    await readers(slow, telegram=600)
    await publishes(slow, an_article(urgent=urgent))
    await slow.until(lambda: got(slow, "Міст", 30) >= 10)
    before = got(slow, "Міст", 600)
    for command in ("/list", "/whoami", "/doubts"):
        await slow.says(command, "")

    # At one message a second in the desk's chat, the third answer is due two seconds after the first.
    assert got(slow, "Міст", 600) - before <= 25 * 3.5
    assert refused(slow) == 0


async def test_telegrams_limits_are_kept_by_everything_together(slow: Scene) -> None:
    await readers(slow, telegram=40)
    await publishes(slow, an_article("Перша"), an_article("Друга"))
    await slow.says("/list", "")
    await slow.says("/whoami", "")
    await slow.until(lambda: got(slow, "Перша", 40) == got(slow, "Друга", 40) == 40)
    await slow.until(lambda: count(slow.channel(), "Друга"))

    assert refused(slow) == 0
    assert [count(slow.channel(), headline) for headline in ("Перша", "Друга")] == [1, 1]


async def test_a_chat_that_must_wait_waits_for_everything_and_alone(scene: Scene) -> None:
    await meet_the_desk(scene)
    await readers(scene, telegram=3)
    late = telegram_ids(3)[1]
    scene.sandbox.faults.add("telegram", "429", chat=late, retry_after=30)
    await publishes(scene, an_article("Перша"))
    await scene.until(lambda: [r for r in scene.sandbox.requests if r.chat == str(late)])
    await publishes(scene, an_article("Друга"))
    await scene.sandbox.telegram.say(late, "/help")
    await scene.until(lambda: got(scene, "Друга", 3) == 2)
    await scene.says("/list", "")
    assert len([r for r in scene.sandbox.requests if r.chat == str(late)]) == 1

    scene.advance(seconds=31)
    await finished(scene, 1)
    await finished(scene, 2)
    await scene.until(lambda: len(scene.sandbox.telegram.phone(late)) >= 4)
    assert [count(scene.sandbox.telegram.phone(late), text) for text in ("Перша", "Друга")] == [1, 1]


async def test_several_chats_that_must_wait_stop_the_bot_until_the_longest_is_over(scene: Scene) -> None:
    await meet_the_desk(scene)
    await readers(scene, telegram=1000)
    # Enough that nothing is taken between the first three, in whatever order the answers come: one may ask for less.
    for place, person in enumerate(telegram_ids(1000)[300:340]):
        scene.sandbox.faults.add("telegram", "429", chat=person, retry_after=1 if place == 1 else 30)
    await publishes(scene, an_article())
    await scene.until(lambda: sum(r.status == 429 for r in scene.sandbox.requests) >= 3)
    passing = Time(scene)
    await passing.rests()
    banned_at = max(r.at for r in scene.sandbox.requests if r.status == 429)
    await scene.says("/list", "")
    # Those who are refused after the ban have a wait of their own.
    while (await states(scene))["telegram readers"] != "done":
        await passing.passes(1, step=1)

    at = sorted(r.at for r in scene.sandbox.requests if r.method.startswith("send") and r.at > banned_at - 0.05)
    # What was on the wire when the third answer came is answered; the next leaves when the ban is over. The rest of its
    # thirty seconds is what the machine may take for the steps.
    assert max(after - before for before, after in pairwise(at)) >= 15
    assert got(scene, "Міст", 1000) == 1000


async def test_what_the_platform_wanted_of_the_bot_holds_over_a_restart(scene: Scene) -> None:
    await readers(scene, telegram=300)
    for person in telegram_ids(300)[100:140]:
        scene.sandbox.faults.add("telegram", "429", chat=person, retry_after=30)
    await publishes(scene, an_article())
    await scene.until(lambda: sum(r.status == 429 for r in scene.sandbox.requests) >= 3)
    passing = Time(scene)
    await passing.rests()
    await scene.stop()
    before = got(scene, "Міст", 300)
    refused = sum(r.status == 429 for r in scene.sandbox.requests)
    assert before < 300

    await scene.start()
    await passing.passes(25, step=5)
    assert got(scene, "Міст", 300) == before
    assert sum(r.status == 429 for r in scene.sandbox.requests) == refused
    while (await states(scene))["telegram readers"] != "done":
        await passing.passes(5, step=1)
    assert got(scene, "Міст", 300) == 300


async def test_a_platform_that_is_down_leaves_the_other_one_alone(scene: Scene) -> None:
    await meet_the_desk(scene)
    await readers(scene, telegram=50, viber=50)
    scene.sandbox.faults.add("viber", "502", times=None)
    await publishes(scene, an_article())
    await scene.until(lambda: said(scene.telegram(), "). Нічого не втрачено"))

    assert got(scene, "Міст", 50) == 50
    assert (await states(scene))["telegram readers"] == "done"
    assert len(said(scene.telegram(), "). Нічого не втрачено")) == 1


async def put_off(scene: Scene) -> None:
    """Some reply is to be tried again, and the store knows."""
    now = int(scene.clock().timestamp() * 1000)
    async with asyncio.timeout(60):
        while not await rows(scene, f"SELECT 1 FROM reply WHERE not_before > {now}"):
            pass


def unheard(scene: Scene) -> int:
    return sum(r.chat == str(OWNER) and r.status == 0 for r in scene.sandbox.requests)


async def test_a_question_that_may_not_have_arrived_is_put_again(scene: Scene) -> None:
    await meet_the_desk(scene)
    scene.sandbox.faults.add("telegram", "drop_after", chat=CHANNEL)
    scene.sandbox.faults.add("telegram", "drop_before", chat=OWNER, method="sendMessage", times=2)
    await publishes(scene, an_article())
    for lost in (1, 2):
        await scene.until(lambda lost=lost: unheard(scene) == lost)  # type: ignore[misc]
        await put_off(scene)
        scene.advance(seconds=61)
    await scene.until(lambda: [b for b in scene.telegram() if len(b.buttons) == 1 and len(b.buttons[0]) == 2])


async def test_a_reader_whose_message_was_rejected_gets_it_when_the_desk_tries_again(tmp_path: Path) -> None:
    async with a_critical_scene(tmp_path, "telegram", b"critic") as (scene, critic):
        await meet_the_desk(scene)
        await readers(scene, telegram=3, viber=1)
        await publishes(scene, an_article("critic critic"))
        await finished(scene)
        assert got(scene, "critic", 3) == 0
        tally = (await tallies(scene))["telegram"]
        assert (tally.failed, tally.waiting) == (1, 2)

        critic.words = b""
        app = scene.app
        (dispatch,) = [d for d in await app.store.read.dispatches(1) if d.channel is None and d.platform == "telegram"]
        await app.store.write(
            lambda tx: aftermath.retry(Desk(app.newsroom, tx, scene.clock(), Actor(DESK)), dispatch.id)
        )
        await finished(scene)
        assert [count(scene.sandbox.telegram.phone(person), "critic") for person in telegram_ids(3)] == [1, 1, 1]
        assert count(scene.sandbox.viber.phone(viber_ids(1)[0]), "critic") == 1


@pytest.mark.alone
async def test_paid_messages_go_above_the_free_rate_and_only_those_are_paid_for(tmp_path: Path) -> None:
    paced(tmp_path, "per_second = 10\npaid = true\n")
    clock = Clock()
    async with Sandbox(now=lambda: clock.at.timestamp()) as sandbox:
        people(sandbox)
        sandbox.pace = pace = CountingPace()
        pace.strict(telegram_per_second=10)
        scene = Scene(sandbox, settings_for(sandbox, tmp_path, free_port()), clock)
        await scene.start()
        try:
            await readers(scene, telegram=400)
            newsroom = scene.app.newsroom

            async def publish(tx: Queries) -> None:
                desk = await acting(newsroom, tx, scene.clock(), DESK)
                for paid, headline in ((False, "Вільна"), (True, "Платна")):
                    entry = (await writing.draft(desk, an_article(headline))).entry
                    if paid:
                        await timing.set_pace(desk, entry.id, paid=True)
                    await publishing.publish(desk, entry.id)

            await scene.app.store.write(publish)
            await scene.says("/list", "")
            await finished(scene, 2)
            assert got(scene, "Платна", 400) == 400
            assert pace.refused == 0
            # Those of the other article go on at the free rate, which both share.
            assert 300 < pace.paid <= 400
            assert got(scene, "Вільна", 400) < 200
        finally:
            await scene.stop()


async def test_whoever_wants_to_pay_for_an_article_sees_the_price_and_says_so(tmp_path: Path) -> None:
    paced(tmp_path, "per_second = 25\nchat_per_second = 1000\npaid = true\n")
    async with a_scene(tmp_path) as scene:
        await readers(scene, telegram=300)
        card = await scene.says(f"/queue {ARTICLE}", "зірок")
        assert "Безплатний темп" in card.text
        assert "близько 30 зірок" in card.text
        await scene.presses(card, "⭐ Платно: 30 зірок", "#1 піде до читачів у платному темпі.")
        await scene.stop()
        await scene.start()
        card = await scene.says("/show 1", "⭐ Платний темп")
        assert "близько 30 зірок" in card.text
        await scene.presses(card, "Безплатний темп", "#1 піде до читачів у безплатному темпі.")
        assert "⭐ Платний темп" not in (await scene.says("/show 1", "#1 ")).text


async def test_without_paid_broadcast_there_is_no_price(scene: Scene) -> None:
    await readers(scene, telegram=300)
    assert "зір" not in (await scene.says(f"/queue {ARTICLE}", "#1")).text


async def test_a_balance_without_stars_costs_time_and_nobodys_article(tmp_path: Path) -> None:
    paced(tmp_path, "per_second = 100\nchat_per_second = 100\npaid = true\n")
    async with a_critical_scene(tmp_path, "telegram", b"allow_paid_broadcast=true") as (scene, critic):
        await meet_the_desk(scene)
        await readers(scene, telegram=100)
        newsroom = scene.app.newsroom

        async def publish(tx: Queries) -> None:
            desk = await acting(newsroom, tx, scene.clock(), DESK)
            entry = (await writing.draft(desk, an_article())).entry
            await timing.set_pace(desk, entry.id, paid=True)
            await publishing.publish(desk, entry.id)

        await scene.app.store.write(publish)
        await finished(scene)

        assert [count(scene.sandbox.telegram.phone(person)) for person in telegram_ids(100)] == [1] * 100
        assert critic.refused >= 1
        await scene.until(lambda: said(scene.telegram(), "платних повідомлень"))
        assert (await states(scene))["telegram readers"] == "done"
