"""/keys: the keys with which the newsroom's own systems bring articles in."""

from __future__ import annotations

from bot.commands.talk import Key, Line, Talk, bold
from bot.domain import Run
from bot.domain.buttons import RevokeKey
from bot.domain.systems import RATE, Scope, SystemKey
from bot.errors import Refused
from bot.newsroom import systems
from bot.texts import text_id

NEW = frozenset({"new", "новий", "нова"})
REVOKE = frozenset({"revoke", "відкликати"})
SUBMITS = frozenset({"submit", "submits", "подавати", "подає", "подати"})
SCOPES = {Scope.DRAFT: text_id("drafts only"), Scope.SUBMIT: text_id("drafts, and submits them")}
NONSENSE = text_id(
    "I don't understand “{typed}”. A key for a system: /keys new CMS; one that may also submit: /keys new CMS submit; "
    "to take one back: /keys revoke 3"
)
NO_KEYS = text_id(
    "There are no keys. With one, the newsroom's own system, such as its CMS, brings articles in as drafts; nothing is "
    "published by it. Make one: /keys new CMS"
)


async def keys(talk: Talk, argument: str) -> None:
    """Show the keys, make one or revoke one."""
    first, *rest = argument.split() or [""]
    if not first:
        await _show(talk)
    elif first.casefold() in NEW:
        await _make(talk, rest)
    elif first.casefold() in REVOKE and len(rest) == 1 and rest[0].isdecimal():
        await revoke(talk, int(rest[0]))
    else:
        raise Refused(NONSENSE, typed=argument[:100])


async def _show(talk: Talk) -> None:
    kept, words = await talk.tx.system_keys(), talk.words
    names = await talk.tx.names()
    lines: list[Line] = [_line(talk, key, names[f"person:{key.made_by}"]) for key in kept]
    if kept:
        lines.insert(0, bold(words("Keys of the newsroom's own systems:")))
        lines.append(words("A new one: /keys new CMS"))
    else:
        lines = [words(NO_KEYS)]
    await talk.show(lines, [[Key(words("Revoke “{name}”", name=key.name), RevokeKey(key.id))] for key in kept])


def _line(talk: Talk, key: SystemKey, maker: str) -> str:
    words = talk.words
    used = words("last used {when}", when=talk.when(key.used_at)) if key.used_at is not None else words("never used")
    rate = words("calls a minute: {rate}", rate=key.rate)
    parts = (key.name, words(SCOPES[key.scope]), rate, used, words("made by {name}", name=maker))
    return f"{key.id}. {' · '.join(parts)}"


async def _make(talk: Talk, typed: list[str]) -> None:
    name, scope, rate = list(typed), Scope.DRAFT, RATE
    while len(name) > 1 and (name[-1].casefold() in SUBMITS or name[-1].isdecimal()):
        word = name.pop()
        if word.isdecimal():
            rate = min(int(word[:9]), 10**9)
        else:
            scope = Scope.SUBMIT
    made = await systems.make(talk.desk, " ".join(name), scope, rate)
    words = talk.words
    await talk.show(
        [
            words(
                "The key for “{name}”. It is shown this once, so copy it to where the system reads it:",
                name=made.key.name,
            ),
            [Run(made.secret, code=True)],
            f"{words(SCOPES[scope])} · {words('calls a minute: {rate}', rate=rate)}",
            words(
                "Whoever has it writes in the name of “{name}”. You count as an author of what comes with it, so "
                "someone else approves. Delete this message when you have copied it.",
                name=made.key.name,
            ),
        ]
    )


async def revoke(talk: Talk, number: int) -> None:
    key = await systems.revoke(talk.desk, number)
    await talk.say("The key “{name}” is revoked: its calls are refused from now on.", name=key.name)
