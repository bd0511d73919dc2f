"""What stands on the phones, looked at each hour: is a button possible, and is a card true?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from bot.commands.cards import STAGES
from bot.domain import Platform
from bot.domain.buttons import PRESSES
from bot.domain.life import Act, Stage
from bot.domain.people import Person, allowed
from bot.domain.readiness import Obstacle, obstacles
from bot.newsroom.situation import Situation
from bot.storage.convert import to_ms
from bot.storage.engine import Row
from tests.helpers.catalogue import spoken
from tests.trials.week.cast import Worker
from tests.trials.week.house import House
from tests.trials.week.phone import Phone
from tests.trials.week.record import Message, Press
from tests.trials.week.week import Week

#: The act of each button, by which it is possible or not. Others are questions to the desk itself, always possible.
ACTS = {
    "next": Act.TIME, "now": Act.NOW, "undo": Act.UNDO, "cancel": Act.CANCEL, "ask_time": Act.TIME,
    "unpause": Act.GO_ON, "pace": Act.PACE, "ask_edit": Act.EDIT, "set_status": Act.EDIT, "name_own": Act.EDIT,
    "submit": Act.SUBMIT, "approve": Act.APPROVE, "approve_now": Act.APPROVE, "approve_at": Act.APPROVE,
    "approve_time": Act.APPROVE, "revive": Act.EDIT, "tick": Act.TICK, "ask_changes": Act.ASK_CHANGES,
    "later": Act.LATER, "reject": Act.REJECT, "look_back": Act.LOOK_BACK,
}  # fmt: skip
#: Older messages have left the screen.
ON_SCREEN = timedelta(hours=12)
#: The first line of a card, which may stand under what it tells, or under the post.
HEAD = re.compile(r"^#(\d+) · ([^·\n]+)", re.MULTILINE)


@dataclass
class Looks:
    """Counts of all looks."""

    labels: Counter[str] = field(default_factory=Counter)
    impossible: Counter[str] = field(default_factory=Counter)
    unnamed: Counter[str] = field(default_factory=Counter)
    buttons: int = 0
    stale: Counter[str] = field(default_factory=Counter)
    cards: int = 0
    untrue: Counter[str] = field(default_factory=Counter)

    async def look(self, week: Week) -> None:
        """Look at all phones of the desk once."""
        now = await Now.of(week.house)
        for worker in week.here:
            person = await _member(week.house, worker)
            for address in worker.addresses:
                chat = (str(address.platform), address.id)
                if person is not None and address.platform is Platform.VIBER:
                    await self._keyboard(now, week.phones[worker.name], person, chat)
                elif person is not None:
                    await self._screen(now, week.record.by_chat[chat].values(), person)

    async def _keyboard(self, now: Now, phone: Phone, person: Person, chat: tuple[str, str]) -> None:
        for press in phone.keyboard(chat):
            self.labels["all"] += 1
            if (why := await now.why_not(press, person)) is not None:
                self.impossible[f"{press.action}: {why}"] += 1
            if press.article and f"#{press.article}" not in press.label:
                self.unnamed[press.action] += 1

    async def _screen(self, now: Now, messages: Iterable[Message], person: Person) -> None:
        since = now.house.now.timestamp() - ON_SCREEN.total_seconds()
        for message in messages:
            if message.at < since:
                continue
            for press in message.presses:
                self.buttons += 1
                if (why := await now.why_not(press, person)) is not None:
                    self.stale[f"{press.action}: {why}"] += 1
            if message.shown in ("card", "whole"):
                await self._card(now, message)

    async def _card(self, now: Now, message: Message) -> None:
        found = HEAD.search(message.text)
        if found is None:
            return
        self.cards += 1
        stage = (await now.situation(int(found[1]))).readiness.stage
        if not says_stage(found[2].strip(), stage):
            self.untrue[f"says {found[2].strip()}, it is {stage}"] += 1


def says_stage(words: str, stage: Stage) -> bool:
    return any(words in spoken(language, STAGES[stage]) for language in ("en", "uk"))


async def _member(house: House, worker: Worker) -> Person | None:
    return await house.scene.app.store.read.person_at(worker.addresses[0])


@dataclass
class Now:
    """The house at the moment of a look, each thing read once."""

    house: House
    rows: dict[str, Row]
    known: dict[int, Situation] = field(default_factory=dict)

    @classmethod
    async def of(cls, house: House) -> Now:
        rows = await house.rows("SELECT id, used_at, expires_at FROM button")
        return cls(house, {row["id"]: row for row in rows})

    async def situation(self, number: int) -> Situation:
        if number not in self.known:
            self.known[number] = await self.house.situation(number)
        return self.known[number]

    async def why_not(self, press: Press, person: Person) -> str | None:
        """Return why this person could not do what a button offers; None: they could."""
        if not press.action:
            return None
        row = self.rows.get(press.id)
        if row is None:
            return "gone"
        if row["used_at"] is not None and not getattr(PRESSES.get(press.action), "shows", False):
            return "used"
        if row["expires_at"] <= to_ms(self.house.now):
            return "too old"
        if press.action in PRESSES and not allowed(person, PRESSES[press.action].least):
            return "not this role"
        if press.article and press.action in ACTS:
            return _in_the_way(await self.situation(press.article), press, person)
        return None


def _in_the_way(situation: Situation, press: Press, person: Person) -> str | None:
    act = ACTS[press.action]
    # When an article is to go out is asked after the press of these.
    at = situation.earliest if act is Act.TIME else None
    found = obstacles(situation.readiness, act, at, by=person, seen=press.args.get("binding"))
    # The boxes of a checklist stand beside the yes.
    found = tuple(each for each in found if each is not Obstacle.UNTICKED)
    if act is Act.APPROVE and person.id in {each.id for each in situation.readiness.approvers.in_time}:
        return "has approved already"
    return str(found[0]) if found else None
