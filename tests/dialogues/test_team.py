"""The desk's people as chat: invited, linked, given a role, removed; on both platforms, in both languages."""

from __future__ import annotations

import re

from bot.domain import Address, Platform
from bot.domain.people import Role
from tests.conftest import OWNER, READER, VIBER_OWNER, VIBER_READER, Scene
from tests.dialogues.conftest import TELEGRAM, VIBER, Chat
from tests.helpers.team import ASKED, CODE

INVITED = {
    "uk": ("Вітаємо в редакції! Ваша роль — редактор.", "Ваша роль у редакції: редактор", "з: завтра о 13:00."),
    "en": ("Welcome to the desk. Your role: editor.", "an editor of this newsroom", "from tomorrow at 13:00."),
}


async def code_of(owner: Chat, said: str) -> str:
    found = CODE.search((await owner.says(said, ASKED[owner.language][said == "/link"])).text)
    assert found is not None
    return found[1]


async def joined(owner: Chat, newcomer: Chat, role: str = "editor") -> None:
    code = await code_of(owner, f"/invite {role}")
    await newcomer.says(f"/start {code}", {"uk": "Вітаємо в редакції", "en": "Welcome to the desk"}[newcomer.language])


async def test_an_invitation_seats_one_editor_who_may_approve_tomorrow(desk: Chat, reader: Chat) -> None:
    welcome, whoami, wait = INVITED[reader.language]
    code = await code_of(desk, {"uk": "/запросити редактора", "en": "/invite editor"}[desk.language])
    await reader.says(f"/start {code}", welcome)
    await reader.hears(wait)
    await reader.says("/whoami", whoami)

    used = {"uk": "Цей код уже використано", "en": "This code has already"}[reader.language]
    await reader.says(f"/start {code}", used)
    may_from = {"uk": "погоджує від: завтра о 13:00", "en": "approves from tomorrow at 13:00"}[desk.language]
    assert may_from in (await desk.says("/team", "#3 ")).text


async def test_the_viber_link_offers_to_join(scene: Scene) -> None:
    owner = Chat(scene, TELEGRAM).arrives()
    said = await owner.says("/invite reporter", "viber://pa?chatURI=visnyk&context=")
    found = re.search(r"context=(\w+)", said.text)
    assert found is not None and f"https://t.me/visnyk_bot?start={found[1]}" in said.text

    await scene.sandbox.viber.open_chat(VIBER_READER, found[1])
    await scene.until(lambda: any("Вас запрошено" in bubble.text for bubble in scene.viber(VIBER_READER)))
    await scene.presses_on_viber("Приєднатися", "Ваша роль — репортер", person=VIBER_READER)


async def test_a_code_is_for_a_day_and_only_while_its_maker_is_an_owner(scene: Scene) -> None:
    owner, other = Chat(scene, TELEGRAM).arrives(), Chat(scene, VIBER, reader=True).arrives()
    old = await code_of(owner, "/invite editor")
    scene.advance(hours=24)
    await other.says(f"/start {old}", "Цей код застарів")

    await joined(owner, Chat(scene, TELEGRAM, reader=True).arrives(), "owner")
    orphaned = await code_of(Chat(scene, TELEGRAM, reader=True), "/invite editor")
    await owner.says("/role 3 editor", "змінити роль")
    await owner.presses("Так", "тепер роль — редактор")
    await other.says(f"/start {orphaned}", "більше не має на це права")
    await other.says("/start ABCDEFGHJKLMNPQR", "Не знаю такого коду.")


