"""The tests themselves: what they are called, and what they may take from one another."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).parent
#: Characters that a name may have: a line of a report shows it whole, with its file.
LONGEST = 80


def trees() -> Iterator[tuple[str, ast.Module]]:
    for file in sorted(TESTS.rglob("*.py")):
        yield str(file.relative_to(TESTS)), ast.parse(file.read_text(encoding="utf-8"))


def test_no_tests_name_is_longer_than_a_report_shows() -> None:
    functions = [
        (file, node.name)
        for file, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")
    ]

    assert len(functions) > 1000
    assert [(file, name) for file, name in functions if len(name) > LONGEST] == []


def test_no_file_takes_its_helpers_out_of_a_test() -> None:
    taken = [
        (file, node.module)
        for file, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module and node.module.rpartition(".")[2].startswith("test_")
    ]

    assert taken == []
