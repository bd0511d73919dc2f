"""/proof: that a version stands in the public record, and how anybody checks that without us."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from bot.commands.talk import Key, Line, Link, Talk, bold
from bot.domain.open_record import OpenRecord
from bot.readers.proofs import Proved, proved, wanted
from bot.record.entries import Act
from bot.texts import text_id

HOW = text_id("Send the number of an article, or the code under a post, like this: /proof 12")
NOT_OPEN = text_id("We record what we publish, but nobody can see that record yet: the newsroom has not opened it.")
TO_CHECK = text_id(
    "To check it without us: open the page and paste the text. Compare the key at the foot of the page with the one "
    "pinned in our channels."
)
NEVER_TRUE = text_id("The record proves that we published this, not that it is true.")
#: What became of a version that no longer stands; of any other act there is a newer version.
SINCE: Mapping[Act, str] = {
    Act.CHECKING: text_id("⚠️ We are checking it right now. Please don't pass it on for now."),
    Act.RETRACTED: text_id("⛔ We have taken it back. Please don't pass it on."),
    Act.WITHDRAWN: text_id("Its text was removed as the law demands. The entry stays, and tells nothing of it."),
}
NEWER = text_id("There is a newer version: /proof {id}")


async def proof(talk: Talk, typed: str) -> None:
    """Say where an article stands in the record, with the page and the proof as buttons."""
    record, asked = talk.newsroom.press.record, wanted(typed)
    if not asked.article and asked.index is None:
        await talk.say(HOW, keys=_page(talk, record))
        return
    found = await proved(talk.tx, asked)
    if found is None:
        await talk.say("That is not in our public record.", keys=_page(talk, record))
        return
    await talk.show(_lines(talk, found, record), _keys(talk, found, record))


def _lines(talk: Talk, found: Proved, record: OpenRecord) -> list[Line]:
    words, entry = talk.words, found.entry
    at = talk.when(datetime.fromtimestamp(entry.at / 1000, UTC))
    lines: list[Line] = [bold(f"🔏 {found.headline}")] if found.headline else []
    text = text_id("Version {version} of #{id} has been in our public record since {when}, as entry {index}.")
    lines.append(words(text, version=entry.version, id=entry.article, when=at, index=found.index))
    if found.since is not None:
        lines.append(words(SINCE.get(found.since, NEWER), id=entry.article))
    if not record.is_open:
        return [*lines, words(NOT_OPEN)]
    return [*lines, words(TO_CHECK), words(NEVER_TRUE)] if found.headline else lines


def _keys(talk: Talk, found: Proved, record: OpenRecord) -> list[list[Key | Link]]:
    if not record.is_open or found.headline is None:
        return []
    keys: list[list[Key | Link]] = [[Link(talk.words("🔎 Check it yourself"), record.version(found.code))]]
    file = record.proof(found.entry.article, found.entry.version)
    return [*keys, [Link(talk.words("📄 The proof, a file"), file)]] if file else keys


def _page(talk: Talk, record: OpenRecord) -> list[list[Key | Link]]:
    return [[Link(talk.words("🔎 Check it yourself"), record.page)]] if record.is_open else []
