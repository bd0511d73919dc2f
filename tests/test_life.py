"""Every stage of an article's life × everything that can be done to it, said or pressed in the chat."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.commands.table import BY_NAME
from bot.domain import Platform
from bot.domain.life import ALLOWED, Act, Stage
from bot.domain.people import Role
from bot.errors import Refused
from bot.newsroom import review
from bot.newsroom.refusals import BECAUSE, BETTER, why_not
from bot.storage import Queries
from tests.helpers.acts import acting
from tests.helpers.authority import Desk, a_desk, addresses
from tests.helpers.stages import PRESSED, SAID, in_stage

#: Written down here once more, from what a newsroom expects and not from the code.
MAY = {
    Stage.DRAFT: "edit submit time now urgent pace cancel",
    Stage.SUBMITTED: "edit submit tick approve ask_changes later reject time now urgent pace cancel",
    Stage.APPROVED: "edit submit tick approve ask_changes reject time now urgent pace cancel",
    Stage.QUEUED: "edit submit tick approve ask_changes later reject time now urgent pace cancel pause swap go_out",
    Stage.HELD: "edit submit tick approve ask_changes later reject time now urgent pace cancel go_on",
    Stage.COUNTING: "undo cancel go_out",
    Stage.PUBLISHING: "look_back undo go_further let_go_on stop_sending",
    Stage.PUBLISHED: "look_back go_further let_go_on",
    Stage.REJECTED: "edit",
    Stage.CANCELLED: "edit",
}


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with a_desk(tmp_path) as made:
        yield made


async def test_in_each_stage_the_chat_takes_what_is_possible_and_says_why_not_else(desk: Desk) -> None:
    refusals = {text.format(id=1) for text in [*BECAUSE.values(), *BETTER.values()]}
    for stage in Stage:
        for act in [act for act in Act if act in SAID or act in PRESSED]:
            outcome = await desk.tries(Platform.TELEGRAM, b"", prepare=in_stage(desk, stage, act))
            refused = bool(refusals.intersection(outcome.answers))
            # Who says /pause of a paused one lets it go on, and who says /undo of a cancelled one takes it back.
            may = act in MAY[stage].split() or (stage, act) in {
                (Stage.HELD, Act.PAUSE),
                (Stage.CANCELLED, Act.UNDO),
            }

            assert outcome.answers, (stage, act)
            assert refused is not may, (stage, act, outcome)
            found = any(said in outcome.answers[0] for said in (" asks the desk; approval", "has all its approvals"))
            assert outcome.changed is may or (may and found), (stage, act, outcome)


def test_the_table_of_the_code_is_the_one_above() -> None:
    assert {stage: " ".join(sorted(acts)) for stage, acts in ALLOWED.items()} == {
        stage: " ".join(sorted(acts.split())) for stage, acts in MAY.items()
    }


@pytest.mark.parametrize("stage", Stage)
def test_a_stage_says_something_about_everything_that_it_refuses(stage: Stage) -> None:
    for act in set(Act) - ALLOWED[stage]:
        assert "#12" in why_not(act, stage).format(id=12)


async def test_who_sent_it_out_alone_is_not_who_looks_back_at_it(desk: Desk) -> None:
    app, now = desk.scene.app, desk.scene.clock()

    async def work(tx: Queries) -> None:
        chief = await acting(app.newsroom, tx, now, addresses("owner")[0])
        await review.publish_alone(chief, 1)
        asked = await tx.open_review(1)
        assert asked is not None
        await review.look_back(chief, 1, asked.binding)

    with pytest.raises(Refused, match="You sent #"):
        await app.store.write(work)


def test_a_reporter_is_told_of_no_command_of_the_editors_as_if_it_were_theirs() -> None:
    for stage in Stage:
        for act in {Act.EDIT, Act.SUBMIT} - ALLOWED[stage]:
            text = why_not(act, stage)
            named = [BY_NAME[name].role for name in re.findall(r"/(\w+)", text)]
            assert {*named} <= {None, Role.REPORTER} or "editor" in text, text
