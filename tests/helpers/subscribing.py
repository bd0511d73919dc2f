"""A reader of a bare store, where no newsroom runs."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.domain import Address, Platform
from bot.domain.entry import ReaderState
from bot.storage import Queries

NOW = datetime(2026, 11, 24, 11, tzinfo=UTC)


async def subscribe(tx: Queries, number: int) -> None:
    await tx.set_reader(Address(Platform.TELEGRAM, str(number)), ReaderState.ACTIVE, "uk", NOW)
