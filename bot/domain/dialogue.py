"""Dialogues with people of the desk: a small value for each thing that we wait for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.article import Media, Run
from bot.domain.change import ChangeKind
from bot.domain.review import Verdict
from bot.domain.stored import Stored

#: A text as it was said, with its links and emphasis.
Runs = tuple[Run, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialogue(Stored):
    """A thing that we wait for from somebody.

    `album` is the album that is still arriving from them, of which one picture was taken; empty: none. `told`: they
    know that its other pictures are left out. `said`: the instant of the words that we asked after, in seconds since
    1970. `over`: we no longer wait, and only ask whether later words were meant for it.
    """

    album: str = ""
    told: bool = False
    said: float = 0.0
    over: bool = False

    @property
    def about(self) -> int | None:
        """The article that we wait for something about, if there is one."""
        return None

    @property
    def pressed_on(self) -> int:
        """Our message to redraw when the answer has come; 0: none."""
        return 0


@dataclass(frozen=True, slots=True)
class Nothing(Dialogue):
    """Nothing is waited for but the rest of an album."""

    code = "album"


@dataclass(frozen=True, slots=True)
class AboutOne(Dialogue):
    """Something about one article; we were asked by a press on its `card`, 0: by a command."""

    article: int
    card: int = 0

    @property
    def about(self) -> int | None:
        return None if self.over else self.article

    @property
    def pressed_on(self) -> int:
        return self.card


@dataclass(frozen=True, slots=True)
class AskedWhen(AboutOne):
    """We wait for the time at which an article goes out; on the `day`, ISO, if that was said already.

    `binding`: what it approves by that; empty: nothing.
    """

    code = "when"
    day: str = ""
    binding: str = ""


@dataclass(frozen=True, slots=True)
class Editing(AboutOne):
    """We wait for a change to an article. `version` is the one that the person saw; None if unknown."""

    code = "edit"
    version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedReason(AboutOne):
    """We wait for the reason why an article does not go out like this."""

    code = "reason"
    binding: str
    verdict: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Changing(AboutOne):
    """We wait for what changes in an article that is out; `version` is the one that the person saw."""

    code = "change"
    kind: ChangeKind
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedNote(AboutOne):
    """We wait for the sentence by which readers learn of a change, whose text is `runs`; empty: the text stays."""

    code = "note"
    kind: ChangeKind
    version: int
    runs: Runs = ()
    media: Media | None = None


@dataclass(frozen=True, slots=True)
class Collecting(Dialogue):
    """We wait for more parts of a long text: a change of the article `edits`, or a new article.

    `kind`: the change of an article that is out, whose `version` the person saw.
    """

    code = "collect"
    parts: tuple[Runs, ...]
    edits: int | None = None
    card: int = 0
    kind: ChangeKind | None = None
    version: int = 0

    @property
    def about(self) -> int | None:
        return self.edits

    @property
    def pressed_on(self) -> int:
        return self.card


@dataclass(frozen=True, slots=True)
class Collected(Dialogue):
    """A long text became this `version` of an article; what follows may be its end that was late. `runs`: the text."""

    code = "collected"
    article: int
    version: int
    runs: Runs

    @property
    def about(self) -> int | None:
        return self.article


@dataclass(frozen=True, slots=True)
class Drafting(Dialogue):
    """The next piece of a new article; `parts` are the answers so far."""

    parts: tuple[Runs, ...] = ()
    media: Media | None = None


@dataclass(frozen=True, slots=True)
class AskedArticle(Drafting):
    code = "article"


@dataclass(frozen=True, slots=True)
class AskedLead(Drafting):
    code = "lead"


@dataclass(frozen=True, slots=True)
class AskedBody(Drafting):
    code = "body"


@dataclass(frozen=True, slots=True)
class AskedSource(Drafting):
    code = "source"


@dataclass(frozen=True, slots=True)
class AskedLink(Drafting):
    code = "link"


#: Everything that we wait for, by its code.
DIALOGUES: Mapping[str, type[Dialogue]] = {
    kind.code: kind
    for kind in (
        Nothing, AskedWhen, Editing, AskedReason, Changing, AskedNote, Collecting, Collected,
        AskedArticle, AskedLead, AskedBody, AskedSource, AskedLink,
    )
}  # fmt: skip
