"""Presses of buttons. Each counts once; an older one is explained."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import TypeVar, cast

import structlog

from bot.commands import (
    approving,
    asides,
    cards,
    countdown,
    drafts,
    duty,
    follow_up,
    halting,
    history,
    insight,
    late,
    lineup,
    messages,
    people,
    posts,
    proposals,
    proposing,
    queue,
    readers,
    reading,
    remarks,
    review,
    revival,
    rules,
    shared_editing,
    steps,
    systems,
    table,
    tips,
)
from bot.commands.table import BY_NAME
from bot.commands.talk import Talk
from bot.commands.topics import article_about
from bot.domain import Run, buttons
from bot.domain.buttons import AboutMember, AboutRules, ButtonPress, LeaveIt, Resume, SayAgain, ShowDay, ShowLog
from bot.domain.entry import ButtonRow
from bot.domain.review import Verdict
from bot.errors import UNKNOWN, NotAllowed, Refused
from bot.texts import text_id

log = structlog.get_logger(__name__)

P = TypeVar("P", bound=ButtonPress)
Act = Callable[[Talk, ButtonPress], Awaitable[None]]


NO_LONGER = text_id("This button no longer works. /help shows what you can say.")
NO_LONGER_FOR_THE_DESK = text_id(
    "This button is too old to know what it was about. /mine shows what waits for you, /list all that waits."
)
LEFT = text_id("You are no longer on the desk, so this button does nothing here. An owner can tell you why.")


async def press(talk: Talk, button_id: str) -> None:
    """Check now who pressed, and use the row up in this transaction. What does not count is recorded."""
    row = await talk.tx.button(button_id, talk.chat)
    if row is None:
        raise NotAllowed(await _unknown(talk), why=UNKNOWN)
    if row.press is None:
        log.warning("button_put_aside", button=row.code)
        raise Refused("This button does not work here: another version of Visnyk made it. /list shows what is waiting.")
    talk.require(row.press.least)
    if row.only is not None and (talk.member is None or talk.member.id != row.only):
        raise NotAllowed("This button is for the person who asked. /help shows what you can say.", why="person")
    if talk.saying is not None:
        talk = replace(talk, saying=talk.saying.after(row.made_at))
    is_used = row.used_at is not None and not row.press.shows
    if is_used or not _was_good(talk, row, row.press):
        if talk.member is not None:  # a reader may press an old button without end, and does no harm
            why = "expired" if row.used_at is None else "used"
            await talk.tx.record(talk.person, "button.refused", "", {"button": row.code, "why": why}, talk.now)
        await _explain(talk, row, row.press)
        return
    if not row.press.shows:
        await talk.tx.use_button(button_id, talk.person, talk.member.id if talk.member is not None else None, talk.now)
    if (number := await article_about(talk.tx, row.press)) is not None:
        talk = talk.about_article(number)
    if row.press.sends and talk.is_late:
        await late.ask_again(talk, row.press)
        return
    await ACTS[type(row.press)](talk, row.press)


async def _unknown(talk: Talk) -> str:
    """Return the answer to the press of a button that we do not know, or no longer."""
    if talk.member is not None:
        return NO_LONGER_FOR_THE_DESK
    return LEFT if await talk.tx.was_of_the_desk(talk.person) else NO_LONGER


def _was_good(talk: Talk, row: ButtonRow, press: ButtonPress) -> bool:
    """True if it was pressed in time, whenever that is read."""
    return (talk.said if press.stops else talk.desk.said_by) < row.expires_at


async def _explain(talk: Talk, row: ButtonRow, pressed: ButtonPress) -> None:
    """Tell what happened to a button that was used or is too old, and how things stand now, with fresh buttons."""
    happened = await _what_happened(talk, row)
    number = await article_about(talk.tx, pressed)
    if number is not None:
        await talk.show([f"{happened} {talk.words('This is how #{id} stands:', id=number)}"])
        await shared_editing.show_again(talk, number)
        return
    await talk.show([happened])
    match pressed:
        case AboutMember(member=member):
            await people.show_present(talk, member)
        case ShowDay(day=day, skip=skip):
            await lineup.show_day(talk, day, skip)
        case ShowLog(of=article):
            await history.show_log(talk, article)
        case AboutRules(asked=asked):
            await rules.show_present(talk, asked)
        case Resume():
            await halting.show_present(talk)


async def redraw(talk: Talk, button_id: str) -> None:
    """Draw the card of a refused press again: it may be out of date."""
    row = await talk.tx.button(button_id, talk.chat)
    number = await article_about(talk.tx, row.press) if row is not None else None
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


async def _leave_it(talk: Talk, left: LeaveIt) -> None:
    await talk.say("Left as it is: #{id} goes no further. /show {id} shows who has it.", id=left.article)


async def _say_again(talk: Talk, said: SayAgain) -> None:
    command = BY_NAME[said.command]
    talk.require(command.role)
    await command.act(talk, (Run(said.argument),), None)


def _does(kind: type[P], act: Callable[[Talk, P], Awaitable[None]]) -> tuple[type[ButtonPress], Act]:
    """A row of the table below; the type checker compares both of its sides."""
    return kind, cast("Act", act)


#: The act of each press. The values and their roles stand in bot/domain/buttons.py.
ACTS: Mapping[type[ButtonPress], Act] = dict(
    [
        _does(buttons.TakeNext, queue.press_next),
        _does(buttons.PublishNow, queue.press_now),
        _does(buttons.Undo, lambda talk, it: countdown.undo(talk, str(it.article))),
        _does(buttons.Cancel, lambda talk, it: queue.cancel(talk, str(it.article))),
        _does(buttons.StopSending, lambda talk, it: queue.stop_sending(talk, str(it.article))),
        _does(buttons.Revive, lambda talk, it: revival.revive(talk, it.article)),
        _does(buttons.AskTime, lambda talk, it: queue.ask_time(talk, it.article)),
        _does(buttons.Unpause, lambda talk, it: lineup.go_on(talk, it.article)),
        _does(SayAgain, _say_again),
        _does(buttons.Choose, messages.choose),
        _does(buttons.ShowHelp, table.show_group),
        _does(ShowDay, lambda talk, it: lineup.show_day(talk, it.day, it.skip, redraw=True)),
        _does(buttons.SetPace, lambda talk, it: queue.set_pace(talk, it.article, paid=it.paid)),
        _does(buttons.AskEdit, lambda talk, it: drafts.ask_edit(talk, it.article)),
        _does(buttons.SetStatus, lambda talk, it: drafts.set_status(talk, it.article, it.status)),
        _does(buttons.NameOwn, lambda talk, it: drafts.name_own_correspondent(talk, it.article)),
        _does(buttons.TakeBack, lambda talk, it: drafts.take_back(talk, it.article, it.text)),
        _does(buttons.ShowLeftOut, lambda talk, it: drafts.show_left_out(talk, it.article)),
        _does(buttons.DropPicture, lambda talk, it: drafts.drop_picture(talk, it.article)),
        _does(buttons.SkipStep, lambda talk, it: steps.press_step(talk, it.step, finish=False)),
        _does(buttons.FinishDraft, lambda talk, it: steps.press_step(talk, it.step, finish=True)),
        _does(buttons.TakeReply, remarks.take),
        _does(buttons.TakeDraft, asides.take_draft),
        _does(buttons.LeaveReply, remarks.leave),
        _does(buttons.ReturnReply, remarks.send_back),
        _does(buttons.Submit, lambda talk, it: review.submit(talk, str(it.article))),
        _does(buttons.Approve, lambda talk, it: review.approve(talk, it.article, it.binding)),
        _does(buttons.ApproveNow, lambda talk, it: approving.now(talk, it.article, it.binding)),
        _does(buttons.ApproveAt, lambda talk, it: review.approve_at(talk, it.article, it.binding, it.at)),
        _does(buttons.AskApproveTime, lambda talk, it: approving.ask_time(talk, it.article, it.binding)),
        _does(buttons.Tick, lambda talk, it: review.tick(talk, it.article, it.binding, it.item)),
        _does(buttons.AskChanges, lambda talk, it: review.ask_reason(talk, it.article, it.binding, Verdict.CHANGES)),
        _does(buttons.Later, lambda talk, it: review.later(talk, it.article, it.binding)),
        _does(buttons.Reject, lambda talk, it: review.ask_reason(talk, it.article, it.binding, Verdict.REJECT)),
        _does(buttons.SeeQuestion, lambda talk, it: review.see_question(talk, it.article)),
        _does(buttons.SeePost, lambda talk, it: posts.show(talk, it.article, it.version, it.platform)),
        _does(buttons.ShowArticle, lambda talk, it: cards.show(talk, it.article)),
        _does(buttons.AskEarlier, lambda talk, it: follow_up.ask(talk, it.article)),
        _does(buttons.SayEarlier, lambda talk, it: follow_up.say(talk, it.article, it.standing)),
        _does(buttons.AskChange, lambda talk, it: proposing.ask_text(talk, it.article, it.kind)),
        _does(buttons.TakeSource, proposing.take_source),
        _does(buttons.OnlyNote, lambda talk, it: proposing.only_note(talk, it.article)),
        _does(buttons.SubmitChange, lambda talk, it: proposals.submit(talk, it.article, it.change)),
        _does(buttons.SendChange, lambda talk, it: proposals.send(talk, it.article, it.change)),
        _does(buttons.LeaveInSpite, lambda talk, it: proposals.leave_in_spite(talk, it.article, it.change)),
        _does(buttons.DiscardChange, lambda talk, it: proposals.discard(talk, it.article, it.change)),
        _does(buttons.ApproveChange, lambda talk, it: proposals.approve(talk, it.article, it.change, it.binding)),
        _does(buttons.SendBackChange, lambda talk, it: proposals.send_back(talk, it.article, it.change, it.binding)),
        _does(buttons.LookBack, lambda talk, it: review.look_back(talk, it.article, it.binding)),
        _does(buttons.PostAppeared, lambda talk, it: queue.settle_doubt(talk, it.dispatch, appeared=True)),
        _does(buttons.PostAgain, lambda talk, it: queue.settle_doubt(talk, it.dispatch, appeared=False)),
        _does(buttons.Retry, lambda talk, it: queue.retry(talk, it.dispatch)),
        _does(buttons.GoOn, lambda talk, it: queue.go_on(talk, it.article, it.dispatches)),
        _does(LeaveIt, _leave_it),
        _does(buttons.Resend, insight.press),
        _does(ShowLog, lambda talk, it: history.show_log(talk, it.of, it.before)),
        _does(buttons.ShowPerson, lambda talk, it: people.show_person(talk, it.member)),
        _does(buttons.AskRole, lambda talk, it: people.ask_role(talk, it.member, it.role)),
        _does(buttons.SetRole, lambda talk, it: people.set_role(talk, it.member, it.was, it.role)),
        _does(buttons.AskRemove, lambda talk, it: people.ask_remove(talk, it.member)),
        _does(buttons.RemovePerson, lambda talk, it: people.remove_person(talk, it.member, it.was)),
        _does(buttons.Waive, lambda talk, it: people.waive(talk, it.member)),
        _does(buttons.ConfirmLink, lambda talk, it: people.confirm_link(talk, it.digest)),
        _does(buttons.RefuseLink, lambda talk, it: people.refuse_link(talk, it.digest)),
        _does(buttons.Unlink, people.take_address),
        _does(buttons.ApproveRules, lambda talk, it: rules.approve(talk, it.asked)),
        _does(buttons.KeepRules, lambda talk, it: rules.keep(talk, it.asked)),
        _does(buttons.Mute, lambda talk, it: duty.mute_for(talk, it.minutes)),
        _does(buttons.Unmute, lambda talk, _it: duty.unmute(talk)),
        _does(buttons.Notify, lambda talk, it: duty.choose(talk, it.wish)),
        _does(buttons.RevokeKey, lambda talk, it: systems.revoke(talk, it.key)),
        _does(buttons.ReadStory, reading.read),
        _does(buttons.MoreNews, reading.more),
        _does(buttons.SendTip, tips.send),
        _does(buttons.BlockTips, tips.block),
        _does(buttons.AllowTips, tips.allow),
        _does(Resume, lambda talk, _it: halting.resume(talk, "")),
        _does(buttons.Start, lambda talk, _it: readers.start(talk, "")),
        _does(buttons.SetLanguage, lambda talk, it: readers.set_language(talk, it.language)),
        _does(buttons.ForgetMe, lambda talk, _it: readers.forget(talk)),
    ]
)
