"""Weighs a page's headings, its data for machines and its title against each other for the headline."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rapidfuzz import fuzz

from bot.ingest.linked_data import LinkedData
from bot.ingest.page import Whence
from bot.ingest.tree import Element, Tree

_PARTS = re.compile(r"\s+[|•·—–\-/»:]+\s+|\s*[|»]\s*")
#: Likeness, of 100, from which two spellings are of one headline.
_ALIKE = 70
_SHORTEST = 12
#: Headings that are looked at.
_MOST = 40
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class Headline:
    text: str
    origin: Whence
    element: Element | None = None


def headline_of(tree: Tree, data: LinkedData) -> Headline | None:
    """Return the headline: what readers see as one, confirmed by what the page tells machines.

    A heading that is only the site's name, or of a block beside the article, is like none of these.
    """
    said = [text for text in (data.headline, tree.meta("og:title", "twitter:title"), tree.title) if text]
    headings = [(each, each.text()) for each in tree.body.all() if each.tag in {"h1", "h2"} or _is_headline(each)]
    headings = [(each, text) for each, text in headings if _SHORTEST <= len(text) <= _LONGEST]
    if headings:
        rated = [(pair, max((_likeness(pair[1], other) for other in said), default=0.0)) for pair in headings[:_MOST]]
        best, likeness = max(rated, key=lambda each: (each[1] >= _ALIKE, each[0][0].tag != "h2", each[1]))
        if likeness >= _ALIKE or not said or _is_the_only_one(best, headings, said):
            return Headline(_tidied(best[1]), Whence.HEADING, best[0])
    return _from_machines(tree, data, headings)


def _is_the_only_one(heading: tuple[Element, str], headings: list[tuple[Element, str]], said: list[str]) -> bool:
    """True for a page's one h1 that speaks of the same as what machines are told, in other words."""
    stems = {word[:5] for word in re.findall(r"\w{4,}", heading[1].casefold())}
    told = {word[:5] for text in said for word in re.findall(r"\w{4,}", text.casefold())}
    return heading[0].tag == "h1" and sum(each.tag == "h1" for each, _ in headings) == 1 and len(stems & told) >= 2


def _from_machines(tree: Tree, data: LinkedData, headings: list[tuple[Element, str]]) -> Headline | None:
    site = tree.meta("og:site_name") or data.publisher
    for text, origin in (
        (data.headline, Whence.LINKED_DATA),
        (tree.meta("og:title", "twitter:title"), Whence.OPEN_GRAPH),
        (tree.title, Whence.TITLE),
    ):
        bare = without_site(text, site)
        if len(bare) >= _SHORTEST and bare.casefold() != site.casefold() and not bare.endswith(("…", "...")):
            return Headline(_tidied(bare), origin)
    only = next(iter(headings), None)
    return Headline(_tidied(only[1]), Whence.HEADING, only[0]) if only else None


def without_site(title: str, site: str) -> str:
    """Return a title without the site's name, and the rubrics, after it."""
    title = " ".join(title.split())
    if site and title.casefold().endswith(site.casefold()):
        bare = title[: -len(site)].rstrip(" |•·—–-/»:")
        title = bare or title
    first, *rest = _PARTS.split(title, maxsplit=1)
    is_tail = rest and len(first) >= 25 and len(rest[0]) <= len(first) and len(rest[0].split()) <= 4
    separator = title[len(first) :].lstrip()[:1]
    return first if is_tail and separator in "|•·»" else title


def _is_headline(each: Element) -> bool:
    return each.tag in {"h2", "div", "span", "p"} and "headline" in each.get("itemprop").split()


def _likeness(one: str, other: str) -> float:
    one, other = one.casefold(), other.casefold()
    if len(one) > 20 and (other.startswith(one[:-3]) or (one.startswith(other.rstrip("….")[:110]) and len(other) > 20)):
        return 100.0
    return max(fuzz.ratio(one, other), fuzz.token_set_ratio(one, other))


def _tidied(text: str) -> str:
    return " ".join(text.replace("\u00ad", "").split())
