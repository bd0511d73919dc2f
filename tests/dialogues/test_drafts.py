"""How an article comes to the desk: pasted, step by step, forwarded, as a picture; and how it is changed."""

from __future__ import annotations

import asyncio

import pytest

from bot.domain.entry import Entry
from bot.sandbox.telegram_content import SMALL_JPEG
from tests.conftest import CHANNEL, OWNER, READER, VIBER_OWNER, Scene
from tests.dialogues.conftest import HEADLINES, Chat, Four, card_in
from tests.helpers.catalogue import stretch, written
from tests.helpers.crowd import rows, sends_album
from tests.helpers.shown import pattern_of

PASTE = written("Paste the whole article, or send just the headline")
LEAD = written("Now the lead: one paragraph that says what happened.")
TEXT = written("Now the text, in one message or several.")
MORE = written("Got it. More text, or Done?")
LINK = written("The link to the full text on the site?")
NO_ADDRESS = "I don't understand “{line}”: it needs a web address."
STEPS = {
    "uk": [
        ("/queue", PASTE["uk"]),
        ("Міст через Сулу відкрили", LEAD["uk"]),
        ("Рух відновили в обох напрямках.", TEXT["uk"]),
        ("Ремонт тривав два роки.", MORE["uk"]),
        ("Він коштував 120 мільйонів.", MORE["uk"]),
    ],
    "en": [
        ("/queue", PASTE["en"]),
        ("The library opens on Sundays", LEAD["en"]),
        ("From December, every day of the week.", TEXT["en"]),
        ("The council pays for it.", MORE["en"]),
        ("Last year 40,000 people came.", MORE["en"]),
    ],
}
SOURCE_AND_LINK = {
    "uk": [
        ("Полтавська ОВА\nhttps://example.org/ova", LINK["uk"]),
        ("на сайті", stretch(NO_ADDRESS)["uk"]),
        ("посилання: https://example.org/sula", "#1"),
    ],
    "en": [
        ("City council\nhttps://example.org/council", LINK["en"]),
        ("on the site", stretch(NO_ADDRESS)["en"]),
        ("https://example.org/library", "#1"),
    ],
}
ASKED_FOR_SOURCE = written("Who says so? Send the source: a name, a link")
DONE, SKIP = written("Done"), written("Skip")
#: A field line of an article.
FIELD = {"uk": "лід", "en": "lead"}
LEFT_AS_IT_WAS = written("Nothing was changed. /list shows what is waiting.")


async def entry(chat: Chat, number: int) -> Entry:
    found = await chat.scene.app.store.read.entry(number)
    assert found is not None
    return found


def paragraphs(found: Entry) -> list[str]:
    return ["".join(run.text for run in paragraph) for paragraph in found.article.body]


async def test_step_by_step_every_answer_finds_its_place(desk: Chat) -> None:
    steps = STEPS[desk.language]
    await desk.holds(steps)
    await desk.presses(DONE[desk.language], ASKED_FOR_SOURCE[desk.language])
    await desk.holds(SOURCE_AND_LINK[desk.language])

    found = await entry(desk, 1)
    assert [found.article.headline, found.article.lead, *paragraphs(found)] == [said for said, _ in steps[1:]]
    assert [source.link.startswith("https://example.org/") for source in found.article.sources] == [True]
    assert found.article.link.startswith("https://example.org/")
    assert found.article.language == desk.language


async def test_step_by_step_steps_can_be_skipped_and_done_ends_them(desk: Chat) -> None:
    skip, done, steps = SKIP[desk.language], DONE[desk.language], STEPS[desk.language]
    await desk.holds(steps[:2])
    await desk.presses(skip, steps[2][1])
    await desk.presses(skip, ASKED_FOR_SOURCE[desk.language])
    await desk.presses(skip, SOURCE_AND_LINK[desk.language][0][1])
    await desk.presses(skip, desk.draft(1))

    await desk.holds(steps[:3])
    await desk.presses(done, desk.draft(2))

    stale = written("That question has already been answered.")
    if not desk.on_telegram:
        return
    await desk.presses(skip, stale[desk.language])
    await desk.presses(done, written("You pressed that button {when}.")[desk.language])


