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


def test_the_page_names_the_files_in_which_each_signal_is_heard() -> None:
    heard: dict[str, set[str]] = {}
    for file in sorted((HOUSE / "bot").rglob("*.py")):
        place = file.relative_to(HOUSE / "bot")
        if place.parts[0] not in {"sandbox", "demo", "bench"}:  # they only look on
            for signal in _listened(ast.parse(file.read_text("utf-8"))):
                heard.setdefault(signal, set()).add(str(place))
    rows = [row.split("|") for row in section("Signals").split("\n") if row.startswith("| `")]
    told = {row[1].strip(" `"): set(re.findall(r"`([a-z_]+/[a-z_/]+\.py)`", row[3])) for row in rows}

    assert told.keys() == heard.keys()
    assert {signal: files - told[signal] for signal, files in heard.items() if files - told[signal]} == {}


def test_all_that_the_page_names_is_there() -> None:
    """A file with its folder, and in the table of hops the names that stand in it."""
    files = set(re.findall(r"`([a-z_]+/[a-z_/]*(?:\.py)?)`", PAGE))
    places = (HOUSE / "bot", HOUSE / "bot" / "storage", HOUSE)
    hops = re.findall(r"((?:`\w+`(?:, | and | \()?)+) in `([a-z_/]+\.py)`", section("Where to look"))

    assert len(hops) > 10
    assert {name for name in files if not any((place / name).exists() for place in places)} == set()
    named_there = {(name, file) for names, file in hops for name in re.findall(r"`(\w+)`", names)}
    texts = {file: (HOUSE / "bot" / file).read_text("utf-8") for _, file in named_there}
    assert {(name, file) for name, file in named_there if not re.search(rf"\b{name}\b", texts[file])} == set()


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


def _listened(tree: ast.Module) -> set[str]:
    """The signals that a file asks the store for: by their names, `FULL`, or one after the other in a loop."""
    loops = {
        node.target.id: [each.value for each in node.iter.elts if isinstance(each, ast.Constant)]
        for node in ast.walk(tree)
        if isinstance(node, ast.For) and isinstance(node.target, ast.Name) and isinstance(node.iter, ast.Tuple)
    }
    found: set[str] = set()
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "on" and call.args:
            match call.args[0]:
                case ast.Constant(value=str(signal)):
                    found.add(signal)
                case ast.Name(id="FULL"):
                    found.add("full")
                case ast.Name(id=name):
                    found.update(str(signal) for signal in loops.get(name, ()))
    return found
