"""A question to the desk is one message: the post as readers get it, and the answers under it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.commands.posts import LINE
from bot.domain import Run
from bot.newsroom import writing
from bot.sandbox import Bubble
from bot.storage import Queries
from tests.dialogues.conftest import TELEGRAM, VIBER, Chat, Four
from tests.helpers.acts import acting
from tests.helpers.crowd import an_article

ASKED = "#{id} is waiting for your approval. It goes out: {when}."
CHANGED = "#{id} was changed since you looked at it, and waits for your approval. It goes out: {when}."
TIMED = "🕒 #{id} waits for your approval: only its time was changed. It goes out: {when} (before: {before})."
REMINDED = "⏰ #{id} still waits for your approval, {long} by now. It goes out: {when}."
UNREVIEWED = "⏰ #{id}: nobody has reviewed yet what {person} sent out without approval {when}."
pytestmark = pytest.mark.newsroom(approvals=1)


def of(four: Four, platform: str, language: str) -> Chat:
    [chat] = [each for each in four.chats if (each.platform, each.language) == (platform, language)]
    return chat


async def drafts(four: Four, author: Chat) -> None:
    """The author has drafted an article that fills messages of both platforms."""
    house, now = four.scene.app.newsroom, four.scene.clock()

    async def write(tx: Queries) -> None:
        article = replace(an_article(author.headline), body=((Run("Ремонт тривав два роки. " * 400),),))
        await writing.draft(await acting(house, tx, now, author.address), article)

    await four.write(write)


async def looked(*chats: Chat) -> None:
    """Wait until the store knows what these people saw: it is written before they are answered."""
    for chat in chats:
        await chat.says("/whoami", str(chat.address))


def about(chat: Chat, number: int, text: str = ASKED) -> list[Bubble]:
    return [each for each in chat.heard() if chat.reads(each, text) and f"#{number} " in each.text]


async def test_a_picture_its_post_and_the_question_are_one_message_redrawn_in_place(four: Four) -> None:
    author, asked = of(four, TELEGRAM, "en"), of(four, TELEGRAM, "uk")
    await four.scene.sandbox.telegram.send_photo(int(author.person), "A dam holds\n\nIt does.\n\nsource: ОВА")
    await author.hears(author.draft(1))
    await author.asks("/submit 1", "#{id} is with your colleagues. Approvals needed: {n}. If its text")
    question = await asked.sees(ASKED)
    assert question.photo and question.text.startswith("A dam holds") and len(about(asked, 1)) == 1

    await asked.pushes("🕒 Later", "I will ask you about #{id} again {when}.")

    def redrawn() -> Bubble:
        return next(each for each in asked.heard() if each.message_id == question.message_id)

    await four.scene.until(lambda: redrawn().text.startswith("#1 · "))
    assert redrawn().photo and LINE not in redrawn().text


async def test_a_post_that_fills_a_message_comes_first_and_the_question_says_why(four: Four) -> None:
    apart = "⬆️ Above: exactly what readers on {platform} get. It fills a message."
    first, last = of(four, TELEGRAM, "uk"), of(four, VIBER, "en")
    for number, author in enumerate((first, last), 1):
        await drafts(four, author)
        await author.asks(f"/submit {number}", "#{id} is with your colleagues. Approvals needed: {n}. If its text")
        for chat in four.chats:
            if chat is not author:
                question = await chat.sees(ASKED, id=number)
                assert chat.reads(question, apart)
                place = chat.heard().index(question)
                assert chat.heard()[place - 1].text.startswith(author.headline)


async def test_a_later_question_tells_only_what_is_new_since_one_looked(four: Four) -> None:
    """A word, then the channel's topic and the time; a post that nobody saw is shown whole."""
    author, *others = four.chats
    await author.drafts()
    await author.asks("/submit 1", "#{id} is with your colleagues. Approvals needed: {n}. If its text")
    for chat in others:
        assert LINE in (await chat.sees(ASKED)).text

    await looked(*others)
    await author.says("/edit 1 lead: Рух відновили в обох напрямках, обмеження зняли.", author.draft(1))
    await author.asks("/submit 1", "#{id} is with your colleagues. Approvals needed: {n}. If its text")
    for chat in others:
        question = await chat.sees(CHANGED)
        assert "− … обох напрямках, обмеження для вантажівок зняли." in question.text and LINE not in question.text
        shown = await chat.pushes("", "⬆️ Exactly what readers on {platform} get.", on=f"👁 {chat.platform.title()}")
        assert "обмеження зняли." in shown.text

    await looked(*others)
    await author.asks("/at 1 18:30", "#{id} is set for {when}. It goes out only")
    await author.asks("/submit 1", "#{id} is with your colleagues. Approvals needed: {n}. If its text")
    for chat in others:
        assert "−" not in (await chat.sees(TIMED)).text

    await looked(*others)
    await author.says("/edit 1 topics: місто\nlead: Рух відновили.", author.draft(1).split(" · ")[0])
    await author.asks("/at 1 19:30", "#{id} is set for {when}. It goes out only")
    await author.asks("/submit 1", "#{id} is with your colleagues. Approvals needed: {n}. If its text")
    for chat in others:
        assert chat.reads(await chat.sees("🕒 Before: {when}"), CHANGED)


