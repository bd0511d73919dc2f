"""Tests that need a PostgreSQL server; where none is installed they are skipped."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.storage import Place, Store, open_store
from tests.helpers.engine import empty
from tests.helpers.server import Server, of_this_run, programs


@pytest.fixture(scope="session")
def server() -> Server:
    if programs() is None:
        pytest.skip("no PostgreSQL server is installed (Debian: postgresql)")
    return of_this_run()


@pytest.fixture
def blank(server: Server) -> Iterator[str]:
    """The address of a database without tables."""
    with server.database() as address:
        yield address


@pytest.fixture
def address(server: Server) -> Iterator[str]:
    """The address of a database of this version in which nothing was done yet."""
    with server.database(like=empty(server)) as address:
        yield address


@pytest.fixture
async def store(address: str, tmp_path: Path) -> AsyncIterator[Store]:
    opened = await open_store(Place(tmp_path / "visnyk", address))
    yield opened
    await opened.close()
