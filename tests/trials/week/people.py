"""What the desk does all week: writes, submits, answers, publishes, and looks after what was left lying."""

from __future__ import annotations

import heapq
import random
import re
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from itertools import count

from bot.commands.table import BY_NAME
from bot.domain.life import Stage
from bot.domain.people import Role
from tests.helpers.team import CODE
from tests.trials.week.cast import DESK, EVERYBODY, ZONE, Worker
from tests.trials.week.house import House
from tests.trials.week.phone import Found, Phone
from tests.trials.week.record import Message, Press, Record
from tests.trials.week.script import Route, Story, Trouble

Step = Callable[[], Awaitable[object]]
MINUTE = timedelta(minutes=1)
OVER = frozenset({Stage.PUBLISHED, Stage.PUBLISHING, Stage.REJECTED, Stage.CANCELLED})
#: Words that may bring a question back to a phone that does not show it, the lightest first; `{id}` is its article.
LEADS_TO_QUESTION = ("/mine", "/show {id}")


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
        self._plans: list[tuple[datetime, int, Step]] = []
        self._order = count()
        self._will_answer: set[tuple[str, int]] = set()
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
        story = self.stories.get(message.article)
        if message.article:
            readiness = (await self.house.situation(message.article)).readiness
            message.stage, message.lacked = str(readiness.stage), bool(readiness.missing)
        if story is None or not any(press.action.startswith(("approve", "see_")) for press in message.presses):
            return
        if (worker.name, message.article) not in self._will_answer:
            self._will_answer.add((worker.name, message.article))
            self.plan(self.when_free(worker, 2, 12), lambda: self.answers(worker, story))

    async def stage(self, story: Story) -> Stage:
        return (await self.house.situation(story.number)).readiness.stage

    @property
    def has_duty(self) -> bool:
        """True if people can say when they work."""
        return "duty" in BY_NAME

    async def is_stuck(self, story: Story) -> bool:
        """True if nobody has moved an article for long, and no time is to come at which it goes out."""
        situation = await self.house.situation(story.number)
        due, readiness = situation.entry.due_at, situation.readiness
        waits = due is not None and due > self.house.now and not readiness.missing
        idle = story.touched is None or self.house.now - story.touched > 180 * MINUTE
        return readiness.stage not in OVER and not waits and idle

    async def is_asked(self, story: Story) -> bool:
        situation = await self.house.situation(story.number)
        return (
            situation.asked is not None and bool(situation.readiness.missing) and situation.readiness.stage not in OVER
        )

    # Acting

    async def says(self, worker: Worker, story: Story | None, text: str) -> list[Message]:
        self._touch(story)
        return self._answered(await self.phones[worker.name].says(text))

    async def presses(self, worker: Worker, story: Story | None, found: Found) -> list[Message]:
        self._touch(story)
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

    def _touch(self, story: Story | None) -> None:
        if story is not None:
            story.acts += 1
            story.touched = self.house.now

    def _answered(self, messages: list[Message], press: Press | None = None) -> list[Message]:
        self.seen["acts"] += 1
        if not messages and press is None:
            self.seen["words without an answer"] += 1
        return messages

    # An article's way

    async def writes(self, story: Story) -> None:
        worker = story.author
        if not worker.is_on_duty(self.house.now) or not self.phones[worker.name].chats:
            self.plan(self.when_free(worker, 1, 5), lambda: self.writes(story))
            return
        answers = await self.says(worker, None, f"/queue {story.text}")
        numbers = [each.article for each in answers if each.article]
        if not numbers:
            self.seen["articles that were not taken"] += 1
            return
        story.number = numbers[-1]
        self.stories[story.number] = story
        self._touch(story)
        for action in ("set_status", "name_own"):
            found = self.phones[worker.name].sees((action,), story.number)
            if Trouble.UNPROVEN in story.troubles and found is not None:
                await self.presses(worker, story, found)
        self.plan(self.when_free(worker, 1, 4), lambda: self.submits(worker, story))

    async def submits(self, worker: Worker, story: Story) -> None:
        if not self.phones[worker.name].chats:
            self.plan(self.later(5, 20), lambda: self.submits(worker, story))
        elif await self.stage(story) in OVER or await self.is_asked(story):
            return
        elif Trouble.ALONE in story.troubles:
            await self.says(worker, story, f"/urgent {story.number}")
        else:
            if worker.may_approve:
                await self.gives_time(worker, story)
            await self.uses(worker, story, ("submit",), "/submit {id}")
            self._befall(worker, story)

    def _befall(self, worker: Worker, story: Story) -> None:
        if story.befalls(Trouble.EDITED):
            self.plan(self.later(0.5, 2), lambda: self.is_edited(story))
        if story.befalls(Trouble.TOGETHER):
            self.plan(self.later(0.2, 1), lambda: self.is_edited_by_two(worker, story))
        if story.befalls(Trouble.CANCELLED):
            self.plan(self.later(3, 30), lambda: self.is_cancelled(story))

    async def gives_time(self, worker: Worker, story: Story) -> None:
        situation = await self.house.situation(story.number)
        if situation.entry.due_at is not None or story.route is Route.NOW:
            return
        if story.route is Route.NEXT:
            await self.uses(worker, story, ("next",), "/next {id}")
        else:
            at = (self.house.now + MINUTE * self.dice.randint(50, 150)).astimezone(ZONE)
            await self.says(worker, story, f"/at {story.number} {at.hour:02}:{at.minute // 5 * 5:02}")

    async def answers(self, worker: Worker, story: Story) -> None:
        """A person who was asked comes to the article."""
        self._will_answer.discard((worker.name, story.number))
        if worker not in self.here or not await self.is_asked(story):
            return
        phone = self.phones[worker.name]
        if not phone.chats or not worker.is_on_duty(self.house.now):
            self._will_answer.add((worker.name, story.number))
            self.plan(self.when_free(worker, 2, 10), lambda: self.answers(worker, story))
            return
        if await self._finds(worker, story) is None:
            return
        if story.befalls(Trouble.RETURNED):
            await self._says_no(worker, story, "ask_changes", "The lead says nothing of the price")
            self.plan(self.when_free(story.author, 2, 10), lambda: self.puts_right(story))
        elif story.befalls(Trouble.REJECTED):
            await self._says_no(worker, story, "reject", "We had this yesterday")
        else:
            await self.approves(worker, story)

    async def _finds(self, worker: Worker, story: Story) -> Found | None:
        """Look for the ✅ of an article; on Viber it may have to be asked for."""
        phone, number = self.phones[worker.name], story.number
        on_viber = phone.chats[0][0] == "viber"
        found = self._yes(phone, story)
        how = "on the keyboard"
        for word in [each for each in LEADS_TO_QUESTION if each.split()[0][1:] in BY_NAME]:
            if found is not None:
                break
            await self.says(worker, story, word.format(id=number))
            see = phone.sees(("see_question",), number)
            if self._yes(phone, story) is None and see is not None:
                await self.presses(worker, story, see)
            found, how = self._yes(phone, story), f"by {word}"
        if found is None:
            await self.says(worker, story, f"/submit {number}")
            found, how = self._yes(phone, story), "only by asking all anew"
        if on_viber:
            self.at_hand[how if found is not None else "not at all"] += 1
        return found

    def _yes(self, phone: Phone, story: Story) -> Found | None:
        return phone.sees(("approve",), story.number)

    async def _says_no(self, worker: Worker, story: Story, action: str, why: str) -> None:
        found = self.phones[worker.name].sees((action,), story.number)
        if found is not None:
            await self.presses(worker, story, found)
            await self.says(worker, story, why)

    async def approves(self, worker: Worker, story: Story) -> None:
        phone = self.phones[worker.name]
        if story.route is not Route.NOW and (await self.house.situation(story.number)).entry.due_at is None:
            await self.gives_time(worker, story)
            if not await self.is_asked(story):
                await self.uses(worker, story, ("submit",), "/submit {id}")
        await self._ticks(worker, story)
        if (found := self._yes(phone, story)) is not None:
            await self.presses(worker, story, found)
        if await self.stage(story) is Stage.APPROVED and story.route is Route.NOW:
            await self.publishes(worker, story)

    async def _ticks(self, worker: Worker, story: Story) -> None:
        """Tick each box of the checklist once."""
        ticked = set[str]()
        while boxes := [
            each
            for each in self.phones[worker.name].buttons()
            if each.press.action == "tick" and each.press.article == story.number
            if each.press.args["item"] not in ticked
        ]:
            ticked.add(boxes[0].press.args["item"])
            await self.presses(worker, story, boxes[0])

    async def publishes(self, worker: Worker, story: Story) -> None:
        await self.uses(worker, story, ("now",), "/now {id}")
        if story.befalls(Trouble.UNDONE):
            await self.house.until(self.house.now + timedelta(seconds=12))
            await self.uses(worker, story, ("undo",), "/undo {id}")
            self.plan(self.when_free(worker, 5, 15), lambda: self.publishes_after_all(worker, story))

    async def publishes_after_all(self, worker: Worker, story: Story) -> None:
        if await self.stage(story) not in OVER and self.phones[worker.name].chats:
            await self.says(worker, story, f"/now {story.number}")

    async def puts_right(self, story: Story) -> None:
        worker = story.author
        if not self.phones[worker.name].chats:
            self.plan(self.later(5, 20), lambda: self.puts_right(story))
            return
        await self.says(worker, story, f"/edit {story.number} lead: {story.lead[:-1]}, а ціну назвуть згодом.")
        await self.uses(worker, story, ("submit",), "/submit {id}")

    async def is_edited(self, story: Story) -> None:
        """Somebody else changes it, and puts it to the desk again."""
        others = self.on_duty(but=story.author)
        if others and await self.stage(story) not in OVER:
            worker = self.dice.choice(others)
            await self.says(worker, story, f"/edit {story.number} lead: {story.lead[:-1]} і школами поруч.")
            await self.uses(worker, story, ("submit",), "/submit {id}")

    async def is_edited_by_two(self, worker: Worker, story: Story) -> None:
        others = self.on_duty(but=worker)
        if not others or await self.stage(story) in OVER or not self.phones[worker.name].chats:
            return
        other = self.dice.choice(others)
        await self.uses(worker, story, ("ask_edit",), "/edit {id}")
        await self.says(other, story, f"/edit {story.number} lead: {story.lead[:-1]} цього тижня.")
        await self.house.until(self.house.now + MINUTE)
        await self.says(worker, story, f"lead: {story.lead[:-1]} сьогодні.")
        await self.uses(other, story, ("submit",), "/submit {id}")

    async def is_cancelled(self, story: Story) -> None:
        others = self.on_duty()
        if others and await self.stage(story) not in OVER:
            await self.says(self.dice.choice(others), story, f"/cancel {story.number}")

    # Looking after what was left lying

    async def looks_after(self) -> None:
        """Once an hour an editor reads the list and takes up what lies there."""
        here = self.on_duty()
        if not here:
            return
        worker = self.dice.choice(here)
        await self.says(worker, None, "/list")
        for story in list(self.stories.values()):
            idle = story.touched is not None and self.house.now - story.touched > 40 * MINUTE
            if idle and self.phones[worker.name].chats:
                await self._takes_care(worker, story)

    async def _takes_care(self, worker: Worker, story: Story) -> None:
        situation = await self.house.situation(story.number)
        stage, missing = situation.readiness.stage, situation.readiness.missing
        if stage in OVER or stage is Stage.COUNTING:
            return
        mine = worker is story.author
        if stage is Stage.APPROVED or (stage is Stage.HELD and not missing):
            await self.uses(worker, story, ("now",), "/now {id}")
        elif situation.asked is not None and missing and not mine:
            await self.answers(worker, story)
        elif missing and situation.asked is None:
            await self.uses(worker, story, ("submit",), "/submit {id}")

    # The desk itself

    async def sets_duty(self) -> None:
        """Everybody says when they work, where that can be said."""
        for each in self.here:
            if self.has_duty:
                await self.says(each, None, f"/duty {each.begins}-{each.ends}")

    async def speaks_first(self) -> None:
        """Everybody has talked with the bot before, on each of their apps."""
        for each in self.here:
            await self.says(each, None, "/help")

    async def links(self, worker: Worker) -> None:
        """Take the second app."""
        said = await self.says(worker, None, "/link")
        code = _code(said)
        sandbox, other = self.house.scene.sandbox, worker.addresses[1].id
        before = await self.house.words()
        await sandbox.viber.say(other, f"/link {code}")
        await self.house.heard(before)
        if (found := self.phones[worker.name].sees(("confirm_link",), 0)) is not None:
            await self.presses(worker, None, found)

    async def invites(self, owner: Worker, newcomer: Worker) -> None:
        code = _code(await self.says(owner, None, f"/invite {newcomer.role}"))
        self.here.append(newcomer)
        self.ever_here.append(newcomer)
        await self.says(newcomer, None, f"/start {code}")

    async def removes(self, owner: Worker, leaver: Worker) -> None:
        rows = await self.house.rows("SELECT id FROM member WHERE name = :name", name=leaver.name)
        await self.says(owner, None, f"/remove {rows[0][0]}")
        await self.uses_any(owner, "remove_person", "/team")
        self.here.remove(leaver)

    async def halts(self) -> None:
        """Somebody stops everything; to go on takes two, of whom one is an owner."""
        here = self.on_duty()
        owners = [each for each in here if each.role is Role.OWNER]
        if owners and len(here) > 1:
            two, one = owners[0], next(each for each in here if each is not owners[0])
            await self.says(one, None, "/halt")
            await self.house.until(self.house.now + 6 * MINUTE)
            await self.says(one, None, "/resume")
            await self.uses_any(two, "resume", "/resume")

    async def swaps(self) -> None:
        """Two articles change their times, and are put to the desk again."""
        queued = [story for story in self.stories.values() if await self.stage(story) is Stage.QUEUED]
        here = self.on_duty()
        if len(queued) < 2 or not here:
            return
        one, two = queued[-2:]
        worker = self.dice.choice(here)
        await self.says(worker, one, f"/swap {one.number} {two.number}")
        for story in (one, two):
            if not await self.is_asked(story) and (await self.house.situation(story.number)).readiness.missing:
                await self.says(worker, story, f"/submit {story.number}")


def _code(messages: list[Message]) -> str:
    found = [match for each in messages if (match := CODE.search(each.text))]
    return re.sub(r"\s", "", found[-1][1])
