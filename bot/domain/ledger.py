"""The ledger's values: dispatches, and pages of readers with a state for each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import IntEnum, IntFlag, StrEnum

from bot.domain.article import Platform
from bot.domain.audience import EVERYBODY, Audience

#: The four states that each byte of packed states holds.
_FOUR = [bytes(byte >> shift & 3 for shift in (0, 2, 4, 6)) for byte in range(256)]


class DispatchState(StrEnum):
    READY = "ready"
    SENDING = "sending"
    DELIVERED = "delivered"
    IN_DOUBT = "in_doubt"
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    #: Until it is known whether the post that it changes is there.
    WAITING = "waiting"


class DispatchKind(StrEnum):
    """The act in each place: a message of its own, a change of the copy that is there, its removal, a word beside it,
    or that it is pinned and no longer is.
    """

    POST = "post"
    EDIT = "edit"
    REMOVAL = "removal"
    NOTICE = "notice"
    PIN = "pin"
    UNPIN = "unpin"

    @property
    def changes_copies(self) -> bool:
        """True if it changes what a copy says."""
        return self in (DispatchKind.EDIT, DispatchKind.REMOVAL)

    @property
    def repeats(self) -> bool:
        """True if what is done twice is done once."""
        return self not in (DispatchKind.POST, DispatchKind.NOTICE)

    @property
    def is_pinning(self) -> bool:
        return self in (DispatchKind.PIN, DispatchKind.UNPIN)


class Policy(StrEnum):
    """The policy for readers in doubt: nothing until a person decides, or one more attempt."""

    HOLD = "hold"
    RESEND = "resend"


class Missing(IntFlag):
    """The parts that a post went out without, because the platform did not take them or has no form for them."""

    NOTHING = 0
    PICTURE = 1
    BUTTON = 2
    #: All formatting: the platform did not take it.
    FORMATTING = 4
    #: The formatting that the platform has no form for.
    MARKS = 8
    #: The deletion of a copy: a stub stands in its place.
    DELETION = 16


class Outcome(StrEnum):
    """The reason why a reader is not counted as delivered."""

    IN_DOUBT = "in_doubt"
    GONE = "gone"
    FAILED = "failed"


class Cause(StrEnum):
    """A reason of ours, not a platform's, why a reader has no copy or a dispatch stopped.

    The ledger holds the code, followed by what it is about if there is anything to add.
    """

    #: Visnyk was stopped while the message was on its way.
    STOPPED = "visnyk:stopped"
    #: The reader unsubscribed before it was sent.
    LEFT = "visnyk:left"
    #: Visnyk was not running for too long.
    DOWN = "visnyk:down"
    #: The article expired before it had left.
    EXPIRED = "visnyk:expired"
    #: An /undo was said in time, and read when the article had begun to leave.
    UNDONE = "visnyk:undone"
    #: Somebody of the desk stopped its sending.
    WITHHELD = "visnyk:withheld"
    #: Too few of the people who approved it still may.
    UNAPPROVED = "visnyk:unapproved"
    #: The person who published it no longer may, and nobody else answers for it.
    UNAUTHORISED = "visnyk:unauthorised"
    #: newsroom.toml asks for evidence by now that it lacks.
    UNPROVEN = "visnyk:unproven"
    #: The log of acts does not know its text or its publication.
    FORGED = "visnyk:forged"
    #: A fault of ours, and its class.
    FAULT = "visnyk:fault"
    #: The platform has no form for it.
    NO_FORM = "visnyk:no-form"
    #: The bytes of its picture are no longer kept.
    PICTURE_GONE = "visnyk:picture-gone"
    #: A newer change of the article took its place.
    SUPERSEDED = "visnyk:superseded"
    #: The article was taken back before it had left.
    RETRACTED = "visnyk:retracted"
    #: Nobody knows any longer under which number the message stands.
    NO_ID = "visnyk:no-id"
    #: newsroom.toml does not name the channel, and its key.
    NO_CHANNEL = "visnyk:no-channel"

    def of(self, detail: str) -> str:
        """Return the code with what it is about, as the ledger holds it."""
        return f"{self} {detail}"


#: Sentences that the ledger held before it held codes (up to 0.1.0).
_SENTENCES = {
    "Visnyk was stopped while it was on the way": Cause.STOPPED,
    "unsubscribed before it was sent": Cause.LEFT,
    "Visnyk was down": Cause.DOWN,
}
_FAULT = "a fault in Visnyk: "


def cause_of(reason: str) -> tuple[Cause, str] | None:
    """Return what a reason of the ledger stands for, and what it is about; None: they are a platform's words."""
    if reason in _SENTENCES:
        return _SENTENCES[reason], ""
    if reason.startswith(_FAULT):
        return Cause.FAULT, reason.removeprefix(_FAULT)
    code, _, detail = reason.partition(" ")
    return (Cause(code), detail) if code in set(Cause) else None


