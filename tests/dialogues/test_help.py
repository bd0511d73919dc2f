"""/help: four groups on one screen, three commands for a beginner first, and nothing that one may not do."""

from __future__ import annotations

from bot.commands.fit import ROWS, rows
from bot.commands.groups import FIRST, TITLES, Group
from bot.commands.table import BY_NAME, COMMANDS
from bot.domain.people import Role
from tests.dialogues.conftest import Chat, Four

BEGIN = "Begin with these:"
FOR_EDITORS = {command for command in COMMANDS if command.role in (Role.EDITOR, Role.OWNER)}


async def test_help_is_one_screen_and_a_group_says_more(desk: Chat) -> None:
    shown = await desk.asks("/help", BEGIN)
    lines = shown.text.splitlines()
    assert [line.split()[0] for line in lines[1:4]] == [
        f"/{BY_NAME[name].typed(desk.language)}" for name in FIRST[Role.OWNER]
    ]
    assert rows(lines) <= ROWS
    assert all(f"/{command.typed(desk.language)}" in shown.text for command in COMMANDS)

    for group in Group:
        label = desk.written(TITLES[group])
        await desk.pushes("", TITLES[group], on=label)
        assert all(" — " in line for line in desk.heard()[-1].text.splitlines()[1:])
        await desk.asks("/help", BEGIN)


async def test_a_reporter_is_shown_what_reporters_may_do(four: Four) -> None:
    for chat in (await four.seats(Role.REPORTER)).chats:
        shown = await chat.asks("/help", BEGIN)

        said = {word.lstrip("/") for word in shown.text.split() if word.startswith("/")}
        assert not [each.name for each in FOR_EDITORS if {each.typed(chat.language)} & said]
