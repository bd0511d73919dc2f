"""The desk's group: its people are heard there, nobody else, and nothing but commands and presses."""

from __future__ import annotations

import pytest

from bot.commands.commands import RECORDED
from bot.domain import Address, Platform
from bot.domain.people import Role
from bot.sandbox import Bubble
from tests.conftest import ARTICLE, OWNER, READER, TELEGRAM_TOKEN, Scene
from tests.helpers.groups import post

DESK, OTHER = -1009999999991, -1009999999992


pytestmark = pytest.mark.newsroom(groups=[str(DESK)])


@pytest.fixture
async def scene(scene: Scene) -> Scene:
    for group in (DESK, OTHER):
        scene.sandbox.telegram.add_group(group, title="Редакція")
        scene.sandbox.telegram.set_admin(group, TELEGRAM_TOKEN)
    await scene.says(f"/queue {ARTICLE}", "#1 · чернетка")
    return scene


def heard(scene: Scene, group: int = DESK) -> list[Bubble]:
    return [bubble for bubble in scene.sandbox.telegram.phone(group) if bubble.sender == "bot"]


async def says(scene: Scene, text: str, expected: str, *, person: int = OWNER) -> Bubble:
    before = len(heard(scene))
    await scene.sandbox.telegram.say(person, text, chat=DESK)
    await scene.until(lambda: any(expected in bubble.text for bubble in heard(scene)[before:]))
    return next(bubble for bubble in heard(scene)[before:] if expected in bubble.text)


async def silent(scene: Scene, group: int = DESK) -> None:
    """What was said before is handled when a later word in private is answered."""
    before = len(heard(scene, group))
    await scene.says("/list", "#1")
    assert len(heard(scene, group)) == before


async def test_the_desks_people_give_commands_there_also_by_the_bots_name(scene: Scene) -> None:
    await says(scene, "/list", "#1 · чернетка")
    await says(scene, "/at@visnyk_bot 1 18:30", "#1 у черзі")
    card = await says(scene, "/show 1", "#1 · у черзі · сьогодні о 18:30")
    await scene.sandbox.telegram.press(OWNER, card.message_id, "✖️ Скасувати", chat=DESK)
    await scene.until(lambda: any("#1 скасовано" in bubble.text for bubble in heard(scene)))


async def test_talk_other_bots_forwards_and_edits_are_not_for_us(scene: Scene) -> None:
    telegram = scene.sandbox.telegram
    for text in ("Добрий ранок", "/now@other_bot 1", "/weather"):
        await telegram.say(OWNER, text, chat=DESK)
    (message,) = await telegram.say(OWNER, "1", chat=DESK)
    await silent(scene)
    edited_at = int(scene.clock().timestamp())
    await post(scene, edited_message=message_json(scene, "/now 1", message_id=message, edit_date=edited_at))
    origin = {"type": "user", "date": 1_795_000_000, "sender_user": person_json(READER)}
    await post(scene, message=message_json(scene, "/now 1", forward_origin=origin))
    await post(
        scene, message=message_json(scene, "/now 1", sender_chat={"id": DESK, "type": "supergroup", "title": "Р"})
    )
    await post(scene, message=message_json(scene, "/now 1", via_bot={**person_json(5), "is_bot": True}))

    await silent(scene)
    assert not scene.channel()


async def test_strangers_and_other_groups_are_not_heard(scene: Scene) -> None:
    card = await says(scene, "/show 1", "#1 · чернетка")
    await scene.sandbox.telegram.say(READER, "/now 1", chat=DESK)
    await scene.sandbox.telegram.press(READER, card.message_id, "🚀 Опублікувати зараз", chat=DESK)
    await scene.sandbox.telegram.say(OWNER, "/now 1", chat=OTHER)

    await silent(scene)
    await silent(scene, OTHER)
    assert not scene.channel()
    (refused,) = [entry for entry in await scene.app.store.read.audit_log(10) if entry.act == "button.refused"]
    assert refused.actor == "stranger"


async def test_a_strangers_presses_do_not_fill_the_log(scene: Scene) -> None:
    card = await says(scene, "/show 1", "#1 · чернетка")
    for _ in range(RECORDED + 5):  # more at once are no person's, and not heard at all
        await scene.sandbox.telegram.press(READER, card.message_id, "🚀 Опублікувати зараз", chat=DESK)
    await scene.until(lambda: scene.app.commands.refused["role_button"] == RECORDED + 5)

    entries = await scene.app.store.read.audit_log(1000)
    assert [entry.act for entry in entries].count("button.refused") == RECORDED


async def test_what_is_private_or_takes_several_messages_stays_in_the_private_chat(scene: Scene) -> None:
    await says(scene, "/invite editor", "Це для особистого чату")
    await says(scene, "/start", "Це для особистого чату")
    await says(scene, "/at 1", "Напишіть час разом із номером, ось так: /час 1 18:30")
    await says(scene, "/queue", "На це потрібно кілька повідомлень")

    await scene.says("18:30", "/новий")


async def test_a_forwarded_command_is_none_in_a_private_chat_either(scene: Scene) -> None:
    origin = {"type": "user", "date": 1_795_000_000, "sender_user": person_json(READER)}
    chat = {"id": OWNER, "type": "private", "first_name": "Олена"}
    await post(scene, message=message_json(scene, "/now 1", forward_origin=origin, chat=chat))

    await scene.until(lambda: "не команда" in scene.telegram()[-1].text)
    assert not scene.channel()


async def test_who_pressed_a_button_is_named_also_after_they_left(scene: Scene) -> None:
    app, now, ivan = scene.app, scene.clock(), Address(Platform.TELEGRAM, str(READER))
    await app.store.write(lambda tx: tx.add_person(ivan, "Іван", Role.EDITOR, now, invited_by=None, wait_until=None))
    card = await says(scene, "/show 1", "#1 · чернетка")
    (button,) = [data for row in card.buttons for label, data in row if label.startswith("⏭")]
    await scene.sandbox.telegram.press(READER, card.message_id, button, chat=DESK)
    await scene.until(lambda: any("#1 у черзі ✓" in bubble.text for bubble in heard(scene)))
    asked = await scene.says("/remove 3", "Іван (редактор): вилучити")
    await scene.presses(asked, "Так", "Іван")

    chat = {"id": DESK, "type": "supergroup", "title": "Редакція"}
    message = {"message_id": card.message_id, "date": 0, "chat": chat}
    press = {"id": "1", "from": person_json(OWNER), "message": message, "chat_instance": "1", "data": button}
    await post(scene, callback_query=press)
    await scene.until(lambda: any("Цю кнопку вже натиснуто сьогодні о 13:00: Іван." in b.text for b in heard(scene)))


# What no app of the sandbox's people can do: updates as Telegram would post them


def person_json(person: int) -> dict[str, object]:
    return {"id": person, "is_bot": False, "first_name": "Олена", "language_code": "uk"}


async def test_of_a_group_with_a_new_number_the_desk_is_told(
    scene: Scene,
) -> None:
    new = DESK - 1000
    await post(scene, message=message_json(scene, "", migrate_to_chat_id=new))
    await scene.until(lambda: any(str(new) in bubble.text and str(DESK) in bubble.text for bubble in scene.telegram()))


def message_json(scene: Scene, text: str, **more: object) -> dict[str, object]:
    at = int(scene.clock().timestamp())
    chat = {"id": DESK, "type": "supergroup", "title": "Редакція"}
    return {"message_id": 77, "date": at, "from": person_json(OWNER), "chat": chat, "text": text, **more}
