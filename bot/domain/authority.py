"""Proofs from the log of acts: who is of the desk, what was approved, timed and put to it. A row whose act the log does
not have counts for nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: What a seat at the desk is, whenever it changes: told to the log by the store itself, and to nobody.
SEAT = "team.seat"
#: The subject of every entry about the halt.
HALT = "halt"
#: The subject of the entry by which the rows of an older Visnyk became ours.
ADOPTED = "authority"
#: Acts of a one-time code: it was made for a seat or for a second address, typed, and answered for by its maker.
CODE_INVITES, CODE_LINKS = "team.invited", "team.link_asked"
CODE_TYPED, CODE_ANSWERED = "team.code_used", "team.code_answered"
#: Acts after which no approval of the article counts.
VOID_ALL = ("article.approvals_voided", "article.changes_asked", "article.rejected", "article.cancelled")
VOID_ONE = "article.approval_voided"
APPROVED = "article.approved"
#: A change of what readers have went out: it is a publication of its own.
CHANGED = "article.changed"
#: The time of what was out was over: readers have another version since.
EXPIRED = "article.expired"
#: Acts of an article that give its rows authority or take it away.
ARTICLE_ACTS = (
    *("article.drafted", "article.edited", "article.scheduled", "article.submitted", "article.counting"),
    *("article.published_alone", APPROVED, VOID_ONE, *VOID_ALL),
    *("article.paused", "article.held", "article.undone", "article.expiry_set"),
    *("article.published", "article.stopped", "article.let_go_on", CHANGED, EXPIRED),
)
#: Of these, the acts that change what somebody else's word was about, or that stop it: a word said before is asked for
#: once more.
OVERTAKING = frozenset(
    {
        *("article.edited", "article.scheduled", "article.paused", "article.held", "article.undone"),
        *("article.expiry_set", "article.changes_asked", "article.rejected", "article.cancelled"),
    }
)


@dataclass(frozen=True, slots=True)
class Entry:
    """The parts of an audit entry that matter here. `at` is in UTC milliseconds."""

    at: int
    actor: str
    act: str
    detail: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Given:
    """An approval as the log has it; what older entries do not tell is None.

    `meant`: the time that was approved, which is that of the yes where the article had none, in UTC milliseconds.
    """

    at: int
    version: int
    address: str | None
    ticks: tuple[str, ...] | None
    meant: int | None = None


@dataclass(frozen=True, slots=True)
class Published:
    """A publication as the log has it. `approvers`: the members whose approval counted; None in older entries.

    `alone`: on one member's word, without the approvals that it takes; `by_editor`: an editor's, else an owner's.
    """

    actor: str
    approvers: frozenset[int] | None
    alone: bool
    by_editor: bool = False


@dataclass(slots=True)
class Proof:
    """Everything that the log says of one article.

    `written`: the hash of each version; `asked`: every binding that was put to the desk, with when and by whom; `ever`:
    all that were approved, whatever became of it; `due`, `ends`, `expires`: instants in ISO format; `timed_by`,
    `counting`: who timed and published it last, as the log names them; `changed`: when each of them stopped or changed
    it last, in UTC milliseconds. `stopped`: it goes no further on its way; `let_on_by`: members who let it go on after
    such a stop.
    """

    written: dict[int, str] = field(default_factory=dict)
    approvals: dict[tuple[int, str], Given] = field(default_factory=dict)
    ever: set[tuple[int, str]] = field(default_factory=set)
    asked: dict[str, tuple[int, str]] = field(default_factory=dict)
    alone: bool = False
    due: str | None = None
    timed_by: str | None = None
    counting: str | None = None
    ends: str | None = None
    changed: dict[str, int] = field(default_factory=dict)
    published: Published | None = None
    stopped: bool = False
    let_on_by: set[int] = field(default_factory=set)
    expires: str | None = None

    def add(self, entry: Entry) -> None:
        detail = entry.detail
        if entry.act in OVERTAKING:
            self.changed[entry.actor] = entry.at  # before that nobody could know of it
        match entry.act:
            case "article.expiry_set":
                self.expires = detail.get("at")
            case "article.drafted" | "article.edited" | "article.expired":
                self.written[int(detail["version"])] = str(detail["sha256"])
            case "article.scheduled":
                self.due, self.timed_by = str(detail["due"]), entry.actor
                if (was := detail.get("was")) in self.asked:  # the question went with the time
                    self.asked[str(detail["binding"])] = self.asked[str(was)]
                if (kept := detail.get("kept")) is not None:
                    self._keep(str(kept), str(detail["binding"]))
            case "article.submitted":
                self.asked[str(detail["binding"])] = (entry.at, entry.actor)
            case "article.counting":
                self.counting, self.ends = entry.actor, detail.get("ends")
            case "article.undone":
                self.ends = None
            case "article.published":
                self._publish(entry)
            case "article.changed":
                self.written[int(detail["version"])] = str(detail["sha256"])
                self.stopped, self.alone = False, self.alone or bool(detail.get("alone"))
                self.let_on_by.clear()
                self._publish(entry)
            case "article.stopped":
                self.stopped = True
            case "article.let_go_on":
                self.stopped = False
                self.let_on_by.add(int(entry.actor.partition(":")[2]))
            case "article.published_alone":
                self.alone = True
            case "article.approved":
                self._approve(entry)
            case "article.approval_voided":
                gone = int(detail["person"])
                self.approvals = {key: given for key, given in self.approvals.items() if key[0] != gone}
            case act if act in VOID_ALL:
                self.approvals.clear()

    def _publish(self, entry: Entry) -> None:
        approvers = entry.detail.get("approvers")
        known = None if approvers is None else frozenset(int(each) for each in approvers)
        alone, by_editor = bool(entry.detail.get("alone")), bool(entry.detail.get("by_editor"))
        self.published = Published(entry.actor, known, alone, by_editor)

    def _approve(self, entry: Entry) -> None:
        kind, _, number = entry.actor.partition(":")
        if kind != "person":
            return
        detail, ticks = entry.detail, entry.detail.get("ticks")
        ticked = None if ticks is None else tuple(ticks)
        given = Given(entry.at, int(detail["version"]), detail.get("from"), ticked, _meant(entry))
        key = (int(number), str(detail["binding"]))
        self.approvals[key] = given
        self.ever.add(key)

    def _keep(self, was: str, binding: str) -> None:
        """Let what was approved hold for another time, which is near enough."""
        self.approvals = {
            (member, binding if for_ == was else for_): given for (member, for_), given in self.approvals.items()
        }
        self.ever |= self.approvals.keys()

    @property
    def due_ms(self) -> int | None:
        return None if self.due is None else ms_of(self.due)

    def has_written(self, version: int, sha256: str) -> bool:
        """True if this text of a version is as the log has it; it has none of an article that is older than the log."""
        return not self.written or self.written.get(version) == sha256

    def has_expiry(self, expires_at: int | None) -> bool:
        """True if this expiry is as the log has it; it has none of an article that is older than the log."""
        return not self.written or expires_at == (None if self.expires is None else ms_of(self.expires))

    def has_timed(self, article: Mapping[str, Any], countdown: Mapping[str, Any] | None) -> bool:
        """True unless the article's row has a time that nobody gave it, or a countdown that nobody began."""
        if article["state"] == "counting":
            return countdown is not None and self.counts(countdown) and bool(article["due_at"] == countdown["ends_at"])
        return bool(article["state"] != "queued" or self.due_ms == article["due_at"])

    def has_given(self, row: Mapping[str, Any]) -> bool:
        """True if this row of an approval is as the log has it; what older entries do not tell is believed."""
        given = self.approvals.get((row["member_id"], row["binding"]))
        if given is None or (given.at, given.version) != (row["at"], row["version"]):
            return False
        ticks = tuple(json.loads(row["ticks"]))
        return given.address in (None, row["address"]) and given.ticks in (None, ticks)

    def counts(self, row: Mapping[str, Any]) -> bool:
        """True if this row of a countdown is as the log has it."""
        return self.counting == f"person:{row['publisher']}" and (
            self.ends is None or ms_of(self.ends) == row["ends_at"]
        )

    def has_asked(self, row: Mapping[str, Any]) -> bool:
        """True if this row of an open question is as the log has it."""
        if row["kind"] != "before":
            return self.alone
        put = self.asked.get(row["binding"])
        return (
            put is not None
            and put[0] == row["asked_at"]
            and put[1] in (f"person:{row['asked_by_member']}", row["asked_by"])
        )


