"""The ledger's own account, read from a copy of the file by code that is not the bot's."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from tempfile import TemporaryDirectory


class Place(IntEnum):
    """The two bits of a reader in a page."""

    UNTOUCHED = 0
    RESERVED = 1
    DELIVERED = 2
    EXCEPTION = 3


#: Article and chat.
Seat = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Books:
    """`places` and `kinds` (of the exceptions) by seat; `pages`: their numbers by chat; `posts`: state by (article,
    channel)."""

    audience: int
    places: Mapping[Seat, Place]
    pages: Mapping[str, int]
    kinds: Mapping[Seat, str]
    posts: Mapping[tuple[int, str], str]
    articles: int
    sound: bool

    @property
    def adds_up(self) -> bool:
        """Return True if every counted reader stands in exactly one state, and every exception has its reason."""
        exceptions = {seat for seat, place in self.places.items() if place is Place.EXCEPTION}
        return len(self.places) == self.audience and exceptions == set(self.kinds)

    def seats(self, place: Place) -> set[Seat]:
        return {seat for seat, now in self.places.items() if now is place}

    def outcome(self, seat: Seat) -> str:
        """Return what became of this chat and article: a place, or the kind of the exception."""
        place = self.places.get(seat)
        return self.kinds.get(seat) or (place.name.lower() if place is not None else "never counted in")


def read_books(database: Path) -> Books:
    """Read the books while nobody writes. The original, with what a dead process left beside it, is not touched."""
    with TemporaryDirectory() as folder:
        copy = Path(folder) / "copy.db"
        for end in ("", "-wal"):
            source = database.with_name(database.name + end)
            if source.exists():
                shutil.copyfile(source, copy.with_name(copy.name + end))
        with closing(sqlite3.connect(copy)) as connection:
            return _read(connection)


def looking(database: Path) -> sqlite3.Connection:
    """Return a connection for whoever looks on while Visnyk runs. To open one takes a hundred times as long as to ask
    what is asked here: it reads the whole schema.
    """
    return sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=5)


def is_over(connection: sqlite3.Connection) -> bool:
    """Return True if everything was published and nothing is under way; may be asked while Visnyk runs."""
    (waiting,) = connection.execute(
        """SELECT (SELECT count(*) FROM article WHERE state = 'queued')
                + (SELECT count(*) FROM dispatch WHERE state IN ('ready', 'sending', 'running'))
                + (SELECT count(*) FROM handover)"""
    ).fetchone()
    return bool(waiting == 0)


def open_posts(database: Path) -> set[tuple[int, str]]:
    """Return the posts to channels of which we do not know that they are there; may be asked while Visnyk runs."""
    with closing(looking(database)) as connection:
        rows = connection.execute(
            """SELECT article_id, channel FROM dispatch
               WHERE channel IS NOT NULL AND state IN ('ready', 'sending', 'in_doubt')"""
        )
        return {(row[0], row[1]) for row in rows}


def is_quiet(connection: sqlite3.Connection, articles: int) -> bool:
    """Return True if nothing is owed to anybody either, and there are `articles` articles."""
    (waiting, there) = connection.execute(
        """SELECT (SELECT count(*) FROM reply) + (SELECT count(*) FROM inbox WHERE done_at IS NULL)
                + (SELECT count(*) FROM notice WHERE told_at IS NULL), (SELECT count(*) FROM article)"""
    ).fetchone()
    return bool(waiting == 0 and there >= articles) and is_over(connection)


def _read(connection: sqlite3.Connection) -> Books:
    chats = dict(connection.execute("SELECT number, chat FROM subscriber"))
    places: dict[Seat, Place] = {}
    pages: dict[str, int] = {}
    for article, number, low, members, states in connection.execute(
        """SELECT article_id, number, low, members, states FROM page
           JOIN dispatch ON dispatch.id = page.dispatch_id WHERE dispatch.kind = 'post'"""
    ):
        for position in range(len(members) * 8):
            if members[position >> 3] >> (position & 7) & 1:
                chat = chats[low + position]
                pages[chat] = number
                places[article, chat] = Place(states[position >> 2] >> 2 * (position & 3) & 3)
    (audience,) = connection.execute(
        "SELECT coalesce(sum(audience), 0) FROM dispatch WHERE channel IS NULL AND kind = 'post'"
    ).fetchone()
    return Books(
        audience=audience,
        places=places,
        pages=pages,
        kinds={
            (article, chats[number]): kind
            for article, number, kind in connection.execute(
                """SELECT article_id, subscriber, exception.kind FROM exception
                   JOIN dispatch ON dispatch.id = exception.dispatch_id WHERE dispatch.kind = 'post'"""
            )
        },
        posts={
            (article, channel): state
            for article, channel, state in connection.execute(
                "SELECT article_id, channel, state FROM dispatch WHERE channel IS NOT NULL AND kind = 'post'"
            )
        },
        articles=connection.execute("SELECT count(*) FROM article").fetchone()[0],
        sound=connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)],
    )
