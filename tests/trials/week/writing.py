"""An article on its way to the desk and back: written, submitted, changed by others, cancelled."""

from __future__ import annotations

from tests.trials.week.cast import ZONE, Worker
from tests.trials.week.script import Route, Story, Trouble
from tests.trials.week.week import MINUTE, OVER, Week


class Writing:
    """What authors do, and those who change what others wrote."""

    def __init__(self, week: Week) -> None:
        self._week = week

    async def writes(self, story: Story) -> None:
        worker = story.author
        if not worker.is_on_duty(self._week.house.now) or not self._week.phones[worker.name].chats:
            self._week.plan(self._week.when_free(worker, 1, 5), lambda: self.writes(story))
            return
        answers = await self._week.says(worker, None, f"/queue {story.text}")
        numbers = [each.article for each in answers if each.article]
        if not numbers:
            self._week.seen["articles that were not taken"] += 1
            return
        story.number = max(numbers)  # what came late is about earlier ones
        self._week.stories[story.number] = story
        self._week.touch(story)
        for action in ("set_status", "name_own"):
            found = self._week.phones[worker.name].sees((action,), story.number)
            if Trouble.UNPROVEN in story.troubles and found is not None:
                self._week.proofs.append(len(await self._week.presses(worker, story, found)))
        self._week.plan(self._week.when_free(worker, 1, 4), lambda: self.submits(worker, story))

    async def submits(self, worker: Worker, story: Story) -> None:
        if not self._week.phones[worker.name].chats:
            self._week.plan(self._week.later(5, 20), lambda: self.submits(worker, story))
        elif await self._week.stage(story) in OVER or await self._week.is_asked(story):
            return
        elif Trouble.ALONE in story.troubles:
            await self._week.says(worker, story, f"/urgent {story.number}")
        else:
            # Whoever approves gives the time in one press; some editors have chosen it before.
            if worker.may_approve and story.troubles:
                await self.gives_time(worker, story)
            await self._week.uses(worker, story, ("submit",), "/submit {id}")
            self._befall(worker, story)

    def _befall(self, worker: Worker, story: Story) -> None:
        if story.befalls(Trouble.EDITED):
            self._week.plan(self._week.later(0.5, 2), lambda: self.is_edited(story))
        if story.befalls(Trouble.TOGETHER):
            self._week.plan(self._week.later(0.2, 1), lambda: self.is_edited_by_two(worker, story))
        if story.befalls(Trouble.CANCELLED):
            self._week.plan(self._week.later(3, 30), lambda: self.is_cancelled(story))

    async def gives_time(self, worker: Worker, story: Story) -> None:
        situation = await self._week.house.situation(story.number)
        if situation.entry.due_at is not None or story.route is Route.NOW:
            return
        if story.route is Route.NEXT:
            await self._week.uses(worker, story, ("next",), "/next {id}")
        else:
            await self._week.says(worker, story, f"/at {story.number} {self.some_time()}")

    def some_time(self) -> str:
        """A time of the next hours, as somebody types it."""
        at = (self._week.house.now + MINUTE * self._week.dice.randint(50, 150)).astimezone(ZONE)
        return f"{at.hour:02}:{at.minute // 5 * 5:02}"

    async def puts_right(self, story: Story) -> None:
        worker = story.author
        if not self._week.phones[worker.name].chats:
            self._week.plan(self._week.later(5, 20), lambda: self.puts_right(story))
            return
        await self._week.says(worker, story, f"/edit {story.number} lead: {story.lead[:-1]}, а ціну назвуть згодом.")
        await self._week.uses(worker, story, ("submit",), "/submit {id}")

    async def is_edited(self, story: Story) -> None:
        """Somebody else changes it, and puts it to the desk again."""
        others = self._week.on_duty(but=story.author)
        if others and await self._week.stage(story) not in OVER:
            worker = self._week.dice.choice(others)
            story.hands.add(worker.name)
            await self._week.says(worker, story, f"/edit {story.number} lead: {story.lead[:-1]} і школами поруч.")
            await self._week.uses(worker, story, ("submit",), "/submit {id}")

    async def is_edited_by_two(self, worker: Worker, story: Story) -> None:
        others = self._week.on_duty(but=worker)
        if not others or await self._week.stage(story) in OVER or not self._week.phones[worker.name].chats:
            return
        other = self._week.dice.choice(others)
        story.hands.add(other.name)
        await self._week.uses(worker, story, ("ask_edit",), "/edit {id}")
        await self._week.says(other, story, f"/edit {story.number} lead: {story.lead[:-1]} цього тижня.")
        await self._week.house.until(self._week.house.now + MINUTE)
        await self._week.says(worker, story, f"lead: {story.lead[:-1]} сьогодні.")
        await self._week.uses(other, story, ("submit",), "/submit {id}")

    async def is_cancelled(self, story: Story) -> None:
        others = self._week.on_duty()
        if others and await self._week.stage(story) not in OVER:
            await self._week.says(self._week.dice.choice(others), story, f"/cancel {story.number}")
