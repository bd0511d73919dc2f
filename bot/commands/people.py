"""The desk's own people from the chat: the team, invitations, linked addresses, roles."""

from __future__ import annotations

import re
from datetime import timedelta

from bot.commands.outcomes import PLATFORM_NAMES
from bot.commands.talk import Key, Keys, Line, Talk, Word, bold
from bot.domain.buttons import (
    AboutMember,
    AskRemove,
    AskRole,
    ConfirmLink,
    RefuseLink,
    RemovePerson,
    SetRole,
    ShowPerson,
    Unlink,
    Waive,
)
from bot.domain.news import LinkWanted, TeamAct, TeamChanged
from bot.domain.people import Person, Role
from bot.errors import Refused
from bot.newsroom.team import ANSWERED, LINK, one_time_code
from bot.texts import Words, text_id

#: Time to answer a question about somebody's seat.
CONFIRM = timedelta(minutes=15)
ROLES = {Role.OWNER: text_id("owner"), Role.EDITOR: text_id("editor"), Role.REPORTER: text_id("reporter")}
#: Words that people type for a role, in both languages and in the forms that come to mind.
ROLE_WORDS = {
    "owner": Role.OWNER, "власник": Role.OWNER, "власника": Role.OWNER,
    "editor": Role.EDITOR, "редактор": Role.EDITOR, "редактора": Role.EDITOR,
    "reporter": Role.REPORTER, "репортер": Role.REPORTER, "репортера": Role.REPORTER,
}  # fmt: skip


MAKE = {
    Role.OWNER: text_id("Make owner"),
    Role.EDITOR: text_id("Make editor"),
    Role.REPORTER: text_id("Make reporter"),
}


async def show_team(talk: Talk, _argument: str) -> None:
    team = await talk.tx.team()
    lines: list[Line] = [bold(talk.words("The desk:")), *(_line(talk, person) for person in team)]
    keys = [Key(_short_title(person), ShowPerson(person.id)) for person in team]
    await talk.show(lines, [keys[at : at + 2] for at in range(0, len(keys), 2)])


def _line(talk: Talk, person: Person) -> str:
    where = ", ".join(sorted({PLATFORM_NAMES[address.platform] for address in person.addresses}))
    parts = [f"{person.id}. {person.title}", talk.words(ROLES[person.role]), where]
    if not person.may_approve(talk.now) and person.may_approve_from is not None:
        parts.append(talk.words("approves from {when}", when=talk.when(person.may_approve_from)))
    return " · ".join(part for part in parts if part)


def _short_title(person: Person) -> str:
    return person.title if len(person.title) <= 24 else person.title[:23] + "…"


async def show_present(talk: Talk, number: int) -> None:
    """Show how a person stands, also if they have left the desk."""
    person = await talk.tx.person(number)
    if person is None or person.removed is not None:
        await talk.say("#{number} is no longer on the desk.", number=number)
    else:
        await show_person(talk, number)


async def show_person(talk: Talk, number: int) -> None:
    person = await talk.team.member(talk.desk, number)
    may_waive = await talk.team.may_waive(talk.desk, person)
    await talk.show([_line(talk, person)], _keys(talk.words, person, may_waive=may_waive))


def _keys(words: Words, person: Person, *, may_waive: bool) -> Keys:
    """Return the buttons for this person, and none that would be refused: nobody named in OWNERS can be changed."""
    if person.pinned:
        return ()
    others = [role for role in Role if role is not person.role]
    roles = [Key(words(MAKE[role]), AskRole(person.id, role)) for role in others]
    waive = [Key(words("Let them approve right away"), Waive(person.id))] if may_waive else []
    return [roles, waive, [Key(words("Remove from the desk"), AskRemove(person.id))]]


async def invite(talk: Talk, argument: str) -> None:
    role = ROLE_WORDS.get(argument.strip().casefold())
    if role is None:
        raise Refused("Who? /invite editor, /invite reporter or /invite owner.")
    code = await talk.team.invite(talk.desk, role)
    words, lines = talk.words, list[Line]()
    named = words(ROLES[role])
    lines += [
        words(
            ("An invitation (role: {role}). It works once, within 24 hours. Send it only to the person it is for."),
            role=named,
        )
    ]
    lines += [f"{PLATFORM_NAMES[platform]}: {link}" for platform, link in talk.team.links(code).items()]
    lines += [words("Or they write to the bot: {typed}", typed=words("/start {code}", code=code))]
    await talk.show(lines)


