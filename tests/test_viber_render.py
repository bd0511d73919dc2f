"""What a reader of Viber sees: exactly the article's characters, within the limits, bold where we put it."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.adapters.viber import ViberMessenger
from bot.adapters.viber.marks import JOINER
from bot.adapters.viber.render import ViberPost
from bot.domain import (
    Article,
    Button,
    Labels,
    Masthead,
    Media,
    MediaKind,
    Outlet,
    Platform,
    Related,
    Run,
    Screen,
    Source,
    plain,
)
from bot.sandbox import Sandbox

LABELS = Labels("Source", "Related", "Video", "Photo", "Read more", "Urgent")
MASTHEAD = Masthead(
    "The Dnipro Post",
    "Only verified news. Do not fall for fakes!",
    telegram="https://t.me/dnipro_post",
    viber="https://invite.viber.com/?g2=dnipro_",
)
READERS = Outlet(MASTHEAD, LABELS)
CHANNEL = Outlet(MASTHEAD, LABELS, keyboard=False)
BARE = Outlet(Masthead("The Dnipro Post"), LABELS, keyboard=False)
PHOTO = Media(MediaKind.PHOTO, url="https://dnipro.example/quay.jpg", credit="Iryna Bondar")
ARTICLE = Article(
    "Ferry returns to the Dnipro",
    "The line that closed in 2022 opens on Monday.",
    ((Run("Tickets cost 20 hryvnias."),), (Run("The first boat leaves at six."),)),
    sources=(Source("City council", "https://council.example/ferry"),),
    link="https://dnipro.example/ferry",
)

viber = ViberMessenger("TOKEN")


def para(text: str) -> tuple[Run, ...]:
    return (Run(text),)


def text_of(post: ViberPost) -> str:
    return str(post.body["text"])


def utf16(text: str) -> int:
    return len(text.encode("utf-16-le", errors="surrogatepass")) // 2


def bold_and_other_spans(text: str, *, joiner_is_space: bool) -> list[tuple[str, str]]:
    """How an app reads marks, by docs/platforms/viber.md#text-marks, independently of the code under test.

    A mark opens before a non-space and closes after a non-space, before a space or the end. What the apps take a
    WORD JOINER for is not documented; both readings must come out right.
    """
    if joiner_is_space:
        text = text.replace(JOINER, " ")
    closers = {mark: _closers(text, mark) for mark in ("```", "*", "_", "~")}
    spans, at = [], 0
    while at < len(text):
        for mark, ends in closers.items():
            start = at + len(mark)
            later = bisect_right(ends, start)
            if text.startswith(mark, at) and not text[start : start + 1].isspace() and later < len(ends):
                spans.append((mark, text[start : ends[later]]))
                at = ends[later]
                break
        at += 1
    return spans


def _closers(text: str, mark: str) -> list[int]:
    return [match.start() for match in re.finditer(rf"(?<=\S)(?={re.escape(mark)}(?:\s|\Z))", text)]


def test_a_post_for_readers_on_viber_says_everything_in_order() -> None:
    post = viber.render(ARTICLE, READERS)

    assert post.visible == (
        "Ferry returns to the Dnipro\n\n"
        "The line that closed in 2022 opens on Monday.\n\n"
        "Tickets cost 20 hryvnias.\n\n"
        "The first boat leaves at six.\n\n"
        "Source: City council, https://council.example/ferry\n\n"
        "Read more: https://dnipro.example/ferry\n\n"
        "Only verified news. Do not fall for fakes!\n"
        "Telegram: https://t.me/dnipro_post\n"
        "Viber: https://invite.viber.com/?g2=dnipro%5F"
    )
    assert text_of(post).startswith("*Ferry returns to the Dnipro*\n\nThe line")
    assert post.body["keyboard"]["Buttons"] == [
        {
            "Columns": 6,
            "Rows": 1,
            "Text": "Read more",
            "ActionType": "open-url",
            "ActionBody": "https://dnipro.example/ferry",
        }
    ]
    assert post.plainer is None


def test_a_channel_has_no_keyboard() -> None:
    assert "keyboard" not in viber.render(ARTICLE, CHANNEL).body


def test_urgent_news_videos_and_earlier_reports_are_marked_as_such() -> None:
    article = replace(
        ARTICLE,
        urgent=True,
        video=True,
        media=Media(MediaKind.VIDEO, url="https://dnipro.example/ferry.mp4"),
        related=(Related("Bridge closed", link="https://dnipro.example/bridge"), Related("Pier rebuilt", video=True)),
    )

    shown = viber.render(article, CHANNEL).visible

    assert shown.startswith("Urgent: Ferry returns to the Dnipro. Video\n\n")
    assert "Related:\n— Bridge closed: https://dnipro.example/bridge\n— Pier rebuilt. Video\n" in shown
    assert "\n\nVideo: https://dnipro.example/ferry.mp4\n" in shown


def test_a_photo_comes_with_its_caption_and_a_form_without_it() -> None:
    post = viber.render(replace(ARTICLE, media=PHOTO), READERS)

    assert (post.body["type"], post.body["media"]) == ("picture", "https://dnipro.example/quay.jpg")
    assert post.visible.endswith(
        "Photo: Iryna Bondar\nSource: City council, https://council.example/ferry\n\n"
        "Read more: https://dnipro.example/ferry"
    )
    assert post.plainer == viber.render(ARTICLE, READERS)


@pytest.mark.parametrize(
    ("url", "readers", "channel"),
    [
        ("https://dnipro.example/a.jpg", "picture", "picture"),
        ("https://dnipro.example/a.JPEG", "picture", "picture"),
        ("https://dnipro.example/a.png", "picture", "text"),
        ("http://dnipro.example/a.jpg", "text", "text"),
        ("https://dnipro.example/a.jpg?size=2", "text", "text"),
        ("https://dnipro.example/a.gif", "text", "text"),
        ("https://dnipro.example.jpg", "text", "text"),
        ("https://[.jpg/a.jpg", "text", "text"),
        ("", "text", "text"),
    ],
)
def test_a_picture_only_where_viber_shows_it(url: str, readers: str, channel: str) -> None:
    article = replace(ARTICLE, media=Media(MediaKind.PHOTO, url=url))

    assert viber.render(article, READERS).body["type"] == readers
    assert viber.render(article, CHANNEL).body["type"] == channel


@pytest.mark.parametrize(
    "media",
    [
        Media(MediaKind.PHOTO, platform=Platform.TELEGRAM, file="AgACAgIAAx"),
        Media(MediaKind.PHOTO, url="https://dnipro.example/a.jpg", size=1_000_001),
    ],
)
def test_a_photo_that_viber_cannot_fetch_leaves_the_text(media: Media) -> None:
    assert viber.render(replace(ARTICLE, media=media), READERS) == viber.render(ARTICLE, READERS)


def test_a_headline_too_long_for_a_caption_is_sent_as_text() -> None:
    article = replace(ARTICLE, headline="word " * 160, media=PHOTO)

    assert viber.render(article, CHANNEL).body["type"] == "text"


@pytest.mark.parametrize("length", range(700, 740))
def test_a_tight_caption_never_loses_the_link(length: int) -> None:
    article = replace(ARTICLE, headline="h" * length, media=PHOTO)

    assert "https://dnipro.example/ferry" in viber.render(article, CHANNEL).visible


@pytest.mark.parametrize(("changes", "limit"), [({}, 7000), ({"media": PHOTO}, 768)])
def test_a_post_tells_whether_the_text_is_there_to_its_end(changes: dict[str, Any], limit: int) -> None:
    lengths = range(limit // 5 - 80, limit // 5)
    posts = [viber.render(replace(ARTICLE, body=(para(f"{'word ' * n}end"),), **changes), READERS) for n in lengths]

    assert all(post.whole == ("word end\n" in post.visible) for post in posts)
    assert {post.whole for post in posts} == {True, False}
    assert not viber.render(replace(ARTICLE, lead="word " * 1500, **changes), READERS).whole


def test_a_channel_post_has_only_the_fields_that_channels_are_known_to_take() -> None:
    """Reference, Viber 1.8: `from`, `type` and the type's own fields."""
    assert set(viber.render(ARTICLE, CHANNEL).body) == {"type", "text"}
    assert set(viber.render(replace(ARTICLE, media=PHOTO), CHANNEL).body) == {"type", "text", "media"}


