"""Topics: the article that a command, a button or a piece of news is about, and the topic where it is said."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.commands.talk import Talk
from bot.domain import Run, plain
from bot.domain.stored import AboutArticle, AboutDispatch
from bot.storage import Queries

#: `12`, `#12`; but not `18:30` or `24.12`, which are times.
_NUMBER = re.compile(r"\s*[#№]?(\d{1,9})(?!\S)")


async def in_topic(talk: Talk, argument: Sequence[Run]) -> tuple[Talk, Sequence[Run]]:
    """Name the article of a command that was said in its topic, and send the answer there."""
    if not talk.place.is_forum:
        return talk, argument
    named = _NUMBER.match(plain(argument))
    number = int(named[1]) if named is not None else await talk.tx.article_of_topic(talk.chat, talk.place.thread)
    if number is None:
        return talk, argument
    return talk.about_article(number), argument if named is not None else [Run(f"{number} "), *argument]


async def article_about(tx: Queries, about: object) -> int | None:
    """The number of the article that a button or a piece of news is about, if it is about one."""
    if isinstance(about, AboutDispatch):
        dispatch = await tx.dispatch(about.dispatch)
        return dispatch.article_id if dispatch is not None else None
    return about.article if isinstance(about, AboutArticle) else None
