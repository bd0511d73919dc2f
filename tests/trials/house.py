"""The figures of the house: rooms, floors, circles, the size of classes and functions, docstrings that do not stand
alone. Exit 1 above a budget.
"""

from __future__ import annotations

import ast
import re
import statistics
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.helpers.imports import Imports, circles_in, imports_of, nodes_of

ROOT = Path(__file__).parents[2]
Function = ast.FunctionDef | ast.AsyncFunctionDef
#: Classes that are larger on purpose, and why.
EXCUSED = {
    "Queries": "the facade: every question to the store, made of parts that keep to the budget",
    "Article": "the content of a version, one field for each part of it",
    "Dispatch": "a row of the ledger, one field for each column",
}
#: The most that each figure may be.
BUDGETS = {
    "rooms": 22,
    "floors of imports": 10,
    "arrows back up": 0,
    "circles of files": 0,
    "public methods of a class": 20,
    "attributes of a class": 15,
    "lines of a function, median": 6,
    "lines of a function, 90 %": 14,
    "lines of a function, most": 44,
    "docstrings that begin with a question word": 0,
}
#: Beginnings of docstrings that only continue the name above them.
QUESTION = re.compile(r"(What|Who|How|Where|Whether|Why|When)\b(?!.*\?$)")


@dataclass(frozen=True, slots=True)
class Figure:
    what: str
    value: float
    where: str = ""

    @property
    def is_kept(self) -> bool:
        return self.value <= BUDGETS[self.what]


def figures(root: Path) -> list[Figure]:
    imports = imports_of(root, "bot")
    floors = _floors(root)
    functions = sorted(_functions(root), key=lambda each: each[1])
    lengths = [length for _, length in functions]
    methods, attributes = _classes(root)
    return [
        Figure("rooms", len(floors) + 1),  # and config
        Figure("floors of imports", len(set(floors.values()))),
        Figure("arrows back up", _back_up(imports, floors)),
        Figure("circles of files", len(circles_in(imports))),
        Figure("public methods of a class", methods[1], methods[0]),
        Figure("attributes of a class", attributes[1], attributes[0]),
        Figure("lines of a function, median", statistics.median(lengths)),
        Figure("lines of a function, 90 %", lengths[int(len(lengths) * 0.9)]),
        Figure("lines of a function, most", lengths[-1], functions[-1][0]),
        Figure("docstrings that begin with a question word", len(asking := _asking(root)), ", ".join(asking)),
    ]


def _floors(root: Path) -> dict[str, int]:
    """The floor of each room, the ground floor first, as the import rules name them."""
    rules = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    layers = next(rule["layers"] for rule in rules if rule.get("containers") == ["bot"])
    return {
        room: number
        for number, layer in enumerate(reversed(layers))
        for room in layer.replace(":", " ").replace("|", " ").split()
    }


def _room(file: str) -> str:
    return Path(file).parts[1].removesuffix(".py")


def _back_up(imports: Imports, floors: dict[str, int]) -> int:
    arrows = {(_room(file), _room(other)) for file, others in imports.items() for other in others}
    return sum(floors.get(other, 0) > floors.get(file, len(floors)) for file, other in arrows)


def _functions(root: Path) -> Iterator[tuple[str, int]]:
    for path, nodes in _files(root):
        for node in nodes:
            if isinstance(node, Function) and node.end_lineno is not None:
                yield f"{path}:{node.name}", node.end_lineno - node.lineno + 1


def _asking(root: Path) -> list[str]:
    """The places of docstrings that begin with a question word and ask nothing."""
    return [
        f"{path}:{node.body[0].lineno}"
        for path, nodes in _files(root)
        for node in nodes
        if isinstance(node, Function | ast.ClassDef | ast.Module) and QUESTION.match(ast.get_docstring(node) or "")
    ]


def _classes(root: Path) -> tuple[tuple[str, int], tuple[str, int]]:
    """The class with the most public methods, and the one with the most attributes."""
    found = [
        (node.name, len(_public(node)), len(_attributes(node)))
        for _, nodes in _files(root)
        for node in nodes
        if isinstance(node, ast.ClassDef) and node.name not in EXCUSED
    ]
    most = max(found, key=lambda each: each[1])
    widest = max(found, key=lambda each: each[2])
    return (most[0], most[1]), (widest[0], widest[2])


def _public(node: ast.ClassDef) -> list[str]:
    return [each.name for each in node.body if isinstance(each, Function) and not each.name.startswith("_")]


def _attributes(node: ast.ClassDef) -> set[str]:
    """Fields of a value, and what a constructor sets."""
    fields = {
        each.target.id for each in node.body if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name)
    }
    made = [each for each in node.body if isinstance(each, Function) and each.name == "__init__"]
    stored = (
        each.attr
        for function in made
        for each in ast.walk(function)
        if isinstance(each, ast.Attribute) and isinstance(each.ctx, ast.Store)
    )
    return fields | set(stored)


def _files(root: Path) -> Iterator[tuple[str, tuple[ast.AST, ...]]]:
    for package in ("bot", "config"):
        for path in sorted((root / package).rglob("*.py")):
            yield str(path.relative_to(root)), nodes_of(path)


if __name__ == "__main__":
    found = figures(ROOT)
    for each in found:
        verdict = "kept" if each.is_kept else "MISSED"
        print(f"{each.what:44} {each.value:6g}  at most {BUDGETS[each.what]:3}  {verdict}  {each.where}")
    sys.exit(any(not each.is_kept for each in found))
