"""What somebody is told when an article can't be changed, approved or published as they asked: on four phones."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.ledger import DispatchState
from bot.domain.people import Role
from bot.sandbox.telegram_content import SMALL_JPEG
from tests.conftest import CHANNEL, NEWSROOM
from tests.dialogues.conftest import Chat, Four, four_phones
from tests.promises.moments import comes_true

STRICT = NEWSROOM.replace("desk.approvals = 0", "desk.approvals = 1")


@pytest.fixture
async def strict(tmp_path: Path) -> AsyncIterator[Four]:
    async with four_phones(tmp_path, STRICT) as made:
        yield made


async def binding(four: Four, number: int) -> str:
    """What an answer to the question about an article stands for."""
    asked = await four.scene.app.store.read.open_review(number)
    assert asked is not None
    return asked.binding


async def presses(four: Four, chat: Chat, action: str, number: int, text: str, seen: str = "") -> None:
    """A button that was shown when the article stood so."""
    label = await four.offered(chat, action, {"article": number, "binding": seen or await binding(four, number)})
    await chat.pushes("", text, on=label)


async def test_what_is_not_approved_is_submitted_and_answered_for(strict: Four) -> None:
    await strict.each_drafts()
    newcomers = (await strict.seats(Role.EDITOR, approves=False)).chats
    for number, chat in enumerate(strict.chats, 1):
        other, newcomer = strict.chats[number % 4], newcomers[number - 1]
        # Whoever answers nothing for an hour is not told everything on Viber.
        await strict.each("/whoami", "You are {id}, an owner of this newsroom.")
        await chat.asks(f"/now {number}", "#{id} can't go out right now. Approvals missing: {n}.")
        await chat.asks(f"/show {number}", "draft")
        await chat.pushes("📨 Submit for approval", "#{id} is with your colleagues.")
        await presses(strict, chat, "approve", number, ("You are an author of #{id}: someone else must approve it."))
        await presses(strict, newcomer, "approve", number, "You are new here, so you can't approve yet.")
        await presses(strict, chat, "approve", number, "#{id} has changed since you saw it.", seen="another")
        await chat.asks(f"/show {number}", "waiting for approval")
        await other.sees("#{id} is waiting for your approval.", id=number)
        await presses(strict, other, "approve", number, "#{id} is approved.")
        await presses(strict, chat, "later", number, "#{id} is already approved.")
        for each in strict.chats:
            if each is not other:
                await each.sees("#{id} is approved by {person}.", id=number)


async def test_of_two_who_are_needed_the_first_hears_that_one_is_missing(tmp_path: Path) -> None:
    async with four_phones(tmp_path, NEWSROOM.replace("desk.approvals = 0", "desk.approvals = 2")) as four:
        await four.each_drafts()
        for number, chat in enumerate(four.chats, 1):
            await four.chats[number % 4].says(f"/submit {number % 4 + 1}", f"#{number % 4 + 1}")
            await chat.sees("#{id} is waiting for your approval.", id=number % 4 + 1)
            await presses(four, chat, "approve", number % 4 + 1, "#{id}: your approval counts. Still missing: {n}.")


async def test_where_too_few_may_approve_the_card_says_so(tmp_path: Path) -> None:
    async with four_phones(tmp_path, NEWSROOM.replace("desk.approvals = 0", "desk.approvals = 3")) as four:
        await four.each_drafts()
        for number, chat in enumerate(four.chats, 1):
            await four.makes(number % 4 + 1, Role.REPORTER)
            await chat.asks(f"/show {number}", "⚠️ Approvals needed: {needed}; people who can give one: {n}.")
            await four.makes(number % 4 + 1, Role.OWNER)


async def test_what_went_out_on_one_word_is_looked_at_by_another(strict: Four) -> None:
    await strict.each_drafts()
    for number, chat in enumerate(strict.chats, 1):
        other = strict.chats[number % 4]
        await chat.asks(f"/urgent {number}", "It goes out on your responsibility.")
        seen = await binding(strict, number)
        await presses(strict, chat, "look_back", number, "You sent #{id} out: someone else must review it.")
        await other.sees("⚡ {person} is sending #{id} out without approval:", id=number)
        await presses(strict, other, "look_back", number, "Noted: you looked at #{id}.")
        await presses(strict, other, "look_back", number, "Someone has already reviewed #{id}.", seen=seen)


async def test_where_nobody_else_may_approve_it_is_said(strict: Four) -> None:
    await strict.each_drafts()
    for number, chat in enumerate(strict.chats, 1):
        for other in range(1, 5):
            await strict.makes(other, Role.OWNER if other == number else Role.REPORTER)
        await chat.asks(f"/show {number}", "⚠️ Nobody else can approve it yet.")
        await chat.asks(f"/submit {number}", "There is nobody else on the desk who can approve #{id}")


async def test_where_everybody_else_must_wait_it_is_said_until_when(strict: Four) -> None:
    """The owner's first days: those who came are new, and so nobody may approve yet."""
    await strict.each_drafts()
    until = strict.scene.clock() + timedelta(hours=24)
    for number, chat in enumerate(strict.chats, 1):
        for other in range(1, 5):
            role, wait = (Role.OWNER, None) if other == number else (Role.EDITOR, until)
            await strict.makes(other, role, wait)
        await chat.asks(f"/show {number}", "⚠️ Nobody else can approve it before {when}.")
        await chat.asks(f"/submit {number}", "Nobody else can approve #{id} before {since}: newcomers wait", id=number)


