"""Keys of the newsroom's own systems, and the calls with a name that were answered."""

from __future__ import annotations

from datetime import datetime

from bot.domain.authority import parsed
from bot.domain.systems import MADE, Remembered, Scope, SystemKey
from bot.storage.audit import AuditQueries
from bot.storage.convert import to_ms, to_time
from bot.storage.transaction import Row

#: A key beside the last act of it in the log.
_KEY = """SELECT k.id, k.digest, k.name, k.scope, k.rate, k.made_by, k.made_at, k.used_at, k.revoked_at,
        log.act, log.actor, log.detail
    FROM system_key AS k LEFT JOIN audit AS log ON log.id = (
        SELECT id FROM audit WHERE subject = 'key:' || k.id AND subject <> '' ORDER BY id DESC LIMIT 1) """


class SystemQueries(AuditQueries):
    async def add_system_key(self, key: SystemKey) -> int:
        """Add a key, whatever its number says; return its number."""
        return int(
            await self.value(
                """INSERT INTO system_key (digest, name, scope, rate, made_by, made_at)
                   VALUES (:digest, :name, :scope, :rate, :by, :now) RETURNING id""",
                {
                    "digest": key.digest,
                    "name": key.name,
                    "scope": key.scope,
                    "rate": key.rate,
                    "by": key.made_by,
                    "now": to_ms(key.made_at),
                },
            )
        )

    async def add_writing_hand(self, key: SystemKey) -> None:
        """Let what is written with a key count as written by the member who made it."""
        await self.run(
            """INSERT INTO was_identity (address, member_id, until) VALUES (:address, :id, :now)
               ON CONFLICT (address, member_id) DO UPDATE SET until = excluded.until""",
            {"address": str(key.address), "id": key.made_by, "now": to_ms(key.made_at)},
        )

    async def system_keys(self) -> list[SystemKey]:
        """Return the keys that were not revoked, the oldest first."""
        rows = await self.all(_KEY + "WHERE k.revoked_at IS NULL ORDER BY k.id")
        return [key for row in rows if (key := _proven(row)) is not None]

    async def system_key(self, digest: str) -> SystemKey | None:
        """Return the key with this digest; None if there is none, it was revoked, or the log does not know it so."""
        row = await self.one(_KEY + "WHERE k.digest = :digest AND k.revoked_at IS NULL", {"digest": digest})
        return None if row is None else _proven(row)

    async def revoke_system_key(self, number: int, now: datetime) -> None:
        await self.run("UPDATE system_key SET revoked_at = :now WHERE id = :id", {"id": number, "now": to_ms(now)})

    async def use_system_key(self, number: int, now: datetime) -> None:
        await self.run("UPDATE system_key SET used_at = :now WHERE id = :id", {"id": number, "now": to_ms(now)})

    async def answered_call(self, number: int, name: str) -> Remembered | None:
        """Return the call of this name that was answered to a key; None if there was none."""
        row = await self.one(
            "SELECT asked, article_id, etag, answer FROM system_call WHERE key_id = :key AND name = :name",
            {"key": number, "name": name},
        )
        return None if row is None else Remembered(row["asked"], row["article_id"], row["etag"], row["answer"])

    async def keep_answer(self, number: int, name: str, call: Remembered, now: datetime) -> None:
        """Remember a call in the transaction that did what it asked for."""
        await self.run(
            """INSERT INTO system_call (key_id, name, asked, article_id, etag, answer, at)
               VALUES (:key, :name, :asked, :article, :etag, :answer, :now)""",
            {
                "key": number,
                "name": name,
                "asked": call.asked,
                "article": call.article,
                "etag": call.etag,
                "answer": call.answer,
                "now": to_ms(now),
            },
        )

    async def forget_calls(self, before: datetime, limit: int) -> int:
        """Forget up to `limit` calls from before then; return how many."""
        return await self.run(
            """DELETE FROM system_call WHERE (key_id, name) IN (
                   SELECT key_id, name FROM system_call WHERE at < :before ORDER BY at LIMIT :limit)""",
            {"before": to_ms(before), "limit": limit},
        )

    async def submitted_from(self, address: str) -> list[int]:
        """Return the articles that wait for approval and were put to the desk from this address."""
        rows = await self.all(
            """SELECT article_id FROM review WHERE closed_at IS NULL AND kind = 'before' AND asked_by = :address
               ORDER BY article_id""",
            {"address": address},
        )
        return [int(row["article_id"]) for row in rows]


def _proven(row: Row) -> SystemKey | None:
    """Return the key of a row if the log has it exactly so, and nothing about it after that."""
    key = SystemKey(
        id=row["id"],
        digest=row["digest"],
        name=row["name"],
        scope=Scope(row["scope"]) if row["scope"] in [*Scope] else Scope.DRAFT,
        rate=row["rate"],
        made_by=row["made_by"],
        made_at=to_time(row["made_at"]),
        used_at=to_time(row["used_at"]) if row["used_at"] is not None else None,
    )
    told = parsed(row["detail"] or "")
    is_known = row["act"] == MADE and row["actor"] == f"person:{key.made_by}"
    return key if is_known and {name: told.get(name) for name in key.seal} == key.seal else None