def test_a_link_inside_the_text_is_spelt_out() -> None:
    council = "https://council.example/"
    runs = (Run("The "), Run("council", link=council), Run(" voted, says "), Run(council, link=council), Run("."))

    shown = viber.render(Article("Vote", body=(runs,)), BARE).visible

    assert shown == f"Vote\n\nThe council: {council} voted, says {council}."


STRUCK, CODE = Run("seven", struck=True), Run("x = 1", code=True)


@pytest.mark.parametrize(
    ("runs", "shown", "lost"),
    [
        ((Run("Hurt: "), STRUCK, Run(" four.")), "Hurt: ~seven~ four.", ()),
        ((STRUCK,), "~seven~", ()),
        ((Run("Hurt: "), STRUCK, Run(", four.")), "Hurt: ~seven,~ four.", ()),
        ((Run("Hurt («"), STRUCK, Run("»), four.")), "Hurt ~(«seven»),~ four.", ()),
        ((Run("Hurt: "), replace(STRUCK, text="seven "), Run("four.")), "Hurt: ~seven~ four.", ()),
        ((Run("Run "), CODE, Run(" now")), "Run ```x = 1``` now", ()),
        ((Run("seven"), replace(STRUCK, text="teen"), Run(" four")), "seventeen four", ("teen",)),
        ((replace(STRUCK, text="see https://a.example/x"),), "see https://a.example/x", ("see https://a.example/x",)),
        ((Run("The killer is "), Run("Ivan", spoiler=True)), "The killer is Ivan", ("Ivan",)),
        ((Run("So be it.", quote=True),), "So be it.", ("So be it.",)),
        ((Run("So", underline=True), Run(" be it.")), "So be it.", ("So",)),
    ],
)
def test_what_is_struck_is_struck_and_what_has_no_form_is_told(
    runs: tuple[Run, ...], shown: str, lost: tuple[str, ...]
) -> None:
    for article in (Article("Headline", body=(runs,)), Article("Headline", plain(runs), marked_lead=runs)):
        post = viber.render(article, BARE)
        assert text_of(post) == f"*Headline*\n\n{shown}"
        assert post.visible == f"Headline\n\n{plain(runs)}"
        assert post.unmarked == lost


