"""The wish in a reader's own words: to leave, to come back, to read, to find, to tell; decided by the words alone."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from rapidfuzz.distance import OSA

from bot.domain.layouts import LAYOUTS
from bot.readers import lexicon

#: Characters that are looked at: what is longer is a story, not a wish.
LOOKED_AT = 600
#: Words of the longest message that is taken for more than something to tell.
SHORT = 24
#: Words of the longest message that may be a question by itself, without a word that asks.
BARE = 3
#: Letters from which on a word may have one slip in its beginning.
SLIPS_FROM = 6
#: Words that begin nearly like one of ours, and mean something else.
NO_SLIPS = ("відпуст", "відпоч", "відпов", "відста", "віднов", "отпуск", "останн", "скасува", "підпал", "підпіл")
_ALIKE = str.maketrans("aeiopcyxkmhtb", "аеіорсухкмнтв")
_QUITS, _CHEERS = "🛑⛔🚫🔕❌", "❤💙💛🙏👍👏🤝😊🥰😍💪🫶🔥💯🎉"


class Wish(StrEnum):
    STOP = "stop"
    START = "start"
    LATEST = "latest"
    SEARCH = "search"
    #: "Is this true?", without a word on what.
    CHECK = "check"
    THANKS = "thanks"
    GREETING = "greeting"
    FAREWELL = "farewell"
    WHO = "who"
    PRICE = "price"
    HOW_OFTEN = "how_often"
    TOO_MUCH = "too_much"
    #: "Not at night!", and why we do.
    AT_NIGHT = "at_night"
    SILENCE = "silence"
    LANGUAGE = "language"
    HELP = "help"
    MY_DATA = "my_data"
    FORGET = "forget"
    #: To reach the desk, without a word on what.
    DESK = "desk"
    #: Something for the desk, in so many words.
    TELL = "tell"
    #: Words in an alphabet that we do not read.
    FOREIGN = "foreign"
    #: Nothing to go by.
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Heard:
    """`language`: the code of the one that is wished for; empty if none is named."""

    wish: Wish
    language: str = ""


def wish_of(text: str) -> Heard:
    """Return what a reader wishes by these words."""
    text = text[:LOOKED_AT]
    if not any(letter.isalpha() for letter in text):
        return Heard(_by_signs(text))
    if not _is_readable(text):
        return Heard(Wish.FOREIGN)
    heard = _by_words(text)
    if heard.wish in (Wish.SEARCH, Wish.TELL, Wish.UNCLEAR):
        for layout in LAYOUTS:
            other = _by_words(text.casefold().translate(layout))
            if other.wish not in (Wish.SEARCH, Wish.TELL, Wish.UNCLEAR):
                return other
    return heard


def _by_signs(text: str) -> Wish:
    if any(sign in text for sign in _QUITS):
        return Wish.STOP
    return Wish.THANKS if any(sign in text for sign in _CHEERS) else Wish.UNCLEAR


def _is_readable(text: str) -> bool:
    """True if most of its letters are Cyrillic or Latin."""
    letters = [letter for letter in text if letter.isalpha()]
    ours = sum("a" <= letter.casefold() <= "z" or "\u0400" <= letter <= "\u04ff" for letter in letters)
    return 2 * ours >= len(letters)


def _by_words(text: str) -> Heard:
    words = words_of(text)
    asks = "?" in text
    if not words:
        return Heard(Wish.UNCLEAR)
    if len(words) > SHORT:
        return Heard(Wish.TELL)
    if _is_stop(words) or (_by_signs(text) is Wish.STOP and _is_polite(words)):
        return Heard(Wish.STOP)
    if (language := _language(words)) is not None:
        return Heard(Wish.LANGUAGE, language)
    if _is_about_night(words):
        return Heard(Wish.AT_NIGHT)
    for wish, phrases in _PHRASES:
        if _says(words, phrases):
            return Heard(wish)
    if _is_start(words):
        return Heard(Wish.START)
    return Heard(_by_substance(words, asks=asks))


def _by_substance(words: Sequence[str], *, asks: bool) -> Wish:
    """Return the wish of words that no phrase of ours is in: by what is left without courtesies."""
    rest = [word for word in words if not _in(word, lexicon.GREETING)]
    if not rest:
        return Wish.GREETING
    if _is_latest(rest):
        return Wish.LATEST
    telling = telling_of(words)
    if _says(words, _CHECK) and all(_in_phrases(word, _CHECK) for word in telling):
        return Wish.CHECK
    plain = [word for word in rest if not _in(word, lexicon.FILLERS) and not _in(word, lexicon.AFFIRMED)]
    if not plain or all(_in(word, lexicon.THANKS) for word in plain):
        return _courtesy(words, rest, plain)
    if all(_in(word, lexicon.FAREWELL) for word in plain):
        return Wish.FAREWELL
    if not telling:
        return Wish.UNCLEAR
    if asks or len(plain) <= BARE or any(_in(word, lexicon.ASK) for word in rest[:4]):
        return Wish.SEARCH
    return Wish.TELL


def _courtesy(words: Sequence[str], rest: Sequence[str], plain: Sequence[str]) -> Wish:
    if plain:
        return Wish.THANKS
    return Wish.GREETING if len(rest) < len(words) else Wish.UNCLEAR


def telling_of(words: Iterable[str]) -> list[str]:
    """Return the words that tell one story from another."""
    idle = (lexicon.FILLERS, lexicon.EMPTY, lexicon.ASK, lexicon.GREETING, lexicon.THANKS, lexicon.AFFIRMED)
    return [word for word in words if len(word) > 1 and not any(_in(word, stems) for stems in idle)]


def words_of(text: str) -> list[str]:
    """Return the words of a text as they are compared: small letters, one alphabet in a word, no letter thrice."""
    text = unicodedata.normalize("NFKC", text).casefold()
    text = re.sub(r"['’ʼ`‘\u0301\u200b-\u200f\u2060\ufeff]", "", text)
    text = re.sub(r"(\w)\1{2,}", r"\1", text)
    spaced = re.sub(r"\b(?:\w[\s.\-_*]){2,}\w\b", lambda found: re.sub(r"[\s.\-_*]", "", found[0]), text)
    return [_one_alphabet(word) for word in re.findall(r"[^\W_]+", spaced)]


def _one_alphabet(word: str) -> str:
    mixed = re.search(r"[a-z]", word) and re.search(r"[\u0400-\u04ff]", word)
    return word.translate(_ALIKE) if mixed else word


# Leaving and coming back


def _is_polite(words: Sequence[str]) -> bool:
    """True if these words say nothing of substance."""
    polite = (lexicon.FILLERS, lexicon.GREETING, lexicon.THANKS)
    return all(any(_in(word, stems) for stems in polite) for word in words)


def _is_stop(words: Sequence[str]) -> bool:
    """True if these words end a subscription, and say nothing else of substance."""
    if any(_in(word, lexicon.STRONG) and not _is_asked_not_to(words, at) for at, word in enumerate(words)):
        return True
    ends = [at for at, word in enumerate(words) if _ends(words, at, word)]
    if not ends or _is_complaint(words) or _says(words, _MISSED):
        return False
    polite = (
        lexicon.BESIDE,
        lexicon.FILLERS,
        lexicon.GREETING,
        lexicon.THANKS,
        lexicon.NO,
        lexicon.OBJECT,
        lexicon.WANT,
    )
    beside = [lexicon.STOP, lexicon.START, lexicon.TAKE_OUT, lexicon.TAKEN_OUT, lexicon.SEND, *polite]
    return all(at in ends or any(_in(word, stems) for stems in beside) for at, word in enumerate(words))


def _ends(words: Sequence[str], at: int, word: str) -> bool:
    if _in(word, lexicon.STOP, slips=True):
        return not _is_asked_not_to(words, at)
    if _in(word, lexicon.TAKE_OUT):
        return any(_in(other, lexicon.TAKEN_OUT) for other in words)
    if not _in(word, lexicon.NO):
        return False
    after = words[at + 1 : at + 6]
    if any(_in(other, lexicon.SEND) for other in after) or (after and _in(after[0], lexicon.INTEREST)):
        return True
    if after and _in(after[0], lexicon.START):  # "I did not subscribe"
        return True
    wants = any(_in(other, lexicon.WANT) for other in after)
    return (wants or word in ("no", "без")) and any(_in(other, lexicon.OBJECT) for other in words)


def _is_asked_not_to(words: Sequence[str], at: int) -> bool:
    """True for "do not unsubscribe me"."""
    before = words[max(0, at - 2) : at]
    near = before[-1:] if before and not _in(before[-1], lexicon.WANT) else before
    return any(word in ("не", "not", "dont", "never") for word in near)


def _is_complaint(words: Sequence[str]) -> bool:
    """True for "why do you not send"."""
    return any(word in ("чому", "чого", "почему", "why", "when", "коли") for word in words)


def _is_about_night(words: Sequence[str]) -> bool:
    """True if these words are about messages that come at night or ring, and about nothing else."""
    if _says(words, _SOUND):
        return True
    at_night = [at for at, word in enumerate(words) if _in(word, lexicon.NIGHT) or _is_clock(words, at)]
    beside = (
        lexicon.WAKES,
        lexicon.NIGHT_ASKED,
        lexicon.BEFORE_CLOCK,
        lexicon.SEND,
        lexicon.NO,
        lexicon.OBJECT,
        lexicon.FILLERS,
        lexicon.GREETING,
        lexicon.THANKS,
        lexicon.BESIDE,
    )
    rest = [word for at, word in enumerate(words) if at not in at_night]
    if not all(any(_in(word, stems) for stems in beside) for word in rest):
        return False
    wakes = any(_in(word, lexicon.WAKES) for word in rest) or (bool(at_night) and _says(words, _TOO_MUCH))
    about = (lexicon.SEND, lexicon.NO, lexicon.NIGHT_ASKED)
    return wakes or (bool(at_night) and any(_in(word, stems) for stems in about for word in rest))


def _is_clock(words: Sequence[str], at: int) -> bool:
    """True for an hour with a word before it that makes it one: "after 22", "о 3"."""
    before = words[at - 1] if at else ""
    is_hour = re.fullmatch(r"(?:[01]?\d|2[0-4])(?:am|pm|ї|ої|й|ій)?", words[at])
    return is_hour is not None and (_in(before, lexicon.BEFORE_CLOCK) or (at > 1 and _is_clock(words, at - 1)))


def _is_start(words: Sequence[str]) -> bool:
    begins = any(_in(word, lexicon.START, slips=True) for word in words)
    sends = any(_in(word, lexicon.SEND) for word in words)
    again = any(_in(word, lexicon.AGAIN) for word in words)
    wants = any(_in(word, lexicon.WANT) for word in words)
    if (
        not begins
        and not (again and wants)
        and not (sends and not any(word in ("не", "not", "dont") for word in words))
    ):
        return False
    beside = (lexicon.FILLERS, lexicon.GREETING, lexicon.THANKS, lexicon.START, lexicon.SEND, lexicon.AGAIN)
    plain = [word for word in words if not any(_in(word, stems, slips=True) for stems in beside)]
    return not plain or (again and all(_in(word, lexicon.OBJECT) for word in plain))


def _is_latest(words: Sequence[str]) -> bool:
    if not any(_in(word, lexicon.LATEST_NEEDS) for word in words):
        return False
    return all(any(_in(word, stems) for stems in (lexicon.LATEST, lexicon.FILLERS, lexicon.AGAIN)) for word in words)


def _language(words: Sequence[str]) -> str | None:
    """Return the language that is wished for; empty if none is named, None if these words wish for none."""
    named = [code for word in words for code, stems in _LANGUAGES.items() if _in(word, stems)]
    beside = (lexicon.SPEAK, lexicon.FILLERS, lexicon.GREETING, lexicon.THANKS, lexicon.AFFIRMED, lexicon.SEND)
    others = [word for word in words if not any(_in(word, stems) for stems in (*beside, *_LANGUAGES.values()))]
    if others:
        return None
    if named and any(word in ("не", "dont", "not") for word in words):
        return ""
    if named:
        # "from Russian to Ukrainian": the last one that is named
        return next(code for code in reversed(named))
    asks = any(word.startswith(("мов", "язык", "language")) for word in words)
    return "" if asks else None


# Words and phrases


def _in(word: str, stems: Sequence[str], *, slips: bool = False) -> bool:
    """True if the word begins like one of `stems`, or is one; with `slips`, a long beginning may have one."""
    return _found(word, tuple(stems), slips)


@cache
def _split(stems: tuple[str, ...]) -> tuple[frozenset[str], tuple[str, ...]]:
    return frozenset(each[:-1] for each in stems if each.endswith("$")), tuple(
        each for each in stems if not each.endswith("$")
    )


def _found(word: str, stems: tuple[str, ...], slips: bool) -> bool:
    whole, begun = _split(stems)
    if word in whole or word.startswith(begun):
        return True
    if not slips or word.startswith(NO_SLIPS):
        return False
    return any(_slipped(word, stem) for stem in begun if len(stem) >= SLIPS_FROM and stem[0] == word[0])


def _slipped(word: str, stem: str) -> bool:
    size = len(stem)
    return any(OSA.distance(word[:cut], stem) <= 1 for cut in (size - 1, size, size + 1))


def _phrases(text: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(each.split()) for each in text.split(", ") if each.strip())


def _says(words: Sequence[str], phrases: Sequence[tuple[str, ...]]) -> bool:
    return any(_stands(words, phrase) for phrase in phrases)


def _stands(words: Sequence[str], phrase: tuple[str, ...]) -> bool:
    size = len(phrase)
    return any(
        all(_in(word, (stem,)) for word, stem in zip(words[at : at + size], phrase, strict=True))
        for at in range(len(words) - size + 1)
    )


def _in_phrases(word: str, phrases: Sequence[tuple[str, ...]]) -> bool:
    return any(_in(word, phrase) for phrase in phrases)


_LANGUAGES = {code: tuple(stems.split()) for code, stems in lexicon.LANGUAGES.items()}
_CHECK, _MISSED, _SOUND = _phrases(lexicon.CHECK), _phrases(lexicon.MISSED), _phrases(lexicon.SOUND)
_TOO_MUCH = _phrases(lexicon.TOO_MUCH)
#: The wishes that are told by phrases, the first that fits counts.
_PHRASES = tuple(
    (wish, _phrases(text))
    for wish, text in (
        (Wish.FORGET, lexicon.FORGET),
        (Wish.MY_DATA, lexicon.MY_DATA),
        (Wish.TOO_MUCH, lexicon.TOO_MUCH),
        (Wish.SILENCE, f"{lexicon.SILENCE}, {lexicon.MISSED}"),
        (Wish.PRICE, lexicon.PRICE),
        (Wish.HOW_OFTEN, lexicon.HOW_OFTEN),
        (Wish.WHO, lexicon.WHO),
        (Wish.DESK, lexicon.DESK),
        (Wish.TELL, lexicon.TELL),
        (Wish.HELP, lexicon.HELP),
    )
)