async def test_where_no_approval_is_asked_for_it_is_said(four: Four) -> None:
    await four.chats[0].drafts()
    await four.each("/submit 1", "No approval is needed here: an editor")


async def test_what_goes_out_in_a_moment_is_stopped_first(tmp_path: Path) -> None:
    async with four_phones(tmp_path, NEWSROOM.replace('desk.undo = "0 s"', 'desk.undo = "30 s"')) as four:
        await four.chats[0].drafts()
        await four.chats[0].says("/now 1", "⏳")
        await four.each("/at 1 18:30", "#{id} goes out in a few seconds.")
        await four.each("/show 1", "goes out in a few seconds")
        await four.each("/log 1", "to be published")


async def test_what_is_under_way_and_what_was_yesterday(four: Four) -> None:
    four.scene.sandbox.faults.add("telegram", "429", chat=CHANNEL, retry_after=3600)
    await four.chats[0].drafts()
    await four.chats[0].says("/now 1", "#1")
    # The wait is counted from when Telegram asks for it: on a busy machine that may be later than all that is said.
    await comes_true(four.scene, "SELECT 1 FROM dispatch WHERE state = 'ready' AND not_before > created_at + 3000000")
    await four.each("/at 1 18:30", "Article #{id} is being published right")
    await four.each("/show 1", "waiting to be sent")
    four.scene.advance(hours=24)
    await four.all_see("#{id} is out:")
    await four.each("/show 1", "yesterday at {time}")


async def test_what_is_on_the_wire_is_shown_as_being_sent(four: Four) -> None:
    four.scene.sandbox.faults.add("telegram", "late", chat=CHANNEL, delay=10)
    await four.chats[0].drafts()
    await four.chats[0].types("/now 1")
    read = four.scene.app.store.read
    async with asyncio.timeout(60):
        while DispatchState.SENDING not in {each.state for each in await read.dispatches(1)}:  # noqa: ASYNC110
            await asyncio.sleep(0)  # a card that is asked for sooner says that it waits
    await four.each("/show 1", "being sent")


async def test_an_article_whose_row_is_damaged_is_held_and_told_to_all(four: Four) -> None:
    await four.chats[0].drafts()
    await four.chats[0].says("/at 1 14:00", "14:00")
    await four.write(lambda tx: tx.run("UPDATE version SET content = '{' WHERE article_id = 1"))
    four.scene.advance(hours=1)

    await four.all_see("#{id} was due, but its text in the database can't be read")
    await four.each("/show 1", "#{id} can't be read: its text in the database is damaged.")


async def test_who_made_a_picture_is_named_in_the_language_of_the_article(four: Four) -> None:
    four.scene.sandbox.internet.put("https://example.org/a.jpg", SMALL_JPEG)
    for number, chat in enumerate(four.chats, 1):
        article = f"/queue {chat.article}\nphoto: https://example.org/a.jpg\ncredit: Іван"
        await chat.says(article, chat.draft(number))
        await chat.sees("Photo")


async def test_a_reader_who_must_wait_keeps_a_sending_under_way(four: Four) -> None:
    reader = four.strangers("reader").chats[0]
    await reader.says("/start", "")
    await four.chats[0].drafts()
    four.scene.sandbox.faults.add("telegram", "429", chat=reader.address.id, retry_after=3600)
    await four.chats[0].says("/now 1", "#1")
    await four.each("/resend 1 missing", "#{id} is still being sent.")
    await four.each("/who 1", "still to come: {n}")
    await four.each("/show 1", "{n} still to come")


async def test_presses_and_times_that_can_not_be_are_refused_with_a_reason(four: Four) -> None:
    await four.chats[0].drafts()
    await four.write(lambda tx: tx.run("UPDATE article SET state = 'held'"))
    for chat in four.chats:
        label = await four.offered(chat, "unpause", {"article": 1})
        await chat.pushes("", "#{id} is not paused.", on=label)
        label = await four.offered(chat, "pace", {"article": 1, "paid": True})
        await chat.pushes("", "Paid sending is off here", on=label)
        label = await four.offered(chat, "skip", {"step": "lead"})
        await chat.pushes("", "That question has already been answered.", on=label)
    newsroom = four.scene.settings.newsroom.read_text(encoding="utf-8")
    await four.restarts(newsroom[: newsroom.index("[slots]")] + newsroom[newsroom.index("[pace.telegram]") :])
    await four.each("/next 1", "newsroom.toml has no posting times. Set")


