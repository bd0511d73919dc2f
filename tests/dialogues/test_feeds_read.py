"""Feeds bring drafts by themselves: new items, changed ones, failing feeds, and /feeds."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.sandbox import Bubble
from tests.conftest import NEWSROOM, VIBER_OWNER, Scene, a_scene, newsroom_with
from tests.dialogues.conftest import FOUR_OWNERS, Four, four_phones
from tests.helpers.crowd import rows, said
from tests.helpers.feeds import LOGIN, TEXT, item, rss

URL = "https://site.example/feed"
TAG = {"ETag": '"1"'}
SILENT = "🔕 Only alarms ring now, and that ends {when}. Questions go to your colleagues; then one message"
MORE = "<p>Додано: рух відкрили повністю, і вантажівкам теж.</p>"


def feed(key: str = "site", url: str = URL, /, **more: object) -> str:
    rules = "".join(f"{name} = {value}\n" for name, value in more.items())
    return f'[[feeds]]\nkey = "{key}"\nurl = "{url}"\n{rules}'


def put(scene: Scene, *items: str, url: str = URL, **more: object) -> None:
    scene.sandbox.internet.put(url, rss(*items).encode(), kind="application/rss+xml", **more)  # type: ignore[arg-type]


async def looks(scene: Scene, url: str = URL, **by: float) -> None:
    """Let time pass, and wait for the feed to be asked and its answer to be noted."""
    asked = scene.sandbox.internet.asked.count(url)
    before = await rows(scene, "SELECT key, next_at FROM feed")
    scene.advance(**(by or {"minutes": 6}))
    await scene.until(lambda: scene.sandbox.internet.asked.count(url) > asked)
    while await rows(scene, "SELECT key, next_at FROM feed") == before:
        await scene.until(lambda: True)


async def articles(scene: Scene) -> list[tuple[object, ...]]:
    return await rows(scene, "SELECT id, state, version FROM article ORDER BY id")


@pytest.fixture
async def reading(tmp_path: Path) -> AsyncIterator[Scene]:
    """A desk where one more must approve, and a feed that holds one item."""
    text = newsroom_with(NEWSROOM, approvals=1) + feed()
    (tmp_path / "newsroom.toml").write_text(text, encoding="utf-8")
    async with a_scene(tmp_path) as scene:
        await scene.says("/list", "")
        put(scene, item(1), headers=TAG)
        await looks(scene)
        await scene.until(lambda: said(scene.telegram(), "#1 · чернетка"))
        yield scene


async def test_what_is_new_in_a_feed_becomes_a_draft_of_the_first_owner(reading: Scene) -> None:
    card = said(reading.telegram(), "#1 · чернетка")[-1].text
    assert "Зі стрічки «site»." in card and "Міст відкрили 1" in card
    put(reading, item(1), headers=TAG)
    await looks(reading)
    assert reading.sandbox.internet.unchanged == [URL]
    put(reading, item(2), item(1, guid="another"), headers={"ETag": '"2"'})
    await looks(reading)
    await reading.until(lambda: said(reading.telegram(), "#2 · чернетка"))

    assert await articles(reading) == [(1, "draft", 1), (2, "draft", 1)]


async def test_a_story_that_changes_changes_its_untouched_draft_alone(reading: Scene) -> None:
    put(reading, item(1, text=TEXT + MORE))
    await looks(reading)
    await reading.until(lambda: said(reading.telegram(), "у чернетці вже новий текст"))
    assert await articles(reading) == [(1, "draft", 2)]
    await reading.says("/edit 1 lead: Наш лід.", "#1 · чернетка")
    for number in range(2):
        put(reading, item(1, text=TEXT + MORE * (2 + number)))
        await looks(reading)
    await reading.until(lambda: said(reading.telegram(), "над статтею вже працювали"))
    await reading.says("/list", "#1")

    assert await articles(reading) == [(1, "draft", 3)]
    assert len(said(reading.telegram(), "над статтею вже працювали")) == 1


async def test_a_restart_brings_nothing_twice_and_forgets_nothing(reading: Scene) -> None:
    await reading.stop()
    await reading.start()
    put(reading, item(3), item(2), item(1))
    await looks(reading)
    await reading.until(lambda: said(reading.telegram(), "#3 · чернетка"))

    assert [number for number, *_ in await articles(reading)] == [1, 2, 3]


async def test_ten_thousand_items_bring_a_few_drafts_and_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "newsroom.toml").write_text(NEWSROOM + feed(), encoding="utf-8")
    async with a_scene(tmp_path) as scene:
        await scene.says("/list", "")
        put(scene, *(item(number, text=f"<p>Рух {number}.</p>" + TEXT[:250]) for number in range(10_000)))
        await looks(scene)
        await scene.until(lambda: said(scene.telegram(), "прочитано вперше"))

        assert len(await articles(scene)) == 3
        assert await rows(scene, "SELECT seen, drafted FROM feed") == [(50, 3)]


async def test_a_slow_site_and_pages_that_are_no_articles_keep_nobody_waiting(tmp_path: Path) -> None:
    (tmp_path / "newsroom.toml").write_text(NEWSROOM + feed("slow", "https://slow.example/feed") + feed(), "utf-8")
    async with a_scene(tmp_path) as scene:
        await scene.says("/list", "")
        internet, summary = scene.sandbox.internet, "Рух відкрили раніше, ніж обіцяли навесні."
        internet.put("https://slow.example/feed", rss(item(9)).encode(), kind="application/rss+xml", delay=3600)
        internet.put("https://site.example/1", b"", to="https://site.example/login")
        internet.put("https://site.example/login", LOGIN.encode(), kind="text/html")
        internet.put("https://site.example/2", b"%PDF-1.7", kind="application/pdf")
        soon = {"expirationDate": "Tue, 24 Nov 2026 18:30:00 +0200"}
        put(scene, item(1, text="", description=summary), item(2, text="", description=summary, **soon))
        await looks(scene)
        await scene.until(
            lambda: internet.asked.count("https://slow.example/feed") > 1
        )  # once when nothing stood there
        await scene.until(lambda: len(said(scene.telegram(), summary)) >= 2)

        assert await articles(scene) == [(1, "draft", 1), (2, "draft", 1)]
        assert not said(scene.telegram(), "Увійти")
        (expiring,) = said(scene.telegram(), "Актуально до: ")
        assert "Міст відкрили 2" in expiring.text and "18:30" in expiring.text


async def test_items_are_submitted_but_never_published_by_themselves(tmp_path: Path) -> None:
    text = newsroom_with(NEWSROOM, approvals=1) + feed(submit="true")
    (tmp_path / "newsroom.toml").write_text(text, encoding="utf-8")
    async with a_scene(tmp_path) as scene:
        await scene.says("/list", "")
        put(scene, item(1))
        await looks(scene)
        await scene.until(lambda: said(scene.telegram(), "Зі стрічки"))

        assert [state for _, state, _ in await articles(scene)] == ["submitted"]
        assert scene.channel() == []


BOMB = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><rss><channel/></rss>'
ILL = {
    "bomb": (BOMB.encode(), "за її адресою не стрічка"),
    "gone": (b"", "сайт відповідає HTTP 503"),
    "huge": (bytes(9_000_000), "відповідь більша за 8 МБ"),
}


async def test_an_ill_feed_says_why_is_told_once_and_heals_by_itself(tmp_path: Path) -> None:
    ill = "".join(feed(key, f"https://{key}.example/feed") for key in ILL)
    nobody = feed("nobody", "https://nobody.example/feed", to='"telegram:999"')
    inside = feed("inside", "http://127.0.0.1/feed")
    async with four_phones(tmp_path, NEWSROOM + ill + nobody + inside + feed()) as four:
        scene = four.scene
        for key, (content, _) in ILL.items():
            url, status = f"https://{key}.example/feed", 503 if key == "gone" else 200
            scene.sandbox.internet.put(url, content, kind="text/xml", status=status)
        put(scene, item(5), url="https://nobody.example/feed")
        windows = rss(item(1, title="Їжак"), head='<?xml version="1.0" encoding="windows-1251"?>').encode("cp1251")
        scene.sandbox.internet.put(URL, windows, kind="text/xml")
        for minutes in (6, 11, 21):
            await looks(scene, "https://bomb.example/feed", minutes=minutes)
        await four.scene.until(lambda: all(told(four, "fails:", "не читається:")))
        await sees_all(four)
        assert [len(each) for each in told(four, "“bomb” fails:", "«bomb» не читається:")] == [1] * 4

        put(scene, item(7, text=TEXT + MORE), url="https://bomb.example/feed")
        await looks(scene, "https://bomb.example/feed", minutes=41)
        await scene.until(lambda: [bubble for chat in four.chats for bubble in said(chat.heard(), "«bomb».")])


def told(four: Four, english: str, ukrainian: str) -> list[list[Bubble]]:
    return [
        [bubble for bubble in chat.heard() if (english if chat.language == "en" else ukrainian) in bubble.text]
        for chat in four.chats
    ]


async def sees_all(four: Four) -> None:
    for chat in four.chats:
        shown = await chat.says("/feeds", "📡 site · site.example")
        for text in (
            "what stands at its address is no feed", "the site answers {detail}", "the answer is larger than {mb} MB",
            "its address is not one of the public web",
            "Last read {when}. Items known: {seen}, of them drafts: {drafted}.",
            "nobody on the desk gets its drafts: name somebody in “to” in newsroom.toml", "Not read yet.",
            "⚠️ Fails: {reason}. Times in a row: {n}.", "Read again {when}.",
            "To stop one: /feeds stop {key}. To start it: /feeds start {key}",
        ):  # fmt: skip
            assert chat.reads(shown, text), text
        await chat.asks(
            "/feeds stop site", "⏸ The feed “{key}” is no longer read. To start it again: /feeds start {key}"
        )
        assert chat.reads(await chat.says("/feeds", "📡 site"), "⏸ Stopped.")
        await chat.asks("/feeds start site", "📡 The feed “{key}” is read again from now on.")
        log = await chat.asks("/log", "feed read again: {name}")
        assert chat.reads(log, "feed stopped: {name}") and "feed:" not in log.text
        await chat.asks("/feeds stop none", "There is no feed “{key}”. /feeds shows those that there are.")


async def test_a_desk_without_feeds_is_told_where_they_are_named(four: Four) -> None:
    await four.each("/feeds", "Visnyk reads no feeds. They are named in newsroom.toml under [[feeds]].")


def site(number: int) -> str:
    return f"https://{number}.example/feed"


async def test_each_one_hears_in_their_own_words_what_their_feed_brings(tmp_path: Path) -> None:
    to = ["telegram:1001", "telegram:1003", f"viber:{VIBER_OWNER}", FOUR_OWNERS.split()[-1]]
    text = "".join(feed(f"feed{n}", site(n), to=f'"{who}"') for n, who in enumerate(to))
    async with four_phones(tmp_path, NEWSROOM + text) as four:
        scene = four.scene

        async def bring(count: int, *, more: dict[int, str] | None = None) -> None:
            for n in range(4):
                texts = {each: TEXT + (more or {}).get(each, "") for each in reversed(range(count))}
                put(scene, *(item(100 * n + each, text=text) for each, text in texts.items()), url=site(n))
            await looks(scene, site(3))

        await bring(5)
        await four.all_see(
            "From the feed “{feed}”.",
            "📡 The feed “{feed}” is read for the first time. Its newest became drafts: {taken}. Older ones, only "
            "noted: {skipped}. From now on all that is new comes.",
        )
        await bring(5, more={4: MORE})
        await four.all_see("The story changed at its source; the draft has its new text.")
        numbers = dict(await rows(scene, "SELECT item, article_id FROM feed_item WHERE article_id IS NOT NULL"))
        for n, chat in enumerate(four.chats):
            link = "https://site.example/"
            await chat.says(f"/edit {numbers[f'{link}{100 * n + 4}']} lead: So.", "So.")
            await chat.says(f"/now {numbers[f'{link}{100 * n + 3}']}", "#")
        while len(await rows(scene, "SELECT id FROM article WHERE state = 'published'")) < 4:
            await scene.until(lambda: True)
        await bring(12, more={4: MORE * 2, 3: MORE})
        await four.all_see(
            "📡 The story of #{id} changed at its source, but somebody has worked on the article, so it stays as it "
            "is. {link} To take the new text: /edit {id}",
            "📡 #{id} is out, and its story has changed at its source: {headline} {link}",
            "📡 The feed “{feed}” brought more than one reads at once. Its newest became drafts: {taken}. Only noted: "
            "{skipped}.",
        )
        for chat in four.chats:
            await chat.pushes("📡 Take it: {kind}", "What is new? Readers will see this sentence.")


async def test_what_feeds_bring_rings_nobody_who_is_not_there(tmp_path: Path) -> None:
    to = ["telegram:1001", "telegram:1003", f"viber:{VIBER_OWNER}", FOUR_OWNERS.split()[-1]]
    text = "".join(feed(f"feed{n}", site(n), to=f'"{who}"') for n, who in enumerate(to))
    async with four_phones(tmp_path, NEWSROOM + text) as four:
        for n, chat in enumerate(four.chats):
            await chat.asks("/mute 2 h", SILENT)
            put(four.scene, item(n, title=f"Міст {n}"), url=site(n))
        before = [len(chat.heard()) for chat in four.chats]
        await looks(four.scene, site(3))
        while len(await articles(four.scene)) < 4:
            await four.scene.until(lambda: True)
        assert [len(chat.heard()) for chat in four.chats] == before

        for n, chat in enumerate(four.chats):
            await chat.asks("/mute off", "🔔 The silence is over: you hear again what is yours.")
            found = await chat.sees("Drafts from feeds:")
            assert f"Міст {n}" in found.text and "📡 #" in str(found.buttons) + str(found.keyboard)
