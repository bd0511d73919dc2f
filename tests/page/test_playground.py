"""What a newcomer does on the page, in a real browser."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from bot.demo.fakes import FAKE_CHANNEL
from tests.page.conftest import CHANNELS, EDITOR, HEADLINE, OWNER, READERS, Visit, visiting

README = Path(__file__).parents[2] / "README.md"


async def published_everywhere(visit: Visit, headline: str, phones: tuple[str, ...] = CHANNELS + READERS) -> None:
    for phone in phones:
        await visit.shows(phone, headline)
    await expect(visit.page.locator("#goal")).to_have_class(re.compile("done"))


async def test_who_presses_what_the_readme_says_has_an_article_on_all_phones(visit: Visit) -> None:
    """The countdown runs in its own time: nobody moves the clock."""
    steps = README.read_text("utf-8").partition("## Try it")[2].partition("![")[0]
    submit, approve, publish = re.findall(r"\*\*(.+?)\*\*", steps)
    await visit.picks("Тролейбус")
    for name, label in ((OWNER, submit), (EDITOR, approve), (OWNER, publish)):
        await visit.presses(name, label)

    score = visit.page.locator("#score")
    await expect(score).to_contain_text("Олена ще може зупинити")
    await published_everywhere(visit, "тролейбус до нового мікрорайону")
    await expect(score).to_contain_text("На 6 з 6 телефонів, на кожному один раз")


async def test_what_counts_down_is_stopped_and_goes_nowhere(visit: Visit) -> None:
    await visit.prepares()
    await visit.presses(OWNER, "Опублікувати зараз")
    await expect(visit.page.locator("#score")).to_contain_text("Виходить за")
    await visit.presses(OWNER, "Зупинити")
    await visit.shows(OWNER, "Зупинено: #1")
    await expect(visit.page.locator("#score")).not_to_contain_text("Виходить за")

    await visit.page.get_by_role("button", name="+1 год").click()
    await visit.says(OWNER, "/show 1")

    await visit.shows("Вісник", HEADLINE, 0)


async def test_a_typed_article_comes_to_every_phone_once_when_the_clock_is_moved(visit: Visit) -> None:
    await visit.writes()
    await visit.presses(OWNER, "Найближчий час")
    await visit.shows(OWNER, ". Щоб вийшов, його мають погодити")
    await visit.approves()
    await expect(visit.phone("Вісник").locator(".bubble")).to_have_count(0)

    await visit.moves_the_clock()

    await published_everywhere(visit, HEADLINE)
    assert [phone.told for phone in visit.stage.sandbox.telegram.phone(2001)[-1:]] == [1]


async def test_a_sample_with_a_picture_is_one_click_and_one_press_away_from_all_phones(visit: Visit) -> None:
    await visit.picks("Міст, з фото")
    await visit.approves()
    await visit.publishes()

    await published_everywhere(visit, "Міст через Сулу")
    for phone in CHANNELS + READERS:
        picture = visit.phone(phone).locator(".picture img")
        await expect(picture).to_have_js_property("complete", True)
        assert await picture.evaluate("image => image.naturalWidth") == 960


async def test_who_blocks_the_bot_is_not_counted_and_gets_nothing(visit: Visit) -> None:
    await visit.phone("Іван").get_by_role("button", name="заблокувати").click()
    await expect(visit.phone("Іван").get_by_role("button", name="Розблокувати")).to_be_visible()

    await visit.prepares()
    await visit.publishes()

    await published_everywhere(visit, HEADLINE, (*CHANNELS, "Марія", "Оксана", "Петро"))
    await visit.shows(OWNER, "Telegram, читачі: доставлено: 1")
    await visit.shows("Іван", HEADLINE, 0)
    await expect(visit.page.locator("#score")).to_contain_text("5 з 5")


async def test_with_faults_on_the_post_waits_and_arrives_once(visit: Visit) -> None:
    await visit.prepares()
    await visit.switches("viber", "offline", on=True)
    await visit.switches("telegram", "slow", on=True)
    await visit.publishes()
    await visit.shows("Марія", HEADLINE)
    await visit.shows("Оксана", HEADLINE, 0)
    await expect(visit.page.locator("#goal")).to_have_class(re.compile("way"))

    await visit.switches("viber", "offline", on=False)
    await visit.switches("telegram", "slow", on=False)

    await published_everywhere(visit, HEADLINE)


@pytest.mark.parametrize(("platform", "name"), [("telegram", "Іван"), ("viber", "Оксана")])
async def test_offline_the_bot_does_not_hear_people_either_and_answers_afterwards(
    visit: Visit, platform: str, name: str
) -> None:
    await visit.switches(platform, "offline", on=True)
    await visit.says(name, "/latest")
    await visit.says(name, "/help")
    # The other platform's reader is heard meanwhile, so this one was not.
    other = "Марія" if platform == "viber" else "Петро"
    await visit.says(other, "/help")
    await visit.shows(other, "/останні —")
    await visit.shows(name, "/останні —", 0)

    await visit.switches(platform, "offline", on=False)

    await visit.shows(name, "/останні —")
    await visit.shows(name, "Ще нічого не опубліковано")


async def test_a_lost_answer_is_a_question_to_the_desk_not_a_second_post(visit: Visit) -> None:
    await visit.prepares()
    await visit.switches("viber", "drop", on=True)
    await visit.publishes()

    await visit.shows(OWNER, "Невідомо, чи з’явився допис")
    await visit.switches("viber", "drop", on=False)
    await visit.presses(OWNER, "Допис є")

    await published_everywhere(visit, HEADLINE)


async def test_the_bot_is_killed_and_a_queued_article_still_goes_out_once(visit: Visit) -> None:
    await visit.writes()
    await visit.presses(OWNER, "Найближчий час")
    await visit.shows(OWNER, ". Щоб вийшов, його мають погодити")
    await visit.approves()
    before = visit.stage.keeper.process_id

    await visit.page.get_by_role("button", name="Вбити й запустити").click()
    await visit.stage.sandbox.until(lambda: visit.stage.keeper.process_id not in (None, before))
    await expect(visit.page.locator("#bot")).to_have_attribute("data-state", "running")
    await visit.moves_the_clock()

    await published_everywhere(visit, HEADLINE)


async def test_a_reload_of_the_page_keeps_everything(visit: Visit) -> None:
    await visit.prepares()
    await visit.publishes()
    await published_everywhere(visit, HEADLINE)
    await visit.switches("viber", "slow", on=True)
    await expect(visit.page.locator("#log-sum")).not_to_contain_text("Запитів: 0")

    await visit.page.reload()
    await visit.page.wait_for_selector("body[data-ready]")

    await published_everywhere(visit, HEADLINE)
    await expect(visit.page.locator("[data-fault='viber slow']")).to_be_checked()
    for phone in (*CHANNELS, "Іван"):
        await expect(visit.phone(phone).locator(".unread")).to_have_text("1")
    await visit.phone("Іван").locator(".chat").click()
    await expect(visit.phone("Іван").locator(".unread")).to_be_hidden()


async def test_a_forwarded_post_edits_deletions_and_menus(visit: Visit) -> None:
    telegram = visit.stage.sandbox.telegram
    channel = next(iter(telegram.world.chats))
    post = await telegram.post(channel, "Сонце над містом")
    await visit.shows("Вісник", "Сонце над містом")
    row = visit.phone("Вісник").locator(".row").filter(has_text="Сонце")
    await row.hover()
    await row.get_by_role("button", name="Переслати боту").click()
    await visit.page.get_by_role("dialog").get_by_role("button", name=OWNER).click()
    await expect(visit.phone(OWNER).locator(".bubble.out .origin")).to_have_text("Переслано: Вісник")
    await visit.shows(OWNER, "чернетка")

    await telegram.edit(channel, post, "Сонце над річкою")
    await expect(visit.phone("Вісник").locator(".bubble").filter(has_text="річкою").locator(".edited")).to_be_visible()
    await telegram.delete(channel, post)
    await visit.shows("Вісник", "Сонце", 0)

    await visit.phone("Марія").get_by_role("button", name="команди бота").click()
    await visit.phone("Марія").locator(".commands").get_by_role("button", name="/help").click()
    await visit.shows("Марія", "/останні —")
    await expect(visit.phone("Петро").locator(".unread")).to_be_hidden()


async def test_the_page_speaks_english_to_who_reads_english(browser: Browser, visit: Visit) -> None:
    async with visiting(browser, visit.stage, locale="en-US", color_scheme="dark") as guest:
        await expect(guest.page.get_by_role("button", name="Kill and restart")).to_be_visible()
        # Olena has done nothing yet, so the phones turn with the page; later at a press on “Eng”.
        await guest.shows("Марія", "/stop — unsubscribe")
        await guest.shows(EDITOR, "Ukrainian names work too")
        await guest.picks("Ferry")
        await guest.shows(OWNER, "#1 · draft")
        await expect(guest.phone(OWNER).locator(".name")).to_have_text("Olena")
        await guest.page.get_by_role("button", name="Укр").click()
        await expect(guest.page.get_by_role("button", name="Вбити й запустити")).to_be_visible()
        await guest.shows("Марія", "/стоп — відписатися")


async def test_a_genuine_an_altered_and_a_foreign_post_get_three_answers(visit: Visit) -> None:
    fake = visit.phone("Підробка")
    await expect(fake.get_by_role("button", name="Підробити")).to_be_hidden()  # there is nothing to fake yet
    await visit.picks("Ferry")
    await visit.approves()
    await visit.publishes()
    await published_everywhere(visit, "Ferry to the island")
    await fake.get_by_role("button", name="Підробити").click()
    await visit.shows("Підробка", "26 minutes")

    # A fake with our headline is no phone that our article reached.
    await expect(visit.page.locator("#score")).to_contain_text("На 6 з 6 телефонів, на кожному один раз")
    await expect(fake.locator(".got")).to_be_hidden()
    for source, post, answer in (
        ("Вісник", "Ferry to the island", "✅ Так, це наше"),
        ("Підробка", "26 minutes", "✔️ У нас: «crossing takes 25 minutes"),
        ("Підробка", "банкомати", "⚪ Ми цього не публікували"),
    ):
        row = visit.phone(source).locator(".row").filter(has_text=post)
        await row.hover()
        await row.get_by_role("button", name="Переслати боту").click()
        await visit.page.get_by_role("dialog").get_by_role("button", name="Іван").click()
        await visit.shows("Іван", answer)
    await visit.shows("Іван", "🔴 Це не наш канал", 2)

    address = await visit.page.locator("[data-verify]").get_attribute("href")
    await visit.page.goto(str(address))
    await visit.page.locator("#given").fill(visit.stage.sandbox.telegram.phone(FAKE_CHANNEL)[-1].text)
    await visit.page.locator("#form button").first.click()
    await expect(visit.page.locator("#answer del")).to_have_text("26")


async def test_markup_in_a_message_stays_text(visit: Visit) -> None:
    await visit.says("Іван", "<img src=x onerror=alert(1)><script>alert(2)</script> *&amp;*")

    await visit.shows("Іван", "<img src=x onerror=alert(1)><script>alert(2)</script> *&amp;*")
    await expect(visit.phone("Іван").locator(".bubbles img, .bubbles script")).to_have_count(0)


async def test_a_night_post_is_marked_as_silent_and_a_video_has_its_poster(visit: Visit) -> None:
    await visit.picks("Storks, video")
    await visit.approves()  # by day: by night the question would keep until somebody is back
    night = visit.stage.clock().astimezone(visit.zone).replace(hour=23, minute=30, second=0) - visit.stage.clock()
    await visit.stage.keeper.move_clock(night.total_seconds() % 86_400)
    await visit.publishes()

    await published_everywhere(visit, "Stork nest camera is live")
    bubble = visit.phone("Марія").locator(".bubble").filter(has_text="Stork nest")
    await expect(bubble.locator(".silent")).to_have_text("🔕 без звуку")
    assert await bubble.locator(".picture.video img").evaluate("image => image.decode().then(() => image.naturalWidth)")


async def test_a_correction_is_on_all_phones_and_the_page_says_so(visit: Visit) -> None:
    score = visit.page.locator("#score")
    await visit.prepares()
    await visit.publishes()
    await expect(score).to_contain_text("На 6 з 6 телефонів, на кожному один раз")
    await visit.says(OWNER, "/виправити 1 лід: Триста дерев і ставок замість старого складу.")
    await visit.says(OWNER, "Дерев було двісті, а правильно триста: виправляємо.")
    await visit.presses(OWNER, "📨 Надіслати на погодження")
    await visit.presses(EDITOR, "Погодити")
    await expect(score).to_contain_text("❗ Зміна — на 6 з 6 телефонів")

    await visit.says(OWNER, "/відкликати 1")
    await visit.says(OWNER, "Міська рада скасувала відкриття парку на Подолі.")
    await visit.presses(OWNER, "⛔ Відкликати зараз")
    await expect(score).to_contain_text("⛔ Зміна — на 6 з 6 телефонів")
