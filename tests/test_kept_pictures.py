"""A picture that came with an address is kept by its bytes: what was approved is what readers get."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.app.configured import picture_secret
from bot.domain import Article, Media, MediaKind
from bot.domain.picture import LARGEST, ROOM, Unkept, digest_of, named_in
from bot.ingest.fetching import Fetcher
from bot.ingest.guard import is_public
from bot.newsroom.retention import Retention
from bot.sandbox import Sandbox
from bot.sandbox.telegram_content import SMALL_JPEG
from bot.storage import Queries, Store
from bot.web import Pictures
from tests.conftest import (
    OWNER,
    VIBER_OWNER,
    VIBER_READER,
    Clock,
    Scene,
    free_port,
    people,
    settings_for,
)
from tests.helpers.crowd import finished, readers, rows, said, telegram_ids
from tests.helpers.pictures import (
    BORROWED,
    OTHER,
    PICTURE,
    PUBLIC,
    TEXT,
    TYPED,
    a_public_scene,
    looked_at,
    media,
    numbered,
    picture,
    refusal,
)
from tests.trials.swapped import shown_otherwise


@pytest.fixture
async def public(tmp_path: Path) -> AsyncIterator[Scene]:
    async with a_public_scene(tmp_path) as scene:
        yield scene


async def test_a_picture_whose_address_died_overnight_is_on_both_platforms(public: Scene) -> None:
    await readers(public, telegram=3)
    await public.sandbox.viber.send_picture(VIBER_OWNER, BORROWED, TEXT, file=PICTURE)
    await public.until(lambda: said(public.viber(), "Є фото"))
    at = await public.says_on_viber("/at 1 завтра 9:00", "#1")
    public.clock.at = datetime(2026, 11, 25, 7, 0, 1, tzinfo=UTC)
    public.app.look()
    await public.until(public.channel)
    await finished(public)

    assert "⚠️" not in at.text
    assert public.sandbox.internet.page(BORROWED) is None
    assert public.sandbox.telegram.picture(public.channel()[-1].photo) == PICTURE
    shown = {public.sandbox.telegram.phone(each)[-1].photo for each in telegram_ids(3)}
    assert shown == {public.channel()[-1].photo}
    address = public.viber_channel()[-1].photo
    assert address.endswith(f"/{digest_of(PICTURE)}.jpg")
    assert await looked_at(public, address) == (200, PICTURE)


async def test_a_picture_is_uploaded_once_and_then_named(public: Scene) -> None:
    await readers(public, telegram=40)
    public.sandbox.internet.put(TYPED, PICTURE)
    await public.says(f"/queue {TEXT}\nфото: {TYPED}", "#1 · чернетка")
    await public.stop()
    await public.start()
    await public.says("/now 1", "#1")
    await finished(public)

    held = await rows(public, "SELECT digest, file FROM picture_file")
    assert [digest for digest, _ in held] == [digest_of(PICTURE)]
    shown = {public.sandbox.telegram.phone(each)[-1].photo for each in telegram_ids(40)}
    assert shown == {public.channel()[-1].photo}
    assert public.sandbox.telegram.picture(shown.pop()) == PICTURE


async def test_what_stands_at_the_address_after_the_approval_is_nobodys_picture(public: Scene) -> None:
    public.sandbox.internet.put(TYPED, PICTURE)
    await public.says(f"/queue {TEXT}\nphoto: {TYPED}", "#1 · чернетка")
    public.sandbox.internet.put(TYPED, OTHER)
    await public.says("/now 1", "#1")
    await finished(public)

    assert (await media(public)).digest == digest_of(PICTURE)
    assert public.sandbox.telegram.picture(public.channel()[-1].photo) == PICTURE
    assert digest_of(PICTURE) in public.viber_channel()[-1].photo


async def test_no_picture_that_was_swapped_after_the_approval_is_shown(public: Scene) -> None:
    """More of them: `python -m tests.trials.swapped`."""
    assert await shown_otherwise(public, 8) == 0


async def test_a_picture_that_came_as_a_file_goes_out_without_its_place(public: Scene) -> None:
    file = picture(64, 40).replace(b"JFIF", b"GPS:", 1)  # a note of no known kind
    await public.sandbox.telegram.send_document(OWNER, f"/queue {TEXT}", file=file, name="IMG_1.JPG")
    await public.until(lambda: said(public.telegram(), "Є фото"))
    await public.says("/now 1", "#1")
    await finished(public)

    shown = public.sandbox.telegram.picture(public.channel()[-1].photo)
    assert shown is not None
    assert (b"GPS:" in file, b"GPS:" in shown) == (True, False)
    assert await looked_at(public, public.viber_channel()[-1].photo) == (200, shown)


async def test_a_photo_of_telegrams_is_bound_by_its_bytes(public: Scene) -> None:
    await public.sandbox.telegram.send_photo(OWNER, TEXT, file=PICTURE)
    await public.until(lambda: said(public.telegram(), "Є фото"))
    fetched = sum(each.method == "getFile" for each in public.sandbox.requests)
    bound = await media(public)
    await public.says("/now 1", "#1")
    await finished(public)

    assert (bound.digest, fetched) == (digest_of(PICTURE), 1)
    assert public.sandbox.telegram.picture(public.channel()[-1].photo) == PICTURE
    assert public.viber_channel()[-1].photo.endswith(f"/{digest_of(PICTURE)}.jpg")


async def test_a_photo_that_telegram_does_not_hand_out_is_named_as_before(public: Scene) -> None:
    public.sandbox.faults.add("telegram", "500", method="getFile")
    await public.sandbox.telegram.send_photo(OWNER, TEXT, file=PICTURE)
    await public.until(lambda: said(public.telegram(), "Є фото"))
    await public.says("/now 1", "#1")
    await finished(public)

    assert not (await media(public)).digest
    assert public.sandbox.telegram.picture(public.channel()[-1].photo) == PICTURE


async def test_a_picture_whose_bytes_were_changed_by_hand_does_not_go_out(public: Scene) -> None:
    public.sandbox.internet.put(TYPED, PICTURE)
    await public.says_on_viber(f"/queue {TEXT}\nphoto: {TYPED}", "#1 · чернетка")
    await public.app.store.write(lambda tx: tx.run("DELETE FROM picture_file"))
    await public.app.store.write(lambda tx: tx.run("UPDATE picture SET content = x'FFD8FF00'"))
    await public.stop()
    await public.start()
    await public.says("/now 1", "#1")
    await finished(public)

    assert len(public.channel()) == 1
    assert not public.channel()[-1].photo
    await public.says("/who 1", "без фото (його вже не зберігаємо)")
    own = Pictures(PUBLIC, picture_secret(public.settings)).kept_at(digest_of(PICTURE), "jpg")
    assert (await looked_at(public, own))[0] == 404


async def test_an_edit_of_the_text_keeps_the_picture_although_its_address_died(public: Scene) -> None:
    public.sandbox.internet.put(TYPED, PICTURE)
    await public.says(f"/queue {TEXT}\nphoto: {TYPED}", "#1 · чернетка")
    public.sandbox.internet.kill(TYPED)
    await public.says(f"/edit 1 headline: Міст закрили\nphoto: {TYPED}", "#1 · чернетка")
    assert (await media(public)).digest == digest_of(PICTURE)

    public.sandbox.internet.put(TYPED, OTHER)
    await public.says(f"/edit 1 photo: {TYPED}", "#1 · чернетка")
    assert (await media(public)).digest == digest_of(OTHER)


async def test_a_name_that_telegram_no_longer_knows_is_uploaded_again(public: Scene) -> None:
    await readers(public, telegram=2)
    public.sandbox.internet.put(TYPED, PICTURE)
    await public.says_on_viber(f"/queue {TEXT}\nphoto: {TYPED}", "#1 · чернетка")
    await public.app.store.write(lambda tx: tx.keep_picture_file(digest_of(PICTURE), "100001", "AgACforgotten"))
    await public.says("/now 1", "#1")
    await finished(public)

    photos = [public.channel()[-1].photo, *(public.sandbox.telegram.phone(each)[-1].photo for each in telegram_ids(2))]
    assert [public.sandbox.telegram.picture(photo) for photo in photos] == [PICTURE] * 3


async def test_a_second_bot_uploads_the_picture_for_its_channels(tmp_path: Path) -> None:
    hands = Clock()
    async with Sandbox(now=lambda: hands.at.timestamp()) as sandbox:
        people(sandbox)
        sandbox.telegram.add_bot("100002:CANARY-second-bot-0123456789", username="visnyk_posts_bot", name="Дописи")
        sandbox.telegram.set_admin(-1001234567890, "100002:CANARY-second-bot-0123456789", can_post=True)
        token = {"TELEGRAM_CHANNEL_TOKEN": "100002:CANARY-second-bot-0123456789"}
        scene = Scene(sandbox, settings_for(sandbox, tmp_path, free_port(), **token), hands)
        await scene.start()
        sandbox.internet.put(TYPED, PICTURE)
        await scene.says(f"/queue {TEXT}\nphoto: {TYPED}", "#1 · чернетка")
        await scene.says("/now 1", "#1")
        await finished(scene)

        assert sandbox.telegram.picture(scene.channel()[-1].photo) == PICTURE
        assert len(await rows(scene, "SELECT 1 FROM picture_file")) == 2
        await scene.stop()


async def test_only_what_the_desk_names_is_fetched(public: Scene) -> None:
    public.sandbox.internet.put(TYPED, PICTURE)
    await public.sandbox.viber.send_picture(VIBER_READER, BORROWED, "Дивіться")
    await public.says_on_viber(f"photo: {TYPED}", "", person=VIBER_READER)
    assert public.sandbox.internet.asked == []

    await public.says(f"/queue {TEXT}\nphoto: {TYPED}", "#1 · чернетка")
    assert public.sandbox.internet.asked == [TYPED]


async def test_who_waits_for_a_slow_address_keeps_nobody_else_waiting(public: Scene) -> None:
    public.sandbox.internet.put(TYPED, PICTURE, delay=2.0)
    await public.sandbox.telegram.say(OWNER, f"/queue {TEXT}\nphoto: {TYPED}")
    await public.until(lambda: public.sandbox.internet.asked)
    await public.says_on_viber("/list", "")
    assert not said(public.telegram(), "#1 · чернетка")

    await public.until(lambda: said(public.telegram(), "#1 · чернетка"))
    assert (await media(public)).digest == digest_of(PICTURE)


async def test_where_there_is_no_room_what_no_article_needs_goes_first(public: Scene) -> None:
    for number, url in enumerate((TYPED, f"{TYPED}.jpg"), 1):
        public.sandbox.internet.put(url, numbered(number))
        await public.says(f"/queue {TEXT}\nphoto: {url}", f"#{number} · чернетка")
    await public.says("/now 1", "#1")
    await finished(public)
    await public.app.store.write(lambda tx: tx.run(f"UPDATE picture SET size = {ROOM // 2}"))
    public.clock.at += timedelta(days=3)
    public.sandbox.internet.put(f"{TYPED}.png", numbered(3))
    await public.says(f"/edit 2 photo: {TYPED}.png", "Є фото")
    assert {digest for (digest,) in await rows(public, "SELECT digest FROM picture")} == {
        digest_of(numbered(2)),
        digest_of(numbered(3)),
    }

    await public.app.store.write(lambda tx: tx.run(f"UPDATE picture SET size = {ROOM}"))
    public.sandbox.internet.put(f"{TYPED}.gif", numbered(4))
    await public.says(f"/edit 2 photo: {TYPED}.gif", "немає місця")


async def test_pictures_that_no_article_needs_are_forgotten_after_a_month(public: Scene) -> None:
    for number, url in enumerate((TYPED, f"{TYPED}.jpg"), 1):
        public.sandbox.internet.put(url, numbered(number))
        await public.says(f"/queue {TEXT}\nphoto: {url}", f"#{number} · чернетка")
    await public.says("/now 1", "#1")
    await finished(public)
    store, now = public.app.store, public.clock()

    await Retention(timedelta(days=90)).forget(store, now + timedelta(days=29))
    assert len(await rows(public, "SELECT 1 FROM picture")) == 2
    await Retention(timedelta(days=90)).forget(store, now + timedelta(days=31))

    assert await rows(public, "SELECT digest FROM picture") == [(digest_of(numbered(2)),)]
    for table in ("picture_use", "picture_file"):
        assert len(await rows(public, f"SELECT DISTINCT digest FROM {table}")) == 1
    assert not await rows(public, "SELECT 1 FROM picture_address")


def test_the_hash_of_an_article_of_yesterday_stays_and_binds_the_picture_from_today() -> None:
    old = Article("Міст", media=Media(MediaKind.PHOTO, TYPED))
    kept = replace(old, media=replace(old.media, digest=digest_of(PICTURE), form="jpg"))  # type: ignore[type-var]

    assert "digest" not in old.to_json()
    assert old.sha256 != kept.sha256
    assert Article.from_json(kept.to_json()) == kept


# The guard


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.215.14", True),
        ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", True),
        *((each, False) for each in ("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254")),
        *(
            (each, False)
            for each in ("0.0.0.0", "100.64.0.1", "192.0.0.1", "198.18.0.1", "224.0.0.1", "255.255.255.255")
        ),
        *((each, False) for each in ("::1", "::", "::ffff:127.0.0.1", "fe80::1%eth0", "fd00::1", "ff02::1", "fec0::1")),
        *((each, False) for each in ("64:ff9b::7f00:1", "2002:7f00:1::", "2001:db8::1", "2001::1")),
    ],
)
def test_only_addresses_of_the_public_internet_are_connected_to(address: str, public: bool) -> None:
    assert is_public(address) is public


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/a.jpg",
        "http://localhost/a.jpg",
        "http://[::1]/a.jpg",
        "http://[::ffff:127.0.0.1]/a.jpg",
        "http://169.254.169.254/latest/meta-data",
        "http://0.0.0.0/a.jpg",
        "http://10.0.0.1/a.jpg",
        "https://192.168.0.1/a.jpg",
        "ftp://example.org/a.jpg",
        "file:///etc/passwd",
        "http://example.org:8080/a.jpg",
        "https://user:word@example.org/a.jpg",
        "https:///a.jpg",
        "https://example.org:port/a.jpg",
    ],
)
async def test_an_address_that_is_not_of_the_public_web_is_not_asked(url: str) -> None:
    fetcher = Fetcher()
    assert await refusal(fetcher, url) == Unkept.ADDRESS
    await fetcher.close()


async def test_what_is_no_picture_or_too_much_or_leads_elsewhere_is_not_kept(sandbox: Sandbox) -> None:
    fetcher, impatient = Fetcher(f"{sandbox.url}/internet"), Fetcher(f"{sandbox.url}/internet", patience=0.5)
    internet = sandbox.internet
    internet.put("https://a.example/page.jpg", b"<html>", kind="image/jpeg")
    internet.put("https://a.example/large.jpg", SMALL_JPEG + bytes(LARGEST))
    internet.put("https://a.example/inside", to="http://10.0.0.1:81/a.jpg")
    internet.put("https://a.example/round", to="https://a.example/round")
    internet.put("https://slow.example/slow.jpg", SMALL_JPEG, delay=5.0)
    internet.put("https://a.example/moved", to="/there.png")
    internet.put("https://a.example/there.png", b"\x89PNG\r\n\x1a\n...", kind="text/html")

    assert await refusal(fetcher, "https://a.example/none.jpg") == "status HTTP 404"
    assert await refusal(fetcher, "https://a.example/page.jpg") == Unkept.NO_PICTURE
    assert await refusal(fetcher, "https://a.example/large.jpg") == Unkept.TOO_LARGE
    assert await refusal(fetcher, "https://a.example/inside") == Unkept.ADDRESS
    assert await refusal(fetcher, "https://a.example/round") == Unkept.SILENT
    assert await refusal(impatient, "https://slow.example/slow.jpg") == Unkept.SILENT
    assert (await fetcher.fetch("https://a.example/moved"))[1] == "png"
    await fetcher.close()
    await impatient.close()


async def test_only_the_named_place_on_this_machine_is_permitted(sandbox: Sandbox) -> None:
    fetcher = Fetcher(f"{sandbox.url}/internet")
    fetcher._through = f"http://127.0.0.1:{free_port()}"

    assert await refusal(fetcher, "https://a.example/a.jpg") == Unkept.ADDRESS
    await fetcher.close()


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("/edit 1 photo: https://a.example/b.jpg", ["https://a.example/b.jpg"]),
        ("Новина\nФОТО:https://a.example/b.jpg\nfoto: x", ["https://a.example/b.jpg"]),
        ("*photo:* https://a.example/b.jpg", ["https://a.example/b.jpg"]),
        ("photo: http://a.example/1 photo: http://a.example/2", ["http://a.example/1", "http://a.example/2"]),
        ("link: https://a.example/b.jpg", []),
        ("telephoto: https://a.example/b.jpg", []),
    ],
)
def test_the_addresses_of_pictures_are_found_in_their_lines(text: str, named: list[str]) -> None:
    assert named_in(text) == named


async def test_a_month_old_look_at_an_address_binds_nothing(store: Store) -> None:
    now = Clock()()

    async def work(tx: Queries) -> list[bool]:
        await tx.keep_picture(TYPED, PICTURE, "jpg", now)
        found = [await tx.found_at(TYPED, now), await tx.found_at(TYPED, now + timedelta(seconds=1))]
        return [each is not None for each in found]

    assert await store.write(work) == [True, False]
