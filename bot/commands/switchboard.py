"""The switchboard: whom an address belongs to, in which language it reads, and where else the desk is reached."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import datetime

from bot.commands.talk import Place, Talk
from bot.domain import Address, Platform, Sender
from bot.domain.people import Person, Role
from bot.newsroom.newsroom import Newsroom
from bot.newsroom.team import Team
from bot.storage import Queries
from bot.texts import Catalogue, Words


class Switchboard:
    """Makes a `Talk` for whoever speaks or is told something."""

    def __init__(
        self,
        *,
        newsroom: Newsroom,
        team: Team,
        catalogue: Catalogue,
        default_language: str,
        groups: Collection[Address] = (),
        group_language: str = "",
    ) -> None:
        """`groups` are the desk's own: its people are heard there too, and everything is said in one language."""
        self.groups = frozenset(groups)
        self.newsroom = newsroom
        self.team = team
        self._catalogue = catalogue
        self._default = default_language
        self._group_language = group_language or default_language
        #: The earliest instant at which what is heard now may have been said; None: it is heard as it is said.
        self.unheard_since: datetime | None = None

    @property
    def platforms(self) -> tuple[Platform, ...]:
        """The platforms that are on."""
        return self.newsroom.platforms

    def words(self, language: str) -> Words:
        return self._catalogue.say(language if language in self._catalogue.languages else self._default)

    async def words_of(self, tx: Queries, person: Address) -> Words:
        return self.words(await tx.language_of(person) or self._default)

    async def talk(
        self, tx: Queries, sender: Sender, chat: Address, now: datetime, *, message_id: int = 0, thread: int = 0
    ) -> Talk:
        """One turn with `sender` in `chat`. In a group everybody reads the same language, whoever is answered."""
        own = sender.language or await tx.language_of(sender.address) or self._default
        is_forum = chat in self.groups and await tx.is_forum(chat)
        return Talk(
            tx=tx,
            newsroom=self.newsroom,
            team=self.team,
            words=self.words(self._group_language if chat in self.groups else own),
            now=now,
            sender=sender,
            place=Place(chat, is_forum=is_forum, thread=thread if is_forum else 0),
            message_id=message_id,
            member=await tx.person_at(sender.address),
        )

    async def to(self, tx: Queries, chat: Address, now: datetime) -> Talk:
        """One turn in which nobody has spoken, in somebody's private chat or in a group."""
        return await self.talk(tx, Sender(chat), chat, now)

    async def in_chat(self, tx: Queries, chat: Address, *, now: datetime) -> Talk | None:
        """One turn in which nobody has spoken, to everybody in a group; None if the chat is out of reach."""
        if chat.platform not in self.newsroom.platforms:
            return None
        talk = await self.to(tx, chat, now)
        return talk.to_everybody() if chat in self.groups else talk

    async def to_groups(self, tx: Queries, now: datetime) -> list[Talk]:
        return [(await self.to(tx, group, now)).to_everybody() for group in self.groups]

    async def chats(
        self, tx: Queries, least: Role, concerned: Callable[[Person], bool] = lambda _person: True
    ) -> list[Address]:
        """The private chats of the `concerned` on the desk who have at least this role, where a platform is on."""
        return self.chats_of(filter(concerned, await tx.team(least)))

    def chats_of(self, people: Iterable[Person]) -> list[Address]:
        """The private chats of these people, where a platform is on."""
        return [a for person in people for a in person.addresses if a.platform in self.newsroom.platforms]
