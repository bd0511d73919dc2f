"""Crowds: more people, connections and words than anybody can answer at once. The desk must not notice."""

from __future__ import annotations

import asyncio
import gzip
import secrets
import time
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager, suppress

from tests.conftest import ARTICLE, OWNER
from tests.helpers.doors import SECRET, signed
from tests.trials.attack.town import COLLEAGUE, STRANGER, VIBER_STRANGER, Found, Town, late, timed

#: Connections of the platform that brings the crowd.
WIDE = 40
#: Seconds that the desk may wait behind a crowd, and a post beside half-open connections and bombs.
SOON, POST_LATER = 2.0, 1.0
#: Questions of the desk behind a crowd.
QUESTIONS = 20
#: Articles of one person that may wait for approval.
MOST_OPEN = 5


async def starts(town: Town, tries: int) -> Found:
    """New readers by the thousand: the desk is answered, and an alarm is on every owner's phone."""
    waited: list[float] = []
    async with _meanwhile(_starts(town, tries)) as crowd:
        while not crowd.done() or len(waited) < QUESTIONS:
            waited.append(await timed(town.says("/whoami", expected=str(OWNER))))
            await asyncio.sleep(0.2)
        alarm = await timed(_halted(town))
    owed = town.count("reply")
    too_late = ["an answer"] * (late(waited) > SOON) + ["an alarm"] * (alarm > SOON)
    told = f"{owed} greetings still owed; answers p95 {late(waited):.2f} s, alarm {alarm:.2f} s"
    return Found(tries, tuple(too_late), told)


async def _halted(town: Town) -> None:
    """An owner halts everything, and every owner's phone shows something new."""
    before = len(town.phone(COLLEAGUE)), len(town.viber_phone())
    await town.halts()
    await town.sandbox.until(lambda: len(town.phone(COLLEAGUE)) > before[0] and len(town.viber_phone()) > before[1])


async def _starts(town: Town, number: int) -> None:
    people = iter(range(STRANGER, STRANGER + number))

    async def some() -> None:
        for person in people:
            await town.telegram(town.update(person, "/start"))

    await asyncio.gather(*(some() for _ in range(WIDE)))


async def guesses(town: Town, tries: int) -> Found:
    """Random codes of many strangers and of one: no seat, no answer that helps, no log that grows with them."""
    before, seats = town.count("audit"), town.count("member")
    letters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
    for turn in range(tries):
        code = "".join(secrets.choice(letters) for _ in range(16))
        person = STRANGER + (turn % 7)
        await town.telegram(town.update(person, f"/start {code}"))
        if turn % 10 == 0:
            await town.viber(town.callback(VIBER_STRANGER, f"/start {code}"))
    waited = await timed(town.says("/whoami", expected=str(OWNER)))
    grown = town.count("audit") - before
    wrong = ["a seat"] * (town.count("member") - seats) + ["an entry for each"] * (grown > 20)
    wrong += ["an answer too late"] * (waited > SOON)
    return Found(tries, tuple(wrong), f"{grown} entries; the desk waited {waited:.2f} s")


async def hashtags(town: Town, tries: int) -> Found:
    """Words and ids that look like presses: nothing is done, and the log does not grow."""
    before, out = town.count("audit"), town.published
    for turn in range(tries):
        made_up = secrets.token_urlsafe(16)
        await town.viber(town.callback(VIBER_STRANGER, f"#{made_up}" if turn % 2 else "#Харків"))
        await town.telegram(town.press(STRANGER, made_up))
    await town.says("/list")
    grown = town.count("audit") - before
    return Found(2 * tries, ("an entry",) * grown + ("a post",) * (town.published - out))


async def rogue_reporter(town: Town, tries: int) -> Found:
    """A reporter drafts and submits without end: the others are asked about five, and answered at once."""
    await town.seats(STRANGER, "reporter")
    before, waited = len(town.phone(COLLEAGUE)), []
    for number in range(1, tries + 1):
        await town.telegram(town.update(STRANGER, f"/queue {ARTICLE}"))
        await town.telegram(town.update(STRANGER, f"/submit {number}"))
        if number % 10 == 0:
            waited.append(await timed(town.says("/whoami", expected=str(OWNER))))
    (open_ones,) = town.rows("SELECT count(*) FROM review WHERE closed_at IS NULL")[0]
    told = f"{open_ones} wait for an answer; {len(town.phone(COLLEAGUE)) - before} messages to a colleague"
    wrong = ["a question too many"] * max(0, open_ones - MOST_OPEN) + ["an answer too late"] * (late(waited) > SOON)
    return Found(2 * tries, tuple(wrong), f"{told}; answers p95 {late(waited):.2f} s")


async def half_open(town: Town, tries: int) -> Found:
    """Connections that promise a body and never send it, beside a post that is due."""
    return await _beside(town, tries, _hold_open(town, tries))


async def packed(town: Town, tries: int) -> Found:
    """A stream of packed bombs, beside a post that is due."""
    return await _beside(town, tries, _bombard(town))


async def _beside(town: Town, tries: int, trouble: Awaitable[None]) -> Found:
    usual = await _post(town)
    async with _meanwhile(trouble):
        await asyncio.sleep(0.5)
        took = await _post(town)
    later = max(0.0, took - usual)
    return Found(tries, ("a post",) * (later > POST_LATER), f"a post took {took:.2f} s, usually {usual:.2f} s")


async def _post(town: Town) -> float:
    """Seconds from an owner's word to both channels."""
    number = await town.drafts()
    out = town.published
    await town.says(f"/urgent {number}")
    begun = time.perf_counter()
    await town.sandbox.until(lambda: town.published >= out + 2)
    return time.perf_counter() - begun


async def _hold_open(town: Town, number: int) -> None:
    head = b"POST /viber/webhook HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n"
    head += b"X-Viber-Content-Signature: " + b"0" * 64 + b"\r\n\r\n{"
    writers = []
    try:
        for _ in range(number):
            with suppress(OSError):
                _, writer = await asyncio.open_connection(town.env["HOST"], int(town.env["PORT"]))
                writer.write(head)
                writers.append(writer)
        await asyncio.Event().wait()
    finally:
        for writer in writers:
            writer.close()


async def _bombard(town: Town) -> None:
    bomb = gzip.compress(b"0" * 100_000_000)

    async def one() -> None:
        while True:
            await town.calls("/telegram/webhook", bomb, {**SECRET, **signed(bomb), "Content-Encoding": "gzip"})

    await asyncio.gather(*(one() for _ in range(10)))


@asynccontextmanager
async def _meanwhile(trouble: Awaitable[None]) -> AsyncIterator[asyncio.Future[None]]:
    task = asyncio.ensure_future(trouble)
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
