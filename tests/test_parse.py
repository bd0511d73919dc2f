"""From what an editor pastes to an article: Ukrainian and English texts as newsrooms really send them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.domain import Article, Media, MediaKind, Platform, Related, Run, Source, Verification, plain
from bot.domain.change import After
from bot.domain.parse import HEADLINE_LIMIT, Notice, Parsed, Pasted, apply_fields, join_parts, parse
from bot.domain.parse.pasted import TEXT_LIMIT
from bot.domain.sheet import sentence
from bot.errors import Refused

UKRAINIAN = """\
ЗМІ: міст через Інгулець відкрили на два місяці раніше, ніж обіцяли торік

Міст через Інгулець відкрили раніше на два місяці, ніж торік обіцяли

Перші автомобілі проїхали новим мостом у понеділок уранці. Роботи тривали всю зиму.

Про це повідомив Telegram-канал обласної адміністрації.

Підрядник додав, що рух вантажівок відновлять за тиждень.

Тільки перевірена інформація у нас в Telegram-каналі Вісник та Viber. Не ведіться на фейки!

Інші новини

Як зберегти яблука до весни

Як зберегти яблука до весни

Потрібен лише прохолодний підвал
«Крижана стежка»: рятувальники зняли лося з крижини. Відео

"Крижана стежка": рятувальники зняли лося з крижини. Відео

Тварина не постраждала
"""

ENGLISH = """\
Storks return to the village of Lypove ten days early. Video

Storks return to the village of Lypove ten days early

Ornithologists link the early arrival with a warm February.

