"""Links that show one address and open another, and addresses that are written to look like others."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.domain.article import Article, plain
from bot.domain.clean import script
from bot.domain.legible import looks_latin

#: An address or a host in words: `https://bank.ua/x`, `bank.ua`.
_SHOWN = re.compile(r"(?:[a-z][a-z0-9+.-]*://)?((?:[\w-]+\.)+[^\W\d_]{2,})(?![\w@])", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://[^\s<>()«»\"]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Deceit:
    """Words that show the address of another host than `host`, the one that they open."""

    words: str
    host: str


def deceits(article: Article) -> tuple[Deceit, ...]:
    """The links whose words show another host, each once: of the text, the sources and the teasers."""
    found = [Deceit(words, host_of(link)) for words, link in _links(article) if link and _shows_another(words, link)]
    return tuple(dict.fromkeys(found))


def odd_hosts(article: Article) -> tuple[str, ...]:
    """The hosts, linked or written out, with letters of two alphabets, look-alikes of another one, or in code."""
    media = article.media
    texts = [*(words for words, _ in _links(article)), article.headline, article.note]
    texts += [media.caption, media.credit] if media is not None else []
    addresses = [*(link for _, link in _links(article)), article.link, media.url if media is not None else ""]
    addresses += [address for text in texts for address in _ADDRESS.findall(text)]
    shown = [found[1] for text in texts for found in _SHOWN.finditer(text)]
    hosts = dict.fromkeys([*map(host_of, addresses), *map(str.casefold, shown)])
    return tuple(host for host in hosts if is_odd(host))


def host_of(link: str) -> str:
    """The host of an address, in small letters; empty if there is none."""
    try:
        return (urlsplit(link).hostname or "").casefold()
    except ValueError:
        return ""


def is_odd(host: str) -> bool:
    """True for `xn--…`, for two alphabets in one label, and for a foreign label under an ending in Latin letters."""
    labels = host.split(".")
    ending_is_latin = labels[-1].isascii()
    for label in labels:
        scripts = {script(char) for char in label} - {""}
        disguised = ending_is_latin and not label.isascii() and looks_latin(label)
        if label.startswith("xn--") or len(scripts) > 1 or disguised:
            return True
    return False


def _links(article: Article) -> Iterator[tuple[str, str]]:
    for paragraph in (article.opening, *article.body):
        for run in paragraph:
            yield run.text, run.link
        yield plain(paragraph), ""
    for source in article.sources:
        yield source.name, source.link
    for item in article.related:
        yield item.headline, item.link


def _shows_another(words: str, link: str) -> bool:
    real = _bare(host_of(link))
    shown = [_bare(found[1].casefold()) for found in _SHOWN.finditer(words)]
    return any(not (real == host or real.endswith(f".{host}")) for host in shown)


def _bare(host: str) -> str:
    return host.removeprefix("www.")
