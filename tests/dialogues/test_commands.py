"""Every command as chat: what is said, what is answered; on both platforms, in both languages."""

from __future__ import annotations

from tests.conftest import ARTICLE
from tests.dialogues.conftest import ARTICLE_IN_ENGLISH, Chat
from tests.helpers.catalogue import written

#: Written by hand in both languages: here each sentence is read as a person reads it. Elsewhere the tests take texts
#: from the catalogue.
AT_THE_DESK = {
    "uk": [
        ("/whoami", "Ваша роль у редакції: власник"),
        ("/list", "Черга порожня. Додати матеріал: /новий."),
        ("/doubts", "Усе гаразд: про"),
        ("/latest", "Ще нічого не опубліковано"),
        ("/show", "Зараз для /показати немає матеріалів. Черга: /черга."),
        ("/show 7", "Матеріалу #7 немає. Що чекає: /черга."),
        (f"/queue {ARTICLE}", "#1 · чернетка"),
        ("/list", "#1 · чернетка · Міст через Сулу"),
        ("/show 1", "Джерело: Полтавська ОВА"),
        ("/next 1", "#1 у черзі ✓ Вийде сьогодні о 18:30."),
        ("/list", "#1 · сьогодні о 18:30 · Міст"),
        ("/edit 1 лід: Рух відновлено.", "\nРух відновлено.\n"),
        ("/edit 1 лід: Рух відновлено.", "Нічого не змінилося: матеріал #1 уже такий."),
        ("/edit", "Який матеріал: /змінити?"),
        ("/now №1", "#1 виходить. Результат надійде сюди."),
        ("/show #1", "#1 · опубліковано · сьогодні о 13:00"),
        ("/latest", "Останнє:\n• Міст через Сулу"),
    ],
    "en": [
        ("/whoami", "an owner of this newsroom"),
        ("/list", "The queue is empty. Add an article: /queue"),
        ("/doubts", "All clear: we know"),
        ("/latest", "Nothing has been published yet."),
        ("/show", "Nothing is waiting for /show right now. /list shows"),
        ("/show 7", "There is no article #7. /list shows"),
        (f"/queue {ARTICLE_IN_ENGLISH}", "#1 · draft"),
        ("/list", "#1 · draft · The library"),
        ("/show 1", "Source: City council"),
        ("/next 1", "#1 is queued ✓ It goes out today at 18:30."),
        ("/list", "#1 · today at 18:30 · The library"),
        ("/edit 1 lead: Every day from December.", "\nEvery day from December.\n"),
        ("/edit 1 lead: Every day from December.", "Nothing changed: article #1 already reads like that."),
        ("/edit", "Which article is /edit for?"),
        ("/NOW 1", "#1 is going out now. The result will come here."),
        ("/show #1", "#1 · published · today at 13:00"),
        ("/latest", "The latest:\n• The library"),
    ],
}

#: The report has come: until then it is being published.
ONCE_IT_IS_OUT = {
    "uk": [
        ("/edit 1 лід: Пізно.", "#1 уже вийшов. Що змінити: /виправити 1, /доповнити 1 чи /уточнити 1;"),
        ("/cancel 1", "Матеріал #1 уже опубліковано."),
        ("/next 1", "Матеріал #1 уже опубліковано."),
        ("/now 1", "Матеріал #1 уже опубліковано."),
        ("/at 1 18:30", "Матеріал #1 уже опубліковано."),
        (f"/queue {ARTICLE}", "#2 · чернетка"),
        ("/cancel", "Який матеріал: /скасувати?"),
        ("/cancel 2", "#2 скасовано: матеріал не вийде."),
        ("/cancel 2", "Матеріал #2 скасовано. Редактор може повернути: /повернути 2. Що"),
        ("/hlep", "Не знаю команди /hlep. Може, одна з цих?"),
        ("/help", "/зараз 12 — опублікувати зараз"),
        ("/help час", "/час 12 18:30 — опублікувати в певний час"),
        ("Добрий день", "Щоб поставити матеріал у чергу, надішліть /новий, а далі текст."),
        ("/start", "Дякуємо, ви підписалися. Новини"),
        ("/start", "Ви вже підписані."),
        ("/stop", "Ви відписалися. Якщо захочете повернутися"),
        ("/stop", "Ви не підписані. Підписатися: /старт."),
    ],
    "en": [
        ("/edit 1 lead: Late.", "#1 is out. What changes: /correct 1, /update 1 or /clarify 1;"),
        ("/cancel 1", "Article #1 has already been published."),
        ("/next 1", "Article #1 has already been published."),
        ("/now 1", "Article #1 has already been published."),
        ("/at 1 18:30", "Article #1 has already been published."),
        (f"/queue {ARTICLE_IN_ENGLISH}", "#2 · draft"),
        ("/cancel", "Which article is /cancel for?"),
        ("/cancel 2", "#2 is cancelled: it does not go out."),
        ("/cancel 2", "Article #2 was cancelled. An editor takes it back with /undo 2; /list"),
        ("/hlep", "I don't know the command /hlep. Did you mean one of these?"),
        ("/help", "/now 12 — publish now"),
        ("/help at", "/at 12 18:30 — publish at a time"),
        ("Good day", "To queue an article, send /queue with the text after it."),
        ("/start", "Thank you for subscribing. Our"),
        ("/start", "You are already subscribed."),
        ("/stop", "You have unsubscribed. If you change"),
        ("/stop", "You are not subscribed. To subscribe: /start"),
    ],
}

