"""The commands: one table, the same on both platforms."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from bot.commands import drafts, queue, readers
from bot.commands.talk import Talk
from bot.domain import Media, Run, plain
from bot.texts import text_id

Runs = Sequence[Run]


@dataclass(frozen=True, slots=True)
class Command:
    """`act` gets what stands after the command, with its links and emphasis, and the picture that came with it."""

    name: str
    about: str
    act: Callable[[Talk, Runs, Media | None], Awaitable[None]]
    desk: bool = False


def _plain(act: Callable[[Talk, str], Awaitable[None]]) -> Callable[[Talk, Runs, Media | None], Awaitable[None]]:
    async def with_text(talk: Talk, argument: Runs, _media: Media | None) -> None:
        await act(talk, plain(argument))

    return with_text


COMMANDS = (
    Command("start", text_id("get our news here"), _plain(readers.start)),
    Command("stop", text_id("no more news here"), _plain(readers.stop)),
    Command("latest", text_id("the latest articles"), _plain(readers.latest)),
    Command("help", text_id("what you can say"), _plain(readers.show_help)),
    Command("whoami", text_id("your id"), _plain(readers.whoami)),
    Command("queue", text_id("a new article"), drafts.queue, desk=True),
    Command("list", text_id("what is waiting"), _plain(queue.show_list), desk=True),
    Command("show", text_id("an article and what became of it"), _plain(queue.show), desk=True),
    Command("edit", text_id("change an article"), drafts.edit, desk=True),
    Command("at", text_id("publish at a time"), _plain(queue.at), desk=True),
    Command("next", text_id("publish at the next free slot"), _plain(queue.take_next), desk=True),
    Command("now", text_id("publish at once"), _plain(queue.publish_now), desk=True),
    Command("cancel", text_id("take an article out of the queue"), _plain(queue.cancel), desk=True),
    Command("doubts", text_id("posts that may not have appeared"), _plain(queue.doubts), desk=True),
)
BY_NAME = {command.name: command for command in COMMANDS}
