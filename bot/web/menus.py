"""The command menus of the apps: members of the desk see what they may say, readers what is for them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence

import structlog

from bot.adapters.base import CommandHint, Messenger
from bot.commands import Commands
from bot.domain import Address, Platform
from bot.domain.people import Person
from bot.errors import SendError, Wait
from bot.storage import Store
from bot.worker import PAUSE, Worker

log = structlog.get_logger(__name__)


class Menus:
    """Sets the menus at the start and whenever somebody joins, leaves or gets another role."""

    def __init__(
        self,
        store: Store,
        messengers: Mapping[Platform, Messenger],
        commands: Commands,
        languages: Sequence[str],
        turn: Callable[[Platform], Awaitable[None]],
    ) -> None:
        """The first of `languages` is also for people whose own is not among them.

        `turn` returns when a request that nobody waits for may leave.
        """
        self._store = store
        self._messengers = messengers
        self._commands = commands
        self._languages = {"": languages[0], **{language: language for language in languages}}
        self._turn = turn
        self._shown: dict[Address | Platform, str] = {}
        self.worker = Worker("menus", self._step)
        self.stop = self.worker.cancel

    def start(self) -> None:
        self._store.on("people", self.worker.wake)
        self.worker.start()

    async def _step(self) -> float | None:
        wanted: dict[Address | Platform, Person | None] = dict.fromkeys(self._messengers)
        # A person who left gets the readers' menu back.
        wanted |= dict.fromkeys(place for place in self._shown if isinstance(place, Address))
        wanted |= {address: person for person in await self._store.read.team() for address in person.addresses}
        for place, person in wanted.items():
            role = person.role if person is not None else ""
            if self._shown.get(place) != role:
                try:
                    await self._show(place, person)
                except Wait as wait:
                    return max(PAUSE, wait.seconds)
                self._shown[place] = role
        return None

    async def _show(self, place: Address | Platform, person: Person | None) -> None:
        """Set one menu. A failure is only logged, as menus are a comfort; but raises `Wait` if we are told to wait."""
        platform, chat = (place.platform, place.id) if isinstance(place, Address) else (place, None)
        if platform not in self._messengers:
            return
        hints = {
            code: [CommandHint(*line) for line in self._commands.menu(language, person)]
            for code, language in self._languages.items()
        }
        try:
            for code, lines in hints.items():
                await self._turn(platform)
                await self._messengers[platform].set_menu({code: lines}, chat)
        except Wait:
            raise
        except SendError as error:
            log.info("menu_not_set", platform=platform, reason=error.reason)
