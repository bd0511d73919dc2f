"""Status, sources and the desk's note: on the card, in the posts, and what of it never leaves the desk."""

from __future__ import annotations

from bot.domain import Verification
from bot.sandbox import Bubble
from tests.conftest import READER, VIBER_READER, Scene
from tests.dialogues.conftest import Chat, Four, card_in
from tests.helpers.catalogue import written

LINES = {
    "uk": "статус: одне джерело\nнотатка: СЕКРЕТ подзвонити в ОВА\nджерело: власний кореспондент",
    "en": "status: single source\nnote: SECRET call the council\nsource: own correspondent",
}
STATUS = written("⚠️ From one source, being checked")
OWN = written("our own correspondent")
NOTE = {"uk": "СЕКРЕТ", "en": "SECRET"}


async def test_readers_see_status_and_sources_and_never_the_desks_note(desk: Chat) -> None:
    scene, language = desk.scene, desk.language
    await scene.says("/start", "", person=READER)
    await scene.says_on_viber("/start", "", person=VIBER_READER)
    await scene.says(f"/language {language}", "Готово", person=READER)
    await scene.says_on_viber(f"/language {language}", "Готово", person=VIBER_READER)

    card = await desk.says(f"/queue {desk.article}\n{LINES[language]}", desk.draft(1))
    assert NOTE[language] in card.text
    await desk.says("/now 1", "#1")
    await scene.until(lambda: all(any(desk.headline in post.text for post in phone) for phone in readers(scene)))

    for phone in readers(scene):
        (post,) = [bubble for bubble in phone if desk.headline in bubble.text]
        assert post.text.replace("*", "").startswith(f"{desk.headline}\n{STATUS[language]}\n")
        assert OWN[language] in post.text
    await scene.says("/latest", "⚠️", person=READER)
    await scene.says_on_viber("/latest", "⚠️", person=VIBER_READER)
    assert not any(NOTE[language] in bubble.text for phone in readers(scene) for bubble in phone)


async def test_the_post_of_each_platform_shows_what_readers_will_see(desk: Chat) -> None:
    card = await desk.says(f"/queue {desk.article}\n{LINES[desk.language]}", desk.draft(1))
    other = "Viber" if desk.on_telegram else "Telegram"
    shown = await desk.presses(f"👁 {other}" if desk.on_telegram else f"👁 {other} #1", desk.headline)

    above = card.text.removesuffix(card_in(card))
    assert len([bubble for bubble in desk.heard() if desk.headline in bubble.text]) == 2
    assert all(STATUS[desk.language] in post and NOTE[desk.language] not in post for post in (above, shown.text))


async def test_an_edit_of_the_text_keeps_status_and_note(desk: Chat) -> None:
    await desk.says(f"/queue {desk.article}\n{LINES[desk.language]}", desk.draft(1))

    card = await desk.says(f"/edit 1 {desk.article}\n", desk.draft(1))

    assert STATUS[desk.language] in card.text
    assert NOTE[desk.language] in card.text


def readers(scene: Scene) -> list[list[Bubble]]:
    return [scene.telegram(READER), scene.viber(VIBER_READER), scene.channel(), scene.viber_channel()]


async def test_a_status_that_is_none_is_chosen_by_its_button(four: Four) -> None:
    refused = "I don't understand “{line}”: a status is one of these"
    for number, chat in enumerate(four.chats, 1):
        card = await chat.asks(f"/queue {chat.article}\nstatus: perhaps", refused)
        assert chat.labelled(card, "💬 Opinion") and chat.labelled(card, "❗ Denial")
        await chat.pushes_in_place("⚠️ From one source, being checked", "Language: {language}")
        asked = await chat.asks(f"/edit {number} status: maybe", refused)
        assert chat.labelled(asked, "💬 Opinion")
    found = [await four.scene.app.store.read.entry(number) for number in range(1, 5)]
    assert [each.article.status for each in found if each is not None] == [Verification.SINGLE_SOURCE] * 4
