"""Finds where a page's article stands, and takes its paragraphs with their links and emphasis."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from urllib.parse import urljoin, urlsplit

from bot.domain.article import Paragraph, Run, plain
from bot.domain.clean import merge
from bot.ingest.furniture import is_also, is_junk
from bot.ingest.page import Teaser
from bot.ingest.teasers import LONGEST, is_heading_of_teasers, teaser_of
from bot.ingest.tree import Element

#: Elements that stand on lines of their own.
BLOCKS = frozenset(
    ("p", "div", "section", "article", "main", "ul", "ol", "li", "dl", "dt", "dd", "blockquote", "h1", "h2", "h3", "h4",
     "h5", "h6", "table", "thead", "tbody", "tr", "td", "th", "pre", "header", "center", "details", "summary",
     "address", "body", "fieldset", "form", "figure", "aside", "footer", "hr")
)  # fmt: skip
_HEADS = frozenset(("h2", "h3", "h4", "h5", "h6"))
#: Share of the good text that stands below an element for the search to go down into it.
_MOST_OF_IT = 0.72
#: Share from which a block is the story, whatever its site names it.
_TOO_MUCH = 0.45
#: Shortest line that counts when one looks for where the text stands.
_A_SENTENCE = 40
_TAB = re.compile(r"[^\S\n]+")
Measured = dict[int, int]


@dataclass(slots=True)
class Told:
    """The paragraphs of a story in their order, and the teasers that stood among them."""

    lines: list[Paragraph] = field(default_factory=list)
    teasers: list[Teaser] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    #: The standfirst, where it is kept apart from the text.
    standfirst: str = ""

    @property
    def length(self) -> int:
        return sum(len(plain(line)) for line in self.lines)


def good_text(root: Element) -> Measured:
    """Return how many characters of sentences stand in each element, by its identity; links and furniture not."""
    measured: Measured = {}
    order = list(root.all())
    for element in reversed(order):
        own = _own_text(element)
        inner = sum(
            measured[id(child)] for child in element.children if isinstance(child, Element) and child.tag in BLOCKS
        )
        measured[id(element)] = inner + (own if own >= _A_SENTENCE else 0)
    return measured


def _own_text(element: Element) -> int:
    """Return the length of the text that stands in an element itself, or in what is no block of its own."""
    if element.tag not in BLOCKS:
        return 0
    length = links = 0
    waiting: list[tuple[Element | str, bool]] = [(child, False) for child in element.children]
    while waiting:
        each, linked = waiting.pop()
        if isinstance(each, str):
            size = len(" ".join(each.split()))
            length, links = length + size, links + size * linked
        elif each.tag not in BLOCKS and each.tag not in {"img", "video", "picture"}:
            waiting.extend((child, linked or each.tag == "a") for child in each.children)
    return length if links * 2 < length else 0


def place_of(root: Element, near: Element | None) -> Element:
    """Return the smallest element in which nearly all of the story stands; `near`: its headline."""
    measured = good_text(root)
    for element in root.all():  # furniture counts nothing, unless it is nearly all there is
        if element is not root and is_junk(element) and measured[id(element)] < _TOO_MUCH * measured[id(root)]:
            _forget(element, measured)
    place = _marked(root, measured, near) or root
    while True:
        children = [child for child in place.children if isinstance(child, Element)]
        best = max(children, key=lambda each: measured.get(id(each), 0), default=None)
        if (
            best is None
            or best.tag in {"p", "blockquote", "li", "ul", "ol"}
            or measured[id(best)] < _MOST_OF_IT * measured[id(place)]
        ):
            return place
        place = best


def _forget(element: Element, measured: Measured) -> None:
    lost = measured[id(element)]
    if not lost:
        return
    for inner in element.all():
        measured[id(inner)] = 0
    above = element.parent
    while above is not None:
        if id(above) in measured:
            measured[id(above)] -= lost
        above = above.parent


def _marked(root: Element, measured: Measured, near: Element | None) -> Element | None:
    """Return the element that the page itself marks as the article's text, or as the article around the headline."""
    bodies = [each for each in root.all() if "articleBody" in each.get("itemprop").split() and measured[id(each)] > 200]
    if bodies:
        return max(bodies, key=lambda each: measured[id(each)])
    above = near.parent if near is not None else None
    while above is not None and above is not root:
        if above.tag in {"article", "main"} and measured[id(above)] > 200:
            return above
        above = above.parent
    articles = [each for each in root.all() if each.tag in {"article", "main"} and measured[id(each)] > 200]
    return articles[0] if len(articles) == 1 else None


def told(place: Element, base: str, heading: Element | None = None) -> Told:
    """Return the paragraphs in `place`; `base` is the page's address. Links to other articles are parted from them."""
    found = Told()
    _Walk(found, base, good_text(place)[id(place)], heading).through(place)
    return found


