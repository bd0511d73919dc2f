"""Messages in a chat: a command, an answer that is waited for, a pasted or forwarded article."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from bot.commands import (
    approving,
    asides,
    asking,
    choosing,
    drafts,
    late,
    mine,
    pages,
    people,
    pictures,
    proposing,
    queue,
    remarks,
    review,
    steps,
    topics,
)
from bot.commands.table import BY_NAME, Command, show_help
from bot.commands.talk import Talk
from bot.domain import Media, Run, Said, plain
from bot.domain.buttons import Choose
from bot.domain.dialogue import (
    AskedArticle,
    AskedNote,
    AskedReason,
    AskedWhen,
    Changing,
    Collected,
    Collecting,
    Dialogue,
    Drafting,
    Editing,
    Nothing,
)
from bot.domain.lookup import address_alone
from bot.domain.meaning import Meaning, meaning_of
from bot.domain.parse import Pasted, without_prefix
from bot.domain.parse.pasted import is_more_than_a_remark
from bot.domain.people import Role
from bot.errors import CODE_UNKNOWN, NotAllowed, Refused
from bot.newsroom.team import LINK, one_time_code
from bot.texts import text_id

#: Names of the command that leaves a dialogue.
GIVING_UP = BY_NAME["cancel"].names


async def hear(talk: Talk, said: Said) -> None:
    """Do what a message says: a command, an answer that is waited for, or an article."""
    said = await pictures.taken(talk, said)
    talk = replace(talk, untaken=said.untaken)
    if said.edited:
        if talk.member is not None:
            await talk.say("Editing an old message changes nothing here. Use /edit 12 with the article's number.")
        return
    if is_command(said):
        if said.forward is not None:
            raise Refused("A forwarded message is not a command. Type it yourself.")
        name, length = command_name(said.text)
        argument = await _about_answered(talk, name, without_prefix(said.runs, length), said)
        if talk.member is not None and not talk.in_group and _gives_up(said) and await asides.give_up(talk):
            return
        await _command(talk, name, argument, said.media)
        if talk.member is not None and said.album:
            await steps.leave_out(talk, said)
    elif talk.in_group:
        await remarks.in_group(talk, said)
    elif talk.member is not None:
        await _desk_text(talk, said)
    else:
        await asking.hear(talk, said)


async def _about_answered(talk: Talk, name: str, argument: Sequence[Run], said: Said) -> Sequence[Run]:
    """Return what stands after a command, with the article that the message answers if it is about that one."""
    command = BY_NAME.get(name.casefold())
    if command is None or not said.reply_to or talk.member is None or not choosing.is_afterwards(command):
        return argument
    number = await talk.tx.article_shown(talk.chat, said.reply_to)
    lacks = number and choosing.lacks_article(command, plain(argument))
    return (Run(f"{number} "), *argument) if lacks else argument


async def _command(talk: Talk, name: str, argument: Sequence[Run], media: Media | None) -> None:
    command = BY_NAME.get(name.casefold())
    if talk.in_group and (command is None or command.private):
        if command is None:  # perhaps another bot's
            return
        raise Refused("That is for our private chat: write it to me there.")
    if command is not None and command.with_code and await _is_a_code(talk, command, plain(argument)):
        return
    if talk.member is None and command is None:
        await asking.hear_unknown(talk, f"{name} {plain(argument)}")
        return
    if talk.member is None and command is not None and not talk.may(command.role):
        # Strangers do not learn of the desk.
        await show_help(talk, "")
        return
    if command is None:
        await choosing.offer_likely(talk, name, argument, media)
        return
    await _perform(talk, command, argument, media)


async def _perform(talk: Talk, command: Command, argument: Sequence[Run], media: Media | None) -> None:
    talk.require(command.role)
    if command.is_about_article:
        talk, argument = await topics.in_topic(talk, argument)
    if choosing.lacks_article(command, plain(argument)):
        await choosing.offer_articles(talk, command, argument, media)
        return
    if command.sends and talk.is_late:
        await late.ask(talk, command.name, plain(argument).strip())
        return
    await command.act(talk, argument, media)


async def choose(talk: Talk, chosen: Choose) -> None:
    """Do the command that a person chose, as if it had been typed so."""
    await _perform(talk, BY_NAME[chosen.command], chosen.runs, chosen.media)


async def _is_a_code(talk: Talk, command: Command, text: str) -> bool:
    """True if that was a one-time code, which a stranger may type too. Each kind has a command of its own."""
    if command.name == "link" and one_time_code(text, LINK):
        await people.link(talk, text)
    elif command.name == "start" and (code := one_time_code(text)):
        await people.accept(talk, code)
    elif one_time_code(text, LINK) or one_time_code(text):
        raise NotAllowed("I don't know this code. Ask for a new one.", why=CODE_UNKNOWN)
    else:
        return False
    return True


def ends_dialogue(said: Said) -> bool:
    """True for a command, which ends what its person was in the middle of; a bare /cancel does that by itself."""
    return is_command(said) and said.forward is None and not said.edited and not _gives_up(said)


def _gives_up(said: Said) -> bool:
    name, length = command_name(said.text)
    return name.casefold() in GIVING_UP and not said.text[length:].strip()


async def _desk_text(talk: Talk, said: Said) -> None:
    dialogue = await talk.tx.dialogue(talk.person)
    if dialogue is not None and said.album and dialogue.album == said.album:
        await steps.rest_of_album(talk, dialogue)
        return
    if number := await _replied_to(talk, dialogue, said):
        await remarks.in_private(talk, number, said)
    elif dialogue is None and (number := await _long_ago(talk, said)):
        text = text_id("Nothing is changed: that message is not one to answer. This is how #{id} stands; answer this.")
        await talk.say(text, id=number)
        await mine.show(talk, str(number))
    else:
        await _mean(talk, dialogue, said)
    if said.album:
        await steps.leave_out(talk, said)


async def _mean(talk: Talk, dialogue: Dialogue | None, said: Said) -> None:
    """Take what was said for an answer, ask about it, or take it for itself."""
    meaning = meaning_of(dialogue, said, talk.desk.said_by)
    if dialogue is not None and meaning is Meaning.ANSWER:
        await _take_text(replace(talk, message_id=dialogue.pressed_on), dialogue, said)
    elif dialogue is None or meaning is Meaning.OTHER or not await asides.ask(talk, dialogue, said):
        if isinstance(dialogue, Drafting):
            await asides.end(talk, dialogue)
        elif dialogue is not None and not isinstance(dialogue, Nothing):
            await talk.tx.end_dialogue(talk.person)
        await _take_text(talk, None, said)


async def _replied_to(talk: Talk, dialogue: Dialogue | None, said: Said) -> int:
    """Return the article whose card or preview this answers; 0 if none, or if it answers our own question."""
    is_asked = dialogue is not None and not dialogue.over and not isinstance(dialogue, Nothing | Editing | Collected)
    if not said.reply_to or is_asked:
        return 0
    number = await talk.tx.article_shown(talk.chat, said.reply_to)
    asked = isinstance(dialogue, Editing) and dialogue.article == number
    return 0 if asked else number


async def _long_ago(talk: Talk, said: Said) -> int:
    """Return the article of a message that this answers and of which no more is known than its own words."""
    found = re.search(r"#(\d{1,9})\b", said.answers)
    if found is None or await talk.tx.entry(int(found[1])) is None:
        return 0
    return int(found[1])


async def _take_text(talk: Talk, dialogue: Dialogue | None, said: Said) -> None:
    match dialogue:
        case None | AskedArticle(media=None) if said.media is None and (address := address_alone(said.runs)):
            await talk.tx.end_dialogue(talk.person)
            await pages.look_up(talk, address)
        case AskedWhen(article=article, day=day):
            talk.require(Role.EDITOR)
            await talk.tx.end_dialogue(talk.person)
            if dialogue.binding:
                await approving.take_time(talk, dialogue, said.text)
                return
            await queue.schedule(talk, article, said.text, date.fromisoformat(day) if day else None)
        case AskedReason():
            await review.take_reason(talk, dialogue, said.text)
        case Changing():
            await proposing.take_text(talk, dialogue, said)
        case AskedNote():
            await proposing.take_note(talk, dialogue, said)
        case Editing() | Collecting() | Drafting():
            await steps.go_on(talk, dialogue, said)
        case _ if plain(said.runs).strip() and (said.forward is not None or said.media is not None):
            await drafts.forwarded(talk, said)
        case _ if said.untaken is not None and not said.text.strip():
            await talk.show(drafts.untaken(talk))
        case _ if said.media is not None:
            await talk.wait_for(AskedArticle(media=said.media))
            await talk.say("Got the picture. Now the article or its headline.")
        case _ if is_more_than_a_remark(said.text):
            await drafts.take(talk, Pasted.of(said.runs))
        case _:
            raise Refused("To queue an article, send /queue with the text after it. /help shows all commands.")


def is_for_us(said: Said) -> bool:
    """True if something said in a group is meant for us; most is not."""
    return (is_command(said) or said.reply_to > 0) and said.forward is None and not said.edited


def asks_about_picture(said: Said) -> bool:
    """True if a reader may want to know whose a picture is: it came with /check, as a forward, or without words."""
    if is_command(said):
        command = BY_NAME.get(command_name(said.text)[0].casefold())
        return command is not None and command.name == "check"
    return not said.edited and (not said.text.strip() or asking.is_to_check(said))


def is_command(said: Said) -> bool:
    return said.text.lstrip().startswith("/")


def is_about_subscribing(said: Said) -> bool:
    """True for the two commands whose answers say whether one is subscribed, and for plain words like them."""
    if not is_command(said):
        return asking.is_about_subscribing(said)
    name, length = command_name(said.text)
    command = BY_NAME.get(name.casefold())
    return command is not None and command.name in ("start", "stop") and not one_time_code(said.text[length:])


def brings_code(said: Said) -> bool:
    """True for a word that leads to the desk: an invitation's code, or the one that links a second app."""
    if not is_command(said):
        return False
    name, length = command_name(said.text)
    command, rest = BY_NAME.get(name.casefold()), said.text[length:]
    if command is None:
        return False
    return bool(command.name == "start" and one_time_code(rest)) or bool(
        command.name == "link" and one_time_code(rest, LINK)
    )


def is_plain_command(said: Said) -> bool:
    return is_command(said) and said.forward is None and not said.edited and said.media is None and not said.album


def command_name(text: str) -> tuple[str, int]:
    """Return the word after the slash, and how many characters the command takes from the start."""
    start = len(text) - len(text.lstrip())
    word = text[start + 1 :].split(maxsplit=1)[0] if text[start + 1 :].split() else ""
    return word, start + 1 + len(word)
