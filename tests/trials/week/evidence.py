"""The judged messages of the week, by chat, person and article; and small words for figures."""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bot.domain.entry import EntryState
from tests.trials.week.cast import NIGHT, ZONE
from tests.trials.week.judge import judge
from tests.trials.week.looks import Looks
from tests.trials.week.record import Chat, Message
from tests.trials.week.week import Week

QUESTIONS = frozenset({"question", "questions"})
#: Messages that belong together come within this many seconds.
TOGETHER = 5.0


@dataclass(frozen=True)
class Row:
    """One line: what, how much, and whether that is well; `target` is empty where nothing is asked."""

    what: str
    measured: str
    target: str = ""
    well: bool = True

    def __str__(self) -> str:
        mark = "" if not self.target else "✓ " if self.well else "✗ "
        return f"| {self.what} | {self.measured} | {mark}{self.target} |"


@dataclass(frozen=True)
class Evidence:
    """What the figures are made of. `involved`: by article who had a hand in it; `out`: what was published."""

    week: Week
    looks: Looks
    messages: Sequence[Message]
    involved: dict[int, set[str]]
    out: frozenset[int]
    by_person: defaultdict[tuple[str, int], list[Message]] = field(default_factory=lambda: defaultdict(list))
    by_chat: defaultdict[Chat, list[Message]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    async def of(cls, week: Week, looks: Looks) -> Evidence:
        judge(week.record.messages)
        messages = [each for each in week.record.messages if each.worker is not None]
        rows = await week.house.rows("SELECT id FROM article WHERE state = :out", out=EntryState.PUBLISHED)
        made = cls(week, looks, messages, await _involved(week), frozenset(row[0] for row in rows))
        for each in messages:
            made.by_chat[each.chat].append(each)
            made.by_person[each.name_of, each.article].append(each)
        return made

    @property
    def pushed(self) -> list[Message]:
        """All that was no answer to the person's own act."""
        return [each for each in self.messages if not each.answers]

    def beside(self, message: Message) -> list[Message]:
        """What came with it to the same chat about the same article."""
        near = self.by_person[message.name_of, message.article]
        return [each for each in near if each.chat == message.chat and abs(each.at - message.at) < TOGETHER]


async def _involved(week: Week) -> dict[int, set[str]]:
    """Return by article who wrote, submitted, timed, answered for or published it, by the log of acts."""
    names = {f"person:{row[0]}": row[1] for row in await week.house.rows("SELECT id, name FROM member")}
    found: defaultdict[int, set[str]] = defaultdict(set)
    for row in await week.house.rows("SELECT actor, subject FROM audit WHERE subject LIKE 'article:%'"):
        if row["actor"] in names:
            found[int(row["subject"].partition(":")[2])].add(names[row["actor"]])
    return dict(found)


def share(part: float, whole: float) -> float:
    """Percent."""
    return 100 * part / whole if whole else 0.0


def spread(values: Sequence[float]) -> str:
    """Mean, median, 90 % and the most."""
    if not values:
        return "none"
    ordered = sorted(values)
    ninth = ordered[min(len(ordered) - 1, int(len(ordered) * 0.9))]
    return f"{statistics.mean(ordered):.2f}, {statistics.median(ordered):g}, {ninth:g}, {ordered[-1]:g}"


def mean(values: Sequence[float]) -> float:
    return statistics.mean(values) if values else 0.0


def keep_to(values: Sequence[float], target: float) -> bool:
    """True if 95 of 100 are at most the target."""
    return not values or share(sum(value <= target for value in values), len(values)) >= 95


def listed(counts: Counter[str]) -> str:
    return "; ".join(f"{name} {count}" for name, count in counts.most_common(6)) or "0"


def counted(messages: Iterable[Message]) -> str:
    kinds = Counter(each.kind for each in messages)
    return f"{kinds.total()}: {listed(kinds)}" if kinds else "0"


def when(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC)


def at_night(at: float) -> bool:
    local = when(at).astimezone(ZONE).time()
    return local >= NIGHT[0] or local < NIGHT[1]


def is_off(message: Message) -> bool:
    """True if it came while its reader did not work."""
    return message.worker is not None and not message.worker.is_on_duty(when(message.at))
