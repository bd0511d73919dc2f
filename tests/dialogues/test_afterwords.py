"""Whoever asked whether a text is ours hears, once and in their language, when that article was put right."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.change import ChangeKind, Tell
from bot.newsroom.retention import Retention
from tests.dialogues.conftest import Chat
from tests.helpers.asking import OTHER, PIECES, goes_out
from tests.helpers.changing import changes
from tests.helpers.crowd import rows
from tests.promises.moments import comes_true

CORRECTED = "❗ You asked us about a text. We have corrected that article since:"
RETRACTED = "⛔ You asked us about a text. We have taken that article back since. Please don't pass it on:"
STANDS = "✅ You asked us about a text that was in doubt. We have checked it, and it stands:"
NOTES = {
    "uk": ("Ми помилилися в сумі: правильно 130.", "Міська рада все заперечила.", "Рада все підтвердила."),
    "en": ("We had the sum wrong: it is 130.", "The council denied all of it.", "The council confirmed it."),
}
PROPOSED, GOES = "#{id}: {kind}, not out yet:", "{kind} of #{id} is going out now."


async def lets_out(chat: Chat, act: str, note: str, button: str) -> None:
    """An owner's change of article 1 goes out."""
    owner = Chat(chat.scene, chat.platform, chat.language)
    if act == "correct":
        await owner.asks(f"/correct 1 lead: {note}", "What was wrong, and what is right?")
    await owner.asks(note if act == "correct" else f"/{act} 1 {note}", PROPOSED)
    await owner.pushes(button, GOES)


def heard(chat: Chat, text: str) -> int:
    return sum(chat.reads(bubble, text) for bubble in chat.heard())


async def asks_about(chat: Chat, post: str) -> None:
    await chat.asks("/start", "Thank you for subscribing.")
    await chat.asks(f"/check {post}", "✅ Yes, this is ours, word for word:")


async def settled(chat: Chat) -> None:
    """Nobody is due to be told, and what was said has left."""
    await comes_true(
        chat.scene,
        "SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM afterword WHERE due_at IS NOT NULL) "
        "AND NOT EXISTS (SELECT 1 FROM reply)",
    )


async def test_whoever_asked_hears_of_a_correction_once_and_of_what_follows(reader: Chat) -> None:
    post = await goes_out(reader)
    await reader.asks("/start", "Thank you for subscribing.")
    number, more, *_ = PIECES[reader.language]
    wrong, denied, _ = NOTES[reader.language]
    await reader.asks(f"/check {post}", "✅ Yes, this is ours, word for word:")
    await reader.asks(f"/check {post.replace(number, more)}", "🔴 This was altered")
    await reader.asks(f"/check {OTHER[reader.language]}", "⚪ We have not published this.")
    kept = await reader.asks("/mydata", "What we keep about you:")
    assert reader.reads(kept, "• which articles of ours you asked about, for seven days: {n}")

    await lets_out(reader, "correct", wrong, "🚀 Let it out")
    told = await reader.sees(CORRECTED)
    assert wrong in told.text and reader.headline in told.text and reader.labelled(told, "Open the original")
    await lets_out(reader, "retract", denied, "⛔ Retract now")
    assert denied in (await reader.sees(RETRACTED)).text

    assert (heard(reader, CORRECTED), heard(reader, RETRACTED)) == (1, 1)
    assert await rows(reader.scene, "SELECT 1 FROM afterword") == []


async def test_what_would_cost_money_waits_for_the_next_word(reader: Chat) -> None:
    await asks_about(reader, await goes_out(reader))
    reader.scene.advance(hours=25)

    await lets_out(reader, "retract", NOTES[reader.language][1], "⛔ Retract now")
    await settled(reader)
    assert heard(reader, RETRACTED) == (1 if reader.on_telegram else 0)

    await reader.asks("/latest", "The latest:")
    await reader.sees(RETRACTED)
    await settled(reader)
    assert heard(reader, RETRACTED) == 1


async def test_a_reader_with_a_copy_is_told_of_it_once(reader: Chat) -> None:
    await reader.asks("/start", "Thank you for subscribing.")
    post = await goes_out(reader)
    await reader.scene.until(lambda: any(reader.headline in bubble.text for bubble in reader.heard()))
    await reader.asks(f"/check {post}", "✅ Yes, this is ours, word for word:")

    await lets_out(reader, "retract", NOTES[reader.language][1], "⛔ Retract now")
    denied = NOTES[reader.language][1]
    await reader.scene.until(lambda: any(denied in bubble.text for bubble in reader.heard()))
    await settled(reader)

    assert heard(reader, RETRACTED) == 0


async def test_who_asked_in_doubt_hears_that_it_stands_and_who_left_hears_nothing(reader: Chat) -> None:
    post = await goes_out(reader)
    await asks_about(reader, post)
    await reader.asks("/stop", "You have unsubscribed.")
    await lets_out(reader, "retract", NOTES[reader.language][1], "⛔ Retract now")
    await settled(reader)
    assert heard(reader, RETRACTED) == 0

    scene = reader.scene
    scene.advance(minutes=1)
    await reader.asks("/start", "Thank you for subscribing.")
    await reader.asks(f"/check {post}", "⛔ We published this and took it back.")
    scene.advance(minutes=1)
    entry = await scene.app.store.read.entry(1)
    assert entry is not None
    await changes(scene, entry.article, kind=ChangeKind.RESTORATION, tell=Tell.NOBODY)
    await scene.app.store.write(lambda tx: tx.owe_afterwords(1, scene.clock()))
    await reader.sees(STANDS)


async def test_what_was_asked_is_forgotten_at_the_readers_wish_and_after_a_week(reader: Chat) -> None:
    scene = reader.scene
    post = await goes_out(reader)
    await asks_about(reader, post)
    await scene.app.store.write(lambda tx: tx.owe_afterwords(1, scene.clock() + timedelta(days=6)))
    kept = "SELECT 1 FROM checked WHERE article_id = 1 UNION ALL SELECT 1 FROM afterword"
    assert len(await rows(scene, kept)) == 2
    await reader.asks("/forgetme", "Delete all we keep about you?")
    await reader.pushes("🗑 Delete it all", "Done: we keep nothing about you.")
    assert await rows(scene, kept) == []

    await reader.asks("/start", "Thank you for subscribing.")
    await asks_again(reader, post)
    scene.advance(days=7, minutes=1)
    await Retention(timedelta(days=90)).forget(scene.app.store, scene.clock())
    assert await rows(scene, kept) == []


async def asks_again(chat: Chat, post: str) -> None:
    await chat.asks(f"/check {post}", "✅ Yes, this is ours, word for word:")
    await chat.scene.app.store.write(lambda tx: tx.owe_afterwords(1, chat.scene.clock() + timedelta(days=6)))
