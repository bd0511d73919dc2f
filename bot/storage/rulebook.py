"""The rules in force: folded from the log of acts, and from no row that somebody may alter."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Any

from bot.domain.audit import SYSTEM, AuditEntry
from bot.domain.people import Actor
from bot.domain.rulebook import CONFIG, Question, Rulebook
from bot.domain.safeguards import SAFEGUARDS, Guard, Safeguards, Weakening
from bot.errors import LogAltered
from bot.storage.audit import AuditQueries
from bot.storage.values import from_json, to_json

#: Entries among which a house at work has one of somebody of the desk.
FIRST = 1000


class RulebookQueries(AuditQueries):
    async def rulebook(self) -> Rulebook:
        """Return the rules that count, and the change that waits for the owners.

        Raises `LogAltered` at an entry that is not of a form that we write.
        """
        book = Rulebook()
        for entry in await self.audit_of(CONFIG):
            try:
                book = _then(book, entry)
            except (AttributeError, KeyError, TypeError, ValueError) as error:
                raise LogAltered(entry.id) from error
        return book

    async def somebody_acted(self) -> bool:
        """True if anybody of the desk did anything yet."""
        sql = "SELECT 1 FROM audit WHERE id <= :first AND actor >= 'person:' AND actor < 'person;' LIMIT 1"
        return await self.value(sql, {"first": FIRST}) is not None

    async def something_was_published(self) -> bool:
        """True unless the log is short and has no publication."""
        sql = "SELECT 1 FROM audit WHERE id <= :first AND (id = :first OR act = 'article.published') LIMIT 1"
        return await self.value(sql, {"first": FIRST}) is not None

    async def record_rules(
        self, rules: Mapping[str, str], safeguards: Safeguards, told: Sequence[str], now: datetime
    ) -> None:
        """From now on these count. `told`: what changed, in words."""
        detail = {"rules": dict(rules), "safeguards": _plain(safeguards), "changes": list(told)}
        await self.record(SYSTEM, "config.loaded", CONFIG, detail, now)

    async def ask_rules(self, question: Question, now: datetime) -> None:
        """Note what the owners are asked."""
        detail = {
            "question": question.id,
            "rules": dict(question.rules),
            "safeguards": _plain(question.wanted),
            "weakening": [asdict(each) for each in question.weakening],
            "needed": question.needed,
        }
        await self.record(SYSTEM, "config.asked", CONFIG, detail, now)

    async def approve_rules(self, by: Actor, question: Question, now: datetime) -> None:
        await self.record(by, "config.approved", CONFIG, {"question": question.id}, now)

    async def keep_rules(self, by: Actor, question: Question, now: datetime) -> None:
        await self.record(by, "config.kept", CONFIG, {"question": question.id}, now)

    async def accept_rules(self, question: Question, safeguards: Safeguards, now: datetime) -> None:
        """From the next moment on these count; whoever listens starts the house again with them."""
        detail = {"question": question.id, "rules": dict(question.rules), "safeguards": _plain(safeguards)}
        await self.record(SYSTEM, "config.accepted", CONFIG, detail, now)
        self.signal("rules")

    async def withdraw_rules(self, now: datetime) -> None:
        """The files ask for nothing weaker any longer."""
        await self.record(SYSTEM, "config.withdrawn", CONFIG, {}, now)


def _then(book: Rulebook, entry: AuditEntry) -> Rulebook:
    """The rules after one more act."""
    detail, question = entry.detail, book.question
    is_its = question is not None and detail.get("question") == question.id
    match entry.act:
        case "config.loaded":
            return replace(book, in_force=_safeguards(detail), rules=detail.get("rules", {}))
        case "config.accepted":
            return Rulebook(_safeguards(detail), detail.get("rules", {}))
        case "config.asked":
            return replace(book, question=_question(entry))
        case "config.approved" if question is not None and is_its:
            kind, _, number = entry.actor.partition(":")
            said = (*question.approved, int(number)) if kind == "person" else question.approved
            return replace(book, question=replace(question, approved=said))
        case "config.kept" if question is not None and is_its:
            return replace(book, question=replace(question, is_kept=True))
        case "config.withdrawn":
            return replace(book, question=None)
    return book


def _question(entry: AuditEntry) -> Question | None:
    wanted = _safeguards(entry.detail)
    if wanted is None:
        return None
    return Question(
        id=str(entry.detail["question"]),
        asked_at=datetime.fromtimestamp(entry.at / 1000, UTC),
        wanted=wanted,
        weakening=tuple(_weakening(each) for each in entry.detail["weakening"]),
        rules=entry.detail.get("rules", {}),
        needed=int(entry.detail["needed"]),
    )


def _weakening(found: Mapping[str, Any]) -> Weakening:
    return Weakening(**{**found, "guard": Guard(found["guard"])})


def _safeguards(detail: Mapping[str, Any]) -> Safeguards | None:
    """Return the safeguards of the record; None where an older Visnyk recorded none."""
    if (found := detail.get("safeguards")) is None:
        return None
    if (read := from_json(SAFEGUARDS, Safeguards.code, json.dumps(found))) is None:
        raise ValueError("these are no safeguards of ours")
    return read


def _plain(safeguards: Safeguards) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(to_json(safeguards))
    return found
