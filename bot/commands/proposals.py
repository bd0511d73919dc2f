"""Changes that are proposed: shown under the post as readers will have it, and approved, refused or let out."""

from __future__ import annotations

from collections.abc import Sequence

from bot.commands import history, outcomes, posts, review
from bot.commands.marks import KINDS
from bot.commands.queue import article_id
from bot.commands.talk import Key, Line, Talk
from bot.domain import Article
from bot.domain.article import Platform
from bot.domain.buttons import (
    ApproveChange,
    DiscardChange,
    LeaveInSpite,
    SendBackChange,
    SendChange,
    SubmitChange,
)
from bot.domain.change import Change, ChangeKind, ChangeState, Tell
from bot.domain.difference import difference
from bot.domain.ledger import DispatchKind, DispatchState
from bot.newsroom import aftermath, cases, corrections
from bot.newsroom.cases import Proposal
from bot.newsroom.readiness import read
from bot.newsroom.situation import Situation
from bot.texts import Words, text_id

#: Characters of each side of a difference.
SIDE = 160

SEND = {
    ChangeKind.TYPO: text_id("✏️ Correct it now"),
    ChangeKind.RETRACTION: text_id("⛔ Retract now"),
}
REACHED_BY_EDIT = text_id("{platform}: edited for {n} readers and in {channels} channels")
REACHED_BY_MESSAGE = text_id(
    "{platform}: a message to {n} readers and {channels} channels; it is free for those who wrote to us within "
    "a day, the others cost"
)
HELD_UP = text_id(
    "{kind} of #{id} waits, because everything is halted. An owner can let it leave all the same; else it leaves "
    "when two people say /resume."
)
NOT_REACHED = text_id("{platform}: what was sent can't be changed there, and nobody is told")


async def show(talk: Talk, proposal: Proposal) -> None:
    number, change = proposal.case.number, proposal.change
    words = talk.words
    head = words("#{id}: {kind}, not out yet:", kind=KINDS[change.kind], id=number)
    discard = Key(words("✖️ Discard"), DiscardChange(number, change.id))
    if proposal.rule.alone:
        keys = [[Key(words(SEND[change.kind]), SendChange(number, change.id)), discard]]
    else:
        label = words("📨 Submit for approval") if proposal.missing else words("🚀 Let it out")
        urgent = [Key(words("⚡ Urgent: on my word"), SendChange(number, change.id))]
        is_free = proposal.missing and cases.against_alone(proposal, talk.me, talk.now) is None
        keys = [[Key(label, SubmitChange(number, change.id))], urgent if is_free else [], [discard]]
    await _show(talk, proposal, [head], keys)


async def _show(talk: Talk, proposal: Proposal, head: Sequence[Line], keys: list[list[Key]]) -> None:
    """Show a change under the post as readers will have it: the difference, the words beside it, whom it reaches."""
    number, change = proposal.case.number, proposal.change
    taken_back = change.kind is ChangeKind.RETRACTION
    lines = list(head) if taken_back else [*head, *changed(talk.words, proposal.case.article, proposal.article)]
    lines += _beside(talk, proposal)
    lines += await _reach(talk, proposal)
    platform = talk.chat.platform
    await talk.show(
        lines,
        [*keys, posts.keys_of_version(talk, number, change.to_version)],
        article=number,
        above=posts.above_version(talk, number, change.to_version, platform),
    )


def changed(words: Words, old: Article, new: Article) -> list[Line]:
    return [line for each in difference(old, new)[: history.CHANGES] for line in history.told(words, each, SIDE)]


def _beside(talk: Talk, proposal: Proposal) -> list[Line]:
    """Return the words by which holders are told, on each platform."""
    if proposal.change.tell != Tell.HOLDERS:
        return []
    labels, article = talk.newsroom.press.labels, proposal.article
    said = labels.get(article.language, labels[talk.newsroom.press.default])
    lines: list[Line] = []
    for platform in talk.newsroom.platforms:
        edits = talk.newsroom.traits[platform].edits
        notice = said.notice(article, proposal.case.article.headline, edits=edits)
        name = outcomes.PLATFORM_NAMES[platform]
        lines += [talk.words("Readers on {platform} are told:", platform=name), notice]
    return lines


async def _reach(talk: Talk, proposal: Proposal) -> list[Line]:
    """Return whom the change reaches, and what it costs where nothing can be edited."""
    lines: list[Line] = []
    reports = await aftermath.report(talk.desk, proposal.case.number)
    told = proposal.change.tell == Tell.HOLDERS
    for platform in talk.newsroom.platforms:
        readers = sum(_holders(each) for each in reports if each.dispatch.platform is platform and each.tally)
        channels = sum(_is_out(each) for each in reports if each.dispatch.platform is platform and not each.tally)
        edits = talk.newsroom.traits[platform].edits
        lines += _reached(talk.words, platform, (readers, channels), edits=edits, told=told)
    return lines


