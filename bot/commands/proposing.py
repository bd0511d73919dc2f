"""A change of what readers have, as its author makes it: what changes, and the sentence that readers are told."""

from __future__ import annotations

from collections.abc import Sequence

from bot.commands import cards, drafts, proposals
from bot.commands.marks import KINDS
from bot.commands.queue import article_id
from bot.commands.talk import Key, Line, Talk, bold
from bot.domain import Article, Media, Run, Said, plain
from bot.domain.buttons import (
    AskChange,
    OnlyNote,
    TakeSource,
)
from bot.domain.change import ChangeKind
from bot.domain.dialogue import AskedNote, Changing, Collecting
from bot.domain.difference import difference
from bot.domain.misprint import Fact, Touched
from bot.domain.parse import Pasted, join_parts, without_prefix
from bot.domain.people import Role
from bot.errors import Refused
from bot.newsroom import cases, corrections
from bot.newsroom import proposals as rules
from bot.newsroom.cases import Case
from bot.texts import Words, text_id

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


async def checking(talk: Talk, argument: str) -> None:
    """Let readers see at once that there is doubt."""
    number, _ = article_id(argument, EXAMPLES[ChangeKind.CHECKING])
    case = await cases.case_for(talk.desk, number, ChangeKind.CHECKING)
    proposal = await rules.propose(talk.desk, case, ChangeKind.CHECKING, case.article)
    out = await corrections.let_out_alone(talk.desk, proposal)
    if out.case.situation.readiness.halted:
        await proposals.say_held_up(talk, out.change)
        return
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
    case = await cases.case_for(talk.desk, number, ChangeKind.RETRACTION)
    await rules.stop_the_rest(talk.desk, case)
    await _note(talk, case, ChangeKind.RETRACTION, note)


async def restore(talk: Talk, argument: str) -> None:
    number, note = article_id(argument, EXAMPLES[ChangeKind.RESTORATION])
    case = await cases.case_for(talk.desk, number, ChangeKind.RESTORATION)
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
    case = await cases.case_for(talk.desk, number, kind)
    runs = tuple(without_prefix(argument, plain(argument).rindex(rest))) if rest else ()
    asked = AskedNote(number, kind=kind, version=case.situation.entry.version, runs=runs, media=media)
    await _take(talk, case, asked)


async def ask_text(talk: Talk, number: int, kind: ChangeKind) -> None:
    case = await cases.case_for(talk.desk, number, kind)
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
    case = await cases.case_for(talk.desk, dialogue.article, dialogue.kind)
    cases.check_seen(case, dialogue.version)
    kind, version = dialogue.kind, dialogue.version
    asked = AskedNote(dialogue.article, dialogue.card, kind=kind, version=version, runs=said.runs, media=said.media)
    await _take(talk, case, asked)


async def take_source(talk: Talk, pressed: TakeSource) -> None:
    """Take what the story says at its source now for the changed text."""
    if pressed.kind is ChangeKind.TYPO:
        talk.require(Role.EDITOR)
    case = await cases.case_for(talk.desk, pressed.article, pressed.kind)
    cases.check_seen(case, pressed.version)
    asked = AskedNote(case.number, talk.message_id, kind=pressed.kind, version=pressed.version, runs=pressed.runs)
    await _take_whole(talk, case, asked)


async def only_note(talk: Talk, number: int) -> None:
    case = await cases.case_for(talk.desk, number, ChangeKind.CLARIFICATION)
    await _note(talk, case, ChangeKind.CLARIFICATION, "")


async def _take(talk: Talk, case: Case, asked: AskedNote) -> None:
    """Take what changes. A long text waits a moment: its next part may be on the way."""
    if asked.media is None and len(plain(asked.runs)) >= talk.traits.splits_at:
        await drafts.collect(talk, Collecting((asked.runs,), case.number, kind=asked.kind, version=asked.version))
    else:
        await _take_whole(talk, case, asked)


async def finish_collected(talk: Talk, collected: Collecting, media: Media | None) -> None:
    """Take a long text whose parts are all here, as a change of an article that is out."""
    assert collected.edits is not None and collected.kind is not None
    await talk.tx.end_dialogue(talk.person)
    talk = drafts.when_collected(talk, collected)
    case = await cases.case_for(talk.desk, collected.edits, collected.kind)
    cases.check_seen(case, collected.version)
    runs = tuple(join_parts(collected.parts))
    asked = AskedNote(
        case.number, collected.card, kind=collected.kind, version=collected.version, runs=runs, media=media
    )
    await _take_whole(talk, case, asked)


async def _take_whole(talk: Talk, case: Case, asked: AskedNote) -> None:
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
    shown = [*proposals.changed(talk.words, case.article, article), talk.words(ASK_NOTE[asked.kind])]
    await talk.show(shown, article=case.number)


async def _take_typo(talk: Talk, case: Case, article: Article) -> None:
    fact = await rules.misprint(talk.desk, case, article)
    if fact is not None:
        said = _more_than_a_misprint(talk.words, fact)
        then = talk.words("/correct {id} does that.", id=case.number)
        key = Key(talk.words("❗ Correct #{id}", id=case.number), AskChange(case.number, ChangeKind.CORRECTION))
        await talk.show([f"{said} {then}"], [[key]], article=case.number)
        return
    await proposals.show(talk, await rules.propose(talk.desk, case, ChangeKind.TYPO, article))


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
    case = await cases.case_for(talk.desk, asked.article, asked.kind)
    cases.check_seen(case, asked.version)
    note = rules.note_of(text)
    article = _reworded(talk, case, asked)
    if asked.kind is ChangeKind.RETRACTION:
        article = rules.stub_of(article)
    elif asked.kind is ChangeKind.RESTORATION:
        article = await rules.restored(talk.desk, case)
    proposal = await rules.propose(talk.desk, case, asked.kind, article, note)
    await talk.tx.end_dialogue(talk.person)
    await proposals.show(talk, proposal)
