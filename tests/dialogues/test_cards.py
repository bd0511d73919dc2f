"""The card's buttons: each does what it says, once; an older press is explained."""

from __future__ import annotations

from tests.conftest import READER, VIBER_READER
from tests.dialogues.conftest import Chat, card_in
from tests.helpers.catalogue import titled, written

LABELS = {
    "time": written("🕒 Set the time"),
    "slot": written("⏭ Next slot: {when}", when=written("today at {time}", time="18:30")),
    "now": written("🚀 Publish now"),
    "edit": written("✏️ Edit"),
    "cancel": written("✖️ Cancel"),
    "another": written("🕒 Another time"),
}


def outlet(text: str, outcome: str, **values: object) -> dict[str, str]:
    outcomes = written(outcome, n=1)
    return {language: f"{said}: {outcomes[language]}" for language, said in written(text, **values).items()}


OUTCOME = (
    outlet("{platform}, channel “{title}”", "posted", platform="Telegram", title="Вісник"),
    outlet("{platform}, channel “{title}”", "posted", platform="Viber", title="Вісник у Viber"),
    outlet("{platform}, readers", "{n} delivered", platform="Telegram"),
    outlet("{platform}, readers", "{n} delivered", platform="Viber"),
    written("open the post"),
)


def labels(desk: Chat) -> dict[str, str]:
    return {name: label[desk.language] for name, label in LABELS.items()}


def today(desk: Chat, time: str) -> str:
    return written("today at {time}", time=time)[desk.language]


def queued(desk: Chat, time: str) -> str:
    return titled(1, "queued", written("today at {time}", time=time))[desk.language]


async def redrawn(desk: Chat, state: str) -> None:
    """On Telegram the card itself shows the new state; Viber can't change what was said."""
    if desk.on_telegram:
        cards = lambda: [bubble for bubble in desk.heard() if bubble.edited and state in bubble.text]  # noqa: E731
        await desk.scene.until(cards)


async def test_set_the_time_asks_and_takes_the_answer(desk: Chat) -> None:
    label = labels(desk)
    await desk.drafts()

    await desk.presses(label["time"], written("When should #{id} go out? For example: 18", id=1)[desk.language])
    await desk.says("someday", written("I don't understand the time “{typed}”", typed="someday")[desk.language])
    await desk.says("18:30", today(desk, "18:30"))
    await redrawn(desk, queued(desk, "18:30"))

    await desk.presses(label["another"], "#1")
    await desk.says("19:45", today(desk, "19:45"))
    await desk.says("/list", f"#1 · {today(desk, '19:45')}")


async def test_next_slot_takes_the_slot_that_it_names(desk: Chat) -> None:
    label, when = labels(desk), today(desk, "18:30")
    await desk.drafts()

    await desk.presses(label["slot"], f"{when}.")

    await redrawn(desk, queued(desk, "18:30"))
    await desk.says("/list", f"#1 · {when}")


async def test_now_publishes_and_a_second_press_is_explained(desk: Chat) -> None:
    label = labels(desk)
    card = await desk.drafts()

    if desk.on_telegram:  # twice before the card is redrawn
        telegram = desk.scene.sandbox.telegram
        await telegram.press(1001, card.message_id, label["now"])
        await telegram.press(1001, card.message_id, label["now"])
    else:
        await desk.presses(label["now"], "#1")
        await desk.presses(label["now"], written("You pressed that button")[desk.language])

    await desk.hears(written("You pressed that button {when}.", when=today(desk, "13:00"))[desk.language])
    await redrawn(desk, titled(1, "published")[desk.language])
    await desk.scene.until(lambda: desk.scene.channel() and desk.scene.viber_channel())
    assert [bubble.told for bubble in desk.scene.channel() + desk.scene.viber_channel()] == [1, 1]


async def test_edit_asks_for_the_text_and_shows_the_new_card(desk: Chat) -> None:
    await desk.drafts()

    asked = written("Send the new text of #{id}, or only what", id=1)[desk.language]
    await desk.presses(labels(desk)["edit"], asked)
    await desk.says({"uk": "заголовок: Міст відкрито", "en": "headline: Open on Sundays"}[desk.language], desk.draft(1))

    new = {"uk": "Міст відкрито", "en": "Open on Sundays"}[desk.language]
    assert new in (await desk.says("/list", desk.draft(1))).text
    await redrawn(desk, f"{desk.draft(1)}\n{new}")


