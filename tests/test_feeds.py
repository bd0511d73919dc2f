"""Feeds in each of their forms, broken ones among them, and the rules for what becomes a draft."""

from __future__ import annotations

import json
import socket
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.app.looking import look_at_feed
from bot.domain import Address, Platform, plain
from bot.domain.feeds import Looked
from bot.errors import CannotStart
from bot.ingest.feed import MOST, read_again, read_feed
from bot.ingest.page import Item, NoFeed
from bot.ingest.reasons import explained_of_feed
from bot.ingest.subscription import (
    AT_ONCE,
    FIRST,
    LONGEST_REST,
    Feed,
    after_answer,
    after_failure,
    fresh,
    rest_of,
)
from config.faults import SettingsError
from config.newsroom import load_newsroom
from config.settings import load_settings
from tests.helpers.feeds import LOGIN, TEXT, item, rss

NOW = datetime(2027, 5, 3, 12, 0, tzinfo=UTC)
URL = "https://site.example/feed"
FEED = Feed("site", URL, Address(Platform.TELEGRAM, "1001"), timedelta(minutes=5))
WHOLE = rss(
    item(
        description="Рух — однією смугою.",
        category="Місто",
        pubDate="Mon, 03 May 2027 14:05:00 +0300",
        author="Ганна Поле",
    ).replace("</item>", '<enclosure url="https://site.example/1.jpg" type="image/jpeg" length="9"/></item>')
)
ATOM = f"""<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Сайт</title><entry><id>tag:1</id>
<title>Міст відкрили 1</title><link rel="alternate" href="/1"/><published>2027-05-03T11:05:00Z</published>
<summary>Рух — однією смугою.</summary><category term="Місто"/><author><name>Ганна Поле</name></author>
<content type="html">{TEXT.replace("<", "&lt;")}</content></entry></feed>"""
JSON = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "Сайт",
    "items": [{
        "id": "1", "url": "https://site.example/1", "title": "Міст відкрили 1", "summary": "Рух — однією смугою.",
        "content_html": TEXT, "date_published": "2027-05-03T11:05:00Z", "tags": ["Місто"],
        "authors": [{"name": "Ганна Поле"}], "image": "https://site.example/1.jpg",
    }],
}  # fmt: skip
WORDPRESS = [{
    "id": 1, "link": "https://site.example/1", "title": {"rendered": "Міст відкрили 1"},
    "date_gmt": "2027-05-03T11:05:00",
    "excerpt": {"rendered": "<p>Рух &#8212; однією смугою.</p>"}, "content": {"rendered": TEXT},
    "_embedded": {"author": [{"name": "Ганна Поле"}], "wp:term": [[{"name": "Місто"}], []],
                  "wp:featuredmedia": [{"source_url": "https://site.example/1.jpg"}]},
}]  # fmt: skip


def read(text: str | dict[str, Any] | list[Any]) -> list[Item]:
    content = text if isinstance(text, str) else json.dumps(text, ensure_ascii=False)
    return read_feed(content.encode(), URL, now=NOW)


@pytest.mark.parametrize("feed", [WHOLE, ATOM, JSON, WORDPRESS], ids=["rss", "atom", "json", "wordpress"])
def test_an_item_is_the_same_article_in_every_form_of_feed(feed: str | dict[str, Any] | list[Any]) -> None:
    (one,) = read(feed)

    assert (one.page.headline, one.page.standfirst) == ("Міст відкрили 1", "Рух — однією смугою.")
    assert (one.page.address, one.page.author) == ("https://site.example/1", "Ганна Поле")
    assert len(one.page.lines) == 9
    assert one.is_whole
    assert (one.sections, one.page.times.published) == (("Місто",), datetime(2027, 5, 3, 11, 5, tzinfo=UTC))
    assert feed is ATOM or (one.page.picture is not None and one.page.picture.url == "https://site.example/1.jpg")


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>' + rss(item(), head="").replace("Міст", "&b;")
XXE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>' + rss(item(), head="").replace("Міст", "&a;")


PDF = "%PDF-1.7\n1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj\ntrailer <</Root 1 0 R>>\n%%EOF"


@pytest.mark.parametrize(
    "broken",
    [
        LOGIN,
        PDF,
        "",
        "<html><body>Сторінка</body></html>",
        "[",
        '{"a": 1}',
        "{" * 9_000,
        "<rss></rss>",
        "x" * 99,
        BOMB,
        XXE,
    ],
)
def test_what_is_no_feed_or_sets_a_trap_is_refused(broken: str) -> None:
    with pytest.raises(NoFeed):
        read(broken)


