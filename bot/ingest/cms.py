"""The CMS: a call of one of the newsroom's own systems is read, and becomes a draft as a paste does."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from bot.domain import Article, Run, Verification, plain
from bot.domain.difference import changed_fields
from bot.domain.entry import EntryState
from bot.domain.news import SourceChanged
from bot.domain.parse import Notice, Parsed, Pasted, apply_fields, parse
from bot.domain.parse.story import language_of
from bot.domain.sheet import Value, day, picture_of, sentence, sheet_of
from bot.domain.systems import SystemKey
from bot.errors import Refused, VisnykError
from bot.newsroom import publishing, review, systems, writing
from bot.newsroom.desk import Desk
from bot.newsroom.readiness import read
from bot.newsroom.situation import Situation

Json = str | int | float | bool | None | list["Json"] | dict[str, "Json"]

#: In these states an article is still its writer's to change or to withdraw.
ITS_OWN = frozenset({EntryState.DRAFT, EntryState.SUBMITTED, EntryState.REJECTED})
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
    "photo": "photo",
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


class NoSuchArticle(VisnykError):
    """No article of that number came with this key."""


class Changed(VisnykError):
    """It is no longer what the caller saw. `etag` is what it is."""

    def __init__(self, etag: str) -> None:
        super().__init__(etag)
        self.etag = etag


class InOtherHands(VisnykError):
    """The desk has it by now, so that its system changes nothing. `stage`: where it is."""

    def __init__(self, stage: str) -> None:
        super().__init__(stage)
        self.stage = stage


@dataclass(frozen=True, slots=True)
class Sent:
    """A call's content. `fields` are those that were named; `text` is a whole article as people paste it."""

    fields: Mapping[str, str | bool | tuple[str, ...]]
    text: str = ""
    submit: bool = False

    @property
    def photo(self) -> str:
        return str(self.fields.get("photo", ""))


@dataclass(frozen=True, slots=True)
class Taken:
    """An article after a call, and what its sender should know."""

    situation: Situation
    notices: tuple[str, ...] = ()

    @property
    def etag(self) -> str:
        return etag_of(self.situation)


def etag_of(situation: Situation) -> str:
    """Return what tells one state of an article from all others: a change of its text or of its stage changes it."""
    entry = situation.entry
    return f'"{entry.id}.{entry.version}.{situation.readiness.stage}"'


# Reading


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


def _status(value: Json, at: str) -> str:
    text = _text(value, at)
    if text not in ("", *Verification):
        raise Wrong(f"must be one of these: {', '.join(Verification)}.", at)
    return text


