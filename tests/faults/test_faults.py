"""25 kills in the ordinary tests; `make faults KILLS=1000` for the night."""

from __future__ import annotations

from tests.faults.channels import kill_channel_posts
from tests.faults.nursery import nursery
from tests.faults.readers import kill_readers_broadcasts

#: A failing run is repeated with this, as far as chance is ours.
SEED = 20261124
READERS, VIBER = 1_500, 900


async def test_held_readers_lose_nothing_and_get_nothing_twice() -> None:
    async with nursery() as children:
        rows = await kill_readers_broadcasts(
            children, urgent=False, kills=10, readers=READERS, viber=VIBER, seed=SEED, pause=0.2
        )

    for found in rows:
        assert not found.broken, (found, SEED)
        assert not found.stories, (found, SEED)


async def test_urgent_readers_lose_nothing_and_get_twice_at_most_what_was_on_the_way() -> None:
    async with nursery() as children:
        rows = await kill_readers_broadcasts(
            children, urgent=True, kills=10, readers=READERS, viber=VIBER, seed=SEED, pause=0.2
        )

    for found in rows:
        assert not found.broken, (found, SEED)
        assert not found.stories, (found, SEED)


async def test_channels_get_each_article_once_and_the_desk_sees_every_doubt() -> None:
    async with nursery() as children:
        found = await kill_channel_posts(children, kills=5, seed=SEED, pause=0.3)

    assert not found.broken, (found, SEED)
