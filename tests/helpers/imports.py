"""Imports between files, read from their text."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

Imports = Mapping[str, frozenset[str]]


@cache
def nodes_of(path: Path) -> tuple[ast.AST, ...]:
    """All nodes of a file's tree, read once."""
    return tuple(ast.walk(ast.parse(path.read_text("utf-8"))))


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
    for node in nodes_of(path):
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
