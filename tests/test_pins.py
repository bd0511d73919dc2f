"""Posts that are pinned in a channel for a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain import Article
from bot.domain.change import After, ChangeKind
from bot.newsroom import cases, corrections, proposals, publishing, writing
from bot.storage import Queries
from tests.conftest import CHANNEL, TELEGRAM_TOKEN, Scene
from tests.helpers.acts import acting
from tests.helpers.changing import everybody_has_it
from tests.helpers.crowd import DESK, an_article, meet_the_desk, requests, rows, said
from tests.promises.moments import comes_true


async def publishes(scene: Scene, article: Article, *, hours: float | None = None) -> None:
    """The newsroom publishes it; its time is over in so many hours."""

    async def work(tx: Queries) -> None:
        desk = await acting(scene.app.newsroom, tx, scene.clock(), DESK)
        situation = await writing.draft(desk, article)
        if hours is not None:
            await writing.expire(desk, situation, scene.clock() + timedelta(hours=hours))
        await publishing.publish(desk, situation.entry.id)

    await scene.app.store.write(work)


async def retracts(scene: Scene, number: int) -> None:
    async def work(tx: Queries) -> None:
        desk = await acting(scene.app.newsroom, tx, scene.clock(), DESK)
        case = await cases.case_for(desk, number, ChangeKind.RETRACTION)
        article, note = proposals.stub_of(case.article), "Міська рада це заперечила."
        made = await proposals.propose(desk, case, ChangeKind.RETRACTION, article, note)
        await corrections.alone(desk, number, made.change.id)

    await scene.app.store.write(work)


def pinned(scene: Scene) -> list[int]:
    return [bubble.message_id for bubble in scene.sandbox.telegram.pinned(CHANNEL)]


async def is_pinned(scene: Scene, count: int) -> None:
    """Wait until so many posts are pinned and the store knows it."""
    await comes_true(scene, f"SELECT 1 WHERE {count} = (SELECT count(*) FROM dispatch WHERE kind = 'unpin')")
    assert len(pinned(scene)) == count


async def test_a_post_is_pinned_for_its_time_and_keeps_nobody_waiting(scene: Scene) -> None:
    await publishes(scene, replace(an_article("Воду вимкнено"), pin=180))
    await is_pinned(scene, 1)
    await scene.until(lambda: scene.viber_channel())
    [article] = await rows(scene, "SELECT state FROM article")

    scene.advance(hours=1)
    await publishes(scene, an_article("Інша новина"))
    await scene.until(lambda: len(scene.channel()) == 2)
    assert pinned(scene) == [scene.channel()[0].message_id]
    await scene.stop()
    scene.clock.at += timedelta(hours=2.1)
    await scene.start()

    await comes_true(scene, "SELECT 1 FROM dispatch WHERE kind = 'unpin' AND state = 'delivered'")
    assert pinned(scene) == [] and article == ("published",)
    assert [requests(scene, method) for method in ("pinChatMessage", "unpinChatMessage")] == [1, 1]
    assert [bubble.silent for bubble in scene.channel()] == [False, False]


async def test_what_is_taken_back_or_over_is_unpinned_at_once(scene: Scene) -> None:
    await publishes(scene, replace(an_article("Перша"), pin=600))
    await publishes(scene, replace(an_article("Друга"), pin=600, after=After.REMOVE), hours=1)
    await publishes(scene, replace(an_article("Третя"), pin=600))
    await is_pinned(scene, 3)
    await everybody_is_done(scene)

    await retracts(scene, 1)
    await scene.until(lambda: len(pinned(scene)) == 2)
    scene.advance(hours=1.1)
    await scene.until(lambda: len(pinned(scene)) == 1)

    assert scene.sandbox.telegram.pinned(CHANNEL)[0].text.startswith("Третя")
    await comes_true(scene, "SELECT 1 WHERE 2 = (SELECT count(*) FROM change WHERE state = 'done')")
    assert await rows(scene, "SELECT count(*) FROM dispatch WHERE kind = 'unpin' AND state = 'ready'") == [(1,)]


async def everybody_is_done(scene: Scene) -> None:
    waits = "kind = 'post' AND state IN ('ready', 'sending', 'running')"
    await comes_true(scene, f"SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM dispatch WHERE {waits})")


@pytest.mark.parametrize("fault", ["drop_before", "drop_after"])
async def test_a_pin_of_unknown_outcome_is_made_again(scene: Scene, fault: str) -> None:
    scene.sandbox.faults.add("telegram", fault, method="pinChatMessage", chat=CHANNEL)
    await publishes(scene, replace(an_article(), pin=60))
    await comes_true(scene, "SELECT 1 FROM dispatch WHERE kind = 'pin' AND attempts = 1 AND state = 'ready'")
    scene.advance(seconds=11)

    await is_pinned(scene, 1)


async def test_without_the_right_the_desk_is_told_and_pins_with_a_press(scene: Scene) -> None:
    await meet_the_desk(scene)
    telegram = scene.sandbox.telegram
    telegram.set_admin(CHANNEL, TELEGRAM_TOKEN, can_edit=False)
    await publishes(scene, replace(an_article(), pin=60))
    await scene.until(lambda: said(scene.telegram(), "закріпити не вдалося"))
    [told] = said(scene.telegram(), "закріпити не вдалося")
    assert pinned(scene) == [] and len(scene.channel()) == 1

    telegram.set_admin(CHANNEL, TELEGRAM_TOKEN, can_edit=True)
    await scene.presses(told, "Спробувати ще раз", "#1")
    await is_pinned(scene, 1)
    telegram.set_admin(CHANNEL, TELEGRAM_TOKEN, can_edit=False)
    scene.advance(hours=1.1)
    await scene.until(lambda: said(scene.telegram(), "#1 досі закріплено"))
    await everybody_has_it(scene)
