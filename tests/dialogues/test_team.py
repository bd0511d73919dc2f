"""The desk's people as chat: invited, linked, given a role, removed; on both platforms, in both languages."""

from __future__ import annotations

import re

from bot.domain import Address, Platform
from bot.domain.people import Role
from tests.conftest import READER, VIBER_READER, Scene
from tests.dialogues.conftest import TELEGRAM, VIBER, Chat
from tests.helpers.catalogue import stretch, written
from tests.helpers.team import ASKED, CODE

TOMORROW = written("tomorrow at {time}", time="13:00")
EDITOR = written("editor")
INVITED = (
    written("Welcome to the desk. Your role: {role}.", role=EDITOR),
    stretch("You are {id}, an editor of this newsroom."),
    written("You can approve from {when}.", when=TOMORROW),
)


async def code_of(owner: Chat, said: str) -> str:
    found = CODE.search((await owner.says(said, ASKED[owner.language][said == "/link"])).text)
    assert found is not None
    return found[1]


async def joined(owner: Chat, newcomer: Chat, role: str = "editor") -> None:
    code = await code_of(owner, f"/invite {role}")
    await newcomer.says(f"/start {code}", written("Welcome to the desk. Your role: {role}.")[newcomer.language])


async def test_an_invitation_seats_one_editor_who_may_approve_tomorrow(desk: Chat, reader: Chat) -> None:
    welcome, whoami, wait = (text[reader.language] for text in INVITED)
    code = await code_of(desk, {"uk": "/запросити редактора", "en": "/invite editor"}[desk.language])
    await reader.says(f"/start {code}", welcome)
    await reader.hears(wait)
    await reader.says("/whoami", whoami)

    used = written("This code has already been used. Ask for a new one.")[reader.language]
    await reader.says(f"/start {code}", used)
    may_from = written("approves from {when}", when=TOMORROW)[desk.language]
    assert may_from in (await desk.says("/team", "3. ")).text


async def test_a_newcomer_is_told_things_in_their_own_language(desk: Chat, reader: Chat) -> None:
    await joined(desk, reader)
    await desk.says("/halt", "")

    told = await reader.sees("{person} halted everything: nothing is being sent.")
    assert stretch("{person} halted everything: nothing is being sent.")[reader.language] in told.text


async def test_the_viber_link_offers_to_join(scene: Scene) -> None:
    owner = Chat(scene, TELEGRAM).arrives()
    said = await owner.says("/invite reporter", "viber://pa?chatURI=visnyk&context=")
    found = re.search(r"context=(\w+)", said.text)
    assert found is not None and f"https://t.me/visnyk_bot?start={found[1]}" in said.text

    await scene.sandbox.viber.open_chat(VIBER_READER, found[1])
    await scene.until(lambda: any("Вас запрошено" in bubble.text for bubble in scene.viber(VIBER_READER)))
    await scene.presses_on_viber("Приєднатися", "Ваша роль: репортер", person=VIBER_READER)


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


def other_phone(desk: Chat) -> Chat:
    """The second app of whoever writes from the first; nobody knows it yet."""
    return Chat(desk.scene, VIBER if desk.on_telegram else TELEGRAM, desk.language, reader=True).arrives()


async def linked(desk: Chat, other: Chat) -> None:
    await other.asks(f"/link {await code_of(desk, '/link')}", "One more step: within 5 minutes, press")
    await desk.sees("🔐 Someone on {platform}, “{name}”, typed your code")
    await desk.pushes("It’s me", "Linked: you are now the same person on both.")


async def test_both_addresses_of_a_person_are_one(desk: Chat) -> None:
    """A code made on one platform and typed on the other, and a press on the first."""
    other = other_phone(desk)
    code = await code_of(desk, "/link")
    await desk.says(f"/link {code}", written("Type this code on the other platform:")[desk.language])
    await linked(desk, other)
    assert await desk.scene.app.store.read.reader_state(other.address) is None  # a code is no reader's word

    owner = await desk.scene.app.store.read.person_at(desk.address)
    assert owner is not None and set(owner.addresses) == {desk.address, other.address}
    await other.sees("{name} linked a second account: {platform}.")
    await other.says("/link", written("Your Telegram and Viber are already linked")[desk.language])


async def test_whoever_has_the_code_is_nobody_until_its_maker_says_so(scene: Scene) -> None:
    owner, thief = Chat(scene, TELEGRAM).arrives(), Chat(scene, VIBER, reader=True).arrives()
    second = Chat(scene, VIBER).arrives()
    await second.says("/list", "Черга")
    code = await code_of(owner, "/link")
    await thief.asks(f"/link {code}", "One more step")
    await thief.asks("/whoami", "You are {id}, a reader.")
    await owner.pushes("It’s not me", "Good that you checked: no one was let in")

    await second.sees("⚠️ Someone else had the link code of {name}")
    await thief.asks(f"/link {code}", "This code has already been used.")
    await thief.asks("/whoami", "You are {id}, a reader.")


async def test_the_question_who_wants_in_is_good_for_five_minutes(scene: Scene) -> None:
    owner, other = Chat(scene, TELEGRAM).arrives(), Chat(scene, VIBER, reader=True).arrives()
    await other.asks(f"/link {await code_of(owner, '/link')}", "One more step")
    await owner.sees("🔐 Someone on {platform}")
    scene.advance(minutes=5)
    await owner.pushes("It’s me", "That button is too old.")
    await other.asks("/whoami", "You are {id}, a reader.")


