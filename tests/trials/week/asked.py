"""Figures: questions, in how many messages they come, whether they arrive, and whether they are true then."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from bot.domain.life import Stage
from tests.trials.week.evidence import QUESTIONS, Evidence, Row, keep_to, listed, spread
from tests.trials.week.looks import HEAD, says_stage
from tests.trials.week.record import Chat, Message
from tests.trials.week.week import OVER

#: Seconds after which a question that is open must have come to somebody, and within which it comes once.
ARRIVES, ONCE = 1200.0, 600.0


async def rows(evidence: Evidence) -> list[Row]:
    return [*_sizes(evidence), *await _arrivals(evidence)]


def _sizes(evidence: Evidence) -> Iterator[Row]:
    first, second, again = _rounds(evidence)
    yield Row("messages of a first question: mean, median, 90 %, max", spread(first), "1", well=keep_to(first, 1))
    yield Row("… of a second round", spread(second), "1", well=keep_to(second, 1))
    yield Row("… of a reminder", spread(again))
    proofs = evidence.week.proofs
    yield Row("new messages at a press of status or source", spread(proofs), "≤ 1", well=keep_to(proofs, 1))
    wrong = Counter(why for each in evidence.messages if (why := _contradiction(each)))
    yield Row("messages that contradict the state as they arrive", listed(wrong), "0", well=not wrong)
    hand = evidence.week.at_hand
    missed = sum(count for how, count in hand.items() if how.startswith(("only", "not")))
    yield Row("Viber: where ✅ was found", listed(hand), "0 only by asking all again", well=not missed)


def _rounds(evidence: Evidence) -> tuple[list[int], list[int], list[int]]:
    """Return the messages of each first question, of each later one, and of each reminder, in one chat each."""
    first, second, again = list[int](), list[int](), list[int]()
    seen: defaultdict[tuple[Chat, int], set[str]] = defaultdict(set)
    for message in evidence.messages:
        bindings = _bindings(message)
        if message.kind != "question" or message.answers or not bindings:
            continue
        size = sum(each.kind in {"question", "preview"} for each in evidence.beside(message))
        known = seen[message.chat, message.article]
        (again if bindings <= known else second if known else first).append(size)
        known |= bindings
    return first, second, again


def _bindings(message: Message) -> set[str]:
    """Return what a yes to this question would be given to."""
    yes = [each for each in message.offered if each.action.startswith("approve")]
    return {each.args["binding"] for each in yes if "binding" in each.args}


def _contradiction(message: Message) -> str:
    """Return what is untrue about a message in the moment in which it comes."""
    if message.answers or not message.stage:
        return ""
    if message.kind == "question" and (message.stage in OVER or not message.lacked):
        return f"{message.chat[0]} question of an article that is {message.stage}"
    head = HEAD.search(message.came)
    if message.kind == "card" and head is not None and not says_stage(head[2].strip(), Stage(message.stage)):
        return f"{message.chat[0]} card says {head[2].strip()}, it is {message.stage}"
    return ""


async def _arrivals(evidence: Evidence) -> list[Row]:
    came = _came(evidence)
    end = evidence.week.house.now.timestamp()
    sql = "SELECT article_id, asked_at, closed_at FROM review WHERE kind = 'before'"
    lost = []
    for row in await evidence.week.house.rows(sql):
        begin, until = row["asked_at"] / 1000 - 1, (row["closed_at"] or end * 1000) / 1000
        arrived = any(begin <= each.at <= until for each in came[row["article_id"]])
        if until - begin > ARRIVES and not arrived:
            lost.append(f"#{row['article_id']}")
    twice = Counter(f"#{number}" for number, messages in came.items() for _ in _repeated(messages))
    return [
        Row("questions that never arrived", ", ".join(lost) or "0", "0", well=not lost),
        Row("questions that came twice within 10 minutes", listed(twice), "0", well=not twice),
    ]


def _came(evidence: Evidence) -> defaultdict[int, list[Message]]:
    came: defaultdict[int, list[Message]] = defaultdict(list)
    for message in evidence.messages:
        if message.kind in QUESTIONS:
            for number in {message.article, *(press.article for press in message.offered)}:
                came[number].append(message)
    return came


def _repeated(messages: list[Message]) -> Iterator[Message]:
    """Yield the questions that came to the same chat shortly before, about exactly the same."""
    last: dict[tuple[Chat, str], float] = {}
    for message in messages:
        if message.answers or message.kind != "question":
            continue
        for binding in _bindings(message):
            if message.at - last.get((message.chat, binding), 0.0) < ONCE:
                yield message
            last[message.chat, binding] = message.at
