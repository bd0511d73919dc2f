"""An article that waits for somebody is one press away: by /mine, on /show, and on a keyboard that names it."""

from __future__ import annotations

import pytest

from bot.domain.people import Role
from bot.sandbox import Bubble
from tests.dialogues.conftest import Chat, Four
from tests.helpers.catalogue import titled

MENU = ("🆕 New", "📋 Queue", "📌 Mine")


def keyboard(chat: Chat) -> list[str]:
    return [label for row in chat.scene.sandbox.viber.keyboard(chat.address.id) for label, _ in row]


@pytest.mark.newsroom(approvals=1)
async def test_mine_lists_what_waits_for_me_and_show_brings_the_question(four: Four) -> None:
    await four.each("/mine", "Nothing is waiting for you. A new article: /queue. All that waits: /list")
    await four.each_drafts()
    for number, chat in enumerate(four.chats, 1):
        mine = await chat.asks("/mine", "Your own articles:")
        assert chat.headline in mine.text and not chat.reads(mine, "Waiting for your answer:")
        label = next(each for each in labels(mine) if each.startswith(f"#{number} "))
        await chat.pushes("", "draft", on=label)
    asker = four.chats[0]
    await asker.asks("/submit 1", "#{id} is with your colleagues.")

    for chat in four.chats[1:]:
        mine = await chat.asks("/mine", "Waiting for your answer:")
        label = next(each for each in labels(mine) if each.startswith("#1 "))
        await chat.pushes("", "#{id} is waiting for your approval. It goes out: {when}.", on=label)
        shown = await chat.asks("/show 1", "#{id} is waiting for your approval. It goes out: {when}.")
        assert chat.labelled(shown, "✅ Approve")
    assert not asker.labelled(await asker.says("/show 1", "#1 · "), "✅ Approve")


async def test_show_brings_the_post_and_its_card_in_one_message(four: Four) -> None:
    """The other platform's post is behind a button."""
    await four.each_drafts()
    for number, chat in enumerate(four.chats, 1):
        before = {bubble.message_id for bubble in chat.heard()}
        shown = await chat.says(f"/show {number}", titled(number, "draft")[chat.language])
        assert [bubble for bubble in chat.heard() if bubble.message_id not in before] == [shown]
        assert shown.text.startswith(chat.headline)
        assert chat.reads(shown, "⬆️ Exactly what readers on {platform} get.")
        other = next(each for each in labels(shown) if each.startswith("👁 "))
        assert chat.on_telegram is ("Viber" in other)
        seen = await chat.pushes("", "⬆️ Exactly what readers on {platform} get.", on=other)
        assert seen.text.startswith(chat.headline) and seen.message_id != shown.message_id


def labels(bubble: Bubble) -> list[str]:
    return [label for row in (*bubble.buttons, *bubble.keyboard) for label, _ in row]


@pytest.mark.newsroom(approvals=1)
async def test_vibers_keyboard_names_its_articles_and_brings_the_menu(four: Four) -> None:
    chats = [chat for chat in four.chats if not chat.on_telegram]
    asker = next(chat for chat in four.chats if chat.on_telegram)
    for number in (1, 2):
        await asker.drafts(number)
        await asker.asks(f"/submit {number}", "#{id} is with your colleagues.", id=number)

    for chat in chats:
        await chat.asks("/show 2", "#{id} is waiting for your approval. It goes out: {when}.", id=2)
        menu = [*(chat.written(label) for label in MENU), chat.written("❓ Doubts")]
        shown, approve = keyboard(chat), chat.written("✅ Approve")
        about, other = (1, 2) if f"{approve} #1" in shown else (2, 1)  # a question may come meanwhile
        assert f"{approve} #{about}" in shown and chat.written("⏳ Decide #{id}", id=other) in shown
        assert shown[-4:] == menu
        await chat.asks("/help", "Begin with these:")
        waiting = [chat.written("⏳ Decide #{id}", id=each) for each in (1, 2)]
        assert keyboard(chat)[-6:] == [*waiting, *menu]  # the groups of commands stand above
        await chat.pushes("⏳ Decide #{id}", "#{id} is waiting for your approval. It goes out: {when}.", id=1)
        assert f"{chat.written('✅ Approve')} #1" in keyboard(chat)
        for label in (*MENU, "❓ Doubts"):
            await chat.taps(chat.written(label))


async def test_a_reporters_keyboard_offers_only_what_reporters_may(four: Four) -> None:
    reporters = await four.seats(Role.REPORTER)
    for chat in reporters.chats:
        await chat.asks("/mine", "Nothing is waiting for you. A new article: /queue. All that waits: /list")
        if not chat.on_telegram:
            assert keyboard(chat) == [chat.written(label) for label in MENU]
