"""The people of the week in the order of time: what they mean to do, what they see, and how they act."""

from __future__ import annotations

import heapq
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial
from itertools import count

from bot.commands.table import BY_NAME
from bot.domain.life import Stage
from tests.trials.week.cast import DESK, EVERYBODY, Worker
from tests.trials.week.house import House
from tests.trials.week.phone import Found, Phone
from tests.trials.week.record import Message, Press, Record
from tests.trials.week.script import Story

Step = Callable[[], Awaitable[object]]
MINUTE = timedelta(minutes=1)
OVER = frozenset({Stage.PUBLISHED, Stage.PUBLISHING, Stage.REJECTED, Stage.CANCELLED})


async def _ignores(_worker: Worker, _story: Story) -> None: ...


class Week:
    """The people and their intentions, in the order of time."""

    def __init__(self, house: House, record: Record, dice: random.Random) -> None:
        self.house = house
        self.record = record
        self.dice = dice
        self.phones = {each.name: Phone(house, record, each) for each in EVERYBODY}
        self.here = list(DESK)
        self.ever_here = list(DESK)
        self.stories: dict[int, Story] = {}
        #: How a Viber editor found ✅ when they came to an article.
        self.at_hand: Counter[str] = Counter()
        self.seen: Counter[str] = Counter()
        #: New messages that each press of a status or a source brought.
        self.proofs: list[int] = []
        self._plans: list[tuple[datetime, int, Step]] = []
        self._order = count()
        #: Those who know that they are asked about an article, and have not got to it yet.
        self.will_answer: set[tuple[str, int]] = set()
        self.on_asked: Callable[[Worker, Story], Awaitable[object]] = _ignores
        house.after.append(self._look)

    # Time

    def plan(self, at: datetime, step: Step) -> None:
        heapq.heappush(self._plans, (at, next(self._order), step))

    async def live_until(self, end: datetime) -> None:
        while self._plans and self._plans[0][0] <= end:
            at, _, step = heapq.heappop(self._plans)
            await self.house.until(at)
            await step()
        await self.house.until(end)

    def later(self, least: float, most: float) -> datetime:
        return self.house.now + MINUTE * self.dice.uniform(least, most)

    def when_free(self, worker: Worker, least: float, most: float) -> datetime:
        """When this person gets to it: in so many minutes, or that long after the beginning of their shift."""
        at = self.later(least, most)
        return at if worker.is_on_duty(at) else worker.next_shift(at) + MINUTE * self.dice.uniform(least, most)

    def on_duty(self, but: Worker | None = None) -> list[Worker]:
        """Editors and owners who work now and whose app works."""
        here = [each for each in self.here if each.may_approve and each is not but]
        return [each for each in here if each.is_on_duty(self.house.now) and self.phones[each.name].chats]

    # Seeing

    async def _look(self) -> None:
        """Everybody's phone rings; those who are asked will answer when they get to it."""
        for message in await self.record.collect():
            if message.worker is not None and message.worker in self.here:
                await self._take_up(message, message.worker)

    async def _take_up(self, message: Message, worker: Worker) -> None:
        if message.article:
            readiness = (await self.house.situation(message.article)).readiness
            message.stage, message.lacked = str(readiness.stage), bool(readiness.missing)
        asks = [press for press in message.offered if press.action.startswith(("approve", "see_question"))]
        for number in dict.fromkeys(press.article for press in asks):
            story, who = self.stories.get(number), (worker.name, number)
            if story is not None and who not in self.will_answer:
                self.will_answer.add(who)
                self.plan(self.when_free(worker, 2, 12), partial(self.on_asked, worker, story))

    async def stage(self, story: Story) -> Stage:
        return (await self.house.situation(story.number)).readiness.stage

    @property
    def has_duty(self) -> bool:
        """True if people can say when they work."""
        return "duty" in BY_NAME

    async def is_stuck(self, story: Story) -> bool:
        """True if nobody has moved an article for long, no time is to come at which it goes out, and nobody who could
        answer was told of it and comes to it when their next shift begins.
        """
        situation = await self.house.situation(story.number)
        due, readiness = situation.entry.due_at, situation.readiness
        waits = due is not None and due > self.house.now and not readiness.missing
        idle = story.touched is None or self.house.now - story.touched > 180 * MINUTE
        is_known = any(number == story.number for _, number in self.will_answer)
        return readiness.stage not in OVER and not waits and idle and not is_known

    async def is_asked(self, story: Story) -> bool:
        situation = await self.house.situation(story.number)
        is_open = situation.asked is not None and situation.readiness.stage not in OVER
        return is_open and situation.readiness.missing > 0

    # Acting

    async def says(self, worker: Worker, story: Story | None, text: str) -> list[Message]:
        self.touch(story)
        return self._answered(await self.phones[worker.name].says(text))

    async def presses(self, worker: Worker, story: Story | None, found: Found) -> list[Message]:
        self.touch(story)
        return self._answered(await self.phones[worker.name].presses(found), found.press)

    async def uses(self, worker: Worker, story: Story, actions: tuple[str, ...], word: str) -> list[Message]:
        """Press such a button if one is on the phone, and else say the command."""
        found = self.phones[worker.name].sees(actions, story.number)
        if found is not None:
            return await self.presses(worker, story, found)
        return await self.says(worker, story, word.format(id=story.number))

    async def uses_any(self, worker: Worker, action: str, word: str) -> None:
        """Press the newest such button about the desk itself, and else say the command."""
        found = self.phones[worker.name].sees((action,), 0)
        await (self.presses(worker, None, found) if found is not None else self.says(worker, None, word))

    def touch(self, story: Story | None) -> None:
        if story is not None:
            story.acts += 1
            story.touched = self.house.now

    def _answered(self, messages: list[Message], press: Press | None = None) -> list[Message]:
        self.seen["acts"] += 1
        if not messages and press is None:
            self.seen["words without an answer"] += 1
        return messages