def test_an_answer_that_is_an_address_or_a_path_leads_nowhere(tmp_path: Path) -> None:
    (tmp_path / "inside.xml").write_text(rss(item()), encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as inside:
        inside.setblocking(False)
        host, port = inside.getsockname()
        web, path = f"http://{host}:{port}/feed", f"{tmp_path}/inside.xml"
        for answer in (
            web,
            f"feed:{web}",
            f" {path}",
            f"file://{path}",
            f"{web}#<",
            f"{path}\n<",
            f'<meta content="0; url={web}">',
        ):
            with pytest.raises(NoFeed):
                read(answer)

        with pytest.raises(BlockingIOError):  # nobody has called
            inside.accept()
    assert read(f"Warning: deprecated in line 5\n{WHOLE}")[0].page.headline == "Міст відкрили 1"


def test_feeds_that_are_not_quite_right_are_read_all_the_same() -> None:
    old = rss(item(), head='<?xml version="1.0" encoding="windows-1251"?>').encode("windows-1251")
    bare = rss(item(title="Хліб & сіль"))
    cut = rss(item(), item(2))[:-40]

    assert read_feed(old, URL, now=NOW)[0].page.headline == "Міст відкрили 1"
    assert read(bare)[0].page.headline == "Хліб & сіль 1"
    assert len(read(cut)) >= 1
    assert read([{"id": 1}, "x", None, {"title": {"rendered": 7}}]) == []
    assert (
        read({"items": [{"title": "Без адреси"}, {"id": 5, "title": "З номером", "authors": {}, "tags": "a"}]})[0].key
        == "5"
    )


def test_ten_thousand_items_cost_no_more_than_the_first() -> None:
    assert len(read(rss(*(item(number, text="") for number in range(10_000))))) == MOST


def test_an_item_of_the_future_has_no_time_and_one_without_text_is_fetched() -> None:
    (one,) = read(rss(item(text="", pubDate="Mon, 03 May 2032 14:05:00 +0300", description="Коротко про міст.")))

    assert (one.page.times.published, one.is_whole) == (None, False)
    assert [plain(line) for line in one.page.lines] == ["Коротко про міст."]


def test_of_an_answer_only_what_the_one_before_did_not_hold_is_read() -> None:
    def answer(*items: str) -> bytes:
        return rss(*items).encode()

    first = read_again(answer(item(2), item(1), item(text="")), URL, now=NOW, before={})
    more = TEXT + "<p>Додано: рух відкрили повністю.</p>"
    later = read_again(answer(item(3), item(2), item(1, text=more), item(text="")), URL, now=NOW, before=first.seen)
    same = read_again(answer(item(2), item(3)), URL, now=NOW, before=later.seen)
    places = [f"https://site.example/{number}" for number in (3, 2, 1)]

    assert [each.key for each in first.items] == places[1:]  # of two with one address the first counts
    assert [each.key for each in later.items] == [places[0], places[2]]
    assert [*dict.fromkeys(later.seen.values())] == places
    assert (same.items, [*same.seen.values()]) == ((), [places[1], places[0]])


def test_a_feed_says_until_when_an_item_counts() -> None:
    spaces = 'xmlns:dcterms="http://purl.org/dc/terms/" xmlns:prism="http://prismstandard.org/namespaces/basic/2.0/"'
    said = {
        "expirationDate": "Mon, 03 May 2027 17:05:00 +0300",
        "dcterms:valid": "start=2027-05-03; end=2027-05-03T14:05:00Z",
        "prism:expirationDate": "2027-05-03T14:05:00Z",
    }
    items = [item(number, **{name: value}) for number, (name, value) in enumerate(said.items())]
    found = read(rss(*items, item(9)).replace("<rss ", f"<rss {spaces} "))

    assert [each.page.times.expires for each in found] == [*[datetime(2027, 5, 3, 14, 5, tzinfo=UTC)] * 3, None]
    assert [each.digest for each in found[:3]] == [each.digest for each in read(rss(*map(item, range(3))))]


# What becomes a draft


def digests(items: list[Item]) -> dict[str, str]:
    return {each.key: each.digest for each in items}


def test_of_the_first_look_the_newest_few_are_taken_and_later_all_that_is_new() -> None:
    items = read(rss(*(item(number) for number in range(9))))
    first = fresh(FEED, items, {}, frozenset(), first=True)
    known = digests(items[1:])

    assert [each.page.headline for each in first.new] == [f"Міст відкрили {number}" for number in (2, 1, 0)]
    assert (len(first.rest), first.skipped) == (9 - FIRST, 9 - FIRST)
    assert [each.page.headline for each in fresh(FEED, items, known, frozenset(), first=False).new] == [
        "Міст відкрили 0"
    ]


def test_ids_that_change_with_each_answer_bring_nothing_twice() -> None:
    known = digests(read(rss(item(guid="a1"))))

    assert fresh(FEED, read(rss(item(guid="b2"))), known, frozenset(), first=False).new == ()


def test_the_same_text_from_another_feed_is_dropped_and_a_changed_one_is_told() -> None:
    (one,) = read(rss(item()))
    (changed,) = read(rss(item(text=TEXT + "<p>Додано: рух відкрили повністю.</p>")))

    assert fresh(FEED, [one], {}, frozenset({one.digest}), first=False).new == ()
    assert fresh(FEED, [changed], {one.key: one.digest}, frozenset(), first=False).changed == (changed,)
    assert fresh(FEED, [one], {one.key: one.digest}, frozenset(), first=False).changed == ()


def test_a_flood_of_items_comes_in_small_parts_the_oldest_first() -> None:
    items = read(rss(*(item(number) for number in range(20))))
    new = fresh(FEED, items, {}, frozenset(), first=False).new

    assert [each.page.headline for each in new] == [f"Міст відкрили {number}" for number in reversed(range(AT_ONCE))]


@pytest.mark.parametrize(
    ("include", "exclude", "wanted"),
    [((), (), True), (("міст",), (), True), (("МІСТ",), (), True), (("футбол",), (), False), ((), ("смуг",), False),
     (("міст",), ("смуг",), False), (("іст",), (), False)],
)  # fmt: skip
def test_words_choose_what_is_wanted_of_a_feed(
    include: tuple[str, ...], exclude: tuple[str, ...], wanted: bool
) -> None:
    (one,) = read(WHOLE)

    assert replace(FEED, include=include, exclude=exclude).wants(one) is wanted


def test_sections_become_the_newsrooms_topics() -> None:
    (one,) = read(WHOLE)

    assert FEED.with_topics(one).page.topics == ("Місто",)
    assert replace(FEED, topics={"місто": "місцеве", "спорт": "спорт"}).with_topics(one).page.topics == ("місцеве",)


# When it is asked again


def test_a_feed_that_fails_is_asked_more_seldom_until_it_answers() -> None:
    looked, rests = Looked(NOW), []
    for _ in range(9):
        looked = after_failure(FEED, looked, "silent", "", NOW)
        rests.append((looked.next_at - NOW) // timedelta(minutes=1))

    assert rests == [5, 10, 20, 40, 80, 160, 320, 360, 360]
    assert after_answer(FEED, {"If-None-Match": '"1"'}, NOW) == Looked(
        NOW + FEED.every, {"If-None-Match": '"1"'}, good_at=NOW
    )


@pytest.mark.parametrize(
    ("said", "minutes"),
    [("120", 2), ("Mon, 03 May 2027 12:30:00 GMT", 30), ("Mon, 03 May 2027 11:30:00 GMT", 0), ("", 0), ("soon", 0),
     ("9" * 30, 0), ("-5", 0)],
)  # fmt: skip
def test_a_feed_is_asked_no_earlier_than_it_wishes(said: str, minutes: int) -> None:
    assert rest_of(said, NOW) == timedelta(minutes=minutes)
    looked = after_failure(FEED, Looked(NOW), "status HTTP 429", "86400", NOW)
    assert looked.next_at == NOW + LONGEST_REST


def test_a_wordpress_is_asked_for_its_sections_and_pictures_too() -> None:
    posts = "https://site.example/wp-json/wp/v2/posts"

    assert replace(FEED, url=posts).address == f"{posts}?_embed=1"
    assert replace(FEED, url=f"{posts}?categories=4").address == f"{posts}?categories=4&_embed=1"
    assert FEED.address == URL


@pytest.mark.parametrize("reason", ["silent", "packed", "fault", "status HTTP 404", "of another version"])
def test_each_reason_of_a_feed_that_fails_has_its_words(reason: str) -> None:
    text, values = explained_of_feed(reason)

    assert text.format_map(values)


FAULTY = {
    "key = 'a'": "url",
    "key = 'a'\nurl = 'site.example/feed'": "https://",
    "key = 'a'\nurl = 'https://a.b/c'\nevery = '5 s'": "1 min",
    "key = 'a'\nurl = 'https://a.b/c'\nto = 'Ганна'": "OWNERS",
    "key = 'a'\nurl = 'https://a.b/c'\ntopics = ['Місто']": "table of topics",
    "key = 'a'\nurl = 'https://a.b/c'\n[[feeds]]\nkey = 'b'\nurl = 'https://a.b/c'": "is taken by feeds[0]",
}


@pytest.mark.parametrize("slip", FAULTY)
def test_a_slip_in_a_feed_is_named_in_a_sentence(slip: str, tmp_path: Path) -> None:
    (tmp_path / "newsroom.toml").write_text(f'name = "Вісник"\n[[feeds]]\n{slip}\n', encoding="utf-8")
    with pytest.raises(SettingsError) as refused:
        load_newsroom(tmp_path / "newsroom.toml")

    assert "feeds[" in str(refused.value) and FAULTY[slip] in str(refused.value)


# From the command line


async def test_the_command_line_shows_what_is_taken_of_each_item(tmp_path: Path) -> None:
    saved = tmp_path / "feed.xml"
    saved.write_text(rss(item(), item(2, text="")), encoding="utf-8")
    taken = await look_at_feed(URL, saved, load_settings({}))

    assert [(each["headline"], each["link"], each["whole"]) for each in taken] == [
        ("Міст відкрили 1", "https://site.example/1", "yes"),
        ("Міст відкрили 2", "https://site.example/2", "no"),
    ]
    saved.write_text("<html>", encoding="utf-8")
    for url, path, hint in (
        (URL, saved, "no feed"),
        ("a", saved, "https://"),
        ("http://127.0.0.1/", None, "public web"),
    ):
        with pytest.raises(CannotStart, match=hint):
            await look_at_feed(url, path, load_settings({}))
