"""What the code, the settings and the pages cite can be opened: documents, headings, pictures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from bot.commands.table import COMMANDS
from tests.helpers.catalogue import forms, messages, texts_of
from tests.trials.attack import crowds
from tests.trials.attack.registry import THREATS

ROOT = Path(__file__).resolve().parent.parent
#: A page of ours, with a heading of it or without.
CITED = re.compile(r"docs/[\w/-]+\.md(?:#[\w-]+)?")
LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#{1,6} +(.+?) *$", re.MULTILINE)
#: Documents that lie elsewhere: "reference: Telegram 2.3", "see reference", "viber.md 1.6" without its folder.
ELSEWHERE = re.compile(r"\breference[:/] ?\w|see[ ]reference|(?<![\w/])(?:telegram|viber)[.]md\b")
FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def sources() -> Iterator[Path]:
    """Everything that a person wrote here, in code or in prose."""
    for folder in ("bot", "config", "tests", "docs"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in {".py", ".sql", ".toml", ".env", ".md", ".html", ".js"}:
                yield path
    yield from sorted([*ROOT.glob("*.md"), ROOT / "Makefile", ROOT / "pyproject.toml"])


def pages() -> list[Path]:
    return sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def anchors(page: Path) -> set[str]:
    """The headings of a page, as a browser addresses them: `Rates and waits` is `#rates-and-waits`."""
    headings = HEADING.findall(FENCED.sub("", text(page)))
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def missing(place: str, start: Path) -> bool:
    """True if `place`, seen from the folder `start`, is no file of ours or no heading of it."""
    name, _, anchor = place.partition("#")
    page = (start / name).resolve()
    return not page.exists() or (bool(anchor) and anchor not in anchors(page))


def test_every_page_and_heading_cited_in_the_code_exists() -> None:
    cited = {(str(path.relative_to(ROOT)), place) for path in sources() for place in CITED.findall(text(path))}

    assert not sorted((path, place) for path, place in cited if missing(place, ROOT))


def test_no_line_cites_a_document_that_lies_elsewhere() -> None:
    """Migrations that landed are never edited, not even their comments."""
    written = [path for path in sources() if path.suffix != ".sql" and path != Path(__file__).resolve()]
    found = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path in written
        for line in text(path).splitlines()
        if ELSEWHERE.search(line)
    ]

    assert not found


def test_every_link_inside_of_the_pages_leads_somewhere() -> None:
    links = [(page, link) for page in pages() for link in LINK.findall(FENCED.sub("", text(page)))]
    ours = [(page, link) for page, link in links if not re.match(r"[a-z]+:", link)]

    assert ours
    assert not [
        (page.name, link) for page, link in ours if missing(link if link[0] != "#" else page.name + link, page.parent)
    ]


def test_the_readme_stays_short_and_leads_to_every_page() -> None:
    readme = text(ROOT / "README.md")

    assert len(readme.encode()) <= 8_000
    assert not [page.name for page in (ROOT / "docs").rglob("*.md") if str(page.relative_to(ROOT)) not in readme]


def test_every_picture_of_the_documents_is_shown_on_a_page() -> None:
    shown = "".join(text(page) for page in pages())

    pictures = [path for ending in ("png", "webp") for path in (ROOT / "docs").rglob(f"*.{ending}")]
    assert not [path.name for path in pictures if path.name not in shown]
    # Small enough for whoever reads them on a phone.
    assert not [path.name for path in pictures if path.name.startswith("editors-") and path.stat().st_size > 120 * 1024]
    assert (ROOT / "docs" / "demo.webp").stat().st_size <= 2 * 1024 * 1024


#: A test or a folder of them, a module that a person runs, and a threat of `make attack`.
TESTS = re.compile(r"`(tests/[\w./]+)")
RUN = re.compile(r"python -m (tests\.[\w.]+)")
ONLY = re.compile(r'ONLY="([^"]+)"')


def named(pattern: re.Pattern[str]) -> set[tuple[str, str]]:
    """Each page with what it names."""
    return {(page.name, each) for page in pages() for each in pattern.findall(text(page))}


def files_of(module: Path) -> tuple[Path, Path]:
    return module.with_suffix(".py"), module / "__main__.py"


def test_every_command_that_the_pages_name_can_be_given() -> None:
    modules = [(page, ROOT / each.replace(".", "/")) for page, each in named(RUN)]

    assert not [(page, each) for page, each in named(TESTS) if not (ROOT / each).exists()]
    assert not [each for each in modules if not any(path.exists() for path in files_of(each[1]))]
    assert not [each for each in named(ONLY) if not any(each[1] in threat.name for threat in THREATS)]


def test_every_attack_stands_among_the_threats_and_every_test_there_exists() -> None:
    threats = text(ROOT / "docs/threats.md")
    rows = [line for line in threats.splitlines() if line.startswith("| ") and "`" in line]

    assert not [threat.name for threat in THREATS if not any(only in threat.name for only in ONLY.findall(threats))]
    assert not [row for row in rows if not re.search(r"`(?:make |tests/|python -m )", row.rsplit(" | ", 1)[-1])]


def test_every_setting_and_figure_of_the_attack_is_the_one_that_is_used() -> None:
    promised = text(ROOT / "docs/promises.md")
    crowd, half_open = (next(threat for threat in THREATS if word in threat.name) for word in ("crowd", "half-open"))

    assert f"within {crowds.SOON:.0f} s (p95)" in promised and f"a post at most {crowds.POST_LATER:.0f} s" in promised
    assert f"{crowd.short:,} instead of {crowd.tries:,}" in promised
    assert f"{half_open.short:,} instead of {half_open.tries:,}" in promised


def test_the_ukrainian_readme_says_what_the_bot_says() -> None:
    page = text(ROOT / "README.uk.md")
    commands = {name for command in COMMANDS for name in command.aliases}
    labels = {form for message in messages(texts_of("uk")) for form in forms(message.string)}

    assert set(re.findall(r"`/([\w-]+)", page)) <= commands
    pressed = [label for label in re.findall(r"\*\*(.+?)\*\*", page) if label[0] in "📨✅🚀"]
    assert len(pressed) == 3
    assert set(pressed) <= labels
