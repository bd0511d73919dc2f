"""The article that readers read, as structure without any platform's markup, and its immutable versions."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class Platform(StrEnum):
    TELEGRAM = "telegram"
    VIBER = "viber"


class MediaKind(StrEnum):
    PHOTO = "photo"
    VIDEO = "video"


class Verification(StrEnum):
    """How far the newsroom has checked an article; readers see it in words."""

    CONFIRMED = "confirmed"
    SINGLE_SOURCE = "single_source"
    DEVELOPING = "developing"
    DENIAL = "denial"
    OPINION = "opinion"


@dataclass(frozen=True, slots=True)
class Address:
    """One chat or person on one platform: a decimal Telegram id (`-100…` for channels) or Viber's base64 id."""

    platform: Platform
    id: str

    def __str__(self) -> str:
        return f"{self.platform}:{self.id}"


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text with one formatting. `link` is an http(s) address or empty."""

    text: str
    bold: bool = False
    italic: bool = False
    link: str = ""


#: The runs of one paragraph; their texts contain no line break.
Paragraph = tuple[Run, ...]


def plain(runs: Iterable[Run]) -> str:
    """The bare characters of `runs`, joined."""
    return "".join(run.text for run in runs)


@dataclass(frozen=True, slots=True)
class Media:
    """One photo or video: an https `url`, or a file that one platform already holds (`file` on `platform`).

    `size` is in bytes, `duration` in seconds; None if unknown.
    """

    kind: MediaKind
    url: str = ""
    platform: Platform | None = None
    file: str = ""
    caption: str = ""
    credit: str = ""
    size: int | None = None
    duration: int | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """Somebody or something that an article relies on.

    `own`: the newsroom's own correspondent, who has no name here and is shown in the article's language.
    """

    name: str
    link: str = ""
    own: bool = False


@dataclass(frozen=True, slots=True)
class Related:
    """A teaser of another article; `video` if its headline was marked so."""

    headline: str
    lead: str = ""
    link: str = ""
    video: bool = False


@dataclass(frozen=True, slots=True)
class Article:
    """The content of an article. `language` is a two-letter code.

    `video`: the newsroom labelled the headline *Video*. `status` is None until somebody sets it. `note` is for the desk
    and never rendered for readers.
    """

    headline: str
    lead: str = ""
    body: tuple[Paragraph, ...] = ()
    media: Media | None = None
    sources: tuple[Source, ...] = ()
    link: str = ""
    topics: tuple[str, ...] = ()
    language: str = "uk"
    urgent: bool = False
    related: tuple[Related, ...] = ()
    video: bool = False
    status: Verification | None = None
    note: str = ""

    def to_json(self) -> str:
        """The canonical JSON that is hashed: sorted keys, no spaces, no escapes but JSON's own.

        Fields that came later than stored versions are left out while they are empty, so that old hashes stay valid.
        """
        data = asdict(self)
        for holder, names in ((data, ("status", "note")), *((source, ("own",)) for source in data["sources"])):
            for name in names:
                if not holder[name]:
                    del holder[name]
        return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Article:
        return cls._from_dict(json.loads(text))

    @classmethod
    def _from_dict(cls, data: dict[str, Any]) -> Article:
        media = data["media"]
        return cls(
            headline=data["headline"],
            lead=data["lead"],
            body=tuple(tuple(Run(**run) for run in paragraph) for paragraph in data["body"]),
            media=media and media_from_dict(media),
            sources=tuple(Source(**source) for source in data["sources"]),
            link=data["link"],
            topics=tuple(data["topics"]),
            language=data["language"],
            urgent=data["urgent"],
            related=tuple(Related(**item) for item in data["related"]),
            video=data["video"],
            status=Verification(data["status"]) if "status" in data else None,
            note=data.get("note", ""),
        )

    @property
    def sha256(self) -> str:
        """The SHA-256 of the canonical JSON, as 64 hexadecimal digits."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()


def media_from_dict(data: dict[str, Any]) -> Media:
    platform = data["platform"]
    return Media(
        **{**data, "kind": MediaKind(data["kind"]), "platform": Platform(platform) if platform is not None else None}
    )


@dataclass(frozen=True, slots=True)
class Version:
    """One immutable state of an article's content; `number` counts from 1 within the article."""

    article_id: int
    number: int
    article: Article
    sha256: str
    author: Address
    made_at: datetime
