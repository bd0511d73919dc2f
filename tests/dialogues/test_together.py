"""Several people at one article: a reply changes it, others see who edits, nobody writes over an unseen change."""

from __future__ import annotations

import pytest

from bot.sandbox import Bubble
from bot.sandbox.phones import Request
from tests.conftest import OWNER, Scene
from tests.dialogues.conftest import TELEGRAM, VIBER, Chat
from tests.helpers.catalogue import written

EDITS = written("✏️ Being edited by {names}", names="Olena (1)")
WARNED = written("⚠️ #{id} is being edited right now by {names}.", id=1, names="Olena (1)")
SEND = written("Send the new text of #{id}, or only what", id=1)
MEANWHILE = written("Someone changed #{id} in the meantime; this", id=1)


@pytest.fixture
async def two(desk: Chat) -> tuple[Chat, Chat]:
    """The owner on Telegram, who is #1, and the other on Viber; one of the two drafted."""
    telegram, viber = (Chat(desk.scene, name, desk.language).arrives() for name in (TELEGRAM, VIBER))
    await telegram.says("/list", written("The queue is empty. Add an article: /queue")[desk.language])
    await viber.says("/list", written("The queue is empty. Add an article: /queue")[desk.language])
    await (telegram if desk.on_telegram else viber).drafts()
    return telegram, viber


async def replies(chat: Chat, to: Bubble, text: str, expected: str) -> None:
    before = len(chat.heard())
    await chat.scene.sandbox.telegram.say(OWNER, text, reply_to=to.message_id)
    await chat.scene.until(lambda: any(expected in bubble.text for bubble in chat.heard()[before:]))


def shown(chat: Chat, text: str) -> Bubble:
    return next(bubble for bubble in reversed(chat.heard()) if text in bubble.text)


async def test_a_reply_to_the_card_changes_the_article(on_telegram: Chat) -> None:
    card = await on_telegram.drafts()
    await replies(on_telegram, card, "заголовок: Міст закрили знову", "Міст закрили знову")

    assert "Міст закрили знову" in (await on_telegram.says("/show 1", "#1 · чернетка")).text


async def test_a_reply_to_a_preview_changes_the_article_with_a_whole_text(on_telegram: Chat) -> None:
    await on_telegram.drafts()
    preview = await on_telegram.presses("👁 Viber", on_telegram.headline)
    await replies(on_telegram, preview, "Міст закрили\n\nНадовго.", "#1 · чернетка\nМіст закрили\nНадовго.")


async def test_a_reply_to_anything_else_is_no_edit(on_telegram: Chat) -> None:
    card = await on_telegram.drafts()
    other = await on_telegram.says("/list", "#1")
    await replies(on_telegram, other, "заголовок: Міст закрили", "Нічого не змінено:")
    await on_telegram.says("/cancel 1", "#1 скасовано")
    await replies(on_telegram, card, "заголовок: Міст закрили", "#1 · чернетка\nМіст закрили")


async def test_a_reply_with_a_reason_is_the_reason(on_telegram: Chat) -> None:
    """Who was asked something answers that, whichever message they reply to."""
    card = await on_telegram.drafts()
    await on_telegram.says("/at 1", "Коли опублікувати #1")
    await replies(on_telegram, card, "18:30", "#1 у черзі")


async def test_the_card_shows_who_edits_and_a_second_editor_is_warned(two: tuple[Chat, Chat]) -> None:
    telegram, viber = two
    await telegram.says("/edit 1", SEND[telegram.language])
    assert EDITS[viber.language] in (await viber.says("/show 1", EDITS[viber.language])).text
    await viber.says("/edit 1", WARNED[viber.language])

    await telegram.says("/cancel", written("Nothing was changed. /list shows what is waiting.")[telegram.language])
    await viber.says("/show 1", viber.draft(1))
    assert EDITS[viber.language] not in shown(viber, viber.draft(1)).text


async def test_nobody_writes_over_a_change_that_they_have_not_seen(two: tuple[Chat, Chat]) -> None:
    telegram, viber = two
    await telegram.says("/edit 1", SEND[telegram.language])
    await viber.says("/edit 1 headline: Міст закрили", viber.draft(1))
    await telegram.says("headline: Міст зірвали", MEANWHILE[telegram.language])
    assert "Міст закрили" in shown(telegram, telegram.draft(1)).text

    await telegram.says("headline: Міст зірвали", "Міст зірвали")


async def test_an_edit_in_one_message_writes_nothing_over_an_unseen_change(two: tuple[Chat, Chat]) -> None:
    """Viber's cards stay as they were. What touches nothing of the change goes through, and what was seen counts."""
    telegram, viber = two
    headline = {"uk": "headline: Міст зірвали", "en": "headline: Bridge blown up"}[viber.language]
    await viber.says("/show 1", viber.draft(1))
    await _a_minute_later(viber)
    await telegram.says("/edit 1 headline: Міст закрили", telegram.draft(1))

    await viber.says("/edit 1 lead: Надовго.", "Надовго.")  # shows the card
    await _a_minute_later(viber)
    await telegram.says("/edit 1 headline: Міст відкрили", telegram.draft(1))
    await viber.says(f"/edit 1 {headline}", MEANWHILE[viber.language])
    assert "Міст відкрили" in shown(viber, viber.draft(1)).text
    await viber.says(f"/edit 1 {headline}", headline.removeprefix("headline: "))

    await _a_minute_later(viber)
    await telegram.says("/edit 1 lead: Скоро.", telegram.draft(1))
    await viber.says("/edit 1 Міст\n\nЗовсім інше.", MEANWHILE[viber.language])


async def _a_minute_later(chat: Chat) -> None:
    """What was shown before is known to have been: answers in one chat come one after another."""
    await chat.says("/list", f"{chat.draft(1)} · ")
    chat.scene.advance(minutes=1)


