"""Search among what was published, and nowhere else."""

from __future__ import annotations

from bot.domain.entry import Entry, EntryState
from bot.domain.finding import DEEP, ranked, stems_of, weights
from bot.errors import Damaged
from bot.readers.wishes import LOOKED_AT, telling_of, words_of
from bot.storage import Queries, Store

#: Words of a question that are looked for, and articles that answer it.
WORDS, ANSWERS = 6, 3
#: Articles that are read to find as many as answer: others may be damaged.
TRIED = 6
#: Older articles that are brought into the index in one transaction.
BATCH = 5


async def find(read: Queries, asked: str) -> list[Entry]:
    """Return the published articles that answer these words best, the best first.

    Of a text of several lines the headline is looked for, and the rest only if that is not found: a copied post has
    words of its source and of the newsroom's signature too, which stand in no article.
    """
    asked = asked[:LOOKED_AT].strip()
    headline, several, _ = asked.partition("\n")
    return (await _answering(read, headline) if several else []) or await _answering(read, asked)


async def _answering(read: Queries, asked: str) -> list[Entry]:
    words = words_of(asked)
    stems = stems_of(telling_of(words) or words, WORDS)
    found = {stem: await read.articles_with(stem, DEEP) for stem in stems}
    return (await _published(read, ranked(found)[:TRIED]))[:ANSWERS]


async def _published(read: Queries, numbers: list[int]) -> list[Entry]:
    """Return those that readers may see. The index has no others; this holds if it ever had."""
    entries = [await _entry(read, number) for number in numbers]
    return [entry for entry in entries if entry is not None and entry.state is EntryState.PUBLISHED]


async def _entry(read: Queries, number: int) -> Entry | None:
    try:
        return await read.entry(number)
    except Damaged:
        return None


async def catch_up(store: Store) -> None:
    """Bring what was published before there was an index into it, in small steps."""
    while await store.read.unfindable_upto():
        await store.write(_bring_in)


async def _bring_in(tx: Queries) -> None:
    numbers = await tx.older_than_index(await tx.unfindable_upto(), BATCH)
    for entry in await _published(tx, numbers):
        await tx.make_findable(entry.id, weights(entry.article))
    await tx.set_unfindable(numbers[-1] - 1 if len(numbers) == BATCH else 0)
