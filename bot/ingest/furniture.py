"""The words by which sites name what belongs to the page and not to its article."""

from __future__ import annotations

import re

from bot.ingest.tree import Element


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: Blocks that lead to other articles: their links are teasers.
ALSO = _words(
    "also related readalso readmore recommend recommended recommendation recommendations similar relative seealso"
)
#: Blocks that stand in or around a text and are none of it.
JUNK = ALSO | _words(
    """share sharing shares social socials soc subscribe subscription newsletter mailing tags tag taglist keywords
    breadcrumb breadcrumbs crumbs author authors byline meta comment comments disqus banner banners advert adv ads ad
    adsbygoogle adfox advertisement promo promotion donate donation support patreon paywall sidebar aside widget widgets
    popular trending latest rating vote votes print toolbar copyright copyrights pagination pager navigation cookie
    cookies mistake mistakes orphus error push login signin register form poll quiz views viewed counter date time
    datetime timestamp published rubric rubrics category categories menu footer skip caption credit credits copy
    modal popup teaser teasers announcement tools likes emoji reactions telegram viber facebook twitter offer premium
    join feedback editor editors bio signup bookmark preroll sponsored"""
)
#: Where the standfirst stands.
LEADS = _words(
    """lead lede lid standfirst subtitle subtitre subheader subhead subheading subheadline excerpt announce anons intro
    introtext perex dek deck summary description descr desc preview announcement abstract"""
)
#: Elements that are never of a text.
ASIDE = frozenset(("aside", "footer", "figure", "figcaption", "picture", "img", "video", "form", "table-of-contents"))
#: Beginnings of the same, for names without a dash.
_ALSO = ("related", "recommend", "readalso", "similarpost")
_OFFERS = re.compile(r"(?i)paywall|piano|regwall")


def is_junk(element: Element) -> bool:
    """True for what its site names as furniture; a caller that knows better is free to look into it all the same."""
    if element.tag in ASIDE or element.get("role") in {"complementary", "navigation", "dialog", "banner", "search"}:
        return True
    if element.tag in {"html", "body", "main", "article", "p", "h1"} and not element.words & {"comments", "related"}:
        return element.tag == "p" and bool(element.words & (JUNK - LEADS - {"date", "time", "tag"}))
    named = element.words & (JUNK - LEADS)
    return bool(named) or is_also(element) or bool(_OFFERS.search(element.get("class")))


def is_also(element: Element) -> bool:
    """True for a block that leads to other articles."""
    if {"read", "also"} <= element.words or {"read", "more"} <= element.words:
        return True
    return bool(element.words & ALSO) or any(word.startswith(_ALSO) for word in element.words)
