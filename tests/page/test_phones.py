"""Things that a phone on the page does as the app does them."""

from __future__ import annotations

from playwright.async_api import expect

from bot.demo.town import TELEGRAM_CHANNEL, VIBER_READERS
from tests.page.conftest import ARTICLE, CHANNELS, EDITOR, HEADLINE, OWNER, READERS, Visit

OKSANA = next(iter(VIBER_READERS))


async def test_headlines_are_bold_and_sources_are_links_on_both_platforms(visit: Visit) -> None:
    await visit.prepares()
    await visit.publishes()
    for name in CHANNELS + READERS:
        await visit.shows(name, HEADLINE)
        post = visit.phone(name).locator(".bubble").filter(has_text=HEADLINE)
        await expect(post.locator("strong").first).to_have_text(HEADLINE)
        link = post.get_by_role("link").first
        await expect(link).to_have_attribute("href", "https://example.org/park")
        await expect(link).to_have_attribute("rel", "noopener noreferrer")


async def test_vibers_keyboard_is_pressed_and_changes_with_the_conversation(visit: Visit) -> None:
    keyboard = visit.phone("Оксана").locator(".keyboard")
    await expect(keyboard).to_have_text("Останні новини")

    await visit.presses("Оксана", "Останні новини")
    await visit.shows("Оксана", "Ще нічого не опубліковано")
    await visit.says("Оксана", "/stop")

    await expect(keyboard).to_have_text("Підписатися")


async def test_vibers_keyboard_does_not_go_on_offering_what_was_answered(visit: Visit) -> None:
    await visit.prepares()

    await expect(visit.phone(EDITOR).locator(".keyboard")).to_contain_text("Черга")
    await expect(visit.phone(EDITOR).locator(".keyboard")).not_to_contain_text("Погодити")


async def test_a_finger_on_vibers_keyboard_presses_although_the_same_keyboard_comes_again(visit: Visit) -> None:
    phone = visit.phone("Оксана")
    await phone.locator(".keyboard button").hover()
    await visit.page.mouse.down()
    await visit.stage.sandbox.viber.say(OKSANA, "/start")
    await expect(phone.locator(".bubble.in")).to_have_count(4)
    await visit.page.mouse.up()

    await visit.shows("Оксана", "Ще нічого не опубліковано")


async def test_who_unblocks_the_bot_gets_the_next_article(visit: Visit) -> None:
    for name, block, again in (
        ("Іван", "заблокувати", "Розблокувати"),
        ("Петро", "не отримувати", "Отримувати повідомлення"),
    ):
        await visit.presses(name, block)
        await visit.presses(name, again)
        await expect(visit.phone(name).locator("textarea")).to_be_visible()
    await visit.prepares()
    await visit.publishes()

    for name in CHANNELS + READERS:
        await visit.shows(name, HEADLINE)


async def test_a_post_is_forwarded_to_the_bot_on_viber_as_the_persons_own_words(visit: Visit) -> None:
    await visit.prepares()
    await visit.publishes()
    await visit.shows("Вісник у Viber", HEADLINE)

    row = visit.phone("Вісник у Viber").locator(".row").filter(has_text=HEADLINE)
    await row.hover()
    await row.get_by_role("button", name="Переслати боту").click()
    await visit.page.get_by_role("dialog").get_by_role("button", name="Оксана").click()

    await expect(visit.phone("Оксана").locator(".bubble.out").filter(has_text=HEADLINE)).to_have_count(1)
    await visit.shows("Оксана", "це наше")


async def test_an_article_of_several_lines_is_pasted_after_queue(visit: Visit) -> None:
    """Pasted from the clipboard by a key press, the text stands in the box with its lines."""
    await visit.says(OWNER, "/queue")
    await visit.shows(OWNER, "заголовок")
    box = visit.phone(OWNER).locator("textarea")
    await box.fill(ARTICLE.removeprefix("/queue "))
    await box.press("Control+A")
    await box.press("Control+X")
    await expect(box).to_have_value("")
    await box.press("Control+V")
    await expect(box).to_have_value(ARTICLE.removeprefix("/queue "))
    await box.press("Enter")

    await visit.shows(OWNER, "#1 · чернетка")


async def test_what_is_typed_survives_a_change_of_language_and_shift_enter_makes_a_line(visit: Visit) -> None:
    box = visit.phone("Марія").locator("textarea")
    await box.press_sequentially("Перший")
    await box.press("Shift+Enter")
    await box.press_sequentially("другий")

    await visit.page.get_by_role("button", name="Eng").click()
    await expect(visit.page.get_by_role("button", name="Kill and restart")).to_be_visible()

    await expect(visit.phone("Марія").locator("textarea")).to_have_value("Перший\nдругий")


async def test_only_the_phone_that_somebody_is_in_says_aloud_what_arrives(visit: Visit) -> None:
    await visit.phone("Марія").locator("textarea").focus()
    await expect(visit.phone("Марія").locator(".chat")).to_have_attribute("aria-live", "polite")
    await expect(visit.phone("Іван").locator(".chat")).to_have_attribute("aria-live", "off")

    await visit.stage.sandbox.telegram.post(TELEGRAM_CHANNEL, "Щось нове")
    await visit.shows("Вісник", "Щось нове")
    await visit.says(EDITOR, "/list")

    await expect(visit.page.get_by_role("status").filter(has_text=EDITOR)).to_have_count(0)  # it has the focus
