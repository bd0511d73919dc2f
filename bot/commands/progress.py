"""The progress of a sending to readers, and its forecast, in each desk member's language."""

from __future__ import annotations

from collections.abc import Sequence

from bot.commands.cards import short
from bot.commands.outcomes import PLATFORM_NAMES, tally_parts
from bot.commands.talk import Line, bold, join_lines
from bot.domain import Screen
from bot.domain.entry import Entry
from bot.newsroom.forecast import Progress
from bot.texts import Words

#: The bar's length in characters: with the percent behind it, it stays on one line of a phone.
BAR = 10


def screen(words: Words, entry: Entry, under_way: Sequence[Progress], *, halted: bool) -> Screen:
    """Return the screen that shows how far a sending is. `under_way` is empty when all is over."""
    lines: list[Line] = [
        words("#{id} is being sent:", id=entry.id) if under_way else words("#{id} has been sent.", id=entry.id),
        bold(short(entry.article.headline)),
    ]
    for progress in under_way:
        lines += _progress(words, progress, halted=halted)
    return Screen(join_lines(lines))


def _progress(words: Words, progress: Progress, *, halted: bool) -> list[Line]:
    left = words("about {time} left", time=words.duration(progress.time_left))
    return [
        f"{PLATFORM_NAMES[progress.dispatch.platform]} {bar(progress.fraction)} {int(progress.fraction * 100)} %",
        ", ".join(tally_parts(words, progress.tally)),
        words("halted; to continue: /resume") if halted else left,
    ]


def bar(fraction: float) -> str:
    full = int(fraction * BAR)
    return "▓" * full + "░" * (BAR - full)
