"""News for the desk: what happened while nobody asked, in each one's language."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TypeVar, cast

from bot.commands import (
    cards,
    corrections,
    digest,
    halting,
    official,
    outcomes,
    people,
    queue,
    review,
    rules,
    source,
    tips,
    troubles,
)
from bot.commands.fit import Weight, clip, fitted, weighed
from bot.commands.obstacles import HELD
from bot.commands.reasons import why
from bot.commands.standing import too_few
from bot.commands.talk import Key, Keys, Line, Talk, bold
from bot.domain import news
from bot.domain.buttons import GoOn, LeaveIt, Retry
from bot.domain.entry import EntryState
from bot.domain.ledger import Cause, Dispatch, DispatchKind, DispatchState, Missing
from bot.domain.people import Role
from bot.domain.readiness import Obstacle, Readiness
from bot.domain.stored import AboutDispatch
from bot.newsroom import aftermath
from bot.newsroom.readiness import read
from bot.newsroom.refusals import LACKS, of_the_first
from bot.texts import text_id

#: Changed rules that are shown, and characters of each.
RULES, RULE = 10, 200
N = TypeVar("N", bound=news.News)
Telling = Callable[[Talk, news.News], Awaitable[None]]


async def _left_behind(talk: Talk, told: news.LeftBehind) -> None:
    number = told.article
    late = talk.words.duration(timedelta(seconds=told.late))
    entry = await talk.desk.entry(number)
    lines: list[Line] = [
        talk.words("#{id} was being sent when Visnyk went down, {late} ago:", id=number, late=late),
        bold(entry.article.headline),
        *outcomes.lines(talk, await aftermath.report(talk.desk, number)),
        talk.words(UNTIL_SAID),
    ]
    await talk.show(lines, _go_on_or_leave(talk, number, told.dispatches))


async def _complete(talk: Talk, told: news.Complete) -> None:
    """Tell editors what became of the article, and the people who wrote it."""
    number = told.article
    situation = await read(talk.desk, number)
    if not (talk.place.to_all or talk.may(Role.EDITOR) or talk.me.id in situation.readiness.authors):
        return
    entry = situation.entry
    reports = await aftermath.report(talk.desk, number)
    title = text_id("#{id} is out:")
    if any(report.dispatch.state in (DispatchState.IN_DOUBT, DispatchState.STOPPED) for report in reports):
        title = text_id("#{id} is not everywhere yet:")
    head = weighed(Weight.NEEDED, [talk.words(title, id=number), bold(clip(entry.article.headline, cards.HEADLINE))])
    lines, _ = fitted([*head, *outcomes.parts(talk, reports)], partial(cards.more, talk, number))
    await talk.show(lines)


async def _post_refused(talk: Talk, told: news.PostRefused) -> None:
    """Tell what a platform does not take before readers get it, and how to change that."""
    number, missing = told.article, Missing(told.missing)
    situation = await read(talk.desk, number)
    if not (talk.place.to_all or talk.may(Role.EDITOR) or talk.me.id in situation.readiness.authors):
        return
    lines: list[Line] = [
        talk.words(
            "#{id}: on {platform} the post would go out without {what} ({reason}).",
            id=number,
            platform=outcomes.PLATFORM_NAMES[told.platform],
            what=outcomes.without(talk.words, missing),
            reason=why(talk.words, told.reason),
        )
    ]
    if Missing.BUTTON in missing:
        lines.append(
            talk.words("Its address would stand in the text. To leave that out too: /edit {id} link: -", id=number)
        )
    if Missing.PICTURE in missing:
        lines.append(talk.words("For another picture: /edit {id}, then send it.", id=number))
    await talk.show(lines)


async def _renewed(talk: Talk, told: news.Renewed) -> None:
    await review.see_question(talk, told.article)


async def _unsaid(talk: Talk, told: news.Unsaid) -> None:
    """Tell somebody that there is more than a person gets who answers nothing."""
    if spared := await talk.tx.unsaid(talk.chat):
        await talk.say(
            "🔕 You haven’t answered for a while, so I am not sending you everything. Messages left out so far: {n}. "
            "Write anything, and I will go on. What waits for you: /mine",
            n=spared,
        )


async def _dispatch(talk: Talk, told: AboutDispatch) -> Dispatch:
    dispatch = await talk.tx.dispatch(told.dispatch)
    assert dispatch is not None
    return dispatch


async def _in_doubt(talk: Talk, told: news.ChannelInDoubt) -> None:
    dispatch = await _dispatch(talk, told)
    if dispatch.state is DispatchState.IN_DOUBT:
        await queue.show_doubt(talk, dispatch)


async def _stopped(talk: Talk, told: news.Stopped) -> None:
    dispatch = await _dispatch(talk, told)
    await talk.say(
        "#{id} was not posted: {where}. The platform says: {reason}. Fix that, then press “Try again”.",
        id=dispatch.article_id,
        where=outcomes.outlet_name(talk, dispatch),
        reason=why(talk.words, dispatch.reason),
        keys=[[Key(talk.words("Try again"), Retry(dispatch.id))]],
    )


async def _expired_on_its_way(talk: Talk, told: news.ExpiredOnItsWay) -> None:
    dispatch = await _dispatch(talk, told)
    await talk.say(
        "#{id} expired while it was waiting to be sent: {where}. It goes no further there.",
        id=dispatch.article_id,
        where=outcomes.outlet_name(talk, dispatch),
    )


#: Sentences about an article that goes no further on its way, by the cause.
NO_FURTHER = {
    Cause.UNDONE: text_id("✖️ #{id} goes no further: {person} stopped it in time, but that was read too late."),
    Cause.RETRACTED: text_id("✖️ #{id} goes no further: {person} is retracting it."),
    Cause.WITHHELD: text_id("✋ #{id} goes no further: {person} stopped its sending."),
    Cause.UNAPPROVED: text_id("✖️ #{id} goes no further: too few of those who approved it still may."),
    Cause.UNAUTHORISED: text_id("✖️ #{id} goes no further: the person who published it no longer may."),
    Cause.UNPROVEN: text_id("✖️ #{id} goes no further: newsroom.toml now asks for a status or source that it lacks."),
    Cause.FORGED: text_id("⛔ #{id} goes no further: someone changed it in the database by hand."),
}
#: Causes that nobody can put right by a button.
_STAYS = frozenset({Cause.UNPROVEN, Cause.FORGED})
UNTIL_SAID = text_id("It goes no further until you say so.")
#: What can be done then, where it takes more than a word of whoever reads it.
NEXT = {
    **dict.fromkeys(_STAYS, text_id("What has not left stays here. /who {id} shows who has it.")),
    **dict.fromkeys(
        (Cause.UNAPPROVED, Cause.UNAUTHORISED),
        text_id("The rest goes on once somebody who may approve it presses “Continue”."),
    ),
}


async def _stopped_on_its_way(talk: Talk, told: news.StoppedOnItsWay) -> None:
    """Tell why an article goes no further, who has it, and what can be done."""
    number = told.article
    lines: list[Line] = [
        talk.words(NO_FURTHER[told.cause], id=number, person=told.by),
        bold((await talk.desk.entry(number)).article.headline),
        *outcomes.lines(talk, await aftermath.report(talk.desk, number)),
        talk.words(NEXT.get(told.cause, UNTIL_SAID), id=number),
    ]
    await talk.show(lines, [] if told.cause in _STAYS else _go_on_or_leave(talk, number, told.dispatches))


def _go_on_or_leave(talk: Talk, number: int, dispatches: tuple[int, ...]) -> Keys:
    go_on = Key(talk.words("▶️ Continue"), GoOn(number, dispatches))
    return [[go_on, Key(talk.words("✖️ Leave it as it is"), LeaveIt(number))]]


#: By whether the pin was to be taken off.
PIN_FAILED = {
    False: text_id(
        "📌 #{id} is out, but could not be pinned: {where}. The platform says: {reason}. Let the bot edit messages "
        "there (in a group: pin messages), then press “Try again”."
    ),
    True: text_id("📌 #{id} is still pinned: {where}. The platform says: {reason}. Please unpin it by hand."),
}


async def _pin_failed(talk: Talk, told: news.PinFailed) -> None:
    dispatch = await _dispatch(talk, told)
    ends = dispatch.kind is DispatchKind.UNPIN
    await talk.say(
        PIN_FAILED[ends],
        id=dispatch.article_id,
        where=outcomes.outlet_name(talk, dispatch),
        reason=why(talk.words, dispatch.reason),
        keys=[] if ends else [[Key(talk.words("Try again"), Retry(dispatch.id))]],
    )


async def _no_message_id(talk: Talk, told: news.NoMessageId) -> None:
    dispatch = await _dispatch(talk, told)
    await talk.say(
        ("#{id}: {where} is still processing the video. The post will appear by itself; its link is not known yet."),
        id=dispatch.article_id,
        where=outcomes.outlet_name(talk, dispatch),
    )


async def _kept_back(talk: Talk, told: news.KeptBack) -> None:
    await talk.say(
        "#{id} goes out {when}: its channel has just had a post, and posts there are at least {gap} apart.",
        id=told.article,
        when=talk.when(datetime.fromtimestamp(told.until, UTC)),
        gap=talk.words.duration(talk.newsroom.timetable.gap),
    )


async def _no_answer(talk: Talk, told: news.NoAnswer) -> None:
    """Tell the owners of an article that waits for an approval which nobody can give, and what helps."""
    situation = await read(talk.desk, told.article)
    text = talk.words("⏰ #{id} is waiting for an approval that nobody can give now:", id=told.article)
    await talk.show([text, bold(clip(situation.entry.article.headline, cards.HEADLINE)), *too_few(talk, situation)])


async def _approval_revoked(talk: Talk, told: news.ApprovalRevoked) -> None:
    await talk.say(
        "#{id}: {person} may no longer approve, so their approval does not count.",
        id=told.article,
        person=told.name,
    )


async def _head(talk: Talk, told: news.Head) -> None:
    """Tell the end of the record in full: the person who compares it must have all of it."""
    await talk.say(
        (
            "Today the record of who did what ends with {head}. Keep this message: “visnyk audit verify --head” "
            "checks the record against it."
        ),
        head=told.head,
    )


async def _codes_guessed(talk: Talk, told: news.CodesGuessed) -> None:
    """Tell the owners: nobody else can withdraw an invitation."""
    await talk.say(
        "⚠️ Somebody is guessing invitation codes. Wrong codes within an hour: {codes}, accounts: {people}. Nobody got "
        "in. Wrong codes get no answer for now; a real invitation still works.",
        codes=told.codes,
        people=told.people,
    )


async def _few_approvers(talk: Talk, told: news.FewApprovers) -> None:
    """Tell the owners, who can change that."""
    await talk.say(
        "⚠️ Approvals that newsroom.toml asks for: {needed} ({what}). People other than the author who can give one: "
        "{others}. Such articles can't go out. Invite someone: /invite editor; or let a newcomer approve right away: "
        "/team.",
        needed=told.needed,
        others=told.others,
        what=", ".join(told.rules) or talk.words("every article"),
    )


async def _rules_changed(talk: Talk, told: news.RulesChanged) -> None:
    lines: list[Line] = []
    if told.weakening:
        lines.append(talk.words("⚠️ The newsroom's safeguards were changed at the start:"))
        lines += [f"• {clip(each, RULE)}" for each in told.weakening[:RULES]]
        lines.append(talk.words("If you don't know why, ask whoever runs Visnyk. /halt stops everything."))
    if told.others:
        lines.append(talk.words("⚙️ New settings in newsroom.toml:"))
        lines += [f"• {clip(each, RULE)}" for each in told.others[:RULES]]
    await talk.show(lines)


async def _held(talk: Talk, told: news.Held) -> None:
    """Tell why the article did not go out, and show its card, which offers what can be done now."""
    number, why = told.article, Obstacle(told.code)
    if why is Obstacle.UNREADABLE:
        await talk.say(HELD[why], id=number)
        return
    situation = await read(talk.desk, number)
    readiness = situation.readiness
    if _is_put_right(readiness, why):
        return
    late = talk.words.duration(timedelta(seconds=told.late))
    opens, because = talk.when(readiness.times.opens_at or talk.now), ", ".join(readiness.need.because)
    values = {"late": late, "when": opens, "why": because, **of_the_first(readiness)}
    lines: list[Line] = [talk.words(HELD[why], id=number, **values)]
    if why is Obstacle.UNPROVEN:
        lines.append(talk.words(LACKS[readiness.lacks.evidence], id=number))
    await talk.show(lines)
    await cards.show_card(talk, situation)


async def _shifted(talk: Talk, told: news.Shifted) -> None:
    """Tell that a time on the clock is another one now, and show the card, which takes a time."""
    situation = await read(talk.desk, told.article)
    if situation.entry.state is not EntryState.HELD:
        return
    await talk.say(
        "#{id} is on hold: it was to go out at {wall}, but the rules of the clock have changed, and what was {wall} is "
        "now {when}. Give it a time again.",
        id=told.article,
        wall=told.wall,
        when=talk.when(datetime.fromtimestamp(told.now_at, UTC)),
    )
    await cards.show_card(talk, situation)


async def _expiry_shifted(talk: Talk, told: news.ExpiryShifted) -> None:
    """Tell that an expiry on the clock is another instant now, and which of the two counts for now."""
    await talk.say(
        "#{id} was to expire at {wall}, but the rules of the clock have changed. For now it expires {when}, the "
        "earlier of the two. If {wall} is meant, type: /edit {id} expires: {wall}",
        id=told.article,
        wall=told.wall,
        when=talk.when(datetime.fromtimestamp(told.at, UTC)),
    )


def _is_put_right(readiness: Readiness, why: Obstacle) -> bool:
    """True if somebody has put it right meanwhile; then nothing is said."""
    if why is Obstacle.UNPROVEN:
        return not readiness.lacks.evidence
    if why is Obstacle.UNKEPT:
        return not readiness.lacks.picture
    if why is Obstacle.UNSOUND:
        return not readiness.lacks.truth
    return why is Obstacle.TOO_EARLY and readiness.times.opens_at is None


def _tells(kind: type[N], tell: Callable[[Talk, N], Awaitable[None]]) -> tuple[type[news.News], Telling]:
    """A row of the table below; the type checker compares both of its sides."""
    return kind, cast("Telling", tell)


#: The words for each piece of news. The values, and those whom they concern, stand in bot/domain/news/.
NOTICES: Mapping[type[news.News], Telling] = dict(
    [
        _tells(news.TeamChanged, people.tell_news),
        _tells(news.RulesChanged, _rules_changed),
        _tells(news.RulesWait, rules.ask),
        _tells(news.RulesKept, rules.tell_kept),
        _tells(news.RulesAccepted, rules.tell_accepted),
        _tells(news.BackOnDuty, digest.tell),
        _tells(news.TipCame, tips.tell),
        _tells(news.LookAlike, official.tell_look_alike),
        _tells(news.LinkWanted, people.ask_who_wants_in),
        *[_tells(kind, _held) for kind in news.HELD.values()],
        _tells(news.Shifted, _shifted),
        _tells(news.ExpiryShifted, _expiry_shifted),
        _tells(news.LeftBehind, _left_behind),
        _tells(news.SourceChanged, source.tell),
        _tells(news.KeptBack, _kept_back),
        _tells(news.Submitted, review.ask_approval),
        _tells(news.Renewed, _renewed),
        _tells(news.NoAnswer, _no_answer),
        _tells(news.Unsaid, _unsaid),
        _tells(news.WaitsLong, review.ask_long_waiting),
        _tells(news.Decided, review.tell_decided),
        _tells(news.Approved, review.tell_approved),
        _tells(news.PublishedAlone, review.tell_published_alone),
        _tells(news.Reviewed, review.tell_reviewed),
        _tells(news.ApprovalVoid, review.tell_void),
        _tells(news.Cancelled, review.tell_cancelled),
        _tells(news.ApprovalRevoked, _approval_revoked),
        _tells(news.PostRefused, _post_refused),
        _tells(news.Complete, _complete),
        _tells(news.ChangeSubmitted, corrections.ask_approval),
        _tells(news.ChangedAlone, corrections.tell_alone),
        _tells(news.ChangedLightly, corrections.tell_alone),
        _tells(news.HaltHoldsUp, corrections.tell_held_up),
        _tells(news.LeavesInSpite, corrections.tell_in_spite),
        _tells(news.ChangeDone, corrections.tell_done),
        _tells(news.ChangeApproved, corrections.tell_approved),
        _tells(news.ChangeSentBack, corrections.tell_sent_back),
        _tells(news.ChannelInDoubt, _in_doubt),
        _tells(news.ChannelStopped, _stopped),
        _tells(news.ReadersStopped, _stopped),
        _tells(news.ExpiredOnItsWay, _expired_on_its_way),
        _tells(news.StoppedOnItsWay, _stopped_on_its_way),
        _tells(news.NoMessageId, _no_message_id),
        _tells(news.PinFailed, _pin_failed),
        *[_tells(kind, troubles.tell) for kind in troubles.SENTENCES],
        _tells(news.HookTaken, troubles.hook_taken),
        _tells(news.FeedFails, troubles.feed_fails),
        _tells(news.PlatformHeld, troubles.platform_held),
        _tells(news.ChannelWaits, troubles.channel_waits),
        _tells(news.ClockWrong, troubles.clock_wrong),
        _tells(news.FewApprovers, _few_approvers),
        _tells(news.CodesGuessed, _codes_guessed),
        _tells(news.Head, _head),
        _tells(news.LogAltered, halting.tell_altered),
        _tells(news.RowsAltered, halting.tell_rows),
        _tells(news.Halted, halting.tell_halted),
        _tells(news.ResumeAsked, halting.tell_asked),
        _tells(news.Resumed, halting.tell_resumed),
    ]
)
