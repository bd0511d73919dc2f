"""What each of a desk hears of the others and is told when something can't be: on both platforms, in both languages."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from bot.commands.guesses import ALARM, ANSWERED
from bot.domain import Address, Platform
from bot.domain.people import Role
from bot.storage import Queries
from tests.dialogues.conftest import Chat, Four
from tests.helpers.team import code_from

#: Presses that nobody made, as made by somebody who is no longer known.
PRESSED_BY_ANOTHER = "UPDATE button SET used_at = 1795518000000, used_by = 'telegram:5' WHERE used_by IS NULL"


def offers_to_go_on(chat: Chat) -> bool:
    """True if Viber's keyboard still has the button that ends a halt."""
    rows = [] if chat.on_telegram else chat.scene.sandbox.viber.keyboard(chat.address.id)
    return chat.written("Continue") in [label for row in rows for label, _ in row]


async def test_a_halt_and_its_end_are_told_to_each(four: Four) -> None:
    chats = four.chats
    for at, chat in enumerate(chats):
        other = chats[at - 1]
        await chat.asks("/resume", "Nothing is halted.")
        await other.asks("/halt", "Everything is halted: nothing is")
        await chat.sees("{person} halted everything: nothing is being sent. To")
        await chat.asks("/halt", "Everything is already halted.")
        await chat.asks("/resume", "You asked to continue.")
        await chat.asks("/resume", "You have already asked. A second person must agree with /resume.")
        await chat.asks("/halt", "Still halted. The request to continue was withdrawn.")
        await other.says("/resume", "15")
        await chat.sees("{person} asks to end the halt. If you agree, sending continues. To stay halted: /halt")
        await chat.pushes("Continue", "Sending continues from where it stopped.")
        await other.sees("{person} ended the halt: sending continues from where it stopped.")
        await four.scene.until(lambda: not any(map(offers_to_go_on, chats)))
        late = await four.offered(chat, "resume", {})
        await chat.pushes("", "Nothing is halted.", on=late)
        await other.asks("/halt", "Everything is halted: nothing is")
        label = await four.offered(chat, "resume", {})
        await four.write(lambda tx: tx.run("UPDATE button SET expires_at = 0"))
        await chat.pushes("", "Everything is halted.", on=label)
        await other.says("/resume", "15")
        await chat.says("/resume", "")


async def test_two_editors_do_not_end_a_halt(four: Four) -> None:
    editors = (await four.seats(Role.EDITOR)).chats
    await editors[0].says("/halt", "")
    for at, chat in enumerate(editors):
        await editors[at - 1].says("/resume", "15")
        await chat.asks("/resume", "One of the two people must be an owner. An owner agrees with /resume.")
        await chat.says("/halt", "")


async def test_while_all_is_halted_nothing_is_sent(four: Four) -> None:
    await four.chats[0].drafts()
    await four.chats[0].asks("/halt", "Everything is halted: nothing is")
    await four.each("/now 1", "Everything is halted, nothing goes out. Use /resume first, or")
    await four.each("/resend 1 missing", "Everything is halted, nothing goes out. Use /resume first.")


async def test_each_role_is_told_what_it_is_and_what_it_may_not(four: Four) -> None:
    await four.each("/whoami", "You are {id}, an owner of this newsroom.")
    editors, reporters = await four.seats(Role.EDITOR), await four.seats(Role.REPORTER)
    await four.chats[0].drafts()
    await editors.each("/whoami", "You are {id}, an editor of this newsroom.")
    await editors.each("/team", "Only an owner can do that.")
    await reporters.each("/whoami", "You are {id}, a reporter of this newsroom.")
    await reporters.each("/now 1", "Only editors and owners can do that.")
    await reporters.each(
        "/edit 1 lead: So.", ("Reporters can change only their own drafts. Ask an editor about #{id}.")
    )