async def link(talk: Talk, argument: str) -> None:
    """Give a code for a second address, or take one that was made on the other platform."""
    if code := one_time_code(argument, LINK):
        await talk.team.ask_link(talk.desk, code, talk.sender)
        await talk.tx.remember_person(talk.person, talk.words.language, talk.sender.name, talk.now)
        await talk.say("One more step: within 5 minutes, press “It’s me” on your other platform.")
        return
    talk.require(Role.REPORTER)
    code = await talk.team.link_code(talk.desk)
    await talk.say(
        "Within 15 minutes, write this to the bot on your other platform: {typed}. Don't show it to anyone.",
        typed=talk.words("/link {code}", code=code),
    )


#: What somebody who has just come may try.
FIRST_TASK = {
    Role.REPORTER: text_id(
        "Try it: send /queue and a headline, and I will ask for the rest. It stays a draft until you /submit it. "
        "/help shows more."
    ),
    Role.EDITOR: text_id(
        "Try it: /list shows what is waiting; open an article with /show 12 and its number. /help shows more."
    ),
    Role.OWNER: text_id("Try it: /team shows who is on the desk, /list what is waiting. /help shows more."),
}


async def accept(talk: Talk, code: str) -> None:
    """Take a one-time code that was typed or came with a link."""
    person = await talk.team.accept(talk.desk, code, talk.sender)
    # From now on they are told things unasked, and that in their own language.
    await talk.tx.remember_person(talk.person, talk.words.language, talk.sender.name, talk.now)
    role = talk.words(ROLES[person.role])
    await talk.show(
        [talk.words("Welcome to the desk. Your role: {role}.", role=role), talk.words(FIRST_TASK[person.role])]
    )
    if person.may_approve_from is not None:
        await talk.say("You can approve from {when}.", when=talk.when(person.may_approve_from))


async def ask_who_wants_in(talk: Talk, told: LinkWanted) -> None:
    """Ask the maker of a link code, on their own phone, whether that was them."""
    words = talk.words
    await talk.say(
        "🔐 Someone on {platform}, “{name}”, typed your code and will act here as you, with all your rights. Is it "
        "you?",
        platform=PLATFORM_NAMES[told.address.platform],
        name=told.name,
        keys=[
            [Key(words("It’s me"), ConfirmLink(told.digest), own=True, life=ANSWERED)],
            [Key(words("It’s not me"), RefuseLink(told.digest), own=True, life=CONFIRM)],
        ],
    )


async def confirm_link(talk: Talk, digest: str) -> None:
    person = await talk.team.confirm_link(talk.desk, digest)
    role = talk.words(ROLES[person.role])
    await talk.say(
        "Linked: you are now the same person on both. Your role: {role}. /help shows what you can say.", role=role
    )


async def refuse_link(talk: Talk, digest: str) -> None:
    await talk.team.refuse_link(talk.desk, digest)
    await talk.say(
        "Good that you checked: no one was let in, and the code no longer works. Don't show your codes to anyone."
    )


async def unlink(talk: Talk, argument: str) -> None:
    """Offer the addresses that can be taken from oneself, or from the person whose number was named."""
    number = (await _member(talk, argument, "/unlink 3"))[0] if argument.strip() else talk.me.id
    if number != talk.me.id:
        talk.require(Role.OWNER)
    person = await talk.team.member(talk.desk, number)
    offered = talk.team.may_be_unlinked(person)
    if not offered:
        talk.team.check_may_unlink(talk.desk, person, person.addresses[0])
    lines = [talk.words("Which account of {name} do you want to unlink?", name=person.title)]
    lines += [f"{PLATFORM_NAMES[each.platform]}: {each.id}" for each in person.addresses]
    keys = [
        [Key(f"✂️ {PLATFORM_NAMES[each.platform]}", Unlink(number, each), own=True, life=CONFIRM)] for each in offered
    ]
    await talk.show(lines, keys)


async def take_address(talk: Talk, unlinked: Unlink) -> None:
    person = await talk.team.unlink(talk.desk, unlinked.member, unlinked.address)
    await talk.say(
        "Unlinked: that {platform} account is no longer {name}.",
        platform=PLATFORM_NAMES[unlinked.address.platform],
        name=person.title,
    )


async def change_role(talk: Talk, argument: str) -> None:
    number, rest = await _member(talk, argument, text_id("/role 3 editor"))
    role = ROLE_WORDS.get(rest.casefold())
    if role is None:
        raise Refused("Which role? /role {number} editor, reporter or owner.", number=number)
    await ask_role(talk, number, role)


async def remove(talk: Talk, argument: str) -> None:
    number, _ = await _member(talk, argument, text_id("/remove 3"))
    await ask_remove(talk, number)


