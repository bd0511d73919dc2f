"""News about what goes wrong, and about its end: platforms, the disk, rights, the audit log, the desk itself."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.article import Platform
from bot.domain.news.base import News
from bot.domain.people import Role


@dataclass(frozen=True, slots=True)
class Trouble(News):
    must_arrive = True


@dataclass(frozen=True, slots=True)
class PlatformTrouble(Trouble):
    """`reason` is what the platform said."""

    platform: Platform
    reason: str


@dataclass(frozen=True, slots=True)
class PlatformDown(PlatformTrouble):
    code = "platform_down"


@dataclass(frozen=True, slots=True)
class PlatformMisconfigured(PlatformTrouble):
    code = "platform_misconfigured"


@dataclass(frozen=True, slots=True)
class BroadcastsRefused(PlatformTrouble):
    code = "not_for_many"


@dataclass(frozen=True, slots=True)
class PaidRefused(Trouble):
    code = "paid_refused"
    reason: str


@dataclass(frozen=True, slots=True)
class PlatformBack(News):
    code = "platform_back"
    platform: Platform


@dataclass(frozen=True, slots=True)
class DiskFull(Trouble):
    code = "disk_full"


@dataclass(frozen=True, slots=True)
class DiskHasRoom(News):
    code = "disk_has_room"


@dataclass(frozen=True, slots=True)
class RightsLost(Trouble):
    code = "rights_lost"
    title: str


@dataclass(frozen=True, slots=True)
class GroupMoved(Trouble):
    code = "group_moved"
    title: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class NoTopics(Trouble):
    code, in_groups = "no_topics", True


@dataclass(frozen=True, slots=True)
class Restored(Trouble):
    code = "restored"


@dataclass(frozen=True, slots=True)
class LogAltered(Trouble):
    """`entry` is the first that is not as it was written."""

    code, in_groups = "log_altered", True
    entry: int


@dataclass(frozen=True, slots=True)
class RowsAltered(Trouble):
    """Some `rows` of the database are not as the log of acts says."""

    code, in_groups = "rows_altered", True
    rows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FewApprovers(Trouble):
    """More approvals are `needed` than there are `others` beside the author; `rules` ask for them, or all do."""

    code, least = "few_approvers", Role.OWNER
    needed: int
    others: int
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CodesGuessed(News):
    """`codes` one-time codes that do not exist were typed within an hour, by `people` people."""

    code, least, must_arrive = "codes_guessed", Role.OWNER, True
    codes: int
    people: int
