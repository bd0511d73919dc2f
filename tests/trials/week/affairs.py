"""The affairs of the desk: who belongs to it, halts, swapped times, and what was left lying."""

from __future__ import annotations

import re

from bot.domain.life import Stage
from bot.domain.people import Role
from tests.helpers.team import CODE
from tests.trials.week.answering import Answering
from tests.trials.week.cast import Worker
from tests.trials.week.record import Message
from tests.trials.week.script import Story
from tests.trials.week.week import MINUTE, OVER, Week


class Affairs:
    """What concerns the desk and no single article."""

    def __init__(self, week: Week, answering: Answering) -> None:
        self._week = week
        self._answering = answering

    async def looks_after(self) -> None:
        """Once an hour an editor reads the list and takes up what lies there."""
        here = self._week.on_duty()
        if not here:
            return
        worker = self._week.dice.choice(here)
        await self._week.says(worker, None, "/list")
        for story in list(self._week.stories.values()):
            idle = story.touched is not None and self._week.house.now - story.touched > 40 * MINUTE
            if idle and self._week.phones[worker.name].chats:
                await self._takes_care(worker, story)

    async def _takes_care(self, worker: Worker, story: Story) -> None:
        situation = await self._week.house.situation(story.number)
        stage, missing = situation.readiness.stage, situation.readiness.missing
        if stage in OVER or stage is Stage.COUNTING:
            return
        mine = worker is story.author
        if stage is Stage.APPROVED or (stage is Stage.HELD and not missing):
            await self._week.uses(worker, story, ("now",), "/now {id}")
        elif situation.asked is not None and missing and not mine:
            await self._answering.answers(worker, story)
        elif missing and situation.asked is None:
            await self._week.uses(worker, story, ("submit",), "/submit {id}")

    # The desk itself

    async def sets_duty(self) -> None:
        """Everybody says when they work, where that can be said."""
        for each in self._week.here:
            if self._week.has_duty:
                await self._week.says(each, None, f"/duty {each.begins}-{each.ends}")

    async def speaks_first(self) -> None:
        """Everybody has talked with the bot before, on each of their apps."""
        for each in self._week.here:
            await self._week.says(each, None, "/help")

    async def links(self, worker: Worker) -> None:
        """Take the second app."""
        said = await self._week.says(worker, None, "/link")
        code = _code(said)
        sandbox, other = self._week.house.scene.sandbox, worker.addresses[1].id
        before = await self._week.house.words()
        await sandbox.viber.say(other, f"/link {code}")
        await self._week.house.heard(before)
        if (found := self._week.phones[worker.name].sees(("confirm_link",), 0)) is not None:
            await self._week.presses(worker, None, found)

    async def invites(self, owner: Worker, newcomer: Worker) -> None:
        code = _code(await self._week.says(owner, None, f"/invite {newcomer.role}"))
        self._week.here.append(newcomer)
        self._week.ever_here.append(newcomer)
        await self._week.says(newcomer, None, f"/start {code}")

    async def removes(self, owner: Worker, leaver: Worker) -> None:
        rows = await self._week.house.rows("SELECT id FROM member WHERE name = :name", name=leaver.name)
        await self._week.says(owner, None, f"/remove {rows[0][0]}")
        await self._week.uses_any(owner, "remove_person", "/team")
        self._week.here.remove(leaver)

    async def halts(self) -> None:
        """Somebody stops everything; to go on takes two, of whom one is an owner."""
        here = self._week.on_duty()
        owners = [each for each in here if each.role is Role.OWNER]
        if owners and len(here) > 1:
            two, one = owners[0], next(each for each in here if each is not owners[0])
            await self._week.says(one, None, "/halt")
            await self._week.house.until(self._week.house.now + 6 * MINUTE)
            await self._week.says(one, None, "/resume")
            await self._week.uses_any(two, "resume", "/resume")

    async def swaps(self) -> None:
        """Two articles change their times, and are put to the desk again."""
        queued = [story for story in self._week.stories.values() if await self._week.stage(story) is Stage.QUEUED]
        here = self._week.on_duty()
        if len(queued) < 2 or not here:
            return
        one, two = queued[-2:]
        worker = self._week.dice.choice(here)
        await self._week.says(worker, one, f"/swap {one.number} {two.number}")
        for story in (one, two):
            if (
                not await self._week.is_asked(story)
                and (await self._week.house.situation(story.number)).readiness.missing
            ):
                await self._week.says(worker, story, f"/submit {story.number}")


def _code(messages: list[Message]) -> str:
    found = [match for each in messages if (match := CODE.search(each.text))]
    return re.sub(r"\s", "", found[-1][1])
