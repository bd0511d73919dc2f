"""What only asks is answered beside the writer, and changes nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.domain import Address, ChatKind, Incoming, Platform, Run, Said, Sender
from bot.sandbox import Bubble
from tests.conftest import ARTICLE, OWNER, VIBER_READER, Scene

ASKED = ["/latest", "/help", "/whoami", "/mydata", "/list", "/show 1", "/week", "/who 1", "/log", "/history 1"]
ASKED += ["/doubts", "/team"]
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def cards(scene: Scene) -> list[Bubble]:
    return [bubble for bubble in scene.telegram() if "#1 · чернетка" in bubble.text]


async def an_article_is_out(scene: Scene) -> None:
    await scene.says(f"/queue {ARTICLE}", "#1")
    await scene.says("/now 1", "#1")
    await scene.until(scene.channel)


@pytest.mark.parametrize("asked", ASKED)
async def test_whoever_only_asks_is_answered_without_the_writer(scene: Scene, asked: str) -> None:
    await an_article_is_out(scene)
    owner = Address(Platform.TELEGRAM, str(OWNER))
    incoming = Incoming(Sender(owner, "Олена", "uk"), owner, ChatKind.PRIVATE, Said((Run(asked),)), NOW)

    # The reading side can't write: it would raise.
    assert await scene.app.commands.read(scene.app.store.read, incoming, NOW) is not None
    await scene.says(asked, "")


async def test_a_button_under_an_answer_that_only_read_can_be_pressed(scene: Scene) -> None:
    await scene.says(f"/queue {ARTICLE}", "#1")
    await scene.says("/show 1", "#1")
    await scene.until(lambda: len(cards(scene)) == 2)
    card = cards(scene)[-1]

    await scene.presses(card, "🚀 Опублікувати зараз", "#1")
    await scene.until(scene.channel)


async def test_whoever_asks_on_viber_becomes_a_reader_all_the_same(scene: Scene) -> None:
    await scene.says_on_viber("/latest", "Ще нічого не опубліковано", person=VIBER_READER)
    await an_article_is_out(scene)

    await scene.until(lambda: len(scene.viber(VIBER_READER)) == 3)
