"""A risk rule's checklist on the question for approval: what is ticked makes room for what is not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.commands.fit import rows
from bot.commands.talk import Line
from bot.texts import Words

#: Rows of the question that are kept for the checklist, if it needs them.
LEAST = 7


def box(item: str, ticks: Sequence[str]) -> str:
    return "☑" if item in ticks else "☐"


def checklist_of(
    words: Words, items: Sequence[str], ticks: Sequence[str], room: int
) -> tuple[list[Line], Mapping[int, str]]:
    """Return the checklist in at most `room` rows, and the items that have a button, by their places.

    The person who approves ticks every item, so each one is shown whole before it can be ticked: at the latest when
    those before it have been.
    """
    places = dict(enumerate(items, 1))
    if not places:
        return [], {}
    title = words("Tick what you have checked:")
    lines = {place: f"{box(item, ticks)} {place}. {item}" for place, item in places.items()}
    if rows([title, *lines.values()]) <= room:
        return [title, *lines.values()], places
    ticked = [place for place in places if places[place] in ticks]
    waiting = [place for place in places if place not in ticked]
    if ticked:
        title += f" ☑ {len(ticked)}/{len(places)}"
    shown: list[Line] = [title]
    open_ones: list[int] = []
    for count, place in enumerate(waiting, 1):
        after = [_later(words, len(waiting) - count)] if count < len(waiting) else []
        if open_ones and rows([*shown, lines[place], *after]) > room:
            shown.append(_later(words, len(waiting) - len(open_ones)))
            break
        shown.append(lines[place])
        open_ones.append(place)
    return shown, {place: places[place] for place in sorted([*ticked, *open_ones])}


def _later(words: Words, count: int) -> str:
    return words.plural("… and {n} more when these are ticked", "… and {n} more when these are ticked", count)
