"""The safeguards of a newsroom: what newsroom.toml and OWNERS ask for before anything leaves, and what weakens it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import time, timedelta
from enum import StrEnum

from bot.domain.article import Address
from bot.domain.evidence import Evidence
from bot.domain.outlet import Channel
from bot.domain.risk import Rule
from bot.domain.stored import Stored


class Guard(StrEnum):
    """A kind of safeguard that a change may weaken."""

    APPROVALS = "approvals"
    APPROVE_AFTER = "approve_after"
    UNDO = "undo"
    SLACK = "slack"
    EVIDENCE = "evidence"
    HEAD = "head"
    GROUP = "group"
    OWNER_COMES = "owner_comes"
    OWNER_GOES = "owner_goes"
    RISK_GONE = "risk_gone"
    RISK_WEAKER = "risk_weaker"
    CHANNEL_NEW = "channel_new"
    CHANNEL_MOVED = "channel_moved"
    CHANNEL_WIDER = "channel_wider"


@dataclass(frozen=True, slots=True)
class Weakening:
    """One safeguard that asks for less than before. `rule`: its name in newsroom.toml; `name`: what people call it.

    `before`, `after`: its values; of a span of time its seconds.
    """

    guard: Guard
    rule: str
    before: str = ""
    after: str = ""
    name: str = ""

    def __str__(self) -> str:
        return f"{self.rule}: {self.before or '–'} → {self.after or '–'}"


@dataclass(frozen=True, slots=True)
class Safeguards(Stored):
    """`approvals`: how many people other than its authors approve every article. `approve_after`: how long a newcomer
    approves nothing. `undo`: how long a publication can be stopped. `slack`: as far from the time that was approved an
    article may be moved without a second round. `head_at`: when the end of the log is told; None:
    never. `groups`: ids of the desk's own Telegram groups. `owners`: the addresses of OWNERS.
    """

    code = "safeguards"
    approvals: int = 0
    approve_after: timedelta = timedelta(0)
    undo: timedelta = timedelta(0)
    evidence: frozenset[Evidence] = frozenset()
    head_at: time | None = None
    groups: tuple[str, ...] = ()
    owners: tuple[Address, ...] = ()
    risks: tuple[Rule, ...] = ()
    channels: tuple[Channel, ...] = ()
    slack: timedelta = timedelta(hours=2)


SAFEGUARDS = {Safeguards.code: Safeguards}


def weakened(earlier: Safeguards, wanted: Safeguards) -> tuple[Weakening, ...]:
    """All that lets more out in `wanted`, or lets it go elsewhere, or gives somebody a right or takes an owner's."""
    return (*_numbers(earlier, wanted), *_sets(earlier, wanted), *_risks(earlier, wanted), *_ways(earlier, wanted))


def merged(earlier: Safeguards, wanted: Safeguards) -> Safeguards:
    """The earlier safeguards where the wanted ones are weaker, and the wanted ones everywhere else."""
    return Safeguards(
        approvals=max(earlier.approvals, wanted.approvals),
        approve_after=max(earlier.approve_after, wanted.approve_after),
        undo=max(earlier.undo, wanted.undo),
        slack=min(earlier.slack, wanted.slack),
        evidence=earlier.evidence | wanted.evidence,
        head_at=wanted.head_at or earlier.head_at,
        groups=tuple(each for each in wanted.groups if each in earlier.groups),
        owners=wanted.owners if set(wanted.owners) == set(earlier.owners) else earlier.owners,
        risks=tuple(_both_risks(earlier, wanted)),
        channels=tuple(_safe_channels(earlier, wanted)),
    )


# Numbers, spans and lists


def _numbers(earlier: Safeguards, wanted: Safeguards) -> Iterator[Weakening]:
    if wanted.approvals < earlier.approvals:
        yield Weakening(Guard.APPROVALS, "desk.approvals", str(earlier.approvals), str(wanted.approvals))
    for guard, before, after in (
        (Guard.APPROVE_AFTER, earlier.approve_after, wanted.approve_after),
        (Guard.UNDO, earlier.undo, wanted.undo),
    ):
        if after < before:
            yield Weakening(guard, f"desk.{guard}", f"{before.total_seconds():g}", f"{after.total_seconds():g}")
    if earlier.slack < wanted.slack:
        spans = f"{earlier.slack.total_seconds():g}", f"{wanted.slack.total_seconds():g}"
        yield Weakening(Guard.SLACK, "desk.slack", *spans)
    if earlier.head_at is not None and wanted.head_at is None:
        yield Weakening(Guard.HEAD, "desk.head_at", f"{earlier.head_at:%H:%M}")


def _sets(earlier: Safeguards, wanted: Safeguards) -> Iterator[Weakening]:
    for each in sorted(earlier.evidence - wanted.evidence):
        yield Weakening(Guard.EVIDENCE, "evidence.required", before=each)
    for group in wanted.groups:
        if group not in earlier.groups:
            yield Weakening(Guard.GROUP, "desk.groups", after=group)
    for owner in wanted.owners:
        if owner not in earlier.owners:
            yield Weakening(Guard.OWNER_COMES, "OWNERS", after=str(owner))
    for owner in earlier.owners:
        if owner not in wanted.owners:
            yield Weakening(Guard.OWNER_GOES, "OWNERS", before=str(owner))