TIMES = {
    "uk": [
        ("/at", "Який матеріал: /час?"),
        ("/at 1 18:30", "Вийде сьогодні о 18:30."),
        ("/at 1 через 20 хв", "Вийде сьогодні о 13:20."),
        ("/at 1 завтра 9:00", "Вийде завтра о 09:00."),
        ("/at 1 о пів на сьому", "Вийде сьогодні о 18:30."),
        ("/at 1 завтра", "О котрій саме публікувати #1? Оберіть або напишіть годину."),
        ("о 16-й", "Вийде завтра о 16:00."),
        ("/at 1 зараз", "Опублікувати #1 зараз?"),
        ("/at 1 у п’ятницю о 18:30", "Вийде пт, 27 лист. о 18:30."),
        ("/at 1 2026-12-01 08:00", "Вийде вт, 1 груд. о 08:00."),
        ("/at 1 12:00", "Сьогодні 12:00 уже минуло. Якщо на завтра, напишіть: завтра 12:00"),
        ("/at 1 20.11 08:00", "20.11 08:00 уже минуло. Напишіть пізніший час, наприклад: 24.11 14:00"),
        ("/at 1 2029-01-01 08:00", "До 01.01.2029 08:00 понад рік. Напишіть раніший час, наприклад: 25.11 13:00"),
        ("/at 1 31.02 9:00", "Такої дати чи часу немає: «31.02 9:00»."),
        ("/at 1 колись", "Не розумію часу «колись». Напишіть, наприклад, так: 18:30, завтра 9:00,"),
        ("/at 1 2027-03-28 03:30", "годинник переводять уперед. Напишіть натомість: 28.03.2027 04:30"),
        (
            "/at 1 2027-10-31 03:30",
            "Для першого разу напишіть: 31.10.2027 03:30+03:00. Для другого: 31.10.2027 03:30+02",
        ),
        ("/at 1 2027-10-31 03:30+02:00", "Вийде нд, 31 жовт. 2027"),
        ("/list", "#1 · нд, 31 жовт. 2027"),
    ],
    "en": [
        ("/at", "Which article is /at for?"),
        ("/at 1 18:30", "It goes out today at 18:30."),
        ("/at 1 in 20 min", "It goes out today at 13:20."),
        ("/at 1 tomorrow 9:00", "It goes out tomorrow at 09:00."),
        ("/at 1 half past six", "It goes out today at 18:30."),
        ("/at 1 tomorrow", "When exactly should #1 go out? Choose, or type the hour."),
        ("4pm", "It goes out tomorrow at 16:00."),
        ("/at 1 now", "Publish #1 now?"),
        ("/at 1 on Friday at 18:30", "It goes out Fri, Nov 27 at 18:30."),
        ("/at 1 2026-12-01 08:00", "It goes out Tue, Dec 1 at 08:00."),
        ("/at 1 12:00", "12:00 has already passed today. For tomorrow, type: tomorrow 12:00"),
        (
            "/at 1 2026-11-20 08:00",
            "20.11 08:00 has already passed. Type a later time, for example: 24.11 14",
        ),
        (
            "/at 1 2029-01-01 08:00",
            "01.01.2029 08:00 is more than a year ahead. Type an earlier time, for example: 25.11",
        ),
        ("/at 1 31.02 9:00", "There is no such date or time: “31.02 9:00”."),
        ("/at 1 someday", "I don't understand the time “someday”. Type it like one of these: 18:30, tomorrow 9:00,"),
        ("/at 1 2027-03-28 03:30", "the clocks go forward then. Type instead: 28.03.2027 04:30"),
        (
            "/at 1 2027-10-31 03:30",
            "For the first, type: 31.10.2027 03:30+03:00. For the second, type: 31.10.2027 03:30+02",
        ),
        ("/at 1 2027-10-31 03:30+02:00", "It goes out Sun, Oct 31, 2027"),
        ("/list", "#1 · Sun, Oct 31, 2027"),
    ],
}

IN_CYRILLIC = [
    ("/допомога", "Англійською теж можна: /queue, /list …"),
    ("/черга", "Черга порожня."),
    (f"/новий {ARTICLE}", "#1 · чернетка"),
    ("/показати 1", "#1 · чернетка"),
    ("/далі 1", "Вийде сьогодні о 18:30."),
    ("/час 1 завтра 9:00", "Вийде завтра о 09:00."),
    ("/змінити 1 лід: Рух відновлено.", "\nРух відновлено.\n"),
    ("/Скасувати 1", "#1 скасовано"),
    (f"/новий {ARTICLE}", "#2 · чернетка"),
    ("/зараз 2", "#2 виходить. Результат"),
    ("/сумніви", "Усе гаразд: про"),
    ("/останні", "Останнє:"),
    ("/хтоя", "власник"),
    ("/старт", "Дякуємо, ви підписалися."),
    ("/стоп", "Ви відписалися"),
]

