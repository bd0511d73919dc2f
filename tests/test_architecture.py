"""docs/architecture.md shows the house as it is."""

from __future__ import annotations

import ast
import re
from pathlib import Path

HOUSE = Path(__file__).resolve().parent.parent
PAGE = (HOUSE / "docs" / "architecture.md").read_text("utf-8")


def section(title: str) -> str:
    return PAGE.split(f"## {title}\n")[1].split("\n## ")[0]


def named(cells: str) -> set[str]:
    return {name.removesuffix(".py").strip("/") for name in re.findall(r"`([^`]+)`", cells)}


def first_cells(title: str) -> set[str]:
    return {name for row in section(title).split("\n") if row.startswith("|") for name in named(row.split("|")[1])}


def test_the_map_names_every_room_and_no_other() -> None:
    inside = {path.stem for path in (HOUSE / "bot").iterdir() if path.stem not in ("__init__", "__pycache__")}

    assert first_cells("Rooms") == inside


def test_every_room_stands_on_a_floor() -> None:
    floors = [row.split("|")[2] for row in section("Floors").split("\n") if re.match(r"\| \d", row)]

    assert {name for floor in floors for name in named(floor)} == first_cells("Rooms")


def test_every_signal_that_the_code_gives_is_on_the_page() -> None:
    given = {
        value.value
        for file in (HOUSE / "bot" / "storage").rglob("*.py")
        for value in _signalled(ast.parse(file.read_text("utf-8")))
    }

    assert given
    assert first_cells("Signals") == given | {"full"}


def _signalled(tree: ast.Module) -> list[ast.Constant]:
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return [
        call.args[0]
        for call in calls
        if isinstance(call.func, ast.Attribute)
        and call.func.attr == "signal"
        and isinstance(call.args[0], ast.Constant)
    ]
