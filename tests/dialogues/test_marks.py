"""Formatting that says something: kept from the editor's phone to the reader's, or named on the card."""

from __future__ import annotations

from dataclasses import replace

from bot.domain import Media, MediaKind
from bot.domain.picture import LARGEST, LARGEST_VIDEO, ROOM
from bot.newsroom import writing
from bot.sandbox import Bubble
from bot.sandbox.telegram_content import SMALL_JPEG
from bot.storage import Queries
from tests.conftest import NEWSROOM
from tests.dialogues.conftest import Chat, Four
from tests.helpers.acts import acting
from tests.helpers.crowd import DESK, an_article, publishes
from tests.helpers.films import film, moving
from tests.helpers.pictures import PUBLIC, huge_png, picture_as

TEXT = "Зсув на схилі\n\nПостраждали семеро четверо людей.\n\nВинуватець – дощ.\n\nджерело: ДСНС"
#: What the person's app marks in that text.
MARKS = {"семеро": "strikethrough", "дощ": "spoiler", "схилі": "underline"}


def spans(text: str, marks: dict[str, str], **more: str) -> list[dict[str, object]]:
    return [
        {"type": kind, "offset": text.index(word), "length": len(word), **more} for word, kind in marks.items()
    ]  # fmt: skip


def marked(bubble: Bubble) -> dict[str, str]:
    return {
        bubble.text[start:end]: kind
        for kind, start, end, _ in bubble.entities
        if kind not in ("bold", "url", "text_link")
    }


async def types_marked(chat: Chat, text: str, marks: dict[str, str], **more: str) -> None:
    await chat.scene.sandbox.telegram.say(int(chat.address.id), text, entities=spans(text, marks, **more))


async def test_what_is_struck_and_hidden_is_so_for_readers(on_telegram: Chat) -> None:
    await types_marked(on_telegram, f"/queue {TEXT}", MARKS)
    card = await on_telegram.hears("#1 · чернетка")
    assert on_telegram.reads(card, "Formatting is left out: “{text}”")
    assert on_telegram.reads(card, "On {platform} the formatting is lost: “{texts}”")

    await on_telegram.says("/now 1", "#1 виходить")
    scene = on_telegram.scene
    await scene.until(lambda: scene.channel() and scene.viber_channel())
    assert marked(scene.channel()[0]) == {"семеро": "strikethrough", "дощ": "spoiler"}
    assert marked(scene.viber_channel()[0]) == {"семеро": "strike"}


async def test_a_lead_is_edited_with_what_is_struck_in_it(on_telegram: Chat) -> None:
    await on_telegram.drafts()
    await types_marked(on_telegram, "/edit 1 лід: Постраждали семеро четверо.", {"семеро": "strikethrough"})

    card = await on_telegram.hears("Постраждали")
    assert marked(card)["семеро"] == "strikethrough"


async def test_what_has_no_place_in_an_article_is_named(four: Four) -> None:
    for chat in four.chats:
        if not chat.on_telegram:
            continue
        await types_marked(chat, f"/queue {TEXT}", {"Зсув": "strikethrough", "схилі": "spoiler", "ДСНС": "underline"})
        await chat.sees("Struck-out words would read as normal text: “{text}”", text="Зсув")
        await chat.sees("Hidden words would be open to everybody: “{text}”", text="схилі")
        await chat.sees("Formatting is left out: “{text}”", text="ДСНС")
        await types_marked(chat, f"/queue {TEXT}", {"дощ": "text_link"}, url="tg://resolve?domain=bank")
        await chat.sees("The link under “{text}” is left out: {link}", text="дощ", link="tg://resolve?domain=bank")
        await types_marked(chat, f"/queue {TEXT}", {"людей": "text_mention"}, user={"id": 7})  # type: ignore[arg-type]
        await chat.sees("The link to a person is left out: “{text}”", text="людей")
        await types_marked(chat, f"/queue {TEXT}", {"дощ": "custom_emoji"}, custom_emoji_id="5")
        await chat.sees("Telegram's own emoji is shown as an ordinary one: {text}", text="дощ")
        await types_marked(chat, f"/queue {TEXT}", {"дощ": "date_time"})
        await chat.sees("A date that follows the reader's clock becomes plain text: “{text}”", text="дощ")


