"""What people and owners do with Telegram on their phones, and what those show."""

from collections.abc import Iterable, Iterator

from bot.sandbox.phones import Board, Bubble, Span, counted
from bot.sandbox.telegram_info import CHANNEL_RIGHTS, member_wire, menu
from bot.sandbox.telegram_params import MAX_TEXT
from bot.sandbox.telegram_send import origin
from bot.sandbox.telegram_text import JSON, Entity, from_wire, tidy
from bot.sandbox.telegram_topics import TopicPeople
from bot.sandbox.telegram_updates import Postman
from bot.sandbox.telegram_world import SMALL_JPEG, Account, Chat, Media, Message, Person, Room, TelegramWorld


class TelegramPeople(TopicPeople):
    """The half of the platform that its users hold in their hands."""

    def __init__(self, board: Board) -> None:
        self.world = TelegramWorld(board)
        self.board = board
        self.postman = Postman(board, self.obey)
        self._queries: dict[str, tuple[Account, int, float]] = {}
        self._last_query = 0
        #: What comes with a press: its "message", one that is "inaccessible", an "inline" message's id, or "nothing".
        self.presses_carry = "message"
        self._toasts: list[tuple[int, str, bool]] = []

    async def obey(self, account: Account, call: JSON) -> None:
        """Execute a method call that came as the answer to a webhook."""
        raise NotImplementedError

    # -- who there is

    def add_bot(self, token: str, username: str = "visnyk_bot", name: str = "Visnyk") -> None:
        head = token.split(":")[0]
        number = int(head) if head.isdecimal() else 7_000_000_000 + len(self.world.accounts)
        self.world.accounts[token] = Account(token, number, username, name)

    def revoke(self, token: str) -> None:
        """The owner takes the token back: 401 from now on."""
        del self.world.accounts[token]

    def add_person(
        self, person_id: int, name: str = "", language: str = "uk", *, username: str = "", started: bool = False
    ) -> None:
        """`started`: has already written to every bot there is, so that they may write first."""
        self.world.people[person_id] = Person(person_id, name or f"Reader {person_id}", language, username)
        if started:
            for account in self.world.accounts.values():
                account.started.add(person_id)

    def add_channel(self, chat_id: int, title: str = "Channel", username: str = "") -> None:
        self._add_chat(Chat(chat_id, "channel", title, username, False))

    def add_group(self, chat_id: int, title: str = "Group", forum: bool = False) -> None:
        self._add_chat(Chat(chat_id, "supergroup", title, "", forum))

    def _add_chat(self, chat: Chat) -> None:
        self.world.chats[chat.id] = chat
        if chat.username:
            self.world.usernames[chat.username.lower()] = chat

    def set_admin(
        self,
        chat_id: int,
        token: str,
        *,
        can_post: bool = True,
        can_edit: bool = True,
        can_delete: bool = True,
        can_manage_topics: bool = False,
    ) -> None:
        """The bot's rights in a channel or group. The first time tells nobody, a change is an update."""
        rights = dict.fromkeys(CHANNEL_RIGHTS, False) | {
            "can_manage_chat": True,
            "can_post_messages": can_post,
            "can_edit_messages": can_edit,
            "can_pin_messages": can_edit,
            "can_delete_messages": can_delete,
            "can_manage_topics": can_manage_topics,
        }
        self._change_member(chat_id, self.account(token), {"status": "administrator", **rights})

    def add_bot_to(self, chat_id: int, token: str) -> None:
        """An ordinary member."""
        self._change_member(chat_id, self.account(token), {"status": "member"})

    def remove_bot(self, chat_id: int, token: str, *, kicked: bool = True) -> None:
        self._change_member(chat_id, self.account(token), {"status": "kicked" if kicked else "left"})

    def set_member(self, chat_id: int, person_id: int, status: str = "member") -> None:
        """A person in a channel or group: creator, administrator, member, left or kicked."""
        self.world.chats[chat_id].members[person_id] = {"status": status}

    def migrate(self, chat_id: int, new_id: int) -> None:
        """A group becomes a supergroup with another id."""
        old = self.world.chats[chat_id]
        new = Chat(new_id, "supergroup", old.title, old.username, old.forum, members=dict(old.members))
        old.migrated_to = new_id
        self._add_chat(new)

    def deactivate(self, person_id: int) -> None:
        self._person(person_id).deactivated = True

    def _change_member(self, chat_id: int, account: Account, record: JSON) -> None:
        chat = self.world.chats[chat_id]
        before = chat.members.get(account.id)
        chat.members[account.id] = record
        if before is not None and before != record:
            owner = {"id": 1, "is_bot": False, "first_name": "Owner"}
            self._tell_membership(account, chat.room, owner, before, record)
        self.board.changed()

    def _tell_membership(self, account: Account, room: Room, who: JSON, before: JSON, after: JSON) -> None:
        body = {
            "chat": room.wire(),
            "from": who,
            "date": int(self.board.now()),
            "old_chat_member": member_wire(account, before),
            "new_chat_member": member_wire(account, after),
        }
        self.postman.post(account, "my_chat_member", f"chat {room.id}", body)

    # -- what people do

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
        """A person writes to the bot, or in a group (and there in a topic). What is over 4096 is several messages."""
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
            message.text, message.entities, message.raw = plain, kept, plain
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

    async def send_album(self, person_id: int, photos: int = 2, caption: str = "", reply_to: int = 0) -> list[int]:
        """Several photos as one; the caption stands under the first."""
        album = self.world.new_media("album").unique
        files = [self.world.new_media("photo", content=SMALL_JPEG) for _ in range(photos)]
        return [self._send_media(person_id, m, "" if i else caption, album, reply_to) for i, m in enumerate(files)]

    def _send_media(self, person_id: int, media: Media, caption: str, album: str = "", reply_to: int = 0) -> int:
        message = self._from_person(person_id, None, None)
        message.media, message.album, message.reply_to = media, album, reply_to
        message.text, message.entities = tidy(caption, [])
        message.raw = message.text
        return self._deliver(message, None)

    async def forward(self, person_id: int, from_chat: int, message_id: int, token: str | None = None) -> int:
        """A person forwards a post to the bot; it says where it comes from."""
        source = self._message(from_chat, message_id, token)
        if source.protected:
            raise PermissionError("protected messages cannot be forwarded")
        message = self._from_person(person_id, token, None)
        message.text, message.entities, message.media = source.text, list(source.entities), source.media
        message.raw, message.origin, message.album = source.raw, origin(source), source.album
        return self._deliver(message, token)

    async def press(
        self, person_id: int, message_id: int, label_or_data: str, chat: int | None = None, token: str | None = None
    ) -> str:
        """Press an inline button. Gives the query's id, or the address that a URL button opens."""
        message = self._message(person_id if chat is None else chat, message_id, token)
        button = _find_button(message, label_or_data)
        if button.get("url"):
            return str(button["url"])
        if isinstance(message.sender, Account) and button.get("callback_data"):
            return self._query(message.sender, self._person(person_id), message, str(button["callback_data"]))
        return ""

    def _query(self, account: Account, person: Person, message: Message, data: str) -> str:
        self._last_query += 1
        query_id = str(4_000_000_000_000 + self._last_query)
        self._queries[query_id] = (account, person.id, self.board.now())
        body = {
            "id": query_id,
            "from": person.wire(),
            "chat_instance": str(message.room.id),
            "data": data,
            **carried(message, account, self.presses_carry),
        }
        self.postman.post(account, "callback_query", f"query {person.id}", body)
        return query_id

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
        """A human administrator posts in a channel; bots that are members learn of it."""
        chat = self.world.chats[chat_id]
        message = Message(chat.room.next_id(), chat.room, self.board.now(), None)
        message.media = self.world.new_media("photo", content=SMALL_JPEG) if photo else None
        message.text, message.entities = tidy(text, [])
        message.raw = message.text
        message.extra = {"author_signature": author} if author else {}
        self.world.put(message)
        for account in self._members(chat):
            self.postman.post(account, "channel_post", f"chat {chat_id}", message.wire(account))
        return message.id

    async def edit(self, chat_id: int, message_id: int, text: str) -> None:
        """A person edits what they wrote to the bot, or an administrator a channel's post."""
        message = self._message(chat_id, message_id, None)
        message.text, message.entities = tidy(text, [])
        message.raw, message.edited_at = message.text, self.board.now()
        self.world.announce("edited", message)
        room = message.room
        kind = "edited_message" if room.private else "edited_channel_post"
        for account in [room.account] if room.account else self._members(room.chat):
            if message.sender is not account:
                self.postman.post(account, kind, f"chat {room.id}", message.wire(account))

    async def delete(self, chat_id: int, message_id: int) -> None:
        """A human administrator removes a post by hand, or a person clears one from the private chat."""
        message = self._message(chat_id, message_id, None)
        message.deleted = True
        self.world.announce("deleted", message)

    async def finish_encoding(self) -> None:
        """Videos that waited for the server to re-encode them appear."""
        waiting, self.world.being_encoded = self.world.being_encoded, []
        for message in waiting:
            message.id = message.room.next_id()
            self.world.put(message)

    # -- what phones show

    def phone(self, chat_id: int, *, deleted: bool = False, token: str | None = None) -> list[Bubble]:
        """A private chat with the bot as this person sees it, or a channel."""
        messages = self._room(chat_id, token).messages.values()
        return counted(message.bubble() for message in messages if deleted or not message.deleted)

    def commands(self, person_id: int, token: str | None = None) -> list[JSON]:
        """The command menu in this person's chat with the bot."""
        return menu(self.account(token), person_id, self._person(person_id).language)

    def toasts(self, person_id: int) -> list[str]:
        """What answered presses told this person."""
        return [text for who, text, _ in self._toasts if who == person_id]

    def age(self, chat_id: int, message_id: int, hours: float) -> None:
        """Make a message older."""
        self._message(chat_id, message_id, None).at -= hours * 3600

    def picture(self, shown: str) -> bytes | None:
        """The bytes of a photo that somebody sent, by what its bubble shows."""
        files = (media for account in self.world.accounts.values() for media, _ in account.files.values())
        return next((media.content for media in files if media.content and media.shown == shown), None)

    @property
    def reencode_videos(self) -> bool:
        """Videos sent to channels come back with message_id 0 until `finish_encoding()`."""
        return self.world.reencode_videos

    @reencode_videos.setter
    def reencode_videos(self, on: bool) -> None:
        self.world.reencode_videos = on

    @property
    def open_house(self) -> bool:
        """Any positive id is a person who has started every bot: for audiences of a million."""
        return self.world.open_house

    @open_house.setter
    def open_house(self, on: bool) -> None:
        self.world.open_house = on

    @property
    def unreachable_urls(self) -> set[str]:
        """Addresses whose pictures Telegram fails to fetch."""
        return self.world.unreachable_urls

    def account(self, token: str | None = None) -> Account:
        if token is None:
            return next(iter(self.world.accounts.values()))
        return self.world.accounts[token]

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

    def _person(self, person_id: int) -> Person:
        person = self.world.person(person_id)
        if person is None:
            raise LookupError(f"nobody has the id {person_id}")
        return person

    def _message(self, chat_id: int, message_id: int, token: str | None) -> Message:
        message = self._room(chat_id, token).messages.get(message_id)
        if message is None or message.deleted:
            raise LookupError(f"no message {message_id} in chat {chat_id}")
        return message

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
            if room.private or message.text.startswith("/") or self._sees_all(account, room):
                self.postman.post(account, "message", f"chat {room.id}", message.wire(account))
        return message.id

    def _sees_all(self, account: Account, room: Room) -> bool:
        return isinstance(room.chat, Chat) and room.chat.members[account.id]["status"] == "administrator"

    def _members(self, chat: Chat | Person) -> list[Account]:
        members = chat.members if isinstance(chat, Chat) else {}
        present = {user for user, record in members.items() if record["status"] in ("administrator", "member")}
        return [account for account in self.world.accounts.values() if account.id in present]