async def test_both_addresses_of_a_person_are_one(desk: Chat) -> None:
    """A code made on one platform and typed on the other."""
    other = Chat(desk.scene, VIBER if desk.on_telegram else TELEGRAM, desk.language)
    linked = {"uk": "Готово: ваші Telegram", "en": "Linked"}[desk.language]
    code = await code_of(desk, "/link")
    refused = {"uk": "на іншій платформі", "en": "on the other platform"}[desk.language]
    await desk.says(f"/link {code}", refused)
    await other.says(f"/link {code}", linked)

    (owner,) = await desk.scene.app.store.read.team()
    assert {str(address) for address in owner.addresses} == {f"telegram:{OWNER}", f"viber:{VIBER_OWNER}"}
    await other.says("/link", {"uk": "Ваші Telegram і", "en": "Your Telegram and Viber"}[desk.language])


async def test_a_code_never_gives_less_to_take_more(scene: Scene) -> None:
    """A reporter's link code, typed by an owner, must not make the reporter an owner."""
    owner, reporter = Chat(scene, TELEGRAM).arrives(), Chat(scene, TELEGRAM, reader=True).arrives()
    await joined(owner, reporter, "reporter")
    code = await code_of(reporter, "/link")
    await Chat(scene, VIBER).arrives().says(f"/link {code}", "Тут ви маєте більше прав")

    assert [person.role for person in await scene.app.store.read.team()] == [Role.OWNER, Role.OWNER, Role.REPORTER]


async def test_a_removed_persons_buttons_and_dialogues_die_at_once(desk: Chat, reader: Chat) -> None:
    yes = {"uk": "Так", "en": "Yes"}[desk.language]
    await joined(desk, reader)
    await reader.drafts()
    await reader.says("/at 1", "18:30")
    await desk.says("/remove 3", {"uk": "вилучити з редакції?", "en": "off the desk?"}[desk.language])
    await desk.presses(yes, {"uk": "більше не в редакції", "en": "no longer on the desk"}[desk.language])

    help_of_a_reader = {"uk": "/останні", "en": "/latest"}[reader.language]
    await reader.says("18:30", help_of_a_reader)
    await reader.says("/now 1", help_of_a_reader)
    entry = await desk.scene.app.store.read.entry(1)
    assert entry is not None and entry.due_at is None
    chat = Address(Platform(reader.platform), str(READER) if reader.on_telegram else VIBER_READER)
    assert not await desk.scene.app.store.read.value("SELECT count(*) FROM button WHERE chat = :c", {"c": str(chat)})


async def test_a_question_is_answered_by_who_asked_and_within_a_quarter_of_an_hour(scene: Scene) -> None:
    owner, editor = Chat(scene, TELEGRAM).arrives(), Chat(scene, TELEGRAM, reader=True).arrives()
    await joined(owner, editor)
    await owner.says("/team", "#3 Ivan · редактор · Telegram · погоджує від: завтра")
    await owner.presses("#3 Ivan", "#3 Ivan · редактор")
    await owner.presses("Дозволити погоджувати вже", "може погоджувати вже")
    await owner.presses("Зробити власником", "змінити роль на «власник»?")
    scene.advance(minutes=15)
    await owner.presses("Так", "Ця кнопка застаріла")
    await owner.hears("#3 Ivan · редактор · Telegram")

    await owner.says("/role 3 репортер", "змінити роль на «репортер»?")
    await owner.presses("Так", "#3 Ivan: тепер роль — репортер.")
    await editor.hears("тепер роль — репортер. Змінює #1")
    await editor.says("/now 1", "лише редактори й власники")


async def test_who_is_named_in_owners_and_the_last_owner_stay(scene: Scene) -> None:
    owner = Chat(scene, TELEGRAM).arrives()
    await owner.says("/remove 2", "вилучити з редакції?")
    await owner.presses("Так", "є в OWNERS")
    await owner.says("/role 1 editor", "змінити роль")
    await owner.presses("Так", "є в OWNERS")
    await owner.says("/remove 9", "У редакції немає людини з номером")
    await owner.says("/remove", "Кого? Назвіть номер: /вилучити 3")
    await owner.says("/role 1", "Яка роль?")
    await owner.says("/invite", "Кого? /запросити редактора")
