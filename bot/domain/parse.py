"""Turns what an editor pasted into an article: headline, lead, body, fields and teasers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import groupby, pairwise
from urllib.parse import urlsplit

from bot.domain.article import Article, Media, MediaKind, Paragraph, Related, Run, Source, plain
from bot.domain.clean import clean, merge, mixed_words, script
from bot.errors import Refused

#: Characters. What is longer is a paragraph that lost its headline.
HEADLINE_LIMIT = 250
#: Where Telegram's apps split a long message, in UTF-16 units or code points, depending on the app.
MESSAGE_LIMIT = 4096
_SENTENCE_ENDS = tuple('.!?…»”"')
#: A line of a hard-wrapped text (mail, terminal) is at least this long; items of a list are mostly shorter.
_WRAPPED = 40
#: A call to subscribe is short; a paragraph longer than this is reporting.
_CALL_LIMIT = 300
#: Share of words in common from which a second headline is the first one reworded.
_REWORDED = 0.7
#: Likeness of letters from which it is the first one with a slip corrected.
_ALIKE = 0.95

_KEYS = {
    **dict.fromkeys(("source", "sources", "джерело", "джерела"), "source"),
    **dict.fromkeys(("link", "посилання"), "link"),
    **dict.fromkeys(("topics", "теми", "tags", "теги"), "topics"),
    **dict.fromkeys(("lang", "language", "мова"), "lang"),
    **dict.fromkeys(("urgent", "терміново"), "urgent"),
    **dict.fromkeys(("expires", "до"), "expires"),
    **dict.fromkeys(("photo", "фото"), "photo"),
    **dict.fromkeys(("video", "відео"), "video"),
    **dict.fromkeys(("caption", "підпис"), "caption"),
    **dict.fromkeys(("credit", "автор фото"), "credit"),
}
#: In a pasted article «Лід: …» may be about ice; in an edit it is the lead.
_EDIT_KEYS = {**_KEYS, "headline": "headline", "заголовок": "headline", "lead": "lead", "лід": "lead"}
_LANGUAGES = {
    **dict.fromkeys(("uk", "ua", "українська", "українською", "укр", "ukrainian"), "uk"),
    **dict.fromkeys(("en", "eng", "англійська", "англійською", "англ", "english"), "en"),
}
_CLOCK_TIME = re.compile(r"\d")
_YES_OR_NO = {
    **dict.fromkeys(("yes", "так", "true", "1"), True),
    **dict.fromkeys(("no", "ні", "false", "0", "-", ""), False),
}

_TEASER_HEADINGS = frozenset(
    (
        *("other news", "more news", "latest news", "related news", "read also", "see also", "also read"),
        *("інші новини", "більше новин", "останні новини", "новини за темою", "читайте також", "також читайте"),
        *("читайте ще", "дивіться також"),
    )
)
_INLINE_TEASER = re.compile(r"(?i)\s*(?:read also|see also|читайте також|також читайте|дивіться також)\s*:\s*(?=\S)")
_PLACES = (
    r"telegram|телегра|viber|вайбер|whatsapp|youtube|ютуб|facebook|фейсбук|instagram|інстаграм|tiktok|google news"
    r"|channel|канал|newsletter|розсилк|our page|our social|сторінк|соцмереж"
)
_CALLS = re.compile(
    rf"""(?ix) \W* (?:
        (?: only\ verified\ information | (?:тільки|лише)\ перевірена\ інформація ) .* (?: {_PLACES} ) .*
      | (?: subscribe\ to\ our | підпи(?:суйте|шіть)с[ья]\ на\ (?:нас|наш\w*) ) \b .*
      | (?: subscribe | follow\ us | join\ (?:us|our) | read\ us | підпи(?:суйте|шіть)с[ья] | читайте\ нас
          | (?:стежте|слідкуйте)\ за\ (?:нами|нашим) | (?:приєднуй|долучай)те?с[ья]\ до ) \b .* (?: {_PLACES} ) .*
    )"""
)
_FAKES = re.compile(r"(?i)\W*(?:do not|don['’]t) fall for fakes\W*|\W*не ведіться на фейки\W*")
_VIDEO_MARK = re.compile(
    r"(?i)(?P<head>.+?)(?P<gap>[\s.,:;|/•·—–+(\[-]*)(?:(?:фото|photos?)(?:\s*[,/+&]\s*|\s+(?:і|та|and)\s+))?"
    r"\b(?:video|відео)[\s)\].!]*"
)
_ADDRESS = re.compile(r"https?://[^\s<>()]+(?:\([^\s<>()]*\)[^\s<>()]*)*", re.IGNORECASE)
_NEGATIONS = frozenset(("not", "no", "не", "ні"))

_INVISIBLE = "Invisible characters removed: {count}."
_MIXED = "Please check: Latin and Cyrillic letters are mixed in {words}."
_REPEATED = "The repeated headline was left out: “{line}”"
_CALL = "A call to subscribe was left out: “{line}”"
_NO_HEADLINE = (
    "There is no headline. Send the article like this: the first line is the headline, "
    "after an empty line comes the lead, then the rest."
)
_NO_EMPTY_HEADLINE = "An article can't be without a headline. Type it like this: headline: Bridge over the river opened"
_LONG_HEADLINE = (
    "The headline has {length} characters, at most {limit} fit. "
    "Make the first line shorter, put the rest after an empty line and send the article again."
)
_BAD_LINK = "“{line}” is not understood: a web address is needed. Type it like this: {example}"
_BAD_MEDIA = "“{line}” is not understood: an address that starts with https:// is needed. Type it like this: {example}"
_BAD_SOURCE = "“{line}” is not understood: one source a line is needed. Type it like this: {example}"
_BAD_TOPICS = "“{line}” is not understood: topics are words. Type them like this: {example}"
_BAD_LANGUAGE = "“{line}” is not understood: the language is uk or en. Type it like this: {example}"
_BAD_URGENT = "“{line}” is not understood: it is yes or no. Type it like this: {example}"
_NOTHING_TO_CAPTION = "“{line}”: there is no photo or video. Attach one, or add a line like this: {example}"
_ONE_MEDIA = "An article has one photo or video, here are more. Keep one and send it again."
_REPEATED_FIELD = "“{line}” is there more than once. Keep one such line and send it again."


@dataclass(frozen=True, slots=True)
class Notice:
    """What the desk should know about its text: `text` is an English message id, `values` fill its `{named}` places."""

    text: str
    values: Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class Parsed:
    """`expires`: the time as it was typed from which the article is not published; "" clears it; None: not said."""

    article: Article
    notices: tuple[Notice, ...] = ()
    expires: str | None = None


@dataclass(frozen=True, slots=True)
class _Field:
    """A line `key: value`; `link` is where its text leads when clicked. `name` is one for all spellings of the key."""

    name: str
    key: str
    value: str
    link: str = ""

    @property
    def empty(self) -> bool:
        return self.value in {"", "-", "—", "–"}

    @property
    def line(self) -> str:
        """As it was typed, for showing: at most 100 characters."""
        return f"{self.key}: {self.value}".strip()[:100]

    @property
    def ukrainian(self) -> bool:
        return script(self.key[:1]) == "CYRILLIC"

    def wrong(self, message: str, example: str, in_ukrainian: str = "") -> Refused:
        """`in_ukrainian` is the example for a key typed in Ukrainian, where it is another."""
        value = in_ukrainian if in_ukrainian and self.ukrainian else example
        return Refused(message, line=self.line, example=f"{self.key}: {value}")


def parse(runs: Sequence[Run], *, language: str = "uk", media: Media | None = None) -> Parsed:
    """The article in `runs`; `media` is what came attached. Raises `Refused` with what to type instead.

    `language` holds where the text neither says nor shows its own. Beside fields, a repeated headline, calls to
    subscribe and *Video* marks, every visible character stays.
    """
    cleaned = clean(runs)
    lines, fields = _without_fields(_lines(cleaned.runs))
    if media and any(field.name in {"photo", "video"} for field in fields):
        raise Refused(_ONE_MEDIA)
    lines, calls = _without_calls(lines)
    story, related = _without_teasers(lines)
    article, repeats = _story(_paragraphs(story))
    seen = _language_of(article) or language
    article = _changed(replace(article, language=seen, media=media, related=related), fields)
    notices = [
        *_invisible(cleaned.removed),
        *(Notice(_REPEATED, {"line": line}) for line in repeats),
        *(Notice(_CALL, {"line": line}) for line in calls),
        *_mixed(article),
    ]
    return Parsed(article, tuple(notices), _expiry(fields))


def apply_fields(article: Article, runs: Sequence[Run]) -> Parsed | None:
    """`article` with just the fields in `runs` changed; None if any line there is not a field.

    An empty value or `-` clears. Raises `Refused` for a field that is not understood or can't be empty.
    """
    cleaned = clean(runs)
    read = [_field(line, _EDIT_KEYS) for line in _lines(cleaned.runs) if line]
    fields = [field for field in read if field]
    if not fields or len(fields) < len(read):
        return None
    changed = _changed(article, fields)
    return Parsed(changed, (*_invisible(cleaned.removed), *_mixed(changed)), _expiry(fields))


def join_parts(parts: Sequence[Sequence[Run]]) -> tuple[Run, ...]:
    """One text again from the messages, in order, into which a Telegram app split it."""
    joined: list[Run] = []
    for before, part in pairwise([(), *parts]):
        joined += [Run(_seam(plain(before), plain(part))), *part]
    return merge(joined)


def _seam(before: str, after: str) -> str:
    """What the app lost between two parts: it trims white space, and cuts at the limit when it finds none."""
    if not before or not after or before[-1].isspace() or after[0].isspace():
        return ""
    full = MESSAGE_LIMIT in {len(before), len(before.encode("utf-16-le", "surrogatepass")) // 2}
    if full and before[-1].isalnum() and after[0].isalnum():
        return ""
    return "\n\n" if before.endswith(_SENTENCE_ENDS) else " "


# Lines and paragraphs


def _lines(runs: Iterable[Run]) -> list[Paragraph]:
    """The lines of `runs` without outer white space; an empty line is an empty tuple."""
    lines: list[list[Run]] = [[]]
    for run in runs:
        first, *others = run.text.split("\n")
        lines[-1].append(replace(run, text=first))
        lines.extend([replace(run, text=text)] for text in others)
    return [_stripped(line) for line in lines]


def _stripped(line: Sequence[Run]) -> Paragraph:
    runs = list(merge(line))
    while runs and not (text := runs[0].text.lstrip()):
        del runs[0]
    if runs:
        runs[0] = replace(runs[0], text=text)
    while runs and not (text := runs[-1].text.rstrip()):
        del runs[-1]
    if runs:
        runs[-1] = replace(runs[-1], text=text)
    return tuple(runs)


def _blocks(lines: Iterable[Paragraph]) -> list[list[Paragraph]]:
    """Lines that stand together, parted at empty lines."""
    return [list(block) for filled, block in groupby(lines, key=bool) if filled]


def _paragraphs(lines: Sequence[Paragraph]) -> list[Paragraph]:
    """Empty lines part paragraphs. Lines that stand together are paragraphs too, unless one was wrapped."""
    blocks = _blocks(lines)
    if len(blocks) == 1:
        return blocks[0]
    return [paragraph for block in blocks for paragraph in _unwrapped(block)]


def _unwrapped(block: list[Paragraph]) -> list[Paragraph]:
    result = block[:1]
    for previous, line in pairwise(block):
        text = plain(previous)
        if len(text) >= _WRAPPED and not text.endswith((*_SENTENCE_ENDS, ":", ";")) and plain(line)[0].islower():
            result[-1] = merge((*result[-1], Run(" "), *line))
        else:
            result.append(line)
    return result


# What is not the story: fields, calls to subscribe, teasers


def _without_fields(lines: list[Paragraph]) -> tuple[list[Paragraph], list[_Field]]:
    """The lines with an empty one in each field's place, and the fields that have a value."""
    read = [_field(line, _KEYS) for line in lines]
    fields = [None if field and _is_prose(field) else field for field in read]
    rest = [() if field else line for line, field in zip(lines, fields, strict=True)]
    return rest, [field for field in fields if field and not field.empty]


