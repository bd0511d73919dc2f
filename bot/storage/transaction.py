"""Questions and changes in SQL, whatever the engine; what is inside a transaction stands or falls together."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from bot.domain.audit import Head
from bot.storage.engine import Driver, Params, Row

__all__ = ["Params", "Reader", "Row", "Transaction"]


class Reader:
    """Questions in SQL over one connection. Each may raise `NotStored`: the database can't serve right now."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver

    @property
    def seal_key(self) -> bytes:
        return self._driver.seal_key

    async def all(self, sql: str, params: Params | None = None) -> Sequence[Row]:
        return await self._driver.all(sql, params or {})

    async def one(self, sql: str, params: Params | None = None) -> Row | None:
        rows = await self.all(sql, params)
        return rows[0] if rows else None

    async def value(self, sql: str, params: Params | None = None) -> Any:
        row = await self.one(sql, params)
        return row[0] if row is not None else None


class Transaction(Reader):
    """One write in the making. Nothing of it stands until the commit; `signal` tells others after it."""

    def __init__(self, driver: Driver, audit_end: Head | None = None) -> None:
        super().__init__(driver)
        self.signals: set[str] = set()
        #: The end of the audit log as this process wrote or saw it last, kept where no other program can change it.
        #: The engine hands it from one transaction to the next, and takes it back with what is undone.
        self.audit_end = audit_end

    async def run(self, sql: str, params: Params | None = None) -> int:
        """Execute one statement that gives no rows; return how many it changed."""
        return await self._driver.run(sql, params or {})

    async def many(self, sql: str, rows: Sequence[Params]) -> None:
        if rows:
            await self._driver.many(sql, rows)

    @asynccontextmanager
    async def undone_by(self, error: type[Exception]) -> AsyncIterator[None]:
        """Undo what happens inside when `error` comes out of it; what the transaction did before stays."""
        audit_end = self.audit_end
        try:
            async with self._driver.savepoint(error):
                yield
        except error:
            self.audit_end = audit_end
            raise

    def signal(self, name: str) -> None:
        self.signals.add(name)
