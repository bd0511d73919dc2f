"""Pictures that are swapped at their addresses once they were approved: is another one shown? Exit 1 if so.

`python -m tests.trials.swapped [PICTURES]`: 8 if nothing is said. Each is published, at the pace of a real channel.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from functools import partial
from pathlib import Path

from bot.domain.picture import digest_of
from tests.conftest import Scene
from tests.helpers.pictures import TEXT, a_public_scene, looked_at, numbered


async def shown_otherwise(scene: Scene, pictures: int) -> int:
    """Publish this many articles whose pictures are swapped in between; return how many phones show another one."""
    wrong = 0
    for number in range(1, pictures + 1):
        url = f"https://host{number}.example/{number}.jpg"
        scene.sandbox.internet.put(url, numbered(number))
        await scene.says(f"/queue №{number}: {TEXT}\nphoto: {url}", f"#{number} · чернетка")
        scene.sandbox.internet.put(url, numbered(pictures + number))
        await scene.says(f"/now {number}", f"#{number}")
        await scene.until(partial(_are_out, scene, number))
        wrong += await _wrong(scene, number)
    return wrong


def _are_out(scene: Scene, articles: int) -> bool:
    return len(scene.channel()) == len(scene.viber_channel()) == articles


async def _wrong(scene: Scene, number: int) -> int:
    approved = numbered(number)
    on_telegram = scene.sandbox.telegram.picture(scene.channel()[-1].photo)
    address = scene.viber_channel()[-1].photo
    on_viber = await looked_at(scene, address) if digest_of(approved) in address else (0, b"")
    return (on_telegram != approved) + (on_viber != (200, approved))


async def _main(pictures: int) -> int:
    with tempfile.TemporaryDirectory() as folder:
        async with a_public_scene(Path(folder)) as scene:
            wrong = await shown_otherwise(scene, pictures)
    print(f"{pictures} pictures were swapped after their approval; other ones were shown {wrong} times")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(asyncio.run(_main(int(sys.argv[1]) if len(sys.argv) > 1 else 8)))
