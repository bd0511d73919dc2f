"""Attacks of the machine's owner on the rows that give authority: `python -m tests.trials.altered_rows
[EXAMPLES=10000]` alters them at random. Nothing may go out by that, and `audit verify` names each.
"""

from __future__ import annotations

import asyncio
import logging
import random
import shutil
import sqlite3
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import structlog

from bot.domain import Article
from bot.domain.buttons import Approve
from bot.domain.entry import Offer
from bot.domain.people import Role
from bot.domain.seals import NO_KEY, new_id
from bot.errors import LogAltered, Refused
from bot.newsroom import publishing, review, timing
from bot.newsroom.desk import Desk
from bot.newsroom.publishing import publish_due
from bot.newsroom.team import Team
from bot.storage import open_store, verify_audit
from bot.storage.seal_key import file_of
from tests.conftest import hold_no_ballast
from tests.helpers.indoors import House, a_house, address

TEAM = Team([], timedelta(hours=24), lambda _code: {})
Attack = Callable[[sqlite3.Connection, random.Random], str | None]


async def prepare(house: House) -> None:
    """Rows in every table of authority: articles 1 and 2 are drafts, 3 approved for a time, 4 waits for approval, 5 has
    a time and no approval, 6 counts down; codes, a button.
    """
    for number in range(1, 7):
        await house.writes("reporter", Article(f"Міст {number} відкрили", "Рух відновили."))
    at = house.clock() + timedelta(hours=2)
    for number in (3, 5):
        await house.do(timing.schedule, "olena", number, at)
    for number in (3, 4, 6):
        await house.do(review.submit, "reporter", number)
    for number in (3, 6):
        binding = (await house.situation(number)).readiness.binding
        await house.do(review.approve, "taras", number, binding)
    await house.do(publishing.publish, "olena", 6)
    await house.do(TEAM.invite, "olena", Role.EDITOR)
    await house.do(TEAM.link_code, "taras")
    await house.tx(lambda tx: tx.add_button(Offer(Approve(4, "x"), address("taras")), house.clock()))


def _pick(db: sqlite3.Connection, dice: random.Random, sql: str) -> tuple[object, ...]:
    rows: list[tuple[object, ...]] = db.execute(sql).fetchall()
    return dice.choice(rows)


def approve_by_hand(db: sqlite3.Connection, dice: random.Random) -> str:
    """An approval that nobody gave: for the article whose time has come."""
    number, binding = _pick(db, dice, "SELECT article_id, binding FROM review WHERE closed_at IS NULL")
    member = dice.choice([1, 2, 3])
    made = db.execute(
        "INSERT OR IGNORE INTO approval (article_id, version, binding, member_id, address, at, ticks) "
        "VALUES (?, 1, ?, ?, 'telegram:olena', 1, '[]') RETURNING id",
        (number, binding, member),
    ).fetchone()
    return f"approval {made[0]}" if made else ""


def change_an_approval(db: sqlite3.Connection, dice: random.Random) -> str:
    [number] = _pick(db, dice, "SELECT id FROM approval")
    change = dice.choice(
        ["member_id = 1", "binding = 'b'", "ticks = '[\"x\"]'", "at = at + 1", "version = 9", "address = 'viber:a='"]
    )
    db.execute(f"UPDATE approval SET {change} WHERE id = ?", (number,))
    return f"approval {number}"


def void_or_remove_an_approval(db: sqlite3.Connection, dice: random.Random) -> str:
    number, article, member = _pick(db, dice, "SELECT id, article_id, member_id FROM approval")
    db.execute(dice.choice(["DELETE FROM approval", "UPDATE approval SET voided_at = 5"]) + " WHERE id = ?", (number,))
    return f"approval of #{article} by member {member}"


def change_a_seat(db: sqlite3.Connection, dice: random.Random) -> str:
    number = dice.randrange(1, 6)
    change = dice.choice(
        ["role = 'owner', may_approve_from = 7", "role = 'reporter', pinned = 1", "may_approve_from = 1", "pinned = 1",
         "removed_at = 5", "invited_by = 2", "since = 1"]
    )  # fmt: skip
    db.execute(f"UPDATE member SET {change} WHERE id = ?", (number,))
    return f"member {number}"


def put_a_member_in(db: sqlite3.Connection, _dice: random.Random) -> str:
    made = db.execute("INSERT INTO member (role, name, since) VALUES ('owner', 'x', 1) RETURNING id").fetchone()
    db.execute("INSERT INTO identity (address, member_id) VALUES ('telegram:thief', ?)", made)
    return f"member {made[0]}"


def take_a_member_away(db: sqlite3.Connection, dice: random.Random) -> str:
    number = dice.randrange(1, 6)
    db.execute("DELETE FROM identity WHERE member_id = ?", (number,))
    db.execute("DELETE FROM member WHERE id = ?", (number,))
    return f"member {number}"


