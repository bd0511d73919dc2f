"""Readers' ordinary messages and the wishes behind them: a table, and properties of every message."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.readers.wishes import Wish, wish_of

#: What readers of both languages write, by what they wish; each line is one message.
SAID = {
    Wish.STOP: """
        відключіть мене від цього всього
        стоп
        Стоп!
        СТОП!!!
        стоп 🛑
        стооооп
        стп
        cтоп
        С Т О П
        стоп будь ласка
        стоп розсилка
        відписатись
        відписатися
        відписатися від розсилки
        Відпишіть мене, будь ласка
        відпишіть мене від вас
        відпсатись
        хочу відписатися
        Як відписатися?
        отписаться
        отпишите меня пожалуйста
        видписатись
        vidpysatys
        otpisatsya
        cnjg
        dslgbcfnbcm
        ыещз
        Не присилайте більше
        не присилайте мені більше новин
        не надсилайте мені нічого
        не шліть мені цього
        не пишіть мені
        не треба мені ваших новин
        не надо присылать
        не пишите мне больше
        більше не хочу отримувати
        я не хочу ваших повідомлень
        я на вас не підписувався
        досить
        Досить вже!
        годі
        хватит
        хватит спамить
        припиніть розсилку
        прекратите рассылку
        перестаньте мені писати
        відстаньте
        відчепіться
        скасувати підписку
        скасуйте підписку
        отменить подписку
        вимкніть сповіщення
        отключите уведомления
        видаліть мене зі списку
        удалите меня из рассылки
        зупиніть розсилку
        дякую, відпишіть мене
        Привіт, відпишіть мене від новин
        🛑
        unsubscribe
        Unsubscribe me please
        UNSUBSCRIBE!!
        unsubcribe
        usubscribe
        how do i unsubscribe?
        I want to unsubscribe
        stop
        Stop.
        stop sending me messages
        stop it
        please stop
        don't send me any more news
        Don't write to me
        do not send me messages
        no more messages please
        I don't want your news anymore
        cancel my subscription
        cancel
        remove me from the list
        take me off your list
        leave me alone
        opt-out
        quit
        enough!
        turn off notifications
        куда нажать чтоб отписаться
        забагато новин, відпишіть
        я вже тричі писав стоп
        мені це не цікаво
        not interested""",
    Wish.START: """
        поновити підписку
        старт
        start
        підписатися
        Підписатись
        підпишіть мене
        Хочу підписатися на новини
        як підписатись?
        подписаться
        хочу знову отримувати
        хочу знову отримувати новини
        поверніть новини
        верните рассылку
        відновити підписку
        увімкніть сповіщення
        надсилайте мені новини
        subscribe
        Subscribe me
        resubscribe
        I want to subscribe again
        send me the news again
        I want to receive news again
        хочу назад""",
    Wish.PRICE: """
        скільки коштує підписка
        do I have to pay?
        це безкоштовно?
        Is it free?""",
    Wish.LATEST: """
        шо там сьогодні
        останні новини
        Останні новини
        Що нового?
        шо нового
        новини
        новини за сьогодні
        головне за день
        де новини?
        свіжі новини
        Що сталося сьогодні?
        последние новости
        новости
        Latest news
        latest
        news
        What's new?
        any news?
        what happened today
        show me the news""",
    Wish.THANKS: """
        дяка
        класний канал 👍
        ви круті
        ого, дякую за оперативність
        дякую
        Дякую!
        Дякую вам велике
        спасибі
        спасибо большое
        дяки
        супер, дякую
        молодці
        👍
        ❤️❤️❤️
        🙏
        thanks
        Thank you!
        thx
        Thank you so much
        great job""",
    Wish.GREETING: """
        Доброго ранку, Вісник
        привіт
        Привіт!
        Доброго дня
        добрий вечір
        Доброго ранку!
        вітаю
        здравствуйте
        Слава Україні!
        hi
        Hello!
        hey there
        good morning""",
    Wish.FAREWELL: """
        па-па
        спокійної ночі
        до побачення
        бувайте
        пока
        bye
        goodbye
        Have a nice day""",
    Wish.WHO: """
        це офіційний канал?
        з якого ви міста
        хто тебе зробив
        де ви знаходитесь?
        хто ви?
        Хто ти?
        ти бот?
        це бот чи людина?
        що це за канал
        кто вы
        Хто це пише?
        who are you
        Who is this?
        are you a bot?
        what is this
        звідки у вас мій номер?""",
    Wish.HOW_OFTEN: """
        коли наступна новина?
        як часто ви пишете?
        скільки новин на день?
        как часто приходят новости
        коли виходять новини?
        коли ви пишете?
        о котрій ви пишете?
        у які години приходять новини?
        когда вы пишете?
        when do you write?
        when should I expect news?
        at what time do you send the news?
        How often do you write?
        how many messages a day?""",
    Wish.TOO_MUCH: """
        забагато повідомлень
        чому так багато новин?
        слишком часто пишете
        too many messages
        надто часто""",
    Wish.AT_NIGHT: """
        не шліть вночі
        Не шліть уночі!
        не пишіть вночі, будь ласка
        не пишіть мені вночі
        не надсилайте вночі
        не треба вночі писати
        не турбуйте вночі
        вночі не пишіть
        можна не писати вночі?
        по ночах не шліть
        не шліть так пізно
        не пишіть так рано
        рано вранці не пишіть
        не будіть мене
        ви мене розбудили
        не пишіть після 22
        не надсилайте після 23:00
        не шліть з 23 до 7
        не пишіть о 3 ночі
        чому вночі?
        чому ви пишете вночі
        навіщо слати новини вночі?
        чому так пізно?
        ви пишете вночі?
        забагато повідомлень вночі
        нічні повідомлення не надсилайте
        вночі діти сплять, не шліть
        вимкніть звук
        вимкніть сповіщення на ніч
        надсилайте без звуку
        тихі години
        не пишите ночью
        зачем ночью пишете
        не будите по ночам
        yt iksnm dyjxs
        don't write at night
        Don't send at night!
        do not send me messages at night
        please don't text me at night
        no messages at night please
        no news at night
        stop sending at night
        stop writing me at night
        not at night!
        why at night?
        why do you send news at night?
        why so late?
        don't send so early
        don't wake me up
        you woke me up
        don't write after 10 pm
        don't send after 22:00
        no messages between 11pm and 7am
        do you send at night?
        too many messages at night
        turn off the sound
        quiet hours""",
    Wish.SILENCE: """
        чому не приходять новини?
        Новини не приходять
        почему не приходят новости
        Why don't I get any news?
        I'm not receiving news
        чому ви не надсилаєте новини?""",
    Wish.LANGUAGE: """
        українською
        українською будь ласка
        Пишіть українською
        по-украински
        англійською
        english please
        English
        in English please
        in Ukrainian
        switch to english
        Українська
        на русском
        зміни мову
        змінити мову
        change language
        do you have English?
        I don't understand Ukrainian""",
    Wish.HELP: """
        допомога
        Що ти вмієш?
        команди
        як користуватися?
        помощь
        help
        how does this work?
        what can you do?""",
    Wish.MY_DATA: """
        які дані ви про мене маєте
        що ви знаєте про мене?
        мої дані
        what do you know about me
        my data""",
    Wish.FORGET: """
        видали всі мої дані
        delete all my data
        видаліть мої дані
        забудьте мене
        delete my data
        forget me""",
    Wish.SEARCH: """
        де новини про міст?
        Що з мостом?
        коли відкриють міст
        є щось про тролейбус?
        Що там з тролейбусами
        де новини про тролейбус?
        про вибори
        тролейбус
        Дякую, а коли відкриють міст?
        Доброго дня! Чи буде завтра вода на Сихові?
        Коли зупинять завод?
        Чому закрили стоп-лінію на перехресті?
        Чи поставлять знак «Стоп» біля школи?
        скільки коштує проїзд
        где новости про мост
        когда откроют мост
        знайди новини про бібліотеку
        where is the news about the bridge?
        what about the bridge
        when will the bridge open
        bridge
        library opening hours
        anything about the elections?
        did they stop the tram on Market Square?
        чи правда, що міст закрили?
        що сталося вночі?
        чому вночі не було світла?
        чи їздять вночі тролейбуси
        скільки градусів буде вночі
        why was there no water at night?
        is the bridge open at night?
        does the 5 tram run after 22?""",
    Wish.CHECK: """
        цей допис ваш?
        це правда?
        це фейк?
        is this true?
        Is it fake?
        це ваше?
        чи це ваш допис?
        це справжня новина?
        is this yours?""",
    Wish.DESK: """
        маю новину
        У мене є інформація, маю новину
        як з вами зв'язатися?
        контакти
        як вам написати?
        реклама
        I have a tip
        how can I contact you
        can I talk to a journalist?""",
    Wish.TELL: """
        У нас на вулиці Франка другий день немає світла
        щойно на проспекті зіткнулися дві машини
        у вас помилка в новині про міст
        Передайте міському голові, що двірники не прибирають сніг
        there is a mistake in your story about the bridge
        I saw a fire near the station this morning
        Сьогодні вранці комунальники нарешті полагодили лавки в парку""",
    Wish.FOREIGN: """
        مرحبا كيف حالك
        你好吗
        שלום לכולם""",
    Wish.UNCLEAR: """
        ?
        +
        так
        ні
        ок
        ага
        😂
        ...
        1
        yes
        ok""",
}
TABLE = [(line.strip(), wish) for wish, lines in SAID.items() for line in lines.split("\n") if line.strip()]
#: What a reader may say before or after any of it without taking it back.
COURTESIES = ("будь ласка", "please", "дякую", "привіт", "!!!", "🙏", "пожалуйста", "доброго дня")
#: Typed in the other layout of the keyboard, in which courtesies would be too.
OTHER_LAYOUT = {"cnjg", "dslgbcfnbcm", "ыещз"}
STOPS = [line for line, wish in TABLE if wish is Wish.STOP and "?" not in line and line not in OTHER_LAYOUT]


