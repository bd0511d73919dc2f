"""Alters an audit log in every way that comes to mind, then asks `audit verify`. Run it with `CASES=10000`."""

from __future__ import annotations

import asyncio
import json
import random
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from bot.domain.audit import AuditEntry, Head, canonical_json
from bot.storage import Queries, open_store
from bot.storage.sqlite.audit_check import check_audit

BEGIN = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
ACTS = ("article.drafted", "article.edited", "article.published", "button.refused", "halt.set", "person.invited")
#: What an attacker may do, and the entry that must be named; None: the log as a whole.
Attack = Callable[[sqlite3.Connection, random.Random, int], int | None]


async def write_log(path: Path, entries: int, seed: int = 1) -> list[Head]:
    """A log of the house's own making; returns the head after each entry."""
    dice, heads = random.Random(seed), []
    store = await open_store(path)

    async def act(tx: Queries, number: int) -> Head:
        detail = {"version": dice.randint(1, 9), "why": dice.choice(("Ніч", "“night”", "🌉\n", "")), "more": [number]}
        subject = dice.choice((f"article:{dice.randint(1, 40)}", "person:3", ""))
        await tx.record(f"telegram:{dice.randint(1, 4)}", dice.choice(ACTS), subject, detail, BEGIN)
        return await tx.audit_head()

    for number in range(entries):
        heads.append(await store.write(partial(act, number=number)))
    await store.close()
    return heads


def _other(dice: random.Random, value: str) -> str:
    """A text one character away: one changed, put in or taken out."""
    at = dice.randrange(len(value) + 1)
    letter = dice.choice('0aА:{ \n"\u200b🌉')
    kind = dice.randrange(3)
    new = value[:at] + ("" if kind == 2 else letter) + value[at + (kind > 0) :]
    return new if new != value else value + letter


def change_a_text(db: sqlite3.Connection, dice: random.Random, last: int) -> int:
    entry, column = dice.randint(1, last), dice.choice(("actor", "act", "subject", "detail", "hash"))
    (old,) = db.execute(f"SELECT {column} FROM audit WHERE id = ?", (entry,)).fetchone()
    db.execute(f"UPDATE audit SET {column} = ? WHERE id = ?", (_other(dice, old), entry))
    return entry


def change_the_time(db: sqlite3.Connection, dice: random.Random, last: int) -> int:
    entry = dice.randint(1, last)
    db.execute("UPDATE audit SET at = at + ? WHERE id = ?", (dice.choice((-1, 1, 3_600_000)), entry))
    return entry


def space_the_detail(db: sqlite3.Connection, dice: random.Random, last: int) -> int:
    """The same value in other bytes."""
    entry = dice.randint(1, last)
    db.execute("UPDATE audit SET detail = replace(detail, ':', ': ') WHERE id = ?", (entry,))
    return entry


def break_the_bytes(db: sqlite3.Connection, dice: random.Random, last: int) -> int:
    entry = dice.randint(1, last)
    db.execute("UPDATE audit SET actor = CAST(x'ff41' AS TEXT) WHERE id = ?", (entry,))
    return entry


def take_one_out(db: sqlite3.Connection, dice: random.Random, last: int) -> int:
    entry = dice.randint(1, last)
    db.execute("DELETE FROM audit WHERE id = ?", (entry,))
    return entry


def swap_two(db: sqlite3.Connection, dice: random.Random, last: int) -> int:
    first, second = sorted(dice.sample(range(1, last + 1), 2))
    for old, new in ((first, -1), (second, first), (-1, second)):
        db.execute("UPDATE audit SET id = ? WHERE id = ?", (new, old))
    return first


def renumber(db: sqlite3.Connection, dice: random.Random, last: int) -> int:
    """Take one out and close the gap."""
    entry = dice.randint(1, last - 1)
    db.execute("DELETE FROM audit WHERE id = ?", (entry,))
    for number in range(entry + 1, last + 1):
        db.execute("UPDATE audit SET id = ? WHERE id = ?", (number - 1, number))
    return entry


def put_one_in(db: sqlite3.Connection, dice: random.Random, last: int) -> int:
    number = dice.choice((-3, 0, last + 1, last + 7))
    db.execute(
        """INSERT INTO audit (id, at, actor, act, subject, detail, hash)
           SELECT ?, at, actor, act, subject, detail, hash FROM audit WHERE id = ?""",
        (number, dice.randint(1, last)),
    )
    return number or 0 if number < 1 else last + 1


def cut_the_end(db: sqlite3.Connection, dice: random.Random, last: int) -> int:
    kept = dice.randint(0, last - 1)
    db.execute("DELETE FROM audit WHERE id > ?", (kept,))
    return kept + 1


def cut_and_set_the_head(db: sqlite3.Connection, dice: random.Random, last: int) -> int:
    """SQLite's own count still knows."""
    first = cut_the_end(db, dice, last)
    _set_head(db)
    return first


