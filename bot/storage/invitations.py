"""One-time codes: for a seat at the desk, and for a second address of somebody who has one."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.domain import Address
from bot.domain.people import Invitation, Role
from bot.storage.convert import to_address, to_ms, to_time
from bot.storage.transaction import Row, Transaction


class InvitationQueries(Transaction):
    async def add_invitation(
        self, digest: str, role: Role | None, member_id: int | None, made_by: int, now: datetime, expires_at: datetime
    ) -> None:
        """`digest` is the code's SHA-256: whoever reads the database can't join with it."""
        await self.run(
            """INSERT INTO invitation (code_sha256, role, member_id, made_by, made_at, expires_at)
               VALUES (:digest, :role, :member_id, :made_by, :now, :expires_at)""",
            {
                "digest": digest,
                "role": role,
                "member_id": member_id,
                "made_by": made_by,
                "now": to_ms(now),
                "expires_at": to_ms(expires_at),
            },
        )

    async def invitation(self, digest: str) -> Invitation | None:
        row = await self.one("SELECT * FROM invitation WHERE code_sha256 = :digest", {"digest": digest})
        return None if row is None else _invitation(row)

    async def use_invitation(self, digest: str, address: Address, now: datetime) -> None:
        await self.run(
            "UPDATE invitation SET used_at = :now, used_by = :address WHERE code_sha256 = :digest",
            {"digest": digest, "address": str(address), "now": to_ms(now)},
        )

    async def answer_invitation(self, digest: str, now: datetime) -> None:
        """Note that the code's maker said yes or no to the person who typed it. It can't be said a second time."""
        await self.run(
            "UPDATE invitation SET answered_at = :now WHERE code_sha256 = :digest",
            {"digest": digest, "now": to_ms(now)},
        )

    async def count_within(self, what: str, now: datetime, within: timedelta) -> int:
        """Count something that strangers may do without end, and return how many there were `within` that time.

        `what` is an address for the wrong codes from there, and else words without a colon.
        """
        return int(
            await self.value(
                """INSERT INTO guess (chat, codes, since) VALUES (:chat, 1, :now)
                   ON CONFLICT (chat) DO UPDATE SET
                       codes = CASE WHEN guess.since BETWEEN :begun AND :now THEN guess.codes + 1 ELSE 1 END,
                       since = CASE WHEN guess.since BETWEEN :begun AND :now THEN guess.since ELSE :now END
                   RETURNING codes""",
                {"chat": what, "now": to_ms(now), "begun": to_ms(now - within) + 1},
            )
        )

    async def guessers(self, since: datetime) -> int:
        """Return how many chats have sent wrong codes since then."""
        return int(
            await self.value(
                "SELECT count(*) FROM guess WHERE since > :since AND chat LIKE '%:%'", {"since": to_ms(since)}
            )
        )


def _invitation(row: Row) -> Invitation:
    return Invitation(
        role=None if row["role"] is None else Role(row["role"]),
        member_id=row["member_id"],
        made_by=row["made_by"],
        expires_at=to_time(row["expires_at"]),
        used_at=None if row["used_at"] is None else to_time(row["used_at"]),
        used_by=None if row["used_by"] is None else to_address(row["used_by"]),
        answered=row["answered_at"] is not None,
    )
