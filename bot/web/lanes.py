"""Lanes of the inbox: the desk is heard first, however many others write to us."""

from __future__ import annotations

from bot.domain import Address
from bot.errors import NotStored
from bot.storage import Store


class Lanes:
    """Knows the desk's addresses without asking the store for each update."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._desk: frozenset[Address] = frozenset()
        self._is_old = True

    async def open(self) -> None:
        """Look the desk up, and again whenever its people change."""
        self._store.on("people", self._people_changed)
        await self._look()

    async def is_of_the_desk(self, address: Address) -> bool:
        """Return True for the desk's addresses, by the last look while the store can't say."""
        if self._is_old:
            await self._look()
        return address in self._desk

    def _people_changed(self) -> None:
        self._is_old = True

    async def _look(self) -> None:
        self._is_old = False
        try:
            team = await self._store.read.team()
        except NotStored:
            self._is_old = True
            return
        self._desk = frozenset(address for person in team for address in person.addresses)
