"""One person with two apps: told on the one used last, on the other if nobody answers, answered on both at once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain import Address, Platform
from bot.domain.people import Role
from tests.conftest import ARTICLE, READER, VIBER_READER, Scene, a_scene, newsroom_with
from tests.dialogues.conftest import TELEGRAM, VIBER, Chat
from tests.promises.moments import comes_true

WAITS = "#{id} is waiting for your approval. It goes out: {when}."
COUNTS = "⏳ #{id} goes out in {time}, at {at}."
HALTED = "{person} halted everything: nothing is being sent. To continue: /resume"
#: True once everything that was due has arrived.
NOTHING_WAITS = """SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM inbox WHERE done_at IS NULL)
    AND NOT EXISTS (SELECT 1 FROM notice WHERE told_at IS NULL) AND NOT EXISTS (SELECT 1 FROM reply)
    AND NOT EXISTS (SELECT 1 FROM retelling WHERE due_at <= {now})"""


class Ivan:
    """An editor whose phone has both apps; `used` is the one on which he spoke last."""

    def __init__(self, scene: Scene, used: str) -> None:
        self.scene = scene
        chats = {platform: Chat(scene, platform, reader=True) for platform in (TELEGRAM, VIBER)}
        self.used = chats.pop(used)
        (self.other,) = chats.values()

    async def arrives(self) -> Ivan:
        scene, now = self.scene, self.scene.clock()
        telegram, viber = Address(Platform.TELEGRAM, str(READER)), Address(Platform.VIBER, VIBER_READER)

        async def seat(tx):  # type: ignore[no-untyped-def]
            number = await tx.add_person(telegram, "Іван", Role.EDITOR, now, invited_by=None, wait_until=None)
            await tx.add_address(number, viber, now=now)

        await scene.app.store.write(seat)
        for chat in (self.other, self.used):
            await chat.says("/list", "")
            scene.advance(minutes=1)
        return self

    def asked(self, chat: Chat) -> int:
        return sum(chat.reads(bubble, WAITS) for bubble in chat.heard())

    async def passes(self, **time: float) -> None:
        """Time passes, and all that is to be told by then has arrived."""
        self.scene.advance(**time)
        await comes_true(self.scene, NOTHING_WAITS.format(now=int(self.scene.clock().timestamp() * 1000)))


@pytest.fixture(params=[TELEGRAM, VIBER])
async def ivan(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Ivan]:
    """A desk that approves; its owner has written an article and asks for approval."""
    (tmp_path / "newsroom.toml").write_text(newsroom_with(approvals=1, undo="30 s"), "utf-8")
    async with a_scene(tmp_path) as scene:
        person = await Ivan(scene, request.param).arrives()
        await scene.says(f"/queue {ARTICLE}", "#1 · чернетка")
        await scene.says("/submit 1", ". Якщо змінити текст")
        yield person


async def test_a_question_rings_on_the_app_used_last_and_later_on_the_other(ivan: Ivan) -> None:
    await ivan.used.sees(WAITS)
    await ivan.passes(minutes=9)
    rung_before = ivan.asked(ivan.other)
    await ivan.passes(minutes=1)

    assert rung_before == 0
    assert (ivan.asked(ivan.used), ivan.asked(ivan.other)) == (1, 1)


async def test_a_word_on_the_one_app_keeps_the_other_silent(ivan: Ivan) -> None:
    await ivan.used.sees(WAITS)
    await ivan.passes(minutes=5)
    await ivan.used.says("/list", "#1")
    await ivan.passes(minutes=20)

    assert ivan.asked(ivan.other) == 0


async def test_what_was_decided_meanwhile_is_not_asked_on_the_other_app(ivan: Ivan) -> None:
    await ivan.used.sees(WAITS)
    await ivan.passes(minutes=5)
    await ivan.scene.says("/cancel 1", "#1")
    await ivan.passes(minutes=5)

    assert ivan.asked(ivan.other) == 0


async def test_after_a_yes_on_the_other_app_neither_asks_again(ivan: Ivan) -> None:
    await ivan.used.sees(WAITS)
    await ivan.passes(minutes=10)
    await ivan.other.sees(WAITS)
    await ivan.other.pushes("✅ Approve", "#{id} is approved.", id=1)
    await ivan.passes(minutes=30)

    asked = {chat.platform: chat for chat in (ivan.used, ivan.other)}
    await ivan.scene.until(lambda: not ivan.asked(asked[TELEGRAM]))  # it has become a card where a message can
    assert ivan.asked(asked[VIBER]) == 1


async def test_a_countdown_is_followed_on_the_app_used_last_alone(ivan: Ivan) -> None:
    await ivan.used.sees(WAITS)
    await ivan.used.pushes("✅ Approve", "#{id} is approved.", id=1)
    await ivan.scene.says("/now 1", "")
    await ivan.used.sees(COUNTS)
    ivan.scene.advance(seconds=31)
    await ivan.scene.until(ivan.scene.channel)
    await ivan.passes(minutes=1)

    assert not any(ivan.other.reads(bubble, COUNTS) for bubble in ivan.other.heard())


async def test_an_alarm_rings_on_both_apps_at_once(ivan: Ivan) -> None:
    await ivan.scene.says("/halt", "")

    await ivan.used.sees(HALTED)
    await ivan.other.sees(HALTED)
