"""A page becomes an article: what readers see of it, whatever its site is made with."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.__main__ import cli
from bot.app.looking import look
from bot.domain import plain
from bot.errors import CannotStart
from bot.ingest.charset import decoded
from bot.ingest.drafting import article_of
from bot.ingest.linked_data import linked_data
from bot.ingest.page import NoArticle, Page, Unread
from bot.ingest.picture import credited
from bot.ingest.reader import canonical, instant, read, untraced
from bot.ingest.tree import tree_of
from bot.ingest.whose import is_own
from config.settings import load_settings
from tests.trials.intake_pages import LEAST, PAGES, expected_of_all, read_one, rows

ADDRESS = "https://news.example/bridge"
HEADLINE = "Міст через річку відкрили на місяць раніше"
LINES = [
    "Перші автомобілі проїхали новим мостом о шостій ранку, рух поки що однією смугою.",
    "Другу смугу відкриють, коли висохне розмітка, тобто не раніше від п'ятниці.",
]
TEASER = "<li><a href='/a'>Новий міст відкрили завчасно і без черг на в'їзді</a></li>"
ODD = {"@type": "NewsArticle", "headline": 7, "image": [[[]]], "author": [None], "keywords": {"a": 1}}
EXPECTED = {each["page"]: each for each in expected_of_all()}


def page_of(*, head: str = "", body: str = "", lines: list[str] = LINES) -> bytes:
    text = "".join(f"<p>{line}</p>" for line in lines)
    whole = f"<title>{HEADLINE}</title>{head}</head><body><h1>{HEADLINE}</h1>{text}{body}</body></html>"
    return f"<html><head>{whole}".encode()


def texts(page: Page) -> list[str]:
    return [plain(line) for line in page.lines]


@pytest.mark.parametrize("name", EXPECTED)
def test_a_page_is_read_as_its_readers_see_it(name: str) -> None:
    each = read_one(EXPECTED[name])
    article, expected = each.parsed.article, each.expected
    media = article.media
    photo = {"url": media.url, "caption": media.caption, "credit": media.credit} if media is not None else {}

    assert article.headline == expected["headline"]
    assert article.lead == expected["lead"]
    assert each.f1 >= LEAST
    assert [item.headline for item in article.related] == expected["related"]
    assert {name: value for name, value in photo.items() if value} == {
        name: value.replace("http:", "https:", 1) if name == "url" else value
        for name, value in expected["photo"].items()
    }
    assert list(each.page.topics) == expected["topics"]
    assert (each.page.times.published.isoformat() if each.page.times.published else "") == expected["date"]
    assert (each.page.address, each.page.site) == (expected["link"], expected["site"])


def test_the_figures_of_all_pages_are_reached() -> None:
    missed = [what for what, _, is_reached in rows() if not is_reached]
    # How long one takes says how busy the machine is: the trial judges that, not the suite.
    assert [what for what in missed if "slowest" not in what] == []


@pytest.mark.parametrize(
    ("content", "charset"),
    [
        ("<p>Міст".encode(), ""),
        ("<p>Міст".encode(), "windows-1251"),
        ("\ufeff<p>Міст".encode(), ""),
        ("<p>Міст".encode("windows-1251"), "windows-1251"),
        ('<meta charset="windows-1251"><p>Міст'.encode("windows-1251"), ""),
        ('<meta charset="windows-1251"><p>Міст'.encode("windows-1251"), "utf-8"),
        (
            '<meta http-equiv="Content-Type" content="text/html; charset=windows-1251"><p>Міст'.encode("windows-1251"),
            "",
        ),
        ("<p>Міст".encode("windows-1251"), "no-such-charset"),
        ("<p>Міст".encode("windows-1251"), "rot13"),
        ("\ufeff<p>Міст".encode("utf-16-le"), ""),
        ("<p>Міст".encode("koi8-u"), "koi8-u"),
    ],
)
def test_a_page_is_read_in_the_encoding_that_it_is_in(content: bytes, charset: str) -> None:
    assert decoded(content, charset).endswith("<p>Міст")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"%PDF-1.7\n...", Unread.PDF),
        (b"", Unread.NO_ARTICLE),
        (b"\x00\x01\x02" * 99, Unread.NO_ARTICLE),
        ("<title>Новини</title><h1>Новини</h1>".encode(), Unread.NO_ARTICLE),
        (("<h1>Останні новини за сьогодні</h1>" + TEASER * 40).encode(), Unread.NO_ARTICLE),
        ('<title>Вхід</title><h1>Увійдіть, щоб читати далі</h1><input type="password">'.encode(), Unread.LOGIN),
        ("<title>Увійти | Пошта</title><p>Введіть пошту</p>".encode(), Unread.LOGIN),
        (b'<html><body><div id="root"></div><script src="/app.js"></script></body></html>', Unread.NO_ARTICLE),
    ],
)  # fmt: skip
def test_a_page_without_an_article_says_why(content: bytes, reason: Unread) -> None:
    with pytest.raises(NoArticle) as failed:
        read(content, ADDRESS)

    assert failed.value.reason is reason


@pytest.mark.parametrize(
    "junk",
    [
        "<div>" * 20_000,
        "<div class='share'>" * 3_000 + "x",
        "<script type='application/ld+json'>" + "[" * 50_000 + "</script>",
        f"<script type='application/ld+json'>{json.dumps(ODD)}</script>",
        "<script type='application/json'>" + '{"a":' * 20_000 + "1" + "}" * 20_000 + "</script>",
        "<script>window.__STATE__ = {</script>",
        "<base href='javascript:alert(1)'><a href='http://[::1'>x</a><img src='//['>",
        "<p>" + "a " * 200_000,
        "<span>" * 100_000,
        "<meta name='a' content='" + "x" * 500_000 + "'>",
    ],
)  # fmt: skip
def test_no_page_takes_longer_than_its_length_or_breaks_the_reading(junk: str) -> None:
    page = read(page_of(body=junk), ADDRESS)

    assert page.headline == HEADLINE
    assert texts(page)[:2] == LINES


def test_what_the_page_only_tells_machines_does_not_outweigh_its_heading() -> None:
    told = {"@type": "NewsArticle", "headline": "Чому міст відкрили раніше: подробиці", "articleBody": "Коротко."}
    head = f"<script type='application/ld+json'>{json.dumps(told)}</script><meta property='og:title' content='Міст'>"

    page = read(page_of(head=head), ADDRESS)

    assert (page.headline, texts(page)) == (HEADLINE, LINES)


def test_a_heading_that_is_the_sites_name_is_not_the_headline() -> None:
    markup = page_of(head=f"<meta property='og:title' content='{HEADLINE}'>").decode()
    markup = markup.replace(f"<h1>{HEADLINE}</h1>", f"<h1>Наше місто Онлайн</h1><h2>{HEADLINE}</h2>")

    assert read(markup.encode(), ADDRESS).headline == HEADLINE


def test_a_page_that_shows_only_the_beginning_says_so() -> None:
    told = {
        "@type": "NewsArticle",
        "headline": HEADLINE,
        "isAccessibleForFree": False,
        "articleBody": "Все далі. " * 99,
    }
    page = read(page_of(head=f"<script type='application/ld+json'>{json.dumps(told)}</script>"), ADDRESS)

    assert texts(page) == LINES
    assert any("only the beginning" in notice.text for notice in article_of(page).notices)


def test_links_and_emphasis_of_the_text_stay() -> None:
    line = f"{LINES[0]} Про це <b>повідомив</b> <a href='/mayor'>мер міста</a>."
    page = read(page_of(lines=[line, LINES[1]]), ADDRESS)

    assert [(run.text, run.bold, run.link) for run in page.lines[0][1:]] == [
        ("повідомив", True, ""),
        (" ", False, ""),
        ("мер міста", False, "https://news.example/mayor"),
        (".", False, ""),
    ]


@pytest.mark.parametrize(
    ("caption", "apart"),
    [
        ("Міст уранці. Фото: Ганна Поле", ("Міст уранці.", "Ганна Поле")),
        ("Міст уранці (фото: ДСНС)", ("Міст уранці", "ДСНС")),
        ("Міст уранці / фото Агенція", ("Міст уранці", "Агенція")),
        ("Міст уранці © Агенція", ("Міст уранці", "Агенція")),
        ("Фото: ДСНС", ("", "ДСНС")),
        ("Фото: міст уранці (Агенція)", ("міст уранці", "Агенція")),
        ("The bridge. Photo by: A. Reed", ("The bridge.", "A. Reed")),
        ("На фото міст, який відкрили вчора", ("На фото міст, який відкрили вчора", "")),
    ],
)
def test_whoever_made_a_picture_is_parted_from_its_caption(caption: str, apart: tuple[str, str]) -> None:
    assert credited(caption) == apart


@pytest.mark.parametrize(
    ("canonical_link", "lasting"),
    [
        ("https://news.example/bridge", "https://news.example/bridge"),
        ("/bridge?utm_source=x&id=7#a", "https://news.example/bridge?id=7"),
        ("https://www.news.example/bridge", "https://www.news.example/bridge"),
        ("https://news.example/", "https://news.example/b?id=1"),
        ("https://other.example/bridge", "https://news.example/b?id=1"),
        ("javascript:alert(1)", "https://news.example/b?id=1"),
    ],
)
def test_the_lasting_address_is_on_the_same_site_or_the_one_that_was_asked(canonical_link: str, lasting: str) -> None:
    tree = tree_of(f"<link rel='canonical' href='{canonical_link}'>")

    assert canonical(tree, linked_data(tree), "https://news.example/b?id=1&fbclid=2") == lasting
    assert untraced("https://a.example/?id=%D0%BC") == "https://a.example/?id=%D0%BC"


def test_only_whole_instants_count_as_the_time_of_publication() -> None:
    assert str(instant("2027-05-03T14:05:00+0300")) == "2027-05-03 11:05:00+00:00"
    assert [instant(text) for text in ("", "2027-05-03", "2027-05-03T14:05", "вчора", "9" * 400)] == [None] * 5


@pytest.mark.parametrize(
    ("address", "own"),
    [
        ("https://news.example/a", True),
        ("https://www.news.example/a?b=1", True),
        ("https://m.news.example/", True),
        ("http://news.example", True),
        ("https://news.example.org/a", False),
        ("https://notnews.example/a", False),
        ("https://a.example/?u=https://news.example", False),
        ("https://city.example/blog/a", True),
        ("https://city.example/blogger", False),
    ],
)
def test_the_newsrooms_own_addresses_are_told_from_others(address: str, own: bool) -> None:
    assert is_own(address, ["https://news.example", "", "https://city.example/blog/"]) is own


def test_a_page_of_the_newsrooms_own_site_is_linked_and_anothers_is_the_source() -> None:
    page = read(page_of(head="<meta property='og:site_name' content='Чужа газета'>"), ADDRESS)
    own, foreign = (article_of(page, homes=homes).article for homes in (["https://news.example"], []))

    assert (own.link, own.sources) == (ADDRESS, ())
    assert (foreign.link, [(each.name, each.link) for each in foreign.sources]) == ("", [("Чужа газета", ADDRESS)])


@pytest.mark.usefixtures("logging_restored")
def test_the_command_line_prints_what_would_be_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    html = PAGES / "03-magazine.html"
    said = CliRunner().invoke(cli, ["fetch", EXPECTED["03-magazine"]["url"], "--html", str(html), "--json"])
    taken = json.loads(said.stdout)

    names = [
        "headline",
        "lead",
        "body",
        "related",
        "dropped",
        "language",
        "link",
        "topics",
        "sources",
        "status",
        "notices",
    ]
    assert list(taken)[: len(names)] == names
    assert (taken["headline"], taken["link"]) == (
        EXPECTED["03-magazine"]["headline"],
        EXPECTED["03-magazine"]["url"],
    )
    plainly = CliRunner().invoke(cli, ["fetch", taken["link"], "--html", str(html)])
    assert f"headline: {taken['headline']}" in plainly.stdout


async def test_the_command_line_says_what_is_wrong_in_a_sentence(tmp_path: Path) -> None:
    settings = load_settings({})
    pdf = tmp_path / "a.html"
    pdf.write_bytes(b"%PDF-1.7")
    for url, path, hint in (
        ("news.example", None, "begins with https://"),
        (ADDRESS, tmp_path / "none.html", "Can't read"),
        (ADDRESS, tmp_path, "Can't read"),
        (ADDRESS, pdf, "PDF"),
        ("http://127.0.0.1/", None, "public web"),
    ):
        with pytest.raises(CannotStart, match=hint):
            await look(url, path, settings)