async def test_a_buttons_word_that_is_typed_means_the_button(desk: Chat) -> None:
    skip, done, steps = SKIP[desk.language], DONE[desk.language], STEPS[desk.language]

    await desk.holds([*steps[:2], (skip, steps[2][1]), (done, ASKED_FOR_SOURCE[desk.language])])
    await desk.says(f"{done.lower()}!", desk.draft(1))

    assert paragraphs(await entry(desk, 1)) == []


async def test_cancel_leaves_a_dialogue_wherever_it_is(desk: Chat) -> None:
    left = LEFT_AS_IT_WAS[desk.language]
    kept = written("What you had typed is kept as draft #{id}. To go on with it: /edit {id}", id=1)[desk.language]
    steps = STEPS[desk.language]
    await desk.holds([*steps[:1], ("/cancel", left)])
    await desk.holds([*steps[:3], ("/cancel", kept)])
    await desk.holds([("/at 1", "#1"), ("/cancel", left), ("/edit 1", "#1"), ("/cancel", left)])

    empty = written("To queue an article, send /queue with the")[desk.language]
    await desk.says("18:30", empty)
    assert len((await desk.says("/list", desk.draft(1))).text.split("\n")) == 1
    found = await entry(desk, 1)
    assert [found.article.headline, found.article.lead] == [said for said, _ in steps[1:3]]


async def test_a_command_or_a_button_ends_a_dialogue_and_what_was_typed_stays(desk: Chat) -> None:
    kept, begin = "What you had typed is kept as draft #{id}.", STEPS[desk.language][:2]
    await desk.holds(begin)
    await desk.asks("/list", kept, id=1)
    if not desk.on_telegram:  # there a question takes the keyboard of a card away
        return
    await desk.says(f"/edit 1 {FIELD[desk.language]}: X", desk.draft(1))
    await desk.holds(begin)

    await desk.pushes("✏️ Edit", kept, id=2)


async def test_an_edit_changes_the_fields_it_names_or_the_whole_text(desk: Chat) -> None:
    await desk.drafts()
    fields, whole = {
        "uk": ("лід: Новий лід.\nджерело: Мін’юст", "Міст знову закрили\n\nЛід усього тексту.\n\nТіло."),
        "en": ("lead: A new lead.\nsource: Ministry", "Library closed again\n\nThe whole text's lead.\n\nBody."),
    }[desk.language]

    await desk.says(f"/edit 1 {fields}", desk.draft(1))
    found = await entry(desk, 1)
    assert (found.article.headline, found.version) == (desk.headline, 2)
    assert [found.article.lead in fields, found.article.sources[0].name in fields] == [True, True]

    await desk.says("/edit 1", "#1")
    await desk.says(whole, desk.draft(1))
    found = await entry(desk, 1)
    assert "\n\n".join([found.article.headline, found.article.lead, *paragraphs(found)]) == whole
    assert (found.article.sources[0].name in fields, found.version) == (True, 3)


async def test_an_edit_keeps_the_articles_posting_time(editor: Chat) -> None:
    await editor.drafts()

    await editor.holds([("/at 1 18:30", "18:30"), ("/edit 1 лід: Новий лід.", "#1 · у черзі · сьогодні о 18:30")])


async def test_what_nobody_sees_is_taken_out_of_a_headline_with_a_notice(desk: Chat) -> None:
    removed = written("Invisible characters removed: {count}.", count=3)

    await desk.says("/queue Міст\u2067 через\u200b Сулу\u2066 відкрили\n\nЛід.", removed[desk.language])

    assert (await entry(desk, 1)).article.headline == "Міст через Сулу відкрили"


async def test_words_of_two_alphabets_are_pointed_out(desk: Chat) -> None:
    mixed = written("Please check: Latin and Cyrillic letters are mixed in {words}.", words="Cулу")

    await desk.says("/queue Міст через Cулу відкрили\n\nЛід.", mixed[desk.language])


