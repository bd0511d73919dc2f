"""One turn of a conversation: who speaks, in which transaction, and how we answer."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.commands.answers import Answer, Outbox
from bot.domain import Above, Address, Attachment, Button, Preview, Run, Screen, Sender, outgoing_to_json
from bot.domain.buttons import ButtonPress, SeeQuestion
from bot.domain.chat import Kind
from bot.domain.dialogue import Dialogue
from bot.domain.entry import BUTTON_LIFE, Offer, Reply
from bot.domain.grounds import Ground, Unasked, shown_as_it_stands
from bot.domain.patience import Urge
from bot.domain.people import Actor, Person, Role, allowed
from bot.domain.saying import Saying
from bot.domain.seen import Seen
from bot.domain.stored import AboutArticle, AboutDispatch, to_json
from bot.domain.traits import Traits
from bot.errors import NotAllowed
from bot.newsroom import offers, waiting
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
Rows = tuple[tuple[Button, ...], ...]

#: The desk's menu where a keyboard stays below the chat: labels, commands, and the least role that may say each.
MENU = (
    (text_id("🆕 New"), text_id("/queue"), Role.REPORTER),
    (text_id("📋 Queue"), text_id("/list"), Role.REPORTER),
    (text_id("📌 Mine"), text_id("/mine"), Role.REPORTER),
    (text_id("❓ Doubts"), text_id("/doubts"), Role.EDITOR),
)
#: Questions that such a keyboard keeps at hand beside what it is about.
AT_HAND = 3
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
    #: Nobody asked: `message_id`, which looks so, shows this from now on, or nothing does; None: it is an answer.
    in_place: str | None = None
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
        """Say one sentence of the catalogue; instants among its values are said as people say them."""
        said = {name: self.when(each) if isinstance(each, datetime) else each for name, each in values.items()}
        await self.show([self.words(text, **said)], keys)

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
        look = _look(lines, keys, above)
        if look == self.in_place:
            return
        if kind is Kind.OTHER and (offered := _offered_about(keys)):
            article, kind = article or offered, Kind.NOTE
        screen = Screen(
            runs=join_lines(lines),
            buttons=await self._rows(keys, article),
            replaces=self.message_id if redraw else 0,
            article=article,
            name=name,
            kind=kind,
            in_place=self.in_place is not None,
            above=above,
            seen=seen,
            look=look,
        )
        # Of several that wait for their turn the last is enough.
        name = in_place_of(screen.replaces) if screen.replaces else name
        await self._owe(outgoing_to_json(screen), name, _ground_of(screen), in_place=screen.in_place)
        await self._note(screen)

    async def _note(self, screen: Screen) -> None:
        """Remember what will stand on the phone: the message that is redrawn, or the keyboard below the chat."""
        if screen.replaces and self.traits.edits and self.answer is None:
            await self.tx.redrawn(self.chat, screen.replaces, screen.kind, screen.keys, screen.look)
        if self.traits.keyboard_stays and self.member is not None:
            await self._out.keep_keyboard(self.chat, screen.keys)

    async def show_keys(self, article: int, rows: Sequence[Sequence[Button]]) -> None:
        """Leave the text of the message that is redrawn, and show these of its buttons; or, where a keyboard stands
        below the chat, show that, with the menu.
        """
        if self.traits.keyboard_stays:
            rows = [*rows, *await self._buttons([self._menu()])]
        screen = Screen(
            (),
            tuple(map(tuple, rows)),
            replaces=self.message_id,
            article=article,
            kind=Kind.NOTE,
            in_place=self.in_place is not None,
        )
        name = in_place_of(self.message_id) if screen.in_place else "keyboard"
        await self._owe(outgoing_to_json(screen), name, in_place=True)
        await self._note(screen)

    async def _rows(self, keys: Keys, article: int) -> Rows:
        """Return the buttons, with what a member of the desk has at hand where a keyboard stays below the chat.

        News without buttons, and what only shows something of an article, leave what stands there.
        """
        if not self.traits.keyboard_stays or self.member is None:
            return await self._buttons(keys)
        if not any(keys) and (standing := await self._standing(article)):
            return (*standing, *await self._buttons([self._menu()]))
        return await self._buttons([*keys, *await self._at_hand(keys), self._menu()])

    async def _standing(self, article: int) -> Rows:
        """Return the buttons of the keyboard below the chat if nobody asked, or if it is about this article."""
        rows = (await self.tx.keyboards()).get(self.chat, ())
        own = tuple(row for row in rows if not row[0].id.startswith("/"))
        about = article and any(names(each.label, article) for row in own for each in row)
        return await self._still_good(own) if about or self.unasked is not None else ()

    async def _still_good(self, rows: Rows) -> Rows:
        """Return the buttons that still do what they say, whatever they are about."""
        halted = bool(rows) and await self.tx.is_halted()
        kept = [tuple([each for each in row if not await self._is_over(each, halted=halted)]) for row in rows]
        return tuple([row for row in kept if row])

    async def _is_over(self, button: Button, *, halted: bool) -> bool:
        if not button.id or button.id.startswith("/"):
            return False
        row = await self.tx.button(button.id, self.chat)
        return row is None or offers.is_over(row, self.now, halted=halted)

    async def _at_hand(self, keys: Keys) -> Keys:
        """Return the buttons of questions to this person that `keys` do not answer already."""
        beside = {about for row in keys for key in row if isinstance(key, Key) if (about := _article_of(key.press))}
        asked = [each.entry.id for each in await waiting.asked_of(self.desk, self.me, AT_HAND)]
        shown = [number for number in asked if number not in beside]
        return [[Key(self.words("⏳ Decide #{id}", id=number), SeeQuestion(number)) for number in shown]]

    def _menu(self) -> list[Word]:
        return [Word(self.words(label), self.words(command)) for label, command, least in MENU if self.may(least)]

    async def preview(self, preview: Preview) -> None:
        await self._owe(outgoing_to_json(preview))

    async def _owe(self, body: str, name: str = "", ground: Ground | None = None, *, in_place: bool = False) -> None:
        """Owe a message. If nobody asked for it, it rests on what it tells; else on `ground`.

        `in_place`: it takes the place of what would be untrue. It must arrive, because nothing else puts that right,
        and it may arrive twice.
        """
        # In a group, only the desk's own is spoken to.
        for_desk = self.member is not None or self.in_group
        place, how = self.place, self.unasked or Unasked(ground=ground, urge=Urge.ANSWER)
        reply = Reply(
            self.chat,
            body,
            name,
            place.thread,
            place.about,
            for_desk=for_desk,
            must_arrive=how.must_arrive or in_place,
            ground=how.ground,
            urge=how.urge,
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
        return Button(label=await self._label(key), id=button_id)

    async def _label(self, key: Key) -> str:
        """Name the article, too, where a button stands under no message in particular."""
        if not self.traits.keyboard_stays:
            return key.label
        number = _article_of(key.press)
        if number is None and isinstance(key.press, AboutDispatch):
            dispatch = await self.tx.dispatch(key.press.dispatch)
            number = dispatch.article_id if dispatch is not None else None
        return key.label if number is None else numbered(key.label, number)

    @property
    def traits(self) -> Traits:
        """Return the abilities and limits of this chat's platform."""
        return self.newsroom.traits[self.chat.platform]

    def when(self, at: datetime) -> str:
        return self.words.day_time(at, self.newsroom.timetable.zone, self.now)