def test_struck_text_that_is_cut_stays_struck() -> None:
    long = (Run("Before "), Run("word " * 3_000, struck=True))
    post = viber.render(Article("H", body=(long,)), BARE)

    assert text_of(post).endswith(" word~ …")
    assert post.visible.endswith(" word …")
    assert "~" not in post.visible


def test_a_word_right_behind_a_link_does_not_become_part_of_the_address() -> None:
    runs = (Run("council", link="https://council.example/"), Run("men"))

    assert viber.render(Article("Vote", body=(runs,)), BARE).visible.endswith("council: https://council.example/ men")


@pytest.mark.parametrize(
    "text",
    [
        "*note* _so_ ~called~ ```code```",
        "five * stars * and snake_case_name_ too",
        "2*3*4 = 24*",
        "**bold** __under__ ~~gone~~",
        "mail first_last@dnipro.example or @ferry_bot",
    ],
)
def test_the_articles_own_marks_are_shown_and_do_nothing(text: str) -> None:
    post = viber.render(Article("Headline", text), BARE)

    assert post.visible == f"Headline\n\n{text}"
    for reading in (False, True):
        assert bold_and_other_spans(text_of(post), joiner_is_space=reading) == [("*", "Headline")]


COUNCIL = "https://council.example/"


@pytest.mark.parametrize(
    ("runs", "shown"),
    [
        (
            (Run("The ", link=COUNCIL), Run("whole", bold=True, link=COUNCIL), Run(" report", link=COUNCIL)),
            f"The whole report: {COUNCIL}",
        ),
        ((Run("See ", bold=True, link=COUNCIL), Run(" ", link=COUNCIL), Run("now")), f"See: {COUNCIL} now"),
        ((Run(COUNCIL[:12], bold=True, link=COUNCIL), Run(COUNCIL[12:], link=COUNCIL)), COUNCIL),
        ((Run("one", link=COUNCIL), Run(" and "), Run("two", link=COUNCIL)), f"one: {COUNCIL} and two: {COUNCIL}"),
    ],
)
def test_a_link_in_several_looks_has_its_address_once(runs: tuple[Run, ...], shown: str) -> None:
    assert viber.render(Article("Vote", body=(runs,)), BARE).visible == f"Vote\n\n{shown}"


