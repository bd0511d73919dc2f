"""The rules of newsroom.toml and OWNERS as each start finds them; what asks for less counts once owners say yes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import combinations

import structlog

from bot.domain.news import RulesAccepted, RulesChanged, RulesKept, RulesWait
from bot.domain.people import Person, Role
from bot.domain.readiness import Obstacle
from bot.domain.review import DeskRules
from bot.domain.rulebook import Question, Rulebook, changes, question_id
from bot.domain.safeguards import Safeguards, Weakening, merged, weakened
from bot.errors import NotAllowed, Refused
from bot.newsroom.desk import Desk
from bot.newsroom.refusals import REFUSAL
from bot.storage import Queries

log = structlog.get_logger(__name__)

#: Owners who answer nothing for so long have lost their accounts: then the new OWNERS count.
SILENCE = timedelta(days=7)
#: An open question is put again after this.
AGAIN = timedelta(hours=24)
#: Silence tells something only if we listened for so long since the last start.
LISTENED = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Found:
    """The files at a start: every rule as a text by its name, and the safeguards."""

    rules: Mapping[str, str]
    safeguards: Safeguards


class Approved(StrEnum):
    """The outcome of an owner's yes."""

    COUNTS = "counts"
    WAITS = "waits"


class Unanswered:
    """The question that waits for the owners while the house runs: put again each day, decided when its time is up."""

    def __init__(self) -> None:
        self._instants: list[datetime] = []
        self._since: datetime | None = None

    def begins(self, question: Question | None, rules: DeskRules, now: datetime) -> None:
        """From now on it waits for this question, if any: put as soon as what was said meanwhile is heard."""
        self._instants, self._since = [], now
        if question is not None and not question.is_kept:
            days = int((now - question.asked_at) / AGAIN) + 1
            daily = [question.asked_at + AGAIN * day for day in range(days, days + SILENCE // AGAIN + 1)]
            ends = [question.asked_at + alone_after(rules), max(question.asked_at + SILENCE, now + LISTENED)]
            self._instants = [now, *sorted(at for at in {*daily, *ends} if at > now)]

    def next_instant(self) -> datetime | None:
        return self._instants[0] if self._instants else None

    async def look(self, desk: Desk) -> None:
        """Decide what is ripe, or put the question again."""
        if not self._instants or desk.now < self._instants[0]:
            return
        question = (await desk.tx.rulebook()).question
        if question is None or question.is_kept:
            self._instants = []
        elif not await _ripens(desk, question, self._listened(desk.now)):
            await _put(desk, question)
        self._instants = [at for at in self._instants if at > desk.now]

    def _listened(self, now: datetime) -> timedelta:
        return now - self._since if self._since is not None else timedelta(0)


# At a start


async def in_force(read: Queries, found: Safeguards) -> Safeguards:
    """The safeguards that count: the earlier ones where the files ask for less and the owners have not said yes."""
    return await _in_force(read, await read.rulebook(), found)


async def _in_force(read: Queries, book: Rulebook, found: Safeguards) -> Safeguards:
    earlier = book.in_force
    if earlier is None or not await _somebody_was_here(read):
        return found
    if not await read.something_was_published():  # whoever sets a newsroom up adds its channels
        earlier = replace(earlier, channels=found.channels)
    return merged(earlier, found)


async def waiting(read: Queries, found: Safeguards) -> tuple[tuple[Weakening, ...], bool]:
    """Return the changes in these files that do not count, and True beside them if an owner said no."""
    book = await read.rulebook()
    question, weaker = book.question, weakened(await _in_force(read, book, found), found)
    return weaker, question is not None and question.is_kept and question.id == question_id(weaker, found)


async def note(desk: Desk, found: Found) -> Question | None:
    """Record what changed, tell the owners, and put to them what asks for less; return what waits.

    A start that finds the rules as they were leaves no trace; comments are no rules. `Unanswered` puts the question and
    decides it once the backlog is read: an owner may have said no while we were away.
    """
    book = await desk.tx.rulebook()
    counts = await _in_force(desk.tx, book, found.safeguards)
    weaker = weakened(counts, found.safeguards)
    await _record(desk, book, found, counts, weaker)
    return await _ask(desk, book.question, found, weaker)


async def _record(desk: Desk, book: Rulebook, found: Found, counts: Safeguards, weaker: Collection[Weakening]) -> None:
    waiting, before = {each.rule for each in weaker}, book.rules or {}
    rules = {name: text for name, text in found.rules.items() if name not in waiting}
    rules |= {name: text for name, text in before.items() if name in waiting}
    differing = changes(before, rules) if book.rules is not None else []
    if book.rules is not None and not differing and counts == book.in_force:
        return
    told = [str(change) for change in differing]
    await desk.tx.record_rules(rules, counts, told, desk.now)
    if differing:
        # Of rules whose weakening nobody could be asked about the owners hear as such.
        adopted = book.in_force is None or bool(weakened(book.in_force, counts))
        alarming = [str(change) for change in differing if adopted and change.weakens]
        log.warning("rules_changed", changes=told, weakening=alarming)
        await desk.announce(RulesChanged(tuple(alarming), tuple(text for text in told if text not in alarming)))


async def _ask(desk: Desk, before: Question | None, found: Found, weaker: tuple[Weakening, ...]) -> Question | None:
    if not weaker:
        if before is not None:
            await desk.tx.withdraw_rules(desk.now)
            await _is_over(desk, before)
        return None
    name, needed = question_id(weaker, found.safeguards), await _how_many(desk)
    question = Question(name, desk.now, found.safeguards, weaker, found.rules, needed=needed)
    if before is not None and before.id == question.id:
        question = before
    else:
        if before is not None:
            await _is_over(desk, before)
        await desk.tx.ask_rules(question, desk.now)
    log.warning("rules_wait", changes=[str(each) for each in weaker], kept=question.is_kept)
    return question


async def _put(desk: Desk, question: Question) -> None:
    """Put the question to the owners, at most every quarter of an hour however often we start."""
    await _is_over(desk, question)
    news = RulesWait(question.id, question.weakening, question.needed)
    await desk.tx.tell_desk(_trouble(question), news, desk.now)


async def _is_over(desk: Desk, question: Question) -> None:
    await desk.tx.trouble_over(_trouble(question), desk.now)


def _trouble(question: Question) -> str:
    """The trouble that the owners are told of while the question is open."""
    return f"rules_wait:{question.id}"


def alone_after(rules: DeskRules) -> timedelta:
    """Return how long after the question one owner's yes is enough where nobody says no: a day at least."""
    return max(rules.approve_after, AGAIN)


async def _how_many(desk: Desk) -> int:
    """Two owners where there are two, by the earlier rules."""
    return 2 if len(await _owners(desk)) > 1 else 1


async def _owners(desk: Desk) -> list[Person]:
    return [each for each in await desk.tx.team(Role.OWNER) if each.may_approve(desk.now)]


async def _somebody_was_here(read: Queries) -> bool:
    """True unless no owner ever wrote to us: then there is nobody to ask, as when OWNERS names a wrong account."""
    owners = [address for person in await read.team(Role.OWNER) for address in person.addresses]
    for address in owners:
        if await read.name_of(address) is not None:
            return True
    return await read.somebody_acted()


# The owners' answer


async def approve(desk: Desk, asked: str) -> Approved:
    """Count an owner's yes. It takes two owners where there are two, or one and time in which nobody says no."""
    question = await _open(desk, asked)
    _check_address(desk)
    if desk.me.id in question.approved:
        raise Refused("You have already approved that change. Another owner must approve it too.")
    await desk.tx.approve_rules(desk.by, question, desk.now)
    question = replace(question, approved=(*question.approved, desk.me.id))
    return Approved.COUNTS if await _ripens(desk, question) else Approved.WAITS


async def keep(desk: Desk, asked: str) -> None:
    """An owner says no: the earlier rules stay in force, whatever the files say."""
    question = await _open(desk, asked)
    _check_address(desk)
    if _leaves(desk.me, question) and any(not _leaves(each, question) for each in await _owners(desk)):
        raise Refused("OWNERS no longer names you, so the other owners decide that. /halt stops everything.")
    await desk.tx.keep_rules(desk.by, question, desk.now)
    await _is_over(desk, question)
    await desk.announce(RulesKept(desk.me.id, desk.me.title, question.weakening))
    log.warning("rules_kept", member=desk.me.id)


async def open_question(read: Queries, asked: str) -> Question | None:
    """The question of this name while it waits."""
    question = (await read.rulebook()).question
    return question if question is not None and question.id == asked and not question.is_kept else None


async def _open(desk: Desk, asked: str) -> Question:
    question = await open_question(desk.tx, asked)
    if question is None:
        raise Refused("That change of the rules no longer waits for an answer.")
    return question


def _check_address(desk: Desk) -> None:
    """Neither a newcomer nor a second address of a short while ago changes what counts."""
    if desk.me.speaks_from_a_new_address(desk.now):
        raise NotAllowed(REFUSAL[Obstacle.NEW_ADDRESS])
    if not desk.me.may_approve(desk.now):
        raise NotAllowed(REFUSAL[Obstacle.NEWCOMER])


def _leaves(person: Person, question: Question) -> bool:
    """True if the change takes the person out of OWNERS."""
    goes = {each.before for each in question.weakening if each.rule == "OWNERS" and each.before}
    named = {str(each) for each in question.wanted.owners}
    addresses = {str(each) for each in person.addresses}
    return bool(addresses & goes) and not addresses & named


async def _ripens(desk: Desk, question: Question, listened: timedelta = timedelta(0)) -> bool:
    """Let the change count if enough owners want it, or one does and none said no for long enough.

    Owners who are silent for a week have lost their accounts: then the new OWNERS count, and decide about the rest.
    """
    yes = [each for each in await _owners(desk) if each.id in question.approved]
    waited = desk.now - question.asked_at
    if _are_enough(yes, question, desk) or (yes and waited >= alone_after(desk.house.rules)):
        await _accept(desk, question, question.wanted, yes)
        return True
    is_silence = not yes and waited >= SILENCE and listened >= LISTENED
    if is_silence and any(each.rule == "OWNERS" for each in question.weakening):
        counts = (await desk.tx.rulebook()).in_force or question.wanted
        await _accept(desk, question, replace(counts, owners=question.wanted.owners), [])
        return True
    return False


def _are_enough(yes: Sequence[Person], question: Question, desk: Desk) -> bool:
    """True if they are as many as it takes; two of whom one just invited the other are not two."""
    if question.needed < 2:
        return bool(yes)
    within = desk.house.rules.approve_after
    return any(not one.is_bound_to(other, desk.now, within) for one, other in combinations(yes, 2))


async def _accept(desk: Desk, question: Question, safeguards: Safeguards, by: Sequence[Person]) -> None:
    rules = dict(question.rules)
    if safeguards != question.wanted:  # the rest is asked about at the start that follows
        rules = {**((await desk.tx.rulebook()).rules or {}), "OWNERS": rules.get("OWNERS", "")}
    await desk.tx.accept_rules(replace(question, rules=rules), safeguards, desk.now)
    await _is_over(desk, question)
    await desk.announce(RulesAccepted(tuple(each.title for each in by), weakened_by(question, safeguards)))
    log.warning("rules_accepted", members=[each.id for each in by], changes=[str(each) for each in question.weakening])


def weakened_by(question: Question, safeguards: Safeguards) -> tuple[Weakening, ...]:
    """The changes of the question that count with these safeguards."""
    everything = safeguards == question.wanted
    return tuple(each for each in question.weakening if everything or each.rule == "OWNERS")
