"""The texts that people read: as they stand in the code, and as each language says them."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from itertools import product
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.pofile import read_po

from bot.texts import DOMAIN
from config.settings import LOCALES

BOT = Path(__file__).resolve().parents[2] / "bot"
#: Calls whose text reaches people, and how many of their arguments are texts.
KEYWORDS = {
    "say": 1,
    "words": 1,
    "plural": 2,
    "Refused": 1,
    "Ambiguous": 1,
    "NotAllowed": 1,
    "Damaged": 1,
    "Notice": 1,
    "text_id": 1,
    "sentence": 1,
    "_put": 1,
}
LANGUAGES = ("uk", "en")
#: A place in a text that a value fills.
PLACE = re.compile(r"\{(\w+)\}")


def catalogue_file(language: str) -> Path:
    return LOCALES / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def texts_in_code(*, outside: Collection[str] = ()) -> Catalog:
    """Every text of bot/, as the template of a catalogue. The sandbox speaks with the platforms' own words."""
    found = Catalog()
    for file in sorted(BOT.rglob("*.py")):
        if not {"sandbox", *outside} & set(file.relative_to(BOT).parts):
            for text in texts_in(ast.parse(file.read_text(encoding="utf-8"))):
                found.add(text)
    return found


def texts_in(tree: ast.Module) -> Iterator[str | tuple[str, ...]]:
    """Yield the texts that `KEYWORDS` are called with, in quotes or by a constant's name; so are helpers that return
    `Refused`.
    """
    # Babel's own extractor knows no constants and takes the "id" of `Notice(row["id"])` for a text.
    helpers = {
        node.name: 1
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and isinstance(node.returns, ast.Name) and node.returns.id == "Refused"
    }
    constants = dict(constants_of(tree))
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        name = getattr(call.func, "attr", getattr(call.func, "id", ""))
        count = {**helpers, **KEYWORDS}.get(name)
        choices = [texts_of_argument(argument, constants) for argument in call.args[:count]] if count else []
        for texts in product(*choices):
            if texts:
                yield texts if count == 2 else texts[0]


def constants_of(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            yield from ((target.id, node.value.value) for target in node.targets if isinstance(target, ast.Name))


def texts_of_argument(argument: ast.expr, constants: dict[str, str]) -> list[str]:
    """Return the texts of an argument: two for `a if … else b`, none for what is only known when it runs."""
    if isinstance(argument, ast.IfExp):
        return texts_of_argument(argument.body, constants) + texts_of_argument(argument.orelse, constants)
    if isinstance(argument, ast.Constant):
        return [argument.value] if isinstance(argument.value, str) and argument.value else []
    return [constants[argument.id]] if isinstance(argument, ast.Name) and argument.id in constants else []


def texts_of(language: str) -> Catalog:
    with catalogue_file(language).open("rb") as source:
        return read_po(source, locale=language)


def messages(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


def forms(text: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text or ())


def written(text: str, /, **values: object) -> dict[str, str]:
    """Return a text of the catalogue as each language says it, up to the first place that `values` do not fill.

    A long text may be named by its beginning, if no other text begins so. A value may be a text by language itself.
    """
    return {language: _stretches(language, text, values)[0] for language in LANGUAGES}


def stretch(text: str, /, **values: object) -> dict[str, str]:
    """Return the longest stretch of a text between places that `values` do not fill, as each language says it."""
    return {language: max(_stretches(language, text, values), key=len).strip() for language in LANGUAGES}


def titled(number: int, stage: str, *more: dict[str, str]) -> dict[str, str]:
    """Return an article's title on its card and in the list: its number, its stage and what follows."""
    parts = (written(stage), *more)
    return {language: " · ".join([f"#{number}", *(part[language] for part in parts)]) for language in LANGUAGES}


def spoken(language: str, text: str) -> tuple[str, ...]:
    """Return how a language says a text of the catalogue; several forms when it is counted."""
    every = _every(language)
    [found] = [text] if text in every else [each for each in every if each.startswith(text)]
    return every[found]


@cache
def _every(language: str) -> dict[str, tuple[str, ...]]:
    return {forms(message.id)[0]: forms(message.string) for message in messages(texts_of(language))}


def _stretches(language: str, text: str, values: Mapping[str, object]) -> list[str]:
    """Return the first form of a text, filled and cut at the places that stay open."""
    said = {name: value[language] if isinstance(value, dict) else value for name, value in values.items()}
    parts = PLACE.split(spoken(language, text)[0])
    found = [parts[0]]
    for name, part in zip(parts[1::2], parts[2::2], strict=True):
        if name in said:
            found[-1] += f"{said[name]}{part}"
        else:
            found.append(part)
    return found
