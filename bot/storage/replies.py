"""Replies: what we owe people's chats, in each chat's order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.domain import Address, Platform, Screen, outgoing_from_json, outgoing_to_json
from bot.domain.entry import Owed, Reply
from bot.domain.news import NEWS
from bot.domain.patience import Urge
from bot.storage.convert import to_ms
from bot.storage.patience import PatienceQueries
from bot.storage.transaction import Row
from bot.storage.values import from_json, to_json

#: Values of `lane`: the owner of the chat.
_DESK, _PUBLIC = 0, 1


def _stands(article: str, dispatch: str, notice: str, halt: str) -> str:
    """SQL for how that stands on which a reply rests, as a text that changes whenever it does."""
    return f"""
        coalesce((SELECT state || ' ' || version || ' ' || coalesce(CAST(due_at AS TEXT), '') FROM article
                  WHERE id = {article}), '')
        || coalesce((SELECT ' asked ' || binding FROM review WHERE article_id = {article} AND closed_at IS NULL), '')
        || (SELECT ' approved ' || CAST(count(*) AS TEXT) FROM approval
            WHERE article_id = {article} AND voided_at IS NULL)
        || (SELECT ' stuck ' || CAST(count(*) AS TEXT) FROM dispatch
            WHERE article_id = {article} AND state IN ('in_doubt', 'stopped'))
        || coalesce((SELECT state FROM dispatch WHERE id = {dispatch}), '')
        || coalesce((SELECT ' over' FROM notice WHERE id = {notice} AND over_at IS NOT NULL), '')
        || (SELECT ' halted ' || CAST(count(*) AS TEXT) FROM halted WHERE {halt} = 1)"""  # noqa: S608 - ours


#: How that stands on which a new reply rests, and a reply that is owed.
_AS_OWED = _stands(":article", ":dispatch", ":notice", "CAST(:halt AS BIGINT)")
_AS_IT_IS = _stands("owed.on_article", "owed.on_dispatch", "owed.on_notice", "owed.on_halt")
_IS_OVERTAKEN = f"stood <> '' AND stood <> {_AS_IT_IS}"
#: In one chat answers go first, because somebody waits for them, then alarms; all else keeps its order.
_TURN = "CASE owed.urge WHEN 0 THEN 0 WHEN 1 THEN 1 ELSE 2 END"
_TURN_OF_EARLIER = "CASE earlier.urge WHEN 0 THEN 0 WHEN 1 THEN 1 ELSE 2 END"


class ReplyQueries(PatienceQueries):
    async def owe(self, reply: Reply, now: datetime) -> None:
        """Keep a reply that goes out after this commit, also over a restart."""
        if reply.name:
            await self.run(
                """DELETE FROM reply WHERE platform = :platform AND chat = :chat AND name = :name
                   AND started_at IS NULL""",
                {"platform": reply.chat.platform, "chat": reply.chat.id, "name": reply.name},
            )
        ground, instead = reply.ground, reply.ground.instead if reply.ground is not None else None
        await self.run(
            f"""INSERT INTO reply (platform, chat, body, created_at, not_before, name, thread, about, lane, must_arrive,
                   on_article, on_dispatch, on_notice, on_halt, stood, kind, args, urge)
               VALUES (:platform, :chat, :body, :now, :now, :name, :thread, :about, :lane, :must_arrive, :article,
                   :dispatch, :notice, :halt, CASE WHEN :rests = 1 THEN {_AS_OWED} ELSE '' END,
                   :kind, :args, :urge)""",  # noqa: S608 - ours
            {
                "platform": reply.chat.platform,
                "chat": reply.chat.id,
                "body": reply.body,
                "now": to_ms(now),
                "name": reply.name,
                "thread": reply.thread,
                "about": reply.about,
                "lane": _DESK if reply.for_desk else _PUBLIC,
                "must_arrive": reply.must_arrive,
                "article": ground and ground.article,
                "dispatch": ground and ground.dispatch,
                "notice": ground and ground.notice,
                "halt": ground is not None and ground.halt,
                "urge": reply.urge,
                "rests": ground is not None,
                "kind": instead and instead.code,
                "args": instead and to_json(instead),
            },
        )
        self.signal("reply")

    async def owed(self, platform: Platform, now: datetime, limit: int) -> list[Owed]:
        """The next reply of each chat, unless it is under way or must wait; the desk's before the public's.

        A chat's answers keep their order, and so does what it is told unasked; answers go first, then alarms. However
        many wait, no more are looked at than are taken.
        """
        rows = await self.all(
            f"""SELECT id, chat, body, thread, about, lane, must_arrive, urge, stood <> '' AS has_ground,
                   {_IS_OVERTAKEN} AS is_overtaken
               FROM reply AS owed
               WHERE platform = :platform AND started_at IS NULL AND not_before <= :now
                   AND NOT EXISTS (SELECT 1 FROM reply AS earlier WHERE earlier.platform = owed.platform
                                   AND earlier.chat = owed.chat AND earlier.id <> owed.id
                                   AND (earlier.started_at IS NOT NULL OR {_TURN_OF_EARLIER} < {_TURN}
                                        OR ({_TURN_OF_EARLIER} = {_TURN} AND earlier.id < owed.id)))
               ORDER BY lane, id LIMIT :limit""",  # noqa: S608 - ours
            {"platform": platform, "now": to_ms(now), "limit": limit},
        )
        return [_owed(platform, row) for row in rows]

    async def is_overtaken(self, reply: Owed) -> bool:
        """Return True if the ground of a reply has changed since it was owed."""
        sql = f"SELECT 1 FROM reply AS owed WHERE id = :id AND {_IS_OVERTAKEN}"  # noqa: S608 - ours
        return await self.value(sql, {"id": reply.id}) is not None

    async def unsent_screens(self, platform: Platform) -> list[tuple[int, Address, Screen]]:
        """Return the screens that people of the desk are owed, each with the number of its reply and its chat."""
        rows = await self.all(
            "SELECT id, chat, body FROM reply WHERE platform = :platform AND lane = :lane ORDER BY id",
            {"platform": platform, "lane": _DESK},
        )
        read = [(row["id"], Address(platform, row["chat"]), outgoing_from_json(row["body"])) for row in rows]
        return [(reply, chat, screen) for reply, chat, screen in read if isinstance(screen, Screen)]

    async def change_reply(self, reply_id: int, screen: Screen) -> None:
        """Let a reply that has not arrived bring this screen, and one that is under way if it has to be repeated."""
        await self.run(
            "UPDATE reply SET body = :body WHERE id = :id", {"id": reply_id, "body": outgoing_to_json(screen)}
        )

    async def owes(self, platform: Platform) -> bool:
        """Return True if a reply waits, due or postponed."""
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
        """Let nothing of this platform wait for a time any longer, after a restart."""
        await self.run(
            "UPDATE reply SET not_before = :now WHERE platform = :platform AND not_before > :now",
            {"platform": platform, "now": to_ms(now)},
        )

    async def hasten_replies(self, chat: Address, now: datetime) -> None:
        """Let nothing of this chat wait for a time any longer."""
        await self.run(
            """UPDATE reply SET not_before = :now
               WHERE platform = :platform AND chat = :chat AND started_at IS NULL AND not_before > :now""",
            {"platform": chat.platform, "chat": chat.id, "now": to_ms(now)},
        )
        self.signal("reply")

    async def drop_reply(self, reply_id: int) -> None:
        await self.run("DELETE FROM reply WHERE id = :id", {"id": reply_id})

    async def overtaken(self, reply: Owed, now: datetime) -> None:
        """Drop a reply that is no longer true, with all that says the same in this chat; what is true is told there."""
        self.signal("reply")  # the next one of the chat has its turn
        row = await self.one("SELECT kind, args FROM reply WHERE id = :id", {"id": reply.id})
        await self.drop_reply(reply.id)
        if row is None or row["kind"] is None:
            return
        chat = {"platform": reply.chat.platform, "chat": reply.chat.id}
        await self.run(
            """DELETE FROM reply WHERE platform = :platform AND chat = :chat AND kind = :kind AND args = :args
               AND started_at IS NULL""",
            {**chat, "kind": row["kind"], "args": row["args"]},
        )
        news = from_json(NEWS, row["kind"], row["args"])
        if news is not None:
            await self.tell_later(reply.chat, news, now)

    async def drop_started_replies(self) -> None:
        """Drop, after a restart, replies that may have arrived: an answer can be asked for again.

        What must arrive is said once more, with the same buttons.
        """
        await self.run("UPDATE reply SET started_at = NULL WHERE started_at IS NOT NULL AND must_arrive = 1")
        await self.run("DELETE FROM reply WHERE started_at IS NOT NULL")


def _owed(platform: Platform, row: Row) -> Owed:
    return Owed(
        id=row["id"],
        chat=Address(platform, row["chat"]),
        body=row["body"],
        thread=row["thread"],
        about=row["about"],
        for_desk=row["lane"] == _DESK,
        must_arrive=bool(row["must_arrive"]),
        has_ground=bool(row["has_ground"]),
        is_overtaken=bool(row["is_overtaken"]),
        urge=Urge(row["urge"]),
    )
