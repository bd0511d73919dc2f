"""Follow-ups: an article names the one that it follows up, and readers see which."""

from __future__ import annotations

import pytest

from bot.adapters.telegram.render import render as on_telegram
from bot.adapters.viber.render import render as on_viber
from bot.domain import Article, Labels, Masthead, Outlet, Run
from bot.domain.article import Earlier
from bot.domain.parse import Pasted, parse
from tests.conftest import Scene
from tests.helpers.crowd import an_article, publishes

LABELS = Labels(
    "Source", "Read also", "Video", "Photo", "Read more", "Urgent", earlier="Earlier", taken_back="We retracted"
)
OUTLET = Outlet(Masthead("The Dnipro Post"), LABELS, keyboard=False)
BRIDGE = Earlier(12, "The bridge is open", "https://post.example.com/bridge")


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("about: 12", 12),
        ("про: #12", 12),
        ("Про: №12", 12),
        ("about:", None),
        ("Про: що говорять у місті", None),
        ("about: the bridge of 1912", None),
    ],
)
def test_only_a_line_with_a_number_names_what_is_followed_up(line: str, number: int | None) -> None:
    article = parse(Pasted.of([Run(f"Trams cross again\n\nThe first one left at six.\n\n{line}")])).article

    assert (article.about.number if article.about is not None else None) == number


@pytest.mark.parametrize(
    ("about", "line"),
    [(BRIDGE, "Earlier"), (Earlier(12, BRIDGE.headline, BRIDGE.link, is_retracted=True), "We retracted")],
)
def test_readers_see_above_the_headline_what_is_followed_up(about: Earlier, line: str) -> None:
    article = Article("Trams cross again", lead="The first one left at six.", about=about)

    assert on_telegram(article, OUTLET).visible.startswith(f"{line}: The bridge is open\nTrams cross again")
    assert on_viber(article, OUTLET).visible.startswith(f"{line}: The bridge is open: {BRIDGE.link}\nTrams cross again")


def test_what_is_followed_up_is_part_of_what_is_approved() -> None:
    article = Article("Trams cross again", about=BRIDGE)

    assert Article.from_json(article.to_json()) == article
    assert article.sha256 != Article("Trams cross again").sha256
    assert "about" not in Article("Trams cross again").to_json()


async def test_in_a_channel_a_follow_up_answers_the_first_post(scene: Scene) -> None:
    await publishes(scene, an_article())
    await scene.until(scene.channel)
    await scene.says("/queue Рух відновили\n\nПерший трамвай вирушив.\n\nпро: 1", "Продовження #1: ")
    await scene.says("/now 2", "#2")
    await scene.until(lambda: len(scene.channel()) == 2 and len(scene.viber_channel()) == 2)

    first, second = scene.channel()
    assert second.reply_to == first.message_id
    assert second.text.startswith(f"Раніше: {first.text.splitlines()[0]}")


async def test_what_is_not_out_is_not_followed_up(scene: Scene) -> None:
    await scene.says("/queue Міст\n\nЙого відкрили.", "#1 · чернетка")

    await scene.says("/queue Рух відновили\n\nПерший трамвай вирушив.\n\nпро: 1", "#1 ще не виходив")
    await scene.says("/queue Рух відновили\n\nПерший трамвай вирушив.\n\nпро: 9", "#9")

    assert len(await scene.app.store.read.all("SELECT 1 FROM article")) == 1
