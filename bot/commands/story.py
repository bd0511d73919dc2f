"""/story: an article with what it follows up and what follows it up, the first of them first."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from bot.commands import cards
from bot.commands.marks import STANDINGS
from bot.commands.queue import article_id
from bot.commands.talk import Line, Talk, bold
from bot.domain import Run
from bot.domain.entry import Entry, EntryState
from bot.domain.life import Stage
from bot.errors import Damaged, Refused
from bot.texts import text_id

#: Articles that fill one screen: of more, the first and the latest are shown.
SHOWN = 10


async def story(talk: Talk, argument: str) -> None:
    number, _ = article_id(argument, text_id("/story 12"))
    await talk.desk.entry(number)
    numbers = await talk.tx.story(number)
    if numbers == [number]:
        raise Refused(
            "#{id} follows nothing up, and nothing follows it up. A line “about: {id}” in an article makes it a "
            "follow-up.",
            id=number,
        )
    lines: list[Line] = [bold(talk.words("The story around #{id}:", id=number))]
    shown = chosen(numbers, number)
    for each in shown:
        with suppress(Damaged):
            lines += await _told(talk, await talk.desk.entry(each))
    if more := len(numbers) - len(shown):
        lines.insert(3, talk.words.plural("… and {n} more", "… and {n} more", more))
    await talk.show(lines)


def chosen(numbers: Sequence[int], asked: int, most: int = SHOWN) -> list[int]:
    """Return the first of a story, the one that is asked about and the latest, in their order, `most` in all."""
    if len(numbers) <= most:
        return list(numbers)
    kept = {numbers[0], asked}
    kept |= set([each for each in numbers if each not in kept][-(most - len(kept)) :])
    return [each for each in numbers if each in kept]


async def _told(talk: Talk, entry: Entry) -> list[Line]:
    """Return two lines: how an article stands, and its headline."""
    is_out = entry.state is EntryState.PUBLISHED
    at = entry.published_at if is_out else entry.due_at
    parts = [talk.words(cards.STAGES[Stage(entry.state)]), *([talk.when(at)] if at is not None else [])]
    if is_out and (standing := STANDINGS.get(entry.article.standing)) is not None:
        parts.append(talk.words(standing))
    link = entry.article.link or (await _post_link(talk, entry.id) if is_out else "")
    return [f"#{entry.id} · {' · '.join(parts)}", [Run(cards.short(entry.article.headline), link=link)]]


async def _post_link(talk: Talk, number: int) -> str:
    return next((each.link for each in await talk.tx.dispatches(number) if each.link), "")