async def test_cancel_takes_it_out_and_other_cards_of_it_do_nothing_any_more(desk: Chat) -> None:
    label = labels(desk)
    await desk.drafts()
    await desk.says("/show 1", desk.draft(1))

    await desk.presses(label["cancel"], written("#{id} is cancelled: it does not go out.", id=1)[desk.language])
    await redrawn(desk, titled(1, "cancelled")[desk.language])

    if desk.on_telegram:  # the earlier card leads to the latest
        folded = await desk.hears(written("#{id}: its latest card is further down.", id=1)[desk.language])
        assert not folded.buttons
    assert not desk.scene.channel()


async def test_a_button_that_grew_old_shows_how_things_stand(desk: Chat) -> None:
    await desk.drafts()
    desk.scene.advance(days=8)

    said = written("This is how #{id} stands:", id=1)
    await desk.presses(labels(desk)["now"], said[desk.language])
    await desk.hears(desk.draft(1))
    assert not desk.scene.channel()


async def test_without_slots_there_is_no_slot_button(editor: Chat) -> None:
    newsroom = editor.scene.settings.newsroom
    text = newsroom.read_text(encoding="utf-8")
    newsroom.write_text(text[: text.index("[slots]")] + text[text.index("[pace.telegram]") :], encoding="utf-8")
    await editor.scene.stop()
    await editor.scene.start()

    await editor.drafts()
    await editor.says("/next 1", "У newsroom.toml немає часу публікацій. Назвіть час самі: /час")
    labels = [label for bubble in editor.heard() for row in (*bubble.buttons, *bubble.keyboard) for label, _ in row]
    assert labels and not any("⏭" in label for label in labels)


async def test_the_outcome_is_told_for_each_channel_and_audience(desk: Chat) -> None:
    readers = Chat(desk.scene, "telegram", reader=True).arrives(), Chat(desk.scene, "viber", reader=True)
    for reader in readers:
        await reader.says("/start", "підписал")
        await reader.says(f"/language {desk.language}", "Готово")
    await desk.drafts()
    await desk.presses(labels(desk)["now"], "#1")

    outcome = await desk.hears(written("#{id} is out:", id=1)[desk.language])

    for line in OUTCOME:
        assert line[desk.language] in outcome.text
    for phone in (desk.scene.telegram(READER), desk.scene.viber(VIBER_READER)):
        assert [desk.headline in bubble.text for bubble in phone].count(True) == 1


async def test_an_article_and_each_change_of_it_come_as_one_message(desk: Chat) -> None:
    """The post, what was noticed in the text, and the card."""
    listed = written("The queue is empty. Add an article: /queue")[desk.language]
    await desk.says("/list", listed)
    ours, other = ("Telegram", "Viber") if desk.on_telegram else ("Viber", "Telegram")
    end = written("⬆️ Exactly what readers on {platform} get.", platform=ours)[desk.language]
    acts = [f"/queue {desk.article}\n\nlang: de", "/edit 1 headline: H", "/edit 1"]
    expected = [desk.draft(1), desk.draft(1), written("Send the new text of #{id}, or only", id=1)[desk.language]]

    for act, answer in zip(acts, expected, strict=True):
        before = len(desk.heard())
        shown = await desk.says(act, answer)
        await desk.says("/list", desk.draft(1))  # answers in one chat come one after another
        assert len(desk.heard()) == before + 2
        if answer == desk.draft(1):
            assert shown.text.index(end) < shown.text.index(answer) and "⚠️" in shown.text
            assert any(other in label for row in (*shown.buttons, *shown.keyboard) for label, _ in row)


async def test_a_long_article_still_gives_a_card_for_one_screen(desk: Chat) -> None:
    teasers = "\n\n".join(f"{number}. {'Довгий заголовок іншої новини ' * 3}" for number in range(7))
    body = "\n\n".join([f"Абзац {number}. {'Слово за словом. ' * 4}" for number in range(10)])
    text = f"{'Заголовок ' * 10}\n\n{'Лід ' * 150}\n\n{body}\n\nЧитайте також\n\n{teasers}"

    card = await desk.says(f"/queue {text}", desk.draft(1))

    assert len(card_in(card)) < 900
    assert written("… and {n} more", n=5)[desk.language] in card.text
