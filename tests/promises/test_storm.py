"""A storm of 429: nobody lost, nobody twice, no request while the platform asks for patience."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from tests.conftest import Scene, a_scene
from tests.helpers.crowd import an_article, count, publishes, readers, tallies, telegram_ids
from tests.promises.moments import NOTHING_UNDER_WAY, Time, comes_true

READERS = 60


async def test_in_half_an_hour_of_refusals_everybody_is_reached_once(tmp_path: Path) -> None:
    async with a_scene(tmp_path) as scene:
        await readers(scene, telegram=READERS)
        time = Time(scene)
        bans = Bans(scene, time)
        # Every second request, for ever new spans of patience.
        for patience in (1, 7, 30, 60):
            scene.sandbox.faults.add(
                "telegram", "429", method="sendMessage", times=None, probability=0.16, retry_after=patience
            )
        await publishes(scene, an_article())
        while await under_way(scene):
            await time.passes(1, step=1)
            bans.look()
            assert time.ahead < 1800, "it takes longer than the storm"

        phones = scene.sandbox.telegram
        assert [count(phones.phone(person)) for person in telegram_ids(READERS)] == [1] * READERS
        tally = (await tallies(scene))["telegram"]
        assert (tally.delivered, tally.in_doubt, tally.failed, tally.gone) == (READERS, 0, 0, 0)
        assert bans.refusals >= READERS / 2
        assert not bans.broken


async def test_after_the_storm_it_is_over_at_once(tmp_path: Path) -> None:
    async with a_scene(tmp_path) as scene:
        await readers(scene, telegram=READERS)
        time = Time(scene)
        scene.sandbox.faults.add("telegram", "429", method="sendMessage", times=None, probability=0.5, retry_after=5)
        await publishes(scene, an_article("Буря"))
        while await under_way(scene):
            await time.passes(2, step=2)
        scene.sandbox.faults.clear()
        await time.passes(120)

        await publishes(scene, an_article("Тиша"))
        await comes_true(scene, NOTHING_UNDER_WAY)
        assert [count(scene.sandbox.telegram.phone(p), "Тиша") for p in telegram_ids(READERS)] == [1] * READERS


async def under_way(scene: Scene) -> bool:
    return not await scene.app.store.read.value(NOTHING_UNDER_WAY)


class Bans:
    """Nobody may be written to while the platform asked for patience with this chat."""

    def __init__(self, scene: Scene, time: Time) -> None:
        self._scene = scene
        self._time = time
        self._seen = 0
        self._until: dict[str, float] = defaultdict(float)
        self.refusals = 0
        self.broken: list[str] = []

    def look(self) -> None:
        """At what came in the second that has just passed."""
        requests = [r for r in self._scene.sandbox.requests if r.method == "sendMessage"]
        now = self._time.ahead
        for request in requests[self._seen :]:
            if now < self._until[request.chat]:
                self.broken.append(f"{request.chat} at {now}, asked to wait until {self._until[request.chat]}")
            if request.status == 429:
                self.refusals += 1
                self._until[request.chat] = now - 1 + int(request.error.rpartition(" ")[2])
        self._seen = len(requests)
