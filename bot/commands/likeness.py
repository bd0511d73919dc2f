"""The answer about a picture beside those that we published. It is never called ours: it may have been changed."""

from __future__ import annotations

from collections.abc import Sequence

from bot.commands import reading
from bot.commands.talk import Line, Talk
from bot.domain import Media
from bot.domain.entry import Entry
from bot.readers.likeness import articles_like
from bot.texts import text_id

#: Articles with such a picture that are named.
NAMED = 3

KNOWN = text_id("🟡 We published a picture like this with:")
COMPARE = text_id(
    "Whether something in it was changed, and whether its caption is ours, a picture does not tell: compare it with "
    "the original."
)
UNKNOWN = text_id("⚪ We have not published a picture like this lately. That does not mean that it is false.")
SCREENSHOT = text_id("If it shows a text, as a screenshot does: I can't read that. Send the text, or forward the post.")
ITS_OWN = text_id("🖼 The picture looks like the one in the original. Whether something in it was changed: compare.")
ANOTHERS = text_id("🖼 The picture looks like one that we published with another article: “{headline}”.")
NOT_KNOWN = text_id("🖼 We have not published a picture like this lately: it may be somebody else's.")
NOT_SEEN = text_id("🖼 I could not compare the picture: look whether the one in the original is the same.")


async def seen(talk: Talk, media: Media | None) -> list[Entry] | None:
    """Return the published articles with a picture that looks like this one; None if it was not looked at."""
    numbers = await articles_like(talk.tx, media)
    if numbers is None:
        return None
    found = [await talk.tx.entry(number) for number in numbers[:NAMED]]
    return [entry for entry in found if entry is not None]


def answer(talk: Talk, entries: Sequence[Entry]) -> list[Line]:
    """Say what a picture is that came without words."""
    if not entries:
        return [talk.words(UNKNOWN), talk.words(SCREENSHOT)]
    return [talk.words(KNOWN), *(reading.headline(talk, entry) for entry in entries), talk.words(COMPARE)]


async def beside(talk: Talk, media: Media, article: int) -> Line:
    """Say what the picture is that came with the words of an article."""
    entries = await seen(talk, media)
    if entries is None:
        return talk.words(NOT_SEEN)
    if any(entry.id == article for entry in entries):
        return talk.words(ITS_OWN)
    return talk.words(ANOTHERS, headline=entries[0].article.headline) if entries else talk.words(NOT_KNOWN)
