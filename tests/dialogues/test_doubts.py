"""A post of which nobody knows whether it appeared: the desk looks and decides, once."""

from __future__ import annotations

import pytest

from tests.conftest import CHANNEL
from tests.dialogues.conftest import Chat
from tests.helpers.catalogue import written

MAIN = written("{platform}, channel “{title}”", platform="Telegram", title="Вісник")
UNKNOWN = written("We don't know whether the post appeared: {channel}, #{id}", channel=MAIN, id=1)
THERE = written("✅ It's there"), written("Noted: #{id} is in the channel.", id=1)
AGAIN = written("🔁 Post again"), written("#{id} is posted again.", id=1)
NO_DOUBTS = written("All clear: we know of every channel post")
SETTLED = written("That is already settled. /doubts shows what is still open.")


@pytest.mark.parametrize(("fault", "answer"), [("drop_after", THERE), ("drop_before", AGAIN)])
async def test_the_desk_looks_into_the_channel_and_settles_the_doubt(
    desk: Chat, fault: str, answer: tuple[dict[str, str], dict[str, str]]
) -> None:
    await desk.drafts()
    desk.scene.sandbox.faults.add("telegram", fault, method="sendMessage", chat=CHANNEL)
    await desk.says("/now 1", "#1")
    await desk.hears(UNKNOWN[desk.language])

    await desk.says("/doubts", UNKNOWN[desk.language])
    await desk.presses(*(text[desk.language] for text in answer))

    await desk.scene.until(desk.scene.channel)
    await desk.says("/doubts", NO_DOUBTS[desk.language])
    assert [bubble.told for bubble in desk.scene.channel()] == [1]


async def test_a_doubt_is_settled_once_however_often_it_was_asked(desk: Chat) -> None:
    await desk.drafts()
    desk.scene.sandbox.faults.add("telegram", "drop_after", method="sendMessage", chat=CHANNEL)
    await desk.says("/now 1", "#1")
    await desk.hears(UNKNOWN[desk.language])
    await desk.says("/doubts", UNKNOWN[desk.language])
    await desk.presses(*(text[desk.language] for text in THERE))

    await desk.presses(AGAIN[0][desk.language], SETTLED[desk.language])

    assert [bubble.told for bubble in desk.scene.channel()] == [1]
