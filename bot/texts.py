"""The words people read: one catalogue, their language, their way to write times and numbers."""

from __future__ import annotations

import gettext
import io
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_skeleton
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.units import format_unit

DOMAIN = "visnyk"
#: Clocks are read and typed as 18:30 in every language: `/at 12 18:30` must look like what the reply shows.
CLOCK = "%H:%M"


def text_id(text: str) -> str:
    """Marks a text for the translators where it is only named, not yet said."""
    return text


NEAR_DAYS = {-1: text_id("yesterday at {time}"), 0: text_id("today at {time}"), 1: text_id("tomorrow at {time}")}
#: The whole units of `Words.duration` and their lengths in seconds.
UNITS = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))


class Words:
    """One language. Texts are named by their English original, whose `{named}` places the values fill."""

    def __init__(self, language: str, translations: gettext.NullTranslations) -> None:
        self.language = language
        self._translations = translations
        self._locale = Locale.parse(language)

    def __call__(self, text: str, /, **values: object) -> str:
        translated = self._translations.gettext(text) if text else ""
        return translated.format(**values) if values else translated

    def plural(self, one: str, many: str, n: int, /, **values: object) -> str:
        """The form that `n` asks for; `{n}` stands for the number as this language writes it."""
        return self._translations.ngettext(one, many, n).format(**{"n": self.number(n), **values})

    def time(self, at: datetime, zone: ZoneInfo) -> str:
        return at.astimezone(zone).strftime(CLOCK)

    def day_time(self, at: datetime, zone: ZoneInfo, now: datetime) -> str:
        """`today at 18:30`; farther off than a day, with the date, and the year when it is another."""
        local, today = at.astimezone(zone), now.astimezone(zone).date()
        near = NEAR_DAYS.get((local.date() - today).days)
        if near:
            return self(near, time=local.strftime(CLOCK))
        skeleton = "MMMEd" if local.year == today.year else "yMMMEd"
        day = format_skeleton(skeleton, local, locale=self._locale)
        return self(text_id("{day} at {time}"), day=day, time=local.strftime(CLOCK))

    def day(self, day: date) -> str:
        """`Tue, Nov 24`."""
        return format_skeleton("MMMEd", day, locale=self._locale)

    def duration(self, span: timedelta) -> str:
        """The two largest units: `1 hr, 30 min`. Less than a second is 0 seconds; the sign is dropped."""
        left = int(abs(span).total_seconds())
        parts: list[str] = []
        for unit, length in UNITS:
            count, left = divmod(left, length)
            if count or (unit == "second" and not parts):
                parts.append(format_unit(count, f"duration-{unit}", length="short", locale=self._locale))
        return format_list(parts[:2], style="unit-short", locale=self._locale)

    def number(self, n: float) -> str:
        return format_decimal(n, locale=self._locale)


class Catalogue:
    """Every language we speak; the first is what people get whose own is not among them."""

    def __init__(self, words: Mapping[str, Words]) -> None:
        self._words = dict(words)

    @classmethod
    def load(cls, folder: Path, default: str = "uk") -> Catalogue:
        """From `folder/{language}/LC_MESSAGES/visnyk.po`, compiled in memory; `default` comes first."""
        found = sorted(folder.glob(f"*/LC_MESSAGES/{DOMAIN}.po"), key=lambda po: (po.parts[-3] != default, po))
        return cls({po.parts[-3]: Words(po.parts[-3], _translations(po, po.stat().st_mtime_ns)) for po in found})

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(self._words)

    def say(self, language: str) -> Words:
        """`language` may be a two-letter code or longer (`uk-UA`)."""
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
