"""Which stage of its life an article is in, and why something can't be done to it there."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.entry import Entry, EntryState
from bot.domain.ledger import DispatchState
from bot.domain.life import ALLOWED, Act, Stage
from bot.errors import Refused
from bot.newsroom.approval import missing
from bot.newsroom.desk import Desk
from bot.texts import text_id

_UNDER_WAY = frozenset({DispatchState.READY, DispatchState.SENDING, DispatchState.RUNNING})
_IN_HOUSE = (Stage.DRAFT, Stage.SUBMITTED, Stage.APPROVED, Stage.QUEUED, Stage.HELD)

#: Why most things can't be done in a stage, and what can. In the stages that are not here `BETTER` has all of it.
BECAUSE: Mapping[Stage, str] = {
    Stage.APPROVED: text_id("#{id} is approved already. /now {id} publishes it, /at {id} 18:30 gives it a time."),
    Stage.COUNTING: text_id("#{id} goes out in a moment. An editor can stop that: /undo {id}."),
    Stage.PUBLISHING: text_id(
        "Article #{id} is being published now. /show {id} tells where. An editor can stop the rest: /halt."
    ),
    Stage.PUBLISHED: text_id(
        "Article #{id} has been published already. /show {id} tells where; a new one starts with /queue."
    ),
    Stage.REJECTED: text_id("Article #{id} was rejected. /edit {id} makes a new draft of it."),
    Stage.CANCELLED: text_id("Article #{id} was cancelled. A new one starts with /queue; /list shows what is waiting."),
}

_CHANGED = text_id("#{id} has changed since you saw it. /submit {id} shows it as it is now.")
_NO_TIME = text_id("#{id} has no time in the queue. /at {id} 18:30 gives it one.")
_NOT_PAUSED = text_id("#{id} is not paused. /show {id} tells how it stands.")
_NOT_COUNTING = text_id("#{id} is not about to go out: there is nothing to stop. /show {id} tells how it stands.")
_NOT_OUT = text_id("#{id} has not gone out yet. /show {id} tells how it stands.")

#: Where the act says it better than the stage.
BETTER: Mapping[tuple[Stage, Act], str] = {
    **{(Stage.DRAFT, act): _CHANGED for act in (Act.APPROVE, Act.ASK_CHANGES, Act.LATER, Act.REJECT)},
    **{(stage, act): _NO_TIME for stage in _IN_HOUSE for act in (Act.PAUSE, Act.SWAP)},
    **{(stage, Act.GO_ON): _NOT_PAUSED for stage in _IN_HOUSE},
    **{(stage, Act.UNDO): _NOT_COUNTING for stage in _IN_HOUSE},
    **{(stage, Act.LOOK_BACK): _NOT_OUT for stage in (*_IN_HOUSE, Stage.COUNTING)},
}


async def entry_for(desk: Desk, number: int, act: Act) -> Entry:
    """The article, if `act` can be done to it in its stage; refuses with why it can't."""
    entry = await desk.entry(number)
    check(act, await stage_of(desk, entry), number)
    return entry


async def stage_of(desk: Desk, entry: Entry) -> Stage:
    if entry.state is EntryState.SUBMITTED and not await missing(desk, entry, None):
        return Stage.APPROVED
    if entry.state is EntryState.PUBLISHED:
        sent = [dispatch.state for dispatch in await desk.tx.dispatches(entry.id)]
        return Stage.PUBLISHED if _UNDER_WAY.isdisjoint(sent) else Stage.PUBLISHING
    return Stage(entry.state)


def check(act: Act, stage: Stage, article_id: int) -> None:
    """Raises `Refused` where the act is impossible in that stage."""
    if act not in ALLOWED[stage]:
        raise Refused(BETTER.get((stage, act)) or BECAUSE[stage], id=article_id)
