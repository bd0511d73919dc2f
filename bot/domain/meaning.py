"""The meaning of words that come after a question of ours: an answer, something to ask about, or neither."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.chat import Said
from bot.domain.dialogue import (
    AskedArticle,
    AskedNote,
    AskedReason,
    AskedWhen,
    Changing,
    Collected,
    Collecting,
    Dialogue,
    Drafting,
    Editing,
)
from bot.domain.parse import Pasted
from bot.domain.parse.pasted import is_more_than_a_remark

#: Time from a question to words that are taken for its answer. What is said later is asked about.
LIFE = timedelta(minutes=10)
#: Time from the question what changes to a whole text that answers it: it is written elsewhere meanwhile.
WRITTEN = timedelta(hours=1)
#: Time from a question to words that have nothing to do with it any longer.
FORGOTTEN = timedelta(days=1)
#: Time from a long text to words that may be its end: an app sends the parts of a text one by one.
LATE = timedelta(minutes=3)
#: Characters of the longest words that may be a time.
TIME_LIMIT = 60


class Meaning(StrEnum):
    """The bearing of a person's next words on what we wait for."""

    ANSWER = "answer"
    #: Nothing follows from them but a question that shows what would.
    UNSURE = "unsure"
    #: They have nothing to do with it.
    OTHER = "other"


def is_open(dialogue: Dialogue, at: datetime) -> bool:
    """True if words that are said at `at` may still be an answer."""
    return not dialogue.over and _age(dialogue, at) <= LIFE


def meaning_of(dialogue: Dialogue | None, said: Said, at: datetime) -> Meaning:
    """Return what `said`, at `at`, means to the person's open or ended dialogue."""
    match dialogue:
        case Collecting():
            return Meaning.ANSWER
        case Collected():
            return Meaning.UNSURE if _may_be_an_end(said) and _age(dialogue, at) <= LATE else Meaning.OTHER
        case Changing() if _is_whole(said) and _is_change(said) and not dialogue.over and _age(dialogue, at) <= WRITTEN:
            return Meaning.ANSWER
        case Editing() | Changing():
            fits, other = _is_change(said), False
        case AskedReason() | AskedNote():
            fits, other = bool(said.text.strip()) and said.forward is None and said.media is None, False
        case AskedWhen():
            other = _is_no_time(said)
            fits = not other
        case AskedArticle():
            # A picture that waits for its text is not lost to a pause.
            late_text = dialogue.media is not None and _is_whole(said)
            fits, other = True, not is_open(dialogue, at) and not late_text
        case Drafting():
            fits, other = True, False
        case _:
            return Meaning.OTHER
    if other or _age(dialogue, at) > FORGOTTEN:
        return Meaning.OTHER
    if isinstance(dialogue, AskedArticle):
        return Meaning.ANSWER
    return Meaning.ANSWER if fits and is_open(dialogue, at) else Meaning.UNSURE


def _age(dialogue: Dialogue, at: datetime) -> timedelta:
    return timedelta(seconds=at.timestamp() - dialogue.said)


def _may_be_an_end(said: Said) -> bool:
    return said.forward is None and said.media is None and is_more_than_a_remark(said.text)


def _is_change(said: Said) -> bool:
    """True for field lines, a whole text, or a picture: a single line may be a remark, and a forward another story."""
    if said.forward is not None:
        return False
    if said.media is not None and not said.text.strip():
        return True
    return _is_whole(said) or Pasted.of(said.runs).is_change


def _is_whole(said: Said) -> bool:
    return "\n" in said.text.strip()


def _is_no_time(said: Said) -> bool:
    text = said.text.strip()
    return said.forward is not None or said.media is not None or _is_whole(said) or not 0 < len(text) <= TIME_LIMIT
