"""Look-alikes: whether a channel that a reader asks about is ours, and the desk's hint where it only looks so."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.domain import Forward, Platform
from bot.domain.genuine import address_of
from bot.domain.news import LookAlike
from bot.domain.official import Account, Imitated, imitated
from bot.newsroom.newsroom import Newsroom
from bot.storage import Queries

#: New look-alikes of which the desk is told, and the time within which they are counted: whoever makes hundreds of
#: them is not to ring hundreds of times.
TOLD, WITHIN = 5, timedelta(days=1)
_NAMED = re.compile(r"(?<![\w@/.])@[A-Za-z]\w{3,31}", re.ASCII)
_PLACE = re.compile(r"t\.me/(?:s/)?([a-z]\w{3,31})(?:[/?].*)?", re.ASCII)


def account_of(forward: Forward) -> Account:
    """Return the channel or bot that a message was forwarded from, as Telegram tells it."""
    title = forward.name if forward.chat or forward.bot else ""  # a person may be called as they like
    return Account(Platform.TELEGRAM, forward.chat or forward.bot, forward.username, title)


def accounts_in(text: str, links: Iterable[str] = ()) -> list[Account]:
    """Return the channels and bots on Telegram that a text names or its addresses lead to. Nothing is fetched."""
    places = [*_NAMED.findall(text), *links]
    names = [found[1] for link in places if (found := _PLACE.fullmatch(address_of(link))) is not None]
    return [Account(Platform.TELEGRAM, name=name) for name in dict.fromkeys(names)]


def imitation(house: Newsroom, seen: Iterable[Account]) -> tuple[Account, Imitated] | None:
    """Return the first account that looks like one of ours, and which."""
    for each in seen:
        if (found := imitated(house.accounts, each)) is not None:
            return each, found
    return None


async def note(tx: Queries, seen: Account, found: Imitated, now: datetime) -> None:
    """Count a question about a look-alike; of a new one the desk is told, once."""
    asked = await tx.suspect(seen, _named(found.ours), now)
    if asked == 1 and await tx.count_within("new look-alikes", now, WITHIN) <= TOLD:
        await tx.announce(LookAlike(seen.platform, seen.id or f"@{seen.name.casefold()}"), now)


def _named(account: Account) -> str:
    return f"@{account.name}" if account.name else account.title or account.id
