"""Grounds: what a message that waits to be sent rests on, so that it can be looked at again before it leaves."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.apps import rings_everywhere
from bot.domain.news import HaltNews, News, Renewed, Trouble
from bot.domain.patience import Urge
from bot.domain.stored import AboutArticle, AboutDispatch


@dataclass(frozen=True, slots=True)
class Ground:
    """The numbers of what must still be as it was: an `article`, a `dispatch`, the `notice` of a trouble; the `halt`.

    `instead` is what the chat is told in place of the message when something of that has changed; None: nothing is.
    """

    article: int | None = None
    dispatch: int | None = None
    notice: int | None = None
    halt: bool = False
    instead: News | None = None


@dataclass(frozen=True, slots=True)
class Unasked:
    """The way of a message that nobody asked for. `must_arrive`: it is repeated until the platform has taken it."""

    must_arrive: bool = False
    ground: Ground | None = None
    urge: Urge = Urge.NEWS


def unasked(news: News, notice: int | None = None) -> Unasked:
    """Return how `news` leaves; `notice` is the number of its row, if it has one."""
    urge = Urge.ALARM if rings_everywhere(news) else Urge.MUST if news.must_arrive else Urge.NEWS
    return Unasked(news.must_arrive, _ground_of(news, notice), urge)


def shown_as_it_stands(article: int) -> Ground:
    """The ground of an article's card or question that somebody asked for."""
    return Ground(article=article, instead=Renewed(article))


def _ground_of(news: News, notice: int | None) -> Ground | None:
    match news:
        case HaltNews():
            return Ground(halt=True)
        case Trouble():
            return Ground(notice=notice)
        case AboutArticle(article=number):
            return Ground(article=number, instead=news)
        case AboutDispatch(dispatch=number):
            return Ground(dispatch=number, instead=news)
    return None
