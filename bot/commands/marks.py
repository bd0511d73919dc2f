"""Marks: the words by which readers learn what was changed of an article that they have."""

from __future__ import annotations

from bot.domain.change import ChangeKind, ChangeWords, Mark, Standing
from bot.texts import Words, text_id

#: Names of changes.
KINDS = {
    ChangeKind.CHECKING: text_id("Check"),
    ChangeKind.TYPO: text_id("Misprint"),
    ChangeKind.UPDATE: text_id("Update"),
    ChangeKind.CLARIFICATION: text_id("Clarification"),
    ChangeKind.CORRECTION: text_id("Correction"),
    ChangeKind.RETRACTION: text_id("Retraction"),
    ChangeKind.RESTORATION: text_id("Restoration"),
    ChangeKind.EXPIRY: text_id("Out-of-date mark"),
    ChangeKind.STUB: text_id("Stub after expiry"),
    ChangeKind.REMOVAL: text_id("Removal after expiry"),
}
#: How an article stands that is out; of one that is as it was nothing is said.
STANDINGS = {
    Standing.CHECKING: text_id("⚠️ being checked"),
    Standing.CORRECTED: text_id("❗ corrected"),
    Standing.RETRACTED: text_id("⛔ retracted"),
}
_OVER = text_id("⌛ Out of date since {at}")
#: Above the headline.
TOP = {
    ChangeKind.CHECKING: text_id("⚠️ We are checking this report"),
    ChangeKind.UPDATE: text_id("🔄 Updated {at}"),
    ChangeKind.CORRECTION: text_id("❗ Corrected {at}"),
    ChangeKind.RETRACTION: text_id("⛔ Retracted {at}"),
    **dict.fromkeys((ChangeKind.EXPIRY, ChangeKind.STUB, ChangeKind.REMOVAL), _OVER),
}
#: Below the text.
END = {
    ChangeKind.TYPO: text_id("✏️ Misprint corrected, {at}"),
    ChangeKind.UPDATE: text_id("— {at} Update: {note}"),
    ChangeKind.CLARIFICATION: text_id("ℹ️ Clarified {at}: {note}"),
    ChangeKind.CORRECTION: text_id("— {at} Correction: {note}"),
    ChangeKind.RETRACTION: text_id("— {at} Retracted: {note}"),
    ChangeKind.RESTORATION: text_id("✅ Checked again {at}: the report stands. {note}"),
    ChangeKind.EXPIRY: _OVER,
}
#: Beside a post that is edited; of other changes nobody is told.
NOTICE = {
    ChangeKind.CORRECTION: text_id("❗ Correction to “{headline}” ({out})\n{note}"),
    ChangeKind.RETRACTION: text_id("⛔ We retract “{headline}” ({out})\n{note}"),
    ChangeKind.RESTORATION: text_id("✅ Checked again: “{headline}” ({out}) stands\n{note}"),
}
#: Where nothing that was sent can be changed.
APART = {
    ChangeKind.CORRECTION: text_id("❗ Correction\nWe sent you “{headline}” ({out}).\n{note}"),
    ChangeKind.RETRACTION: text_id(
        "⛔ Retraction\nWe sent you “{headline}” ({out}).\n{note} Please do not pass that report on."
    ),
    ChangeKind.RESTORATION: text_id("✅ Checked again\nWe sent you “{headline}” ({out}). The report stands.\n{note}"),
}


def change_words(words: Words) -> ChangeWords:
    """Return the words around changes in one language."""

    def said(texts: dict[ChangeKind, str]) -> dict[ChangeKind, str]:
        return {kind: words(text) for kind, text in texts.items()}

    return ChangeWords(
        top=said(dict(TOP)),
        end=said(dict(END)),
        notice=said(dict(NOTICE)),
        apart=said(dict(APART)),
        stub=words("Please do not pass this report on."),
        over=words("We took the text off because its time is over."),
        above=words("The message above is corrected."),
        being=words("The message above is being corrected."),
        more=words("All changes"),
        full=words("The corrected text: {link}"),
    )


def line_of(words: Words, mark: Mark) -> str:
    """Return the line about one change, as its readers see it."""
    text = END.get(mark.kind) or TOP[mark.kind]
    return words(text, at=mark.at, note=mark.note).strip()