async def test_strangers_are_told_that_they_are_readers(four: Four) -> None:
    strangers = four.strangers()
    for chat in strangers.chats:
        await chat.asks("/start", "Thank you for subscribing.")
        await chat.asks("/whoami", "You are {id}, a reader.")
        await chat.asks("/start ABCDEFGHJKLMNPQR", "I don't know this code. Ask for a new one.")
        label = await four.offered(chat, "ask_edit", {"article": 1})
        await chat.pushes("", "Only the desk can do that.", on=label)
        label = await four.offered(chat, "start", {})
        await chat.pushes("", "You are already subscribed. To unsubscribe: /stop. The latest: /latest.", on=label)


async def test_buttons_that_do_not_count_say_why(four: Four) -> None:
    for chat in four.chats:
        label = await four.offered(chat, "resume", {})
        await four.write(lambda tx: tx.run("DELETE FROM button"))
        await chat.pushes("", "This button is too old to know what it was about.", on=label)
        label = await four.offered(chat, "resume", {})
        await four.write(lambda tx: tx.run("UPDATE button SET action = 'recall' WHERE used_at IS NULL"))
        await chat.pushes("", "This button is too old to know what it was about.", on=label)
        label = await four.from_the_future(chat)
        await chat.pushes("", "This button does not work here: another version of Visnyk made it.", on=label)
        label = await four.offered(chat, "resume", {}, only=99)
        await chat.pushes("", "This button is for the person who", on=label)
        label = await four.offered(chat, "resume", {})
        await four.write(lambda tx: tx.run(PRESSED_BY_ANOTHER))
        await chat.pushes("", "That button was pressed {when} by {name}.", on=label)
        await chat.sees("Nothing is halted.")


async def test_a_fault_of_ours_is_owned_up_to(four: Four) -> None:
    await four.chats[0].drafts()
    labels = [await four.offered(chat, "ask_edit", {"article": 1}) for chat in four.chats]
    await four.write(lambda tx: tx.run("UPDATE button SET used_at = 1, used_by = 'odd:5'"))
    for chat, label in zip(four.chats, labels, strict=True):
        await chat.taps(label)
    # It is tried a few times before.
    for chat in four.chats:
        await chat.sees("Something went wrong on our")


# People


async def test_codes_that_do_not_count_say_why(four: Four) -> None:
    owner, strangers = four.chats[0], four.strangers().chats
    old = [await code_from(owner, "/invite editor") for _ in strangers]
    four.scene.advance(hours=24)
    orphaned = [await code_from(four.chats[1], "/invite editor") for _ in strangers]
    await four.makes(2, Role.EDITOR)
    fresh = [await code_from(owner, "/invite reporter") for _ in strangers]
    for at, chat in enumerate(strangers):
        await chat.asks(f"/start {old[at]}", "This code has expired. Ask for a new one.")
        await chat.asks(
            f"/start {orphaned[at]}", ("The person who made this code is no longer allowed to. Ask for a new one.")
        )
        await chat.asks(f"/start {fresh[at]}", "Welcome to the desk. Your role: {role}.")
        again = await code_from(owner, "/invite reporter")
        await chat.asks(f"/start {again}", "You are already on the desk. /whoami shows your role.")
    await four.makes(2, Role.OWNER)
    late = four.strangers("late").chats[0]
    await late.says(f"/start {await code_from(four.chats[3], '/invite reporter')}", "")
    for chat in four.chats[:3]:
        await chat.sees("{name} joined the desk: {role}. Invited by {by}.")
    for chat in four.chats:
        other = next(each for each in strangers if each.platform != chat.platform)
        await chat.asks(f"/link {await code_from(other, '/link')}", "You are already on the desk as {name}")


