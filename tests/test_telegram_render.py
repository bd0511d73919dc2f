"""What readers see on Telegram: every character of the article, or a clean cut, in HTML that Telegram accepts."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.adapters.telegram.render import TelegramPost, render
from bot.adapters.text import ELLIPSIS, cut, cut_runs, fit, is_web_link, split
from bot.domain import (
    Article,
    Labels,
    Masthead,
    Media,
    MediaKind,
    Outlet,
    Platform,
    Related,
    Run,
    Source,
    plain,
)
from bot.sandbox.telegram_html import parse_html
from bot.sandbox.telegram_text import tidy

MASTHEAD = Masthead(
    "The Dnipro Post",
    signature="Only verified news: follow us.",
    telegram="https://t.me/dnipropost",
    viber="https://invite.viber.com/?g2=dnipro",
)
LABELS = Labels(
    source="Source", related="Also read", video="Video", photo="Photo", read_more="Read in full", urgent="Urgent"
)
OUTLET = Outlet(MASTHEAD, LABELS)
LINK = "https://post.example.com/bridge?a=1&b=2"
PHOTO = Media(MediaKind.PHOTO, url="https://post.example.com/bridge.jpg", caption="The new span", credit="O. Koval")
ARTICLE = Article(
    headline="Bridge reopens",
    lead="Trams & buses cross again.",
    body=((Run("The "), Run("first", bold=True), Run(" tram left at "), Run("six", italic=True), Run(".")),),
    sources=(Source("City council", "https://city.example.com/42"), Source("Witnesses")),
    link=LINK,
    related=(Related("Ferry retires", link="https://post.example.com/ferry", video=True),),
)


class Reader(HTMLParser):
    """Reads a post as Telegram does: the plain text, how many entities, which links; refuses what Telegram refuses."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text, self.entities, self.open = "", 0, list[str]()
        self.links = dict[str, str]()
        self.href = ""
        self.feed(html)
        self.close()
        assert not self.open, "an open tag is left"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ("a", "b", "i", "u", "s", "tg-spoiler", "blockquote", "code")
        assert [name for name, _ in attrs] == (["href"] if tag == "a" else [])
        assert tag not in self.open
        self.href = attrs[0][1] or "" if attrs else self.href
        self.open.append(tag)
        self.entities += 1

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data
        if "a" in self.open:
            self.links[data] = self.href


def html_of(post: TelegramPost) -> str:
    html = post.params.get("text", post.params.get("caption"))
    assert isinstance(html, str)
    return html


def long_article(**changes: Any) -> Article:
    body = tuple((Run(f"Paragraph {number} tells of the bridge and its builders. " * 4),) for number in range(40))
    return replace(ARTICLE, body=body, **changes)


def test_a_post_reads_from_headline_to_signature() -> None:
    post = render(ARTICLE, OUTLET)

    assert post.visible == (
        "Bridge reopens\n\nTrams & buses cross again.\n\nThe first tram left at six.\n\n"
        "Source: City council, Witnesses\n\nAlso read:\n• Ferry retires. Video\n\n"
        "Only verified news: follow us.\nTelegram · Viber"
    )
    assert "<b>Bridge reopens</b>" in html_of(post)
    assert "Trams &amp; buses" in html_of(post)
    assert "The <b>first</b> tram left at <i>six</i>." in html_of(post)
    assert Reader(html_of(post)).links == {
        "City council": "https://city.example.com/42",
        "Ferry retires. Video": "https://post.example.com/ferry",
        "Telegram": "https://t.me/dnipropost",
        "Viber": "https://invite.viber.com/?g2=dnipro",
    }


def test_the_full_text_is_one_press_away() -> None:
    button = {"inline_keyboard": [[{"text": "Read in full", "url": LINK}]]}

    assert render(ARTICLE, OUTLET).params["reply_markup"] == button
    # What a preview shows is nobody's decision here, and may change after the approval.
    assert render(ARTICLE, OUTLET).params["link_preview_options"] == {"is_disabled": True}


def test_where_no_button_is_shown_the_full_text_is_a_link() -> None:
    post = render(ARTICLE, replace(OUTLET, keyboard=False))

    assert "reply_markup" not in post.params
    assert Reader(html_of(post)).links["Read in full"] == LINK


