"""Follow-ups: an article names the one that it follows up, and readers see which."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.adapters.telegram.render import render as on_telegram
from bot.adapters.viber.render import render as on_viber
from bot.commands.story import chosen
from bot.domain import Address, Article, Labels, Masthead, Outlet, Platform, Run
from bot.domain.article import Earlier
from bot.domain.parse import Pasted, parse
from bot.storage import Queries, Store
from bot.storage.schema import migrations
from tests.conftest import Scene
from tests.helpers import engine
from tests.helpers.crowd import an_article, publishes

LABELS = Labels(
    "Source", "Read also", "Video", "Photo", "Read more", "Urgent", earlier="Earlier", taken_back="We retracted"
)
OUTLET = Outlet(Masthead("The Dnipro Post"), LABELS, keyboard=False)
NOW = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
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


@pytest.mark.newsroom(undo="30 s")
async def test_a_follow_up_amid_its_countdown_is_held_when_its_first_is_in_doubt(scene: Scene) -> None:
    await scene.says("/queue Міст\n\nЙого відкрили.\n\nтерміново: так", "#1")
    await scene.says("/now 1", "#1")
    await scene.until(scene.channel)
    await scene.says("/queue Рух відновили\n\nПерший трамвай вирушив.\n\nпро: 1", "Продовження #1: ")
    await scene.says("/now 2", "#2")
    await scene.says("/перевіряємо 1", "#1 перевіряють")

    await scene.until(lambda: any("#2 затримано: #1" in bubble.text for bubble in scene.telegram()))
    scene.advance(minutes=5)
    await scene.says("/show 2", "Не може вийти: #1")
    assert len(scene.channel()) == 1

    await scene.says("/edit 2 про: -", "#2")
    await scene.until(
        lambda: any("#2 · затримано" in each.text and "Продовження" not in each.text for each in scene.telegram())
    )


@pytest.mark.parametrize(
    ("about", "before", "after"),
    [
        (
            Earlier(12, "Headline"),
            '"about":{"headline":"Headline","is_retracted":false,"link":"","number":12}',
            "sound",
        ),
        (Earlier(12, is_checked=True), '"is_checked":true', "checking"),
        (Earlier(12, is_retracted=True), '"is_retracted":true', "retracted"),
    ],
)
def test_what_is_said_of_the_first_article_is_kept_and_older_hashes_stay(
    about: Earlier, before: str, after: str
) -> None:
    kept = Article("Trams", about=about).to_json()

    assert before in kept and Article.from_json(kept).about == about
    assert about.said == after


@pytest.mark.parametrize(
    ("count", "asked", "shown"),
    [
        (3, 2, [1, 2, 3]),
        (5, 5, [1, 2, 3, 4, 5]),
        (9, 9, [1, 6, 7, 8, 9]),
        (9, 3, [1, 3, 7, 8, 9]),
        (500, 1, [1, 497, 498, 499, 500]),
    ],
)
def test_of_a_long_story_the_first_the_asked_and_the_latest_are_shown(count: int, asked: int, shown: list[int]) -> None:
    assert chosen(range(1, count + 1), asked, most=5) == shown


async def test_a_story_is_found_from_each_of_its_articles(store: Store) -> None:
    desk = Address(Platform.TELEGRAM, "1001")

    async def adds(about: int | None) -> int:
        earlier = Earlier(about, "Headline") if about is not None else None
        return await store.write(lambda tx: tx.add_article(Article("Trams", about=earlier), desk, NOW))

    for about in (None, 1, 2, 1, None):
        await adds(about)
    for number in (1, 2, 3, 4):
        assert await store.read.story(number) == [1, 2, 3, 4]
    assert await store.read.story(5) == [5]

    async def change(tx: Queries) -> None:
        entry = await tx.entry(4)
        assert entry is not None
        await tx.add_version(entry, Article("Trams", about=Earlier(5, "Headline")), desk, NOW)
        first = await tx.entry(1)
        assert first is not None
        await tx.add_version(first, Article("Trams", about=Earlier(3, "Headline")), desk, NOW)  # a circle

    await store.write(change)
    assert await store.read.story(2) == [1, 2, 3]
    assert await store.read.story(5) == [4, 5]
    assert await store.read.timed_follow_ups(1) == []


async def test_follow_ups_of_an_older_visnyk_are_found(store: Store) -> None:
    """Even beside a text that somebody damaged."""
    desk = Address(Platform.TELEGRAM, "1001")
    named = 'Said "number":7} and {"about":{'

    async def older(tx: Queries) -> None:
        for about in (None, Earlier(1, named, 'https://example.org/"number":8}'), None, Earlier(1, named)):
            await tx.add_article(Article("Trams", about=about), desk, NOW)
        await tx.run("UPDATE article SET about = NULL", {})
        await tx.run("UPDATE version SET content = :text WHERE article_id = 4", {"text": '{"about":{"head'})
        migration = dict(migrations("postgres" if engine.ON_SERVER else ""))[78]
        await tx.run(migration[migration.index("UPDATE") : migration.index(";")], {})

    await store.write(older)
    rows = await store.read.all("SELECT about FROM article ORDER BY id")
    assert [row["about"] for row in rows] == [None, 1, None, None]
