"""The darkroom: pictures and films as they are kept. Upright, without camera and place, and fit for every phone."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps

from bot.domain import gif, mp4
from bot.domain.jpeg import bare
from bot.domain.picture import PIXELS, Unkept, form_of

#: The longest side of what is kept, in dots: phones show no more (docs/platforms/telegram.md#limits).
SIDE = 2560
#: Largest that is kept, in bytes: Viber shows no larger one on every phone (docs/platforms/viber.md#limits).
HEAVIEST = 1024 * 1024
#: A side is at the most this many times the other one: Telegram takes no thinner picture.
THINNEST = 20
#: Tried one after the other until a picture is light enough: the longest side, and the quality.
_PRINTS = ((SIDE, 90), (SIDE, 82), (SIDE, 72), (1920, 72), (1280, 72), (1280, 50), (640, 50))
#: A profile says how colours are meant. Larger ones are a printer's.
_PROFILE = 16 * 1024
_ORIENTATION = 0x0112
_UPRIGHT = 1
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")


class Spoiled(Exception):
    """Bytes of which no picture or film can be made. `reason`: an `Unkept`."""

    def __init__(self, reason: Unkept) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Print:
    """A picture or film as it is kept. `still`: the JPEG that stands for one that moves, where it can't be shown."""

    content: bytes
    form: str
    still: bytes = b""


def developed(content: bytes) -> Print:
    """Return a picture as a JPEG: the very same dots if it is one that needs no change, else a new one. A GIF that
    moves and an MP4 stay what they are.

    Of any other picture that moves it is the first one. Raises `Spoiled`. It takes up to seconds: call it in a thread.
    """
    form = form_of(content)
    if not form:
        raise Spoiled(Unkept.NO_PICTURE)
    if form == "mp4":
        return _film(content)
    made = _picture(content)
    with suppress(ValueError):
        if form == "gif" and (strip := gif.bare(content)).pictures > 1:
            return Print(strip.content, form, made.content)
    return made


def _film(content: bytes) -> Print:
    try:
        return Print(mp4.bare(content), "mp4")
    except ValueError as error:
        raise Spoiled(Unkept.NO_VIDEO) from error


def _picture(content: bytes) -> Print:
    try:
        with Image.open(BytesIO(content), formats=_FORMATS) as image:
            return _print(content, image)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Spoiled(Unkept.TOO_MANY_DOTS) from None
    except Spoiled:
        raise
    except Exception as error:
        # As broad as around a worker's pass: what a damaged file raises has no common name, and it is its own fault.
        raise Spoiled(Unkept.NO_PICTURE) from error


def _print(content: bytes, image: Image.Image) -> Print:
    if image.width * image.height > PIXELS:
        raise Spoiled(Unkept.TOO_MANY_DOTS)
    if max(image.size) > THINNEST * min(image.size):
        raise Spoiled(Unkept.NO_PICTURE)
    if _needs_no_change(content, image):
        image.load()  # a damaged one must not be kept
        with suppress(ValueError):
            return Print(bare(content), "jpg")
    return Print(_light(_upright(image)), "jpg")


def _needs_no_change(content: bytes, image: Image.Image) -> bool:
    return (
        image.format == "JPEG"
        and image.mode in {"L", "RGB"}
        and image.getexif().get(_ORIENTATION, _UPRIGHT) == _UPRIGHT
        and len(content) <= HEAVIEST
        and max(image.size) <= SIDE
    )


def _upright(image: Image.Image) -> Image.Image:
    image.draft("RGB", (SIDE, SIDE))  # a JPEG is read at a half or a quarter at once
    profile = image.info.get("icc_profile", b"") if image.mode == "RGB" else b""
    turned = ImageOps.exif_transpose(image)
    turned.thumbnail((SIDE, SIDE))
    plain = _on_white(turned)
    plain.info = {"icc_profile": profile} if isinstance(profile, bytes) and 0 < len(profile) <= _PROFILE else {}
    return plain


def _on_white(image: Image.Image) -> Image.Image:
    """A JPEG has no gaps through which one sees what is behind, and 256 shades."""
    if image.mode.startswith("I"):
        return image.point(lambda shade: shade * (1 / 256)).convert("RGB")
    if not image.has_transparency_data:
        return image.convert("RGB")
    seen = image.convert("RGBA")
    white = Image.new("RGBA", seen.size, "white")
    return Image.alpha_composite(white, seen).convert("RGB")


def _light(image: Image.Image) -> bytes:
    for side, quality in _PRINTS:
        image.thumbnail((side, side))
        paper = BytesIO()
        image.save(paper, "JPEG", quality=quality, optimize=True, icc_profile=image.info.get("icc_profile"))
        if paper.tell() <= HEAVIEST:
            break
    return paper.getvalue()
