"""Bad minutes: rows that are damaged, platforms that are dead, and a restart amid somebody's words."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from bot.domain import Platform
from tests.conftest import OWNER, VIBER_OWNER
from tests.trials.attack.town import UNDO, Found, Town

#: Seconds in which what was about to go out has gone out after a start, also on Viber, which is waited for; and in
#: which nothing more may follow it.
LATER, AFTERWARDS = 15, 3


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


#: What a platform that is dead answers, or does not: a server in front of it, an empty wire, half an answer, a page.
_DEATHS = ("502", "drop_before", "half", "html200", "500", "drop_after")


async def dead_platforms(town: Town, tries: int) -> Found:
    """One platform answers nothing that makes sense, also at a start: the other one works."""
    wrong = []
    for turn in range(tries):
        dead, alive = (Platform.VIBER, town.says) if turn % 2 else (Platform.TELEGRAM, town.says_on_viber)
        await town.stop()
        town.sandbox.faults.add(dead, _DEATHS[turn % len(_DEATHS)], times=None)
        try:
            async with asyncio.timeout(20):
                await town.start()
                await alive("/list", expected="Черга")
        except (TimeoutError, AssertionError):
            wrong.append(f"{dead} is dead and the other is not answered")
        finally:
            town.sandbox.faults.clear()
    return Found(tries, tuple(wrong))


async def words_in_a_restart(town: Town, tries: int) -> Found:
    """Two approved articles are about to go out, Visnyk is killed, and somebody stops one of them while it is down.

    After the start that one stays, and the other one goes out once. The last word is /halt, which stops both.
    """
    wrong = []
    for turn in range(tries):
        stopped, other = [await town.approved() for _ in range(2)]
        is_last = turn == tries - 1
        out = town.published
        for number in (stopped, other):
            await town.says(f"/now {number}", expected=f"#{number}")
        await town.stop()
        await asyncio.sleep(UNDO - 1)
        # On Viber it is called again for some seconds only, in this sandbox.
        word = "/halt" if is_last else f"/cancel {stopped}"
        await (town.sandbox.viber.say(VIBER_OWNER, word) if turn % 2 else town.sandbox.telegram.say(OWNER, word))
        await town.start()
        await town.says("/whoami", expected=str(OWNER))
        with suppress(TimeoutError):
            await town.sandbox.until(lambda: town.published >= out + 2, timeout=LATER)  # noqa: B023 - awaited in its turn
        await asyncio.sleep(AFTERWARDS)
        if town.published != out + 2 * (not is_last):
            wrong.append(f"{word} was said while it was down, and {town.published - out} posts went out")
    return Found(tries, tuple(wrong))
