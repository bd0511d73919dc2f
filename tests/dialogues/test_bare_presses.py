"""Presses that come without the message they were made on: the button's row knows its chat, and is answered there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.people import Role
from bot.sandbox import Bubble
from tests.conftest import NEWSROOM, OWNER, READER, TELEGRAM_TOKEN, a_scene
from tests.dialogues.conftest import TELEGRAM, Chat
from tests.helpers.catalogue import titled
from tests.promises.moments import comes_true

DESK = -1009999999991
QUEUED = "#{id} is queued ✓ It goes out {when}."


@pytest.fixture(params=["inaccessible", "inline", "nothing"])
async def owner(request: pytest.FixtureRequest, tmp_path: Path, language: str) -> AsyncIterator[Chat]:
    """Has a draft on her card, and a desk group; her app's presses carry no message that could be read."""
    groups = f'desk.groups = ["{DESK}"]\ndesk.group_language = "{language}"'
    (tmp_path / "newsroom.toml").write_text(NEWSROOM.replace("desk.approvals = 0", f"desk.approvals = 0\n{groups}"))
    async with a_scene(tmp_path) as scene:
        scene.sandbox.telegram.add_group(DESK, title="Редакція")
        scene.sandbox.telegram.set_admin(DESK, TELEGRAM_TOKEN)
        scene.sandbox.telegram.presses_carry = request.param
        chat = Chat(scene, TELEGRAM, language).arrives()
        await chat.drafts()
        yield chat


@pytest.fixture
def group(owner: Chat) -> Chat:
    return replace(owner, group=DESK)


def slot_of(chat: Chat) -> str:
    return chat.written("⏭ Next slot: {when}", when=chat.written("today at {time}", time="18:30"))


async def card_in(chat: Chat) -> Bubble:
    return await chat.says("/show 1", chat.draft(1)) if chat.group is None else await chat.asks("/show 1", "draft")


async def test_a_press_in_private_counts_once_and_is_answered_there(owner: Chat) -> None:
    slot = slot_of(owner)

    await owner.pushes("", QUEUED, on=slot)
    await owner.pushes("", "You pressed that button {when}.", on=slot)

    await owner.scene.until(lambda: len(owner.scene.sandbox.telegram.toasts(OWNER)) == 2)


async def test_a_press_in_the_desks_group_is_answered_in_the_group(owner: Chat, group: Chat) -> None:
    await card_in(group)
    before = len(owner.heard())

    await group.pushes("", QUEUED, on=slot_of(group))

    assert len(owner.heard()) == before


async def test_a_press_that_comes_too_late_is_refused_and_the_card_shown_again(owner: Chat) -> None:
    await owner.asks("/cancel 1", "#{id} is cancelled: it does not go out.")

    await owner.pushes("", "Article #{id} was cancelled.", on=slot_of(owner))

    await owner.hears(titled(1, "cancelled")[owner.language])


async def test_a_stranger_in_the_group_presses_in_vain(owner: Chat, group: Chat) -> None:
    card = await card_in(group)
    before = len(group.heard())

    await owner.scene.sandbox.telegram.press(READER, card.message_id, slot_of(group), chat=DESK)

    await comes_true(owner.scene, "SELECT 1 FROM audit WHERE act = 'button.refused'")
    await owner.says("/show 1", owner.draft(1))
    assert len(group.heard()) == before
    (refused,) = await refusals(owner)
    assert refused == ("stranger", f"telegram:{DESK}")


@pytest.mark.parametrize("owner", ["inline", "nothing"], indirect=True)
async def test_a_button_of_another_persons_chat_is_unknown(owner: Chat) -> None:
    """Even to somebody of the desk who has the id of its row."""
    scene = owner.scene
    colleague = Chat(scene, TELEGRAM, owner.language, person="1007", name="Taras").arrives()
    now = scene.clock()
    await scene.app.store.write(
        lambda tx: tx.add_person(colleague.address, "Taras", Role.EDITOR, now, invited_by=None, wait_until=None)
    )
    await colleague.asks("/show 1", "draft")
    slot = slot_of(owner)
    (hers,) = [b for b in owner.heard() if slot in str(b.buttons)][-1:]

    await scene.sandbox.telegram.press(1007, hers.message_id, slot, chat=OWNER)

    await colleague.sees("This button is too old to know what it was about.")
    assert await refusals(owner) == [("person:3", "telegram:1007")]
    await owner.says("/show 1", owner.draft(1))


async def refusals(chat: Chat) -> list[tuple[str, str]]:
    """By whom and in which chat."""
    log = await chat.scene.app.store.read.audit_log(10)
    return [(entry.actor, str(entry.detail["chat"])) for entry in log if entry.act == "button.refused"]
