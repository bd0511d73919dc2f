"""The screens of Telegram's phones."""

from collections.abc import Iterator

from bot.sandbox.phones import Board, Bubble, counted
from bot.sandbox.telegram_content import JSON
from bot.sandbox.telegram_info import menu
from bot.sandbox.telegram_owners import TelegramOwners
from bot.sandbox.telegram_presses import Presses
from bot.sandbox.telegram_world import Chat, Message, Room


class TelegramPhones(TelegramOwners):
    """The part of the platform that its users look at."""

    def __init__(self, board: Board) -> None:
        super().__init__(board)
        self.presses = Presses(board, self.postman)

    def phone(self, chat_id: int, *, deleted: bool = False, token: str | None = None) -> list[Bubble]:
        """The private chat with the bot as this person sees it, or a channel."""
        messages = self._room(chat_id, token).messages.values()
        return counted(each.bubble() for each in messages if deleted or not each.is_hidden)

    def pinned(self, chat_id: int) -> list[Bubble]:
        """Return what is pinned in a channel or group, the latest last."""
        room = self._room(chat_id, None)
        pins = room.chat.pins if isinstance(room.chat, Chat) else []
        return [room.messages[number].bubble() for number in pins if not room.messages[number].deleted]

    def commands(self, person_id: int, token: str | None = None) -> list[JSON]:
        """The command menu in this person's chat with the bot."""
        return menu(self.account(token), person_id, self._person(person_id).language)

    def toasts(self, person_id: int) -> list[str]:
        """Return the notes that answers to presses showed this person, oldest first."""
        return self.presses.toasts(person_id)

    def age(self, chat_id: int, message_id: int, hours: float) -> None:
        """Make a message older."""
        self._message(chat_id, message_id, None).at -= hours * 3600

    def picture(self, shown: str) -> bytes | None:
        """The bytes of a photo that somebody sent, by what its bubble shows."""
        files = (media for account in self.world.accounts.values() for media, _ in account.files.values())
        return next((media.content for media in files if media.content and media.shown == shown), None)

    def all_phones(self) -> Iterator[tuple[str, list[Bubble]]]:
        """Every chat in which something was said."""
        for account in self.world.accounts.values():
            for room in account.rooms.values():
                yield f"{account.username} with {room.id}", [m.bubble() for m in room.messages.values()]
        for chat in self.world.chats.values():
            yield chat.title, [m.bubble() for m in chat.room.messages.values()]

    def _room(self, chat_id: int, token: str | None) -> Room:
        if chat_id < 0:
            return self.world.chats[chat_id].room
        return self.account(token).room(self._person(chat_id))

    def _message(self, chat_id: int, message_id: int, token: str | None) -> Message:
        message = self._room(chat_id, token).messages.get(message_id)
        if message is None or message.deleted:
            raise LookupError(f"no message {message_id} in chat {chat_id}")
        return message
