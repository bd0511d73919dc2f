"""Measures the guard on misprints: `python -m tests.trials.changes [N]` changes N numbers, names and negations each."""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass

from bot.domain.misprint import Archive, facts_touched, words_in

#: Words of a small town's news, by what they do in a sentence: names, places, things, doings, times.
TOWN = {
    "uk": (
        "Коваленко Бондар Ткаченко Мельник Шевчук Кравець Гончар Поліщук Савченко Литвин Мороз Олійник",
        "Сосниця Лубни Гадяч Хорол Миргород Прилуки Ромни Пирятин Зіньків Кобеляки Диканька Решетилівка",
        "дорогу школу лікарню міст бібліотеку станцію площу теплотрасу набережну парк ринок стадіон",
        "відремонтували відкрили закрили оновили збудували обстежили прийняли передали огородили освітили",
        "понеділок вівторок середу четвер п'ятницю суботу неділю",
        "У місті {place} {act} {thing} за {n} мільйонів гривень. Про це повідомив {name} у {day}. Роботи тривали {n} "
        "днів, їх виконали {n} людей. Рух буде відновлено о {n} годині.",
    ),
    "en": (
        "Harper Ellison Whitaker Bradford Lindqvist Moreno Castellan Prescott Donovan Fairchild Granger Holloway",
        "Ashford Brookside Claremont Dunmore Eastleigh Fernhill Glenview Hartwell Kingsbury Langley Marlow Norwood",
        "road school hospital bridge library station square pipeline embankment park market stadium",
        "repaired opened closed renewed built inspected accepted transferred fenced lighted",
        "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
        "In {place} workers {act} the {thing} for {n} million. This was reported by {name} on {day}. The works took "
        "{n} days and {n} people. Traffic is restored at {n} o'clock.",
    ),
}
SLOTS = ("name", "place", "thing", "act", "day")
#: Articles of the archive whose words the house knows.
ARCHIVE = 400
Change = Callable[[str, random.Random], str]


def article(language: str, chance: random.Random) -> str:
    """Return one article of the town."""
    *lists, pattern = TOWN[language]
    words = dict(zip(SLOTS, map(str.split, lists), strict=True))
    paragraphs = []
    for _ in range(2):
        text = re.sub(r"\{n\}", lambda _: str(chance.randrange(2, 480)), pattern)
        paragraphs.append(text.format(**{slot: chance.choice(found) for slot, found in words.items()}))
    return "\n".join(paragraphs)


def _number(text: str, chance: random.Random) -> str:
    found = chance.choice(list(re.finditer(r"\d+", text)))
    return text[: found.start()] + str(int(found[0]) + chance.randint(1, 90)) + text[found.end() :]


def _name(text: str, chance: random.Random) -> str:
    lists = [each.split() for *lists, _ in TOWN.values() for each in lists[:2]]
    found = chance.choice([(m, each) for each in lists for m in re.finditer(r"\w+", text) if m[0] in each])
    other = chance.choice([name for name in found[1] if name != found[0][0]])
    return text[: found[0].start()] + other + text[found[0].end() :]


def _negation(text: str, chance: random.Random) -> str:
    no = " не" if re.search("[а-я]", text) else " not"
    found = chance.choice(list(re.finditer(r" (відновлено|тривали|виконали|restored|reported|took)", text)))
    return text[: found.start()] + no + text[found.start() :]


def _misprint(text: str, chance: random.Random) -> str:
    """Return the text with one wrong letter: doubled, left out, or changed places with the next."""
    places = [m.start() + 1 for m in re.finditer(r"[^\W\d_]{3,}", text)]
    at = chance.choice(places)
    wrong = chance.choice((text[at] * 2, "", text[at + 1] + text[at]))
    return text[:at] + wrong + text[at + (2 if len(wrong) == 2 and wrong[0] != text[at] else 1) :]


FACTS: tuple[Change, ...] = (_number, _name, _negation)


@dataclass(frozen=True, slots=True)
class Measured:
    facts: int
    facts_let_through: int
    misprints: int
    misprints_refused: int


def measured(count: int, *, seed: int = 7) -> Measured:
    """Change `count` articles by each kind of fact, and `count` by a misprint that is put right."""
    chance = random.Random(seed)
    archive = Archive(article(chance.choice(("uk", "en")), chance) for _ in range(ARCHIVE))
    passed = refused = misprints = 0
    for number in range(count):
        text = article(("uk", "en")[number % 2], chance)
        passed += sum(facts_touched(text, change(text, chance), archive) is None for change in FACTS)
        wrong = _misprint(text, chance)
        if words_in(wrong) != words_in(text):
            misprints += 1
            refused += facts_touched(wrong, text, archive) is not None
    return Measured(count * len(FACTS), passed, misprints, refused)


def main() -> int:
    found = measured(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
    print(f"numbers, names and negations let through as misprints: {found.facts_let_through} of {found.facts:,}")
    print(f"true misprints refused: {found.misprints_refused} of {found.misprints:,}")
    return int(found.facts_let_through > 0 or found.misprints_refused > 0.03 * found.misprints)


if __name__ == "__main__":
    sys.exit(main())