def cut_and_set_the_count(db: sqlite3.Connection, dice: random.Random, last: int) -> int:
    first = cut_the_end(db, dice, last)
    db.execute("UPDATE sqlite_sequence SET seq = ? WHERE name = 'audit'", (first - 1,))
    return first


def change_the_head(db: sqlite3.Connection, dice: random.Random, last: int) -> int | None:
    if dice.random() < 0.5:
        db.execute("UPDATE audit_head SET hash = ?", (_other(dice, Head().hash),))
        return last
    db.execute("DELETE FROM audit_head")
    return last


def lift_a_guard(db: sqlite3.Connection, dice: random.Random, _last: int) -> None:
    name = dice.choice([row[0] for row in db.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'")])
    db.execute(f"DROP TRIGGER {name}")


#: Found by the file alone.
ATTACKS: tuple[Attack, ...] = (
    change_a_text, change_the_time, space_the_detail, break_the_bytes, take_one_out, swap_two, renumber, put_one_in,
    cut_the_end, cut_and_set_the_head, cut_and_set_the_count, change_the_head, lift_a_guard,
)  # fmt: skip


def write_anew(db: sqlite3.Connection, dice: random.Random, last: int) -> int:
    """One entry altered and everything after it sealed again, as whoever owns the machine can."""
    entry = change_the_time(db, dice, last)
    _seal_again(db)
    return entry


def cut_without_a_trace(db: sqlite3.Connection, dice: random.Random, last: int) -> int:
    first = cut_the_end(db, dice, last)
    _seal_again(db)
    return first


#: Found only with a head that was posted.
CONSISTENT: tuple[Attack, ...] = (write_anew, cut_without_a_trace)


def _set_head(db: sqlite3.Connection) -> None:
    number, seal = db.execute("SELECT id, hash FROM audit ORDER BY id DESC").fetchone() or (0, Head().hash)
    db.execute("UPDATE audit_head SET id = ?, hash = ?", (number, seal))


def _seal_again(db: sqlite3.Connection) -> None:
    head = Head()
    for number, at, actor, act, subject, detail in db.execute(
        "SELECT id, at, actor, act, subject, detail FROM audit ORDER BY id"
    ).fetchall():
        head = head.then(AuditEntry(number, at, actor, act, subject, json.loads(detail)))
        db.execute(
            "UPDATE audit SET hash = ?, detail = ? WHERE id = ?",
            (head.hash, canonical_json(json.loads(detail)), number),
        )
    _set_head(db)
    db.execute("UPDATE sqlite_sequence SET seq = ? WHERE name = 'audit'", (head.id,))


def attempt(db: sqlite3.Connection, attack: Attack, dice: random.Random, posted: list[Head]) -> str | None:
    """One attack on the log and its undoing. What was wrong with the answer; None: found, and the right entry named."""
    last = len(posted)
    guards = db.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
    db.execute("BEGIN")
    for name, _ in guards:
        db.execute(f"DROP TRIGGER {name}")
    if attack is lift_a_guard:
        for _, sql in guards:
            db.execute(sql)
    expected = attack(db, dice, last)
    if attack is not lift_a_guard:
        for _, sql in guards:
            db.execute(sql)
    told = [posted[-1]] if attack in CONSISTENT else []
    fault = check_audit(db, told).fault
    db.execute("ROLLBACK")
    if fault is None:
        return "not found"
    wanted = {expected or 0} if attack is not write_anew else {last}
    return None if fault.entry in wanted else f"named {fault.entry} instead of {wanted}: {fault}"


def count(path: Path, heads: list[Head], cases: int, seed: int) -> tuple[Counter[str], list[str]]:
    """Count how many attacks of each kind were found, and name those that were not."""
    dice, found, missed = random.Random(seed), Counter[str](), []
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        assert check_audit(db, heads).fault is None
        for number in range(cases):
            attack = (*ATTACKS, *CONSISTENT)[number % (len(ATTACKS) + len(CONSISTENT))]
            wrong = attempt(db, attack, dice, heads)
            if wrong is None:
                found[attack.__name__] += 1
            else:
                missed.append(f"{attack.__name__}: {wrong}")
        assert check_audit(db, heads).fault is None
    return found, missed


def main() -> int:
    options = dict(argument.split("=", 1) for argument in sys.argv[1:] if not argument.endswith("="))
    cases, seed = int(options.get("CASES", 10_000)), int(options.get("SEED", 1))
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "visnyk.db"
        heads = asyncio.run(write_log(path, 100, seed))
        found, missed = count(path, heads, cases, seed)
    for name, number in sorted(found.items()):
        print(f"{name.replace('_', ' '):24}{number:8,}")
    print(*missed[:20], sep="\n", end="\n" if missed else "")
    spent = timedelta(seconds=round(time.monotonic() - begun))
    print(
        f"{cases:,} alterations and truncations: {found.total():,} found with the right entry named, "
        f"{len(missed)} not; {spent}"
    )
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
