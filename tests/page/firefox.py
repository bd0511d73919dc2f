"""The Firefox that this machine has, driven by WebDriver BiDi: it speaks it by itself, without any driver between.

https://www.w3.org/TR/webdriver-bidi/
"""

from __future__ import annotations

import asyncio
import itertools
import json
import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

JSON = dict[str, Any]

NAMES = ("firefox-esr", "firefox")
#: Longest time for one step through bot, platforms and page, in seconds.
PATIENCE = 40.0
#: Settings that keep the browser's own requests off the network while a test watches the page.
PREFERENCES = {
    "intl.accept_languages": "uk-UA, uk",
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.page": 0,
    "datareporting.policy.dataSubmissionEnabled": False,
}
SHIFT, ENTER = "\ue008", "\ue007"
#: A promise that looks at an expression now and at each change of the page.
UNTIL = """new Promise((done) => {
  const look = () => { if (%s) { watch.disconnect(); done(true); } };
  const watch = new MutationObserver(look);
  watch.observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
  look();
})"""


def firefox() -> str | None:
    return next((path for name in NAMES if (path := shutil.which(name))), None)


class Firefox:
    """One window. `entries` is what the console said, `requests` the addresses that were asked for."""

    def __init__(self, line: aiohttp.ClientWebSocketResponse) -> None:
        self.entries: list[JSON] = []
        self.requests: list[str] = []
        self.window = ""
        self._line = line
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[JSON]] = {}

    async def listen(self) -> None:
        async for message in self._line:
            told = json.loads(message.data)
            if told["type"] == "event":
                self._heard(told["method"], told["params"])
            else:
                self._waiting.pop(told["id"]).set_result(told)

    def _heard(self, event: str, told: JSON) -> None:
        if event == "log.entryAdded":
            self.entries.append(told)
        elif event == "network.beforeRequestSent":
            self.requests.append(told["request"]["url"])

    async def send(self, method: str, **params: Any) -> JSON:
        """Raises `RuntimeError` with what the browser says is wrong."""
        number = next(self._numbers)
        answer = self._waiting[number] = asyncio.get_running_loop().create_future()
        await self._line.send_json({"id": number, "method": method, "params": params})
        async with asyncio.timeout(PATIENCE):
            told = await answer
        if told["type"] == "error":
            raise RuntimeError(f"{method}: {told['error']}: {told['message']}")
        result: JSON = told["result"]
        return result

    async def begin(self, width: int, height: int) -> None:
        await self.send("session.new", capabilities={})
        await self.send("session.subscribe", events=["log.entryAdded", "network.beforeRequestSent"])
        self.window = (await self.send("browsingContext.getTree"))["contexts"][0]["context"]
        await self.resize(width, height)

    async def resize(self, width: int, height: int) -> None:
        await self.send("browsingContext.setViewport", context=self.window, viewport={"width": width, "height": height})

    async def opens(self, url: str) -> None:
        await self.send("browsingContext.navigate", context=self.window, url=url, wait="complete")

    async def looks(self, expression: str) -> Any:
        """The value of a JavaScript expression that is text, a number or true or false."""
        told = await self.send(
            "script.evaluate", expression=expression, target={"context": self.window}, awaitPromise=True
        )
        assert told["type"] == "success", told
        return told["result"].get("value")

    async def until(self, condition: str) -> None:
        try:
            await self.looks(UNTIL % condition)
        except TimeoutError:
            page = await self.looks("document.body.innerText")
            raise TimeoutError(f"not true within {PATIENCE} s: {condition}\n{page}") from None

    async def clicks(self, expression: str) -> None:
        """Click with the mouse in the middle of the element that the expression gives."""
        target = {"context": self.window}
        told = await self.send("script.evaluate", expression=expression, target=target, awaitPromise=False)
        element = {"type": "element", "element": {"sharedId": told["result"]["sharedId"]}}
        click = [
            {"type": "pointerMove", "x": 0, "y": 0, "origin": element},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        await self._act({"type": "pointer", "id": "mouse", "actions": click})

    async def types(self, text: str) -> None:
        """Key by key, and Enter; a new line within is Shift and Enter."""
        keys: list[JSON] = []
        for letter in text:
            keys += [*_line_break()] if letter == "\n" else _stroke(letter)
        await self._act({"type": "key", "id": "keyboard", "actions": [*keys, *_stroke(ENTER)]})

    async def _act(self, source: JSON) -> None:
        await self.send("input.performActions", context=self.window, actions=[source])


def _stroke(key: str) -> list[JSON]:
    return [{"type": "keyDown", "value": key}, {"type": "keyUp", "value": key}]


def _line_break() -> list[JSON]:
    return [{"type": "keyDown", "value": SHIFT}, *_stroke(ENTER), {"type": "keyUp", "value": SHIFT}]


@asynccontextmanager
async def started(path: str, folder: Path, *, width: int = 1440, height: int = 900) -> AsyncIterator[Firefox]:
    """Start a browser with a profile of its own under `folder`."""
    (folder / "user.js").write_text(_preferences(PREFERENCES), encoding="utf-8")
    arguments = ("--headless", "--no-remote", "--profile", str(folder), "--remote-debugging-port", "0")
    process = await asyncio.create_subprocess_exec(
        path, *arguments, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE
    )
    try:
        async with asyncio.timeout(PATIENCE):
            address = await _address(process)
        async with aiohttp.ClientSession() as session, session.ws_connect(f"{address}/session", max_msg_size=0) as line:
            browser = Firefox(line)
            listening = asyncio.create_task(browser.listen())
            await browser.begin(width, height)
            yield browser
            listening.cancel()
    finally:
        process.terminate()
        await process.wait()


async def _address(process: asyncio.subprocess.Process) -> str:
    assert process.stderr is not None
    said = []
    async for line in process.stderr:
        text = line.decode(errors="replace").strip()
        if "WebDriver BiDi listening on" in text:
            return text.split()[-1]
        said.append(text)
    raise RuntimeError("\n".join(["Firefox ended:", *said]))


def _preferences(values: Mapping[str, object]) -> str:
    return "".join(f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in values.items())
