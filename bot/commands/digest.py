"""The digest in words: one message for somebody who is back, with buttons for what waits for them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.commands import cards
from bot.commands.talk import Key, Keys, Line, Talk, bold
from bot.domain.buttons import AskEdit, SeeQuestion, ShowArticle
from bot.domain.entry import Entry
from bot.domain.news import BackOnDuty
from bot.newsroom.digest import Digest, digest_of, left_at, read_standing
from bot.texts import TextId, text_id

#: Articles that each part names.
MOST = 8
#: Characters of a headline on a button.
LABEL = 40


async def tell(talk: Talk, told: BackOnDuty) -> None:
    """Tell a member what they find; nothing if there is nothing."""
    since = left_at(told)
    found = digest_of(talk.me, await read_standing(talk.desk, since), since)
    if found.is_empty:
        return
    for situation in found.asked:
        await talk.tx.keep_asked(situation.entry.id, [talk.me.id], talk.now)
    head = talk.words("☀️ While you were away (since {when}):", when=talk.when(since))
    await talk.show([bold(head), *_lines(talk, found)], _keys(found))


def _lines(talk: Talk, found: Digest) -> list[Line]:
    asked, returned, held = ([each.entry for each in part] for part in (found.asked, found.returned, found.held))
    lines: list[Line] = [
        *_part(talk, text_id("Waiting for your answer:"), asked),
        *_part(talk, text_id("Sent back to you:"), returned),
        *_part(talk, text_id("On hold:"), held),
        *_part(talk, text_id("Drafts from feeds:"), found.brought),
    ]
    if found.doubts:
        lines.append(talk.words("Posts in doubt: {n}. /doubts shows them.", n=found.doubts))
    return [*lines, *_part(talk, text_id("Went out:"), found.out)]


def _part(talk: Talk, title: TextId, entries: Sequence[Entry]) -> Iterable[Line]:
    if not entries:
        return
    yield talk.words(title)
    for entry in entries[:MOST]:
        at = entry.published_at or entry.due_at
        line = f"• #{entry.id} {cards.short(entry.article.headline)}"
        yield line if at is None else f"{line} · {talk.when(at)}"
    if len(entries) > MOST:
        yield talk.words("… and {n} more: /list", n=len(entries) - MOST)


def _keys(found: Digest) -> Keys:
    """Return a button for each article that waits for this member."""
    shown = [*found.asked[:MOST], *found.held[:MOST]]
    entries = dict.fromkeys((each.entry.id, each.entry.article.headline) for each in shown)
    own = [(each.entry.id, each.entry.article.headline) for each in found.returned[:MOST]]
    brought = [(each.id, each.article.headline) for each in found.brought[:MOST]]
    return [
        *([Key(f"👁 #{number} {cards.short(title, LABEL)}", SeeQuestion(number))] for number, title in entries),
        *([Key(f"✏️ #{number} {cards.short(title, LABEL)}", AskEdit(number))] for number, title in own),
        *([Key(f"📡 #{number} {cards.short(title, LABEL)}", ShowArticle(number))] for number, title in brought),
    ]
