"""Holdings: which version the readers of an article have, and who of them was told that it is not the last."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

from bot.domain import Platform
from bot.domain.ledger import Dispatch, DispatchKind, Outcome, Position, unpack_states, where
from bot.storage.dispatches import to_dispatch
from bot.storage.transaction import Row, Transaction


@dataclass(frozen=True, slots=True)
class Holding:
    """Readers of one platform who have the same version. Not `is_sure`: nobody knows whether they have it.

    `is_told`: they got a word that it was changed.
    """

    platform: Platform
    version: int
    is_sure: bool
    is_told: bool
    readers: int


#: Platform, version, whether that is sure, and whether they were told.
Key = tuple[Platform, int, bool, bool]
_TO_READERS = "SELECT * FROM dispatch WHERE article_id = :id AND channel IS NULL ORDER BY id DESC"
_EXCEPTED = "SELECT subscriber FROM exception WHERE dispatch_id = :id AND kind = :kind"


class HoldingQueries(Transaction):
    async def holdings(self, article_id: int) -> list[Holding]:
        """Return how many readers have which version, the newest first, without those who have left since.

        Reads every page of the article.
        """
        rows = await self.all(_TO_READERS, {"id": article_id})
        dispatches = [to_dispatch(row) for row in rows]
        counted: Counter[Key] = Counter()
        for post in dispatches:
            if post.kind is DispatchKind.POST:
                counted += await self._held(post, [each for each in dispatches if each.of == post.id])
        keys = sorted(counted, key=lambda key: (-key[1], key[0], not key[2], key[3]))
        return [Holding(*key, counted[key]) for key in keys]

    async def _held(self, post: Dispatch, beside: Sequence[Dispatch]) -> Counter[Key]:
        pages, doubts = await self._pages(post), await self._excepted([post], Outcome.IN_DOUBT)
        gone = await self._excepted(beside, Outcome.GONE)
        delivered = {each.id: await self._delivered(each) for each in beside}
        counted: Counter[Key] = Counter()
        for row in pages:
            states, number = unpack_states(row["states"]), row["number"]
            by = [(each, delivered[each.id].get(number, 0)) for each in beside]
            told = reduce(or_, (readers for each, readers in by if each.kind is DispatchKind.NOTICE), 0)
            edits = [(each.version, readers) for each, readers in by if each.kind.changes_copies]
            holders = where(states, Position.DELIVERED) & ~gone(row["low"], len(states))
            held = [(*each, True) for each in _versions(post, holders, edits)]
            for version, readers, is_sure in (*held, (post.version, doubts(row["low"], len(states)), False)):
                for is_told, some in ((False, readers & ~told), (True, readers & told)):
                    counted[post.platform, version, is_sure, is_told] += some.bit_count()
        return counted

    async def _pages(self, post: Dispatch) -> Sequence[Row]:
        return await self.all("SELECT number, low, states FROM page WHERE dispatch_id = :id", {"id": post.id})

    async def _delivered(self, dispatch: Dispatch) -> Mapping[int, int]:
        return {
            row["number"]: where(unpack_states(row["states"]), Position.DELIVERED)
            for row in await self._pages(dispatch)
        }

    async def _excepted(self, dispatches: Sequence[Dispatch], kind: Outcome) -> Callable[[int, int], int]:
        """Return a function that tells who of `size` readers from `low` on is excepted like this, as bits."""
        found: set[int] = set()
        for dispatch in dispatches:
            found |= {row["subscriber"] for row in await self.all(_EXCEPTED, {"id": dispatch.id, "kind": kind})}
        readers = sorted(found)

        def bits(low: int, size: int) -> int:
            some = readers[bisect_left(readers, low) : bisect_left(readers, low + size)]
            return sum(1 << reader - low for reader in some)

        return bits


def _versions(post: Dispatch, holders: int, edits: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Share out holders by the newest edit of theirs, else the post; `edits` newest first."""
    for version, readers in edits:
        yield version, holders & readers
        holders &= ~readers
    yield post.version, holders
