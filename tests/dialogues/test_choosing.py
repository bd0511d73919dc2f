"""A command without its article, and a command that nobody knows: what is offered, and what a press of it does."""

from __future__ import annotations

from bot.commands.table import COMMANDS
from bot.domain.people import Role
from tests.dialogues.conftest import Chat, Four

WHICH = "Which article is /{command} for?"
LIKELY = "I don't know the command /{name}. Did you mean one of these?"


def labels(bubble) -> list[str]:  # type: ignore[no-untyped-def]
    return [label for row in (*bubble.buttons, *bubble.keyboard) for label, _ in row]


async def test_a_command_without_its_article_offers_what_it_fits(desk: Chat) -> None:
    await desk.asks("/now", "Nothing is waiting for /{command} right now.")
    await desk.drafts(1)
    await desk.drafts(2)
    await desk.asks("/next 2", "#{id} is queued ✓")
    await desk.asks("/swap 1 x2", "Which article? Give its number: {example}.")

    asked = await desk.asks("/at 19:00", WHICH)
    first, second = [label for label in labels(asked) if label.startswith("#")]
    assert (first[:2], second[:2]) == ("#2", "#1")
    await desk.pushes("", "#{id} is queued ✓ It goes out {when}.", on=second, id=1)

    asked = await desk.asks("/swap 1", WHICH)
    [other] = [label for label in labels(asked) if label.startswith("#")]
    await desk.taps(other)
    asked = await desk.asks("/pause", WHICH)
    await desk.pushes("", "#{id} is paused and will not go out {when}.", on=second, id=1)


async def test_a_mistyped_command_is_offered_and_only_the_press_acts(desk: Chat) -> None:
    await desk.drafts()
    now = f"/{'зараз' if desk.language == 'uk' else 'now'} 1"

    offered = await desk.asks("/publish 1", LIKELY)
    assert now in labels(offered)
    found = await desk.scene.app.store.read.entry(1)
    assert found is not None and found.state == "draft"
    await desk.pushes("", "#{id} is going out now.", on=now, id=1)

    await desk.asks("/qq", "I don't know the command /{name}. /help shows what you can say.")


async def test_a_reporter_is_offered_what_reporters_may_say(four: Four) -> None:
    for chat in (await four.seats(Role.REPORTER)).chats:
        offered = await chat.asks("/subbmit 1", LIKELY)

        said = {label.split()[0].lstrip("/") for label in labels(offered) if label.startswith("/")}
        assert said and not [each.name for each in COMMANDS if each.role is Role.EDITOR and each.names & said]
