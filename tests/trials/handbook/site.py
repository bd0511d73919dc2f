"""Makes a site of the pages: each one's HTML, the list of all beside it, and what the search looks through."""

from __future__ import annotations

import html
import json
import re
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).resolve().parents[3]
HERE = Path(__file__).parent
#: The front pages, whose addresses a browser asks for without a name.
FRONT = {"README.md": "index.html", "README.uk.md": "index.uk.html"}
#: Pages of the repository's own folder that the site has too.
BESIDE = (*FRONT, "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md")
#: Files that go into the site as they are.
OWN = ("handbook.css", "handbook.js")


@dataclass(frozen=True, slots=True)
class Page:
    """`place` is its file seen from the repository, `address` its file in the site."""

    place: PurePosixPath
    text: str

    @property
    def address(self) -> PurePosixPath:
        return PurePosixPath(FRONT.get(str(self.place), str(self.place.with_suffix(".html"))))

    @property
    def language(self) -> str:
        return "uk" if self.place.name.endswith(".uk.md") else "en"

    @property
    def title(self) -> str:
        return next((line[2:].strip() for line in self.text.splitlines() if line.startswith("# ")), self.place.stem)

    @property
    def up(self) -> str:
        """The way from the page to the site's own folder."""
        return "../" * (len(self.address.parts) - 1)


def pages_of(root: Path) -> list[Page]:
    found = [root / name for name in BESIDE] + sorted((root / "docs").rglob("*.md"))
    return [Page(PurePosixPath(each.relative_to(root).as_posix()), each.read_text("utf-8")) for each in found]


def anchor(heading: str) -> str:
    """Return what stands after # in an address: `Rates and waits` is `rates-and-waits`."""
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


def build(root: Path, target: Path) -> list[Page]:
    """Write the whole site into `target`, in place of what was there, and return its pages."""
    pages = pages_of(root)
    if target.exists():
        shutil.rmtree(target)
    for page in pages:
        file = target / page.address
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(rendered(page, pages), encoding="utf-8")
    for name in OWN:
        shutil.copy(HERE / name, target / name)
    for place in {place for page in pages for place in _files_on(page) if (root / place).is_file()}:
        (target / place).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(root / place, target / place)
    found = json.dumps([section for page in pages for section in sections(page)], ensure_ascii=False)
    (target / "sections.js").write_text(f"const SECTIONS = {found};\n", encoding="utf-8")
    return pages


def rendered(page: Page, pages: Sequence[Page]) -> str:
    """Return a page as HTML. No word of a page is taken as HTML of its own."""
    tokens = _reader().parse(page.text)
    for heading, inline in _headings(tokens):
        heading.attrSet("id", anchor(inline.content))
    for token in _all(tokens):
        for name in {"href", "src"} & token.attrs.keys():
            token.attrSet(name, led(str(token.attrs[name]), page, pages))
    body = _reader().renderer.render(tokens, _reader().options, {})
    values = {
        "LANGUAGE": page.language,
        "TITLE": html.escape(page.title),
        "UP": page.up,
        "LIST": "\n".join(_entry(each, page) for each in pages if each.place.name not in FRONT),
        "SEARCH": "Пошук" if page.language == "uk" else "Search",
        "BODY": body,
    }
    frame = (HERE / "frame.html").read_text("utf-8")
    return re.sub(r"\{([A-Z]+)\}", lambda found: values[found[1]], frame)


def led(link: str, page: Page, pages: Sequence[Page]) -> str:
    """Return where a link of a page leads in the site: to the page made of the one that it names."""
    name, _, heading = link.partition("#")
    if not name or ":" in name:
        return link
    known = {each.place: each.address for each in pages}
    place = _joined(page.place.parent, name)
    there = page.up + str(known.get(place, place))
    return f"{there}#{heading}" if heading else there


def sections(page: Page) -> Iterator[dict[str, str]]:
    """Yield what the search looks through: each heading with the words below it."""
    tokens, title, place = _reader().parse(page.text), page.title, str(page.address)
    said: list[str] = []
    for token in tokens:
        if token.type == "heading_open":
            yield {"page": page.title, "title": title, "at": place, "text": " ".join(said)}
            said, inline = [], tokens[tokens.index(token) + 1]
            title, place = _plain(inline), f"{page.address}#{anchor(inline.content)}"
        elif token.type == "inline":
            said.append(_plain(token))
        elif token.type == "fence":
            said.append(token.content)
    yield {"page": page.title, "title": title, "at": place, "text": " ".join(said)}


def _reader() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


def _headings(tokens: Sequence[Token]) -> Iterator[tuple[Token, Token]]:
    return ((each, tokens[at + 1]) for at, each in enumerate(tokens) if each.type == "heading_open")


def _all(tokens: Sequence[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from _all(token.children or ())


def _plain(inline: Token) -> str:
    return "".join(" " if each.type == "softbreak" else each.content for each in inline.children or ())


def _files_on(page: Page) -> Iterator[PurePosixPath]:
    """Yield the files of the repository that a page shows or leads to, other than pages."""
    for token in _all(_reader().parse(page.text)):
        link = str(token.attrs.get("href") or token.attrs.get("src") or "").partition("#")[0]
        if link and ":" not in link and not link.endswith(".md"):
            yield _joined(page.place.parent, link)


def _joined(folder: PurePosixPath, name: str) -> PurePosixPath:
    parts: list[str] = []
    for part in (folder / name).parts:
        if part != "..":
            parts.append(part)
        elif parts:
            parts.pop()
    return PurePosixPath(*parts)


def _entry(page: Page, shown: Page) -> str:
    here = ' aria-current="page"' if page == shown else ""
    title = html.escape(page.title.split(" (")[0])
    return f'<li><a href="{shown.up}{page.address}" lang="{page.language}"{here}>{title}</a></li>'
