"""Lines that count: views, comments, shares, likes, and minutes of reading."""

from __future__ import annotations

import re

from bot.domain.shapes.words import spelled

_LONGEST = 60
_NOUNS = (
    r"перегляд(?:и|ів|у|ам)?|переглянули|переглянуто|коментар(?:і|ів|я|ь|ем)?|поширен(?:ня|ь)|поділил(?:ися|ось)|"
    r"вподоба(?:йки|ння|нь|йок)"
    r"|лайк(?:и|ів|а|ов)?|реакці(?:ї|й|я)|відгук(?:и|ів)?|читач(?:ів|і)?|прочитан(?:ь|ня)|прочитали|підписник(?:ів|и)"
    r"|просмотр(?:ы|ов|а)?|комментари(?:и|ев|й|я)|репост(?:ы|ов|а|ів|и)?|реакци(?:и|й|я)|прочтени(?:й|я)|поделились|"
    r"подписчик(?:ов|а)?"
    r"|views?|comments?|shares?|likes?|reactions?|reads?|replies|retweets|claps|readers|followers|subscribers|reposts?"
)
_NUMBER = r"\d[\d\s.,]*(?:k|m|к|тис\.?|тыс\.?|млн\.?|\+)?"
_MINUTES = (
    r"(?:\d{1,2}|one|two|three|одна|дві|три|п'ять)(?:\s*[-–]\s*\d{1,2})?[\s-]*"
    r"(?:хв(?:ил(?:ин[аиу]?))?\.?|мин(?:ут[аыу]?)?\.?|min(?:ute)?s?\.?)"
)
_READING = (
    r"read(?:ing)?(?: time)?|to read|listen|на прочитання|на читання|читання|читати|для читання|прочитання|чтения|"
    r"на чтение|читать"
    r"|час (?:на )?(?:про)?читання|время (?:на )?чтени[ея]|прослухати|estimated reading time|reading time|"
    r"time to read|читається за|прочитаєте за"
)
_READING = _READING.replace(" ", r"\ ")
_COUNT = re.compile(
    rf"""(?ix)[^\w]{{0,8}} (?:
        (?:{_NUMBER}) \s* (?:{_NOUNS}) | (?:{_NOUNS}) [\s:(–—-]* (?:{_NUMBER}) \)?
      | (?:no|немає|жодного|нет) \s (?:comments(?:\ yet)?|коментарів|комментариев)
      | (?:кількість|усього|всього|количество|всего|total) \s (?:{_NOUNS}) [\s:–—-]* (?:{_NUMBER})?
      | (?:{_MINUTES}) \s* (?:{_READING}) | (?:{_READING}) [\s:–—~-]* (?:{_MINUTES})
    ) [^\w]{{0,8}}"""
)
_SIGNED = re.compile(r"(?:[^\w\s#@$€₴£%+.,:;()\[\]«»“”\"'—–-]\ufe0f?\s*\d[\d\s.,]*[kKкК]?\s*)+")
_LASTS = re.compile(_MINUTES, re.IGNORECASE)
#: A player: `0:00 / 2:41`.
_PLAYER = re.compile(r"[^\w]{0,4}\d{1,2}:\d\d(?:\s*/\s*\d{1,2}:\d\d)+[^\w]{0,4}")
#: Signs alone, left where a page has drawn something between facts.
_SIGNS = re.compile(r"[·•|:\s]+")
_BARE = re.compile(r"\d[\d\s.,]{0,9}[kKкКmM]?")


def is_count(text: str) -> bool:
    """True if the line only counts: `318 переглядів`, `Comments (14)`, `2 min read`, `👁 1.2K`."""
    if len(text) > _LONGEST:
        return False
    line = spelled(text)
    return any(each.fullmatch(line) for each in (_COUNT, _SIGNED, _PLAYER, _SIGNS))


def is_number(text: str) -> bool:
    """True for a bare number or `4 min`, which beside other furniture count."""
    return len(text) < 12 and bool(_BARE.fullmatch(text) or _LASTS.fullmatch(text))
