"""Refusals of acts on an article, in the desk's words: one sentence for each obstacle."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from bot.domain.change import Standing
from bot.domain.evidence import Evidence
from bot.domain.life import Act, Stage
from bot.domain.readiness import Obstacle, Readiness
from bot.errors import NotAllowed, Refused
from bot.newsroom.situation import Situation
from bot.texts import text_id

_IN_HOUSE = (Stage.DRAFT, Stage.SUBMITTED, Stage.APPROVED, Stage.QUEUED, Stage.HELD)

#: Why most things can't be done in a stage, and what can. In the stages that are not here `BETTER` has all of it.
BECAUSE: Mapping[Stage, str] = {
    Stage.APPROVED: text_id("#{id} is already approved. /now {id} publishes it, /at {id} 18:30 schedules it."),
    Stage.COUNTING: text_id("#{id} goes out in a few seconds. An editor can stop it: /undo {id}."),
    Stage.PUBLISHING: text_id(
        "Article #{id} is being published right now. /show {id} shows where. An editor can stop the rest: "
        "/stopsend {id}."
    ),
    Stage.PUBLISHED: text_id(
        "Article #{id} has already been published. /show {id} shows where; /queue starts a new one."
    ),
    Stage.REJECTED: text_id("Article #{id} was rejected. /edit {id} turns it into a new draft."),
    Stage.CANCELLED: text_id(
        "Article #{id} was cancelled. An editor takes it back with /undo {id}; /list shows what is waiting."
    ),
}

_CHANGED = text_id("#{id} has changed since you saw it. /submit {id} shows it as it is now.")
_NO_TIME = text_id("#{id} has no time yet. Set one: /at {id} 18:30")
_NOT_PAUSED = text_id("#{id} is not paused. /show {id} shows its state.")
_NOT_COUNTING = text_id("#{id} is not about to go out, so there is nothing to stop. /show {id} shows its state.")
_OUT = text_id(
    "#{id} is out. What changes: /correct {id}, /update {id} or /clarify {id}; editors also /typo {id} or "
    "/retract {id}."
)
NOT_LEAVING = text_id("Nothing of #{id} is on its way. /who {id} shows who has it.")
NOT_OUT = text_id("#{id} has not gone out yet. /show {id} shows its state.")

#: Refusals that name the act instead of the stage.
BETTER: Mapping[tuple[Stage, Act], str] = {
    **{(Stage.DRAFT, act): _CHANGED for act in (Act.APPROVE, Act.TICK, Act.ASK_CHANGES, Act.LATER, Act.REJECT)},
    **{(stage, act): _NO_TIME for stage in _IN_HOUSE for act in (Act.PAUSE, Act.SWAP, Act.GO_OUT)},
    **{(stage, Act.EDIT): _OUT for stage in (Stage.PUBLISHING, Stage.PUBLISHED)},
    **{(stage, Act.GO_ON): _NOT_PAUSED for stage in _IN_HOUSE},
    **{(stage, Act.UNDO): _NOT_COUNTING for stage in _IN_HOUSE},
    **{(stage, Act.STOP_SENDING): NOT_OUT for stage in _IN_HOUSE},
    (Stage.PUBLISHED, Act.STOP_SENDING): NOT_LEAVING,
    **{
        (stage, act): NOT_OUT
        for stage in (*_IN_HOUSE, Stage.COUNTING)
        for act in (Act.LOOK_BACK, Act.GO_FURTHER, Act.LET_GO_ON)
    },
}

#: Why it can't go out yet, and what to type.
LACKS: Mapping[tuple[Evidence, ...], str] = {
    (Evidence.STATUS,): text_id(
        "#{id} has no status yet. How well is it verified? Choose on the card (/show {id}), or type: /edit "
        "{id} status: confirmed"
    ),
    (Evidence.SOURCE,): text_id(
        "#{id} has no source yet. Who says so? Type: /edit {id} source: City council — or “own correspondent”."
    ),
    (Evidence.STATUS, Evidence.SOURCE): text_id(
        "#{id} has no status and no source yet. Add them on the card (/show {id}), or type in one message:\n"
        "/edit {id} status: confirmed\nsource: City council"
    ),
}

#: How the article stands that another one follows up, where the other one says otherwise.
FIRST: Mapping[Standing, str] = {
    Standing.RETRACTED: text_id("is retracted"),
    Standing.CHECKING: text_id("is being checked"),
    Standing.SOUND: text_id("stands again"),
}


def of_the_first(readiness: Readiness) -> Mapping[str, Any]:
    """Return the values that name the first article of a follow-up, and say how it stands."""
    followed = readiness.lacks.followed
    return {"first": followed.number, "how": FIRST[followed.now]} if followed is not None else {"first": 0, "how": ""}


#: Why it can't be done in a stage where it could be, and what to type.
REFUSAL: Mapping[Obstacle, str] = {
    Obstacle.HALTED: text_id(
        "Everything is halted, nothing goes out. Use /resume first, or schedule it: /at {id} 18:30"
    ),
    Obstacle.FORGED: text_id(
        "⛔ #{id} can't go out: someone changed its text in the database by hand. Change it here with /edit {id}."
    ),
    Obstacle.UNKEPT: text_id(
        "#{id} waits for its picture or video, which can't be fetched. Send it by itself: /edit {id} — or leave it "
        "out: /edit {id} photo: -"
    ),
    Obstacle.UNSOUND: text_id(
        "#{id} can't go out: #{first}, which it follows up, {how}, and its first line does not say so. /show {id} can "
        "change that line."
    ),
    Obstacle.NOWHERE: text_id(
        "Article #{id} has nowhere to go: no channel in newsroom.toml takes its language and topics, "
        "and readers get nothing of it. Change the article with /edit {id}, or newsroom.toml."
    ),
    Obstacle.EXPIRED: text_id("#{id} has expired. Change the expiry first: /edit {id} expires: -"),
    Obstacle.TOO_EARLY: text_id(
        "#{id} may not go out before {opens} ({why}). /next {id} takes the first free slot after that, /at {id} "
        "another time."
    ),
    Obstacle.UNAPPROVED: text_id(
        "#{id} can't go out right now. Approvals missing: {n}. /submit {id} asks the desk; approval for a set "
        "time counts for that time only."
    ),
    Obstacle.TOO_LATE: BECAUSE[Stage.PUBLISHING],
    Obstacle.UNTIMED: _NOT_PAUSED,
    Obstacle.PASSED: text_id("The time of #{id} has passed. Set another: /at {id} 18:30, or /next {id}."),
    Obstacle.UNASKED: text_id("No approval is needed here: an editor publishes it with /now {id} or /at {id} 18:30."),
    Obstacle.APPROVED: text_id(
        "#{id} has all its approvals, so nobody is asked. /show {id} shows what can be done now."
    ),
    Obstacle.NOBODY: text_id(
        "There is nobody else on the desk who can approve #{id}. An owner can invite someone with /invite editor; "
        "newcomers wait before they approve. What can’t wait, an owner sends alone: /urgent {id}. A newsroom of one "
        "person sets `approvals = 0` under [desk] in newsroom.toml."
    ),
    Obstacle.CHANGED: _CHANGED,
    Obstacle.OVERTAKEN: text_id(
        "Nothing is done: you said that before #{id} was changed or stopped. Look at it again (/show {id}), and say it "
        "once more if it still holds."
    ),
    Obstacle.LOOKED_AT: text_id("Someone has already reviewed #{id}. /history {id} shows who."),
    Obstacle.OWN_WORD: text_id("You sent #{id} out: someone else must review it."),
    Obstacle.AUTHOR: text_id("You are an author of #{id}: someone else must approve it."),
    Obstacle.NEWCOMER: text_id("You are new here, so you can't approve yet. An owner can waive the wait in /team."),
    Obstacle.NEW_ADDRESS: text_id(
        "This account was linked only recently: do that from your other one. Later you can do it here too."
    ),
    Obstacle.BOUND: text_id(
        "You recently invited an author of #{id} to the desk, or they invited you: someone else must approve it."
    ),
    Obstacle.UNTICKED: text_id("First tick what you have checked in #{id}: {items}."),
    Obstacle.ANOTHERS: text_id("Reporters can change only their own drafts. Ask an editor about #{id}."),
}
_EXPIRES_BEFORE = text_id("#{id} expires before that. Change the expiry first: /edit {id} expires: -")
#: Instead of the sentence for nobody at all.
NOBODY_YET = text_id(
    "Nobody else can approve #{id} before {since}: newcomers wait, and so do two people if one of them just invited "
    "the other. What can’t wait, an owner sends alone: /urgent {id}. Another owner can let a newcomer approve right "
    "away in /team."
)
#: Refusals that name the act instead of the obstacle.
SAID_OF: Mapping[tuple[Act, Obstacle], str] = {
    (act, Obstacle.EXPIRED): _EXPIRES_BEFORE for act in (Act.TIME, Act.GO_ON, Act.SWAP)
}
#: Obstacles for want of authority, which are recorded.
_FOR_WANT_OF_AUTHORITY = frozenset({Obstacle.NEWCOMER, Obstacle.NEW_ADDRESS, Obstacle.ANOTHERS})


def refusal(situation: Situation, act: Act, obstacle: Obstacle, ticked: Collection[str]) -> Refused:
    """Return the sentence with its values; instants are said in the newsroom's zone."""
    error = NotAllowed if obstacle in _FOR_WANT_OF_AUTHORITY else Refused
    return error(_sentence(situation, act, obstacle), **_values(situation, ticked))


def _sentence(situation: Situation, act: Act, obstacle: Obstacle) -> str:
    readiness = situation.readiness
    if obstacle is Obstacle.STAGE:
        return why_not(act, readiness.stage)
    if obstacle is Obstacle.UNPROVEN:
        return LACKS[readiness.lacks.evidence]
    if obstacle is Obstacle.NOBODY and readiness.times.possible_from is not None:
        return NOBODY_YET
    return SAID_OF.get((act, obstacle)) or REFUSAL[obstacle]


def why_not(act: Act, stage: Stage) -> str:
    """Return why the act is impossible in that stage."""
    return BETTER.get((stage, act)) or BECAUSE[stage]


def _values(situation: Situation, ticked: Collection[str]) -> Mapping[str, Any]:
    readiness = situation.readiness
    opens, since = readiness.times.opens_at, readiness.times.possible_from
    return {
        "id": situation.entry.id,
        **of_the_first(readiness),
        "n": readiness.missing_at_once,
        "opens": opens or "",
        "since": since or "",
        "why": ", ".join(readiness.need.because),
        "items": "; ".join(item for item in readiness.need.checklist if item not in ticked),
    }
