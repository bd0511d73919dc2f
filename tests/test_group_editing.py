"""Several people at one article in the desk's group: a reply to its card changes it, a remark does not."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.domain import Address, Platform
from bot.domain.people import Role
from bot.newsroom import publishing
from bot.sandbox import Bubble
from bot.storage import Queries
from tests.conftest import ARTICLE, NEWSROOM, OWNER, READER, TELEGRAM_TOKEN, Scene, a_scene
from tests.helpers.acts import acting
from tests.helpers.crowd import rows
from tests.helpers.groups import post

GROUP, REPORTER, STRANGER = -1009999999991, 3003, 4004
IVAN = READER
ASKED = "Це правка до #1 чи лише репліка? Поки нічого не змінено."
CHANGE, REMARK, BACK = "📝 Змінити #1", "💬 Лише репліка", "✏️ Доопрацювати"


pytestmark = pytest.mark.newsroom(approvals=1, groups=[str(GROUP)])


@pytest.fixture
async def scene(scene: Scene) -> Scene:
    """Olena, an owner, has drafted #1; Ivan is an editor, Petro a reporter."""
    telegram = scene.sandbox.telegram
    telegram.add_group(GROUP, title="Редакція")
    telegram.set_admin(GROUP, TELEGRAM_TOKEN)
    telegram.add_person(IVAN, name="Іван", language="uk", started=True)
    telegram.add_person(REPORTER, name="Петро", language="uk", started=True)
    telegram.add_person(STRANGER, name="Хтось", language="uk", started=True)
    for person, name, role in ((IVAN, "Іван", Role.EDITOR), (REPORTER, "Петро", Role.REPORTER)):
        await joins(scene, person, name, role)
    await scene.says(f"/queue {ARTICLE}", "#1 · чернетка")
    return scene


async def joins(scene: Scene, person: int, name: str, role: Role) -> None:
    now, address = scene.clock(), Address(Platform.TELEGRAM, str(person))
    await scene.app.store.write(lambda tx: tx.add_person(address, name, role, now, invited_by=None, wait_until=None))


def heard(scene: Scene) -> list[Bubble]:
    return [bubble for bubble in scene.sandbox.telegram.phone(GROUP) if bubble.sender == "bot"]


async def says(
    scene: Scene, text: str, expected: str, *, person: int = OWNER, reply_to: Bubble | None = None
) -> Bubble:
    """In the group; the first new message of ours that holds `expected`."""
    before = {bubble.message_id for bubble in heard(scene)}
    to = reply_to.message_id if reply_to is not None else None
    await scene.sandbox.telegram.say(person, text, chat=GROUP, reply_to=to)
    return await new(scene, before, expected)


async def presses(scene: Scene, bubble: Bubble, label: str, expected: str, *, person: int = OWNER) -> Bubble:
    before = {bubble.message_id for bubble in heard(scene)}
    await scene.sandbox.telegram.press(person, bubble.message_id, label, chat=GROUP)
    return await new(scene, before, expected)


async def new(scene: Scene, before: set[int], expected: str) -> Bubble:
    def found() -> list[Bubble]:
        return [b for b in heard(scene) if b.message_id not in before and expected in b.text]

    await scene.until(found)
    return found()[0]


async def silent(scene: Scene, text: str, *, person: int, reply_to: Bubble) -> None:
    """Nobody answers: a later word in private is handled, and nothing was said here."""
    before = heard(scene)
    await scene.sandbox.telegram.say(person, text, chat=GROUP, reply_to=reply_to.message_id)
    await scene.says("/show 1", "#1 · ")
    assert heard(scene) == before


def now(scene: Scene, bubble: Bubble, phone: int = GROUP) -> Bubble:
    return next(each for each in scene.sandbox.telegram.phone(phone) if each.message_id == bubble.message_id)


async def becomes(scene: Scene, bubble: Bubble, text: str, phone: int = GROUP) -> None:
    await scene.until(lambda: text in now(scene, bubble, phone).text)


async def card(scene: Scene) -> Bubble:
    return await says(scene, "/show 1", "#1 · чернетка")