def test_addresses_hold_nothing_invisible_and_keep_their_marks_inside() -> None:
    post = viber.render(Article("Headline", "at https://dnipro.example/a_b~c*d/_e_ now"), BARE)

    assert "https://dnipro.example/a_b~c*d/_e%5F now" in text_of(post)


@pytest.mark.parametrize("name", ["receiver_id", "url_encoded_receiver_id", "user_name"])
def test_an_article_cannot_call_the_reader_by_name(name: str) -> None:
    trap = f"replace_me_with_{name}"
    article = Article(
        trap,
        trap,
        (para(f"https://dnipro.example/{trap}"),),
        media=Media(MediaKind.PHOTO, url=f"https://dnipro.example/{trap}.jpg"),
        link=f"https://dnipro.example/?{trap}",
    )

    post = viber.render(article, replace(READERS, labels=replace(LABELS, read_more=trap)))

    assert trap not in json.dumps(post.body, ensure_ascii=False)
    assert post.visible.startswith(f"{trap}\n\n{trap}\n\n")


@pytest.mark.parametrize("code", ["(heart)", "(y)", "(Smiley)", "(thumbs_up)"])
def test_a_word_in_brackets_does_not_turn_into_a_picture(code: str) -> None:
    post = viber.render(Article("Headline", f"So {code} it is"), BARE)

    assert code not in text_of(post)
    assert code in post.visible


def test_ordinary_text_is_left_alone() -> None:
    text = "Рада (далі — «рада») ухвалила 5-й пункт (2023); див. с. 7 – 9."

    assert text_of(viber.render(Article("Рада", text), BARE)) == f"*Рада*\n\n{text}"


def test_a_long_article_loses_earlier_reports_first_and_then_its_end() -> None:
    related = tuple(Related(f"Earlier report number {number}") for number in range(5))
    almost = replace(ARTICLE, body=(para("слово " * 1095),), related=related)
    longer = replace(ARTICLE, body=(para("слово " * 5000),), related=related)

    assert "Earlier report number 0" in viber.render(almost, READERS).visible
    assert "Earlier report number 4" not in viber.render(almost, READERS).visible
    shown = viber.render(longer, READERS).visible
    assert "Earlier" not in shown
    assert "слово …\n\nSource: City council" in shown
    assert 6_950 < len(shown) <= 7_000


def test_a_headline_without_end_is_cut_but_shown() -> None:
    shown = viber.render(Article("щ" * 20_000), READERS).visible

    assert shown.startswith("щщщ")
    assert shown.endswith("щ …")


#: A slow machine is no failure.
patiently = settings(deadline=None)


# --- whatever the text -------------------------------------------------------------------------------------------

