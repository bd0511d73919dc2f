"""The table of the week: what was measured, beside its target."""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.domain import Platform
from bot.domain.entry import EntryState
from bot.domain.life import Stage
from tests.trials.week.cast import NIGHT, ZONE, Worker
from tests.trials.week.judge import ALARMS, CHANGES, DECISIONS, OUT, judge
from tests.trials.week.looks import Looks, says_stage
from tests.trials.week.record import Chat, Message
from tests.trials.week.script import Route
from tests.trials.week.week import OVER, Week

QUESTIONS = frozenset({"question", "questions"})
#: Messages of one question come together, within these seconds.
TOGETHER = 5.0
HOUR = 3600.0


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


def share(part: float, whole: float) -> float:
    return 100 * part / whole if whole else 0.0


def spread(values: Sequence[float]) -> str:
    """Mean, median, 90 % and the most."""
    if not values:
        return "none"
    ordered = sorted(values)
    ninth = ordered[min(len(ordered) - 1, int(len(ordered) * 0.9))]
    return f"{statistics.mean(ordered):.2f}, {statistics.median(ordered):g}, {ninth:g}, {ordered[-1]:g}"


class Table:
    """Judges the whole record once, and answers for each line."""

    def __init__(self, week: Week, looks: Looks) -> None:
        self.week = week
        self.looks = looks
        self.messages = [each for each in week.record.messages if each.worker is not None]
        #: By article, the people who had a hand in it; of those that are out.
        self.involved: dict[int, set[str]] = {}
        self.rows: list[Row] = []

    async def read(self) -> Table:
        judge(self.week.record.messages)
        self.involved = await _involved(self.week)
        self._told()
        self._questions()
        self._phones()
        await self._articles()
        return self

    def add(self, what: str, measured: str, target: str = "", *, well: bool = True) -> None:
        self.rows.append(Row(what, measured, target, well))

    # Who is told

    def _told(self) -> None:
        outside, inside = self._pushed_by_article()
        pushed = [each for each in self.messages if not each.answers]
        most = 1 if self.week.has_duty else 3
        mean = statistics.mean(outside) if outside else 0
        self.add(
            "pushed per published article, editor or owner not involved: mean, median, 90 %, max",
            spread(outside),
            f"≤ {most}",
            well=mean <= most,
        )
        self.add("… involved", spread(inside), "≤ 4", well=not inside or statistics.mean(inside) <= 4)
        by_person = Counter(each.worker.name for each in pushed if each.worker)
        self.add("pushed to each", ", ".join(f"{name} {count}" for name, count in by_person.most_common()))
        away = [each for each in pushed if _at_night(each.at) and each.kind not in ALARMS and self._is_off(each)]
        self.add("at night (23–07) to people off duty, but alarms", _counted(away), "0", well=not away)
        off = [each for each in pushed if self._is_off(each) and each.kind in QUESTIONS]
        self.add("questions to people off duty", str(len(off)))
        doubled = [each for each in pushed if self._is_second_app(each)]
        self.add("the owner with two apps: told the same on both", str(len(doubled)), "0", well=not doubled)
        theirs = [each for each in pushed if each.worker and each.worker.may_approve]
        reasons, all_told = Counter(filter(None, map(self.dispensable, theirs))), len(theirs)
        part = share(reasons.total(), all_told)
        self.add(
            "share of messages that a busy editor or owner could do without",
            f"{part:.0f} % of {all_told}: {_listed(reasons)}",
            "≤ 15 %",
            well=part <= 15,
        )

    def _pushed_by_article(self) -> tuple[list[int], list[int]]:
        counts = Counter((each.article, each.worker.name) for each in self.messages if each.worker and not each.answers)
        outside, inside = list[int](), list[int]()
        for number, names in self.involved.items():
            for worker in self.week.ever_here:
                if worker.may_approve:
                    (inside if worker.name in names else outside).append(counts[number, worker.name])
        return outside, inside

    @staticmethod
    def _is_off(message: Message) -> bool:
        return message.worker is not None and not message.worker.is_on_duty(_when(message.at))

    def _is_second_app(self, message: Message) -> bool:
        return (
            message.worker is not None
            and message.kind not in ALARMS
            and any(
                other.text == message.text and 0 <= message.at - other.at < 900 and other is not message
                for other in self._of(message.worker, message.article)
                if other.chat != message.chat
            )
            and len(message.worker.addresses) > 1
        )

    def _of(self, worker: Worker, article: int) -> list[Message]:
        if not hasattr(self, "_by_person"):
            self._by_person: defaultdict[tuple[str, int], list[Message]] = defaultdict(list)
            for each in self.messages:
                if each.worker:
                    self._by_person[each.worker.name, each.article].append(each)
        return self._by_person[worker.name, article]

    def dispensable(self, message: Message) -> str:
        """Return why a busy editor could do without it, by the first rule that fits; empty: they could not."""
        kind, article = message.kind, message.article
        assert message.worker is not None
        apart = article in self.involved and message.worker.name not in self.involved[article]
        rules: tuple[tuple[str, Callable[[], bool]], ...] = (
            ("second app of the same person", lambda: self._is_second_app(message)),
            ("heading before a preview", lambda: kind == "preview-head"),
            ("preview of the other platform", lambda: kind == "preview" and self._is_others(message)),
            ("“is out” of an article one had no part in", lambda: apart and kind in OUT),
            ("answered by others, no part in it", lambda: apart and (kind in DECISIONS or kind == "card")),
            ("other people's changes, no part in it", lambda: apart and kind in CHANGES),
            ("countdown of an article one had no part in", lambda: apart and kind == "countdown"),
            ("question while off duty", lambda: kind in {*QUESTIONS, "preview"} and self._is_off(message)),
            ("card beside the news that says the same", lambda: kind == "card" and self._is_beside(message)),
        )
        return next((name for name, fits in rules if fits()), "")

    def _is_others(self, message: Message) -> bool:
        """True if it is the second preview of two."""
        same = self._of_chat(message)
        return any(each.kind == "preview" for each in same if each.id < message.id)

    def _is_beside(self, message: Message) -> bool:
        return any(each.kind in DECISIONS | CHANGES | OUT for each in self._of_chat(message))

    def _of_chat(self, message: Message) -> list[Message]:
        assert message.worker is not None
        near = self._of(message.worker, message.article)
        return [each for each in near if each.chat == message.chat and abs(each.at - message.at) < TOGETHER]

    # Questions

    def _questions(self) -> None:
        first, second, again = self._rounds()
        self.add("messages of a first question: mean, median, 90 %, max", spread(first), "1", well=_is(first, 1))
        self.add("… of a second round", spread(second), "1", well=_is(second, 1))
        self.add("… of a reminder", spread(again))
        wrong = Counter(filter(None, map(_contradiction, self.messages)))
        self.add("messages that contradict the state as they arrive", _listed(wrong) or "0", "0", well=not wrong)
        hand = self.week.at_hand
        missed = sum(count for how, count in hand.items() if how.startswith(("only", "not")))
        self.add("Viber: how ✅ was found", _listed(hand), "0 only by asking anew", well=not missed)

    def _rounds(self) -> tuple[list[int], list[int], list[int]]:
        """Return the messages of each first question, of each later one, and of each reminder, in one chat each."""
        first, second, again = list[int](), list[int](), list[int]()
        seen: defaultdict[tuple[Chat, int], set[str]] = defaultdict(set)
        for message in self.messages:
            bindings = {
                p.args["binding"] for p in message.presses if p.action.startswith("approve") and "binding" in p.args
            }
            if message.kind != "question" or message.answers or not bindings:
                continue
            size = sum(each.kind in {"question", "preview", "preview-head"} for each in self._of_chat(message))
            known = seen[message.chat, message.article]
            (again if bindings <= known else second if known else first).append(size)
            known |= bindings
        return first, second, again

    # What stands on the phones

    def _phones(self) -> None:
        looks, edits = self.looks, [each for each in self.messages if each.edits and each.kind == "countdown"]
        labels = looks.labels["all"]
        bad = looks.impossible.total()
        self.add(
            "Viber, hourly: impossible labels", f"{bad} of {labels}: {_listed(looks.impossible)}", "0", well=not bad
        )
        nameless = looks.unnamed.total()
        self.add("… labels that name no article", f"{nameless}: {_listed(looks.unnamed)}", "0", well=not nameless)
        stale, untrue = share(looks.stale.total(), looks.buttons), share(looks.untrue.total(), looks.cards)
        self.add(
            "Telegram, last 12 h, hourly: impossible buttons",
            f"{stale:.0f} % of {looks.buttons}: {_listed(looks.stale)}",
            "≤ 5 %",
            well=stale <= 5,
        )
        self.add(
            "… cards untrue", f"{untrue:.0f} % of {looks.cards}: {_listed(looks.untrue)}", "≤ 2 %", well=untrue <= 2
        )
        out = max(1, len(self.involved))
        counted = sum(each.edits for each in edits) / out
        self.add("countdown edits per published article", f"{counted:.1f}", "≤ 2", well=counted <= 2)
        every = sum(each.edits for each in self.messages)
        self.add("edits of messages, per published article", f"{every / out:.1f}")
        runs = self._longest_runs()
        top = ", ".join(f"{name} {count}" for name, count in runs.most_common(4))
        self.add("longest run of the bot within a day, by chat", top, "≤ 25", well=not runs or max(runs.values()) <= 25)
        hour, who = self._busiest_viber_hour()
        self.add("Viber: most unanswered messages to one person in an hour", f"{hour} ({who})", "≤ 20", well=hour <= 20)

    def _longest_runs(self) -> Counter[str]:
        runs = Counter[str]()
        for chat, messages in _by_chat(self.messages).items():
            run, words = 0, sorted(self.week.record.words[chat])
            for before, message in zip([None, *messages], messages, strict=False):
                broken = before is None or _when(before.at).date() != _when(message.at).date()
                broken = broken or any(before.at <= at <= message.at for at in words if before is not None)
                run = 1 if broken else run + 1
                name = f"{message.worker.name if message.worker else ''}/{chat[0]}"
                runs[name] = max(runs[name], run)
        return runs

    def _busiest_viber_hour(self) -> tuple[int, str]:
        most, who = 0, "nobody"
        for chat, messages in _by_chat(self.messages).items():
            words = self.week.record.words[chat]
            for message in messages if chat[0] == Platform.VIBER else ():
                since = max([message.at - HOUR, *(at for at in words if at <= message.at)])
                count = sum(since < each.at <= message.at for each in messages)
                if count > most:
                    most, who = count, message.worker.name if message.worker else ""
        return most, who

    # The articles

    async def _articles(self) -> None:
        calm: defaultdict[tuple[str, Route], list[int]] = defaultdict(list)
        stuck = []
        for story in self.week.stories.values():
            stage = await self.week.stage(story)
            if stage in OVER and story.number in self.involved and not story.troubles:
                who = "editor" if story.author.may_approve else "reporter"
                calm[who, story.route].append(story.acts)
            if await self.week.is_stuck(story):
                stuck.append(f"#{story.number} {stage}")
        most = {Route.NOW: 3, Route.NEXT: 3, Route.AT: 4}
        for (who, route), acts in sorted(calm.items(), key=str):
            middle = statistics.median(acts)
            self.add(
                f"acts from queue to published, {who}, {route.value}: mean, median, 90 %, max",
                spread(acts),
                f"≤ {most[route]}",
                well=middle <= most[route],
            )
        lost, twice = await self._arrivals()
        self.add("questions that never arrived", ", ".join(lost) or "0", "0", well=not lost)
        self.add("questions that came twice within 10 minutes", _listed(twice) or "0", "0", well=not twice)
        self.add("articles stuck", ", ".join(stuck) or "0", "0", well=not stuck)
        self.add("articles written, out", f"{len(self.week.stories)}, {len(self.involved)}")
        self.add(
            "acts, words without an answer", f"{self.week.seen['acts']}, {self.week.seen['words without an answer']}"
        )

    async def _arrivals(self) -> tuple[list[str], Counter[str]]:
        asked = await self.week.house.rows("SELECT article_id, asked_at, closed_at FROM review WHERE kind = 'before'")
        end = self.week.house.now.timestamp()
        came: defaultdict[int, list[Message]] = defaultdict(list)
        for message in self.messages:
            if message.kind in QUESTIONS:
                for number in {message.article, *(press.article for press in message.presses)}:
                    came[number].append(message)
        lost = []
        for row in asked:
            begin, until = row["asked_at"] / 1000 - 1, (row["closed_at"] or end * 1000) / 1000
            if until - begin > 20 * 60 and not any(begin <= each.at <= until for each in came[row["article_id"]]):
                lost.append(f"#{row['article_id']}")
        twice = Counter[str]()
        for number, messages in came.items():
            last: dict[tuple[Chat, str], float] = {}
            for message in messages:
                if message.answers or message.kind != "question":
                    continue
                for binding in {press.args.get("binding", "") for press in message.presses} - {""}:
                    if message.at - last.get((message.chat, binding), 0.0) < 600:
                        twice[f"#{number}"] += 1
                    last[message.chat, binding] = message.at
        return lost, twice

    @property
    def missed(self) -> int:
        return sum(not row.well for row in self.rows)

    def kinds(self) -> Counter[str]:
        return Counter(each.kind for each in self.messages)


