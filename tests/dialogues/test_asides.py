"""What is said after a dialogue: nothing follows from it but a question that shows what would."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bot.domain import Run
from bot.domain.dialogue import AskedLead, AskedReason, AskedWhen, Editing
from bot.domain.review import Verdict
from tests.conftest import NEWSROOM
from tests.dialogues.conftest import A_LEAD, Chat, TwoOfADesk, opened
from tests.helpers.crowd import stands

TEN_MINUTES = timedelta(minutes=10, seconds=5)
WHOLE = {"uk": "Міст знову закрили\n\nРух зупинено.", "en": "Library closed again\n\nNobody knows why."}
TOMORROW = {"uk": "завтра", "en": "tomorrow"}
THANKS = {"uk": "Дякую, вже бачу", "en": "Thank you, I see"}
ANSWER = "Is that your answer about #{id}? Nothing has been decided yet."
CHANGE = "Is this a change to #{id} or just a remark?"


async def test_an_edit_that_was_left_open_is_asked_about(desk: Chat) -> None:
    await desk.drafts()
    await desk.asks("/edit 1", "Send the new text of #{id}, or only what changes")
    desk.scene.advance(seconds=TEN_MINUTES.total_seconds())

    question = await desk.asks(WHOLE[desk.language], CHANGE, id=1)
    assert desk.reads(question, "A change would replace the whole text. The headline would be “{headline}”.")
    assert await stands(desk.scene) == (1, "draft")
    await desk.pushes_in_place("📝 Change #{id}", "📝 #{id} is changed.")
    assert await stands(desk.scene) == (2, "draft")

    await desk.asks("/edit 1", "Send the new text of #{id}, or only what changes")
    await desk.asks(THANKS[desk.language], CHANGE, id=1)
    await desk.pushes_in_place("💬 Leave it", "💬 A remark: #{id} stays as it is.")
    question = await desk.asks(A_LEAD[desk.language], CHANGE, id=1)
    assert desk.reads(question, "A change would set: {lines}")
    await desk.pushes_in_place("📰 A new draft", "📰 Taken as a new article.")
    assert [await stands(desk.scene), await stands(desk.scene, 2)] == [(2, "draft"), (1, "draft")]


async def test_a_time_said_long_after_the_question_is_asked_about(desk: Chat) -> None:
    await desk.drafts()
    await desk.asks("/at 1", "When should #{id} go out? For example: 18:30")
    desk.scene.advance(seconds=TEN_MINUTES.total_seconds())

    await desk.asks("18:30", "Is that the time for #{id}: {when}? Nothing has been changed yet.", id=1)
    assert await stands(desk.scene) == (1, "draft")
    await desk.pushes("🕒 #{id}: {when}", "#{id} is queued ✓ It goes out {when}.", id=1)

    await desk.asks("/at 1", "When should #{id} go out? For example: 18:30")
    await desk.types("/list")
    tomorrow = await desk.asks(TOMORROW[desk.language], "Is one of these the time for #{id}?", id=1)
    assert len([label for row in (*tomorrow.buttons, *tomorrow.keyboard) for label, _ in row]) >= 4
    await desk.pushes("", "#{id} is queued ✓ It goes out {when}.", on=desk.written("tomorrow at {time}", time="12:00"))

    await desk.asks("/at 1", "When should #{id} go out? For example: 18:30")
    await desk.asks(WHOLE[desk.language], "To queue an article, send /queue with the text after it.")
    assert await stands(desk.scene) == (1, "queued")


async def test_an_article_left_half_typed_is_a_draft_and_can_be_gone_on_with(desk: Chat) -> None:
    await desk.asks("/queue", "Paste the whole article, or send just the headline")
    await desk.asks("Міст", "Now the lead: one paragraph that says what happened.")
    desk.scene.advance(seconds=TEN_MINUTES.total_seconds())

    await desk.asks("Рух відновили.", "You began “{headline}” {long} ago; it is kept as draft #{id}.", id=1)
    await desk.pushes_in_place("📝 Add to #{id}", "📝 #{id} is changed.")
    found = await desk.scene.app.store.read.entry(1)
    assert found is not None and (found.article.headline, found.article.lead) == ("Міст", "Рух відновили.")


async def test_a_reason_said_long_after_the_question_decides_nothing(
    tmp_path: Path, platform: str, language: str
) -> None:
    text = NEWSROOM.replace("desk.approvals = 0", "desk.approvals = 1")
    async with opened(TwoOfADesk, tmp_path, text, platform, language) as desk:
        await desk.author.drafts()
        await desk.submits()
        chat = desk.other
        await chat.pushes("⛔ Reject", "Why do you reject #{id}?")
        desk.scene.advance(hours=5)

        await chat.asks(THANKS[language], ANSWER, id=1)
        await chat.pushes_in_place("💬 Leave it", "💬 A remark: #{id} stays as it is.")
        assert await stands(desk.scene) == (1, "submitted")

        await desk.submits()
        await chat.pushes("⛔ Reject", "Why do you reject #{id}?")
        await chat.types("/list")
        await chat.asks(THANKS[language], ANSWER, id=1)
        assert await stands(desk.scene) == (1, "submitted")
        label = f"{chat.written('⛔ Reject')} #1"
        await chat.taps(label)
        await chat.sees("#{id} is rejected; its author has been told.", id=1)
        assert await stands(desk.scene) == (1, "rejected")


LATER = (
    *("Дякую, вже бачу", "18:30", "завтра о 9", "лід: Інший лід.", "Чужий текст\n\nЗовсім про інше.", "Погоджено"),
    *("status: confirmed", "source: own correspondent", "так", "#1", "зараз"),
)


async def test_whatever_is_said_after_a_dialogue_changes_nothing_that_stands(editor: Chat) -> None:
    """In the article, its time and its review; a press would have to show it first."""
    store, now = editor.scene.app.store, editor.scene.clock()
    await editor.drafts()
    await editor.asks("/at 1 20:00", "#{id} is queued ✓")
    long_ago = now.timestamp() - TEN_MINUTES.total_seconds()
    begun = (
        Editing(1, version=1, said=long_ago),
        AskedWhen(1, said=long_ago),
        AskedReason(1, binding="", verdict=Verdict.REJECT, said=long_ago),
        AskedLead(((Run("Інший матеріал"),),), said=long_ago),
        Editing(1, version=1, said=now.timestamp(), over=True),
    )
    before = await store.read.dossier(1)
    for dialogue in begun:
        for text in LATER:
            await store.write(lambda tx, it=dialogue: tx.set_dialogue(editor.address, it, now))  # type: ignore[misc]
            heard = len(editor.heard())
            await editor.types(text)
            await editor.scene.until(lambda heard=heard: len(editor.heard()) > heard)  # type: ignore[misc]
            assert await store.read.dossier(1) == before, (dialogue, text)
