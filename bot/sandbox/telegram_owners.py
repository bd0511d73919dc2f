"""Telegram's inhabitants: bots, channels, groups and people, and the acts of those in charge of them."""

from bot.sandbox.phones import Board
from bot.sandbox.telegram_content import JSON
from bot.sandbox.telegram_info import CHANNEL_RIGHTS, member_wire
from bot.sandbox.telegram_updates import Postman
from bot.sandbox.telegram_world import Account, Chat, Person, Room, TelegramWorld


class TelegramOwners:
    """The part of the platform that is set up: by owners, administrators and the server itself."""

    def __init__(self, board: Board) -> None:
        self.world = TelegramWorld(board)
        self.board = board
        self.postman = Postman(board, self.obey)

    async def obey(self, account: Account, call: JSON) -> None:
        """Execute a method call that came as the answer to a webhook."""
        raise NotImplementedError

    def add_bot(self, token: str, username: str = "visnyk_bot", name: str = "Visnyk") -> None:
        head = token.split(":")[0]
        number = int(head) if head.isdecimal() else 7_000_000_000 + len(self.world.accounts)
        self.world.accounts[token] = Account(token, number, username, name)

    def revoke(self, token: str) -> None:
        """Take the token back, as its owner may: 401 from now on."""
        del self.world.accounts[token]

    def add_person(
        self, person_id: int, name: str = "", language: str = "uk", *, username: str = "", started: bool = False
    ) -> None:
        """Add a person; one who has `started` wrote to every bot there is, so that the bots may write first."""
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
        """Set the bot's rights in a channel or group. The first time is told to nobody; a change is an update."""
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
        """Make the bot an ordinary member."""
        self._change_member(chat_id, self.account(token), {"status": "member"})

    def remove_bot(self, chat_id: int, token: str, *, kicked: bool = True) -> None:
        self._change_member(chat_id, self.account(token), {"status": "kicked" if kicked else "left"})

    def set_member(self, chat_id: int, person_id: int, status: str = "member") -> None:
        """Set what a person is in a channel or group: creator, administrator, member, left or kicked."""
        self.world.chats[chat_id].members[person_id] = {"status": status}

    def migrate(self, chat_id: int, new_id: int) -> None:
        """Turn a group into a supergroup with another id."""
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

    async def finish_encoding(self) -> None:
        """Show the videos that waited for the server to re-encode them."""
        waiting, self.world.being_encoded = self.world.being_encoded, []
        for message in waiting:
            message.id = message.room.next_id()
            self.world.put(message)

    @property
    def reencode_videos(self) -> bool:
        """True if videos sent to channels come back with message_id 0 until `finish_encoding()`."""
        return self.world.reencode_videos

    @reencode_videos.setter
    def reencode_videos(self, on: bool) -> None:
        self.world.reencode_videos = on

    @property
    def open_house(self) -> bool:
        """True if any positive id is a person who has started every bot: for audiences of a million."""
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

    def _person(self, person_id: int) -> Person:
        person = self.world.person(person_id)
        if person is None:
            raise LookupError(f"nobody has the id {person_id}")
        return person

    def _members(self, chat: Chat | Person) -> list[Account]:
        members = chat.members if isinstance(chat, Chat) else {}
        present = {user for user, record in members.items() if record["status"] in ("administrator", "member")}
        return [account for account in self.world.accounts.values() if account.id in present]
