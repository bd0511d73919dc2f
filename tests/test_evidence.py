"""How far an article is checked and who says so: typed by the desk, kept, and shown to readers on both platforms."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.adapters.telegram.render import CAPTION_LIMIT, TEXT_LIMIT
from bot.adapters.telegram.render import render as telegram
from bot.adapters.viber.render import CAPTION_LIMIT as VIBER_CAPTION
from bot.adapters.viber.render import TEXT_LIMIT as VIBER_TEXT
from bot.adapters.viber.render import render as viber
from bot.adapters.viber.render import to_json, units
from bot.commands.cards import STATUSES as SHOWN
from bot.domain import Article, Labels, Masthead, Media, MediaKind, Outlet, Related, Run, Source, Verification
from bot.domain.parse import Pasted, apply_fields, parse
from bot.texts import Catalogue
from config.settings import LOCALES

STATUSES = {
    Verification.CONFIRMED: "✅ Підтверджено",
    Verification.SINGLE_SOURCE: "⚠️ З одного джерела, перевіряємо",
    Verification.DEVELOPING: "🔄 Подія розвивається",
    Verification.DENIAL: "❗ Спростування",
    Verification.OPINION: "💬 Думка",
}
OWN = "власний кореспондент"
LABELS = Labels("Джерело", "Читайте також", "Відео", "Фото", "Повний текст", "Терміново", OWN, STATUSES)
MASTHEAD = Masthead(
    "Вісник", "Лише перевірене.", telegram="https://t.me/visnyk", viber="https://invite.viber.com/?g2=v"
)
READERS = Outlet(MASTHEAD, LABELS)
CHANNEL = Outlet(MASTHEAD, LABELS, keyboard=False)
NOTE = "NOTE-подзвонити-до-прокуратури"


def read(*lines: str) -> Article:
    return parse(Pasted.of([Run("\n".join(["Міст відкрили", "", "Рух є.", "", *lines]))])).article


def question(*lines: str) -> str:
    """The first thing that the card asks or tells about the lines."""
    notices = parse(Pasted.of([Run("\n".join(["Міст відкрили", "", "Рух є.", "", *lines]))])).notices
    return notices[0].text.format(**notices[0].values)


# What is typed


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("status: confirmed", Verification.CONFIRMED),
        ("Status: Single source", Verification.SINGLE_SOURCE),
        ("status: single_source.", Verification.SINGLE_SOURCE),
        ("STATUS: developing", Verification.DEVELOPING),
        ("status: denial", Verification.DENIAL),
        ("status: Opinion", Verification.OPINION),
        ("статус: підтверджено", Verification.CONFIRMED),
        ("Статус: одне джерело", Verification.SINGLE_SOURCE),
        ("статус: з одного джерела", Verification.SINGLE_SOURCE),
        ("статус: Розвивається", Verification.DEVELOPING),
        ("статус: спростування", Verification.DENIAL),
        ("статус: думка", Verification.OPINION),
        *((f"статус: {shown}", status) for status, shown in STATUSES.items()),
    ],
)
def test_a_status_is_typed_in_both_languages_and_as_readers_see_it(line: str, status: Verification) -> None:
    article = read(line)

    assert article.status is status
    assert article.body == ()


def test_an_unknown_status_is_answered_with_the_five_words() -> None:
    assert question("status: sure") == (
        "I don't understand “status: sure”: a status is one of these: confirmed, single source, developing, denial, "
        "opinion. Type it like this: status: confirmed"
    )
    assert "підтверджено, одне джерело, розвивається, спростування, думка" in question("статус: певно")


def test_a_sentence_about_a_status_stays_in_the_text() -> None:
    sentence = "Статус: справу передали до суду ще торік"

    assert read("Ремонт тривав рік.", "", sentence).body[-1] == (Run(sentence),)


@pytest.mark.parametrize(
    "line", ["source: own correspondent", "Джерело: власний кореспондент", "джерело: Наша кореспондентка."]
)
def test_the_own_correspondent_is_a_source_without_a_name(line: str) -> None:
    assert read(line).sources == (Source("", own=True),)


def test_an_own_correspondent_may_stand_among_others_and_have_a_link() -> None:
    article = read("source: ДСНС", "source: own correspondent https://example.org/a")

    assert article.sources == (Source("ДСНС"), Source("", "https://example.org/a", own=True))


@pytest.mark.parametrize("line", ["source: ?", "source: …", "source: ()"])
def test_a_source_that_is_only_punctuation_is_no_source(line: str) -> None:
    assert "I don't understand" in question(line)


def test_notes_are_kept_for_the_desk_and_may_be_several() -> None:
    article = read("note: call the council", "нотатка: фото завтра")

    assert article.note == "call the council\nфото завтра"
    assert article.body == ()


def test_an_edit_sets_and_clears_status_note_and_sources() -> None:
    article = read("status: confirmed", "note: x", "source: own correspondent")

    changed = apply_fields(article, Pasted.of([Run("статус: думка\nнотатка: -\nджерело: ОВА")]))
    cleared = apply_fields(article, Pasted.of([Run("status: -\nsource: -")]))

    assert changed is not None and cleared is not None
    assert (changed.article.status, changed.article.note) == (Verification.OPINION, "")
    assert changed.article.sources == (Source("ОВА"),)
    assert (cleared.article.status, cleared.article.sources) == (None, ())


def test_of_two_statuses_the_first_counts_and_the_other_is_asked_about() -> None:
    assert "more than once" in question("status: denial", "статус: думка")


# What readers see

ARTICLE = Article(
    "Міст відкрили", "Рух є.", sources=(Source("ОВА", "https://example.org/ova"), Source("", own=True)),
    status=Verification.SINGLE_SOURCE, note=NOTE,
)  # fmt: skip


def test_on_telegram_the_status_stands_under_the_headline_and_the_sources_below() -> None:
    assert telegram(ARTICLE, READERS).visible.startswith(
        "Міст відкрили\n⚠️ З одного джерела, перевіряємо\n\nРух є.\n\nДжерело: ОВА, власний кореспондент\n\n"
    )


def test_status_and_sources_are_shown_on_viber_too() -> None:
    post = viber(ARTICLE, READERS)

    assert post.visible.startswith(
        "Міст відкрили\n⚠️ З одного джерела, перевіряємо\n\nРух є.\n\n"
        "Джерело: ОВА, https://example.org/ova\nДжерело: власний кореспондент\n\n"
    )
    assert str(post.body["text"]).startswith("*Міст відкрили*\n⚠️ З одного джерела, перевіряємо\n\n")


def test_without_a_status_nothing_is_said_of_it() -> None:
    article = replace(ARTICLE, status=None)

    assert telegram(article, READERS).visible.startswith("Міст відкрили\n\nРух є.")
    assert viber(article, READERS).visible.startswith("Міст відкрили\n\nРух є.")


texts = st.text(st.sampled_from("абвгґ їЄ.,*_~🚢ʼ𝕏<&"), max_size=20)
#: A text and how often it comes: long enough to crowd everything else out.
many = st.tuples(texts | st.sampled_from(["довге слово ", "х"]), st.integers(1, 900))
media = st.sampled_from(
    [
        None,
        Media(MediaKind.PHOTO, "https://example.org/a.jpg", caption="Міст " * 90, credit="О. Коваль"),
        Media(MediaKind.VIDEO, "https://example.org/a.mp4"),
    ]
)
names = st.sampled_from([("ОВА", 1), ("Дуже довга назва установи ", 12), ("Х", 900)])
links = st.sampled_from([0, 300])


@settings(deadline=None)  # a slow machine is no failure
@given(
    headline=many, lead=many, body=st.lists(many, max_size=8), media=media, urgent=st.booleans(),
    sources=st.lists(st.tuples(names, links), min_size=1, max_size=30), related=st.integers(0, 15),
    link=st.booleans(), status=st.sampled_from(Verification), outlet=st.sampled_from([READERS, CHANNEL]),
)  # fmt: skip
def test_status_and_sources_are_always_shown_within_every_limit_the_note_never(
    headline: tuple[str, int],
    lead: tuple[str, int],
    body: list[tuple[str, int]],
    media: Media | None,
    urgent: bool,
    sources: list[tuple[tuple[str, int], int]],
    related: int,
    link: bool,
    status: Verification,
    outlet: Outlet,
) -> None:
    article = Article(
        headline[0] * headline[1],
        lead[0] * lead[1],
        tuple((Run(text * times),) for text, times in body),
        media,
        tuple(Source(name * times, f"https://example.org/{'a' * length}") for (name, times), length in sources),
        "https://example.org/news/1" if link else "",
        urgent=urgent,
        related=(Related("Раніше " * 12),) * related,
        status=status,
        note=NOTE,
    )
    first = f"Джерело: {article.sources[0].name.strip()[:20]}"

    post = telegram(article, outlet)
    for form, limit in ((post, CAPTION_LIMIT if post.plainer else TEXT_LIMIT), (post.plainer, TEXT_LIMIT)):
        if form is not None:
            assert len(form.visible) <= limit
            assert STATUSES[status] in form.visible.splitlines()
            assert first in form.visible
            assert NOTE not in str(form.params)
    other = viber(article, outlet)
    for shown, most in ((other, VIBER_CAPTION if other.plainer else VIBER_TEXT), (other.plainer, VIBER_TEXT)):
        if shown is not None:
            assert units(str(shown.body["text"])) <= most
            assert STATUSES[status] in shown.visible.splitlines()
            assert first in shown.visible
            assert NOTE not in to_json(shown.body).decode()


def test_the_commands_page_names_every_status_as_it_is_typed_and_as_readers_see_it() -> None:
    page = (Path(__file__).parent.parent / "docs" / "commands.md").read_text("utf-8")
    table = page.partition("| `status:` | `статус:` | readers see |")[2].partition("\n\n")[0]
    rows = [[cell.strip(" `") for cell in line.strip("|").split("|")] for line in table.splitlines()[2:]]
    words = Catalogue.load(LOCALES).say("en")

    assert [read(f"status: {english}").status for english, _, _ in rows] == list(Verification)
    assert [read(f"статус: {ukrainian}").status for _, ukrainian, _ in rows] == list(Verification)
    assert [shown for _, _, shown in rows] == [words(text) for text in SHOWN.values()]
