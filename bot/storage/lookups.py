"""Lookups: addresses whose pages are to become drafts, until that is done."""

from __future__ import annotations

from bot.domain.lookup import Lookup
from bot.storage.convert import to_address, to_ms, to_time
from bot.storage.transaction import Transaction

#: Lookups that are under way at once; the others wait for their turn.
AT_ONCE = 8


class LookupQueries(Transaction):
    async def look_up(self, lookup: Lookup) -> None:
        """Fetch the page and make it a draft: a restart forgets none."""
        await self.run(
            """INSERT INTO lookup (url, person, chat, thread, said_at)
               VALUES (:url, :person, :chat, :thread, :said)""",
            {
                "url": lookup.url,
                "person": str(lookup.person),
                "chat": str(lookup.chat),
                "thread": lookup.thread,
                "said": to_ms(lookup.said_at),
            },
        )
        self.signal("lookup")

    async def lookups(self) -> list[Lookup]:
        """Return the oldest lookups that are not answered yet."""
        rows = await self.all("SELECT * FROM lookup ORDER BY id LIMIT :most", {"most": AT_ONCE})
        return [
            Lookup(
                id=row["id"],
                url=row["url"],
                person=to_address(row["person"]),
                chat=to_address(row["chat"]),
                thread=row["thread"],
                said_at=to_time(row["said_at"]),
            )
            for row in rows
        ]

    async def end_lookup(self, lookup: Lookup) -> bool:
        """Note that it is answered. False: it was before."""
        return await self.run("DELETE FROM lookup WHERE id = :id", {"id": lookup.id}) > 0