# Risk rules


def _risks(earlier: Safeguards, wanted: Safeguards) -> Iterator[Weakening]:
    now = {rule.key: rule for rule in wanted.risks}
    for rule in earlier.risks:
        after = now.get(rule.key)
        if after is None:
            yield Weakening(Guard.RISK_GONE, f"risks.{rule.key}", before=rule.title, name=rule.title)
        elif _asks_less(rule, after):
            before, changed = _differing(rule, after)
            yield Weakening(Guard.RISK_WEAKER, f"risks.{rule.key}", before, changed, rule.title)


def _both_risks(earlier: Safeguards, wanted: Safeguards) -> Iterator[Rule]:
    """The wanted rules, and beside each that asks for less its earlier form, as the strictest of all counts."""
    now = {rule.key: rule for rule in wanted.risks}
    yield from wanted.risks
    yield from (rule for rule in earlier.risks if rule.key not in now or _asks_less(rule, now[rule.key]))


def _asks_less(earlier: Rule, wanted: Rule) -> bool:
    """True if some article needs less by the wanted rule: it covers fewer articles, or asks for less."""
    needs = wanted.approvals >= earlier.approvals and wanted.hold >= earlier.hold
    return not (needs and set(earlier.checklist) <= set(wanted.checklist) and _covers_all_of(earlier, wanted))


def _covers_all_of(earlier: Rule, wanted: Rule) -> bool:
    """Each condition of the wanted rule must be one of the earlier rule's, and be met as easily."""
    lists: tuple[tuple[Iterable[str], Iterable[str]], ...] = (
        (earlier.topics, wanted.topics),
        (earlier.words, wanted.words),
    )
    for before, after in lists:
        if after and not (before and set(before) <= set(after)):
            return False
    return (earlier.anonymous_source or not wanted.anonymous_source) and (
        earlier.named_person or not wanted.named_person
    )


def _differing(earlier: object, wanted: object) -> tuple[str, str]:
    """Return the fields in which two rules or channels differ, of each as newsroom.toml names them.

    Of a list only what the other one lacks: one word of a hundred must not be out of sight.
    """
    names = [each.name for each in fields(earlier)]  # type: ignore[arg-type]
    names = [each for each in names if getattr(earlier, each) != getattr(wanted, each) and each != "title"]
    return _beyond(earlier, wanted, names), _beyond(wanted, earlier, names)


def _beyond(one: object, other: object, names: Iterable[str]) -> str:
    """The fields of `one` with these names, without what `other` has in the same list."""
    shown = []
    for name in names:
        value, beside = getattr(one, name), getattr(other, name)
        if isinstance(value, tuple | frozenset) and value and beside:
            value = frozenset(value) - frozenset(beside)
        shown.append(f"{name} {_text(value)}")
    return "; ".join(shown)


def _text(value: object) -> str:
    if isinstance(value, timedelta):
        return f"{value.total_seconds() / 60:g} min"
    if isinstance(value, tuple | frozenset):
        return ", ".join(sorted(value)) or "–"
    return str(value) or "–"


# Channels


def _ways(earlier: Safeguards, wanted: Safeguards) -> Iterator[Weakening]:
    for channel in wanted.channels:
        before, rule = _earlier_of(channel, earlier), f"channels.{channel.key}"
        if before is None:
            yield Weakening(Guard.CHANNEL_NEW, rule, after=_where(channel), name=channel.key)
        elif _face(before) != _face(channel):
            yield Weakening(Guard.CHANNEL_MOVED, rule, *_differing(before, channel), channel.key)
        elif _takes_more(before, channel):
            yield Weakening(Guard.CHANNEL_WIDER, rule, *_differing(before, channel), channel.key)


def _safe_channels(earlier: Safeguards, wanted: Safeguards) -> Iterator[Channel]:
    """No place twice: readers would get articles twice."""
    places = set()
    for channel in wanted.channels:
        before = _earlier_of(channel, earlier)
        if before is None:
            continue
        safe = channel if _face(before) == _face(channel) and not _takes_more(before, channel) else before
        if _place(safe) not in places:
            places.add(_place(safe))
            yield safe


def _earlier_of(channel: Channel, earlier: Safeguards) -> Channel | None:
    """The channel that it was: of the same name, or the same place under another name."""
    named = [each for each in earlier.channels if each.key == channel.key]
    placed = [each for each in earlier.channels if _place(each) == _place(channel)]
    return next(iter([*named, *placed]), None)


def _place(channel: Channel) -> tuple[str, str]:
    return channel.platform, channel.chat.casefold()


def _face(channel: Channel) -> tuple[str, str, str]:
    """The place, and in whose name we post there."""
    return *_place(channel), channel.poster


def _where(channel: Channel) -> str:
    return f"{channel.platform} {channel.chat}".rstrip()


def _takes_more(earlier: Channel, wanted: Channel) -> bool:
    language = bool(earlier.language) and wanted.language != earlier.language
    return language or (bool(earlier.topics) and not (wanted.topics and wanted.topics <= earlier.topics))
