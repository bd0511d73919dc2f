"""A page as a light tree of elements, made once; what a browser doesn't show is not in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

#: Elements without text for readers.
_UNSEEN = frozenset(
    ("style", "noscript", "template", "svg", "iframe", "object", "canvas", "select", "button", "input", "textarea",
     "nav", "dialog", "math", "audio", "map", "head")
)  # fmt: skip
#: Deeper elements are taken as if they stood here: no page that people write is as deep.
_DEEPEST = 120
#: Elements of one page at the most.
_MOST = 60_000
_HIDING = re.compile(r"(?i)display\s{0,4}:\s{0,4}none|visibility\s{0,4}:\s{0,4}hidden")
#: Classes of what is read aloud but not shown.
_HIDDEN = re.compile(r"(?i)visually-?hidden|sr-only|screen-reader")
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|\w")


@dataclass(slots=True, eq=False)
class Element:
    """An element and what it holds; `words` are those of its class and id: "post__read-also" is {post, read, also}."""

    tag: str
    attributes: dict[str, str]
    parent: Element | None = None
    children: list[Element | str] = field(default_factory=list)
    words: frozenset[str] = frozenset()

    def get(self, name: str) -> str:
        return self.attributes.get(name, "")

    def all(self) -> Iterator[Element]:
        """Return this element and those in it, in the page's order."""
        waiting: list[Element | str] = [self]
        while waiting:
            each = waiting.pop()
            if isinstance(each, Element):
                yield each
                waiting.extend(reversed(each.children))

    def text(self, most: int = 10**9) -> str:
        """Return the text in it on one line; empty if it has more than `most` parts."""
        found: list[str] = []
        waiting: list[Element | str] = [self]
        while waiting:
            if len(found) + len(waiting) > most:
                return ""
            each = waiting.pop()
            if isinstance(each, str):
                found.append(each)
            else:
                found.append(" " if each.tag in _APART else "")
                waiting.extend(reversed(each.children))
        return " ".join("".join(found).split())

    def is_in(self, other: Element) -> bool:
        each: Element | None = self
        while each is not None:
            if each is other:
                return True
            each = each.parent
        return False


_APART = frozenset(
    ("br", "p", "div", "li", "td", "h1", "h2", "h3", "h4", "figcaption", "section", "ul", "blockquote", "tr")
)


@dataclass(frozen=True, slots=True)
class Tree:
    """`metas`: the contents by name or property, in lower case; `scripts`: their types and texts."""

    body: Element
    title: str
    language: str
    metas: dict[str, list[str]]
    links: dict[str, str]
    scripts: list[tuple[str, str]]

    def meta(self, *names: str) -> str:
        """Return the first of these that the page names."""
        return next((self.metas[name][0] for name in names if self.metas.get(name)), "")


def tree_of(html: str) -> Tree:
    parser = LexborHTMLParser(html)
    title = parser.css_first("title")
    root = parser.root
    return Tree(
        body=_copied(parser.body) if parser.body is not None else Element("body", {}),
        title=" ".join(title.text().split()) if title is not None else "",
        language=(root.attributes.get("lang") or "") if root is not None else "",
        metas=_metas(parser),
        links=_links(parser),
        scripts=[(each.attributes.get("type") or "", each.text()) for each in parser.css("script")],
    )


def _metas(parser: LexborHTMLParser) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for each in parser.css("meta"):
        held = each.attributes
        name = (held.get("property") or held.get("name") or held.get("itemprop") or "").strip().casefold()
        value = " ".join((held.get("content") or "").split())
        if name and value:
            found.setdefault(name, []).append(value)
    return found


def _links(parser: LexborHTMLParser) -> dict[str, str]:
    found: dict[str, str] = {}
    for each in parser.css("link[rel][href]"):
        for relation in (each.attributes.get("rel") or "").casefold().split():
            found.setdefault(relation, each.attributes.get("href") or "")
    return found


def _copied(top: LexborNode) -> Element:
    root = _element(top, None)
    waiting: list[tuple[LexborNode, Element, int]] = [(top, root, 0)]
    made = 0
    while waiting and made < _MOST:
        node, into, depth = waiting.pop()
        inner = _children(node, into)
        made += len(inner)
        # In the page's order: what is too much is missing at its end.
        deeper = depth < _DEEPEST
        waiting += [(child, element if deeper else into, depth + deeper) for child, element in reversed(inner)]
    return root


def _children(node: LexborNode, into: Element) -> list[tuple[LexborNode, Element]]:
    """Add to `into` what stands in the node, and return the elements of it."""
    found: list[tuple[LexborNode, Element]] = []
    child = node.child
    while child is not None:
        if child.is_text_node:
            into.children.append(child.text_content or "")
        elif child.is_element_node and not _is_unseen(child):
            found.append((child, _element(child, into)))
            into.children.append(found[-1][1])
        child = child.next
    return found


def _element(node: LexborNode, parent: Element | None) -> Element:
    held = {name: value or "" for name, value in node.attributes.items()}
    words = _WORD.findall(f"{held.get('class', '')} {held.get('id', '')}"[:400])
    return Element(node.tag or "", held, parent, words=frozenset(word.casefold() for word in words))


def _is_unseen(node: LexborNode) -> bool:
    tag = node.tag or ""
    if tag in _UNSEEN or tag == "script":
        return True
    held = node.attributes
    is_hidden = "hidden" in held or held.get("aria-hidden") == "true" or bool(_HIDING.search(held.get("style") or ""))
    return is_hidden or bool(_HIDDEN.search(held.get("class") or ""))
