"""Finds the picture of a page's article, with its caption and whoever made it, and its video."""

from __future__ import annotations

import re

from bot.ingest.linked_data import LinkedData
from bot.ingest.page import Picture, Whence
from bot.ingest.story import by_https, web_address
from bot.ingest.tree import Element, Tree

_CREDIT = re.compile(
    r"(?i)(?:^|[\s(/|—–-])(?:(?:фото|ілюстрація|ілюстративне фото|джерело(?: фото)?|зображення"
    r"|photos?(?: by)?|images?|picture|credit|source|автор(?: фото)?|скриншот)"
    r"\s{0,3}[:：]\s{0,3}|(?<=[/|] )фото\s|©\s{0,3}|\(c\)\s{0,3})(.{2,120}?)[\s).]{0,3}$"
)
#: "Photo: the bridge (Agency)"
_ALL_IN_ONE = re.compile(r"(?i)(?:фото|photo)\s{0,3}:\s{0,3}([^()]{4,200})\(([^()]{2,80})\)\.?")
_NO_PHOTO = re.compile(
    r"(?i)(?:logo|default|placeholder|no-?image|no-?photo"
    r"|share[-_.]?(?:img|image|card)|og[-_](?:image|default)|sprite|avatar"
    r"|blank|1x1|favicon)[^/]{0,80}$"
)
_FILM = re.compile(r"(?i)^[^?#]{1,2000}\.mp4(?:[?#]|$)")
_SOURCES = ("data-src", "data-lazy-src", "data-original", "data-full", "src")


def picture_of(tree: Tree, data: LinkedData, around: Element, base: str) -> tuple[Picture, Whence] | None:
    """Return the picture that the article shows first, else the one that the page tells machines."""
    shown = _first_figure(around, base)
    told = _told(data.picture, base)
    og = web_address(base, tree.meta("og:image:secure_url", "og:image", "twitter:image"))
    if shown is not None and (shown.caption or shown.credit or told is None):
        return shown, Whence.TEXT
    if told is not None:
        same = shown is not None and _name(shown.url) == _name(told.url)
        return (told if not same or told.credit else Picture(told.url, told.caption, "")), Whence.LINKED_DATA
    if og and not _NO_PHOTO.search(og):
        return Picture(og), Whence.OPEN_GRAPH
    return None


def video_of(tree: Tree, around: Element, base: str) -> str:
    """Return the address of the MP4 with which the article begins; empty if a picture is shown before it, or none is.

    An address that the page tells machines counts only where the text shows nothing at all.
    """
    for each in around.all():
        if each.tag == "video":
            if found := next((url for inner in each.all() if (url := _film(inner, base))), ""):
                return found
        elif _source(each, base):
            return ""
    url = by_https(web_address(base, tree.meta("og:video:secure_url", "og:video:url", "og:video")))
    return url if _FILM.search(url) else ""


def _film(each: Element, base: str) -> str:
    if each.tag not in {"video", "source"}:
        return ""
    url = by_https(web_address(base, each.get("src") or each.get("data-src")))
    return url if _FILM.search(url) or (url and each.get("type").startswith("video/mp4")) else ""


def credited(caption: str) -> tuple[str, str]:
    """Return a caption without whoever made the picture, and these: "The bridge. Photo: A. B."."""
    caption = " ".join(caption.split())
    if whole := _ALL_IN_ONE.fullmatch(caption):
        return whole[1].strip(), whole[2].strip()
    found = _CREDIT.search(caption)
    if found is None:
        return caption, ""
    return caption[: found.start()].rstrip(" (/|—–-,;"), found[1].strip(" ().")


def _told(picture: Picture | None, base: str) -> Picture | None:
    url = web_address(base, picture.url) if picture is not None else ""
    if picture is None or not url or _NO_PHOTO.search(url):
        return None
    caption, credit = credited(picture.caption)
    return Picture(url, caption, picture.credit if picture.caption or picture.credit != "" else credit)


def _first_figure(around: Element, base: str) -> Picture | None:
    for each in around.all():
        if each.tag == "figure" or (each.tag in {"div", "p", "span"} and _is_captioned(each)):
            url = next((found for inner in each.all() if (found := _source(inner, base))), "")
            if url:
                return _captioned(each, url)
        elif each.tag == "img" and not _is_small(each) and (url := _source(each, base)):
            above = each.parent
            while above is not None and above.tag in {"a", "picture"}:
                above = above.parent
            return _captioned(above, url) if above is not None and _is_captioned(above) else Picture(url)
    return None


def _is_captioned(each: Element) -> bool:
    inner = [child for child in each.children if isinstance(child, Element)]
    return any(_is_caption(child) for child in inner) and any(child.tag in {"img", "picture", "a"} for child in inner)


def _names_somebody(each: Element) -> bool:
    return bool(each.words & {"credit", "credits", "copyright", "author", "source"})


def _is_caption(each: Element) -> bool:
    return each.tag == "figcaption" or bool(each.words & {"caption", "credit", "credits", "copyright", "signature"})


def _captioned(around: Element, url: str) -> Picture:
    captions = [each for each in around.all() if each is not around and (_is_caption(each) or _names_somebody(each))]
    outer = [each for each in captions if not any(each is not other and each.is_in(other) for other in captions)]
    named = next((each for each in captions if _names_somebody(each)), None)
    caption, credit = credited(" ".join(each.text() for each in outer if each is not named))
    if named is None:
        return Picture(url, caption, credit)
    # A part of the caption that its site marks as whoever made the picture.
    maker = named.text()
    return Picture(
        url, caption.removesuffix(maker).rstrip(" /|—–-"), credited(maker)[1] or maker.removeprefix("©").strip()
    )


def _source(each: Element, base: str) -> str:
    if each.tag not in {"img", "source"} or _is_small(each):
        return ""
    largest = _largest(each.get("data-srcset") or each.get("srcset"))
    found = next((each.get(name) for name in _SOURCES if each.get(name) and not each.get(name).startswith("data:")), "")
    url = web_address(base, found or largest)
    return "" if _NO_PHOTO.search(url) or url.endswith(".svg") else url


def _largest(srcset: str) -> str:
    sizes = [part.split() for part in srcset.split(", ") if part.split()]
    return max(sizes, key=_width)[0] if sizes else ""


def _width(part: list[str]) -> float:
    try:
        return float(part[1][:-1]) if len(part) > 1 else 0.0
    except ValueError:
        return 0.0


def _is_small(each: Element) -> bool:
    width = each.get("width").removesuffix("px")
    return width.isdigit() and int(width) < 200


def _name(url: str) -> str:
    return url.rpartition("/")[2].partition("?")[0]
