"""What a risky article needs: the strictest of the rules that cover it, told by topics, words, sources and names."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain import Article, Media, MediaKind, Related, Run, Source
from bot.domain.legible import legible, readings
from bot.domain.risk import Need, Rule, is_anonymous, names_person, need

CASUALTIES = Rule("casualties", "casualties", words=("загиб", "загинул", "поранен", "killed"), approvals=2,
                  checklist=("two sources", "families know"))  # fmt: skip
AFTERMATH = Rule("aftermath", "strike aftermath", topics=frozenset({"війна"}), words=("наслідк удар", "влучан"),
                 hold=timedelta(hours=3))  # fmt: skip
ANONYMOUS = Rule("anonymous", "anonymous source", anonymous_source=True, approvals=2)
ACCUSED = Rule("accused", "accusation", words=("звинувач", "підозр"), named_person=True, approvals=1,
               checklist=("their side was asked",))  # fmt: skip
RULES = (CASUALTIES, AFTERMATH, ANONYMOUS, ACCUSED)


def needed(headline: str, **more: object) -> Need:
    return need(Article(headline, **more), RULES, 1)  # type: ignore[arg-type]


def test_an_ordinary_article_needs_what_every_article_does() -> None:
    assert needed("Міст відкрили") == Need(1)
    assert need(Article("Міст відкрили"), (), 0) == Need(0)


def test_the_strictest_of_all_rules_counts_and_each_says_why() -> None:
    found = needed(
        "Наслідки удару: є загиблі, поліція звинувачує Івана Коваля",
        topics=("Війна",),
        sources=(Source("джерело в поліції"),),
    )

    assert found == Need(
        approvals=2,
        checklist=("two sources", "families know", "their side was asked"),
        hold=timedelta(hours=3),
        because=("casualties", "strike aftermath", "anonymous source", "accusation"),
    )


def test_a_rule_covers_only_what_meets_all_of_its_conditions() -> None:
    assert needed("Наслідки удару по порту").hold == timedelta(0)  # not on its topic
    assert needed("Наслідки удару по порту", topics=("війна",)).hold == timedelta(hours=3)
    assert needed("Поліція когось звинувачує").because == ()  # nobody is named
    assert not Rule("empty", "without conditions", approvals=3).covers(Article("Міст"))


def test_a_rule_that_asks_no_more_than_every_article_needs_is_not_named() -> None:
    rule = Rule("towns", "towns", words=("міст",), approvals=1)

    assert need(Article("Міст відкрили"), [rule], 1) == Need(1)
    assert need(Article("Міст відкрили"), [rule], 0) == Need(1, because=("towns",))


@pytest.mark.parametrize(
    "article",
    [
        Article("Загинули двоє"),
        Article("Порт", lead="Є ПОРАНЕНІ."),
        Article("Порт", body=((Run("Серед "), Run("загиблих", bold=True), Run(" — рибалки.")),)),
        Article("Порт", body=((Run("«Поранених» більше"),),)),
        Article("Порт", body=((Run("заги́нули"),),)),
        Article("Порт", media=Media(MediaKind.PHOTO, "https://example.org/a.jpg", caption="Де загинули люди")),
        Article("Two killed in port"),
    ],
)
def test_words_are_found_in_every_form_and_place(article: Article) -> None:
    assert CASUALTIES.covers(article)


@pytest.mark.parametrize(
    "article",
    [
        Article("Міст відкрили", related=(Related("Загинули двоє"),)),
        Article("Міст відкрили", sources=(Source("Фонд «Загиблі»"),)),
        Article("Overkilled or not"),
    ],
)
def test_words_of_casualties_are_not_found_in_other_words(article: Article) -> None:
    assert not CASUALTIES.covers(article)


STRIKE = Rule("strike", "strike", words=("приліт", "наслідки удар", "повітряна тривога", "aftermath of"), approvals=2)


@pytest.mark.parametrize(
    "text",
    [
        "У місті _загинули_ двоє",
        "У місті *загинули*, двоє",
        "__загинули__ двоє",
        "заги*нули* двоє",
        "є_загиблі",
        "зaгинули двоє",  # a Latin a
        "3агинули двоє".replace("3аг", "заг\u00ad"),
        "за\u200bги\u2060нули двоє",
        "за-\nгинули двоє",
        "за- гинули двоє",
        "пора\u0301нені",
        "пора\u0336нені",
        "two killеd in port",  # a Cyrillic е
        "two 𝐤𝐢𝐥𝐥𝐞𝐝 in port",
        "two кilled in port",
    ],
)
def test_a_word_is_found_as_a_person_reads_it(text: str) -> None:
    needs = needed(text)

    assert needs.because == ("casualties",)
    as_typed = text in ("пора\u0301нені", "У місті *загинули*, двоє")
    assert needs.unmasked == (() if as_typed else ("casualties",))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Наслідки нічного удару", True),
        ("наслідків масованого російського удару", True),
        ("Наслідки вчорашнього дуже сильного удару", False),
        ("Про наслідки. Удару не було", False),
        ("наслідки\nудару", False),
        ("під час повітряної тривоги", True),
        ("на повітряній, третій сьогодні, тривозі", True),
        ("повітряну тривогу", True),
        ("Aftermath of the strike", True),
        ("прилiт", True),  # a Latin i
        ("наш літ", False),
    ],
)
def test_a_phrase_bends_and_lets_words_between(text: str, found: bool) -> None:
    assert STRIKE.covers(Article(text)) is found


def test_sources_and_names_are_read_as_a_person_reads_them() -> None:
    assert is_anonymous(Source("джeрело в поліції"))  # a Latin e
    assert is_anonymous(Source("*джерело* в _поліції_"))
    assert names_person("слідчий _Іван_ *Коваль*")
    assert needed("Поліція звинувaчує _Івана_ Коваля").unmasked == ("accusation",)
    assert needed("Порт", sources=(Source("дже\u200bрело в поліції"),)).unmasked == ("anonymous source",)


LOOK_ALIKE = dict(zip("аеіорсху", "aeiopcxy", strict=True))


@settings(deadline=None)
@given(
    word=st.sampled_from(["загинули", "загиблих", "поранено", "пораненим"]),
    changes=st.lists(
        st.tuples(st.integers(1, 7), st.sampled_from("*_~`\u200b\u2060\u00ad\u0301\u0336-=")),
        max_size=3,
        unique_by=lambda change: change[0],
    ),
)
def test_a_masked_word_is_found_and_readers_see_it_as_it_was(word: str, changes: list[tuple[int, str]]) -> None:
    letters = list(word)
    for at, sign in changes:
        if sign == "=":
            letters[at] = LOOK_ALIKE.get(letters[at], letters[at])
        else:
            letters[at] += "-\n" if sign == "-" else sign * 2 if sign == "`" else sign
    article = Article("У місті", "".join(["Двоє ", *letters, " учора."]))

    assert CASUALTIES.covers(article)
    assert article.lead == "".join(["Двоє ", *letters, " учора."])


@settings(deadline=None)
@given(st.text(st.characters() | st.sampled_from("абвіїйґaeio*_~-'’\n 03"), max_size=60))
def test_reading_is_settled_and_never_fails(text: str) -> None:
    for way in readings(text):
        assert legible(way).casefold() in {each.casefold() for each in readings(way)}


@settings(deadline=None)
@given(
    stem=st.text("абвгґдеєжзиіїйклмнопрстуфхцчшщьюя", min_size=3, max_size=10),
    ending=st.text("аеєиіїоуюяйьхмвтс", max_size=6),
    glued=st.text("абвгде", min_size=1, max_size=4),
    around=st.sampled_from(
        [("", ""), ("— ", "!"), ("«", "»"), ("(", ")"), ("у ", ", але"), ("'", "'"), ("прес-", ".")]
    ),
    upper=st.booleans(),
)
def test_a_words_beginning_finds_every_ending_and_nothing_inside_of_a_word(
    stem: str, ending: str, glued: str, around: tuple[str, str], upper: bool
) -> None:
    rule = Rule("one", "one", words=(stem,), approvals=1)
    text = around[0] + stem + ending + around[1]

    assert rule.covers(Article(text.upper() if upper else text))
    if stem not in (glued + stem)[: len(stem)]:
        assert not rule.covers(Article(f"{glued}{stem}{ending}"))


@settings(deadline=None)
@given(st.lists(st.sampled_from(RULES), max_size=6), st.sampled_from(RULES), st.integers(0, 3))
def test_one_rule_more_never_asks_for_less_and_their_order_does_not_matter(
    rules: list[Rule], more: Rule, least: int
) -> None:
    article = Article("Є загиблі", topics=("війна",), sources=(Source("анонімне джерело"),))
    before, after, reversed_ = (need(article, each, least) for each in (rules, [*rules, more], rules[::-1]))

    assert after.approvals >= before.approvals >= least
    assert after.hold >= before.hold
    assert set(after.checklist) >= set(before.checklist)
    assert (before.approvals, before.hold) == (reversed_.approvals, reversed_.hold)
    assert set(before.checklist) == set(reversed_.checklist)


@pytest.mark.parametrize(
    "name",
    [
        "джерело в поліції",
        "Джерела у Міноборони",
        "джерело ТСН у СБУ",
        "співрозмовник редакції",
        "джерела, близькі до слідства",
        "наші джерела",
        "Джерело",
        "анонімний чиновник",
        "невідомо",
        "a source in the ministry",
        "sources familiar with the case",
        "our sources",
        "an unnamed official",
        "…",
    ],
)
def test_a_source_that_names_nobody_is_anonymous(name: str) -> None:
    assert is_anonymous(Source(name))


@pytest.mark.parametrize(
    "source",
    [
        Source("ДСНС"),
        Source("Полтавська ОВА", "https://example.org/ova"),
        Source("", "https://example.org"),
        Source("", own=True),
        Source("Олена Джерелюк"),
        Source("Resource Ministry"),
        Source("Мінресурсів"),
        Source("Reuters"),
    ],
)
def test_a_source_with_a_name_is_not_anonymous(source: Source) -> None:
    assert not is_anonymous(source)


@pytest.mark.parametrize(
    "text",
    [
        "Ірина Коваль пояснила рішення.",
        "Про це сказала Ірина Коваль.",
        "слідчий І. Коваль",
        "слідчий І.П. Коваль",
        "Мер міста Іван Петренко-Коваль подав у відставку",
        "Ім'я назвав Дем'ян О'Ніл",
        "Mayor John Smith resigned",
    ],
)
def test_a_text_that_names_a_person_is_recognized(text: str) -> None:
    assert names_person(text)


@pytest.mark.parametrize(
    "text",
    [
        "Міст через Сулу відкрили",
        "Сьогодні Полтава без води",
        "У Києві дощ. Завтра сонце.",
        "МЗС України заявило",
        "Так сказав мер. Полтава чекає",
        "The city waits. Today London sleeps.",
        "",
    ],
)
def test_a_text_without_a_persons_name_is_recognized(text: str) -> None:
    assert not names_person(text)
