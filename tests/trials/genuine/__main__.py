"""`python -m tests.trials.genuine [ARTICLES] [EACH]`: the figures of "is this ours?"; exit 1 if one is missed."""

from __future__ import annotations

import asyncio
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.adapters.base import Post
from bot.adapters.telegram.render import render as on_telegram
from bot.adapters.viber.render import render as on_viber
from bot.domain import Article, Outlet, Platform, Press
from bot.domain.finding import weights
from bot.domain.genuine import Imprint, Verdict, imprint_of, read
from bot.readers.genuine import Found, find
from bot.storage import Queries
from tests.helpers.indoors import House, a_house
from tests.trials.genuine import names, photos
from tests.trials.genuine.alterations import FORGED, HONEST, Alter, asked
from tests.trials.genuine.stories import Story, story

#: Articles that are put in at once.
BATCH = 200
#: Parts of a hundred of what is ours that must be called so and found, and milliseconds of an answer.
SAME, FOUND, HALF_IN, MOST_IN = 99.9, 99.5, 50.0, 300.0
_RENDER: Mapping[Platform, Callable[[Article, Outlet], Post]] = {
    Platform.TELEGRAM: on_telegram,
    Platform.VIBER: on_viber,
}


@dataclass
class Score:
    """The answers about one kind of text."""

    verdicts: Counter[Verdict] = field(default_factory=Counter)
    #: Those that called it ours although it does not stand there.
    wrong: int = 0
    right_article: int = 0
    times: list[float] = field(default_factory=list)

    @property
    def asked(self) -> int:
        return self.verdicts.total()


def posts(article: Article, press: Press) -> dict[str, list[str]]:
    """Return the visible texts of an article's posts, as the adapters render them."""
    texts: dict[str, list[str]] = {}
    for platform, render in _RENDER.items():
        for channel in (True, False):
            shown = render(article, press.outlet(article, platform, channel=channel))
            texts.setdefault(platform, []).append(shown.visible)
    return texts


def imprint(house: House, each: Story) -> Imprint:
    press = house.newsroom.press
    return imprint_of(each.article, press, posts(each.article, press))


async def publish(house: House, articles: int) -> float:
    """Let the articles go out, as far as the index is concerned; return the milliseconds of each."""
    began = time.perf_counter()
    for first in range(1, articles + 1, BATCH):
        batch = [story(number) for number in range(first, min(first + BATCH, articles + 1))]

        async def put(tx: Queries, batch: list[Story] = batch) -> None:
            for each in batch:
                await tx.add_imprint(each.number, 1, imprint(house, each), house.clock())
                await tx.make_findable(each.number, weights(each.article))

        await house.store.write(put)
    return 1000 * (time.perf_counter() - began) / articles


async def ask(house: House, kind: str, alter: Alter, pick: Callable[[random.Random], Story], each: int) -> Score:
    r, score = random.Random(kind), Score()
    while score.asked < each:
        chosen = pick(r)
        code = chosen.article.language
        original = r.choice([text for texts in posts(chosen.article, house.newsroom.press).values() for text in texts])
        text = alter(r, code, original)
        if kind in FORGED and kind != "link swapped" and read(text).keys == read(original).keys:
            continue  # the change changed nothing
        began = time.perf_counter()
        found = await find(house.store.read, house.newsroom, asked(kind, text))
        score.times.append(1000 * (time.perf_counter() - began))
        score.verdicts[found.verdict] += 1
        score.right_article += found.article == chosen.number
        score.wrong += await _is_wrong(house, kind, text, found)
    return score


async def _is_wrong(house: House, kind: str, text: str, found: Found) -> bool:
    """True if it was called ours, and its words do not stand in the article that was named."""
    if not found.verdict.is_unbroken:
        return False
    if kind == "link swapped":
        return True
    for printed in await house.store.read.renditions(found.article):
        tails, ours = printed.rendition.tails(), "\0".join(printed.rendition.read().keys)
        theirs = read(text)
        if any("\0".join(each.without_tail(tails).keys) in ours for each in (theirs, theirs.without_begun(tails))):
            return False
    return True


