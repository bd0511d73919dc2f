"""The desk's groups that are forums, and each article's topic there."""

from __future__ import annotations

from bot.domain import Address, Platform
from bot.storage.convert import to_address
from bot.storage.transaction import Transaction


class TopicQueries(Transaction):
    async def is_forum(self, chat: Address) -> bool:
        return await self.value("SELECT 1 FROM forum WHERE chat = :chat", {"chat": str(chat)}) is not None

    async def set_forum(self, chat: Address, *, is_forum: bool) -> None:
        """Record whether a group has topics: it can be given them, and lose them again."""
        if is_forum:
            await self.run("INSERT INTO forum (chat) VALUES (:chat) ON CONFLICT DO NOTHING", {"chat": str(chat)})
        else:
            await self.run("DELETE FROM forum WHERE chat = :chat", {"chat": str(chat)})

    async def topic(self, chat: Address, article_id: int) -> int | None:
        """Return the number of the article's topic in this group; None if it has none."""
        thread = await self.value(
            "SELECT thread FROM topic WHERE chat = :chat AND article_id = :id", {"chat": str(chat), "id": article_id}
        )
        return int(thread) if thread is not None else None

    async def article_of_topic(self, chat: Address, thread: int) -> int | None:
        """Return the article that a topic is about; None for another topic, or the general one."""
        article = await self.value(
            "SELECT article_id FROM topic WHERE chat = :chat AND thread = :thread",
            {"chat": str(chat), "thread": thread},
        )
        return int(article) if article is not None else None

    async def add_topic(self, chat: Address, article_id: int, thread: int) -> None:
        await self.run(
            """INSERT INTO topic (chat, article_id, thread) VALUES (:chat, :id, :thread)
               ON CONFLICT (chat, article_id) DO UPDATE SET thread = excluded.thread, rename_to = NULL""",
            {"chat": str(chat), "id": article_id, "thread": thread},
        )

    async def forget_topic(self, chat: Address, thread: int) -> None:
        """Forget a topic that somebody deleted: the next word about the article begins another."""
        await self.run(
            "DELETE FROM topic WHERE chat = :chat AND thread = :thread", {"chat": str(chat), "thread": thread}
        )

    async def rename_topics(self, article_id: int, name: str) -> None:
        """Rename the article's topic in every forum; delivery hears of it at the commit."""
        if await self.run(
            "UPDATE topic SET rename_to = :name WHERE article_id = :id", {"id": article_id, "name": name}
        ):
            self.signal("topic")

    async def misnamed_topics(self, platform: Platform) -> list[tuple[Address, int, str]]:
        """Return the topics to rename: chat, number and new name."""
        rows = await self.all(
            "SELECT chat, thread, rename_to FROM topic WHERE rename_to IS NOT NULL AND chat LIKE :chats",
            {"chats": f"{platform}:%"},
        )
        return [(to_address(row["chat"]), row["thread"], row["rename_to"]) for row in rows]

    async def topic_renamed(self, chat: Address, thread: int, name: str) -> None:
        """Record that a topic has this name, unless it is to have yet another by now."""
        await self.run(
            "UPDATE topic SET rename_to = NULL WHERE chat = :chat AND thread = :thread AND rename_to = :name",
            {"chat": str(chat), "thread": thread, "name": name},
        )
