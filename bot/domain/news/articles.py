"""News about an article: held, let out by the desk, or under way to its readers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.article import Platform, Run
from bot.domain.attention import Matter
from bot.domain.ledger import Cause
from bot.domain.news.base import News
from bot.domain.people import Person, Role, allowed
from bot.domain.readiness import Obstacle
from bot.domain.review import Verdict
from bot.domain.stored import AboutArticle, AboutDispatch

# An article that did not go out


@dataclass(frozen=True, slots=True)
class Held(AboutArticle, News):
    """An article was kept in the house when it was due, `late` seconds ago."""

    matter = Matter.WORK
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
class Unkept(Held):
    """Only the address of its picture is known."""

    code = "unkept"


@dataclass(frozen=True, slots=True)
class Unsound(Held):
    """The article that it follows up is retracted or being checked, and its text does not say so."""

    code = "unsound"


@dataclass(frozen=True, slots=True)
class TooEarly(Held):
    code = "too_early"


@dataclass(frozen=True, slots=True)
class Forged(Held):
    """The log of acts does not know the article's text or its time."""

    code = "forged"


@dataclass(frozen=True, slots=True)
class Unreadable(Held):
    code = "unreadable"


@dataclass(frozen=True, slots=True)
class Shifted(AboutArticle, News):
    """The article's time was set and approved as `wall`, which is another instant by today's rules than `now_at`."""

    matter = Matter.WORK
    code, must_arrive = "shifted", True
    wall: str
    now_at: float


@dataclass(frozen=True, slots=True)
class ExpiryShifted(AboutArticle, News):
    """The article was to expire at `wall`, which is another instant by today's rules. For now it expires `at`."""

    matter = Matter.WORK
    code, must_arrive = "expiry_shifted", True
    wall: str
    at: float


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
        Unkept,
        Unsound,
        TooEarly,
        Unreadable,
        Forged,
    )
}


@dataclass(frozen=True, slots=True)
class KeptBack(AboutArticle, News):
    """`until` is in seconds since 1970."""

    matter = Matter.CHANGE
    code = "kept_back"
    until: float


# Letting an article out


@dataclass(frozen=True, slots=True)
class Submitted(AboutArticle, News):
    """The desk is asked about exactly `binding`. `again`: people have seen the posts. `only`: this member alone."""

    matter = Matter.QUESTION
    code, must_arrive = "submitted", True
    binding: str
    again: bool = False
    only: int | None = None

    def concerns(self, person: Person) -> bool:
        return allowed(person, self.least) and self.only in (None, person.id)


@dataclass(frozen=True, slots=True)
class WaitsLong(AboutArticle, News):
    """`since` is in seconds since 1970."""

    matter = Matter.HOUSE
    code, least, must_arrive, in_topic = "waits_long", Role.OWNER, True, False
    binding: str
    since: float


@dataclass(frozen=True, slots=True)
class NoAnswer(AboutArticle, News):
    """A question was put, and nobody of the desk can answer it."""

    matter = Matter.HOUSE
    code, least, must_arrive, in_topic = "no_answer", Role.OWNER, True, False
    binding: str


@dataclass(frozen=True, slots=True)
class Answered(AboutArticle, News):
    """Somebody, named `name`, answered for an article: `by` knows that. `to`: the people who wrote it or put it."""

    matter = Matter.DECISION
    least = Role.REPORTER
    by: int
    name: str
    to: tuple[int, ...]

    def concerns(self, person: Person) -> bool:
        return person.id != self.by


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
    """Somebody cancelled the article."""

    matter = Matter.CHANGE
    code = "cancelled"


@dataclass(frozen=True, slots=True)
class ApprovalVoid(AboutArticle, News):
    """An approval is lost, or a question that nobody answered. The person who changed the article is told too."""

    matter = Matter.CHANGE
    code, least = "approval_void", Role.REPORTER
    to: tuple[int, ...] = ()
    approved: bool = True


