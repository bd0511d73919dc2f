"""Alterations of a text: those that copying causes, and those that forgers make."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping

from bot.readers.genuine import Asked
from tests.trials.genuine.stories import WORDS

Alter = Callable[[random.Random, str, str], str]
_NUMBER = re.compile(r"\d[\d\u00a0,]*")


def as_it_is(_r: random.Random, _code: str, text: str) -> str:
    return text


def copied(r: random.Random, _code: str, text: str) -> str:
    """White space, emoji, marks of formatting, quotes, the way of grouping digits, a link to our channel."""
    text = text.replace("\n\n", r.choice(["\n", "\n\n\n", " "]))
    text = re.sub(r"\u00a0|(?<=\d),(?=\d{3})", lambda _: r.choice([" ", "\u202f", "\u00a0"]), text)
    text = text.replace("«", '"').replace("»", '"').replace("“", '"').replace("”", '"')
    return r.choice(["⚡️ ", "", "**"]) + text.replace(". ", r.choice([".  ", ". 🔹 "])) + r.choice(["", " 🙏"])


def cut(r: random.Random, _code: str, text: str) -> str:
    return text[:280].rsplit(" ", 1)[0] + "…" if len(text) > 280 else as_it_is(r, _code, text)


def number(r: random.Random, code: str, text: str) -> str:
    """One number changed: a digit more, one less, or another one."""
    found = list(_NUMBER.finditer(text))
    if not found:
        return name(r, code, text)
    place = r.choice(found)
    digits = re.sub(r"\D", "", place[0])
    at = r.randrange(len(digits))
    other = digits[:at] + str((int(digits[at]) + r.randint(1, 9)) % 10) + digits[at + 1 :]
    changed = r.choice([digits + "0", other, digits[:-1] or other])
    return text[: place.start()] + changed + text[place.start() + len(place[0].rstrip(",\u00a0")) :]


def name(r: random.Random, code: str, text: str) -> str:
    """A name, or a place, or a thing, changed into another."""
    pools = (WORDS[code]["name"], WORDS[code]["city"], WORDS[code]["noun"])
    found = [(each, pool) for pool in pools for each in re.finditer(r"[^\W\d_]+", text) if each[0] in pool]
    place, pool = r.choice(found)
    return text[: place.start()] + r.choice([each for each in pool if each != place[0]]) + text[place.end() :]


def negated(r: random.Random, code: str, text: str) -> str:
    """A “not” put in before any word."""
    place = r.choice(list(re.finditer(r"(?<=[^\W\d_]) (?=[^\W\d_])", text)))
    return text[: place.end()] + {"uk": "не ", "en": "not "}[code] + text[place.end() :]


def put_in(r: random.Random, code: str, text: str) -> str:
    sentence = {"uk": "Влада приховує справжні цифри.", "en": "The authorities hide the real figures."}[code]
    ends = list(re.finditer(r"\. |\n\n", text))
    place = r.choice(ends) if ends else None
    return f"{sentence} {text}" if place is None else text[: place.end()] + sentence + " " + text[place.end() :]


def status(_r: random.Random, _code: str, text: str) -> str:
    """Call an unsure report confirmed, and a confirmed one unsure."""
    headline, _, rest = text.partition("\n")
    shown, _, rest = rest.partition("\n")
    other = "⚠️ З одного джерела, перевіряємо" if shown.startswith("✅") else "✅ Підтверджено"
    return f"{headline}\n{other}\n{rest}"


def headline(r: random.Random, code: str, text: str) -> str:
    first, _, rest = text.partition("\n")
    return f"{number(r, code, first)}\n{rest}"


def cut_and_changed(r: random.Random, code: str, text: str) -> str:
    return number(r, code, cut(r, code, text))


def linked(_r: random.Random, _code: str, text: str) -> str:
    return text


#: What is ours, and what must never be called so.
HONEST: Mapping[str, Alter] = {"as published": as_it_is, "copied and pasted": copied, "cut to 280": cut}
FORGED: Mapping[str, Alter] = {
    "number changed": number,
    "name changed": name,
    "negated": negated,
    "sentence put in": put_in,
    "status changed": status,
    "headline changed": headline,
    "cut and changed": cut_and_changed,
    "link swapped": linked,
}


def asked(kind: str, text: str) -> Asked:
    return Asked(text, ("https://visnyk-news.example/donate",) if kind == "link swapped" else ())
