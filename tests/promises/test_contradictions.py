"""What arrives is true when it arrives: what was settled while it waited is dropped, or told as it is now."""

from __future__ import annotations

import random
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain import Address, Platform
from bot.domain.entry import EntryState
from bot.domain.people import Role
from bot.domain.review import Verdict
from bot.errors import Refused
from bot.newsroom import publishing, review, timing, writing
from bot.newsroom.desk import Desk
from bot.newsroom.readiness import read
from bot.sandbox import Bubble
from tests.conftest import OWNER, READER, VIBER_READER, Scene, a_scene, newsroom_with
from tests.helpers.acts import acting
from tests.helpers.crowd import an_article, said
from tests.promises.moments import Time, comes_true, examples

AUTHOR, WATCHER, OTHER = (
    Address(Platform.TELEGRAM, str(OWNER)),
    Address(Platform.TELEGRAM, str(READER)),
    Address(Platform.VIBER, VIBER_READER),
)
WAITS = "чекає на ваше погодження"
QUIET = """SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM reply WHERE chat = '{chat}')
    AND NOT EXISTS (SELECT 1 FROM notice WHERE told_at IS NULL)
    AND NOT EXISTS (SELECT 1 FROM inbox WHERE done_at IS NULL)
    AND NOT EXISTS (SELECT 1 FROM retelling WHERE since IS NULL)"""
#: A card's first line in Ukrainian: its number and its stage.
CARD = re.compile(r"^#(\d+) · (чернетка|скасовано|опубліковано|відхилено)", re.M)
STATES = {
    "чернетка": EntryState.DRAFT,
    "скасовано": EntryState.CANCELLED,
    "опубліковано": EntryState.PUBLISHED,
    "відхилено": EntryState.REJECTED,
}
Act = Callable[[Desk, int], Awaitable[object]]


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    """Olena writes on Telegram, Maria decides on Viber; Ivan, an editor on Telegram, only reads."""
    async with three_of_the_desk(tmp_path, newsroom_with(approvals=1, undo="0 s")) as running:
        yield running


@pytest.fixture
async def unhurried(tmp_path: Path) -> AsyncIterator[Scene]:
    """The same with one message on Telegram in ten seconds."""
    rules = newsroom_with(approvals=1, undo="0 s")
    paced, found = re.subn(r"(?<=\[pace\.telegram\]\n)per_second = .*", "per_second = 0.1", rules)
    assert found
    async with three_of_the_desk(tmp_path, paced) as running:
        yield running


@asynccontextmanager
async def three_of_the_desk(folder: Path, rules: str) -> AsyncIterator[Scene]:
    (folder / "newsroom.toml").write_text(rules, "utf-8")
    async with a_scene(folder) as running:
        await running.says("/list", "", person=READER)
        now = running.clock()

        async def seat(tx):  # type: ignore[no-untyped-def]
            for address, name in ((WATCHER, "Іван"), (OTHER, "Марія")):
                await tx.add_person(address, name, Role.EDITOR, now, invited_by=None, wait_until=None)

        await running.app.store.write(seat)
        yield running


async def does(scene: Scene, who: Address, act: Act, number: int = 0) -> None:
    """An act of the newsroom; one that can't be done now is not."""
    app = scene.app

    async def work(tx):  # type: ignore[no-untyped-def]
        await act(await acting(app.newsroom, tx, scene.clock(), who), number)

    with suppress(Refused):
        await app.store.write(work)
    await comes_true(scene, "SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM notice WHERE told_at IS NULL)")


async def _submit(desk: Desk, number: int) -> None:
    await review.submit(desk, number)


async def _approve(desk: Desk, number: int) -> None:
    await review.approve(desk, number, (await read(desk, number)).readiness.binding)


async def _send_back(desk: Desk, number: int) -> None:
    await review.decide(desk, number, (await read(desk, number)).readiness.binding, Verdict.CHANGES, "Уточніть назву.")


async def _reject(desk: Desk, number: int) -> None:
    await review.decide(desk, number, (await read(desk, number)).readiness.binding, Verdict.REJECT, "Не наше.")


async def _change(desk: Desk, number: int) -> None:
    entry = (await read(desk, number)).entry
    await writing.edit(desk, number, replace(entry.article, lead=f"{entry.article.lead} Уточнено."))


async def _time(desk: Desk, number: int) -> None:
    await timing.schedule(desk, number, desk.now + timedelta(hours=4))


async def _publish(desk: Desk, number: int) -> None:
    await publishing.publish(desk, number)


async def _cancel(desk: Desk, number: int) -> None:
    await publishing.cancel(desk, number)


async def _draft(desk: Desk, _number: int) -> None:
    await writing.draft(desk, an_article(f"Новина {desk.now.timestamp()}"))