_tricky = st.lists(
    st.sampled_from(
        [
            *("*", "_", "~", "`", "(", ")", "```", " ", "\n", "\r", ".", "\u2060", "\u200b", "\x00", "\ud800"),
            *("a", "щ", "🚢", "e\u0301", "слово ", "(y)", "(heart)", "https://a.example/", "http://b.example/x_y"),
            *("replace_me_with_", "user_name", "receiver_id"),
        ]
    ),
    max_size=30,
).map("".join)
_texts = (
    _tricky | st.text(max_size=40) | st.builds(lambda text, times: (text + " ") * times, _tricky, st.integers(1, 900))
)
_links = st.sampled_from(
    ["", "https://a.example/x", "https://b.example/a_b_", "http://c.example/*~", "javascript:x", "https://["]
)
_runs = st.builds(Run, _texts, st.booleans(), st.booleans(), _links)
_media = st.none() | st.builds(
    Media,
    st.sampled_from(MediaKind),
    url=st.sampled_from(["", "https://a.example/p.jpg", "https://a.example/p_.png", "https://a.example/v.mp4"])
    | _texts,
    credit=_texts,
)
_articles = st.builds(
    Article,
    _texts,
    _texts,
    st.lists(st.lists(_runs, max_size=3).map(tuple), max_size=4).map(tuple),
    media=_media,
    sources=st.lists(st.builds(Source, _texts, _links), max_size=3).map(tuple),
    link=_links | _texts,
    related=st.lists(st.builds(Related, _texts, _texts, _links, st.booleans()), max_size=4).map(tuple),
    urgent=st.booleans(),
    video=st.booleans(),
)
_outlets = st.sampled_from([READERS, CHANNEL, BARE])


def forms(post: ViberPost) -> list[ViberPost]:
    return [post] if post.plainer is None else [post, post.plainer]


def whole_request(body: Any) -> bytes:
    addressed = {"broadcast_list": ["x" * 22 + "=="] * 300, "sender": {"name": "щ" * 28}, **body}
    return json.dumps(addressed, ensure_ascii=False, separators=(",", ":")).encode()


@patiently
@given(_articles, _outlets)
def test_no_article_breaks_a_limit(article: Article, outlet: Outlet) -> None:
    for post in forms(viber.render(article, outlet)):
        limit = 768 if post.body["type"] == "picture" else 7_000
        assert utf16(text_of(post)) <= limit
        assert len(whole_request(post.body)) <= 30_000
        assert "\x00" not in text_of(post)


@patiently
@given(st.sampled_from(["𝕏", "ა", '"', "\\", "\n", "ა\n", "🚢 "]), st.integers(1_000, 9_000))
def test_the_dearest_letters_fit_too(letter: str, times: int) -> None:
    article = Article(letter * times, letter * times, (para(letter * times),), link="https://a.example/" + "щ" * 900)

    test_no_article_breaks_a_limit.hypothesis.inner_test(article, READERS)  # type: ignore[attr-defined]


@patiently
@given(_articles, _outlets, st.booleans())
@example(Article("*https://a.example/*a"), BARE, True)
def test_nothing_is_formatted_but_the_headline(article: Article, outlet: Outlet, joiner_is_space: bool) -> None:
    for post in forms(viber.render(article, outlet)):
        spans = bold_and_other_spans(text_of(post), joiner_is_space=joiner_is_space)
        first = post.visible.split("\n", 1)[0]
        shown = [(mark, text.replace(JOINER, "").replace(" ", "")) for mark, text in spans]
        assert shown in ([], [("*", first.replace(" ", ""))])


@patiently
@given(_texts, _texts)
@example("*", "_")
def test_every_character_is_shown_unless_cut(headline: str, lead: str) -> None:
    post = viber.render(Article(headline, lead), BARE)

    if post.whole and "…" not in post.visible:
        assert post.visible == "\n\n".join(filter(None, [" ".join(sent(headline).split()), sent(lead).strip()]))


