"""The page for everyone: screen readers, keyboards, small screens, dark rooms; and for nobody from elsewhere."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, expect

from bot.demo.stage import Stage
from bot.demo.town import TELEGRAM_TOKEN, VIBER_TOKEN
from tests.page.conftest import EDITOR, OWNER, Visit, visiting


@pytest.mark.parametrize(
    "options",
    [
        {"color_scheme": "light"},
        {"color_scheme": "dark", "locale": "en-US"},
        {"color_scheme": "light", "viewport": {"width": 390, "height": 844}},
    ],
    ids=["light", "dark", "phone"],
)
async def test_axe_finds_no_serious_fault(browser: Browser, stage: Stage, options: dict[str, Any]) -> None:
    # A bubble that is fading in has no contrast to be measured.
    async with visiting(browser, stage, reduced_motion="reduce", **options) as visit:
        await visit.phone(OWNER).locator(".samples button").nth(1).click()
        await visit.approves()
        await visit.publishes()
        await visit.shows("Оксана", "Міст через Сулу")
        await visit.phone("Петро").locator(".block").click()
        await visit.switches("telegram", "slow", on=True)
        await expect(visit.phone("Петро").locator(".talk")).to_be_visible()

        found = await Axe().run(visit.page)

    serious = [fault for fault in found.response["violations"] if fault["impact"] in ("serious", "critical")]
    assert [(fault["id"], [node["html"][:120] for node in fault["nodes"]][:3]) for fault in serious] == []


async def test_an_article_is_published_with_the_keyboard_alone(visit: Visit) -> None:
    keyboard = visit.page.keyboard
    await visit.phone(OWNER).get_by_role("button", name="Міст, з фото").press("Enter")
    for name, label in (
        (OWNER, "📨 Надіслати на погодження"),
        (EDITOR, "Погодити"),
        (OWNER, "Опублікувати зараз"),
    ):
        await visit.phone(name).get_by_role("button", name=label).last.press("Space")
    await visit.countdown_ends()
    await visit.shows("Марія", "Міст через Сулу")

    await visit.phone("Марія").get_by_role("button", name="команди бота").focus()
    await keyboard.press("Enter")
    await expect(visit.phone("Марія").locator(".commands button").first).to_be_focused()
    await keyboard.press("Escape")
    await expect(visit.phone("Марія").locator(".commands")).to_be_hidden()


async def test_on_a_phones_width_nothing_runs_over_the_side(browser: Browser, stage: Stage) -> None:
    async with visiting(browser, stage, viewport={"width": 360, "height": 740}) as visit:
        assert await visit.page.evaluate("document.documentElement.scrollWidth") <= 360
        await expect(visit.phone(OWNER).locator(".name")).to_be_in_viewport()  # the first of the row
        await visit.phone("Петро").scroll_into_view_if_needed()
        await expect(visit.phone("Петро").locator("textarea")).to_be_in_viewport()


async def test_only_pages_of_this_machine_may_act(stage: Stage) -> None:
    url = stage.sandbox.url
    say = {"phone": "telegram:1001", "text": "/list"}
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{url}/") as page:
            assert "default-src 'none'" in page.headers["Content-Security-Policy"]
        async with session.post(f"{url}/page/say", json=say, headers={"Origin": "https://evil.example"}) as answer:
            assert answer.status == 403
        async with session.get(f"{url}/page/events", headers={"Host": "evil.example"}) as answer:
            assert answer.status == 403
        async with session.get(f"{url}/page/picture?of=https://evil.example/a.png") as answer:
            assert answer.status == 404
        async with session.post(f"{url}/page/say", json={"phone": "telegram:9", "text": "x"}) as answer:
            assert answer.status == 400


#: A form without preflight, a picture, and the control API's words, as a hostile page would send them.
ATTACK = """async ([sandbox, hook, telegram, viber]) => {
    const form = {method: "POST", mode: "no-cors", body: JSON.stringify({auth_token: viber, url: hook})};
    const picture = new Image();
    const loaded = new Promise(done => { picture.onload = picture.onerror = done; });
    picture.src = `${sandbox}/telegram/bot${telegram}/sendMessage?chat_id=2001&text=hostile`;
    const say = {method: "POST", mode: "no-cors", body: '{"person_id": 2001, "text": "hostile"}'};
    await Promise.all([
        fetch(`${sandbox}/viber/pa/set_webhook`, form), fetch(`${sandbox}/control/telegram/say`, say), loaded,
    ]);
}"""


@pytest_asyncio.fixture(loop_scope="session")
async def hostile() -> AsyncIterator[tuple[str, list[str]]]:
    """Another origin on this machine: its address, and the paths that were asked for there."""
    called: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        called.append(request.path)
        return web.Response(text="<!doctype html><title>hostile</title>", content_type="text/html")

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app, shutdown_timeout=0.2)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}", called
    await runner.cleanup()


async def test_a_page_of_another_origin_can_do_nothing_here(
    browser: Browser, stage: Stage, hostile: tuple[str, list[str]]
) -> None:
    url, called = hostile
    page = await browser.new_page()
    await page.goto(f"{url}/page")

    await page.evaluate(ATTACK, [stage.sandbox.url, f"{url}/hook", TELEGRAM_TOKEN, VIBER_TOKEN])

    assert "/page" in called
    assert "/hook" not in called
    assert "hostile" not in stage.sandbox.story()
    await page.close()
