"""Feeds read each minute, with a CMS beside them: `python -m tests.trials.feeds [MINUTES=3] [FEEDS=200]`.

Visnyk runs in a process of its own; what it reads and its platforms are the sandbox's. Exit 1 above a target.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import aiohttp

from bot.sandbox import Bubble, Sandbox
from tests.conftest import NEWSROOM, OWNER, newsroom_with, people
from tests.helpers.feeds import TEXT, item, rss
from tests.helpers.process import Run, environment
from tests.helpers.systems import ARTICLE, ARTICLES, secret_in

MINUTES, FEEDS = 3, 200
#: Share of one core that the whole process may take.
SHARE = 0.10
#: Seconds from an item's appearance to its card, and from a save in the CMS to its card.
CARD, SAVE = 60.0 + 5.0, 3.0
#: Items that a feed holds from its beginning; nobody wants them.
ITEMS = 20
#: Seconds between two new items, each in some feed, and between two saves.
NEWS_EVERY, SAVE_EVERY = 2.0, 7.0
#: Seconds after which a feed whose answer changes all the time reads otherwise again.
STAMPED_EVERY = 20.0
#: Seconds after which a card, or the first reading of all feeds, is given up.
PATIENCE = 400.0
#: Another owner: whoever made the CMS's key approves nothing of it.
SECOND = 1003
_OLD, _NEW, _SAVED = "Архів", "Новина", "Правка"


@dataclass(slots=True)
class Site:
    """One site with its feed. Of three neighbours one has an ETag, one has none, and one says the time in its feed."""

    number: int
    new: list[str] = field(default_factory=list)
    old: str = ""

    def __post_init__(self) -> None:
        self.old = "".join(self._item(-each, _OLD) for each in range(ITEMS))

    @property
    def url(self) -> str:
        return f"https://f{self.number}.example/feed"

    def put(self, sandbox: Sandbox, stamp: int) -> None:
        head = f"<lastBuildDate>{stamp}</lastBuildDate>" if self.is_stamped else ""
        content = rss(head, *reversed(self.new), self.old)
        marks = {"ETag": f'"{len(self.new)}"'} if self.number % 3 == 0 else {}
        sandbox.internet.put(self.url, content.encode(), kind="application/rss+xml", headers=marks)

    @property
    def is_stamped(self) -> bool:
        return self.number % 3 == 1

    def brings(self, number: int) -> None:
        self.new.append(self._item(number, _NEW))

    def _item(self, number: int, title: str) -> str:
        # Every site writes of its own: what two feeds have in common becomes one draft.
        text = f"<p>Сайт {self.number}, запис {number} рубрики «{title}».</p>{TEXT * 2}"
        place = self.number * 100_000 + number
        return item(place, title=title, text=text).replace(f"{title} {place}<", f"{title} {number}.<")


@dataclass(frozen=True, slots=True)
class Found:
    """The measurements: `share` of one core; delays in seconds, `inf` for a card that never came."""

    share: float
    polls: float
    cards: Sequence[float]
    saves: Sequence[float]

    def lines(self) -> Iterable[tuple[str, float, float]]:
        """Return figures with their targets; 0: there is none."""
        yield "share of one core, percent", self.share * 100, SHARE * 100
        yield "feeds read each minute", self.polls, 0
        for name, delays, most in (("item to card", self.cards, CARD), ("save to card", self.saves, SAVE)):
            yield f"{name}: number", len(delays), 0
            for part, at in (("p50", 0.5), ("p95", 0.95), ("worst", 1.0)):
                yield f"{name}: {part}, s", _quantile(delays, at), most


def _quantile(delays: Sequence[float], at: float) -> float:
    found = sorted(delays)
    return found[min(len(found) - 1, int(at * len(found)))] if found else float("inf")


def _processor(pid: int) -> float:
    """Return the seconds of CPU that a process has taken."""
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def newsroom_of(sites: Sequence[Site]) -> str:
    """Return a newsroom.toml where it is noon: by night nobody is rung."""
    ahead = 12 - datetime.now(UTC).hour
    zone = f'time_zone = "Etc/GMT{-ahead:+d}"' if ahead else 'time_zone = "Etc/UTC"'
    feeds = (
        f'[[feeds]]\nkey = "f{each.number}"\nurl = "{each.url}"\nevery = "1 min"\nexclude = ["{_OLD}"]\n'
        for each in sites
    )
    text = newsroom_with(NEWSROOM, approvals=1).replace('time_zone = "Europe/Kyiv"', zone)
    return text + "".join(feeds)


class Play:
    """The sites, the CMS and both owners' phones, for as long as it is measured."""

    def __init__(self, sandbox: Sandbox, url: str, sites: Sequence[Site]) -> None:
        self._sandbox = sandbox
        self._url = url
        self._sites = sites
        self._draw = random.Random(1)
        #: When each headline appeared.
        self.news: dict[str, float] = {}
        self.saves: dict[str, float] = {}

    def card(self, headline: str) -> float | None:
        """Return when the first phone showed a headline."""
        found = [_first(self._sandbox.telegram.phone(person), headline) for person in (OWNER, SECOND)]
        return min((at for at in found if at is not None), default=None)

    async def stamps(self) -> None:
        # One after the other: who serves all sites at once must not keep them waiting for it.
        stamped = [site for site in self._sites if site.is_stamped]
        for stamp, site in enumerate(itertools.cycle(stamped)):
            await asyncio.sleep(STAMPED_EVERY / len(stamped))
            site.put(self._sandbox, stamp)

    async def brings_news(self) -> None:
        for number in itertools.count(1):
            await asyncio.sleep(NEWS_EVERY)
            site = self._draw.choice(self._sites)
            site.brings(number)
            site.put(self._sandbox, 0)
            self.news[f"{_NEW} {number}."] = time.time()

    async def saves_articles(self, secret: str) -> None:
        async with aiohttp.ClientSession(self._url, headers={"Authorization": f"Bearer {secret}"}) as session:
            for number in itertools.count(1):
                await asyncio.sleep(SAVE_EVERY)
                await self._save(session, f"{_SAVED} {number}.")

    async def _save(self, session: aiohttp.ClientSession, headline: str) -> None:
        """Save an article that is put to the desk, and withdraw it once somebody was asked."""
        self.saves[headline] = time.time()
        call = {**ARTICLE, "headline": headline, "lead": f"{headline} {ARTICLE['lead']}", "submit": True}
        async with session.post(ARTICLES, json=call) as answer:
            assert answer.status == 201, await answer.text()
            place = answer.headers["Location"]
        await self._sandbox.until(lambda: self.card(headline) is not None, timeout=PATIENCE)
        async with session.delete(place, headers={"If-Match": "*"}) as answer:
            assert answer.status == 200, await answer.text()