async def test_a_pasted_page_gives_one_headline_and_its_teasers(editor: Chat) -> None:
    page = (
        f"{HEADLINES['uk']}\n\n{HEADLINES['uk']}\n\nРух відновили.\n\nРемонт тривав два роки.\n\n"
        "Лише перевірена інформація у нас в Telegram-каналі та Viber. Не ведіться на фейки!\n\n"
        "Інші новини\n\nЯк спекти хліб\n\nЯк спекти хліб\n\nПотрібна лише духовка\n\n"
        "Гімназію відновили. Відео\n\nГімназію відновили. Відео\n\nДіти повернулися"
    )

    card = await editor.says(f"/queue {page}", "#1 · чернетка")

    assert "Вилучено повторений заголовок: «Міст через Сулу" in card.text
    assert "Вилучено заклик підписатися: «Лише перевірена" in card.text
    assert "За темою: Як спекти хліб\nЗа темою: Гімназію відновили 🎬\n" in card.text
    found = await entry(editor, 1)
    assert [item.lead for item in found.article.related] == ["Потрібна лише духовка", "Діти повернулися"]
    assert (found.article.lead, paragraphs(found)) == ("Рух відновили.", ["Ремонт тривав два роки."])


async def test_a_paste_that_the_app_split_is_one_article(on_telegram: Chat) -> None:
    body = "\n\n".join(f"Абзац {number}. {'Слово за словом. ' * 20}".strip() for number in range(26))
    assert len(body) > 2 * 4096

    await on_telegram.scene.sandbox.telegram.say(OWNER, f"/queue Довгий матеріал\n\nЛід матеріалу.\n\n{body}")
    await on_telegram.scene.until(lambda: len(on_telegram.scene.sandbox.telegram.phone(OWNER)) >= 3)
    await on_telegram.says("/whoami", "#1 · чернетка")

    assert paragraphs(await entry(on_telegram, 1)) == body.split("\n\n")


async def test_a_paste_is_complete_when_nothing_follows_for_a_moment(on_telegram: Chat) -> None:
    body = "Слово за словом. " * 230
    await on_telegram.scene.sandbox.telegram.say(OWNER, f"/queue Довгий матеріал\n\nЛід.\n\n{body}")

    async with asyncio.timeout(60):
        while not any("#1 · чернетка" in bubble.text for bubble in on_telegram.heard()):
            on_telegram.scene.advance(seconds=3)
            await asyncio.sleep(0.01)


async def test_a_forwarded_post_starts_a_draft_and_names_its_source(on_telegram: Chat) -> None:
    telegram = on_telegram.scene.sandbox.telegram
    telegram.add_channel(-1009, title="Міськрада", username="council")
    post = await telegram.post(-1009, "Рада ухвалила бюджет\n\nДепутати голосували двічі.")

    await telegram.forward(OWNER, -1009, post)
    card = await on_telegram.hears("#1 · чернетка")
    assert "Рада ухвалила бюджет\nДепутати голосували двічі.\nДжерело: Міськрада" in card.text

    await on_telegram.says("/queue", "Вставте весь матеріал")
    await telegram.forward(OWNER, -1009, post)
    await on_telegram.hears("#2 · чернетка")
    assert (await entry(on_telegram, 2)).article.sources[0].link == f"https://t.me/council/{post}"


@pytest.mark.parametrize(("kind", "shown"), [("photo", "Є фото"), ("video", "Є відео")])
async def test_a_picture_with_a_caption_starts_a_draft(on_telegram: Chat, kind: str, shown: str) -> None:
    telegram = on_telegram.scene.sandbox.telegram
    send = telegram.send_photo if kind == "photo" else telegram.send_video
    await send(OWNER, "Міст через Сулу відкрили\n\nРух відновили.\n\nджерело: ОВА")

    card = await on_telegram.hears("#1 · чернетка")
    assert f"Рух відновили.\n{shown}\nДжерело: ОВА" in card.text
    assert "У Viber допис вийде без зображення" in card.text
    assert getattr(card, kind)

    await on_telegram.says("/now 1", "#1 виходить. Результат")
    await on_telegram.scene.until(on_telegram.scene.channel)
    assert getattr(on_telegram.scene.channel()[0], kind)


