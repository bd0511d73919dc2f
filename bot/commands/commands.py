"""Hearing: the speaker and the meaning of each update; the table does the rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from bot.commands import asides, asking, buttons, choosing, drafts, guesses, messages, pages, readers, steps
from bot.commands.answers import Answer
from bot.commands.echoes import Echoes
from bot.commands.switchboard import Switchboard
from bot.commands.table import BY_NAME, COMMANDS
from bot.commands.talk import ONLY, Talk
from bot.domain import (
    Address,
    Button,
    ChatKind,
    Failed,
    Incoming,
    Left,
    Moved,
    Pressed,
    Returned,
    RightsChanged,
    Run,
    Said,
    Screen,
    Sender,
)
from bot.domain.audit import STRANGER
from bot.domain.dialogue import Collecting, Dialogue
from bot.domain.lookup import Lookup
from bot.domain.news import GroupMoved, RightsLost
from bot.domain.parse import without_prefix
from bot.domain.people import Person, Role, allowed
from bot.domain.saying import Saying, saying_of
from bot.errors import CODES, UNKNOWN, NotAllowed, Refused
from bot.ingest.page import Page
from bot.newsroom.team import one_time_code
from bot.readers import subscription
from bot.storage import Queries

log = structlog.get_logger(__name__)


#: Commands at the top of the desk's menu, in their order.
FIRST = {"queue": 0, "list": 1, "mine": 2, "doubts": 3}
#: Refusals of strangers that are recorded in an hour, of each kind.
RECORDED = 20


class Commands:
    """The receptionist: hears every update and answers it."""

    def __init__(self, switchboard: Switchboard) -> None:
        self._board = switchboard
        #: Refusals of strangers since the start, by kind.
        self.refused: Counter[str] = Counter()
        self._echoes = Echoes()

    async def was_away(self, read: Queries) -> None:
        """Learn since when nobody was heard: until the backlog is read, words may be as old as that."""
        self._board.unheard_since = await read.last_heard()

    async def handle(self, tx: Queries, incoming: Incoming, now: datetime, *, arrived: datetime | None = None) -> None:
        """Do all that one update causes, answers included. A refusal undoes the rest and is said.

        `arrived`: when it came to us; None: just now.
        """
        saying = self._saying(incoming, arrived or now, now)
        if incoming.chat_kind is ChatKind.UNKNOWN:
            incoming = await self._placed(tx, incoming)
        if self._echoes.is_one(incoming):
            return
        event = incoming.event
        if isinstance(event, RightsChanged):
            await self._rights_changed(tx, incoming.chat, event, now)
        elif isinstance(event, Moved):
            await self._moved(tx, incoming.chat, event, now)
        elif incoming.chat_kind is ChatKind.PRIVATE:
            await self._private(tx, incoming, now, saying)
        elif isinstance(event, Said | Pressed):
            await self._in_group(tx, incoming, event, now, saying)

    async def read(self, read: Queries, incoming: Incoming, now: datetime) -> Answer | None:
        """The answer to what only asks, made without the writer; None: somebody must write. Changes nothing."""
        event = incoming.event
        if incoming.chat_kind is not ChatKind.PRIVATE or not isinstance(event, Said):
            return None
        if not messages.is_plain_command(event):
            return await self._read_check(read, incoming, event, now)
        name, length = messages.command_name(event.text)
        command = BY_NAME.get(name.casefold())
        if command is None or not command.only_asks or choosing.lacks_article(command, event.text[length:]):
            return None
        self._echoes.is_one(incoming)  # it is only remembered: a changed message is no plain command
        answer = Answer(read.seal_key)
        talk = replace(await self._board.talk(read, incoming.sender, incoming.chat, now), answer=answer)
        if not talk.may(command.role) or (talk.member is not None and await self._is_in_dialogue(talk)):
            return None
        if await self._becomes_reader(talk):
            return None
        answer.also(lambda tx: self._notice(replace(talk, tx=tx, answer=None)))
        try:
            await command.act(talk, without_prefix(event.runs, length), None)
        except NotAllowed:
            return None
        except Refused as refusal:
            await talk.say(refusal.text, **refusal.values)
        return answer

    async def _read_check(self, read: Queries, incoming: Incoming, said: Said, now: datetime) -> Answer | None:
        """Answer a reader who sends a text to be compared with ours."""
        if messages.is_command(said) or not asking.is_to_check(said):
            return None
        answer = Answer(read.seal_key)
        talk = replace(await self._board.talk(read, incoming.sender, incoming.chat, now), answer=answer)
        if talk.member is not None or await self._becomes_reader(talk):
            return None
        self._echoes.is_one(incoming)
        answer.also(lambda tx: self._notice(replace(talk, tx=tx, answer=None)))
        # What is not of ours may be for the desk, which somebody must write down.
        return answer if await asking.compare(talk, said) else None

    async def _becomes_reader(self, talk: Talk) -> bool:
        """True if a word makes this person a reader, for which somebody must write."""
        return (
            talk.member is None
            and talk.traits.writing_subscribes
            and await subscription.becomes_reader(talk.tx, talk.chat)
        )

    async def _is_in_dialogue(self, talk: Talk) -> bool:
        """True if a command ends something that this person is in the middle of, for which somebody must write."""
        dialogue = await talk.tx.dialogue(talk.person)
        return dialogue is not None and not dialogue.over

    async def _notice(self, talk: Talk) -> bool:
        """Note who speaks. True if that made them a reader, as anything does on Viber."""
        if talk.member is not None:
            await talk.tx.remember_person(talk.person, talk.words.language, talk.sender.name, talk.now)
            await self._board.team.seen(talk.desk, talk.member, talk.sender.name)
            if talk.traits.counts_unanswered:
                await talk.tx.answered(talk.chat, talk.said, talk.now)
            return False
        if talk.traits.free_within is not None:
            await talk.tx.spoke(talk.chat, talk.said, talk.now)
        if talk.traits.writing_subscribes and not await readers.is_overtaken(talk):
            return await subscription.heard_from(talk.tx, talk.chat, talk.sender.language, talk.said)
        return False

    async def apologise(self, tx: Queries, incoming: Incoming, now: datetime) -> None:
        """Own up to a fault of ours that kept us from answering."""
        await (await self._board.talk(tx, incoming.sender, incoming.chat, now)).say(
            "Something went wrong on our side. Nothing was changed. Please try again."
        )

    async def nothing_recorded(self, tx: Queries, incoming: Incoming, now: datetime) -> None:
        """Say that nothing was done because the audit log was altered. Only the desk learns of that."""
        talk = await self._board.talk(tx, incoming.sender, incoming.chat, now)
        if talk.member is not None:
            await talk.say("That was not done: the record of who did what was tampered with and takes no new entries.")

    def patience(self, incoming: Incoming) -> Screen | None:
        """Return the screen for a person who waits while nothing can be written. It is built without the store."""
        if incoming.chat_kind is not ChatKind.PRIVATE or not isinstance(incoming.event, Said | Pressed):
            return None
        words = self._board.words(incoming.sender.language)
        text = words(
            "Visnyk can't save anything right now, so nothing goes out either. What you sent is not lost: it "
            "will be done as soon as possible."
        )
        return Screen((Run(text),))

    def stops(self, incoming: Incoming) -> bool:
        """True for what must be heard however much somebody has sent: a press, and a command that stops something."""
        event = incoming.event
        if not isinstance(event, Said):
            return True
        command = BY_NAME.get(messages.command_name(event.text)[0].casefold()) if messages.is_command(event) else None
        return command is not None and command.stops

    def rest(self, incoming: Incoming, rest: timedelta) -> Screen | None:
        """Return the screen for somebody of the desk who sent too much at once. It is built without the store."""
        if incoming.chat_kind is not ChatKind.PRIVATE:
            return None
        words = self._board.words(incoming.sender.language)
        text = words(
            "That was too much at once. What you send is taken again in {time}; until then only buttons, /halt, "
            "/cancel and /undo work.",
            time=words.duration(rest),
        )
        return Screen((Run(text),))

    def welcome(self, language: str, context: str = "") -> Screen:
        """The first screen of a Viber chat. It is built without the store: the platform waits for it."""
        words = self._board.words(language)
        if code := one_time_code(context):
            text = words("Good day! You are invited to the newsroom's desk. Press the button to join it.")
            return Screen((Run(text),), ((Button(words("Join the desk"), id=f"/start {code}"),),))
        name = self._board.newsroom.press.name_in(words.language)
        text = words("Good day! Press the button, and our news comes here.")
        runs = (Run(name, bold=True), Run(f"\n{text}"))
        return Screen(runs, ((Button(words("Subscribe"), id="/start"),),))

    async def finish_collected(self, tx: Queries, now: datetime) -> None:
        """Take the pasted texts whose parts have all arrived."""
        for person, dialogue in await tx.due_dialogues(now):
            talk = await self._board.to(tx, person, now)
            if isinstance(dialogue, Collecting):
                await self._finish(talk, dialogue)
            else:  # of another version
                await tx.end_dialogue(person)

    async def take_page(self, tx: Queries, lookup: Lookup, found: Page | str, now: datetime) -> None:
        """Make a draft of a page that somebody had fetched, or say why there is none: `found` is the reason then."""
        talk = await self._board.talk(tx, Sender(lookup.person), lookup.chat, now, thread=lookup.thread)
        if not talk.may(Role.REPORTER):
            return  # no longer of the desk
        if isinstance(found, str):
            await pages.explain(talk, lookup, found)
            return
        try:
            async with tx.undone_by(Refused):
                await drafts.from_page(talk, found)
        except Refused as refusal:
            await talk.say(refusal.text, **refusal.values)

    def menu(self, language: str, person: Person | None) -> Sequence[tuple[str, str]]:
        """Return the app's command menu: names and descriptions of what `person` may say. None is a reader."""
        words = self._board.words(language)
        sayable = [command for command in COMMANDS if allowed(person, command.role)]
        if person is not None:
            sayable.sort(key=lambda command: FIRST.get(command.name, len(FIRST)))
        return [(command.name, words(command.about)) for command in sayable]

    async def _rights_changed(self, tx: Queries, chat: Address, event: RightsChanged, now: datetime) -> None:
        key = f"rights:{chat}"
        if event.can_post:
            await tx.trouble_gone(key, now)
        elif any(channel.chat == chat.id for channel in self._board.newsroom.channels.values()):
            await tx.tell_desk(key, RightsLost(event.title), now)

    async def _moved(self, tx: Queries, chat: Address, event: Moved, now: datetime) -> None:
        """Tell the desk that a group moved: posts follow it, but people are heard only in groups of newsroom.toml."""
        if chat in self._board.groups or any(
            channel.chat == chat.id for channel in self._board.newsroom.channels.values()
        ):
            await tx.tell_desk(f"moved:{chat}:{event.to}", GroupMoved(event.title, chat.id, event.to), now)

    async def _placed(self, tx: Queries, incoming: Incoming) -> Incoming:
        """A press that came without its message, in the desk's group whose button it is, else in the presser's own
        chat: there, a button of anybody else's chat is unknown."""
        assert isinstance(incoming.event, Pressed)
        chat = await tx.chat_of_button(incoming.event.button)
        if chat is None or chat not in self._board.groups:
            return replace(incoming, chat_kind=ChatKind.PRIVATE)
        return replace(incoming, chat=chat, chat_kind=ChatKind.GROUP, is_forum=await tx.is_forum(chat))

    async def _private(self, tx: Queries, incoming: Incoming, now: datetime, saying: Saying | None) -> None:
        event, sender = incoming.event, incoming.sender
        message_id = event.message_id if isinstance(event, Pressed) else 0
        talk = await self._board.talk(tx, sender, incoming.chat, now, message_id=message_id)
        talk = replace(talk, saying=saying)
        match event:
            case Left() | Returned() if await readers.is_overtaken(talk):
                pass  # platforms repeat what we did not take, after what came later
            case Left():
                await tx.reader_left(incoming.chat, talk.said)
            case Returned():
                await self._returned(talk)
            case Failed():
                log.warning("not_shown_to_a_reader", platform=incoming.chat.platform, reason=event.reason)
                await tx.not_shown(incoming.chat, event.token, event.reason, now)
            case Said() | Pressed():
                if not (talk.member is None and isinstance(event, Said) and messages.brings_code(event)):
                    talk = replace(talk, new_reader=await self._notice(talk))
                if talk.new_reader and not (isinstance(event, Said) and messages.is_about_subscribing(event)):
                    await readers.greet(talk)
                await self._answer(talk, event)

    async def _in_group(
        self, tx: Queries, incoming: Incoming, event: Said | Pressed, now: datetime, saying: Saying | None
    ) -> None:
        """Hear the desk's people in a group: new commands, replies to us and presses. Strangers leave a record."""
        listed = incoming.chat in self._board.groups
        if isinstance(event, Said) and not (listed and messages.is_for_us(event)):
            return
        message_id = event.message_id if isinstance(event, Pressed) else 0
        if listed and incoming.is_forum != await tx.is_forum(incoming.chat):
            await tx.set_forum(incoming.chat, is_forum=incoming.is_forum)
        talk = await self._board.talk(
            tx, incoming.sender, incoming.chat, now, message_id=message_id, thread=incoming.thread
        )
        talk = replace(talk, saying=saying)
        if listed and talk.member is not None:
            await tx.heard_on(talk.person, now)
            await self._answer(talk, event)
        elif isinstance(event, Pressed):
            await self._record_refusal(talk, event, NotAllowed(ONLY[Role.REPORTER]))

    def _saying(self, incoming: Incoming, arrived: datetime, now: datetime) -> Saying | None:
        """Return when it was said; None: just now. Not every platform tells when a button was pressed."""
        traits = self._board.newsroom.traits[incoming.sender.address.platform]
        is_dated = traits.dates_presses or not isinstance(incoming.event, Pressed)
        dated = incoming.at if is_dated else None
        return saying_of(dated, arrived=arrived, now=now, unheard_since=self._board.unheard_since)

    async def _returned(self, talk: Talk) -> None:
        if talk.traits.writing_subscribes:
            if await subscription.subscribe(talk.tx, talk.chat, talk.sender.language, talk.said):
                await readers.greet(talk)
        else:
            await subscription.came_back(talk.tx, talk.chat, talk.sender.language, talk.said)

    async def _answer(self, talk: Talk, event: Said | Pressed) -> None:
        begun = await self._end_what_is_over(talk, event)
        try:
            async with talk.tx.undone_by(Refused):
                await self._act(talk, event)
                if isinstance(event, Pressed) and not talk.in_group:
                    await asides.end_replaced(talk, begun)
        except NotAllowed as refusal:
            if refusal.why in CODES:
                await guesses.refuse(talk, refusal)
                return
            await self._record_refusal(talk, event, refusal)
            await talk.say(refusal.text, **refusal.values)
        except Refused as refusal:
            await talk.say(refusal.text, **refusal.values)
            if isinstance(event, Pressed):
                await buttons.redraw(talk, event.button)

    async def _act(self, talk: Talk, event: Said | Pressed) -> None:
        """Do what was said or pressed. In a group no dialogue begins: colleagues talk to each other there."""
        before = await talk.tx.dialogue(talk.person) if talk.in_group else None
        if isinstance(event, Pressed):
            await buttons.press(talk, event.button)
        else:
            await messages.hear(talk, event)
        after = await talk.tx.dialogue(talk.person) if talk.in_group else None
        if after is not None and after != before:
            raise Refused("That takes more than one message: write it to me in our private chat.")

    async def _record_refusal(self, talk: Talk, event: Said | Pressed, refusal: NotAllowed) -> None:
        """Record that somebody was refused, but no reader's id and not their words: a forged button may be any text.

        Strangers can press without end. What is no button of ours is only counted, and of the rest the first of an
        hour are recorded.
        """
        if talk.member is None:
            self.refused[f"{refusal.why}_button"] += 1
            if refusal.why == UNKNOWN or not await self._is_recorded(talk, refusal.why):
                return
        act = "button.refused" if isinstance(event, Pressed) else "command.refused"
        actor = talk.person if talk.member is not None else STRANGER
        detail = {"why": refusal.why} | ({"chat": str(talk.chat)} if talk.member is not None or talk.in_group else {})
        await talk.tx.record(actor, act, "", detail, talk.now)
        log.warning("not_allowed", platform=talk.chat.platform, what=act, why=refusal.why)

    async def _is_recorded(self, talk: Talk, why: str) -> bool:
        """True for a stranger's refusal that the log still takes. Groups that are not ours are counted together."""
        where = "here" if talk.chat in self._board.groups else "elsewhere" if talk.in_group else "private"
        return await talk.tx.count_within(f"refused {why} {where}", talk.now, guesses.WITHIN) <= RECORDED

    async def _end_what_is_over(self, talk: Talk, event: Said | Pressed) -> Dialogue | None:
        """Take a pasted text that is complete, and end a dialogue before a command. Return what was begun."""
        if talk.member is None:
            return None
        dialogue = await talk.tx.dialogue(talk.person)
        is_ended = isinstance(event, Said) and not talk.in_group and messages.ends_dialogue(event)
        if isinstance(dialogue, Collecting):
            if is_ended or drafts.is_of_another(talk, dialogue):
                await self._finish(talk, dialogue)
        elif is_ended and dialogue is not None:
            await asides.end(talk, dialogue)
        return dialogue

    async def _finish(self, talk: Talk, collected: Collecting) -> None:
        try:
            async with talk.tx.undone_by(Refused):
                talk.require(Role.REPORTER)
                await steps.finish_collected(talk, collected)
        except Refused as refusal:
            await talk.tx.end_dialogue(talk.person)
            await talk.say(refusal.text, **refusal.values)
