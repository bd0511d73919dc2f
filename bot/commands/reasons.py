"""Reasons why somebody has no copy: the platform's words as they came, ours in the reader's language."""

from __future__ import annotations

from bot.domain.ledger import Cause, Outcome, cause_of
from bot.texts import Words, text_id

CAUSES = {
    Cause.STOPPED: text_id("Visnyk was stopped while it was on the way"),
    Cause.LEFT: text_id("unsubscribed before it was sent"),
    Cause.DOWN: text_id("Visnyk was not running"),
    Cause.EXPIRED: text_id("it had expired before it left"),
    Cause.UNDONE: text_id("stopped on its way"),
    Cause.WITHHELD: text_id("the desk stopped its sending"),
    Cause.UNAPPROVED: text_id("too few of those who approved it still may"),
    Cause.UNAUTHORISED: text_id("the person who published it no longer may"),
    Cause.UNPROVEN: text_id("newsroom.toml now asks for a status or source"),
    Cause.FORGED: text_id("changed by hand in the database"),
    Cause.FAULT: text_id("a fault in Visnyk itself; its log says more"),
    Cause.NO_FORM: text_id("it can't be shown there"),
    Cause.PICTURE_GONE: text_id("it is no longer kept"),
    Cause.SUPERSEDED: text_id("a newer change took its place"),
    Cause.RETRACTED: text_id("it was taken back before it left"),
    Cause.NO_ID: text_id("the number of the message is no longer known"),
    Cause.NO_CHANNEL: text_id("newsroom.toml no longer has the channel “{detail}”"),
}


def why(words: Words, reason: str, outcome: Outcome | None = None) -> str:
    """Say `reason` as it stands in the ledger. Of a doubt, that is what came instead of an answer."""
    if (found := cause_of(reason)) is not None:
        cause, detail = found
        return words(CAUSES[cause], detail=detail)
    if outcome is Outcome.IN_DOUBT:
        return words("no clear answer ({reason})", reason=reason or "?")
    return reason or "?"
