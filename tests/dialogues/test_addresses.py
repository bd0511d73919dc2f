"""An address instead of a text: the page is fetched and comes back as a draft, or as a reason and what to do."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.picture import digest_of
from tests.conftest import VIBER_READER, Scene
from tests.helpers.crowd import rows, said
from tests.helpers.pictures import PICTURE, a_public_scene, media
from tests.trials.intake_pages import PAGES

URL = "https://chas.example/ukr/biznes/yabluka-50412233.html"
PHOTO = "https://static.chas.example/sad.jpg"
HEADLINE = "Хто купує українські яблука після закриття двох ринків"
HTML = (PAGES / "03-magazine.html").read_bytes()


@pytest.fixture
async def public(tmp_path: Path) -> AsyncIterator[Scene]:
    async with a_public_scene(tmp_path) as scene:
        yield scene


async def test_an_address_alone_becomes_a_draft_that_says_where_it_came_from(public: Scene) -> None:
    public.sandbox.internet.put(URL, HTML, kind="text/html")
    public.sandbox.internet.put(PHOTO, PICTURE)
    await public.says(URL, "chas.example")
    await public.until(lambda: said(public.telegram(), "#1 · чернетка"))

    card = said(public.telegram(), "#1 · чернетка")[-1].text
    assert HEADLINE in card
    assert "Взято з Час: заголовок — заголовок сторінки" in card
    assert (await media(public)).digest == digest_of(PICTURE)
    entry = await public.app.store.read.entry(1)
    assert entry is not None
    assert [(source.name, source.link) for source in entry.article.sources] == [("Час", URL)]
    assert await rows(public, "SELECT 1 FROM lookup") == []


async def test_an_address_after_the_command_or_our_question_is_fetched_too(public: Scene) -> None:
    public.sandbox.internet.put(URL, HTML, kind="text/html")
    await public.says_on_viber(f"/queue {URL}", "chas.example")
    await public.until(lambda: said(public.viber(), "#1 · чернетка"))
    await public.says_on_viber("/queue", "")
    await public.says_on_viber(URL, "chas.example")

    await public.until(lambda: said(public.viber(), "#2 · чернетка"))


@pytest.mark.parametrize(
    ("content", "kind", "sentence"),
    [
        (None, "", "HTTP 404"),
        (b"%PDF-1.7", "application/pdf", "PDF"),
        (b"<title>a</title>", "text/html", "немає статті"),
        (b"<input type=password>", "text/html", "просить увійти"),
        (b"\xff\xd8\xff", "image/jpeg", "не сторінка, а файл"),
        (bytes(3_000_000), "text/html", "більша за 2 МБ"),
    ],
)
async def test_an_address_without_an_article_says_what_to_do_on_both(
    public: Scene, content: bytes | None, kind: str, sentence: str
) -> None:
    if content is not None:
        public.sandbox.internet.put(URL, content, kind=kind)
    await public.says(URL, "chas.example")
    await public.until(lambda: said(public.telegram(), sentence))
    await public.says_on_viber(URL, "chas.example")
    await public.until(lambda: said(public.viber(), sentence))

    assert await rows(public, "SELECT 1 FROM lookup") == []
    assert await rows(public, "SELECT 1 FROM article") == []


async def test_an_address_that_leads_inside_is_refused_in_a_sentence(public: Scene) -> None:
    await public.says("http://169.254.169.254/latest/meta-data/", "169.254.169.254")

    await public.until(lambda: said(public.telegram(), "не з відкритого інтернету"))
    assert public.sandbox.internet.asked == []


async def test_a_slow_site_keeps_nobody_waiting_and_survives_a_restart(public: Scene) -> None:
    public.sandbox.internet.put(URL, HTML, kind="text/html", delay=30.0)
    await public.says(URL, "chas.example")
    await public.until(lambda: public.sandbox.internet.asked)
    await public.says("/list", "")
    await public.stop()
    public.sandbox.internet.put(URL, HTML, kind="text/html")
    await public.start()

    await public.until(lambda: said(public.telegram(), "#1 · чернетка"))


async def test_only_the_desk_has_pages_fetched(public: Scene) -> None:
    public.sandbox.internet.put(URL, HTML, kind="text/html")
    await public.says_on_viber(URL, "", person=VIBER_READER)

    assert public.sandbox.internet.asked == []
