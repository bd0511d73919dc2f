"""Is this text really ours: two texts made comparable, what differs between them, and how the published one is found.

Pure. Similarity finds an article and never gives a verdict: what counts as ours is equal word for word.
"""

from bot.domain.genuine.grams import COMMON, PHRASE, asked_of, found_by, grams_of, link_gram
from bot.domain.genuine.judge import Difference, How, Judged, Verdict, judge
from bot.domain.genuine.links import Places, address_of, foreign_links, host_of
from bot.domain.genuine.rendition import Imprint, Rendition, imprint_of
from bot.domain.genuine.tokens import LONGEST, Text, read

__all__ = [
    "COMMON",
    "LONGEST",
    "PHRASE",
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
]
