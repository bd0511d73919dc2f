"""The ledger: the pages of a dispatch to readers, who is excepted and why, and their sums."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from bot.domain import Address, Platform
from bot.domain.audience import EVERYBODY, Audience
from bot.domain.entry import Entry
from bot.domain.ledger import (
    Dispatch,
    DispatchKind,
    DispatchState,
    Outcome,
    Page,
    Position,
    Tally,
    count_delivered,
    pack_ids,
    pack_states,
    unpack_ids,
    unpack_states,
)
from bot.storage.convert import to_ms
from bot.storage.dispatches import DispatchQueries, Target, whose
from bot.storage.readers import ReaderQueries
from bot.storage.transaction import Row

#: Numbers of readers that one commit counts in: others wait for the writer some 5 ms, and memory stays flat.
BATCH = 8192
#: Readers counted in together with the dispatch, so that it can begin: the editor's command waits for these.
FIRST = 4096
#: Dispatches to look through for a message that was not shown: a platform tells it within hours.
LATELY = 2000


class LedgerQueries(DispatchQueries, ReaderQueries):
    async def add_dispatches(
        self,
        entry: Entry,
        channels: Iterable[Target],
        readers: Mapping[Platform, int],
        now: datetime,
        *,
        silent: bool,
        audience: Audience = EVERYBODY,
        pins: Collection[Platform] = (),
    ) -> None:
        """Make dispatches to channels and to the active readers of each platform whom the article concerns.

        `readers`: the size of each platform's pages. `pins`: platforms where a post can be pinned.

        Only the first of many readers are counted in at once: for the rest see `count_in`. In one transaction, a
        million would keep whoever writes next waiting for a second, and the article with them.
        """
        targets: dict[Target, int] = dict.fromkeys(channels, 0) | {(each, None): size for each, size in readers.items()}
        await self.insert_dispatches(entry, targets, now, silent=silent, whose=audience, pins=pins)
        # A number that is asked for by itself is found at an end of the index.
        uncounted = await self.all(
            """SELECT d.id, d.platform, d.language, d.others,
                   (SELECT min(number) FROM subscriber WHERE platform = d.platform AND state = 'active') AS first,
                   (SELECT max(number) FROM subscriber WHERE platform = d.platform AND state = 'active') AS last
               FROM dispatch AS d
               WHERE d.article_id = :article AND d.counting_from = 0 AND d.counting_to IS NULL ORDER BY d.id""",
            {"article": entry.id},
        )
        for row in uncounted:
            await self._begin_counting(row, now, readers[Platform(row["platform"])])

    async def _begin_counting(self, row: Row, now: datetime, size: int) -> None:
        first, last = row["first"], row["last"]
        state = DispatchState.DONE if last is None else DispatchState.RUNNING
        await self.run(
            "UPDATE dispatch SET state = :state, counting_to = :last WHERE id = :id",
            {"id": row["id"], "state": state, "last": last},
        )
        span = (Platform(row["platform"]), first, -1 if last is None else last)
        if await self._count_from(row["id"], span, now, FIRST, size, whose(row)):
            await self.finish_if_done(row["id"], now)  # perhaps nobody reads that language

    async def counting(self) -> int | None:
        """Return the dispatch whose audience is to be counted next, if any."""
        dispatch_id = await self.value(
            "SELECT id FROM dispatch WHERE counting_from IS NOT NULL ORDER BY urgent DESC, id LIMIT 1"
        )
        return int(dispatch_id) if dispatch_id is not None else None

    async def count_in(self, dispatch_id: int, now: datetime) -> bool:
        """Make the pages of the next readers who were active when the dispatch was made. True after the last of them.

        Who left meanwhile is left out, who came meanwhile too; how far we are is part of the same commit.
        """
        return await self._count_in(dispatch_id, now, BATCH, await self.page_size(dispatch_id))

    async def _count_in(self, dispatch_id: int, now: datetime, limit: int, size: int) -> bool:
        row = await self.one(
            "SELECT platform, counting_from, counting_to, language, others FROM dispatch WHERE id = :id",
            {"id": dispatch_id},
        )
        assert row is not None
        platform, last = Platform(row["platform"]), row["counting_to"]
        first = await self.first_reader(platform, row["counting_from"], last)
        return await self._count_from(dispatch_id, (platform, first, last), now, limit, size, whose(row))

    async def _count_from(
        self,
        dispatch_id: int,
        span: tuple[Platform, int | None, int],
        now: datetime,
        limit: int,
        size: int,
        whom: Audience,
    ) -> bool:
        """Return the platform, the first number to look at (None if there is none) and the last."""
        platform, first, last = span
        counted, end = 0, None
        if first is not None:
            # Whole pages: none is made twice, as its number follows from its readers'.
            low = first // size * size
            high = low + limit // size * size
            end = high if high <= last else None
            readers = await self.audience(platform, dispatch_id, low, min(high - 1, last), whom)
            counted = readers.bit_count()
            await self._add_pages(dispatch_id, size, low, readers, now)
        await self.run(
            "UPDATE dispatch SET audience = audience + :counted, counting_from = :end WHERE id = :id",
            {"id": dispatch_id, "counted": counted, "end": end},
        )
        self.signal("dispatch")
        return end is None

    async def _add_pages(self, dispatch_id: int, size: int, low: int, readers: int, now: datetime) -> None:
        """Make a page whose first number is `low`. `readers`: bit i is set for the reader `low` + i."""
        page_mask = (1 << size) - 1
        pages = [
            Page.new(dispatch_id, (low + at) // size, low + at, size, members)
            for at in range(0, readers.bit_length(), size)
            if (members := readers >> at & page_mask)
        ]
        await self.many(
            """INSERT INTO page (dispatch_id, number, low, state, not_before, members, states, ids)
               VALUES (:dispatch, :number, :low, 'waiting', :now, :members, :states, :ids)""",
            [
                {
                    "dispatch": dispatch_id,
                    "number": page.number,
                    "low": page.low,
                    "now": to_ms(now),
                    "members": page.members,
                    "states": pack_states(page.states),
                    "ids": b"",
                }
                for page in pages
            ],
        )

    async def next_pages(self, platform: Platform, now: datetime, limit: int) -> list[tuple[int, int]]:
        """Return dispatch and number of the pages to send next: urgent dispatches first, then the older."""
        dispatches = await self.all(
            """SELECT id FROM leaving WHERE platform = :platform AND channel IS NULL AND state = 'running'
                   AND state IN ('ready', 'sending', 'running') AND not_before <= :now ORDER BY urgent DESC, id""",
            {"platform": platform, "now": to_ms(now)},
        )
        found: list[tuple[int, int]] = []
        for (dispatch_id,) in dispatches:
            # Dispatch by dispatch: sorting all pages of all of them takes time that the posts of channels wait for.
            rows = await self.all(
                """SELECT number FROM page WHERE dispatch_id = :id AND state = 'waiting' AND +not_before <= :now
                   ORDER BY number LIMIT :limit""",
                {"id": dispatch_id, "now": to_ms(now), "limit": limit - len(found)},
            )
            found += [(dispatch_id, number) for (number,) in rows]
            if len(found) == limit:
                break
        return found

    async def page(self, dispatch_id: int, number: int) -> Page:
        row = await self.one(
            """SELECT p.*, d.platform FROM page AS p JOIN dispatch AS d ON d.id = p.dispatch_id
               WHERE p.dispatch_id = :dispatch AND p.number = :number""",
            {"dispatch": dispatch_id, "number": number},
        )
        assert row is not None
        return _page(row)

    async def copies(self, post_id: int, number: int) -> Mapping[int, int]:
        """Return the message ids of the copies that readers of one page have, by position."""
        row = await self.one(
            "SELECT * FROM page WHERE dispatch_id = :post AND number = :number", {"post": post_id, "number": number}
        )
        return _page(row).ids if row is not None else {}

    async def save_page(self, page: Page, now: datetime, *, not_before: datetime | None = None) -> None:
        """Record outcomes and reserve the next readers in one statement. `not_before`: the page rests until then."""
        if page.is_finished:
            page = await self._without_undelivered(page, now)
        await self.run(
            "UPDATE page SET states = :states, ids = :ids WHERE dispatch_id = :dispatch AND number = :number",
            {
                "dispatch": page.dispatch_id,
                "number": page.number,
                "states": pack_states(page.states),
                "ids": pack_ids(page.ids),
            },
        )
        if page.is_finished or not_before is not None:
            # Apart, because it changes the indexes too: more is written for them than for the page itself.
            await self.run(
                """UPDATE page SET not_before = :not_before, state = :state
                   WHERE dispatch_id = :dispatch AND number = :number""",
                {
                    "dispatch": page.dispatch_id,
                    "number": page.number,
                    "not_before": to_ms(not_before or now),
                    "state": "done" if page.is_finished else "waiting",
                },
            )

    async def add_exceptions(self, dispatch_id: int, found: Mapping[int, tuple[Outcome, str]], now: datetime) -> None:
        """Record exceptions: by a reader's number, their kind and the platform's words."""
        await self.many(
            """INSERT INTO exception (dispatch_id, subscriber, kind, reason, at)
               VALUES (:dispatch, :subscriber, :kind, :reason, :at)
               ON CONFLICT (dispatch_id, subscriber) DO UPDATE SET kind = excluded.kind, reason = excluded.reason""",
            [
                {"dispatch": dispatch_id, "subscriber": number, "kind": kind, "reason": reason, "at": to_ms(now)}
                for number, (kind, reason) in found.items()
            ],
        )

    # What was taken and not shown

    async def not_shown(self, chat: Address, token: int, reason: str, now: datetime) -> None:
        """Note that a reader did not see what the platform had taken, as it says later, with its words.

        The page that holds it may still be on its way, and then takes it in when it is finished.
        """
        reader = await self.value(
            "SELECT number FROM subscriber WHERE platform = :platform AND chat = :chat",
            {"platform": chat.platform, "chat": chat.id},
        )
        if reader is None:
            return
        await self.run(
            """INSERT INTO undelivered (subscriber, token, reason, at) VALUES (:reader, :token, :reason, :now)
               ON CONFLICT (subscriber, token) DO NOTHING""",
            {"reader": reader, "token": str(token), "reason": reason, "now": to_ms(now)},
        )
        for page in await self._latest_pages(chat.platform, int(reader)):
            if page.ids.get(int(reader) - page.low) == token and page.is_finished:
                await self.save_page(page, now)
                return

    async def _latest_pages(self, platform: Platform, reader: int) -> list[Page]:
        """Return the pages that hold this reader, of the dispatches made lately."""
        dispatches = await self.all(
            """SELECT id FROM dispatch WHERE id > (SELECT max(id) FROM dispatch) - :lately
                   AND platform = :platform AND channel IS NULL ORDER BY id DESC""",
            {"platform": platform, "lately": LATELY},
        )
        rows = [
            await self.one(
                "SELECT * FROM page WHERE dispatch_id = :id AND low <= :reader ORDER BY number DESC LIMIT 1",
                {"id": dispatch_id, "reader": reader},
            )
            for (dispatch_id,) in dispatches
        ]
        return [_page(row) for row in rows if row is not None]

    async def _without_undelivered(self, page: Page, now: datetime) -> Page:
        """Return the page as it is after all that was reported about its readers."""
        reports = await self.all(
            """SELECT subscriber, token, reason FROM undelivered
               WHERE subscriber >= :low AND subscriber < :high""",
            {"low": page.low, "high": page.low + len(page.states)},
        )
        found = [row for row in reports if str(page.ids.get(row["subscriber"] - page.low)) == row["token"]]
        if not found:
            return page
        failed = {row["subscriber"]: (Outcome.FAILED, row["reason"]) for row in found}
        await self.add_exceptions(page.dispatch_id, failed, now)
        await self.many(
            "DELETE FROM undelivered WHERE subscriber = :subscriber AND token = :token",
            [{"subscriber": row["subscriber"], "token": row["token"]} for row in found],
        )
        return page.not_shown(number - page.low for number in failed)

    async def interrupted_pages(self) -> list[Page]:
        """Return the pages on which an earlier run may have left reservations."""
        rows = await self.all("SELECT * FROM page WHERE state = 'waiting'")
        begun = (row for row in rows if row["states"].strip(b"\0"))
        return [page for page in map(_page, begun) if page.positions(Position.RESERVED)]

    async def tally(self, dispatch: Dispatch) -> Tally:
        kinds = {
            row[0]: row[1]
            for row in await self.all(
                "SELECT kind, count(*) FROM exception WHERE dispatch_id = :id GROUP BY kind", {"id": dispatch.id}
            )
        }
        rows = await self.all(
            "SELECT states FROM page WHERE dispatch_id = :id AND (ids <> :none OR state = 'done' OR :all = 1)",
            # An edit keeps no ids, by which a page that was begun is known.
            {"id": dispatch.id, "none": b"", "all": int(dispatch.kind is not DispatchKind.POST)},
        )
        delivered = count_delivered(b"".join(row[0] for row in rows))
        return Tally(
            dispatch.audience, delivered, kinds.get("gone", 0), kinds.get("failed", 0), kinds.get("in_doubt", 0)
        )


def _page(row: Row) -> Page:
    states = unpack_states(row["states"])
    delivered = [position for position, state in enumerate(states) if state == Position.DELIVERED]
    ids = unpack_ids(row["ids"], delivered)
    return Page(row["dispatch_id"], row["number"], row["low"], row["members"], states, ids)