@pytest.mark.parametrize("link", ["", "javascript:alert(1)", "https://intranet/x", "https://a b.com", "ftp://x.com"])
def test_an_article_without_a_usable_address_has_neither_button_nor_preview(link: str) -> None:
    post = render(replace(ARTICLE, link=link), OUTLET)

    assert "reply_markup" not in post.params
    assert post.params["link_preview_options"] == {"is_disabled": True}


def test_an_urgent_video_says_so_in_its_headline() -> None:
    post = render(replace(ARTICLE, urgent=True, video=True), OUTLET)

    assert post.visible.startswith("Urgent: Bridge reopens. Video\n\n")


def test_a_silent_post_makes_no_sound() -> None:
    assert render(ARTICLE, replace(OUTLET, silent=True)).params["disable_notification"] is True
    assert "disable_notification" not in render(ARTICLE, OUTLET).params


@pytest.mark.parametrize(
    ("media", "method", "sent"),
    [
        (PHOTO, "sendPhoto", {"photo": PHOTO.url}),
        (replace(PHOTO, kind=MediaKind.VIDEO), "sendVideo", {"video": PHOTO.url}),
        (replace(PHOTO, url="", platform=Platform.TELEGRAM, file="AgAC-x_1"), "sendPhoto", {"photo": "AgAC-x_1"}),
        (replace(PHOTO, url="", platform=Platform.TELEGRAM, file="/etc/passwd"), "sendMessage", {}),
        (replace(PHOTO, url="", platform=Platform.VIBER, file="x"), "sendMessage", {}),
        (replace(PHOTO, url="http://post.example.com/bridge.jpg"), "sendMessage", {}),
    ],
)
def test_media_is_sent_where_telegram_can_show_it(media: Media, method: str, sent: dict[str, str]) -> None:
    post = render(replace(ARTICLE, media=media), OUTLET)

    assert post.method == method
    assert {name: post.params[name] for name in ("photo", "video") if name in post.params} == sent


def test_a_picture_carries_its_caption_and_credit_and_can_be_left_out() -> None:
    post = render(replace(ARTICLE, media=PHOTO), OUTLET)

    assert "The new span\nPhoto: O. Koval" in post.visible
    assert "link_preview_options" not in post.params
    assert post.plainer == render(ARTICLE, OUTLET)


@pytest.mark.parametrize(("changes", "limit"), [({}, 4096), ({"media": PHOTO}, 1024)])
def test_a_post_tells_whether_the_text_is_there_to_its_end(changes: dict[str, Any], limit: int) -> None:
    ends = [
        (n, render(replace(ARTICLE, body=((Run(f"{'word ' * n}end"),),), **changes), OUTLET)) for n in range(1, 830)
    ]

    assert all(post.whole == ("word end\n" in post.visible) for _, post in ends)
    assert {post.whole for _, post in ends} == {True, False}
    assert max(len(post.visible) for _, post in ends if post.whole) > limit - 60
    assert not render(replace(ARTICLE, lead="word " * 900, body=(), **changes), OUTLET).whole


def test_a_long_article_gives_way_in_its_body() -> None:
    for post, limit in ((render(long_article(), OUTLET), 4096), (render(long_article(media=PHOTO), OUTLET), 1024)):
        assert limit - 40 < len(post.visible) <= limit
        assert post.visible.endswith("Telegram · Viber")
        assert "Source: City council, Witnesses\n\nAlso read:" in post.visible
        assert re.search(r"(builders\.|\w) ?…\n\n", post.visible)


def test_a_headline_longer_than_a_post_leaves_room_for_sources_and_signature() -> None:
    post = render(replace(ARTICLE, headline="word " * 2000, media=PHOTO), OUTLET)

    assert "word…\n\n" in post.visible
    assert "Source: City council" in post.visible
    assert post.visible.endswith("Telegram · Viber")
    assert len(post.visible) <= 1024


def test_emphasis_goes_before_links_and_text_never() -> None:
    body = tuple(
        (Run(f"b{number}", bold=True), Run(" "), Run(f"l{number}", link=f"https://x.com/{number}"))
        for number in range(90)
    )
    post = render(replace(ARTICLE, body=body), OUTLET)

    reader = Reader(html_of(post))
    assert reader.entities == 100
    assert sum(text.startswith("l") for text in reader.links) == 90
    assert all(f"b{number} l{number}" in post.visible for number in range(90))


