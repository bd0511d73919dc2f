"""Few errors, named by what the caller does next."""

from __future__ import annotations

from typing import Any


class VisnykError(Exception):
    """The root of ours: nothing of it is a bug."""


class Refused(VisnykError):
    """What a person asked for can't be done. `text` says why and what to type instead.

    `text` is an English message id of the catalogue with `{named}` places, `values` fill them; the reply is put
    into the person's language where it leaves the house.
    """

    def __init__(self, text: str, **values: Any) -> None:
        super().__init__(text.format(**values) if values else text)
        self.text = text
        self.values = values


class NotAllowed(Refused):
    """Refused for want of authority, and recorded. `why`: role, person, unknown."""

    def __init__(self, text: str, *, why: str = "role", **values: Any) -> None:
        super().__init__(text, **values)
        self.why = why


class CannotStart(VisnykError):
    """Visnyk can't run like this: one clear sentence with what to do, for the operator's terminal."""


class SendError(VisnykError):
    """A request to a platform that did not simply succeed. `reason` is the platform's own words, without secrets."""

    def __init__(self, reason: str = "") -> None:
        super().__init__(reason)
        self.reason = reason


class NotSent(SendError):
    """It never left us, or was surely not executed: the same request may be repeated freely."""


class NotForMany(NotSent):
    """A request to many readers was not taken; one for each of them may be. `always`: never is one from us."""

    def __init__(self, reason: str = "", *, always: bool = False) -> None:
        super().__init__(reason)
        self.always = always


class Wait(SendError):
    """Not executed: the platform asks for patience of `seconds`.

    `personal`: that surely concerns one person. `guessed`: the platform named no time, so whoever is sent away again
    waits longer each time.
    """

    def __init__(self, seconds: float, reason: str = "", *, personal: bool = False, guessed: bool = False) -> None:
        super().__init__(reason)
        self.seconds = seconds
        self.personal = personal
        self.guessed = guessed


class Gone(SendError):
    """This person can't be reached. `strike`: not sure yet (count it, drop after several on different days)."""

    def __init__(self, reason: str = "", *, strike: bool = False) -> None:
        super().__init__(reason)
        self.strike = strike


class NoTopic(Gone):
    """The chat is there, the forum's topic in it is not, or is closed to us: say it in the general one."""


class Rejected(SendError):
    """This message is unacceptable to the platform, for everyone: stop the dispatch and tell the desk."""


class InDoubt(SendError):
    """The request left us and no usable answer came: it may or may not have arrived. Never repeated silently."""


class Misconfigured(SendError):
    """The fault is in our set-up (token, rights, webhook, balance): pause this platform or channel, tell the desk."""


class LogAltered(VisnykError):
    """Somebody worked on the audit log: nothing is recorded, done or sent until people have looked.

    `entry` is the first that is not as it was written, of those that were looked at.
    """

    def __init__(self, entry: int) -> None:
        super().__init__(f"entry {entry} of the audit log is not as it was written; run: visnyk audit verify")
        self.entry = entry


class NotStored(VisnykError):
    """The store took nothing (disk full, locked, read-only): answer "later", send nothing, try again."""


def reason_of(error: BaseException) -> str:
    """For the log and the desk: what kind of fault, in its own words, without what libraries quote of their insides."""
    return f"{type(error).__name__}: {str(error).partition(': <')[0]}".rstrip(": ")
