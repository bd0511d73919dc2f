"""The rules of reading and comparing as one table, so that a page in another language gives the same answers."""

from bot.domain.genuine.judge import (
    ALTERED_FROM,
    EDGE,
    LEAST,
    OURS_FROM,
    PLACES,
    RUN,
    TEMPLATE_BELOW,
    TEMPLATE_PLACES,
    TEMPLATE_WORDS,
)
from bot.domain.genuine.links import SAME, TELEGRAM
from bot.domain.genuine.tokens import reading_rules


def rules() -> dict[str, object]:
    """Return the table, as JSON takes it."""
    return {
        **reading_rules(),
        "hosts": SAME,
        "shared": TELEGRAM,
        "least": LEAST,
        "run": RUN,
        "run_places": PLACES,
        "edge": EDGE,
        "template_below": TEMPLATE_BELOW,
        "template_places": TEMPLATE_PLACES,
        "template_words": TEMPLATE_WORDS,
        "ours_from": OURS_FROM,
        "altered_from": ALTERED_FROM,
    }
