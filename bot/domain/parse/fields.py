"""Tells which lines such as `source: …` in an article are fields, and which only look like one."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import takewhile

from bot.domain.article import Paragraph, Verification, plain
from bot.domain.change import After
from bot.domain.clean import script
from bot.domain.legible import legible
from bot.domain.parse.lines import SENTENCE_ENDS, link_of, stripped, without_prefix

KEYS = {
    **dict.fromkeys(("source", "sources", "джерело", "джерела", "источник", "источники"), "source"),
    **dict.fromkeys(("status", "статус"), "status"),
    **dict.fromkeys(("note", "нотатка"), "note"),
    **dict.fromkeys(("link", "посилання", "ссылка"), "link"),
    **dict.fromkeys(("topics", "теми", "tags", "теги", "метки"), "topics"),
    **dict.fromkeys(("lang", "language", "мова"), "lang"),
    **dict.fromkeys(("urgent", "терміново"), "urgent"),
    **dict.fromkeys(
        ("expires", "until", "valid until", "до", "діє до", "дійсно до", "чинно до", "термін", "термін дії"), "expires"
    ),
    **dict.fromkeys(("about", "про"), "about"),
    **dict.fromkeys(("after", "після"), "after"),
    **dict.fromkeys(("pin", "закріпити"), "pin"),
    **dict.fromkeys(("photo", "фото"), "photo"),
    **dict.fromkeys(("video", "відео"), "video"),
    **dict.fromkeys(("caption", "підпис"), "caption"),
    **dict.fromkeys(("credit", "автор фото"), "credit"),
}
#: The keys of an edit. In a pasted article «Лід: …» may be about ice; in an edit it is the lead.
EDIT_KEYS = {**KEYS, "headline": "headline", "заголовок": "headline", "lead": "lead", "лід": "lead"}
#: The name of a field whose key is nearly one of ours.
MISSPELT = "misspelt"
#: So alike are a key and its misprint: of eight letters one is wrong, or two have changed places.
_ALIKE = 0.75
_OPENING = re.compile(r"[*_~`]+")
#: A line `key: value` with a key of up to three words that are no sentence.
_LABELLED = re.compile(r"\W*(?:[^\W\d_]+[-’'\s]?){1,3}:\s*\S.*")
#: Characters of a key with the marks that may stand around it.
_LONGEST_KEY = 24
#: «Фото: facebook.com/depo» is a credit.
_MEDIA_ADDRESS = re.compile(r"(?i)\w+://|\S+/\S+\.(?:jpe?g|png|webp|gif|mp4|mov)$")
_CLOCK_TIME = re.compile(r"\d")
#: The number of an article, as people write it.
NUMBER = re.compile(r"[#№]?\s?(\d{1,9})")
YES_OR_NO = {
    **dict.fromkeys(("yes", "так", "true", "1"), True),
    **dict.fromkeys(("no", "ні", "false", "0", "-", ""), False),
}

#: The spellings of a status: the words of the chat, those that readers see, and what people type.
_STATUSES = {
    **dict.fromkeys(
        ("confirmed", "verified", "підтверджено", "підтверджена", "підтверджене", "перевірено", "перевірена",
         "підтверджена інформація", "перевірена інформація"),
        Verification.CONFIRMED,
    ),
    **dict.fromkeys(
        ("single source", "one source", "single", "from one source", "from one source being checked",
         "одне джерело", "з одного джерела", "з одного джерела перевіряємо"),
        Verification.SINGLE_SOURCE,
    ),
    **dict.fromkeys(
        ("developing", "developing story", "розвивається", "подія розвивається", "триває", "оновлюється"),
        Verification.DEVELOPING,
    ),
    **dict.fromkeys(("denial", "denied", "refuted", "спростування", "спростовано"), Verification.DENIAL),
    **dict.fromkeys(("opinion", "column", "думка", "колонка", "погляд"), Verification.OPINION),
}  # fmt: skip
#: Words in the longest of them; a longer value is a sentence of the article.
_LONGEST_STATUS = max(len(spelling.split()) for spelling in _STATUSES)
#: The words for what becomes of a copy when the time of its article is over.
AFTER_WORDS = {
    **dict.fromkeys(("edit", "mark", "позначити", "позначка"), After.EDIT),
    **dict.fromkeys(("stub", "replace", "заглушка", "замінити"), After.STUB),
    **dict.fromkeys(("remove", "delete", "видалити", "прибрати", "вилучити"), After.REMOVE),
}


@dataclass(frozen=True, slots=True)
class Field:
    """A line `key: value`. `name` is the same for all spellings of the key; `link` is where the text leads.

    `runs` are the value with its formatting.
    """

    name: str
    key: str
    value: str
    link: str = ""
    runs: Paragraph = ()

    @property
    def empty(self) -> bool:
        return self.value in {"", "-", "—", "–"}

    @property
    def line(self) -> str:
        """The line as it was typed, in at most 100 characters."""
        return f"{self.key}: {self.value}".strip()[:100]

    @property
    def is_sentence(self) -> bool:
        """True if the value is a sentence, as in prose."""
        return self.value.endswith(SENTENCE_ENDS) and len(self.value.split()) > 3

    @property
    def ukrainian(self) -> bool:
        return script(self.key[:1]) == "CYRILLIC"


@dataclass(frozen=True, slots=True)
class Split:
    """A text and its fields apart. `lines` has an empty line in each field's place; `empty` fields have no value.

    `doubtful` fields are sentences without another field beside them. `left` are lines that look like fields but stay,
    because they stand amid the text. `amid`: where lines stand that are no fields and have fields above them.
    """

    lines: list[Paragraph]
    fields: list[Field]
    empty: list[Field]
    doubtful: list[Field]
    left: list[str]
    amid: list[int]


def without_fields(lines: list[Paragraph]) -> Split:
    """Split off the fields before or right below the headline and at the end. Between paragraphs they are prose.

    A key among fields that is nearly one of ours makes a field of the name `MISSPELT`. Any other label among them stays
    in the text, and what stands above it are fields all the same: a source must not become the story's last words.
    """
    read = [field_of(line, KEYS) for line in lines]
    fields = [None if field and _is_prose(field) else field for field in read]
    for at in _misspelt(lines, fields):
        read[at] = fields[at] = _nearly(lines[at])
    amid = _amid(lines, fields)
    taken = _at_the_head(lines, fields) | _at_the_end(lines, read, amid)
    found = {at: field for at, field in enumerate(fields) if field and at in taken}
    return Split(
        lines=[() if at in found else line for at, line in enumerate(lines)],
        fields=[field for field in found.values() if not field.empty],
        empty=[field for field in found.values() if field.empty],
        doubtful=[f for at, f in found.items() if f.is_sentence and found.keys().isdisjoint({at - 1, at + 1})],
        left=[plain(lines[at]) for at, field in enumerate(fields) if field and at not in taken],
        amid=sorted(amid & taken),
    )


def _at_the_head(lines: Sequence[Paragraph], fields: Sequence[Field | None]) -> set[int]:
    headline = next((at for at, line in enumerate(lines) if line and not fields[at]), len(lines))
    below = takewhile(lambda at: fields[at], range(headline + 1, len(lines)))
    return {*range(headline), *below}


def _at_the_end(lines: Sequence[Paragraph], read: Sequence[Field | None], amid: Collection[int]) -> set[int]:
    """The lines at the end that look like fields; a credit such as «Фото: пресслужба» among them does not end them."""
    return set(takewhile(lambda at: read[at] or at in amid or not lines[at], reversed(range(len(lines)))))


def _misspelt(lines: Sequence[Paragraph], fields: Sequence[Field | None]) -> list[int]:
    """The lines beside a field whose key is nearly one of ours. A headline or a whole sentence is reporting."""
    first = next((at for at, line in enumerate(lines) if line), 0)
    beside = {at + way for at, field in enumerate(fields) if field for way in (-1, 1)}
    alike = [at for at in beside if first < at < len(lines) and not fields[at] and likely_key(_key(lines[at]))]
    return [at for at in alike if not _nearly(lines[at]).is_sentence]


def _nearly(line: Paragraph) -> Field:
    key, _, value = plain(line).partition(":")
    return Field(MISSPELT, key.strip(" *_~`"), value.strip(), link_of(line))


def _amid(lines: Sequence[Paragraph], fields: Sequence[Field | None]) -> set[int]:
    """The labelled lines that follow a field, or another such line, without an empty one between them."""
    found: set[int] = set()
    for at in range(1, len(lines)):
        follows = fields[at - 1] is not None or at - 1 in found
        if follows and fields[at] is None and _key(lines[at]) and _LABELLED.fullmatch(plain(lines[at])):
            found.add(at)
    return found


def _key(line: Paragraph) -> str:
    """Return what stands before the colon, if that is short."""
    key, colon, _ = plain(line).partition(":")
    return legible(key).strip(" !.*_~`").casefold() if colon and len(key) <= _LONGEST_KEY else ""


def likely_key(key: str) -> str:
    """Return the key that was probably meant by one that is none, for instance «джерело» for «жерело»; else empty."""
    if len(key) < 4 or key in KEYS:
        return ""
    alike = {known: SequenceMatcher(None, key, known).ratio() for known in KEYS}
    best = max(alike, key=lambda known: alike[known])
    return best if alike[best] >= _ALIKE else ""


def status_of(text: str) -> Verification | None:
    """The status that `text` names, in any case and with any signs: `✅ Підтверджено`, `single_source`."""
    return _STATUSES.get(" ".join(re.findall(r"[^\W_]+", text.casefold())))


def field_of(line: Paragraph, keys: Mapping[str, str]) -> Field | None:
    key, colon, value = plain(line).partition(":")
    # A key is a few words: longer lines are spared the reading.
    name = keys.get(legible(key).strip(" !.").casefold()) if len(key) <= _LONGEST_KEY else None
    if not name or not (colon or name == "urgent"):
        return None
    if not colon:
        return Field(name, key.strip(), "yes", link_of(line))
    # «*джерело:* ДСНС»: Viber's apps put marks around a word that is made bold.
    mark = _OPENING.match(key)
    closing = len(mark[0]) if mark and value.startswith(mark[0]) else 0
    runs = stripped(without_prefix(line, len(key) + 1 + closing))
    return Field(name, key.strip(" *_~`"), value[closing:].strip(), link_of(line), runs)


def is_field(line: Paragraph) -> bool:
    """True for a line `key: value` of an article that is no newsroom's sentence."""
    field = field_of(line, KEYS) if line else None
    return field is not None and not _is_prose(field)