async def test_guessed_codes_are_told_to_the_owners_and_soon_not_answered(four: Four) -> None:
    guessers = four.strangers("guesser").chats
    for chat in guessers:
        await chat.asks("/start ABCDEFGHJKLMNPQR", "I don't know this code. Ask for a new one.")
    for number in range(ALARM - len(guessers)):
        await guessers[number % 4].types("/start ABCDEFGHJKLMNPQR")
    for owner in four.chats:
        await owner.sees("⚠️ Somebody is guessing invitation codes.", codes=ALARM, people=4)
        await owner.asks("/log", "a code that does not exist")
    for chat in guessers:
        assert len([bubble for bubble in chat.heard() if chat.reads(bubble, "I don't know this code.")]) <= ANSWERED

    entries = await four.scene.app.store.read.audit_log(100)
    assert [entry.act for entry in entries].count("team.code_guessed") == 1
    await four.restarts()
    late = four.strangers("late").chats[0]
    await late.types("/start ABCDEFGHJKLMNPQR")
    await late.asks("/whoami", "You are {id}, a reader.")
    assert not [bubble for bubble in late.heard() if late.reads(bubble, "I don't know this code.")]
    four.scene.advance(hours=1)
    await guessers[0].asks("/start ABCDEFGHJKLMNPQR", "I don't know this code. Ask for a new one.")


async def test_used_and_old_codes_of_real_invitations_are_in_the_log(four: Four) -> None:
    [one, *others] = four.strangers().chats
    code = await code_from(four.chats[0], "/invite reporter")
    await one.says(f"/start {code}", "")
    for _ in range(2 * ANSWERED):
        await others[0].types(f"/start {code}")
    await others[0].sees("This code has already been used. Ask for a new one.")
    await others[0].asks("/whoami", "You are {id}, a reader.")
    old = await code_from(four.chats[0], "/invite reporter")
    four.scene.advance(hours=24)
    await others[1].asks(f"/start {old}", "This code has expired. Ask for a new one.")

    await four.each("/log", "code refused: {why}")
    entries = await four.scene.app.store.read.audit_log(100)
    refused = [entry.detail["why"] for entry in entries if entry.act == "team.code_refused"]
    assert refused == ["code_expired"] + ["code_used"] * ANSWERED


async def test_who_linked_both_apps_is_told_so_and_so_are_the_others(four: Four) -> None:
    strangers = four.strangers().chats
    for at, here in enumerate(four.chats):
        there = strangers[(at + 2) % 4]
        await there.asks(f"/link {await code_from(here, '/link')}", "One more step: within 5 minutes, press")
        await here.sees("🔐 Someone on {platform}, “{name}”, typed your code")
        await here.pushes("It’s me", "Linked: you are now the same person on both")
        for chat in (*four.chats, there):
            await chat.sees("{name} linked a second account: {platform}.")
        await there.asks("/urgent 1", "There is no article #{id}.")
        await there.asks("/invite editor", "This account was linked only recently")
    await four.each("/whoami", "You are also {addresses}.")
    await four.each("/link", "Your Telegram and Viber are already linked. /whoami shows it.")


async def test_who_is_asked_and_who_is_unlinked_is_told_in_words(four: Four) -> None:
    strangers = four.strangers().chats
    for at, here in enumerate(four.chats):
        there, address = strangers[(at + 2) % 4], "{by} unlinked an account of {name}: {platform}."
        await there.asks(f"/link {await code_from(here, '/link')}", "One more step: within 5 minutes, press")
        await here.sees("🔐 Someone on {platform}, “{name}”, typed your code")
        await here.pushes("It’s not me", "Good that you checked: no one was let in")
        await here.sees("⚠️ Someone else had the link code of {name}")
        label = await four.offered(here, "confirm_link", {"digest": "5d41"})
        await here.pushes("", "That has already been answered.", on=label)
        await here.asks("/unlink", "{name} has only one account.")
        platform = Platform.VIBER if there.platform == "viber" else Platform.TELEGRAM
        await four.write(partial(_has, at + 1, there.address))
        label = await four.offered(here, "unlink", {"member": at + 1, "address": _named(here)})
        await here.pushes("", "This account is named in OWNERS", on=label)
        await here.asks("/unlink", "Which account of {name} do you want to unlink?")
        await here.pushes("", "Unlinked: that {platform} account is no longer {name}.", on="✂️ " + platform.title())
        await here.sees(address)
        await four.write(partial(_has, at + 1, there.address))
        label = await four.offered(here, "unlink", {"member": at + 1, "address": {"platform": platform, "id": "x"}})
        await here.pushes("", "That has changed: {name} no longer has this account.", on=label)


