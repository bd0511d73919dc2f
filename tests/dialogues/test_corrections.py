"""Corrections: proposed, approved together with their note, and shown on every phone in both languages."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from bot.domain import plain
from bot.sandbox import Bubble
from tests.conftest import CHANNEL, READER, VIBER_READER
from tests.dialogues.conftest import TELEGRAM, VIBER, Chat, Four
from tests.helpers.library import (
    GOES,
    LIBRARY,
    MISPRINTS,
    PROPOSED,
    REASON,
    all_are_out,
    article_of,
    partner_of,
    who_sees,
)
from tests.promises.moments import comes_true

WRONG = """Міст через річку відкрили для руху

Новим мостом від понеділка поїдуть автобуси 5 і 15.

У міській раді кажуть, що роботи завершено.

статус: підтверджено
джерело: Міська рада https://example.org/council
посилання: https://example.org/news/bridge"""
NOTE = "Ми написали, що мостом поїдуть автобуси 5 і 15. Правильно: 5 і 12."
LEAD = "лід: Новим мостом від понеділка поїдуть автобуси 5 і 12."


async def is_out(desk: Chat, article: str = WRONG) -> None:
    """Publish article 1, with a reader on each platform."""
    sandbox = desk.scene.sandbox
    await sandbox.telegram.say(READER, "/start")
    await sandbox.viber.say(VIBER_READER, "/start")
    await desk.scene.until(lambda: desk.scene.telegram(READER) and desk.scene.viber(VIBER_READER))
    await desk.says(f"/queue {article}", desk.draft(1))
    await desk.types("/urgent 1")
    await desk.scene.until(lambda: _holds(desk.scene.telegram(READER), "15") and desk.scene.viber_channel())
    await desk.sees("#{id} is out:")


def _holds(bubbles: list[Bubble], text: str) -> bool:
    return any(text in bubble.text for bubble in bubbles)


#: Said before anybody confirms a change.
COSTS = "{platform}: a message to {n} readers and {channels} channels; it is free for those who wrote to us within"


@pytest.mark.newsroom(approvals=1)
async def test_a_wrong_number_is_put_right_by_two_people_and_on_every_phone(four: Four) -> None:
    scene = four.scene
    olena, tim = four.chats[0], four.chats[3]
    assert (olena.platform, tim.platform) == (TELEGRAM, VIBER) and (olena.language, tim.language) == ("uk", "en")
    await is_out(olena)

    await olena.asks("/correct 1", "{kind}. #{id} went out {when}:")
    shown = await olena.asks(LEAD, "What was wrong, and what is right?")
    assert "15" in shown.text and "12" in shown.text
    proposed = await olena.asks(NOTE, "#{id}: {kind}, not out yet:")
    assert olena.reads(proposed, COSTS) and "Viber: повідомлення" in proposed.text
    await olena.pushes("📨 Submit for approval", "{kind} of #{id} is with your colleagues. Approvals needed: {n}.")
    asked = await tim.sees("❓ {name} asks for your approval. {kind} of #{id}:")
    assert NOTE in asked.text and tim.reads(asked, COSTS)
    assert "автобуси 5 і 15" in scene.channel()[0].text
    await tim.pushes("✅ Approve", "{kind} of #{id} is going out now.")

    def right() -> bool:
        return all(
            _holds(bubbles, "❗ Виправлено")
            and _holds(bubbles, "автобуси 5 і 12")
            and not _holds(bubbles, "поїдуть автобуси 5 і 15.\n")
            for bubbles in (scene.telegram(READER), scene.channel())
        )

    await scene.until(right)
    phones: tuple[Callable[[], list[Bubble]], ...] = (
        lambda: scene.telegram(READER),
        scene.channel,
        lambda: scene.viber(VIBER_READER),
        scene.viber_channel,
    )
    await scene.until(lambda: all(_holds(phone(), "❗ Виправлення") and _holds(phone(), NOTE) for phone in phones))
    for chat in (olena, tim):
        done = await chat.sees("#{id}: {kind} {number} is everywhere it can be:")
        assert chat.reads(done, "told: {n}") and chat.reads(done, "edited: {n}")
    await scene.says("/latest", "Виправлено 13:00", person=READER)
    await scene.says_on_viber("/corrections", NOTE, person=VIBER_READER)
    for chat in four.chats:
        shown = await chat.asks("/who 1", "Readers by version:")
        told = chat.words("told of the change")[0]
        versions = [line for line in shown.text.split("\n") if told in line]
        assert [(line.split(",")[0], re.findall(r"\d+", line)) for line in versions] == [
            ("Telegram", ["2", "1"]),
            ("Viber", ["1", "1"]),
        ]
        assert chat.reads(shown, "{platform}, version {version}")