async def scores(house: House, articles: int, each: int) -> dict[str, Score]:
    def ours(r: random.Random) -> Story:
        return story(r.randint(1, articles))

    def foreign(r: random.Random) -> Story:
        return story(r.randint(1, 10**6), seed=99)

    every: Mapping[str, Alter] = {**HONEST, **FORGED}
    found = {kind: await ask(house, kind, alter, ours, each) for kind, alter in every.items()}
    return {**found, "never published": await ask(house, "never published", HONEST["as published"], foreign, each)}


def faults(found: Mapping[str, Score]) -> list[str]:
    """Return what is not as it must be."""
    wrong = [f"{kind}: {score.wrong} called ours" for kind, score in found.items() if score.wrong]
    for kind in ("as published", "copied and pasted"):
        if 100 * found[kind].verdicts[Verdict.SAME] < SAME * found[kind].asked:
            wrong.append(f"{kind}: called the same {found[kind].verdicts[Verdict.SAME]} of {found[kind].asked}")
    for kind in HONEST:
        if 100 * found[kind].right_article < FOUND * found[kind].asked:
            wrong.append(f"{kind}: found {found[kind].right_article} of {found[kind].asked}")
    return wrong


def slow(found: Mapping[str, Score]) -> list[str]:
    """Return how long an answer took, if that was too long."""
    half, most = spread(found)
    return [f"an answer takes {half:.0f} ms, the slowest {most:.0f} ms"] if half > HALF_IN or most > MOST_IN else []


def pictures() -> list[str]:
    """Print what is found of pictures, and return what is wrong with it."""
    found, foreign = photos.figures()
    shown = ", ".join(f"{name} {part:.0f} %" for name, part in found.items())
    print(f"pictures found: {shown}; foreign ones taken for ours: {foreign} of {photos.FOREIGN:,}")
    wrong = [f"picture {name}: found {part:.0f} %" for name, part in found.items() if part < photos.CHANGES[name][1]]
    return [*wrong, *(["foreign pictures are taken for ours"] if foreign else [])]


def imitations() -> list[str]:
    """Return what is wrong with telling imitated names from honest ones."""
    many = len(names.suspected()) * 500 > len(names.HONEST)
    return [f"not seen: {name}" for name in names.missed()] + (["honest names are suspected"] if many else [])


def spread(found: Mapping[str, Score]) -> tuple[float, float]:
    times = sorted(each for score in found.values() for each in score.times)
    return times[len(times) // 2], times[int(len(times) * 0.95)]


def report(found: Mapping[str, Score]) -> str:
    lines = [f"{'':20}{'asked':>7}{'wrong':>7}{'right':>7}  verdicts"]
    for kind, score in found.items():
        verdicts = ", ".join(f"{verdict} {count}" for verdict, count in score.verdicts.most_common())
        lines.append(f"{kind:20}{score.asked:7}{score.wrong:7}{score.right_article:7}  {verdicts}")
    half, most = spread(found)
    return "\n".join([*lines, f"an answer: p50 {half:.1f} ms, p95 {most:.1f} ms"])


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.glob("visnyk.db*") if "ballast" not in file.name)


async def main(articles: int, each: int) -> int:
    with tempfile.TemporaryDirectory() as folder:
        async with a_house(Path(folder)) as house:
            took = await publish(house, articles)
            found = await scores(house, articles, each)
        size = _size(Path(folder)) / articles
    print(report(found))
    print(f"{articles:,} articles: {took:.1f} ms and {size / 1000:.1f} kB each, with their texts and words")
    print(f"names: {len(names.IMITATIONS.split()) - len(names.missed())} imitations seen, "
          f"{len(names.suspected())} of {len(names.HONEST)} honest ones suspected")  # fmt: skip
    wrong = [*faults(found), *slow(found), *imitations(), *pictures()]
    print("\n".join(wrong) or "All figures are kept.")
    return bool(wrong)


if __name__ == "__main__":
    given = [int(argument) for argument in sys.argv[1:]]
    sys.exit(asyncio.run(main(*(given + [100_000, 1000][len(given) :]))))
