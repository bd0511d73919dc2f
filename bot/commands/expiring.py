"""The end of an article as its card tells it: when its time is over, and what becomes then of what is out."""

from __future__ import annotations

from bot.commands.outcomes import PLATFORM_NAMES
from bot.commands.talk import Line, Talk
from bot.domain import Article, Platform
from bot.domain.change import After
from bot.domain.entry import Entry, EntryState
from bot.newsroom.newsroom import IN_HOUSE
from bot.texts import text_id

#: What becomes of what is out.
AFTER = {
    After.EDIT: text_id("Expires {when}: then a line says that it is out of date"),
    After.STUB: text_id("Expires {when}: then a stub takes its place"),
    After.REMOVE: text_id("Expires {when}: then it is deleted"),
}
LACKS_A_TIME = text_id("⚠️ “after:” does nothing without a time. Add a line like “expires: 18:30”.")
STAYS = text_id("{platform}: it stays as it was sent, nothing can be changed there.")


def lines(talk: Talk, entry: Entry) -> list[Line]:
    """Say for how long it is pinned, when it expires and what happens then, as long as that is still to come."""
    return [*_pinned(talk, entry), *_ends(talk, entry)]


def _pinned(talk: Talk, entry: Entry) -> list[Line]:
    traits, pin = talk.newsroom.traits, entry.article.pin
    channels = talk.newsroom.channels_of(entry.article)
    platforms = dict.fromkeys(each.platform for each in channels if traits[each.platform].pins)
    if not pin or not platforms or entry.state not in IN_HOUSE:
        return []
    names = ", ".join(PLATFORM_NAMES[each] for each in platforms)
    return [
        talk.words(
            "📌 Pinned in channels on {platforms} for {length} h", platforms=names, length=f"{pin // 60}:{pin % 60:02}"
        )
    ]


def _ends(talk: Talk, entry: Entry) -> list[Line]:
    after, at = entry.article.after, entry.expires_at
    if not _is_to_come(talk, entry):
        return []
    if at is None:
        return [talk.words(LACKS_A_TIME)] if after is not None else []
    if after is None:
        return [talk.words("Expires {when}", when=talk.when(at))]
    stays = [talk.words(STAYS, platform=PLATFORM_NAMES[each]) for each in _where_it_stays(talk, entry.article)]
    return [talk.words(AFTER[after], when=talk.when(at)), *stays]


def asked(talk: Talk, entry: Entry) -> list[Line]:
    """Say what whoever approves the article lets happen later."""
    return lines(talk, entry) if entry.article.after is not None or entry.article.pin else []


def _is_to_come(talk: Talk, entry: Entry) -> bool:
    if entry.state in IN_HOUSE:
        return True
    is_out = entry.state is EntryState.PUBLISHED and not entry.article.is_withdrawn
    return is_out and entry.article.after is not None and entry.expires_at is not None and entry.expires_at > talk.now


def _where_it_stays(talk: Talk, article: Article) -> list[Platform]:
    house = talk.newsroom
    places = (*(channel.platform for channel in house.channels_of(article)), *house.reader_platforms(article))
    return [each for each in dict.fromkeys(places) if not house.traits[each].edits]
