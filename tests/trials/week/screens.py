"""Figures: what stands on the phones, how often it is redrawn, and how much comes at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from bot.domain import Platform
from tests.trials.week.evidence import Evidence, Row, listed, share, when

HOUR = 3600.0


def rows(evidence: Evidence) -> Iterator[Row]:
    looks = evidence.looks
    labels, bad = looks.labels["all"], looks.impossible.total()
    measured = f"{bad} of {labels}: {listed(looks.impossible)}"
    yield Row("Viber, hourly: impossible labels", measured, "0", well=not bad)
    nameless = looks.unnamed.total()
    yield Row("… labels that name no article", f"{nameless}: {listed(looks.unnamed)}", "0", well=not nameless)
    stale, untrue = share(looks.stale.total(), looks.buttons), share(looks.untrue.total(), looks.cards)
    measured = f"{stale:.1f} % of {looks.buttons}: {listed(looks.stale)}"
    yield Row("Telegram, last 12 h, hourly: impossible buttons", measured, "≤ 5 %", well=stale <= 5)
    measured = f"{untrue:.1f} % of {looks.cards}: {listed(looks.untrue)}"
    yield Row("… cards untrue", measured, "≤ 2 %", well=untrue <= 2)
    yield from _edits(evidence)
    yield from _crowds(evidence)


def _edits(evidence: Evidence) -> Iterator[Row]:
    out = max(1, len(evidence.out))
    ticks = sum(each.edits for each in evidence.messages if each.kind == "countdown") / out
    yield Row("countdown edits per published article", f"{ticks:.1f}", "≤ 2", well=ticks <= 2)
    yield Row("edits of messages, per published article", f"{sum(each.edits for each in evidence.messages) / out:.1f}")


def _crowds(evidence: Evidence) -> Iterator[Row]:
    runs = _longest_runs(evidence)
    top = ", ".join(f"{name} {count}" for name, count in runs.most_common(4))
    most = max(runs.values(), default=0)
    yield Row("longest run of the bot within a day, by chat", top, "≤ 25", well=most <= 25)
    hours = _viber_hours(evidence)
    who, most = hours.most_common(1)[0] if hours else ("nobody", 0)
    yield Row("Viber: most unanswered messages in an hour to one person", f"{most} ({who})", "≤ 20", well=most <= 20)


def _longest_runs(evidence: Evidence) -> Counter[str]:
    """Return by chat the most messages in a row without a word of its person, within one day."""
    runs = Counter[str]()
    for chat, messages in evidence.by_chat.items():
        said = [(at, 0) for at in evidence.week.record.words[chat]]
        day, run = None, 0
        for at, count in sorted([*said, *((each.at, 1) for each in messages)]):
            run = run + 1 if count and when(at).date() == day else count
            day = when(at).date()
            name = f"{messages[0].name_of}/{chat[0]}"
            runs[name] = max(runs[name], run)
    return runs


def _viber_hours(evidence: Evidence) -> Counter[str]:
    """Return by person the most messages within an hour since they wrote last."""
    found = Counter[str]()
    for chat, messages in evidence.by_chat.items():
        words = evidence.week.record.words[chat]
        for message in messages if chat[0] == Platform.VIBER else ():
            since = max([message.at - HOUR, *(at for at in words if at <= message.at)])
            count = sum(since < each.at <= message.at for each in messages)
            found[message.name_of] = max(found[message.name_of], count)
    return found
