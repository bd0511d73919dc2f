"""What the phones showed while the tests ran: which texts, commands and buttons, in which language, on which platform.

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

from bot.commands.buttons import ACTIONS
from bot.commands.table import BY_NAME, COMMANDS
from bot.sandbox import Sandbox
from bot.sandbox.phones import Watch
from tests.test_texts import LANGUAGES, forms, messages, texts_in_code, texts_of

#: Where each process of the tests writes what its phones showed; not set: nothing is written.
FOLDER = "SHOWN_IN"
PLATFORMS = ("telegram", "viber")
#: Texts of these are for whoever tries Visnyk or runs it, on a terminal.
ON_TERMINALS = ("demo", "bench")

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


def note(sandbox: Sandbox, watch: Watch, database: Path) -> None:
    """At the end of a scene: what its phones showed and what people typed and pressed there."""
    folder = os.environ.get(FOLDER)
    if folder is None:
        return
    notes = {*_told(sandbox, watch), *_pressed(sandbox, database)}
    with Path(folder, f"{os.getpid()}.jsonl").open("a", encoding="utf-8") as file:
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
    """Of whose phone it is; "" for a group, where people of several meet."""
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

    def spans_in(self, text: str) -> Iterator[set[int]]:
        """Where it stands in `text`: the positions of its own words, not of what its places hold."""
        if all(part in text for part in self.literal):
            for match in self.pattern.finditer(text):
                held = {at for place in range(1, match.re.groups + 1) for at in range(*match.span(place))}
                yield {at for at in range(*match.span()) if at not in held and not text[at].isspace()}


def templates(texts: Iterable[tuple[str, str, str]]) -> list[Template]:
    """Of (text, language, how it is said there); those that say most of their own come first."""
    by_form = defaultdict(set)
    for text, language, form in texts:
        by_form[form].add((text, language))
    made = [_template(form, frozenset(says)) for form, says in by_form.items()]
    return sorted(made, key=lambda template: -template.weight)


def _template(form: str, says: frozenset[tuple[str, str]]) -> Template:
    return Template(pattern_of(form), tuple(filter(None, _PLACE.split(form)[::2])), says)


def pattern_of(form: str, **values: object) -> re.Pattern[str]:
    """What `form` looks like on a phone, whatever its places hold; those in `values` hold these."""
    parts = _PLACE.split(form)
    pattern = "".join(_place(part, values) if odd % 2 else re.escape(part) for odd, part in enumerate(parts))
    return re.compile(rf"(?<!\w){pattern}(?!\w)")


def _place(name: str, values: Mapping[str, object]) -> str:
    if name in values:
        return f"({re.escape(str(values[name]))})"
    if name == "id":
        return r"(\S+?)"
    return r"(\d[\d\s.,]*?)" if name == "n" else r"(\d.*?)" if name == "time" else "(.+?)"


def as_read(text: str) -> str:
    return text.replace(_UNSEEN, "")


def seen_in(text: str, known: list[Template]) -> Iterator[Template]:
    """What words are part of a longer text is no other text: “draft” is not seen in “new draft”."""
    claimed: set[int] = set()
    for template in known:
        for span in template.spans_in(text):
            if not span & claimed:
                claimed |= span
                yield template


def texts_for_phones() -> dict[str, list[tuple[str, ...]]]:
    """By language: each text of the catalogue that is not only for terminals, as (text, form, form …)."""
    wanted = {message.id for message in messages(texts_in_code(outside=ON_TERMINALS))}
    return {
        language: [
            (forms(message.id)[0], *forms(message.string))
            for message in messages(texts_of(language))
            if message.id in wanted
        ]
        for language in LANGUAGES
    }


def wanted() -> set[Cell]:
    """Everything, in every language on every platform."""
    whats = {text for texts in texts_for_phones().values() for text, *_ in texts}
    whats |= {f"/{command.name}" for command in COMMANDS} | {f"[{action}]" for action in ACTIONS}
    return {Cell(what, language, platform) for what in whats for language in LANGUAGES for platform in PLATFORMS}


def seen(notes: Iterable[Note]) -> set[Cell]:
    known = templates(
        (text, language, form)
        for language, texts in texts_for_phones().items()
        for text, *said in texts
        for form in said
    )
    found = set()
    for platform, kind, language, text in notes:
        if kind == "shown":
            for template in seen_in(as_read(text), known):
                found |= {Cell(said, spoken, platform) for said, spoken in template.says}
        elif kind == "pressed":
            found.add(Cell(f"[{text}]", language, platform))
        elif text.startswith("/") and (
            command := BY_NAME.get(text[1:].split()[0].casefold() if text[1:].split() else "")
        ):
            found.add(Cell(f"/{command.name}", language, platform))
    return found
