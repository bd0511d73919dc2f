"""The verdict of `visnyk verify` in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from bot.domain.genuine import Verdict
from bot.record.checking import Answer, Colour
from bot.record.entries import Act

SENTENCES = {
    Verdict.SAME: "Ours, word for word.",
    Verdict.LETTERS: "Reads like ours, but letters of another alphabet stand in it.",
    Verdict.MARKS: "The words are ours, punctuation is not.",
    Verdict.EXCERPT: "A part of ours, word for word.",
    Verdict.GAPS: "Ours, shortened.",
    Verdict.ADDED: "Ours with words that are not.",
    Verdict.ALTERED: "Altered.",
    Verdict.RETOLD: "Not our text.",
    Verdict.UNKNOWN: "Not in the record. That does not mean that it is false.",
}
SINCE = {
    Act.RETRACTED: "It was taken back since.",
    Act.WITHDRAWN: "Its text was removed by law since.",
    Act.CHECKING: "It is being checked.",
}
MARKS = {Colour.GREEN: "✓", Colour.AMBER: "!", Colour.RED: "✗", Colour.GREY: "?"}


def lines_of(answer: Answer) -> Iterator[str]:
    """Yield the verdict, what differs, and which version it was compared with."""
    yield f"{MARKS[answer.colour]} {SENTENCES[answer.judged.verdict]}"
    if answer.since is not None:
        yield SINCE.get(answer.since, "There is a later version.")
    for each in answer.judged.differences:
        yield f"  here “{each.theirs}”, ours “{each.ours}”"
    for link in answer.links:
        yield f"  not our address: {link}"
    if answer.document is not None and answer.entry is not None:
        at = datetime.fromtimestamp(answer.entry.at / 1000, UTC)
        number = f"#{answer.entry.article}, version {answer.entry.version}"
        yield f"{number}, {at:%Y-%m-%d %H:%M} UTC: {answer.document.headline}"
