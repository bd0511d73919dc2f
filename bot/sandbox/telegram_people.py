"""The acts of people on Telegram: writing, pressing, editing, forwarding."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from bot.sandbox.phones import Span
from bot.sandbox.telegram_content import JSON, SMALL_JPEG, Content, Media
from bot.sandbox.telegram_params import MAX_TEXT
from bot.sandbox.telegram_phones import TelegramPhones
from bot.sandbox.telegram_send import origin
from bot.sandbox.telegram_text import Entity, from_wire, tidy
from bot.sandbox.telegram_topics import TopicPeople
from bot.sandbox.telegram_world import Account, Chat, Message, Room


class TelegramPeople(TelegramPhones, TopicPeople):
    """The part of the platform that its users hold in their hands."""

    @property
    def presses_carry(self) -> str:
        """The place that presses name, see `Presses.carry`."""
        return self.presses.carry

    @presses_carry.setter
    def presses_carry(self, what: str) -> None:
        self.presses.carry = what

    async def say(
        self,
        person_id: int,
        text: str,
        token: str | None = None,
        entities: Iterable[Span | JSON] | None = None,
        reply_to: int | None = None,
        *,
        chat: int | None = None,
        thread: int = 0,
    ) -> list[int]:
        """Write to the bot, or in a group (there perhaps in a topic). Over 4096 characters become several messages."""
        given = _entities(text, entities or [])
        ids = []
        for start, end in _parts(text):
            piece = [
                Entity(e.kind, max(e.start, start) - start, min(e.end, end) - start, e.url, e.extra)
                for e in given
                if e.start < end and e.end > start
            ]
            plain, kept = tidy(text[start:end], piece)
            message = self._from_person(person_id, token, chat)
            message.content = Content(plain, kept)
            message.reply_to, message.thread = reply_to or 0, thread
            ids.append(self._deliver(message, token))
        return ids

    async def send_photo(self, person_id: int, caption: str = "", file: bytes | None = None) -> int:
        media = self.world.new_media("photo", content=file if file is not None else SMALL_JPEG)
        return self._send_media(person_id, media, caption)

    async def send_video(
        self, person_id: int, caption: str = "", size: int = 1_000_000, duration: int = 10, file: bytes = b""
    ) -> int:
        media = self.world.new_media("video", content=file, name="video.mp4")
        media.size, media.duration = len(file) or size, duration
        return self._send_media(person_id, media, caption)

    async def send_document(self, person_id: int, caption: str = "", *, file: bytes, name: str) -> int:
        """Send a file, as what its name says."""
        return self._send_media(person_id, self.world.new_media("document", content=file, name=name), caption)

    async def send_album(
        self, person_id: int, photos: int = 2, caption: str = "", reply_to: int = 0, captions: Sequence[str] = ()
    ) -> list[int]:
        """Send several photos as one album; `caption` stands under the first, each of `captions` under its own."""
        album = self.world.new_media("album").unique
        files = [self.world.new_media("photo", content=SMALL_JPEG) for _ in range(photos)]
        under = [*(captions or [caption]), *[""] * photos]
        return [self._send_media(person_id, m, under[i], album, reply_to) for i, m in enumerate(files)]

    def _send_media(self, person_id: int, media: Media, caption: str, album: str = "", reply_to: int = 0) -> int:
        message = self._from_person(person_id, None, None)
        message.content, message.album, message.reply_to = Content(*tidy(caption, []), media), album, reply_to
        return self._deliver(message, None)

    async def forward(self, person_id: int, from_chat: int, message_id: int, token: str | None = None) -> int:
        """Forward a post to the bot, which learns where it comes from."""
        source = self._message(from_chat, message_id, token)
        if source.protected:
            raise PermissionError("protected messages cannot be forwarded")
        message = self._from_person(person_id, token, None)
        message.content, message.origin, message.album = source.content, origin(source), source.album
        return self._deliver(message, token)

    async def press(
        self, person_id: int, message_id: int, label_or_data: str, chat: int | None = None, token: str | None = None
    ) -> str:
        """Press an inline button. Returns the query's id, or the address that a URL button opens."""
        message = self._message(person_id if chat is None else chat, message_id, token)
        button = _find_button(message, label_or_data)
        if button.get("url"):
            return str(button["url"])
        if isinstance(message.sender, Account) and button.get("callback_data"):
            person = self._person(person_id)
            return self.presses.press(message.sender, person, message, str(button["callback_data"]))
        return ""

    async def block(self, person_id: int, token: str | None = None) -> None:
        self._block(person_id, self.account(token), blocked=True)

    async def unblock(self, person_id: int, token: str | None = None) -> None:
        self._block(person_id, self.account(token), blocked=False)

    def _block(self, person_id: int, account: Account, *, blocked: bool) -> None:
        person = self._person(person_id)
        if (person_id in account.blocked) == blocked:
            return
        if blocked:
            account.blocked.add(person_id)
        else:
            account.blocked.discard(person_id)
            account.started.add(person_id)
        member, banned = {"status": "member"}, {"status": "kicked"}
        before, after = (member, banned) if blocked else (banned, member)
        self._tell_membership(account, account.room(person), person.wire(), before, after)
        self.board.changed()

    async def post(self, chat_id: int, text: str, *, photo: bool = False, author: str = "") -> int:
        """Post in a channel as a human administrator; bots that are members learn of it."""
        chat = self.world.chats[chat_id]
        message = Message(chat.room.next_id(), chat.room, self.board.now(), None)
        file = self.world.new_media("photo", content=SMALL_JPEG) if photo else None
        message.content = Content(*tidy(text, []), file)
        message.extra = {"author_signature": author} if author else {}
        self.world.put(message)
        for account in self._members(chat):
            self.postman.post(account, "channel_post", f"chat {chat_id}", message.wire(account))
        return message.id

    async def edit(self, chat_id: int, message_id: int, text: str) -> None:
        """Edit a message to the bot as the person who wrote it, or a channel's post as an administrator."""
        message = self._message(chat_id, message_id, None)
        plain, entities = tidy(text, [])
        message.content = replace(message.content, text=plain, entities=entities, raw=plain)
        message.edited_at = self.board.now()
        self.world.announce("edited", message)
        room = message.room
        kind = "edited_message" if room.private else "edited_channel_post"
        for account in [room.account] if room.account else self._members(room.chat):
            if message.sender is not account:
                self.postman.post(account, kind, f"chat {room.id}", message.wire(account))

    async def delete(self, chat_id: int, message_id: int) -> None:
        """Remove a post by hand as an administrator, or clear a message from one's own private chat."""
        message = self._message(chat_id, message_id, None)
        message.deleted = True
        self.world.announce("deleted", message)

    async def clear(self, person_id: int, message_id: int) -> None:
        """Take a message from one's own phone alone: the bot can still edit it, and learns nothing."""
        message = self._message(person_id, message_id, None)
        message.room.cleared.add(message_id)
        self.world.announce("deleted", message)

    def _from_person(self, person_id: int, token: str | None, chat: int | None) -> Message:
        person, account = self._person(person_id), self.account(token)
        room = account.room(person) if chat is None else self.world.chats[chat].room
        if chat is None:
            self._block(person_id, account, blocked=False)
            account.started.add(person_id)
        return Message(room.next_id(), room, self.board.now(), person)

    def _deliver(self, message: Message, token: str | None) -> int:
        self.world.put(message)
        room = message.room
        for account in [room.account] if room.account else self._members(room.chat):
            if room.private or message.content.text.startswith("/") or self._sees_all(account, room):
                self.postman.post(account, "message", f"chat {room.id}", message.wire(account))
        return message.id

    def _sees_all(self, account: Account, room: Room) -> bool:
        return isinstance(room.chat, Chat) and room.chat.members[account.id]["status"] == "administrator"


def _find_button(message: Message, label_or_data: str) -> JSON:
    for row in message.buttons:
        for button in row:
            if label_or_data in (button["text"], button.get("callback_data"), button.get("url")):
                return button
    raise LookupError(f"message {message.id} has no button {label_or_data!r}; it has {message.bubble().buttons}")


def _entities(text: str, given: Iterable[Span | JSON]) -> list[Entity]:
    spans = list(given)
    wire = [item for item in spans if isinstance(item, dict)]
    plain = [Entity(s[0], s[1], s[2], s[3]) for s in spans if not isinstance(s, dict)]
    return plain + from_wire(text, wire)


def _parts(text: str) -> Iterator[tuple[int, int]]:
    """The parts into which the app cuts a long text: at a line's end, else at a space, else anywhere."""
    start = 0
    while len(text) - start > MAX_TEXT:
        window = text[start : start + MAX_TEXT]
        cut = max(window.rfind("\n"), 0) or max(window.rfind(" "), 0) or MAX_TEXT
        yield start, start + cut
        start += cut
    yield start, len(text)
