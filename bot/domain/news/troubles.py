"""News about what goes wrong, and about its end: platforms, the disk, rights, the audit log, the desk itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import ClassVar

from bot.domain.article import Platform
from bot.domain.attention import Matter
from bot.domain.news.base import News
from bot.domain.people import Role
from bot.domain.safeguards import Weakening

#: A trouble is over after this time without it.
SETTLED = timedelta(minutes=1)
#: A trouble that came back is told no sooner than this after it was told last.
TOLD_AGAIN = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Trouble(News):
    """Something that is not well, until it is over.

    It is over after a minute without it, and one that came back is told again at most every quarter of an hour: it came
    `times` times since `since` (in seconds since 1970), and `is_over` by the time it is told.
    """

    matter = Matter.HOUSE
    must_arrive = True
    #: False for what no machine ends, so that each time is one of its own.
    comes_back: ClassVar[bool] = True
    times: int = field(default=1, kw_only=True)
    since: float = field(default=0.0, kw_only=True)
    is_over: bool = field(default=False, kw_only=True)

    @property
    def end(self) -> News | None:
        """The news that tells the desk of the end; None: it is not told."""
        return None


@dataclass(frozen=True, slots=True)
class PlatformTrouble(Trouble):
    """`reason` is what the platform said."""

    on_every_app = True  # the one that is used most may be the one that is ill
    #: The kind of this trouble among all that may last on one platform at once.
    lasting: ClassVar[str] = "platform"
    platform: Platform
    reason: str

    @property
    def key(self) -> str:
        """The key of this trouble among all that last."""
        return f"{self.lasting}:{self.platform}"

    @property
    def end(self) -> News | None:
        return PlatformBack(self.platform)


@dataclass(frozen=True, slots=True)
class PlatformDown(PlatformTrouble):
    matter = Matter.ALARM
    code = "platform_down"


@dataclass(frozen=True, slots=True)
class PlatformMisconfigured(PlatformTrouble):
    code = "platform_misconfigured"


@dataclass(frozen=True, slots=True)
class TokenShared(PlatformTrouble):
    """Another program fetches with the bot's token what people say to us."""

    matter = Matter.ALARM
    code, lasting = "token_shared", "token"


@dataclass(frozen=True, slots=True)
class HookTaken(PlatformTrouble):
    """Somebody told the platform to call another machine than ours, `reason`, or nobody; it was put right."""

    code, lasting = "hook_taken", "webhook"

    @property
    def end(self) -> News | None:
        return None  # it was put right when it was told


@dataclass(frozen=True, slots=True)
class HookFought(PlatformTrouble):
    """The same again within the hour: another program fights with us for the calls, and it is not put right."""

    matter = Matter.ALARM
    code, lasting = "hook_fought", "webhook_fight"


@dataclass(frozen=True, slots=True)
class PlatformHeld(PlatformTrouble):
    """The platform wants nothing of an account of ours until `until` (in seconds since 1970)."""

    code = "platform_held"
    account: str
    until: float

    @property
    def key(self) -> str:
        return f"held:{self.account}"

    @property
    def end_of_wait(self) -> float:
        return self.until


@dataclass(frozen=True, slots=True)
class BroadcastsRefused(PlatformTrouble):
    code, comes_back = "not_for_many", False


@dataclass(frozen=True, slots=True)
class PaidRefused(Trouble):
    code, comes_back = "paid_refused", False
    reason: str


@dataclass(frozen=True, slots=True)
class PlatformBack(News):
    matter = Matter.HOUSE
    code = "platform_back"
    platform: Platform


@dataclass(frozen=True, slots=True)
class DiskFull(Trouble):
    matter = Matter.ALARM
    code = "disk_full"

    @property
    def end(self) -> News | None:
        return DiskHasRoom()


@dataclass(frozen=True, slots=True)
class DiskHasRoom(News):
    matter = Matter.HOUSE
    code = "disk_has_room"


@dataclass(frozen=True, slots=True)
class ClockWrong(Trouble):
    """Our clock is `behind` a platform's by that many seconds, ahead of it if negative."""

    code = "clock_wrong"
    platform: Platform
    behind: float

    @property
    def key(self) -> str:
        return "clock"

    @property
    def end(self) -> News | None:
        return ClockRight()


@dataclass(frozen=True, slots=True)
class ClockRight(News):
    matter = Matter.HOUSE
    code = "clock_right"


@dataclass(frozen=True, slots=True)
class BackupFailed(Trouble):
    """The daily backup was not made, or can't be restored. Told to the owners, who know the operator."""

    code, least = "backup_failed", Role.OWNER
    reason: str

    @property
    def end(self) -> News | None:
        return BackupMade()


@dataclass(frozen=True, slots=True)
class BackupMade(News):
    matter = Matter.HOUSE
    code, least = "backup_made", Role.OWNER


@dataclass(frozen=True, slots=True)
class FeedFails(Trouble):
    """A feed failed several times in a row, for this `reason`. Told to the owners, whose setting it is."""

    code, least = "feed_fails", Role.OWNER
    feed: str
    reason: str


@dataclass(frozen=True, slots=True)
class RightsLost(Trouble):
    code = "rights_lost"
    title: str


@dataclass(frozen=True, slots=True)
class GroupMoved(Trouble):
    code, comes_back = "group_moved", False
    title: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class NoTopics(Trouble):
    code, in_groups = "no_topics", True


@dataclass(frozen=True, slots=True)
class Restored(Trouble):
    code, comes_back = "restored", False


@dataclass(frozen=True, slots=True)
class LogAltered(Trouble):
    """`entry` is the first that is not as it was written."""

    matter = Matter.ALARM
    code, in_groups, comes_back = "log_altered", True, False
    entry: int


@dataclass(frozen=True, slots=True)
class RowsAltered(Trouble):
    """Some `rows` of the database are not as the log of acts says."""

    matter = Matter.ALARM
    code, in_groups, comes_back = "rows_altered", True, False
    rows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FewApprovers(Trouble):
    """More approvals are `needed` than there are `others` beside the author; `rules` ask for them, or all do."""

    code, least, comes_back = "few_approvers", Role.OWNER, False
    needed: int
    others: int
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RulesWait(Trouble):
    """newsroom.toml or OWNERS asks for less than what counts; `needed` owners decide the question `asked`."""

    code, least = "rules_wait", Role.OWNER
    asked: str
    weakening: tuple[Weakening, ...]
    needed: int = 1


@dataclass(frozen=True, slots=True)
class CodesGuessed(News):
    """`codes` one-time codes that do not exist were typed within an hour, by `people` people."""

    matter = Matter.HOUSE
    code, least, must_arrive = "codes_guessed", Role.OWNER, True
    codes: int
    people: int
