"""News of changes for the desk, and the list of what was corrected, for everybody."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar

from bot.commands import cards, outcomes, proposals
from bot.commands.expiring import STAYS
from bot.commands.marks import KINDS
from bot.commands.talk import Line, Talk, bold
from bot.domain import Run
from bot.domain.change import BY_ITSELF, Change, ChangeState
from bot.domain.ledger import Dispatch, DispatchKind, DispatchState, Missing, Tally
from bot.domain.news import (
    ChangeApproved,
    ChangedAlone,
    ChangeDone,
    ChangeSentBack,
    ChangeSubmitted,
    HaltHoldsUp,
    LeavesInSpite,
)
from bot.errors import Refused
from bot.newsroom import cases
from bot.texts import text_id

#: Changes that /corrections lists.
TOLD = 10


async def ask_approval(talk: Talk, told: ChangeSubmitted) -> None:
    """Ask whoever may approve a change, as long as it waits."""
    try:
        proposal = await cases.read_proposal(talk.desk, told.article, told.change, ChangeState.SUBMITTED)
    except Refused:
        return
    if talk.place.to_all or (talk.member is not None and cases.may_approve(proposal, talk.me, talk.now)):
        await proposals.show_question(talk, proposal)


T = TypeVar("T", ChangedAlone, ChangeApproved, ChangeDone, ChangeSentBack, HaltHoldsUp, LeavesInSpite)


def _with_its_change(
    tell: Callable[[Talk, T, Change], Awaitable[None]],
) -> Callable[[Talk, T], Awaitable[None]]:
    """Tell news with the change that it is about; of one that is no longer kept there is nothing to tell."""

    async def told(talk: Talk, news: T) -> None:
        if (change := await talk.tx.change(news.change)) is not None:
            await tell(talk, news, change)

    return told


@_with_its_change
async def tell_alone(talk: Talk, told: ChangedAlone, change: Change) -> None:
    entry = await talk.desk.entry(told.article)
    values = {"person": told.name, "kind": KINDS[change.kind], "id": told.article}
    text = talk.words("⚡ {person}: {kind} of #{id}, on one person's word.", **values)
    await talk.show([text, bold(cards.short(entry.article.headline)), *([change.note] if change.note else [])])


@_with_its_change
async def tell_approved(talk: Talk, told: ChangeApproved, change: Change) -> None:
    await talk.say(
        "{kind} of #{id} is approved by {person} and going out.",
        kind=KINDS[change.kind], id=told.article, person=told.name,
    )  # fmt: skip


@_with_its_change
async def tell_held_up(talk: Talk, told: HaltHoldsUp, change: Change) -> None:
    if change.state is ChangeState.RUNNING:
        await proposals.say_held_up(talk, change)


@_with_its_change
async def tell_in_spite(talk: Talk, told: LeavesInSpite, change: Change) -> None:
    await talk.say(
        "⛔ {person}: {kind} of #{id} leaves in spite of the halt, and nothing else.",
        person=told.name, kind=KINDS[change.kind], id=told.article,
    )  # fmt: skip


DONE = {
    DispatchKind.POST: text_id("new to {n}"),
    DispatchKind.EDIT: text_id("edited: {n}"),
    DispatchKind.REMOVAL: text_id("deleted: {n}"),
    DispatchKind.NOTICE: text_id("told: {n}"),
}


#: The copy of a channel, counted as one reader's.
IN_CHANNEL: Mapping[DispatchState, Tally] = {
    DispatchState.DELIVERED: Tally(1, delivered=1),
    DispatchState.IN_DOUBT: Tally(1, in_doubt=1),
    DispatchState.STOPPED: Tally(1, failed=1),
}


@_with_its_change
async def tell_done(talk: Talk, told: ChangeDone, change: Change) -> None:
    """Tell how many copies a change has reached, and of which nobody knows."""
    words = talk.words
    lines: list[Line] = [
        words("#{id}: {kind} {number} is everywhere it can be:", kind=KINDS[change.kind], number=change.number,
              id=told.article)
    ]  # fmt: skip
    reached = [
        each for each in await talk.tx.dispatches_of(change) if each.kind in DONE and (each.channel or each.audience)
    ]
    done: dict[str, list[str]] = {}
    for each in reached:
        done.setdefault(outcomes.outlet_name(talk, each), []).append(await _done(talk, each))
    lines += [f"{outlet}: {', '.join(counts)}" for outlet, counts in done.items()]
    await talk.show([*lines, *await _out_of_reach(talk, change)])


async def _out_of_reach(talk: Talk, change: Change) -> list[Line]:
    """Name where an article whose time is over stays as it was sent."""
    if change.kind not in BY_ITSELF.values():
        return []
    posts = await talk.tx.dispatches(change.article_id)
    there = dict.fromkeys(each.platform for each in posts if not talk.newsroom.traits[each.platform].edits)
    return [talk.words(STAYS, platform=outcomes.PLATFORM_NAMES[platform]) for platform in there]


async def _done(talk: Talk, dispatch: Dispatch) -> str:
    words = talk.words
    tally = IN_CHANNEL.get(dispatch.state, Tally(1))
    if dispatch.channel is None:
        tally = await talk.tx.tally(dispatch)
    stubs = _stubs(dispatch, tally)
    said = [words(DONE[dispatch.kind], n=words.number(tally.delivered - stubs))]
    if stubs:
        said.append(words("too old to delete, a stub instead: {n}", n=words.number(stubs)))
    counts = (
        (tally.gone, text_id("gone: {n}")),
        (tally.failed, text_id("not accepted: {n}")),
        (tally.in_doubt, text_id("in doubt: {n}")),
    )
    return ", ".join([*said, *(words(text, n=words.number(count)) for count, text in counts if count)])


def _stubs(dispatch: Dispatch, tally: Tally) -> int:
    """Return the number of copies that could not be deleted."""
    if dispatch.kind is not DispatchKind.REMOVAL:
        return 0
    is_one = dispatch.channel is not None
    return tally.delivered * (Missing.DELETION in dispatch.missing) if is_one else dispatch.poorer_copies


@_with_its_change
async def tell_sent_back(talk: Talk, told: ChangeSentBack, change: Change) -> None:
    await talk.say(
        "⛔ {person} rejected it. {kind} of #{id} does not go out.",
        kind=KINDS[change.kind], id=told.article, person=told.name,
    )  # fmt: skip


async def told(talk: Talk, _argument: str) -> None:
    """List what was corrected or retracted, the newest first."""
    found = await talk.tx.told_changes(TOLD)
    if not found:
        await talk.say("We have corrected nothing so far.")
        return
    lines: list[Line] = [bold(talk.words("What we corrected:"))]
    for change, entry in found:
        when = f" · {talk.when(change.out_at)}" if change.out_at is not None else ""
        link = "" if entry.article.is_withdrawn else entry.article.link
        kind = talk.words(KINDS[change.kind])
        lines.append([Run(f"• {kind}{when}: "), Run(entry.article.headline, link=link), Run(f"\n{change.note}")])
    await talk.show(lines)
