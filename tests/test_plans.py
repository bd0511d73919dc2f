"""What a statement costs does not grow with the past: each one is asked how it would be carried out.

Without statistics SQLite plans by the form of a statement and of the indexes alone, so an empty database has the plans
of a full one.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from bot.storage.schema import migrations
from bot.storage.sqlite.migration import statements
from tests.helpers.statements import every_statement

#: Tables to which rows are added for ever, or one for each thing that readers do.
GROWING = {
    *(
        "approval",
        "article",
        "asked",
        "audit",
        "button",
        "change",
        "decision",
        "dispatch",
        "exception",
        "guess",
        "inbox",
    ),
    *("afterword", "checked", "findable", "gram", "rendition"),
    *("record_document", "record_entry", "record_hash", "record_sentence"),
    "invitation",
    "notice",
    *(
        "page",
        "person",
        "put_off",
        "reading",
        "reply",
        "review",
        "seen",
        "shown",
        "subscriber",
        "suspect",
        "tip",
        "topic",
        "version",
    ),
}
#: Indexes of what is not over yet: to go through all of one is to go through what waits.
OPEN_WORK = {
    *(
        "article_due",
        "article_open",
        "change_open",
        "dispatch_counting",
        "dispatch_doubt",
        "dispatch_leaving",
        "inbox_waiting",
    ),
    *(
        "page_postponed",
        "reading_later",
        "review_escalate",
        "review_open",
        "review_remind",
        "shown_keys",
        "topic_misnamed",
    ),
}
#: What goes through a whole table all the same, and why it may.
EXCUSED = {
    "adoption.adopt_buttons": "once for each key, at a start",
    "adoption._adopt_codes": "once, at the first start after an upgrade",
    "adoption._adopt_times": "once, at the first start, and no further than one entry",
    "adoption._adopt_times:2": "once, at the first start after an upgrade from before there was a log",
    "agenda.amounts": "replies are counted in their smallest index, and only those that wait are there",
    "articles.last_posts": "the highest number of a table is found with one look",
    "articles.latest": "newest first along its index, and no further than asked",
    "articles.latest_versions": "newest first along its index, and no further than asked",
    "corrections.told_changes": "newest first along an index of its own, and no further than asked",
    "ledger._latest_pages": "no more than the latest two thousand dispatches, for a message that was not shown",
    "people.names:2": "only the desk's own people are remembered by name",
    "pulse._set_back:3": "only when the clock was set back, and only replies that wait are there",
    "pulse.last_beat": "once a minute, and only replies that wait are there",
    "readers.set_reader": "the highest number of a table is found with one look",
    "replies.drop_started_replies": "once, at a start",
    "replies.drop_started_replies:2": "once, at a start",
}

#: What is put in order after it was read, and why that is never much.
SORTED = {
    "afterwords.asked_about": "what one reader asked about in a week",
    "articles.last_posts": "500 dispatches",
    "attention.take_kept_for": "what one member hears when they are back",
    "audit._last_entries": "as many as are looked at",
    "audit._outdate": "what offers something on a phone",
    "dispatches.interrupted_channels": "what was under way at a stop",
    "dossiers.dossier:2": "the versions, approvals and acts of one article",
    "dossiers.dossier:3": "the versions and approvals of one article",
    "story.story": "one story",
    "dossiers.open_dossiers": "what waits in the queue",
    "dossiers.open_dossiers:2": "what waits in the queue",
    "dossiers.open_dossiers:3": "what waits in the queue",
    "dossiers.open_dossiers:4": "what waits in the queue",
    "dossiers.open_dossiers:5": "the versions and approvals of what waits in the queue",
    "dossiers.open_dossiers:6": "the versions and approvals of what waits in the queue",
    "handover.taken_back": "the changes of one article",
    "insight.reasons": "the platforms' words, of one dispatch that somebody asks about",
    "insight.running_readers": "what is under way",
    "ledger.counting": "what is being counted in",
    "ledger.next_pages": "what is under way",
    "ledger.tally": "three kinds, of one dispatch",
    "people.everyone": "each person's addresses",
    "people.person": "one person's addresses",
    "people.person_at": "one person's addresses",
    "people.seal": "one person's addresses",
    "people.team": "each person's addresses",
    "pulse.left_behind": "what was under way at a stop",
    "readers.audience": "one batch of numbers",
    "readers.readers_by_language": "one batch of numbers, every ten minutes",
    "review.void_approvals_of": "what one person approved that is still open",
    "seen.seen": "one article on the apps of one person",
    "shown.editing": "the dialogues that people of the desk are in",
}


@pytest.fixture(scope="module")
def database() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:")) as connection:
        for _, sql in migrations():
            for statement in statements(sql):
                connection.execute(statement)
        yield connection


class Unbound(dict[str, None]):
    """Every parameter, without a value."""

    def __missing__(self, name: str) -> None:
        return None


def plan(database: sqlite3.Connection, sql: str) -> list[str]:
    return [row[3] for row in database.execute(f"EXPLAIN QUERY PLAN {sql}", Unbound())]


def goes_through(step: str, sql: str) -> str:
    """The growing table of which this step of a plan reads every row; empty: none."""
    found = re.fullmatch(r"(?:SCAN|SEARCH) (\w+)(?: USING (?:COVERING )?INDEX (\w+))?(?: LAST TERM.*)?", step)
    if found is None or found[2] in OPEN_WORK:
        return ""
    table = named(found[1], sql)
    return table if table in GROWING else ""


def named(alias: str, sql: str) -> str:
    found = re.search(rf"(\w+) AS {alias}\b", sql)
    return found[1] if found else alias


def test_no_statement_reads_all_that_ever_was(database: sqlite3.Connection) -> None:
    found = {
        place: steps
        for place, sql in every_statement().items()
        if (steps := [step for step in plan(database, sql) if goes_through(step, sql)])
    }

    assert {place: steps for place, steps in found.items() if place not in EXCUSED} == {}
    assert found.keys() == EXCUSED.keys()


def test_nothing_is_put_in_order_but_what_is_known_to_be_little(database: sqlite3.Connection) -> None:
    found = {
        place for place, sql in every_statement().items() if any("TEMP B-TREE" in step for step in plan(database, sql))
    }

    assert found == SORTED.keys()
