"""Texts that somebody made to keep a program busy, of any length."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from bot.domain import Run

Made = Callable[[int], Sequence[Run]]


def _text(piece: str, before: str = "") -> Made:
    return lambda length: [Run(before + piece * (length // len(piece)))]


def _runs(*pieces: Run) -> Made:
    size = sum(len(piece.text) for piece in pieces)
    return lambda length: list(pieces) * (length // size)


def _struck(before: Sequence[Run], text: str) -> Made:
    def made(length: int) -> list[Run]:
        return [*before, *(each for at in range(length // 8) for each in (Run(f"{text}{at}", struck=True), Run("\n")))]

    return made


#: By what is special about them. Each takes a length and returns about as many characters.
HOSTILE: Mapping[str, Made] = {
    "empty lines": _text("\n"),
    "short lines": _text("a\n"),
    "repeated headlines": _text("Слово.\n\n"),
    "spaces": _text(" \n"),
    "stacked marks": _text("\u0301\u0323", "a"),
    "marks of seventy kinds": _text("".join(chr(0x300 + at) for at in range(70)), "a"),
    "joiners": _text("👨\u200d"),
    "selectors": _text("\ufe0f\u200d", "1"),
    "fillers": _text("\u1100\u200b\u1161\u200b"),
    "flags": _text("\U0001f3f4" + "\U000e0061" * 5),
    "rings": _text("в\u030a\u0301"),
    "colons": _text("a:\n"),
    "sources": _text("source: a\n", "T\n\n"),
    "brackets in an address": _text("(a", "T\n\nsource: https://a.b/"),
    "addresses": _text("https://a ", "T\n\nsource: "),
    "teasers": _text("Заголовок\n", "T\n\nЛід.\n\nЧитайте також\n"),
    "headings of teasers": _text("Читайте також\n"),
    "calls": _text("Підписуйтесь на наш Telegram\n", "T\n\n"),
    "photo marks": _text(" (фото", "a"),
    "mixed words": _text("aб "),
    "hard-wrapped lines": _text("слово слово слово слово слово слово слово сл\n", "T\n\n"),
    "hard-wrapped lines in turn bold": _runs(
        Run("слово слово слово слово слово слово слово сл\n", bold=True),
        Run("слово слово слово слово слово слово слово сл\n"),
    ),
    "letters in turn bold": _runs(Run("a", bold=True), Run("b")),
    "marks in turn bold": _runs(Run("\u0301", bold=True), Run("\u0323")),
    "line ends in turn bold": _runs(Run("\n", bold=True), Run("\n")),
    "spaces in turn bold": _runs(Run(" ", bold=True), Run(" ")),
    "emoji of Telegram's own": _runs(Run("a", link="tg://emoji"), Run("b")),
    "struck lines": _struck([Run("T\n\n")], "а"),
    "struck teasers": _struck([Run("T\n\nЛід\n\n"), Run("б" * 500, struck=True), Run("\n\nЧитайте також\n")], "а"),
}
