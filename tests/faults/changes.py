"""Corrections amid broadcasts, under kills: does any phone keep an old version whose reader was not told?"""

from __future__ import annotations

import random
import re
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import cast

from bot.domain import Address, Article, Platform
from bot.domain.change import ChangeKind, Tell
from bot.sandbox import Sandbox
from bot.storage import Queries, open_store
from tests.faults.books import Books
from tests.faults.loop import Found, Life, kill_again_and_again
from tests.faults.nursery import Nursery
from tests.faults.scene import OWNER, Killable, Plan, telegram_chat, viber_chat

ARTICLE = 1
DESK = Address(Platform.TELEGRAM, str(OWNER))
#: A play that takes longer than this has stopped moving, in seconds.
STUCK = 240.0
_VERSION, _NOTE = re.compile(r"Version (\d+)\."), re.compile(r"Note (\d+)\.")
_TROUBLES = (
    ("429", 0.02, 0.0),
    ("drop_before", 0.005, 0.0),
    ("drop_after", 0.005, 0.0),
    ("late", 0.005, 0.3),
    ("502", 0.001, 0.0),
    ("half", 0.001, 0.0),
)


@dataclass
class ChangesFound(Found):
    """The table's only column. `unsaid`: copies of an old version whose holder was not told."""

    plays: int = 0
    changes: int = 0
    recipients: int = 0
    unsaid: int = 0
    told_twice: int = 0
    doubted: int = 0
    gone: int = 0
    edits: int = 0
    wrong_sums: int = 0
    bytes_kept: list[float] = field(default_factory=list)

    @property
    def broken(self) -> list[str]:
        """Return the promises that were not kept."""
        counts = {
            "holders of an old version neither corrected nor told": self.unsaid,
            "got it twice": self.duplicates,
            "without it": self.lost,
            "told twice of one change": self.told_twice,
            "sums that are not the audience": self.wrong_sums,
            "unsound databases": self.unsound,
        }
        return [f"changes: {count} {what}" for what, count in counts.items() if count]


@dataclass(frozen=True, slots=True)
class Seen:
    """One phone: the versions that came as messages, as they stand there now, and the changes that it was told of."""

    versions: Sequence[int]
    notes: Sequence[int]


def misbehave(sandbox: Sandbox) -> None:
    sandbox.faults.add("telegram", "slow", chat=OWNER, times=None)
    for method in ("sendMessage", "editMessageText"):
        for kind, probability, delay in _TROUBLES:
            sandbox.faults.add(
                "telegram",
                kind,
                method=method,
                times=None,
                probability=probability,
                delay=delay,
                retry_after=cast("int", 0.05),
            )
    for kind in ("drop_before", "drop_after", "late"):
        sandbox.faults.add("viber", kind, method="broadcast_message", times=None, probability=0.02, delay=0.2)


async def kill_amid_changes(
    nursery: Nursery, *, changes: int, kills: int, readers: int, viber: int, seed: int, pause: float
) -> ChangesFound:
    """Play after play of a broadcast with so many corrections, until there were enough kills."""
    found = ChangesFound(kills)
    plan = Plan(readers=readers, viber=viber)

    def life(scene: Killable, dice: random.Random, left: int) -> Life:
        return _Changing(scene, dice, left, pause, found, changes)

    found.seconds = await kill_again_and_again(nursery, plan, misbehave, life, kills=kills, seed=seed)
    return found


