"""/log and /history as chat: who did what, in the reader's language, short enough for a phone."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.commands.history import ACTS, FIELDS, PAGE, WHY
from bot.domain import Address, Article, Media, MediaKind, Origin, Platform, Run, Source, Verification
from bot.domain.article import Earlier, Related
from bot.domain.change import After, ChangeKind
from bot.newsroom import writing
from bot.storage import Queries
from tests.conftest import NEWSROOM, OWNER, READER, Scene, a_scene
from tests.dialogues.conftest import Chat, Four
from tests.helpers.acts import acting
from tests.helpers.catalogue import written

BOT = Path(__file__).resolve().parents[2] / "bot"
RECORDED = re.compile(r'"((?:article|post|team|halt|config|button|command|key|feed|tips)\.[a-z_]+)"')
TITLE = written("Who did what:")
#: What a phone shows in one line and on one screen, about.
LINE, SCREEN = 44, 18


async def test_the_log_names_people_and_acts(desk: Chat) -> None:
    await desk.drafts()
    await desk.says("/at 1 18:30", "18:30")
    await desk.says("/cancel 1", written("cancelled")[desk.language])
    said = await desk.says("/log", TITLE[desk.language])

    title, _, *lines = said.text.split("\n")[:5]
    goes_out = written("goes out {when}", when=written("today at {time}", time="18:30"))
    acts = [text[desk.language] for text in (written("cancelled"), goes_out, written("new draft"))]
    assert title == TITLE[desk.language]
    assert lines == [f"13:00 Olena · #1 {act}" for act in acts]
    assert "person:" not in said.text and "telegram:" not in said.text


async def test_older_entries_come_by_a_button_and_a_screen_is_short(desk: Chat) -> None:
    older = written("⬅️ Older")[desk.language]
    await desk.drafts()
    for minute in range(10, 40):
        await desk.says(f"/at 1 18:{minute}", f"18:{minute}")
    said = await desk.says("/log", "18:39")
    assert "18:27" not in said.text
    assert len(said.text.split("\n")) <= SCREEN
    assert max(len(line) for line in said.text.split("\n")) <= LINE

    page = await _page(desk, older, "18:16")
    assert "18:28" not in page and "18:27" in page
    assert "OWNERS" in await _page(desk, older, "18:10")


async def _page(desk: Chat, label: str, expected: str) -> str:
    """On Telegram the same message shows the older page, on Viber a new one."""
    if not desk.on_telegram:
        return (await desk.presses(label, expected)).text
    bubble = desk.heard()[-1]
    await desk.scene.sandbox.telegram.press(OWNER, bubble.message_id, label)
    await desk.scene.until(lambda: expected in desk.heard()[-1].text)
    return desk.heard()[-1].text


async def test_the_log_of_one_article_holds_nothing_of_others(desk: Chat) -> None:
    await desk.drafts(1)
    await desk.drafts(2)
    await desk.says("/at 2 18:30", "18:30")
    said = await desk.says("/log 1", written("Who did what with #{id}:", id=1)[desk.language])

    assert "18:30" not in said.text
    await desk.says("/log 7", "#7")


async def test_the_history_shows_what_an_edit_changed(desk: Chat) -> None:
    words = desk.headline.split()
    changed = " ".join([*words[:2], "Ворсклу", *words[3:]])
    lead = {"uk": "лід", "en": "lead"}[desk.language]
    await desk.drafts()
    await desk.says(f"/edit 1 {changed}\n\n{desk.article.partition(chr(10) * 2)[2]}", "Ворсклу")
    await desk.says(f"/edit 1 {lead}: -", "#1")
    said = await desk.says("/history 1", written("The history of #{id}:", id=1)[desk.language])

    lines = said.text.replace("*", "").split("\n")
    at = lines.index(f"13:00 Olena · {written('version {version}', version=2)[desk.language]}")
    assert lines[at + 1 : at + 4] == [
        f"  {written('Headline')[desk.language]}:",
        f"  − {_cut(words)}",
        f"  + {_cut(changed.split())}",
    ]
    assert lines[at + 5] == f"  {written('Lead')[desk.language]}:"
    assert lines[at + 6].startswith("  − ") and len(lines) == at + 7
    if desk.on_telegram:
        bold = [said.text[start:end] for kind, start, end, _ in said.entities if kind == "bold"]
        assert words[2] in bold and "Ворсклу" in bold
    else:
        assert f"*{words[2]}*" in said.raw and "*Ворсклу*" in said.raw


def _cut(words: list[str]) -> str:
    """Three words behind the change, and an ellipsis for more than one beyond them."""
    return " ".join(words if len(words) <= 7 else [*words[:6], "…"])


async def test_a_status_is_shown_in_the_readers_words(scene: Scene) -> None:
    owner = Chat(scene, "telegram").arrives()
    await owner.drafts()
    await owner.says("/змінити 1 статус: підтверджено", "Підтверджено")
    await owner.says("/edit 1 статус: спростування", "Спростування")

    said = await owner.says("/history 1", "Історія #1")
    assert "  Статус:\n  − ✅ Підтверджено\n  + ❗ Спростування" in said.text


def test_every_act_that_is_recorded_has_a_name() -> None:
    files = [path for path in BOT.rglob("*.py") if "sandbox" not in path.parts]
    found = {act for path in files for act in RECORDED.findall(path.read_text(encoding="utf-8"))}

    # A seat is written down beside the act that makes it, for the proof of who is on the desk; so are rules at a start.
    # Of being asked the log holds nothing: a statement names it so beside the acts; and one is an event's name.
    assert found - {"team.seat", "config.loaded", "article.asked", "article.corrected"} == set(ACTS)


async def test_refusals_in_a_row_hide_nothing(scene: Scene) -> None:
    owner = Chat(scene, "telegram").arrives()
    card = await owner.drafts()
    for _ in range(30):
        await scene.sandbox.telegram.press(READER, card.message_id, "✖️ Скасувати", chat=OWNER)
    await scene.until(lambda: sum("лише редактори" in bubble.text for bubble in scene.telegram()) == 30)

    said = await owner.says("/log", "Хто що робив:")
    assert "сторонній · відхилено кнопку: немає права ×" in said.text


async def test_entries_of_before_name_the_same_people(scene: Scene) -> None:
    """Older ones carry an address, and "visnyk" for ourselves."""
    owner = Chat(scene, "telegram").arrives()
    await owner.drafts()
    now = scene.clock()
    store = scene.app.store
    await store.write(lambda tx: tx.record(f"telegram:{OWNER}", "article.paused", "article:1", {}, now))
    await store.write(lambda tx: tx.record("visnyk", "article.paused", "article:1", {}, now))

    said = await owner.says("/log 1", "Хто що робив із #1")
    assert "Вісник · на паузі" in said.text and "Olena · на паузі" in said.text


async def test_people_of_the_same_name_are_told_apart(scene: Scene) -> None:
    owner = Chat(scene, "telegram").arrives()
    now, address = scene.clock(), Address(Platform.TELEGRAM, "77")
    await owner.drafts()
    await owner.says("/log", "Olena · #1 нова чернетка")
    role = (await scene.app.store.read.team())[0].role
    await scene.app.store.write(lambda tx: tx.add_person(address, "olena", role, now, invited_by=None, wait_until=None))

    await owner.says("/log", "Olena (1) · #1 нова чернетка")


@pytest.fixture
async def strict(tmp_path: Path) -> AsyncIterator[Scene]:
    (tmp_path / "newsroom.toml").write_text(NEWSROOM.replace("desk.approvals = 0", "desk.approvals = 1"), "utf-8")
    async with a_scene(tmp_path) as running:
        yield running


async def test_the_history_tells_of_approvals_and_why_it_was_held(strict: Scene) -> None:
    owner = Chat(strict, "telegram").arrives()
    await strict.says_on_viber("/list", "Черга")
    await owner.drafts()
    await owner.says("/submit 1", "#1 надіслано колегам.")
    await strict.until(lambda: any("чекає на ваше погодження" in bubble.text for bubble in strict.viber()))
    await strict.presses_on_viber("✅ Погодити", "#1 погоджено")
    await owner.says("/at 1 13:05", "13:05")
    strict.advance(minutes=6)
    await owner.hears(" настав час, але він")

    said = await owner.says("/history 1", "Історія #1")
    for line in ("Olena (1) · надіслано на погодження", "Olena (2) · погоджено", "погодження скасовано: є зміни",
                 "13:06 Вісник · затримано: не погоджено"):  # fmt: skip
        assert line in said.text


DUE = {"due": "2026-11-24T16:30:00+00:00"}
#: What an act is recorded with, where its words need it.
DETAILS: dict[str, list[dict[str, Any]]] = {
    "article.edited": [{"version": 2}],
    "article.scheduled": [DUE, {"due": "2026-11-23T16:30:00+00:00"}],
    "article.expiry_set": [DUE, {"at": None}],
    "article.held": [{"why": why} for why in WHY if why not in ("role", "person", "unknown", "used")],
    "article.pace_set": [{"paid": True}, {"paid": False}],
    "article.approval_voided": [{"person": 1}],
    "team.invited": [{"role": "editor"}],
    "team.joined": [{"role": "editor"}],
    "team.role": [{"role": "reporter"}],
    "button.refused": [{"why": why} for why in ("role", "person", "unknown", "used")],
    "command.refused": [{"why": "role"}],
    **{act: [{"kind": kind, "version": 2} for kind in ChangeKind] for act in ACTS if act.startswith("article.change_")},
    "article.changed": [{"kind": "correction", "version": 2}],
    "article.expired": [{"kind": "stub", "version": 2}],
    "article.goes_in_spite": [{"kind": "retraction", "change": 1}],
    **{act: [{"outlet": "main", "version": 1}] for act in ("post.found", "post.repeated", "post.retried")},
}


async def test_every_act_and_reason_is_told_in_everybodys_language(four: Four) -> None:
    await four.each("/log 1", "There is no article #{id}. /list shows what is waiting.")
    records = [(act, detail) for act in ACTS for detail in DETAILS.get(act, [{}])]
    for page in batched(records, PAGE):
        for act, detail in page:
            subject = "article:1" if act.startswith(("article", "post")) else "person:1"
            now = four.scene.clock()
            await four.write(lambda tx: tx.record("person:2", act, subject, detail, now))  # noqa: B023
        texts = {ACTS[act] for act, _ in page} | {WHY[str(detail["why"])] for _, detail in page if "why" in detail}
        for chat in four.chats:
            await chat.asks("/log", "Who did what:")
            for text in texts:
                await chat.sees(text)


async def test_whatever_an_edit_changed_is_named_in_everybodys_language(four: Four) -> None:
    await four.chats[0].drafts()
    now = four.scene.clock()
    versions: list[dict[str, object]] = [
        {"headline": "Інше", "lead": "Інакше.", "body": ((Run("Слово"),),), "media": Media(MediaKind.PHOTO, url="https://e.org/a.jpg")},
        {"link": "https://example.org/2", "topics": ("місто",), "language": "en", "urgent": True,
         "related": (Related("Ще"),)},
        {"video": True, "status": Verification.DENIAL, "note": "Зателефонувати.", "sources": (Source("ОВА"),)},
        {"about": Earlier(1, "Міст відкрили"), "after": After.STUB, "pin": 60},
        {"body": ((Run("Слово", bold=True),),), "origin": Origin("Олена Коваль", "26.11.2026")},
    ]  # fmt: skip
    for changes in versions:

        async def edit(tx: Queries, changes: dict[str, object] = changes) -> None:
            desk = await acting(four.scene.app.newsroom, tx, now, four.chats[0].address)
            article = replace((await desk.entry(1)).article, **changes)  # type: ignore[arg-type]
            await writing.edit(desk, 1, article)

        await four.write(edit)
    for chat in four.chats:
        shown = await chat.asks("/history 1", "The history of #{id}:")
        for text in [*FIELDS.values(), "looks different, reads the same"]:
            assert chat.reads(shown, text), text
    for _ in range(PAGE):
        await four.write(lambda tx: tx.record("person:2", "article.paused", "article:1", {}, now))
    await four.each("/history 1", "… earlier: /log {id}")


async def test_before_anything_happened_the_log_says_so(four: Four) -> None:
    now, author = four.scene.clock(), four.chats[0].address
    await four.write(lambda tx: tx.add_article(Article("Міст відкрили"), author, now))
    await four.each("/log 1", "Nothing is recorded yet.")


def batched(items: Sequence[tuple[str, dict[str, Any]]], size: int) -> list[list[tuple[str, dict[str, Any]]]]:
    return [list(items[at : at + size]) for at in range(0, len(items), size)]
