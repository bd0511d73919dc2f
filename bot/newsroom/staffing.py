"""Are there people enough on the desk for what newsroom.toml asks? Nobody approves what they wrote."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import structlog

from bot.domain.news import FewApprovers
from bot.domain.people import Person
from bot.newsroom.desk import Desk
from bot.newsroom.gate import Gate

log = structlog.get_logger(__name__)

#: The trouble that the owners are told of.
KEY = "few_approvers"


@dataclass(frozen=True, slots=True)
class Shortage:
    """A shortage: an editor's article needs `needed` approvals and finds `others` people who may give one.

    `rules`: titles of the rules that ask for that many; empty: every article.
    """

    needed: int
    others: int
    rules: tuple[str, ...] = ()


def shortage(gate: Gate, team: Iterable[Person], now: datetime) -> Shortage | None:
    """`team`: distinct people, whatever addresses each of them has."""
    others = max(0, sum(person.may_approve(now) for person in team) - 1)
    needed, rules = gate.most()
    if needed <= others:
        return None
    return Shortage(needed, others, rules)


async def tell_owners(desk: Desk) -> None:
    """Tell the owners, at every start, if the desk has too few people; once while that lasts."""
    short = shortage(desk.house.gate, await desk.tx.team(), desk.now)
    if short is None:
        await desk.tx.trouble_over(KEY, desk.now)
        return
    log.warning("few_approvers", needed=short.needed, others=short.others, rules=short.rules)
    await desk.tx.tell_desk(KEY, FewApprovers(short.needed, short.others, short.rules), desk.now)