def test_the_addresses_of_links_never_burst_the_post() -> None:
    body = tuple((Run(f"l{n}", link=f"https://x.com/{n}?" + "&" * 1900),) for n in range(90))
    post = render(replace(ARTICLE, body=body), OUTLET)

    assert len(html_of(post).encode()) <= 32_768
    assert all(f"l{number}" in post.visible for number in range(90))


def test_the_body_of_the_request_is_a_form() -> None:
    post = render(ARTICLE, OUTLET)

    assert parse_qs(post.form.decode())["text"] == [html_of(post)]
    assert post.form is post.form


anything = st.text(alphabet=st.one_of(st.characters(), st.sampled_from("<>&\"'; \n\r\t…\u2028\u030a\u200d\ud800🇺🇦")))
links = st.one_of(st.just(""), st.just(LINK), anything.map(lambda text: f"https://x.com/{text}"), anything)
runs = st.builds(Run, anything, st.booleans(), st.booleans(), links)
media = st.builds(
    Media, st.sampled_from(MediaKind), links, st.sampled_from([None, *Platform]), anything, anything, anything
)
articles = st.builds(
    Article,
    headline=st.one_of(anything, anything.map(lambda text: text * 400)),
    lead=st.one_of(anything, anything.map(lambda text: text * 300)),
    body=st.lists(st.lists(runs, max_size=8).map(tuple), max_size=8).flatmap(
        lambda body: st.sampled_from([1, 1, 30]).map(lambda times: tuple(body * times))
    ),
    media=st.none() | media,
    sources=st.lists(st.builds(Source, anything, links), max_size=8).map(tuple),
    link=links,
    urgent=st.booleans(),
    related=st.lists(st.builds(Related, anything, anything, links, st.booleans()), max_size=8).map(tuple),
    video=st.booleans(),
)
outlets = st.builds(
    Outlet,
    st.builds(Masthead, anything, anything, links, links, links),
    st.builds(Labels, anything, anything, anything, anything, anything, anything),
    st.booleans(),
    st.booleans(),
)


@settings(max_examples=100, deadline=None)
@given(articles, outlets)
def test_whatever_is_pasted_the_html_says_exactly_what_is_visible(article: Article, outlet: Outlet) -> None:
    post: TelegramPost | None = render(article, outlet)
    while post is not None:
        html = html_of(post)
        reader = Reader(html)
        assert reader.text == post.visible
        assert reader.entities <= 100
        assert all(is_web_link(link) for link in reader.links.values())
        assert len(post.visible) <= (4096 if post.method == "sendMessage" else 1024)
        assert len(html.encode()) <= 32_768
        assert post.form
        post = post.plainer


LOOKS = {
    "bold": "bold", "italic": "italic", "strikethrough": "struck", "spoiler": "spoiler", "blockquote": "quote",
    "underline": "underline", "code": "code",
}  # fmt: skip
marked_runs = st.builds(
    Run, st.sampled_from(["seven", "сім ", "<&>", " – ", "🇺🇦"]), *[st.booleans()] * 2, st.sampled_from(["", LINK]),
    *[st.booleans()] * 5
)  # fmt: skip


def looks_of(html: str) -> list[tuple[str, frozenset[str]]]:
    """Each character as Telegram shows it, read by the sandbox, which shares no code with us."""
    text, entities = tidy(*parse_html(html))
    return [
        (char, frozenset(LOOKS.get(e.kind, e.url and "link") for e in entities if e.start <= at < e.end))
        for at, char in enumerate(text)
    ]


@settings(max_examples=100, deadline=None)
@given(st.lists(marked_runs, min_size=1, max_size=12))
def test_what_is_marked_is_marked_for_readers(body: list[Run]) -> None:
    post = render(Article("H", body=((Run("a"), *body, Run("z")),)), Outlet(Masthead("The Post"), LABELS))

    shown = looks_of(html_of(post))[len("H\n\n") :]
    said = [(char, run) for run in (Run("a"), *body, Run("z")) for char in run.text]
    assert "".join(char for char, _ in shown) == "".join(char for char, _ in said)
    for (_, looks), (_, run) in zip(shown, said, strict=True):
        opaque = run.code and not (run.link or run.struck or run.spoiler)
        for look in ("struck", "spoiler", "quote"):
            assert (look in looks) == getattr(run, look)
        for look in ("bold", "italic", "underline"):
            assert (look in looks) == (getattr(run, look) and not opaque)
        assert ("code" in looks) == opaque
        assert ("link" in looks) == bool(run.link)
    assert post.unmarked == ()