async def test_of_two_who_edit_one_article_each_hears_of_the_other(four: Four) -> None:
    await four.each_drafts()
    for number, chat in enumerate(four.chats, 1):
        other = four.chats[number % 4]
        await other.asks(f"/edit {number}", "Send the new text of #{id}")
        await chat.asks(f"/show {number}", "✏️ Being edited by {names}")
        await chat.asks(f"/edit {number}", "⚠️ #{id} is being edited right now by {names}.")
        await other.says("lead: So.", f"#{number}")
        await chat.asks("lead: Otherwise.", "Someone changed #{id} in the meantime; this")
        await chat.asks("/cancel", "Nothing was changed. /list shows what is waiting.")


async def test_an_article_that_no_channel_and_no_reader_takes_is_not_published(tmp_path: Path) -> None:
    newsroom = NEWSROOM.replace('title = "Вісник"\n', 'title = "Вісник"\nlanguage = "uk"\n', 1)
    newsroom = newsroom.replace('title = "Вісник у Viber"', 'title = "Вісник у Viber"\nlanguage = "uk"')
    async with four_phones(tmp_path, newsroom + '[readers]\ntelegram = "none"\nviber = "none"\n') as four:
        await four.chats[1].drafts()
        await four.each("/now 1", "Article #{id} has nowhere to go")


PASTED = {
    """Міст відкрили

Міст відкрили

Рух відновили.

link: перша дорога

Ремонт тривав два роки.

Підписуйтеся на наш канал у Telegram

Note: the bridge is closed to lorries.""": (
        "The repeated headline was left out: “{line}”",
        "A call to subscribe was left out: “{line}”",
        "Left in the text because it stands in the middle of",
        "Taken as a note for the desk, not as text: “{line}”",
    ),
    """Паром ходить узимку. Відео

Source: the lake the town drinks from.""": (
        "Taken as a source, not as text: “{line}”",
        "Marked: video",
    ),
    """Каток залили

Лід тримає.

жерело: Міська рада
посилання: https://example.org/rink""": ("There is no field “{key}:”. Did you mean “{likely}:”?",),
    """Школу збудували

topics:""": ("Empty fields were left out: {lines}",),
    """## Школу збудували

14 травня 2027

Автор: Олена Приклад

Діти **вже** всередині, і двері за ними зачинили.

Перший урок провела кухарка.

Автор: Іван Зразок

Уроки почнуться в понеділок о восьмій ранку.""": (
        "Left out: {lines}",
        "Markup was read, not shown: {lines}",
        "Left in the text, though it may not belong there: {lines}",
    ),
    """Над містом пролунала сирена, і мешканців просять перейти в укриття та взяти з собою воду. Автобуси зупинилися \
на найближчих зупинках, а міст через річку закрили до відбою. Про відбій повідомлять тут, і ще раз — на сайті міста.

мова: клінгонська""": (
        "The text has no headline. This one is proposed: “{line}”",
        "I don't understand “{line}”: the language is a code such as uk or en.",
    ),
    """Новый трамвай вышел на линию

Первый рейс проехал мимо рынка в шесть утра, и его встречали цветами.""": (
        "The text is in a language that is none of the newsroom's ({language}): it goes nowhere by itself.",
    ),
}


@pytest.mark.parametrize("text", PASTED)
async def test_what_became_of_a_pasted_text_is_told(four: Four, text: str) -> None:
    for number, chat in enumerate(four.chats, 1):
        await chat.says(f"/queue {text}", chat.draft(number))
        for notice in PASTED[text]:
            await chat.sees(notice)


async def test_field_lines_that_are_not_understood_are_named(four: Four) -> None:
    await four.chats[0].drafts()
    await four.each("/edit 1 status: perhaps", "I don't understand “{line}”: a status is one of these")
    await four.each("/edit 1 source: ?", "I don't understand “{line}”: it needs one source")
    await four.each("/edit 1 topics: <war>", "I don't understand “{line}”: topics are words.")
    await four.each("/edit 1 lead: One.\nlead: Two.", "“{line}” is there more than once.")
    await four.each(
        "/edit 1 photo: https://a.org/a.jpg\nvideo: https://a.org/a.mp4", "An article can have one photo or video"
    )


async def test_teasers_stand_under_a_heading_in_the_language_of_the_article(four: Four) -> None:
    for number, chat in enumerate(four.chats, 1):
        teasers = {
            "uk": "Інші новини\n\nПотяг їде\n\nПаром ходить. Відео",
            "en": "Other News\n\nTrain runs\n\nFerry sails. Video",
        }
        article = chat.article.partition("\n\nsource:")[0]
        await chat.says(f"/queue {article}\n\n{teasers[chat.language]}", chat.draft(number))
        await chat.sees("Read also")
        await chat.sees("Video")


async def test_a_long_checklist_is_ticked_in_parts(tmp_path: Path) -> None:
    items = ", ".join(f'"Перевірено джерело {number} і ще щось, що на телефоні має два рядки"' for number in range(9))
    rule = f'[[risks]]\nkey = "all"\ntitle = "усе"\nwords = ["міст", "library"]\nchecklist = [{items}]\n'
    async with four_phones(tmp_path, STRICT + rule) as four:
        await four.each_drafts()
        for number, chat in enumerate(four.chats, 1):
            await chat.asks(f"/submit {number}", "#{id} is with your colleagues.")
            await four.chats[number % 4].sees("… and {n} more when these are ticked")
