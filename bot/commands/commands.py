"""Who speaks and what they mean; the table does the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import structlog

from bot.commands import buttons, drafts, queue
from bot.commands.notices import NOTICES
from bot.commands.table import BY_NAME, COMMANDS, show_help
from bot.commands.talk import Talk
from bot.domain import (
    Address,
    Button,
    ChatKind,
    Failed,
    Incoming,
    Left,
    Media,
    Platform,
    Pressed,
    Returned,
    RightsChanged,
    Run,
    Said,
    Screen,
    Sender,
    plain,
)
from bot.domain.entry import Dialogue
from bot.errors import Refused
from bot.newsroom import Newsroom
from bot.storage import Queries
from bot.texts import Catalogue

log = structlog.get_logger(__name__)


class Commands:
    def __init__(self, newsroom: Newsroom, catalogue: Catalogue, default_language: str) -> None:
        self._newsroom = newsroom
        self._catalogue = catalogue
        self._default = default_language

    async def handle(self, tx: Queries, incoming: Incoming, now: datetime) -> None:
        """All that one update causes, answers included. A refusal undoes the rest and is said."""
        event = incoming.event
        if isinstance(event, RightsChanged):
            await self._rights_changed(tx, incoming.chat, event, now)
        elif incoming.chat_kind is ChatKind.PRIVATE:
            await self._private(tx, incoming, now)

    async def apologise(self, tx: Queries, incoming: Incoming, now: datetime) -> None:
        """Our own fault kept us from answering."""
        await (await self._talk(tx, incoming.sender, incoming.chat, now)).say(
            "Something broke on our side; it is written down. Nothing was changed. Please try again."
        )

    def welcome(self, language: str) -> Screen:
        """The first screen of a Viber chat. It is built without the store: the platform waits for it."""
        words = self._catalogue.say(self._known(language))
        text = words("Good day! Press the button, and our news comes here.")
        return Screen((Run(text),), ((Button(words("Subscribe"), id="/start"),),))

    async def tell_desk(self, tx: Queries, now: datetime) -> None:
        """Put what happened into the words of each of the desk."""
        for notice in await tx.untold():
            for person in self._newsroom.desk:
                if person.platform in self._newsroom.platforms:
                    await NOTICES[notice.kind](await self._talk_to(tx, person, now), notice.args)
            await tx.told(notice.id, now)

    async def finish_collected(self, tx: Queries, now: datetime) -> None:
        """Pasted texts whose parts have all arrived."""
        for person, dialogue in await tx.due_dialogues(now):
            talk = await self._talk_to(tx, person, now)
            try:
                async with tx.undone_by(Refused):
                    await drafts.finish_collected(talk, dialogue.data)
            except Refused as refusal:
                await tx.end_dialogue(person)
                await talk.say(refusal.text, **refusal.values)

    def menu(self, language: str, *, desk: bool) -> Sequence[tuple[str, str]]:
        """The app's command menu: names and descriptions."""
        words = self._catalogue.say(language)
        return [(command.name, words(command.about)) for command in COMMANDS if desk or not command.desk]

    async def _rights_changed(self, tx: Queries, chat: Address, event: RightsChanged, now: datetime) -> None:
        key = f"rights:{chat}"
        if event.can_post:
            await tx.trouble_over(key, now)
        elif any(channel.chat == chat.id for channel in self._newsroom.channels.values()):
            await tx.tell_desk(key, "rights_lost", {"title": event.title}, now)

    async def _private(self, tx: Queries, incoming: Incoming, now: datetime) -> None:
        event, sender = incoming.event, incoming.sender
        message_id = event.message_id if isinstance(event, Pressed) else 0
        talk = await self._talk(tx, sender, incoming.chat, now, message_id)
        desk = self._newsroom.is_desk(sender.address)
        if desk and isinstance(event, Said | Pressed):
            await tx.remember_person(sender.address, talk.words.language, sender.name, now)
        match event:
            case Left():
                await tx.reader_left(incoming.chat, now)
            case Returned():
                await self._returned(talk)
            case Failed():
                log.warning("shown_to_nobody", platform=incoming.chat.platform, reason=event.reason)
            case Said() | Pressed():
                if incoming.chat.platform is Platform.VIBER and not desk:
                    await self._newsroom.heard_from(tx, incoming.chat, sender.language, now)
                await self._answer(talk, event, desk=desk)

    async def _returned(self, talk: Talk) -> None:
        if talk.chat.platform is Platform.VIBER:
            await self._newsroom.subscribe(talk.tx, talk.chat, talk.sender.language, talk.now)
        else:
            await self._newsroom.came_back(talk.tx, talk.chat, talk.sender.language, talk.now)

    async def _answer(self, talk: Talk, event: Said | Pressed, *, desk: bool) -> None:
        try:
            async with talk.tx.undone_by(Refused):
                if isinstance(event, Pressed):
                    await self._pressed(talk, event)
                else:
                    await self._said(talk, event, desk=desk)
        except Refused as refusal:
            if isinstance(event, Pressed):  # here, where the refusal undoes nothing any more
                await buttons.record_refusal(talk, event.button, refusal.text, **refusal.values)
            await talk.say(refusal.text, **refusal.values)

    async def _pressed(self, talk: Talk, event: Pressed) -> None:
        if event.button.startswith("/"):  # the welcome screen's button says a command
            await self._command(talk, event.button[1:], (), None, desk=self._newsroom.is_desk(talk.person))
        else:
            await buttons.press(talk, event.button)

    async def _said(self, talk: Talk, said: Said, *, desk: bool) -> None:
        if said.edited:
            if desk:
                await talk.say("Changing an old message changes nothing here. Use /edit 12 with the article's number.")
            return
        text = said.text.lstrip()
        if text.startswith("/"):
            name, length = _command_name(said.text)
            argument = drafts.without_prefix(said.runs, length)
            if desk:
                await self._finish_paste(talk)
            await self._command(talk, name, argument, said.media, desk=desk)
            if desk and said.album:
                await drafts.remember_album(talk, said.album)
        elif desk:
            await self._desk_text(talk, said)
        else:
            await show_help(talk, "")

    async def _command(
        self, talk: Talk, name: str, argument: Sequence[Run], media: Media | None, *, desk: bool
    ) -> None:
        command = BY_NAME.get(name.casefold())
        if command is None or (command.desk and not desk):
            if desk:
                raise Refused("There is no command /{name}. /help shows what you can say.", name=name)
            await show_help(talk, "")
            return
        await command.act(talk, argument, media)

    async def _finish_paste(self, talk: Talk) -> None:
        """A command ends the waiting for more parts."""
        dialogue = await talk.tx.dialogue(talk.person)
        if dialogue is not None and dialogue.step == "collect":
            await drafts.finish_collected(talk, dialogue.data)

    async def _desk_text(self, talk: Talk, said: Said) -> None:
        dialogue = await talk.tx.dialogue(talk.person)
        if dialogue is not None and said.album and dialogue.data.get("album") == said.album:
            await drafts.rest_of_album(talk, dialogue)
            return
        if dialogue is not None:
            talk = replace(talk, message_id=int(str(dialogue.data.get("card", 0))))
        await self._take_text(talk, dialogue if dialogue is None or dialogue.step != "album" else None, said)
        if said.album:
            await drafts.remember_album(talk, said.album)

    async def _take_text(self, talk: Talk, dialogue: Dialogue | None, said: Said) -> None:
        if dialogue is not None and dialogue.step == "when":
            await talk.tx.end_dialogue(talk.person)
            await queue.schedule(talk, int(str(dialogue.data["article"])), said.text)
        elif dialogue is not None:
            await drafts.continue_dialogue(talk, dialogue, said)
        elif plain(said.runs).strip() and (said.forward is not None or said.media is not None):
            await drafts.forwarded(talk, said)
        elif said.media is not None:
            raise Refused("Send the picture with the article's text as its caption, or /queue first.")
        else:
            raise Refused("To queue an article, send /queue with the text after it. /help shows all commands.")

    async def _talk_to(self, tx: Queries, person: Address, now: datetime) -> Talk:
        return await self._talk(tx, Sender(person), person, now)

    async def _talk(self, tx: Queries, sender: Sender, chat: Address, now: datetime, message_id: int = 0) -> Talk:
        language = sender.language or await tx.language_of(sender.address) or self._default
        words = self._catalogue.say(self._known(language))
        return Talk(tx, self._newsroom, words, now, sender, chat, message_id)

    def _known(self, language: str) -> str:
        return language if language in self._catalogue.languages else self._default


def _command_name(text: str) -> tuple[str, int]:
    """The word after the slash, and how many characters it all takes from the start."""
    start = len(text) - len(text.lstrip())
    word = text[start + 1 :].split(maxsplit=1)[0] if text[start + 1 :].split() else ""
    return word, start + 1 + len(word)
