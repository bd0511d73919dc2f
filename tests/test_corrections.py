"""The newsroom's corrections, without the chat: whose yes counts, and what the desk is told of a change."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain import Address, Platform
from bot.domain.attention import Matter
from bot.domain.change import ChangeKind, ChangeState
from bot.domain.news import (
    NEWS,
    ChangeApproved,
    ChangedAlone,
    ChangeDone,
    ChangeSentBack,
    ChangeSubmitted,
)
from bot.domain.people import Role
from bot.newsroom import cases, corrections, halting, proposals, review, writing
from bot.newsroom.cases import Proposal
from bot.storage import Queries
from tests.conftest import Scene
from tests.helpers.acts import acting
from tests.helpers.changing import NOTE, RIGHT, everybody_has_it
from tests.helpers.crowd import DESK, an_article, meet_the_desk, publishes, said
from tests.promises.moments import comes_true

EDITORS = [Address(Platform.TELEGRAM, name) for name in ("901", "902")]


async def seats_editors(scene: Scene) -> None:
    async def seat(tx: Queries) -> None:
        for each in EDITORS:
            await tx.add_person(each, each.id, Role.EDITOR, scene.clock(), invited_by=None, wait_until=None)

    for each in EDITORS:
        scene.sandbox.telegram.add_person(int(each.id), name=each.id, started=True)
    await scene.app.store.write(seat)


async def goes_out(scene: Scene) -> None:
    """The owner publishes article 1 on their own word."""

    async def work(tx: Queries) -> None:
        desk = await acting(scene.app.newsroom, tx, scene.clock(), DESK)
        await review.publish_alone(desk, (await writing.draft(desk, an_article())).entry.id)

    await scene.app.store.write(work)


async def submits(scene: Scene) -> Proposal:
    """The owner proposes a correction of article 1, and puts it to the desk."""

    async def work(tx: Queries) -> Proposal:
        desk = await acting(scene.app.newsroom, tx, scene.clock(), DESK)
        case = await cases.case_for(desk, 1, ChangeKind.CORRECTION)
        article = replace(case.article, lead=RIGHT)
        made = await proposals.propose(desk, case, ChangeKind.CORRECTION, article, NOTE)
        return await corrections.submit(desk, 1, made.change.id)

    return await scene.app.store.write(work)


async def approves(scene: Scene, proposal: Proposal, editor: Address) -> Proposal:
    async def work(tx: Queries) -> Proposal:
        desk = await acting(scene.app.newsroom, tx, scene.clock(), editor)
        return await corrections.approve(desk, 1, proposal.change.id, proposal.binding)

    return await scene.app.store.write(work)


async def state_of(scene: Scene, proposal: Proposal) -> ChangeState:
    change = await scene.app.store.read.change(proposal.change.id)
    assert change is not None
    return change.state


@pytest.mark.newsroom(approvals=2)
async def test_an_editor_who_approves_a_change_twice_counts_once(scene: Scene) -> None:
    await goes_out(scene)
    await seats_editors(scene)
    proposal = await submits(scene)

    assert [(await approves(scene, proposal, EDITORS[0])).missing for _ in range(2)] == [1, 1]
    assert await state_of(scene, proposal) is ChangeState.SUBMITTED
    assert (await approves(scene, proposal, EDITORS[1])).missing == 0
    assert await state_of(scene, proposal) is ChangeState.RUNNING


@pytest.mark.newsroom(approvals=2)
async def test_a_change_waits_for_each_whose_yes_is_missing_and_for_nobody_else(scene: Scene) -> None:
    await goes_out(scene)
    await seats_editors(scene)
    proposal = await submits(scene)
    await approves(scene, proposal, EDITORS[0])

    async def waits_for(address: Address) -> list[int]:
        desk = await acting(scene.app.newsroom, scene.app.store.read, scene.clock(), address)
        return [each.change.id for each in await cases.waiting(desk, desk.me, 9)]

    assert [await waits_for(each) for each in (DESK, *EDITORS)] == [[], [], [proposal.change.id]]


@pytest.mark.newsroom(approvals=1)
@pytest.mark.parametrize(
    ("kind", "rings"),
    [
        (ChangeKind.CHECKING, True),
        (ChangeKind.CORRECTION, True),
        (ChangeKind.RETRACTION, True),
        (ChangeKind.TYPO, False),
        (ChangeKind.UPDATE, False),
        (ChangeKind.CLARIFICATION, False),
    ],
)
async def test_of_changes_on_one_word_only_the_urgent_ring_like_alarms(
    scene: Scene, kind: ChangeKind, *, rings: bool
) -> None:
    await goes_out(scene)

    async def work(tx: Queries) -> None:
        desk = await acting(scene.app.newsroom, tx, scene.clock(), DESK)
        case = await cases.case_for(desk, 1, kind)
        article = replace(case.article, lead=RIGHT)
        await corrections.let_out_alone(desk, await proposals.propose(desk, case, kind, article, NOTE))

    await scene.app.store.write(work)

    rows = await scene.app.store.read.all("SELECT kind FROM notice WHERE kind LIKE 'changed_%'")
    assert [NEWS[row["kind"]].matter is Matter.ALARM for row in rows] == [rings]


async def test_in_spite_of_a_halt_only_what_an_owner_named_leaves_until_the_next_halt(scene: Scene) -> None:
    await goes_out(scene)
    await everybody_has_it(scene)

    async def can_leave(tx: Queries) -> bool:
        return await tx.has_ready_channels(Platform.TELEGRAM, scene.clock())

    async def work(tx: Queries) -> None:
        desk = await acting(scene.app.newsroom, tx, scene.clock(), DESK)
        await halting.halt(desk)
        case = await cases.case_for(desk, 1, ChangeKind.RETRACTION)
        made = await proposals.propose(desk, case, ChangeKind.RETRACTION, proposals.stub_of(case.article), NOTE)
        change = (await corrections.let_out_alone(desk, made)).change
        assert not await can_leave(tx)
        for forged in (1, 99):
            await tx.run("UPDATE change SET in_spite = :entry", {"entry": forged})
            assert not await can_leave(tx)
        await corrections.leave_in_spite(desk, 1, change.id)
        assert await can_leave(tx)
        await halting.halt(desk)
        assert not await can_leave(tx)
        await corrections.leave_in_spite(desk, 1, change.id)

    await scene.app.store.write(work)

    await scene.until(lambda: NOTE in scene.channel()[0].text)
    assert await scene.app.store.read.is_halted()


async def test_a_halt_asks_the_owners_about_a_retraction_on_its_way(scene: Scene) -> None:
    await goes_out(scene)

    async def work(tx: Queries) -> None:
        desk = await acting(scene.app.newsroom, tx, scene.clock(), DESK)
        case = await cases.case_for(desk, 1, ChangeKind.RETRACTION)
        made = await proposals.propose(desk, case, ChangeKind.RETRACTION, proposals.stub_of(case.article), NOTE)
        await corrections.let_out_alone(desk, made)
        await halting.halt(desk)

    await scene.app.store.write(work)

    rows = await scene.app.store.read.all("SELECT args FROM notice WHERE kind = 'halt_holds_up'")
    assert len(rows) == 1


async def test_news_of_a_change_that_is_no_longer_kept_is_settled_without_a_word(scene: Scene) -> None:
    await meet_the_desk(scene)
    await publishes(scene, an_article())
    await scene.until(lambda: said(scene.telegram(), "#1"))
    before = len(scene.telegram())
    told = (ChangeSubmitted, ChangedAlone, ChangeApproved, ChangeSentBack)

    async def announce(tx: Queries) -> None:
        for each in (*(kind(1, 99, 0, "Ivan") for kind in told), ChangeDone(1, 99)):
            await tx.announce(each, scene.clock())

    await scene.app.store.write(announce)
    await comes_true(scene, "SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM notice WHERE told_at IS NULL)")

    answer = await scene.says("/list", "Черга порожня")

    assert [bubble.text for bubble in scene.telegram()[before:]] == [answer.text]
