"""An article before its approvers: found on the phone, answered, published."""

from __future__ import annotations

from datetime import timedelta

from bot.commands.table import BY_NAME
from bot.domain.life import Stage
from tests.trials.week.cast import Worker
from tests.trials.week.phone import Found, Phone
from tests.trials.week.script import Route, Story, Trouble
from tests.trials.week.week import OVER, Week
from tests.trials.week.writing import Writing

#: Words that may bring a question back to a phone that does not show it, the lightest first; `{id}` is its article.
LEADS_TO_QUESTION = ("/mine", "/show {id}", "/approve {id}")
#: Buttons that say yes and give the time with it; the last of them asks for it.
TIMED_YES = {Route.NOW: "approve_now", Route.NEXT: "approve_at", Route.AT: "approve_time"}


class Answering:
    """What those do who are asked."""

    def __init__(self, week: Week, writing: Writing) -> None:
        self._week = week
        self._writing = writing
        week.on_asked = self.answers

    async def answers(self, worker: Worker, story: Story) -> None:
        """A person who was asked comes to the article."""
        self._week.will_answer.discard((worker.name, story.number))
        may_not = worker not in self._week.here or worker is story.author or worker.name in story.hands
        if may_not or not await self._week.is_asked(story):
            return
        phone = self._week.phones[worker.name]
        if not phone.chats or not worker.is_on_duty(self._week.house.now):
            self._week.will_answer.add((worker.name, story.number))
            self._week.plan(self._week.when_free(worker, 2, 10), lambda: self.answers(worker, story))
            return
        if await self._finds(worker, story) is None:
            return
        if story.befalls(Trouble.RETURNED):
            await self._says_no(worker, story, "ask_changes", "The lead says nothing of the price")
            self._week.plan(self._week.when_free(story.author, 2, 10), lambda: self._writing.puts_right(story))
        elif story.befalls(Trouble.REJECTED):
            await self._says_no(worker, story, "reject", "We had this yesterday")
        else:
            await self.approves(worker, story)

    async def _finds(self, worker: Worker, story: Story) -> Found | None:
        """Look for the ✅ of an article; on Viber it may have to be asked for."""
        phone, number = self._week.phones[worker.name], story.number
        on_viber = phone.chats[0][0] == "viber"
        found = self._yes(phone, story)
        how = "on the keyboard"
        for word in [each for each in LEADS_TO_QUESTION if each.split()[0][1:] in BY_NAME]:
            if found is not None:
                break
            await self._week.says(worker, story, word.format(id=number))
            see = phone.sees(("see_question",), number)
            if self._yes(phone, story) is None and see is not None:
                await self._week.presses(worker, story, see)
            found, how = self._yes(phone, story), f"by {word}"
        if found is None:
            await self._week.says(worker, story, f"/submit {number}")
            found, how = self._yes(phone, story), "only by asking all anew"
        if on_viber:
            self._week.at_hand[how if found is not None else "not at all"] += 1
        return found

    def _yes(self, phone: Phone, story: Story) -> Found | None:
        """The newest yes to an article, if there are several the one that gives the time that it is to have."""
        options = [
            each
            for each in phone.buttons()
            if each.press.action.startswith("approve") and each.press.article == story.number
        ]
        beside = [each for each in options if (each.chat, each.message) == (options[0].chat, options[0].message)]
        return next((each for each in beside if self._gives_time(each, story)), beside[0] if beside else None)

    @staticmethod
    def _gives_time(found: Found, story: Story) -> bool:
        return found.press.action == TIMED_YES[story.route]

    async def _says_no(self, worker: Worker, story: Story, action: str, why: str) -> None:
        found = self._week.phones[worker.name].sees((action,), story.number)
        if found is not None:
            await self._week.presses(worker, story, found)
            await self._week.says(worker, story, why)

    async def approves(self, worker: Worker, story: Story) -> None:
        phone = self._week.phones[worker.name]
        yes, entry = self._yes(phone, story), (await self._week.house.situation(story.number)).entry
        is_timed = entry.due_at is not None or (yes is not None and self._gives_time(yes, story))
        if story.route is not Route.NOW and not is_timed:
            await self._writing.gives_time(worker, story)
            if not await self._week.is_asked(story):
                await self._week.uses(worker, story, ("submit",), "/submit {id}")
        await self._ticks(worker, story)
        if (found := self._yes(phone, story)) is not None:
            await self._week.presses(worker, story, found)
            if found.press.action == TIMED_YES[Route.NEXT] and await self._week.is_asked(story):
                await self._takes_another_slot(worker, story, found)
            if found.press.action == TIMED_YES[Route.AT]:
                await self._week.says(worker, story, self._writing.some_time())
        if await self._week.stage(story) is Stage.APPROVED and story.route is Route.NOW:
            await self.publishes(worker, story)

    async def _takes_another_slot(self, worker: Worker, story: Story, gone: Found) -> None:
        """Press the slot that is offered instead of one that is gone."""
        found = self._yes(self._week.phones[worker.name], story)
        if found is not None and self._gives_time(found, story) and found.press != gone.press:
            await self._week.presses(worker, story, found)

    async def _ticks(self, worker: Worker, story: Story) -> None:
        """Tick each box of the checklist once."""
        ticked = set[str]()
        while boxes := [
            each
            for each in self._week.phones[worker.name].buttons()
            if each.press.action == "tick" and each.press.article == story.number
            if each.press.args["item"] not in ticked
        ]:
            ticked.add(boxes[0].press.args["item"])
            await self._week.presses(worker, story, boxes[0])

    async def publishes(self, worker: Worker, story: Story) -> None:
        await self._week.uses(worker, story, ("now",), "/now {id}")
        if story.befalls(Trouble.UNDONE):
            await self._week.house.until(self._week.house.now + timedelta(seconds=12))
            await self._week.uses(worker, story, ("undo",), "/undo {id}")
            self._week.plan(self._week.when_free(worker, 5, 15), lambda: self.publishes_after_all(worker, story))

    async def publishes_after_all(self, worker: Worker, story: Story) -> None:
        if await self._week.stage(story) not in OVER and self._week.phones[worker.name].chats:
            await self._week.says(worker, story, f"/now {story.number}")