async def test_field_lines_in_reply_to_the_card_change_the_article(scene: Scene) -> None:
    shown = await card(scene)
    await says(scene, "заголовок: Міст закрили\nлід: Надовго.", "#1 · чернетка\nМіст закрили\nНадовго.", reply_to=shown)
    preview = next(bubble for bubble in heard(scene) if bubble.text.startswith("Міст закрили"))
    await says(scene, "headline: Bridge closed", "#1 · чернетка\nBridge closed", person=IVAN, reply_to=preview)

    assert "Bridge closed" in (await scene.says("/show 1", "#1 · чернетка")).text


async def test_a_text_in_reply_is_asked_about_and_counts_when_its_sender_says_so(scene: Scene) -> None:
    shown = await card(scene)
    asked = await says(scene, "Міст закрили\n\nНадовго.", ASKED, reply_to=shown)
    assert "Заголовок буде «Міст закрили»." in asked.text
    assert "Міст через Сулу" in (await scene.says("/show 1", "#1 · чернетка")).text

    await presses(scene, asked, CHANGE, "Ця кнопка для того, хто питав", person=IVAN)
    assert "Міст через Сулу" in (await scene.says("/show 1", "#1 · чернетка")).text
    await presses(scene, asked, CHANGE, "#1 · чернетка\nМіст закрили\nНадовго.")
    await becomes(scene, asked, "#1 змінено")
    assert not now(scene, asked).buttons


async def test_a_remark_changes_nothing(scene: Scene) -> None:
    shown = await card(scene)
    for remark, is_whole in (("А де фото?", True), ("Терміново!", False), ("Джерело: яке?", False)):
        asked = await says(scene, remark, ASKED, person=IVAN, reply_to=shown)
        assert ("Правка замінить увесь текст." in asked.text) is is_whole
        await scene.sandbox.telegram.press(IVAN, asked.message_id, REMARK, chat=GROUP)
        await becomes(scene, asked, "Репліка: #1 лишається, як є.")
        assert not now(scene, asked).buttons

    entry = await scene.app.store.read.entry(1)
    assert entry is not None and entry.version == 1


async def test_who_may_not_change_it_only_talks(scene: Scene) -> None:
    shown = await card(scene)
    await silent(scene, "А де фото?", person=REPORTER, reply_to=shown)
    await silent(scene, "заголовок: Міст закрили", person=STRANGER, reply_to=shown)
    await says(
        scene, "заголовок: Міст", "Репортер може змінювати лише власні чернетки.", person=REPORTER, reply_to=shown
    )
    assert "Міст через Сулу" in (await scene.says("/show 1", "#1 · чернетка")).text


async def test_a_reply_to_something_else_is_talk(scene: Scene) -> None:
    other = await says(scene, "/list", "#1")
    await silent(scene, "заголовок: Міст закрили", person=OWNER, reply_to=other)


async def test_a_text_is_not_written_over_what_somebody_else_changed_meanwhile(scene: Scene) -> None:
    shown = await card(scene)
    asked = await says(scene, "Міст закрили\n\nНадовго.", ASKED, reply_to=shown)
    await says(scene, "лід: На тиждень.", "На тиждень.", person=IVAN, reply_to=shown)
    await scene.sandbox.telegram.press(OWNER, asked.message_id, CHANGE, chat=GROUP)

    await becomes(scene, asked, "#1 тим часом змінили")
    assert "На тиждень." in now(scene, asked).text
    assert "Міст через Сулу" in (await scene.says("/show 1", "#1 · чернетка")).text


async def test_a_right_that_was_lost_meanwhile_counts_no_more(scene: Scene) -> None:
    shown = await card(scene)
    asked = await says(scene, "Міст закрили\n\nНадовго.", ASKED, person=IVAN, reply_to=shown)
    question = await scene.says("/role 3 reporter", "Іван")
    if question.buttons:
        await scene.presses(question, "Так", "Іван")
    await presses(scene, asked, CHANGE, "Репортер може змінювати лише власні чернетки.", person=IVAN)
    assert "Міст через Сулу" in (await scene.says("/show 1", "#1 · чернетка")).text


async def test_the_edit_button_tells_the_way_and_a_reply_to_that_counts_too(scene: Scene) -> None:
    way = await presses(scene, await card(scene), "✏️ Змінити", "Напишіть у відповідь на це, що змінити в #1")
    await says(scene, "лід: Надовго.", "#1 · чернетка\nМіст через Сулу відкрили після ремонту\nНадовго.", reply_to=way)


