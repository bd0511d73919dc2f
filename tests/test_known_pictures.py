"""Pictures by how they look: ours are found through what apps do to them, others never, and a bomb does no harm."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.likeness import Look, is_known, packed, unpacked
from bot.domain.picture import digest_of
from bot.ingest.looks import look_of, looks_of
from bot.newsroom.public_record import withdraw
from bot.storage import Store
from tests.conftest import Clock
from tests.helpers.pictures import huge_png, noise, picture, picture_as
from tests.trials.genuine.photos import CHANGES, as_jpeg, figures, scene


def test_a_picture_is_found_through_what_apps_do_and_no_foreign_one_is() -> None:
    found, foreign = figures(ours=12, foreign=40, asked=6)

    assert (found, foreign) == (dict.fromkeys(CHANGES, 100.0), 0)


def test_looks_are_packed_as_they_are_and_16_of_each_picture() -> None:
    looks = looks_of(as_jpeg(scene(1)))

    assert len(looks) == 16 and unpacked(packed(looks)) == looks
    assert look_of(as_jpeg(scene(1))) == looks[0]
    assert is_known(looks[0], packed(looks)) and not is_known(looks[0], b"")


@pytest.mark.parametrize(
    ("bits", "steps", "is_like"), [(10, 64, True), (11, 6, True), (11, 7, False), (0, 0, True), (64, 64, False)]
)
def test_two_looks_are_alike_by_their_shapes_or_by_their_steps(bits: int, steps: int, is_like: bool) -> None:
    assert Look(0, 0).is_like(Look((1 << bits) - 1, (1 << steps) - 1)) is is_like


@pytest.mark.parametrize(
    "content",
    [b"", b"no picture", huge_png(60_000), as_jpeg(scene(1))[:900], picture_as("JPEG"), picture_as("PNG")],
    ids=["nothing", "text", "bomb", "cut", "flat", "flat png"],
)
def test_of_a_bomb_a_damaged_or_a_flat_picture_nothing_is_seen(content: bytes) -> None:
    assert (look_of(content), looks_of(content)) == (None, [])
    assert look_of(picture(640, 400)) is not None and look_of(noise(64, 64)) is not None


async def test_only_a_picture_that_went_out_is_compared_and_none_that_was_withdrawn(store: Store) -> None:
    now = Clock()()
    content = as_jpeg(scene(1))
    digest, looks = digest_of(content), packed(looks_of(content))
    await store.write(lambda tx: tx.keep_picture("https://example.org/a.jpg", content, "jpg", now))
    await store.write(lambda tx: tx.keep_looks(digest, looks))
    assert await store.read.published_looks(9) == []
    assert await store.read.looks_at("https://example.org/a.jpg") == looks

    await store.write(lambda tx: tx.let_picture_be_found(digest, 7, now))
    assert await store.read.published_looks(9) == [(7, looks)]
    await store.write(lambda tx: withdraw(tx, 7, now))
    assert await store.read.published_looks(9) == []


async def test_how_an_asked_picture_looks_is_known_for_an_hour(store: Store) -> None:
    now, hour = Clock()(), timedelta(hours=1)
    for minutes, place in ((0, "telegram:a"), (61, "telegram:b")):
        at = now + timedelta(minutes=minutes)
        await store.write(lambda tx, place=place, at=at: tx.note_asked_look(place, b"x" * 16, at, at - hour))  # type: ignore[misc]

    assert await store.read.looks_at("telegram:a") == b""
    assert await store.read.looks_at("telegram:b") == b"x" * 16
