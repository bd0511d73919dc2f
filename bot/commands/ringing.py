"""Ringing: the phones on which each person is told something, one after the other where they have two apps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

import structlog

from bot.commands import topics
from bot.commands.notices import NOTICES
from bot.commands.switchboard import Switchboard
from bot.commands.talk import Talk
from bot.domain import Address
from bot.domain.apps import UNREAD, one_of, ring
from bot.domain.entry import Retelling
from bot.domain.grounds import unasked
from bot.domain.news import News
from bot.domain.people import Person, allowed
from bot.errors import LogAltered, NotStored
from bot.newsroom.overtaken import is_overtaken
from bot.storage import Queries

log = structlog.get_logger(__name__)


async def phones(board: Switchboard, tx: Queries, people: Iterable[Person], news: News, now: datetime) -> list[Address]:
    """Return where these people are told now, and see to it that their other apps ring later if they stay silent."""
    reached = [[each for each in person.addresses if each.platform in board.platforms] for person in people]
    several = [each for addresses in reached if len(addresses) > 1 for each in addresses]
    used = await tx.used(several) if several else {}
    told: list[Address] = []
    for addresses in filter(None, reached):
        rings = ring(news, addresses, used)
        told += rings.now
        for chat in rings.later:
            await tx.tell_later(chat, news, now + UNREAD, since=now)
    return told


async def following(
    board: Switchboard, tx: Queries, people: Iterable[Person], name: str, begun_in: Address
) -> list[Address]:
    """Return the chats in which these people follow what is redrawn under `name`: one app of each, and the chat in
    which it was begun. Whoever follows it already goes on there; the others do where they were last.
    """
    chats = [begun_in]
    for addresses in filter(None, (board.chats_of([person]) for person in people)):
        if begun_in not in addresses:
            shown = [each for each in addresses if await tx.shown_as(each, name)]
            chats.append(shown[0] if shown else one_of(addresses, await tx.used(addresses)))
    return chats


async def tell_due(board: Switchboard, tx: Queries, now: datetime) -> None:
    """Tell single chats what is due to be told there, in words that are true now."""
    for due in await tx.due_retellings(now):
        await tx.forget_retelling(due.id)
        if due.news is None or due.chat.platform not in board.platforms or await _is_answered(tx, due):
            continue
        talk = await _talk(board, tx, due.chat, due.news, now)
        if talk is not None and not await is_overtaken(talk.desk, due.news):
            await _tell(replace(talk, unasked=unasked(due.news)), due.news)


async def _talk(board: Switchboard, tx: Queries, chat: Address, news: News, now: datetime) -> Talk | None:
    """Return a turn in which this chat is told the news; None if it is nobody's of the desk by now."""
    talk = await board.to(tx, chat, now)
    if chat not in board.groups:
        return talk if allowed(talk.member, news.least) else None
    number = await topics.article_about(tx, news)
    talk = talk.to_everybody()
    return talk if number is None else talk.about_article(number)


async def _tell(talk: Talk, news: News) -> None:
    """Tell one chat. What breaks is logged and holds up nothing."""
    try:
        async with talk.tx.undone_by(Exception):
            await NOTICES[type(news)](talk, news)
    except (NotStored, LogAltered):
        raise
    except Exception:
        log.exception("retelling_broke", code=news.code)


async def _is_answered(tx: Queries, due: Retelling) -> bool:
    """True if the person said or pressed something since, on whichever app."""
    if due.since is None:
        return False
    person = await tx.person_at(due.chat)
    used = await tx.used(person.addresses) if person is not None else {}
    return any(at >= due.since for at in used.values())
