"""Lines that are a date, a time, or both, with the words that sites put around them."""

from __future__ import annotations

import re

from bot.domain.shapes.words import spelled

#: Longest line of dates, in characters: two of them with words.
_LONGEST = 110
_MONTHS = (
    "січня|лютого|березня|квітня|травня|червня|липня|серпня|вересня|жовтня|листопада|грудня"
    "|січень|лютий|березень|квітень|травень|червень|липень|серпень|вересень|жовтень|листопад|грудень"
    "|січ|лют|бер|кві|квіт|тра|трав|чер|черв|лип|сер|серп|вер|жов|жовт|лис|лист|гру|груд"
    "|января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря"
    "|январь|февраль|март|апрель|май|июнь|июль|август|сентябрь|октябрь|ноябрь|декабрь"
    "|янв|фев|мар|апр|июн|июл|авг|сен|сент|окт|ноя|нояб|дек"
    "|january|february|march|april|may|june|july|august|september|october|november|december"
    "|jan|feb|mar|apr|jun|jul|aug|sep|sept|oct|nov|dec"
)
_DAYS = (
    "понеділок|вівторок|середа|середу|четвер|п'ятниця|п'ятницю|субота|суботу|неділя|неділю|пн|вт|ср|чт|пт|сб|нд"
    "|понедельник|вторник|среда|среду|четверг|пятница|пятницу|суббота|субботу|воскресенье|вс"
    "|monday|tuesday|wednesday|thursday|friday|saturday|sunday|mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun"
)
_NEAR = "сьогодні|вчора|щойно|позавчора|сегодня|вчера|только|что|today|yesterday|just|now"
_AGO = "тому|назад|ago"
_UNITS = (
    "хв|хвилин|хвилини|хвилину|год|година|годин|години|годину|день|дні|днів|дня|тиждень|тижні|тижнів|секунд|місяць|"
    "місяці"
    "|мин|минут|минуты|минуту|час|часа|часов|дней|неделю|недели|сек"
    "|min|mins|minute|minutes|hour|hours|hr|hrs|h|m|d|day|days|week|weeks|second|seconds|month|months"
)
_AROUND = (
    "опубліковано|опублікована|опубліковані|оновлено|оновлена|створено|додано|дата|публікації|публікація|розміщено|час"
    "|опубликовано|обновлено|размещено|создано|добавлено|публикации|изменено|публикация|время|останнє|оновлення|змінено"
    "|published|updated|posted|last|modified|first|created|date|publication|time|on|at|of|the|edited"
    "|о|об|в|у|від|на|р|рік|року|рр|г|год|года|за|київським|києвом|часом|по|київ|киев|киеву|киевскому|времени|"
    "местному|місцевим"
    "|am|pm|a|p|utc|gmt|est|edt|et|eet|eest|cet|cest|bst|msk|мск|kyiv|kiev|london|local|pst|pdt|ist|st|nd|rd|th|го|є|"
    "е|й"
)
_MONTH, _DAY, _NEARBY = (frozenset(words.split("|")) for words in (_MONTHS, _DAYS, _NEAR))
_BACK, _UNIT = frozenset(_AGO.split("|")), frozenset(_UNITS.split("|"))
_KNOWN = _MONTH | _DAY | _NEARBY | _BACK | _UNIT | frozenset(_AROUND.split("|"))
_TOKEN = re.compile(r"\d+|[^\W\d_]+(?:'[^\W\d_]+)?|[^\w\s]")
_SIGNS = frozenset(".,:;/|•·—–-()[]+@🕒🕐🗓📅⏰⏱\ufe0f")
_NUMERIC = re.compile(r"\b(?:\d{1,2}[./-]\d{1,2}[./-](?:19|20)?\d\d|(?:19|20)\d\d[./-]\d{1,2}[./-]\d{1,2})\b")
_CLOCK = re.compile(r"\b(?:[01]?\d|2[0-3])[:.][0-5]\d\b|\b\d{1,2}\s?[ap]\.?m\b", re.IGNORECASE)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
#: `6:15 p.m.`: its letters are no units of time.
_NOON = re.compile(r"(?<=\d)\s?([ap])\.\s?m\b\.?", re.IGNORECASE)
#: What a page shows apart is copied without a gap: `November 27, 20262:14 PM GMT+2Updated 3 hours ago`.
_GLUED = re.compile(
    r"(?<=\b(?:19|20)\d\d)(?=\d{1,2}:\d\d)|(?<=[\dMmв.])(?=(?:Updated|Published|Оновлено|Опубліковано)\b)"
)
_ISO = re.compile(r"(\d)T(\d\d:\d\d(?::\d\d)?)(?:Z\b)?")


#: Facebook's and LinkedIn's stamp: `3 год. ·`, `28 листопада о 16:40 · 🌐`.
_STAMP = re.compile(r"(?P<when>[^·]{2,40}?)\s*·[\s\U0001f30d-\U0001f310\U0001f465\U0001f512\ufe0f]*")
_SHORT = re.compile(r"(?i)\d{1,2}\s?(?:год|хв|дн|тиж|сек|с|ч|мин|hrs?|h|mins?|m|d|w)\.?")


def is_stamp(text: str) -> bool:
    """True for the time of a post, as networks write it under the name: `3 год. ·`."""
    found = _STAMP.fullmatch(text) if len(text) <= _LONGEST else None
    return found is not None and (bool(_SHORT.fullmatch(found["when"])) or is_date(found["when"]))


def is_date(text: str) -> bool:
    """True if the line says nothing but when: `12 квітня 2027, 09:40`, `Published 2 hours ago`, `08:15`."""
    if len(text) > _LONGEST:
        return False
    line = _line(text)
    tokens = _TOKEN.findall(line)
    words = {token for token in tokens if token[0].isalpha()}
    if not tokens or not words <= _KNOWN or any(len(token) > 4 for token in tokens if token.isdigit()):
        return False
    if any(token not in _SIGNS for token in tokens if not token[0].isalnum()):
        return False
    has_number = any(token.isdigit() for token in tokens)
    return bool(
        _NUMERIC.search(line)
        or (_CLOCK.search(line) and _is_clock_alone(line, words))
        or (has_number and (words & _MONTH or (words & _BACK and words & _UNIT)))
        or (words & _MONTH and _YEAR.search(line))
        or (words and words <= _NEARBY and words != {"что"} and words != {"now"})
    )


def _line(text: str) -> str:
    text = _GLUED.sub(" ", text)
    return _NOON.sub(r" \1m", _ISO.sub(r"\1 \2", spelled(text))).casefold()


def _is_clock_alone(line: str, words: set[str]) -> bool:
    """True for a time of day; `1:0` and `12.50` alone are a score and a price, and an hour amid units is a duration."""
    if ":" in line or words & (_DAY | _NEARBY | _MONTH | {"am", "pm", "p", "a"}):
        return not words & _UNIT or bool(words & (_NEARBY | _MONTH | _DAY | _BACK))
    return False


def is_exact(text: str) -> bool:
    """True for a date that tells the year and the time of day, as only a page's own date does."""
    line = _line(text)
    return bool(_YEAR.search(line) or _NUMERIC.search(line)) and bool(_CLOCK.search(_NUMERIC.sub("", line)))


def has_words(text: str) -> bool:
    """True for a date with a word of publishing: `Оновлено: 12 квітня`."""
    return bool(
        re.search(r"(?i)опублі|оновлен|опублик|обновлен|розміщен|размещен|publish|updated|posted|modified", text)
    )
