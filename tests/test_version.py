"""The version that runs is the newest that CHANGELOG.md releases."""

from __future__ import annotations

import re
from pathlib import Path

from typer.testing import CliRunner

from bot import __version__
from bot.__main__ import cli

CHANGELOG = Path(__file__).resolve().parent.parent / "CHANGELOG.md"


def test_the_newest_release_of_the_changelog_is_the_version() -> None:
    releases = re.findall(r"^## \[(\d+\.\d+\.\d+)\]", CHANGELOG.read_text(encoding="utf-8"), re.MULTILINE)

    assert releases[0] == __version__


def test_an_operator_can_ask_for_the_version() -> None:
    said = CliRunner().invoke(cli, ["--version"])

    assert said.exit_code == 0
    assert said.output.startswith(f"Visnyk {__version__} (Python ")