def _field(line: Paragraph, keys: Mapping[str, str]) -> _Field | None:
    key, colon, value = plain(line).partition(":")
    name = keys.get(key.strip(" !.").casefold())
    if not name or not (colon or name == "urgent"):
        return None
    link = next((run.link for run in line if run.link), "")
    return _Field(name, key.strip(), value.strip() if colon else "yes", link)


def _is_prose(field: _Field) -> bool:
    """«Терміново: вибухи в Одесі», «Фото: пресслужба», «Мова: що змінить закон» are a newsroom's sentences."""
    several_words = " " in field.value
    if field.name == "urgent":
        return field.value.casefold() not in _YES_OR_NO
    if field.name in {"photo", "video"}:
        return not field.empty and (several_words or "/" not in field.value)
    if field.name == "expires":  # «До: усіх, хто чекав» is a sentence
        return not field.empty and not _CLOCK_TIME.search(field.value)
    return field.name == "lang" and several_words


def _without_calls(lines: list[Paragraph]) -> tuple[list[Paragraph], list[str]]:
    texts = [plain(line) for line in lines]
    calls = [text for text in texts if _is_call(text)]
    return [() if _is_call(text) else line for text, line in zip(texts, lines, strict=True)], calls


def _is_call(text: str) -> bool:
    return len(text) <= _CALL_LIMIT and bool(_CALLS.fullmatch(text) or _FAKES.fullmatch(text))


