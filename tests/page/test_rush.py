"""200 messages a second for ten seconds: the page stays usable and does not grow."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest
from playwright.async_api import CDPSession, Page, expect

from bot.demo.stage import Stage
from bot.demo.town import TELEGRAM_CHANNEL, TELEGRAM_READERS, TELEGRAM_TOKEN
from tests.page.conftest import EDITOR, Visit

PER_SECOND, SECONDS = 200, 10
#: Longest time from a key to the frame that shows it, for 95 of 100 keys, in ms.
LATENCY, TRIES = 100, 3
#: The browser itself measures from the key to the frame that shows it; it reports only what took longer than 16 ms.
MEASURE = """() => {
  window.latencies = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (entry.name === "keydown") window.latencies.push(entry.duration);
  }).observe({ type: "event", durationThreshold: 16 });
}"""


async def rush(stage: Stage) -> None:
    """Everything that is sent in one tenth of a second goes at once, as a bot with many hands sends it."""
    chats = [TELEGRAM_CHANNEL, *TELEGRAM_READERS]
    url = f"{stage.sandbox.telegram_url}/bot{TELEGRAM_TOKEN}/sendMessage"
    begun = asyncio.get_running_loop().time()
    async with aiohttp.ClientSession() as session:

        async def send(number: int) -> None:
            text = f"Допис {number}: <b>новини</b> міста, області та світу. https://example.org/{number}"
            message = {"chat_id": chats[number % len(chats)], "text": text, "parse_mode": "HTML"}
            async with session.post(url, json=message) as answer:
                assert answer.status == 200

        for tenth in range(SECONDS * 10):
            await asyncio.gather(*(send(tenth * PER_SECOND // 10 + n) for n in range(PER_SECOND // 10)))
            await asyncio.sleep(max(0.0, begun + (tenth + 1) / 10 - asyncio.get_running_loop().time()))


async def type_meanwhile(page: Page, busy: asyncio.Future[None]) -> list[float]:
    """Key by key until it is done; in ms, how long each took from the finger to the eye, shortest first."""
    await page.evaluate("window.latencies = []")
    keys = 0
    while not busy.done():
        await page.keyboard.press("a")
        keys += 1
        await asyncio.wait([busy], timeout=0.1)
    await busy
    slow = sorted(await page.evaluate("window.latencies"))
    return [0.0] * (keys - len(slow)) + slow


def most(latencies: list[float]) -> float:
    """95 % are not slower."""
    return latencies[int(len(latencies) * 0.95)]


async def busy_time(devtools: CDPSession) -> float:
    """Seconds for which the page's own thread had a processor."""
    metrics = (await devtools.send("Performance.getMetrics"))["metrics"]
    return float(next(metric["value"] for metric in metrics if metric["name"] == "TaskDuration"))


@pytest.mark.alone
async def test_two_hundred_messages_a_second_leave_the_page_usable(visit: Visit) -> None:
    page = visit.page
    await page.evaluate(MEASURE)
    devtools = await page.context.new_cdp_session(page)
    await devtools.send("Performance.enable", {"timeDomain": "threadTicks"})
    # Not the owner's phone: headless Chromium paints the very bottom of a window only with something else.
    await visit.phone(EDITOR).locator("textarea").click()
    keys = 0
    for _ in range(TRIES):  # what else runs on this machine may spoil one; a page that stutters spoils all
        before = await busy_time(devtools)
        rushed = await type_meanwhile(page, asyncio.create_task(rush(visit.stage)))
        busy = await busy_time(devtools) - before
        keys += len(rushed)
        print(f"{len(rushed)} keys: 95 % within {most(rushed):.0f} ms, slowest {rushed[-1]:.0f} ms, busy {busy:.1f} s")
        if most(rushed) <= LATENCY:
            break

    assert most(rushed) <= LATENCY
    assert busy <= SECONDS / 2, "less than half of a processor, on a slow machine too"
    await visit.shows("Іван", f"Допис {PER_SECOND * SECONDS - 1}:")
    assert await page.locator(".row").count() <= 80 * 8
    await expect(visit.phone(EDITOR).locator("textarea")).to_have_value("a" * keys)


async def test_an_edit_of_a_post_that_has_left_the_page_does_not_bring_it_back(visit: Visit) -> None:
    telegram = visit.stage.sandbox.telegram
    first = await telegram.post(TELEGRAM_CHANNEL, "Допис 0")
    for number in range(1, 100):
        await telegram.post(TELEGRAM_CHANNEL, f"Допис {number}.")
    await visit.shows("Вісник", "Допис 99.")
    await visit.shows("Вісник", "Допис 0", 0)

    await telegram.edit(TELEGRAM_CHANNEL, first, "Допис 0, виправлений")
    await telegram.post(TELEGRAM_CHANNEL, "Останній допис")

    await visit.shows("Вісник", "Останній допис")
    await visit.shows("Вісник", "виправлений", 0)