@pytest.mark.newsroom(approvals=1)
async def test_a_corrected_text_of_two_messages_is_one_change(on_telegram: Chat) -> None:
    desk = on_telegram
    await is_out(desk)
    sentence = "Міст ремонтували два роки, і коштувало це 120 мільйонів гривень. "
    paragraphs = [f"{number}. {sentence * 8}".strip() for number in range(12)]
    whole = "\n\n".join([WRONG.split("\n")[0], *paragraphs])
    at = whole.index("7. ")

    await desk.asks("/correct 1", "{kind}. #{id} went out {when}:")
    desk.scene.advance(minutes=20)
    await desk.types(whole[:at])
    await desk.types(whole[at:])
    await comes_true(desk.scene, "SELECT 1 FROM dialogue WHERE data LIKE '%11. %'")
    desk.scene.advance(seconds=3)
    await desk.sees("What was wrong, and what is right?")
    await desk.asks(NOTE, "#{id}: {kind}, not out yet:")

    changed = await desk.scene.app.store.read.content(1, 2)
    assert [plain(each) for each in changed.body][-1] == paragraphs[-1]
    assert len(await desk.scene.app.store.read.all("SELECT 1 FROM article")) == 1


@pytest.mark.newsroom(approvals=1)
async def test_doubt_misprint_and_restoration_are_said_on_each_phone(four: Four) -> None:
    await four.each("/corrections", "We have corrected nothing so far.")
    await all_are_out(four)
    for number, chat in enumerate(four.chats, 1):
        await four.each("/list", "The queue is empty. Add an article: /queue")
        other, reason = partner_of(four, number), REASON[chat.language]
        _, lead, right = LIBRARY[chat.language]
        await chat.asks(f"/edit {number}", "#{id} is out. What changes:")
        await chat.asks(f"/restore {number}", "#{id} stands: there is nothing to restore.")
        await chat.asks(f"/typo {number}", "{kind}. #{id} went out {when}:")
        wrong = lead.format(MISPRINTS[number - 1]).replace("7", "6")
        refused = await chat.asks(f"lead: {wrong}", "A number changes ({old} → {new}): readers must be told.")
        assert chat.labelled(refused, "❗ Correct #{id}")
        await chat.asks(f"/typo {number} lead: {lead.format(right)}", PROPOSED)
        await chat.pushes("✏️ Correct it now", GOES)
        called = await who_sees(four, chat, "⚡ #{id}: {kind} without approval by {person}, {when}.", number)
        await called.pushes("✅ Reviewed", "Noted: you looked at #{id}.")

        await chat.asks(f"/checking {number}", "Readers now see that #{id} is being checked.")
        await other.sees("⚡ {person}: {kind} of #{id}, on one person's word.", id=number)
        await chat.asks(f"/checking {number}", "Readers see already that #{id} is being checked.")
        await chat.asks(f"/update {number}", "#{id} is being checked. End that first:")
        await chat.asks(f"/restore {number}", "Why does it stand after all?")
        await chat.asks("OK", "Readers see this sentence whole:")
        await chat.asks(f"/restore {number} {reason}", PROPOSED)
        await chat.pushes("📨 Submit for approval", "{kind} of #{id} is with your colleagues. Approvals needed: {n}.")
        await chat.asks(f"/correct {number}", "A change of #{id} by {name} already waits for approval.")
        called = await who_sees(four, chat, "❓ {name} asks for your approval. {kind} of #{id}:", number)
        await called.pushes("⛔ Reject", "#{id}: the change does not go out; its author has been told.")
        await chat.sees("⛔ {person} rejected it. {kind} of #{id} does not go out.", id=number)
        await chat.asks(f"/restore {number} {reason} 2.", PROPOSED)
        await chat.pushes("📨 Submit for approval", "{kind} of #{id} is with your colleagues.")
        called = await who_sees(
            four, chat, "❓ {name} asks for your approval. {kind} of #{id}:", number, f"{reason} 2."
        )
        await called.pushes("✅ Approve", GOES)
        await chat.sees("{kind} of #{id} is approved by {person} and going out.", id=number)
        told = await chat.asks("/corrections", "What we corrected:")
        assert reason in told.text


