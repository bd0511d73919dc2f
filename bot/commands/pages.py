"""Addresses instead of texts: the page is fetched beside, and comes back here as a draft or as a reason."""

from __future__ import annotations

from dataclasses import replace

from bot.commands.talk import Talk
from bot.domain.lookup import Lookup
from bot.domain.parse import Parsed
from bot.domain.parse.taking_back import with_left_out
from bot.ingest.drafting import article_of
from bot.ingest.page import Page, Whence
from bot.ingest.reasons import explained
from bot.texts import Words, text_id

#: The parts of an article, as an editor calls them.
PARTS = {
    "headline": text_id("headline"),
    "standfirst": text_id("lead"),
    "text": text_id("text"),
    "picture": text_id("picture"),
}
#: The places of a page that they come from.
PLACES = {
    Whence.HEADING: text_id("its heading"),
    Whence.LINKED_DATA: text_id("its data for search engines"),
    Whence.OPEN_GRAPH: text_id("its preview for social networks"),
    Whence.TITLE: text_id("its title"),
    Whence.TEXT: text_id("what readers see"),
    Whence.SCRIPT: text_id("its scripts"),
    Whence.EXTRACTOR: text_id("what readers see"),
}
_TAKEN = text_id("Taken from {site}: {parts}.")


async def look_up(talk: Talk, url: str) -> None:
    """Have the page fetched, and say so: the person goes on meanwhile."""
    lookup = Lookup(url, talk.person, talk.chat, talk.said, talk.place.thread)
    await talk.tx.look_up(lookup)
    await talk.say("🔎 Fetching the page from {site}. The draft comes here in a moment.", site=lookup.site)


def parsed_of(talk: Talk, page: Page) -> Parsed:
    """Return the draft that a page makes."""
    homes = [masthead.site for masthead in talk.newsroom.press.mastheads.values()]
    parsed = article_of(page, homes=homes, language=talk.words.language)
    return replace(parsed, article=with_left_out(parsed.article, parsed.dropped))


def taken(words: Words, page: Page) -> str:
    """Say where each part of the draft came from."""
    parts = "; ".join(f"{words(PARTS[part])} — {words(PLACES[whence])}" for part, whence in page.origins)
    return words(_TAKEN, site=page.site, parts=parts)


async def explain(talk: Talk, lookup: Lookup, reason: str) -> None:
    """Say why an address gave no draft, and what to do instead."""
    text, values = explained(reason)
    await talk.show([f"{lookup.url}", talk.words(text, **values)])
