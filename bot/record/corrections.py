"""The page of corrections: what was corrected or taken back, for everybody with a browser, without any script."""

from __future__ import annotations

import base64
import hashlib
import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib import resources
from zoneinfo import ZoneInfo

from bot.record.entries import Act
from bot.texts import Words, text_id

ACTS: Mapping[Act, str] = {
    Act.CORRECTED: text_id("Correction"),
    Act.CLARIFIED: text_id("Clarification"),
    Act.RETRACTED: text_id("Retraction"),
    Act.RESTORED: text_id("Restoration"),
}
TITLE = text_id("Our corrections")
LEAD = text_id("What we corrected or took back after it was published, the newest first.")
NOTHING = text_id("We have corrected nothing so far.")
CHECK = text_id("Check a text")
FEED = text_id("The same as a feed")


@dataclass(frozen=True, slots=True)
class Told:
    """One correction. `code` opens the text on the verification page; `headline` and `language` are empty where the
    text was withdrawn.
    """

    act: Act
    at: datetime
    note: str
    code: str
    headline: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class CorrectionsPage:
    """Makes the page in each language of a newsroom; the one in the first language has the short name too."""

    words: Sequence[Words]
    name: str
    zone: ZoneInfo

    @property
    def paths(self) -> tuple[str, ...]:
        return ("corrections.html", *map(_path, self.words)) if self.words else ()

    def of(self, path: str, told: Sequence[Told]) -> str:
        words = next((each for each in self.words if _path(each) == path), self.words[0])
        style = _part("corrections.css")
        values = {
            "language": words.language,
            "style": style,
            "style_hash": base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
            "title": html.escape(words(TITLE)),
            "name": html.escape(self.name),
            "lead": html.escape(words(LEAD)),
            "languages": " ".join(map(_link, (each for each in self.words if each is not words))),
            "list": "\n".join(self._item(words, each) for each in told) or f"<p>{html.escape(words(NOTHING))}</p>",
            "check": html.escape(words(CHECK)),
            "feed": html.escape(words(FEED)),
        }
        text = _part("corrections.html")
        for key, value in values.items():
            text = text.replace("{{" + key + "}}", value)
        return text

    def _item(self, words: Words, told: Told) -> str:
        said = f' lang="{html.escape(told.language)}"' if told.language else ""
        headline = f'<a href="verify.html#{told.code}"{said}>{html.escape(told.headline)}</a>' if told.headline else ""
        when = f'<time datetime="{told.at.isoformat()}">{html.escape(words.date_time(told.at, self.zone))}</time>'
        return (
            f'<article id="{told.code}"><h2>{headline or html.escape(words(ACTS[told.act]))}</h2>'
            f'<p class="when">{html.escape(words(ACTS[told.act]))} · {when}</p>'
            f"<p{said}>{html.escape(told.note)}</p></article>"
        )


def _path(words: Words) -> str:
    return f"corrections.{words.language}.html"


def _link(words: Words) -> str:
    name = html.escape(words.own_name(words.language))
    return f'<a href="{_path(words)}" lang="{words.language}" hreflang="{words.language}">{name}</a>'


def _part(name: str) -> str:
    return (resources.files("bot.record") / "page" / name).read_text("utf-8")
