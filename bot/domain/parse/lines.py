"""Splits a pasted text into lines and paragraphs, and joins the messages that an app split a text into."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby, pairwise

from bot.domain.article import Paragraph, Run, plain
from bot.domain.clean import merge

#: Length at which Telegram's apps split a message, in UTF-16 units or code points (docs/platforms/telegram.md#limits).
MESSAGE_LIMIT = 4096
SENTENCE_ENDS = tuple('.!?…»”"')
#: Least length of a line in a hard-wrapped text (mail, terminal); items of a list are mostly shorter.
_WRAPPED = 40


def join_parts(parts: Sequence[Sequence[Run]]) -> tuple[Run, ...]:
    """The text that a Telegram app split into these messages."""
    joined: list[Run] = []
    for before, part in pairwise([(), *parts]):
        joined += [Run(_seam(plain(before), plain(part))), *part]
    return merge(joined)


def without_prefix(runs: Sequence[Run], length: int) -> tuple[Run, ...]:
    """`runs` less their first `length` characters."""
    rest: list[Run] = []
    for run in runs:
        cut = min(length, len(run.text))
        length -= cut
        if cut < len(run.text):
            rest.append(replace(run, text=run.text[cut:]))
    return tuple(rest)


def first_of(runs: Sequence[Run], length: int) -> Paragraph:
    """The first `length` characters of `runs`, without white space at their end."""
    kept: list[Run] = []
    for run in runs:
        if length <= 0:
            break
        kept.append(_with_text(run, run.text[:length]))
        length -= len(run.text)
    return stripped(kept)


def _seam(before: str, after: str) -> str:
    """Return the white space lost between two parts: the app trims it, and cuts at the limit if there is none.

    The app cuts at a line's end where it can. It did if the next word would still have fitted into the part before.
    """
    if not before or not after or before[-1].isspace() or after[0].isspace():
        return ""
    full = MESSAGE_LIMIT in {len(before), len(before.encode("utf-16-le", "surrogatepass")) // 2}
    if not full and _length(f"{before} {after.split(maxsplit=1)[0]}") <= MESSAGE_LIMIT:
        return "\n\n" if "\n\n" in before or "\n\n" in after or "\n" not in before else "\n"
    if full and before[-1].isalnum() and after[0].isalnum():
        return ""
    return "\n\n" if before.endswith(SENTENCE_ENDS) else " "


def _length(text: str) -> int:
    """The length by the smaller of both ways to count."""
    return min(len(text), len(text.encode("utf-16-le", "surrogatepass")) // 2)


def lines_of(runs: Iterable[Run]) -> list[Paragraph]:
    """The lines of `runs` without outer white space; an empty line is an empty tuple."""
    lines: list[list[Run]] = [[]]
    for run in runs:
        first, *others = run.text.split("\n")
        lines[-1].append(replace(run, text=first))
        lines.extend([replace(run, text=text)] if text else [] for text in others)
    return [stripped(line) for line in lines]


def stripped(line: Sequence[Run]) -> Paragraph:
    """The line without white space at both ends."""
    runs = merge(line)
    filled = [at for at, run in enumerate(runs) if not run.text.isspace()]
    if not filled:
        return ()
    first, *between = runs[filled[0] : filled[-1] + 1]
    kept = [_with_text(first, first.text.lstrip()), *between]
    kept[-1] = _with_text(kept[-1], kept[-1].text.rstrip())
    return tuple(kept)


def _with_text(run: Run, text: str) -> Run:
    return run if text == run.text else replace(run, text=text)


def blocks_of(lines: Iterable[Paragraph]) -> list[list[Paragraph]]:
    """The lines in blocks, which empty lines separate."""
    return [list(block) for filled, block in groupby(lines, key=bool) if filled]


#: A paragraph and the place of its first line.
Placed = tuple[int, Paragraph]
#: Words at a line's end after which a sentence goes on: a linked word stands on a line of its own.
_GOES_ON = frozenset(
    [
        "a",
        "an",
        "the",
        "of",
        "in",
        "on",
        "at",
        "by",
        "to",
        "for",
        "from",
        "with",
        "and",
        "or",
        "but",
        "as",
        "into",
        "about",
        "after",
        "before",
        "over",
        "under",
        "between",
        "is",
        "are",
        "was",
        "were",
        "his",
        "her",
        "its",
        "their",
        "that",
        "which",
        "who",
        "made",
        "this",
        "these",
        "those",
        "в",
        "у",
        "на",
        "до",
        "від",
        "з",
        "із",
        "зі",
        "за",
        "про",
        "по",
        "через",
        "та",
        "і",
        "й",
        "або",
        "для",
        "під",
        "над",
        "при",
        "біля",
        "між",
        "щодо",
        "без",
        "повз",
        "що",
        "який",
        "яка",
        "яке",
        "це",
        "аби",
        "щоб",
        "як",
        "о",
        "об",
        "к",
        "с",
        "со",
        "из",
        "от",
        "не",
        "для",
        "про",
        "у",
        "и",
        "или",
        "также",
        "что",
        "который",
        "которая",
        "это",
        "до",
        "без",
        "над",
        "под",
        "при",
        "через",
        "между",
    ]
)
_BEGINS_WITH_STOP = re.compile(r"[,;:.!?)\]»](?:\s|$|[^\W\d])")
_BULLET = re.compile(r"(?:[–—•*·▪◦✅➡👉❗-]|\d{1,2}[.)])\s")
#: A word parted at a line's end.
_PARTED = re.compile(r"\b[^\W\d_]{2,}-$")
#: The first halves of compounds, which keep their hyphen: `соціально-економічний`, `екс-міністр`.
_HALVES = re.compile(
    r"(?i)\b(?:[^\W\d_]{3,}о|екс|віце|прем'єр|онлайн|інтернет|медіа|прес|топ|міні|well|self|non|co|ex)-$"
)
#: Widths of hard-wrapped text, in characters.
_WIDTHS = range(45, 110)


def paragraphs_of(lines: Sequence[Paragraph], *, apart: bool | None = None) -> list[Placed]:
    """The paragraphs: separated by empty lines, or single lines of a block unless they are one wrapped paragraph.

    `apart`: empty lines separate paragraphs; None: if there are any between two lines.
    """
    placed = [(at, line) for at, line in enumerate(lines)]
    blocks = [list(block) for filled, block in groupby(placed, key=lambda each: bool(each[1])) if filled]
    if apart is None:
        apart = len(blocks) > 1
    widths = [max(len(plain(line)) for _, line in block) for block in blocks if _wrapped_part(block) is not None]
    found: list[Placed] = []
    for block in blocks:
        in_list = bool(found) and plain(found[-1][1]).endswith((":", ";"))
        found += _unwrapped(block, in_list=in_list, width=max(widths, default=0)) if apart else _linked(block)
    return _with_strays(found)


def _wrapped_part(block: list[Placed]) -> int | None:
    """Return where the hard-wrapped paragraph in a block begins: at once, or below a title; None if there is none."""
    texts = [plain(line) for _, line in block]
    if is_wrapped(texts):
        return 0
    is_title = (
        len(texts) > 3 and not texts[0].endswith(SENTENCE_ENDS) and not _is_filled(texts, max(map(len, texts[1:])))
    )
    return 1 if is_title and is_wrapped(texts[1:]) else None


def _is_filled(texts: Sequence[str], width: int) -> bool:
    """True if the second line's first word did not fit into the first line."""
    return len(texts[0]) + 1 + len(texts[1].split(maxsplit=1)[0]) > width


