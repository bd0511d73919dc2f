"""Why somebody has no copy: the platform's words as they came, ours in the reader's language."""

from __future__ import annotations

from bot.domain.ledger import Cause, Outcome
from bot.texts import Words, text_id

CAUSES = {
    Cause.STOPPED: text_id("Visnyk was stopped while it was on the way"),
    Cause.LEFT: text_id("unsubscribed before it was sent"),
    Cause.DOWN: text_id("Visnyk was not running"),
}


def why(words: Words, reason: str, outcome: Outcome | None = None) -> str:
    """`reason` as it stands in the ledger; of a doubt it is what came instead of an answer."""
    if reason in CAUSES:
        return words(CAUSES[Cause(reason)])
    if outcome is Outcome.IN_DOUBT:
        return words("no clear answer came ({reason})", reason=reason or "?")
    return reason or "?"
