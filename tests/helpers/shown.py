"""Everything that the phones showed while the tests ran: texts, commands and buttons, by language and platform.

Nothing is declared: each scene notes all that came onto its phones, and the catalogue's texts are looked for in that.
"""

from __future__ import annotations

import json
import os
import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.commands.table import BY_NAME, COMMANDS, Command
from bot.domain.buttons import PRESSES
from bot.sandbox import Sandbox
from bot.sandbox.phones import Watch
from tests.helpers.catalogue import LANGUAGES, forms, messages, texts_in_code, texts_of
from tests.helpers.unseen import TYPED, UNSEEN

#: Where each process of the tests writes what its phones showed; not set: nothing is written.
FOLDER = "SHOWN_IN"
PLATFORMS = ("telegram", "viber")
#: Texts of these are for whoever tries Visnyk or runs it, on a terminal.
ON_TERMINALS = (
    "demo",
    "bench",
    "doctor.py",
    "setup.py",
    "setup_viber.py",
    "talks.py",
    "acquaintance.py",
    "__main__.py",
)

#: What Viber is sent between two characters that its apps would make a picture of; nobody sees it.
_UNSEEN = "\u2060"

#: (platform, "shown" or "said" or "pressed", the phone's language where it is known, text or action).
Note = tuple[str, str, str, str]


@dataclass(frozen=True, order=True)
class Cell:
    """`what`: a text as it stands in the code, `/command` or `[button]`."""

    what: str
    language: str
    platform: str


# Noting


def note(sandbox: Sandbox, watch: Watch, database: Path, folder: Path) -> None:
    """Note, at the end of a scene, what its phones showed since `watch`, and what people typed and pressed there."""
    notes = {*_told(sandbox, watch), *_pressed(sandbox, database)}
    with (folder / f"{os.getpid()}.jsonl").open("a", encoding="utf-8") as file:
        file.writelines(json.dumps(one, ensure_ascii=False) + "\n" for one in sorted(notes))


def _told(sandbox: Sandbox, watch: Watch) -> Iterator[Note]:
    while not watch.events.empty():
        event = watch.events.get_nowait()
        platform, bubble = event.platform, event.bubble
        if bubble is None:
            yield platform, "shown", "", event.text
        elif bubble.sender == "person":
            yield platform, "said", _language(sandbox, platform, event.chat), bubble.text
        else:
            yield platform, "shown", "", bubble.text
            for row in (*bubble.buttons, *bubble.keyboard):
                yield from ((platform, "shown", "", label) for label, _ in row)


def _pressed(sandbox: Sandbox, database: Path) -> Iterator[Note]:
    if not database.exists():
        return
    with closing(sqlite3.connect(database)) as file:
        for action, presser in file.execute("SELECT action, used_by FROM button WHERE used_by IS NOT NULL"):
            platform, _, person = presser.partition(":")
            yield platform, "pressed", _language(sandbox, platform, person), action


def _language(sandbox: Sandbox, platform: str, chat: str) -> str:
    """Return the language of a phone; "" for a group, where people of several meet."""
    people: dict[Any, Any] = {
        **{str(number): person for number, person in sandbox.telegram.world.people.items()},
        **sandbox.viber.world.people,
    }
    return str(people[chat].language) if chat in people else ""


def notes_in(folder: Path) -> set[Note]:
    found: set[Note] = set()
    for file in folder.glob("*.jsonl"):
        with file.open(encoding="utf-8") as lines:
            found.update(tuple(json.loads(line)) for line in lines)
    return found


# Looking


_PLACE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Template:
    """One way to say some texts: `literal` stands between the places; `says` are (text, language)."""

    pattern: re.Pattern[str]
    literal: tuple[str, ...]
    says: frozenset[tuple[str, str]]

    @property
    def weight(self) -> int:
        return sum(map(len, self.literal))

    def spans_in(self, text: str) -> Iterator[frozenset[int]]:
        """Yield where it stands in `text`: the positions of its own words, not of what its places hold."""
        if all(part in text for part in self.literal):
            for match in self.pattern.finditer(text):
                held = {at for place in range(1, match.re.groups + 1) for at in range(*match.span(place))}
                yield frozenset(at for at in range(*match.span()) if at not in held and text[at].isalnum())


def templates(texts: Iterable[tuple[str, str, str]]) -> list[Template]:
    """Return templates of (text, language, how it is said there); those with most words of their own come first."""
    by_form = defaultdict(set)
    for text, language, form in texts:
        by_form[form].add((text, language))
    made = [_template(form, frozenset(says)) for form, says in by_form.items()]
    return sorted(made, key=lambda template: -template.weight)


