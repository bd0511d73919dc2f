"""The texts under which readers hold an article: as it was written, and as each outlet showed it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from bot.domain.article import Article, plain
from bot.domain.genuine.grams import grams_of
from bot.domain.genuine.links import address_of
from bot.domain.genuine.tokens import Text, read
from bot.domain.outlet import Labels, Press

#: The name of the article itself among outlets.
FULL = "full"


@dataclass(frozen=True, slots=True)
class Rendition:
    """The visible text of a version in one outlet.

    `furniture`: the newsroom's own lines around it, which nobody need copy. `links`: its addresses, as compared.
    """

    outlet: str
    text: str
    furniture: tuple[str, ...] = ()
    links: tuple[str, ...] = ()

    def read(self) -> Text:
        """Return the text as it is compared."""
        return _seen(self.text, self.furniture)

    def tails(self) -> Sequence[Sequence[str]]:
        """Return the furniture by the keys of its words."""
        return _tails(self.furniture)


# Most questions are about the same few articles, and a text that goes out is read for its imprint and its own lines.
@lru_cache(256)
def _seen(text: str, furniture: tuple[str, ...]) -> Text:
    return read(text).without_tail(_tails(furniture))


@lru_cache(256)
def _tails(furniture: tuple[str, ...]) -> Sequence[Sequence[str]]:
    return [read(line).keys for line in furniture]


@dataclass(frozen=True, slots=True)
class Imprint:
    """The texts under which readers hold an article, each once, and the fingerprints by which they are found."""

    renditions: tuple[Rendition, ...]
    grams: frozenset[int]


def imprint_of(article: Article, press: Press, posts: Mapping[str, Iterable[str]], check: str = "") -> Imprint:
    """Return what readers may hold of an article. `posts`: the visible texts by outlet; `check`: the address of the
    public record under them.
    """
    language = article.language if article.language in press.labels else press.default
    labels = press.labels[language]
    around = [*_furniture(article, press, labels), labels.verify if check else ""]
    lines = (line.strip() for text in around for line in text.splitlines())
    furniture = tuple(dict.fromkeys(filter(None, lines)))
    links = tuple(sorted({address_of(link) for link in (*_links(article, press), check) if link}))
    texts = {_full(article, labels): FULL}
    for outlet, several in posts.items():
        for text in several:
            texts.setdefault(text, outlet)
    found: dict[tuple[object, ...], tuple[Rendition, Text]] = {}
    for text, outlet in texts.items():
        rendition = Rendition(outlet, text, furniture, links)
        seen = rendition.read()
        found.setdefault((tuple(seen.keys), seen.gaps), (rendition, seen))
    own = [address_of(article.link)] if article.link else []
    return Imprint(_named([each for each, _ in found.values()]), grams_of([seen for _, seen in found.values()], own))


def _named(renditions: Sequence[Rendition]) -> tuple[Rendition, ...]:
    """Give several texts of one outlet names of their own."""
    count: Counter[str] = Counter()
    named: list[Rendition] = []
    for each in renditions:
        count[each.outlet] += 1
        number = count[each.outlet]
        named.append(each if number == 1 else replace(each, outlet=f"{each.outlet}-{number}"))
    return tuple(named)


def _full(article: Article, labels: Labels) -> str:
    """Return the whole article. How far it is checked and who says so belong to it."""
    media = article.media
    sources = ", ".join(filter(None, (labels.name(source) or source.link for source in article.sources)))
    credit = f"{labels.photo}: {media.credit}" if media is not None and media.credit else ""
    title = f"{article.headline}\n{labels.status(article)}".strip()
    parts = [title, article.lead, *(plain(each) for each in article.body), media.caption if media else "", credit]
    return "\n\n".join(filter(None, [*parts, f"{labels.source}: {sources}" if sources else ""]))


def _furniture(article: Article, press: Press, labels: Labels) -> Iterable[str]:
    for masthead in press.mastheads.values():
        yield from (masthead.signature, "Telegram", "Viber", "Telegram Viber")
    yield from (labels.read_more, labels.related)
    for item in article.related:
        yield from (item.headline, f"{item.headline}. {labels.video}")


def _links(article: Article, press: Press) -> Iterable[str]:
    yield article.link
    yield from (source.link for source in article.sources)
    yield from (item.link for item in article.related)
    yield from (run.link for paragraph in (article.opening, *article.body) for run in paragraph)
    if article.media is not None:
        yield article.media.url
    for masthead in press.mastheads.values():
        yield from (masthead.site, masthead.telegram, masthead.viber)
    texts = [article.headline, article.lead, *(plain(each) for each in article.body)]
    yield from (link for text in texts for link in read(text).links)
