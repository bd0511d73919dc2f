"""Articles with all that the desk did about them, each kind of question in one statement."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress

from bot.domain.dossier import Approval, Dossier
from bot.domain.people import Writer
from bot.domain.review import Decision, Review, ReviewKind, Verdict
from bot.errors import Damaged
from bot.storage.articles import to_entry
from bot.storage.convert import to_address, to_time
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
_OPEN = "('counting', 'queued', 'held', 'submitted', 'draft')"
_WAITING = f"""WHERE a.state IN {_OPEN}
    ORDER BY CASE a.state WHEN 'counting' THEN 0 WHEN 'queued' THEN 1 WHEN 'held' THEN 2
        WHEN 'submitted' THEN 3 ELSE 4 END, a.due_at NULLS FIRST, a.id"""
_ONE = _HANDS.format(of="= :id")
_ALL_OPEN = _HANDS.format(of=f"IN (SELECT id FROM article WHERE state IN {_OPEN})")  # noqa: S608 - ours


class DossierQueries(Transaction):
    async def dossier(self, article_id: int) -> Dossier | None:
        """An article as it stands, in two statements."""
        try:
            row = await self.one(_DOSSIER + "WHERE a.id = :id", {"id": article_id})
        except Unreadable:
            row = await self.one(_WITHOUT_LOG + "WHERE a.id = :id", {"id": article_id})
        if row is None:
            return None
        return _dossier(row, list(await self.all(_ONE, {"id": article_id})))

    async def open_dossiers(self) -> list[Dossier]:
        """What waits, in two statements: what has a time in its order, then held, before the desk, and drafts."""
        try:
            rows = await self.all(_DOSSIER + _WAITING)
        except Unreadable:
            rows = await self.all(_WITHOUT_LOG + _WAITING)
        hands = _by_article(await self.all(_ALL_OPEN))
        found = []
        for row in rows:
            with suppress(Damaged):
                found.append(_dossier(row, hands[row["id"]]))
        return found


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
