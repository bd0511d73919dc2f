"""A moving picture of the page: frames as a browser shows them, each for as long as it takes to read."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.async_api import Locator, Page

#: At this one letters are still sharp, and a picture is a third of a PNG.
QUALITY = 80


class Film:
    """Frames of one page, in the order in which they were taken."""

    def __init__(self, page: Page, width: int) -> None:
        self._page = page
        self._width = width
        self._frames: list[Image.Image] = []
        self._times: list[int] = []

    async def shoot(self, seconds: float) -> None:
        """Take what the page shows now, to be seen for this long."""
        frame = _opened(await self._page.screenshot(animations="disabled"))
        self._frames.append(frame.resize((self._width, round(frame.height * self._width / frame.width))))
        self._times.append(round(seconds * 1000))

    def save(self, file: Path) -> None:
        first, *rest = self._frames
        first.save(
            file, "WEBP", save_all=True, append_images=rest, duration=self._times, loop=0, quality=QUALITY, method=6
        )


async def still(of: Locator, file: Path, width: int) -> None:
    """Take a small picture of a part of the page."""
    shown = _opened(await of.screenshot(animations="disabled"))
    shown = shown.resize((width, round(shown.height * width / shown.width)), Image.Resampling.LANCZOS)
    shown.save(file, "WEBP", quality=QUALITY, method=6)


def _opened(shot: bytes) -> Image.Image:
    with Image.open(BytesIO(shot)) as image:
        return image.convert("RGB")