@dataclass(frozen=True, slots=True)
class Dispatch:
    """One version on its way to a channel (`channel` is its key) or, if that is None, to a platform's readers."""

    id: int
    article_id: int
    version: int
    platform: Platform
    channel: str | None
    state: DispatchState
    urgent: bool
    silent: bool
    missing: Missing
    policy: Policy
    audience: int
    message_id: int
    link: str
    reason: str
    attempts: int
    not_before: datetime
    #: False while pages are being made and `audience` still grows.
    is_counted: bool = True
    #: True if messages above the free rate are paid for.
    paid: bool = False
    #: Whom of the platform's readers it concerns.
    whose: Audience = EVERYBODY
    #: Why it goes out without what is `missing`, in the platform's words.
    poorer: str = ""
    #: Readers whose copy alone is without the picture.
    poorer_copies: int = 0
    #: True if the flight recorder says whether this post to a channel was requested.
    recorded: bool = False
    kind: DispatchKind = DispatchKind.POST
    #: The change that it carries; None: the publication.
    change_id: int | None = None
    #: The post that has the copies which it is about.
    of: int | None = None
    #: The change that took its place: nothing more of it is reserved.
    superseded_by: int | None = None
    #: Minutes for which it is pinned once it is there.
    pin: int = 0

    @property
    def outlet(self) -> dict[str, object]:
        """The name of its place for the log: a channel may be called as a platform is."""
        return {"outlet": self.channel or self.platform, "is_channel": self.channel is not None}


@dataclass(frozen=True, slots=True)
class Tally:
    """The state of a dispatch, in readers. `waiting` includes those who are reserved."""

    audience: int
    delivered: int = 0
    gone: int = 0
    failed: int = 0
    in_doubt: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.audience + other.audience,
            self.delivered + other.delivered,
            self.gone + other.gone,
            self.failed + other.failed,
            self.in_doubt + other.in_doubt,
        )

    @property
    def waiting(self) -> int:
        return self.audience - self.delivered - self.gone - self.failed - self.in_doubt


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason why `count` readers of a dispatch have no copy; `words` are the platform's."""

    outcome: Outcome
    words: str
    count: int


class Position(IntEnum):
    """The state of one reader in a page. For EXCEPTION the reason is kept beside the page."""

    UNTOUCHED = 0
    RESERVED = 1
    DELIVERED = 2
    EXCEPTION = 3


