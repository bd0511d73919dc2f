"""Formatting that says something: kept from the editor's phone to the reader's, or named on the card."""

from __future__ import annotations

from bot.sandbox import Bubble
from tests.dialogues.conftest import Chat, Four

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
    await on_telegram.scene.until(lambda: len(on_telegram.heard()) > 9)

    previews = [bubble for bubble in on_telegram.heard() if "Постраждали" in bubble.text]
    assert marked(previews[-3])["семеро"] == "strikethrough"


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


async def test_a_picture_whose_address_dies_is_told_of(four: Four) -> None:
    viber = four.chats[2]
    text = "Міст відкрили\n\nРух є.\n\nджерело: ДСНС"
    await four.scene.sandbox.viber.send_picture(viber.address.id, "https://dl-media.viber.com/1/b.jpg", text)
    told = "The picture's address is Viber's own and lives for an hour."
    await viber.sees(told)
    for number, chat in enumerate(four.chats):
        await chat.says("/show 1", "#1 · ")
        await chat.asks(f"/edit 1 topics: topic{number}", told)
        await chat.asks("/at 1 18:30", "⚠️ #{id} may go out without its picture", id=1)
