"""Readers tell the desk something, by a press of their own; the desk reads it, and shuts out who abuses that."""

from __future__ import annotations

from bot.domain.tips import ALL
from tests.dialogues.conftest import Chat, Four

TIPS = {
    "uk": "На Сихові від учора немає води, і ніхто нічого не пояснює мешканцям будинків",
    "en": "The council closed our school yesterday without a word to parents, and the street knows no reason",
}
WISHES = {"uk": "як зв'язатися з редакцією?", "en": "I have a tip"}
ASKED = "Is this for our desk? Press a button, and I pass it on."
CAME = "💡 A reader writes to the desk, message {n}:"
SHUT_OUT = "🚫 No more from the reader of message {n}"
BARE, NAMED = "✉️ To the desk, without my name", "✉️ To the desk, with my name"


async def test_a_reader_tells_the_desk_by_a_press_with_the_name_or_without(four: Four) -> None:
    for chat, reader in zip(four.chats, four.strangers().chats, strict=True):
        await reader.asks("/start", "Thank you for subscribing.")
        await reader.asks(WISHES[reader.language], "Write what the desk should know, in one message.")
        text = f"{TIPS[reader.language]}, {reader.platform}"
        await reader.asks(text, ASKED)
        await reader.pushes(BARE, "✉️ The desk has your message, without your name. Thank you!")
        came = await chat.hears(text)
        assert chat.reads(came, CAME) and reader.name not in came.text
        assert chat.reads(came, "The reader gave no name ({platform}).")
        await reader.pushes(NAMED, "The desk has that message already. Thank you!")

        await reader.asks(text + "!", ASKED)
        await reader.pushes(NAMED, "✉️ The desk has your message, with your name: {name}.", name=reader.name)
        signed = await chat.sees("Signed, which nobody has checked: {name} ({platform})", name=reader.name)
        assert text in signed.text
        kept = await reader.asks("/mydata", "What we keep about you:")
        assert reader.reads(kept, "• what you wrote that may be for our desk, for three days. Messages: {n}")
        assert reader.reads(kept, "We keep no other message of yours and no phone number.")


async def test_the_desk_shuts_out_a_reader_and_lets_them_write_again(four: Four) -> None:
    for chat, reader in zip(four.chats, four.strangers().chats, strict=True):
        text = f"{TIPS[reader.language]}, {reader.name}"
        await reader.asks(text, ASKED)
        await reader.pushes(BARE, "✉️ The desk has your message, without your name. Thank you!")
        await chat.hears(text)
        offered = await reader.asks(text, ASKED)
        await chat.pushes(SHUT_OUT, "🚫 Nothing more of that reader's comes to the desk.")
        await reader.pushes(BARE, "The desk takes no messages from this chat.")
        await reader.asks(text, "I only send and find our news. You will find the ways to reach the desk on our site.")
        await chat.pushes("Let them write again", "That reader may write to the desk again.")
        log = await chat.asks("/log", "no more messages from one reader")
        assert chat.reads(log, "messages from that reader again") and reader.name not in log.text
        await reader.asks(text, ASKED)
        assert offered.text


async def test_more_than_the_desk_can_read_is_refused_and_nothing_else(four: Four) -> None:
    for reader in four.strangers().chats:
        for _ in range(3):
            await reader.asks(TIPS[reader.language], ASKED)
            await reader.pushes(BARE, "✉️ The desk has your message, without your name.")
        await reader.asks(TIPS[reader.language], ASKED)
        await reader.pushes(BARE, "That was enough for today: the desk got three messages of yours.")
        four.scene.advance(hours=2)
    await four.write(lambda tx: _fill(tx, four))
    for chat, reader in zip(four.chats, four.strangers("other").chats, strict=True):
        long = await reader.asks("Немає води. There is no water. " * 110, ASKED)
        assert reader.reads(long, "It is long: only the first {n} characters go to them.")
        await reader.pushes(BARE, "The desk has more messages to read than it can.")
        await four.write(lambda tx: tx.run("DELETE FROM tip"))
        await reader.pushes(NAMED, "I no longer have that message. Write it again, please.")
        label = await four.offered(chat, "block_tips", {"tip": 99999})
        await chat.pushes("", "That message is no longer kept, and neither is whose it was.", on=label)
        await four.write(lambda tx: _fill(tx, four))


async def _fill(tx, four: Four) -> None:  # type: ignore[no-untyped-def]
    now = four.scene.clock()
    for number in range(ALL):
        tip = await tx.offer_tip(f"reader {number}", four.chats[0].address.platform, "Something for you.", now)
        await tx.send_tip(tip, "", now)


async def test_what_we_published_is_shown_before_it_goes_to_the_desk(reader: Chat) -> None:
    owner = Chat(reader.scene, reader.platform, reader.language).arrives()
    await owner.drafts()
    await owner.types("/urgent 1")
    await reader.scene.until(reader.scene.viber_channel)

    found = await reader.asks(owner.headline, "Found in what we published:")
    missed = {"uk": "горить шоста школа", "en": "fire in school"}[reader.language]
    lost = await reader.asks(missed, "I found nothing like that in our news.")

    for shown in (found, lost):
        assert reader.reads(shown, "Something new for our desk? Press a button, and I pass it on.")
        assert reader.labelled(shown, BARE) and reader.labelled(shown, NAMED)
