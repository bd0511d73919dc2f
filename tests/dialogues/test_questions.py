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
