"""Knows the lines amid a page's text that lead to other articles."""

from __future__ import annotations

import re

from bot.domain.article import Paragraph, plain
from bot.ingest.page import Teaser

#: Longest headline of a teaser, in characters.
LONGEST = 250
_LEADS_ON = re.compile(
    r"(?i)(?:"
    r"(?:читайте|дивіться|слухайте|читай|дивись)(?: також| теж| ще| більше)?(?: (?:на|за) (?:цю )?тем\w+)?"
    r"|вас (?:також |може |можуть ){0,2}зацікав\w+|вам (?:також |буде |може ){0,2}цікав\w+"
    r"|(?:інші|схожі|останні|більше) новин\w*|(?:до|за|по|на цю) тем\w+|також за темою|більше (?:про це|за темою)"
    r"|(?:схожі|пов.язані) (?:матеріали|записи|статті)"
    r"|(?:читайте|смотрите)(?: также| еще| ещё)?|вас может заинтересовать|другие новости|по теме"
    r"|(?:read|see|watch) (?:also|more)|(?:related|more)(?: (?:news|articles|stories))?|you may also like"
    r")(?: \w+)?[\s:.!—-]{0,9}"
)


def is_heading_of_teasers(text: str) -> bool:
    """True for words such as "Read also:", by which sites lead to other articles."""
    return len(text) <= LONGEST and _LEADS_ON.fullmatch(text.strip(" •\u00a0")) is not None


def teaser_of(line: Paragraph) -> Teaser | None:
    """Return the teaser that a line is: nothing but a link that is no sentence, perhaps after "Read also:"."""
    linked = [run for run in line if run.link]
    if not linked or len({run.link for run in linked}) > 1:
        return None
    whole = plain(line).strip(" •\u00a0")
    headline = "".join(run.text for run in linked).strip()
    before = whole.removesuffix(headline).strip(" •\u00a0")
    if before == whole or not headline:
        return None
    heading, colon, rest = headline.partition(":")
    if not before and colon and is_heading_of_teasers(heading) and len(rest.split()) > 2:
        return Teaser(rest.strip(), linked[0].link)  # the words before the headline are in the link too
    is_headline = len(headline.split()) >= 4 and len(headline) <= LONGEST and not headline.endswith((".", "»", ":"))
    return Teaser(headline, linked[0].link) if is_headline and (not before or is_heading_of_teasers(before)) else None
