"""What keeps an article in the house whoever wants it out: evidence that is missing, and the hold of a risk rule."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain import Article
from bot.domain.entry import Entry
from bot.domain.evidence import Evidence, lacking
from bot.domain.risk import Need, Rule, need
from bot.domain.times import as_typed
from bot.errors import Refused
from bot.texts import text_id

#: Why it can't go out yet, and what to type.
LACKS: Mapping[tuple[Evidence, ...], str] = {
    (Evidence.STATUS,): text_id(
        "#{id} has no status yet: how far is it checked? Press it on the card (/show {id}), or type: "
        "/edit {id} status: confirmed"
    ),
    (Evidence.SOURCE,): text_id(
        "#{id} has no source yet: who says so? Type: /edit {id} source: City council — or “own correspondent”."
    ),
    (Evidence.STATUS, Evidence.SOURCE): text_id(
        "#{id} has neither status nor source yet. Press them on the card (/show {id}), or type in one message:\n"
        "/edit {id} status: confirmed\nsource: City council"
    ),
}


class Gate:
    def __init__(self, required: Collection[Evidence], rules: Sequence[Rule], least: int, zone: ZoneInfo) -> None:
        """`least`: of how many people every article needs approval."""
        self._required = frozenset(required)
        self._rules = tuple(rules)
        self._least = least
        self._zone = zone

    def need(self, article: Article) -> Need:
        return need(article, self._rules, self._least)

    def most(self) -> tuple[int, tuple[str, ...]]:
        """How many approvals an article may come to need, and the titles of the rules that ask so many; none: all."""
        most = max([self._least, *(rule.approvals for rule in self._rules)])
        rules = tuple(rule.title for rule in self._rules if rule.approvals == most) if most > self._least else ()
        return most, rules

    def lacking(self, article: Article) -> tuple[Evidence, ...]:
        return lacking(article, self._required)

    def check_evidence(self, entry: Entry) -> None:
        if missing := self.lacking(entry.article):
            raise Refused(LACKS[missing], id=entry.id)

    def opens_at(self, entry: Entry) -> datetime | None:
        """When the hold of a risk rule ends, on a whole minute; None without one. It counts from the first version."""
        hold = self.need(entry.article).hold
        if not hold:
            return None
        end = entry.came_in + hold
        return end.replace(second=0, microsecond=0) + timedelta(minutes=bool(end.second or end.microsecond))

    def check_hold(self, entry: Entry, at: datetime) -> None:
        """`at`: when it would go out."""
        opens = self.opens_at(entry)
        if opens is not None and at < opens:
            raise Refused(
                "#{id} may not go out before {at} ({why}). Type: /at {id} {at} — or /next {id} for the first slot "
                "from then on.",
                id=entry.id,
                at=as_typed(opens, self._zone),
                why=", ".join(self.need(entry.article).because),
            )

    def obstacle(self, entry: Entry, at: datetime) -> str:
        """Why it can't go out at that time, as a notice's kind; empty: nothing is in its way."""
        if self.lacking(entry.article):
            return "unproven"
        opens = self.opens_at(entry)
        return "too_early" if opens is not None and at < opens else ""
