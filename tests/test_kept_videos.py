"""A video or a moving picture that came with an address is kept by its bytes, like any picture."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from bot.domain import MediaKind, plain
from bot.domain.mp4 import bare
from bot.domain.picture import LARGEST_VIDEO, Unkept, digest_of, form_of, named_in
from bot.ingest.drafting import media_of
from bot.ingest.feed import read_feed
from bot.ingest.fetching import Fetcher
from bot.ingest.reader import read
from bot.sandbox import Sandbox
from bot.sandbox.telegram_content import SMALL_JPEG
from tests.conftest import OWNER, VIBER_OWNER, Scene
from tests.helpers.crowd import finished, readers, rows, said, telegram_ids
from tests.helpers.films import PLACE, film, moving
from tests.helpers.pictures import OTHER, PICTURE, TEXT, a_public_scene, looked_at, media, refusal
from tests.helpers.published import NOW

CLIP, GIF = "https://example.org/clip.mp4", "https://example.org/wave.gif"


@pytest.fixture
async def public(tmp_path: Path) -> AsyncIterator[Scene]:
    async with a_public_scene(tmp_path) as scene:
        yield scene


def on_telegram(scene: Scene, shown: str) -> bytes | None:
    return scene.sandbox.telegram.picture(shown)


def sent(scene: Scene, method: str) -> int:
    return sum(each.method == method for each in scene.sandbox.requests)


async def test_what_was_approved_of_a_video_is_what_everybody_gets(public: Scene) -> None:
    """Swapped after the approval, then dead; a correction keeps it; whoever comes late gets it too."""
    await readers(public, telegram=3)
    whole = film(1, notes=True)
    approved = bare(whole)
    public.sandbox.internet.put(CLIP, whole)
    await public.says(f"/queue {TEXT}\nвідео: {CLIP}", "Є відео")
    bound = await media(public)
    public.sandbox.internet.put(CLIP, film(2))
    await public.says("/now 1", "#1")
    await finished(public)

    assert (bound.kind, bound.digest, bound.form, bound.size) == (
        MediaKind.VIDEO,
        digest_of(approved),
        "mp4",
        len(approved),
    )
    assert (PLACE in whole, PLACE in approved) == (True, False)
    assert on_telegram(public, public.channel()[-1].video) == approved
    shown = {public.sandbox.telegram.phone(each)[-1].video for each in telegram_ids(3)}
    assert shown == {public.channel()[-1].video}
    assert [digest for digest, _ in await rows(public, "SELECT digest, file FROM picture_file")] == [bound.digest]
    address = next(word for word in public.viber_channel()[-1].text.split() if word.endswith(".mp4"))
    assert address.endswith(f"/{bound.digest}.mp4") and "example.org/clip" not in public.viber_channel()[-1].text
    assert await looked_at(public, address) == (200, approved)

    public.sandbox.internet.kill(CLIP)
    await public.says(f"/edit 1 video: {CLIP}", "")
    assert (await media(public)).digest == bound.digest


async def test_a_film_is_handed_out_in_the_stretches_that_phones_ask_for(public: Scene) -> None:
    whole = film(3, size=600_000)
    public.sandbox.internet.put(CLIP, whole)
    await public.says(f"/queue {TEXT}\nvideo: {CLIP}", "Є відео")
    await public.says("/now 1", "#1")
    await finished(public)
    kept = bare(whole)
    address = next(word for word in public.viber_channel()[-1].text.split() if word.endswith(".mp4"))
    asked = {
        "": (200, kept),
        "bytes=0-1": (206, kept[:2]),
        "bytes=500000-": (206, kept[500_000:]),
        "bytes=-3": (206, kept[-3:]),
        "bytes=0-": (206, kept),
        f"bytes={len(kept)}-": (416, None),
        "lines=1-2": (200, kept),
    }
    async with aiohttp.ClientSession() as phone:
        for stretch, (status, content) in asked.items():
            headers = {"Range": stretch} if stretch else {}
            async with phone.get(public.sandbox.board.routed(address), headers=headers) as answer:
                assert answer.status == status, stretch
                assert content is None or await answer.read() == content
                if status != 416:
                    assert answer.headers["Accept-Ranges"] == "bytes"
                    assert answer.content_type == "video/mp4"
        async with phone.get(public.sandbox.board.routed(address.replace(".mp4", ".jpg"))) as answer:
            assert answer.status == 404


async def test_a_video_that_came_on_viber_outlives_its_address(public: Scene) -> None:
    lent = "https://dl-media.viber.com/1/v.mp4"
    await public.sandbox.viber.send_video(VIBER_OWNER, lent, file=film(4))
    await public.until(lambda: said(public.viber(), "заголовок"))
    await public.says_on_viber(TEXT, "Є відео")
    public.sandbox.internet.kill(lent)
    await public.says("/now 1", "#1")
    await finished(public)

    assert on_telegram(public, public.channel()[-1].video) == bare(film(4))
    assert lent not in public.viber_channel()[-1].text


async def test_a_gif_is_an_animation_on_telegram_and_a_still_picture_on_viber(public: Scene) -> None:
    await readers(public, telegram=2)
    public.sandbox.internet.put(GIF, moving())
    card = await public.says(f"/queue {TEXT}\nphoto: {GIF}", "Є GIF")
    public.sandbox.internet.put(GIF, moving(2))
    await public.says("/now 1", "#1")
    await finished(public)

    bound = await media(public)
    assert "У Viber GIF не рухатиметься" in card.text and "У Telegram" not in card.text
    assert (bound.kind, bound.form) == (MediaKind.ANIMATION, "gif")
    kept = on_telegram(public, public.channel()[-1].video)
    assert kept is not None and (form_of(kept), digest_of(kept)) == ("gif", bound.digest)
    assert sent(public, "sendAnimation") >= 3 and not sent(public, "sendPhoto")
    assert {public.sandbox.telegram.phone(each)[-1].video for each in telegram_ids(2)} == {public.channel()[-1].video}
    still = public.viber_channel()[-1].photo
    status, content = await looked_at(public, still)
    assert (status, form_of(content), digest_of(content)) == (200, "jpg", bound.still)
    uses = {digest for (digest,) in await rows(public, "SELECT digest FROM picture_use")}
    assert uses == {bound.digest, bound.still}


async def test_a_file_is_what_its_bytes_are(public: Scene) -> None:
    await public.sandbox.telegram.send_document(OWNER, f"/queue {TEXT}", file=PICTURE, name="bridge.jpg")
    await public.until(lambda: said(public.telegram(), "Є фото"))
    public.sandbox.internet.put(CLIP, OTHER)
    await public.says(f"/edit 1 video: {CLIP}", "Є фото")

    bound = await media(public)
    assert (bound.kind, bound.digest) == (MediaKind.PHOTO, digest_of(OTHER))


async def test_what_is_no_video_or_too_much_is_not_kept(sandbox: Sandbox) -> None:
    fetcher = Fetcher(f"{sandbox.url}/internet")
    sandbox.internet.put("https://a.example/page.mp4", b"<html>", kind="video/mp4")
    sandbox.internet.put("https://a.example/large.mp4", film() + bytes(LARGEST_VIDEO))
    sandbox.internet.put("https://a.example/clip?id=5", film(), kind="application/octet-stream")
    sandbox.internet.put("https://a.example/quicktime.mp4", film(brand=b"qt  "))

    assert await refusal(fetcher, "https://a.example/page.mp4") == Unkept.NO_VIDEO
    assert await refusal(fetcher, "https://a.example/quicktime.mp4") == Unkept.NO_VIDEO
    assert await refusal(fetcher, "https://a.example/large.mp4") == Unkept.TOO_LARGE
    assert await fetcher.fetch("https://a.example/clip?id=5") == (film(), "mp4")
    await fetcher.close()


def test_a_text_names_its_video_as_it_names_its_picture() -> None:
    assert named_in(f"Міст\n\nвідео: {CLIP}\nVideo:  {GIF}\nмоє відео {CLIP}x") == [CLIP, GIF]


# Pages and feeds

STORY = "".join(
    f"<p>Речення номер {each} про міст, який нарешті відкрили для всіх охочих у місті.</p>" for each in range(9)
)
BEFORE = f"<video poster='p.jpg'><source src='/clip.mp4' type='video/mp4'></video>{STORY}"
AFTER = f"<figure><img src='/bridge.jpg'><figcaption>Міст</figcaption></figure>{STORY}<video src='/clip.mp4'></video>"
TOLD = '<meta property="og:video" content="http://example.org/clip.mp4">'
PLAYER = '<meta property="og:video" content="https://player.example/embed/5">'
POSTER = '<meta property="og:image" content="https://example.org/poster.jpg">'


@pytest.mark.parametrize(
    ("head", "body", "taken"),
    [
        ("", BEFORE, CLIP),
        (POSTER, BEFORE, CLIP),
        ("", AFTER, "https://example.org/bridge.jpg"),
        (TOLD, AFTER, "https://example.org/bridge.jpg"),
        (TOLD + POSTER, STORY, CLIP),
        (PLAYER + POSTER, STORY, "https://example.org/poster.jpg"),
        (PLAYER, STORY, None),
    ],
)
def test_a_page_that_begins_with_a_film_gives_the_film(head: str, body: str, taken: str | None) -> None:
    html = f"<html><head>{head}<title>Міст</title></head><body><article><h1>Міст відкрили</h1>{body}</article></body>"
    page = read(html.encode(), "https://example.org/bridge.html", "utf-8")
    found = media_of(page)

    assert (found and found.url) == taken
    assert len(page.lines) == 9 and "Речення номер 8" in plain(page.lines[-1])


def test_a_feed_gives_the_film_of_an_item() -> None:
    rss = (
        '<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel><title>Новини</title>'
        "<item><title>Міст</title><link>https://example.org/1</link>"
        '<enclosure url="https://example.org/clip.mp4" type="video/mp4" length="9"/></item>'
        "<item><title>Гай</title><link>https://example.org/2</link>"
        '<media:content url="https://example.org/a.jpg" medium="image"/></item></channel></rss>'
    )
    feed = {"version": "https://jsonfeed.org/version/1.1", "items": [
        {"id": "1", "title": "Міст", "url": "https://example.org/1", "image": "https://example.org/p.jpg",
         "attachments": [{"url": CLIP, "mime_type": "video/mp4"}]},
    ]}  # fmt: skip
    found = [each.page for each in read_feed(rss.encode(), "https://example.org/rss", now=NOW)]
    (told,) = read_feed(json.dumps(feed).encode(), "https://example.org/feed.json", now=NOW)

    assert [(page.video, page.picture and page.picture.url) for page in found] == [
        (CLIP, None),
        ("", "https://example.org/a.jpg"),
    ]
    assert (told.page.video, told.page.picture and told.page.picture.url) == (CLIP, "https://example.org/p.jpg")


async def test_a_page_whose_film_is_too_large_gives_its_picture(public: Scene) -> None:
    internet = public.sandbox.internet
    html = f"<html><head>{POSTER}</head><body><article><h1>Міст відкрили</h1>{BEFORE}</article></body></html>"
    for host, clip in (("one", film(5)), ("two", b"<html>")):
        page = html.replace("example.org", f"{host}.example")
        internet.put(f"https://{host}.example/bridge.html", page.encode(), kind="text/html")
        internet.put(f"https://{host}.example/clip.mp4", clip)
        internet.put(f"https://{host}.example/poster.jpg", SMALL_JPEG)

    await public.says("https://one.example/bridge.html", "Є відео")
    await public.says("https://two.example/bridge.html", "Є фото")

    assert (await media(public, 1)).digest == digest_of(bare(film(5)))
    assert (await media(public, 2)).url == "https://two.example/poster.jpg"
    assert said(public.telegram(), "https://two.example/clip.mp4")