def test_more_marks_than_telegram_takes_are_told() -> None:
    body = tuple((Run(f"s{number}", struck=True), Run(" "), Run(f"b{number}", bold=True)) for number in range(120))
    post = render(replace(ARTICLE, body=body), OUTLET)

    assert Reader(html_of(post)).entities <= 100
    assert post.unmarked[-1] == "s119"
    assert html_of(post).count("<s>") + len(post.unmarked) == 120


def test_a_struck_lead_is_struck() -> None:
    lead = (Run("Seven", struck=True), Run(" four were hurt."))
    post = render(replace(ARTICLE, lead=plain(lead), marked_lead=lead), OUTLET)

    assert "\n\n<s>Seven</s> four were hurt.\n\n" in html_of(post)


words = st.text(alphabet="абвгґ́xyz'-", min_size=1, max_size=12)
sentences = st.lists(words, min_size=1, max_size=30).map(" ".join)


@settings(max_examples=100, deadline=None)
@given(headline=sentences, lead=sentences, body=st.lists(sentences, max_size=60), with_photo=st.booleans())
def test_what_is_cut_is_cut_at_the_end_and_between_words(
    headline: str, lead: str, body: list[str], with_photo: bool
) -> None:
    article = Article(headline, lead, tuple((Run(text),) for text in body), PHOTO if with_photo else None)
    post = render(article, Outlet(Masthead("The Post"), LABELS))

    whole = "\n\n".join([headline, lead, *body])
    shown = post.visible.removesuffix("\n\nThe new span\nPhoto: O. Koval")
    if shown != whole:
        kept = shown.removesuffix(ELLIPSIS).removesuffix(" ").removesuffix("\n\n")
        assert shown.endswith(ELLIPSIS)
        assert whole.startswith(kept)
        assert whole[len(kept)].isspace()
        assert len(post.visible) > (960 if with_photo else 4030)


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("one two", 7, "one two"),
        ("one two three", 8, "one two…"),
        ("one two three", 7, "one…"),
        ("unbreakable", 5, "unbr…"),
        ("й" * 3 + "и\u0306" * 3, 5, "ййй…"),
        ("anything", 0, ""),
    ],
)
def test_a_cut_falls_between_words(text: str, limit: int, expected: str) -> None:
    assert cut(text, limit) == expected


def test_a_cut_never_falls_within_a_link() -> None:
    sentence = (Run("See "), Run("the full report", link=LINK), Run(" today"))

    assert cut_runs(sentence, 14) == (Run("See…"),)
    assert cut_runs(sentence, 20) == (Run("See "), Run("the full report", link=LINK), Run("…"))


def test_paragraphs_come_as_many_as_fit() -> None:
    paragraphs = [(Run("first one"),), (Run("second one"),), (Run("third"),)]

    assert fit(paragraphs, 30) == (tuple(paragraphs), True)
    assert [plain(p) for p in fit(paragraphs, 27)[0]] == ["first one", "second one …"]
    assert [plain(p) for p in fit(paragraphs, 19)[0]] == ["first one", "second…"]
    assert [plain(p) for p in fit(paragraphs, 13)[0]] == ["first one …"]


@given(st.lists(runs, max_size=12), st.integers(5, 60))
def test_a_split_screen_loses_nothing_but_white_space(screen: list[Run], limit: int) -> None:
    parts = split(screen, limit)

    assert all(len(plain(part)) <= limit for part in parts)
    assert "".join("".join(map(plain, parts)).split()) == "".join(plain(screen).split())


@pytest.mark.parametrize("media", [None, PHOTO], ids=["text", "picture"])
def test_the_link_to_the_record_is_a_word_beside_the_signature_within_the_limits(media: Media | None) -> None:
    check = "https://bot.example/v/00000CK"
    outlet = replace(OUTLET, labels=replace(LABELS, verify="Verify"), check=check)
    for words in (5, 150, 2_000):
        post = render(replace(ARTICLE, media=media, lead="word " * words), outlet)

        read = Reader(str(post.params["caption" if media else "text"]))
        assert len(post.visible) <= (1024 if media else 4096)
        assert post.visible.endswith("Only verified news: follow us.\nTelegram · Viber · Verify")
        assert read.links["Verify"] == check
    assert "Verify" not in render(ARTICLE, OUTLET).visible
