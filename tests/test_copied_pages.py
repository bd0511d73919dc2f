"""Whole pages as a mouse copies them: from the site's name down to the teasers under the story."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from bot.domain import Run, plain
from bot.domain.parse import Parsed, Pasted, parse


@dataclass(frozen=True)
class Copied:
    """A page, and what is read of it. `out` are beginnings of lines that are left out and named."""

    name: str
    text: str
    headline: str
    paragraphs: tuple[str, ...]
    out: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()


PAGES = (
    Copied(
        "a broadcaster's page",
        """Приклад Новини
Новини
Регіони
Київ
На Березняках через падіння уламків горить будинок. Є постраждалі
28.11.2026, 03:47
Іванна Приклад
редакторка стрічки
Пожежа на Березняках, 28 листопада 2026 року. ДСНС
Вночі 28 листопада через падіння уламків виникла пожежа на верхніх поверхах будинку.
Про це повідомили в КМВА.
Що відомо
Горять 2 квартири на 15 та 16 поверхах.
Читайте нас у Telegram: головні новини України та світу
Долучайтеся до нас у соцмережах: Facebook, Instagram, YouTube
київ
обстріл
пожежа
Топ дня
У горах зійшла лавина""",
        "На Березняках через падіння уламків горить будинок. Є постраждалі",
        (
            "Вночі 28 листопада через падіння уламків виникла пожежа на верхніх поверхах будинку.",
            "Про це повідомили в КМВА.",
            "Що відомо",
            "Горять 2 квартири на 15 та 16 поверхах.",
        ),
        ("Приклад Новини", "Регіони", "28.11", "Іванна", "редакторка", "Пожежа на", "київ", "обстріл", "пожежа"),
        ("У горах зійшла лавина",),
    ),
    Copied(
        "a paper's page with its name, the day and the headline twice",
        """Правдива газета
Новини
Вівторок, 28 листопада 2026, 12:31
Президент призначив нового посла в Норвегії
Роман Приклад — 28 листопада, 12:31
8452
Президент призначив нового посла в Норвегії
Василь Приклад. Фото: Офіс президента
Президент призначив Василя Приклада послом України в Норвегії.

Деталі: Попередній посол працював на посаді з 2022 року.

Читайте також: Хто представляє Україну у світі

Посол Норвегія указ
Реклама:
Будемо вдячні, якщо ви підтримаєте нас на Patreon
Головне сьогодні""",
        "Президент призначив нового посла в Норвегії",
        (
            "Президент призначив Василя Приклада послом України в Норвегії.",
            "Деталі: Попередній посол працював на посаді з 2022 року.",
            "Посол Норвегія указ",
        ),
        ("Правдива газета", "Вівторок", "Роман", "8452", "Василь Приклад. Фото", "Реклама", "Будемо вдячні", "Головне"),
        ("Хто представляє Україну у світі",),
        ("Посол Норвегія указ",),
    ),
    Copied(
        "an agency's page, its dates glued together",
        """Financial markets
Central bank holds key rate at 15.5%, flags inflation risks
By Olena Example
November 27, 20262:14 PM GMT+2Updated 3 hours ago
The headquarters of the central bank is seen in Kyiv, February 3, 2026. EXAMPLE/Jo Doe/File Photo, opens new tab

KYIV, Nov 27 - The central bank left its key interest rate unchanged on Thursday.
"We see no room for cuts," the governor told a briefing.
The Daily Briefing newsletter provides all the news you need to start your day. Sign up here.
The hryvnia traded at 42.35 to the dollar.
Reporting by Olena Example in Kyiv; Editing by Sam Doe
Our Standards: The Example Trust Principles.
, opens new tab""",
        "Central bank holds key rate at 15.5%, flags inflation risks",
        (
            "KYIV, Nov 27 - The central bank left its key interest rate unchanged on Thursday.",
            '"We see no room for cuts," the governor told a briefing.',
            "The hryvnia traded at 42.35 to the dollar.",
        ),
        (
            "Financial markets",
            "By Olena",
            "November 27",
            "The headquarters",
            "The Daily Briefing",
            "Reporting by",
            "Our",
        ),
    ),
    Copied(
        "two names of a site above, and what it offers below",
        """Radio Example
Радіо Приклад
Новини | Суспільство
Оприлюднено графік зимових канікул
28 листопада 2026, 10:15
Поділитися
Коментарі
Друк
Учні шкіл підуть на зимові канікули 25 грудня, повідомило міністерство.

Навчання відновиться 12 січня.

