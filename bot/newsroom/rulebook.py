"""The rules of newsroom.toml and OWNERS as each start found them: recorded, and told to the owners if they changed."""

from __future__ import annotations

from collections.abc import Mapping

import structlog

from bot.domain.audit import SYSTEM
from bot.domain.news import RulesChanged
from bot.domain.rulebook import changes
from bot.newsroom.desk import Desk

log = structlog.get_logger(__name__)

#: The subject of the entries, and their act.
CONFIG, LOADED = "config", "config.loaded"


async def note(desk: Desk, rules: Mapping[str, str]) -> None:
    """A start that finds the rules as they were leaves no trace; comments are no rules."""
    last = await desk.tx.last_of(CONFIG)
    found = changes(last.detail["rules"], rules) if last is not None else []
    if last is not None and not found:
        return
    told = [str(change) for change in found]
    await desk.tx.record(SYSTEM, LOADED, CONFIG, {"rules": dict(rules), "changes": told}, desk.now)
    if found:
        weakening = [str(change) for change in found if change.weakens]
        log.warning("rules_changed", changes=told, weakening=weakening)
        await desk.announce(RulesChanged(tuple(weakening), tuple(text for text in told if text not in weakening)))
