"""Buttons are sealed with a key that stands in no row: one made by hand does nothing, an older one still works."""

from __future__ import annotations

import sqlite3
import stat
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from bot.domain import Address, Platform
from bot.domain.buttons import Cancel
from bot.domain.entry import Offer
from bot.domain.seals import NO_KEY, new_id
from bot.storage import Store, open_store, verify_audit
from bot.storage.seal_key import file_of
from tests.conftest import Clock

NOW = Clock()()
CHAT = Address(Platform.TELEGRAM, "1001")
PLAIN = new_id(NO_KEY, "cancel", '{"article": 7}', str(CHAT), None)
INSERT = """INSERT INTO button (id, action, args, chat, expires_at)
    VALUES (:id, 'cancel', '{"article": 7}', 'telegram:1001', 9999999999999)"""


async def works(store: Store, button: str) -> bool:
    return await store.read.button(button, CHAT) is not None


async def test_a_button_that_is_sealed_without_the_key_is_none(store: Store) -> None:
    await store.write(lambda tx: tx.adopt_buttons(NOW))
    sealed = await store.write(lambda tx: tx.add_button(Offer(Cancel(7), CHAT), NOW))
    await store.write(lambda tx: tx.run(INSERT, {"id": PLAIN}))

    assert await works(store, sealed) and not await works(store, PLAIN)


async def test_the_key_stands_in_a_file_of_its_own_and_in_no_row(store: Store, tmp_path: Path) -> None:
    await store.write(lambda tx: tx.adopt_buttons(NOW))
    database, file = tmp_path / "visnyk.db", file_of(tmp_path / "visnyk.db")
    key = file.read_bytes()

    assert len(key) == 32 and key == store.read.seal_key
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with closing(sqlite3.connect(database)) as rows:
        assert key.hex() not in "\n".join(rows.iterdump())


async def test_buttons_from_before_there_was_a_key_still_work(store: Store) -> None:
    await store.write(lambda tx: tx.run(INSERT, {"id": "an-older-buttons-id-00"}))
    await store.write(lambda tx: tx.run(INSERT, {"id": PLAIN}))
    await store.write(lambda tx: tx.adopt_buttons(NOW))
    await store.write(lambda tx: tx.adopt_buttons(NOW + timedelta(days=1)))

    assert await works(store, PLAIN) and await works(store, "an-older-buttons-id-00")
    assert await store.read.value("SELECT count(*) FROM audit WHERE act = 'authority.adopted'") == 1
    await store.write(lambda tx: tx.run("UPDATE button SET args = '{\"article\": 8}'"))
    assert not await works(store, PLAIN)


async def test_whoever_takes_the_key_away_makes_no_button_good_by_that(tmp_path: Path) -> None:
    path = tmp_path / "visnyk.db"
    store = await open_store(path)
    await store.write(lambda tx: tx.run(INSERT, {"id": PLAIN}))
    await store.write(lambda tx: tx.adopt_buttons(NOW))
    sealed = await store.write(lambda tx: tx.add_button(Offer(Cancel(7), CHAT), NOW))
    await store.close()
    file_of(path).unlink()
    forged = new_id(NO_KEY, "cancel", '{"article": 7}', str(CHAT), None)
    with closing(sqlite3.connect(path)) as rows:
        rows.execute(INSERT, {"id": forged})
        rows.commit()

    store = await open_store(path)
    await store.write(lambda tx: tx.adopt_buttons(NOW))
    assert await works(store, PLAIN)
    assert not await works(store, forged) and not await works(store, sealed)
    await store.close()
    assert not [row for row in verify_audit(path).unproven if row.startswith("button")]