Дивіться також
Як працюють школи в укриттях
Показати ще новини""",
        "Оприлюднено графік зимових канікул",
        ("Учні шкіл підуть на зимові канікули 25 грудня, повідомило міністерство.", "Навчання відновиться 12 січня."),
        ("Radio Example", "Радіо Приклад", "Новини", "28 листопада", "Поділитися", "Друк", "Показати ще"),
        ("Як працюють школи в укриттях",),
    ),
    Copied(
        "a dated picture with its owner in brackets",
        """Explosion reported near the port, officials confirm
3 min read · Nov 28, 2026
By Jane Example and Sam Example
The aftermath of an attack in Odesa Oblast on Nov. 28, 2026. (State Emergency Service)
An explosion was reported near the port on Nov. 28, the governor said.

At least two people were injured.

Support independent journalism
We need your help. Become a member""",
        "Explosion reported near the port, officials confirm",
        (
            "An explosion was reported near the port on Nov. 28, the governor said.",
            "At least two people were injured.",
        ),
        ("3 min read", "By Jane", "The aftermath", "Support independent", "We need your help"),
    ),
    Copied(
        "two messages out of Telegram's desktop app",
        """ДСНС Приклад, [28.11.2026 12:30]
Рятувальники ліквідували пожежу на складі

Площа займання — 1200 м². Постраждалих немає.

ДСНС Приклад, [28.11.2026 12:41]
Причину встановлюють.""",
        "Рятувальники ліквідували пожежу на складі",
        ("Площа займання — 1200 м². Постраждалих немає.", "Причину встановлюють."),
        ("ДСНС Приклад, [28.11.2026 12:30]", "ДСНС Приклад, [28.11.2026 12:41]"),
    ),
    Copied(
        "a message with its sender before it",
        """[28.11.2026, 12:30:45] ДСНС Приклад: Рятувальники ліквідували пожежу на складі

Площа займання — 1200 м².""",
        "Рятувальники ліквідували пожежу на складі",
        ("Площа займання — 1200 м².",),
        ("[28.11.2026, 12:30:45] ДСНС Приклад",),
    ),
    Copied(
        "a channel's post with its links under it",
        """[Переслано з каналу Одеса. Приклад]
❗️В Одесі через шторм обмежили роботу порту

Пориви вітру — до 24 м/с, повідомляє адміністрація.

Одеса. Приклад | Прислати новину: @odesa_example_bot""",
        "❗️В Одесі через шторм обмежили роботу порту",
        ("Пориви вітру — до 24 м/с, повідомляє адміністрація.",),
        ("[Переслано", "Одеса. Приклад |"),
    ),
    Copied(
        "a press release by e-mail",
        """Від: Пресслужба громади <press@example.org>
Кому: news@example.com
Дата: пт, 27 лист. 2026 р. о 16:40
Тема: ПРЕС-РЕЛІЗ. У громаді відкрили центр підтримки

ПРЕС-РЕЛІЗ
Для негайного поширення

У громаді відкрили центр підтримки

27 листопада в громаді запрацював центр підтримки переселенців.

За день центр приймає до 80 людей.

Контакти для ЗМІ:
Марія Приклад, +380 50 123 45 67, press@example.org

--
З повагою,
Пресслужба громади""",
        "У громаді відкрили центр підтримки",
        ("27 листопада в громаді запрацював центр підтримки переселенців.", "За день центр приймає до 80 людей."),
        (
            "Від:",
            "Кому:",
            "Дата:",
            "Тема:",
            "ПРЕС",
            "Для негайного",
            "Контакти",
            "Марія",
            "--",
            "З повагою",
            "Пресслужба",
        ),
    ),
    Copied(
        "a mail whose headline is its subject alone",
        """---------- Forwarded message ---------
From: Council press office <press@example.org>
Date: Fri, 27 Nov 2026 at 16:40
Subject: Fwd: New bridge opens for cyclists
To: news@example.com

Dear colleagues,

The council has opened a bridge for cyclists.

It took two years to build.

Kind regards,
Sam Example
Press office""",
        "New bridge opens for cyclists",
        ("The council has opened a bridge for cyclists.", "It took two years to build."),
        ("----------", "From:", "Date:", "Subject: Fwd:", "To:", "Dear", "Kind regards", "Sam Example", "Press office"),
    ),
    Copied(
        "a post of a page on Facebook",
        """Приклад обласна військова адміністрація
3 год. ·
Спільний доступ: Усі
🚧 З понеділка перекриють рух мостом

Ремонт триватиме до 20 грудня.
Показати менше
Усі реакції:
512
48 коментарів
120 поширень
Подобається
Коментувати
Поширити""",
        "🚧 З понеділка перекриють рух мостом",
        ("Ремонт триватиме до 20 грудня.",),
        ("Приклад обласна", "3 год", "Спільний", "Показати", "Усі реакції", "512", "48", "120", "Подобається"),
    ),
    Copied(
        "a post of X with its counts",
        """Олена Приклад