def _template(form: str, says: frozenset[tuple[str, str]]) -> Template:
    return Template(pattern_of(form), tuple(filter(None, _PLACE.split(form)[::2])), says)


def pattern_of(form: str, **values: object) -> re.Pattern[str]:
    """Return a pattern for `form` on a phone, whatever its places hold; those in `values` hold these."""
    parts = _PLACE.split(form)
    pattern = "".join(_place(part, values) if odd % 2 else re.escape(part) for odd, part in enumerate(parts))
    return re.compile(rf"(?<!\w){pattern}(?!\w)")


def _place(name: str, values: Mapping[str, object]) -> str:
    if name in values:
        return f"({re.escape(str(values[name]))})"
    if name == "id":
        return r"(\S+?)"
    return r"(\d[\d\s.,]*?)" if name in ("n", "number") else r"(\d.*?)" if name == "time" else "(.+?)"


def as_read(text: str) -> str:
    return text.replace(_UNSEEN, "")


def seen_in(text: str, known: list[Template]) -> Iterator[Template]:
    """Words that are part of a longer text are no other text: “draft” is not seen in “new draft”. Of two that have the
    very same words both are seen."""
    claimed: dict[int, frozenset[int]] = {}
    for template in known:
        for span in template.spans_in(text):
            if all(claimed.get(at, span) == span for at in span):
                claimed |= dict.fromkeys(span, span)
                yield template


def seen(notes: Iterable[Note]) -> set[Cell]:
    known = templates(
        (forms(message.id)[0], language, form)
        for language in LANGUAGES
        for message in messages(texts_of(language))
        for form in forms(message.string)
    )
    found = set()
    for platform, kind, language, text in notes:
        if kind == "shown":
            for template in seen_in(as_read(text), known):
                found |= {Cell(said, spoken, platform) for said, spoken in template.says}
        elif kind == "pressed":
            found.add(Cell(f"[{text}]", language, platform))
        elif (command := _command(text)) is not None:
            found.add(Cell(f"/{command.name}", language, platform))
    return found


def _command(text: str) -> Command | None:
    word = text.removeprefix("/").split(maxsplit=1)[0] if text.startswith("/") and text[1:].split() else ""
    return BY_NAME.get(word.casefold())


def everything() -> set[str]:
    """Return all that people may read, say and press, but for what is only for terminals."""
    texts = {forms(message.id)[0] for message in messages(texts_in_code(outside=ON_TERMINALS))} - set(TYPED)
    return texts | {f"/{command.name}" for command in COMMANDS} | {f"[{action}]" for action in PRESSES}


@dataclass(frozen=True)
class Found:
    """`wanted`: everything in each language on each platform, where it can be there. `seen`: what of that was."""

    wanted: frozenset[Cell]
    seen: frozenset[Cell]
    #: Of what is said never to be there.
    seen_after_all: frozenset[Cell]
    unknown: frozenset[str]

    @classmethod
    def of(cls, folder: Path) -> Found:
        whats, found = everything(), seen(notes_in(folder))
        places = {platform: UNSEEN[platform].keys() for platform in PLATFORMS}
        cells = {Cell(what, language, platform) for what in whats for language in LANGUAGES for platform in PLATFORMS}
        never = {cell for cell in cells if cell.what in places[cell.platform]}
        unknown = {what for named in places.values() for what in named} - whats
        return cls(
            frozenset(cells - never), frozenset(found & (cells - never)), frozenset(found & never), frozenset(unknown)
        )

    @property
    def missing(self) -> frozenset[Cell]:
        return self.wanted - self.seen

    @property
    def faults(self) -> int:
        return len(self.missing) + len(self.seen_after_all) + len(self.unknown)

    def report(self) -> str:
        """Return what to do about what was not shown, in one line for each text."""
        places = defaultdict(list)
        for cell in sorted(self.missing):
            places[cell.what].append(f"{cell.platform} {cell.language}")
        lines = [f"{len(self.seen)} of {len(self.wanted)} shown, {len(self.missing)} missing"]
        lines += [f"not shown on {', '.join(where)}: {what!r}" for what, where in places.items()]
        lines += [
            f"shown on {cell.platform} after all, see tests/helpers/unseen.py: {cell.what!r}"
            for cell in self.seen_after_all
        ]
        lines += [f"named in tests/helpers/unseen.py and nowhere else: {what!r}" for what in sorted(self.unknown)]
        if self.missing:
            lines.append("Play these on the four phones (see the fixture `four` of tests/dialogues), or say in")
            lines.append("tests/helpers/unseen.py why a platform can't show them.")
        return "\n".join(lines)
