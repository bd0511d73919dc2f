"""Old buttons, replies to old cards and people who have left get an answer that leads on."""

from __future__ import annotations

from bot.domain.people import Role
from bot.storage import Queries
from tests.dialogues.conftest import Four


async def test_a_button_that_nobody_remembers_says_where_to_look(four: Four) -> None:
    for chat in four.chats:
        label = await four.offered(chat, "resume", {})
        await four.write(lambda tx: tx.run("DELETE FROM button"))
        await chat.pushes("", "This button is too old to know what it was about.", on=label)


async def test_whoever_left_the_desk_is_told_so_by_their_buttons(four: Four) -> None:
    now = four.scene.clock()
    left = await four.seats(Role.EDITOR)
    for chat in left.chats:
        label = await four.offered(chat, "resume", {})

        async def remove(tx: Queries) -> None:
            person = await tx.person_at(chat.address)  # noqa: B023 - run at once
            assert person is not None
            await tx.remove_person(person, now)

        await four.write(remove)
        await chat.pushes("", "You are no longer on the desk, so this button does nothing here.", on=label)


async def test_a_reply_to_a_card_of_last_month_shows_how_it_stands(four: Four) -> None:
    await four.each_drafts()
    await four.write(lambda tx: tx.run("DELETE FROM shown"))
    for number, chat in enumerate(four.chats, 1):
        if chat.on_telegram:
            card = next(each for each in chat.heard() if f"#{number} · " in each.text)
            await chat.replies(card, "The mayor said no.", "Nothing is changed: that message is not one to answer.")
            entry = await four.scene.app.store.read.entry(number)
            assert entry is not None and entry.version == 1