@patiently
@given(st.lists(st.builds(Run, _tricky, struck=st.booleans(), code=st.booleans()), max_size=6), st.booleans())
@example([Run("`", code=True), Run(")", struck=True)], False)
def test_a_mark_of_ours_closes_or_is_told(runs: list[Run], joiner_is_space: bool) -> None:
    post = viber.render(Article("H", body=(tuple(runs),)), BARE)

    spans = bold_and_other_spans(text_of(post).removeprefix("*H*"), joiner_is_space=joiner_is_space)
    struck = "".join(text for mark, text in spans if mark == "~")
    assert all(mark in ("~", "```") for mark, _ in spans)
    for run in runs:
        bare = "".join(sent(run.text).split())
        if run.struck and bare and not any(run.text in told for told in post.unmarked):
            assert bare in "".join(struck.replace(JOINER, "").split())


def sent(text: str) -> str:
    """`text` without what no reader sees, and with the marks at the end of an address in their other spelling."""
    text = re.sub(
        r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2060\ud800-\udfff]", "", text.replace("\r\n", "\n").replace("\r", "\n")
    )
    return re.sub(r"(?i)https?://\S+", lambda url: spelt(url[0]), text)


def spelt(url: str) -> str:
    url = re.sub(r"(?i)(replace)_(?=me_with_)", r"\1%5F", url).replace("``", "`%60")
    kept = url.rstrip("*_~")
    return kept + "".join({"*": "%2A", "_": "%5F", "~": "%7E"}[mark] for mark in url[len(kept) :])


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.sampled_from(["слово", "🚢🚢", "https://a.example/x_y", "*so*", "(heart)", "a_b"]),
        min_size=800,
        max_size=3_000,
    )
)
def test_a_cut_falls_between_words(words: list[str]) -> None:
    shown = viber.render(Article("Headline", body=(para(" ".join(words)),)), BARE).visible

    body = shown.removeprefix("Headline\n\n").split(" ")
    whole = body if body[-1] != "…" else body[:-1]
    assert whole == words[: len(whole)]
    assert len(whole) == len(words) or body[-1] == "…"


# --- screens -----------------------------------------------------------------------------------------------------


def welcome(screen: Screen) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(viber.calls.welcome(screen))
    return body


def test_a_screen_shows_its_looks_links_and_buttons() -> None:
    screen = Screen(
        (Run("Article #12", bold=True), Run(" waits. See "), Run("the site", link="https://dnipro.example/")),
        ((Button("Approve & go", "7"), Button("Open", url="https://dnipro.example/12")), (Button("Back", "8"),)),
    )

    body = welcome(screen)

    assert body["text"] == "*Article #12* waits. See the site: https://dnipro.example/"
    assert body["sender"] == {"name": "Visnyk"}
    assert "receiver" not in body
    buttons = body["keyboard"]["Buttons"]
    assert [button["Columns"] for button in buttons] == [3, 3, 6]
    assert [button["ActionType"] for button in buttons] == ["reply", "open-url", "reply"]
    assert [button["ActionBody"] for button in buttons] == ["#7", "https://dnipro.example/12", "#8"]
    assert buttons[0]["Text"] == "Approve &amp; go"


def test_a_button_of_a_welcome_says_its_command() -> None:
    body = welcome(Screen((Run("Good day!"),), ((Button("Subscribe", "/start"),),)))

    assert body["keyboard"]["Buttons"][0]["ActionBody"] == "/start"


def test_a_mark_that_could_not_close_is_left_out() -> None:
    assert welcome(Screen((Run("Due", bold=True), Run(": now"))))["text"] == "Due: now"
    assert welcome(Screen((Run("One\nTwo ", italic=True), Run("three"))))["text"] == "_One_\n_Two_ three"