def _is(values: Sequence[float], target: float) -> bool:
    """True if nearly all are what they should be."""
    return not values or share(sum(value <= target for value in values), len(values)) >= 95


def _counted(messages: Iterable[Message]) -> str:
    kinds = Counter(each.kind for each in messages)
    return f"{kinds.total()}: {_listed(kinds)}" if kinds else "0"


def _listed(counts: Counter[str]) -> str:
    return "; ".join(f"{name} {count}" for name, count in counts.most_common(6))


def _when(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC)


def _at_night(at: float) -> bool:
    local = _when(at).astimezone(ZONE).time()
    return local >= NIGHT[0] or local < NIGHT[1]


def _by_chat(messages: Iterable[Message]) -> dict[Chat, list[Message]]:
    found: defaultdict[Chat, list[Message]] = defaultdict(list)
    for message in messages:
        found[message.chat].append(message)
    return found


def _contradiction(message: Message) -> str:
    """Return what is untrue about a message in the moment in which it comes."""
    if message.answers or not message.stage:
        return ""
    if message.kind == "question" and (message.stage in OVER or not message.lacked):
        return f"{message.chat[0]} question of an article that is {message.stage}"
    head = message.came.partition("\n")[0].split(" · ")
    if message.kind == "card" and len(head) > 1 and not says_stage(head[1].strip(), Stage(message.stage)):
        return f"{message.chat[0]} card says {head[1].strip()}, it is {message.stage}"
    return ""


async def _involved(week: Week) -> dict[int, set[str]]:
    """Return by published article who wrote, timed, approved or published it, by the log of acts."""
    house = week.house
    out = {row[0] for row in await house.rows("SELECT id FROM article WHERE state = :out", out=EntryState.PUBLISHED)}
    names = {f"person:{row[0]}": row[1] for row in await house.rows("SELECT id, name FROM member")}
    found: dict[int, set[str]] = {number: set() for number in out}
    for row in await house.rows("SELECT actor, subject FROM audit WHERE subject LIKE 'article:%'"):
        number = int(row["subject"].partition(":")[2])
        if number in found and row["actor"] in names:
            found[number].add(names[row["actor"]])
    return found
