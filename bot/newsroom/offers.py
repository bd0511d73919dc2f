"""Offers: what a button about an article would do, and whether that would still be taken."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from bot.domain import buttons
from bot.domain.buttons import ButtonPress
from bot.domain.change import ChangeState
from bot.domain.dossier import has_approved
from bot.domain.entry import ButtonRow
from bot.domain.evidence import Evidence
from bot.domain.ledger import DispatchState
from bot.domain.life import Act
from bot.domain.people import Person, allowed
from bot.domain.readiness import Obstacle, obstacles
from bot.domain.review import Verdict
from bot.newsroom.situation import Situation
from bot.newsroom.waiting import waits_for

#: The act of each button that does something to an article.
ACTS: Mapping[type[ButtonPress], Act] = {
    buttons.TakeNext: Act.TIME,
    buttons.PublishNow: Act.NOW,
    buttons.Undo: Act.UNDO,
    buttons.Cancel: Act.CANCEL,
    buttons.StopSending: Act.STOP_SENDING,
    buttons.Revive: Act.EDIT,
    buttons.AskTime: Act.TIME,
    buttons.Unpause: Act.GO_ON,
    buttons.SetPace: Act.PACE,
    buttons.AskEdit: Act.EDIT,
    buttons.SetStatus: Act.EDIT,
    buttons.NameOwn: Act.EDIT,
    buttons.DropPicture: Act.EDIT,
    buttons.TakeBack: Act.EDIT,
    buttons.AskEarlier: Act.EDIT,
    buttons.SayEarlier: Act.EDIT,
    buttons.TakeReply: Act.EDIT,
    buttons.Submit: Act.SUBMIT,
    buttons.Approve: Act.APPROVE,
    buttons.ApproveNow: Act.APPROVE,
    buttons.ApproveAt: Act.APPROVE,
    buttons.AskApproveTime: Act.APPROVE,
    buttons.Tick: Act.TICK,
    buttons.AskChanges: Act.ASK_CHANGES,
    buttons.Later: Act.LATER,
    buttons.Reject: Act.REJECT,
    buttons.LookBack: Act.LOOK_BACK,
}
#: Buttons that show or answer something whatever has become of the article.
ALWAYS: frozenset[type[ButtonPress]] = frozenset(
    {
        buttons.SeePost,
        buttons.ShowLeftOut,
        buttons.SeeQuestion,
        buttons.ShowArticle,
        buttons.LeaveReply,
        buttons.GoOn,
        buttons.LeaveIt,
        buttons.Resend,
        buttons.AskChange,
        buttons.OnlyNote,
        buttons.TakeSource,
        # Whether the change is still open is looked at with the change: see CHANGED.
        buttons.SubmitChange,
        buttons.SendChange,
        buttons.DiscardChange,
        buttons.ApproveChange,
        buttons.SendBackChange,
        buttons.LeaveInSpite,
    }
)
#: The state of a dispatch in which each button about it does something.
DISPATCHED: Mapping[type[ButtonPress], DispatchState] = {
    buttons.PostAppeared: DispatchState.IN_DOUBT,
    buttons.PostAgain: DispatchState.IN_DOUBT,
    buttons.Retry: DispatchState.STOPPED,
}
#: The state of a change in which each button about it does something.
CHANGED: Mapping[type[ButtonPress], ChangeState] = {
    buttons.SubmitChange: ChangeState.DRAFT,
    buttons.SendChange: ChangeState.DRAFT,
    buttons.DiscardChange: ChangeState.DRAFT,
    buttons.ApproveChange: ChangeState.SUBMITTED,
    buttons.SendBackChange: ChangeState.SUBMITTED,
    buttons.LeaveInSpite: ChangeState.RUNNING,
}
_VERDICTS = {Verdict.CHANGES: Act.ASK_CHANGES, Verdict.REJECT: Act.REJECT}


def is_over(row: ButtonRow, now: datetime, *, halted: bool) -> bool:
    """True if a button was pressed, is too old, or offers to end a halt that is over."""
    if row.press is None or row.expires_at <= now:
        return True
    return (row.used_at is not None and not row.press.shows) or (isinstance(row.press, buttons.Resume) and not halted)


def act_of(press: ButtonPress) -> Act | None:
    """Return the act of a button; None if it does nothing to an article."""
    return _VERDICTS[press.verdict] if isinstance(press, buttons.ReturnReply) else ACTS.get(type(press))


def stands(press: ButtonPress, situation: Situation, person: Person | None) -> bool:
    """True if the button would do what it says. `person`: whose it is; None: anybody's who may press it."""
    if person is not None and not allowed(person, press.least):
        return False
    if isinstance(press, buttons.SeeQuestion):
        return person is None or waits_for(situation, person)
    if isinstance(press, buttons.LeaveInSpite):
        return situation.readiness.halted
    act = act_of(press)
    if act is None:
        return True
    found = obstacles(
        situation.readiness, act, _when(press, situation), by=person, seen=getattr(press, "binding", None)
    )
    # The boxes of a checklist stand beside the yes.
    return {Obstacle.UNTICKED}.issuperset(found) and all(it(press, situation, person) for it in _MORE)


def _when(press: ButtonPress, situation: Situation) -> datetime | None:
    """Return when the article would go out by it; None: at once."""
    if isinstance(press, buttons.Unpause):
        return situation.readiness.times.due_at
    return situation.earliest if isinstance(press, buttons.TakeNext | buttons.AskTime) else None


def _is_needed(press: ButtonPress, situation: Situation, person: Person | None) -> bool:
    """True unless this person's word, or anybody's, would change nothing."""
    readiness = situation.readiness
    match press:
        case buttons.Approve() | buttons.ApproveNow() | buttons.ApproveAt() | buttons.AskApproveTime():
            given = person is not None and has_approved(situation.dossier.approvals, person.id, press.binding)
            return readiness.missing > 0 and not given
        case buttons.Submit():
            return readiness.missing > 0 and readiness.asked is None
        case _:
            return True


def _is_lacking(press: ButtonPress, situation: Situation, _person: Person | None) -> bool:
    """True unless the status or source that it names is there already, its line is back, or its picture is kept."""
    if isinstance(press, buttons.TakeBack):
        return any(each.text == press.text for each in situation.entry.article.left_out)
    if isinstance(press, buttons.DropPicture):
        return situation.readiness.lacks.picture
    if isinstance(press, buttons.AskEarlier | buttons.SayEarlier):
        return situation.readiness.lacks.truth
    if isinstance(press, buttons.SetStatus):
        return situation.entry.article.status is None
    return not isinstance(press, buttons.NameOwn) or Evidence.SOURCE in situation.readiness.lacks.evidence


def _is_of_this_version(press: ButtonPress, situation: Situation, _person: Person | None) -> bool:
    return not isinstance(press, buttons.TakeReply) or press.version == situation.entry.version


_MORE: tuple[Callable[[ButtonPress, Situation, Person | None], bool], ...] = (
    _is_needed,
    _is_lacking,
    _is_of_this_version,
)