#: Each act with the one who does it; what happens most often stands twice.
ACTS: list[tuple[Address, Act]] = [
    *[(AUTHOR, _submit), (OTHER, _approve)] * 2,
    *[(AUTHOR, _change), (AUTHOR, _time), (AUTHOR, _publish), (AUTHOR, _cancel)],
    *[(OTHER, _send_back), (OTHER, _reject)],
]


def breaks(scene: Scene, fault: str) -> None:
    """Nothing reaches Ivan."""
    scene.sandbox.faults.add("telegram", fault, method="sendMessage", chat=READER, times=None)


async def heals(scene: Scene, time: Time) -> None:
    """Everything that Ivan is owed has arrived."""
    await time.passes(5, step=5)  # a message that was leaving just when the last act came is not meant
    scene.sandbox.faults.clear()
    for _ in range(60):
        await time.passes(5, step=5)
        if await scene.app.store.read.value(QUIET.format(chat=READER)):
            return
    raise AssertionError("something still waits")


@pytest.mark.parametrize("fault", ["drop_before", "502"])
@pytest.mark.parametrize(("who", "act"), [(OTHER, _approve), (AUTHOR, _cancel), (OTHER, _send_back), (OTHER, _reject)])
async def test_a_question_that_was_settled_in_an_outage_is_not_put(
    scene: Scene, fault: str, who: Address, act: Act
) -> None:
    time = Time(scene)
    await does(scene, AUTHOR, _draft)
    breaks(scene, fault)
    await does(scene, AUTHOR, _submit, 1)
    await time.passes(30, step=10)
    await does(scene, who, act, 1)
    await heals(scene, time)

    assert said(scene.telegram(READER), WAITS) == []


async def test_a_question_changed_in_an_outage_is_put_once_as_it_is_now(scene: Scene) -> None:
    time = Time(scene)
    await does(scene, AUTHOR, _draft)
    breaks(scene, "502")
    for act in (_submit, _change, _submit):
        await does(scene, AUTHOR, act, 1)
    await heals(scene, time)

    (question,) = said(scene.telegram(READER), WAITS)
    await scene.presses(question, "✅ Погодити", "#1 погоджено", person=READER)


async def test_a_question_settled_while_visnyk_was_down_is_not_put_after_it(scene: Scene) -> None:
    await does(scene, AUTHOR, _draft)
    breaks(scene, "drop_before")
    await does(scene, AUTHOR, _submit, 1)
    await does(scene, AUTHOR, _cancel, 1)
    await scene.stop()
    scene.sandbox.faults.clear()
    await scene.start()
    scene.advance(seconds=60)
    await comes_true(scene, QUIET.format(chat=READER))

    assert said(scene.telegram(READER), WAITS) == []


async def test_a_question_settled_while_it_waits_for_its_turn_is_not_put(unhurried: Scene) -> None:
    """The answer to Ivan took the last turn on Telegram; the next one comes ten seconds later."""
    scene, time = unhurried, Time(unhurried)
    await does(scene, AUTHOR, _draft)
    await does(scene, AUTHOR, _submit, 1)
    await comes_true(scene, f"SELECT 1 FROM reply WHERE chat = '{READER}' AND started_at IS NOT NULL")
    await does(scene, AUTHOR, _cancel, 1)
    await time.passes(60, step=5)
    await comes_true(scene, QUIET.format(chat=READER))

    assert said(scene.telegram(READER), WAITS) == []


async def test_whatever_the_desk_does_in_an_outage_what_arrives_afterwards_is_true(scene: Scene) -> None:
    """Histories of many acts while nothing reaches Ivan; then everything reaches him, and nothing happens meanwhile."""
    time, dice = Time(scene), random.Random(13)
    questions = 0
    for fault in [dice.choice(["drop_before", "502"]) for _ in range(examples(12))]:
        seen = len(scene.telegram(READER))
        breaks(scene, fault)
        for _ in range(2):
            await does(scene, AUTHOR, _draft)
        newest = int(await scene.app.store.read.value("SELECT max(id) FROM article"))
        for _ in range(10):
            who, act = dice.choice(ACTS)
            await does(scene, who, act, dice.randint(max(1, newest - 3), newest))
        await heals(scene, time)
        arrived = scene.telegram(READER)[seen:]
        questions += len(said(arrived, WAITS))
        assert await contradictions(scene, arrived) == []

    assert questions > 0


async def contradictions(scene: Scene, arrived: list[Bubble]) -> list[str]:
    """What arrived and is not true now: a question that nobody has to answer, a card of another stage."""
    desk, found = await acting(scene.app.newsroom, scene.app.store.read, scene.clock(), WATCHER), []
    for bubble in arrived:
        for match in re.finditer(rf"#(\d+) {WAITS}", bubble.text):
            situation = await read(desk, int(match[1]))
            if situation.asked is None or not situation.readiness.missing:
                found.append(f"{situation.entry.state}: {bubble.text}")
        for match in CARD.finditer(bubble.text):
            state = (await read(desk, int(match[1]))).entry.state
            if state is not STATES[match[2]]:
                found.append(f"{state}: {bubble.text}")
    return found
