"""The verification page as a reader has it: pasted, by keyboard, on a small phone, in both languages."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, expect

from bot.domain.codes import code_of
from bot.record.corrections import CorrectionsPage, Told
from bot.record.entries import Act
from bot.texts import Catalogue
from config.settings import LOCALES
from tests.conftest import a_scene
from tests.helpers.recorded import ALTERED, KEY, POST, goes_out

SAID = {
    "uk-UA": ("Так, це наше", "Змінено", "Це частина", "Ось наш текст"),
    "en-GB": ("Yes, this is ours", "Altered", "A part of ours", "This is our text"),
}


async def asks(page: Page, text: str) -> None:
    """Paste it, and press the button by keyboard alone."""
    await page.locator("#given").fill(text)
    await page.locator("#given").focus()
    await page.keyboard.press("Tab")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")


@pytest.mark.parametrize("language", SAID)
async def test_a_reader_tells_a_genuine_post_from_one_with_a_changed_digit(
    browser: Browser, tmp_path: Path, language: str
) -> None:
    same, altered, part, door = SAID[language]
    async with a_scene(tmp_path, RECORD_KEY=KEY.written) as scene:
        await goes_out(scene)
        context = await browser.new_context(locale=language, viewport={"width": 320, "height": 640})
        page, complaints = await context.new_page(), []
        page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        await page.goto(f"{scene.app.url}/.well-known/visnyk/verify.html")
        answer = page.locator("#answer")

        await asks(page, scene.channel()[0].text)
        await expect(answer).to_contain_text(same)
        await expect(answer).to_have_attribute("data-colour", "green")
        await asks(page, ALTERED)
        await expect(answer).to_contain_text(altered)
        await expect(answer.locator("del")).to_have_text("15")
        await expect(answer.locator("ins")).to_have_text("12")
        await asks(page, POST.partition("\n\n")[2])
        await expect(answer).to_contain_text(part)
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert (await Axe().run(page)).violations_count == 0
        await page.goto(f"{scene.app.url}/v/{code_of(0)}")
        await page.reload()
        await expect(answer).to_contain_text(door)
        await context.close()
    assert complaints == []


async def test_the_page_of_corrections_is_for_everybody_without_any_script(browser: Browser) -> None:
    words = Catalogue.load(LOCALES).say
    page = CorrectionsPage((words("uk"), words("en")), "Вісник", ZoneInfo("Europe/Kyiv"))
    at = datetime(2026, 11, 24, 12, 5, tzinfo=UTC)
    told = [
        Told(Act.CORRECTED, at, "Ми писали 15, правильно 12.", code, POST[:30], "uk") for code in ("0000A3", "0000A4")
    ]
    context = await browser.new_context(viewport={"width": 320, "height": 640})
    for path in page.paths:
        shown = await context.new_page()
        await shown.set_content(page.of(path, told))
        assert await shown.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert (await Axe().run(shown)).violations_count == 0
    await context.close()