#: The fields of a call, each with what reads it.
FIELDS: Mapping[str, Callable[[Json, str], str | bool | tuple[str, ...]]] = {
    **dict.fromkeys(("headline", "lead", "link", "language", "note", "photo", "caption", "credit", "text"), _text),
    **dict.fromkeys(("body", "topics", "sources"), _texts),
    **dict.fromkeys(("urgent", "submit"), _truth),
    "status": _status,
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
    if lines := list(_lines(sent)):
        changed = apply_fields(article, Pasted.of([Run("\n".join(lines))]))
        if changed is None:
            raise Wrong("A field is not understood: photo and link are whole addresses that start with https://.")
        parsed = replace(changed, notices=(*parsed.notices, *changed.notices))
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


def _lines(sent: Sent) -> Iterator[str]:
    """Return the fields as an editor types them: the same things are refused, with the same sentences."""
    for name, key in _LINES.items():
        if name not in sent.fields:
            continue
        match sent.fields[name]:
            case bool() as is_true:
                yield f"{key}: {'yes' if is_true else 'no'}"
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


# Acting


async def create(desk: Desk, key: SystemKey, sent: Sent) -> Taken:
    """Begin a draft, and put it to the desk if that is asked for."""
    desk = systems.acting(desk, key)
    parsed = article_of(sent, None, desk)
    return await _submitted(desk, await writing.draft(desk, parsed.article), sent, parsed.notices)


async def change(desk: Desk, key: SystemKey, number: int, sent: Sent, seen: str) -> Taken:
    """Make a new version of an article that its sender saw as `seen` (an ETag, or `*`).

    What is out only the desk changes: there it is put as a change, with its difference.
    """
    desk = systems.acting(desk, key)
    situation = await _as_seen(desk, key, number, seen)
    if situation.entry.state is EntryState.PUBLISHED:
        return await _put_to_the_desk(desk, situation, sent)
    _check_own(situation)
    parsed = article_of(sent, situation.entry.article, desk)
    if parsed.article != situation.entry.article:
        situation = await writing.rewrite(desk, situation, parsed.article)
    return await _submitted(desk, situation, sent, parsed.notices)


async def withdraw(desk: Desk, key: SystemKey, number: int, seen: str) -> Taken:
    """Cancel an article that its sender saw as `seen`."""
    desk = systems.acting(desk, key)
    _check_own(await _as_seen(desk, key, number, seen))
    return Taken(await publishing.cancel(desk, number))


async def find(desk: Desk, key: SystemKey, number: int) -> Situation:
    """Return an article that came with this key. Raises `NoSuchArticle`."""
    try:
        situation = await read(desk, number)
    except Refused:
        raise NoSuchArticle from None
    if situation.entry.author != key.address:
        raise NoSuchArticle
    return situation


async def _put_to_the_desk(desk: Desk, situation: Situation, sent: Sent) -> Taken:
    entry = situation.entry
    article = article_of(sent, entry.article, desk).article
    if not changed_fields(entry.article, article):
        return Taken(situation)
    runs = (Run(_typed(sent, article)),)
    await desk.announce(SourceChanged(entry.id, article.headline, article.link, entry.version, runs))
    return Taken(situation, ("It is out: the desk was asked to change what readers have.",))


def _typed(sent: Sent, article: Article) -> str:
    """Return the call as a person would type it: the lines of the fields, after the text if there is another one."""
    lines = [*_lines(sent)]
    if not sent.text and "body" not in sent.fields:
        return "\n".join(lines)
    beside = [each for each in lines if each.partition(":")[0] not in ("headline", "lead")]
    return "\n\n".join([article.headline, article.lead, *map(plain, article.body), "\n".join(beside)])


async def _as_seen(desk: Desk, key: SystemKey, number: int, seen: str) -> Situation:
    situation = await find(desk, key, number)
    if seen not in ("*", etag := etag_of(situation)):
        raise Changed(etag)
    return situation


def _check_own(situation: Situation) -> None:
    if situation.entry.state not in ITS_OWN:
        raise InOtherHands(situation.readiness.stage)


async def _submitted(desk: Desk, situation: Situation, sent: Sent, notices: tuple[Notice, ...]) -> Taken:
    """Put it to the desk where that is asked for. What the desk can't be asked about yet stays a draft."""
    said = tuple([sentence(each) for each in notices])
    if not sent.submit:
        return Taken(situation, said)
    try:
        async with desk.tx.undone_by(Refused):
            return Taken(await review.submit(desk, situation.entry.id), said)
    except Refused as refused:
        return Taken(situation, (*said, f"Not submitted: {refused}"))


def state_of(taken: Taken) -> dict[str, Value | int | bool]:
    """Return an article as a system reads it."""
    entry, parsed = taken.situation.entry, Parsed(taken.situation.entry.article)
    shown = {name: value for name, value in sheet_of(parsed).items() if name != "dropped"}
    return {
        "id": entry.id,
        "state": str(taken.situation.readiness.stage),
        "version": entry.version,
        "sha256": entry.article.sha256,
        **shown,
        "urgent": entry.article.urgent,
        "note": entry.article.note,
        "photo": picture_of(entry.article).get("url", ""),
        "created": day(entry.came_in),
        "due": day(entry.due_at),
        "published": day(entry.published_at),
        "notices": list(taken.notices),
    }