async def test_what_somebody_is_in_the_middle_of_in_private_goes_on(scene: Scene) -> None:
    shown = await card(scene)
    await scene.says("/queue", "Вставте весь матеріал")
    await says(scene, "лід: Надовго.", "Надовго.", reply_to=shown)
    await says(scene, "/edit 1 лід: На тиждень.", "На тиждень.")
    await says(scene, "/cancel", "Який матеріал: /скасувати?")

    await scene.says("Пором відкрили", "Тепер лід")


async def test_whoever_is_asked_answers_the_question_with_a_reply(scene: Scene) -> None:
    """Also in private, where a remark would otherwise become the article."""
    question = await asks_ivan(scene)
    asked = await private_reply(scene, question, "Хто це сказав?")
    assert "Міст через Сулу" in (await scene.says("/show 1", "#1 · чекає")).text
    await scene.sandbox.telegram.press(IVAN, asked.message_id, BACK)
    await becomes(scene, asked, "Автор #1 отримав вашу", IVAN)
    await scene.until(lambda: any("доопрацювати #1: «Хто це сказав?»" in b.text for b in scene.telegram()))


async def test_the_cards_of_the_group_and_the_question_show_who_edits(scene: Scene) -> None:
    question = await asks_ivan(scene)
    shown = await says(scene, "/show 1", "#1 · чекає")
    await scene.says("/edit 1", "Надішліть новий текст #1")
    await becomes(scene, shown, "Зараз редагують: Олена")
    await becomes(scene, question, "Зараз редагують: Олена", IVAN)
    assert "✅ Погодити" in labels(now(scene, question, IVAN))

    await scene.says("лід: Надовго.", "#1 · чернетка")
    await becomes(scene, shown, "Надовго.")
    await becomes(scene, question, "#1 · чернетка", IVAN)
    assert "✅ Погодити" not in labels(now(scene, question, IVAN))


async def test_in_a_forum_the_question_stays_for_the_others(scene: Scene) -> None:
    """When one asks to be asked later, or presses what another has pressed, the rest of the desk can still answer."""
    await joins(scene, STRANGER, "Хтось", Role.EDITOR)
    question = await asks_in_a_forum(scene)
    stale = {label: data for row in question.buttons for label, data in row}["🕒 Пізніше"]
    await presses(scene, question, "🕒 Пізніше", "Нагадаю про #1", person=IVAN)
    await scene.until(lambda: now(scene, question).edited)
    assert "чекає на ваше погодження" in now(scene, question).text
    chat = {"id": GROUP, "type": "supergroup", "title": "Редакція", "is_forum": True}
    message = {"message_id": question.message_id, "date": 0, "chat": chat}
    person = {"id": STRANGER, "is_bot": False, "first_name": "Someone", "language_code": "en"}
    await post(
        scene,
        callback_query={"id": "1", "from": person, "message": message, "chat_instance": "1", "data": stale},
    )
    await scene.until(lambda: any("Цю кнопку вже натиснуто" in b.text for b in heard(scene)))
    assert "чекає на ваше погодження" in now(scene, question).text

    await presses(scene, now(scene, question), "✅ Погодити", "#1 погоджено.", person=STRANGER)
    await becomes(scene, question, "#1 · погоджено")


async def asks_in_a_forum(scene: Scene) -> Bubble:
    """The group is a forum; the question about #1 there."""
    telegram = scene.sandbox.telegram
    telegram.world.chats[GROUP].forum = True
    telegram.set_admin(GROUP, TELEGRAM_TOKEN, can_manage_topics=True)
    await says(scene, "/list", "#1")
    await scene.says("/submit 1", "#1 надіслано колегам.")
    await scene.until(lambda: any("чекає на ваше погодження" in b.text for b in heard(scene)))
    return next(b for b in heard(scene) if "чекає на ваше погодження" in b.text)


async def test_in_a_group_the_newsrooms_language_is_spoken_to_everybody(scene: Scene) -> None:
    scene.sandbox.telegram.add_person(IVAN, name="Ivan", language="en", started=True)
    question = await asks_in_a_forum(scene)
    await presses(scene, question, "🕒 Пізніше", "Нагадаю про #1", person=IVAN)
    await scene.until(lambda: now(scene, question).edited)

    assert "✅ Погодити" in labels(now(scene, question))
    await scene.says("/list", "#1 · waiting for approval", person=IVAN)