def _without_teasers(lines: list[Paragraph]) -> tuple[list[Paragraph], tuple[Related, ...]]:
    """The story's lines, and what stands under headings such as "Other News" as related items.

    A line too long for a headline ends the teasers: there the story goes on.
    """
    story: list[Paragraph] = []
    related: list[Related] = []
    section: list[Paragraph] | None = None
    for line in lines:
        text = plain(line)
        inline = _INLINE_TEASER.match(text)
        if inline and len(text) <= HEADLINE_LIMIT:
            related.append(_teaser(line, skip=inline.end()))
        elif text.strip(" :.!").casefold() in _TEASER_HEADINGS:
            related += _teasers(section or [])
            section = []
        elif section is not None and len(text) <= HEADLINE_LIMIT:
            section.append(line)
        else:
            related += _teasers(section or [])
            section = None
            story.append(line)
    return story, (*related, *_teasers(section or []))


def _teasers(section: list[Paragraph]) -> list[Related]:
    """Items as headline, headline again, lead; without such repeats, as blocks of two lines or as single lines."""
    lines = [line for line in section if line]
    if any(_same(plain(one), plain(other)) for one, other in pairwise(lines)):
        return _repeating_teasers(lines)
    blocks = _blocks(section)
    if len(blocks) > 1 and all(len(block) <= 2 for block in blocks):
        return [_teaser(block[0], lead=plain(block[1]) if block[1:] else "") for block in blocks]
    return [_teaser(line) for line in lines]