async def _unpins(number: int, tx: Queries) -> None:
    await tx.pin(number, pinned=False)


async def _has(number: int, address: Address, tx: Queries) -> None:
    await tx.add_address(number, address)


def _named(chat: Chat) -> dict[str, str]:
    return {"platform": chat.address.platform, "id": chat.address.id}


async def test_an_owner_changes_the_desk_and_the_others_hear_of_it(four: Four) -> None:
    for at, chat in enumerate(four.chats):
        newcomer, others = 5 + at, [each for each in four.chats if each is not chat]
        address, tomorrow = Address(Platform.TELEGRAM, str(7000 + at)), four.scene.clock() + timedelta(hours=24)
        await four.seat(address, f"Іван-{newcomer}", Role.EDITOR, tomorrow)
        person = f"Іван-{newcomer}"
        await chat.asks("/team", "The desk:")
        shown = await chat.pushes("", "approves from {when}", on=person)
        assert person in shown.text
        await chat.pushes("Let them approve right away", "{name} can approve right away.")
        label = await four.offered(chat, "waive", {"member": newcomer})
        await chat.pushes("", "Nothing to waive: {name} can already approve.", on=label)
        await chat.asks(f"/role {newcomer}", "Which role? /role {number} editor, reporter or owner.")
        await chat.asks(f"/role {newcomer} editor", "Change the role of {name} from {was} to {role}?")
        await chat.pushes("Yes", "Nothing changed: {name} already has this role.")
        await chat.asks("/team", "The desk:")
        await chat.pushes("", "editor", on=person)
        await chat.pushes("Make reporter", "Change the role of {name} from {was} to {role}?")
        await chat.pushes("Yes", "{name} now has the role {role}.")
        await chat.asks("/team", "The desk:")
        await chat.pushes("", "reporter", on=person)
        await chat.pushes("Make editor", "Change the role of {name} from {was} to {role}?")
        await four.makes(newcomer, Role.OWNER)
        await chat.pushes("Yes", "That has changed in the meantime. Here is how it stands:")
        await four.makes(newcomer, Role.REPORTER)
        await chat.asks("/team", "The desk:")
        await chat.pushes("", "reporter", on=person)
        await chat.pushes("Make owner", "Change the role of {name} from {was} to {role}?")
        await chat.pushes("No", "reporter")
        await chat.pushes("Remove from the desk", "Take {name} ({was}) off the desk?")
        await chat.pushes("Yes", "{name} is no longer on the desk.")
        for other in others:
            await other.sees("{name} can approve right away, allowed by {by}.")
            await other.sees("{name} now has the role {role}. Changed by {by}.")
            await other.sees("{name} was removed from the desk by {by}.")
        label = await four.offered(chat, "team_person", {"member": newcomer})
        await four.write(lambda tx: tx.run(PRESSED_BY_ANOTHER))
        await chat.pushes("", "#{number} is no longer on the desk.", on=label)
        await chat.asks("/role", "Who? Give the name or the number: {example}. /team shows them.")
        await chat.asks("/remove 99", "There is nobody with number {number} on the desk. /team shows who is.")
        await chat.asks("/invite", "Who? /invite editor, /invite reporter or /invite owner.")
        await chat.asks("/remove 1", "Take {name} ({was}) off the desk?")
        await chat.pushes("Yes", "{name} is named in OWNERS: change it there and restart Visnyk.")


async def test_the_last_owner_can_neither_leave_nor_lose_the_role(four: Four) -> None:
    for number in range(1, 5):
        await four.write(partial(_unpins, number))
    for number, chat in enumerate(four.chats, 1):
        for other in range(1, 5):
            role = Role.OWNER if other == number else Role.EDITOR
            await four.makes(other, role)
        await chat.asks(f"/remove {number}", "Take {name} ({was}) off the desk?")
        await chat.pushes("Yes", "{name} is the last owner. Make someone else an owner first.")
