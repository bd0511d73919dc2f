"""What readers and strangers can say, and what it leaves behind."""

from __future__ import annotations

import pytest

from bot.domain import Address, Platform
from tests.conftest import READER, VIBER_READER, Scene, unnumbered
from tests.dialogues.conftest import Chat
from tests.helpers.catalogue import stretch, written

SUBSCRIBED = "Thank you for subscribing. Our news will come here."
UNSUBSCRIBED = written("You have unsubscribed. If you change your mind: /start")
READERS = [
    ("/start", written(SUBSCRIBED)),
    ("/start", written("You are already subscribed.")),
    ("/latest", written("Nothing has been published yet.")),
    ("/help", written("the latest articles")),
    ("/whoami", stretch("You are {id}, a reader. To make you an owner,")),
    ("Дякую!", written("Thank you for reading us!")),
    ("/stop", UNSUBSCRIBED),
    ("/stop", written("You are not subscribed. To subscribe: /start")),
    ("/старт", written(SUBSCRIBED)),
]
#: What only the desk may say.
FOR_THE_DESK = ["/queue Чужа новина", "/list", "/show 1", "/edit 1 лід: чуже", "/at 1 18:30", "/next 1", "/now 1"]
FOR_THE_DESK += ["/cancel 1", "/doubts", "/черга", "/halt"]
HELP = written("subscribe to our news")
ONE_LANGUAGE = "It comes in one language: {language}. To choose another: /language"


async def test_a_reader_is_answered_to_every_word(reader: Chat) -> None:
    if not reader.on_telegram:  # on Viber the first word subscribes
        await reader.asks("?", SUBSCRIBED)
        await reader.says("/stop", UNSUBSCRIBED[reader.language])

    await reader.holds((said, answer[reader.language]) for said, answer in READERS)


@pytest.mark.parametrize("word", ["Привіт", "/latest", "/mydata", "/now 1"])
async def test_whoever_becomes_a_reader_by_a_word_is_told_so_once(reader: Chat, word: str) -> None:
    await reader.types(word)
    told = [] if reader.on_telegram else [await reader.sees(SUBSCRIBED)]
    await reader.asks("/help", "the latest articles")
    await reader.types(word)
    await reader.asks("/whoami", "You are {id}, a reader.")

    assert [bubble for bubble in reader.heard() if reader.reads(bubble, SUBSCRIBED)] == told
    english = [bubble for bubble in told if reader.language == "en"]
    assert all(reader.reads(bubble, ONE_LANGUAGE) for bubble in told if bubble not in english)
    # Both may come, until something was published in English: then only that.
    assert all(reader.reads(bubble, "To choose its language: /language") for bubble in english)


async def test_the_first_word_to_a_reader_carries_whose_it_is_and_how_often_we_write(reader: Chat) -> None:
    if not reader.on_telegram:
        await reader.scene.sandbox.viber.open_chat(VIBER_READER)
        opened = await reader.sees("Good day! Press the button, and our news comes here.")
        assert "Вісник" in opened.text
    greeted = await reader.asks("/start", SUBSCRIBED)

    assert greeted.text.replace("*", "").startswith("Вісник\n")
    assert reader.reads(greeted, "We write when there is something to tell: not more than once a day lately.")


async def test_what_is_kept_is_shown_as_it_is_after_the_first_word(reader: Chat) -> None:
    shown = await reader.asks(
        "/mydata", "We keep nothing about you." if reader.on_telegram else "What we keep about you:"
    )

    assert reader.on_telegram or reader.reads(shown, "• your subscription: since {day}")


async def test_the_first_word_that_unsubscribes_is_answered_as_that(scene: Scene) -> None:
    reader = Chat(scene, "viber", reader=True).arrives()
    await reader.asks("/stop", "You have unsubscribed. If you change your mind: /start")

    assert not any(reader.reads(bubble, SUBSCRIBED) for bubble in reader.heard())


async def test_whoever_subscribes_in_the_app_is_told_so(scene: Scene) -> None:
    reader = Chat(scene, "viber", reader=True).arrives()
    await reader.asks("/stop", "You have unsubscribed.")
    await scene.sandbox.viber.unsubscribe(VIBER_READER)
    await scene.sandbox.viber.subscribe(VIBER_READER)

    shown = await reader.sees(SUBSCRIBED)
    assert reader.reads(shown, ONE_LANGUAGE)


async def test_vibers_keyboard_offers_what_is_left_to_do(scene: Scene) -> None:
    viber = scene.sandbox.viber
    await viber.open_chat(VIBER_READER)
    assert viber.keyboard(VIBER_READER) == [[("Підписатися", "/start")]]

    await viber.press(VIBER_READER, "Підписатися")
    await scene.until(lambda: "Дякуємо, ви підписалися." in scene.viber(VIBER_READER)[-1].text)
    assert viber.keyboard(VIBER_READER) == [[("Останні новини", "/latest")]]

    await scene.says_on_viber("/stop", "Ви відписалися", person=VIBER_READER)
    assert viber.keyboard(VIBER_READER) == [[("Підписатися", "/start")]]


async def test_a_strangers_commands_get_the_readers_help_and_leave_nothing(reader: Chat) -> None:
    owner = Chat(reader.scene, reader.platform, reader.language).arrives()
    await owner.drafts()

    for said in FOR_THE_DESK:
        answer = await reader.says(said, HELP[reader.language])
        assert "/queue" not in answer.text

    await owner.says("/list", f"{owner.draft(1)} · {owner.headline}")
    store = reader.scene.app.store.read
    assert await store.entry(2) is None
    for stranger in (Address(Platform.TELEGRAM, str(READER)), Address(Platform.VIBER, VIBER_READER)):
        assert await store.dialogue(stranger) is None
        assert await store.language_of(stranger) is None
    assert await store.reader_state(Address(Platform.TELEGRAM, str(READER))) is None
    assert not reader.scene.channel()


async def test_a_strangers_pictures_and_forwards_start_nothing(on_telegram: Chat) -> None:
    telegram = on_telegram.scene.sandbox.telegram
    stranger = Chat(on_telegram.scene, "telegram", reader=True).arrives()

    await telegram.send_photo(READER, "Чуже фото\n\nІз підписом.")
    await stranger.sees("I can't look at pictures and files. Please write it in words.")
    await telegram.send_album(READER, 2, "Чужий альбом")

    await on_telegram.says("/list", "Черга порожня.")


async def test_only_who_was_shown_a_button_may_press_it(editor: Chat) -> None:
    """A button's id that went from hand to hand does nothing in another's."""
    scene = editor.scene
    await editor.drafts()
    (button,) = [data for label, data in _buttons(editor) if unnumbered(label) == "🚀 Опублікувати зараз"]
    stranger = Chat(scene, "viber", reader=True).arrives()

    await stranger.says(button if button.startswith("#") else f"#{button}", "Ця кнопка більше не діє. /допомога")

    await editor.says("/list", "#1 · чернетка")
    assert not scene.channel()


def _buttons(chat: Chat) -> list[tuple[str, str]]:
    rows = chat.heard()[-1].buttons if chat.on_telegram else chat.scene.sandbox.viber.keyboard(chat._viber_id)
    return [button for row in rows for button in row]