@pytest.mark.newsroom(approvals=1)
async def test_update_clarification_and_retraction_are_said_on_each_phone(four: Four) -> None:
    await all_are_out(four)
    for number, chat in enumerate(four.chats, 1):
        await four.each("/list", "The queue is empty. Add an article: /queue")
        headline, _, _ = LIBRARY[chat.language]
        other, reason = partner_of(four, number), REASON[chat.language]
        await chat.asks(f"/update {number} lead: {headline}, 8-20.", "What is new? Readers will see this sentence.")
        shown = await chat.asks(reason, PROPOSED)
        assert not chat.reads(shown, "Readers on {platform} are told:")
        await chat.pushes("✖️ Discard", "Discarded: #{id} stays as it is.")
        await chat.asks(f"/clarify {number}", "{kind}. #{id} went out {when}:")
        await chat.pushes("💬 Only a sentence, the text stays", "What could mislead?")
        await chat.asks(reason, PROPOSED)
        await chat.pushes("⚡ Urgent: on my word", GOES)
        same = LIBRARY[chat.language][1].format(MISPRINTS[number - 1])
        await chat.asks(f"/correct {number} lead: {same}", "Nothing changed: article #{id} already reads like that.")

        await chat.asks(f"/retract {number}", "What shall readers be told? Why does it not stand?")
        shown = await chat.asks(reason, PROPOSED)
        assert chat.reads(shown, "Readers on {platform} are told:")
        await chat.pushes("⛔ Retract now", GOES)
        await other.sees("⚡ {person}: {kind} of #{id}, on one person's word.", id=number)
        await chat.sees("#{id}: {kind} {number} is everywhere it can be:", id=number)
        await chat.asks(f"/retract {number}", "#{id} is retracted already.")
        await chat.asks(f"/correct {number}", "#{id} is retracted. If it stands after all:")
        history = await chat.asks(f"/history {number}", "The history of #{id}:")
        assert chat.reads(history, "{change} went out, version {version}")
        await chat.says(f"/show {number}", reason)

    stubs = [bubble.text for bubble in four.scene.channel() if bubble.text.startswith("⛔")]
    assert sum("«" in stub for stub in stubs) >= 4
    assert not any(_holds([bubble], "7") for bubble in four.scene.channel())


#: Changes that are more than a misprint, as a person types them; {m} is the misprint itself.
MORE = {
    "uk": [
        ("lead: З грудня {m} не працює 7 днів на тиждень.", "It would say yes where it said no, or no for yes:"),
        ("lead: З Грудня {m} працює 7 днів на тиждень.", "A name changes ({old} → {new}): readers must be told."),
        ("lead: З грудня «{m}» працює 7 днів на тиждень.", "Quotation, question or exclamation marks change:"),
        ("lead: З грудня {m} знову працює 7 днів на тиждень.", "Words are put in or taken out ({old} → {new}):"),
        ("lead: З грудня {m} зачинена 7 днів на тиждень.", "That is another word ({old} → {new}), and no misprint."),
        ("lead: З грудня {n} працює 7 днів на тиждень.", "“{new}” is new to us, it may be a name:"),
        (
            "headline: Місь ка бібліотека відкри ється в неді лю\nlead: З гру дня {m} працює 7 днів на тиждень.",
            "That is more than three words, and so more than a misprint.",
        ),
    ],
    "en": [
        ("lead: From December the {m} is not open 7 days a week.", "It would say yes where it said no, or no for yes:"),
        ("lead: From december the {m} is open 7 days a week.", "A name changes ({old} → {new}): readers must be told."),
        ("lead: From December the “{m}” is open 7 days a week.", "Quotation, question or exclamation marks change:"),
        ("lead: From December the {m} is now open 7 days a week.", "Words are put in or taken out ({old} → {new}):"),
        (
            "lead: From December the {m} is closed 7 days a week.",
            "That is another word ({old} → {new}), and no misprint.",
        ),
        ("lead: From December the {n} is open 7 days a week.", "“{new}” is new to us, it may be a name:"),
        (
            "headline: The ci ty library op ens on Sun days\nlead: From Decem ber the {m} is open 7 days a week.",
            "That is more than three words, and so more than a misprint.",
        ),
    ],
}
#: What stands around the text is the same in both languages.
AROUND = [
    ("status: denial", "The status changes: readers must be told."),
    ("source: Mayor https://example.org/mayor", "The source changes: readers must be told."),
    ("photo: https://example.org/a.jpg", "The picture changes: that is more than a misprint."),
    ("link: https://example.net/a", "A link leads to another site: that is more than a misprint."),
    ("urgent: yes", "More than the spelling changes."),
]


