"""What is said to have been shown was on a phone, in that language, and was not part of something else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import ARTICLE, Scene
from tests.helpers.shown import (
    Cell,
    Found,
    Note,
    as_read,
    everything,
    note,
    notes_in,
    pattern_of,
    seen,
    seen_in,
    templates,
)

DRAFT = [("draft", "en", "draft"), ("new draft", "en", "new draft"), ("draft", "uk", "чернетка")]


def texts_in(text: str, known: list[tuple[str, str, str]]) -> set[tuple[str, str]]:
    return {pair for template in seen_in(text, templates(known)) for pair in template.says}


@pytest.mark.parametrize(
    ("shown", "found"),
    [
        ("#1 · draft", {("draft", "en")}),
        ("13:00 Olena · new draft", {("new draft", "en")}),
        ("#1 · чернетка", {("draft", "uk")}),
        ("new draft, and a draft", {("new draft", "en"), ("draft", "en")}),
        ("drafts", set()),
    ],
)
def test_a_text_is_seen_where_it_stands_by_itself(shown: str, found: set[tuple[str, str]]) -> None:
    assert texts_in(shown, DRAFT) == found


def test_a_text_in_the_place_of_another_is_seen_too() -> None:
    known = [("goes", "en", "#{id} goes out {when}."), ("at", "en", "today at {time}"), ("out", "en", "out")]

    assert texts_in("#1 goes out today at 18:30.", known) == {("goes", "en"), ("at", "en")}
    assert not texts_in("#1 goes out", known[:1])


def test_two_texts_that_read_the_same_are_both_seen() -> None:
    assert texts_in("вибуло: 2", [("left: {n}", "uk", "вибуло: {n}"), ("{n} left", "uk", "вибуло: {n}")]) == {
        ("left: {n}", "uk"),
        ("{n} left", "uk"),
    }


def test_a_text_can_be_looked_for_with_certain_values() -> None:
    assert pattern_of("#{id} is out", id=1).search("#1 is out")
    assert not pattern_of("#{id} is out", id=1).search("#11 is out")
    assert as_read("(\u2060OWNERS)") == "(OWNERS)"


async def test_a_scene_notes_what_its_phones_showed(tmp_path: Path, scene: Scene) -> None:
    watch = scene.sandbox.watch()
    await scene.says("/черга", "Черга порожня")
    await scene.says_on_viber("/start", "підписал")
    await scene.says(f"/queue {ARTICLE}", "чернетка")
    await scene.presses(scene.telegram()[-1], "✖️ Скасувати", "скасовано")
    notes = tmp_path / "notes"
    notes.mkdir()
    note(scene.sandbox, watch, scene.settings.database_path, notes)

    found = seen(notes_in(notes))
    assert Cell("The queue is empty. Add an article: /queue", "uk", "telegram") in found
    assert Cell("🚀 Publish now", "uk", "telegram") in found
    assert {cell.what for cell in found if cell.what[0] in "/["} == {"/list", "/queue", "/start", "[cancel]"}
    assert not {cell for cell in found if cell.language == "en"}


def test_what_nobody_saw_is_missing_and_what_can_not_be_is_not(tmp_path: Path) -> None:
    notes: list[Note] = [
        ("viber", "shown", "", "Черга порожня. Додати матеріал: /новий."),
        ("viber", "said", "en", "/list"),
    ]
    (tmp_path / "1.jsonl").write_text("".join(json.dumps(one) + "\n" for one in notes), encoding="utf-8")
    found = Found.of(tmp_path)

    empty = "The queue is empty. Add an article: /queue"
    places = {(cell.language, cell.platform) for cell in found.missing if cell.what == empty}
    assert places == {("uk", "telegram"), ("en", "telegram"), ("en", "viber")}
    assert f"not shown on telegram en, viber en, telegram uk: {empty!r}" in found.report()
    assert {cell.what for cell in found.seen} == {empty, "/list"}
    assert Cell("Latest news", "uk", "viber") in found.missing
    assert Cell("Latest news", "uk", "telegram") not in found.wanted
    assert not found.unknown and {cell.what for cell in found.wanted} <= everything()


def test_what_is_named_as_impossible_and_seen_is_a_fault(tmp_path: Path) -> None:
    one: Note = ("telegram", "shown", "", "Latest news")
    (tmp_path / "1.jsonl").write_text(json.dumps(one) + "\n", encoding="utf-8")

    assert "tests/helpers/unseen.py" in Found.of(tmp_path).report().split("\n")[-3]