async def test_a_picture_alone_says_what_to_do_with_it(on_telegram: Chat) -> None:
    telegram = on_telegram.scene.sandbox.telegram
    await telegram.send_photo(OWNER)
    await on_telegram.hears("Зображення отримано. Тепер надішліть матеріал або його заголовок.")
    assert "Є фото" in (await on_telegram.says(on_telegram.article, "#1 · чернетка")).text

    await on_telegram.says("/edit 1", "Надішліть новий текст #1")
    await telegram.send_video(OWNER)
    await on_telegram.hears("Є відео")


async def test_of_an_album_the_first_picture_is_taken_and_that_is_said_once(on_telegram: Chat) -> None:
    await sends_album(on_telegram.scene, OWNER, 4, "Міст відкрили\n\nРух відновили.")
    await on_telegram.hears("#1 · чернетка")
    await on_telegram.hears("В одному матеріалі одне зображення: взято перше з альбому, решту пропущено.")

    await on_telegram.holds([("/cancel", "Який матеріал: /скасувати?"), ("18:30", "Щоб поставити матеріал у чергу")])
    assert [bubble.told for bubble in on_telegram.heard() if "з альбому" in bubble.text] == [1]


async def test_an_album_is_heard_whole_wherever_its_text_stands(on_telegram: Chat) -> None:
    before = len(on_telegram.heard())
    captions = ["Підпис першої", "Міст відкрили\n\nРух відновили.\n\nsource: ОВА", "", "Підпис останньої"]
    await sends_album(on_telegram.scene, OWNER, 4, captions=["", *captions[1:]])
    await on_telegram.hears("#1 · чернетка")
    await on_telegram.hears("Підпис останньої")

    assert [bubble for bubble in on_telegram.heard()[before:] if "Надішліть фото" in bubble.text] == []
    assert (await entry(on_telegram, 1)).article.media is not None


async def test_a_picture_of_an_album_waits_for_its_siblings(on_telegram: Chat) -> None:
    before = len(on_telegram.heard())
    await on_telegram.scene.sandbox.telegram.send_album(OWNER, 2, "Міст відкрили\n\nРух відновили.")
    await on_telegram.scene.says("/whoami", "", person=READER)
    assert len(on_telegram.heard()) == before

    on_telegram.scene.advance(seconds=2)
    await on_telegram.hears("#1 · чернетка")


async def test_of_an_album_in_reply_to_the_card_the_first_picture_is_taken_too(on_telegram: Chat) -> None:
    card = await on_telegram.drafts()
    await sends_album(on_telegram.scene, OWNER, 3, reply_to=card.message_id)
    await on_telegram.hears("В одному матеріалі одне зображення: взято перше з альбому, решту пропущено.")
    await on_telegram.says("/list", "#1 · чернетка · ")

    assert (await entry(on_telegram, 1)).version == 2


async def test_pictures_on_viber_come_with_their_address(scene: Scene) -> None:
    editor = Chat(scene, "viber").arrives()
    await editor.scene.sandbox.viber.send_picture(
        VIBER_OWNER, "https://example.org/b.jpg", "Міст відкрили\n\nРух є.", file=SMALL_JPEG
    )

    card = await editor.hears("#1 · чернетка")
    assert "Є фото" in card.text
    assert "без зображення" not in card.text


async def test_an_old_message_changed_changes_nothing(on_telegram: Chat) -> None:
    await on_telegram.drafts()
    telegram = on_telegram.scene.sandbox.telegram
    mine = next(bubble for bubble in telegram.phone(OWNER) if bubble.sender != "bot")

    await telegram.edit(OWNER, mine.message_id, "/queue Інший заголовок\n\nІнший лід.")

    await on_telegram.hears("Якщо виправити старе повідомлення, тут нічого не зміниться. Напишіть")
    assert (await entry(on_telegram, 1)).version == 1
    await on_telegram.says("/show 2", "Матеріалу #2 немає.")


