"""Viber's hour: somebody who answers nothing gets twenty messages at the most, and what matters is among them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain import Address, Platform
from bot.domain.people import Role
from bot.newsroom import review, writing
from bot.newsroom.desk import Desk
from bot.newsroom.readiness import read
from tests.conftest import Scene, a_scene, newsroom_with
from tests.dialogues.conftest import VIBER, Chat
from tests.helpers.acts import acting
from tests.helpers.crowd import DESK, an_article
from tests.promises.moments import comes_true

LEFT_OUT = "🔕 You haven’t answered for a while, so I am not sending you everything. Messages left out so far: {n}."
HALTED = "{person} halted everything: nothing is being sent. To continue: /resume"
OTHER = Address(Platform.TELEGRAM, "1004")
#: All that could leave by now has left.
RESTS = """SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM notice WHERE told_at IS NULL)
    AND NOT EXISTS (SELECT 1 FROM retelling WHERE since IS NULL)
    AND NOT EXISTS (SELECT 1 FROM reply AS owed WHERE platform = 'viber' AND (started_at IS NOT NULL
        OR not_before <= {now}
        AND NOT EXISTS (SELECT 1 FROM reply AS earlier WHERE earlier.chat = owed.chat AND earlier.id < owed.id)))"""
MOST = 20


@pytest.fixture
async def maria(tmp_path: Path, language: str) -> AsyncIterator[Chat]:
    """An editor on Viber who has said a word, and then sleeps."""
    (tmp_path / "newsroom.toml").write_text(newsroom_with(approvals=1), "utf-8")
    async with a_scene(tmp_path) as scene:
        chat, now = Chat(scene, VIBER, language, reader=True).arrives(), scene.clock()

        async def seat(tx):  # type: ignore[no-untyped-def]
            for address, name in ((chat.address, "Maria"), (OTHER, "Taras")):
                await tx.add_person(address, name, Role.EDITOR, now, invited_by=None, wait_until=None)

        await scene.app.store.write(seat)
        await chat.asks("/list", "The queue is empty. Add an article: /queue")
        yield chat


async def an_article_is_asked_about_and_approved(scene: Scene) -> None:
    """By others, without a word of Maria's: she is asked, and then told."""
    app = scene.app

    async def ask(tx):  # type: ignore[no-untyped-def]
        desk = await acting(app.newsroom, tx, scene.clock(), DESK)
        number = (await writing.draft(desk, an_article(f"News of {scene.clock():%H:%M:%S}"))).entry.id
        await review.submit(desk, number)
        return number

    async def approve(tx):  # type: ignore[no-untyped-def]
        desk: Desk = await acting(app.newsroom, tx, scene.clock(), OTHER)
        await review.approve(desk, number, (await read(desk, number)).readiness.binding)

    number = await app.store.write(ask)
    await rests(scene)
    scene.advance(seconds=30)
    await app.store.write(approve)
    await rests(scene)
    scene.advance(seconds=30)


async def rests(scene: Scene) -> None:
    await comes_true(scene, RESTS.format(now=int(scene.clock().timestamp() * 1000)))


async def test_whoever_answers_nothing_gets_twenty_an_hour_and_the_alarm(maria: Chat) -> None:
    scene, before = maria.scene, len(maria.heard())
    for _ in range(12):
        await an_article_is_asked_about_and_approved(scene)
    await maria.sees(LEFT_OUT)
    await scene.says("/halt", "")
    await maria.sees(HALTED)

    unanswered = len(maria.heard()) - before
    await maria.says("/list", "#1")
    await rests(scene)

    assert unanswered <= MOST
    assert await scene.app.store.read.unsaid(maria.address) == 0
    assert sum(maria.reads(bubble, LEFT_OUT) for bubble in maria.heard()) == 1