@dataclass(frozen=True, slots=True)
class Page:
    """Some readers of a dispatch; position p is subscriber `low + p`. A changed page is a new value.

    `members` has a bit for each position (set if this subscriber belongs to the dispatch), `states` a `Position` byte
    for each, `ids` the message ids of the delivered ones.
    """

    dispatch_id: int
    number: int
    low: int
    members: bytes
    states: bytes
    ids: Mapping[int, int]

    @classmethod
    def new(cls, dispatch_id: int, number: int, low: int, size: int, members: int) -> Page:
        """A page that nobody has been sent yet. In `members` bit p stands for subscriber `low + p`."""
        return cls(dispatch_id, number, low, members.to_bytes((size + 7) // 8, "little"), bytes(size), {})

    def positions(self, state: Position) -> list[int]:
        """The positions of members in `state`, in order."""
        if state == Position.UNTOUCHED:
            bits = int.from_bytes(self.members, "little")
            return [p for p, now in enumerate(self.states) if not now and bits >> p & 1]
        return [p for p, now in enumerate(self.states) if now == state]

    def count(self, state: Position) -> int:
        """Return the number of members in `state`. Positions of others are never anything but UNTOUCHED."""
        others = len(self.states) - self.audience if state == Position.UNTOUCHED else 0
        return self.states.count(state) - others

    @property
    def audience(self) -> int:
        return int.from_bytes(self.members, "little").bit_count()

    @property
    def is_finished(self) -> bool:
        return not self.count(Position.UNTOUCHED) and not self.count(Position.RESERVED)

    def reserve(self, positions: Iterable[int]) -> Page:
        """Mark the readers whom we are about to send to; committed before any request leaves."""
        return self._move(positions, Position.UNTOUCHED, Position.RESERVED)

    def release(self, positions: Iterable[int]) -> Page:
        """Free readers to whom nothing was sent, so that they may be reserved again."""
        return self._move(positions, Position.RESERVED, Position.UNTOUCHED)

    def delivered(self, ids: Mapping[int, int]) -> Page:
        """Mark the readers who have the message, under these message ids."""
        moved = self._move(ids, Position.RESERVED, Position.DELIVERED)
        return replace(moved, ids={**self.ids, **ids})

    def excepted(self, positions: Iterable[int]) -> Page:
        """Mark readers who are in doubt, gone or failed; the reason is kept beside the page."""
        return self._move(positions, Position.RESERVED, Position.EXCEPTION)

    def not_shown(self, positions: Iterable[int]) -> Page:
        """Mark readers as failed to whom the platform could not show what it had taken."""
        moved = self._move(positions, Position.DELIVERED, Position.EXCEPTION)
        return replace(moved, ids={p: id_ for p, id_ in self.ids.items() if moved.states[p] == Position.DELIVERED})

    def reopened(self, positions: Iterable[int]) -> Page:
        """Free readers who were in doubt or failed: the desk wants to send to them again."""
        return self._move(positions, Position.EXCEPTION, Position.UNTOUCHED)

    def _move(self, positions: Iterable[int], before: Position, after: Position) -> Page:
        states = bytearray(self.states)
        for position in positions:
            if states[position] != before or not self._is_member(position):
                raise ValueError(f"position {position} is {Position(states[position]).name}, not {before.name}")
            states[position] = after
        return replace(self, states=bytes(states))

    def _is_member(self, position: int) -> bool:
        return bool(self.members[position >> 3] >> (position & 7) & 1)


#: By state: the digits of a binary number, 1 for each position in that state.
_DIGITS = {state: bytes(48 + (byte == state) for byte in range(256)) for state in Position}


def where(states: bytes, state: Position) -> int:
    """Return the positions in `state` as bits. Takes two microseconds for a page."""
    return int(states.translate(_DIGITS[state])[::-1] or b"0", 2)


def pack_states(states: bytes) -> bytes:
    """The states with four positions in a byte, the first in its low bits."""
    full = states + bytes(-len(states) % 4)
    return bytes(a | b << 2 | c << 4 | d << 6 for a, b, c, d in zip(*(full[i::4] for i in range(4)), strict=True))


def count_delivered(packed: bytes) -> int:
    """Return the number of packed states that are DELIVERED (binary 10). Takes a millisecond for a million."""
    low_bits = int.from_bytes(b"\x55" * len(packed), "little")
    states = int.from_bytes(packed, "little")
    return (states >> 1 & ~states & low_bits).bit_count()


def unpack_states(packed: bytes) -> bytes:
    """Return one byte a position; their number is a multiple of four, as a page's size is."""
    return b"".join(_FOUR[byte] for byte in packed)


def pack_ids(ids: Mapping[int, int]) -> bytes:
    """The message ids as zigzag varint differences: neighbours in one broadcast are only a few apart.

    Zeros at the end, of equal ids, are left out: a broadcast has one id for all, and an edit keeps none.
    """
    packed = bytearray()
    before = 0
    for position in sorted(ids):
        step = ids[position] - before
        before = ids[position]
        rest = step * 2 if step >= 0 else -step * 2 - 1
        while rest > 127:
            packed.append(rest & 127 | 128)
            rest >>= 7
        packed.append(rest)
    return bytes(packed).rstrip(b"\0")


def unpack_ids(packed: bytes, positions: Iterable[int]) -> dict[int, int]:
    """The message ids again, by position. `positions` are the delivered ones, in order."""
    ids: dict[int, int] = {}
    data = iter(packed)
    before = 0
    for position in positions:
        value = shift = 0
        for byte in data:
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                break
        before += value >> 1 if value & 1 == 0 else -(value + 1 >> 1)
        ids[position] = before
    return ids
