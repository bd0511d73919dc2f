"""Apps of one person: the one that rings now, and those that ring if nobody answers there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.article import Address
from bot.domain.attention import Matter
from bot.domain.news import News

#: Time without a word or a press of the person after which their other apps ring too.
UNREAD = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Ring:
    """The addresses of one person that are told `now`, and those that are told `later` unless they are heard."""

    now: tuple[Address, ...]
    later: tuple[Address, ...] = ()


def rings_everywhere(news: News) -> bool:
    """True for what rings on all of a member's apps at once: a minute counts, or one app may not be theirs to hear."""
    return news.matter is Matter.ALARM or news.on_every_app


def one_of(addresses: Sequence[Address], used: Mapping[Address, datetime]) -> Address:
    """Return the address at which a person said or pressed something last."""
    return max(addresses, key=lambda each: used[each].timestamp() if each in used else 0.0)


def ring(news: News, addresses: Sequence[Address], used: Mapping[Address, datetime]) -> Ring:
    """Choose among the addresses of one person; `used`: when they last said or pressed something there.

    An alarm rings everywhere. All else rings where they were last; what must arrive rings elsewhere too if they stay
    silent. What nobody has to answer is told once.
    """
    if rings_everywhere(news):
        return Ring(tuple(addresses))
    first = one_of(addresses, used)
    return Ring((first,), tuple(each for each in addresses if each != first) if news.must_arrive else ())