def _repeating_teasers(lines: list[Paragraph]) -> list[Related]:
    items, texts, at = [], [plain(line) for line in lines], 0
    while at < len(lines):
        repeated = _same(*texts[at : at + 2]) if at + 1 < len(lines) else False
        item = _teaser(lines[at])
        at += 1
        if repeated:
            again = _teaser(lines[at])
            item = replace(item, link=item.link or again.link, video=item.video or again.video)
            at += 1
            starts_next = at + 1 < len(lines) and _same(*texts[at : at + 2])
            if at < len(lines) and not starts_next:
                item = replace(item, lead=texts[at], link=item.link or _link(lines[at]))
                at += 1
        items.append(item)
    return items


def _teaser(line: Paragraph, *, lead: str = "", skip: int = 0) -> Related:
    headline, video = _unmarked(plain(line)[skip:])
    return Related(headline, lead, _link(line), video)


def _link(line: Paragraph) -> str:
    return next((run.link for run in line if run.link), "")


# The story


def _story(paragraphs: list[Paragraph]) -> tuple[Article, list[str]]:
    """Headline, lead and body, and the repeats of the headline that were left out."""
    if not paragraphs:
        raise Refused(_NO_HEADLINE)
    headline, video = _headline(plain(paragraphs[0]))
    rest = paragraphs[1:]
    repeats: list[str] = []
    while rest and _same(headline, plain(rest[0])):
        repeats.append(plain(rest.pop(0)))
    video = video or any(_unmarked(line)[1] for line in repeats)
    lead = plain(rest[0]) if rest else ""
    return Article(headline, lead, tuple(rest[1:]), video=video), repeats


