"""Reviews: questions to the desk, approvals with exactly what they are for, refusals with their reasons."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime

from bot.domain import Address
from bot.domain.entry import Entry
from bot.domain.review import Review, ReviewKind, Verdict
from bot.storage.convert import readable, to_address, to_ms, to_time
from bot.storage.transaction import Row, Transaction


class ReviewQueries(Transaction):
    async def open_review(self, article_id: int) -> Review | None:
        """Return the question about this article that is open; None if the desk is not asked."""
        row = await self.one("SELECT * FROM review WHERE article_id = :id AND closed_at IS NULL", {"id": article_id})
        return _review(row) if row is not None else None

    async def ask_review(
        self,
        entry: Entry,
        kind: ReviewKind,
        binding: str,
        by: Address,
        now: datetime,
        *,
        remind_at: datetime,
        escalate_at: datetime | None,
    ) -> Review:
        """Put a new question to the desk; none may be open about this article."""
        await self.run(
            """INSERT INTO review (article_id, version, kind, binding, asked_by, asked_by_member, asked_at, remind_at,
                   escalate_at)
               VALUES (:id, :version, :kind, :binding, :by, (SELECT member_id FROM identity WHERE address = :by), :now,
                   :remind_at, :escalate_at)""",
            {
                "id": entry.id,
                "version": entry.version,
                "kind": kind,
                "binding": binding,
                "by": str(by),
                "now": to_ms(now),
                "remind_at": to_ms(remind_at),
                "escalate_at": escalate_at and to_ms(escalate_at),
            },
        )
        self.signal("queue")
        review = await self.open_review(entry.id)
        assert review is not None
        return review

    async def waiting_for(self, member_id: int) -> list[int]:
        """The articles of which this member asked for approval and nobody has answered yet."""
        rows = await self.all(
            """SELECT article_id FROM review
               WHERE closed_at IS NULL AND kind = 'before' AND asked_by_member = :member AND NOT EXISTS (
                   SELECT 1 FROM approval WHERE approval.article_id = review.article_id
                       AND approval.binding = review.binding AND approval.voided_at IS NULL)
               ORDER BY article_id""",
            {"member": member_id},
        )
        return [int(row["article_id"]) for row in rows]

    async def asked_without(self, member_id: int, limit: int) -> list[int]:
        """The articles before the desk that this member neither put to it nor approved, the newest first."""
        rows = await self.all(
            """SELECT article_id FROM review
               WHERE closed_at IS NULL AND kind = 'before'
                   AND (asked_by_member IS NULL OR asked_by_member <> :member) AND NOT EXISTS (
                       SELECT 1 FROM approval WHERE approval.article_id = review.article_id
                           AND approval.binding = review.binding AND approval.member_id = :member
                           AND approval.voided_at IS NULL)
               ORDER BY article_id DESC LIMIT :limit""",
            {"member": member_id, "limit": limit},
        )
        return [int(row["article_id"]) for row in rows]

    async def close_review(self, article_id: int, outcome: str, now: datetime) -> None:
        await self.run(
            """UPDATE reading SET ask_again_at = NULL WHERE ask_again_at IS NOT NULL AND review_id IN
                   (SELECT id FROM review WHERE article_id = :id AND closed_at IS NULL)""",
            {"id": article_id},
        )
        await self.run(
            "UPDATE review SET closed_at = :now, outcome = :outcome WHERE article_id = :id AND closed_at IS NULL",
            {"id": article_id, "outcome": outcome, "now": to_ms(now)},
        )

    async def add_approval(
        self, review: Review, member_id: int, address: Address, ticks: Iterable[str], now: datetime
    ) -> None:
        """One for each person and binding, however often they press: the latest, with what they had ticked by then."""
        await self.run(
            """INSERT INTO approval (article_id, version, binding, member_id, address, at, ticks)
               VALUES (:id, :version, :binding, :member, :address, :now, :ticks)
               ON CONFLICT (article_id, binding, member_id) WHERE voided_at IS NULL DO UPDATE SET
                   address = excluded.address, at = excluded.at, ticks = excluded.ticks""",
            {
                "id": review.article_id,
                "version": review.version,
                "binding": review.binding,
                "member": member_id,
                "address": str(address),
                "now": to_ms(now),
                "ticks": json.dumps(list(ticks), ensure_ascii=False),
            },
        )

    async def void_approvals(self, article_id: int, why: str, now: datetime) -> bool:
        """Void an article's approvals; return True if there were any."""
        changed = await self.run(
            "UPDATE approval SET voided_at = :now, why = :why WHERE article_id = :id AND voided_at IS NULL",
            {"id": article_id, "why": why, "now": to_ms(now)},
        )
        return changed > 0

    async def keep_approvals(self, article_id: int, was: str, binding: str, now: datetime) -> None:
        """Let what was approved (`was`) stand for `binding` from now on; approvals of anything else are void."""
        of = {"id": article_id, "was": was, "binding": binding, "now": to_ms(now)}
        await self.run(
            """UPDATE approval SET voided_at = :now, why = 'changed'
               WHERE article_id = :id AND binding <> :was AND voided_at IS NULL""",
            of,
        )
        await self.run(
            "UPDATE approval SET binding = :binding WHERE article_id = :id AND binding = :was AND voided_at IS NULL", of
        )

    async def void_approvals_of(self, member_id: int, why: str, now: datetime) -> dict[int, bool]:
        """The articles that this person approved; True where the desk is still asked about that, and asked again."""
        rows = await self.all(
            """SELECT approval.article_id AS id, count(review.id) AS open FROM approval
               LEFT JOIN review ON review.article_id = approval.article_id AND review.binding = approval.binding
                   AND review.closed_at IS NULL
               WHERE approval.member_id = :member AND approval.voided_at IS NULL
               GROUP BY approval.article_id ORDER BY 1""",
            {"member": member_id},
        )
        await self.run(
            "UPDATE approval SET voided_at = :now, why = :why WHERE member_id = :member AND voided_at IS NULL",
            {"member": member_id, "why": why, "now": to_ms(now)},
        )
        articles = {row["id"]: row["open"] > 0 for row in rows}
        for article_id in [number for number, is_asked in articles.items() if is_asked]:
            await self.run(
                "UPDATE review SET remind_at = :now WHERE article_id = :id AND closed_at IS NULL",
                {"id": article_id, "now": to_ms(now)},
            )
        self.signal("queue")
        return articles

    async def ticks(self, review_id: int, member_id: int) -> list[str]:
        """Return the items of the checklist that this person has ticked."""
        text = await self.value(
            "SELECT ticks FROM reading WHERE review_id = :review AND member_id = :member",
            {"review": review_id, "member": member_id},
        )
        return list(json.loads(text)) if text is not None else []

    async def set_ticks(self, review_id: int, member_id: int, ticks: Iterable[str]) -> None:
        await self.run(
            """INSERT INTO reading (review_id, member_id, ticks) VALUES (:review, :member, :ticks)
               ON CONFLICT (review_id, member_id) DO UPDATE SET ticks = excluded.ticks""",
            {"review": review_id, "member": member_id, "ticks": json.dumps(list(ticks), ensure_ascii=False)},
        )

    async def ask_again(self, review_id: int, member_id: int, at: datetime) -> None:
        await self.run(
            """INSERT INTO reading (review_id, member_id, ask_again_at) VALUES (:review, :member, :at)
               ON CONFLICT (review_id, member_id) DO UPDATE SET ask_again_at = excluded.ask_again_at""",
            {"review": review_id, "member": member_id, "at": to_ms(at)},
        )
        self.signal("queue")

    async def is_postponed(self, review_id: int, member_id: int) -> bool:
        """Return True if this person is to be asked again at a time of their own."""
        sql = """SELECT 1 FROM reading WHERE review_id = :review AND member_id = :member AND ask_again_at IS NOT NULL"""
        return await self.value(sql, {"review": review_id, "member": member_id}) is not None

    async def due_reminders(self, now: datetime) -> list[Review]:
        """Return the questions that are due for a reminder. Each is due once, or again from `remind_again`."""
        rows = await self.all(
            "SELECT * FROM review WHERE closed_at IS NULL AND remind_at <= :now ORDER BY remind_at, id",
            {"now": to_ms(now)},
        )
        return readable(rows, _review)

    async def remind_again(self, review_id: int, at: datetime | None) -> None:
        """Set the time of the next reminder; None after the last."""
        await self.run("UPDATE review SET remind_at = :at WHERE id = :id", {"id": review_id, "at": at and to_ms(at)})
        self.signal("queue")

    async def due_escalations(self, now: datetime) -> list[Review]:
        rows = await self.all(
            "SELECT * FROM review WHERE closed_at IS NULL AND escalate_at <= :now ORDER BY escalate_at, id",
            {"now": to_ms(now)},
        )
        return readable(rows, _review)

    async def escalate_again(self, review_id: int, at: datetime | None) -> None:
        """Set another time at which the owners are told, or none."""
        due = to_ms(at) if at is not None else None
        await self.run("UPDATE review SET escalate_at = :at WHERE id = :id", {"id": review_id, "at": due})
        self.signal("queue")

    async def due_readings(self, now: datetime) -> list[tuple[Review, int]]:
        """Return the members who pressed "later" and are to be asked again, each with the question."""
        rows = await self.all(
            """SELECT review.*, reading.member_id FROM reading JOIN review ON review.id = reading.review_id
               WHERE review.closed_at IS NULL AND reading.ask_again_at <= :now ORDER BY reading.ask_again_at""",
            {"now": to_ms(now)},
        )
        return readable(rows, lambda row: (_review(row), row["member_id"]))

    async def asked_again(self, review_id: int, member_id: int) -> None:
        await self.run(
            "UPDATE reading SET ask_again_at = NULL WHERE review_id = :review AND member_id = :member",
            {"review": review_id, "member": member_id},
        )

    async def decide(self, entry: Entry, verdict: Verdict, member_id: int, reason: str, now: datetime) -> None:
        await self.run(
            """INSERT INTO decision (article_id, version, kind, member_id, reason, at)
               VALUES (:id, :version, :kind, :member, :reason, :now)""",
            {
                "id": entry.id,
                "version": entry.version,
                "kind": verdict,
                "member": member_id,
                "reason": reason,
                "now": to_ms(now),
            },
        )


def _review(row: Row) -> Review:
    return Review(
        id=row["id"],
        article_id=row["article_id"],
        version=row["version"],
        kind=ReviewKind(row["kind"]),
        binding=row["binding"],
        asked_by=to_address(row["asked_by"]),
        asked_at=to_time(row["asked_at"]),
        asked_by_member=row["asked_by_member"],
    )
