"""The answers to readers' own words: each wish has one, and a search finds only what was published."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from bot.commands import checking, readers, reading, searching, tips
from bot.commands.rhythm import rhythm
from bot.commands.table import show_help
from bot.commands.talk import Key, Line, Talk, Word
from bot.domain import Said
from bot.domain.buttons import Start
from bot.domain.chat import AttachmentKind
from bot.domain.entry import ReaderState
from bot.readers.wishes import SHORT, Heard, Wish, wish_of
from bot.texts import CLOCK, text_id

_SPOKEN = frozenset({AttachmentKind.VOICE, AttachmentKind.AUDIO, AttachmentKind.VIDEO_NOTE})
_SHOWN = frozenset({AttachmentKind.PICTURE_FILE, AttachmentKind.FILE, AttachmentKind.ANIMATION})

#: Answers that need nothing but their words.
SENTENCES: Mapping[Wish, str] = {
    Wish.THANKS: text_id("Thank you for reading us!"),
    Wish.GREETING: text_id("Good day! Ask about any of our news in your own words. The latest: /latest"),
    Wish.FAREWELL: text_id("All the best! Come back any time."),
    Wish.PRICE: text_id("You pay nothing here: our news comes for free."),
    Wish.CHECK: text_id("Forward the post to me or send its whole text, and I will compare it with what we published."),
    Wish.DESK: text_id("Write what the desk should know, in one message. Then press the button, and I pass it on."),
    Wish.FOREIGN: text_id("I understand Ukrainian and English. The latest: /latest"),
    Wish.UNCLEAR: text_id("Write in a few words what you are looking for. The latest: /latest. All I can do: /help"),
}
NO_WAY = text_id("I only send and find our news. You will find the ways to reach the desk on our site.")
NO_VOICE = text_id("I can't listen to recordings. Please write it in words.")
NO_PICTURES = text_id("I can't look at pictures and files. Please write it in words.")
NICE = text_id("😊 Thank you! I read only words: ask about any of our news.")


async def hear(talk: Talk, said: Said) -> None:
    """Answer what a reader says that is no command."""
    if await compare(talk, said):
        return
    if not said.text.strip() and await checking.pictured(talk, said.media, is_asked=False):
        return
    if text := _unreadable(said):
        await talk.say(text)
        return
    await answer(talk, said.text, wish_of(said.text))


async def compare(talk: Talk, said: Said) -> bool:
    """Say what a post or a long text is beside ours; return False, and say nothing, if it is not of ours."""
    if said.forward is not None and said.text.strip():
        await checking.check(talk, said)
        return True
    return not _unreadable(said) and is_long(said) and await checking.recognised(talk, said)


def _unreadable(said: Said) -> str:
    """Return what is said of a message that is more than words, or other than them; empty if it is words."""
    kind = said.untaken.kind if said.untaken is not None else None
    if said.media is not None or kind in _SHOWN:
        return NO_PICTURES
    if kind in _SPOKEN:
        return NO_VOICE
    if kind is not None and not said.text.strip():
        return NICE
    return ""


def is_long(said: Said) -> bool:
    """True for a text that is no remark, and may have come from ours."""
    return len(said.text.split()) > SHORT


def is_to_check(said: Said) -> bool:
    """True for what is compared with ours without a command; that only reads."""
    return not said.edited and bool(said.text.strip()) and (said.forward is not None or is_long(said))


async def hear_unknown(talk: Talk, typed: str) -> None:
    """Answer a command that there is not, by what it would wish without its slash; else show what there is."""
    heard = wish_of(typed)
    if heard.wish in (Wish.STOP, Wish.START, Wish.LATEST, Wish.LANGUAGE):
        await answer(talk, typed, heard)
    else:
        await show_help(talk, "")


async def answer(talk: Talk, text: str, heard: Heard) -> None:
    if heard.wish is Wish.LANGUAGE:
        await readers.language(talk, heard.language)
    elif act := _ACTS.get(heard.wish):
        await act(talk, text)
    elif not (talk.new_reader and heard.wish in (Wish.GREETING, Wish.UNCLEAR)):  # the welcome answers those
        await talk.say(SENTENCES[heard.wish])


def is_about_subscribing(said: Said) -> bool:
    """True for words whose answer says whether one is subscribed."""
    return not _unreadable(said) and wish_of(said.text).wish in (Wish.STOP, Wish.START)


async def _told(talk: Talk, text: str) -> None:
    """Answer a story with ours about it, and offer to pass it on to the desk."""
    found = await searching.found(talk, text)
    if not await tips.offer(talk, text, found.lines, found.keys):
        await talk.show(found.lines or [talk.words(NO_WAY)], found.keys)


async def _search(talk: Talk, text: str) -> None:
    """Show what was published about these words; if nothing was, they may be news for the desk."""
    found = await searching.found(talk, text)
    if found.lines:
        await talk.show(*found)
    elif not await tips.offer(talk, text, [talk.words(searching.NOTHING)]):
        await talk.say(searching.NOTHING)


async def _who(talk: Talk, _text: str) -> None:
    await talk.say(
        "I am the bot of the newsroom “{name}”: I send its news and find what it published. To unsubscribe: /stop",
        name=readers.name_of(talk),
    )


async def how_often(talk: Talk, _text: str) -> None:
    await talk.show([await rhythm(talk), *_quiet_hours(talk)])


async def _at_night(talk: Talk, _text: str) -> None:
    """Say when our news comes without a sound, and how to have it always so: nothing need be missed for it."""
    mute = talk.words(
        "To hear no sound at any hour, mute this chat in the app: the news still comes. To unsubscribe: /stop"
    )
    await talk.show([*_quiet_hours(talk), mute], [[Word(talk.words("Unsubscribe"), "/stop")]])


def _quiet_hours(talk: Talk) -> list[Line]:
    """Return the line about the hours without a sound; none where there are no such hours here."""
    quiet = talk.newsroom.timetable.quiet
    if quiet is None or not talk.traits.silences:
        return []
    start, end = (each.strftime(CLOCK) for each in (quiet.start, quiet.end))
    text = text_id("From {start} to {end} our news comes without a sound; only urgent news rings.")
    return [talk.words(text, start=start, end=end)]


async def _too_much(talk: Talk, _text: str) -> None:
    keys = [[Word(talk.words("Unsubscribe"), "/stop")]]
    await talk.say(
        "Too much of our news? To unsubscribe: /stop. The latest is there whenever you ask: /latest", keys=keys
    )


async def _silence(talk: Talk, _text: str) -> None:
    """Tell a reader who misses our news whether it comes, and since when there is none."""
    if await talk.tx.reader_state(talk.chat) is not ReaderState.ACTIVE:
        keys = [[Key(talk.words("Subscribe"), Start())]]
        await talk.say("You are not subscribed. To subscribe: /start", keys=keys)
        return
    entries = await talk.newsroom.latest(talk.tx)
    if not entries or entries[0].published_at is None:
        await talk.say("You are subscribed. There is simply nothing new yet.")
    else:
        await talk.say("You are subscribed. Our last news came out {when}: /latest", when=entries[0].published_at)


async def _help(talk: Talk, _text: str) -> None:
    await show_help(talk, "")


#: Answers that take more than words.
_ACTS: Mapping[Wish, Callable[[Talk, str], Awaitable[None]]] = {
    Wish.STOP: lambda talk, _: readers.stop(talk, ""),
    Wish.START: lambda talk, _: readers.start(talk, ""),
    Wish.LATEST: lambda talk, _: reading.latest(talk, ""),
    Wish.SEARCH: _search,
    Wish.TELL: _told,
    Wish.WHO: _who,
    Wish.HOW_OFTEN: how_often,
    Wish.TOO_MUCH: _too_much,
    Wish.AT_NIGHT: _at_night,
    Wish.SILENCE: _silence,
    Wish.HELP: _help,
    Wish.MY_DATA: lambda talk, _: readers.my_data(talk, ""),
    Wish.FORGET: lambda talk, _: readers.ask_to_forget(talk, ""),
}
