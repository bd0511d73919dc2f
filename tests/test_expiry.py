"""When the time of an article is over, what is out of it gets a line, gives way to a stub, or is deleted."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain import Address, Platform
from bot.domain.change import After, Change, ChangeKind, ChangeState
from bot.domain.ledger import DispatchKind, Tally
from bot.newsroom import cases, corrections, halting, proposals, publishing, writing
from bot.newsroom.readiness import read
from bot.sandbox import Bubble
from bot.storage import Queries
from bot.storage.convert import to_ms
from tests.conftest import CHANNEL, VIBER_OWNER, Scene
from tests.helpers.acts import acting
from tests.helpers.changing import RIGHT, everybody_has_it
from tests.helpers.crowd import DESK, HEADLINE, an_article, readers, requests, rows, telegram_ids, viber_ids
from tests.promises.moments import comes_true

OVER = "⌛ Неактуально з"


async def publishes(scene: Scene, after: After | None, *, hours: float = 1) -> None:
    """The newsroom publishes article 1, whose time is over in so many hours."""

    async def work(tx: Queries) -> None:
        desk = await acting(scene.app.newsroom, tx, scene.clock(), DESK)
        situation = await writing.draft(desk, replace(an_article(), after=after))
        await writing.expire(desk, situation, scene.clock() + timedelta(hours=hours))
        await publishing.publish(desk, situation.entry.id)

    await scene.app.store.write(work)
    await everybody_has_it(scene)


async def ended(scene: Scene, number: int = 1) -> Change:
    """Wait until the change by which the article ends is everywhere."""
    await comes_true(scene, f"SELECT 1 FROM change WHERE article_id = {number} AND state = 'done'")
    return (await scene.app.store.read.changes(number))[-1]


async def sums(scene: Scene, change: Change) -> dict[DispatchKind, Tally]:
    carried = await scene.app.store.read.dispatches_of(change)
    return {each.kind: await scene.app.store.read.tally(each) for each in carried if each.channel is None}


async def halts(scene: Scene) -> None:
    async def work(tx: Queries) -> None:
        await halting.halt(await acting(scene.app.newsroom, tx, scene.clock(), DESK))

    await scene.app.store.write(work)


async def goes_on(scene: Scene) -> None:
    async def work(tx: Queries) -> None:
        for each in (DESK, Address(Platform.VIBER, VIBER_OWNER)):
            if await tx.is_halted():
                await halting.resume(await acting(scene.app.newsroom, tx, scene.clock(), each))

    await scene.app.store.write(work)


async def proposes(scene: Scene, *, lead: str = "Ще інше.", out: bool = False) -> None:
    """The owner proposes an update of article 1, or lets it out at once."""

    async def work(tx: Queries) -> None:
        desk = await acting(scene.app.newsroom, tx, scene.clock(), DESK)
        case = await cases.case_for(desk, 1, ChangeKind.UPDATE)
        article = replace(case.article, lead=lead)
        made = await proposals.propose(desk, case, ChangeKind.UPDATE, article, "Додано подробиці про це.")
        if out:
            await corrections.alone(desk, 1, made.change.id)

    await scene.app.store.write(work)


def texts(bubbles: list[Bubble]) -> list[str]:
    return [bubble.text for bubble in bubbles]


@pytest.mark.parametrize(
    ("after", "kind", "method"),
    [
        (After.EDIT, DispatchKind.EDIT, "editMessageText"),
        (After.STUB, DispatchKind.EDIT, "editMessageText"),
        (After.REMOVE, DispatchKind.REMOVAL, "deleteMessage"),
    ],
)
async def test_what_is_out_ends_at_its_time_as_the_desk_wanted(
    scene: Scene, after: After, kind: DispatchKind, method: str
) -> None:
    await readers(scene, telegram=3, viber=2)
    await publishes(scene, after)
    body = an_article().lead

    scene.advance(hours=1.1)
    change = await ended(scene)

    for phone in (scene.channel(), *(scene.sandbox.telegram.phone(person) for person in telegram_ids(3))):
        if after is After.REMOVE:
            assert phone == []
            continue
        (text,) = texts(phone)
        assert text.startswith(OVER) and HEADLINE in text
        assert (body in text) is (after is After.EDIT)
    assert requests(scene, method) == 4
    # Where nothing can be changed it stays.
    assert [body in texts(scene.sandbox.viber.phone(reader))[0] for reader in viber_ids(2)] == [True, True]
    assert await sums(scene, change) == {kind: Tally(3, delivered=3)}
    situation = await scene.app.store.write(lambda tx: _situation(scene, tx))
    assert situation.entry.article.is_withdrawn is (after is not After.EDIT) and situation.dossier.proven.text
    # It is done once, whatever the clock does.
    scene.advance(hours=30)
    await scene.stop()
    await scene.start()
    assert await rows(scene, "SELECT count(*) FROM change") == [(1,)]
    assert requests(scene, method) == 4


async def _situation(scene: Scene, tx: Queries):  # type: ignore[no-untyped-def]
    return await read(await acting(scene.app.newsroom, tx, scene.clock(), DESK), 1)


async def test_copies_that_are_too_old_to_delete_become_stubs_and_are_counted(scene: Scene) -> None:
    await readers(scene, telegram=4)
    gone = telegram_ids(4)[1]
    await publishes(scene, After.REMOVE, hours=49)
    scene.sandbox.faults.add(
        "telegram", "refuse", method="deleteMessage", chat=gone, text="Bad Request: message to delete not found"
    )

    scene.advance(hours=49.1)
    change = await ended(scene)

    for person in telegram_ids(4):
        assert texts(scene.sandbox.telegram.phone(person))[0].startswith(OVER)
    assert texts(scene.channel())[0].startswith(OVER)
    removals = [each for each in await scene.app.store.read.dispatches_of(change) if each.channel is None]
    assert [(each.kind, each.poorer_copies) for each in removals] == [(DispatchKind.REMOVAL, 4)]


async def test_a_copy_that_alone_can_not_be_deleted_alone_becomes_a_stub(scene: Scene) -> None:
    await readers(scene, telegram=5)
    stuck, lost, unsure = (telegram_ids(5)[place] for place in (2, 3, 4))
    await publishes(scene, After.REMOVE)
    refused = "Bad Request: message can't be deleted for everyone"
    scene.sandbox.faults.add("telegram", "refuse", method="deleteMessage", chat=stuck, times=None, text=refused)
    missing = "Bad Request: message to delete not found"
    scene.sandbox.faults.add("telegram", "refuse", method="deleteMessage", chat=lost, text=missing)
    scene.sandbox.faults.add("telegram", "drop_after", method="deleteMessage", chat=unsure)
    scene.sandbox.faults.add("telegram", "drop_after", method="deleteMessage", chat=CHANNEL)

    scene.advance(hours=1.1)
    later = f"not_before > {to_ms(scene.clock())}"
    await comes_true(scene, f"SELECT 1 FROM dispatch WHERE channel = 'main' AND state = 'ready' AND {later}")
    await comes_true(scene, f"SELECT 1 FROM page WHERE state = 'waiting' AND {later}")
    scene.advance(seconds=11)
    change = await ended(scene)

    shown = [len(scene.sandbox.telegram.phone(person)) for person in telegram_ids(5)]
    assert shown == [0, 0, 1, 1, 0] and scene.channel() == []  # one is there although Telegram did not find it
    assert texts(scene.sandbox.telegram.phone(stuck))[0].startswith(OVER)
    assert await sums(scene, change) == {DispatchKind.REMOVAL: Tally(5, delivered=5)}
    assert await rows(scene, "SELECT poorer_copies FROM dispatch WHERE kind = 'removal' AND channel IS NULL") == [(1,)]


async def test_while_all_is_halted_nothing_ends_and_after_it_everything_once(scene: Scene) -> None:
    await readers(scene, telegram=2)
    await publishes(scene, After.STUB)
    await halts(scene)

    scene.advance(hours=2)
    await scene.stop()
    await scene.start()
    assert await rows(scene, "SELECT count(*) FROM change") == [(0,)]
    await goes_on(scene)

    await ended(scene)
    assert [texts(scene.sandbox.telegram.phone(each))[0].startswith(OVER) for each in telegram_ids(2)] == [True] * 2
    assert requests(scene, "editMessageText") == 3


async def test_an_expiry_takes_the_place_of_a_running_correction_and_of_an_open_proposal(scene: Scene) -> None:
    await readers(scene, telegram=2)
    await publishes(scene, After.STUB)
    scene.sandbox.faults.add("telegram", "429", method="editMessageText", chat=CHANNEL, retry_after=7200)
    await proposes(scene, lead=RIGHT, out=True)
    await comes_true(scene, "SELECT 1 FROM dispatch WHERE kind = 'edit' AND channel IS NULL AND state = 'done'")
    await proposes(scene)

    scene.advance(hours=1.1)
    await comes_true(scene, "SELECT 1 FROM change WHERE kind = 'stub' AND state = 'running'")
    scene.advance(hours=2)
    await comes_true(scene, "SELECT 1 FROM change WHERE kind = 'stub' AND state = 'done'")

    before = {each.id: each.state for each in await scene.app.store.read.changes(1)}
    assert [before[number] for number in (1, 2)] == [ChangeState.SUPERSEDED] * 2
    for phone in (scene.channel(), *(scene.sandbox.telegram.phone(person) for person in telegram_ids(2))):
        (text,) = texts(phone)
        assert text.startswith(OVER) and RIGHT not in text
