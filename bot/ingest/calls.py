"""A call of one of the newsroom's own systems, as it is read: what it names, and the article that it makes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.domain import Article, Run, Verification
from bot.domain.change import After
from bot.domain.parse import Parsed, Pasted, apply_fields, parse
from bot.domain.parse.story import language_of
from bot.domain.times import as_typed
from bot.errors import VisnykError
from bot.newsroom.desk import Desk

Json = str | int | float | bool | None | list["Json"] | dict[str, "Json"]
#: A field's value, read.
Value = str | int | bool | tuple[str, ...]

#: Minutes for which a post is pinned, at the most: 30 days.
PINNED = 30 * 24 * 60
_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)", re.ASCII)
#: A headline until one is read.
_UNTITLED = "…"
#: Words of the fields that are lines of an edit, in the order in which they are applied.
_LINES = {
    "headline": "headline",
    "lead": "lead",
    "sources": "source",
    "status": "status",
    "note": "note",
    "link": "link",
    "topics": "topics",
    "language": "lang",
    "urgent": "urgent",
    "about": "about",
    "after": "after",
    "pin": "pin",
    "photo": "photo",
    "video": "video",
    "caption": "caption",
    "credit": "credit",
}


class Wrong(VisnykError):
    """The call can't be understood. `pointer` leads to the part of it that is at fault, as in RFC 6901."""

    def __init__(self, detail: str, pointer: str = "") -> None:
        super().__init__(detail)
        self.detail = detail
        self.pointer = pointer


class Broken(Wrong):
    """It is not even JSON."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A call's content. `fields` are those that were named; `text` is a whole article as people paste it."""

    fields: Mapping[str, Value]
    text: str = ""
    submit: bool = False

    @property
    def illustration(self) -> str:
        """Return the address of the picture or video that was named; empty if none was."""
        return str(self.fields.get("photo", "") or self.fields.get("video", ""))


def _text(value: Json, at: str) -> str:
    if not isinstance(value, str):
        raise Wrong("must be a text.", at)
    try:
        value.encode()
    except UnicodeEncodeError:
        raise Wrong("has half a character (a lone surrogate).", at) from None
    return value


def _texts(value: Json, at: str) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise Wrong("must be a list of texts.", at)
    return tuple([_text(each, f"{at}/{place}") for place, each in enumerate(value)])


def _truth(value: Json, at: str) -> bool:
    if not isinstance(value, bool):
        raise Wrong("must be true or false.", at)
    return value


def _number(value: Json, at: str) -> int:
    """Return the number of an article; 0: none. JSON has no whole numbers of its own, so 12.0 is one too."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value != int(value) or not 0 <= value < 10**9:
        raise Wrong("must be the number of an article, or 0.", at)
    return int(value)


def _minutes(value: Json, at: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float) or value != int(value) or not 0 <= value <= PINNED:
        raise Wrong(f"must be a number of minutes up to {PINNED}; 0: it is not pinned.", at)
    return int(value)


def _after(value: Json, at: str) -> str:
    text = _text(value, at)
    if text not in ("", *After):
        raise Wrong(f"must be one of these: {', '.join(After)}.", at)
    return text


def _instant(value: Json, at: str) -> str:
    text = _text(value, at)
    try:
        is_instant = _RFC_3339.fullmatch(text) is not None
        said = datetime.fromisoformat(text.upper()).astimezone(UTC).isoformat() if is_instant else ""
    except (ValueError, OverflowError):
        said = ""
    if text and not said:
        raise Wrong("must be an instant with its offset, such as 2026-11-24T18:30:00+02:00, or empty.", at)
    return said


def _status(value: Json, at: str) -> str:
    text = _text(value, at)
    if text not in ("", *Verification):
        raise Wrong(f"must be one of these: {', '.join(Verification)}.", at)
    return text


#: The fields of a call, each with what reads it.
FIELDS: Mapping[str, Callable[[Json, str], Value]] = {
    **dict.fromkeys(("headline", "lead", "link", "language", "note", "text"), _text),
    **dict.fromkeys(("photo", "video", "caption", "credit"), _text),
    **dict.fromkeys(("body", "topics", "sources"), _texts),
    **dict.fromkeys(("urgent", "submit"), _truth),
    "status": _status,
    "about": _number,
    "expires": _instant,
    "after": _after,
    "pin": _minutes,
}


def read_call(content: bytes, *, is_new: bool) -> Sent:
    """Read a call's body. Raises `Broken` and `Wrong`."""
    found = _object(content)
    for name in found:
        if name not in FIELDS:
            raise Wrong(f"There is no field of that name. The fields are: {', '.join(FIELDS)}.", f"/{_escaped(name)}")
    fields = {name: FIELDS[name](value, f"/{name}") for name, value in found.items()}
    text, submit = str(fields.pop("text", "")), bool(fields.pop("submit", False))
    if text and fields.keys() & {"headline", "lead", "body"}:
        raise Wrong("is a whole article; headline, lead and body can't stand beside it.", "/text")
    if is_new and not text.strip() and not str(fields.get("headline", "")).strip():
        raise Wrong("An article needs a headline, or a text to take it from.", "/headline")
    return Sent(fields, text, submit)