def move_an_address(db: sqlite3.Connection, dice: random.Random) -> str:
    number = dice.randrange(1, 6)
    how = dice.choice(
        ["UPDATE identity SET member_id = 9 WHERE member_id = ?", "DELETE FROM identity WHERE member_id = ?",
         "INSERT INTO identity (address, member_id) VALUES ('telegram:thief', ?)",
         "UPDATE identity SET waits_until = 3 WHERE member_id = ?"]
    )  # fmt: skip
    db.execute(how, (number,))
    return f"member {number}"


def change_a_review(db: sqlite3.Connection, dice: random.Random) -> str:
    number, article = _pick(db, dice, "SELECT id, article_id FROM review WHERE closed_at IS NULL AND article_id = 4")
    change = dice.choice(
        ["binding = 'b'", "asked_at = 1", "closed_at = 1", "asked_by_member = 1, asked_by = 'viber:a='"]
    )
    db.execute(f"UPDATE review SET {change} WHERE id = ?", (number,))
    return f"review {article}"


def put_a_review_in(db: sqlite3.Connection, dice: random.Random) -> str:
    article = dice.choice([1, 2, 5])
    db.execute(
        "INSERT INTO review (article_id, version, kind, binding, asked_by, asked_at) "
        "VALUES (?, 1, ?, 'b', 'viber:a=', 1)",
        (article, dice.choice(["before", "after"])),
    )
    return f"review {article}"


def change_a_time(db: sqlite3.Connection, dice: random.Random) -> str:
    article = dice.choice([1, 2, 3, 5])
    db.execute("UPDATE article SET state = 'queued', due_at = ? WHERE id = ?", (dice.randrange(10**12), article))
    return f"article {article}"


def change_a_text(db: sqlite3.Connection, dice: random.Random) -> str:
    article = dice.randrange(1, 7)
    db.execute(
        "UPDATE version SET sha256 = 'x', content = replace(content, 'Рух', 'Рух не') WHERE article_id = ?", (article,)
    )
    return f"article {article}"


def change_a_countdown(db: sqlite3.Connection, dice: random.Random) -> str:
    change = dice.choice(
        ["UPDATE countdown SET ends_at = 5", "UPDATE countdown SET publisher = 2", "DELETE FROM countdown",
         "UPDATE article SET state = 'draft' WHERE id = 6", "UPDATE countdown SET ended = 'stopped'",
         "UPDATE article SET due_at = 5 WHERE id = 6"]
    )  # fmt: skip
    db.execute(change)
    return "countdown 6"


def count_down_by_hand(db: sqlite3.Connection, dice: random.Random) -> str:
    article = dice.choice([1, 2, 3, 5])
    db.execute("UPDATE article SET state = 'counting', due_at = 5 WHERE id = ?", (article,))
    db.execute(
        "INSERT INTO countdown (article_id, person, publisher, chat, was, begun_at, ends_at, tick_at) "
        "VALUES (?, 'telegram:olena', 1, 'telegram:olena', 'draft', 1, 5, 9999999999999)",
        (article,),
    )
    return f"countdown {article}"


def ask_to_resume_by_hand(db: sqlite3.Connection, _dice: random.Random) -> str:
    db.execute("INSERT OR REPLACE INTO resume_request (id, member_id, at) VALUES (1, 2, 1795518000000)")
    return "resume_request"


def halt_by_hand(db: sqlite3.Connection, _dice: random.Random) -> str:
    db.execute("INSERT INTO halt (id, person, at) VALUES (1, 'telegram:olena', 1) ON CONFLICT DO NOTHING")
    return "halt"


def change_a_code(db: sqlite3.Connection, dice: random.Random) -> str:
    [digest] = _pick(db, dice, "SELECT code_sha256 FROM invitation")
    change = dice.choice(
        ["made_by = 2, made_at = 1", "expires_at = 9999999999999", "used_at = 5, used_by = 'viber:a='",
         "answered_at = 5",
         "made_at = 1795518000001"]
    )  # fmt: skip
    db.execute(f"UPDATE invitation SET {change} WHERE code_sha256 = ?", (digest,))
    return f"invitation {str(digest)[:12]}"


def put_a_code_in(db: sqlite3.Connection, dice: random.Random) -> str:
    db.execute(
        "INSERT INTO invitation (code_sha256, role, made_by, made_at, expires_at) "
        "VALUES ('0123456789abcdef', 'owner', 1, 9999999999998, 9999999999999)"
    )
    return "invitation 0123456789ab"


def take_a_code_away(db: sqlite3.Connection, dice: random.Random) -> str:
    [digest] = _pick(db, dice, "SELECT code_sha256 FROM invitation")
    db.execute("DELETE FROM invitation WHERE code_sha256 = ?", (digest,))
    return f"invitation {str(digest)[:12]}"


def change_a_button(db: sqlite3.Connection, dice: random.Random) -> str:
    [number] = _pick(db, dice, "SELECT id FROM button")
    change = dice.choice(["args = '{\"article\": 5, \"binding\": \"x\"}'", "action = 'now'", "chat = 'telegram:thief'",
                          "member_id = 4"])  # fmt: skip
    db.execute(f"UPDATE button SET {change} WHERE id = ?", (number,))
    return f"button {number}"


