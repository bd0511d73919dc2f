"""The inbox, what we owe people's chats, and what the desk is in the middle of."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.domain import Address, Platform
from bot.domain.entry import ButtonRow, Dialogue, Notice, Owed, Waiting
from bot.storage.convert import to_address, to_ms, to_time
from bot.storage.transaction import Transaction

#: A button lives so long; pressing an older one explains itself.
BUTTON_LIFE = timedelta(days=7)


#: Nobody asks for a question about a channel that was never seen.
_MUST_ARRIVE = """EXISTS (SELECT 1 FROM button WHERE action = 'post_again' AND used_at IS NULL
                          AND reply.body LIKE '%' || button.id || '%')"""


class DeskQueries(Transaction):
    async def receive(self, platform: Platform, key: str, body: bytes, now: datetime) -> None:
        """Keep an update before it is acknowledged; a repeated one changes nothing."""
        await self.run(
            """INSERT INTO inbox (platform, key, body, received_at) VALUES (:platform, :key, :body, :now)
               ON CONFLICT (platform, key) DO NOTHING""",
            {"platform": platform, "key": key, "body": body, "now": to_ms(now)},
        )
        self.signal("inbox")

    async def waiting(self, limit: int) -> list[Waiting]:
        rows = await self.all(
            "SELECT id, platform, body, attempts FROM inbox WHERE done_at IS NULL ORDER BY id LIMIT :limit",
            {"limit": limit},
        )
        return [Waiting(row["id"], row["platform"], row["body"], row["attempts"]) for row in rows]

    async def done(self, inbox_id: int, now: datetime) -> bool:
        """Mark as handled, in the transaction of what the handling does. False: somebody was faster."""
        changed = await self.run(
            "UPDATE inbox SET done_at = :now, body = x'' WHERE id = :id AND done_at IS NULL",
            {"id": inbox_id, "now": to_ms(now)},
        )
        return changed > 0

    async def failed(self, inbox_id: int, error: str, limit: int, now: datetime) -> bool:
        """The handler broke: tried again up to `limit` times. True when it is given up."""
        attempts = await self.value(
            """UPDATE inbox SET attempts = attempts + 1, error = :error,
                   done_at = CASE WHEN attempts + 1 >= :limit THEN :now ELSE NULL END
               WHERE id = :id RETURNING attempts""",
            {"id": inbox_id, "error": error, "limit": limit, "now": to_ms(now)},
        )
        return int(attempts) >= limit

    async def forget_inbox(self, before: datetime) -> None:
        """Keys are kept as long as a platform may repeat an update."""
        await self.run("DELETE FROM inbox WHERE done_at IS NOT NULL AND done_at < :before", {"before": to_ms(before)})

    async def owe(
        self, chat: Address, body: str, now: datetime, name: str = "", *, thread: int = 0, about: int | None = None
    ) -> None:
        """A reply that goes out after this commit, also over a restart. One of a `name` that has not left yet gives way
        to the next of that name. `thread` and `about`: see `Owed`."""
        if name:
            await self.run(
                """DELETE FROM reply WHERE platform = :platform AND chat = :chat AND name = :name
                   AND started_at IS NULL""",
                {"platform": chat.platform, "chat": chat.id, "name": name},
            )
        await self.run(
            """INSERT INTO reply (platform, chat, body, created_at, not_before, name, thread, about)
               VALUES (:platform, :chat, :body, :now, :now, :name, :thread, :about)""",
            {
                "platform": chat.platform,
                "chat": chat.id,
                "body": body,
                "now": to_ms(now),
                "name": name,
                "thread": thread,
                "about": about,
            },
        )
        self.signal("reply")

    async def owed(self, platform: Platform, now: datetime, limit: int) -> list[Owed]:
        """The next reply of each chat, unless it is under way or must wait: a chat's replies keep their order."""
        rows = await self.all(
            """SELECT id, chat, body, thread, about FROM reply
               WHERE id IN (SELECT min(id) FROM reply WHERE platform = :platform GROUP BY chat)
                 AND started_at IS NULL AND not_before <= :now ORDER BY id LIMIT :limit""",
            {"platform": platform, "now": to_ms(now), "limit": limit},
        )
        return [
            Owed(row["id"], Address(platform, row["chat"]), row["body"], row["thread"], row["about"]) for row in rows
        ]

    async def owes(self, platform: Platform) -> bool:
        """Is there a reply that waits, due or postponed."""
        sql = "SELECT 1 FROM reply WHERE platform = :platform AND started_at IS NULL LIMIT 1"
        return bool(await self.value(sql, {"platform": platform}))

    async def start_replies(self, ids: Sequence[int], now: datetime) -> None:
        await self.many(
            "UPDATE reply SET started_at = :now WHERE id = :id", [{"id": i, "now": to_ms(now)} for i in ids]
        )

    async def postpone_reply(self, reply_id: int, until: datetime) -> None:
        await self.run(
            "UPDATE reply SET started_at = NULL, not_before = :until WHERE id = :id",
            {"id": reply_id, "until": to_ms(until)},
        )

    async def forget_waits(self, platform: Platform, now: datetime) -> None:
        """After a restart: nothing of this platform's waits for a time any more."""
        await self.run(
            "UPDATE reply SET not_before = :now WHERE platform = :platform AND not_before > :now",
            {"platform": platform, "now": to_ms(now)},
        )

    async def hasten_replies(self, chat: Address, now: datetime) -> None:
        """Nothing of this chat's waits for a time any more."""
        await self.run(
            """UPDATE reply SET not_before = :now
               WHERE platform = :platform AND chat = :chat AND started_at IS NULL AND not_before > :now""",
            {"platform": chat.platform, "chat": chat.id, "now": to_ms(now)},
        )
        self.signal("reply")

    async def drop_reply(self, reply_id: int) -> None:
        await self.run("DELETE FROM reply WHERE id = :id", {"id": reply_id})

    async def must_arrive(self, reply_id: int) -> bool:
        """A question that nobody would ask for, and that nobody has answered."""
        sql = f"SELECT 1 FROM reply WHERE id = :id AND {_MUST_ARRIVE}"  # noqa: S608 - ours
        return bool(await self.value(sql, {"id": reply_id}))

    async def drop_started_replies(self) -> None:
        """After a restart: they may have arrived, and an answer may be asked for again.

        A question that must arrive is put once more, with the same buttons.
        """
        sql = f"UPDATE reply SET started_at = NULL WHERE started_at IS NOT NULL AND {_MUST_ARRIVE}"  # noqa: S608 - ours
        await self.run(sql)
        await self.run("DELETE FROM reply WHERE started_at IS NOT NULL")

    async def add_button(
        self,
        action: str,
        args: Mapping[str, Any],
        chat: Address,
        now: datetime,
        *,
        only: int | None = None,
        life: timedelta = BUTTON_LIFE,
    ) -> str:
        """A row that may be pressed in `chat`, once; by the member `only`, if given. Returns its unguessable id."""
        button_id = secrets.token_urlsafe(16)
        await self.run(
            """INSERT INTO button (id, action, args, chat, expires_at, member_id)
               VALUES (:id, :action, :args, :chat, :expires_at, :only)""",
            {
                "id": button_id,
                "action": action,
                "args": json.dumps(args),
                "chat": str(chat),
                "expires_at": to_ms(now + life),
                "only": only,
            },
        )
        return button_id

    async def button(self, button_id: str, chat: Address) -> ButtonRow | None:
        """What the button stands for; None: not a button of this chat."""
        row = await self.one(
            """SELECT action, args, member_id, expires_at, used_at, used_by, used_by_member FROM button
               WHERE id = :id AND chat = :chat""",
            {"id": button_id, "chat": str(chat)},
        )
        if row is None:
            return None
        return ButtonRow(
            action=row["action"],
            args=json.loads(row["args"]),
            only=row["member_id"],
            expires_at=to_time(row["expires_at"]),
            used_at=None if row["used_at"] is None else to_time(row["used_at"]),
            used_by=None if row["used_by"] is None else to_address(row["used_by"]),
            used_by_member=row["used_by_member"],
        )

    async def use_button(self, button_id: str, person: Address, member_id: int | None, now: datetime) -> None:
        """From this commit on it does not work any more. `member_id`: who of the desk `person` is."""
        await self.run(
            "UPDATE button SET used_at = :now, used_by = :person, used_by_member = :member WHERE id = :id",
            {"id": button_id, "person": str(person), "member": member_id, "now": to_ms(now)},
        )

    async def forget_buttons(self, before: datetime) -> None:
        await self.run("DELETE FROM button WHERE expires_at < :before", {"before": to_ms(before)})

    async def dialogue(self, person: Address) -> Dialogue | None:
        row = await self.one("SELECT step, data FROM dialogue WHERE person = :person", {"person": str(person)})
        return Dialogue(row["step"], json.loads(row["data"])) if row is not None else None

    async def set_dialogue(
        self, person: Address, step: str, data: Mapping[str, Any], now: datetime, *, due_at: datetime | None = None
    ) -> None:
        await self.run(
            """INSERT INTO dialogue (person, step, data, due_at, changed_at)
               VALUES (:person, :step, :data, :due_at, :now)
               ON CONFLICT (person) DO UPDATE SET step = excluded.step, data = excluded.data,
                   due_at = excluded.due_at, changed_at = excluded.changed_at""",
            {
                "person": str(person),
                "step": step,
                "data": json.dumps(data, ensure_ascii=False),
                "due_at": due_at and to_ms(due_at),
                "now": to_ms(now),
            },
        )
        self.signal("queue")

    async def end_dialogue(self, person: Address) -> None:
        if await self.run("DELETE FROM dialogue WHERE person = :person", {"person": str(person)}):
            self.signal("queue")

    async def due_dialogues(self, now: datetime) -> list[tuple[Address, Dialogue]]:
        rows = await self.all("SELECT person, step, data FROM dialogue WHERE due_at <= :now", {"now": to_ms(now)})
        return [(to_address(row["person"]), Dialogue(row["step"], json.loads(row["data"]))) for row in rows]

    async def remember_person(self, person: Address, language: str, name: str, now: datetime) -> None:
        await self.run(
            """INSERT INTO person (address, language, name, seen_at) VALUES (:address, :language, :name, :now)
               ON CONFLICT (address) DO UPDATE SET
                   language = excluded.language, name = excluded.name, seen_at = excluded.seen_at""",
            {"address": str(person), "language": language, "name": name, "now": to_ms(now)},
        )

    async def language_of(self, person: Address) -> str | None:
        language = await self.value("SELECT language FROM person WHERE address = :address", {"address": str(person)})
        return str(language) if language else None

    async def name_of(self, person: Address) -> str | None:
        name = await self.value("SELECT name FROM person WHERE address = :address", {"address": str(person)})
        return str(name) if name else None

    async def tell_desk(self, key: str, kind: str, args: Mapping[str, Any], now: datetime) -> bool:
        """News for the desk, once as long as the trouble `key` lasts. False: it was told already."""
        changed = await self.run(
            """INSERT INTO notice (key, kind, args, at) VALUES (:key, :kind, :args, :now)
               ON CONFLICT (key) WHERE over_at IS NULL DO NOTHING""",
            {"key": key, "kind": kind, "args": json.dumps(args, ensure_ascii=False), "now": to_ms(now)},
        )
        if changed:  # a duty that tells again what was told would wake itself for ever
            self.signal("notice")
        return changed > 0

    async def announce(self, kind: str, args: Mapping[str, Any], now: datetime) -> None:
        """News for the desk that is no lasting trouble: told each time."""
        await self.run(
            "INSERT INTO notice (key, kind, args, at, over_at) VALUES (:kind, :kind, :args, :now, :now)",
            {"kind": kind, "args": json.dumps(args, ensure_ascii=False), "now": to_ms(now)},
        )
        self.signal("notice")

    async def trouble_over(self, key: str, now: datetime) -> bool:
        changed = await self.run(
            "UPDATE notice SET over_at = :now WHERE key = :key AND over_at IS NULL", {"key": key, "now": to_ms(now)}
        )
        return changed > 0

    async def platform_fails(self, platform: Platform, kind: str, reason: str, now: datetime) -> None:
        """The desk hears of a platform's trouble once, until `platform_works`."""
        await self.tell_desk(f"platform:{platform}", kind, {"platform": platform, "reason": reason}, now)

    async def platform_works(self, platform: Platform, now: datetime) -> None:
        """Ends a trouble that the desk was told of, and says so; without one, nothing."""
        key = f"platform:{platform}"
        if await self.trouble_over(key, now):
            await self.announce("platform_back", {"platform": platform}, now)

    async def forget_notices(self, before: datetime) -> None:
        """What was told and is no lasting trouble."""
        await self.run(
            """DELETE FROM notice WHERE told_at < :before
               AND (over_at IS NOT NULL OR (key NOT LIKE 'platform:%' AND key NOT LIKE 'rights:%'))""",
            {"before": to_ms(before)},
        )

    async def untold(self) -> list[Notice]:
        rows = await self.all("SELECT id, kind, args FROM notice WHERE told_at IS NULL ORDER BY id")
        return [Notice(row["id"], row["kind"], json.loads(row["args"])) for row in rows]

    async def amounts(self) -> dict[str, int]:
        """How much of everything waits; for the metrics."""
        rows = await self.all(
            """SELECT 'articles', count(*) FROM article WHERE state = 'queued'
               UNION ALL SELECT 'updates', count(*) FROM inbox WHERE done_at IS NULL
               UNION ALL SELECT 'replies', count(*) FROM reply
               UNION ALL SELECT 'dispatches', count(*) FROM dispatch WHERE state IN ('ready', 'sending', 'running')
               UNION ALL SELECT 'doubts', count(*) FROM dispatch WHERE state = 'in_doubt'"""
        )
        return {row[0]: row[1] for row in rows}

    async def told(self, notice_id: int, now: datetime) -> None:
        await self.run("UPDATE notice SET told_at = :now WHERE id = :id", {"id": notice_id, "now": to_ms(now)})
