"""What the ledger says, read from a copy of the file by code that is not the bot's."""

from __future__ import annotations

import shutil
import sqlite3
from collections import Counter
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


@dataclass(frozen=True, slots=True)
class Books:
    """`places` and `kinds` (of the exceptions) by chat; `posts`: state by (article, channel)."""

    audience: int
    places: Mapping[int, Place]
    kinds: Mapping[int, str]
    posts: Mapping[tuple[int, str], str]
    sound: bool

    @property
    def adds_up(self) -> bool:
        """Everybody who was counted in stands in exactly one state, and every exception has its reason."""
        exceptions = {chat for chat, place in self.places.items() if place is Place.EXCEPTION}
        return len(self.places) == self.audience and exceptions == set(self.kinds)

    def chats(self, place: Place) -> set[int]:
        return {chat for chat, now in self.places.items() if now is place}

    @property
    def counts(self) -> Counter[str]:
        return Counter(self.kinds.get(chat, place.name.lower()) for chat, place in self.places.items())


def read_books(database: Path) -> Books:
    """Only while nobody writes. The original, with what a dead process left beside it, is not touched."""
    with TemporaryDirectory() as folder:
        copy = Path(folder) / "copy.db"
        for end in ("", "-wal"):
            source = database.with_name(database.name + end)
            if source.exists():
                shutil.copyfile(source, copy.with_name(copy.name + end))
        with closing(sqlite3.connect(copy)) as connection:
            return _read(connection)


def is_over(database: Path) -> bool:
    """Everything was published and nothing is under way; may be asked while Visnyk runs."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=5)) as connection:
        (waiting,) = connection.execute(
            """SELECT (SELECT count(*) FROM article WHERE state = 'queued')
                    + (SELECT count(*) FROM dispatch WHERE state IN ('ready', 'sending', 'running'))"""
        ).fetchone()
    return bool(waiting == 0)


def _read(connection: sqlite3.Connection) -> Books:
    chats = dict(connection.execute("SELECT number, CAST(chat AS INTEGER) FROM subscriber"))
    places: dict[int, Place] = {}
    for low, members, states in connection.execute("SELECT low, members, states FROM page"):
        for position in range(len(members) * 8):
            if members[position >> 3] >> (position & 7) & 1:
                places[chats[low + position]] = Place(states[position >> 2] >> 2 * (position & 3) & 3)
    (audience,) = connection.execute("SELECT coalesce(sum(audience), 0) FROM dispatch WHERE channel IS NULL").fetchone()
    return Books(
        audience=audience,
        places=places,
        kinds={chats[number]: kind for number, kind in connection.execute("SELECT subscriber, kind FROM exception")},
        posts={
            (article, channel): state
            for article, channel, state in connection.execute(
                "SELECT article_id, channel, state FROM dispatch WHERE channel IS NOT NULL"
            )
        },
        sound=connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)],
    )
