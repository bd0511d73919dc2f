"""Stories: an article and its follow-ups, listed on each phone, and held while what they say is untrue."""

from __future__ import annotations

import pytest

from tests.dialogues.conftest import Chat, Four
from tests.helpers.library import GOES, PROPOSED, REASON, all_are_out, article_of, partner_of, who_sees

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


HELD = "#{id} is on hold: #{first}, which it follows up, {how}."
REFUSED = "#{id} can't go out: #{first}, which it follows up, {how}, and its first line does not say so."
TIMED, CHANGED = "#{id} is set for {when}.", "#{id} or its first article has changed meanwhile."


async def would_say(chat: Chat, number: int, line: str) -> None:
    """The card of a follow-up shows what its first line would be."""
    await chat.asks(f"/show {number}", "⚠️ It can't go out: #{first}, which it follows up, {how}")
    shown = await chat.pushes("✏️ Change its first line", "Above the headline of #{id} readers would see:", id=number)
    assert chat.words(line)[0] in shown.text


@pytest.mark.newsroom(approvals=1)
async def test_a_follow_up_is_held_while_its_first_line_is_untrue(four: Four) -> None:
    await all_are_out(four)
    for number, chat in enumerate(four.chats, 1):
        other, later, note = partner_of(four, number), 4 + number, f"{REASON[chat.language]} {number}."
        await follows(chat, number, number)
        await chat.asks(f"/at {later} 23:{number}0", TIMED, id=later)
        await chat.asks(f"/checking {number}", "Readers now see that #{id} is being checked.")
        held = await chat.sees(HELD, id=later, first=number)
        assert chat.reads(held, "is being checked")
        await chat.asks(f"/now {later}", REFUSED, id=later, first=number)
        await would_say(chat, later, "We are checking")
        await other.asks(f"/retract {number} {note}", PROPOSED)
        await other.pushes("⛔ Retract now", GOES)
        # On Viber the keyboard of the news about it may have come first: the press was on its way.
        await chat.presses(chat.words("✅ Change it")[0], chat.written(CHANGED, id=later))
        await would_say(chat, later, "We retracted")
        await chat.pushes_in_place("✅ Change it", "Follow-up of #{id}: {headline}")
        await chat.asks(f"/at {later} 23:{number}0", TIMED, id=later)

        await chat.asks(f"/restore {number} {note}", PROPOSED)
        await chat.pushes("📨 Submit for approval", "{kind} of #{id} is with your colleagues.")
        called = await who_sees(four, chat, "❓ {name} asks for your approval. {kind} of #{id}:", number)
        await called.pushes("✅ Approve", GOES)
        await chat.sees("stands again")
        await would_say(chat, later, "Earlier")
        log = await chat.asks(f"/history {later}", "The history of #{id}:")
        assert chat.reads(log, "held back: {why}") and chat.reads(log, "its first article does not stand")
    assert not await four.scene.app.store.read.all("SELECT 1 FROM dispatch WHERE article_id > 4")
