"""Languages of articles: their codes, and the names by which people call them."""

from __future__ import annotations

_NAMES = {
    "uk": "ua українська українською укр ukrainian украинский",
    "en": "eng англійська англійською англ english английский",
    "ru": "rus російська російською рос russian русский",
    "be": "белорусский білоруська belarusian беларуская",
    "bg": "болгарська bulgarian български",
    "cs": "cz чеська czech čeština",
    "de": "німецька german deutsch",
    "es": "іспанська spanish español",
    "fr": "французька french français",
    "hu": "угорська hungarian magyar",
    "it": "італійська italian italiano",
    "ka": "грузинська georgian",
    "lt": "литовська lithuanian lietuvių",
    "lv": "латиська latvian",
    "nl": "нідерландська dutch nederlands",
    "pl": "польська polish polski польский",
    "pt": "португальська portuguese português",
    "ro": "румунська romanian română",
    "sk": "словацька slovak slovenčina",
    "tr": "турецька turkish türkçe",
    "ar": "арабська arabic",
    "he": "іврит hebrew",
}
_CODES = {**{word: code for code, words in _NAMES.items() for word in words.split()}, **{code: code for code in _NAMES}}


def language_named(text: str) -> str:
    """Return the code of the language that somebody named; empty for a name that is none."""
    return _CODES.get(text.strip(" .").casefold(), "")
