"""Apps of one person: the one that rings now, and those that ring if nobody answers there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.article import Address
from bot.domain.news import (
    ChangedAlone,
    HaltNews,
    LinkWanted,
    LogAltered,
    News,
    PublishedAlone,
    RowsAltered,
    TeamChanged,
    Trouble,
)

#: Time without a word or a press of the person after which their other apps ring too.
UNREAD = timedelta(minutes=10)
#: News that rings on every app at once: a minute counts, or one of the apps may be in somebody else's hand.
EVERYWHERE: tuple[type[News], ...] = (
    ChangedAlone,
    HaltNews,
    LinkWanted,
    LogAltered,
    PublishedAlone,
    RowsAltered,
    TeamChanged,
    Trouble,
)


@dataclass(frozen=True, slots=True)
class Ring:
    """The addresses of one person that are told `now`, and those that are told `later` unless they are heard."""

    now: tuple[Address, ...]
    later: tuple[Address, ...] = ()


def ring(news: News, addresses: Sequence[Address], used: Mapping[Address, datetime]) -> Ring:
    """Choose among the addresses of one person; `used`: when they last said or pressed something there.

    An alarm rings everywhere. All else rings where they were last; what must arrive rings elsewhere too if they stay
    silent. What nobody has to answer is told once.
    """
    if isinstance(news, EVERYWHERE):
        return Ring(tuple(addresses))
    first, *others = sorted(addresses, key=lambda each: used[each].timestamp() if each in used else 0.0, reverse=True)
    return Ring((first,), tuple(others) if news.must_arrive else ())