async def _member(talk: Talk, argument: str, example: str) -> tuple[int, str]:
    """Return the number of the person whom `argument` names first, by number or by name, and the rest of it."""
    if found := re.match(r"\s*[#№]?(\d{1,9})(?!\d)\s*(.*)", argument, re.DOTALL):
        return int(found[1]), found[2].strip()
    said = argument.strip()
    called = [each for each in await talk.tx.team() if said.casefold().startswith(each.title.casefold())]
    if not called:
        raise Refused("Who? Give the name or the number: {example}. /team shows them.", example=example)
    person = max(called, key=lambda each: len(each.title))
    return person.id, said[len(person.title) :].strip()


async def ask_role(talk: Talk, number: int, role: Role) -> None:
    person = await talk.team.member(talk.desk, number)
    await talk.say(
        "Change the role of {name} from {was} to {role}?",
        name=person.title,
        was=talk.words(ROLES[person.role]),
        role=talk.words(ROLES[role]),
        keys=_confirm(talk.words, SetRole(number, person.role, role)),
    )


async def ask_remove(talk: Talk, number: int) -> None:
    person = await talk.team.member(talk.desk, number)
    await talk.say(
        "Take {name} ({was}) off the desk?",
        name=person.title,
        was=talk.words(ROLES[person.role]),
        keys=_confirm(talk.words, RemovePerson(number, person.role)),
    )


def _confirm(words: Words, act: AboutMember) -> Keys:
    yes = Key(words("Yes"), act, own=True, life=CONFIRM)
    return [[yes, Key(words("No"), ShowPerson(act.member))]]


async def set_role(talk: Talk, number: int, was: Role, role: Role) -> None:
    if not await _is_still(talk, number, was):
        return
    person = await talk.team.set_role(talk.desk, number, role)
    await talk.say("{name} now has the role {role}.", name=person.title, role=talk.words(ROLES[person.role]))


async def remove_person(talk: Talk, number: int, was: Role) -> None:
    if not await _is_still(talk, number, was):
        return
    person = await talk.team.remove(talk.desk, number)
    await talk.say("{name} is no longer on the desk.", name=person.title)


async def waive(talk: Talk, number: int) -> None:
    person = await talk.team.waive(talk.desk, number)
    await talk.say("{name} can approve right away.", name=person.title)


async def _is_still(talk: Talk, number: int, was: Role) -> bool:
    """True if the person still has the role that was asked about; otherwise show how they stand now."""
    person = await talk.tx.person(number)
    if person is not None and person.removed is None and person.role is was:
        return True
    await talk.say("That has changed in the meantime. Here is how it stands:")
    await show_present(talk, number)
    return False


#: News for the owners when somebody changed the desk.
NEWS = {
    TeamAct.JOINED: text_id("{name} joined the desk: {role}. Invited by {by}."),
    TeamAct.LINKED: text_id("{name} linked a second account: {platform}. If it wasn’t them: /unlink {number}"),
    TeamAct.NOT_LINKED: text_id("⚠️ Someone else had the link code of {name}: {platform}. No one was let in."),
    TeamAct.UNLINKED: text_id("{by} unlinked an account of {name}: {platform}."),
    TeamAct.ROLE: text_id("{name} now has the role {role}. Changed by {by}."),
    TeamAct.WAIVED: text_id("{name} can approve right away, allowed by {by}."),
    TeamAct.REMOVED: text_id("{name} was removed from the desk by {by}."),
}


#: What whoever is no longer of the desk is told, at each of those accounts.
PARTED = {
    TeamAct.UNLINKED: text_id(
        "This account is no longer {name} on the desk: {by} unlinked it. If you don't know why, ask an owner."
    ),
    TeamAct.REMOVED: text_id("You are no longer on the desk: {by} removed you. If you don't know why, ask an owner."),
}


async def tell_news(talk: Talk, told: TeamChanged) -> None:
    if talk.chat in told.parted:
        # A keyboard that stays would go on offering what only the desk may do.
        latest = [[Word(talk.words("Latest news"), "/latest")]]
        await talk.say(PARTED[told.what], name=told.name, by=told.by_name, keys=latest)
        await talk.tx.forget_keyboard(talk.chat)
        return
    platform = PLATFORM_NAMES[told.address.platform] if told.address is not None else ""
    await talk.say(
        NEWS[told.what],
        name=told.name,
        role=talk.words(ROLES[told.role]),
        by=told.by_name,
        platform=platform,
        number=told.person,
    )
