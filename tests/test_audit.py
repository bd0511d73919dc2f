"""The audit log: what is done is recorded, and no change to the record goes unseen."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.audit import GENESIS, AuditEntry, Head, canonical, canonical_json
from bot.storage import Place, Queries, Store, backup_of, open_store, verify_audit
from tests.conftest import ARTICLE, NEWSROOM, OWNER, READER, VIBER_READER, Scene, a_scene
from tests.trials.audit import ATTACKS, CONSISTENT, count, write_log

NOW = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
TEXT = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)
DETAILS = st.dictionaries(TEXT, VALUES, max_size=4)


async def _record(store: Store, act: str = "halt.set", **detail: Any) -> None:
    await store.write(lambda tx: tx.record("telegram:1001", act, "", detail, NOW))


async def test_each_entry_is_sealed_by_the_one_before(store: Store, tmp_path: Path) -> None:
    await _record(store, why="Ніч «тут»\n")
    await _record(store)

    with closing(sqlite3.connect(tmp_path / "visnyk.db")) as db:
        rows = db.execute("SELECT * FROM audit ORDER BY id").fetchall()
    seal = GENESIS
    for number, at, actor, act, subject, detail, stored in rows:
        told = {"id": number, "at": at, "actor": actor, "act": act, "subject": subject, "detail": json.loads(detail)}
        text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        seal = hashlib.sha256((seal + text).encode()).hexdigest()
        assert stored == seal
    assert await store.read.audit_head() == Head(2, seal)


async def test_an_entry_falls_with_its_transaction_and_the_chain_goes_on(store: Store, tmp_path: Path) -> None:
    async def fails(tx: Queries) -> None:
        await tx.record("telegram:1001", "halt.set", "", {}, NOW)
        raise RuntimeError("on the way")

    await _record(store)
    with pytest.raises(RuntimeError):
        await store.write(fails)
    await _record(store)

    assert [entry.id for entry in await store.read.audit_log(10)] == [2, 1]
    assert verify_audit(tmp_path / "visnyk.db").fault is None


async def test_what_one_command_undoes_is_not_in_the_log(store: Store, tmp_path: Path) -> None:
    async def partly(tx: Queries) -> None:
        with pytest.raises(RuntimeError):
            async with tx.undone_by(RuntimeError):
                await tx.record("telegram:1001", "halt.set", "", {}, NOW)
                raise RuntimeError("refused")
        await tx.record("telegram:1001", "button.refused", "", {}, NOW)

    await store.write(partly)

    assert [entry.act for entry in await store.read.audit_log(10)] == ["button.refused"]
    assert verify_audit(tmp_path / "visnyk.db").fault is None


async def test_an_act_without_a_proper_name_is_a_mistake_of_ours(store: Store) -> None:
    for act in ("halt", "Halt.set", "halt.", "halt.set\n", ""):
        with pytest.raises(ValueError, match="not an act"):
            await _record(store, act)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE audit SET actor = 'x'",
        "UPDATE OR REPLACE audit SET id = 2 WHERE id = 1",
        "DELETE FROM audit",
        "REPLACE INTO audit VALUES (1, 0, '', 'a.b', '', '{}', '')",
        "INSERT INTO audit VALUES (9, 0, '', 'a.b', '', '{}', '')",
        "INSERT INTO audit (at, actor, act, subject, detail, hash) VALUES (0, '', 'a.b', '', '{}', '')",
        "DELETE FROM audit_head",
        "REPLACE INTO audit_head VALUES (1, 0, '')",
        "UPDATE audit_head SET id = 0",
        "UPDATE audit_head SET hash = ''",
        "UPDATE audit_head SET id = id + 1",
    ],
)
async def test_the_database_itself_refuses_to_change_the_log(store: Store, tmp_path: Path, sql: str) -> None:
    await _record(store)
    await _record(store)

    with (
        closing(sqlite3.connect(tmp_path / "visnyk.db")) as db,
        pytest.raises(sqlite3.IntegrityError, match="audit log"),
    ):
        db.execute(sql)
    assert verify_audit(tmp_path / "visnyk.db").fault is None


@pytest.mark.parametrize("seed", [1, 2])
async def test_every_alteration_and_truncation_is_found_and_its_entry_named(tmp_path: Path, seed: int) -> None:
    heads = await write_log(tmp_path / "visnyk.db", 40, seed)

    found, missed = count(tmp_path / "visnyk.db", heads, 20 * len(ATTACKS + CONSISTENT), seed)
    assert not missed
    assert len(found) == len(ATTACKS + CONSISTENT)


async def test_a_log_written_all_anew_is_found_by_any_posted_head_after_it(tmp_path: Path) -> None:
    heads = await write_log(tmp_path / "a.db", 10)
    await write_log(tmp_path / "b.db", 10, seed=2)

    assert verify_audit(tmp_path / "a.db", heads).fault is None
    assert verify_audit(tmp_path / "b.db").fault is None
    for head in heads:
        fault = verify_audit(tmp_path / "b.db", [head]).fault
        assert fault is not None
        assert fault.entry == head.id


async def test_a_log_shorter_than_a_posted_head_is_found(tmp_path: Path) -> None:
    heads = await write_log(tmp_path / "a.db", 10)
    await write_log(tmp_path / "b.db", 7)

    fault = verify_audit(tmp_path / "b.db", [heads[-1]]).fault
    assert str(fault) == "Entry 8 is missing: the log went on to entry 10."


async def test_a_backup_verifies_and_its_log_goes_on(store: Store, tmp_path: Path) -> None:
    await _record(store)
    head = await store.read.audit_head()
    await backup_of(Place(tmp_path / "visnyk.db"), tmp_path / "copy.db", NOW)
    await _record(store)

    assert verify_audit(tmp_path / "copy.db", [head]).fault is None
    restored = await open_store(tmp_path / "copy.db")
    await _record(restored)
    await restored.close()
    assert verify_audit(tmp_path / "copy.db", [head]).fault is None


@given(DETAILS)
def test_the_canonical_form_is_read_back_as_itself(detail: dict[str, Any]) -> None:
    text = canonical_json(detail)

    assert json.loads(text) == detail
    assert canonical_json(json.loads(text)) == text
    assert canonical_json(dict(reversed(detail.items()))) == text


@given(DETAILS, DETAILS, TEXT, TEXT)
def test_different_entries_have_different_forms(one: dict[str, Any], two: dict[str, Any], who: str, what: str) -> None:
    entries = [
        AuditEntry(1, 0, *texts, detail) for texts in ((who, what, ""), (who, "", what)) for detail in (one, two)
    ]
    forms = {canonical(entry) for entry in entries}

    assert len(forms) == (1 if not what else 2) * (1 if canonical_json(one) == canonical_json(two) else 2)


@given(st.integers(0, 10**15 - 1), st.binary(min_size=32, max_size=32))
def test_a_head_is_read_back_from_its_text(number: int, seal: bytes) -> None:
    head = Head(number, seal.hex())

    assert Head.parse(f" {str(head).upper()}\n") == head


@pytest.mark.parametrize("text", ["", "12", "12:", "12:abc", "-1:" + "0" * 64, "1:" + "0" * 65, "1:" + "g" * 64])
def test_what_is_no_head_is_said_to_be_none(text: str) -> None:
    with pytest.raises(ValueError, match="head"):
        Head.parse(text)


async def _log(scene: Scene) -> list[tuple[str, str, str]]:
    """After the two owners of the settings, whom the start records."""
    log = [(e.actor, e.act, e.subject) for e in reversed(await scene.app.store.read.audit_log(50))]
    owners = [("system", "team.owner", "person:1"), ("system", "team.owner", "person:2")]
    assert log[:2] == owners
    return log[2:]


async def test_whatever_changes_an_article_or_the_house_is_recorded(scene: Scene) -> None:
    await scene.says(f"/queue {ARTICLE}", "чернетка")
    await scene.says("/edit 1\ntopics: мости", "мости")
    await scene.says("/at 1 13:10", "сьогодні о 13:10")
    await scene.says("/halt", "Усе зупинено: жодна")
    await scene.says("/resume", "ще хтось")
    await scene.says_on_viber("/resume", "триває")
    await scene.says("/now 1", " виходить. Результат")
    await scene.says(f"/queue {ARTICLE}", "чернетка")
    await scene.says("/cancel 2", "скасовано")

    assert await _log(scene) == [
        ("person:1", "article.drafted", "article:1"),
        ("person:1", "article.edited", "article:1"),
        ("person:1", "article.scheduled", "article:1"),
        ("person:1", "halt.begun", "halt"),
        ("person:1", "halt.resume_asked", "halt"),
        ("person:2", "halt.ended", "halt"),
        ("person:1", "article.published", "article:1"),
        ("person:1", "article.drafted", "article:2"),
        ("person:1", "article.cancelled", "article:2"),
    ]
    assert verify_audit(scene.settings.database_path).fault is None


async def test_a_person_is_the_same_on_both_platforms_and_a_stranger_is_one(scene: Scene) -> None:
    card = await scene.says(f"/queue {ARTICLE}", "#1 · чернетка")
    code = (await scene.says("/link", "/звязати ")).text.split("/звязати ")[1][:12]
    await scene.says_on_viber(f"/link {code}", "Ще один крок", person=VIBER_READER)
    await scene.until(lambda: any("Це ви?" in bubble.text for bubble in scene.telegram()))
    await scene.presses(scene.telegram()[-1], "Це я", "Готово: ваші Telegram")
    await scene.sandbox.telegram.press(READER, card.message_id, "✖️ Скасувати", chat=OWNER)
    await scene.until(lambda: any("лише редактори" in bubble.text for bubble in scene.telegram()))
    await scene.says_on_viber("/cancel 1", "скасовано", person=VIBER_READER)

    who = [(actor, act) for actor, act, _ in await _log(scene)]
    assert who == [
        ("person:1", "article.drafted"),
        ("person:1", "team.link_asked"),
        (f"viber:{VIBER_READER}", "team.code_used"),
        ("person:1", "team.code_answered"),
        ("person:1", "team.linked"),
        ("stranger", "button.refused"),
        ("person:1", "article.cancelled"),
    ]


async def test_who_submitted_and_who_approved_is_recorded(tmp_path: Path) -> None:
    (tmp_path / "newsroom.toml").write_text(NEWSROOM.replace("desk.approvals = 0", "desk.approvals = 1"), "utf-8")
    async with a_scene(tmp_path) as scene:
        await scene.says(f"/queue {ARTICLE}", "чернетка")
        await scene.says_on_viber("/list", "#1")
        await scene.says("/submit 1", "#1")
        await scene.until(lambda: any("✅ Погодити" in str(bubble.keyboard) for bubble in scene.viber()))
        await scene.presses_on_viber("✅ Погодити", "#1")
        await scene.says("/at 1 13:10", "сьогодні о 13:10")

        assert await _log(scene) == [
            ("person:1", "article.drafted", "article:1"),
            ("person:1", "article.submitted", "article:1"),
            ("person:2", "article.approved", "article:1"),
            ("person:1", "article.scheduled", "article:1"),
            ("system", "article.approvals_voided", "article:1"),
        ]


async def test_what_the_house_does_by_itself_is_recorded_as_its_own(scene: Scene) -> None:
    for minute in ("13:10", "13:20"):
        await scene.says(f"/queue {ARTICLE}", "чернетка")
        await scene.says(f"/at {minute[-2]} {minute}", "сьогодні о")
    scene.advance(minutes=45)
    await scene.until(lambda: scene.channel())

    assert ("system", "article.held", "article:1") in await _log(scene)
    assert ("system", "article.published", "article:2") in await _log(scene)


async def test_a_refused_command_leaves_no_trace_and_a_refused_button_does(scene: Scene) -> None:
    card = await scene.says(f"/queue {ARTICLE}", "чернетка")
    await scene.says("/cancel 7", "немає")
    await scene.presses(card, "✖️ Скасувати", "скасовано")
    await scene.presses(card, "✖️ Скасувати", "вже натискали")

    assert [act for _, act, _ in await _log(scene)] == ["article.drafted", "article.cancelled", "button.refused"]


async def test_a_strangers_forged_button_is_recorded_without_an_id(scene: Scene) -> None:
    card = await scene.says(f"/queue {ARTICLE}", "чернетка")
    await scene.sandbox.telegram.press(READER, card.message_id, "🚀 Опублікувати зараз", chat=OWNER)

    await scene.until(lambda: any("лише редактори" in bubble.text for bubble in scene.telegram()))
    assert (await _log(scene))[-1] == ("stranger", "button.refused", "")
    assert not scene.channel()
