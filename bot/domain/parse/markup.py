"""Reads HTML and Markdown that were pasted as text: readers see what the marks mean, not the marks."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser

from bot.domain.article import Paragraph, Run, plain
from bot.domain.clean import clean, merge
from bot.domain.parse.lines import lines_of

_BLOCKS = (
    "p|div|br|h[1-6]|ul|ol|li|blockquote|article|section|header|footer|main|figure|figcaption|table|tr|td|th|hr|pre"
    "|dl|dt|dd"
)
_INLINE = "b|strong|i|em|u|s|del|span|a|font|small|mark|code|q|cite|sup|sub"
_HTML = re.compile(
    rf"(?i)</(?:p|div|h[1-6]|ul|ol|li|blockquote|article|section|figure|table|tr|td)>|<br\s?/?>"
    rf"|<(?:p|h[1-6]|li)(?:\s[^<>]{{0,300}})?>|<(?P<tag>{_INLINE})(?:\s[^<>]{{0,300}})?>[^<>]{{1,500}}</(?P=tag)>"
)
_ANY_TAG = re.compile(rf"(?i)</?(?:{_BLOCKS}|{_INLINE}|img|iframe|script|style|picture|source|video)\b[^<>]{{0,300}}>")
_ENTITY = re.compile(
    r"&(?:nbsp|amp|quot|laquo|raquo|mdash|ndash|hellip|rsquo|lsquo|ldquo|rdquo|apos|lt|gt|shy|bdquo|copy|#\d{2,5}"
    r"|#x[0-9a-fA-F]{2,5});"
)
_BREAKS = frozenset(
    [
        "p",
        "div",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "li",
        "blockquote",
        "article",
        "section",
        "header",
        "footer",
        "main",
        "figure",
        "figcaption",
        "table",
        "tr",
        "hr",
        "pre",
        "dl",
        "dt",
        "dd",
    ]
)
_HIDDEN = frozenset(("script", "style", "head", "template", "noscript", "iframe"))
_LOOKS = {
    **dict.fromkeys(("b", "strong"), "bold"),
    **dict.fromkeys(("i", "em", "cite"), "italic"),
    **dict.fromkeys(("s", "del", "strike"), "struck"),
    "u": "underline",
    "code": "code",
    "blockquote": "quote",
}
_HEADING = re.compile(r"(?P<mark>#{1,6})\s+(?P<text>\S.*?)(?:\s+#+)?")
_STRONG = re.compile(r"\*\*(?=\S)[^*\n]+(?<=\S)\*\*|__(?=\S)[^_\n]+(?<=\S)__")
_LINK = re.compile(r"!?\[[^\[\]\n]{0,300}\]\(https?://[^\s()]{1,500}\)")
_RULE = re.compile(r"(?:-{3,}|\*{3,}|_{3,}|={3,})")
_INLINE_MARKS = re.compile(
    r"!\[[^\[\]\n]{0,300}\]\((?P<picture>https?://[^\s()]{1,500})\)"
    r"|\[(?P<words>[^\[\]\n]{1,300})\]\((?P<link>https?://[^\s()]{1,500})\)"
    r"|(?P<strong>\*\*|__)(?=\S)(?P<bold>[^*_\n]{1,2000}?)(?<=\S)(?P=strong)"
    r"|(?<![\w*_])(?P<soft>[*_])(?=[^\s*_])(?P<italic>[^*_\n]{1,2000}?)(?<=[^\s*_])(?P=soft)(?![\w*_])"
    r"|~~(?=\S)(?P<struck>[^~\n]{1,2000}?)(?<=\S)~~|`(?P<code>[^`\n]{1,500})`"
)
#: What a page tells those who hear it, behind its links.
_NEW_TAB = re.compile(r"(?i),?\s*\(?\bopens (?:in )?(?:a )?new (?:tab|window)\b\)?")
#: Marks that a notice names.
_NAMED = 8


def without_markup(lines: Sequence[Paragraph]) -> tuple[list[Paragraph], tuple[str, ...]]:
    """The lines as they are meant, and the marks that were read; the same lines if there are none."""
    text = "\n".join(map(plain, lines))
    if "<" in text and _HTML.search(text):
        return _html(text)
    found: list[str] = []
    kept = list(lines)
    if "&" in text and _ENTITY.search(text):
        found += _ENTITY.findall(text)
        kept = [_unescaped(line) for line in kept]
    if _NEW_TAB.search(text):
        found += [hint.strip(" ,") for hint in _NEW_TAB.findall(text)]
        kept = [_without_hints(line) for line in kept]
    if _is_markdown(kept):
        kept = [_markdown(line, found) for line in kept]
    return kept, tuple(dict.fromkeys(found))[:_NAMED]


def _without_hints(line: Paragraph) -> Paragraph:
    runs = (replace(run, text=_NEW_TAB.sub("", run.text)) for run in line)
    return tuple(run for run in runs if run.text.strip(" ,") or run.text == " ")


def _unescaped(line: Paragraph) -> Paragraph:
    runs = [
        replace(run, text=_ENTITY.sub(lambda each: unescape(each[0]).replace("\u00a0", " "), run.text)) for run in line
    ]
    cleaned = lines_of(clean(runs).runs)
    return cleaned[0] if len(cleaned) == 1 else tuple(run for each in cleaned for run in each)


def _html(text: str) -> tuple[list[Paragraph], tuple[str, ...]]:
    reader = _Reader()
    reader.feed(text)
    reader.close()
    marks = [re.sub(r"\s.*>", ">", mark, flags=re.DOTALL) for mark in _ANY_TAG.findall(text)]
    marks = [mark for mark in marks if not mark.startswith("</")] + _ENTITY.findall(text)
    # A no-break space of a page is its editor's, not the text's.
    runs = [replace(run, text=run.text.replace("\u00a0", " ")) for run in reader.runs]
    return lines_of(clean(merge(runs)).runs), tuple(dict.fromkeys(marks))[:_NAMED]


class _Reader(HTMLParser):
    """Reads a page's text with its emphasis and links; blocks are apart by empty lines."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.runs: list[Run] = []
        self._open: list[tuple[str, str]] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _HIDDEN:
            self._hidden += 1
        elif tag in _BREAKS:
            self._break(tag)
            if tag == "li":
                self.runs.append(Run("– "))
            elif tag == "blockquote":
                self._open.append((tag, ""))
        elif tag == "br":
            self.runs.append(Run("\n"))
        elif tag in {"td", "th"}:
            self.runs.append(Run(" "))
        elif tag in _LOOKS or tag == "a":
            self._open.append((tag, dict(attrs).get("href") or ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in _HIDDEN:
            self._hidden = max(0, self._hidden - 1)
        elif tag in _BREAKS:
            self._break(tag)
        for at in range(len(self._open) - 1, max(-1, len(self._open) - 20), -1):
            if self._open[at][0] == tag:
                del self._open[at]
                break

    def handle_data(self, data: str) -> None:
        if self._hidden:
            return
        looks: dict[str, bool] = {_LOOKS[tag]: True for tag, _ in self._open[-8:] if tag in _LOOKS}
        link = next((href for tag, href in reversed(self._open[-8:]) if tag == "a" and href.startswith("http")), "")
        text = re.sub(r"[ \t]*\n[ \t]*", " " if self._open else "\n", data) if "\n" in data else data
        self.runs.append(_look(Run(text, link=link), looks))

    def _break(self, tag: str) -> None:
        self.runs.append(Run("\n" if tag in {"li", "tr", "dt", "dd"} else "\n\n"))


def _look(run: Run, looks: dict[str, bool]) -> Run:
    return Run(
        run.text, looks.get("bold", False), looks.get("italic", False), run.link, looks.get("struck", False),
        quote=looks.get("quote", False), underline=looks.get("underline", False), code=looks.get("code", False),
    )  # fmt: skip


def _is_markdown(lines: Sequence[Paragraph]) -> bool:
    """True if there is a mark that people type only as Markdown; single `*` and `_` prove nothing."""
    texts = [plain(line) for line in lines]
    return any(_HEADING.fullmatch(text) and (text.startswith("##") or _is_title(text)) for text in texts[:400]) or any(
        _STRONG.search(text) or _LINK.search(text) for text in texts
    )


def _is_title(text: str) -> bool:
    """True for `# Old mill reopens`: one sign and a few words, not a number or a tag."""
    return len(text.split()) > 2


def _markdown(line: Paragraph, found: list[str]) -> Paragraph:
    text = plain(line)
    if _RULE.fullmatch(text):
        found.append(text)
        return ()
    heading = _HEADING.fullmatch(text)
    if heading:
        found.append(heading["mark"])
        start = heading.start("text")
        line = _from(line, start, heading.end("text"))
    elif re.match(r">\s?\S", text):
        found.append(">")
        line = tuple(replace(run, quote=True) for run in _from(line, 2 if text[1] == " " else 1, len(text)))
    pieces: list[Run] = []
    for run in line:
        pieces += _inline(run, found) if not run.link else [run]
    return merge(pieces)


def _from(line: Paragraph, start: int, end: int) -> Paragraph:
    kept, at = [], 0
    for run in line:
        text = run.text[max(0, start - at) : max(0, end - at)]
        at += len(run.text)
        kept.append(replace(run, text=text))
    return merge(kept)


def _inline(run: Run, found: list[str]) -> list[Run]:
    pieces: list[Run] = []
    start = 0
    for mark in _INLINE_MARKS.finditer(run.text):
        pieces.append(replace(run, text=run.text[start : mark.start()]))
        pieces.append(_piece(run, mark, found))
        start = mark.end()
    return [*pieces, replace(run, text=run.text[start:])]


_PIECES: dict[str, Callable[[Run, str], Run]] = {
    "bold": lambda run, text: replace(run, text=text, bold=True),
    "italic": lambda run, text: replace(run, text=text, italic=True),
    "struck": lambda run, text: replace(run, text=text, struck=True),
    "code": lambda run, text: replace(run, text=text, code=True),
}


def _piece(run: Run, mark: re.Match[str], found: list[str]) -> Run:
    if mark["picture"]:
        found.append(mark[0])
        return replace(run, text="")
    if mark["link"]:
        found.append("[](…)")
        return replace(run, text=mark["words"], link=mark["link"])
    name = next(name for name in _PIECES if mark[name])
    text = mark[name]
    found.append(mark[0][: mark[0].index(text)])
    return _PIECES[name](run, text)
