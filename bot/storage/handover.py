"""The hand-over: a change takes over the readers of the posts and changes that went before it, page by page.

Whoever was not sent to yet goes to the newest post, whoever has a copy to its edit, and whoever may have one is told.
A page that is on its way is taken over when its last request is answered; so nobody's copy is changed twice at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.domain.change import ENDS_SENDING, ChangeKind
from bot.domain.ledger import (
    Cause,
    Dispatch,
    DispatchKind,
    DispatchState,
    Page,
    Position,
    pack_states,
    unpack_states,
    where,
)
from bot.storage.convert import to_ms
from bot.storage.dispatches import to_dispatch
from bot.storage.ledger import LedgerQueries
from bot.storage.transaction import Row

#: Pages that one commit takes over, and those that the commit of the change itself does: others wait for the writer.
BATCH, FIRST = 64, 16
#: An earlier edit of the same copy, of which nobody knows, is given this long to take effect.
SETTLES_IN = timedelta(seconds=10)
#: The post of the newest version that takes readers of these pages, and has none of them yet.
_HEIR = """
    SELECT min(id) FROM dispatch
    WHERE article_id = :article AND platform = :platform AND channel IS NULL AND kind = 'post'
        AND superseded_by IS NULL AND state = :state
        AND NOT EXISTS (SELECT 1 FROM page WHERE dispatch_id = dispatch.id AND number >= :first AND number <= :last)
"""
_FORGET = "DELETE FROM handover WHERE post_id = :post_id AND number = :number AND onwards = :onwards"
_MAKE_HEIR = """
    INSERT INTO dispatch (article_id, version, platform, channel, state, reason, urgent, silent, paid, plain, policy,
        audience, counting_from, not_before, created_at, changed_at, language, others, page_size, change_id)
    SELECT d.article_id, a.version, d.platform, NULL, :state, :reason, d.urgent, d.silent, d.paid, d.plain, d.policy,
        0, NULL, :now, :now, :now, d.language, d.others,
        coalesce(d.page_size, (SELECT length(states) * 4 FROM page WHERE dispatch_id = d.id LIMIT 1)),
        (SELECT max(id) FROM change WHERE article_id = d.article_id AND out_at IS NOT NULL)
    FROM dispatch AS d JOIN article AS a ON a.id = d.article_id WHERE d.id = :post RETURNING id
"""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A page without its message ids: its readers and their states as bits by position."""

    dispatch_id: int
    number: int
    low: int
    members: int
    states: bytes

    @property
    def untouched(self) -> int:
        return self.members & where(self.states, Position.UNTOUCHED)

    @property
    def holders(self) -> int:
        return where(self.states, Position.DELIVERED)

    @property
    def is_busy(self) -> bool:
        return Position.RESERVED in self.states