def test_readers_are_understood() -> None:
    wrong = {said: (heard, wish) for said, wish in TABLE if (heard := wish_of(said).wish) is not wish}

    assert wrong == {}
    assert len(TABLE) >= 158


@pytest.mark.parametrize(("said", "language"), [
    ("українською", "uk"), ("english please", "en"), ("по-украински", "uk"), ("на русском", "ru"),
    ("з англійської на українську", "uk"), ("зміни мову", ""),
])  # fmt: skip
def test_the_language_that_is_wished_for_is_known(said: str, language: str) -> None:
    heard = wish_of(said)

    assert (heard.wish, heard.language) == (Wish.LANGUAGE, language)


@pytest.mark.parametrize("said", [
    "не відписуйте мене", "не хочу відписуватися", "don't unsubscribe me", "Stop the war", "стоп-кран",
    "Коли зроблять зупинку Стоп", "відпустка", "опис", "why did the trains stop", "стовп", "допис",
    "підписка на газету",     "Чому припинили будівництво мосту?", "Скасували рейс на Варшаву", "стол",
    "відключення", "графік відключень", "відставка", "відстань до фронту", "останні", "скасування", "припинення вогню",
    "відпочинок", "кінець війни", "cancelled", "Коли кінець?", "end of war", "stopped trains", "shop", "step", "top",
])  # fmt: skip
def test_other_words_end_no_subscription(said: str) -> None:
    assert wish_of(said).wish is not Wish.STOP


@given(st.sampled_from(STOPS), st.lists(st.sampled_from(COURTESIES), max_size=3), st.booleans(), st.booleans())
def test_a_stop_stays_one_whatever_courtesy_and_form_it_has(
    said: str, courtesies: list[str], before: bool, loud: bool
) -> None:
    parts = [*courtesies, said] if before else [said, *courtesies]
    text = ", ".join(parts)

    assert wish_of(text.upper() if loud else f"  {text}\n").wish is Wish.STOP


@given(st.text(max_size=5000))
def test_every_text_has_a_wish(text: str) -> None:
    assert isinstance(wish_of(text).wish, Wish)


@pytest.mark.parametrize("text", [
    "😀" * 4096, "א" * 4096, "<script>alert(1)</script>" * 160, "'; DROP TABLE article; --" * 160,
    string.printable * 40, "а " * 2048, "\u202e" * 4096, "стоп " * 800, "%s{0}{id}" * 400,
])  # fmt: skip
def test_an_attack_is_a_wish_too_and_at_once(text: str) -> None:
    assert wish_of(text).wish in Wish