async def test_what_is_said_in_an_articles_topic_is_no_reply_to_us(scene: Scene) -> None:
    """Telegram has each message there answer the one that began the topic, which is ours."""
    question = await asks_in_a_forum(scene)
    bot = {"id": 100001, "is_bot": True, "first_name": "Вісник"}
    chat = {"id": GROUP, "type": "supergroup", "title": "Редакція", "is_forum": True}
    topic = {"message_thread_id": question.thread, "is_topic_message": True}
    begun = {"name": "#1 Міст", "icon_color": 7322096}
    root = {**topic, "message_id": question.thread, "date": 0, "chat": chat, "from": bot, "forum_topic_created": begun}
    person = {"id": IVAN, "is_bot": False, "first_name": "Іван", "language_code": "uk"}
    said_at = int(scene.clock().timestamp())
    said = {**topic, "message_id": 777, "date": said_at, "chat": chat, "from": person, "text": "лід: А де фото?"}
    before = heard(scene)
    await post(scene, message={**said, "reply_to_message": root})
    await scene.says("/list", "#1")

    assert heard(scene) == before


async def test_in_the_group_a_reason_is_said_by_reply(scene: Scene) -> None:
    question = await asks_in_a_forum(scene)
    way = await presses(scene, question, "⛔ Відхилити", "Напишіть у відповідь на це, чому відхиляєте #1.", person=IVAN)
    asked = await says(scene, "Це вже було.", ASKED, person=IVAN, reply_to=way)
    assert asked.thread == question.thread
    await presses(scene, asked, "⛔ Відхилити", "відхиляє #1: «Це вже було.»", person=IVAN)

    await becomes(scene, question, "#1 · відхилено")


def labels(bubble: Bubble) -> list[str]:
    return [label for row in bubble.buttons for label, _ in row]


async def asks_ivan(scene: Scene) -> Bubble:
    await scene.says("/submit 1", "#1 надіслано колегам.")
    await scene.until(lambda: any("чекає на ваше погодження" in b.text for b in scene.telegram(IVAN)))
    return next(b for b in scene.telegram(IVAN) if "чекає на ваше погодження" in b.text)


async def private_reply(scene: Scene, to: Bubble, text: str) -> Bubble:
    await scene.sandbox.telegram.say(IVAN, text, reply_to=to.message_id)
    await scene.until(lambda: ASKED in scene.telegram(IVAN)[-1].text)
    return scene.telegram(IVAN)[-1]


async def test_of_two_who_approve_at_once_both_count_and_it_is_told_once(scene: Scene) -> None:
    await joins(scene, STRANGER, "Хтось", Role.EDITOR)
    question = await asks_ivan(scene)
    await scene.until(lambda: any("чекає на ваше погодження" in b.text for b in scene.telegram(STRANGER)))
    other = next(b for b in scene.telegram(STRANGER) if "чекає на ваше погодження" in b.text)
    press = scene.sandbox.telegram.press
    await asyncio.gather(
        press(IVAN, question.message_id, "✅ Погодити"), press(STRANGER, other.message_id, "✅ Погодити")
    )
    phones = (IVAN, STRANGER)
    await scene.until(lambda: all(any("#1 погоджено." in b.text for b in scene.telegram(each)) for each in phones))

    card = await scene.says("/show 1", "#1 · погоджено")
    assert "Погоджено: 2 з 2" in card.text
    await scene.until(lambda: any("#1 погоджено: " in b.text for b in scene.telegram()))
    assert sum("#1 погоджено: " in b.text for b in scene.telegram()) == 1


async def test_the_author_hears_that_it_is_out_though_a_reporter(scene: Scene) -> None:
    await scene.says(f"/queue {ARTICLE}", "#2 · чернетка", person=REPORTER)
    await scene.says("/submit 2", "#2 надіслано колегам.", person=REPORTER)
    await scene.until(lambda: any("#2 чекає на ваше погодження" in b.text for b in scene.telegram()))
    question = next(b for b in scene.telegram() if "#2 чекає на ваше погодження" in b.text)
    await scene.presses(question, "✅ Погодити", "#2 погоджено.")
    await scene.says("/now 2", "#2 виходить")

    await scene.until(lambda: any("#2 вийшов:" in b.text for b in scene.telegram(REPORTER)))