@dataclass(frozen=True, slots=True)
class ApprovalRevoked(AboutArticle, News):
    matter = Matter.CHANGE
    code = "approval_revoked"
    name: str


@dataclass(frozen=True, slots=True)
class PublishedAlone(AboutArticle, News):
    matter = Matter.ALARM
    code, least, in_groups, must_arrive = "published_alone", Role.REPORTER, True, True
    by: int
    name: str

    def concerns(self, person: Person) -> bool:
        return person.id != self.by


@dataclass(frozen=True, slots=True)
class PostRefused(AboutArticle, News):
    """A platform did not take an article's preview whole. Editors are told, and the people who wrote it.

    `missing` are the parts without which it was taken, as in the ledger.
    """

    matter = Matter.WORK
    code, least = "post_refused", Role.REPORTER
    platform: Platform
    missing: int
    reason: str


@dataclass(frozen=True, slots=True)
class Renewed(AboutArticle, News):
    """A card or a question waited until it was no longer true: one chat is shown how the article stands now."""

    matter = Matter.PERSONAL
    code, least = "renewed", Role.REPORTER


@dataclass(frozen=True, slots=True)
class SourceChanged(AboutArticle, News):
    """The story of an article changed at its source, where it has `headline` now, and the article stayed as it is.

    `runs`: its text there, if readers have the article in this `version`.
    """

    matter = Matter.WORK
    code, must_arrive, least = "source_changed", True, Role.REPORTER
    headline: str
    link: str
    version: int = 0
    runs: tuple[Run, ...] = ()


# What became of it


@dataclass(frozen=True, slots=True)
class Complete(AboutArticle, News):
    """Nothing of the article is under way. Editors are told, and the people who wrote it."""

    matter = Matter.OUT
    code, least = "complete", Role.REPORTER


@dataclass(frozen=True, slots=True)
class LeftBehind(AboutArticle, News):
    """`dispatches` stood still for `late` seconds while Visnyk was down."""

    matter = Matter.WORK
    code, must_arrive = "left_behind", True
    dispatches: tuple[int, ...]
    late: int


@dataclass(frozen=True, slots=True)
class StoppedOnItsWay(AboutArticle, News):
    """The article goes no further: these `dispatches` are not complete. `cause` as in the ledger; `by`: the person who
    stopped it, if one did.
    """

    matter = Matter.WORK
    code, must_arrive = "stopped_on_its_way", True
    dispatches: tuple[int, ...]
    cause: Cause
    by: str = ""


@dataclass(frozen=True, slots=True)
class ChannelInDoubt(AboutDispatch, News):
    matter = Matter.WORK
    code, must_arrive = "channel_in_doubt", True


@dataclass(frozen=True, slots=True)
class Stopped(AboutDispatch, News):
    matter = Matter.WORK
    must_arrive = True


@dataclass(frozen=True, slots=True)
class ChannelStopped(Stopped):
    code = "channel_stopped"


@dataclass(frozen=True, slots=True)
class ReadersStopped(Stopped):
    code = "readers_stopped"


@dataclass(frozen=True, slots=True)
class PinFailed(AboutDispatch, News):
    """A post is out and could not be pinned, or is still pinned although its time is over."""

    matter = Matter.WORK
    code, must_arrive = "pin_failed", True


@dataclass(frozen=True, slots=True)
class NoMessageId(AboutDispatch, News):
    matter = Matter.OUT
    code = "no_message_id"


@dataclass(frozen=True, slots=True)
class ExpiredOnItsWay(AboutDispatch, News):
    """The article was published, and expired before it had left."""

    matter = Matter.WORK
    code, must_arrive = "expired_on_its_way", True


@dataclass(frozen=True, slots=True)
class ChannelWaits(AboutDispatch, News):
    """The platform wants no post in this channel until `until` (in seconds since 1970)."""

    matter = Matter.WORK
    code, must_arrive = "channel_waits", True
    until: float

    @property
    def end_of_wait(self) -> float:
        return self.until