def _is_prose(field: Field) -> bool:
    """True for a newsroom's sentence such as «Терміново: вибухи в Одесі» or «Мова: що змінить закон»."""
    several_words = " " in field.value
    if field.name == "urgent":
        return field.value.casefold() not in YES_OR_NO
    if field.name in {"photo", "video"}:
        return not field.empty and (several_words or not _MEDIA_ADDRESS.match(field.value))
    if field.name == "status":  # «Статус: справу передали до суду» is prose; a misspelt status is not
        return status_of(field.value) is None and len(field.value.split()) > _LONGEST_STATUS
    if field.name == "expires":  # «До: усіх, хто чекав» is prose
        return not field.empty and not _CLOCK_TIME.search(field.value)
    if field.name == "after":  # «Після: що буде далі» is prose; a misspelt word is not
        return several_words
    if field.name == "pin":
        return several_words and not _CLOCK_TIME.search(field.value)
    if field.name == "about":  # «Про: що говорять у місті» is prose
        return not field.empty and not NUMBER.fullmatch(field.value)
    return field.name == "lang" and several_words


def expiry(fields: Sequence[Field]) -> str | None:
    """Return when the article expires, as typed. It is kept out of the article: the clock decides what it means."""
    found = [field for field in fields if field.name == "expires"]
    if not found:
        return None
    return "" if found[0].empty else found[0].value
