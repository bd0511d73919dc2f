"""A time near the one that was approved: an approver may give it without a second round, and nobody else."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.conftest import NEWSROOM
from tests.dialogues.conftest import TELEGRAM, VIBER, TwoOfADesk, opened
from tests.helpers.crowd import rows

TWO = NEWSROOM.replace("desk.approvals = 0", "desk.approvals = 1")
QUEUED = "#{id} is queued ✓ It goes out {when}."
UNAPPROVED = "#{id} is set for {when}. It goes out only if it is approved for that time."


async def is_approved_for(two: TwoOfADesk, time: str) -> None:
    await two.author.drafts()
    await two.author.asks(f"/at 1 {time}", UNAPPROVED, id=1)
    await two.submits()
    await two.other.asks("/approve 1", "#{id} is approved.", id=1)


@pytest.mark.parametrize(("platform", "language"), [(TELEGRAM, "uk"), (VIBER, "en")])
async def test_an_approver_moves_an_article_within_the_slack_of_what_was_approved(
    tmp_path: Path, platform: str, language: str
) -> None:
    async with opened(TwoOfADesk, tmp_path, TWO, platform, language) as two:
        await is_approved_for(two, "16:00")
        await two.other.asks("/at 1 17:15", QUEUED, id=1)
        # Two hours from what was approved, not from where it stands.
        await two.other.asks("/at 1 18:00", QUEUED, id=1)
        two.scene.advance(hours=5)
        await two.scene.until(lambda: two.scene.channel() and two.scene.viber_channel())
        assert len(await rows(two.scene, "SELECT id FROM approval WHERE voided_at IS NULL")) == 1


async def test_a_time_said_as_a_span_is_bound_as_the_store_keeps_it(tmp_path: Path) -> None:
    """The instant has microseconds, which no row keeps."""
    async with opened(TwoOfADesk, tmp_path, TWO, TELEGRAM, "uk") as two:
        two.scene.clock.at += timedelta(microseconds=123_456)
        await is_approved_for(two, "16:00")
        await two.other.asks("/at 1 через 2 год", QUEUED, id=1)
        await two.other.says("/list", "#1")
        assert "не погоджено" not in two.other.heard()[-1].text
        two.scene.advance(hours=2)
        await two.scene.until(lambda: two.scene.channel() and two.scene.viber_channel())


async def test_beyond_the_slack_the_desk_is_asked_again(tmp_path: Path) -> None:
    async with opened(TwoOfADesk, tmp_path, TWO, TELEGRAM, "uk") as two:
        await is_approved_for(two, "16:00")
        await two.other.asks("/at 1 17:30", QUEUED, id=1)
        await two.other.asks("/at 1 18:30", UNAPPROVED, id=1)
        two.scene.advance(hours=6)
        await two.other.hears("його не погодили")
        assert not two.scene.channel()


async def test_the_author_moves_nothing_that_somebody_approved(tmp_path: Path) -> None:
    async with opened(TwoOfADesk, tmp_path, TWO, TELEGRAM, "uk") as two:
        await is_approved_for(two, "16:00")
        await two.author.asks("/at 1 16:10", UNAPPROVED, id=1)


async def test_without_slack_every_time_is_asked_about(tmp_path: Path) -> None:
    async with opened(
        TwoOfADesk,
        tmp_path,
        TWO.replace("desk.approvals = 1", 'desk.approvals = 1\ndesk.slack = "0 s"'),
        TELEGRAM,
        "uk",
    ) as two:
        await is_approved_for(two, "16:00")
        await two.other.asks("/at 1 16:10", UNAPPROVED, id=1)


async def test_what_was_approved_to_go_out_at_once_may_get_a_time_of_the_next_hours(tmp_path: Path) -> None:
    async with opened(TwoOfADesk, tmp_path, TWO, TELEGRAM, "uk") as two:
        await two.author.drafts()
        await two.submits()
        await two.other.pushes("✅ Approve", "#{id} is approved.", id=1)
        await two.other.asks("/at 1 14:30", QUEUED, id=1)
        two.scene.advance(minutes=91)
        await two.scene.until(lambda: two.scene.channel() and two.scene.viber_channel())