@pytest.mark.newsroom(approvals=1)
async def test_what_is_more_than_a_misprint_is_named_on_each_phone(four: Four) -> None:
    await all_are_out(four)
    for number, chat in enumerate(four.chats, 1):
        wrong = MISPRINTS[number - 1]
        other = f"{wrong[:-1]}{'щ' if chat.language == 'uk' else 'z'}"
        for typed, text in (*MORE[chat.language], *AROUND):
            await chat.asks(f"/typo {number} {typed.format(m=wrong, n=other)}", text)
        await chat.pushes("❗ Correct #{id}", "{kind}. #{id} went out {when}:")


#: With two others it no longer fits below a post.
LONG_NOTE = {
    "uk": "Так вирішила міська рада у вівторок, частина {}. " + "Подробиці в рішенні ради. " * 5,
    "en": "That is what the council decided on Tuesday, part {}. " + "Its paper has all of it. " * 5,
}


async def lets_out(chat: Chat, number: int, act: str, lead: str, note: str) -> None:
    """An owner's change goes out on one word."""
    await chat.types(f"/{act} {number} lead: {lead}")
    await chat.asks(note, PROPOSED)
    await chat.pushes("⚡ Urgent: on my word", GOES)


async def puts(chat: Chat, other: Chat, number: int, lead: str, note: str) -> None:
    """A correction is put to the others, and one of them asks for it."""
    await chat.asks(f"/correct {number} lead: {lead}", "What was wrong, and what is right?")
    shown = await chat.asks(note, PROPOSED)
    assert chat.reads(shown, "The corrected text: {link}") and chat.reads(shown, "The message above is corrected.")
    await chat.pushes("📨 Submit for approval", "{kind} of #{id} is with your colleagues. Approvals needed: {n}.")
    await other.asks(f"/approve {number}", "❓ {name} asks for your approval. {kind} of #{id}:", id=number)


@pytest.mark.newsroom(approvals=1)
async def test_a_change_that_another_went_past_is_named_on_each_phone(four: Four) -> None:
    await all_are_out(four)
    four.scene.sandbox.faults.add("telegram", "429", method="editMessageText", chat=CHANNEL, retry_after=6000)
    for number, chat in enumerate(four.chats, 1):
        await four.each("/list", "The queue is empty. Add an article: /queue")
        other, note = partner_of(four, number), REASON[chat.language]
        for part in ("1", "2", "3"):
            await lets_out(chat, number, "update", f"{note} {part}", LONG_NOTE[chat.language].format(part).strip())
        await chat.sees("All changes")

        await chat.asks(f"/correct {number} lead: {note}", "What was wrong, and what is right?")
        await lets_out(other, number, "update", f"{note} 4", note)
        await chat.asks(note, "#{id} has changed in the meantime. /show {id} shows how it reads now.", id=number)

        await puts(chat, other, number, f"{note} 5", note)
        await other.pushes("⛔ Reject", "#{id}: the change does not go out; its author has been told.")
        await puts(chat, other, number, f"{note} 6", note)
        await other.pushes("✅ Approve", GOES)
        await puts(chat, other, number, f"{note} 7", note)
        await chat.asks(f"/checking {number}", "Readers now see that #{id} is being checked.")
        await other.pushes("✅ Approve", "That change of #{id} is no longer open.")

        await chat.asks(f"/retract {number} {note}", PROPOSED)
        await chat.pushes("⛔ Retract now", GOES)
        await chat.asks(f"/restore {number} {note}", PROPOSED)
        await chat.pushes("📨 Submit for approval", "{kind} of #{id} is with your colleagues.")
        await other.asks(f"/approve {number}", "❓ {name} asks for your approval. {kind} of #{id}:", id=number)
        await other.pushes("✅ Approve", GOES)
        await chat.asks(f"/correct {number}", "#{id} is being restored on the phones right now.")


LEAVES = "{kind} of #{id} leaves in spite of the halt, and nothing else."
HELD_UP = "{kind} of #{id} waits, because everything is halted."


@pytest.mark.newsroom(approvals=1)
async def test_under_a_halt_only_what_stops_harm_is_changed(four: Four) -> None:
    await all_are_out(four)
    await four.chats[0].types("/halt")
    for number, chat in enumerate(four.chats, 1):
        await four.each("/list", "The queue is empty. Add an article: /queue")
        note = f"{REASON[chat.language]} {number}."
        await chat.types(f"/update {number} lead: {note}")
        await chat.asks(note, PROPOSED)
        await chat.pushes("⚡ Urgent: on my word", "Everything is halted, so no change goes out but a retraction")
        await chat.asks(f"/retract {number} {note}", PROPOSED)
        await chat.pushes("⛔ Retract now", HELD_UP)
        other = partner_of(four, number)
        await other.sees(HELD_UP, id=number)
        assert not any(note in bubble.text for bubble in four.scene.channel())
        await chat.pushes("⛔ Out in spite of the halt", LEAVES)
        await other.sees("⛔ {person}: {kind} of #{id} leaves in spite of the halt, and nothing else.", id=number)
        await chat.sees("#{id}: {kind} {number} is everywhere it can be:", id=number)
        assert any(note in bubble.text for bubble in four.scene.channel())
        log = await chat.asks(f"/history {number}", "The history of #{id}:")
        assert chat.reads(log, "{change} let out in spite of the halt")


