"""A screen under a post: of the post every character stays as readers get it, in one message wherever both fit."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.adapters.telegram.render import CAPTION_LIMIT, ENTITY_LIMIT, TEXT_LIMIT
from bot.adapters.telegram.render import render as for_telegram
from bot.adapters.telegram.under import apart, joined
from bot.adapters.viber import render as viber
from bot.adapters.viber.screen import bodies_under
from bot.domain import (
    Above,
    Article,
    Button,
    Labels,
    Masthead,
    Media,
    MediaKind,
    Outlet,
    Platform,
    Preview,
    Run,
    Screen,
    Source,
)
from bot.sandbox.telegram_html import parse_html

PHOTO = Media(MediaKind.PHOTO, url="https://post.example.com/bridge.jpg", caption="The new span")
LABELS = Labels(
    source="Source", related="Also read", video="Video", photo="Photo", read_more="Read in full", urgent="Urgent"
)
OUTLET = Outlet(Masthead("The Dnipro Post", signature="Only verified news."), LABELS)
ARTICLE = Article(
    headline="Bridge reopens",
    lead="Trams & buses cross again.",
    body=((Run("The "), Run("first", bold=True), Run(" tram left at six.")),),
    sources=(Source("City council", "https://city.example.com/42"),),
    link="https://post.example.com/bridge?a=1&b=2",
)
END, APART = "━━━\nWhat readers get.", "What readers get stands above."
QUESTION = Screen(
    (Run("#1 waits", bold=True), Run("\nIt goes out: 18:30")),
    ((Button("✅ Approve", "a" * 22),),),
    above=Above(Preview(1, 1, Platform.TELEGRAM), END, APART),
)
LONG = replace(ARTICLE, body=((Run("word " * 2000),),))
BUSY = replace(ARTICLE, body=tuple((Run(f"{n} ", bold=True), Run("and ")) for n in range(200)))
PICTURED = replace(ARTICLE, media=PHOTO)
texts = st.text(st.characters(codec="utf-8"), max_size=900)


@pytest.mark.parametrize("article", [ARTICLE, PICTURED, BUSY], ids=["text", "picture", "formatting"])
def test_on_telegram_the_question_begins_where_the_post_ends(article: Article) -> None:
    post = for_telegram(article, OUTLET)
    whole = joined(post, QUESTION)

    assert whole is not None
    assert whole.visible == f"{post.visible}\n\n{END}\n\n{QUESTION.text}"
    body = "text" if post.method == "sendMessage" else "caption"
    assert str(whole.params[body]).startswith(str(post.params[body]))
    markup: Any = whole.params["reply_markup"]
    labels = [key["text"] for row in markup["inline_keyboard"] for key in row]
    assert labels == ["Read in full", "✅ Approve"]


@pytest.mark.parametrize("article", [LONG, replace(LONG, media=PHOTO)], ids=["text", "picture"])
def test_a_post_that_fills_a_message_stands_alone_and_the_question_says_so(article: Article) -> None:
    assert joined(for_telegram(article, OUTLET), QUESTION) is None
    assert apart(QUESTION).text == f"{APART}\n\n{QUESTION.text}"


@given(texts, texts, st.booleans())
@settings(max_examples=60)
def test_whatever_an_article_says_telegram_takes_both_or_they_are_two(text: str, asked: str, pictured: bool) -> None:
    article = replace(PICTURED if pictured else ARTICLE, body=((Run(text),),))
    post, screen = for_telegram(article, OUTLET), replace(QUESTION, runs=(Run(asked),))
    whole = joined(post, screen)
    if whole is None:
        return
    html = str(whole.params["caption" if pictured else "text"])
    assert len(whole.visible) <= (CAPTION_LIMIT if pictured else TEXT_LIMIT)
    assert len(re.findall("<[a-z]", html)) <= ENTITY_LIMIT
    assert parse_html(html)[0].startswith(post.visible) and whole.visible.startswith(post.visible)


@pytest.mark.parametrize("article", [ARTICLE, replace(PICTURED, body=())], ids=["text", "picture"])
def test_on_viber_the_question_begins_where_the_post_ends(article: Article) -> None:
    post = viber.render(article, OUTLET)
    [body] = bodies_under(post, QUESTION)

    assert body["text"].startswith(post.body["text"] + "\n\n" + END)
    assert body["text"].endswith("It goes out: 18:30")
    assert [key["Text"] for key in body["keyboard"]["Buttons"]] == ["Read in full", "✅ Approve"]
    assert {**body, "text": "", "keyboard": ""} == {**post.body, "text": "", "keyboard": ""}


@pytest.mark.parametrize("media", [None, Media(MediaKind.PHOTO, url=PHOTO.url)], ids=["text", "picture"])
def test_on_viber_too_a_full_message_stands_alone(media: Media | None) -> None:
    post = viber.render(replace(LONG, media=media), OUTLET)
    first, second = bodies_under(post, QUESTION)

    assert first == post.body
    assert second["text"].startswith(APART)
