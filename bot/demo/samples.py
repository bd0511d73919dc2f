"""Articles to try, as an editor has them: our own texts and pictures, in Ukrainian and English."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from importlib import resources
from importlib.resources.abc import Traversable

from bot.sandbox.page import Sample

#: Name of the text's file without its ending, language, title on the page.
SAMPLES = (
    ("trolleybus", "uk", "Тролейбус"),
    ("bridge", "uk", "Міст, з фото"),
    ("storm", "uk", "Шторм, терміново"),
    ("ferry", "en", "Ferry, with photo"),
    ("stork", "en", "Storks, video"),
)


def folder() -> Traversable:
    return resources.files("bot.demo") / "articles"


def samples() -> list[Sample]:
    return [Sample(key, title, language, text_of(key), _picture(key)) for key, language, title in SAMPLES]


def text_of(key: str) -> str:
    return (folder() / f"{key}.txt").read_text("utf-8").strip()


def films() -> Mapping[str, bytes]:
    """Return the video of a sample by the address that its article names: whole, and without anything to be seen."""
    return {"https://media.example.org/storks.mp4": (folder() / "storks.mp4").read_bytes()}


def posters() -> Mapping[str, bytes]:
    """Return the picture that the page shows in place of a video, by the digest of the video."""
    film = (folder() / "storks.mp4").read_bytes()
    return {hashlib.sha256(film).hexdigest(): (folder() / "storks.jpg").read_bytes()}


def _picture(key: str) -> bytes | None:
    file = folder() / f"{key}.jpg"
    return file.read_bytes() if file.is_file() else None
