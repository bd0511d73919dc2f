"""Figures: who is told what, and what of it a busy editor could do without."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from tests.trials.week.evidence import QUESTIONS, Evidence, Row, at_night, counted, is_off, listed, mean, share, spread
from tests.trials.week.judge import CHANGES, DECISIONS, OUT, is_alarm, rings_everywhere
from tests.trials.week.record import Message

#: Pushed to somebody without a part in a published article, where people can say when they work, and where not.
WITH_DUTY, WITHOUT = 1, 3
#: Seconds within which the same words on the other app are not yet said again because nobody answered.
SAME_NEWS = 570.0


def rows(evidence: Evidence) -> Iterator[Row]:
    outside, inside = _by_article(evidence)
    most = WITH_DUTY if evidence.week.has_duty else WITHOUT
    told = "pushed per published article, editor or owner not involved: mean, median, 90 %, max"
    yield Row(told, spread(outside), f"≤ {most}", well=mean(outside) <= most)
    yield Row("… involved", spread(inside), "≤ 4", well=mean(inside) <= 4)
    pushed = evidence.pushed
    yield Row("pushed to each", listed_all(Counter(each.name_of for each in pushed)))
    night = [each for each in pushed if at_night(each.at) and is_off(each) and not is_alarm(each)]
    yield Row("at night (23–07) to people off duty, but alarms", counted(night), "0", well=not night)
    yield Row("questions to people off duty", str(sum(is_off(each) and each.kind in QUESTIONS for each in pushed)))
    both = sum(_is_second_app(evidence, each) for each in pushed)
    yield Row("the owner with two apps: told the same on both", str(both), "0", well=not both)
    theirs = [each for each in pushed if each.worker is not None and each.worker.may_approve]
    reasons = Counter(why for each in theirs if (why := dispensable(evidence, each)))
    part = share(reasons.total(), len(theirs))
    measured = f"{part:.0f} % of {len(theirs)}: {listed(reasons)}"
    yield Row("share of messages that a busy editor or owner could do without", measured, "≤ 15 %", well=part <= 15)


def listed_all(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.most_common())


def _by_article(evidence: Evidence) -> tuple[list[int], list[int]]:
    """Return how often each editor and owner was told of each published article: those without a part, and with."""
    outside, inside = list[int](), list[int]()
    for number in sorted(evidence.out):
        for worker in evidence.week.ever_here:
            if worker.may_approve:
                told = sum(not each.answers for each in evidence.by_person[worker.name, number])
                (inside if worker.name in evidence.involved.get(number, ()) else outside).append(told)
    return outside, inside


def dispensable(evidence: Evidence, message: Message) -> str:
    """Return why a busy editor could do without it, by the first rule that fits; empty: they could not."""
    kind = message.kind
    apart = message.name_of not in evidence.involved.get(message.article, {message.name_of})
    rules: tuple[tuple[str, Callable[[], bool]], ...] = (
        ("second app of the same person", lambda: _is_second_app(evidence, message)),
        ("preview of the other platform", lambda: kind == "preview" and _is_second(evidence, message)),
        ("“is out” of an article one had no part in", lambda: apart and kind in OUT),
        ("answered by others, no part in it", lambda: apart and (kind in DECISIONS or kind == "card")),
        ("other people's changes, no part in it", lambda: apart and kind in CHANGES),
        ("countdown of an article one had no part in", lambda: apart and kind == "countdown"),
        ("question while off duty and others are asked", lambda: _is_asked_away(evidence, message)),
        ("card beside the news that says the same", lambda: kind == "card" and _is_beside_news(evidence, message)),
    )
    return next((name for name, fits in rules if fits()), "")


def _is_second_app(evidence: Evidence, message: Message) -> bool:
    if message.worker is None or len(message.worker.addresses) < 2 or rings_everywhere(message):
        return False
    others = [each for each in evidence.by_person[message.name_of, message.article] if each.chat != message.chat]
    return any(each.came == message.came and 0 <= message.at - each.at < SAME_NEWS for each in others)


def _is_second(evidence: Evidence, message: Message) -> bool:
    return any(each.kind == "preview" for each in evidence.beside(message) if each.id < message.id)


def _is_asked_away(evidence: Evidence, message: Message) -> bool:
    if message.kind not in {*QUESTIONS, "preview"} or not is_off(message):
        return False
    near = [each for worker in evidence.week.ever_here for each in evidence.by_person[worker.name, message.article]]
    return any(each.kind in QUESTIONS and not is_off(each) and each.at - 3600 <= message.at for each in near)


def _is_beside_news(evidence: Evidence, message: Message) -> bool:
    return any(each.kind in DECISIONS | CHANGES | OUT for each in evidence.beside(message))
