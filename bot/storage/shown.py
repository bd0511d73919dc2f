"""Messages of ours that show an article, by chat, and the people who are changing it."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime

from bot.domain import Address
from bot.domain.chat import Button, Kind, keys_from_json
from bot.domain.entry import EditShown, Shown
from bot.storage.convert import each_of, to_address, to_ms, to_time
from bot.storage.transaction import Row, Transaction

#: Later than any instant that we know, in UTC milliseconds.
_EVER = 2**62


class ShownQueries(Transaction):
    async def keep_shown(
        self,
        chat: Address,
        message_id: int,
        article_id: int,
        name: str,
        now: datetime,
        *,
        kind: Kind = Kind.OTHER,
        keys: str = "",
        look: str = "",
    ) -> None:
        """Record that a message of ours is about an article; later screens of the same `name` take its place."""
        await self.run(
            """INSERT INTO shown (chat, message_id, article_id, name, kind, at, keys, look)
               VALUES (:chat, :message, :article, :name, :kind, :now, :keys, :look)
               ON CONFLICT (chat, message_id) DO UPDATE SET article_id = excluded.article_id, name = excluded.name,
                   kind = excluded.kind, at = excluded.at, keys = excluded.keys, look = excluded.look""",
            {
                "chat": str(chat),
                "message": message_id,
                "article": article_id,
                "name": name,
                "kind": kind,
                "now": to_ms(now),
                "keys": keys,
                "look": look,
            },
        )

    async def redrawn(self, chat: Address, message_id: int, kind: Kind, keys: str, look: str) -> None:
        """Record what a message of ours will be once it is redrawn."""
        await self.run(
            """UPDATE shown SET kind = :kind, keys = :keys, look = :look
               WHERE chat = :chat AND message_id = :message""",
            {"chat": str(chat), "message": message_id, "kind": kind, "keys": keys, "look": look},
        )

    async def shown_of(self, article_id: int) -> list[Shown]:
        """Return the messages that show the article's state or offer something about it, those of last first."""
        rows = await self.all(
            """SELECT chat, message_id, kind, at, keys, look FROM shown
               WHERE article_id = :article AND (kind <> '' OR keys <> '') AND name = '' ORDER BY message_id DESC""",
            {"article": article_id},
        )
        return [_shown(row) for row in rows]

    async def keep_keyboard(self, chat: Address, keys: str) -> None:
        """Record the keyboard that stands below a chat of the desk until another comes."""
        await self.run(
            "INSERT INTO keyboard (chat, keys) VALUES (:chat, :keys) "
            "ON CONFLICT (chat) DO UPDATE SET keys = excluded.keys",
            {"chat": str(chat), "keys": keys},
        )

    async def keyboard_came(self, chat: Address, keys: str) -> None:
        """Record the keyboard that came last if none other is on its way: messages overtake each other."""
        await self.run(
            """UPDATE keyboard SET keys = :keys WHERE chat = :known AND NOT EXISTS (
                   SELECT 1 FROM reply WHERE platform = :platform AND chat = :chat AND started_at IS NULL)""",
            {"known": str(chat), "platform": chat.platform, "chat": chat.id, "keys": keys},
        )

    async def keyboards(self) -> dict[Address, tuple[tuple[Button, ...], ...]]:
        """Return the keyboards that stand below chats of the desk."""
        rows = await self.all("SELECT chat, keys FROM keyboard")
        return {to_address(row["chat"]): keys_from_json(row["keys"]) for row in rows}

    async def forget_keyboard(self, chat: Address) -> None:
        await self.run("DELETE FROM keyboard WHERE chat = :chat", {"chat": str(chat)})

    async def shown_as(self, chat: Address, name: str) -> int:
        """Return the latest message shown under this name; 0 if there is none."""
        found = await self.value(
            "SELECT max(message_id) FROM shown WHERE chat = :chat AND name = :name AND name <> ''",
            {"chat": str(chat), "name": name},
        )
        return int(found or 0)

    async def article_shown(self, chat: Address, message_id: int) -> int:
        """Return the article that a message of ours is about; 0 if none."""
        found = await self.value(
            "SELECT article_id FROM shown WHERE chat = :chat AND message_id = :message",
            {"chat": str(chat), "message": message_id},
        )
        return int(found or 0)

    async def newest_shown(self, chat: Address, article_id: int, message_id: int | None = None) -> Shown | None:
        """Return the lowest message of this chat that shows the article's state, or the one given if it does."""
        only = "" if message_id is None else "AND message_id = :message"
        row = await self.one(
            f"""SELECT chat, message_id, kind, at, keys, look FROM shown
                WHERE chat = :chat AND article_id = :article AND kind <> '' AND kind <> :note {only}
                ORDER BY message_id DESC LIMIT 1""",  # noqa: S608 - ours
            {"chat": str(chat), "article": article_id, "message": message_id, "note": Kind.NOTE},
        )
        return _shown(row) if row is not None else None

    async def version_seen(self, chats: Collection[Address], article_id: int, said: datetime | None = None) -> int:
        """Return the latest version that was shown in these chats or written from them; if there is none, the first.

        `said`: only what was shown by then; None: whenever.
        """
        among, named = each_of("chat", chats)
        found = await self.value(
            f"""SELECT max(number) FROM version
                WHERE article_id = :article AND (author IN ({among}) OR made_at <= (
                    SELECT max(at) FROM shown WHERE article_id = :article AND kind NOT IN (:editing, :note)
                        AND chat IN ({among}) AND at <= :said))""",  # noqa: S608 - names of parameters
            {
                "article": article_id,
                "editing": Kind.EDITING,
                "note": Kind.NOTE,
                "said": _EVER if said is None else to_ms(said),
                **named,
            },
        )
        return int(found or 1)

    async def forget_message(self, chat: Address, message_id: int) -> None:
        await self.run(
            "DELETE FROM shown WHERE chat = :chat AND message_id = :message",
            {"chat": str(chat), "message": message_id},
        )

    # Who is at which article

    async def editing(self, since: datetime) -> dict[int, dict[Address, datetime]]:
        """Return by article who began to change it since then, and when, and has neither finished nor left it."""
        rows = await self.all(
            """SELECT person, article_id, changed_at FROM dialogue
               WHERE step IN ('edit', 'collect') AND article_id IS NOT NULL AND changed_at > :since
               ORDER BY changed_at, person""",
            {"since": to_ms(since)},
        )
        found: dict[int, dict[Address, datetime]] = {}
        for row in rows:
            found.setdefault(row["article_id"], {})[to_address(row["person"])] = to_time(row["changed_at"])
        return found

    async def edits_shown(self) -> dict[int, EditShown]:
        """Return by article what its cards say about who edits it."""
        return {
            row["article_id"]: EditShown(
                people=frozenset(to_address(person) for person in json.loads(row["people"])),
                until=to_time(row["until"]) if row["until"] is not None else None,
                is_old=row["changed_by"] is not None,
            )
            for row in await self.all("SELECT * FROM edit_shown")
        }

    async def keep_edit_shown(self, article_id: int, people: Collection[Address], until: datetime | None) -> None:
        """Record what the cards of an article say from now on about who edits it."""
        if not people:
            await self.run("DELETE FROM edit_shown WHERE article_id = :id", {"id": article_id})
            return
        await self.run(
            """INSERT INTO edit_shown (article_id, people, until) VALUES (:id, :people, :until)
               ON CONFLICT (article_id) DO UPDATE SET
                   people = excluded.people, until = excluded.until, changed_by = NULL""",
            {
                "id": article_id,
                "people": json.dumps(sorted(str(person) for person in people)),
                "until": until and to_ms(until),
            },
        )
        self.signal("queue")


def _shown(row: Row) -> Shown:
    return Shown(
        message_id=row["message_id"],
        kind=Kind(row["kind"]),
        at=to_time(row["at"]),
        chat=to_address(row["chat"]),
        keys=keys_from_json(row["keys"]),
        look=row["look"],
    )