def _unwrapped(block: list[Placed], *, in_list: bool, width: int = 0) -> list[Placed]:
    """Join the lines of each paragraph; `width` is that of the text's wrapped paragraphs, 0 if it has none."""
    in_list = in_list and plain(block[0][1])[0].islower()
    start = None if in_list else _wrapped_part(block)
    if start is not None:
        return [*block[:start], (block[start][0], _joined([line for _, line in block[start:]], wrapped=True))]
    paragraphs = [[block[0]]]
    for (_, previous), (at, line) in pairwise(block):
        text = plain(previous)
        in_list = in_list or text.endswith(":")
        is_open = len(text) >= _WRAPPED and not text.endswith((*SENTENCE_ENDS, ":", ";"))
        goes_on = is_open and (plain(line)[0].islower() or (width > 0 and _is_filled((text, plain(line)), width)))
        if goes_on and not in_list:
            paragraphs[-1].append((at, line))
        else:
            paragraphs.append([(at, line)])
    return _linked([(each[0][0], _joined([line for _, line in each], wrapped=width > 0)) for each in paragraphs])


def is_wrapped(texts: Sequence[str]) -> bool:
    """True for a hard-wrapped paragraph: each line is filled so far that the next word did not fit."""
    if len(texts) < 3:
        return False
    width = max(map(len, texts))
    if width not in _WIDTHS or any(_BULLET.match(text) for text in texts):
        return False
    filled = (_is_filled(pair, width) for pair in pairwise(texts))
    return all(filled) and not all(text.endswith(SENTENCE_ENDS) for text in texts)


