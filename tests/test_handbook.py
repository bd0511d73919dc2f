"""The site of the pages: every link and heading leads somewhere, and the commands on them exist."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import unquote

import pytest
import typer
from selectolax.lexbor import LexborHTMLParser

from bot.__main__ import cli
from bot.commands.table import COMMANDS
from tests.helpers.catalogue import forms, messages, texts_of
from tests.trials.handbook.site import ROOT, anchor, build, pages_of

#: A command of the terminal, in code.
TYPED = re.compile(r"`(?:docker compose exec visnyk )?visnyk ([a-z]+)")
#: A command of the chat, in code.
SAID = re.compile(r"`/([\w-]+)")
EDITORS = {"en": "docs/editors.md", "uk": "docs/editors.uk.md"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("site")
    build(ROOT, target)
    return target


def tree(file: Path) -> LexborHTMLParser:
    return LexborHTMLParser(file.read_text("utf-8"))


def leads(file: Path) -> list[str]:
    """Everything that a page of the site loads or leads to, on the site itself."""
    nodes = [(node, name) for name in ("href", "src") for node in tree(file).css(f"[{name}]")]
    links = [node.attributes[name] or "" for node, name in nodes]
    return [unquote(link) for link in links if ":" not in link]


def test_every_link_of_the_site_leads_to_a_file_and_a_heading(site: Path) -> None:
    broken = []
    for file in sorted(site.rglob("*.html")):
        for link in leads(file):
            name, _, heading = link.partition("#")
            there = (file.parent / name).resolve() if name else file
            known = there.is_file() and (not heading or tree(there).css_first(f'[id="{heading}"]') is not None)
            broken += [] if known else [(file.name, link)]

    assert not broken


def test_each_page_is_one_of_the_site_with_its_title_and_language(site: Path) -> None:
    for page in pages_of(ROOT):
        made = tree(site / page.address)
        heading = made.css_first("h1")
        assert heading is not None, page.place
        assert made.css_first("html").attributes["lang"] == page.language  # type: ignore[union-attr]
        assert made.css_first("title").text().endswith(" · Visnyk")  # type: ignore[union-attr]


def test_the_search_knows_each_heading_by_its_address(site: Path) -> None:
    written = (site / "sections.js").read_text("utf-8").removeprefix("const SECTIONS = ").rstrip(";\n")
    found = json.loads(written)

    assert {each["at"].partition("#")[0] for each in found} == {str(page.address) for page in pages_of(ROOT)}
    (proxy,) = [each for each in found if each["title"] == "Through a proxy"]
    assert proxy["at"] == "docs/deploy.html#through-a-proxy"
    assert "TELEGRAM_PROXY" in proxy["text"]


def test_nothing_written_on_a_page_becomes_markup_of_the_site(site: Path) -> None:
    for file in site.rglob("*.html"):
        sources = [node.attributes["src"] or "" for node in tree(file).css("script")]
        assert {Path(source).name for source in sources} == {"sections.js", "handbook.js"}, file.name


def test_a_heading_is_addressed_by_its_letters() -> None:
    assert anchor("Is this really yours?") == "is-this-really-yours"
    assert anchor("Із чого починає `/новий`") == "із-чого-починає-новий"


def test_every_command_on_the_pages_can_be_typed() -> None:
    group = typer.main.get_command(cli)
    assert hasattr(group, "commands")
    named = {(str(page.place), each) for page in pages_of(ROOT) for each in TYPED.findall(page.text)}

    assert not [each for each in sorted(named) if each[1] not in group.commands]


@pytest.mark.parametrize("language", EDITORS)
def test_the_editors_page_names_commands_and_buttons_as_the_bot_does(language: str) -> None:
    page = (ROOT / EDITORS[language]).read_text("utf-8")
    commands = {name for command in COMMANDS for name in command.names}
    labels = {form for message in messages(texts_of(language)) for form in forms(message.string)}
    pressed = re.findall(r"\*\*(.+?)\*\*", page)

    assert set(SAID.findall(page)) <= commands
    assert not [label for label in pressed if label[0] in "📨✅🚀✏📝" and label not in labels]
    assert len([label for label in pressed if label in labels]) >= 3


def test_the_editors_pages_have_the_same_parts_in_both_languages() -> None:
    parts = [re.findall(r"^#+", (ROOT / name).read_text("utf-8"), re.MULTILINE) for name in EDITORS.values()]

    assert parts[0] == parts[1]