def _reached(words: Words, platform: Platform, copies: tuple[int, int], *, edits: bool, told: bool) -> list[Line]:
    """`copies`: with readers, and in channels."""
    if not any(copies):
        return []
    text = REACHED_BY_EDIT
    if not edits:
        text = REACHED_BY_MESSAGE if told else NOT_REACHED
    readers, channels = map(words.number, copies)
    return [words(text, platform=outcomes.PLATFORM_NAMES[platform], n=readers, channels=channels)]


def _holders(report: aftermath.Report) -> int:
    if report.tally is None or report.dispatch.kind is not DispatchKind.POST:
        return 0
    return report.tally.delivered + report.tally.in_doubt


def _is_out(report: aftermath.Report) -> bool:
    is_post = report.dispatch.kind is DispatchKind.POST
    return is_post and report.dispatch.state in (DispatchState.DELIVERED, DispatchState.IN_DOUBT)


async def show_question(talk: Talk, proposal: Proposal) -> None:
    words, number, change = talk.words, proposal.case.number, proposal.change
    author = proposal.case.author_of(change)
    head: list[Line] = [
        words(
            "❓ {name} asks for your approval. {kind} of #{id}:",
            name=author.title if author is not None else "?", kind=KINDS[change.kind], id=number,
        ),
        *(f"☑️ {item}" for item in talk.newsroom.gate.need(proposal.article).checklist),
    ]  # fmt: skip
    keys = [
        [Key(words("✅ Approve"), ApproveChange(number, change.id, proposal.binding))],
        [Key(words("⛔ Reject"), SendBackChange(number, change.id, proposal.binding))],
    ]
    await _show(talk, proposal, head, keys)


async def submit(talk: Talk, number: int, change: int) -> None:
    proposal = await corrections.submit(talk.desk, number, change)
    if proposal.change.state is ChangeState.SUBMITTED:
        await talk.say(
            "{kind} of #{id} is with your colleagues. Approvals needed: {n}.",
            kind=KINDS[proposal.change.kind], id=number, n=proposal.approvals,
        )  # fmt: skip
    else:
        await _say_out(talk, proposal)


async def send(talk: Talk, number: int, change: int) -> None:
    proposal = await corrections.alone(talk.desk, number, change)
    if proposal.case.situation.readiness.halted:
        await say_held_up(talk, proposal.change)
    else:
        await _say_out(talk, proposal)


async def say_held_up(talk: Talk, change: Change) -> None:
    """Say that a change waits because everything is halted, and offer owners to let it leave all the same."""
    number = change.article_id
    text = talk.words(HELD_UP, kind=KINDS[change.kind], id=number)
    key = Key(talk.words("⛔ Out in spite of the halt"), LeaveInSpite(number, change.id))
    await talk.show([text], [[key]] if talk.may(LeaveInSpite.least) else [], article=number)


async def leave_in_spite(talk: Talk, number: int, change_id: int) -> None:
    change = await corrections.leave_in_spite(talk.desk, number, change_id)
    await talk.say("{kind} of #{id} leaves in spite of the halt, and nothing else.", kind=KINDS[change.kind], id=number)


async def _say_out(talk: Talk, proposal: Proposal) -> None:
    kind, number = KINDS[proposal.change.kind], proposal.case.number
    await talk.say("{kind} of #{id} is going out now. /who {id} shows how far it is.", kind=kind, id=number)


async def discard(talk: Talk, number: int, change: int) -> None:
    await corrections.discard(talk.desk, number, change)
    await talk.say("Discarded: #{id} stays as it is.", id=number)


async def approve(talk: Talk, number: int, change: int, binding: str) -> None:
    proposal = await corrections.approve(talk.desk, number, change, binding)
    if proposal.missing:
        await talk.say("#{id}: your approval counts. Still missing: {n}.", id=number, n=proposal.missing)
    else:
        await _say_out(talk, proposal)


async def send_back(talk: Talk, number: int, change: int, binding: str) -> None:
    await corrections.send_back(talk.desk, number, change, binding)
    await talk.say("#{id}: the change does not go out; its author has been told.", id=number)


async def asked_about(talk: Talk, situation: Situation) -> Proposal | None:
    """Return the change of an article that waits for the yes of whoever asks; None if none does."""
    return await cases.asked_of(talk.desk, situation, talk.me) if talk.member is not None else None


async def approve_typed(talk: Talk, argument: str) -> None:
    """Show the change of an article that is out and waits for a yes; else approve the article."""
    number, _ = article_id(argument, text_id("/approve 12"))
    if (proposal := await asked_about(talk, await read(talk.desk, number))) is not None:
        await show_question(talk, proposal)
    else:
        await review.approve_typed(talk, argument)
