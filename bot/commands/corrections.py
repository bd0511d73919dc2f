"""Changes of articles that readers have, from the chat: what changes, what readers are told, and who answers for it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TypeVar

from bot.commands import cards, drafts, history, outcomes, posts, review
from bot.commands.marks import KINDS
from bot.commands.queue import article_id
from bot.commands.talk import Key, Line, Talk, bold
from bot.domain import Article, Media, Run, Said, plain
from bot.domain.article import Platform
from bot.domain.buttons import (
    ApproveChange,
    AskChange,
    DiscardChange,
    OnlyNote,
    SendBackChange,
    SendChange,
    SubmitChange,
)
from bot.domain.change import Change, ChangeKind, ChangeState, Tell
from bot.domain.dialogue import AskedNote, Changing
from bot.domain.difference import difference
from bot.domain.ledger import Dispatch, DispatchKind, DispatchState, Tally
from bot.domain.misprint import Fact, Touched
from bot.domain.news import ChangeApproved, ChangedAlone, ChangeDone, ChangeSentBack, ChangeSubmitted
from bot.domain.parse import Pasted, without_prefix
from bot.errors import Refused
from bot.newsroom import aftermath
from bot.newsroom import corrections as rules
from bot.newsroom.corrections import Case, Proposal
from bot.newsroom.readiness import read
from bot.newsroom.situation import Situation
from bot.texts import Words, text_id

#: Changes that /corrections lists.
TOLD = 10
#: Characters of each side of a difference.
SIDE = 160

EXAMPLES = {
    ChangeKind.CHECKING: text_id("/checking 12"),
    ChangeKind.TYPO: text_id("/typo 12"),
    ChangeKind.UPDATE: text_id("/update 12"),
    ChangeKind.CLARIFICATION: text_id("/clarify 12"),
    ChangeKind.CORRECTION: text_id("/correct 12"),
    ChangeKind.RETRACTION: text_id("/retract 12"),
    ChangeKind.RESTORATION: text_id("/restore 12"),
}
#: Questions for the sentence by which readers learn of a change.
ASK_NOTE = {
    ChangeKind.UPDATE: text_id("What is new? Readers will see this sentence. Changed your mind? /cancel"),
    ChangeKind.CLARIFICATION: text_id("What could mislead? Readers will see this sentence. Changed your mind? /cancel"),
    ChangeKind.CORRECTION: text_id(
        "What was wrong, and what is right? Readers will see this sentence. Changed your mind? /cancel"
    ),
    ChangeKind.RETRACTION: text_id("What shall readers be told? Why does it not stand? Changed your mind? /cancel"),
    ChangeKind.RESTORATION: text_id("Why does it stand after all? Readers will see this sentence. /cancel leaves it."),
}
#: Refusals of a misprint's correction, which is more than that.
MORE_THAN_A_MISPRINT = {
    Touched.NUMBER: text_id("A number changes ({old} → {new}): readers must be told."),
    Touched.NEGATION: text_id("It would say yes where it said no, or no for yes: readers must be told."),
    Touched.NAME: text_id("A name changes ({old} → {new}): readers must be told."),
    Touched.QUOTATION: text_id("Quotation, question or exclamation marks change: that is more than a misprint."),
    Touched.WORDS: text_id("Words are put in or taken out ({old} → {new}): that is more than a misprint."),
    Touched.WORD: text_id("That is another word ({old} → {new}), and no misprint."),
    Touched.UNKNOWN: text_id("“{new}” is new to us, it may be a name: that is no mere misprint."),
    Touched.MANY: text_id("That is more than three words, and so more than a misprint."),
    Touched.STATUS: text_id("The status changes: readers must be told."),
    Touched.SOURCE: text_id("The source changes: readers must be told."),
    Touched.PICTURE: text_id("The picture changes: that is more than a misprint."),
    Touched.LINK: text_id("A link leads to another site: that is more than a misprint."),
    Touched.OTHER: text_id("More than the spelling changes."),
}
SEND = {
    ChangeKind.TYPO: text_id("✏️ Correct it now"),
    ChangeKind.RETRACTION: text_id("⛔ Retract now"),
}


# What is said


async def checking(talk: Talk, argument: str) -> None:
    """Let readers see at once that there is doubt."""
    number, _ = article_id(argument, EXAMPLES[ChangeKind.CHECKING])
    case = await rules.case_for(talk.desk, number, ChangeKind.CHECKING)
    proposal = await rules.propose(talk.desk, case, ChangeKind.CHECKING, case.article)
    await rules.let_out_alone(talk.desk, proposal)
    await talk.say(
        "Readers now see that #{id} is being checked. When you know: /correct {id}, /retract {id}, or /restore {id}.",
        id=number,
    )


async def typo(talk: Talk, argument: Sequence[Run], media: Media | None) -> None:
    await _begin(talk, ChangeKind.TYPO, argument, media)


async def update(talk: Talk, argument: Sequence[Run], media: Media | None) -> None:
    await _begin(talk, ChangeKind.UPDATE, argument, media)


async def clarify(talk: Talk, argument: Sequence[Run], media: Media | None) -> None:
    await _begin(talk, ChangeKind.CLARIFICATION, argument, media)


async def correct(talk: Talk, argument: Sequence[Run], media: Media | None) -> None:
    await _begin(talk, ChangeKind.CORRECTION, argument, media)


async def retract(talk: Talk, argument: str) -> None:
    """Stop what has not left at once, and ask for the reason that readers will see."""
    number, note = article_id(argument, EXAMPLES[ChangeKind.RETRACTION])
    case = await rules.case_for(talk.desk, number, ChangeKind.RETRACTION)
    await rules.stop_the_rest(talk.desk, case)
    await _note(talk, case, ChangeKind.RETRACTION, note)


async def restore(talk: Talk, argument: str) -> None:
    number, note = article_id(argument, EXAMPLES[ChangeKind.RESTORATION])
    case = await rules.case_for(talk.desk, number, ChangeKind.RESTORATION)
    await _note(talk, case, ChangeKind.RESTORATION, note)


async def _note(talk: Talk, case: Case, kind: ChangeKind, note: str) -> None:
    asked = AskedNote(case.number, talk.message_id, kind=kind, version=case.situation.entry.version)
    if note:
        await _propose(talk, asked, note)
        return
    await talk.wait_for(asked)
    await talk.say(ASK_NOTE[kind], id=case.number)


async def _begin(talk: Talk, kind: ChangeKind, argument: Sequence[Run], media: Media | None) -> None:
    number, rest = article_id(plain(argument), EXAMPLES[kind])
    if not rest and media is None:
        await ask_text(talk, number, kind)
        return
    case = await rules.case_for(talk.desk, number, kind)
    runs = tuple(without_prefix(argument, plain(argument).rindex(rest))) if rest else ()
    asked = AskedNote(number, kind=kind, version=case.situation.entry.version, runs=runs, media=media)
    await _take(talk, case, asked)


async def ask_text(talk: Talk, number: int, kind: ChangeKind) -> None:
    case = await rules.case_for(talk.desk, number, kind)
    entry = case.situation.entry
    await talk.wait_for(Changing(number, talk.message_id, kind=kind, version=entry.version))
    lines: list[Line] = [
        talk.words("{kind}. #{id} went out {when}:", kind=KINDS[kind], id=number, when=_when(talk, case)),
        bold(cards.short(entry.article.headline)),
        talk.words(
            "Send only the lines that change (“headline: …”, “lead: …”), or the whole text. Changed your mind? /cancel"
        ),
    ]
    only = Key(talk.words("💬 Only a sentence, the text stays"), OnlyNote(number), own=True)
    await talk.show(lines, [[only]] if kind is ChangeKind.CLARIFICATION else [], article=number)


def _when(talk: Talk, case: Case) -> str:
    at = case.situation.entry.published_at
    return talk.when(at) if at is not None else ""


async def take_text(talk: Talk, dialogue: Changing, said: Said) -> None:
    """Take the lines that change, or the whole new text."""
    case = await rules.case_for(talk.desk, dialogue.article, dialogue.kind)
    rules.check_seen(case, dialogue.version)
    kind, version = dialogue.kind, dialogue.version
    asked = AskedNote(dialogue.article, dialogue.card, kind=kind, version=version, runs=said.runs, media=said.media)
    await _take(talk, case, asked)


async def only_note(talk: Talk, number: int) -> None:
    case = await rules.case_for(talk.desk, number, ChangeKind.CLARIFICATION)
    await _note(talk, case, ChangeKind.CLARIFICATION, "")


async def _take(talk: Talk, case: Case, asked: AskedNote) -> None:
    """Show what would change, and ask for the note; a misprint needs none."""
    article = _reworded(talk, case, asked)
    changes = difference(case.article, article)
    if not changes:
        raise Refused("Nothing changed: article #{id} already reads like that.", id=case.number)
    if asked.kind is ChangeKind.TYPO:
        await talk.tx.end_dialogue(talk.person)
        await _take_typo(talk, case, article)
        return
    await talk.wait_for(asked)
    shown = [*_changed(talk.words, case.article, article), talk.words(ASK_NOTE[asked.kind])]
    await talk.show(shown, article=case.number)


async def _take_typo(talk: Talk, case: Case, article: Article) -> None:
    fact = await rules.misprint(talk.desk, case, article)
    if fact is not None:
        said = _more_than_a_misprint(talk.words, fact)
        then = talk.words("/correct {id} does that.", id=case.number)
        key = Key(talk.words("❗ Correct #{id}", id=case.number), AskChange(case.number, ChangeKind.CORRECTION))
        await talk.show([f"{said} {then}"], [[key]], article=case.number)
        return
    await _show_proposal(talk, await rules.propose(talk.desk, case, ChangeKind.TYPO, article))


def _more_than_a_misprint(words: Words, fact: Fact) -> str:
    return words(MORE_THAN_A_MISPRINT[fact.touched], old=fact.old or "–", new=fact.new or "–")


def _reworded(talk: Talk, case: Case, asked: AskedNote) -> Article:
    if not asked.runs and asked.media is None:
        return case.article
    return drafts.reworded(talk, case.article, Pasted.of(asked.runs), asked.media).article


async def take_note(talk: Talk, asked: AskedNote, said: Said) -> None:
    """Take the sentence by which readers learn of the change."""
    await _propose(talk, asked, said.text)


async def _propose(talk: Talk, asked: AskedNote, text: str) -> None:
    case = await rules.case_for(talk.desk, asked.article, asked.kind)
    rules.check_seen(case, asked.version)
    note = rules.note_of(text)
    article = _reworded(talk, case, asked)
    if asked.kind is ChangeKind.RETRACTION:
        article = rules.stub_of(article)
    elif asked.kind is ChangeKind.RESTORATION:
        article = await rules.restored(talk.desk, case)
    proposal = await rules.propose(talk.desk, case, asked.kind, article, note)
    await talk.tx.end_dialogue(talk.person)
    await _show_proposal(talk, proposal)


# What is shown of a change


async def _show_proposal(talk: Talk, proposal: Proposal) -> None:
    number, change = proposal.case.number, proposal.change
    words = talk.words
    head = words("#{id}: {kind}, not out yet:", kind=KINDS[change.kind], id=number)
    discard = Key(words("✖️ Discard"), DiscardChange(number, change.id))
    if proposal.rule.alone:
        keys = [[Key(words(SEND[change.kind]), SendChange(number, change.id)), discard]]
    else:
        label = words("📨 Submit for approval") if proposal.missing else words("🚀 Let it out")
        urgent = [Key(words("⚡ Urgent: on my word"), SendChange(number, change.id))]
        is_free = proposal.missing and rules.against_alone(proposal, talk.me, talk.now) is None
        keys = [[Key(label, SubmitChange(number, change.id))], urgent if is_free else [], [discard]]
    await _show(talk, proposal, [head], keys)


async def _show(talk: Talk, proposal: Proposal, head: Sequence[Line], keys: list[list[Key]]) -> None:
    """Show a change under the post as readers will have it: the difference, the words beside it, whom it reaches."""
    number, change = proposal.case.number, proposal.change
    taken_back = change.kind is ChangeKind.RETRACTION
    changed = [] if taken_back else _changed(talk.words, proposal.case.article, proposal.article)
    lines = [*head, *changed, *_beside(talk, proposal)]
    lines += await _reach(talk, proposal)
    platform = talk.chat.platform
    await talk.show(
        lines,
        [*keys, posts.keys_of_version(talk, number, change.to_version)],
        article=number,
        above=posts.above_version(talk, number, change.to_version, platform),
    )


def _changed(words: Words, old: Article, new: Article) -> list[Line]:
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


REACHED_BY_EDIT = text_id("{platform}: edited for {n} readers and in {channels} channels")
REACHED_BY_MESSAGE = text_id(
    "{platform}: a message to {n} readers and {channels} channels; it is free for those who wrote to us within "
    "a day, the others cost"
)
NOT_REACHED = text_id("{platform}: what was sent can't be changed there, and nobody is told")


def _holders(report: aftermath.Report) -> int:
    if report.tally is None or report.dispatch.kind is not DispatchKind.POST:
        return 0
    return report.tally.delivered + report.tally.in_doubt


def _is_out(report: aftermath.Report) -> bool:
    is_post = report.dispatch.kind is DispatchKind.POST
    return is_post and report.dispatch.state in (DispatchState.DELIVERED, DispatchState.IN_DOUBT)


# What is pressed


async def submit(talk: Talk, number: int, change: int) -> None:
    proposal = await rules.submit(talk.desk, number, change)
    if proposal.change.state is ChangeState.SUBMITTED:
        await talk.say(
            "{kind} of #{id} is with your colleagues. Approvals needed: {n}.",
            kind=KINDS[proposal.change.kind], id=number, n=proposal.approvals,
        )  # fmt: skip
    else:
        await _say_out(talk, proposal)


async def send(talk: Talk, number: int, change: int) -> None:
    proposal = await rules.alone(talk.desk, number, change)
    await _say_out(talk, proposal)
    if proposal.case.situation.readiness.halted:
        await talk.say("Everything is halted: it leaves when two people end that. /resume")


async def _say_out(talk: Talk, proposal: Proposal) -> None:
    kind, number = KINDS[proposal.change.kind], proposal.case.number
    await talk.say("{kind} of #{id} is going out now. /who {id} shows how far it is.", kind=kind, id=number)


async def discard(talk: Talk, number: int, change: int) -> None:
    await rules.discard(talk.desk, number, change)
    await talk.say("Discarded: #{id} stays as it is.", id=number)


async def approve(talk: Talk, number: int, change: int, binding: str) -> None:
    proposal = await rules.approve(talk.desk, number, change, binding)
    if proposal.missing:
        await talk.say("#{id}: your approval counts. Still missing: {n}.", id=number, n=proposal.missing)
    else:
        await _say_out(talk, proposal)


async def send_back(talk: Talk, number: int, change: int, binding: str) -> None:
    await rules.send_back(talk.desk, number, change, binding)
    await talk.say("#{id}: the change does not go out; its author has been told.", id=number)


# What the others hear


async def ask_approval(talk: Talk, told: ChangeSubmitted) -> None:
    """Ask whoever may approve a change, as long as it waits."""
    try:
        proposal = await rules.read_proposal(talk.desk, told.article, told.change, ChangeState.SUBMITTED)
    except Refused:
        return
    if talk.place.to_all or (talk.member is not None and rules.may_approve(proposal, talk.me, talk.now)):
        await show_question(talk, proposal)


async def asked_about(talk: Talk, situation: Situation) -> Proposal | None:
    """Return the change of an article that waits for the yes of whoever asks; None if none does."""
    return await rules.asked_of(talk.desk, situation, talk.me) if talk.member is not None else None


async def approve_typed(talk: Talk, argument: str) -> None:
    """Show the change of an article that is out and waits for a yes; else approve the article."""
    number, _ = article_id(argument, text_id("/approve 12"))
    if (proposal := await asked_about(talk, await read(talk.desk, number))) is not None:
        await show_question(talk, proposal)
    else:
        await review.approve_typed(talk, argument)


T = TypeVar("T", ChangedAlone, ChangeApproved, ChangeDone, ChangeSentBack)


def _with_its_change(
    tell: Callable[[Talk, T, Change], Awaitable[None]],
) -> Callable[[Talk, T], Awaitable[None]]:
    """Tell news with the change that it is about; of one that is no longer kept there is nothing to tell."""

    async def told(talk: Talk, news: T) -> None:
        if (change := await talk.tx.change(news.change)) is not None:
            await tell(talk, news, change)

    return told


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


DONE = {
    DispatchKind.POST: text_id("new to {n}"),
    DispatchKind.EDIT: text_id("edited: {n}"),
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
    reached = [each for each in await talk.tx.dispatches_of(change) if each.channel is not None or each.audience]
    done: dict[str, list[str]] = {}
    for each in reached:
        done.setdefault(outcomes.outlet_name(talk, each), []).append(await _done(talk, each))
    lines += [f"{outlet}: {', '.join(counts)}" for outlet, counts in done.items()]
    await talk.show(lines)


async def _done(talk: Talk, dispatch: Dispatch) -> str:
    words = talk.words
    tally = IN_CHANNEL.get(dispatch.state, Tally(1))
    if dispatch.channel is None:
        tally = await talk.tx.tally(dispatch)
    said = [words(DONE[dispatch.kind], n=words.number(tally.delivered))]
    counts = (
        (tally.gone, text_id("gone: {n}")),
        (tally.failed, text_id("not accepted: {n}")),
        (tally.in_doubt, text_id("in doubt: {n}")),
    )
    return ", ".join([*said, *(words(text, n=words.number(count)) for count, text in counts if count)])


@_with_its_change
async def tell_sent_back(talk: Talk, told: ChangeSentBack, change: Change) -> None:
    await talk.say(
        "⛔ {person} rejected it. {kind} of #{id} does not go out.",
        kind=KINDS[change.kind], id=told.article, person=told.name,
    )  # fmt: skip


# What stands elsewhere of a change


async def told(talk: Talk, _argument: str) -> None:
    """List what was corrected or retracted, the newest first."""
    found = await talk.tx.told_changes(TOLD)
    if not found:
        await talk.say("We have corrected nothing so far.")
        return
    lines: list[Line] = [bold(talk.words("What we corrected:"))]
    for change, entry in found:
        when = f" · {talk.when(change.out_at)}" if change.out_at is not None else ""
        link = "" if entry.article.is_retracted else entry.article.link
        kind = talk.words(KINDS[change.kind])
        lines.append([Run(f"• {kind}{when}: "), Run(entry.article.headline, link=link), Run(f"\n{change.note}")])
    await talk.show(lines)
