"""Pictures that no camera made, and what people do to pictures before they send them on."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from io import BytesIO

from PIL import Image, ImageDraw, ImageFilter

from bot.domain.likeness import Look, is_known, packed
from bot.ingest.looks import look_of, looks_of

#: Pictures of ours, of others, and of ours that each change is done to.
OURS, FOREIGN, ASKED = 300, 1_000, 60


def scene(number: int) -> Image.Image:
    """A picture of its own for each number: a sky, the ground, and things of many sizes and shades on it."""
    r = random.Random(number)
    size = r.choice([(960, 640), (800, 800), (640, 960), (1200, 675)])
    image = Image.new("RGB", size)
    draw = ImageDraw.Draw(image)
    horizon, top, low = r.uniform(0.2, 0.8), _colour(r), _colour(r)
    for y in range(size[1]):
        part = y / size[1]
        shade = _between(top, low, part) if part < horizon else _between(low, top, part / 2)
        draw.line((0, y, size[0], y), fill=shade)
    for _ in range(r.randint(6, 40)):
        right, down, wide, high = (r.random() * side for side in (*size, size[0] / 2, size[1] / 2))
        box = (right - wide / 2, down - high / 2, right + wide / 2, down + high / 2)
        (draw.ellipse if r.random() < 0.4 else draw.rectangle)(box, fill=_colour(r))
    return image.filter(ImageFilter.GaussianBlur(r.uniform(0, 3)))


Colour = tuple[int, int, int]


def _colour(r: random.Random) -> Colour:
    return r.randrange(256), r.randrange(256), r.randrange(256)


def _between(one: Colour, other: Colour, part: float) -> Colour:
    red, green, _ = (round(here + (there - here) * part) for here, there in zip(one, other, strict=True))
    return red, green, other[2]


def as_jpeg(image: Image.Image, quality: int = 90) -> bytes:
    paper = BytesIO()
    image.convert("RGB").save(paper, "JPEG", quality=quality)
    return paper.getvalue()


def cut(image: Image.Image, part: float) -> Image.Image:
    w, h = image.size
    left, top = w * part / 2, h * part / 2
    return image.crop((round(left), round(top), round(w - left), round(h - top)))


#: What is done to a picture, and how many of a hundred must be found then.
CHANGES: Mapping[str, tuple[Callable[[Image.Image], bytes], int]] = {
    "as sent": (as_jpeg, 100),
    "JPEG 30": (lambda image: as_jpeg(image, 30), 99),
    "320 wide": (lambda image: as_jpeg(image.resize((320, 320 * image.height // image.width)), 60), 98),
    "grey": (lambda image: as_jpeg(image.convert("L")), 98),
    "cut 5 %": (lambda image: as_jpeg(cut(image, 0.05)), 95),
    "cut 10 %": (lambda image: as_jpeg(cut(image, 0.10)), 90),
}


def figures(ours: int = OURS, foreign: int = FOREIGN, asked: int = ASKED) -> tuple[dict[str, float], int]:
    """Return how many of a hundred were found after each change, and how many of others were taken for ours."""
    kept = [packed(looks_of(as_jpeg(scene(number)))) for number in range(ours)]
    found = {
        name: 100 * sum(_is_found(change(scene(number)), kept[number]) for number in range(asked)) / asked
        for name, (change, _) in CHANGES.items()
    }
    others = (look_of(as_jpeg(scene(10**6 + number))) for number in range(foreign))
    return found, sum(any(_like(look, each) for each in kept) for look in others)


def _is_found(content: bytes, kept: bytes) -> bool:
    return _like(look_of(content), kept)


def _like(look: Look | None, kept: bytes) -> bool:
    return look is not None and is_known(look, kept)