async def test_a_press_that_is_refused_shows_how_it_stands_now(scene: Scene) -> None:
    """Whatever changed it, and whoever was told."""
    card = await scene.says("/show 1", "#1 · чернетка")
    app, now_, author = scene.app, scene.clock(), Address(Platform.TELEGRAM, str(OWNER))

    async def cancel(tx: Queries) -> None:
        await publishing.cancel(await acting(app.newsroom, tx, now_, author), 1)

    await app.store.write(cancel)
    await scene.presses(card, "📨 Надіслати на погодження", "Матеріал #1 скасовано")
    await becomes(scene, card, "#1 · скасовано", OWNER)


async def test_an_english_newsroom_is_answered_in_english_in_its_group(tmp_path: Path) -> None:
    text = NEWSROOM.replace("desk.approvals = 0", f'desk.approvals = 1\ndesk.groups = ["{GROUP}"]')
    (tmp_path / "newsroom.toml").write_text(text.replace('["uk", "en"]', '["en", "uk"]'), encoding="utf-8")
    async with a_scene(tmp_path) as scene:
        telegram = scene.sandbox.telegram
        telegram.add_group(GROUP, title="Desk", forum=True)
        telegram.set_admin(GROUP, TELEGRAM_TOKEN, can_manage_topics=True)
        telegram.add_person(IVAN, name="Ivan", language="uk", started=True)
        await joins(scene, IVAN, "Ivan", Role.EDITOR)
        shown = await says(scene, f"/queue {ARTICLE}", "#1 · draft")
        await presses(scene, shown, "🕒 Set the time", "Say the time together with the number, like this: /at 1 18:30")
        await presses(scene, now(scene, shown), "✏️ Edit", "Reply to this with what to change in #1")
        asked = await says(scene, "Who says so?", "Is this a change to #1 or just a remark?", reply_to=shown)
        await presses(scene, asked, "💬 Just a remark", "This button is for the person who", person=IVAN)
        await scene.sandbox.telegram.press(OWNER, asked.message_id, "💬 Just a remark", chat=GROUP)
        await becomes(scene, asked, "A remark: #1 stays as it is.")

        await says(scene, "/submit 1", "#1 is with your colleagues.")
        await scene.until(lambda: any(" is waiting for your approval." in b.text for b in heard(scene)))
        question = next(b for b in heard(scene) if " is waiting for your approval." in b.text)
        asks = {"⛔ Reject": "the reason for rejecting #1.", "✏️ Ask for changes": "what to change in #1."}
        for label, what in asks.items():
            told = await presses(scene, now(scene, question), label, f"Reply to this with {what}", person=IVAN)
        asked = await says(
            scene, "Who says so?", "Is this a change to #1 or just a remark?", person=IVAN, reply_to=told
        )
        await presses(scene, asked, "✏️ Ask for changes", "asks for changes in #1: “Who says so?”", person=IVAN)
        await becomes(scene, question, "#1 · draft")


async def test_of_redraws_that_must_wait_for_the_groups_pace_the_last_is_enough(tmp_path: Path) -> None:
    text = NEWSROOM.replace("desk.approvals = 0", f'desk.approvals = 0\ndesk.groups = ["{GROUP}"]')
    text = text.replace("group_per_minute = 1000", "group_per_minute = 6")
    (tmp_path / "newsroom.toml").write_text(text, encoding="utf-8")
    async with a_scene(tmp_path) as scene:
        scene.sandbox.telegram.add_group(GROUP, title="Редакція")
        scene.sandbox.telegram.set_admin(GROUP, TELEGRAM_TOKEN)
        await scene.says(f"/queue {ARTICLE}", "#1 · чернетка")
        await says(scene, "/show 1", "#1 · чернетка")
        for _ in range(5):
            await scene.says("/edit 1", "Надішліть новий текст #1")
            await scene.says("/cancel", "Усе лишилося")
        await scene.says("/edit 1", "Надішліть новий текст #1")

        app, at = scene.app, scene.clock()
        await app.store.write(lambda tx: app.telling.show_edits(tx, at))
        waiting = await rows(scene, f"SELECT body FROM reply WHERE chat = '{GROUP}' ORDER BY id")
        assert 1 <= len(waiting) <= 2  # one may be on its way
        assert "Зараз редагують: Олена" in waiting[-1][0]
