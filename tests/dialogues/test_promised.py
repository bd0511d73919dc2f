"""A button gives what it says: its slot, and the version that stood above it; if that is gone, it asks."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from bot.domain import Address, Platform
from bot.newsroom import timing, writing
from bot.newsroom.readiness import read
from bot.storage import Queries
from tests.conftest import OWNER
from tests.dialogues.conftest import Four
from tests.helpers.acts import acting
from tests.helpers.catalogue import written

SLOT = written("⏭ Next slot: {when}", when=written("today at {time}", time="18:30"))
LATER = written("⏭ Next slot: {when}", when=written("tomorrow at {time}", time="09:00"))


async def test_a_slot_that_another_article_took_is_asked_about(four: Four) -> None:
    app, now = four.scene.app, four.scene.clock()
    await four.each_drafts()

    async def take(tx: Queries) -> None:
        desk = await acting(app.newsroom, tx, now, Address(Platform.TELEGRAM, str(OWNER)))
        entry = (await writing.draft(desk, (await desk.entry(1)).article)).entry
        await timing.take_slot(desk, await read(desk, entry.id))

    await four.write(take)
    for number, chat in enumerate(four.chats, 1):
        label = SLOT[chat.language] + ("" if chat.on_telegram else f" #{number}")
        asked = await chat.pushes("", "Nothing is done: that slot is no longer free for #{id}. What now?", on=label)
        assert chat.labelled(asked, "🕒 Another time")
        assert LATER[chat.language] in str(asked.buttons or asked.keyboard)
        entry = await four.scene.app.store.read.entry(number)
        assert entry is not None and entry.due_at is None


async def test_nothing_is_published_that_was_changed_after_the_button_was_shown(four: Four) -> None:
    await four.each_drafts()
    changed = "#{id} was changed after this button was shown, so nothing is done. Look at it as it is now."
    for number, chat in enumerate(four.chats, 1):
        await four.write(partial(_change, four, number))
        label = await four.offered(chat, "now", {"article": number, "version": 1})
        await chat.pushes("", changed, on=label, id=number)
    assert not four.scene.channel()


async def _change(four: Four, number: int, tx: Queries) -> None:
    desk = await acting(four.scene.app.newsroom, tx, four.scene.clock(), Address(Platform.TELEGRAM, str(OWNER)))
    await writing.edit(desk, number, replace((await desk.entry(number)).article, lead="The mayor said no."))
