"""The topics of a forum: what bots and people do with them (docs/platforms/telegram.md#topics)."""

from bot.sandbox.phones import Board
from bot.sandbox.telegram_content import JSON
from bot.sandbox.telegram_params import Params
from bot.sandbox.telegram_send import Method, check_member, room
from bot.sandbox.telegram_world import Account, Chat, TelegramWorld, Topic, bad

#: Colours that a topic's icon may have; the first is the default.
TOPIC_COLOURS = (0x6FB9F0, 0xFFD67E, 0xCB86DB, 0x8EEE98, 0xFF93B2, 0xFB6F5F)


def create_forum_topic(world: TelegramWorld, account: Account, params: Params) -> JSON:
    """Open a topic. Its number is that of the service message that begins it, which is not shown here."""
    chat = _managed(world, account, params, "create a topic")
    name, colour = params.text("name").strip(), params.integer("icon_color", TOPIC_COLOURS[0])
    if not 1 <= len(name) <= 128:
        raise bad("TOPIC_TITLE_EMPTY" if not name else "TOPIC_TITLE_TOO_LONG")
    if colour not in TOPIC_COLOURS:
        raise bad("TOPIC_ICON_COLOR_INVALID")
    topic = Topic(chat.room.next_id(), name, colour)
    chat.topics[topic.id] = topic
    world.board.changed()
    return topic.wire()


def edit_forum_topic(world: TelegramWorld, account: Account, params: Params) -> bool:
    """Rename a topic. The service message that says so in the topic is not shown here."""
    chat = _managed(world, account, params, "manage topics")
    topic = chat.topics.get(params.integer("message_thread_id"))
    if topic is None:
        raise bad("TOPIC_ID_INVALID")
    name = params.text("name").strip()
    if len(name) > 128:
        raise bad("TOPIC_TITLE_TOO_LONG")
    if name in ("", topic.name):
        raise bad("TOPIC_NOT_MODIFIED")
    topic.name = name
    world.board.changed()
    return True


def _managed(world: TelegramWorld, account: Account, params: Params, act: str) -> Chat:
    """The forum, if the bot may manage its topics."""
    chat = room(world, account, params).chat
    if not isinstance(chat, Chat) or not chat.forum:
        raise bad("the chat is not a forum")
    if not check_member(account, chat).get("can_manage_topics"):
        raise bad(f"not enough rights to {act}")
    return chat


METHODS: dict[str, Method] = {"createforumtopic": create_forum_topic, "editforumtopic": edit_forum_topic}


class TopicPeople:
    """A forum as people see it, and the acts of its administrators."""

    world: TelegramWorld
    board: Board

    def topics(self, chat_id: int) -> dict[int, str]:
        """A forum's topics by number, without the general one."""
        return {topic.id: topic.name for topic in self.world.chats[chat_id].topics.values()}

    def close_topic(self, chat_id: int, thread: int) -> None:
        """Close a topic: only those who may manage topics write there from now on."""
        self.world.chats[chat_id].topics[thread].closed = True

    def delete_topic(self, chat_id: int, thread: int) -> None:
        """Delete a topic with everything in it."""
        chat = self.world.chats[chat_id]
        del chat.topics[thread]
        for message in chat.room.messages.values():
            message.deleted = message.deleted or message.thread == thread
        self.board.changed()
