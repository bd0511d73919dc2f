"""PostgreSQL takes every migration and every statement of the store, and means by them what SQLite means."""

from __future__ import annotations

import re

import psycopg

from bot.storage import Store
from tests.helpers.server import Server
from tests.helpers.statements import every_statement

NAMED = re.compile(r"'[^']*'|(?<!:):(\w+)")


def numbered(sql: str) -> str:
    """The statement with `$1`, `$2` … for its parameters, of whose types nothing is said."""
    numbers: dict[str, int] = {}

    def place(found: re.Match[str]) -> str:
        return f"${numbers.setdefault(found[1], len(numbers) + 1)}" if found[1] else found[0]

    return NAMED.sub(place, sql)


async def test_every_statement_is_prepared_by_postgresql(store: Store, address: str) -> None:
    refused = {}
    with psycopg.connect(address, autocommit=True) as connection:
        for place, sql in every_statement().items():
            try:
                connection.execute(f"PREPARE it AS {numbered(sql)}".encode())
                connection.execute(b"DEALLOCATE it")
            except psycopg.Error as error:
                refused[place] = str(error).partition("\n")[0]

    assert refused == {}


async def test_no_text_is_compared_by_the_rules_of_a_language(store: Store, address: str) -> None:
    """The log is looked through by ranges of bytes; a server's language would put them otherwise."""
    sql = """SELECT table_name || '.' || column_name FROM information_schema.columns
             WHERE table_schema = current_schema() AND data_type = 'text' AND collation_name IS DISTINCT FROM 'C'
                AND table_name NOT IN (SELECT viewname FROM pg_views)"""
    with psycopg.connect(address) as connection:
        assert connection.execute(sql.encode()).fetchall() == []


async def test_every_whole_number_has_64_bits(store: Store, address: str) -> None:
    sql = """SELECT table_name || '.' || column_name FROM information_schema.columns
             WHERE table_schema = current_schema() AND data_type IN ('integer', 'smallint')
                AND table_name NOT IN (SELECT viewname FROM pg_views)"""
    with psycopg.connect(address) as connection:
        assert connection.execute(sql.encode()).fetchall() == []


async def test_values_come_back_as_with_sqlite(store: Store) -> None:
    row = await store.read.one(
        """SELECT CAST(:number AS BIGINT) AS number, CAST(:truth AS BIGINT) AS truth, CAST(:text AS TEXT) AS text,
                  CAST(:content AS BYTEA) AS content, 1 = 1 AS is_true, sum(each.a) AS sum, ':number' AS quoted
           FROM (SELECT CAST(:number AS BIGINT) AS a UNION ALL SELECT 1) AS each""",
        {"number": 2**53, "truth": True, "text": "Вісник 100 %", "content": b"\x00\xff"},
    )

    assert row is not None
    assert list(row) == [2**53, 1, "Вісник 100 %", b"\x00\xff", 1, 2**53 + 1, ":number"]
    assert (row["sum"], row[1], len(row), type(row["is_true"]), type(row["sum"])) == (2**53 + 1, 1, 7, int, int)


async def test_letters_are_put_in_order_by_their_bytes(store: Store) -> None:
    """As in SQLite: capitals first, and Cyrillic by its code."""
    sql = """INSERT INTO person (address, language, name, seen_at) VALUES (:name, 'uk', :name, 1)"""
    names = ["б", "Я", "ґ", "a", "Z", "і", "А", "1"]
    await store.write(lambda tx: tx.many(sql, [{"name": name} for name in names]))

    rows = await store.read.all("SELECT name FROM person ORDER BY name")

    assert [row[0] for row in rows] == sorted(names)


async def test_a_character_that_postgresql_can_not_keep_stops_nothing(store: Store) -> None:
    sql = "INSERT INTO person (address, language, name, seen_at) VALUES ('a', 'uk', :name, 1)"
    await store.write(lambda tx: tx.run(sql, {"name": "a\0b"}))

    assert await store.read.value("SELECT name FROM person") == "a\ufffdb"


#: What is put in order by something that may be missing, and why that is the same on both.
SAME = {
    "articles.due": "only what has a time is taken",
}


async def test_no_statement_leaves_the_order_of_what_is_missing_to_the_engine(store: Store, address: str) -> None:
    """NULLs come first in SQLite and last in PostgreSQL: what may be NULL says where it wants to be."""
    sql = """SELECT table_name, column_name FROM information_schema.columns
             WHERE table_schema = current_schema() AND is_nullable = 'YES'
                AND table_name NOT IN (SELECT viewname FROM pg_views)"""
    with psycopg.connect(address) as connection:
        may_be_missing = set(connection.execute(sql.encode()).fetchall())
    found = {}
    for place, statement in every_statement().items():
        tables = set(re.findall(r"\b(?:FROM|JOIN|UPDATE|INTO) (\w+)", statement))
        for order in re.findall(r"ORDER BY ([^()]*?)(?:LIMIT|\)|$)", statement, re.DOTALL):
            for each in re.sub(r"CASE WHEN \w+\.?(\w+) IS NULL THEN 1 ELSE 0 END, \w+\.?\1\b", "", order).split(","):
                column = (each.split() or [""])[0].rpartition(".")[2]
                is_missing = any((table, column) in may_be_missing for table in tables)
                if is_missing and "NULLS" not in each and not is_known(column, statement):
                    found[place] = each.strip()

    assert found == {}


def is_known(column: str, sql: str) -> bool:
    """True if the statement takes only rows in which the column is something."""
    return re.search(rf"\b{column} (<|<=|>|>=|=|IS NOT NULL)|\bstate = 'published'", sql) is not None


def test_no_statement_looks_for_letters_by_like() -> None:
    """LIKE does not tell A from a in SQLite, and does in PostgreSQL."""
    found = {
        place: texts
        for place, sql in every_statement().items()
        if (texts := [text for text in re.findall(r"LIKE '([^']*)'", sql) if re.search(r"[^\W\d_]", text)])
    }

    assert found == {}


async def test_the_guards_of_the_log_refuse_every_change(store: Store, server: Server, address: str) -> None:
    from datetime import UTC, datetime

    now = datetime(2026, 11, 24, tzinfo=UTC)
    for number in range(2):
        await store.write(lambda tx, n=number: tx.record("system", "test.done", f"article:{n}", {}, now))  # type: ignore[misc]
    forbidden = (
        "UPDATE audit SET actor = 'person:9'",
        "DELETE FROM audit",
        "TRUNCATE audit",
        "INSERT INTO audit (id, at, actor, act, subject, detail, hash) VALUES (9, 1, '', '', '', '', '')",
        "DELETE FROM audit_head",
        "TRUNCATE audit_head",
        "INSERT INTO audit_head (one, id, hash) VALUES (2, 0, '')",
        "UPDATE audit_head SET id = 1",
    )
    with psycopg.connect(address, autocommit=True) as connection:
        for statement in forbidden:
            try:
                connection.execute(statement.encode())
            except psycopg.IntegrityError as error:
                assert "the audit log" in str(error) or "the head" in str(error)
            else:
                raise AssertionError(statement)
    assert (await store.read.audit_head()).id == 2
