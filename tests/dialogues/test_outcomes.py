"""What becomes of an article that went out, as each of a desk sees it: on both platforms, in both languages."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bot.commands.reasons import CAUSES
from bot.domain import Media, MediaKind, Platform
from bot.domain.ledger import Position, pack_states, unpack_states
from bot.storage import Queries
from bot.storage.convert import to_ms
from tests.conftest import CHANNEL, NEWSROOM
from tests.dialogues.conftest import Four, four_phones
from tests.helpers.crowd import an_article, publishes, readers, telegram_ids
from tests.promises.moments import comes_true

REFUSED = "Bad Request: message text is empty: nobody knows why"


async def test_a_doubt_leads_into_the_channel(tmp_path: Path) -> None:
    async with four_phones(tmp_path, NEWSROOM.replace(f'"{CHANNEL}"', '"@visnyk_news"')) as four:
        for number, chat in enumerate(four.chats, 1):
            four.scene.sandbox.faults.add("telegram", "drop_after", method="sendMessage", chat="@visnyk_news")
            await publishes(four.scene, an_article())
            shown = await chat.sees("We don't know whether the post appeared: {channel}, #{id}", id=number)
            assert chat.labelled(shown, "Open the channel")
            await chat.pushes("✅ It's there", "Noted: #{id} is in the channel.")


async def test_a_post_that_the_platform_refuses_is_tried_again(four: Four) -> None:
    def fails() -> None:
        four.scene.sandbox.faults.add("telegram", "refuse", chat=CHANNEL, code=400, text=REFUSED)

    fails()
    await publishes(four.scene, an_article())
    for chat in four.chats:
        await four.all_see("#{id} was not posted: {where}. The platform says: {reason}.")
        await four.all_see("#{id} is not everywhere yet:")
        fails()
        await chat.pushes("Try again", "Trying #{id} again.")
    await four.each("/show 1", "not posted")


async def test_what_was_under_way_when_the_house_went_down(four: Four) -> None:
    scene = four.scene
    await readers(scene, telegram=6)
    scene.sandbox.faults.add("telegram", "429", chat=telegram_ids(6)[3], retry_after=60)
    await publishes(scene, an_article())
    await comes_true(scene, f"SELECT 1 FROM page WHERE state = 'waiting' AND not_before > {to_ms(scene.clock())}")
    await four.each("/who 1", "still to come: {n}")
    await scene.stop()
    scene.clock.at += timedelta(hours=24)
    await scene.start()
    for chat in four.chats:
        question = await chat.sees("#{id} was being sent when Visnyk went down")
        assert chat.reads(question, "It goes no further until you say so.")
        assert chat.labelled(question, "▶️ Continue") and chat.labelled(question, "✖️ Leave it as it is")
    await four.each("/resend 1 missing", "Sending was stopped with {n} readers still to come; they get it too.")
    scene.sandbox.faults.add("telegram", "429", chat=telegram_ids(6)[3], retry_after=60, times=None)
    for chat in four.chats:
        for action, text in (
            ("leave_it", "Left as it is: #{id} goes no further. /show {id}"),
            ("go_on", "Sending of #{id} continues."),
            ("go_on", "That is already settled. /list shows what is waiting."),
        ):
            label = await four.offered(chat, action, {"left": 1, "dispatches": [3]})
            await chat.pushes("", text, on=label)
        await four.write(lambda tx: tx.run("UPDATE dispatch SET state = 'stopped' WHERE id = 3"))


async def test_readers_who_could_not_be_reached_are_counted_by_reason(four: Four) -> None:
    whys = ("bot was blocked by the user", "user is deactivated", "bot was kicked", "bot can't initiate conversation")
    await readers(four.scene, telegram=5)
    for person, why in zip(telegram_ids(4), whys, strict=True):
        four.scene.sandbox.faults.add("telegram", "refuse", chat=person, code=403, text=f"Forbidden: {why}")
    await publishes(four.scene, an_article())
    await four.all_see("{n} left")
    await four.each("/who 1", "{n} for other reasons")
    for cause, text in CAUSES.items():
        values = {"reason": cause.of("main") if "{detail}" in text else cause}
        await four.write(lambda tx: tx.run("UPDATE exception SET reason = :reason", values))  # noqa: B023
        await four.each("/who 1", text)


async def second_is_under_way(tx: Queries) -> None:
    states = bytearray(unpack_states(await tx.value("SELECT states FROM page")))
    states[states.index(Position.EXCEPTION) + 1] = Position.RESERVED
    await tx.run("UPDATE page SET states = :states", {"states": pack_states(bytes(states))})


async def test_while_a_message_is_on_the_wire_nothing_is_sent_again(four: Four) -> None:
    await readers(four.scene, telegram=2)
    four.scene.sandbox.faults.add("telegram", "refuse", chat=telegram_ids(1)[0], code=400, text=REFUSED)
    await publishes(four.scene, an_article())
    await four.all_see("#{id} was not posted: {where}. The platform says: {reason}.", "{n} not accepted")
    await four.write(second_is_under_way)
    for chat in four.chats:
        await chat.asks("/resend 1 missing", "Send #{id} once more?")
        await chat.pushes(
            "📨 Without those who may have it: {n}", "Some of it is still on its way. Try again in a moment."
        )


SLOW = NEWSROOM.replace("per_second = 1000", "per_second = 40").replace(
    "desk.approvals = 0", 'desk.approvals = 0\ndesk.progress_from = "1 s"'
)


async def test_a_large_sending_shows_how_far_it_is(tmp_path: Path) -> None:
    async with four_phones(tmp_path, SLOW) as four:
        scene = four.scene
        await readers(scene, telegram=120)  # three seconds, in which the progress is shown
        await four.restarts()
        app = scene.app
        await app.newsroom.forecast.count(app.store.read)
        await four.chats[0].drafts()
        await four.each("/show 1", "⏳ {platform}, {n} readers: about {time} at the current rate")
        scene.sandbox.faults.add("telegram", "429", chat=telegram_ids(3)[1], retry_after=60)
        await four.chats[0].says("/now 1", "#1")
        await four.all_see("#{id} is being sent:", "about {time} left")
        await four.chats[0].says("/halt", "")
        for chat in four.chats:
            if chat.on_telegram:
                scene.advance(seconds=3)
                await chat.sees("halted; to continue: /resume")
        await four.chats[0].says("/resume", "")
        await four.chats[1].says("/resume", "")
        # The wait is counted from when Telegram asks for it.
        now = int(scene.clock().timestamp() * 1000)
        await comes_true(scene, f"SELECT 1 FROM page WHERE state = 'waiting' AND not_before > {now + 30_000}")
        scene.advance(seconds=61)
        await four.all_see("#{id} is out:")
        for chat in four.chats:
            if chat.on_telegram:
                scene.advance(seconds=3)
                await chat.sees("#{id} has been sent.")


PAID = NEWSROOM.replace("per_second = 1000", "per_second = 25\npaid = true", 1)


async def test_a_paid_pace_is_offered_with_its_price(tmp_path: Path) -> None:
    async with four_phones(tmp_path, PAID) as four:
        await readers(four.scene, telegram=300)
        await four.chats[0].drafts()
        for chat in four.chats:
            await chat.asks("/show 1", "Free rate. Up to 1,000 readers a second would cost about {n} Star")
            await chat.pushes("⭐ Paid: {n} Star", "#{id} goes to readers at the paid rate.")
            await chat.asks("/show 1", "⭐ Paid rate: sending it to all readers costs about {n} Star")
            await chat.pushes("Free rate", "#{id} goes to readers at the free rate.")
        await four.write(lambda tx: tx.run("UPDATE article SET paid = 1, state = 'published', published_at = 0"))
        await four.each("/show 1", "⭐ Paid rate")


async def test_pictures_and_what_can_not_go_along(four: Four) -> None:
    author, now = four.chats[0].address, four.scene.clock()
    held = Media(MediaKind.VIDEO, platform=Platform.TELEGRAM, file="AgAC")
    web = Media(MediaKind.PHOTO, url="https://example.org/a.jpg")
    for media in (held, web):
        article = replace(an_article(), media=media)
        await four.write(lambda tx: tx.add_article(article, author, now))  # noqa: B023
    for number, chat in enumerate(four.chats):
        await chat.asks("/show 1", "Video attached")
        await chat.asks("/show 2", "Photo from an address, not kept")
        without = "On {platform} the post goes out without the picture: there it needs a web address"
        await chat.asks(f"/edit 1 lead: So {number}.", without)
