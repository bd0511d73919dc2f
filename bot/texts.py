"""The words that people read: one catalogue, in each language, with its ways to write times and numbers."""

from __future__ import annotations

import gettext
import io
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton, get_day_names
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.units import format_unit

DOMAIN = "visnyk"
#: Pattern for times of day in every language: the reply must look like the `/at 12 18:30` that was typed.
CLOCK = "%H:%M"


class TextId(str):
    """A text that is named here and said later. As a value in another text it is said in that one's language."""

    __slots__ = ()


def text_id(text: str) -> TextId:
    """Return `text` and mark it for the translators, where it is only named and said later."""
    return TextId(text)


class Sentence(str):
    """A text in English that keeps what it was made of, so that another language can say it too."""

    text: str
    values: Mapping[str, object]

    def __new__(cls, text: str, values: Mapping[str, object]) -> Sentence:
        made = super().__new__(cls, text.format(**values) if values else text)
        made.text, made.values = text, values
        return made


def sentence(text: str, /, **values: object) -> Sentence:
    """Return a text for an operator's terminal; its `values` may be sentences themselves."""
    return Sentence(text, values)


#: Words for days near today, by their distance.
NEAR_DAYS = {-1: text_id("yesterday at {time}"), 0: text_id("today at {time}"), 1: text_id("tomorrow at {time}")}
#: Units of `Words.duration` and their lengths in seconds.
UNITS = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))


class Words:
    """One language. A text is named by its English original, and values fill its `{named}` places."""

    def __init__(self, language: str, translations: gettext.NullTranslations) -> None:
        self.language = language
        self._translations = translations
        self._locale = Locale.parse(language)

    def __call__(self, text: str, /, **values: object) -> str:
        translated = self._translations.gettext(text) if text else ""
        said = {name: self(value) if isinstance(value, TextId) else value for name, value in values.items()}
        return translated.format(**said) if values else translated

    def of(self, said: object) -> str:
        """Return a sentence in this language; what is no sentence of ours stays as it is."""
        if isinstance(said, BaseException):
            said = said.args[0] if said.args else ""
        if not isinstance(said, Sentence):
            return str(said)
        return self(said.text, **{name: self._value(value) for name, value in said.values.items()})

    def _value(self, value: object) -> object:
        return self.of(value) if isinstance(value, Sentence | BaseException) else value

    def plural(self, one: str, many: str, n: int, /, **values: object) -> str:
        """The form for the number `n`; `{n}` stands for it as this language writes it."""
        return self._translations.ngettext(one, many, n).format(**{"n": self.number(n), **values})

    def time(self, at: datetime, zone: ZoneInfo) -> str:
        return at.astimezone(zone).strftime(CLOCK)

    def day_time(self, at: datetime, zone: ZoneInfo, now: datetime) -> str:
        """A time such as `today at 18:30`; more than a day off, with the date, and with the year if it is another."""
        local, today = at.astimezone(zone), now.astimezone(zone).date()
        near = NEAR_DAYS.get((local.date() - today).days)
        if near:
            return self(near, time=local.strftime(CLOCK))
        skeleton = "MMMEd" if local.year == today.year else "yMMMEd"
        day = format_skeleton(skeleton, local, locale=self._locale)
        return self(text_id("{day} at {time}"), day=day, time=local.strftime(CLOCK))

    def day(self, day: date) -> str:
        """A date such as `Tue, Nov 24`."""
        return format_skeleton("MMMEd", day, locale=self._locale)

    def date_time(self, at: datetime, zone: ZoneInfo) -> str:
        """A time with its date and year, such as `Nov 24, 2026, 18:30`, which stays true however long it is read."""
        local = at.astimezone(zone)
        return f"{format_date(local, 'medium', locale=self._locale)}, {local.strftime(CLOCK)}"

    def weekday(self, number: int) -> str:
        """Return the short name of a weekday, such as `Tue`; 0 is Monday."""
        return str(get_day_names("abbreviated", locale=self._locale)[number])

    def duration(self, span: timedelta) -> str:
        """A span in its two largest units, such as `1 hr, 30 min`, without a sign; below a second it is 0 seconds."""
        left = int(abs(span).total_seconds())
        parts: list[str] = []
        for unit, length in UNITS:
            count, left = divmod(left, length)
            if count or (unit == "second" and not parts):
                parts.append(format_unit(count, f"duration-{unit}", length="short", locale=self._locale))
        return format_list(parts[:2], style="unit-short", locale=self._locale)

    def language_name(self, code: str) -> str:
        """Return what a language is called in this one, such as `Ukrainian`; the code itself if nobody knows it."""
        try:
            return Locale.parse(code).get_language_name(self.language) or code
        except (ValueError, UnknownLocaleError):
            return code

    def own_name(self, code: str) -> str:
        """Return what a language calls itself, such as `English`, for whoever reads no other; else the code."""
        try:
            name = Locale.parse(code).get_language_name(code)
        except (ValueError, UnknownLocaleError):
            return code
        return name[:1].upper() + name[1:] if name else code

    def names_of_language(self, code: str) -> frozenset[str]:
        """Return how people may write a language: by its code, and as it is called here, in itself and in English."""
        try:
            locale = Locale.parse(code)
        except (ValueError, UnknownLocaleError):
            return frozenset({code})
        found = {locale.get_language_name(each) or code for each in (self.language, code, "en")}
        return frozenset({code} | {name.casefold() for name in found})

    def number(self, n: float) -> str:
        return format_decimal(n, locale=self._locale)


class Catalogue:
    """All our languages; the first is for people whose own is not among them."""

    def __init__(self, words: Mapping[str, Words]) -> None:
        self._words = dict(words)

    @classmethod
    def load(cls, folder: Path, default: str = "uk") -> Catalogue:
        """Load `folder/{language}/LC_MESSAGES/visnyk.po`, compiled in memory; `default` comes first."""
        found = sorted(folder.glob(f"*/LC_MESSAGES/{DOMAIN}.po"), key=lambda po: (po.parts[-3] != default, po))
        return cls({po.parts[-3]: Words(po.parts[-3], _translations(po, po.stat().st_mtime_ns)) for po in found})

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(self._words)

    def say(self, language: str) -> Words:
        """The words of a language, given by a two-letter code or a longer one (`uk-UA`)."""
        return self._words.get(language[:2].lower()) or next(iter(self._words.values()))


# Compiling a catalogue costs more than the rest of a start; the demo and the tests open many houses in one process.
@cache
def _translations(po: Path, changed: int) -> gettext.GNUTranslations:
    """Return the file's texts as it was at `changed`, in nanoseconds."""
    compiled = io.BytesIO()
    with po.open("rb") as source:
        write_mo(compiled, read_po(source, locale=po.parts[-3]))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
