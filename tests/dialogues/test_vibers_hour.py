"""Viber's hour: somebody who answers nothing gets twenty messages at the most, and what matters is among them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain import Run, Screen, outgoing_to_json
from bot.domain.entry import Reply
from bot.domain.patience import Urge
from bot.domain.people import Role
from tests.conftest import Scene, a_scene
from tests.dialogues.conftest import VIBER, Chat
from tests.promises.moments import comes_true

LEFT_OUT = "🔕 You haven’t answered for a while, so I am not sending you everything. Messages left out so far: {n}."
HALTED = "{person} halted everything: nothing is being sent. To continue: /resume"
MOST = 20


@pytest.fixture
async def maria(tmp_path: Path, language: str) -> AsyncIterator[Chat]:
    """An editor on Viber who has said a word, and then sleeps."""
    async with a_scene(tmp_path) as scene:
        chat, now = Chat(scene, VIBER, language, reader=True).arrives(), scene.clock()
        await scene.app.store.write(
            lambda tx: tx.add_person(chat.address, "Maria", Role.EDITOR, now, invited_by=None, wait_until=None)
        )
        await chat.asks("/list", "The queue is empty. Add an article: /queue")
        yield chat


async def tells(maria: Chat, urge: Urge, times: int) -> None:
    """Something that nobody asked for is owed to her so many times."""
    scene: Scene = maria.scene

    async def owe(tx):  # type: ignore[no-untyped-def]
        for number in range(times):
            body = outgoing_to_json(Screen((Run(f"{urge.name} {number}"),)))
            await tx.owe(Reply(maria.address, body, for_desk=True, urge=urge), scene.clock())

    await scene.app.store.write(owe)


async def test_whoever_answers_nothing_gets_twenty_an_hour_and_the_alarm(maria: Chat) -> None:
    scene, before = maria.scene, len(maria.heard())
    await tells(maria, Urge.NEWS, 15)
    await maria.sees(LEFT_OUT)
    await tells(maria, Urge.MUST, 12)
    await maria.hears("MUST 3")
    await scene.says("/halt", "")
    await maria.sees(HALTED)
    unanswered = len(maria.heard()) - before
    await maria.says("/list", "")
    await maria.hears("MUST 11")
    await comes_true(scene, "SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM unsaid)")

    assert unanswered <= MOST
    assert sum(maria.reads(bubble, LEFT_OUT) for bubble in maria.heard()) == 1
