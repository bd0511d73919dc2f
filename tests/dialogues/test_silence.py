"""Who said /stop is not sent to, whatever happens in the app afterwards."""

from __future__ import annotations

from bot.domain import Address, Platform
from bot.domain.entry import ReaderState
from tests.conftest import READER, Scene


async def test_stop_outlives_a_block_and_an_unblock(scene: Scene) -> None:
    chat = Address(Platform.TELEGRAM, str(READER))
    await scene.says("/start", "підписалися", person=READER)
    await scene.says("/stop", "/старт", person=READER)
    await scene.sandbox.telegram.block(READER)
    await scene.sandbox.telegram.unblock(READER)
    await scene.says("/help", "/останні", person=READER)

    assert await scene.app.store.read.reader_state(chat) is ReaderState.MUTED
    await scene.says("/start", "підписалися", person=READER)