async def test_what_a_platform_has_no_form_for_is_named_to_each(four: Four) -> None:
    await types_marked(four.chats[0], f"/queue {TEXT}", MARKS)
    await four.chats[0].hears("#1 · ")
    for number, chat in enumerate(four.chats):
        await chat.says("/show 1", "#1 · ")
        await chat.asks(
            f"/edit 1 topics: topic{number}",
            "On {platform} the formatting is lost: “{texts}”",
            platform="Viber",
            texts="дощ",
        )


async def test_a_picture_that_is_not_kept_is_told_of(four: Four) -> None:
    internet = four.scene.sandbox.internet
    internet.put("https://a.example/page.jpg", b"<html>")
    internet.put("https://a.example/large.jpg", SMALL_JPEG + bytes(LARGEST))
    internet.put("https://a.example/bomb.jpg", huge_png(60_000))
    internet.put("https://a.example/inside.jpg", to="http://10.0.0.1/a.jpg")
    internet.put("https://a.example/round.jpg", to="https://a.example/round.jpg")
    reasons = {
        "gone": "its address answers {detail}",
        "page": "what stands at its address is no picture",
        "large": "it is larger than {mb} MB",
        "bomb": "it has more than {millions} million pixels",
        "inside": "its address is not one of the public web",
        "round": "its address doesn't answer",
    }
    await four.each_drafts()
    for number, chat in enumerate(four.chats, 1):
        for name, reason in reasons.items():
            await chat.asks(f"/edit {number} photo: https://a.example/{name}.jpg", reason)
        await chat.sees("The picture can't be fetched ({reason}), so the article waits for it.")
        await chat.asks(f"/show {number}", "Photo from an address, not kept")
    internet.put("https://a.example/full.jpg", SMALL_JPEG)
    full = "INSERT INTO picture (digest, form, size, content, at) VALUES ('0', 'jpg', :room, :content, 0)"
    await four.write(lambda tx: tx.run(full, {"room": ROOM, "content": b""}))
    await four.write(lambda tx: tx.run("INSERT INTO picture_use (digest, article_id) VALUES ('0', 1)"))
    for number, chat in enumerate(four.chats, 1):
        reason = "there is no room: cancel drafts with pictures that nobody needs"
        await chat.asks(f"/edit {number} photo: https://a.example/full.jpg", reason)
        await chat.sees("📷 It waits for its picture or video, which can't be fetched")


async def test_an_article_waits_for_a_picture_that_can_not_be_fetched(four: Four) -> None:
    await four.restarts(NEWSROOM.replace("desk.approvals = 0", "desk.approvals = 1"))
    await four.each_drafts("\nphoto: https://a.example/gone.jpg")
    refused = "#{id} waits for its picture or video, which can't be fetched. Send it by itself: /edit {id}"
    for number, chat in enumerate(four.chats, 1):
        for said in ("now {}", "next {}", "submit {}", "urgent {}"):
            await chat.asks("/" + said.format(number), refused)
        await chat.says(f"/show {number}", f"#{number} · ")
        await chat.pushes_in_place("🖼 Without the picture", "Language: {language}")
    four.scene.sandbox.internet.put("https://a.example/here.jpg", SMALL_JPEG)
    await four.chats[0].says("/edit 1 photo: https://a.example/here.jpg", "#1 · ")
    await four.chats[0].says("/submit 1", "#1")

    assert four.scene.channel() == [] and four.scene.viber_channel() == []


async def test_an_article_that_has_a_time_is_held_for_its_picture(four: Four) -> None:
    await four.each_drafts()
    for number, chat in enumerate(four.chats, 1):
        await chat.says(f"/at {number} 14:{number}0", "14:")
        await chat.says(f"/edit {number} photo: https://a.example/gone.jpg", f"#{number} · ")
        await chat.sees("#{id} is on hold: its picture or video can't be fetched.")