@dataclass(slots=True)
class _Walk:
    """One walk through the elements of a story."""

    found: Told
    base: str
    whole: int
    heading: Element | None
    line: list[Run] = field(default_factory=list)

    def through(self, place: Element) -> None:
        for child in place.children:
            self._each(child, Run(""))
        self._end()

    def _each(self, each: Element | str, look: Run) -> None:
        if isinstance(each, str):
            self.line.append(replace(look, text=_TAB.sub(" ", each.replace("\n", " ").replace("\r", " "))))
        elif each is self.heading:
            self._begin()
        elif each.tag in {"h1", "figure", "figcaption", "img", "video"}:
            pass
        elif self._is_furniture(each):
            self._teasers(each)
        elif each.tag == "br":
            self._end()
        elif each.tag in BLOCKS:
            self._block(each, look)
        else:
            for child in each.children:
                self._each(child, self._look(each, look))

    def _is_furniture(self, each: Element) -> bool:
        if not is_junk(each):
            return False
        return each.tag == "aside" or good_text(each)[id(each)] < _TOO_MUCH * max(self.whole, 1)

    def _block(self, each: Element, look: Run) -> None:
        self._end()
        inner = replace(look, quote=True) if each.tag == "blockquote" else look
        if each.tag in _HEADS:
            inner = replace(inner, bold=True)
        if each.tag == "li":
            self.line.append(Run("• "))
        if each.tag == "tr" and _is_row(each):
            self._row(each, inner)
        else:
            for child in each.children:
                self._each(child, inner)
        self._end()

    def _row(self, row: Element, look: Run) -> None:
        for number, cell in enumerate(child for child in row.children if isinstance(child, Element)):
            text = cell.text()
            self.line.append(replace(look, text=f" — {text}" if number and text else text))

    def _look(self, each: Element, look: Run) -> Run:
        if each.tag in {"b", "strong"}:
            return replace(look, bold=True)
        if each.tag in {"i", "em", "cite"}:
            return replace(look, italic=True)
        if each.tag in {"s", "del", "strike"}:
            return replace(look, struck=True)
        if each.tag == "a":
            return replace(look, link=web_address(self.base, each.get("href")))
        return look

    def _teasers(self, each: Element) -> None:
        self._end()
        if not is_also(each):
            return
        for inner in each.all():
            text = inner.text() if inner.tag == "a" else ""
            if text and len(text) <= LONGEST and len(text.split()) > 2:
                self.found.teasers.append(Teaser(text, web_address(self.base, inner.get("href"))))

    def _begin(self) -> None:
        """Leave out all that stood above the headline: it is the page's."""
        self._end()
        self.found.dropped += [plain(line) for line in self.found.lines]
        self.found.lines.clear()

    def _end(self) -> None:
        line = _tidied(self.line)
        self.line = []
        if not plain(line).strip(" •\u00a0"):
            return
        teaser = teaser_of(line)
        if teaser is None:
            self.found.lines.append(line)
            return
        if self.found.lines and is_heading_of_teasers(plain(self.found.lines[-1])):
            self.found.dropped.append(plain(self.found.lines.pop()))
        self.found.teasers.append(teaser)


def _is_row(row: Element) -> bool:
    """True for a row of a table of data; old sites lay their pages out with tables."""
    cells = [cell for cell in row.children if isinstance(cell, Element)]
    parts = [inner for cell in cells for inner in cell.all() if inner is not cell]
    is_short = max((len(cell.text()) for cell in cells), default=0) <= LONGEST
    return len(cells) > 1 and is_short and not any(inner.tag in BLOCKS for inner in parts)


def _tidied(runs: list[Run]) -> Paragraph:
    """Join the runs of a line: white space as a browser shows it, neighbours of one look as one run."""
    joined: list[Run] = []
    for run in runs:
        text = _TAB.sub(" ", run.text.replace("\u00ad", ""))
        if not joined or joined[-1].text.endswith(" "):
            text = text.lstrip(" ")
        if text:
            joined.append(_saying(run, text))
    if joined:
        joined[-1] = _saying(joined[-1], joined[-1].text.rstrip(" "))
    return tuple(run for run in merge(joined) if run.text)


def _saying(run: Run, text: str) -> Run:
    """Return the run with this text. Most are tidy already, and a new one costs as much as all the rest of tidying."""
    return run if run.text == text else replace(run, text=text)


def by_https(url: str) -> str:
    """Return the address with https: an article takes no other, and hardly a site is left that has none."""
    return urlsplit(url)._replace(scheme="https").geturl() if url else ""


def web_address(base: str, named: str) -> str:
    """Return where an address on the page at `base` leads; empty if that is no place of the web."""
    try:
        whole = urljoin(base, named.strip())
        parts = urlsplit(whole)
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https"} or not parts.hostname or named.strip()[:1] in {"", "#"}:
        return ""
    return "" if re.search(r"[\s<>\"]", whole) else whole
