"""Bringing an article to any stage of its life, by what the newsroom itself does."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain import Platform
from bot.domain.entry import Entry, EntryState, Offer
from bot.domain.ledger import DispatchState
from bot.domain.life import Act, Stage
from bot.newsroom import countdown, lineup, publishing, review, timing
from bot.newsroom.desk import Desk as NewsroomDesk
from bot.storage import Queries
from tests.helpers.acts import acting
from tests.helpers.authority import Desk, addresses, chat_of, pressed, said
from tests.helpers.rows import a_press

#: What an owner says, or which button they press.
SAID = {
    Act.EDIT: "/edit 1 lead: Рух відновили повністю.",
    Act.SUBMIT: "/submit 1",
    Act.TIME: "/at 1 18:45",
    Act.NOW: "/now 1",
    Act.CANCEL: "/cancel 1",
    Act.URGENT: "/urgent 1",
    Act.UNDO: "/undo 1",
    Act.STOP_SENDING: "/stopsend 1",
    Act.PAUSE: "/pause 1",
    Act.SWAP: "/swap 1 2",
}
PRESSED = {
    Act.APPROVE: "approve",
    Act.ASK_CHANGES: "ask_changes",
    Act.LATER: "later",
    Act.REJECT: "reject",
    Act.GO_ON: "unpause",
    Act.LOOK_BACK: "look_back",
}


@dataclass
class Stager:
    """Brings article 1, which the reporter wrote, to a stage by the newsroom's own acts."""

    desk: Desk
    tx: Queries

    async def brings(self, stage: Stage) -> None:
        await getattr(self, f"_{stage}")()

    async def _draft(self) -> None: ...

    async def _submitted(self) -> None:
        await self.desk.submitted(self.tx, 1)

    async def _approved(self) -> None:
        binding = await self.desk.submitted(self.tx, 1)
        await review.approve(await self.acts("editor"), 1, binding)

    async def _queued(self) -> None:
        at = self.now + timedelta(hours=2)
        await timing.schedule(await self.acts("owner"), 1, at)
        await self._approved()

    async def _held(self) -> None:
        await self._queued()
        await lineup.pause(await self.acts("owner"), 1)

    async def _counting(self) -> None:
        desk = await self.acts("owner")
        await countdown.begin(desk, await self._entry(), desk.address, self.now + timedelta(seconds=30))

    async def _publishing(self) -> None:
        await self.desk.published_alone(self.tx, 1)

    async def _published(self) -> None:
        await self._publishing()
        for dispatch in await self.tx.dispatches(1):
            await self.tx.settle(dispatch.id, DispatchState.DELIVERED, self.now)

    async def _rejected(self) -> None:
        await self.tx.move(await self._entry(), EntryState.REJECTED, self.now)

    async def _cancelled(self) -> None:
        await publishing.cancel(await self.acts("owner"), 1)

    async def _entry(self) -> Entry:
        return await (await self.acts("owner")).entry(1)

    async def acts(self, name: str) -> NewsroomDesk:
        return await acting(self.desk.scene.app.newsroom, self.tx, self.now, addresses(name)[0])

    @property
    def now(self) -> datetime:
        return self.desk.scene.clock()


def in_stage(desk: Desk, stage: Stage, act: Act) -> Callable[[Queries], Awaitable[bytes]]:
    """Return what brings the article there, and then the update by which the owner does the act."""

    async def prepare(tx: Queries) -> bytes:
        stager = Stager(desk, tx)
        if act is Act.SWAP:
            at = stager.now + timedelta(hours=5)
            await timing.schedule(await stager.acts("owner"), 2, at)
        await stager.brings(stage)
        if act in SAID:
            return said("owner", Platform.TELEGRAM, "private", SAID[act])
        asked = await tx.open_review(1)
        args = {"article": 1, "binding": asked.binding if asked is not None else ""}
        chat = chat_of("owner", Platform.TELEGRAM, "private")
        button = await tx.add_button(Offer(a_press(PRESSED[act], args), chat), stager.now)
        return pressed("owner", Platform.TELEGRAM, "private", button)

    return prepare
