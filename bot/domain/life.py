"""An article's life: the stages it passes, and what can be done to it in each."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Stage(StrEnum):
    """The stage of an article. APPROVED and PUBLISHING follow from its approvals and dispatches and are not stored."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    QUEUED = "queued"
    COUNTING = "counting"
    PUBLISHING = "publishing"
    PUBLISHED = "published"
    HELD = "held"
    REJECTED = "rejected"
    CANCELLED = "cancelled"


class Act(StrEnum):
    """An act of a member of the desk on an article."""

    EDIT = "edit"
    SUBMIT = "submit"
    APPROVE = "approve"
    #: A box of the checklist, before the yes.
    TICK = "tick"
    ASK_CHANGES = "ask_changes"
    LATER = "later"
    REJECT = "reject"
    TIME = "time"
    NOW = "now"
    URGENT = "urgent"
    CANCEL = "cancel"
    UNDO = "undo"
    PAUSE = "pause"
    GO_ON = "go_on"
    SWAP = "swap"
    #: The speed at which readers get it.
    PACE = "pace"
    #: A second person looks at an article that went out with one.
    LOOK_BACK = "look_back"
    #: One more post or page of readers leaves: delivery does this, and nobody of the desk.
    GO_FURTHER = "go_further"
    #: What has not left of it yet stays.
    STOP_SENDING = "stop_sending"
    #: Somebody answers for the rest of an article that was stopped on its way.
    LET_GO_ON = "let_go_on"
    #: Its time has come: nobody of the desk does this, the alarm clock does.
    GO_OUT = "go_out"


_ALWAYS = frozenset({Act.EDIT, Act.SUBMIT, Act.TIME, Act.NOW, Act.URGENT, Act.PACE, Act.CANCEL})
_ASKED = frozenset({Act.APPROVE, Act.TICK, Act.ASK_CHANGES, Act.LATER, Act.REJECT})

ALLOWED: Mapping[Stage, frozenset[Act]] = {
    Stage.DRAFT: _ALWAYS,
    Stage.SUBMITTED: _ALWAYS | _ASKED,
    Stage.APPROVED: _ALWAYS | _ASKED - {Act.LATER},
    # An article with a time may also be waiting for approval.
    Stage.QUEUED: _ALWAYS | _ASKED | {Act.PAUSE, Act.SWAP, Act.GO_OUT},
    Stage.HELD: _ALWAYS | _ASKED | {Act.GO_ON},
    Stage.COUNTING: frozenset({Act.UNDO, Act.CANCEL, Act.GO_OUT}),
    # An /undo may have been said in time and read too late to keep all of it in the house.
    Stage.PUBLISHING: frozenset({Act.LOOK_BACK, Act.UNDO, Act.GO_FURTHER, Act.LET_GO_ON, Act.STOP_SENDING}),
    Stage.PUBLISHED: frozenset({Act.LOOK_BACK, Act.GO_FURTHER, Act.LET_GO_ON}),
    Stage.REJECTED: frozenset({Act.EDIT}),
    Stage.CANCELLED: frozenset({Act.EDIT}),
}
