"""SQL is written once for SQLite and PostgreSQL: the store's questions use no word that only one of them takes."""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from contextlib import closing
from importlib import resources

import pytest

from bot.storage.schema import migrations
from bot.storage.sqlite.migration import statements
from tests.helpers.statements import every_statement

#: What only SQLite takes, or takes otherwise.
FORBIDDEN = {
    "SQLite's JSON": r"\bjson_\w+\(|->",
    "SQLite's functions": r"\b(zeroblob|iif|ifnull|typeof|strftime|datetime|julianday|group_concat|printf|hex|char)\(",
    "a blob in the text": r"\bx'",
    "SQLite's own tables": r"\bsqlite_\w+|\browid\b",
    "a temporary table": r"\btemp\.|\bTEMP\b|\bPRAGMA\b",
    "the larger or smaller of two values": r"\b(max|min)\([^()]*,",
    "a comparison by IS": r"\bIS (NOT )?[:(]|:\w+ IS\b",
    "SQLite's way of conflicts": r"\b(INSERT|UPDATE) OR\b|\bREPLACE INTO\b",
    "a hint to SQLite's planner": r"\bNOT INDEXED\b|\bINDEXED BY\b",
    "a text in double quotes": r'"',
    "GLOB and MATCH": r"\b(GLOB|MATCH|REGEXP)\b",
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_question_uses_what_only_one_engine_takes(what: str) -> None:
    found = {place for place, sql in every_statement().items() if re.search(FORBIDDEN[what], sql, re.IGNORECASE)}

    assert found == set()


def test_every_statement_is_prepared_by_sqlite() -> None:
    every = every_statement()
    with closing(sqlite3.connect(":memory:")) as database:
        for _, sql in migrations():
            for statement in statements(sql):
                database.execute(statement)
        for sql in every.values():
            names = set(re.findall(r":(\w+)", sql))
            database.execute(f"EXPLAIN {sql}", dict.fromkeys(names))

    assert len(every) > 190


def test_no_two_migrations_have_one_number() -> None:
    """If two shared a number, only one would ever run; merging a branch can easily bring that about."""
    names = [item.name for item in (resources.files("bot.storage") / "migrations").iterdir()]
    whose = Counter((name[:4], *re.findall(r"\.(\w+)\.sql$", name)) for name in names if name.endswith(".sql"))

    assert len(whose) >= 60
    assert [which for which, found in whose.items() if found > 1] == []