def _joined(lines: Sequence[Paragraph], *, wrapped: bool = False) -> Paragraph:
    """One paragraph of the lines. In a wrapped text a word that was parted at a line's end is whole again."""
    runs = list(lines[0])
    for line in lines[1:]:
        if wrapped and _PARTED.search(runs[-1].text):
            if plain(line)[0].islower() and not _HALVES.search(runs[-1].text):
                runs[-1] = replace(runs[-1], text=runs[-1].text.removesuffix("-"))
            runs += line
        else:
            runs += [_between(runs[-1], line[0]), *line]
    return merge(runs)


def _linked(block: list[Placed]) -> list[Placed]:
    """Join a linked word that stands on a line of its own to the sentence around it."""
    found: list[Placed] = []
    was_joined = False
    for at, line in block:
        text = plain(line)
        before = plain(found[-1][1]) if found else ""
        starts_with_stop = bool(found) and bool(_BEGINS_WITH_STOP.match(text))
        dangling = before.rsplit(None, 1)[-1].casefold() in _GOES_ON if before else False
        goes_on = was_joined and text[0].islower() and not before.endswith((*SENTENCE_ENDS, ":", ";"))
        if starts_with_stop and len(found) > 1 and not was_joined and not _ends(plain(found[-2][1])):
            place, opening = found[-2]
            found[-2:] = [(place, merge([*opening, Run(" "), *found[-1][1]]))]
        if starts_with_stop or (found and (dangling or goes_on)):
            gap = () if starts_with_stop else (_between(found[-1][1][-1], line[0]),)
            found[-1] = (found[-1][0], merge([*found[-1][1], *gap, *line]))
            was_joined = True
        else:
            found.append((at, line))
            was_joined = False
    return found


def _ends(text: str) -> bool:
    return text.endswith((*SENTENCE_ENDS, ":", ";"))


def _with_strays(paragraphs: list[Placed]) -> list[Placed]:
    """Join a paragraph that begins with a comma or a bracket's end to the one before it."""
    found: list[Placed] = []
    for at, paragraph in paragraphs:
        text = plain(paragraph)
        if found and text[:2] in {", ", "; "} and plain(found[-1][1])[-1].isalnum():
            found[-1] = (found[-1][0], merge([*found[-1][1], *paragraph]))
        else:
            found.append((at, paragraph))
    return found


def _between(before: Run, after: Run) -> Run:
    """The space between two lines of one paragraph: a quote, a link or struck text goes on over the line's end."""
    return replace(before, text=" ") if replace(before, text="") == replace(after, text="") else Run(" ")


def link_of(line: Paragraph) -> str:
    return next((run.link for run in line if run.link), "")
