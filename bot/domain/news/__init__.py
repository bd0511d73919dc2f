"""What the desk is told: a small value for each piece of news, with those whom it concerns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from bot.domain.article import Address, Platform
from bot.domain.people import Person, Role, allowed
from bot.domain.readiness import Obstacle
from bot.domain.review import Verdict
from bot.domain.stored import AboutArticle, AboutDispatch, Stored


class News(Stored):
    """`least` is the least role that is told. `must_arrive`: it is repeated until it has arrived.

    `in_topic`: it is said in its article's topic too, where a group has topics; `in_groups`: in each of the desk's
    groups.
    """

    __slots__ = ()
    least: ClassVar[Role] = Role.EDITOR
    in_groups: ClassVar[bool] = False
    must_arrive: ClassVar[bool] = False
    in_topic: ClassVar[bool] = True

    def concerns(self, person: Person) -> bool:
        """True if this person of the desk is told."""
        return allowed(person, self.least)


# An article that did not go out


@dataclass(frozen=True, slots=True)
class Held(AboutArticle, News):
    """An article was kept in the house when it was due, `late` seconds ago."""

    must_arrive = True
    late: int = 0


@dataclass(frozen=True, slots=True)
class Stale(Held):
    code = "stale"


@dataclass(frozen=True, slots=True)
class Nowhere(Held):
    code = "nowhere"


@dataclass(frozen=True, slots=True)
class Unapproved(Held):
    code = "unapproved"


@dataclass(frozen=True, slots=True)
class Orphaned(Held):
    """The person who gave it its time may not do that now."""

    code = "orphaned"


@dataclass(frozen=True, slots=True)
class Unauthorised(Held):
    """The person who published it may not do that now."""

    code = "unauthorised"


@dataclass(frozen=True, slots=True)
class Expired(Held):
    code = "expired"


@dataclass(frozen=True, slots=True)
class Unproven(Held):
    code = "unproven"


@dataclass(frozen=True, slots=True)
class TooEarly(Held):
    code = "too_early"


@dataclass(frozen=True, slots=True)
class Unreadable(Held):
    code = "unreadable"


#: By the obstacle that kept it in the house.
HELD: Mapping[Obstacle, type[Held]] = {
    Obstacle(kind.code): kind
    for kind in (
        Stale,
        Nowhere,
        Unapproved,
        Orphaned,
        Unauthorised,
        Expired,
        Unproven,
        TooEarly,
        Unreadable,
    )
}


@dataclass(frozen=True, slots=True)
class KeptBack(AboutArticle, News):
    """`until` is in seconds since 1970."""

    code = "kept_back"
    until: float


# Letting an article out


@dataclass(frozen=True, slots=True)
class Submitted(AboutArticle, News):
    """The desk is asked about exactly `binding`. `again`: people have seen the posts. `only`: this member alone."""

    code, must_arrive = "submitted", True
    binding: str
    again: bool = False
    only: int | None = None

    def concerns(self, person: Person) -> bool:
        return allowed(person, self.least) and self.only in (None, person.id)


@dataclass(frozen=True, slots=True)
class WaitsLong(AboutArticle, News):
    """`since` is in seconds since 1970."""

    code, least, must_arrive, in_topic = "waits_long", Role.OWNER, True, False
    binding: str
    since: float


@dataclass(frozen=True, slots=True)
class Answered(AboutArticle, News):
    """Somebody, named `name`, answered for an article. The editors are told and the people `to`, but not `by`."""

    least = Role.REPORTER
    by: int
    name: str
    to: tuple[int, ...]

    def concerns(self, person: Person) -> bool:
        return person.id != self.by and (allowed(person, Role.EDITOR) or person.id in self.to)


@dataclass(frozen=True, slots=True)
class Approved(Answered):
    code = "approved"


@dataclass(frozen=True, slots=True)
class Reviewed(Answered):
    code = "reviewed"


@dataclass(frozen=True, slots=True)
class Decided(Answered):
    code = "decided"
    verdict: Verdict
    reason: str


@dataclass(frozen=True, slots=True)
class Cancelled(Answered):
    """Told to those who wrote it."""

    code = "cancelled"

    def concerns(self, person: Person) -> bool:
        return person.id in self.to and person.id != self.by


@dataclass(frozen=True, slots=True)
class ApprovalVoid(AboutArticle, News):
    """Told also to the person who changed the article: an approval is lost, or a question that nobody answered."""

    code, least = "approval_void", Role.REPORTER
    to: tuple[int, ...] = ()
    approved: bool = True

    def concerns(self, person: Person) -> bool:
        return allowed(person, Role.EDITOR) or person.id in self.to


@dataclass(frozen=True, slots=True)
class ApprovalRevoked(AboutArticle, News):
    code = "approval_revoked"
    name: str


@dataclass(frozen=True, slots=True)
class PublishedAlone(AboutArticle, News):
    code, least, in_groups, must_arrive = "published_alone", Role.REPORTER, True, True
    by: int
    name: str

    def concerns(self, person: Person) -> bool:
        return person.id != self.by


# What became of it


@dataclass(frozen=True, slots=True)
class Complete(AboutArticle, News):
    """Nothing of the article is under way. Editors are told, and the people who wrote it."""

    code, least = "complete", Role.REPORTER


@dataclass(frozen=True, slots=True)
class LeftBehind(AboutArticle, News):
    """`dispatches` stood still for `late` seconds while Visnyk was down."""

    code, must_arrive = "left_behind", True
    dispatches: tuple[int, ...]
    late: int


@dataclass(frozen=True, slots=True)
class ChannelInDoubt(AboutDispatch, News):
    code, must_arrive = "channel_in_doubt", True


@dataclass(frozen=True, slots=True)
class Stopped(AboutDispatch, News):
    must_arrive = True


@dataclass(frozen=True, slots=True)
class ChannelStopped(Stopped):
    code = "channel_stopped"


@dataclass(frozen=True, slots=True)
class ReadersStopped(Stopped):
    code = "readers_stopped"


@dataclass(frozen=True, slots=True)
class NoMessageId(AboutDispatch, News):
    code = "no_message_id"


# Troubles


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
class Head(News):
    """The end of the record of who did what, once a day."""

    code, in_groups = "head", True
    head: str


# The desk itself


@dataclass(frozen=True, slots=True)
class HaltNews(News):
    """`by` was answered on the spot, at whichever of their addresses."""

    must_arrive = True
    by: int
    name: str

    def concerns(self, person: Person) -> bool:
        return allowed(person, self.least) and person.id != self.by


@dataclass(frozen=True, slots=True)
class Halted(HaltNews):
    code = "halted"


@dataclass(frozen=True, slots=True)
class ResumeAsked(HaltNews):
    code = "resume_asked"


@dataclass(frozen=True, slots=True)
class Resumed(HaltNews):
    code = "resumed"


@dataclass(frozen=True, slots=True)
class FewApprovers(Trouble):
    """More approvals are `needed` than there are `others` beside the author; `rules` ask for them, or all do."""

    code, least = "few_approvers", Role.OWNER
    needed: int
    others: int
    rules: tuple[str, ...] = ()


class TeamAct(StrEnum):
    """What changed about one person of the desk."""

    JOINED = "joined"
    LINKED = "linked"
    #: Somebody typed their code, and it was not them.
    NOT_LINKED = "not_linked"
    UNLINKED = "unlinked"
    ROLE = "role"
    WAIVED = "waived"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class TeamChanged(News):
    """Told to the owners, and to the `person` unless they did it themselves; of their addresses they are told always,
    at each. `address`: the one that was linked or parted.
    """

    code, least = "team", Role.REPORTER
    what: TeamAct
    person: int
    name: str
    role: Role
    by: int
    by_name: str
    address: Address | None = None

    @property
    def is_of_addresses(self) -> bool:
        return self.what in (TeamAct.LINKED, TeamAct.NOT_LINKED, TeamAct.UNLINKED)

    def concerns(self, person: Person) -> bool:
        if self.is_of_addresses:
            return person.id == self.person or allowed(person, Role.OWNER)
        if person.id == self.person:  # joining is answered on the spot
            return person.id != self.by and self.what is not TeamAct.JOINED
        return person.id != self.by and allowed(person, Role.OWNER)


@dataclass(frozen=True, slots=True)
class CodesGuessed(News):
    """So many one-time codes that do not exist were typed within an hour, by so many people."""

    code, least, must_arrive = "codes_guessed", Role.OWNER, True
    codes: int
    people: int


@dataclass(frozen=True, slots=True)
class LinkWanted(News):
    """Somebody named `name` typed the link code of `person` at `address`; that person is asked."""

    code, least, must_arrive = "link_wanted", Role.REPORTER, True
    person: int
    address: Address
    name: str
    digest: str

    def concerns(self, person: Person) -> bool:
        return person.id == self.person


_ALL: tuple[type[News], ...] = (
    *HELD.values(), KeptBack, Submitted, WaitsLong, Approved, Reviewed, Decided, Cancelled, ApprovalVoid,
    ApprovalRevoked, PublishedAlone, Complete, LeftBehind, ChannelInDoubt, ChannelStopped, ReadersStopped, NoMessageId,
    PlatformDown, PlatformMisconfigured, BroadcastsRefused, PaidRefused, PlatformBack, DiskFull, DiskHasRoom,
    RightsLost, GroupMoved, NoTopics, Restored, LogAltered, Head, Halted, ResumeAsked, Resumed, FewApprovers,
    TeamChanged, CodesGuessed, LinkWanted,
)  # fmt: skip
#: Every piece of news that there is, by its code.
NEWS: Mapping[str, type[News]] = {news.code: news for news in _ALL}