async def test_a_picture_that_a_platform_takes_not_as_it_is_is_told_of(four: Four) -> None:
    four.scene.sandbox.internet.put("https://a.example/a.png", picture_as("PNG"))
    await four.each_drafts()
    for number, chat in enumerate(four.chats, 1):
        text = "On {platform} the post goes out without the picture: there it must be a JPEG of at most 1 MB."
        await chat.asks(f"/edit {number} photo: https://a.example/a.png", text, platform="Viber")


async def test_a_picture_that_came_on_viber_and_died_at_once_is_told_of(four: Four) -> None:
    viber = four.scene.sandbox.viber
    for chat in four.chats[2:]:
        await viber.send_picture(chat.address.id, "https://dl-media.viber.com/1/b.jpg", chat.article, file=b"<html>")
        await chat.sees("The picture can't be kept ({reason}): its address is Viber's own and lives for an hour.")
    for number, chat in enumerate(four.chats[:2]):
        await chat.says("/show 1", "#1 · ")
        text = "The picture can't be kept ({reason}): its address is Viber's own and lives for an hour."
        await chat.asks(f"/edit 1 topics: topic{number}", text)


async def test_a_video_that_is_not_kept_is_told_of(four: Four) -> None:
    internet = four.scene.sandbox.internet
    internet.put("https://a.example/large.mp4", film() + bytes(LARGEST_VIDEO))
    internet.put("https://a.example/page.mp4", b"<html>")
    lent = Media(MediaKind.VIDEO, "https://dl-media.viber.com/v.mp4", borrowed=True)

    async def drafted(tx: Queries) -> None:
        desk = await acting(four.scene.app.newsroom, tx, four.scene.clock(), DESK)
        for number in range(4):
            await writing.draft(desk, replace(an_article(f"Міст номер {number}"), media=lent))

    await four.write(drafted)
    reasons = {"page": "what stands at its address is no MP4 video with H.264", "large": "it is larger than {mb} MB"}
    for number, chat in enumerate(four.chats, 1):
        text = "The video can't be kept ({reason}): its address is Viber's own and lives for an hour. Send it again."
        await chat.asks(f"/edit {number} topics: topic{number}", text)
        for name, reason in reasons.items():
            await chat.asks(f"/edit {number} video: https://a.example/{name}.mp4", reason)
            await chat.sees("The video can't be fetched ({reason}), so the article waits for it.")
        await chat.asks(f"/show {number}", "Video from an address, not kept")
        await chat.sees("📷 It waits for its picture or video, which can't be fetched")


async def test_a_gif_is_told_of_where_it_does_not_move_and_where_it_is_missing(four: Four) -> None:
    four.scene.sandbox.internet.put("https://a.example/wave.gif", moving())
    await four.each_drafts()
    for number, chat in enumerate(four.chats, 1):
        text = "On {platform} the post goes out without the video or GIF: for these the bot needs an https address"
        card = await chat.asks(f"/edit {number} photo: https://a.example/wave.gif", text, platform="Viber")
        noticed = [line for line in card.text.split("\n") if line.startswith("⚠️")]
        assert not [line for line in noticed if "Telegram" in line]
        await chat.sees("GIF attached")
    four.scene.sandbox.board.routes[PUBLIC] = four.scene.settings.public_url
    await four.restarts(public_url=PUBLIC)
    for number, chat in enumerate(four.chats, 1):
        text = "On {platform} the GIF does not move: readers see its first picture."
        await chat.asks(f"/edit {number} topics: topic{number}", text, platform="Viber")


async def test_a_kept_picture_that_is_gone_is_told_where_it_is_missing(four: Four) -> None:
    await publishes(four.scene, an_article())
    await four.all_see("#{id} is out:")
    await four.write(lambda tx: tx.run("UPDATE dispatch SET plain = 1, poorer = 'visnyk:picture-gone'"))
    await four.each("/who 1", "it is no longer kept")
