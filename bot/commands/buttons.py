"""What buttons stand for. A press counts once; an older one is explained."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot.commands import (
    countdown,
    drafts,
    halting,
    history,
    insight,
    lineup,
    people,
    queue,
    readers,
    remarks,
    review,
    shared_editing,
)
from bot.commands.authority import PRESSERS
from bot.commands.talk import Talk
from bot.commands.topics import article_of
from bot.domain import Verification
from bot.domain.entry import ButtonRow
from bot.domain.people import Role
from bot.domain.review import Verdict
from bot.errors import NotAllowed
from bot.newsroom.resend import Missing

Args = Mapping[str, Any]


async def press(talk: Talk, button_id: str) -> None:
    """Who pressed is checked now; the row is used up in this transaction. What does not count is recorded."""
    row = await talk.tx.button(button_id, talk.chat)
    if row is None:
        raise NotAllowed("This button does not work any more. /help shows what you can say.", why="unknown")
    talk.require(PRESSERS[row.action])
    if row.only is not None and (talk.member is None or talk.member.id != row.only):
        raise NotAllowed("This button is for whoever asked. /help shows what you can say.", why="person")
    if row.used_at is not None or row.expires_at <= talk.now:
        why = "expired" if row.used_at is None else "used"
        await talk.tx.record(talk.person, "button.refused", "", {"button": row.action, "why": why}, talk.now)
        await _explain(talk, row)
        return
    await talk.tx.use_button(button_id, talk.person, talk.member.id if talk.member is not None else None, talk.now)
    if (number := await article_of(talk.tx, row.args)) is not None:
        talk = talk.about_article(number)
    await ACTIONS[row.action](talk, row.args)


async def _explain(talk: Talk, row: ButtonRow) -> None:
    """Pressed before or too old: what happened, and how things stand now, with fresh buttons."""
    happened = await _what_happened(talk, row)
    number = await article_of(talk.tx, row.args)
    if number is not None:
        await talk.show([f"{happened} {talk.words('This is how #{id} stands:', id=number)}"])
        await shared_editing.show_again(talk, number)
        return
    await talk.show([happened])
    if "member" in row.args:
        await people.show_present(talk, int(row.args["member"]))
    elif row.action == "log":
        await history.show_log(talk, row.args.get("of"))
    elif row.action == "resume":
        await halting.show_present(talk)


async def redraw(talk: Talk, button_id: str) -> None:
    """The press was refused: what it was pressed on may be out of date."""
    row = await talk.tx.button(button_id, talk.chat)
    number = await article_of(talk.tx, row.args) if row is not None else None
    if number is not None:
        await shared_editing.redraw_pressed(talk, number)


async def _what_happened(talk: Talk, row: ButtonRow) -> str:
    words = talk.words
    if row.used_at is None or row.used_by is None:
        return words("That button is too old.")
    if row.used_by == talk.person:
        return words("You pressed that button {when}.", when=talk.when(row.used_at))
    number = row.used_by_member
    presser = await (talk.tx.person_at(row.used_by) if number is None else talk.tx.person(number))
    name = presser.title if presser is not None else words("a former colleague")
    return words("That button was pressed {when} by {name}.", name=name, when=talk.when(row.used_at))


async def _next(talk: Talk, args: Args) -> None:
    await queue.take_next(talk, str(args["article"]))


async def _now(talk: Talk, args: Args) -> None:
    await queue.publish_now(talk, str(args["article"]))


async def _cancel(talk: Talk, args: Args) -> None:
    await queue.cancel(talk, str(args["article"]))


async def _ask_time(talk: Talk, args: Args) -> None:
    await queue.ask_time(talk, int(args["article"]))


async def _ask_edit(talk: Talk, args: Args) -> None:
    await drafts.ask_edit(talk, int(args["article"]))


async def _set_status(talk: Talk, args: Args) -> None:
    await drafts.set_status(talk, int(args["article"]), Verification(args["status"]))


async def _name_own(talk: Talk, args: Args) -> None:
    await drafts.name_own_correspondent(talk, int(args["article"]))


async def _skip(talk: Talk, args: Args) -> None:
    await drafts.press_step(talk, str(args["step"]), finish=False)


async def _finish(talk: Talk, args: Args) -> None:
    await drafts.press_step(talk, str(args["step"]), finish=True)


async def _appeared(talk: Talk, args: Args) -> None:
    await queue.settle_doubt(talk, int(args["dispatch"]), appeared=True)


async def _post_again(talk: Talk, args: Args) -> None:
    await queue.settle_doubt(talk, int(args["dispatch"]), appeared=False)


async def _retry(talk: Talk, args: Args) -> None:
    await queue.retry(talk, int(args["dispatch"]))


async def _go_on(talk: Talk, args: Args) -> None:
    await queue.go_on(talk, int(args["left"]), [int(each) for each in args["dispatches"]])


async def _leave_it(talk: Talk, args: Args) -> None:
    await talk.say("Left as it is: nothing more of #{id} goes out. /show {id} tells who has it.", id=args["left"])


async def _unpause(talk: Talk, args: Args) -> None:
    await lineup.go_on(talk, int(args["article"]))


async def _pace(talk: Talk, args: Args) -> None:
    await queue.set_pace(talk, int(args["article"]), paid=bool(args["paid"]))


async def _resend(talk: Talk, args: Args) -> None:
    seen = Missing(int(args["failed"]), int(args["in_doubt"]), int(args["waiting"]))
    await insight.send_missing(talk, int(args["article"]), seen, doubtful=bool(args["doubtful"]))


async def _approve(talk: Talk, args: Args) -> None:
    await review.approve(talk, int(args["article"]), str(args["binding"]))


async def _log(talk: Talk, args: Args) -> None:
    await history.show_log(talk, args.get("of"), args["before"])


async def _tick(talk: Talk, args: Args) -> None:
    await review.tick(talk, int(args["article"]), str(args["binding"]), str(args["item"]))


async def _ask_changes(talk: Talk, args: Args) -> None:
    await review.ask_reason(talk, int(args["article"]), str(args["binding"]), Verdict.CHANGES)


async def _reject(talk: Talk, args: Args) -> None:
    await review.ask_reason(talk, int(args["article"]), str(args["binding"]), Verdict.REJECT)


async def _later(talk: Talk, args: Args) -> None:
    await review.later(talk, int(args["article"]), str(args["binding"]))


async def _submit(talk: Talk, args: Args) -> None:
    await review.submit(talk, str(args["article"]))


async def _undo(talk: Talk, args: Args) -> None:
    await countdown.undo(talk, str(args["article"]))


async def _look_back(talk: Talk, args: Args) -> None:
    await review.look_back(talk, int(args["article"]), str(args["binding"]))


async def _start(talk: Talk, _args: Args) -> None:
    await readers.start(talk, "")


async def _team_person(talk: Talk, args: Args) -> None:
    await people.show_person(talk, int(args["member"]))


async def _ask_role(talk: Talk, args: Args) -> None:
    await people.ask_role(talk, int(args["member"]), Role(args["role"]))


async def _set_role(talk: Talk, args: Args) -> None:
    await people.set_role(talk, int(args["member"]), Role(args["was"]), Role(args["role"]))


async def _ask_remove(talk: Talk, args: Args) -> None:
    await people.ask_remove(talk, int(args["member"]))


async def _remove_person(talk: Talk, args: Args) -> None:
    await people.remove_person(talk, int(args["member"]), Role(args["was"]))


async def _waive(talk: Talk, args: Args) -> None:
    await people.waive(talk, int(args["member"]))


async def _resume(talk: Talk, _args: Args) -> None:
    await halting.resume(talk, "")


#: Who may press each is said in authority.py.
ACTIONS: Mapping[str, Callable[[Talk, Args], Awaitable[None]]] = {
    "next": _next,
    "now": _now,
    "undo": _undo,
    "cancel": _cancel,
    "ask_time": _ask_time,
    "ask_edit": _ask_edit,
    "set_status": _set_status,
    "name_own": _name_own,
    "take_reply": remarks.take,
    "leave_reply": remarks.leave,
    "return_reply": remarks.send_back,
    "skip": _skip,
    "finish": _finish,
    "appeared": _appeared,
    "post_again": _post_again,
    "retry": _retry,
    "go_on": _go_on,
    "leave_it": _leave_it,
    "unpause": _unpause,
    "pace": _pace,
    "resend": _resend,
    "log": _log,
    "submit": _submit,
    "approve": _approve,
    "tick": _tick,
    "ask_changes": _ask_changes,
    "later": _later,
    "reject": _reject,
    "look_back": _look_back,
    "team_person": _team_person,
    "ask_role": _ask_role,
    "set_role": _set_role,
    "ask_remove": _ask_remove,
    "remove_person": _remove_person,
    "waive": _waive,
    "resume": _resume,
    "start": _start,
}
