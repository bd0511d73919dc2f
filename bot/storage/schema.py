"""Numbered migrations: one folder for every engine, and an engine's own form of a file where it needs one."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources


@cache
def migrations(engine: str = "") -> tuple[tuple[int, str], ...]:
    """Every migration in order: its number and its SQL.

    A file like `0004_audit.postgres.sql` stands in the place of `0004_audit.sql` for the engine of that name.
    """
    folder = resources.files("bot.storage") / "migrations"
    found: dict[int, str] = {}
    for item in sorted(folder.iterdir(), key=lambda item: item.name.count(".")):  # an engine's own after the common one
        match = re.fullmatch(r"(\d{4})_\w+?(?:\.(\w+))?\.sql", item.name)
        if match and (match[2] or "") in ("", engine):
            found[int(match[1])] = item.read_text("utf-8")
    return tuple(sorted(found.items()))
