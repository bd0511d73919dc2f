"""The content of a Telegram message: its text with the formatting, its file, its link preview."""

import base64
import mimetypes
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.telegram_text import Entity, to_wire

JSON = dict[str, Any]

#: A real picture of one grey pixel, as which every photo downloads unless its bytes are known.
SMALL_JPEG = base64.b64decode(
    "/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////////////////////////////"
    "////////////wAALCAABAAEBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAA//EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AN//Z"
)

_PHOTO_SIZES = ((90, 51), (320, 180), (1280, 720))


@dataclass(eq=False, slots=True)
class Media:
    """A photo, video or other file. `url` is where it came from, `content` its bytes when we have them."""

    kind: str
    unique: str
    url: str = ""
    content: bytes = b""
    size: int = 0
    duration: int = 0
    name: str = ""

    @property
    def shown(self) -> str:
        return self.url or f"file:{self.unique}"

    def wire(self, file_id: "FileId") -> JSON:
        if self.kind == "photo":
            return {"photo": [self._photo_size(file_id, size) for size in range(len(_PHOTO_SIZES))]}
        wire: JSON = {
            "file_id": file_id(self, 0),
            "file_unique_id": f"{self.unique}v",
            "file_size": self.size or len(self.content),
        }
        if self.kind in ("video", "animation"):
            wire |= {"width": 1280, "height": 720, "duration": self.duration, "mime_type": "video/mp4"}
        if self.name:
            wire["file_name"] = self.name
        if self.kind == "document":
            wire["mime_type"] = mimetypes.guess_type(self.name)[0] or "application/octet-stream"
        return {self.kind: wire}

    def _photo_size(self, file_id: "FileId", size: int) -> JSON:
        width, height = _PHOTO_SIZES[size]
        return {
            "file_id": file_id(self, size),
            "file_unique_id": f"{self.unique}p{size}",
            "width": width,
            "height": height,
            "file_size": len(self.content) or len(SMALL_JPEG),
        }


#: Gives one bot's own name of a file in one of its sizes.
FileId = Callable[[Media, int], str]


@dataclass(frozen=True, slots=True)
class Content:
    """`text` is the caption where there is media; `raw` is what the sender wrote, markup included."""

    text: str = ""
    entities: list[Entity] = field(default_factory=list)
    media: Media | None = None
    preview: JSON | None = None
    raw: str = field(default="", compare=False)

    @property
    def photo(self) -> str:
        return self.media.shown if self.media is not None and self.media.kind == "photo" else ""

    @property
    def video(self) -> str:
        """A film, or an animation, which plays by itself."""
        return self.media.shown if self.media is not None and self.media.kind in ("video", "animation") else ""

    @property
    def preview_url(self) -> str:
        """The address whose preview stands below the text; "" for none."""
        options = self.preview or {}
        if self.media or options.get("is_disabled"):
            return ""
        if options.get("url"):
            return str(options["url"])
        return next((e.url for e in self.entities if e.kind in ("url", "text_link")), "")

    def wire(self, file_id: FileId) -> JSON:
        entities = to_wire(self.text, self.entities) if self.entities else []
        if self.media is None:
            return {"text": self.text} | ({"entities": entities} if entities else {})
        wire = self.media.wire(file_id)
        if self.text:
            wire["caption"] = self.text
        if entities:
            wire["caption_entities"] = entities
        return wire