class _Changing(Life):
    def __init__(
        self,
        scene: Killable,
        dice: random.Random,
        kills_left: int,
        pause: float,
        found: ChangesFound,
        changes: int,
    ) -> None:
        super().__init__(scene, dice, kills_left, pause)
        self._found = found
        self._left = changes
        self._made = 0

    async def play(self) -> None:
        scene, begun = self.scene, time.monotonic()
        while True:
            await scene.start()
            is_over = await self.survives(0.9)
            if self.is_spared or (is_over and not self._left):
                break
            self._check(await (scene.stop() if is_over else self.kill()))
            if self._left and (is_over or self.dice.random() < 0.6):
                await self._change()
            assert time.monotonic() - begun < STUCK + self.pause * self.kills, f"no end\n{scene.log()}"
        if self._left:
            await scene.stop()
            while self._left:
                await self._change()
            await scene.start()
        assert await scene.until(scene.is_over, STUCK), f"the changes do not end\n{scene.log()}"
        self._judge(await scene.stop())

    def arrived(self) -> int:
        requests = self.scene.sandbox.requests
        return sum(request.method in ("sendMessage", "editMessageText", "broadcast_message") for request in requests)

    async def _change(self) -> None:
        """Let a correction go out as the newsroom does, amid what the kill left: nobody else holds the store now."""
        self._left -= 1
        self._made += 1
        number = self._made

        async def work(tx: Queries) -> None:
            entry = await tx.entry(ARTICLE)
            assert entry is not None
            now = datetime.now(UTC)
            article: Article = replace(entry.article, lead=f"Version {number + 1}.")
            version = await tx.draft_version(entry, article, DESK, now)
            change = await tx.add_change(
                entry, ChangeKind.CORRECTION, version, note=f"Note {number}.", reason="", tell=Tell.HOLDERS,
                author="person:1", now=now,
            )  # fmt: skip
            await tx.let_change_out(change, "corrected", now, edits=[Platform.TELEGRAM], silent=False)

        store = await open_store(self.scene.database)
        try:
            await store.write(work)
        finally:
            await store.close()
        self._found.changes += 1

    def _check(self, books: Books) -> None:
        self._found.wrong_sums += not books.adds_up
        self._found.wrong_sums += len(unequal(self.scene.database))
        self._found.unsound += not books.sound

    def _judge(self, books: Books) -> None:
        found, last = self._found, self._made + 1
        self._check(books)
        found.plays += 1
        untold = _exceptions(self.scene.database, "notice", self._made)
        for chat, seen in self._phones():
            outcome = books.outcome((ARTICLE, chat))
            found.recipients += 1
            found.gone += outcome == "gone"
            found.doubted += outcome == "in_doubt"
            had = len(seen.versions)
            is_right = all(version == last for version in seen.versions) or self._made in seen.notes
            problems = {
                "unsaid": had > 0 and not is_right and chat not in untold and outcome != "gone",
                "duplicates": had > 1,
                "lost": had == 0 and outcome not in ("gone", "in_doubt", "failed"),
                "told_twice": max(Counter(seen.notes).values(), default=0) > 1,
            }
            for what, is_so in problems.items():
                if is_so:
                    setattr(found, what, getattr(found, what) + 1)
                    found.stories.append(f"{what}: {chat} {seen} {outcome}")
        rooms = self.scene.sandbox.telegram.account().rooms.values()
        found.edits += sum(bool(message.edited_at) for room in rooms for message in room.messages.values())
        found.bytes_kept.append(_bytes_of_edits(self.scene.database) / self._made)

    def _phones(self) -> Iterator[tuple[str, Seen]]:
        rooms = self.scene.sandbox.telegram.account().rooms
        texts: Mapping[str, list[str]] = {
            str(room.id): [message.content.text for message in room.messages.values()] for room in rooms.values()
        }
        for number in range(self.scene.plan.readers):
            yield telegram_chat(number), _seen(texts.get(telegram_chat(number), []))
        people = self.scene.sandbox.viber.world.people
        for number in range(self.scene.plan.viber):
            yield viber_chat(number), _seen([bubble.text for bubble in people[viber_chat(number)].chat])


def _seen(texts: Sequence[str]) -> Seen:
    notes = [int(found[1]) for text in texts if (found := _NOTE.search(text))]
    posts = [text for text in texts if not _NOTE.search(text)]
    return Seen([int(found[1]) if (found := _VERSION.search(text)) else 1 for text in posts], notes)


def unequal(database: object) -> list[int]:
    """Return the dispatches to readers whose members are not their audience, or whose exceptions lack a reason."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=5)) as connection:
        members: Counter[int] = Counter()
        exceptions: Counter[int] = Counter()
        for dispatch, bits, states in connection.execute("SELECT dispatch_id, members, states FROM page"):
            members[dispatch] += int.from_bytes(bits, "little").bit_count()
            exceptions[dispatch] += sum((byte >> shift & 3) == 3 for byte in states for shift in (0, 2, 4, 6))
        reasons = dict(connection.execute("SELECT dispatch_id, count(*) FROM exception GROUP BY dispatch_id"))
        rows = connection.execute("SELECT id, audience FROM dispatch WHERE channel IS NULL")
        return [
            number
            for number, audience in rows
            if audience != members[number] or reasons.get(number, 0) != exceptions[number]
        ]


def _exceptions(database: object, kind: str, change: int) -> set[str]:
    """Return the chats to which a change's dispatch of this kind may not have come, or could not."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=5)) as connection:
        rows = connection.execute(
            """SELECT s.chat FROM exception AS e JOIN dispatch AS d ON d.id = e.dispatch_id
               JOIN subscriber AS s ON s.number = e.subscriber JOIN change AS c ON c.id = d.change_id
               WHERE d.kind = ? AND c.number = ?""",
            (kind, change),
        )
        return {row[0] for row in rows}


def _bytes_of_edits(database: object) -> float:
    """Return the bytes that the ledger keeps of edits for each reader whose copy was edited."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=5)) as connection:
        (kept, readers) = connection.execute(
            """SELECT sum(length(members) + length(states) + length(ids) + 24), (SELECT sum(audience) FROM dispatch
                   WHERE kind = 'edit' AND superseded_by IS NULL AND channel IS NULL)
               FROM page JOIN dispatch AS d ON d.id = dispatch_id WHERE d.kind = 'edit' AND superseded_by IS NULL"""
        ).fetchone()
    return float(kept or 0) / max(1, readers or 0)
