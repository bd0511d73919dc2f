"""Stories: an article and its follow-ups, listed on each phone."""

from __future__ import annotations

import pytest

from tests.dialogues.conftest import Chat, Four
from tests.dialogues.test_corrections import GOES, PROPOSED, REASON, all_are_out, article_of

STORY = "The story around #{id}:"


async def follows(chat: Chat, number: int, about: int) -> None:
    """Draft a follow-up of that article."""
    text = article_of(number, chat.language).replace("https://example.org/library/", "https://example.org/more/")
    await chat.says(f"/queue {text}\n{'про' if chat.language == 'uk' else 'about'}: {about}", chat.draft(4 + number))


async def stands(chat: Chat, number: int, text: str) -> None:
    """Its story, asked from the article and from its follow-up, says so of the article."""
    for asked in (number, 4 + number):
        shown = await chat.asks(f"/story {asked}", STORY, id=asked)
        first, headline, second, *_ = shown.text.split("\n")[1:]
        assert first.startswith(f"#{number} ") and chat.words(text)[0] in first
        assert headline and second.startswith(f"#{4 + number} ") and chat.words("draft")[0] in second
        assert f"https://example.org/library/{number}" in repr(shown)


@pytest.mark.newsroom(approvals=1)
async def test_a_story_is_told_from_each_of_its_articles_on_each_phone(four: Four) -> None:
    await all_are_out(four)
    for number, chat in enumerate(four.chats, 1):
        note = f"{REASON[chat.language]} {number}."
        await chat.asks(f"/story {number}", "#{id} follows nothing up, and nothing follows it up.")
        await follows(chat, number, number)
        await stands(chat, number, "published")

        await chat.types(f"/correct {number} lead: {note}")
        await chat.asks(note, PROPOSED)
        await chat.pushes("⚡ Urgent: on my word", GOES)
        await stands(chat, number, "❗ corrected")
        await chat.asks(f"/checking {number}", "Readers now see that #{id} is being checked.")
        await stands(chat, number, "⚠️ being checked")
        await chat.asks(f"/retract {number} {note}", PROPOSED)
        await chat.pushes("⛔ Retract now", GOES)
        for asked in (number, 4 + number):
            shown = await chat.asks(f"/story {asked}", STORY, id=asked)
            assert chat.reads(shown, "⛔ retracted")
    await four.chats[0].asks("/story 9", "There is no article #{id}.")
