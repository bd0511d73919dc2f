"""A long queue on a phone: the week on one screen, a button for each day, and no more of the list than fits."""

from __future__ import annotations

from datetime import timedelta

from bot.sandbox import Bubble
from bot.storage import Queries
from tests.dialogues.conftest import Chat, Four

SCREEN = 20
MORE = "… and {n} more"


async def queued(four: Four, articles: int, apart: timedelta) -> None:
    """Queue copies of the first phone's draft, article 1, each with a time after the other's."""
    await four.chats[0].drafts(1)
    first = four.scene.clock() + timedelta(minutes=1)

    async def work(tx: Queries) -> None:
        entry = await tx.entry(1)
        assert entry is not None
        for number in range(articles):
            copy = await tx.add_article(entry.article, entry.author, four.scene.clock())
            await tx.run(
                "UPDATE article SET state = 'queued', due_at = :due WHERE id = :id",
                {"id": copy, "due": int((first + number * apart).timestamp() * 1000)},
            )

    await four.write(work)


def labels(chat: Chat) -> list[str]:
    """Of the buttons that the phone offers last."""
    rows = chat.heard()[-1].buttons if chat.on_telegram else chat.scene.sandbox.viber.keyboard(chat.address.id)
    return [label for row in rows for label, _ in row]


def rows(bubble: Bubble) -> list[str]:
    return bubble.text.split("\n")


async def turns_to(chat: Chat, label: str, begins: str) -> list[str]:
    """The rows of the screen that a button leads to. Telegram puts it in the place of the one before."""
    before = chat.heard()[-1].text
    await chat.taps(label)
    await chat.scene.until(lambda: chat.heard()[-1].text not in ("", before))
    shown = rows(chat.heard()[-1])
    assert shown[0].startswith(begins)
    return shown


async def test_the_week_of_a_thousand_articles_is_one_screen_with_a_button_a_day(four: Four) -> None:
    await queued(four, 1_000, timedelta(minutes=9))

    for chat in four.chats:
        before = len(chat.heard())
        shown = rows(await chat.asks("/week", "{n} article"))
        assert len(chat.heard()) == before + 1
        assert [row.split(" · ")[0] for row in shown] == labels(chat)[:7]
        assert len(shown) == 7


async def test_a_day_of_the_week_is_shown_screen_by_screen(four: Four) -> None:
    await queued(four, 400, timedelta(minutes=24))

    for chat in four.chats:
        await chat.asks("/week", "{n} article")
        tomorrow, *others = labels(chat)[1:7]
        shown = await turns_to(chat, tomorrow, tomorrow)
        assert len(shown) == SCREEN
        for left in (41, 22, 3):
            more = next(form.format(n=left) for form in chat.words(MORE) if form.format(n=left) in labels(chat))
            assert labels(chat)[2:7] == others
            shown += (await turns_to(chat, more, tomorrow))[1:]
        assert len(shown) == 61
        assert sorted(shown[1:]) == shown[1:]


async def test_an_old_button_of_a_day_is_explained_and_the_day_shown_as_it_is_now(four: Four) -> None:
    offered = [await four.offered(chat, "day", {"day": "2026-12-03"}) for chat in four.chats]
    four.scene.advance(days=8)

    for chat, label in zip(four.chats, offered, strict=True):
        await chat.pushes("", "That button is too old.", on=label)
        await chat.sees("free: {n}", n=2)


async def test_a_list_names_the_first_that_wait_and_counts_the_others(four: Four) -> None:
    await queued(four, 60, timedelta(minutes=9))

    for chat in four.chats:
        assert len(rows(await chat.asks("/list", MORE, n=42))) == SCREEN
