"""Lines as they are compared: without case, signs at their ends, and the spellings of one apostrophe."""

from __future__ import annotations

import re
from collections.abc import Iterable

#: Longest line that can be furniture, in characters; nothing above it is looked at.
LINE_LIMIT = 300
_APOSTROPHES = str.maketrans({"’": "'", "ʼ": "'", "`": "'", "‘": "'", "ё": "е", "Ё": "Е", "\u00a0": " "})
_EDGES = re.compile(r"^[^\w#@©]+|[^\w)]+$")
_ENDS = re.compile(r"[.!?…]+[»”\"')\]]*$")
_INITIAL = re.compile(r"(?:^|\s)\w\.$")
#: Between two sentences: a stop, perhaps a closing quotation mark, a space, and a capital, a digit or a quotation mark.
_BETWEEN = re.compile(r"(?<=[.!?…])(?P<close>[»”\"')\]]*)\s+(?=[«“\"'(\[—–-]?\s?[^\W_a-zа-яіїєґ]|[^\w\s])")
#: Words that tell who said something: a line with one is reporting. The beginnings of words, in three languages.
_SAYING = re.compile(
    r"""(?ix)\b(?: said | says | told | according\ to | reported | added | warned | stated | explained | announced
        | recalled | noted | argued | claimed | promised | urged | reads\ the | wrote
        | (?:за|на|до|по|рос|від)?[кп]аза(?:в|ла|ли|л|но) \b | каж(?:е|уть|ет) \b | говор(?:ить|ять|ит) | говори(?:в
            |ла|л)\b
        | (?:по|спо)відом(?:ив|ила|или|ляє|ляють|ляв|ляли) | заяв(?:ив|ила|или|ляє|ил|ляет) | дода(?:в|ла|ли|є|ют|л) \b
        | запевн(?:ив|ила|или|яє) | зазнач(?:ив|ила|или|ає) | наголос(?:ив|ила|или) | наголошу | поясн(?:ив|ила|или|ює
            |юв)
        | пише | пишуть | написа(?:в|ла|ли|л) | заклика(?:в|ла|ли|є|л) \b | радить | радять | попередж | попереди(?:в
            |ла|ли)
        | уточни(?:в|ла|ли|л) | розпові(?:в|ла|ли|дає) | стверджу | переконан | пообіця(?:в|ла|ли) | обіця(?:в|ла|ли)
        | нагада(?:в|ла|ли) | підкресли(?:в|ла|ли) | за\ словами | за\ даними | на\ думку | згадує | жартує
        | сообщ(?:ил|ила|или|ает|ают) | добави(?:л|ла|ли) | подчеркну | отмети(?:л|ла|ли) | рассказа(?:л|ла|ли)
        | поясни(?:л|ла|ли) | по\ словам | по\ данным | напомни(?:л|ла|ли) | призва(?:л|ла|ли) | предупреди(?:л|ла|ли)
        | пишет | советует | утвержда )"""
)
_PAST = re.compile(r"(?i)\b(?:was|were|had|has been|have been|did|got|is being|broke|failed)\b")


def key_of(text: str) -> str:
    """The line as it is looked up: lower case, one apostrophe, single spaces, without signs at both ends."""
    return " ".join(_EDGES.sub("", text.translate(_APOSTROPHES)).casefold().split())


def keys(*phrases: str) -> frozenset[str]:
    """Phrases apart by `|`, as `key_of` spells them."""
    return frozenset(key_of(phrase) for each in phrases for phrase in each.split("|"))


def either(phrases: Iterable[str]) -> str:
    """A pattern of any of the phrases, the longest first."""
    return "|".join(re.escape(phrase) for phrase in sorted(phrases, key=len, reverse=True))


def spelled(text: str) -> str:
    """The text with one apostrophe and plain spaces, for patterns."""
    return text.translate(_APOSTROPHES)


def is_sentence(text: str) -> bool:
    """True if the line ends as a sentence does; an initial at its end is none: `Іван П.`"""
    return bool(_ENDS.search(text)) and not _INITIAL.search(text)


def sentences_of(text: str) -> list[str]:
    """The sentences, each with its stop. Joined by a space they are the text, white space between them apart."""
    found, start = [], 0
    for between in _BETWEEN.finditer(text):
        end = between.end("close")
        if _INITIAL.search(text[start:end]):
            continue
        found.append(text[start:end])
        start = between.end()
    return [*found, text[start:]] if text[start:] else found


def reports(text: str) -> bool:
    """True if the line tells what somebody said, or what was: then it is reporting, whatever else stands in it."""
    return bool(_SAYING.search(text) or _PAST.search(text))
