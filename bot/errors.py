"""Our few errors, named by what the caller does next."""

from __future__ import annotations

from datetime import datetime
from typing import Any


class VisnykError(Exception):
    """The root of our errors, none of which is a bug."""


class Refused(VisnykError):
    """The person asked for something that can't be done. `text` says why and what to type instead.

    `text` is an English message id of the catalogue, and `values` fill its `{named}` places. It is translated into the
    person's language where the reply leaves the house.
    """

    def __init__(self, text: str, **values: Any) -> None:
        super().__init__(text.format(**values) if values else text)
        self.text = text
        self.values = values


class Ambiguous(Refused):
    """A time that may mean any of `choices`, aware: a person has to choose."""

    def __init__(self, text: str, choices: tuple[datetime, ...], **values: Any) -> None:
        super().__init__(text, **values)
        self.choices = choices


class Damaged(Refused):
    """An article's text in the database is damaged, or of a form that this version does not know."""


#: Why a press is refused of which we know no button.
UNKNOWN = "unknown"
#: Why a one-time code is refused.
CODE_UNKNOWN, CODE_USED, CODE_EXPIRED = "code_unknown", "code_used", "code_expired"
CODES = (CODE_UNKNOWN, CODE_USED, CODE_EXPIRED)


class NotAllowed(Refused):
    """The person lacks the authority, which is recorded. `why`: role, person, unknown, or of a code."""

    def __init__(self, text: str, *, why: str = "role", **values: Any) -> None:
        super().__init__(text, **values)
        self.why = why


class CannotStart(VisnykError):
    """Visnyk can't run like this. The text is a clear sentence for the operator's terminal that says what to do."""


class StartAgain(VisnykError):
    """The house that was about to start is no longer the one that is wanted: start it afresh, or not at all."""


class SendError(VisnykError):
    """A request to a platform did not simply succeed. `reason` is in the platform's own words, without secrets."""

    def __init__(self, reason: str = "") -> None:
        super().__init__(reason)
        self.reason = reason


class NotSent(SendError):
    """The request never left us or was certainly not executed: it may be repeated freely."""


class HandedBack(NotSent):
    """Taken back by ourselves before it left: nobody's fault, and free at once."""


class NotForMany(NotSent):
    """A request to many readers was refused; a request for each may work. `always`: we may never send to many."""

    def __init__(self, reason: str = "", *, always: bool = False) -> None:
        super().__init__(reason)
        self.always = always


class Wait(SendError):
    """The request was not executed: the platform tells us to wait for `seconds`.

    `personal`: this certainly concerns only one person. `guessed`: the platform named no time, so each further refusal
    makes the wait longer.
    """

    def __init__(self, seconds: float, reason: str = "", *, personal: bool = False, guessed: bool = False) -> None:
        super().__init__(reason)
        self.seconds = seconds
        self.personal = personal
        self.guessed = guessed


class Gone(SendError):
    """The person can't be reached. `strike`: not certain yet; count it, and drop them after several days of it."""

    def __init__(self, reason: str = "", *, strike: bool = False) -> None:
        super().__init__(reason)
        self.strike = strike


class NoTopic(Gone):
    """The chat exists, but its topic does not or is closed to us: use the general topic."""


class Rejected(SendError):
    """The platform will not accept this message for anyone: stop the dispatch and tell the desk.

    `button`: because of the address of its button; `formatting`: because of its formatting.
    """

    def __init__(self, reason: str = "", *, button: bool = False, formatting: bool = False) -> None:
        super().__init__(reason)
        self.button = button
        self.formatting = formatting


class NoCopy(SendError):
    """The copy that was to be changed is not there, or can't be changed."""


class InDoubt(SendError):
    """The request left us and no usable answer came: it may have arrived or not. Never repeat it silently."""


class Misconfigured(SendError):
    """Our set-up is at fault (token, rights, webhook, balance): pause this platform or channel and tell the desk."""


class TokenTaken(Misconfigured):
    """Another program fetches with our token what people say to us."""


class HookInTheWay(Misconfigured):
    """A webhook is set that is not ours, so what people say to us can't be fetched."""


class LogAltered(VisnykError):
    """The audit log was tampered with: nothing is recorded, done or sent until people have looked into it.

    `entry` is the first one, of those examined, that differs from what was written.
    """

    def __init__(self, entry: int) -> None:
        super().__init__(f"entry {entry} of the audit log is not as it was written; run: visnyk audit verify")
        self.entry = entry


class NotStored(VisnykError):
    """The store can't write (disk full, locked, read-only): answer "later", send nothing, try again."""


def reason_of(error: BaseException) -> str:
    """The kind of a fault and its own words, for the log and the desk, without internals that libraries quote."""
    return f"{type(error).__name__}: {str(error).partition(': <')[0]}".rstrip(": ")
