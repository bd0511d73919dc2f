"""The house as its imports draw it: no file needs, by whatever detour, a file that needs it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

Imports = Mapping[str, frozenset[str]]


def imports_of(root: Path, package: str) -> Imports:
    """The files of a package, by path, with those of them that each imports: at its top, in a function, for types."""
    files = {_module(path.relative_to(root)): path for path in sorted((root / package).rglob("*.py"))}
    names = {module: str(path.relative_to(root)) for module, path in files.items()}
    return {
        names[module]: frozenset(names[found] for found in _imported(path, files)) for module, path in files.items()
    }


def _module(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imported(path: Path, files: Mapping[str, Path]) -> Iterator[str]:
    """The modules that a file names. That Python also runs the packages above them is left out."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in files)
        elif isinstance(node, ast.ImportFrom) and node.module is not None and node.module in files:
            submodules = (f"{node.module}.{alias.name}" for alias in node.names)
            yield from (name if name in files else node.module for name in submodules)


def circles_in(imports: Imports) -> set[frozenset[str]]:
    """Groups of files in which each reaches every other one: the graph's strongly connected components."""
    reached = {file: _reached_from(file, imports) for file in imports}
    groups = (frozenset(other for other in reached[file] if file in reached[other]) for file in imports)
    return {group for group in groups if group}


def _reached_from(file: str, imports: Imports) -> frozenset[str]:
    """All that this file imports, and what that imports in its turn; itself only if a way leads back."""
    reached: set[str] = set()
    ahead = [*imports[file]]
    while ahead:
        next_file = ahead.pop()
        if next_file not in reached:
            reached.add(next_file)
            ahead += imports[next_file]
    return frozenset(reached)


def test_no_files_import_each_other_in_a_circle() -> None:
    assert circles_in(imports_of(ROOT, "bot")) == set()


def test_no_file_imports_another_for_its_types_alone() -> None:
    texts = {str(path.relative_to(ROOT)): path.read_text("utf-8") for path in (ROOT / "bot").rglob("*.py")}

    assert {name for name, text in texts.items() if "TYPE_CHECKING" in text} == set()


@pytest.mark.parametrize("way_back", [
    "import house.door",
    "from house import door",
    "from house.door import Door",
    "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from house.door import Door",
    "def later():\n    from house import door",
])  # fmt: skip
def test_a_circle_of_files_is_found_however_it_is_closed(tmp_path: Path, way_back: str) -> None:
    (tmp_path / "house").mkdir()
    files = {"__init__": "", "door": "import house.hall", "hall": "from house import room", "room": way_back,
             "garden": "import house.door"}  # fmt: skip
    for name, text in files.items():
        (tmp_path / "house" / f"{name}.py").write_text(text)

    circles = circles_in(imports_of(tmp_path, "house"))

    assert circles == {frozenset({"house/door.py", "house/hall.py", "house/room.py"})}
