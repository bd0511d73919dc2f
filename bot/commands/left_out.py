"""Lines that were left out of a copied page, each with the button that takes it back."""

from __future__ import annotations

from collections.abc import Sequence

from bot.commands.talk import Key, Keys, Line, Talk
from bot.domain.article import LeftOut
from bot.domain.buttons import ShowLeftOut, TakeBack
from bot.domain.entry import Entry
from bot.texts import Words

#: Lines with a button on the card; the longest come first, as reporting is long and furniture is short.
ON_CARD = 3
#: Lines with a button where all of them are shown.
SHOWN = 20
#: Characters of a line on its button, and where all are shown.
LABEL, LINE = 28, 120


def keys(words: Words, entry: Entry) -> Keys:
    """Return the card's buttons for the lines that were left out."""
    lines = entry.article.left_out
    longest = sorted(lines, key=lambda each: -len(each.text))[:ON_CARD]
    rows = _rows(entry.id, [each for each in lines if each in longest][:ON_CARD])
    more = len(lines) - len(rows)
    if more > 0:
        label = words.plural("↩️ {n} more line left out", "↩️ {n} more lines left out", more)
        rows.append([Key(label, ShowLeftOut(entry.id))])
    return rows


async def show(talk: Talk, entry: Entry) -> None:
    """Show all that was left out of a draft."""
    lines = entry.article.left_out[:SHOWN]
    listed: list[Line] = [f"• {_cut(each.text, LINE)}" for each in lines]
    await talk.show([talk.words("Left out of #{id}. A button takes its line back:", id=entry.id), *listed],
                    _rows(entry.id, lines))  # fmt: skip


def _rows(number: int, lines: Sequence[LeftOut]) -> list[list[Key]]:
    return [[Key(f"↩️ {_cut(each.text, LABEL)}", TakeBack(number, each.text))] for each in lines]


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
