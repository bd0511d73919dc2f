"""Films and moving pictures by their bytes: what is kept of them, and what nobody needs to know."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from bot.domain import gif, mp4
from bot.domain.picture import Unkept, form_of
from bot.ingest.darkroom import Spoiled, developed
from tests.helpers.films import MADE, PLACE, box, film, moving
from tests.helpers.pictures import picture_as


def test_of_a_film_nothing_moves_and_place_camera_and_hour_are_blank() -> None:
    for notes in (False, True):
        whole = film(7, notes=notes)
        kept = mp4.bare(whole)

        assert len(kept) == len(whole)
        assert [PLACE in whole, MADE in whole, b"camera" in whole] == [True] * 3
        assert [PLACE in kept, MADE in kept, b"camera" in kept] == [False] * 3
        assert kept.index(bytes(7) + b"\x07") == whole.index(bytes(7) + b"\x07")
        assert mp4.bare(kept) == kept


def test_a_film_is_told_by_its_bytes() -> None:
    assert [form_of(film(brand=brand)) for brand in (b"isom", b"mp42", b"iso6", b"M4V ")] == ["mp4"] * 4
    assert [form_of(film(brand=brand)) for brand in (b"qt  ", b"heic", b"avif")] == [""] * 3


@pytest.mark.parametrize(
    "content",
    [
        film()[:-1],
        film()[:100],
        film().replace(b"avc1", b"hvc1"),
        film(codec=b"mp4v"),
        film().replace(b"vide", b"soun"),
        film().replace(b"moov", b"moow"),
        film().replace(b"stsd", b"stse"),
        box(b"ftyp", b"isom", bytes(8)),
        box(b"ftyp", b"isom", bytes(8)) + b"<html>",
        box(b"ftyp", b"isom", bytes(8)) + box(b"free") * (mp4.MOST_BOXES + 1),
        film(notes=True) + box(b"moof"),
        film(notes=True).replace(len(PLACE).to_bytes(4, "big") + b"\0\0\0\1", b"\x7f\xff\xff\xff\0\0\0\1"),
    ],
)
def test_what_is_no_whole_film_that_both_platforms_show_is_not_kept(content: bytes) -> None:
    with pytest.raises(Spoiled) as spoiled:
        developed(content)
    assert spoiled.value.reason is Unkept.NO_VIDEO


def test_a_gif_that_moves_stays_one_without_its_comment_and_has_a_still_picture() -> None:
    made = developed(moving(pictures=3))

    assert (made.form, form_of(made.still)) == ("gif", "jpg")
    assert (PLACE in moving(), PLACE in made.content) == (True, False)
    with Image.open(BytesIO(made.content)) as shown, Image.open(BytesIO(moving(pictures=3))) as was:
        assert (shown.n_frames, shown.info["loop"]) == (3, 0)  # type: ignore[attr-defined]
        for at in range(3):
            shown.seek(at)
            was.seek(at)
            assert (shown.tobytes(), shown.info["duration"]) == (was.tobytes(), 100)


def test_a_gif_that_does_not_move_is_a_picture() -> None:
    assert developed(picture_as("GIF")).form == "jpg"
    assert developed(picture_as("GIF")).still == b""


@pytest.mark.parametrize("cut", [0, 5, 12, 20, -1])
def test_a_gif_that_is_not_whole_is_no_moving_picture(cut: int) -> None:
    with pytest.raises(ValueError, match=r"a|i"):
        gif.bare(moving()[:cut])
