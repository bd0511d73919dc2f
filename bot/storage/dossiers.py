"""Articles with all that the desk did about them, each kind of question in one statement."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from bot.domain.dossier import Approval, Dossier
from bot.domain.entry import EntryState
from bot.domain.people import Writer
from bot.domain.review import Decision, Review, ReviewKind, Verdict
from bot.errors import Damaged
from bot.storage.articles import FIRST, OPEN, THE_FIRST, to_entry
from bot.storage.convert import to_address, to_ms, to_time
from bot.storage.countdown import to_countdown
from bot.storage.engine import Unreadable
from bot.storage.transaction import Row, Transaction

#: The person who gave an article its time, as the audit log names them.
_TIMED_BY = """(SELECT actor FROM audit
            WHERE subject = 'article:' || a.id AND subject <> '' AND act = 'article.scheduled'
            ORDER BY id DESC LIMIT 1)"""
#: At most one row an article: one question is open, one countdown runs, one decision is the last.
_FORM = """
    SELECT a.id, a.state, a.version, a.due_at, a.published_at, a.author, a.created_at, a.not_before, a.expires_at,
        a.paid, a.author_member, v.content,
        r.id AS review_id, r.version AS review_version, r.kind AS review_kind, r.binding, r.asked_by, r.asked_at,
        r.asked_by_member,
        d.kind AS verdict, d.version AS decided_version, d.member_id, d.reason, d.at AS decided_at,
        c.article_id, c.person, c.publisher, c.chat, c.was, c.was_due_at, c.begun_at, c.ends_at, c.tick_at,
        c.ended, c.ended_by,
        {timed_by} AS timed_by,
        EXISTS (SELECT 1 FROM dispatch WHERE article_id = a.id AND state IN ('ready', 'sending', 'running'))
            AS is_leaving,
        EXISTS (SELECT 1 FROM halt) AS is_halted
    FROM article AS a
        JOIN version AS v ON v.article_id = a.id AND v.number = a.version
        LEFT JOIN review AS r ON r.article_id = a.id AND r.closed_at IS NULL
        LEFT JOIN decision AS d ON d.id = (SELECT max(id) FROM decision WHERE article_id = a.id)
        LEFT JOIN countdown AS c ON c.article_id = a.id AND c.ended IS NULL
"""
_DOSSIER = _FORM.format(timed_by=_TIMED_BY)
#: Where somebody made the log unreadable, an article is shown all the same; the next act finds it out.
_WITHOUT_LOG = _FORM.format(timed_by="CAST(NULL AS TEXT)")
#: The people who had a hand in an article: who wrote a version, then who approved what, in their order.
_HANDS = """
    SELECT DISTINCT article_id, 0 AS place, author AS hand, author_member AS member_id, '' AS binding
        FROM version WHERE article_id {of}
    UNION ALL SELECT article_id, id, address, member_id, binding FROM approval
        WHERE article_id {of} AND voided_at IS NULL
    ORDER BY 1, 2
"""
_BY_TIME = "ORDER BY a.due_at, a.id"
_PLANNED = f"""(SELECT a.id FROM article AS a WHERE a.state IN {OPEN} AND a.due_at >= :since AND a.due_at < :until
    {_BY_TIME} LIMIT :most OFFSET :skip)"""  # noqa: S608 - ours
_THE_PLANNED = f"WHERE a.id IN {_PLANNED} {_BY_TIME}"
_ONE = _HANDS.format(of="= :id")
_OF_THE_FIRST = _HANDS.format(of=f"IN {FIRST}")
_OF_THE_PLANNED = _HANDS.format(of=f"IN {_PLANNED}")
#: More articles than ever wait.
ALL = 1_000_000


class DossierQueries(Transaction):
    async def dossier(self, article_id: int) -> Dossier | None:
        """Return an article as it stands, read in two statements; None if there is none of this number."""
        try:
            row = await self.one(_DOSSIER + "WHERE a.id = :id", {"id": article_id})
        except Unreadable:
            row = await self.one(_WITHOUT_LOG + "WHERE a.id = :id", {"id": article_id})
        if row is None:
            return None
        return _dossier(row, list(await self.all(_ONE, {"id": article_id})))

    async def open_dossiers(
        self, most: int = ALL, skip: int = 0, period: tuple[datetime, datetime] | None = None
    ) -> list[Dossier]:
        """Return at most `most` articles that wait, after `skip` of them, in two statements.

        In the order of the list: those with a time by their times, then held, submitted, drafts. With a `period`: those
        that have a time from its first instant on and before its second, by their times.
        """
        params: dict[str, int] = {"most": most, "skip": skip}
        if period is not None:
            params |= {"since": to_ms(period[0]), "until": to_ms(period[1])}
        which = THE_FIRST if period is None else _THE_PLANNED
        of_which = _OF_THE_FIRST if period is None else _OF_THE_PLANNED
        try:
            rows = await self.all(_DOSSIER + which, params)
        except Unreadable:
            rows = await self.all(_WITHOUT_LOG + which, params)
        hands = _by_article(await self.all(of_which, params))
        found = []
        for row in rows:
            with suppress(Damaged):
                found.append(_dossier(row, hands[row["id"]]))
        return found

    async def count_open(self) -> int:
        """Return the number of articles that wait."""
        return int(await self.value(f"SELECT count(*) FROM article WHERE state IN {OPEN}"))  # noqa: S608 - ours

    async def planned_times(self, since: datetime, until: datetime) -> list[tuple[datetime, EntryState]]:
        """Return the times from `since` on and before `until` that waiting articles have, in no order."""
        rows = await self.all(
            f"SELECT due_at, state FROM article WHERE state IN {OPEN} AND due_at >= :since AND due_at < :until",  # noqa: S608 - ours
            {"since": to_ms(since), "until": to_ms(until)},
        )
        return [(to_time(row["due_at"]), EntryState(row["state"])) for row in rows]


def _by_article(rows: Sequence[Row]) -> defaultdict[int, list[Row]]:
    found: defaultdict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["article_id"]].append(row)
    return found


def _dossier(row: Row, hands: list[Row]) -> Dossier:
    return Dossier(
        entry=to_entry(row),
        asked=_review(row) if row["review_id"] is not None else None,
        decision=_decision(row) if row["verdict"] is not None else None,
        countdown=to_countdown(row) if row["article_id"] is not None else None,
        timed_by=row["timed_by"],
        is_leaving=bool(row["is_leaving"]),
        is_halted=bool(row["is_halted"]),
        writers=frozenset(Writer(to_address(hand["hand"]), hand["member_id"]) for hand in hands if not hand["place"]),
        approvals=tuple(Approval(hand["member_id"], hand["binding"]) for hand in hands if hand["place"]),
    )


def _review(row: Row) -> Review:
    return Review(
        id=row["review_id"],
        article_id=row["id"],
        version=row["review_version"],
        kind=ReviewKind(row["review_kind"]),
        binding=row["binding"],
        asked_by=to_address(row["asked_by"]),
        asked_at=to_time(row["asked_at"]),
        asked_by_member=row["asked_by_member"],
    )


def _decision(row: Row) -> Decision:
    return Decision(
        verdict=Verdict(row["verdict"]),
        version=row["decided_version"],
        member_id=row["member_id"],
        reason=row["reason"],
        at=to_time(row["decided_at"]),
    )