# What stands on the others' phones already


async def test_the_others_cards_show_it_when_somebody_begins_and_ends_to_edit(two: tuple[Chat, Chat]) -> None:
    """The owner on Viber edits; on Telegram the card that is there already says so, and no message comes."""
    telegram, viber = two
    await viber.says("/edit 1 lead: Скоро.", viber.draft(1))  # both have their names
    card = await telegram.says("/show 1", telegram.draft(1))
    messages = len(telegram.heard())

    await viber.says("/edit 1", SEND[viber.language])
    await becomes(telegram, card, EDITS[telegram.language].replace("Olena (1)", "Olena (2)"))
    await viber.says("/cancel", LEFT[viber.language])
    await becomes(telegram, card, without=EDITS[telegram.language].split("#")[0])

    await viber.says("/edit 1", SEND[viber.language])
    await becomes(telegram, card, "Olena (2)")
    await viber.says("headline: Міст закрили", viber.draft(1))
    await becomes(telegram, card, "Міст закрили", without="Olena (2)")
    assert len(telegram.heard()) == messages


async def test_who_edits_no_more_after_an_hour_is_not_shown_any_longer(two: tuple[Chat, Chat]) -> None:
    telegram, viber = two
    card = await telegram.says("/show 1", telegram.draft(1))
    await viber.says("/edit 1", SEND[viber.language])
    await becomes(telegram, card, "Olena (2)")

    telegram.scene.advance(minutes=59)
    await telegram.says("/list", "#1")
    assert "Olena (2)" in now(telegram, card).text
    telegram.scene.advance(minutes=1)
    await becomes(telegram, card, without="Olena (2)")


async def test_a_change_in_one_message_is_shown_on_the_others_cards_too(two: tuple[Chat, Chat]) -> None:
    telegram, viber = two
    card = await telegram.says("/show 1", telegram.draft(1))
    await viber.says("/edit 1 headline: Міст закрили", viber.draft(1))

    await becomes(telegram, card, "Міст закрили")


async def test_viber_is_told_once_for_each_card(two: tuple[Chat, Chat]) -> None:
    telegram, viber = two
    language = viber.language
    await viber.says("/show 1", viber.draft(1))
    for _ in range(2):
        await telegram.says("/edit 1", SEND[language])
        await viber.hears(WARNED[language])
        await telegram.says("/cancel", LEFT[language])
    await viber.says("/list", "#1")
    assert sum(WARNED[language] in bubble.text for bubble in viber.heard()) == 1

    await viber.says("/show 1", viber.draft(1))
    await telegram.says("/edit 1", SEND[language])
    await viber.scene.until(lambda: sum(WARNED[language] in bubble.text for bubble in viber.heard()) == 2)


async def test_a_card_that_was_deleted_does_not_come_back(two: tuple[Chat, Chat]) -> None:
    telegram, viber = two
    card = await telegram.says("/show 1", telegram.draft(1))
    messages = len(telegram.heard())
    await telegram.scene.sandbox.telegram.delete(OWNER, card.message_id)
    await viber.says("/edit 1", SEND[viber.language])
    await telegram.scene.until(lambda: refused_edits(telegram.scene))

    await telegram.says("/list", "#1")
    assert len(telegram.heard()) == messages  # less the card, and the list


async def test_who_edits_sees_nothing_of_it_on_their_own_card(on_telegram: Chat) -> None:
    card = await on_telegram.drafts()
    await on_telegram.presses("✏️ Змінити", SEND["uk"])
    await on_telegram.says("/list", "#1")

    assert now(on_telegram, card) == card


LEFT = written("Nothing was changed. /list shows what is waiting.")


def now(chat: Chat, card: Bubble) -> Bubble:
    return next(bubble for bubble in chat.heard() if bubble.message_id == card.message_id)


async def becomes(chat: Chat, card: Bubble, text: str = "", *, without: str = "\n\n\n") -> None:
    """The message that stood there shows this."""
    await chat.scene.until(lambda: text in now(chat, card).text and without not in now(chat, card).text)


def refused_edits(scene: Scene) -> list[Request]:
    requests = scene.sandbox.requests
    return [request for request in requests if request.method == "editMessageText" and request.status == 400]


# What may be a remark

ASKED = written("Is this a change to #{id} or just a remark?", id=1)
WHOLE = written("A change would replace the whole text. The")
TAKE = written("📝 Change #{id}", id=1)
REMARK = written("💬 Just a remark")
CHANGED = written("📝 #{id} is changed.", id=1)
STAYS = written("💬 A remark: #{id} stays as it is.", id=1)
TOO_LONG = written("A text this long may arrive in several parts", id=1)


@pytest.fixture
async def writer(scene: Scene, language: str) -> Chat:
    """Replies are there on Telegram alone."""
    return Chat(scene, TELEGRAM, language).arrives()


async def test_a_single_line_in_reply_is_asked_about_before_it_replaces_a_text(writer: Chat) -> None:
    language = writer.language
    card = await writer.drafts()
    await replies(writer, card, "Who says so?", WHOLE[language])
    asked = shown(writer, ASKED[language])
    await writer.scene.sandbox.telegram.press(OWNER, asked.message_id, REMARK[language])
    await becomes(writer, asked, STAYS[language])
    assert writer.headline in (await writer.says("/show 1", writer.draft(1))).text

    await replies(writer, card, "Bridge closed", WHOLE[language])
    asked = shown(writer, ASKED[language])
    await writer.presses(TAKE[language], f"{writer.draft(1)}\nBridge closed")
    await becomes(writer, asked, CHANGED[language])
    await replies(writer, card, "So. " * 900, TOO_LONG[language])
