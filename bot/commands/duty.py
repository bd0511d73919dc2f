"""/duty, /mute and /notify: when each one of the desk may be called, and what they hear unasked."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from bot.commands.talk import Key, Keys, Talk
from bot.domain.attention import Wish
from bot.domain.buttons import Mute, Notify, Unmute
from bot.domain.duty import Hours, Span, parse_hours
from bot.domain.people import Role
from bot.domain.times import parse_when
from bot.errors import Refused
from bot.newsroom import attending
from bot.newsroom.roster import presence_of
from bot.texts import Words, text_id

#: Words that take a setting back.
OFF = frozenset({"off", "end", "stop", "вимкнути", "вимк", "зняти", "кінець", "скасувати", "ні", "немає"})
#: Silences that are offered.
OFFERED = (timedelta(minutes=30), timedelta(hours=2), timedelta(hours=8))
_UNTIL = re.compile(r"\s*(?:until|till|to|до)\b\s*", re.IGNORECASE)
_DAYS = re.compile(r"(\d{1,3}) ?(?:days?|d|днів|дні|день|дн|д|доби|діб)\.?", re.IGNORECASE)
#: Words that people type for what they want to hear.
WISHES = {
    **dict.fromkeys(("mine", "my", "моє", "мої", "моїх", "мій"), Wish.MINE),
    **dict.fromkeys(("all", "everything", "усе", "все", "усі", "всі"), Wish.ALL),
    **dict.fromkeys(("digest", "дайджест", "дайджести", "зведення"), Wish.DIGEST),
}
LABELS = {Wish.MINE: text_id("Mine"), Wish.ALL: text_id("All"), Wish.DIGEST: text_id("Digest")}
MEANS = {
    Wish.MINE: text_id("Mine: questions that are put to me, and news of articles I have a part in."),
    Wish.ALL: text_id("All: whatever the desk does while I am on duty."),
    Wish.DIGEST: text_id("Digest: a question only if nobody else answers it; all else once, when my shift begins."),
}


async def duty(talk: Talk, argument: str) -> None:
    """Show the hours of duty, or set them."""
    typed = argument.strip()
    if not typed:
        await _show_duty(talk)
    elif typed.casefold() in OFF:
        await attending.set_hours(talk.desk, None)
        await talk.say(
            "You have no hours of your own now. On duty: {hours}. For silence right away: /mute 2 h",
            hours=said_hours(talk.words, talk.newsroom.rules.hours),
        )
    elif (hours := parse_hours(typed)) is None:
        raise Refused(
            "I don't understand the hours “{typed}”. Type them like one of these: /duty 8-16, /duty mon-fri 8-16, "
            "/duty sat 22-6, /duty off",
            typed=typed[:100],
        )
    else:
        await attending.set_hours(talk.desk, hours)
        await talk.say(
            "Noted. You are on duty: {hours}. At other times only alarms ring, and when you are back, one message "
            "tells what waits for you.",
            hours=said_hours(talk.words, hours),
        )


async def _show_duty(talk: Talk) -> None:
    own = parse_hours((await talk.tx.heed(talk.me.id)).hours)
    text = text_id("You have set no hours. On duty: {hours}. At other times only alarms ring. Your own: /duty 8-16")
    if own is not None:
        text = text_id("You are on duty: {hours}. At other times only alarms ring. Others: /duty 8-16; none: /duty off")
    await talk.say(text, hours=said_hours(talk.words, own or talk.newsroom.rules.hours))


def said_hours(words: Words, hours: Hours) -> str:
    """Return hours such as `Mon–Fri 08:00–16:00; Sat 10:00–14:00`."""
    return "; ".join(
        f"{_days(words, first, last)} {', '.join(map(_said_span, spans))}".strip()
        for first, last, spans in hours.groups
    )


def _days(words: Words, first: int, last: int) -> str:
    if (first, last) == (0, 6):
        return words("daily")
    return words.weekday(first) if first == last else f"{words.weekday(first)}–{words.weekday(last)}"


def _said_span(span: Span) -> str:
    return "00:00–24:00" if span.start == span.end else f"{span.start:%H:%M}–{span.end:%H:%M}"


async def mute(talk: Talk, argument: str) -> None:
    """Offer silences, or begin or end one."""
    typed = argument.strip()
    if not typed:
        await _offer_silence(talk)
    elif typed.casefold() in OFF:
        await unmute(talk)
    else:
        await _mute(talk, _end_of_silence(talk, typed))


async def mute_for(talk: Talk, minutes: int) -> None:
    await _mute(talk, talk.now + timedelta(minutes=minutes))


async def _mute(talk: Talk, until: datetime) -> None:
    if until - talk.now > attending.LONGEST:
        raise Refused(
            "At most {limit} at a time. For hours of every week: /duty 8-16",
            limit=talk.words.duration(attending.LONGEST),
        )
    await attending.mute(talk.desk, until)
    await talk.say(
        "🔕 Only alarms ring now, and that ends {when}. Questions go to your colleagues; then one message tells what "
        "waits for you. To end it now: /mute off",
        when=talk.when(until),
        keys=[[Key(talk.words("🔔 End the silence"), Unmute())]],
    )


def _end_of_silence(talk: Talk, typed: str) -> datetime:
    """Read `2 h` or `until 18:00`. Raises `Refused` for what is neither."""
    zone, until, days = talk.newsroom.timetable.zone, _UNTIL.match(typed), _DAYS.fullmatch(typed)
    if days is not None:
        return talk.now + timedelta(days=int(days[1]))
    if until is not None:
        return parse_when(typed[until.end() :], now=talk.now, zone=zone)
    try:
        return parse_when(f"in {typed}", now=talk.now, zone=zone)
    except Refused:
        raise Refused(
            "I don't understand how long: “{typed}”. Type it like one of these: /mute 30 min, /mute 2 h, /mute off",
            typed=typed[:100],
        ) from None


async def unmute(talk: Talk) -> None:
    if await attending.unmute(talk.desk):
        await talk.say("🔔 The silence is over: you hear again what is yours.")
    else:
        await talk.say("There is no silence to end: you hear what is yours.")


async def _offer_silence(talk: Talk) -> None:
    heed = await talk.tx.heed(talk.me.id)
    if presence_of(talk.newsroom, heed).is_muted(talk.now) and heed.muted_until is not None:
        keys: Keys = [[Key(talk.words("🔔 End the silence"), Unmute())]]
        await talk.say("🔕 Only alarms ring now, and that ends {when}.", when=talk.when(heed.muted_until), keys=keys)
        return
    keys = [[Key(talk.words.duration(span), Mute(span // timedelta(minutes=1))) for span in OFFERED]]
    await talk.say("For how long shall only alarms ring? Press, or type: /mute 2 h", keys=keys)


async def notify(talk: Talk, argument: str) -> None:
    """Show what one can hear unasked, or choose it."""
    typed = argument.strip()
    wish = WISHES.get(typed.casefold())
    if typed and wish is None:
        raise Refused(
            "I don't know “{typed}”. Type one of these: /notify mine, /notify all, /notify digest", typed=typed[:100]
        )
    if wish is not None:
        await attending.choose(talk.desk, wish)
    await _show_wishes(talk)


async def choose(talk: Talk, wish: Wish) -> None:
    await attending.choose(talk.desk, wish)
    await _show_wishes(talk, redraw=True)


async def _show_wishes(talk: Talk, *, redraw: bool = False) -> None:
    """Show the choices, the present one marked. What reporters hear of is theirs, so that they have no "all"."""
    words, chosen = talk.words, (await talk.tx.heed(talk.me.id)).wish
    offered = [wish for wish in Wish if wish is not Wish.ALL or talk.may(Role.EDITOR)]
    lines = [words("What do you want to hear unasked? Alarms always ring.")]
    lines += [f"{'✅' if wish is chosen else '•'} {words(MEANS[wish])}" for wish in offered]
    keys = [Key(f"{'✅ ' if wish is chosen else ''}{words(LABELS[wish])}", Notify(wish)) for wish in offered]
    await talk.show(lines, [keys], redraw=redraw)
