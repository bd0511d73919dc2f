"""Reads a text from the command line as a paste would be read, without tokens and without a database."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from bot.domain import Run
from bot.domain.parse import Pasted, parse
from bot.domain.shapes import NO_TEMPLATE, Template
from bot.domain.shapes.learning import learned
from bot.domain.sheet import Value, sheet_of
from bot.errors import CannotStart, Refused
from config.newsroom import load_newsroom

#: Most bytes of a file that are read; no text that fits is longer.
_BYTES = 1_000_000
_BOMS = (b"\xff\xfe", b"\xfe\xff")


def draft(path: str, newsroom: Path | None) -> dict[str, Value]:
    """Return what would be taken of the text in a file, `-` for the input. Raises `CannotStart` with the reason."""
    language, template = "uk", NO_TEMPLATE
    if newsroom is not None:
        file = load_newsroom(newsroom)
        language, template = file.languages[0], Template(**file.template.model_dump())
    text = read_text(path)
    try:
        return sheet_of(parse(Pasted.of([Run(text)]), language=language, template=template))
    except Refused as refusal:
        raise CannotStart(refusal.text.format_map(dict(refusal.values))) from None


def learn(paths: Sequence[str]) -> str:
    """Return a `[template]` for newsroom.toml, from a few articles as they are copied from the newsroom's own site."""
    template = learned([read_text(path) for path in paths])
    lines = [f"{name} = [{', '.join(map(_quoted, words))}]" for name, words in asdict(template).items() if words]
    return "\n".join(["[template]", *lines])


def _quoted(word: str) -> str:
    escaped = word.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def read_text(path: str) -> str:
    """Return the text of a file. Raises `CannotStart` if it is no text in UTF-8."""
    name = "The input" if path == "-" else path
    try:
        content = sys.stdin.buffer.read(_BYTES + 1) if path == "-" else _content(Path(path))
        text = "" if content.startswith(_BOMS) else content.decode("utf-8-sig")
    except OSError as error:
        raise CannotStart(f"Can't read {path}: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise CannotStart(f"{name} is not text in UTF-8. Save it as UTF-8 and try again.") from None
    if content.startswith(_BOMS):
        raise CannotStart(f"{name} is in UTF-16. Save it as UTF-8 and try again.")
    if len(content) > _BYTES:
        raise CannotStart(f"{name} is too long: more than {_BYTES:,} bytes.")
    if not text.strip():
        raise CannotStart(f"{name} is empty.")
    return text


def _content(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_BYTES + 1)
