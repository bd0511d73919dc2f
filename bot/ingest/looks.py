"""The looks of a picture: what is kept of one of ours, and what is compared of one that a reader asks about."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from math import cos, pi
from statistics import median, pvariance

from PIL import Image

from bot.domain.likeness import Look
from bot.domain.picture import PIXELS

#: Largest picture of a reader that is looked at, in bytes.
LARGEST_ASKED = 5 * 1024 * 1024
#: The side to which a picture is brought first, in dots, the grid that its shapes are taken of, and how many count.
_SIDE, _GRID, _SHAPES = 256, 32, 8
#: Parts of a picture that people cut off.
_CUTS = (0.06, 0.14, 0.25)
_PLACES = ((0.5, 0.5), (0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0))
#: Shades squared by which a picture must vary: a flat sky or a logo on white looks like any other.
_LEAST = 120.0
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
_WAVES = [[cos((2 * at + 1) * wave * pi / (2 * _GRID)) for at in range(_GRID)] for wave in range(_SHAPES)]

Box = tuple[float, float, float, float]


def looks_of(content: bytes) -> list[Look]:
    """Return the look of a picture and those of likely cuts of it; none if too little is to be seen, or it is none."""
    return _all_of(content, [(0.0, 0.0, 1.0, 1.0), *_cuts()])


def look_of(content: bytes) -> Look | None:
    """Return the look of a picture; None if too little is to be seen, or it is none. Call it in a thread."""
    return next(iter(_all_of(content, [(0.0, 0.0, 1.0, 1.0)])), None)


def _cuts() -> Iterator[Box]:
    for part in _CUTS:
        for right, down in _PLACES:
            yield part * right, part * down, 1 - part + part * right, 1 - part + part * down


def _all_of(content: bytes, boxes: list[Box]) -> list[Look]:
    try:
        with Image.open(BytesIO(content), formats=_FORMATS) as image:
            # The header alone is read so far: what would unpack to very much is not unpacked.
            if image.width * image.height > PIXELS:
                return []
            image.draft("L", (_SIDE, _SIDE))
            grey = _on_white(image).convert("L").resize((_SIDE, _SIDE), Image.Resampling.BILINEAR)
    except Exception:
        return []
    whole = list(grey.resize((_GRID, _GRID), Image.Resampling.BOX).tobytes())
    return [_look(grey, box) for box in boxes] if pvariance(whole) >= _LEAST else []


def _on_white(image: Image.Image) -> Image.Image:
    if not image.has_transparency_data:
        return image
    seen = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", seen.size, "white"), seen)


def _look(grey: Image.Image, box: Box) -> Look:
    left, top, right, bottom = (side * _SIDE for side in box)
    at = (left, top, right, bottom)
    grid = grey.resize((_GRID, _GRID), Image.Resampling.LANCZOS, box=at).tobytes()
    steps = grey.resize((9, 8), Image.Resampling.LANCZOS, box=at).tobytes()
    return Look(_shapes(grid), _bits(steps[at + 1] > steps[at] for at in range(72) if at % 9 < 8))


def _shapes(grid: bytes) -> int:
    """Return which of the slowest waves of a picture are stronger than half of them."""
    rows = [grid[at : at + _GRID] for at in range(0, _GRID * _GRID, _GRID)]
    across = [[sum(map(float.__mul__, wave, map(float, row))) for wave in _WAVES] for row in rows]
    columns = list(zip(*across, strict=True))
    waves = [sum(map(float.__mul__, wave, column)) for wave in _WAVES for column in columns]
    middle = median(waves)
    return _bits(wave > middle for wave in waves)


def _bits(flags: Iterator[bool]) -> int:
    number = 0
    for flag in flags:
        number = number << 1 | flag
    return number