async def test_what_is_asked_again_says_how_long_it_waits_and_shows_no_post_twice(four: Four) -> None:
    author, *others = four.chats
    await author.drafts()
    await author.asks("/submit 1", "#{id} is with your colleagues. Approvals needed: {n}. If its text")
    for chat in others:
        await chat.sees(ASKED)
    await looked(*others)
    four.scene.advance(minutes=15)
    for chat in others:
        assert LINE not in (await chat.sees(REMINDED)).text


async def test_what_nobody_reviewed_is_asked_about_again_in_short(four: Four) -> None:
    """The post, which all have seen, is behind a button."""
    for number, (author, *others) in enumerate((four.chats, four.chats[1:] + four.chats[:1]), 1):
        await author.drafts(number)
        await author.asks(f"/urgent {number}", "It goes out on your responsibility.")
        for chat in others:
            await chat.sees("⚡ #{id} went out without approval: {person}, {when}. Please review it", id=number)
        await looked(*others)
        four.scene.advance(minutes=15)
        for chat in others:
            again = await chat.sees(UNREVIEWED, id=number)
            assert LINE not in again.text and chat.labelled(again, "✅ Reviewed")
        await others[0].pushes("✅ Reviewed", "Noted: you looked at #{id}.", id=number)


async def test_approve_with_a_number_approves_what_was_seen_and_shows_what_was_not(four: Four) -> None:
    author, *others = four.chats
    for number, chat in enumerate(others, 1):
        await author.drafts(number)
        await author.asks(f"/submit {number}", "#{id} is with your colleagues. Approvals needed: {n}. If its text")
        await chat.sees(ASKED, id=number)
        await looked(chat)
        await chat.asks(f"/approve {number}", "#{id} is approved.", id=number)
        await chat.says(f"/approve {number}", f"#{number} · ")
        await author.asks(f"/submit {number}", "#{id} has all its approvals, so nobody is asked.", id=number)
    await author.asks("/approve 1", "You are an author of #{id}: someone else must approve it.", id=1)
    await author.drafts(4)
    await author.asks("/submit 4", "#{id} is with your colleagues. Approvals needed: {n}. If its text")
    for chat in others:
        await chat.sees(ASKED, id=4)
        await looked(chat)
        await four.write(lambda tx: tx.run("DELETE FROM seen", {}))
        assert LINE in (await chat.asks("/approve 4", ASKED, id=4)).text


async def test_one_press_approves_and_publishes_or_sets_the_time(four: Four) -> None:
    author, *others = four.chats
    for number, chat in enumerate(four.chats, 1):
        writer = author if chat is not author else others[0]
        await drafts(four, writer)
        await writer.asks(f"/submit {number}", "#{id} is with your colleagues. Approvals needed: {n}. If its text")
        await chat.sees(ASKED, id=number)
        await chat.pushes("✅ Time…", "When should #{id} go out? The time that you write approves it.", id=number)
        await chat.asks(f"{18 + number}:00", "#{id} is approved. It goes out {when}.", id=number)
        assert not [each for each in writer.heard() if writer.reads(each, "#{id} was changed before it was approved")]
    for number, chat in enumerate(four.chats, 5):
        writer = author if chat is not author else others[0]
        await drafts(four, writer)
        await writer.asks(f"/submit {number}", "#{id} is with your colleagues. Approvals needed: {n}. If its text")
        await chat.sees(ASKED, id=number)
        await chat.pushes("✅ Now 🚀", "#{id} is approved and going out now. The result will come here.", id=number)
    await four.scene.until(lambda: len(four.scene.channel()) == 4)
