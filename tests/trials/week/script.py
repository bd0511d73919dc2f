"""What befalls the newsroom: the articles of each day, by whom, when, and what goes wrong with them; from one seed."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum, auto

from tests.trials.week.cast import DANA, DESK, IHOR, NINA, OLENA, OLES, PETRO, TARAS, VIRA, YANA, Worker

#: Articles of a day by the hour in which they are written; the desk has three peaks.
BY_HOUR = {7: 2, 8: 4, 9: 5, 10: 3, 11: 1, 12: 4, 13: 3, 14: 2, 15: 2, 16: 3, 17: 5, 18: 3, 19: 1, 20: 1, 21: 1}
#: Five more within ten minutes.
BURST = (11, 5)


class Route(Enum):
    """The time that an article is to go out."""

    NOW = "now"
    NEXT = "next"
    AT = "at"


class Trouble(Enum):
    """What befalls an article before it goes out."""

    UNPROVEN = auto()
    EDITED = auto()
    TOGETHER = auto()
    RETURNED = auto()
    REJECTED = auto()
    CANCELLED = auto()
    UNDONE = auto()
    RISKY = auto()
    NAMELESS = auto()
    URGENT = auto()
    ALONE = auto()


#: Articles of a day that each trouble befalls.
TROUBLES = {
    Trouble.EDITED: 5,
    Trouble.TOGETHER: 1,
    Trouble.RETURNED: 4,
    Trouble.REJECTED: 2,
    Trouble.CANCELLED: 2,
    Trouble.UNDONE: 2,
    Trouble.RISKY: 4,
    Trouble.NAMELESS: 2,
    Trouble.URGENT: 2,
    Trouble.ALONE: 2,
    Trouble.UNPROVEN: 6,
}
#: Stands in each headline, and nowhere else.
MARK = ", звіт "
_WHAT = ("Міст", "Школу", "Лікарню", "Вокзал", "Парк", "Бібліотеку", "Ринок", "Стадіон", "Котельню", "Музей")
_WHERE = ("Полтаві", "Лубнах", "Миргороді", "Кременчуці", "Гадячі", "Сумах", "Харкові", "Ніжині", "Черкасах", "Одесі")
_DONE = ("відкрили після ремонту", "закрили на тиждень", "передали громаді", "під'єднали до мережі", "оглянули фахівці")
_BODY = (
    "Роботи тривали два роки й обійшлися громаді в кілька мільйонів гривень.",
    "За словами підрядника, гарантія діятиме десять років.",
    "Рух транспорту в обидва боки відновлять уже цього тижня.",
    "Мешканців просять перевіряти розклад на сторінці міської ради.",
    "Комісія працювала на місці з ранку й склала акт.",
)


@dataclass(eq=False)
class Story:
    """One article from its writing to its end. `number` is the desk's, once it is written."""

    at: datetime
    author: Worker
    route: Route
    headline: str
    lead: str
    body: Sequence[str]
    troubles: set[Trouble] = field(default_factory=set)
    number: int = 0
    acts: int = 0
    #: Given once: a trouble does not befall an article again.
    past: set[Trouble] = field(default_factory=set)
    touched: datetime | None = None
    #: Those who changed it: they are authors as well, and approve it no longer.
    hands: set[str] = field(default_factory=set)

    @property
    def text(self) -> str:
        lines = [self.headline, "", self.lead, *(line for each in self.body for line in ("", each)), ""]
        if Trouble.UNPROVEN not in self.troubles:
            source = "anonymous" if Trouble.NAMELESS in self.troubles else "City council"
            lines += [f"source: {source}", "status: confirmed"]
        if Trouble.URGENT in self.troubles or Trouble.ALONE in self.troubles:
            lines.append("urgent")
        return "\n".join(lines)

    def befalls(self, trouble: Trouble) -> bool:
        """True the first time that an article which this befalls is asked."""
        if trouble not in self.troubles or trouble in self.past:
            return False
        self.past.add(trouble)
        return True


def stories_of(day: datetime, dice: random.Random, hours: range) -> list[Story]:
    """Return the articles that are written on the day that begins at the local midnight `day`."""
    times = sorted(_times(day, dice, hours))
    stories = [_story(at, number, dice) for number, at in enumerate(times)]
    calm = [story for story in stories if story.author.role != "owner"]
    for trouble, count in TROUBLES.items():
        count = round(count * len(stories) / 45)
        free = [story for story in calm if not story.troubles] if trouble is not Trouble.ALONE else []
        for story in dice.sample(free, min(count, len(free))):
            story.troubles.add(trouble)
            if trouble is Trouble.URGENT:
                story.route = Route.NOW
            if trouble is Trouble.RISKY:
                story.lead = "Двоє людей поранені, їм допомагають лікарі."
    alone = [story for story in stories if story.author.role == "owner"][: TROUBLES[Trouble.ALONE]]
    for story in alone:
        story.troubles.add(Trouble.ALONE)
    return stories


def _times(day: datetime, dice: random.Random, hours: range) -> Iterator[datetime]:
    for hour, count in BY_HOUR.items():
        if hour in hours:
            yield from (day + timedelta(hours=hour, minutes=dice.uniform(0, 59)) for _ in range(count))
    hour, count = BURST
    if hour in hours:
        yield from (day + timedelta(hours=hour, minutes=20 + dice.uniform(0, 10)) for _ in range(count))


def _story(at: datetime, number: int, dice: random.Random) -> Story:
    writers = [(DANA, 6), (OLES, 5), (YANA, 5), (NINA, 2), (VIRA, 2), (PETRO, 2), (IHOR, 2), (OLENA, 1), (TARAS, 1)]
    there = [(each, share) for each, share in writers if each.is_on_duty(at)] or [(each, 1) for each in DESK[2:3]]
    [author] = dice.choices([each for each, _ in there], [share for _, share in there])
    [route] = dice.choices([*Route], [45, 30, 25])
    place, thing = dice.choice(_WHERE), dice.choice(_WHAT)
    headline = f"{thing} у {place} {dice.choice(_DONE)}: {at:%d.%m}{MARK}{number + 1}"
    lead = f"Про це {at:%d.%m о %H:%M} повідомила міська рада, яка опікується об'єктом номер {dice.randrange(1000)}."
    return Story(at, author, route, headline, lead, dice.sample(_BODY, dice.randint(1, 3)))
