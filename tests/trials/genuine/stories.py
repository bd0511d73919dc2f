"""Made-up articles, four of five in Ukrainian; a third are daily routines that differ in places and numbers alone."""

from __future__ import annotations

import random
from dataclasses import dataclass

from bot.domain import Article, Run, Source, Verification

_UK = {
    "city": "Київ Львів Одеса Дніпро Харків Запоріжжя Херсон Суми Полтава Черкаси Рівне Луцьк Ужгород Умань Ізюм",
    "name": "Коваленко Шевчук Бондар Мельник Ткаченко Кравець Олійник Лисенко Марченко Савчук Руденко Мороз Гончар",
    "noun": "графік кошторис підрядник відділ насос дозвіл звіт договір маршрут перелік тендер водій сусід лікар "
    "учитель депутат інженер архітектор диспетчер міст трамвай водогін ринок музей театр",
    "how": "новий старий тимчасовий головний місцевий окремий перший останній вузький довгий дорогий сучасний обіцяний",
    "act": "підписав отримав показав оскаржив змінив погодив знайшов перевірив замовив оплатив відхилив обговорив",
    "when": "вранці увечері опівдні сьогодні вчора позавчора нещодавно щойно знову невдовзі",
}
_EN = {
    "city": "Kyiv Lviv Odesa Dnipro Kharkiv Zaporizhzhia Kherson Sumy Poltava Cherkasy Rivne Lutsk Uzhhorod Chernivtsi",
    "name": "Kovalenko Shevchuk Bondar Melnyk Tkachenko Kravets Oliinyk Lysenko Marchenko Savchuk Rudenko Moroz",
    "noun": "schedule budget contractor department permit report contract route tender driver neighbour doctor teacher "
    "deputy engineer architect bridge tram market museum theatre",
    "how": "new old temporary main local separate first last narrow long expensive modern promised",
    "act": "signed received showed appealed changed agreed found checked ordered paid rejected discussed",
    "when": "yesterday today recently again soon early late twice",
}
WORDS = {code: {kind: text.split() for kind, text in words.items()} for code, words in (("uk", _UK), ("en", _EN))}
_ROUTINE = {
    "uk": "{city}: за добу {n} викликів|Служби міста {city} прийняли {n} викликів, з них {m} термінових.|"
    "Постраждали {k} осіб, рух обмежено на {k} вулицях. Температура {t} градусів, вітер до {k} м/с.",
    "en": "{city}: {n} calls in a day|The services of {city} took {n} calls, {m} of them urgent.|Hurt were {k} people, "
    "traffic is limited in {k} streets. Temperature {t} degrees, wind up to {k} m/s.",
}
_SENTENCES = {
    "uk": (
        "{how} {noun} {when} {act} {how2} {noun2}, каже {name}.",
        "За словами {name}, {noun} {act} {n} гривень.",
        "{name} не підтвердив, що {how} {noun2} {act} {noun}.",
        "Разом це {n} гривень і {k} осіб, {noun} {when} {act} {how} {noun2}.",
        "«{how} {noun} {act} {how2} {noun2}», – сказав {name}.",
    ),
    "en": (
        "The {how} {noun} {when} {act} the {how2} {noun2}, says {name}.",
        "According to {name}, the {noun} {act} {n} hryvnias.",
        "{name} did not confirm that the {how} {noun2} {act} the {noun}.",
        "Together that is {n} hryvnias and {k} people; the {noun} {when} {act} the {how} {noun2}.",
        "“The {how} {noun} {act} the {how2} {noun2},” said {name}.",
    ),
}


@dataclass(frozen=True, slots=True)
class Story:
    """An article with the language that it is written in."""

    number: int
    article: Article


def story(number: int, seed: int = 1) -> Story:
    """Return the article of this number; the same seed makes the same ones."""
    r = random.Random(seed * 10_000_019 + number)
    code = "uk" if r.random() < 0.8 else "en"
    parts = _routine(r, code) if number % 3 == 0 else _news(r, code)
    status = r.choice((Verification.CONFIRMED, Verification.SINGLE_SOURCE, Verification.DEVELOPING))
    body = tuple((Run(part),) for part in parts[2:])
    link = f"https://visnyk.example/news/{number}"
    sources = (Source(r.choice(WORDS[code]["name"]), "https://source.example/1"),)
    return Story(number, Article(parts[0], parts[1], body, sources=sources, link=link, language=code, status=status))


def _filled(r: random.Random, code: str, text: str) -> str:
    words = WORDS[code]
    value = int(10 ** r.uniform(0.5, 6))
    values = {name: r.choice(words[name.rstrip("2")]) for name in ("city", "name", "noun", "noun2", "how", "how2")}
    n = f"{value:,}".replace(",", "\u00a0" if code == "uk" else ",")
    made = text.format(n=n, m=r.randint(3, 90), k=r.randint(2, 99), t=r.randint(-15, 35), act=r.choice(words["act"]),
                       when=r.choice(words["when"]), **values)  # fmt: skip
    return made[:1].upper() + made[1:]


def _routine(r: random.Random, code: str) -> list[str]:
    return _filled(r, code, _ROUTINE[code]).split("|")


def _news(r: random.Random, code: str) -> list[str]:
    def sentences(count: int) -> str:
        return " ".join(_filled(r, code, r.choice(_SENTENCES[code])) for _ in range(count))

    headline = _filled(r, code, "{city}: {how} {noun} {when} {act} {how2} {noun2}")
    return [headline, sentences(2), *(sentences(r.randint(1, 3)) for _ in range(r.randint(2, 6)))]
