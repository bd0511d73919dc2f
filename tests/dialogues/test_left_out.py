"""Lines that were left out of a paste: the card offers each, and one press takes it back."""

from __future__ import annotations

from functools import partial

from bot.domain import plain
from tests.conftest import Scene
from tests.dialogues.conftest import Chat, Four

FURNITURE = {
    "uk": ["Поділитися у Facebook", "Оновлено о 15:00", "Друкувати", "Коментарі (12)", "Підписуйтесь на наш канал"],
    "en": ["Share on Facebook", "Updated at 15:00", "Print", "Comments (12)", "Subscribe to our newsletter"],
}


def page(chat: Chat) -> str:
    """The article as it is copied with what stands around its headline."""
    headline, _, rest = chat.article.partition("\n\n")
    return "\n\n".join([headline, *FURNITURE[chat.language], rest])


async def paragraphs(chat: Chat, number: int) -> list[str]:
    found = await chat.scene.app.store.read.entry(number)
    assert found is not None
    return [found.article.lead, *map(plain, found.article.body)]


def stands_on_the_card(chat: Chat, line: str) -> bool:
    return any(f"\n{line}\n" in each.text for each in chat.heard())


async def test_what_was_left_out_is_taken_back_by_one_press(four: Four) -> None:
    for number, chat in enumerate(four.chats, 1):
        await chat.says(f"/queue {page(chat)}", chat.draft(number))
        share = FURNITURE[chat.language][0]
        assert share not in await paragraphs(chat, number)
        await chat.taps(f"↩️ {share}")
        await four.scene.until(partial(stands_on_the_card, chat, share))
        assert share in await paragraphs(chat, number)


async def test_all_that_was_left_out_is_shown_with_its_buttons(four: Four) -> None:
    for number, chat in enumerate(four.chats, 1):
        await chat.says(f"/queue {page(chat)}", chat.draft(number))
        await chat.pushes("↩️ {n} more line left out", "Left out of #{id}. A button takes its line back:")


async def test_a_card_names_no_author_where_the_page_named_none(scene: Scene) -> None:
    await scene.says("/queue Поділитися: Facebook\n\nМіст відкрили\n\nРух відновили в обох напрямках.", "#1 · чернетка")

    assert "✍️" not in scene.telegram()[-1].text
