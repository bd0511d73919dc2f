"""A sheet: all that was taken of a text or a page, for machines, and as lines for people at a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from bot.domain.article import Article, plain
from bot.domain.parse import Notice, Parsed

Value = str | list[str] | dict[str, str] | None


def sheet_of(parsed: Parsed, **more: Value) -> dict[str, Value]:
    """Return what was taken, under the names that outsiders rely on; `more` follows."""
    article = parsed.article
    return {
        "headline": article.headline,
        "lead": article.lead,
        "body": [plain(paragraph) for paragraph in article.body],
        "related": [each.headline for each in article.related],
        "dropped": dropped_of(parsed),
        "language": article.language,
        "link": article.link,
        "topics": list(article.topics),
        "sources": [source.name or source.link for source in article.sources],
        "status": article.status.value if article.status is not None else "",
        "notices": [sentence(notice) for notice in parsed.notices],
        **more,
    }


def dropped_of(parsed: Parsed) -> list[str]:
    """Return the lines that were left out, and the signs that were read."""
    return [*(each.text for each in parsed.dropped), *parsed.marks]


def sentence(notice: Notice) -> str:
    values = {name: _listed(value) if isinstance(value, tuple) else value for name, value in notice.values.items()}
    return notice.text.format_map(values)


def _listed(lines: tuple[str, ...]) -> str:
    return ", ".join(f"“{line}”" for line in lines)


def picture_of(article: Article) -> dict[str, str]:
    media = article.media
    return {"url": media.url, "caption": media.caption, "credit": media.credit} if media is not None else {}


def day(at: datetime | None) -> str:
    return at.isoformat() if at is not None else ""


def lines_of(sheet: Mapping[str, Value]) -> Iterator[str]:
    """Return a sheet as lines for people; what is empty is left out."""
    for name, value in sheet.items():
        if isinstance(value, list):
            yield from (f"{name}: {each}" for each in value)
        elif isinstance(value, dict):
            yield from (f"{name} {inner}: {each}" for inner, each in value.items() if each)
        elif value:
            yield f"{name}: {value}"