async def test_the_newsrooms_own_channel_is_no_dialogue(on_telegram: Chat) -> None:
    await on_telegram.scene.sandbox.telegram.post(CHANNEL, "/queue Допис колеги\n\nУ каналі.")

    await on_telegram.says("/list", "Черга порожня.")


async def test_the_menu_of_the_app_shows_each_what_they_may_say(on_telegram: Chat) -> None:
    readers = ["start", "stop", "latest", "search", "check", "corrections", "proof", "channels", "help", "whoami"]
    readers += ["language", "mydata", "forgetme"]
    stranger = Chat(on_telegram.scene, "telegram", reader=True).arrives()
    telegram = stranger.scene.sandbox.telegram
    await stranger.scene.until(lambda: len(telegram.commands(OWNER)) > len(readers))

    assert {
        "command": "queue",
        "description": "новий матеріал, одразу чи покроково",
    } in telegram.commands(OWNER)
    assert [line["command"] for line in telegram.commands(READER)] == readers


async def test_where_the_end_of_a_text_does_not_fit_the_card_says_so(desk: Chat) -> None:
    warning = "On {platform} the text is too long: its end will be cut off."
    queue = "/queue Міст відкрили\n\n{}\nphoto: https://example.org/bridge.jpg"
    desk.scene.sandbox.internet.put("https://example.org/bridge.jpg", SMALL_JPEG)

    card = await desk.asks(queue.format("Слово. " * 110), warning, platform="Viber")
    on_telegram = [pattern_of(form, platform="Telegram") for form in desk.words(warning)]
    assert not any(pattern.search(card.text) for pattern in on_telegram)
    card = await desk.asks(queue.format("Слово. " * 150), warning, platform="Viber")
    assert any(pattern.search(card.text) for pattern in on_telegram)


async def test_where_a_post_goes_out_without_its_video_the_card_says_so(four: Four) -> None:
    warning = "On {platform} the post goes out without the picture: there it needs a web address"
    await four.scene.sandbox.telegram.send_video(OWNER, four.chats[0].article)
    await four.chats[0].sees(warning, platform="Viber")
    for number, chat in enumerate(four.chats):
        await chat.says("/show 1", "#1 · ")
        card = await chat.asks(f"/edit 1 topics: topic{number}", warning, platform="Viber")
        assert "Telegram" not in card_in(card)
    four.scene.sandbox.internet.put("https://example.org/bridge.jpg", SMALL_JPEG)
    card = await four.chats[0].asks("/edit 1 photo: https://example.org/bridge.jpg", "Photo attached")
    assert "Viber" not in card_in(card)


async def test_the_late_end_of_a_long_text_is_put_to_it_by_a_press(four: Four) -> None:
    scene = four.scene
    for number, chat in enumerate(four.chats, 1):
        body = "\n\n".join(f"Абзац {number}.{each}. {'Слово за словом. ' * 20}".strip() for each in range(20))
        end = f"Кінець {number}: " + "ремонт тривав два роки й коштував 120 мільйонів гривень. " * 4
        await chat.types(f"/queue Довгий матеріал {number}\n\nЛід матеріалу.\n\n{body}")
        last = f"Абзац {number}.19."
        while not any(
            last in data for (data,) in await rows(scene, "SELECT data FROM dialogue WHERE step = 'collect'")
        ):
            await scene.until(lambda: True)
        scene.advance(seconds=3)
        await chat.hears(chat.draft(number))
        scene.advance(seconds=40)
        await chat.asks(end, "Is this the end of #{id}, whose text was long? Nothing has been changed yet.")
        await chat.pushes_in_place("➕ The end of #{id}", "📝 #{id} is changed.")
        assert paragraphs(await entry(chat, number)) == [*body.split("\n\n"), end.strip()]
