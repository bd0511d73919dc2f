"""Readers read on: a list of what was published leads to each story whole, with its picture, and to older news."""

from __future__ import annotations

from dataclasses import replace

from bot.domain import Media, MediaKind, Verification
from bot.sandbox import Bubble
from tests.dialogues.conftest import Chat
from tests.helpers.crowd import an_article, publishes
from tests.helpers.pictures import numbered

PICTURE = "https://example.org/bridge.jpg"


async def publishes_some(chat: Chat, count: int) -> None:
    """Publish stories one after the other, the last with a picture and still developing; then the reader comes."""
    chat.scene.sandbox.internet.put(PICTURE, numbered(1), kind="image/jpeg")
    for number in range(count):
        article = replace(an_article(f"Story {number}"), language=chat.language)
        if number == count - 1:
            article = replace(article, media=Media(MediaKind.PHOTO, url=PICTURE), status=Verification.DEVELOPING)
        await publishes(chat.scene, article)
        chat.scene.advance(minutes=1)
    await chat.asks("/start", "Thank you for subscribing. Our news will come here.")


async def test_a_list_of_news_leads_to_each_story_and_to_older_ones(reader: Chat) -> None:
    await publishes_some(reader, 7)
    listed = await reader.asks("/latest", "The latest:")
    assert all(f"• Story {number}" in listed.text for number in range(2, 7)) and "🔄" in listed.text

    story = await opens(reader, "📖 Story 4")
    pictured = await opens(reader, "📖 Story 6")
    if not reader.on_telegram:  # its keyboard went with the story
        await reader.asks("/latest", "The latest:")
    older = await reader.pushes("⬇️ More news", "Before that:")

    assert story.text.replace("*", "").startswith("Story 4\n")
    assert pictured.photo
    assert "• Story 1" in older.text and "• Story 0" in older.text and "Story 2" not in older.text


async def test_what_is_no_longer_there_is_said_so(reader: Chat) -> None:
    await publishes_some(reader, 5)
    await reader.asks("/latest", "The latest:")
    await reader.pushes("⬇️ More news", "That is all we published so far. The latest: /latest")
    await reader.asks("/latest", "The latest:")
    await reader.scene.app.store.write(lambda tx: tx.run("UPDATE article SET state = 'cancelled'"))
    gone = await opens(reader, "📖 Story 4")

    assert reader.reads(gone, "That story is no longer there. The latest: /latest")


async def opens(reader: Chat, label: str) -> Bubble:
    """Press it; return the message that comes."""
    heard = len(reader.heard())
    await reader.taps(label)
    await reader.scene.until(lambda: len(reader.heard()) > heard)
    return reader.heard()[-1]
