"""The part of both loops: one newsroom after another, each killed again and again until its articles are out."""

from __future__ import annotations

import random
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.sandbox import Sandbox
from tests.faults.books import Books
from tests.faults.nursery import Nursery
from tests.faults.scene import Killable, Plan


@dataclass
class Found:
    """The counts of both tables."""

    kills: int = 0
    lost: int = 0
    duplicates: int = 0
    unsound: int = 0
    seconds: float = 0.0
    stories: list[str] = field(default_factory=list)


class Life(ABC):
    """One newsroom and its kills."""

    def __init__(self, scene: Killable, dice: random.Random, kills_left: int, pause: float) -> None:
        self.scene = scene
        self.dice = dice
        self.pause = pause
        self.kills = 0
        self._most = kills_left

    @property
    def is_spared(self) -> bool:
        """True after enough kills."""
        return self.kills == self._most

    @abstractmethod
    async def play(self) -> None:
        """Play from the first start until everything is out and judged."""

    @abstractmethod
    def arrived(self) -> int:
        """Return how many messages the phones have got."""

    async def survives(self, likely: float) -> bool:
        """Wait for the next kill: `likely` up to `pause` seconds after sending went on. True: all was over before."""
        scene = self.scene
        if self.dice.random() < likely:
            before = self.arrived()
            await scene.until(lambda: self.arrived() > before or scene.is_over(), 10)
        moment = time.monotonic() + self.dice.uniform(0, self.pause)
        await scene.until(lambda: time.monotonic() >= moment, self.pause)
        return scene.is_over()

    async def kill(self) -> Books:
        self.kills += 1
        return await self.scene.kill()


async def kill_again_and_again(
    nursery: Nursery,
    plan: Plan,
    misbehave: Callable[[Sandbox], None],
    life: Callable[[Killable, random.Random, int], Life],
    *,
    kills: int,
    seed: int,
) -> float:
    """Newsroom after newsroom of this `plan` until there were enough kills. Returns the seconds it took."""
    dice = random.Random(seed)
    begun = time.monotonic()
    while kills > 0:
        number = dice.randrange(1 << 30)
        with TemporaryDirectory(prefix="visnyk-faults-") as folder:
            async with Sandbox(seed=number) as sandbox:
                scene = Killable(sandbox, nursery, Path(folder), plan)
                await scene.prepare()
                misbehave(sandbox)
                one = life(scene, random.Random(number), kills)
                await one.play()
                kills -= one.kills
    return time.monotonic() - begun
