"""The commands of readers, and of everyone."""

from __future__ import annotations

from datetime import timedelta

from bot.commands.rhythm import rhythm
from bot.commands.talk import Key, Keys, Line, Talk, Word, bold
from bot.domain.audience import ALL
from bot.domain.buttons import ForgetMe, SetLanguage
from bot.domain.entry import Reader, ReaderState
from bot.domain.people import Role
from bot.errors import Refused
from bot.readers import subscription, tips
from bot.readers.erasure import erase
from bot.texts import Words, text_id

YOU_ARE = {
    Role.OWNER: text_id("You are {id}, an owner of this newsroom."),
    Role.EDITOR: text_id("You are {id}, an editor of this newsroom."),
    Role.REPORTER: text_id("You are {id}, a reporter of this newsroom."),
}

ON_THE_DESK = text_id(
    "You are on the desk. What you do there stays in its record, with your name and addresses: that is what the record "
    "is for."
)


async def is_overtaken(talk: Talk) -> bool:
    """True if this is read late, and the reader came, left or fell silent after they said it."""
    return talk.saying is not None and await subscription.has_changed_since(talk.tx, talk.chat, talk.said)


async def start(talk: Talk, _argument: str) -> None:
    if await is_overtaken(talk) and await talk.tx.reader_state(talk.chat) is not ReaderState.ACTIVE:
        await talk.say("You are not subscribed. To subscribe: /start")
        return
    if await subscription.subscribe(talk.tx, talk.chat, talk.sender.language, talk.said) or talk.new_reader:
        await greet(talk)
    else:
        text = talk.words("You are already subscribed. To unsubscribe: /stop. The latest: /latest.")
        await talk.show([text], _for_readers(talk))
    if talk.member is not None:
        await talk.say("You are also on the desk here: /queue takes an article, /help shows all commands.")


async def greet(talk: Talk) -> None:
    """Tell a new reader whose they are from now on, how often we write, and in which language our news comes."""
    text = text_id("Thank you for subscribing. Our news will come here. To unsubscribe: /stop. The latest: /latest.")
    lines = [bold(name_of(talk)), talk.words(text), await rhythm(talk), *await _comes_in(talk)]
    await talk.show(lines, _for_readers(talk))


def _for_readers(talk: Talk) -> Keys:
    return [[Word(talk.words("Latest news"), "/latest")]]


async def _comes_in(talk: Talk) -> list[Line]:
    """Return the line about the language of a new reader's articles; none if all of ours are in one."""
    words, ours = talk.words, talk.newsroom.languages
    if len(ours) < 2:
        return []
    reads = await _settled(talk)
    if reads not in ours:  # all of them, or the first and the app's
        return [words("To choose its language: /language")]
    language = words.language_name(reads)
    return [words("It comes in one language: {language}. To choose another: /language", language=language)]


async def stop(talk: Talk, _argument: str) -> None:
    if await subscription.mute(talk.tx, talk.chat, talk.said):
        keys = [[Word(talk.words("Subscribe"), "/start")]]
        await talk.say("You have unsubscribed. If you change your mind: /start", keys=keys)
    else:
        await talk.say("You are not subscribed. To subscribe: /start")


def name_of(talk: Talk) -> str:
    """Return the newsroom's name in the language of this chat."""
    return talk.newsroom.press.name_in(talk.words.language)


async def _settled(talk: Talk) -> str:
    """Return the language that this reader chose or gets by their app, `ALL`, or nothing if that is still open."""
    house, reader, app = talk.newsroom, await talk.tx.reader(talk.chat), talk.sender.language
    if reader is not None and reader.reads in (*house.languages, ALL):
        return reader.reads
    if app not in house.languages[1:]:
        return house.languages[0]
    return await subscription.settle_language(talk.tx, talk.chat, app, house.languages, talk.now)


async def language(talk: Talk, argument: str) -> None:
    """Show in which language articles come and offer the others, or take the one that was typed."""
    words, ours = talk.words, talk.newsroom.languages
    if len(ours) < 2:
        await talk.say("We publish in one language: {language}.", language=words.language_name(ours[0]))
        return
    if argument.strip():
        await set_language(talk, _typed(talk, argument.strip().casefold()))
        return
    reader = await talk.tx.reader(talk.chat)
    if reader is None:
        await talk.say("You are not subscribed. To subscribe: /start")
        return
    keys = [[Key(words.own_name(each), SetLanguage(each))] for each in ours]
    keys.append([Key(words("all languages").capitalize(), SetLanguage(ALL))])
    lines: list[Line] = [words("In which language do you want our news?")]
    if reader.reads:
        lines.append(words("Now: {language}", language=_language_name(words, reader.reads)))
    await talk.show(lines, keys)


