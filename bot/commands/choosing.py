"""A command that lacks its article, or that nobody knows: what it may have meant is offered, and a press does it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta

from bot.commands import cards
from bot.commands.likely import likeliest
from bot.commands.table import COMMANDS, Command
from bot.commands.talk import Key, Talk
from bot.domain import Media, Run, plain
from bot.domain.buttons import Choose
from bot.domain.entry import EntryState
from bot.domain.life import Act
from bot.domain.readiness import obstacles
from bot.errors import Refused
from bot.newsroom.readiness import read_open
from bot.newsroom.situation import Situation

#: Articles that are offered, and characters of a headline and of an argument on a button.
OFFERED, HEADLINE, ARGUMENT = 8, 30, 24
#: Age of the oldest article that went out and is offered.
LATELY = timedelta(days=7)

#: The acts that a command does to an article: it is offered if one of them may be done now.
DOES: Mapping[str, frozenset[Act]] = {
    "show": frozenset(),
    "edit": frozenset({Act.EDIT}),
    "at": frozenset({Act.TIME}),
    "next": frozenset({Act.TIME}),
    "submit": frozenset({Act.SUBMIT}),
    "approve": frozenset({Act.APPROVE}),
    "now": frozenset({Act.NOW}),
    "urgent": frozenset({Act.URGENT}),
    "undo": frozenset({Act.UNDO}),
    "cancel": frozenset({Act.CANCEL}),
    "swap": frozenset({Act.SWAP}),
    "pause": frozenset({Act.PAUSE, Act.GO_ON}),
}
#: Commands about what went out.
AFTERWARDS = frozenset(
    {
        "who",
        "stopsend",
        "resend",
        "history",
        "story",
        "checking",
        "typo",
        "update",
        "clarify",
        "correct",
        "retract",
        "restore",
    }
)

_NUMBER = re.compile(r"\s*[#№]?\d{1,9}(?!\d)")
#: `18:30`, `28.11`, `18-й`, `6pm`: a time and no article.
_TIME = re.compile(r"\s*\d{1,2}(?:[:.]\d|-?(?:й|ій|ту)\b| ?[ap]\.?m\b)", re.IGNORECASE)


def is_afterwards(command: Command) -> bool:
    """True if the command is about what went out."""
    return command.name in AFTERWARDS


def lacks_article(command: Command, argument: str) -> bool:
    """True if the command is about an article, or two, and its argument does not name it."""
    if command.name not in DOES and command.name not in AFTERWARDS:
        return False
    if command.name == "swap":
        return len(_numbers(argument)) < 2
    return _NUMBER.match(argument) is None or _TIME.match(argument) is not None


def _numbers(argument: str) -> list[str]:
    return re.findall(r"(?<!\d)\d{1,9}(?!\d)", argument)


async def offer_articles(talk: Talk, command: Command, argument: Sequence[Run], media: Media | None) -> None:
    """Show the articles that the command fits, the newest first; a press says it with the number."""
    found = await _fitting(talk, command, _numbers(plain(argument)) if command.name == "swap" else [])
    name = command.typed(talk.words.language)
    if not found:
        raise Refused(
            "Nothing is waiting for /{command} right now. /list shows the queue, /queue starts an article.",
            command=name,
        )
    keys = []
    for number, headline in found[:OFFERED]:
        runs = _with_number(command, number, argument)
        keys.append([Key(f"#{number} {headline}", Choose(command.name, runs, media), own=True)])
    await talk.say("Which article is /{command} for?", command=name, keys=keys)


def _with_number(command: Command, number: int, argument: Sequence[Run]) -> tuple[Run, ...]:
    if command.name == "swap":
        return (*argument, Run(f" {number}"))
    return (Run(f"{number} "), *argument)


async def _fitting(talk: Talk, command: Command, but: Sequence[str]) -> list[tuple[int, str]]:
    """Return numbers and headlines of the articles that a command fits, less those that are named already."""
    if command.name == "stopsend":
        entries = await talk.tx.leaving(OFFERED)
    elif command.name in AFTERWARDS:
        entries = await talk.tx.published_since(talk.now - LATELY, OFFERED)
    else:
        entries = [each.entry for each in await read_open(talk.desk) if _fits(talk, each, DOES[command.name])]
    newest = sorted((each for each in entries if str(each.id) not in but), key=lambda each: -each.id)
    return [(each.id, cards.short(each.article.headline, HEADLINE)) for each in newest]


def _fits(talk: Talk, situation: Situation, acts: frozenset[Act]) -> bool:
    due_at = situation.readiness.times.due_at
    when = {Act.TIME: situation.earliest, Act.GO_ON: due_at, Act.SWAP: due_at}
    if Act.SWAP in acts and situation.entry.state is not EntryState.QUEUED:
        return False
    return not acts or any(not obstacles(situation.readiness, act, when.get(act), by=talk.me) for act in acts)


async def offer_likely(talk: Talk, typed: str, argument: Sequence[Run], media: Media | None) -> None:
    """Show the commands that a mistyped one may mean, with its argument. Raises `Refused` if it is like none."""
    found = likeliest(typed, [each for each in COMMANDS if talk.may(each.role)])
    if not found:
        raise Refused("I don't know the command /{name}. /help shows what you can say.", name=typed)
    said = cards.short(" ".join(plain(argument).split()), ARGUMENT)
    keys = [
        [
            Key(
                f"/{command.typed(talk.words.language)} {said}".rstrip(),
                Choose(command.name, tuple(argument), media),
                own=True,
            )
        ]
        for command in found
    ]
    await talk.say("I don't know the command /{name}. Did you mean one of these?", name=typed, keys=keys)
