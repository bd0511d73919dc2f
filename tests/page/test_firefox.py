"""The page in Firefox: it loads, an article is typed and arrives, and the console has nothing to complain of."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from bot.demo.stage import Stage, set_up
from tests.conftest import a_scene
from tests.helpers.recorded import ALTERED, KEY, goes_out
from tests.page.conftest import ARTICLE, CHANNELS, EDITOR, HEADLINE, OWNER, READERS
from tests.page.firefox import Firefox, firefox, started


@pytest.fixture
async def browser(tmp_path: Path) -> AsyncIterator[Firefox]:
    path = firefox()
    if path is None:
        pytest.skip("No Firefox on this machine: the page is not tested in it. On Debian: apt install firefox-esr")
    profile = tmp_path / "profile"
    profile.mkdir()
    async with started(path, profile) as running:
        yield running


@pytest.fixture
async def stage(tmp_path: Path, browser: Firefox) -> AsyncIterator[Stage]:
    async with set_up(tmp_path, 0) as running:
        yield running


def phone(name: str) -> str:
    named = f"(one) => one.querySelector('.name').textContent === '{name}'"
    return f"[...document.querySelectorAll('section.phone')].find({named})"


def button(name: str, label: str) -> str:
    return f"[...{phone(name)}.querySelectorAll('button')].findLast((one) => one.textContent.includes('{label}'))"


def shown(name: str, text: str) -> str:
    return f"[...{phone(name)}.querySelectorAll('.bubble')].filter((one) => one.textContent.includes('{text}')).length"


async def test_an_article_is_typed_in_firefox_and_is_on_every_phone_once(browser: Firefox, stage: Stage) -> None:
    await browser.opens(f"{stage.sandbox.url}/")
    await browser.until("document.body.dataset.ready")

    await browser.clicks(f"{phone(OWNER)}.querySelector('textarea')")
    await browser.types(ARTICLE)
    for name, label in (
        (OWNER, "📨 Надіслати на погодження"),
        (EDITOR, "Погодити"),
        (OWNER, "Опублікувати зараз"),
    ):
        await browser.until(button(name, label))
        await browser.clicks(button(name, label))

    await browser.until("document.querySelector('#goal').classList.contains('done')")
    assert [await browser.looks(shown(name, HEADLINE)) for name in CHANNELS + READERS] == [1] * 6
    await browser.opens(f"{stage.sandbox.url}/")
    await browser.until("document.querySelector('#goal').classList.contains('done')")
    await browser.resize(360, 740)
    assert await browser.looks("document.documentElement.scrollWidth") <= 360
    assert [entry for entry in browser.entries if entry["level"] in ("error", "warn")] == []
    assert {urlsplit(url).hostname for url in browser.requests if not url.startswith("data:")} == {"127.0.0.1"}


async def test_a_text_is_checked_in_firefox_and_a_changed_digit_is_shown(browser: Firefox, tmp_path: Path) -> None:
    async with a_scene(tmp_path, RECORD_KEY=KEY.written) as scene:
        await goes_out(scene)
        await browser.opens(f"{scene.app.url}/.well-known/visnyk/verify.html")
        for text, colour in ((scene.channel()[0].text, "green"), (ALTERED, "red")):
            await browser.looks(f"document.querySelector('#given').value = {json.dumps(text)}")
            await browser.clicks("document.querySelector('#form button')")
            await browser.until(f"document.querySelector('#answer').dataset.colour === '{colour}'")
        assert await browser.looks("document.querySelector('#answer del').textContent") == "15"
    assert [entry for entry in browser.entries if entry["level"] in ("error", "warn")] == []
