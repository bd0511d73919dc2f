"""Bad minutes: rows that are damaged, platforms that are dead, and a restart amid somebody's words."""

from __future__ import annotations

import asyncio
import time

from tests.conftest import OWNER
from tests.trials.attack.town import Found, Town

#: Seconds from now at which an article is due.
SOON = 4


async def poisoned_rows(town: Town, tries: int) -> Found:
    """Rows of each kind that no version of Visnyk wrote; what stands beside them goes out."""
    held = await town.drafts()
    await town.stop()
    for number in range(tries):
        for sql in _POISONS:
            town.rows(sql, f"poison {number}")
    out = town.published
    await town.start()
    await town.says("/whoami", expected=str(OWNER))
    await town.says(f"/urgent {held}")
    try:
        await town.sandbox.until(lambda: town.published >= out + 2, timeout=20)
    except TimeoutError:
        return Found(tries * len(_POISONS), ("nothing goes out beside a damaged row",))
    return Found(tries * len(_POISONS))


#: Each puts one row there that cannot be read; `?` is its key.
_POISONS = (
    "INSERT INTO inbox (platform, key, body, received_at, lane) VALUES ('telegram', ?, x'7b', 0, 0)",
    "INSERT INTO inbox (platform, key, body, received_at, lane) VALUES ('pigeon', ?, x'7b7d', 0, 0)",
    "INSERT INTO notice (key, kind, args, at) VALUES (?, 'from_the_future', '{', 0)",
    "INSERT INTO button (id, action, args, chat, expires_at) VALUES (?, 'now', '{', 'telegram:1001', 9999999999999)",
    "INSERT INTO dialogue (person, step, data, due_at, changed_at) VALUES (?, 'collect', '{', 0, 0)",
    "INSERT INTO reply (platform, chat, body, created_at, not_before) VALUES ('telegram', ?, '{', 0, 0)",
)


async def dead_platforms(town: Town, tries: int) -> Found:
    """One platform answers nothing that makes sense, also at a start: the other one works."""
    wrong = []
    for turn in range(tries):
        await town.stop()
        town.sandbox.faults.add("viber", ("502", "drop", "html")[turn % 3], times=None)
        try:
            await town.start()
            async with asyncio.timeout(20):
                await town.says("/whoami", expected=str(OWNER))
        except (TimeoutError, AssertionError):
            wrong.append("Telegram is not answered")
        finally:
            town.sandbox.faults.clear()
    return Found(tries, tuple(wrong))


async def words_in_a_restart(town: Town, tries: int) -> Found:
    """Cancel and halt while Visnyk is down: nothing of that goes out after it, and nothing twice."""
    wrong = []
    for turn in range(tries):
        number = await town.drafts()
        due = int(time.time() * 1000) + SOON * 1000
        await town.stop()
        town.rows("UPDATE article SET state = 'queued', due_at = ? WHERE id = ?", due, number)
        said = ("/cancel {}", "/halt")[turn % 2].format(number)
        await town.sandbox.telegram.say(OWNER, said)
        out = town.published
        await asyncio.sleep(max(0.0, due / 1000 - time.time()))
        await town.start()
        await town.says("/whoami", expected=str(OWNER))
        await asyncio.sleep(2)
        if town.published != out:
            wrong.append(f"{said} said while it was down, and #{number} is out")
    return Found(tries, tuple(wrong))
