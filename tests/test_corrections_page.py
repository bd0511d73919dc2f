"""The page of corrections: what a reader sees of them with a browser alone, in both languages."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.app import public_record
from bot.app.recording import made_site
from bot.domain.codes import code_of
from bot.record.corrections import CorrectionsPage, Told
from bot.record.entries import Act
from bot.record.signing import Signer, last_signed
from bot.texts import Catalogue
from config.newsroom import load_newsroom
from config.settings import LOCALES, load_settings
from tests.conftest import NEWSROOM
from tests.helpers.indoors import a_house
from tests.helpers.recorded import KEY, STORY, acts

SAYS = Catalogue.load(LOCALES)
PAGE = CorrectionsPage((SAYS.say("uk"), SAYS.say("en")), "Вісник", ZoneInfo("Europe/Kyiv"))
AT = datetime(2026, 11, 24, 12, 5, tzinfo=UTC)
TOLD = Told(Act.CORRECTED, AT, "Ми писали 15 & <b>12</b>.", "0000A3", "Міст «через» <Сулу>", "uk")


@pytest.mark.parametrize(("path", "language", "words"), [
    ("corrections.html", "uk", ("Наші виправлення", "24 лист. 2026", "14:05", "Перевірити текст", "English")),
    ("corrections.uk.html", "uk", ("Наші виправлення", "Перевірити текст")),
    ("corrections.en.html", "en", ("Correction", "Nov 24, 2026, 14:05", "Check a text", "Українська")),
])  # fmt: skip
def test_a_correction_is_told_in_the_pages_language_and_its_own(path: str, language: str, words: tuple[str]) -> None:
    text = PAGE.of(path, [TOLD])

    assert all(word in text for word in words)
    assert f'<html lang="{language}">' in text and '<p lang="uk">Ми писали 15 &amp; &lt;b&gt;12&lt;/b&gt;.</p>' in text
    assert '<a href="verify.html#0000A3" lang="uk">Міст «через» &lt;Сулу&gt;</a>' in text
    assert "<script" not in text and "{{" not in text


def test_without_corrections_and_without_the_text_the_page_says_so() -> None:
    assert "Досі ми нічого не виправляли." in PAGE.of("corrections.html", [])

    withdrawn = PAGE.of("corrections.en.html", [Told(Act.RETRACTED, AT, "Суд.", "0000A4")])
    assert "<h2>Retraction</h2>" in withdrawn and "verify.html#" not in withdrawn


async def test_the_page_is_exported_beside_the_feed_and_renewed(tmp_path: Path) -> None:
    (tmp_path / "newsroom.toml").write_text(NEWSROOM, encoding="utf-8")
    async with a_house(tmp_path) as house:
        signer = Signer(KEY, last_signed(tmp_path / "visnyk.db"))
        settings = load_settings({"NEWSROOM": str(tmp_path / "newsroom.toml")})
        site = made_site(house.store.read, signer, settings, load_newsroom(settings.newsroom))
        await acts(house, Act.CORRECTED, note="Ми писали 15.")
        await public_record.exported(site, tmp_path / "site", signer)
        first = (tmp_path / "site" / "corrections.html").read_text("utf-8")
        await acts(house, Act.RETRACTED, note="Рада це заперечила.")
        await public_record.exported(site, tmp_path / "site", signer)

    assert "Ми писали 15." in first and STORY.headline in first and f'id="{code_of(1)}"' in first
    for name in ("corrections.html", "corrections.uk.html", "corrections.en.html"):
        text = (tmp_path / "site" / name).read_text("utf-8")
        assert text.index("Рада це заперечила.") < text.index("Ми писали 15.")
