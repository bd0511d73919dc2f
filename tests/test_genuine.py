"""A text beside ours: what is the same, what differs, and that nothing which differs is ever called the same."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain import Article, Labels, Masthead, Press, Related, Run, Source, Verification
from bot.domain.genuine import (
    LONGEST,
    How,
    Verdict,
    address_of,
    asked_of,
    foreign_links,
    found_by,
    grams_of,
    host_of,
    imprint_of,
    judge,
    read,
)
from bot.domain.genuine.links import Places

OURS = """Міст через Сулу відкрили після ремонту
⚠️ З одного джерела, перевіряємо

Рух відновили в обох напрямках, обмеження для вантажівок зняли. Ремонт коштував 1 500 000 гривень, це на 5,5 % менше.

За словами підрядника, «міст простоїть пів століття». Температура вночі сягала −5 градусів.

Джерело: Полтавська ОВА"""

EN = "The library on Market Square opens on Sundays. Readers come every day. Last year 40,000 people borrowed a book."


def verdict(theirs: str, ours: str = OURS) -> Verdict:
    return judge(read(theirs), read(ours)).verdict


@pytest.mark.parametrize(
    "theirs",
    [
        OURS,
        OURS.replace("\n\n", "\n"),
        OURS.replace("\n", "\r\n"),
        " ".join(OURS.split()),
        OURS.replace("1 500 000", "1\u00a0500\u202f000"),
        OURS.replace("1 500 000", "1,500,000"),
        OURS.replace("5,5 %", "5.5%"),
        OURS.replace("−5", "-5"),
        OURS.replace("«", "“").replace("»", "”"),
        OURS.replace("Рух", "**Рух**").replace("зняли.", "зняли. 🔹"),
        "⚡️❗️ " + OURS + " 🙏",
        OURS.upper(),
        OURS.replace("мі", "м\u200bі").replace("ст", "с\u00adт"),
        "\u200f\u2068" + OURS + "\u2069",
        OURS.replace("й", "и\u0306"),
        OURS.replace("підрядника", "підря́дника"),
    ],
)
def test_what_copying_does_to_a_text_leaves_it_the_same(theirs: str) -> None:
    assert verdict(theirs) is Verdict.SAME


@pytest.mark.parametrize(
    ("change", "to", "expected"),
    [
        ("1 500 000", "15 000 000", Verdict.ALTERED),
        ("1 500 000", "150 000", Verdict.ALTERED),
        ("5,5 %", "55 %", Verdict.ALTERED),
        ("5,5 %", "5,5", Verdict.ALTERED),
        ("−5", "5", Verdict.ALTERED),
        ("гривень", "доларів", Verdict.ALTERED),
        ("Сулу", "Псел", Verdict.ALTERED),
        ("зняли", "не зняли", Verdict.ALTERED),
        ("обмеження для вантажівок ", "", Verdict.ALTERED),
        ("зняли. ", "зняли. Влада приховує правду. ", Verdict.ALTERED),
        ("⚠️ З одного джерела, перевіряємо", "✅ Підтверджено", Verdict.ALTERED),
        ("Полтавська ОВА", "Міноборони", Verdict.ALTERED),
        ("Рух відновили в обох напрямках, обмеження для вантажівок зняли. ", "", Verdict.GAPS),
        ("⚠️ З одного джерела, перевіряємо\n", "", Verdict.GAPS),
        ("ремонту\n", "ремонту?\n", Verdict.MARKS),
        ("«міст простоїть пів століття»", "міст простоїть пів століття", Verdict.MARKS),
        ("⚠️ З", "✅ З", Verdict.MARKS),
        ("пів століття", "\u202eпів століття", Verdict.MARKS),
        ("ремонт", "peмонт", Verdict.LETTERS),
        ("Сулу", "Cулу", Verdict.LETTERS),
    ],
)
def test_a_change_is_named_by_what_it_is(change: str, to: str, expected: Verdict) -> None:
    assert change in OURS
    assert verdict(OURS.replace(change, to, 1)) is expected


@pytest.mark.parametrize(
    ("theirs", "expected"),
    [
        ("Ремонт коштував 1 500 000 гривень, це на 5,5 % менше.", Verdict.EXCERPT),
        ("Міст через Сулу відкрили після ремонту", Verdict.EXCERPT),
        ("Міст через Сулу відкрили після ремонту?", Verdict.MARKS),
        ("ТЕРМІНОВО! Запасайтеся готівкою! " + OURS, Verdict.ADDED),
        (OURS + "\n\nКартка для пожертв: 4441 1144 2233 5566, дякуємо", Verdict.ADDED),
        ("Сьогодні гарна погода, і всі йдуть гуляти до парку біля річки.", Verdict.UNKNOWN),
        ("مرحبا كيف حالك اليوم يا صديقي", Verdict.UNKNOWN),
        ("😀" * 4096, Verdict.UNKNOWN),
        ("", Verdict.UNKNOWN),
    ],
)
def test_a_part_of_ours_is_no_whole_and_the_rest_is_not_ours(theirs: str, expected: Verdict) -> None:
    assert verdict(theirs) is expected


def test_the_difference_is_shown_word_by_word() -> None:
    altered = judge(read(EN.replace("40,000", "400,000")), read(EN))
    added = judge(read("BREAKING: stock up on cash right now! " + EN), read(EN))
    excerpt = judge(read("Readers come every day."), read(EN))

    assert [(each.how, each.ours, each.theirs) for each in altered.differences] == [
        (How.CHANGED, "Last year 40,000 people borrowed", "Last year 400,000 people borrowed")
    ]
    assert [each.theirs for each in added.differences] == ["BREAKING: stock up on cash right now"]
    assert (excerpt.before, excerpt.after[:9]) == ("The library on Market Square opens on Sundays", "Last year")


WORDS = st.sampled_from([*OURS.split(), "не", "not", "1000", "-5", "5%", "0", "?", "Сула", "peмонт"])


@settings(max_examples=400)
@given(st.lists(WORDS, max_size=60), st.integers(0, 50), st.integers(0, 50))
def test_the_four_best_verdicts_are_said_of_unbroken_words_alone(other: list[str], low: int, high: int) -> None:
    words = OURS.split()
    theirs = read(" ".join([*words[low:high], *other[:3], *words[high : high + 10]] if other else words[low:high]))
    ours = read(OURS)
    keys, whole = theirs.keys, ours.keys
    unbroken = bool(keys) and any(whole[at : at + len(keys)] == keys for at in range(len(whole)))

    said = judge(theirs, ours).verdict
    assert said.is_unbroken is unbroken
    assert said is not Verdict.SAME or keys == whole


@given(st.text(max_size=300), st.text(max_size=300))
def test_no_text_breaks_the_comparison(one: str, other: str) -> None:
    judged = judge(read(one), read(other))

    assert judged.verdict is not Verdict.SAME or read(one).keys == read(other).keys


def test_of_an_endless_text_the_beginning_is_compared() -> None:
    long = "слово " * LONGEST

    assert not read(long).whole
    assert judge(read(long), read(long)).verdict is not Verdict.SAME


@pytest.mark.parametrize(
    ("link", "foreign"),
    [
        ("https://visnyk.example/news/1", ""),
        ("http://visnyk.example", ""),
        ("https://VISNYK.example./x?utm=1", ""),
        ("https://visnyk.example.evil.example/x", "visnyk.example.evil.example"),
        ("https://visnyk.example@evil.example/x", "evil.example"),
        ("https://evil-visnyk.example/x", "evil-visnyk.example"),
        ("https://vіsnyk.example/x", "xn--vsnyk-n2e.example"),
        ("https://t.me/visnyk_news", ""),
        ("t.me/Visnyk_News/57?single", ""),
        ("@visnyk_news", ""),
        ("https://t.me/visnyk_news5/57", "t.me/visnyk_news5"),
        ("@visnyk_new5", "t.me/visnyk_new5"),
        ("https://example.org/ova", ""),
        ("https://example.org/pay", "example.org"),
        ("tg://user", "tg://user"),
        ("tg://emoji", ""),
        ("https://invite.viber.com/?g2=visnyk", ""),
        ("https://invite.viber.com/?g2=evil", "invite.viber.com/g2=evil"),
    ],
)
def test_a_link_is_ours_by_its_exact_place(link: str, foreign: str) -> None:
    places = Places.of(["https://visnyk.example"], ["https://t.me/visnyk_news", "https://invite.viber.com/?g2=visnyk"])
    found = foreign_links([link], ["example.org/ova"], places)

    assert [host_of(each) for each in found] == ([foreign] if foreign else [])


def test_links_in_a_text_are_none_of_its_words() -> None:
    text = read(f"{EN} 👉 https://evil.example/pay, @visnyk_new5.")

    assert text.links == ("https://evil.example/pay", "@visnyk_new5")
    assert text.keys == read(EN).keys
    assert address_of("https://t.me/Visnyk/") == "t.me/visnyk"


@pytest.mark.parametrize("part", [OURS, OURS[:150], "Міст через Сулу відкрили після ремонту", "ДЖЕРЕЛО: " + OURS[40:]])
def test_an_article_is_found_by_any_piece_of_it(part: str) -> None:
    kept = {1: grams_of([read(EN)]), 2: grams_of([read(OURS)])}
    rows = [(gram, number) for number, grams in kept.items() for gram in grams]
    asked = asked_of(read(part))

    assert found_by(asked, [row for row in rows if row[0] in asked])[:1] == [2]


def test_a_sentence_of_daily_templates_finds_three_of_them() -> None:
    asked = asked_of(read("Only verified information is here."))

    assert found_by(asked, [(gram, number) for gram in asked for number in range(1, 101)]) == [100, 99, 98]


PRESS = Press(
    {"uk": Masthead("Вісник", "Лише перевірена інформація.", telegram="https://t.me/visnyk_news")},
    {
        "uk": Labels(
            "Джерело", "Читайте також", "Відео", "Фото", "Читати повністю", "Терміново",
            statuses={Verification.SINGLE_SOURCE: "⚠️ З одного джерела"},
        )
    },
    "uk",
)  # fmt: skip


def test_the_link_to_the_record_is_no_foreign_one_and_its_word_no_added_one() -> None:
    check = "https://bot.example/v/00000CK"
    press = replace(PRESS, labels={key: replace(each, verify="Перевірити") for key, each in PRESS.labels.items()})
    article = Article("Міст відкрили", lead="Рух відновили в обох напрямках на мосту.")
    post = "Міст відкрили\n\nРух відновили в обох напрямках на мосту.\n\nЛише перевірена інформація.\nTelegram · Viber"
    ours, *_ = imprint_of(article, press, {}, check).renditions

    for copied in (f"{post} · Перевірити", f"{post}\nПеревірити: {check}", f"{post} · Перевірити {check}"):
        theirs = read(copied).without_tail(ours.tails())
        assert judge(theirs, ours.read()).verdict is Verdict.SAME
        assert foreign_links([*theirs.links, check], ours.links, Places()) == ()
    assert foreign_links(["https://evil.example/v/00000CK"], ours.links, Places()) == ("evil.example/v/00000CK",)


def test_what_stands_around_an_article_need_not_be_copied() -> None:
    article = Article(
        "Міст відкрили",
        lead="Рух відновили в обох напрямках.",
        body=((Run("Ремонт тривав рік.", link="https://example.org/r"),),),
        sources=(Source("ОВА", "https://example.org/ova"),),
        related=(Related("Паром зупинили"),),
        status=Verification.SINGLE_SOURCE,
    )
    core = "Міст відкрили\n⚠️ З одного джерела\n\nРух відновили в обох напрямках.\n\nРемонт тривав рік.\n\nДжерело: ОВА"
    around = "\n\nЧитайте також:\n• Паром зупинили\n\nЛише перевірена інформація.\nTelegram · Viber"
    found = imprint_of(
        article, PRESS, {"telegram": [core + around, core + around], "viber": [core[:-14] + " …"]}
    ).renditions

    assert [each.outlet for each in found] == ["full", "viber"]
    assert found[0].links == ("example.org/ova", "example.org/r", "t.me/visnyk_news")
    for copied in (
        core,
        core + around,
        core + around.replace("Паром зупинили", ""),
        core + "\nTelegram: t.me/visnyk_news",
    ):
        theirs = read(copied).without_tail(found[0].tails())
        assert judge(theirs, found[0].read()).verdict is Verdict.SAME
    begun = read(f"{core}\n\nЛише перевірена").without_begun(found[0].tails())
    assert judge(begun, found[0].read()).verdict is Verdict.SAME
    assert judge(read(core.replace("⚠️ З одного джерела\n", "")), found[0].read()).verdict is Verdict.GAPS


#: A daily report, the next day's, and the first with what forgers change of it.
REPORT = """Суми: за добу 128 викликів