def _meant(entry: Entry) -> int | None:
    if "due" not in entry.detail:
        return None
    due = entry.detail["due"]
    return entry.at if due is None else ms_of(str(due))


def ms_of(text: str) -> int:
    """UTC milliseconds of an instant in ISO format, rounded down as the store's are."""
    return (datetime.fromisoformat(text) - _EPOCH) // timedelta(milliseconds=1)


def prove(entries: Iterable[Entry]) -> Proof:
    """`entries`: those about one article, in their order."""
    proof = Proof()
    for entry in entries:
        with suppress(KeyError, TypeError, ValueError):  # an entry that was altered proves nothing
            proof.add(entry)
    return proof


def acts_of_code(
    role: str | None, made_by: int | None, used_by: str | None = None, *, answered: bool = False
) -> list[tuple[str, str]]:
    """Return the acts that the log must have of a one-time code, each with its actor, in their order.

    `role`: of the seat that it gives; None: it links an address.
    """
    maker = f"person:{made_by}"
    acts = [(CODE_LINKS if role is None else CODE_INVITES, maker)]
    if used_by is not None:
        acts.append((CODE_TYPED, used_by))
    if answered:
        acts.append((CODE_ANSWERED, maker))
    return acts


def seat(row: Mapping[str, Any], addresses: Mapping[str, int | None]) -> dict[str, Any]:
    """Return the fields of a member that give authority, as the log has them. `addresses`: each with the instant until
    which it waits.
    """
    return {
        "addresses": dict(addresses),
        "from": row["may_approve_from"],
        "invited_by": row["invited_by"],
        "pinned": bool(row["pinned"]),
        "removed": row["removed_at"] is not None,
        "role": str(row["role"]),
        "since": row["since"],
    }


def parsed(text: str) -> dict[str, Any]:
    """Return the detail of an entry; empty where somebody made something else of it."""
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