def _first(phone: Sequence[Bubble], headline: str) -> float | None:
    return next((each.at for each in phone if each.sender == "bot" and headline in each.text), None)


async def measured(folder: Path, minutes: float, feeds: int) -> Found:
    sites = [Site(number) for number in range(feeds)]
    (folder / "newsroom.toml").write_text(newsroom_of(sites), encoding="utf-8")
    async with Sandbox() as sandbox:
        people(sandbox)
        for person in (OWNER, SECOND):
            sandbox.telegram.add_person(person, name=f"Редактор {person}", language="uk", started=True)
        for site in sites:
            site.put(sandbox, 0)
        async with Run(environment(sandbox, folder, OWNERS=f"telegram:{OWNER} telegram:{SECOND}")) as run:
            await run.running()
            secret = await _key(sandbox)
            await _read_twice(sandbox, sites)
            return await _play(Play(sandbox, run.url, sites), sandbox, run, secret, minutes, feeds)


async def _key(sandbox: Sandbox) -> str:
    await sandbox.telegram.say(SECOND, "/list")
    await sandbox.telegram.say(OWNER, "/keys new CMS submit 1200")

    def told() -> list[Bubble]:
        return [each for each in sandbox.telegram.phone(OWNER) if "visnyk_" in each.text]

    await sandbox.until(told)
    return secret_in(told()[0])


async def _read_twice(sandbox: Sandbox, sites: Sequence[Site]) -> None:
    """Wait until each feed was read, and the round after that is done too: the first reading costs more."""
    urls = {site.url for site in sites}
    for _ in range(2):
        await sandbox.until(lambda: urls <= set(sandbox.internet.asked), timeout=PATIENCE)
        sandbox.internet.asked.clear()


async def _play(play: Play, sandbox: Sandbox, run: Run, secret: str, minutes: float, feeds: int) -> Found:
    before, began = _processor(run.pid), time.monotonic()
    # Whole rounds: which of them a number of seconds holds is a matter of chance.
    rounds = sandbox.until(lambda: len(sandbox.internet.asked) >= minutes * feeds, timeout=PATIENCE * minutes)
    acts = [
        asyncio.create_task(each) for each in (rounds, play.stamps(), play.brings_news(), play.saves_articles(secret))
    ]
    ended, _ = await asyncio.wait(acts, return_when=asyncio.FIRST_COMPLETED)
    took = time.monotonic() - began
    share, polls = (_processor(run.pid) - before) / took, len(sandbox.internet.asked) / took * 60
    for act in acts:
        act.cancel()
    await asyncio.wait(acts)
    for act in ended:
        act.result()  # but for the rounds, none of them ends by itself without an error
    await _wait_for_cards(play, sandbox)
    return Found(share, polls, _delays(play, play.news), _delays(play, play.saves))


async def _wait_for_cards(play: Play, sandbox: Sandbox) -> None:
    try:
        await sandbox.until(lambda: all(play.card(each) is not None for each in play.news), timeout=PATIENCE)
    except TimeoutError:
        print("not every card came", file=sys.stderr)


def _delays(play: Play, appeared: dict[str, float]) -> list[float]:
    cards = ((play.card(headline), at) for headline, at in appeared.items())
    return [max(0.0, card - at) if card is not None else float("inf") for card, at in cards]


def main() -> bool:
    minutes = float(sys.argv[1]) if sys.argv[1:] else MINUTES
    feeds = int(sys.argv[2]) if sys.argv[2:] else FEEDS
    with tempfile.TemporaryDirectory() as name:
        found = asyncio.run(measured(Path(name), minutes, feeds))
    for line, figure, target in found.lines():
        print(f"{line:28} {figure:8.2f}" + (f"  target {target:g}" if target else ""))
    return all(figure <= target for _, figure, target in found.lines() if target)


if __name__ == "__main__":
    sys.exit(not main())
