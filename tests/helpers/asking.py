"""An article that is out, and pieces of it that readers ask about."""

from __future__ import annotations

from tests.dialogues.conftest import Chat

#: In each language: a number, ten times it, a word of it, that with a look-alike letter, a sentence, and what follows.
PIECES = {
    "uk": ("120", "1200", "контейнер", "Ремонт тривав два роки й коштував 120 мільйонів гривень."),
    "en": ("40,000", "400,000", "Sundays", "The council pays for two more librarians."),
}
OTHER = {
    "uk": "Сьогодні гарна погода, всі гуляють у парку",
    "en": "Lovely weather today, everybody walks in the park",
}


async def goes_out(chat: Chat, number: int = 1, more: str = "") -> str:
    """An owner's article goes out; its post, as the readers of the channel see it."""
    owner = Chat(chat.scene, chat.platform, chat.language).arrives()
    article = more or chat.article
    await owner.says(f"/queue {article}", owner.draft(number))
    await owner.types(f"/urgent {number}")
    await chat.scene.until(lambda: len(chat.scene.channel()) == number and len(chat.scene.viber_channel()) == number)
    return (chat.scene.channel() if chat.on_telegram else chat.scene.viber_channel())[-1].text
