"""The house as its imports draw it, and its classes as one can hold them in the head."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers.imports import circles_in, imports_of
from tests.trials.house import BUDGETS, figures

ROOT = Path(__file__).parents[1]


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


def test_the_house_keeps_its_figures() -> None:
    found = figures(ROOT)

    assert [figure for figure in found if not figure.is_kept] == []
    assert len(found) == len(BUDGETS)
