"""The import rules hold for every module: none is forgotten, and a forbidden import is found."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

HOUSE = Path(__file__).resolve().parent.parent
LINTER = tomllib.loads((HOUSE / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]

#: For each rule of the whole house, the rooms it says nothing of, and why.
EXCUSED = {
    "The sandbox shares no code with what it judges": {"sandbox": "it is the one that is held to this"},
    "Only the command line knows the sandbox": {
        "__main__": "the command line",
        "demo": "it shows the sandbox",
        "bench": "it measures against the sandbox",
        "doctor": "part of the command line",
        "sandbox": "it knows itself",
    },
    "Only app and the command line read the configuration": {
        "__main__": "the command line",
        "demo": "part of the command line",
        "bench": "part of the command line",
        "doctor": "part of the command line",
        "app": "where the parts are joined",
    },
    "Platform libraries stay inside their adapters": {
        "__main__": "the command line joins nothing itself",
        "demo": "part of the command line",
        "bench": "it measures the libraries themselves",
        "doctor": "part of the command line",
        "adapters": "where they belong",
    },
    "SQL stays in the store": {
        "__main__": "the command line opens no database itself",
        "demo": "part of the command line",
        "bench": "it builds databases to measure with",
        "doctor": "it looks at a database that the house does not run on",
        "storage": "where it belongs",
    },
}
#: A planted import, the newsroom's module that gets it, and the rule that must break.
PLANTED = (
    ("import telegram", "gate", "Platform libraries stay inside their adapters"),
    ("import sqlite3", "review", "SQL stays in the store"),
    ("import config", "lineup", "Only app and the command line read the configuration"),
    ("import bot.sandbox", "team", "Only the command line knows the sandbox"),
)


def rooms() -> set[str]:
    """What stands directly in `bot/`."""
    return {path.stem for path in (HOUSE / "bot").iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}


def contract(name: str) -> dict[str, Any]:
    return next(each for each in LINTER["contracts"] if each["name"] == name)


@pytest.mark.parametrize("name", EXCUSED)
def test_every_room_is_held_to_each_rule_of_the_house_or_excused(name: str) -> None:
    rule = contract(name)
    side = "forbidden_modules" if name.startswith("The sandbox") else "source_modules"
    named = {module.removeprefix("bot.") for module in rule[side] if module.startswith("bot.")}

    assert named | EXCUSED[name].keys() == rooms() - {"__init__"}
    assert not named & EXCUSED[name].keys()


def test_the_floors_name_every_room_and_every_part_of_the_newsroom() -> None:
    layers = [each for each in LINTER["contracts"] if each["type"] == "layers"]

    assert {"bot", "bot.newsroom"} <= {container for each in layers for container in each["containers"]}
    assert all(each["exhaustive"] for each in layers)


def test_every_part_of_the_storage_but_the_engines_is_kept_from_databases() -> None:
    named = {
        module.removeprefix("bot.storage.")
        for module in contract("Only an engine speaks to its database")["source_modules"]
    }

    assert named == {path.stem for path in (HOUSE / "bot" / "storage").glob("*.py")} - {"__init__"}


def test_a_forbidden_import_in_the_newsroom_is_found(tmp_path: Path) -> None:
    for package in ("bot", "config"):
        shutil.copytree(HOUSE / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(HOUSE / "pyproject.toml", tmp_path)
    for line, module, _ in PLANTED:
        file = tmp_path / "bot" / "newsroom" / f"{module}.py"
        file.write_text(f"{file.read_text('utf-8')}\n{line}\n", "utf-8")

    linter = Path(sys.executable).with_name("lint-imports")
    said = subprocess.run([linter, "--no-cache"], cwd=tmp_path, capture_output=True, text=True, check=False)

    assert said.returncode == 1
    report = " ".join(said.stdout.split())
    assert [name for _, _, name in PLANTED if f"{name} BROKEN" not in report] == []
