"""Remarks about a pasted text: what is noticed in it, and what of its formatting an article has no place for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.article import Article, Run, plain
from bot.domain.parse.pasted import Pasted

_STRUCK = "Struck-out words would read as normal text: “{text}”"
_HIDDEN = "Hidden words would be open to everybody: “{text}”"
_UNFORMATTED = "Formatting is left out: “{text}”"
_LINK = "The link under “{text}” is left out: {link}"
_PERSON = "The link to a person is left out: “{text}”"
_EMOJI = "Telegram's own emoji is shown as an ordinary one: {text}"
_DATE = "A date that follows the reader's clock becomes plain text: “{text}”"
#: Stretches that a notice names; more fit no line of a card.
NAMED = 50
_AN_ADDRESS = ("", "https://", "http://")


@dataclass(frozen=True, slots=True)
class Notice:
    """A remark about a text, for the desk: `text` is an English message id, `values` fill its `{named}` places.

    Several lines of the text are quoted each for itself, in the marks of whoever reads them.
    """

    text: str
    values: Mapping[str, str | int | tuple[str, ...]]


def losses(pasted: Pasted, article: Article, left_out: Collection[str] = ()) -> list[Notice]:
    """Return the formatting of `pasted` that is not in `article`. `left_out`: the lines that are told of already."""
    told_of = set(left_out)
    said = [run for line in pasted.lines if plain(line) not in told_of for run in line]
    kept = [run for paragraph in (article.opening, *article.body) for run in paragraph]
    struck = _lost([run.text for run in said if run.struck], [run.text for run in kept if run.struck])
    hidden = _lost([run.text for run in said if run.spoiler], [run.text for run in kept if run.spoiler])
    others = [
        text
        for one, other in (
            ([run.text for run in said if run.quote], [run.text for run in kept if run.quote]),
            ([run.text for run in said if run.underline], [run.text for run in kept if run.underline]),
            ([run.text for run in said if run.code], [run.text for run in kept if run.code]),
        )
        for text in _lost(one, other)
    ]
    found = [
        Notice(_STRUCK, {"text": ", ".join(struck)}),
        Notice(_HIDDEN, {"text": ", ".join(hidden)}),
        Notice(_UNFORMATTED, {"text": ", ".join(dict.fromkeys(others))}),
    ]
    told = [notice for notice in found if notice.values["text"]]
    return [*told, *_links(said, kept, article), *_formless(pasted.formless)]


def _lost(said: Iterable[str], kept: Sequence[str]) -> list[str]:
    """Return what is in none of `kept`. Both are in the text's order, so that each is mostly found right ahead."""
    known, whole, at = set(kept), "\n".join(kept), 0
    lost: list[str] = []
    for text in said:
        if text in known:
            continue
        found = whole.find(text, at)
        if found < 0:
            found = whole.find(text)
        if found >= 0:
            at = found
        elif len(lost) == NAMED:
            break
        else:
            lost.append(text)
    return lost


def _links(said: Iterable[Run], kept: Iterable[Run], article: Article) -> list[Notice]:
    links = {run.link for run in kept} | {source.link for source in article.sources}
    links |= {item.link for item in article.related} | {article.link, ""}
    lost = {run.link: run.text for run in said if run.link not in links and not _shows(run)}
    return [Notice(_LINK, {"text": text, "link": link}) for link, text in lost.items()]


def _shows(run: Run) -> bool:
    """True if the words are the address themselves."""
    return any(run.link.rstrip("/") == f"{scheme}{run.text.strip()}".rstrip("/") for scheme in _AN_ADDRESS)


def _formless(runs: Iterable[Run]) -> list[Notice]:
    found: dict[str, list[str]] = {}
    for run in runs:
        found.setdefault(run.link, []).append(run.text)
    return [_without_form(link, ", ".join(texts)) for link, texts in found.items()]


def _without_form(link: str, text: str) -> Notice:
    """`link`: what the adapter put under text whose formatting an article has no form for."""
    match link:
        case "tg://user":
            return Notice(_PERSON, {"text": text})
        case "tg://emoji":
            return Notice(_EMOJI, {"text": text})
        case "tg://time":
            return Notice(_DATE, {"text": text})
        case _:
            return Notice(_LINK, {"text": text, "link": link})
