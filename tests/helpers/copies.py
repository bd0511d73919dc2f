"""Copies of articles as people make them: clean ones, what pages put around them, and reporting that looks like it."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Clean:
    """An article without anything around it. All are invented."""

    language: str
    headline: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class Case:
    """A copy and what must be read of it."""

    name: str
    text: str
    clean: Clean
    dropped: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    kept: tuple[str, ...] = field(default=())


CLEAN = (
    Clean("uk", "Міст через Рось відкрили раніше, ніж обіцяли", (
        "Перші автівки проїхали новим мостом у вівторок уранці.",
        "Роботи тривали всю зиму, бо стару опору довелося зміцнити.",
        "Рух вантажівок дозволять наступного тижня, коли перевірять покриття.",
    )),
    Clean("uk", "Шкільну їдальню в Липовому перетворили на пекарню", (
        "Хліб для трьох сіл тепер печуть просто у школі.",
        "Директорка каже, що діти самі просили залишити піч.",
        "«Ми хотіли тепла, а отримали ще й запах», — розповіла кухарка.",
        "Буханець коштує дванадцять гривень.",
    )),
    Clean("uk", "Лелеки повернулися на десять днів раніше", (
        "Першу пару помітили в неділю над водокачкою.",
        "Орнітологи пов'язують це з теплим лютим.",
        "Що потрібно птахам:",
        "– гніздо без дротів",
        "– тиха вода поруч",
    )),
    Clean("en", "Harbour clock stops for the first time in 80 years", (
        "The town hall clock stopped at noon on Thursday, and nobody noticed until evening.",
        "A spring as long as a bus had snapped, the keeper said.",
        "A new one will be forged by hand in a workshop near the port.",
        "Visitors may watch the work on Saturdays.",
    )),
    Clean("en", "Village bakery opens inside an old fire station", (
        "Bread for three villages now comes out of a garage built for one engine.",
        "The ovens were paid for by a raffle that ran all winter.",
        "Opening hours",
        "The shop is open from six until the loaves are gone.",
    )),
    Clean("en", "Swans pick a car park over the new lake", (
        "A pair of swans has settled between two delivery vans.",
        "“They looked at the lake and turned round,” a driver recalled.",
        "The council has closed four parking spaces until May.",
    )),
    Clean("ru", "Старую мельницу у реки превратили в читальный зал", (
        "В зале девяносто мест, и все они у окна.",
        "Крышу чинили полтора года, потому что балки нашлись не сразу.",
        "До весны вход свободный.",
    )),
    Clean("ru", "Паром встал на зимнюю стоянку раньше срока", (
        "Последний рейс прошел в понедельник вечером.",
        "Пассажирам с билетами предложили автобус от северного причала.",
        "Лед на середине реки уже держит человека, рассказал дежурный.",
        "Навигацию откроют в апреле.",
    )),
)  # fmt: skip

ABOVE: Mapping[str, Sequence[str]] = {
    "uk": (
        "Економіка", "Новини міста", "Головна › Новини › Місто", "Головна / Суспільство", "14 травня 2027, 10:15",
        "10:15, 14 травня", "Стрічка новин", "Останні новини", "Новини / Київ", "#місто", "Поділитися", "Реклама",
        "Сьогодні, 08:40", "14.05.2027 10:15", "Меню", "1 204 перегляди", "Ми в Telegram",
    ),
    "en": (
        "Culture", "Local news", "Home > News > City", "Home / Community / Transport", "14 May 2027, 10:15",
        "May 14, 2027 at 10:15 am", "News Feed", "Top stories", "Skip to main content", "#city", "Share",
        "Advertisement",
        "Updated 3 hours ago", "2027-05-14 10:15", "Menu", "1.2K views", "BREAKING NEWS",
    ),
    "ru": (
        "Экономика", "Новости города", "Главная » Новости » Город", "14 мая 2027, 10:15", "10:15, 14 мая",
        "Лента новостей", "#город", "Поделиться", "Реклама", "Сегодня, 08:40", "14.05.2027", "318 просмотров",
    ),
}  # fmt: skip
BELOW: Mapping[str, Sequence[str]] = {
    "uk": (
        "14 травня 2027, 10:15", "14.05.2027", "П'ятниця, 14 травня 2027", "Опубліковано: 14 травня 2027 р. о 10:15",
        "Оновлено 2 години тому", "Автор: Олена Приклад", "Олена Приклад, журналістка", "Текст: Іван Зразок",
        "Підготувала Олена Приклад", "318 переглядів", "Переглядів: 1 204", "Час читання: 3 хв", "Читати 2 хвилини",
        "Фото: пресслужба громади", "Ілюстративне фото", "👁 512", "Коментарі (4)", "Суспільство", "Поділитися:",
        "14 травня 2027 • 318 переглядів", "Олена Приклад, 14 травня 2027", "Олена Приклад | 14 травня, 10:15",
        "Київ, 14 травня 2027", "Слухати новину", "Фото: Getty Images",
    ),
    "en": (
        "14 May 2027, 10:15", "May 14, 2027", "Friday, May 14, 2027 10:15 AM", "Published: 14 May 2027",
        "Last updated 2 hours ago", "By Dana Sample", "By Dana Sample and Lee Model", "Dana Sample, City Reporter",
        "Written by Dana Sample", "Words by Dana Sample", "318 views", "Comments (4)", "3 min read",
        "Reading time: 3 minutes", "Photo: Harbour council", "Image credit: Dana Sample", "Getty Images",
        "Share this article",
        "Listen to this article", "Culture", "14 May 2027 | 318 views", "Dana Sample | 14 May 2027", "4 comments",
        "Story by Dana Sample",
    ),
    "ru": (
        "14 мая 2027, 10:15", "14.05.2027 10:15", "Опубликовано: 14 мая 2027", "Обновлено 2 часа назад",
        "Автор: Елена Пример", "Елена Пример, корреспондент", "318 просмотров", "Просмотров: 1 204",
        "Время чтения: 3 мин", "Фото: пресс-служба", "Фото из открытых источников", "Комментарии (4)", "Общество",
        "Поделиться:", "14 мая 2027 • 318 просмотров",
    ),
}  # fmt: skip
AMID: Mapping[str, Sequence[str]] = {
    "uk": (
        "Реклама", "— Реклама —", "Продовження після реклами", "Фото: Олена Приклад", "Фото: facebook.com/gromada",
        "Міст після ремонту / Фото: пресслужба", "Підписуйтесь на наш канал у Telegram!",
        "Хочете більше? Приєднуйтесь до нашої спільноти у Viber!", "Більше новин у нашому Telegram-каналі",
        "Поділитися у Facebook", "Читати далі", "Facebook | Telegram | Viber", "Стежте за нами в Instagram",
        "Помітили помилку? Виділіть текст і натисніть Ctrl + Enter", "14 травня 2027, 10:15", "Слухати новину",
        "Підпишіться на розсилку, щоб нічого не пропустити", "Лише перевірена інформація у нас в Telegram",
    ),
    "en": (
        "Advertisement", "ADVERTISEMENT", "Article continues below", "Photo: Dana Sample", "Image: Harbour council",
        "The clock tower at noon / Photo: Dana Sample", "Subscribe to our newsletter", "Follow us on Facebook and X",
        "Want more? Sign up for our weekly newsletter!", "Join our Telegram channel", "Share on Facebook",
        "Continue reading", "Facebook | X | WhatsApp", "Spotted a typo? Select it and press Ctrl+Enter",
        "Log in to leave a comment", "Get our top stories in your inbox: sign up for the newsletter",
        "Download our app", "Don't miss our updates on Telegram",
    ),
    "ru": (
        "Реклама", "Продолжение после рекламы", "Фото: Елена Пример", "Мельница зимой / Фото: Елена Пример",
        "Подписывайтесь на наш Telegram-канал!", "Читайте нас в Telegram", "Больше новостей в нашем канале",
        "Поделиться в Facebook", "Читать далее", "Нашли ошибку? Выделите ее и нажмите Ctrl+Enter",
        "Войдите, чтобы оставить комментарий",
    ),
}  # fmt: skip
END: Mapping[str, Sequence[str]] = {
    "uk": (
        "Олена Приклад, «Вісник»\n14 травня 2027", "Автор: Олена Приклад", "#міст #Рось",
        "© 2027 «Приклад». Усі права захищено.",
        "Поділитися:\nFacebook\nTelegram\nViber", "Facebook\n\nTelegram\n\nViber", "4 коментарі\n\nЗалишити коментар",
        "Передрук матеріалів дозволено лише з посиланням", "Підписатися | Надіслати новину | Чат",
        "Наш Viber: https://example.org/v",
        "Не ведіться на фейки!", "Контакти\nПро нас\nПолітика конфіденційності", "14 травня 2027",
        "Якщо ви знайшли помилку, виділіть фрагмент тексту та натисніть Ctrl+Enter.", "Фото: ДСНС", "Переглядів: 318",
        "Редакція не несе відповідальності за зміст реклами", "Дякуємо, що читаєте нас!",
    ),
    "en": (
        "By Dana Sample", "#harbour #clock", "© 2027 The Sample. All rights reserved.", "Share:\nFacebook\nX\nEmail",
        "Facebook\n\nWhatsApp\n\nTelegram", "4 comments\n\nPost a comment", "Contact us\nAbout us\nPrivacy policy",
        "Copyright 2027 Sample Media", "Subscribe | Send a tip | Our site", "Thanks for reading!",
        "Updated 14 May 2027",
        "Photo: Dana Sample", "Follow us on Instagram", "Become a member and support our journalism", "318 views",
        "Sign in to comment", "Newsletter\nTerms of use\n© Sample",
    ),
    "ru": (
        "Автор: Елена Пример", "#мельница #река", "© 2027 «Пример». Все права защищены.",
        "Поделиться:\nTelegram\nViber",
        "4 комментария\n\nОставить комментарий", "Подпишитесь на наш канал", "Контакты\nО нас", "14 мая 2027",
        "Перепечатка материалов разрешена только со ссылкой", "Фото: МЧС", "318 просмотров",
    ),
}  # fmt: skip
#: Reporting that looks like furniture: it stays amid the text.
STAYS: Mapping[str, Sequence[str]] = {
    "uk": (
        "Читайте також нашу книгу, просить бібліотекарка кожного, хто заходить погрітися.",
        "14 травня 2027 року міст закриють на два дні для перевірки.", "О 10:15 рух спинили.", "Іван Зразок",
        "Підпишіться на канал рятувальників, закликав мер.",
        "Лише перевірена інформація потрапляє на табло, каже черговий.",
        "Фото з дрона показали тріщину в опорі.", "Поділитися хлібом прийшли навіть сусіди.",
        "Реклама коштувала громаді пів мільйона.",
        "Автор проєкту мосту Іван Зразок на відкриття не приїхав.", "Контакти підрядника поліція не розголошує.",
        "318 переглядів записали камери за добу, і всі — риби.", "Канал у Viber створили самі мешканці.",
        "Підписатися під петицією встигли дві тисячі людей.", "Нагадаємо, торік міст закривали двічі.", "Ціна поїздки",
        "– перевозити велосипеди", "Стежити за рівнем води допомагає стара рейка.",
    ),
    "en": (
        "Read also the small print, the lawyer told the crowd.", "On 14 May 2027 the clock will be stopped again.",
        "At 10:15 the bells were silent.", "Dana Sample",
        "Subscribe buttons on the council's page were broken on Monday.",
        "Only verified information goes on the board, the keeper said.",
        "Photos from a drone showed a crack in the tower.",
        "Share prices fell after the news.", "Advertising cost the town half a million.",
        "By noon the square was full.",
        "Contact with the workshop was lost in the storm.", "14 comments were sent to the council.",
        "Opening hours of the tower",
        "Follow the river and you reach the port.", "Join the queue early, the baker advises.", "– maps of the harbour",
        "Related species have been seen further south.", "Earlier the council had promised a new spring.",
    ),
    "ru": (
        "14 мая 2027 года зал закроют на два дня.", "В 10:15 движение остановили.", "Иван Образец",
        "Подпишитесь на канал спасателей, призвал мэр.", "Реклама обошлась городу в полмиллиона.",
        "Фото с дрона показали трещину в балке.", "Автор проекта на открытие не приехал.",
        "Поделиться книгами пришли даже соседи.", "Как сообщалось ранее, зал обещали открыть осенью.", "– читать вслух",
    ),
}  # fmt: skip
#: Teasers in the ways that sites write them: `{}` is the other article's headline.
TEASERS: Mapping[str, Sequence[str]] = {
    "uk": ("Читайте також: {}", "ЧИТАЙТЕ ТАКОЖ: {}", "Читайте також – {}", "Читайте также: {}", "Дивіться також: {}",
           "За темою: {}", "Читайте також\n{}", "Читайте ще: {}", "👉 Читайте також: {}", "До теми: {}",
           "Вас може зацікавити: {}", "Більше по темі: {}"),
    "en": ("Read also: {}", "RELATED: {}", "Read more: {}", "See also – {}", "READ NEXT: {}", "You may also like: {}",
           "Related story: {}", "Don't miss: {}", "Read also\n{}", "MORE ON THIS: {}"),
    "ru": ("Читайте также: {}", "По теме: {}", "Смотрите также – {}", "Читайте также\n{}", "Материалы по теме: {}"),
}  # fmt: skip
OTHERS = {"uk": "У парку висадили сорок лип", "en": "School kitchen wins a prize", "ru": "В парке высадили сорок лип"}


def _joined(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part)


def cases() -> Iterator[Case]:
    """Each line of furniture in its place around some article, and each doubtful sentence amid one."""
    number = 0
    for language in ("uk", "en", "ru"):
        ours = [clean for clean in CLEAN if clean.language == language]
        for place, table in (("above", ABOVE), ("below", BELOW), ("amid", AMID), ("end", END)):
            for line in table[language]:
                clean = ours[number % len(ours)]
                number += 1
                yield Case(
                    f"{language} {place}: {line[:30]!r}", _with(clean, place, line), clean, tuple(line.split("\n"))
                )
        for line in STAYS[language]:
            clean = ours[number % len(ours)]
            number += 1
            yield Case(f"{language} stays: {line[:30]!r}", _with(clean, "amid", line), clean, kept=(line,))
        for line in TEASERS[language]:
            clean = ours[number % len(ours)]
            number += 1
            other = OTHERS[language]
            yield Case(
                f"{language} teaser: {line[:30]!r}", _with(clean, "amid", line.format(other)), clean, related=(other,)
            )


def _with(clean: Clean, place: str, line: str) -> str:
    title, first, *rest = clean.headline, *clean.paragraphs
    if place == "above":
        return _joined(line, title, first, *rest)
    if place == "below":
        return _joined(title, line, first, *rest)
    return _joined(title, first, line, *rest) if place == "amid" else _joined(title, first, *rest, line)


def page(clean: Clean, chance: random.Random) -> str:
    """The article within random furniture of its language, in all places at once."""
    language = clean.language
    first, *rest = clean.paragraphs
    middle: list[str] = []
    for paragraph in rest:
        middle.append(paragraph)
        if chance.random() < 0.4 and not paragraph.startswith("–") and not paragraph.endswith(":") and " " in paragraph:
            middle.append(chance.choice(AMID[language]))
    above = chance.sample(list(ABOVE[language]), chance.randint(0, 2))
    below = chance.sample(list(BELOW[language]), chance.randint(0, 3))
    end = chance.sample(list(END[language]), chance.randint(0, 3))
    return _joined(*above, clean.headline, *below, first, *middle, *end)
