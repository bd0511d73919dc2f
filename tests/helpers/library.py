"""A library of four articles, one for each of four phones, that are published and then changed."""

from __future__ import annotations

from tests.dialogues.conftest import Chat, Four
from tests.helpers.shown import as_read, pattern_of

#: Four articles, each with a misprint of its own.
LIBRARY = {
    "uk": ("Міська бібліотека відкриється в неділю", "З грудня {} працює 7 днів на тиждень.", "бібліотека"),
    "en": ("The city library opens on Sundays", "From December the {} is open 7 days a week.", "library"),
}
MISPRINTS = ("біблотека", "libary", "бібліотка", "librry")
REASON = {"uk": "Міська рада підтвердила: усе саме так.", "en": "The city council has confirmed all of it."}
PROPOSED, GOES = "#{id}: {kind}, not out yet:", "{kind} of #{id} is going out now."


def article_of(number: int, language: str) -> str:
    headline, lead, _ = LIBRARY[language]
    text = f"{headline}\n\n{lead.format(MISPRINTS[number - 1])}"
    return f"{text}\n\nsource: City council https://example.org/council\nlink: https://example.org/library/{number}"


async def all_are_out(four: Four) -> None:
    for number, chat in enumerate(four.chats, 1):
        await chat.says(f"/queue {article_of(number, chat.language)}", chat.draft(number))
        await chat.asks(f"/urgent {number}", "#{id} is going out now. The result will come here.")
        await chat.sees("#{id} is out:", id=number)


def partner_of(four: Four, number: int) -> Chat:
    """Return the one who answers whoever has that article: on the next phone."""
    return four.chats[number % 4]


async def who_sees(four: Four, author: Chat, text: str, number: int, more: str = "") -> Chat:
    """Return one of the others, who is asked that: not everybody is called at once."""
    others = [chat for chat in four.chats if chat is not author]

    def asked() -> list[Chat]:
        forms = {chat.language: pattern_of(chat.words(text)[0], id=number) for chat in others}
        return [
            chat
            for chat in others
            if any(forms[chat.language].search(as_read(b.text)) and more in b.text for b in chat.heard())
        ]

    await four.scene.until(asked)
    return asked()[0]
