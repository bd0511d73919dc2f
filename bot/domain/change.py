"""Changes of an article that is out: their kinds, what each makes of its standing, and the marks that readers see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class ChangeKind(StrEnum):
    """An act on an article that readers have."""

    #: There is doubt: readers see that we are checking it.
    CHECKING = "checking"
    TYPO = "typo"
    #: New facts, although nothing was wrong.
    UPDATE = "update"
    #: It was right, but could mislead.
    CLARIFICATION = "clarification"
    CORRECTION = "correction"
    #: It does not stand.
    RETRACTION = "retraction"
    #: It stands after all.
    RESTORATION = "restoration"
    #: Its time is over: a line says so, or a stub takes its place, or the copy goes.
    EXPIRY = "expiry"
    STUB = "stub"
    REMOVAL = "removal"


class After(StrEnum):
    """The fate of what is out of an article once its time is over."""

    EDIT = "edit"
    STUB = "stub"
    REMOVE = "remove"


class Standing(StrEnum):
    """The trust that an article which is out deserves."""

    SOUND = "sound"
    CHECKING = "checking"
    CORRECTED = "corrected"
    RETRACTED = "retracted"
    #: Its time is over, and nothing of its text is left where a copy can be changed.
    EXPIRED = "expired"


class ChangeState(StrEnum):
    """A stage in the life of a change."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    COUNTING = "counting"
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    SUPERSEDED = "superseded"


class Tell(StrEnum):
    """The people who are told of a change besides seeing it."""

    NOBODY = "nobody"
    HOLDERS = "holders"


class No(StrEnum):
    """A reason why a change is not possible as the article stands."""

    ALREADY_CHECKING = "already_checking"
    ALREADY_RETRACTED = "already_retracted"
    STANDS = "stands"
    END_THE_CHECK = "end_the_check"
    RESTORE_FIRST = "restore_first"
    #: Its restoration is still on its way.
    RESTORING = "restoring"
    EXPIRED = "expired_already"


@dataclass(frozen=True, slots=True)
class Rule:
    """The needs of a kind of change. `text`: it takes other words of the article.

    `alone`: one editor's word is enough; `reviewed`: somebody else looks at it afterwards. `approvals`: the least that
    it takes, whatever the article takes.
    """

    text: bool = True
    tell: Tell = Tell.NOBODY
    alone: bool = False
    reviewed: bool = False
    approvals: int = 0


RULES: Mapping[ChangeKind, Rule] = {
    ChangeKind.CHECKING: Rule(text=False, alone=True),
    ChangeKind.TYPO: Rule(alone=True, reviewed=True),
    ChangeKind.UPDATE: Rule(),
    ChangeKind.CLARIFICATION: Rule(text=False),
    ChangeKind.CORRECTION: Rule(tell=Tell.HOLDERS),
    ChangeKind.RETRACTION: Rule(text=False, tell=Tell.HOLDERS, alone=True, reviewed=True),
    ChangeKind.RESTORATION: Rule(text=False, tell=Tell.HOLDERS, approvals=1),
    **dict.fromkeys((ChangeKind.EXPIRY, ChangeKind.STUB, ChangeKind.REMOVAL), Rule(text=False)),
}
#: The change that the house makes by itself when the time of an article is over.
BY_ITSELF: Mapping[After, ChangeKind] = {
    After.EDIT: ChangeKind.EXPIRY,
    After.STUB: ChangeKind.STUB,
    After.REMOVE: ChangeKind.REMOVAL,
}
_TIMED = frozenset(BY_ITSELF.values())
#: Changes after which whoever has no copy gets none.
ENDS_SENDING = frozenset({ChangeKind.RETRACTION, *_TIMED})
#: Changes that everybody must know of at once when one person let them out.
ALARMING = frozenset({ChangeKind.CHECKING, ChangeKind.CORRECTION, ChangeKind.RETRACTION})
#: Characters of a note, which is never cut.
NOTE_LEAST, NOTE_MOST = 10, 200