@dataclass(slots=True)
class Batch:
    """The outcome of one commit: readers to be added and taken away, by dispatch."""

    now: datetime
    pages: list[dict[str, object]] = field(default_factory=list)
    left: list[dict[str, object]] = field(default_factory=list)
    #: By how much the audience of a dispatch grows.
    growth: defaultdict[int, int] = field(default_factory=lambda: defaultdict(int))

    def add(self, dispatch_id: int, leaf: Leaf, readers: int, *, later: bool = False) -> None:
        """Let a dispatch have `readers` of a page, who are not sent to yet."""
        page = Page.new(dispatch_id, leaf.number, leaf.low, len(leaf.states), readers)
        at = {"dispatch": dispatch_id, "number": leaf.number, "low": leaf.low}
        not_before = to_ms(self.now + SETTLES_IN if later else self.now)
        states = {"members": page.members, "states": pack_states(page.states), "ids": b""}
        self.pages.append({**at, **states, "not_before": not_before})
        self.growth[dispatch_id] += readers.bit_count()

    def take(self, leaf: Leaf) -> None:
        """Take from a page the readers who were not sent to; it is done."""
        rest = leaf.members & ~leaf.untouched
        self.growth[leaf.dispatch_id] -= leaf.untouched.bit_count()
        members = rest.to_bytes((len(leaf.states) + 7) // 8, "little")
        self.left.append({"dispatch": leaf.dispatch_id, "number": leaf.number, "members": members})


class HandoverQueries(LedgerQueries):
    async def begin_handover(self, post: Dispatch) -> None:
        """Let the latest change take over all pages of a post, from the first on."""
        await self.run("DELETE FROM handover WHERE post_id = :post", {"post": post.id})
        await self.run(
            "INSERT INTO handover (article_id, post_id, number, onwards, due) VALUES (:article, :post, 0, 1, 1)",
            {"article": post.article_id, "post": post.id},
        )
        self.signal("dispatch")

    async def save_page(self, page: Page, now: datetime, *, not_before: datetime | None = None) -> None:
        """As in the ledger. A page of which nothing is reserved any longer may be taken over by a change."""
        await super().save_page(page, now, not_before=not_before)
        if page.count(Position.RESERVED):
            return
        changed = await self.run(
            """UPDATE handover SET due = 1 WHERE number = :number AND onwards = 0
               AND (post_id = :dispatch OR post_id = (SELECT of FROM dispatch WHERE id = :dispatch))""",
            {"dispatch": page.dispatch_id, "number": page.number},
        )
        if changed:
            self.signal("dispatch")

    async def is_handing_over(self) -> bool:
        """Return True if a change can take over readers now."""
        return await self.value("SELECT 1 FROM handover WHERE due = 1 LIMIT 1") is not None

    async def hand_over(self, now: datetime, most: int = BATCH) -> list[Dispatch]:
        """Let a change take over up to `most` pages of one post; return the dispatches that ended by that."""
        row = await self.one("SELECT * FROM handover WHERE due = 1 ORDER BY post_id, number LIMIT 1")
        if row is None or (post := await self.dispatch(row["post_id"])) is None:
            return []
        leaves = await self._leaves_of(post, row["number"], most if row["onwards"] else 1)
        await self.run(_FORGET, {name: row[name] for name in ("post_id", "number", "onwards")})
        if row["onwards"] and len(leaves) == most:
            await self._hand_over_later(post, [leaves[-1].number + 1], onwards=True)
        if leaves:
            await self._take_over(post, leaves, now)
        self.signal("dispatch")
        return await self._ended(post.article_id, now)

    async def _hand_over_later(self, post: Dispatch, numbers: Iterable[int], *, onwards: bool) -> None:
        """Keep which pages are still to be taken over: those that are on their way are not due yet."""
        await self.many(
            """INSERT INTO handover (article_id, post_id, number, onwards, due)
               VALUES (:article, :post, :number, :onwards, :onwards)""",
            [
                {"article": post.article_id, "post": post.id, "number": number, "onwards": int(onwards)}
                for number in numbers
            ],
        )

    async def _leaves_of(self, post: Dispatch, number: int, most: int) -> list[Leaf]:
        rows = await self.all(
            """SELECT dispatch_id, number, low, members, states FROM page
               WHERE dispatch_id = :id AND number >= :number ORDER BY number LIMIT :most""",
            {"id": post.id, "number": number, "most": most},
        )
        return [_leaf(row) for row in rows]

    async def _take_over(self, post: Dispatch, leaves: Sequence[Leaf], now: datetime) -> None:
        """Share out the readers of these pages, but for those that are on their way."""
        beside = await self._beside(post, leaves[0].number, leaves[-1].number)
        busy = {leaf.number for leaf in leaves if leaf.is_busy or any(each.is_busy for each in beside[leaf.number])}
        await self._hand_over_later(post, sorted(busy), onwards=False)
        free = [leaf for leaf in leaves if leaf.number not in busy]
        batch = Batch(now)
        await self._share_out(post, free, beside, batch)
        await self._hand_on_rest(post, [leaf for leaf in free if leaf.untouched], batch)
        await self._write(batch)

    async def _hand_on_rest(self, post: Dispatch, leaves: Sequence[Leaf], batch: Batch) -> None:
        """Give whoever was not sent to yet to the newest post."""
        if leaves and await self.taken_back(post.article_id) is None:
            heir = await self.heir(post, batch.now, [leaf.number for leaf in leaves])
            for leaf in leaves:
                batch.take(leaf)
                batch.add(heir, leaf, leaf.untouched)

    async def _share_out(
        self, post: Dispatch, leaves: Sequence[Leaf], beside: Mapping[int, Sequence[Leaf]], batch: Batch
    ) -> None:
        """Give whoever has a copy to its newest edit, and whoever may have one to the newest word beside it."""
        edit = await self._target(post, DispatchKind.EDIT, DispatchKind.REMOVAL)
        notice = await self._target(post, DispatchKind.NOTICE)
        doubts = await self._doubts(post, leaves) if notice is not None and leaves else {}
        for leaf in leaves:
            there = {each.dispatch_id for each in beside[leaf.number]}
            older = [each for each in beside[leaf.number] if each.dispatch_id not in (edit, notice) and each.untouched]
            for each in older:
                batch.take(each)
            if edit is not None and edit not in there and leaf.holders:
                # What was requested of an older edit may take effect late.
                batch.add(edit, leaf, leaf.holders, later=bool(older))
            told = leaf.holders | doubts.get(leaf.number, 0)
            if notice is not None and notice not in there and told:
                batch.add(notice, leaf, told)

    async def _beside(self, post: Dispatch, first: int, last: int) -> Mapping[int, Sequence[Leaf]]:
        """Return the pages of what was done to the copies of a post, by number."""
        rows = await self.all(
            """SELECT p.dispatch_id, p.number, p.low, p.members, p.states
               FROM dispatch AS d JOIN page AS p ON p.dispatch_id = d.id
               WHERE d.of = :post AND p.number BETWEEN :first AND :last""",
            {"post": post.id, "first": first, "last": last},
        )
        beside: defaultdict[int, list[Leaf]] = defaultdict(list)
        for row in rows:
            beside[row["number"]].append(_leaf(row))
        return beside

    async def _target(self, post: Dispatch, kind: DispatchKind, other: DispatchKind | None = None) -> int | None:
        """Return the dispatch that carries the latest change to the copies of a post; None: there is none."""
        number = await self.value(
            """SELECT id FROM dispatch WHERE of = :post AND kind IN (:kind, :other) AND superseded_by IS NULL
               ORDER BY id DESC LIMIT 1""",
            {"post": post.id, "kind": kind, "other": other or kind},
        )
        return int(number) if number is not None else None

    async def _doubts(self, post: Dispatch, leaves: Sequence[Leaf]) -> Mapping[int, int]:
        """Return the readers of whom nobody knows whether they have a copy, as bits by page."""
        size, low = len(leaves[0].states), leaves[0].low
        rows = await self.all(
            """SELECT subscriber FROM exception WHERE dispatch_id = :post AND kind = 'in_doubt'
                   AND subscriber >= :low AND subscriber < :high""",
            {"post": post.id, "low": low, "high": leaves[-1].low + size},
        )
        doubts: defaultdict[int, int] = defaultdict(int)
        for (reader,) in rows:
            doubts[reader // size] |= 1 << reader % size
        return doubts

    async def taken_back(self, article_id: int) -> Cause | None:
        """Return why whoever has no copy of an article is to get none; None: they get its newest version."""
        kind = await self.value(
            """SELECT kind FROM change WHERE article_id = :id AND out_at IS NOT NULL ORDER BY id DESC LIMIT 1""",
            {"id": article_id},
        )
        return cause_of_end(ChangeKind(kind)) if kind is not None and kind in ENDS_SENDING else None

    async def heir(self, post: Dispatch, now: datetime, numbers: Sequence[int] = ()) -> int:
        """Return the post to which readers of an older one go, made if there is none that has room for these pages.

        What was stopped stays stopped.
        """
        stays = post.state is DispatchState.STOPPED and post.reason != Cause.RETRACTED
        state = DispatchState.STOPPED if stays else DispatchState.RUNNING
        of = {"article": post.article_id, "platform": post.platform, "state": state}
        first, last = min(numbers, default=0), max(numbers, default=-1)
        found = await self.value(_HEIR, {**of, "first": first, "last": last})
        if found is not None:
            return int(found)
        reason = post.reason if stays else ""
        return int(await self.value(_MAKE_HEIR, {"post": post.id, "state": state, "reason": reason, "now": to_ms(now)}))

    async def inherit_counting(self, post: Dispatch, heir: int) -> None:
        """Let the rest of an audience be counted in for the newer post."""
        await self.run(
            """UPDATE dispatch SET counting_from = (SELECT counting_from FROM dispatch WHERE id = :post),
                   counting_to = (SELECT counting_to FROM dispatch WHERE id = :post) WHERE id = :heir""",
            {"post": post.id, "heir": heir},
        )
        await self.run("UPDATE dispatch SET counting_from = NULL WHERE id = :post", {"post": post.id})

    async def _write(self, batch: Batch) -> None:
        await self.many(
            "UPDATE page SET members = :members, state = 'done' WHERE dispatch_id = :dispatch AND number = :number",
            batch.left,
        )
        await self.many(
            """INSERT INTO page (dispatch_id, number, low, state, not_before, members, states, ids)
               VALUES (:dispatch, :number, :low, 'waiting', :not_before, :members, :states, :ids)""",
            batch.pages,
        )
        await self.many(
            "UPDATE dispatch SET audience = audience + :growth WHERE id = :id",
            [{"id": number, "growth": growth} for number, growth in batch.growth.items()],
        )

    async def _ended(self, article_id: int, now: datetime) -> list[Dispatch]:
        """Close the dispatches to readers of which nothing is left once everybody is taken over."""
        rows = await self.all(
            """UPDATE dispatch SET state = 'done', changed_at = :now
               WHERE article_id = :article AND channel IS NULL AND counting_from IS NULL
                   AND (state = 'running' OR (state = 'stopped' AND superseded_by IS NOT NULL))
                   AND NOT EXISTS (SELECT 1 FROM page WHERE dispatch_id = dispatch.id AND page.state = 'waiting')
                   AND NOT EXISTS (SELECT 1 FROM handover WHERE handover.article_id = :article) RETURNING *""",
            {"article": article_id, "now": to_ms(now)},
        )
        return [to_dispatch(row) for row in rows]


def cause_of_end(kind: ChangeKind) -> Cause:
    """Return why nothing more of an article leaves after a change that ends its sending."""
    return Cause.RETRACTED if kind is ChangeKind.RETRACTION else Cause.EXPIRED


def _leaf(row: Row) -> Leaf:
    members = int.from_bytes(row["members"], "little")
    return Leaf(row["dispatch_id"], row["number"], row["low"], members, unpack_states(row["states"]))
