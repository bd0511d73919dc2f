"""Is this text really ours: two texts made comparable, what differs between them, and how the published one is found.

Pure. Similarity finds an article and never gives a verdict: what counts as ours is equal word for word.
"""

from bot.domain.genuine.grams import COMMON, asked_of, found_by, grams_of, link_gram
from bot.domain.genuine.judge import ALTERED_FROM, LEAST, NOT_OURS, Difference, How, Judged, Verdict, judge
from bot.domain.genuine.links import Places, address_of, foreign_links, host_of
from bot.domain.genuine.rendition import Imprint, Rendition, imprint_of
from bot.domain.genuine.rules import rules
from bot.domain.genuine.tokens import LONGEST, Text, read

__all__ = [
    "ALTERED_FROM",
    "COMMON",
    "LEAST",
    "LONGEST",
    "NOT_OURS",
    "Difference",
    "How",
    "Imprint",
    "Judged",
    "Places",
    "Rendition",
    "Text",
    "Verdict",
    "address_of",
    "asked_of",
    "foreign_links",
    "found_by",
    "grams_of",
    "host_of",
    "imprint_of",
    "judge",
    "link_gram",
    "read",
    "rules",
]