_K, _S = ChangeKind, Standing
#: The standing after a change, or why there can be none.
FOLLOWS: Mapping[tuple[Standing, ChangeKind], Standing | No] = {
    **{(_S.SOUND, kind): _S.SOUND for kind in (_K.TYPO, _K.UPDATE, _K.CLARIFICATION)},
    (_S.SOUND, _K.CHECKING): _S.CHECKING,
    (_S.SOUND, _K.CORRECTION): _S.CORRECTED,
    (_S.SOUND, _K.RETRACTION): _S.RETRACTED,
    (_S.SOUND, _K.RESTORATION): No.STANDS,
    **{(_S.CHECKING, kind): No.END_THE_CHECK for kind in (_K.TYPO, _K.UPDATE, _K.CLARIFICATION)},
    (_S.CHECKING, _K.CHECKING): No.ALREADY_CHECKING,
    (_S.CHECKING, _K.CORRECTION): _S.CORRECTED,
    (_S.CHECKING, _K.RETRACTION): _S.RETRACTED,
    (_S.CHECKING, _K.RESTORATION): _S.SOUND,
    **{(_S.CORRECTED, kind): _S.CORRECTED for kind in (_K.TYPO, _K.UPDATE, _K.CLARIFICATION, _K.CORRECTION)},
    (_S.CORRECTED, _K.CHECKING): _S.CHECKING,
    (_S.CORRECTED, _K.RETRACTION): _S.RETRACTED,
    (_S.CORRECTED, _K.RESTORATION): No.STANDS,
    **{(_S.RETRACTED, kind): No.RESTORE_FIRST for kind in ChangeKind},
    **{(_S.RETRACTED, kind): No.ALREADY_RETRACTED for kind in (_K.RETRACTION, *_TIMED)},
    (_S.RETRACTED, _K.RESTORATION): _S.CORRECTED,
    **{(_S.EXPIRED, kind): No.EXPIRED for kind in ChangeKind},
    (_S.EXPIRED, _K.RETRACTION): _S.RETRACTED,
    **{(standing, _K.EXPIRY): standing for standing in (_S.SOUND, _S.CHECKING, _S.CORRECTED)},
    **{
        (standing, kind): _S.EXPIRED
        for standing in (_S.SOUND, _S.CHECKING, _S.CORRECTED)
        for kind in (_K.STUB, _K.REMOVAL)
    },
}
#: Standings in which an article may still be sent to those who are without it.
RESENT = frozenset({Standing.SOUND, Standing.CORRECTED})
#: Changes that stop harm. They go before all others: before one that waits for approval, past a halt, and in the way of
#: a restoration that has begun.
STOPS_HARM = frozenset({ChangeKind.CHECKING, ChangeKind.RETRACTION})


def decide(standing: Standing, running: ChangeKind | None, kind: ChangeKind) -> Standing | No:
    """Return the standing that a change makes of this one, or why it is not possible.

    `running`: the change that is on its way to its readers. A new one takes its place, except that only what stops harm
    overtakes a restoration.
    """
    found = FOLLOWS[standing, kind]
    waits = running is ChangeKind.RESTORATION and isinstance(found, Standing) and kind not in STOPS_HARM
    return No.RESTORING if waits else found


@dataclass(frozen=True, slots=True)
class Change:
    """A change of an article that is out, as it stands in the store; `number` is the one that readers see.

    `note` is for readers, `reason` for the desk alone. `author`: the member, as the log names them. `out_at`: when it
    went out; `done_at`: when every copy had been reached.
    """

    id: int
    article_id: int
    number: int
    kind: ChangeKind
    from_version: int
    to_version: int
    note: str
    reason: str
    tell: Tell
    state: ChangeState
    author: str
    made_at: datetime
    out_at: datetime | None = None
    done_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """One change as readers see it in the post. `at`: when it went out, and `out`: when the article did, as the
    newsroom's clock shows it, with the day if it is another one.
    """

    kind: ChangeKind
    at: str
    note: str = ""
    out: str = ""