def test_a_crowded_keyboard_keeps_every_button() -> None:
    rows = tuple((Button(str(number), str(number)),) for number in range(20))

    buttons = welcome(Screen((Run("Pick"),), rows))["keyboard"]["Buttons"]

    assert [button["Text"] for button in buttons] == [str(number) for number in range(20)]
    assert sum(button["Columns"] for button in buttons) <= 12 * 6


@patiently
@given(_texts, st.integers(0, 300))
def test_a_label_is_never_too_long_and_never_half_an_entity(text: str, times: int) -> None:
    label = welcome(Screen((), ((Button(text + "&<" * times, "1"),),)))["keyboard"]["Buttons"][0]["Text"]

    assert 0 < len(label) <= 250
    assert not re.search(r"&(?!(amp|lt|gt);)|[<>]", label)


@patiently
@given(st.lists(_runs, max_size=3).map(tuple))
def test_any_screen_can_be_a_welcome(runs: tuple[Run, ...]) -> None:
    body = viber.calls.welcome(Screen(runs))

    assert body == b"" or utf16(json.loads(body)["text"]) <= 7_000


# --- on a phone --------------------------------------------------------------------------------------------------


async def test_the_phone_shows_what_we_say_it_does() -> None:
    article = replace(
        ARTICLE,
        headline="Council *approves* ferry_",
        lead="So (heart) it ~is~, replace_me_with_user_name",
        media=PHOTO,
        link="https://dnipro.example/ferry_",
    )
    async with Sandbox() as sandbox:
        sandbox.viber.add_bot("TOKEN")
        sandbox.viber.add_person("olena==", subscribed=True)
        messenger = ViberMessenger("TOKEN", api_url=sandbox.viber_url)
        await messenger.open()
        post = messenger.render(article, READERS)
        await messenger.broadcast(["olena=="], post)
        await messenger.close()
        bubble = sandbox.viber.phone("olena==")[-1]

    assert bubble.text.replace(JOINER, "") == post.visible
    assert [kind for kind, *_ in bubble.entities] == ["bold"]
    assert bubble.photo == PHOTO.url
    assert bubble.keyboard == [[("Read more", "https://dnipro.example/ferry_")]]


async def test_the_longest_post_goes_to_three_hundred_readers_at_once() -> None:
    readers = [f"{number:022d}==" for number in range(300)]
    async with Sandbox() as sandbox:
        sandbox.viber.open_house = True
        sandbox.viber.add_bot("TOKEN")
        messenger = ViberMessenger("TOKEN", api_url=sandbox.viber_url, name="щ" * 40)
        await messenger.open()
        result = await messenger.broadcast(
            readers, messenger.render(Article("ა", "ა" * 900, (para("ა " * 9_000),)), READERS)
        )
        await messenger.close()

        assert result.failed == {}
        assert all(len(sandbox.viber.phone(reader)) == 1 for reader in readers)


def test_the_link_to_the_record_is_the_last_line_and_costs_no_word_of_a_caption() -> None:
    line = "Verify: https://bot.example/v/00000CK"
    outlet = replace(READERS, labels=replace(LABELS, verify="Verify"), check=line.partition(" ")[2])
    assert viber.render(ARTICLE, outlet).visible.endswith(f"\n{line}")
    assert viber.render(replace(ARTICLE, media=PHOTO), outlet).visible.endswith(f"\n\n{line}")
    assert line not in viber.render(ARTICLE, READERS).visible

    for length in (400, 560, 600, 620, 640, 700, 6_700, 9_000):
        article = replace(ARTICLE, media=PHOTO, body=(para("x" * 9 + " " + "word " * (length // 5)),))
        post, bare = viber.render(article, outlet), viber.render(article, READERS)
        assert utf16(text_of(post)) <= (768 if post.body["type"] == "picture" else 7_000)
        if post.body["type"] == "picture":
            assert post.whole == bare.whole
            assert post.visible.removesuffix(f"\n\n{line}") == bare.visible
