"""One turn of a conversation: who speaks, in which transaction, and how we answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.commands.answers import Answer, Outbox
from bot.domain import Above, Address, Attachment, Button, Preview, Run, Screen, Sender, outgoing_to_json
from bot.domain.buttons import ButtonPress
from bot.domain.chat import Kind
from bot.domain.dialogue import Dialogue
from bot.domain.entry import BUTTON_LIFE, Offer, Reply
from bot.domain.grounds import Ground, Unasked, shown_as_it_stands
from bot.domain.people import Actor, Person, Role, allowed
from bot.domain.saying import Saying
from bot.domain.seen import Seen
from bot.domain.traits import Traits
from bot.errors import NotAllowed
from bot.newsroom.desk import Desk
from bot.newsroom.newsroom import Newsroom
from bot.newsroom.team import Team
from bot.storage import Queries
from bot.texts import Words, text_id


@dataclass(frozen=True, slots=True)
class Key:
    """A button in the making: it becomes a server-side row when it is shown."""

    label: str
    press: ButtonPress
    #: Only the person who asked may press it; otherwise everybody in the chat who has the role.
    own: bool = False
    life: timedelta = BUTTON_LIFE


@dataclass(frozen=True, slots=True)
class Link:
    """A button that opens an address."""

    label: str
    url: str


#: Why an act is refused, by the role that it takes.
ONLY = {
    Role.REPORTER: text_id("Only the desk can do that. /help shows what you can say."),
    Role.EDITOR: text_id("Only editors and owners can do that. /help shows what you can say."),
    Role.OWNER: text_id("Only an owner can do that. /help shows what you can say."),
}


@dataclass(frozen=True, slots=True)
class Word:
    """A button that says a command: only where a keyboard stays until another one comes."""

    label: str
    command: str


Keys = Sequence[Sequence[Key | Link | Word]]
#: A line is plain text or runs; a screen is lines.
Line = str | Sequence[Run]


@dataclass(frozen=True, slots=True)
class Place:
    """The place where something is said.

    In a desk group with topics: in which one, 0 for the general one, and about what article. `to_all`: to the whole
    group, and not as an answer: its buttons are for everybody who may press them.
    """

    chat: Address
    is_forum: bool = False
    thread: int = 0
    about: int | None = None
    to_all: bool = False


@dataclass(frozen=True, slots=True)
class Talk:
    """One turn. `message_id` is the message to redraw if a button was pressed, else 0.

    `member` is the person of the desk who speaks, looked up in this transaction; None is a reader.
    """

    tx: Queries
    newsroom: Newsroom
    team: Team
    words: Words
    now: datetime
    sender: Sender
    place: Place
    #: The instants between which it was said, by which its times are understood; None: just now.
    saying: Saying | None = None
    message_id: int = 0
    member: Person | None = None
    #: True if what was just said made them a reader, as anything does on Viber.
    new_reader: bool = False
    #: Nobody asked: `message_id` shows this from now on, or nothing does.
    in_place: bool = False
    #: The receiver of messages; None: the transaction. An answer that only reads keeps them for later.
    answer: Answer | None = None
    #: How the messages of a turn leave that nobody asked for.
    unasked: Unasked | None = None
    #: The attachment of the message that is not taken.
    untaken: Attachment | None = None

    @property
    def said(self) -> datetime:
        return self.saying.earliest if self.saying is not None else self.now

    @property
    def is_late(self) -> bool:
        """True if it is read so long after it was said that it may no longer be meant."""
        return self.now - self.said > self.newsroom.timetable.stale_after

    @property
    def person(self) -> Address:
        """The address that speaks; one of `member`'s."""
        return self.sender.address

    @property
    def me(self) -> Person:
        """The member who speaks, where only the desk is let in."""
        assert self.member is not None
        return self.member

    @property
    def desk(self) -> Desk:
        """Return the desk for the newsroom's acts in this turn."""
        return Desk(self.newsroom, self.tx, self.now, Actor(self.person, self.member), self.saying)

    @property
    def _out(self) -> Outbox:
        return self.tx if self.answer is None else self.answer

    @property
    def chat(self) -> Address:
        return self.place.chat

    @property
    def in_group(self) -> bool:
        """True in a group of the desk, False in a chat of two."""
        return self.chat != self.person

    @property
    def reader(self) -> Person | None:
        """The member whom a screen is made for; None: whoever of the desk reads it in a group."""
        return None if self.place.to_all or self.in_group else self.member

    def about_article(self, number: int) -> Talk:
        """Return a turn whose messages go to the article's topic, where there are topics."""
        return replace(self, place=replace(self.place, about=number)) if self.place.is_forum else self

    def to_everybody(self) -> Talk:
        """Return a turn that speaks to the whole chat."""
        return replace(self, place=replace(self.place, to_all=True), member=None)

    def may(self, least: Role | None) -> bool:
        return allowed(self.member, least)

    def require(self, least: Role | None) -> None:
        """The one place where an act is refused for want of a role."""
        if not self.may(least):
            assert least is not None
            raise NotAllowed(ONLY[least])

    async def wait_for(self, dialogue: Dialogue, *, due_at: datetime | None = None) -> None:
        """Remember what we wait for: the next message of this person is about that."""
        dialogue = replace(dialogue, said=self.said.timestamp())
        await self.tx.set_dialogue(self.person, dialogue, self.now, due_at=due_at)

    async def say(self, text: str, /, *, keys: Keys = (), **values: object) -> None:
        """Say one sentence of the catalogue."""
        await self.show([self.words(text, **values)], keys)

    async def show(
        self,
        lines: Sequence[Line],
        keys: Keys = (),
        *,
        redraw: bool = False,
        article: int = 0,
        name: str = "",
        kind: Kind = Kind.OTHER,
        above: Above | None = None,
        seen: Seen | None = None,
    ) -> None:
        """Show a screen about `article`, if any. A later screen of the same `name` takes its place in this chat.

        `above`: the post under which it stands. `seen`: what its reader has seen of the article by then.
        """
        screen = Screen(
            runs=join_lines(lines),
            buttons=await self._buttons(keys),
            replaces=self.message_id if redraw else 0,
            article=article,
            name=name,
            kind=kind,
            in_place=self.in_place,
            above=above,
            seen=seen,
        )
        # Of several that wait for their turn the last is enough.
        name = f"in place of {self.message_id}" if self.in_place else name
        await self._owe(outgoing_to_json(screen), name, _ground_of(screen))

    async def preview(self, preview: Preview) -> None:
        await self._owe(outgoing_to_json(preview))

    async def _owe(self, body: str, name: str = "", ground: Ground | None = None) -> None:
        """Owe a message. If nobody asked for it, it rests on what it tells; else on `ground`."""
        # In a group, only the desk's own is spoken to.
        for_desk = self.member is not None or self.in_group
        place, how = self.place, self.unasked or Unasked(ground=ground)
        reply = Reply(
            self.chat,
            body,
            name,
            place.thread,
            place.about,
            for_desk=for_desk,
            must_arrive=how.must_arrive,
            ground=how.ground,
        )
        await self._out.owe(reply, self.now)

    async def _buttons(self, keys: Keys) -> tuple[tuple[Button, ...], ...]:
        """Make the buttons that this person may press."""
        rows = [[key for key in row if self._offers(key)] for row in keys]
        return tuple([tuple([await self._button(key) for key in row]) for row in rows if row])

    def _offers(self, key: Key | Link | Word) -> bool:
        if isinstance(key, Word):
            return self.traits.keyboard_stays
        return isinstance(key, Link) or self.place.to_all or self.may(key.press.least)

    async def _button(self, key: Key | Link | Word) -> Button:
        if isinstance(key, Link):
            return Button(label=key.label, url=key.url)
        if isinstance(key, Word):
            return Button(label=key.label, id=key.command)
        only = self.member.id if key.own and self.member is not None else None
        button_id = await self._out.add_button(Offer(key.press, self.chat, only, key.life), self.now)
        return Button(label=key.label, id=button_id)

    @property
    def traits(self) -> Traits:
        """Return the abilities and limits of this chat's platform."""
        return self.newsroom.traits[self.chat.platform]

    def when(self, at: datetime) -> str:
        return self.words.day_time(at, self.newsroom.timetable.zone, self.now)


def _ground_of(screen: Screen) -> Ground | None:
    """A card or a question shows how its article stands. One that redraws another is followed by the next redrawing."""
    shows_state = screen.kind in (Kind.CARD, Kind.QUESTION) and screen.article and not screen.replaces
    return shown_as_it_stands(screen.article) if shows_state else None


def join_lines(lines: Sequence[Line]) -> tuple[Run, ...]:
    runs: list[Run] = []
    for line in lines:
        if runs:
            runs.append(Run("\n"))
        runs.extend([Run(line)] if isinstance(line, str) else line)
    return tuple(run for run in runs if run.text)


def bold(text: str) -> list[Run]:
    return [Run(text, bold=True)]
