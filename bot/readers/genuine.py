"""Is this really ours: a text, a link or a forwarded post beside everything that was published."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from bot.domain import Channel, Forward, Platform
from bot.domain.clean import one_line
from bot.domain.finding import ranked, stems_of, words_in
from bot.domain.genuine import (
    LEAST,
    NOT_OURS,
    Judged,
    Rendition,
    Text,
    Verdict,
    address_of,
    asked_of,
    foreign_links,
    found_by,
    judge,
    link_gram,
    read,
)
from bot.domain.official import own
from bot.newsroom.newsroom import Newsroom
from bot.readers.lookalikes import account_of
from bot.readers.wishes import Wish, wish_of
from bot.storage import Queries
from bot.storage.renditions import Printed

#: Articles that a text is compared with, and that a short one is: it may stand in several.
COMPARED, COMPARED_SHORT = 3, 8
#: Words below which a text says little.
SHORT = 12
#: Words of a text by which an article that was retold is looked for, and how many articles are read for each.
STEMS, DEEP = 16, 200
#: What apps put before a message that is copied: the name of the chat, and when it came.
_HEADERS = (
    re.compile(r"\s*(?P<name>[^\n\[\]]{1,128}?),? \[\d[^\]\n]{5,40}\]:?\s*"),
    re.compile(r"\s*\[[^\]\n]{5,40}\] ?(?P<name>[^\n:]{1,128}):\s*"),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """Something to be compared. `links` are the addresses under its words, `posted` the article and version that the
    platform itself proves it to be a post of.
    """

    text: str
    links: tuple[str, ...] = ()
    posted: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """The answer. `article` is 0 if it is none of ours, `foreign` the addresses that are not ours.

    `several`: so short a piece stands in more than one article. `cut`: only the beginning was compared.
    """

    verdict: Verdict
    judged: Judged
    article: int = 0
    version: int = 0
    foreign: tuple[str, ...] = ()
    words: int = 0
    several: bool = False
    cut: bool = False


def channel_of(house: Newsroom, forward: Forward) -> Channel | None:
    """Return our channel that a post was forwarded from, by what the platform tells; a name proves nothing."""
    if own(house.accounts, account_of(forward)) is None:
        return None
    known = {forward.chat, f"@{forward.username}".casefold()} - {"", "@"}
    telegram = (each for each in house.channels.values() if each.platform is Platform.TELEGRAM)
    return next((channel for channel in telegram if channel.chat.casefold() in known), None)


async def find(read_side: Queries, house: Newsroom, asked: Asked) -> Found:
    """Compare a text with what was published. Nothing else can be found: it has no imprint."""
    theirs = _read(asked.text, house)
    cut = not theirs.whole
    beside = partial(_beside, read_side, theirs, _later_lines(house))
    best = await beside([asked.posted[0]] if asked.posted else [])
    if best is None or not best[0].verdict.is_unbroken:
        likely = await _by_grams(read_side, theirs)
        best = _better(best, await beside(likely))
    if theirs.words and (best is None or best[0].verdict.rank > Verdict.ADDED.rank):
        best = _better(best, await beside(await _by_words(read_side, asked.text)))
    if best is None or best[0].verdict is Verdict.UNKNOWN:
        return Found(Verdict.UNKNOWN, NOT_OURS, words=len(theirs.words), cut=cut)
    return await _found(read_side, house, asked, theirs, best)


Best = tuple[Judged, Printed]
#: Lines by the keys of their words.
Tails = Sequence[Sequence[str]]


async def _found(read_side: Queries, house: Newsroom, asked: Asked, theirs: Text, best: Best) -> Found:
    judged, printed = best
    verdict, words = judged.verdict, len(theirs.words)
    foreign: tuple[str, ...] = ()
    if verdict.rank <= Verdict.ALTERED.rank:
        foreign = foreign_links([*asked.links, *theirs.links], printed.rendition.links, house.places)
    if foreign and verdict.rank < Verdict.ADDED.rank:
        verdict = Verdict.ADDED
    if verdict is Verdict.SAME and words < LEAST:
        verdict = Verdict.EXCERPT
    several = verdict is Verdict.EXCERPT and words < SHORT and await _stands_in_several(read_side, theirs)
    return Found(
        verdict, judged, printed.article_id, printed.version, foreign, words, several=several, cut=not theirs.whole
    )


async def linked(read_side: Queries, links: Iterable[str]) -> int:
    """Return the article whose post or page one of these addresses opens; 0 if none is ours."""
    for address in map(address_of, links):
        plain = address.partition("?")[0]
        if number := re.search(r"/(\d{1,15})$", plain):
            for post in await read_side.posts_numbered(int(number[1])):
                if post.link and address_of(post.link) == plain:
                    return post.article_id
        if rows := await read_side.having_grams([link_gram(address), link_gram(plain)]):
            return max(article for _, article in rows)
    return 0


async def posted_as(read_side: Queries, house: Newsroom, forward: Forward) -> tuple[int, int] | None:
    """Return article and version of a post that was forwarded from a channel of ours; None if it is none of those."""
    channel = channel_of(house, forward)
    if channel is None or not forward.post:
        return None
    posts = await read_side.posts_numbered(forward.post)
    return next(((post.article_id, post.version) for post in posts if post.channel == channel.key), None)


def _read(text: str, house: Newsroom) -> Text:
    """Make a text comparable, without what an app or the reader put before it."""
    for header in _HEADERS:
        named = header.match(text)
        if named is not None and one_line(named["name"]).casefold() in _names(house):
            text = text[named.end() :]
    return read(_without_question(text))


def _names(house: Newsroom) -> set[str]:
    titles = [channel.title for channel in house.channels.values()]
    return {name.casefold() for name in (*titles, *(each.name for each in house.press.mastheads.values())) if name}


def _without_question(text: str) -> str:
    """Return the text without a line before or after it that only asks whether it is true."""
    lines = text.strip().split("\n")
    if len(lines) > 1 and _asks(lines[0]):
        lines = lines[1:]
    if len(lines) > 1 and _asks(lines[-1]):
        lines = lines[:-1]
    return "\n".join(lines)


def _asks(line: str) -> bool:
    return line.rstrip().endswith("?") and wish_of(line).wish is Wish.CHECK


async def _by_grams(read_side: Queries, theirs: Text) -> list[int]:
    asked = asked_of(theirs)
    found = found_by(asked, await read_side.having_grams(list(asked)))
    return found[: COMPARED_SHORT if len(theirs.words) < SHORT else COMPARED]


async def _by_words(read_side: Queries, text: str) -> list[int]:
    """Look for what was retold: by the words of a text that are in few articles."""
    stems = stems_of(words_in(text[:4000]), STEMS)
    return ranked({stem: await read_side.articles_with(stem, DEEP) for stem in stems})[:COMPARED]


def _later_lines(house: Newsroom) -> Tails:
    """Return the newsroom's own lines, by the keys of their words, that stand under posts though their imprint was made
    without them, as when the link to the record was switched on while an article went out.
    """
    return [read(labels.verify).keys for labels in house.press.labels.values() if labels.verify]


async def _beside(read_side: Queries, theirs: Text, later: Tails, numbers: Sequence[int]) -> Best | None:
    """Compare with each text of these articles, and return the one that it is nearest to."""
    best: Best | None = None
    for number in numbers:
        for printed in await read_side.renditions(number):
            judged = _judged(theirs, printed.rendition, later)
            best = _better(best, (judged, printed))
            if judged.verdict is Verdict.SAME:
                return best
    return best


def _judged(theirs: Text, rendition: Rendition, later: Tails) -> Judged:
    """Compare with one text of ours. Where theirs was cut, our own lines around it may have only begun."""
    tails, ours = [*rendition.tails(), *later], rendition.read()
    judged = judge(theirs.without_tail(tails), ours)
    if judged.verdict is not Verdict.ADDED:
        return judged
    return min(judged, judge(theirs.without_begun(tails).without_tail(tails), ours), key=lambda each: each.verdict.rank)


def _better(one: Best | None, other: Best | None) -> Best | None:
    """Return the nearer of two; of equals the one that came first, which is the newer version."""
    if one is None or other is None:
        return one or other
    return min(one, other, key=lambda each: (each[0].verdict.rank, -each[0].share))


async def _stands_in_several(read_side: Queries, theirs: Text) -> bool:
    standing = 0
    for number in await _by_grams(read_side, theirs):
        renditions = await read_side.renditions(number)
        standing += any(judge(theirs, each.rendition.read()).verdict.is_unbroken for each in renditions)
    return standing > 1
