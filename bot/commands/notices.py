"""News for the desk: what happened while nobody asked, in each one's language."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from bot.commands import cards, halting, outcomes, people, queue, review
from bot.commands.fit import Weight, clip, fitted, weighed
from bot.commands.reasons import why
from bot.commands.talk import Key, Line, Talk, bold
from bot.domain import Platform
from bot.domain.buttons import GoOn, LeaveIt, Retry
from bot.domain.ledger import Dispatch, DispatchState
from bot.domain.people import Role
from bot.newsroom import aftermath, approval
from bot.newsroom.gate import LACKS
from bot.texts import text_id

Args = Mapping[str, Any]


async def _stale(talk: Talk, args: Args) -> None:
    late = talk.words.duration(timedelta(seconds=int(args["late"])))
    await talk.say("#{id} is {late} late, because Visnyk was not running. What now?", id=args["article"], late=late)
    await cards.show_card(talk, await talk.desk.entry(int(args["article"])))


async def _left_behind(talk: Talk, args: Args) -> None:
    number = int(args["article"])
    late = talk.words.duration(timedelta(seconds=int(args["late"])))
    entry = await talk.desk.entry(number)
    lines: list[Line] = [
        talk.words("#{id} was on its way when Visnyk went down, {late} ago:", id=number, late=late),
        bold(entry.article.headline),
        *outcomes.lines(talk, await aftermath.report(talk.desk, number)),
        talk.words("Nothing more of it goes out until you say so."),
    ]
    go_on = GoOn(number, tuple(args["dispatches"]))
    keys = [[Key(talk.words("▶️ Go on"), go_on), Key(talk.words("✖️ Leave it"), LeaveIt(number))]]
    await talk.show(lines, keys)


async def _nowhere(talk: Talk, args: Args) -> None:
    await talk.say("#{id} was due but has nowhere to go: no channel and no readers take it.", id=args["article"])
    await cards.show_card(talk, await talk.desk.entry(int(args["article"])))


async def _complete(talk: Talk, args: Args) -> None:
    """Also to who wrote it."""
    number = int(args["article"])
    authors = await approval.authors(talk.desk, number)
    if not (talk.to_all or talk.may(Role.EDITOR) or talk.me.id in authors):
        return
    entry = await talk.desk.entry(number)
    reports = await aftermath.report(talk.desk, number)
    title = text_id("#{id} is out:")
    if any(report.dispatch.state in (DispatchState.IN_DOUBT, DispatchState.STOPPED) for report in reports):
        title = text_id("#{id} is not everywhere yet:")
    head = weighed(Weight.NEEDED, [talk.words(title, id=number), bold(clip(entry.article.headline, cards.HEADLINE))])
    lines, _ = fitted([*head, *outcomes.parts(talk, reports)], partial(cards.more, talk, number))
    await talk.show(lines)


async def _dispatch(talk: Talk, args: Args) -> Dispatch:
    dispatch = await talk.tx.dispatch(int(args["dispatch"]))
    assert dispatch is not None
    return dispatch


async def _in_doubt(talk: Talk, args: Args) -> None:
    dispatch = await _dispatch(talk, args)
    if dispatch.state is DispatchState.IN_DOUBT:
        await queue.show_doubt(talk, dispatch)


async def _stopped(talk: Talk, args: Args) -> None:
    dispatch = await _dispatch(talk, args)
    await talk.say(
        "#{id} was not posted: {where}. The platform says: {reason}. Mend that, then press “Try again”.",
        id=dispatch.article_id,
        where=outcomes.outlet_name(talk, dispatch),
        reason=why(talk.words, dispatch.reason),
        keys=[[Key(talk.words("Try again"), Retry(dispatch.id))]],
    )


async def _no_message_id(talk: Talk, args: Args) -> None:
    dispatch = await _dispatch(talk, args)
    await talk.say(
        "#{id}: {where} is still converting the video. The post appears by itself; its link is not known yet.",
        id=dispatch.article_id,
        where=outcomes.outlet_name(talk, dispatch),
    )


async def _platform_down(talk: Talk, args: Args) -> None:
    await talk.say(
        "{platform} can't be reached ({reason}). Nothing is lost: what waits for it goes out when it is back.",
        platform=_platform(args),
        reason=why(talk.words, args["reason"]),
    )


async def _platform_misconfigured(talk: Talk, args: Args) -> None:
    await talk.say(
        "{platform} refuses to serve us: {reason}. What waits for it goes out when that is mended; "
        "“visnyk doctor” says what to do.",
        platform=_platform(args),
        reason=why(talk.words, args["reason"]),
    )


async def _paid_refused(talk: Talk, args: Args) -> None:
    await talk.say(
        "Telegram takes no paid messages from us ({reason}): what goes to readers goes at the free pace until the "
        "next start. Is the switch on in @BotFather, and are there Stars on the bot's balance?",
        reason=why(talk.words, args["reason"]),
    )


async def _not_for_many(talk: Talk, args: Args) -> None:
    await talk.say(
        "{platform} takes no message to many readers at once from us ({reason}): until the next start each reader gets "
        "one of their own, which takes longer. Ask {platform}'s support to allow broadcasts.",
        platform=_platform(args),
        reason=why(talk.words, args["reason"]),
    )


async def _platform_back(talk: Talk, args: Args) -> None:
    await talk.say("{platform} works again.", platform=_platform(args))


async def _disk_full(talk: Talk, _args: Args) -> None:
    await talk.say(
        "The disk of Visnyk's machine is full: no article goes out. Commands, /halt and what is in doubt are still "
        "kept. Make room there; then everything goes on by itself."
    )


async def _disk_has_room(talk: Talk, _args: Args) -> None:
    await talk.say("The disk has room again: sending goes on.")


async def _rights_lost(talk: Talk, args: Args) -> None:
    await talk.say(
        "The bot may not post in “{title}” any more. Make it an administrator there with the right to post.",
        title=args["title"],
    )


async def _group_moved(talk: Talk, args: Args) -> None:
    await talk.say(
        "Telegram gave the group “{title}” a new number. Write {new} in place of {old} in newsroom.toml and start "
        "again: until then nobody is heard there.",
        title=args["title"],
        new=args["new"],
        old=args["old"],
    )


def _platform(args: Args) -> str:
    return outcomes.PLATFORM_NAMES[Platform(args["platform"])]


async def _restored(talk: Talk, _args: Args) -> None:
    await talk.say(
        "Visnyk was restored from a backup. What went out after the backup is not known here, so nothing goes out "
        "by itself: look through /list and /doubts, and time the articles again."
    )


async def _unapproved(talk: Talk, args: Args) -> None:
    await talk.say("#{id} was due but is not approved: it did not go out. /submit {id}", id=args["article"])
    await cards.show_card(talk, await talk.desk.entry(int(args["article"])))


async def _orphaned(talk: Talk, args: Args) -> None:
    await talk.say(
        "#{id} was due, but whoever gave it its time may not do that any more: it did not go out. Give it a time anew.",
        id=args["article"],
    )
    await cards.show_card(talk, await talk.desk.entry(int(args["article"])))


async def _unauthorised(talk: Talk, args: Args) -> None:
    await talk.say("#{id} did not go out: whoever published it may not do that any more. What now?", id=args["article"])
    await cards.show_card(talk, await talk.desk.entry(int(args["article"])))


async def _unproven(talk: Talk, args: Args) -> None:
    """Nothing is said of what somebody has mended meanwhile."""
    entry = await talk.desk.entry(int(args["article"]))
    if missing := talk.newsroom.gate.lacking(entry.article):
        held = talk.words("#{id} is on hold and does not go out.", id=entry.id)
        await talk.show([held, talk.words(LACKS[missing], id=entry.id)])
        await cards.show_card(talk, entry)


async def _too_early(talk: Talk, args: Args) -> None:
    entry = await talk.desk.entry(int(args["article"]))
    opens = talk.newsroom.gate.opens_at(entry)
    if opens is not None:
        await talk.say(
            "#{id} is on hold: it may not go out before {when} ({why}). Give it another time.",
            id=entry.id,
            when=talk.when(opens),
            why=", ".join(talk.newsroom.need(entry).because),
        )
        await cards.show_card(talk, entry)


async def _expired(talk: Talk, args: Args) -> None:
    await talk.say("#{id} has expired and did not go out. “/edit {id} expires: -” lets it live on.", id=args["article"])
    await cards.show_card(talk, await talk.desk.entry(int(args["article"])))


async def _kept_back(talk: Talk, args: Args) -> None:
    await talk.say(
        "#{id} goes out {when}: its channel had a post a moment ago, and {gap} must lie between.",
        id=args["article"],
        when=talk.when(datetime.fromtimestamp(float(args["until"]), UTC)),
        gap=talk.words.duration(talk.newsroom.timetable.gap),
    )


async def _approval_revoked(talk: Talk, args: Args) -> None:
    await talk.say(
        "#{id}: the approval of {person}, who may not approve any more, does not count.",
        id=args["article"],
        person=args["name"],
    )


async def _head(talk: Talk, args: Args) -> None:
    """In full: who compares must have all of it."""
    await talk.say(
        "The record of who did what ends today with {head}. Keep this message: “visnyk audit verify --head” compares.",
        head=args["head"],
    )


async def _no_topics(talk: Talk, _args: Args) -> None:
    await talk.say(
        "The bot may not begin topics in the desk's group, so everything stands in the general one. Make it an "
        "administrator there with the right to manage topics: then each article gets its own."
    )


async def _few_approvers(talk: Talk, args: Args) -> None:
    """For the owners, who can change it."""
    if talk.may(Role.OWNER):
        await talk.say(
            "⚠️ newsroom.toml asks for approvals: {needed} ({what}). Besides the author there are people who may give "
            "one: {others}. So it can't go out; /invite editor brings somebody, /team lets a new one begin at once.",
            needed=args["needed"],
            others=args["others"],
            what=", ".join(args["rules"]) or talk.words("every article"),
        )


NOTICES: Mapping[str, Callable[[Talk, Args], Awaitable[None]]] = {
    "team": people.tell_news,
    "stale": _stale,
    "nowhere": _nowhere,
    "left_behind": _left_behind,
    "unapproved": _unapproved,
    "orphaned": _orphaned,
    "unauthorised": _unauthorised,
    "expired": _expired,
    "unproven": _unproven,
    "too_early": _too_early,
    "kept_back": _kept_back,
    "submitted": review.ask_approval,
    "waits_long": review.ask_long_waiting,
    "decided": review.tell_decided,
    "approved": review.tell_approved,
    "published_alone": review.tell_published_alone,
    "reviewed": review.tell_reviewed,
    "approval_void": review.tell_void,
    "cancelled": review.tell_cancelled,
    "approval_revoked": _approval_revoked,
    "complete": _complete,
    "channel_in_doubt": _in_doubt,
    "channel_stopped": _stopped,
    "readers_stopped": _stopped,
    "no_message_id": _no_message_id,
    "platform_down": _platform_down,
    "platform_misconfigured": _platform_misconfigured,
    "platform_back": _platform_back,
    "paid_refused": _paid_refused,
    "not_for_many": _not_for_many,
    "disk_full": _disk_full,
    "disk_has_room": _disk_has_room,
    "rights_lost": _rights_lost,
    "group_moved": _group_moved,
    "no_topics": _no_topics,
    "few_approvers": _few_approvers,
    "head": _head,
    "restored": _restored,
    "log_altered": halting.tell_altered,
    "halted": halting.tell_halted,
    "resume_asked": halting.tell_asked,
    "resumed": halting.tell_resumed,
}
#: News for everybody of the desk; the rest is for editors and owners.
FOR_ALL = frozenset(
    {"team", "approved", "approval_void", "cancelled", "complete", "decided", "published_alone", "reviewed"}
)
#: What is said in the desk's groups too.
FOR_GROUPS = frozenset({"published_alone", "head", "log_altered", "no_topics"})