Служби міста Суми прийняли 128 викликів, з них 17 термінових.

Постраждали 5 осіб, рух обмежено на 5 вулицях. Температура 3 градуси, вітер до 12 м/с."""
NEXT_DAY = """Суми: за добу 97 викликів

Служби міста Суми прийняли 97 викликів, з них 21 терміновий.

Постраждали 2 особи, рух обмежено на 8 вулицях. Температура 6 градусів, вітер до 4 м/с."""


@pytest.mark.parametrize(
    ("theirs", "said"),
    [
        (NEXT_DAY, Verdict.RETOLD),
        (NEXT_DAY.replace("Суми", "Ромни"), Verdict.RETOLD),
        (REPORT.replace("5 осіб", "50 осіб"), Verdict.ALTERED),
        (REPORT.replace("128", "228"), Verdict.ALTERED),
        (REPORT.replace("128", "228").replace("5 осіб", "15 осіб"), Verdict.ALTERED),
        (REPORT.replace("Суми", "Ромни"), Verdict.ALTERED),
        (REPORT.split("\n")[0].replace("128", "129"), Verdict.ALTERED),
    ],
)
def test_the_next_days_report_is_another_text_and_a_changed_one_is_altered(theirs: str, said: Verdict) -> None:
    judged = judge(read(theirs), read(REPORT))

    assert judged.verdict is said
    assert judged.differences