def put_a_button_in(db: sqlite3.Connection, _dice: random.Random) -> str:
    db.execute(
        "INSERT INTO button (id, action, args, chat, expires_at) "
        "VALUES ('AAAAAAAAAAAAAAAAAAAAAA', 'now', '{\"article\": 5}', 'telegram:olena', 9999999999999)"
    )
    return "button AAAAAAAAAAAAAAAAAAAAAA"


def seal_a_button_without_the_key(db: sqlite3.Connection, _dice: random.Random) -> str:
    """As whoever reads the code would: the chance is ours, and the hash is of what the button does."""
    args = '{"article": 5}'
    made = new_id(NO_KEY, "now", args, "telegram:olena", None)
    db.execute(
        "INSERT INTO button (id, action, args, chat, expires_at) VALUES (?, 'now', ?, 'telegram:olena', 9999999999999)",
        (made, args),
    )
    return f"button {made}"


ATTACKS: tuple[Attack, ...] = (
    approve_by_hand, change_an_approval, void_or_remove_an_approval, change_a_seat, put_a_member_in, take_a_member_away,
    move_an_address, change_a_review, put_a_review_in, change_a_time, change_a_text, change_a_countdown,
    count_down_by_hand, ask_to_resume_by_hand, halt_by_hand, change_a_code, put_a_code_in, take_a_code_away,
    change_a_button, put_a_button_in, seal_a_button_without_the_key,
)  # fmt: skip
#: What goes out by itself in the untouched house, and so may also when something else was altered.
RIGHTFUL = {3, 6}
#: Whose alteration must keep this article in the house.
KEEPS = {
    "article 3": 3, "countdown 6": 6, "countdown 3": 3, "approval of #3 by member 2": 3,
    "approval of #6 by member 2": 6,
}  # fmt: skip


@dataclass
class Found:
    tries: Counter[str] = field(default_factory=Counter)
    published: list[str] = field(default_factory=list)
    unnamed: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        lines = [f"{name.replace('_', ' '):28}{number:7,}" for name, number in sorted(self.tries.items())]
        total = f"{self.tries.total():,} alterations: {len(self.published)} publications, {len(self.unnamed)} unnamed"
        return "\n".join([*lines, *self.published[:20], *self.unnamed[:20], total])


async def play(folder: Path, examples: int, seed: int = 1) -> Found:
    """Alter a copy of the same house each time, then let its times come."""
    dice, found = random.Random(seed), Found()
    (folder / "house").mkdir()
    async with a_house(folder / "house", approvals=1, undo="30 s") as house:
        await prepare(house)
        made = folder / "made.db"
        with closing(sqlite3.connect(folder / "house" / "visnyk.db")) as db, closing(sqlite3.connect(made)) as copy:
            db.backup(copy)
        shutil.copyfile(file_of(folder / "house" / "visnyk.db"), file_of(made))
        assert verify_audit(made).unproven == ()
        for number in range(examples):
            attack = ATTACKS[number % len(ATTACKS)]
            await _try(house, made, folder / "tried.db", attack, dice, found)
    return found


async def _try(house: House, made: Path, tried: Path, attack: Attack, dice: random.Random, found: Found) -> None:
    for rest in tried.parent.glob("tried.db-*"):
        rest.unlink()
    hold_no_ballast(tried)
    shutil.copyfile(file_of(made), file_of(tried))
    shutil.copyfile(made, tried)
    with closing(sqlite3.connect(tried, isolation_level=None)) as db:
        name = attack(db, dice)
    if not name:
        return
    found.tries[attack.__name__] += 1
    named = verify_audit(tried).unproven
    if name not in named:
        found.unnamed.append(f"{attack.__name__}: {name} not in {named}")
    published = await _lives_on(house, tried)
    if wrong := published - RIGHTFUL | ({KEEPS[name]} & published if name in KEEPS else set()):
        found.published.append(f"{attack.__name__}: {name}, and {sorted(wrong)} went out")


async def _lives_on(house: House, path: Path) -> set[int]:
    """The articles that go out by themselves or by whoever thinks that they may."""
    store = await open_store(path)
    try:
        for hours in (0, 3):
            at = house.clock() + timedelta(hours=hours)
            with suppress(LogAltered, Refused):
                await store.write(lambda tx, at=at: publish_due(Desk(house.newsroom, tx, at)))  # type: ignore[misc]
        rows = await store.read.all("SELECT id FROM article WHERE state = 'published'")
        return {row["id"] for row in rows}
    finally:
        await store.close()


def main() -> int:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    options = dict(argument.split("=", 1) for argument in sys.argv[1:])
    with tempfile.TemporaryDirectory() as folder:
        found = asyncio.run(play(Path(folder), int(options.get("EXAMPLES", 10_000)), int(options.get("SEED", 1))))
    print(found)
    return 1 if found.published or found.unnamed else 0


if __name__ == "__main__":
    sys.exit(main())