def _find_button(message: Message, label_or_data: str) -> JSON:
    for row in message.buttons:
        for button in row:
            if label_or_data in (button["text"], button.get("callback_data"), button.get("url")):
                return button
    raise LookupError(f"message {message.id} has no button {label_or_data!r}; it has {message.bubble().buttons}")


def carried(message: Message, account: Account, what: str) -> JSON:
    """The part of a callback query that says where the button was pressed, as the server gives it."""
    match what:
        case "message":
            return {"message": message.wire(account)}
        case "inaccessible":
            return {"message": {"chat": message.room.wire(), "message_id": message.id, "date": 0}}
        case "inline":
            return {"inline_message_id": f"AgAAA{message.room.id}.{message.id}"}
        case "nothing":
            return {}
        case _:
            raise ValueError(f"a press cannot carry {what!r}")


def _entities(text: str, given: Iterable[Span | JSON]) -> list[Entity]:
    spans = list(given)
    wire = [item for item in spans if isinstance(item, dict)]
    plain = [Entity(s[0], s[1], s[2], s[3]) for s in spans if not isinstance(s, dict)]
    return plain + from_wire(text, wire)


def _parts(text: str) -> Iterator[tuple[int, int]]:
    """Where the app cuts a long text: at a line's end, else at a space, else anywhere."""
    start = 0
    while len(text) - start > MAX_TEXT:
        window = text[start : start + MAX_TEXT]
        cut = max(window.rfind("\n"), 0) or max(window.rfind(" "), 0) or MAX_TEXT
        yield start, start + cut
        start += cut
    yield start, len(text)
