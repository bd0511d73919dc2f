"""Applies fields to an article."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import pairwise
from urllib.parse import urlsplit

from bot.domain.article import Article, Earlier, Media, MediaKind, Source, plain
from bot.domain.languages import language_named
from bot.domain.parse.fields import AFTER_WORDS, MISSPELT, NUMBER, YES_OR_NO, Field, likely_key, status_of
from bot.domain.parse.notices import Notice
from bot.domain.parse.story import headline_of
from bot.domain.spoken import span_of
from bot.errors import Refused

#: Words that people type for each status, in the order of `Verification`.
STATUS_WORDS = {
    "uk": ("підтверджено", "одне джерело", "розвивається", "спростування", "думка"),
    "en": ("confirmed", "single source", "developing", "denial", "opinion"),
}
_OWN = frozenset(
    (
        *("own correspondent", "our correspondent", "own reporter", "our reporter", "staff correspondent"),
        *("власний кореспондент", "власна кореспондентка", "власні кореспонденти", "наш кореспондент"),
        *("наша кореспондентка", "власкор", "власкорка"),
    )
)
_ADDRESS = re.compile(r"https?://[^\s<>()]+(?:\([^\s<>()]*\)[^\s<>()]*)*", re.IGNORECASE)

#: An address without its scheme, as people read it off a screen.
_BARE_ADDRESS = re.compile(r"(?i)(?:[\w-]+\.)+[a-zа-яіїє]{2,}(?:/[^\s<>\"]*)?")

#: Most sources of an article; a post has room for fewer.
SOURCES_LIMIT = 20
_MANY_SOURCES = "There are {count} sources, at most {limit} fit. Keep the most important ones and send it again."
_NO_EMPTY_HEADLINE = "An article needs a headline. Type it like this: headline: Bridge over the river opened"
_BAD_LINK = "I don't understand “{line}”: it needs a web address. Type it like this: {example}"
_BAD_MEDIA = "I don't understand “{line}”: it needs an address that starts with https://. Type it like this: {example}"
_BAD_SOURCE = "I don't understand “{line}”: it needs one source per line. Type it like this: {example}"
BAD_STATUS = "I don't understand “{line}”: a status is one of these: {words}. Type it like this: {example}"
_BAD_TOPICS = "I don't understand “{line}”: topics are words. Type them like this: {example}"
_BAD_LANGUAGE = "I don't understand “{line}”: the language is a code such as uk or en. Type it like this: {example}"
_BAD_URGENT = "I don't understand “{line}”: it is either yes or no. Type it like this: {example}"
_BAD_AFTER = "I don't understand “{line}”: it is one of these: {words}. Type it like this: {example}"
_BAD_PIN = "I don't understand “{line}”: it is how long the post stays pinned, up to 30 days. Like this: {example}"
_MISSPELT = "There is no field “{key}:”. Did you mean “{likely}:”? Type it like this: {example}"
REPEATED_FIELD = "“{line}” is there more than once. Keep one such line and send it again."
_NOTHING_TO_CAPTION = "“{line}”: there is no photo or video. Attach one, or add a line like this: {example}"
ONE_MEDIA = "An article can have one photo or video, and here there are more. Keep one and send it again."


_Change = Callable[[Article, Sequence[Field]], Article]
#: Fields of which an article may have several.
_SEVERAL = frozenset(("source", "note", MISSPELT))


def changed(article: Article, fields: Sequence[Field]) -> Article:
    """`article` with `fields` applied in the order of the table, whatever order they were typed in."""
    kinds = {field.name for field in fields}
    if {"photo", "video"} <= kinds:
        raise Refused(ONE_MEDIA)
    for name, change in _CHANGES.items():
        same = [field for field in fields if field.name == name]
        if len(same) > 1 and name not in _SEVERAL:
            raise Refused(REPEATED_FIELD, line=f"{same[0].key}:")
        if same:
            article = change(article, same)
    return article


@dataclass(frozen=True, slots=True)
class Changes:
    """An article with its fields. What was not understood is told in `notices`; `untaken` are such lines."""

    article: Article
    notices: tuple[Notice, ...] = ()
    untaken: tuple[str, ...] = ()


def leniently(article: Article, fields: Sequence[Field]) -> Changes:
    """Apply the fields that are understood: no line of a pasted article refuses all of it."""
    notices: list[Notice] = []
    untaken: list[str] = []
    for name, change in _CHANGES.items():
        good: list[Field] = []
        for field in (field for field in fields if field.name == name):
            try:
                article = _with_one(article, change, [*good, field])
                good.append(field)
            except Refused as refused:
                notices.append(Notice(refused.text, refused.values))
                untaken.append(field.line)
    return Changes(article, tuple(notices), tuple(untaken))


def _with_one(article: Article, change: _Change, fields: Sequence[Field]) -> Article:
    """Apply fields of one name, of which the last is new. An article has one picture: a second one is refused."""
    if len(fields) > 1 and fields[-1].name not in _SEVERAL:
        raise Refused(REPEATED_FIELD, line=f"{fields[-1].key}:")
    if fields[-1].name in {"photo", "video"} and article.media is not None and not fields[-1].empty:
        raise Refused(ONE_MEDIA)
    return change(article, fields)


def _misspelt(_: Article, fields: Sequence[Field]) -> Article:
    field = fields[-1]
    likely = likely_key(field.key.casefold())
    raise Refused(_MISSPELT, key=field.key, likely=likely, example=f"{likely}: {field.value}")


def _set_headline(article: Article, fields: Sequence[Field]) -> Article:
    if fields[0].empty:
        raise Refused(_NO_EMPTY_HEADLINE)
    headline, video = headline_of(fields[0].value)
    return replace(article, headline=headline, video=article.video or video)


def _set_lead(article: Article, fields: Sequence[Field]) -> Article:
    lead = () if fields[0].empty else fields[0].runs
    return replace(article, lead=plain(lead), marked_lead=lead)


def _set_sources(article: Article, fields: Sequence[Field]) -> Article:
    named = [field for field in fields if not field.empty]
    if len(named) > SOURCES_LIMIT:
        raise Refused(_MANY_SOURCES, count=len(named), limit=SOURCES_LIMIT)
    return replace(article, sources=tuple(source for field in named for source in _sources(field)))


def _sources(field: Field) -> list[Source]:
    """The sources of one line; several addresses on it are several sources, each with the words before it."""
    ends = [found.end() for found in _ADDRESS.finditer(field.value)]
    if len(ends) < 2:
        return [_source(field)]
    parts = [field.value[start:end] for start, end in pairwise([0, *ends[:-1], len(field.value)])]
    return [_source(replace(field, value=part.strip(" ,;"), link="")) for part in parts]


def _source(field: Field) -> Source:
    """`Name https://…`, `Name (https://…)`, a bare address (its host is the name), a name alone or a linked name.

    The own correspondent has no name: readers see who it is in the article's language.
    """
    links = [link.rstrip(".,;:!") for link in _ADDRESS.findall(field.value)]
    name = _ADDRESS.sub("", field.value).replace("()", "").replace("<>", "").strip(" \u00a0.,;:—–-")
    link = links[0] if links else field.link
    is_odd = len(links) > 1 or (link and not _is_address(link)) or (not links and "://" in field.value)
    if is_odd or (not link and not any(char.isalnum() for char in name)):
        raise _wrong(_BAD_SOURCE, field, "Reuters https://www.reuters.com/world/")
    if name.casefold() in _OWN:
        return Source("", link, own=True)
    return Source(name or _host(link), link)


def _set_status(article: Article, fields: Sequence[Field]) -> Article:
    field = fields[0]
    if field.empty:
        return replace(article, status=None)
    status = status_of(field.value)
    if status is None:
        words = STATUS_WORDS["uk" if field.ukrainian else "en"]
        raise Refused(BAD_STATUS, line=field.line, words=", ".join(words), example=f"{field.key}: {words[0]}")
    return replace(article, status=status)


def _set_note(article: Article, fields: Sequence[Field]) -> Article:
    return replace(article, note="\n".join(_text(field) for field in fields if not field.empty))


def _set_link(article: Article, fields: Sequence[Field]) -> Article:
    field = fields[0]
    if field.empty:
        return replace(article, link="")
    typed = f"https://{field.value}" if _BARE_ADDRESS.fullmatch(field.value) else field.value
    link = typed if _is_address(typed) else field.link
    if not _is_address(link):
        raise _wrong(_BAD_LINK, field, "https://example.com/news")
    return replace(article, link=link)


def _set_topics(article: Article, fields: Sequence[Field]) -> Article:
    field = fields[0]
    words = [] if field.empty else _topics(field.value)
    if not all(any(map(str.isalnum, word)) and not re.search(r"[<>{}\[\]]", word) for word in words):
        raise _wrong(_BAD_TOPICS, field, "war, economy", "війна, економіка")
    unique: dict[str, str] = {}
    for word in words:
        unique.setdefault(word.casefold(), word)
    return replace(article, topics=tuple(unique.values()))


def _topics(value: str) -> list[str]:
    """The topics of a line: apart by commas, or by their signs: `#місто #ціни`. A topic may have several words."""
    if re.search(r"[,;|]", value):
        parts = re.split(r"[,;|]", value)
    else:
        parts = value.split("#") if value.startswith("#") else [value]
    hashed = [part.strip().removeprefix("#") for part in parts]
    return [part.replace("_", " ") if "#" in value else part for part in hashed if part]


def _set_language(article: Article, fields: Sequence[Field]) -> Article:
    language = language_named(fields[0].value)
    if not language:
        raise _wrong(_BAD_LANGUAGE, fields[0], "uk")
    return replace(article, language=language)


def _set_urgent(article: Article, fields: Sequence[Field]) -> Article:
    urgent = YES_OR_NO.get(fields[0].value.casefold())
    if urgent is None:
        raise _wrong(_BAD_URGENT, fields[0], "yes", "так")
    return replace(article, urgent=urgent)


#: What people are offered to type, in the order of `After`.
_AFTER = {"uk": ("позначити", "заглушка", "видалити"), "en": ("edit", "stub", "remove")}


def _set_after(article: Article, fields: Sequence[Field]) -> Article:
    field = fields[0]
    if field.empty:
        return replace(article, after=None)
    after = AFTER_WORDS.get(field.value.casefold())
    if after is None:
        words = _AFTER["uk" if field.ukrainian else "en"]
        raise Refused(_BAD_AFTER, line=field.line, words=", ".join(words), example=f"{field.key}: {words[1]}")
    return replace(article, after=after)


#: How long a post stays pinned at most, and where only “yes” is said.
_LONGEST_PIN, _USUAL_PIN = timedelta(days=30), timedelta(days=1)


def _set_pin(article: Article, fields: Sequence[Field]) -> Article:
    field = fields[0]
    said = YES_OR_NO.get(field.value.casefold())
    length = span_of(f"in {field.value}") if said is None else _USUAL_PIN * said
    is_none = said is False or field.empty
    if not is_none and (length is None or not timedelta(minutes=1) <= length <= _LONGEST_PIN):
        raise _wrong(_BAD_PIN, field, "3 h", "3 год")
    return replace(article, pin=0 if is_none or length is None else length // timedelta(minutes=1))


def _set_about(article: Article, fields: Sequence[Field]) -> Article:
    number = NUMBER.fullmatch(fields[0].value)
    return replace(article, about=None if number is None else Earlier(int(number[1])))


def _set_media(article: Article, fields: Sequence[Field]) -> Article:
    field = fields[0]
    if field.empty:
        return replace(article, media=None)
    url = field.value
    if not _is_address(url, schemes=("https",)):
        raise _wrong(_BAD_MEDIA, field, "https://example.com/bridge." + ("jpg" if field.name == "photo" else "mp4"))
    return replace(article, media=Media(MediaKind(field.name), url))


def _set_caption(article: Article, fields: Sequence[Field]) -> Article:
    return replace(article, media=replace(_media(article, fields[0]), caption=_text(fields[0])))


def _set_credit(article: Article, fields: Sequence[Field]) -> Article:
    return replace(article, media=replace(_media(article, fields[0]), credit=_text(fields[0])))


def _media(article: Article, field: Field) -> Media:
    if not article.media:
        key = "фото" if field.ukrainian else "photo"
        raise Refused(_NOTHING_TO_CAPTION, line=field.line, example=f"{key}: https://example.com/bridge.jpg")
    return article.media


def _text(field: Field) -> str:
    return "" if field.empty else field.value


def _wrong(message: str, field: Field, example: str, in_ukrainian: str = "") -> Refused:
    """The refusal of a field; `in_ukrainian` is the example for a key in Ukrainian, if that differs."""
    value = in_ukrainian if in_ukrainian and field.ukrainian else example
    return Refused(message, line=field.line, example=f"{field.key}: {value}")


def _is_address(text: str, *, schemes: tuple[str, ...] = ("https", "http")) -> bool:
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    is_host = "." in host.strip(".") and "@" not in parts.netloc
    return parts.scheme in schemes and is_host and not re.search(r"[\s<>\"]", text)


def _host(link: str) -> str:
    return (urlsplit(link).hostname or "").removeprefix("www.")


_CHANGES: dict[str, _Change] = {
    MISSPELT: _misspelt,
    "headline": _set_headline,
    "lead": _set_lead,
    "source": _set_sources,
    "status": _set_status,
    "note": _set_note,
    "link": _set_link,
    "topics": _set_topics,
    "lang": _set_language,
    "urgent": _set_urgent,
    "about": _set_about,
    "after": _set_after,
    "pin": _set_pin,
    "photo": _set_media,
    "video": _set_media,
    "caption": _set_caption,
    "credit": _set_credit,
}
