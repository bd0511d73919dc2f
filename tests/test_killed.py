"""A process that dies amid a publication leaves it published and recorded, or neither."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.trials.killed import killed


@pytest.mark.sqlite
def test_published_is_recorded_and_recorded_is_published_after_kills(tmp_path: Path) -> None:
    count, differences = killed(tmp_path, kills=4)

    assert count and differences == []
