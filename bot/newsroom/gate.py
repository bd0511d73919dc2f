"""The gate: evidence, approvals and hours that an article must have before it may go out."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from bot.domain import Article
from bot.domain.entry import Entry
from bot.domain.evidence import Evidence, lacking
from bot.domain.risk import Need, Rule, need, titles


class Gate:
    def __init__(self, required: Collection[Evidence], rules: Sequence[Rule], least: int) -> None:
        """`least`: of how many people every article needs approval."""
        self._required = frozenset(required)
        self._rules = tuple(rules)
        self._least = least

    def need(self, article: Article) -> Need:
        return need(article, self._rules, self._least)

    def most(self) -> tuple[int, tuple[str, ...]]:
        """The most approvals that an article may need, and the titles of the rules that ask for them, if any."""
        most = max([self._least, *(rule.approvals for rule in self._rules)])
        rules = titles(rule for rule in self._rules if rule.approvals == most) if most > self._least else ()
        return most, rules

    def lacking(self, article: Article) -> tuple[Evidence, ...]:
        return lacking(article, self._required)

    @staticmethod
    def opens_at(entry: Entry, need: Need) -> datetime | None:
        """Return when a risk rule's hold ends, on a whole minute, counted from the first version; None without one."""
        if not need.hold:
            return None
        end = entry.came_in + need.hold
        return end.replace(second=0, microsecond=0) + timedelta(minutes=bool(end.second or end.microsecond))
