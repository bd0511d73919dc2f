"""A photo that an editor sent on Telegram, for Viber's phones."""

from __future__ import annotations

import aiohttp

from bot.adapters.viber import ViberMessenger
from bot.adapters.viber.render import ViberPost
from bot.app import picture_secret
from bot.domain import Article, Labels, Masthead, Media, MediaKind, Platform, Press
from bot.web import Pictures
from tests.conftest import OWNER, Scene

LABELS = Labels("Джерело", "Читайте також", "Відео", "Фото", "Читати повністю", "Терміново")
PHOTO = Media(MediaKind.PHOTO, platform=Platform.TELEGRAM, file="AgACAgIAAxkBAAIB", size=200_000)


def press(public_url: str) -> Press:
    address = Pictures(public_url, b"secret").address if public_url else None
    return Press({"uk": Masthead("Вісник")}, {"uk": LABELS}, "uk", address)


def viber_post(press: Press, media: Media) -> dict[str, object]:
    article = press.edition(Article("Міст відкрили", media=media), Platform.VIBER)
    post = ViberMessenger("token").render(article, press.outlet(article, Platform.VIBER, channel=True))
    assert isinstance(post, ViberPost)
    return dict(post.body)


def test_viber_fetches_telegrams_photo_from_our_own_address() -> None:
    body = viber_post(press("https://bot.example.org"), PHOTO)

    assert body["type"] == "picture"
    assert str(body["media"]).startswith("https://bot.example.org/media/")
    assert str(body["media"]).endswith(f"/{PHOTO.file}.jpg")


def test_without_a_public_address_the_post_is_a_text() -> None:
    assert viber_post(press(""), PHOTO)["type"] == "text"


def test_a_photo_heavier_than_viber_takes_is_left_out() -> None:
    heavy = Media(MediaKind.PHOTO, platform=Platform.TELEGRAM, file="AgAC", size=3_000_000)

    assert viber_post(press("https://bot.example.org"), heavy)["type"] == "text"


async def test_the_door_gives_the_photo_and_only_under_its_own_address(scene: Scene) -> None:
    file = await sent_photo(scene)
    address = Pictures(scene.app.url, picture_secret(scene.settings)).address(file)

    async with aiohttp.ClientSession() as phone:
        async with phone.get(address) as answer:
            assert answer.status == 200
            assert answer.content_type == "image/jpeg"
            assert (await answer.read())[:2] == b"\xff\xd8"
        async with phone.get(address.replace("/media/", "/media/0")) as forged:
            assert forged.status == 404


async def sent_photo(scene: Scene) -> str:
    await scene.sandbox.telegram.send_photo(OWNER, caption="Міст відкрили")
    await scene.until(lambda: scene.telegram() and scene.telegram()[-1].buttons)
    entry = await scene.app.store.read.entry(1)
    assert entry is not None
    assert entry.article.media is not None
    return entry.article.media.file
