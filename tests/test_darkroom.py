"""Pictures are kept upright, small enough for both platforms, and without a trace of their camera or place."""

from __future__ import annotations

import time
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bot.adapters.viber.render import PICTURE_LIMIT
from bot.domain.jpeg import bare
from bot.domain.picture import Unkept, form_of
from bot.ingest.darkroom import HEAVIEST, SIDE, Spoiled, developed
from bot.sandbox.telegram_content import SMALL_JPEG
from tests.helpers.pictures import OTHER, PICTURE, huge_png, noise, picture

SECRETS = (b"CANARY-camera", b"CANARY-place", b"CANARY-words", b"CANARY-after")


def opened(content: bytes) -> Image.Image:
    image = Image.open(BytesIO(content))
    image.load()
    return image


def told(content: bytes) -> bytes:
    """The picture with everything that cameras and programs write beside it."""
    exif = Image.Exif()
    exif[0x010F] = "CANARY-camera"
    exif.get_ifd(0x8825)[1] = "CANARY-place"
    paper = BytesIO()
    opened(content).save(
        paper, "JPEG", exif=exif, comment=b"CANARY-words", xmp=b"<x>CANARY-place</x>", quality=80, dpi=(72, 72)
    )
    return paper.getvalue() + b"CANARY-after"


def as_form(form: str, image: Image.Image, **how: object) -> bytes:
    paper = BytesIO()
    image.save(paper, form, **how)
    return paper.getvalue()


def test_nothing_of_camera_and_place_is_kept_and_no_dot_changes() -> None:
    before = told(picture(64, 40))
    after = developed(before).content

    assert all(secret in before for secret in SECRETS)
    assert not any(secret in after for secret in SECRETS)
    assert not opened(after).getexif()
    assert opened(after).tobytes() == opened(before).tobytes()


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_what_is_no_jpeg_becomes_one_without_notes(form: str) -> None:
    exif = Image.Exif()
    exif[0x010F] = "CANARY-camera"
    made = developed(as_form(form, opened(picture(64, 40)), exif=exif))

    assert (made.form, form_of(made.content), opened(made.content).size) == ("jpg", "jpg", (64, 40))
    assert b"CANARY" not in made.content


@pytest.mark.parametrize(("turn", "size"), [(1, (64, 40)), (3, (64, 40)), (6, (40, 64)), (8, (40, 64))])
def test_a_picture_stands_upright(turn: int, size: tuple[int, int]) -> None:
    exif = Image.Exif()
    exif[0x0112] = turn
    two = Image.new("RGB", (64, 40), "white")
    two.paste("black", (0, 0, 8, 8))  # at the top on the left, before it is turned
    made = opened(developed(as_form("JPEG", two, exif=exif, quality=95)).content)
    corner = {1: (2, 2), 3: (61, 37), 6: (37, 2), 8: (2, 61)}[turn]

    assert made.size == size
    assert max(made.getpixel(corner)) < 60  # type: ignore[arg-type]
    assert not made.getexif()


def test_what_is_too_large_is_made_smaller_for_every_phone() -> None:
    for content in (picture(6000, 3000), noise(2000, 1500)):
        made = developed(content).content
        assert len(made) <= min(HEAVIEST, PICTURE_LIMIT)
        assert max(opened(made).size) <= SIDE


def test_what_one_sees_through_lies_on_white() -> None:
    glass = Image.new("RGBA", (20, 20), (0, 0, 0, 0))
    coloured = glass.quantize(4)
    deep = Image.new("I;16", (20, 20), 32768)

    assert opened(developed(as_form("PNG", glass)).content).getpixel((5, 5)) == (255, 255, 255)
    assert opened(developed(as_form("PNG", coloured)).content).getpixel((5, 5)) == (255, 255, 255)
    assert opened(developed(as_form("PNG", deep)).content).getpixel((5, 5)) == (128, 128, 128)


def test_of_a_picture_that_moves_its_first_one_is_kept() -> None:
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("white", "black")]
    moving = as_form("GIF", frames[0], save_all=True, append_images=frames[1:])

    assert opened(developed(moving).content).convert("L").getpixel((5, 5)) == 255


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", Unkept.NO_PICTURE),
        (b"<html>", Unkept.NO_PICTURE),
        (b"\xff\xd8\xff", Unkept.NO_PICTURE),
        (b"\x89PNG\r\n\x1a\n...", Unkept.NO_PICTURE),
        (b"GIF89a", Unkept.NO_PICTURE),
        (b"RIFF....WEBP", Unkept.NO_PICTURE),
        (SMALL_JPEG[:-8], Unkept.NO_PICTURE),
        *((huge_png(side), Unkept.TOO_MANY_DOTS) for side in (8_000, 12_000, 60_000)),
    ],
)
def test_bombs_and_damaged_pictures_are_refused_at_once(content: bytes, reason: Unkept) -> None:
    began = time.process_time()
    with pytest.raises(Spoiled) as spoiled:
        developed(content)

    assert spoiled.value.reason is reason
    assert time.process_time() - began < 1.0


def test_a_picture_thinner_than_telegram_takes_is_refused() -> None:
    with pytest.raises(Spoiled):
        developed(picture(4000, 40))


def test_a_thumbnail_that_shows_what_was_cut_off_is_left_out() -> None:
    thumb = SMALL_JPEG[:4] + b"\x00\x13JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x01\x01abc" + SMALL_JPEG[20:]

    assert b"abc" in thumb
    assert b"abc" not in developed(thumb).content
    assert opened(developed(thumb).content).size == (1, 1)


def test_what_is_bare_stays_as_it_is() -> None:
    for content in (SMALL_JPEG, PICTURE, OTHER, picture(64, 40)):
        assert developed(content).content == bare(bare(content)) == bare(content)
    assert developed(PICTURE).content == PICTURE != OTHER == developed(OTHER).content


@given(at=st.integers(0, 5000), byte=st.integers(0, 255), cut=st.integers(0, 5000))
def test_whatever_comes_is_a_picture_or_refused(at: int, byte: int, cut: int) -> None:
    content = bytearray(told(picture(64, 40)))
    content[at % len(content)] = byte
    try:
        made = developed(bytes(content)[: len(content) - cut % len(content)])
    except Spoiled:
        return
    assert not any(secret in made.content for secret in SECRETS)
    assert opened(made.content).format == "JPEG"