def _typed(talk: Talk, typed: str) -> str:
    """Return the language that was typed, by its code or its name in any of our languages."""
    for each in (*talk.newsroom.languages, ALL):
        if typed == _language_name(talk.words, each).casefold() or typed in talk.words.names_of_language(each):
            return each
    raise Refused("We do not publish in that language. /language shows the choice.")


def _language_name(words: Words, code: str) -> str:
    return words("all languages") if code == ALL else words.language_name(code)


async def set_language(talk: Talk, chosen: str) -> None:
    if chosen not in (*talk.newsroom.languages, ALL):
        raise Refused("We do not publish in that language. /language shows the choice.")
    if not await talk.tx.set_reads(talk.chat, chosen):
        await talk.say("You are not subscribed. To subscribe: /start")
        return
    await talk.say("Done. Our news comes in: {language}", language=_language_name(talk.words, chosen))


async def my_data(talk: Talk, _argument: str) -> None:
    """Show all that is kept about the person who asks."""
    reader, words = await talk.tx.reader(talk.chat), talk.words
    written, asked = await tips.count(talk.tx, talk.chat), await talk.tx.asked_about(talk.chat)
    lines: list[Line] = [*(_kept(talk, reader) if reader is not None else [])]
    if asked:
        lines.append(words("• which articles of ours you asked about, for seven days: {n}", n=asked))
    if written:
        kept = text_id("• what you wrote that may be for our desk, for three days. Messages: {n}")
        lines.append(words(kept, n=written))
    if lines:
        lines.insert(0, bold(words("What we keep about you:")))
    if talk.member is not None:
        lines.append(words(ON_THE_DESK))
    if not lines:
        await talk.say("We keep nothing about you.")
        return
    if reader is not None or written or asked:
        others = text_id("We keep no other message of yours and no phone number. /forgetme deletes all of this.")
        none = text_id("We keep no name, phone number or message of yours. /forgetme deletes all of this.")
        lines.append(words(others if written else none))
    await talk.show(lines)


def _kept(talk: Talk, reader: Reader) -> list[Line]:
    words, zone = talk.words, talk.newsroom.timetable.zone
    states = {ReaderState.ACTIVE: text_id("• your subscription: since {day}")}
    state = states.get(reader.state, text_id("• no subscription: since {day}"))
    since = reader.since if reader.state is ReaderState.ACTIVE else reader.changed
    lines: list[Line] = [
        words("• the number of this chat: {id}", id=talk.chat.id),
        words(state, day=words.day(since.astimezone(zone).date())),
    ]
    if reader.language:
        lines.append(words("• the language of your app: {language}", language=words.language_name(reader.language)))
    if reader.reads:
        name = _language_name(words, reader.reads)
        lines.append(words("• the language of the articles you get: {language}", language=name))
    return [*lines, words("• which articles you got, as numbers that only the number above leads to")]


async def ask_to_forget(talk: Talk, _argument: str) -> None:
    """Ask once: it can't be undone."""
    keys = [[Key(talk.words("🗑 Delete it all"), ForgetMe(), life=timedelta(hours=1))]]
    await talk.say("Delete all we keep about you? Our news then no longer comes here. This can't be undone.", keys=keys)


async def forget(talk: Talk) -> None:
    """Forget the reader. The answer is the last that is said here, and is forgotten once it was sent."""
    await erase(talk.tx, talk.chat, of_desk=talk.member is not None)
    lines: list[Line] = [talk.words("Done: we keep nothing about you.")]
    if talk.member is not None:
        lines = [talk.words("Done: you are no reader of ours, and we keep nothing about you as one."), ""]
        lines.append(talk.words(ON_THE_DESK))
    if talk.traits.writing_subscribes:
        lines.append(talk.words("Viber makes you our reader again as soon as you write here."))
    await talk.show(lines)


async def whoami(talk: Talk, _argument: str) -> None:
    if talk.member is not None:
        lines: list[Line] = [talk.words(YOU_ARE[talk.member.role], id=talk.person)]
        others = [str(address) for address in talk.member.addresses if address != talk.person]
        if others:
            lines.append(talk.words("You are also {addresses}.", addresses=", ".join(others)))
        await talk.show(lines)
    else:
        await talk.say(
            "You are {id}, a reader. To make you an owner, the newsroom adds this to OWNERS and restarts Visnyk.",
            id=talk.person,
        )