The first pair was seen on Sunday.
source: Bird Watch (https://birds.example/lypove)
source: https://www.nature.example/storks
link: https://news.example/storks
topics: #nature, village Nature
photo: https://news.example/stork.jpg
caption: A stork over the school
credit: O. Petrenko
URGENT

Only verified information is available in our Visnyk Telegram channel and Viber. Do not fall for fakes!

Other News

A town hall clock stops for the first time in 80 years

"A town hall clock" stops for the first time in 80 years

It had needed no repair
Rain fills three reservoirs. Video

Rain fills three reservoirs
"""


def read(text: str, *, language: str = "uk") -> Parsed:
    return parse(Pasted.of([Run(text)]), language=language)


def body(article: Article) -> list[str]:
    return [plain(paragraph) for paragraph in article.body]


def told(parsed: Parsed) -> list[str]:
    """The notices as sentences."""
    return [sentence(notice) for notice in parsed.notices]


def refusal(text: str) -> str:
    with pytest.raises(Refused) as refused:
        read(text)
    return str(refused.value)


def test_a_ukrainian_article_with_everything_around_it() -> None:
    article, notices = (parsed := read(UKRAINIAN)).article, parsed.notices

    assert article.headline == "ЗМІ: міст через Інгулець відкрили на два місяці раніше, ніж обіцяли торік"
    assert article.lead == "Перші автомобілі проїхали новим мостом у понеділок уранці. Роботи тривали всю зиму."
    assert body(article) == [
        "Про це повідомив Telegram-канал обласної адміністрації.",
        "Підрядник додав, що рух вантажівок відновлять за тиждень.",
    ]
    assert article.related == (
        Related("Як зберегти яблука до весни", "Потрібен лише прохолодний підвал"),
        Related("«Крижана стежка»: рятувальники зняли лося з крижини", "Тварина не постраждала", video=True),
    )
    assert (article.language, article.video, article.urgent) == ("uk", False, False)
    assert [notice.text for notice in notices] == [
        "The repeated headline was left out: “{line}”",
        "A call to subscribe was left out: “{line}”",
    ]
    assert notices[0].values["line"] == "Міст через Інгулець відкрили раніше на два місяці, ніж торік обіцяли"


def test_an_english_article_with_every_field() -> None:
    article = read(ENGLISH).article

    assert article == Article(
        headline="Storks return to the village of Lypove ten days early",
        lead="Ornithologists link the early arrival with a warm February.",
        body=((Run("The first pair was seen on Sunday."),),),
        media=Media(
            MediaKind.PHOTO,
            "https://news.example/stork.jpg",
            caption="A stork over the school",
            credit="O. Petrenko",
        ),
        sources=(
            Source("Bird Watch", "https://birds.example/lypove"),
            Source("nature.example", "https://www.nature.example/storks"),
        ),
        link="https://news.example/storks",
        topics=("nature", "village Nature"),
        language="en",
        urgent=True,
        related=(
            Related("A town hall clock stops for the first time in 80 years", "It had needed no repair"),
            Related("Rain fills three reservoirs", video=True),
        ),
        video=True,
    )


def test_without_empty_lines_each_line_is_a_paragraph() -> None:
    article = read("Заголовок\nПідзаголовок\nПерший абзац\nдругий абзац").article

    assert (article.headline, article.lead) == ("Заголовок", "Підзаголовок")
    assert body(article) == ["Перший абзац", "другий абзац"]


def test_a_wrapped_paragraph_is_one_and_a_list_stays_a_list() -> None:
    text = (
        "Заголовок\n\nЛід\n\nПідрядник додав, що рух вантажівок мостом через\nрічку відновлять за тиждень.\n\n"
        "Що взяти:\n— воду\n— ліхтарик"
    )

    assert body(read(text).article) == [
        "Підрядник додав, що рух вантажівок мостом через річку відновлять за тиждень.",
        "Що взяти:",
        "— воду",
        "— ліхтарик",
    ]


def test_looks_and_links_of_the_body_stay() -> None:
    runs = [
        Run("Заголовок", bold=True),
        Run("\n\nЛід\n\n "),
        Run("Важливо", bold=True),
        Run(": читайте "),
        Run("звіт\n\nта ", link="https://a.example/"),
        Run("висновки ", italic=True),
    ]
    article = parse(Pasted.of(runs)).article

    assert (article.headline, article.lead) == ("Заголовок", "Лід")
    assert article.body == (
        (Run("Важливо", bold=True), Run(": читайте "), Run("звіт", link="https://a.example/")),
        (Run("та ", link="https://a.example/"), Run("висновки", italic=True)),
    )


SEVEN = Run("Семеро", struck=True)


def test_a_struck_word_of_the_lead_stays_struck() -> None:
    article = parse(Pasted.of([Run("Заголовок\n\n "), SEVEN, Run(" четверо поранених. \n\nТіло")])).article

    assert article.lead == "Семеро четверо поранених."
    assert article.opening == (SEVEN, Run(" четверо поранених."))
    assert Article.from_json(article.to_json()) == article


def test_a_lead_that_is_edited_keeps_what_is_struck() -> None:
    parsed = apply_fields(BRIDGE, Pasted.of([Run("лід: Постраждали "), SEVEN, Run(" четверо")]))

    assert parsed is not None
    assert parsed.article.opening == (Run("Постраждали "), SEVEN, Run(" четверо"))
    assert replace(parsed.article, lead="Інший лід").opening == (Run("Інший лід"),)
    assert parsed.notices == ()


def test_a_quote_over_two_lines_is_one() -> None:
    quote = Run("Ми зробили все, що могли, аби вивезти людей\nз-під обстрілу вчасно.", quote=True)
    article = parse(Pasted.of([Run("Заголовок\n\nЛід\n\n"), quote])).article

    assert article.body == ((replace(quote, text=quote.text.replace("\n", " ")),),)


def test_an_article_of_yesterday_reads_and_hashes_as_it_did() -> None:
    before = (
        '{"body":[[{"bold":false,"italic":true,"link":"","text":"Тіло"}]],"headline":"Міст","language":"uk","lead":"Лід"'
        ',"link":"","media":null,"related":[],"sources":[],"topics":[],"urgent":false,"video":false}'
    )

    assert Article.from_json(before) == Article("Міст", "Лід", ((Run("Тіло", italic=True),),))
    assert Article.from_json(before).to_json() == before


@pytest.mark.parametrize(
    ("runs", "notice"),
    [
        ([replace(SEVEN, text="Міст відкрили")], "Struck-out words would read as normal text: “{text}”"),
        ([Run("Міст "), Run("відкрили", spoiler=True)], "Hidden words would be open to everybody: “{text}”"),
        ([Run("Міст "), Run("відкрили", underline=True)], "Formatting is left out: “{text}”"),
        ([Run("Міст", link="https://a.example/1")], "The link under “{text}” is left out: {link}"),
        ([Run("Міст\n\nЛід "), Run("лист", link="mailto:a@b.ua")], "The link under “{text}” is left out: {link}"),
        ([Run("Міст\n\nЛід "), Run("Іван", link="tg://user")], "The link to a person is left out: “{text}”"),
        ([Run("Міст\n\n"), Run("👍", link="tg://emoji")], "Telegram's own emoji is shown as an ordinary one: {text}"),
        (
            [Run("Міст\n\nЛід "), Run("завтра", link="tg://time")],
            "A date that follows the reader's clock becomes plain text: “{text}”",
        ),
        ([Run("Міст\n\nЛід\n\nджерело: "), Run("ДСНС", struck=True)], "Struck-out words would read as"),
        ([Run("Міст\n\nЛід\n\nнотатка: "), Run("щось", spoiler=True)], "Hidden words would be open"),
    ],
)
def test_what_an_article_has_no_place_for_is_told(runs: list[Run], notice: str) -> None:
    parsed = parse(Pasted.of(runs))

    assert [each.text for each in parsed.notices if each.text.startswith(notice)]
    assert all(run.link.startswith("https://") for run in parsed.article.opening if run.link)


def test_what_is_kept_is_not_told() -> None:
    runs = [
        Run("Міст відкрили\n\nДив. "),
        Run("звіт", link="https://a.example/1"),
        Run(" або "),
        Run("https://b.example", link="https://b.example/"),
        Run("\n\nТіло", underline=True),
        Run(" \n\nджерело: "),
        Run("ДСНС", link="https://dsns.example/"),
    ]

    assert parse(Pasted.of(runs)).notices == ()


@pytest.mark.parametrize(
    ("headline", "repeat"),
    [
        ("«Град» над Одесою", '"ГРАД" над Одесою!'),
        ("П'ять шкіл відкрили", "П’ять шкіл відкрили"),
        ("Bridge opened in Kherson. Video", "Bridge opened in Kherson"),
        ("Медіа: уряд підвищить стипендії студентам з вересня", "Уряд підвищить стипендії студентам з вересня"),
    ],
)
def test_a_repeated_headline_is_left_out(headline: str, repeat: str) -> None:
    parsed = read(f"{headline}\n\n{repeat}\n\nА це вже лід.")

    assert parsed.article.lead == "А це вже лід."
    assert Notice("The repeated headline was left out: “{line}”", {"line": repeat}) in parsed.notices


@pytest.mark.parametrize(
    ("headline", "lead"),
    [
        ("Перелік відключень у Києві", "Перелік відключень у Львові"),
        ("Ворог випустив 30 дронів по Одесі за ніч", "Ворог випустив 31 дрон по Одесі за ніч"),
        ("Уряд підвищить стипендії студентам з вересня", "Уряд не підвищить стипендії студентам з вересня"),
        ("Storks return ten days early", "Storks return ten days early to Lypove, Bird Watch reported on Sunday."),
        ("!!!", "???"),
    ],
)
def test_a_lead_that_says_something_new_stays(headline: str, lead: str) -> None:
    assert read(f"{headline}\n\n{lead}").article.lead == lead


@pytest.mark.parametrize(
    ("pasted", "headline", "video"),
    [
        ("Міст відкрили. Відео", "Міст відкрили", True),
        ("Міст відкрили (ВІДЕО)", "Міст відкрили", True),
        ("Міст відкрили? Video", "Міст відкрили?", True),
        ("Міст відкрили… Відео.", "Міст відкрили…", True),
        ("Міст відкрили... Відео", "Міст відкрили...", True),
        ("Міст «Надія». Відео", "Міст «Надія»", True),
        ("Міст відкрили (фото, відео)", "Міст відкрили", True),
        ("Міст відкрили | Video", "Міст відкрили", True),
        ("Очевидець показав відео", "Очевидець показав відео", False),
        ("Відео", "Відео", False),
    ],
)
def test_a_video_mark_becomes_a_flag(pasted: str, headline: str, video: bool) -> None:
    article = read(pasted).article

    assert (article.headline, article.video) == (headline, video)


@pytest.mark.parametrize(
    "call",
    [
        "Only verified information is available in our Visnyk Telegram channel and Viber. Do not fall for fakes!",
        "Тільки перевірена інформація у нас в Telegram-каналі Вісник та Viber. Не ведіться на фейки!",
        "Subscribe to our newsletter",
        "👉 Підписуйтесь на наш Telegram",
        "Підписуйтеся на Вісник у Viber!",
        "Читайте нас у Telegram",
        "Не ведіться на фейки!",
        "Follow us on Facebook and Instagram",
    ],
)
def test_a_call_to_subscribe_is_left_out_wherever_it_stands(call: str) -> None:
    parsed = read(f"{call}\n\nЗаголовок\n\nЛід\n\n{call}\n\nТіло\n{call}")

    assert (parsed.article.headline, parsed.article.lead, body(parsed.article)) == ("Заголовок", "Лід", ["Тіло"])
    assert parsed.notices == (Notice("A call to subscribe was left out: “{line}”", {"line": call}),) * 3


@pytest.mark.parametrize(
    "paragraph",
    [
        'This was reported by the Telegram channel "Bird Watch".',
        "Про це мер написав у Telegram.",
        "Канал у Viber підписники полюбили одразу.",
        "Підпишіться на петицію, закликав мер.",
        "Перевірена інформація надійшла з трьох областей.",
    ],
)
def test_a_paragraph_that_mentions_telegram_stays(paragraph: str) -> None:
    assert body(read(f"Заголовок\n\nЛід\n\n{paragraph}").article) == [paragraph]


def test_read_also_within_the_body_is_a_teaser_and_the_story_goes_on() -> None:
    runs = [Run("Заголовок\n\nЛід\n\nЧитайте також: "), Run("Лось на крижині. Відео", link="https://a.example/elk")]
    article = parse(Pasted.of([*runs, Run("\n\nДалі про міст.")])).article

    assert article.related == (Related("Лось на крижині", link="https://a.example/elk", video=True),)
    assert body(article) == ["Далі про міст."]


def test_a_long_paragraph_after_teasers_belongs_to_the_story() -> None:
    story = "Підрядник додав, що рух вантажівок мостом відновлять. " * 6
    article = read(f"Заголовок\n\nЛід\n\nЧитайте також\n\nЛось на крижині\n\n{story}\n\nКінець").article

    assert article.related == (Related("Лось на крижині"),)
    assert body(article) == [story.strip(), "Кінець"]


def test_teasers_are_read_in_pairs_with_their_leads_or_a_line_each() -> None:
    pairs = read("Заголовок\n\nOther News:\n\nElk saved\nIt was cold\n\nClock stops. Video").article
    lines = read("Заголовок\n\nОстанні новини\nЛося врятовано\nГодинник зупинився").article

    assert pairs.related == (Related("Elk saved", "It was cold"), Related("Clock stops", video=True))
    assert lines.related == (Related("Лося врятовано"), Related("Годинник зупинився"))


@pytest.mark.parametrize(
    ("line", "source"),
    [
        ("Джерело: ДСНС https://dsns.example/a", Source("ДСНС", "https://dsns.example/a")),
        ("ДЖЕРЕЛО: ДСНС — https://dsns.example/a.", Source("ДСНС", "https://dsns.example/a")),
        ("source: ДСНС (https://dsns.example/a_(b))", Source("ДСНС", "https://dsns.example/a_(b)")),
        ("source: http://www.dsns.example", Source("dsns.example", "http://www.dsns.example")),
        ("source: Reuters", Source("Reuters")),
    ],
)
def test_sources_are_read_with_their_addresses(line: str, source: Source) -> None:
    assert read(f"Заголовок\n{line}\nЛід").article.sources == (source,)


@pytest.mark.parametrize(
    "line", ["*джерело:* ДСНС", "*джерело*: ДСНС", "джeрело: ДСНС", "дже­рело: ДСНС", "_Source:_ ДСНС"]
)
def test_a_field_is_known_under_marks_and_look_alikes(line: str) -> None:
    assert read(f"Міст\n\nЛід\n\n{line}").article.sources == (Source("ДСНС"),)


def test_a_text_without_end_is_refused_with_a_sentence() -> None:
    assert len(read("Міст\n\n" + "а" * (TEXT_LIMIT - 6)).article.lead) == TEXT_LIMIT - 6
    assert refusal("Міст\n\n" + "а" * TEXT_LIMIT).startswith("The text has 20006 characters, at most 20000 fit.")


def test_the_source_that_is_one_too_many_is_asked_about() -> None:
    lines = [f"source: ДСНС {number}" for number in range(21)]
    assert len(read("\n".join(["Міст", "", "Лід", "", *lines[:20]])).article.sources) == 20
    parsed = read("\n".join(["Міст", "", "Лід", "", *lines]))
    assert len(parsed.article.sources) == 20
    assert told(parsed) == ["There are 21 sources, at most 20 fit. Keep the most important ones and send it again."]
    assert [each.text for each in parsed.dropped] == ["source: ДСНС 20"]


def test_a_linked_name_is_a_source() -> None:
    runs = [Run("Заголовок\nДжерело: "), Run("ДСНС", link="https://dsns.example/a")]

    assert parse(Pasted.of(runs)).article.sources == (Source("ДСНС", "https://dsns.example/a"),)


@pytest.mark.parametrize(
    ("line", "language"),
    [("мова: англійська", "en"), ("lang: EN", "en"), ("Мова: українська", "uk"), ("lang: uk", "uk")],
)
def test_a_field_line_tells_the_articles_language(line: str, language: str) -> None:
    assert read(f"Заголовок\n{line}").article.language == language


@pytest.mark.parametrize(
    ("text", "language"), [("Міст is open", "en"), ("Bridge відкрили вчора", "uk"), ("Bridge", "en"), ("100:0", "xx")]
)
def test_the_language_is_seen_in_the_letters(text: str, language: str) -> None:
    assert read(text, language="xx").article.language == language


@pytest.mark.parametrize(
    "headline",
    [
        "Терміново: вибухи в Одесі",
        "Фото: як цвіте Лівадія",
        "Video: elk on the ice",
        "Мова: що змінить новий закон",
        "Лід: коли виходити на річку небезпечно",
    ],
)
def test_a_headline_with_a_colon_is_no_field(headline: str) -> None:
    assert read(headline).article.headline == headline


@pytest.mark.parametrize("line", ["терміново", "Urgent!", "urgent: yes", "Терміново: так"])
def test_a_line_that_says_urgent_marks_the_article(line: str) -> None:
    assert read(f"{line}\nЗаголовок").article.urgent


# Where fields stand, and what only looks like one

PROSE = (
    "Note: the bridge is closed to lorries until spring.",
    "Source: the lake from which the town drinks.",
    "Link: the road joins two regions.",
    "Link:",
    "Topics: snow, ice and salt.",
    "Status: confirmed",
    "Caption: a bridge",
    "Urgent",
    "Джерело: озеро, з якого п'є місто.",
    "Примітка: міст закрито для вантажівок.",
    "Посилання: дорога з'єднує дві області.",
    "До: 18:30 рух перекрито",
)


@pytest.mark.parametrize(
    ("line", "likely"),
    [
        ("жерело: ОВА", "джерело"),
        ("Джерало: ОВА", "джерело"),
        ("посиланя: https://example.org/a", "посилання"),
        ("сатус: підтверджено", "статус"),
        ("sorce: the council", "source"),
        ("закріпит: 3 год", "закріпити"),
    ],
)
@pytest.mark.parametrize("below", [True, False])
def test_a_misspelt_key_beside_a_field_is_asked_about_and_is_no_text(line: str, likely: str, below: bool) -> None:
    block = ["теми: місто", line] if below else [line, "теми: місто"]
    parsed = read("\n".join(["Міст відкрили", "", "Лід.", "", "Кінець.", "", *block]))

    assert (body(parsed.article), parsed.article.topics) == (["Кінець."], ("місто",))
    assert [each.text for each in parsed.dropped] == [line]
    [notice] = [notice for notice in parsed.notices if "likely" in notice.values]
    assert (notice.values["likely"], notice.values["example"]) == (likely, f"{likely}: {line.partition(': ')[2]}")


@pytest.mark.parametrize("line", ["Терміни: міст запрацює через два роки.", "Статут: його змінять у другому читанні."])
def test_a_headline_or_a_sentence_whose_key_is_like_ours_stays_reporting(line: str) -> None:
    headline = line.removesuffix(".")
    assert read(f"{headline}\nджерело: ДСНС\n\nЛід.\n\nКінець.").article.headline == headline
    assert body(read(f"Міст відкрили\n\nЛід.\n\nКінець.\n\n{line}\nджерело: ДСНС").article) == ["Кінець.", line]


@pytest.mark.parametrize("line", ["Мер сказав: міст готовий.", "Вартість: 120 мільйонів гривень."])
def test_a_sentence_below_fields_stays_and_takes_no_field_into_the_text(line: str) -> None:
    parsed = read(f"Міст відкрили\n\nЛід.\n\nКінець.\n\nджерело: ДСНС\n{line}\nстатус: підтверджено")

    assert body(parsed.article) == ["Кінець.", line]
    assert (parsed.article.sources, parsed.article.status) == ((Source("ДСНС"),), Verification.CONFIRMED)
    assert [notice.values["lines"] for notice in parsed.notices if "lines" in notice.values] == [(line,)]


@pytest.mark.parametrize("line", PROSE)
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_a_line_amid_the_text_is_text_and_the_desk_is_told(line: str, gap: str) -> None:
    parsed = read(gap.join(["Міст відкрили", "Лід", line, "Кінець."]) + f"{gap}source: ДСНС")

    assert body(parsed.article) == [line, "Кінець."]
    assert (parsed.article.note, parsed.article.sources) == ("", (Source("ДСНС"),))
    told = [notice.values["line"] for notice in parsed.notices if notice.text.startswith("Left in the text because")]
    assert told == ([] if line.startswith("Примітка") else [line])


@pytest.mark.parametrize(
    ("line", "notice"),
    [
        ("Note: the bridge is closed to lorries.", "Taken as a note for the desk, not as"),
        ("Нотатка: міст закрито для вантажівок.", "Taken as a note for the desk, not as"),
        ("Source: the lake the town drinks from.", "Taken as a source, not as text: “"),
        ("Topics:", "Empty fields were left out"),
    ],
)
def test_a_line_at_the_end_that_may_be_text_is_told(line: str, notice: str) -> None:
    parsed = read(f"Заголовок\n\nЛід\n\nТіло.\n\n{line}")

    assert body(parsed.article) == ["Тіло."]
    assert [each.text.startswith(notice) for each in parsed.notices] == [True]
    assert line in parsed.notices[0].values.values()


def test_fields_stand_above_or_below_the_headline_and_at_both_ends_of_teasers() -> None:
    text = (
        "urgent\n\nlang: en\nЗаголовок\nsource: A\n\nЛід\n\nФото: пресслужба\nsource: B\n\ntopics: місто\n\n"
        "Інші новини\n\nЛося врятовано\n\nsource: C"
    )
    parsed = read(text)
    article = parsed.article

    assert (article.urgent, article.language, article.topics) == (True, "en", ("місто",))
    assert set(article.sources) == {Source("A"), Source("B"), Source("C")}
    assert body(article) == []
    assert article.related == (Related("Лося врятовано"),)
    assert told(parsed) == ["Left out: “Фото: пресслужба”"]


def test_a_note_that_is_one_needs_no_word() -> None:
    assert read("Заголовок\n\nЛід\n\nnote: номер у Тараса").notices == ()
    assert read("Заголовок\n\nЛід\n\nsource: ДСНС\nnote: Номер є лише у Тараса.").notices == ()


def test_a_caption_goes_to_the_attached_photo() -> None:
    photo = Media(MediaKind.PHOTO, platform=Platform.TELEGRAM, file="AgAC")
    article = parse(Pasted.of([Run("Заголовок\nпідпис: Міст\nавтор фото: О. Петренко")]), media=photo).article

    assert article.media == Media(MediaKind.PHOTO, "", Platform.TELEGRAM, "AgAC", "Міст", "О. Петренко")


@pytest.mark.parametrize(
    ("line", "reply"),
    [
        ("link: foo", "I don't understand “link: foo”: it needs a web address. Type it like this: link: https://"),
        ("Посилання: https://", "I don't understand “Посилання: https://”: it needs a web address."),
        ("link: javascript:alert(1)", "I don't understand “link: javascript:alert(1)”: it needs a web address."),
        ("link: https://a.example@b.example", "I don't understand “link: https://a.example@b.example”"),
        ("photo: http://a.example/b.jpg", "it needs an address that starts with https://. Type it like this: photo: "),
        ("lang: klingon", "I don't understand “lang: klingon”: the language is a code such as uk"),
        (
            "topics: <b>",
            "I don't understand “topics: <b>”: topics are words. Type them like this: topics: war, economy",
        ),
        ("caption: Міст", "“caption: Міст”: there is no photo or video. Attach one, or add a line like this: photo: "),
        ("lang: uk\nlang: en", "“lang:” is there more than once. Keep one such line and send it again."),
        ("photo: https://a.example/1.jpg\nvideo: https://a.example/2.mp4", "An article can have one photo or video"),
    ],
)
def test_a_bad_field_refuses_no_article_and_asks_with_a_good_one(line: str, reply: str) -> None:
    parsed = read(f"Заголовок\n\nЛід\n\n{line}")

    assert (parsed.article.headline, parsed.article.lead, parsed.article.body) == ("Заголовок", "Лід", ())
    assert any(reply in notice for notice in told(parsed))
    assert [each.text for each in parsed.dropped] == line.split("\n")[-1:]


def test_several_addresses_on_a_line_are_several_sources() -> None:
    article = read("Заголовок\n\nЛід\n\nsource: ДСНС https://a.example, МВС https://b.example").article

    assert article.sources == (Source("ДСНС", "https://a.example"), Source("МВС", "https://b.example"))


def test_an_attached_photo_and_a_photo_line_are_one_too_many() -> None:
    photo = Media(MediaKind.PHOTO, platform=Platform.TELEGRAM, file="AgAC")
    parsed = parse(Pasted.of([Run("Заголовок\nphoto: https://a.example/1.jpg")]), media=photo)

    assert parsed.article.media == photo
    assert "one photo or video" in told(parsed)[0]


@pytest.mark.parametrize("text", ["", " \n\n ", "\u200b", "urgent", "Подробнее"])
def test_without_a_headline_it_is_refused(text: str) -> None:
    assert refusal(text).startswith("There is no headline. Send the article like this: the headline")


def test_a_headline_may_have_250_characters() -> None:
    assert read("а" * HEADLINE_LIMIT).article.headline == "а" * 250
    assert (long := read("а" * 251)).article.lead == "а" * 251
    assert told(long) == [f"The text has no headline. This one is proposed: “{'а' * 160}…”"]


def test_invisible_and_mixed_characters_are_told() -> None:
    parsed = read("Но\u200bвинка\n\nЛід \u202eпро Cуми\n\nа й Oдесу")

    assert parsed.article.headline == "Новинка"
    assert parsed.notices == (
        Notice("Invisible characters removed: {count}.", {"count": 2}),
        Notice("Please check: Latin and Cyrillic letters are mixed in {words}.", {"words": "Cуми, Oдесу"}),
    )


LINE = st.text(alphabet="абвгґєії ABC xyz 0123456789.,!?—«»<>&*_[]()\\`#👍🇺🇦", min_size=1, max_size=80)
LINES = st.lists(LINE.map(str.strip).filter(bool), min_size=1, max_size=8, unique_by=str.casefold)


@given(LINES, st.sampled_from(["\n\n", "\n \n", "\r\n\r\n\r\n"]))
def test_readers_get_exactly_the_characters_that_were_pasted(lines: list[str], gap: str) -> None:
    parsed = read(gap.join(lines))
    article = parsed.article
    assume(not parsed.marks and not article.topics and not article.video)

    shown = [article.headline, *(each.text for each in parsed.dropped), *filter(None, [article.lead]), *body(article)]
    assert sorted("".join(shown).replace(" ", "")) == sorted("".join(lines).replace(" ", ""))


@given(st.text(max_size=200) | st.from_regex(r"([a-zа-я]{3,9}: ?\S{0,9}\n?){1,5}", fullmatch=True))
def test_whatever_is_pasted_there_is_an_article_or_a_refusal(text: str) -> None:
    try:
        article = read(text).article
    except Refused:
        return
    assert article.headline.strip() == article.headline != ""
    assert Article.from_json(article.to_json()) == article


BRIDGE = read(
    "Міст відкрили\n\nЛід\n\nТіло\nsource: ДСНС\nlink: https://a.example/\nphoto: https://a.example/b.jpg"
).article


def edited(text: str) -> Article:
    parsed = apply_fields(BRIDGE, Pasted.of([Run(text)]))
    assert parsed is not None
    return parsed.article


def test_an_edit_changes_just_the_named_fields() -> None:
    article = edited("Заголовок: Міст закрили. Відео\n\nлід: Знову\nsource: A\nsource: B")

    assert (article.headline, article.lead, article.video) == ("Міст закрили", "Знову", True)
    assert article.sources == (Source("A"), Source("B"))
    assert (article.body, article.link, article.media) == (BRIDGE.body, BRIDGE.link, BRIDGE.media)


def test_an_empty_value_or_a_dash_clears() -> None:
    article = edited("lead:\nlink: -\nsource: —\nphoto: -\nurgent: no\ntopics:")

    assert (article.lead, article.link, article.sources, article.media) == ("", "", (), None)
    assert (article.headline, article.body) == (BRIDGE.headline, BRIDGE.body)


def test_a_caption_alone_changes_the_caption() -> None:
    assert edited("caption: Міст").media == Media(MediaKind.PHOTO, "https://a.example/b.jpg", caption="Міст")


@pytest.mark.parametrize("text", ["", "Новий заголовок\n\nНовий лід", "lead: новий\nі ще рядок", "Новина: дощ"])
def test_what_is_not_all_fields_is_a_new_article(text: str) -> None:
    assert apply_fields(BRIDGE, Pasted.of([Run(text)])) is None


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("headline: -", "An article needs a headline. Type it like this: headline: Bridge"),
        ("urgent: maybe", "I don't understand “urgent: maybe”: it is either yes or no. Type it like this: urgent: yes"),
        ("lang:", "I don't understand “lang:”: the language is a code such as uk or en."),
        ("headline: " + "a" * 251, "The headline has 251 characters"),
    ],
)
def test_a_bad_edit_is_refused(text: str, reply: str) -> None:
    with pytest.raises(Refused) as refused:
        apply_fields(BRIDGE, Pasted.of([Run(text)]))

    assert reply in str(refused.value)


@pytest.mark.parametrize(
    ("first", "second", "joined"),
    [
        ("а" * 4096, "бв", "а" * 4096 + "бв"),
        ("👍" * 2047 + "аб", "в", "👍" * 2047 + "абв"),
        ("а" * 4095 + ".", "Далі", "а" * 4095 + ".\n\nДалі"),
        ("а" * 4095 + ",", "далі", "а" * 4095 + ", далі"),
        ("Кінець речення.", "Далі", "Кінець речення.\n\nДалі"),
        ("Сказав «так»", "Далі", "Сказав «так»\n\nДалі"),
        ("а" * 4090 + " сере", "дина", "а" * 4090 + " сере дина"),
        ("посеред", "речення", "посеред\n\nречення"),
        ("рядок\n", "рядок", "рядок\nрядок"),
        ("", "рядок", "рядок"),
    ],
)
def test_a_text_that_telegram_split_is_one_again(first: str, second: str, joined: str) -> None:
    assert plain(join_parts([[Run(first)], [Run(second)]])) == joined


def test_looks_stay_when_parts_are_joined() -> None:
    parts = [[Run("а" * 4090), Run("довгес", bold=True)], [Run("лово", bold=True), Run(" і далі")], []]

    assert join_parts(parts) == (Run("а" * 4090), Run("довгеслово", bold=True), Run(" і далі"))


@pytest.mark.parametrize(
    ("line", "after", "pin"),
    [
        ("after: stub", After.STUB, 0),
        ("після: Видалити", After.REMOVE, 0),
        ("after: edit", After.EDIT, 0),
        ("after: -", None, 0),
        ("pin: 3 h", None, 180),
        ("закріпити: 3 год", None, 180),
        ("закріпити: півгодини", None, 30),
        ("pin: 1 h 30 min", None, 90),
        ("pin: yes", None, 1440),
        ("закріпити: ні", None, 0),
    ],
)
def test_what_becomes_of_a_post_later_is_a_field(line: str, after: After | None, pin: int) -> None:
    found = parse(Pasted.of((Run(f"Міст відкрили\n\nРух відновлено.\n\n{line}"),))).article

    assert (found.after, found.pin, len(found.body)) == (after, pin, 0), found
    assert Article.from_json(found.to_json()) == found


@pytest.mark.parametrize("line", ["Після: що буде далі з мостом", "After: what comes next", "pin: the badge of honour"])
def test_prose_that_begins_like_a_field_of_the_end_stays(line: str) -> None:
    found = parse(Pasted.of((Run(f"Міст відкрили\n\nРух відновлено.\n\n{line}"),))).article

    assert [plain(each) for each in found.body] == [line]


@pytest.mark.parametrize("line", ["after: wipe", "pin: 0 h", "pin: 800 h", "закріпити: довго"])
def test_an_end_that_is_not_understood_is_refused_with_an_example(line: str) -> None:
    article = parse(Pasted.of((Run("Міст відкрили"),))).article

    with pytest.raises(Refused) as refused:
        apply_fields(article, Pasted.of((Run(line),)))
    assert line in str(refused.value.values["line"]) and refused.value.values["example"]