def _object(content: bytes) -> dict[str, Json]:
    try:
        found = json.loads(content.decode(), parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise Broken("The body is not JSON in UTF-8.") from None
    if not isinstance(found, dict):
        raise Broken("The body must be a JSON object.")
    return found


def _no_number(name: str) -> float:
    raise ValueError(name)


def _escaped(name: str) -> str:
    """Return a name as a part of a pointer, without what can't be sent."""
    return name.encode("utf-8", "replace").decode().replace("~", "~0").replace("/", "~1")[:100]


def article_of(sent: Sent, before: Article | None, desk: Desk) -> Parsed:
    """Return the article that a call makes, or makes of `before`. Raises `Refused` for what people are refused too."""
    parsed = _with_text(sent, before, desk)
    article = parsed.article
    if "body" in sent.fields:
        pasted = Pasted.of([Run("\n\n".join(_list(sent, "body")))])
        article = replace(article, body=tuple([line for line in pasted.lines if line]))
    if lines := list(lines_of(sent)):
        changed = apply_fields(article, Pasted.of([Run("\n".join(lines))]))
        if changed is None:
            raise Wrong("A field is not understood: photo and link are whole addresses that start with https://.")
        parsed = replace(changed, notices=(*parsed.notices, *changed.notices), expires=parsed.expires)
        article = changed.article
    if before is None and "language" not in sent.fields:
        article = replace(article, language=language_of(article, desk.house.languages[0]))
    return replace(parsed, article=article)


def _with_text(sent: Sent, before: Article | None, desk: Desk) -> Parsed:
    if not sent.text.strip():
        return Parsed(before or Article(_UNTITLED))
    house = desk.house
    parsed = parse(Pasted.of([Run(sent.text)]), language=house.languages[0], template=house.press.template)
    if before is None:
        return parsed
    new = parsed.article
    kept = replace(before, headline=new.headline, lead=new.lead, body=new.body, marked_lead=new.marked_lead)
    return replace(parsed, article=kept)


def _list(sent: Sent, name: str) -> tuple[str, ...]:
    value = sent.fields[name]
    return value if isinstance(value, tuple) else ()


def expiry_of(sent: Sent, parsed: Parsed, zone: ZoneInfo) -> str | None:
    """Return when the article expires, as a person would type it; "" clears it, None means nothing was said.

    It is the minute in which the instant lies: what expires must not go out later than that.
    """
    said = sent.fields.get("expires")
    if said is None:
        return parsed.expires
    return as_typed(datetime.fromisoformat(str(said)), zone) if said else ""


def lines_of(sent: Sent) -> Iterator[str]:
    """Return the fields as an editor types them: the same things are refused, with the same sentences."""
    for name, key in _LINES.items():
        if name not in sent.fields:
            continue
        match sent.fields[name]:
            case bool() as is_true:
                yield f"{key}: {'yes' if is_true else 'no'}"
            case int() as minutes if name == "pin":
                yield f"{key}: {minutes} min" if minutes else f"{key}: -"
            case int() as number:
                yield f"{key}: {number or '-'}"
            case tuple() as values if name == "topics":
                yield f"{key}: {', '.join(map(_one_line, values))}"
            case tuple() as values:
                yield from [f"{key}: {_one_line(each)}" for each in values] or [f"{key}: -"]
            case str() as value:
                yield from [f"{key}: {_one_line(each)}" for each in value.splitlines() if each.strip()][
                    : None if name == "note" else 1
                ] or [f"{key}: -"]


def _one_line(value: str) -> str:
    return " ".join(value.split())