async def test_a_link_code_and_an_invitation_do_not_stand_for_each_other(scene: Scene) -> None:
    owner, other = Chat(scene, TELEGRAM).arrives(), Chat(scene, VIBER, reader=True).arrives()
    link, invitation = await code_of(owner, "/link"), await code_of(owner, "/invite editor")
    await other.asks(f"/start {link}", "I don't know this code.")
    await other.asks(f"/link {invitation}", "I don't know this code.")
    await other.asks("/whoami", "You are {id}, a reader.")


async def test_a_new_address_waits_and_is_unlinked_at_once(scene: Scene) -> None:
    owner, other = Chat(scene, TELEGRAM).arrives(), Chat(scene, VIBER, reader=True).arrives()
    await linked(owner, other)
    await owner.drafts()
    new = "This account was linked only recently"
    for said in ("/invite editor", "/urgent 1"):
        await other.asks(said, new)
    await other.asks("/role 2 editor", "Change the role of {name} from {was} to {role}?")
    await other.pushes("Yes", new)
    await other.asks("/unlink", "Which account of {name} do you want to unlink?")
    await owner.asks("/unlink", "Which account of {name} do you want to unlink?")
    await owner.pushes("", "Unlinked: that {platform} account is no longer {name}.", on="✂️ Viber")
    await other.asks("/whoami", "You are {id}, a reader.")
    await owner.asks("/unlink", "{name} has only one account.")


async def test_an_owner_parts_another_owners_stolen_address(scene: Scene) -> None:
    owner, other = Chat(scene, TELEGRAM).arrives(), Chat(scene, VIBER, reader=True).arrives()
    second = Chat(scene, VIBER).arrives()
    await second.says("/list", "Черга")
    await linked(owner, other)
    await second.sees("{name} linked a second account: {platform}.")
    await second.asks("/unlink 1", "Which account of {name} do you want to unlink?")
    await second.pushes("", "Unlinked: that {platform} account is no longer {name}.", on="✂️ Viber")
    await owner.sees("{by} unlinked an account of {name}: {platform}.")
    await other.sees("This account is no longer {name} on the desk: {by} unlinked it.")
    await other.asks("/whoami", "You are {id}, a reader.")
    await scene.stop()
    await scene.start()
    await other.asks("/whoami", "You are {id}, a reader.")


async def test_an_unlinked_account_is_told_in_its_own_chat(desk: Chat) -> None:
    other = other_phone(desk)
    await linked(desk, other)
    await desk.asks("/unlink", "Which account of {name} do you want to unlink?")
    await desk.pushes("", "Unlinked: that {platform} account", on="✂️ Viber" if desk.on_telegram else "✂️ Telegram")

    told = await other.sees("This account is no longer {name} on the desk: {by} unlinked it.")
    assert not desk.reads(told, "{by} unlinked an account of {name}: {platform}.")


async def test_a_code_never_gives_less_to_take_more(scene: Scene) -> None:
    """A reporter's link code, typed by an owner, must not make the reporter an owner."""
    owner, reporter = Chat(scene, TELEGRAM).arrives(), Chat(scene, TELEGRAM, reader=True).arrives()
    await joined(owner, reporter, "reporter")
    code = await code_of(reporter, "/link")
    await Chat(scene, VIBER).arrives().asks(f"/link {code}", "You are already on the desk as {name}")

    assert [person.role for person in await scene.app.store.read.team()] == [Role.OWNER, Role.OWNER, Role.REPORTER]


async def test_a_removed_persons_buttons_and_dialogues_die_at_once(desk: Chat, reader: Chat) -> None:
    yes = written("Yes")[desk.language]
    await joined(desk, reader)
    await reader.drafts()
    await reader.says("/at 1", "18:30")
    await desk.says("/remove 3", stretch("Take {name} ({was}) off the desk?")[desk.language])
    await desk.presses(yes, stretch("{name} is no longer on the desk.")[desk.language])

    await reader.sees("You are no longer on the desk: {by} removed you.")
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
    await owner.says("/team", "3. Ivan · редактор · Telegram · погоджує від: завтра")
    await owner.presses("Ivan", "3. Ivan · редактор")
    await owner.presses("Зробити власником", "змінити роль на «власник»?")
    scene.advance(minutes=15)
    await owner.presses("Так", "Ця кнопка застаріла")
    await owner.hears("3. Ivan · редактор · Telegram")

    await owner.says("/role 3 репортер", "змінити роль на «репортер»?")
    await owner.presses("Так", "Ivan: тепер роль — репортер.")
    await editor.hears("тепер роль — репортер. Змінює Olena")
    await editor.says("/now 1", "лише редактори й власники")


async def test_who_is_named_in_owners_and_the_last_owner_stay(scene: Scene) -> None:
    owner = Chat(scene, TELEGRAM).arrives()
    await owner.says("/remove 2", "вилучити з редакції?")
    await owner.presses("Так", "є в OWNERS")
    await owner.says("/role 1 editor", "змінити роль")
    await owner.presses("Так", "є в OWNERS")
    await owner.says("/remove 9", "У редакції немає людини з номером")
    await owner.says("/remove", "Кого? Назвіть ім’я або номер: /вилучити 3")
    await owner.says("/role 1", "Яка роль?")
    await owner.says("/invite", "Кого? /запросити редактора")
