"""The rules for a feed, without I/O: which of its items are wanted, and when it is asked again."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from bot.domain.article import Address, plain
from bot.domain.feeds import Looked
from bot.ingest.page import Item

#: The longest rest of a feed that fails, and of one that asks for patience.
LONGEST_REST = timedelta(hours=6)
#: Items of one answer that become drafts: whoever gets them reads them one by one.
AT_ONCE = 5
#: Items of the first answer that do: enough to see that it works.
FIRST = 3


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed as newsroom.toml names it. Its drafts go to `to`, and the desk is asked about them if `submit` says so.

    `every`: the time between two looks.

    `include`, `exclude`: beginnings of words, of which one must or none may be in an item. `topics`: topics by the
    section that the feed names.
    """

    key: str
    url: str
    to: Address
    every: timedelta = timedelta(minutes=5)
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    topics: Mapping[str, str] = field(default_factory=dict)
    submit: bool = False

    @property
    def address(self) -> str:
        """The address that is asked: a WordPress tells sections and pictures only when it is asked for them."""
        if not re.search(r"/wp/v2/posts/?$", self.url.partition("?")[0]) or "_embed" in self.url:
            return self.url
        return f"{self.url}{'&' if '?' in self.url else '?'}_embed=1"

    def wants(self, item: Item) -> bool:
        text = " ".join((item.page.headline, item.page.standfirst, *map(plain, item.page.lines))).casefold()
        return (not self.include or _has(text, self.include)) and not _has(text, self.exclude)

    def with_topics(self, item: Item) -> Item:
        """Return the item with the newsroom's topics for its sections; without such a map, the feed's own names."""
        if not self.topics:
            return item
        ours = {name.casefold(): topic for name, topic in self.topics.items()}
        topics = dict.fromkeys(ours[name.casefold()] for name in item.sections if name.casefold() in ours)
        return replace(item, page=replace(item.page, topics=tuple(topics)))


def _has(text: str, words: Sequence[str]) -> bool:
    return any(re.search(rf"(?<!\w){re.escape(word.casefold())}", text) for word in words)


def after_answer(feed: Feed, marks: Mapping[str, str], now: datetime, body: str = "") -> Looked:
    return Looked(now + feed.every, marks, good_at=now, body=body)


def after_failure(feed: Feed, before: Looked, reason: str, retry_after: str, now: datetime) -> Looked:
    """Return when a feed that failed is asked again: each time twice as late, and no earlier than it asks for."""
    rest = min(feed.every * 2 ** min(before.failures, 10), LONGEST_REST)
    asked = min(rest_of(retry_after, now), LONGEST_REST)
    return replace(before, next_at=now + max(rest, asked), failures=before.failures + 1, reason=reason)


def rest_of(retry_after: str, now: datetime) -> timedelta:
    """Return the rest that a `Retry-After` asks for, in seconds or until a date; zero for anything else."""
    if retry_after.isdigit() and len(retry_after) < 9:
        return timedelta(seconds=int(retry_after))
    try:
        until = parsedate_to_datetime(retry_after)
    except ValueError:
        return timedelta(0)
    return max((until if until.tzinfo else until.replace(tzinfo=UTC)) - now, timedelta(0))


@dataclass(frozen=True, slots=True)
class Fresh:
    """The items of an answer that the desk has not seen: `new` ones become drafts, `rest` only counts as known.

    `changed` are known ones that read otherwise than before. `skipped`: those of the rest that were wanted.
    """

    new: tuple[Item, ...] = ()
    changed: tuple[Item, ...] = ()
    rest: tuple[Item, ...] = ()
    skipped: int = 0


def fresh(
    feed: Feed, items: Sequence[Item], known: Mapping[str, str], digests: frozenset[str], *, first: bool
) -> Fresh:
    """Return what is new in an answer. `known`: digests by key; `digests`: those of items of any feed.

    Nobody wants a feed's whole past: of the first look only the newest few are taken. The oldest of these comes first.
    """
    unseen = [item for item in items if item.key not in known]
    wanted = [item for item in unseen if item.digest not in digests and feed.wants(item)]
    most = FIRST if first else AT_ONCE
    new = tuple(feed.with_topics(item) for item in reversed(wanted[:most]))
    taken = {item.key for item in new}
    changed = tuple(item for item in items if known.get(item.key, item.digest) != item.digest and feed.wants(item))
    return Fresh(new, changed, tuple(item for item in unseen if item.key not in taken), len(wanted) - len(new))
