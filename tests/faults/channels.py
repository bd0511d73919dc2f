"""Channel posts under kills: each appears once, and whatever is unclear is on the desk's phone soon after."""

from __future__ import annotations

import asyncio
import random
import re
import time
from collections import Counter
from dataclasses import dataclass

from bot.sandbox import Bubble, Sandbox
from tests.faults.books import Books, open_posts
from tests.faults.loop import Found, Life, kill_again_and_again
from tests.faults.nursery import Nursery
from tests.faults.scene import HEADLINE, OWNER, Killable, Plan, channel_chat, channel_key, channel_title

CHANNELS = 20
#: Articles of one database, so far apart in seconds.
ARTICLES, APART = 6, 0.15
#: How long a slow answer, or a slow execution, takes in seconds.
DELAY = 0.3
#: The desk must see a doubt within this many seconds of the restart.
TOLD_WITHIN = 5.0
#: Seconds in which the desk is told of 20 doubts, about.
TELLING = 0.05
#: A post and its settling take no longer than this, in seconds.
STUCK = 60.0
_DOUBT = re.compile(r"We don.t know whether the post appeared: .*?Channel (\d\d).*?#(\d+)")

Post = tuple[int, int]  # article, number of the channel


@dataclass
class ChannelsFound(Found):
    posts: int = 0
    doubts: int = 0
    doubts_appeared: int = 0
    untold: int = 0
    slowest_telling: float = 0.0
    most_on_the_way: int = 0

    @property
    def broken(self) -> list[str]:
        checks = {
            f"{self.lost} lost": self.lost == 0,
            f"{self.duplicates} duplicates": self.duplicates == 0,
            f"{self.untold} doubts not told within {TOLD_WITHIN:g} s": self.untold == 0,
            f"{self.unsound} unsound databases": self.unsound == 0,
            f"{self.most_on_the_way} posts of one channel on the way at once": self.most_on_the_way <= 1,
        }
        return [f"channels: {what}" for what, kept in checks.items() if not kept]


def misbehave(sandbox: Sandbox) -> None:
    faults = sandbox.faults
    faults.add("telegram", "slow", chat=OWNER, times=None)
    for kind, probability, delay in (
        ("drop_before", 0.02, 0.0),
        ("drop_after", 0.02, 0.0),
        ("late", 0.15, DELAY),
        ("slow", 0.15, DELAY),
        ("502", 0.01, 0.0),
    ):
        faults.add("telegram", kind, method="sendMessage", times=None, probability=probability, delay=delay)


async def kill_channel_posts(nursery: Nursery, *, kills: int, seed: int, pause: float) -> ChannelsFound:
    found = ChannelsFound(kills=kills)
    plan = Plan(channels=CHANNELS, times=[APART * n for n in range(ARTICLES)])

    def life(scene: Killable, dice: random.Random, left: int) -> Life:
        return _Posting(scene, dice, left, pause, found)

    found.seconds = await kill_again_and_again(nursery, plan, misbehave, life, kills=kills, seed=seed)
    return found


class _Posting(Life):
    def __init__(
        self, scene: Killable, dice: random.Random, kills_left: int, pause: float, found: ChannelsFound
    ) -> None:
        super().__init__(scene, dice, kills_left, pause)
        self._found = found

    async def play(self) -> None:
        books: Books | None = None
        while True:
            await self.scene.start()
            if books is not None and self.dice.random() < 0.7:
                await self._desk_knows(self._left_on_the_way(books))
                is_over = self.is_spared or await self.survives(0.8)
            else:
                # The kill comes while the desk is being told; it must be told all the same, after the next restart.
                is_over = self.is_spared or await self._survives_telling()
            if is_over:
                break
            books = await self.kill()
            self._found.unsound += not books.sound
            on_the_way = Counter(channel for (_, channel), state in books.posts.items() if state == "sending")
            self._found.most_on_the_way = max(self._found.most_on_the_way, *on_the_way.values(), 0)
        await self._settle()

    async def _survives_telling(self) -> bool:
        told = len(self._told())
        await self.scene.until(lambda: len(self._told()) > told or self.scene.is_over(), 1)
        await asyncio.sleep(self.dice.uniform(0, TELLING))
        return self.scene.is_over()

    def arrived(self) -> int:
        return sum(len(self.scene.sandbox.telegram.phone(channel_chat(n))) for n in range(CHANNELS))

    def _left_on_the_way(self, books: Books) -> set[Post]:
        return {_post(key) for key, state in books.posts.items() if state in ("sending", "in_doubt")}

    async def _desk_knows(self, doubts: set[Post]) -> None:
        """A post that was claimed and not requested yet is no doubt: it is posted instead."""
        scene, found = self.scene, self._found

        def missing_now() -> set[Post]:
            missing = doubts - self._told()
            return missing & {_post(key) for key in open_posts(scene.database)} if missing else missing

        if await scene.until(lambda: not missing_now(), TOLD_WITHIN - (time.monotonic() - scene.born)):
            found.slowest_telling = max(found.slowest_telling, time.monotonic() - scene.born)
            return
        missing = missing_now()
        found.untold += len(missing)
        found.stories.append(f"doubts that the desk never saw: {sorted(missing)[:5]}")

    def _told(self) -> set[Post]:
        return set(self._cards())

    def _cards(self) -> dict[Post, Bubble]:
        """The newest question about each post."""
        cards: dict[Post, Bubble] = {}
        for bubble in self.scene.sandbox.telegram.phone(OWNER):
            if asked := _DOUBT.search(bubble.text):
                cards[int(asked[2]), int(asked[1])] = bubble
        return cards

    async def _settle(self) -> None:
        """Settle it without further kills: all is posted, and somebody of the desk looks and answers truly."""
        scene, found = self.scene, self._found
        assert await scene.until(scene.is_over, STUCK), f"the posts do not end\n{scene.log()}"
        last = await scene.stop()
        # What a dead process sent may still appear; whoever looks before that posts a second time.
        await asyncio.sleep(2 * DELAY)
        doubts = {_post(key) for key, state in last.posts.items() if state == "in_doubt"}
        await scene.start()
        await self._desk_knows(doubts)
        found.doubts += len(doubts)
        found.doubts_appeared += sum(self._copies(doubt) > 0 for doubt in doubts)
        scene.sandbox.faults.clear()
        for post, card in sorted(self._cards().items()):
            if post in doubts:
                label = "✅ It's there" if self._copies(post) else "🔁 Post again"
                await scene.sandbox.telegram.press(OWNER, card.message_id, label)
        settled = {post for post in self._cards() if post in doubts}
        done = await scene.until(lambda: all(self._copies(post) for post in settled), STUCK)
        assert done, f"not posted again\n{scene.log()}"
        books = await scene.stop()
        self._judge(books)

    def _judge(self, books: Books) -> None:
        found = self._found
        found.unsound += not books.sound
        for article in range(1, ARTICLES + 1):
            for number in range(CHANNELS):
                copies = self._copies((article, number))
                state = books.posts.get((article, channel_key(number)), "never made")
                found.posts += 1
                found.lost += copies == 0 and state != "in_doubt"
                found.duplicates += copies > 1
                if (copies == 0 and state != "in_doubt") or copies > 1:
                    found.stories.append(f"#{article} in {channel_title(number)}: {copies} copies, {state}")

    def _copies(self, post: Post) -> int:
        article, number = post
        phone = self.scene.sandbox.telegram.phone(channel_chat(number))
        return sum(f"{HEADLINE} ({article - 1})" in bubble.text for bubble in phone)


def _post(key: tuple[int, str]) -> Post:
    return key[0], int(key[1].removeprefix("c"))