@pytest.mark.newsroom(approvals=1)
async def test_a_retraction_stops_what_has_not_left_and_its_author_hears_that(four: Four) -> None:
    four.scene.sandbox.faults.add("telegram", "429", method="sendMessage", chat=CHANNEL, retry_after=6000)
    for number, chat in enumerate(four.chats, 1):
        await four.each("/list", "The queue is empty. Add an article: /queue")
        await chat.says(f"/queue {article_of(number, chat.language)}", chat.draft(number))
        await chat.asks(f"/urgent {number}", "#{id} is going out now. The result will come here.")
        other = partner_of(four, number)
        await other.asks(f"/retract {number}", "What shall readers be told? Why does it not stand?")
        await chat.sees("✖️ #{id} goes no further: {person} is retracting it.", id=number)


async def test_a_follow_up_names_what_it_follows_on_each_phone(four: Four) -> None:
    await all_are_out(four)
    for number, chat in enumerate(four.chats, 1):
        text = article_of(number, chat.language).replace("https://example.org/library/", "https://example.org/more/")
        await chat.says(f"/queue {text}", chat.draft(4 + number))
        shown = await chat.asks(f"/edit {4 + number} about: {number}", "Follow-up of #{id}: {headline}")
        assert chat.labelled(shown, "✏️ Edit")
        await chat.sees("Earlier")
        await chat.asks(f"/history {4 + number}", "Follow-up of")


async def is_offered(chat: Chat, label: str, number: int) -> None:
    """Wait for the article's card with that button; older cards may have it, too."""
    await chat.scene.until(
        lambda: any(chat.labelled(each, label) and each.text.startswith(f"#{number} ") for each in chat.heard())
    )


def labels(bubble: Bubble) -> list[str]:
    return [label for row in (*bubble.buttons, *bubble.keyboard) for label, _ in row]


async def test_sending_is_stopped_and_what_has_not_left_goes_on_later(four: Four) -> None:
    four.scene.sandbox.faults.add("telegram", "429", method="sendMessage", chat=CHANNEL, retry_after=6000)
    for number, chat in enumerate(four.chats, 1):
        await four.each("/list", "The queue is empty. Add an article: /queue")
        await chat.asks(f"/stopsend {number}", "There is no article #{id}.")
        await chat.says(f"/queue {article_of(number, chat.language)}", chat.draft(number))
        await chat.asks(f"/stopsend {number}", "#{id} has not gone out yet. /show {id} shows its state.")
        await chat.asks(f"/urgent {number}", "#{id} is going out now. The result will come here.")
        other = partner_of(four, number)
        await other.types(f"/show {number}")
        await is_offered(other, "✋ Stop sending", number)
        asked = await chat.asks("/stopsend", "Which article is /{command} for?")
        assert any(label.startswith(f"#{number} ") for label in labels(asked))
        await other.pushes("✋ Stop sending", "Nothing more of #{id} leaves. /resend {id} missing goes on with it.")
        await chat.sees("✋ #{id} goes no further: {person} stopped its sending.", id=number)
        await chat.asks(f"/stopsend {number}", "Nothing of #{id} is on its way. /who {id} shows who has it.")
        await chat.asks(f"/who {number}", "the desk stopped its sending")
        if number == 1:  # what was stopped is out; later ones find what goes on again
            await chat.asks("/stopsend", "Nothing is waiting for /{command} right now.")
        await other.asks(f"/resend {number} missing", "Send #{id} once more?")
        await other.pushes("📨 Without those who may have it: {n}", "#{id} goes to {n} reader again.")


async def test_where_nobody_else_is_asked_a_change_is_let_out_at_once(four: Four) -> None:
    await all_are_out(four)
    for number, chat in enumerate(four.chats, 1):
        await chat.types(f"/update {number} lead: {REASON[chat.language]}")
        await chat.asks(REASON[chat.language], PROPOSED)
        await chat.pushes("🚀 Let it out", GOES)