@example_ua
Раду ухвалено: за бюджет 257 голосів

Дефіцит становить 18,5% ВВП.
2:14 PM · Nov 27, 2026
·
12.3K
Views
14
Reposts""",
        "Раду ухвалено: за бюджет 257 голосів",
        ("Дефіцит становить 18,5% ВВП.",),
        ("Олена Приклад", "@example_ua", "2:14 PM", "·", "12.3K", "Views", "14", "Reposts"),
    ),
    Copied(
        "lines of a printed page, words parted at their ends",
        """Мінімальна пенсія зросте

Уряд схвалив на своєму засіданні постанову про підви-
щення мінімальної пенсії для осіб, які досягли віку в
65 років, до 4 200 гривень, а також нову соціально-
економічну програму для міст і громад усієї Івано-
Франківщини.

Рішення ухвалено на робочому засіданні 27 листопада
2026 року. Видатки становитимуть 3,1 млрд.

Сторінка 1 з 2""",
        "Мінімальна пенсія зросте",
        (
            "Уряд схвалив на своєму засіданні постанову про підвищення мінімальної пенсії для осіб, які досягли віку в "
            "65 років, до 4 200 гривень, а також нову соціально-економічну програму для міст і громад усієї "
            "Івано-Франківщини.",
            "Рішення ухвалено на робочому засіданні 27 листопада 2026 року. Видатки становитимуть 3,1 млрд.",
        ),
        ("Сторінка 1 з 2",),
    ),
    Copied(
        "a player and a question to the reader",
        """Синоптики попередили про сильний вітер
Фото: УНІАН
Аудіоверсія
0:00 / 2:41
Пориви вітру сягатимуть 20 м/с.
Жовтий рівень небезпеки оголошено у 9 областях.
Більше про погоду:
Коли випаде сніг: прогноз на грудень
Ваша реакція?
👍 3 😢 1""",
        "Синоптики попередили про сильний вітер",
        ("Пориви вітру сягатимуть 20 м/с.", "Жовтий рівень небезпеки оголошено у 9 областях."),
        ("Фото: УНІАН", "Аудіоверсія", "0:00 / 2:41", "Ваша реакція", "👍 3"),
        ("Коли випаде сніг: прогноз на грудень",),
    ),
)


def read(text: str) -> Parsed:
    return parse(Pasted.of([Run(text)]))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_copied_page_becomes_its_story(page: Copied) -> None:
    parsed = read(page.text)
    article = parsed.article
    asked = [notice.values["lines"] for notice in parsed.notices if notice.text.startswith("Left in the text, though")]

    assert article.headline == page.headline
    assert (article.lead, *map(plain, article.body)) == page.paragraphs
    assert tuple(item.headline for item in article.related) == page.related
    assert [begin for begin in page.out if not any(each.text.startswith(begin) for each in parsed.dropped)] == []
    assert asked == ([page.asked] if page.asked else [])


@pytest.mark.parametrize(
    ("text", "paragraphs"),
    [
        ("Бюджет ухвалено\n\nДепутати підтримали його в другому читанні.\n\nЗа нього 270 голосів.", 2),
        (
            "Бюджет ухвалено\nДепутати підтримали його в другому читанні\n28 листопада\nЗа нього 270 голосів.",
            3,
        ),
        ("Рятувальники попереджають про ожеледицю\n\nНа дорогах слизько.\n\nНе виїжджайте без потреби", 2),
        ("Що взяти до укриття\n\nРадять рятувальники.\n\nвода\n\nліхтарик, які працюють.", 3),
        ("Хто отримає нагороди\n\nСписок оприлюднили.\n\nМарія Приклад\nОлена Приклад", 3),
        ("Від слів до діла\n\nКому допоможуть: родинам із дітьми.\n\nДата: 12 грудня, коли все почнеться.", 2),
        ("Хто сказав\n\nЗ повагою до всіх, хто голосував, каже мер.\n\nТак він відповів журналістам на питання.", 2),
        ("Міст відкрили у 2027 році. Фото\n\nЗа ним стежили до 12 квітня 2027. Далі їхали всі.\n\nРух триває.", 2),
    ],
)
def test_short_lines_of_a_story_stay(text: str, paragraphs: int) -> None:
    article = read(text).article

    assert article.headline == text.partition("\n")[0].removesuffix(". Фото")
    assert len([line for line in (article.lead, *article.body) if line]) == paragraphs
