"""The rows of an older Visnyk, once: the log is told of what it did not have to know until now."""

from __future__ import annotations

from datetime import datetime

from bot.domain.audit import SYSTEM, AuditEntry
from bot.domain.authority import ADOPTED, HALT, acts_of_code
from bot.domain.seals import NO_KEY, name_of_key, seal_of
from bot.storage.convert import to_time
from bot.storage.people import PeopleQueries


class AdoptionQueries(PeopleQueries):
    async def adopt(self, now: datetime) -> bool:
        """Tell the log of times, seats, open codes, a halt and buttons, as they stand.

        False if it knew them: from the first seat on that it has, nothing more is adopted.
        """
        if await self.has_seats_in_log():
            return False
        await self._adopt_times(now)
        for row in await self.all("SELECT id FROM member ORDER BY id"):
            await self.seal(row["id"], now)
        await self._adopt_codes(now)
        await self._adopt_halt()
        return True

    async def _adopt_times(self, now: datetime) -> None:
        """Tell the log the times of what was queued before there was one, as given by each author."""
        if await self.value("SELECT 1 FROM audit LIMIT 1") is not None:
            return
        for row in await self.all("SELECT id, due_at, author FROM article WHERE state = 'queued' ORDER BY id"):
            due = to_time(row["due_at"]).isoformat()
            await self.record(row["author"], "article.scheduled", f"article:{row['id']}", {"due": due}, now)

    async def _adopt_codes(self, now: datetime) -> None:
        rows = await self.all("SELECT code_sha256, role, made_by, made_at FROM invitation WHERE used_at IS NULL")
        for row in rows:
            [(act, maker)] = acts_of_code(row["role"], row["made_by"])
            detail = {} if row["role"] is None else {"role": row["role"]}
            subject, made = f"code:{row['code_sha256']}", to_time(row["made_at"])
            await self.record(maker, act, subject, detail, made)

    async def _adopt_halt(self) -> None:
        """Tell the log of a halt that stands. A request for its end is dropped and must be made again."""
        await self.run("DELETE FROM resume_request")
        for row in await self.all("SELECT person, at FROM halt WHERE person <> 'system'"):
            await self.record(SYSTEM, "halt.begun", HALT, {"from": row["person"]}, to_time(row["at"]))

    async def adopt_buttons(self, now: datetime) -> None:
        """Tell the log, once for each key, of the buttons that were not sealed with it.

        Before there was a key they are adopted as they stand; once there was one, only what the log had adopted stays:
        whoever takes the key away makes no button good by that.
        """
        key, last = name_of_key(self.seal_key), await self.last_of(ADOPTED)
        if last is not None and last.detail.get("key") == key:
            return
        adopted = last.detail["buttons"] if last is not None else {}
        is_first = last is None or "key" not in last.detail
        kept: dict[str, str] = {}
        for row in await self.all("SELECT id, action, args, chat, member_id FROM button"):
            what = (row["action"], row["args"], row["chat"], row["member_id"])
            plain = seal_of(NO_KEY, "", *what)
            if adopted.get(row["id"]) == plain or (is_first and _was_ours(row["id"], what, last)):
                kept[row["id"]] = plain
            elif not is_first and seal_of(self.seal_key, row["id"], *what) != row["id"]:
                await self.run("DELETE FROM button WHERE id = :id", {"id": row["id"]})
        await self.record(SYSTEM, "authority.adopted", ADOPTED, {"buttons": kept, "key": key}, now)


def _was_ours(button: str, what: tuple[str, str, str, int | None], last: AuditEntry | None) -> bool:
    """True for a button that an older Visnyk made: once the log had adopted some, it sealed them all without a key."""
    return last is None or seal_of(NO_KEY, button, *what) == button