def _headline(text: str) -> tuple[str, bool]:
    if len(text) > HEADLINE_LIMIT:
        raise Refused(_LONG_HEADLINE, length=len(text), limit=HEADLINE_LIMIT)
    return _unmarked(text)


def _unmarked(headline: str) -> tuple[str, bool]:
    """`headline` without a *Video* mark at its end, and whether there was one: "Bridge opened. Video"."""
    found = _VIDEO_MARK.fullmatch(headline)
    if not found:
        return headline, False
    head, gap = found["head"], found["gap"]
    kept = "..." if gap.startswith("...") else ""
    set_apart = gap.strip() or head.endswith(("!", "?", *_SENTENCE_ENDS, "'", "’"))
    return (head + kept, True) if set_apart else (headline, False)


def _same(one: str, other: str) -> bool:
    """Is `other` the headline `one` again, perhaps with other quotes or reworded: same numbers, most of the words."""
    # Also keeps the pattern of the mark, whose time grows with the square of the length, off long paragraphs.
    if max(len(one), len(other)) > HEADLINE_LIMIT:
        return False
    one, other = _unmarked(one)[0], _unmarked(other)[0]
    words, others = _words(one), _words(other)
    if not words or not others or words == others:
        return bool(words) and words == others
    is_sentence = other.endswith(".") and not one.endswith(".")
    if is_sentence or min(len(words), len(others)) < 4 or _facts(words) != _facts(others):
        return False
    # Ukrainian words bend at their ends: five letters tell which word it is.
    stems, other_stems = {word[:5] for word in words}, {word[:5] for word in others}
    common = len(stems & other_stems) / len(stems | other_stems)
    return common >= _REWORDED or SequenceMatcher(None, " ".join(words), " ".join(others)).ratio() >= _ALIKE


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", re.sub("['’ʼ`]", "", text.casefold()))


def _facts(words: list[str]) -> set[str]:
    return {word for word in words if word in _NEGATIONS or any(char.isdigit() for char in word)}


def _language_of(article: Article) -> str:
    """Told by the alphabet; empty when there are no letters of either."""
    texts = (article.headline, article.lead, *map(plain, article.body))
    scripts = [script(char) for text in texts for char in text]
    cyrillic, latin = scripts.count("CYRILLIC"), scripts.count("LATIN")
    if not cyrillic and not latin:
        return ""
    return "uk" if cyrillic >= latin else "en"


def _invisible(removed: int) -> tuple[Notice, ...]:
    return (Notice(_INVISIBLE, {"count": removed}),) if removed else ()


def _mixed(article: Article) -> tuple[Notice, ...]:
    texts = (article.headline, article.lead, *map(plain, article.body), *(item.headline for item in article.related))
    words = mixed_words("\n".join(texts))
    return (Notice(_MIXED, {"words": ", ".join(words)}),) if words else ()


# Fields: what each one changes


def _changed(article: Article, fields: Sequence[_Field]) -> Article:
    """`article` with `fields` applied in the order of the table, whatever order they were typed in."""
    kinds = {field.name for field in fields}
    if {"photo", "video"} <= kinds:
        raise Refused(_ONE_MEDIA)
    for name, change in _CHANGES.items():
        same = [field for field in fields if field.name == name]
        if len(same) > 1 and name != "source":
            raise Refused(_REPEATED_FIELD, line=f"{same[0].key}:")
        if same:
            article = change(article, same)
    return article


def _expiry(fields: Sequence[_Field]) -> str | None:
    """No part of the article: readers do not see it, and the clock decides what it means."""
    found = [field for field in fields if field.name == "expires"]
    if len(found) > 1:
        raise Refused(_REPEATED_FIELD, line=f"{found[0].key}:")
    if not found:
        return None
    return "" if found[0].empty else found[0].value


def _set_headline(article: Article, fields: Sequence[_Field]) -> Article:
    if fields[0].empty:
        raise Refused(_NO_EMPTY_HEADLINE)
    headline, video = _headline(fields[0].value)
    return replace(article, headline=headline, video=article.video or video)


def _set_lead(article: Article, fields: Sequence[_Field]) -> Article:
    return replace(article, lead="" if fields[0].empty else fields[0].value)


def _set_sources(article: Article, fields: Sequence[_Field]) -> Article:
    return replace(article, sources=tuple(_source(field) for field in fields if not field.empty))


def _source(field: _Field) -> Source:
    """`Name https://…`, `Name (https://…)`, a bare address (its host is the name), a name alone or a linked name."""
    links = [link.rstrip(".,;:!") for link in _ADDRESS.findall(field.value)]
    name = _ADDRESS.sub("", field.value).replace("()", "").replace("<>", "").strip(" \u00a0.,;:—–-")
    link = links[0] if links else field.link
    if len(links) > 1 or (link and not _is_address(link)) or (not links and "://" in field.value):
        raise field.wrong(_BAD_SOURCE, "Reuters https://www.reuters.com/world/")
    return Source(name or _host(link), link)


def _set_link(article: Article, fields: Sequence[_Field]) -> Article:
    field = fields[0]
    if field.empty:
        return replace(article, link="")
    link = field.value if _is_address(field.value) else field.link
    if not _is_address(link):
        raise field.wrong(_BAD_LINK, "https://example.com/news")
    return replace(article, link=link)


def _set_topics(article: Article, fields: Sequence[_Field]) -> Article:
    field = fields[0]
    words = [] if field.empty else [word.lstrip("#") for word in re.split(r"[,;\s]+", field.value) if word.strip("#")]
    if not all(re.fullmatch(r"[\w'’ʼ-]+", word) for word in words):
        raise field.wrong(_BAD_TOPICS, "war, economy", "війна, економіка")
    unique: dict[str, str] = {}
    for word in words:
        unique.setdefault(word.casefold(), word)
    return replace(article, topics=tuple(unique.values()))


def _set_language(article: Article, fields: Sequence[_Field]) -> Article:
    language = _LANGUAGES.get(fields[0].value.casefold())
    if not language:
        raise fields[0].wrong(_BAD_LANGUAGE, "uk")
    return replace(article, language=language)


def _set_urgent(article: Article, fields: Sequence[_Field]) -> Article:
    urgent = _YES_OR_NO.get(fields[0].value.casefold())
    if urgent is None:
        raise fields[0].wrong(_BAD_URGENT, "yes", "так")
    return replace(article, urgent=urgent)


def _set_media(article: Article, fields: Sequence[_Field]) -> Article:
    field = fields[0]
    if field.empty:
        return replace(article, media=None)
    url = field.value
    if not _is_address(url, schemes=("https",)):
        raise field.wrong(_BAD_MEDIA, "https://example.com/bridge." + ("jpg" if field.name == "photo" else "mp4"))
    return replace(article, media=Media(MediaKind(field.name), url))


def _set_caption(article: Article, fields: Sequence[_Field]) -> Article:
    return replace(article, media=replace(_media(article, fields[0]), caption=_text(fields[0])))


def _set_credit(article: Article, fields: Sequence[_Field]) -> Article:
    return replace(article, media=replace(_media(article, fields[0]), credit=_text(fields[0])))


def _media(article: Article, field: _Field) -> Media:
    if not article.media:
        key = "фото" if field.ukrainian else "photo"
        raise Refused(_NOTHING_TO_CAPTION, line=field.line, example=f"{key}: https://example.com/bridge.jpg")
    return article.media


def _text(field: _Field) -> str:
    return "" if field.empty else field.value


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


_CHANGES: dict[str, Callable[[Article, Sequence[_Field]], Article]] = {
    "headline": _set_headline,
    "lead": _set_lead,
    "source": _set_sources,
    "link": _set_link,
    "topics": _set_topics,
    "lang": _set_language,
    "urgent": _set_urgent,
    "photo": _set_media,
    "video": _set_media,
    "caption": _set_caption,
    "credit": _set_credit,
}