def _ground_of(screen: Screen) -> Ground | None:
    """A card or a question shows how its article stands. One that redraws another is followed by the next redrawing."""
    shows_state = screen.kind in (Kind.CARD, Kind.WHOLE, Kind.QUESTION) and screen.article and not screen.replaces
    return shown_as_it_stands(screen.article) if shows_state else None


def in_place_of(message_id: int) -> str:
    """Return the name of what is shown in place of a message of ours."""
    return f"in place of {message_id}"


def _look(lines: Sequence[Line], keys: Keys, above: Above | None) -> str:
    """Return a hash of a screen, whatever the ids of its buttons are."""
    post = (above.post.version, above.post.platform) if above is not None else ()
    offered = [[_named(key) for key in row] for row in keys if row]
    said = [(run.text, run.bold, run.link) for run in join_lines(lines)]
    return hashlib.sha256(json.dumps([said, offered, post], ensure_ascii=False).encode()).hexdigest()


def _named(key: Key | Link | Word) -> tuple[str, ...]:
    if isinstance(key, Key):
        return key.label, key.press.code, to_json(key.press)
    return (key.label, key.url) if isinstance(key, Link) else (key.label, key.command)


def _offered_about(keys: Keys) -> int:
    """Return the article that all buttons are about; 0: none, or several."""
    pressed = [key.press for row in keys for key in row if isinstance(key, Key)]
    about = {_article_of(press) for press in pressed}
    return (about.pop() or 0) if len(about) == 1 else 0


def _article_of(press: ButtonPress) -> int | None:
    return press.article if isinstance(press, AboutArticle) else None


def numbered(label: str, number: int) -> str:
    """Return the label with the article's number, unless it has that already."""
    return label if names(label, number) else f"{label} #{number}"


def names(label: str, number: int) -> bool:
    """True if the label names the article."""
    return re.search(rf"#{number}(?!\d)", label) is not None


def join_lines(lines: Sequence[Line]) -> tuple[Run, ...]:
    runs: list[Run] = []
    for line in lines:
        if runs:
            runs.append(Run("\n"))
        runs.extend([Run(line)] if isinstance(line, str) else line)
    return tuple(run for run in runs if run.text)


def bold(text: str) -> list[Run]:
    return [Run(text, bold=True)]