#: A list, because answers at the other end of a field line are as many as the fields.
FIELDS = {
    "uk": [
        (
            "/edit 1 посилання: десь",
            "Не розумію «посилання: десь»: потрібна вебадреса. Напишіть так: посилання: https://",
        ),
        ("/edit 1 мова: фр", "мова — це код, як-от uk чи en. Напишіть так: мова: uk"),
        ("/edit 1 мова: fr", "Мова: французька\n⚠️ Мови тексту"),
        ("/edit 1 мова: uk", "Мова: українська"),
        (
            "/edit 1 після: стерти",
            "одне з цього: позначити, заглушка, видалити. Напишіть так: після: заглушка",
        ),
        ("/edit 1 закріпити: довго", "щонайбільше 30 днів. Напишіть так: закріпити: 3 год"),
        ("/edit 1 терміново: може", "тут має бути так або ні. Напишіть так: терміново: так"),
        ("/edit 1 фото: міст", "потрібна адреса, що починається з https://. Напишіть так: фото: https://"),
        ("/edit 1 підпис: Міст", "немає фото чи відео. Додайте його або напишіть рядок так: фото: https://"),
        ("/edit 1 заголовок: -", "Матеріал не може бути без заголовка. Напишіть так: заголовок:"),
        ("/edit 1 теми: дороги, мости\nтерміново: так", "Теми: дороги, мости\nМова: українська · Терміново"),
        (
            f"/edit 1 заголовок: {'Довгий заголовок ' * 20}",
            "У заголовку 339 символів, а вміщується щонайбільше 250. Скоротіть",
        ),
        ("/queue джерело: ОВА", "Немає заголовка. Надішліть матеріал так: перший рядок — заголовок"),
    ],
    "en": [
        (
            "/edit 1 link: somewhere",
            "I don't understand “link: somewhere”: it needs a web address. Type it like this: link: h",
        ),
        ("/edit 1 lang: klingon", "the language is a code such as uk or en. Type it like this: lang: uk"),
        ("/edit 1 lang: fr", "Language: French\n⚠️ The text is in a language that is none of the newsroom's"),
        ("/edit 1 lang: en", "Language: English"),
        ("/edit 1 after: wipe", "it is one of these: edit, stub, remove. Type it like this: after: stub"),
        ("/edit 1 pin: long", "it is how long the post stays pinned, up to 30 days. Like this: pin: 3 h"),
        ("/edit 1 urgent: perhaps", "it is either yes or no. Type it like this: urgent: yes"),
        ("/edit 1 photo: bridge", "it needs an address that starts with https://. Type it like this: photo: https://"),
        (
            "/edit 1 caption: A bridge",
            "there is no photo or video. Attach one, or add a line like this: photo: https://",
        ),
        ("/edit 1 headline: -", "An article needs a headline. Type it like this: headline: Bridge"),
        ("/edit 1 topics: roads, bridges\nurgent: yes", "Topics: roads, bridges\nLanguage: English · Urgent"),
        (
            f"/edit 1 headline: {'A long headline ' * 20}",
            "The headline has 319 characters, at most 250 fit. Make the first line shorter",
        ),
        ("/queue source: Council", "There is no headline. Send the article like this: the headline"),
    ],
}


async def test_every_command_answers_and_every_refusal_says_what_to_type(desk: Chat) -> None:
    await desk.holds(AT_THE_DESK[desk.language])
    await desk.sees("#{id} is out:", id=1)
    await desk.holds(ONCE_IT_IS_OUT[desk.language])


async def test_times_are_understood_as_people_type_them_and_refused_with_what_would_do(desk: Chat) -> None:
    await desk.drafts()

    await desk.holds(TIMES[desk.language])


async def test_field_lines_that_are_wrong_are_answered_with_what_would_be_right(desk: Chat) -> None:
    await desk.drafts()

    await desk.holds(FIELDS[desk.language])


async def test_white_space_at_the_end_of_an_edit_takes_nothing_from_its_beginning(desk: Chat) -> None:
    """Viber hands it on; Telegram cuts it off."""
    await desk.drafts()

    changed = await desk.says("/edit 1 lead: Every day.   ", desk.draft(1))
    assert "\nEvery day.\n" in changed.text


async def test_commands_have_ukrainian_names_too(editor: Chat) -> None:
    await editor.holds(IN_CYRILLIC)


async def test_the_desks_language_is_remembered_for_news_that_nobody_asked_for(desk: Chat) -> None:
    await desk.drafts()
    await desk.says("/now 1", "#1")

    await desk.hears(written("#{id} is out:", id=1)[desk.language])


async def test_an_unknown_app_language_gets_the_newsrooms_first(editor: Chat) -> None:
    editor.language = "de"
    editor.arrives()

    await editor.says("/list", "Черга порожня.")
