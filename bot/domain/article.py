"""The article that readers read, as structure without any platform's markup, and its immutable versions."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.domain.change import After, ChangeKind, Mark, Standing, standing_of
from bot.domain.picture import Found, held_at
from bot.domain.stored import flat


class Platform(StrEnum):
    TELEGRAM = "telegram"
    VIBER = "viber"


class MediaKind(StrEnum):
    PHOTO = "photo"
    VIDEO = "video"
    #: A short film without sound that plays by itself, again and again.
    ANIMATION = "animation"


class Verification(StrEnum):
    """The degree to which the newsroom has checked an article; readers see it in words."""

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
    """A stretch of text with one formatting. `link` is an http(s) address or empty.

    `struck`: read as withdrawn; `spoiler`: hidden until it is touched; `quote`: somebody else's words, set apart.
    """

    text: str
    bold: bool = False
    italic: bool = False
    link: str = ""
    struck: bool = False
    spoiler: bool = False
    quote: bool = False
    underline: bool = False
    code: bool = False

    @property
    def says_more(self) -> bool:
        """True for formatting without which the text would tell something else; emphasis does not count."""
        return self.struck or self.spoiler or self.quote or self.underline or self.code


#: Formatting that came later than stored versions.
_LATER_LOOKS = ("struck", "spoiler", "quote", "underline", "code")
#: The runs of one paragraph; their texts contain no line break.
Paragraph = tuple[Run, ...]


def plain(runs: Iterable[Run]) -> str:
    """The bare characters of `runs`, joined."""
    return "".join(run.text for run in runs)


#: Kinds by the file ending of kept bytes. A GIF is kept as one only if it moves.
_KINDS = {"mp4": MediaKind.VIDEO, "gif": MediaKind.ANIMATION}


@dataclass(frozen=True, slots=True)
class Media:
    """One photo, video or animation: an https `url`, or a file that one platform already holds (`file` on `platform`).

    `size` is in bytes, `duration` in seconds; None if unknown. `borrowed`: the `url` is a platform's own, of a message
    that somebody sent us, and lives for an hour (docs/platforms/viber.md#media). `digest`: the SHA-256 of the bytes
    that stood at the `url` and are kept, which readers get whatever becomes of it; `form` is their file ending.
    `still`: the digest of the picture that is shown where an animation can't be.
    """

    kind: MediaKind
    url: str = ""
    platform: Platform | None = None
    file: str = ""
    caption: str = ""
    credit: str = ""
    size: int | None = None
    duration: int | None = None
    borrowed: bool = False
    digest: str = ""
    form: str = ""
    still: str = ""

    @property
    def place(self) -> str:
        """Return where the bytes can be had: an address, or for a photo what `held_at` makes; empty: nowhere."""
        is_held = self.kind is MediaKind.PHOTO and self.file and self.platform is Platform.TELEGRAM
        return self.url or (held_at(self.file) if is_held else "")

    @property
    def is_loose(self) -> bool:
        """True where only the address is known: another picture or video may stand there, or none."""
        return bool(self.url) and not self.digest

    @property
    def digests(self) -> tuple[str, ...]:
        """Return the digests of all kept bytes that readers may get of it."""
        return tuple(each for each in (self.digest, self.still) if each)

    def as_found(self, found: Found) -> Media:
        """Return it bound to kept bytes, and as what they are whatever its line called it."""
        kind = _KINDS.get(found.form, MediaKind.PHOTO)
        return replace(self, kind=kind, digest=found.digest, form=found.form, size=found.size, still=found.still)

    def as_before(self, before: Media) -> Media:
        """Return it bound to the bytes to which it was bound `before`."""
        kept = before
        return replace(self, kind=kept.kind, digest=kept.digest, form=kept.form, size=kept.size, still=kept.still)


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
class LeftOut:
    """A line of a copied page that is no part of the article. `after`: the paragraphs before it, headline included."""

    line: Paragraph
    after: int = 0

    @property
    def text(self) -> str:
        return plain(self.line)


@dataclass(frozen=True, slots=True)
class Origin:
    """The author and the date, as they stood on the page that an article was copied from, and what was left out."""

    author: str = ""
    date: str = ""
    left_out: tuple[LeftOut, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the fields for JSON, without what came later than stored versions while it is empty."""
        lines = [{**flat(each), "line": list(map(flat, each.line))} for each in self.left_out]
        return {"author": self.author, "date": self.date, **({"left_out": lines} if lines else {})}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Origin:
        lines = [LeftOut(_paragraph(each["line"]), each["after"]) for each in data.get("left_out", ())]
        return cls(data["author"], data["date"], tuple(lines))


@dataclass(frozen=True, slots=True)
class Earlier:
    """The article that another one follows up. Its headline and link are known once it was looked up."""

    number: int
    headline: str = ""
    link: str = ""
    is_retracted: bool = False
    is_checked: bool = False

    @property
    def said(self) -> Standing:
        """Return the standing of the earlier article by the line that readers see: none other is said than these."""
        if self.is_retracted:
            return Standing.RETRACTED
        return Standing.CHECKING if self.is_checked else Standing.SOUND


@dataclass(frozen=True, slots=True)
class Article:
    """The content of an article. `language` is a two-letter code.

    `marked_lead` is the lead with its formatting; empty if it has none, and whenever its text is not the lead's.
    `video`: the newsroom labelled the headline *Video*. `status` is None until somebody sets it. `note` is for the desk
    and never rendered for readers; neither is `origin`. `changes`: what was changed of it after it went out, the first
    first; readers see that in the post. `about`: the article that it follows up. `after`: what becomes of what is out
    when its time is over. `pin`: the minutes for which its post is pinned in channels; 0: it is not.
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
    marked_lead: Paragraph = ()
    origin: Origin | None = None
    changes: tuple[Mark, ...] = ()
    about: Earlier | None = None
    after: After | None = None
    pin: int = 0

    def __post_init__(self) -> None:
        if plain(self.marked_lead) != self.lead or all(run == Run(run.text) for run in self.marked_lead):
            object.__setattr__(self, "marked_lead", ())

    @property
    def left_out(self) -> tuple[LeftOut, ...]:
        """Return the lines of the page that are no part of the article."""
        return self.origin.left_out if self.origin is not None else ()

    @property
    def opening(self) -> Paragraph:
        """The lead as a paragraph with its formatting; empty if there is no lead."""
        return self.marked_lead or ((Run(self.lead),) if self.lead else ())

    @property
    def standing(self) -> Standing:
        """Return what its changes have made of it."""
        return standing_of(self.changes)

    @property
    def is_retracted(self) -> bool:
        """True if it was taken back."""
        return self.standing is Standing.RETRACTED

    @property
    def is_withdrawn(self) -> bool:
        """True if readers see a stub in its place."""
        return self.standing in (Standing.RETRACTED, Standing.EXPIRED)

    def to_json(self) -> str:
        """The canonical JSON that is hashed: sorted keys, no spaces, no escapes but JSON's own.

        Fields that came later than stored versions are left out while they are empty, so that old hashes stay valid.
        """
        data = flat(self) | {
            "body": [list(map(flat, paragraph)) for paragraph in self.body],
            "marked_lead": list(map(flat, self.marked_lead)),
            "media": self.media and flat(self.media),
            "origin": self.origin and self.origin.to_dict(),
            "sources": list(map(flat, self.sources)),
            "related": list(map(flat, self.related)),
            "changes": list(map(flat, self.changes)),
            "about": self.about and flat(self.about),
        }
        left_out = [each["line"] for each in (data["origin"] or {}).get("left_out", ())]
        runs = [run for paragraph in (*data["body"], data["marked_lead"], *left_out) for run in paragraph]
        later = (
            *(((data["media"], ("borrowed", "digest", "form", "still")),) if data["media"] else ()),
            *(((data["about"], ("is_checked",)),) if data["about"] else ()),
            (data, ("status", "note", "marked_lead", "origin", "changes", "about", "after", "pin")),
            *((source, ("own",)) for source in data["sources"]),
            *((run, _LATER_LOOKS) for run in runs),
        )
        for holder, names in later:
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
            body=tuple(_paragraph(paragraph) for paragraph in data["body"]),
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
            marked_lead=_paragraph(data.get("marked_lead", ())),
            origin=Origin.from_dict(data["origin"]) if data.get("origin") else None,
            changes=tuple([Mark(**{**each, "kind": ChangeKind(each["kind"])}) for each in data.get("changes", ())]),
            about=Earlier(**data["about"]) if data.get("about") else None,
            after=After(data["after"]) if data.get("after") else None,
            pin=data.get("pin", 0),
        )

    @property
    def sha256(self) -> str:
        """The SHA-256 of the canonical JSON, as 64 hexadecimal digits."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()


def _paragraph(runs: Iterable[dict[str, Any]]) -> Paragraph:
    return tuple(Run(**run) for run in runs)


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
