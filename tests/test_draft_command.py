"""`visnyk draft`: what would be taken of a text, without tokens and without a database."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.app import drafting
from bot.errors import CannotStart
from tests.helpers.copies import CLEAN, Clean

NAMES = [
    "headline", "lead", "body", "related", "dropped", "language", "link", "topics", "sources", "status", "notices",
]  # fmt: skip
CALL = "Підтримайте «Приклад» на всіх майданчиках"


def file_of(folder: Path, text: str | bytes, name: str = "copy.txt") -> str:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return str(path)


@pytest.mark.parametrize("clean", CLEAN, ids=lambda clean: clean.headline)
def test_a_clean_article_is_shown_under_the_names_that_outsiders_know(tmp_path: Path, clean: Clean) -> None:
    text = "\n\n".join([clean.headline, *clean.paragraphs])
    sheet = drafting.draft(file_of(tmp_path, text), None)

    assert list(sheet) == NAMES
    assert (sheet["headline"], sheet["language"]) == (clean.headline, clean.language)
    assert (sheet["dropped"], sheet["notices"]) == ([], [])


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty."),
        ("Міст".encode("utf-16"), "is in UTF-16. Save it as UTF-8 and try again."),
        ("Міст".encode("cp1251"), "is not text in UTF-8. Save it as UTF-8 and try again."),
        (b"a" * 1_000_001, "is too long: more than 1,000,000 bytes."),
        (b"a " * 20_000, "The text has 40000 characters, at most 20000 fit."),
        (b"https://example.com/a", "An address alone is no article"),
    ],
)
def test_a_file_that_is_no_article_is_answered_in_a_sentence(tmp_path: Path, content: bytes, reason: str) -> None:
    with pytest.raises(CannotStart) as refused:
        drafting.draft(file_of(tmp_path, content), None)

    assert reason in str(refused.value)


def test_a_folder_and_a_missing_file_are_answered_too(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.txt"):
        with pytest.raises(CannotStart, match="Can't read"):
            drafting.draft(str(path), None)


def test_what_is_learned_from_own_articles_reads_the_next_one(tmp_path: Path) -> None:
    pages = ["\n\n".join(["Наше Підгір'я", clean.headline, *clean.paragraphs, CALL]) for clean in CLEAN[:3]]
    template = drafting.learn([file_of(tmp_path, page, f"{at}.txt") for at, page in enumerate(pages[:2])])
    assert template == f'[template]\nrubrics = ["Наше Підгір\'я"]\nfooter = ["{CALL}"]'

    newsroom = Path("config/newsroom.toml").read_text(encoding="utf-8") + "\n" + template + "\n"
    sheet = drafting.draft(file_of(tmp_path, pages[2]), Path(file_of(tmp_path, newsroom, "newsroom.toml")))
    assert sheet["headline"] == CLEAN[2].headline
    assert sheet["dropped"] == ["Наше Підгір'я", CALL]