def standing_of(marks: Iterable[Mark]) -> Standing:
    """Return the standing of an article with these marks, the first of them first."""
    standing = Standing.SOUND
    for mark in marks:
        found = FOLLOWS[standing, mark.kind]
        standing = found if isinstance(found, Standing) else standing
    return standing


@dataclass(frozen=True, slots=True)
class ChangeWords:
    """The words around changes, in an article's language. Each text has places: at, out, note, headline, link.

    `top`: above the headline; `end`: below the text; `notice`: beside a post that is edited; `apart`: where nothing
    can be edited, so that it carries everything. `heading`: of a post apart. `more`: where the other notes stand.
    """

    top: Mapping[ChangeKind, str] = field(default_factory=dict)
    end: Mapping[ChangeKind, str] = field(default_factory=dict)
    notice: Mapping[ChangeKind, str] = field(default_factory=dict)
    apart: Mapping[ChangeKind, str] = field(default_factory=dict)
    #: Below the note of a retraction.
    stub: str = ""
    #: In the place of a text whose time is over.
    over: str = ""
    #: Said of the post that a notice answers, once it is changed, and before.
    above: str = ""
    being: str = ""
    more: str = ""
    full: str = ""


#: Characters that all notes at the end of a post may take; with more, only the last two stand there.
ENDINGS = 400


def top_of(marks: tuple[Mark, ...], words: ChangeWords) -> str:
    """Return the line above the headline: of one change alone; empty if it has none."""
    return words.top.get(_foremost(marks).kind, "").format(at=_foremost(marks).at) if marks else ""


def _foremost(marks: tuple[Mark, ...]) -> Mark:
    """Return the mark that stands on top: the last; but that a report is being checked outlives its expiry."""
    if marks[-1].kind is ChangeKind.EXPIRY and standing_of(marks) is Standing.CHECKING:
        return next(each for each in reversed(marks) if each.kind is ChangeKind.CHECKING)
    return marks[-1]


def ends_of(marks: tuple[Mark, ...], words: ChangeWords) -> tuple[tuple[str, ...], bool]:
    """Return the lines below the text, the oldest first, and whether earlier ones are left out."""
    # That its time is over is said once, wherever that stands.
    top = _foremost(marks) if marks else None
    shown = [mark for mark in marks if mark.kind is not ChangeKind.EXPIRY or mark is not top]
    lines = [line for mark in shown if (line := _end(mark, words))]
    if sum(map(len, lines)) <= ENDINGS or len(lines) <= 2:
        return tuple(lines), False
    return tuple(lines[-2:]), True


def _end(mark: Mark, words: ChangeWords) -> str:
    if mark.kind is ChangeKind.UPDATE and not mark.note:
        return ""
    return words.end.get(mark.kind, "").format(at=mark.at, note=mark.note).strip()


def notice_of(mark: Mark, headline: str, words: ChangeWords, *, edits: bool, done: bool = True, link: str = "") -> str:
    """Return the words by which holders of a copy are told.

    `edits`: it answers a post that is edited; `done`: which has been edited already. Else it carries everything, with
    the `link` to the changed text.
    """
    if edits:
        text = words.notice.get(mark.kind, "{note}").format(headline=headline, out=mark.out, note=mark.note)
        last = words.above if done else words.being
        return f"{text} {last}".strip() if mark.kind is ChangeKind.CORRECTION else text
    text = words.apart.get(mark.kind, "{note}").format(headline=headline, out=mark.out, note=mark.note)
    is_read_on = link and mark.kind is not ChangeKind.RETRACTION
    return f"{text}\n{words.full.format(link=link)}" if is_read_on and words.full else text
