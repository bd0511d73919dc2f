"""Posts as readers get them, shown to the desk: above what is asked about them, or by themselves."""

from __future__ import annotations

from bot.commands.outcomes import PLATFORM_NAMES
from bot.commands.talk import Key, Talk
from bot.domain import Above, Platform, Preview
from bot.domain.buttons import SeePost
from bot.domain.entry import Entry

#: Parts what readers get from what is said about it.
LINE = "━━━━━━━━━━━━"


def above(talk: Talk, entry: Entry) -> Above:
    """Return the post of this chat's own platform, for a screen that stands under it."""
    return above_version(talk, entry.id, entry.version, talk.chat.platform)


def above_version(talk: Talk, number: int, version: int, platform: Platform) -> Above:
    name = PLATFORM_NAMES[platform]
    end = talk.words("⬆️ Exactly what readers on {platform} get.", platform=name)
    apart = talk.words("⬆️ Above: exactly what readers on {platform} get. It fills a message.", platform=name)
    return Above(Preview(number, version, platform), f"{LINE}\n{end}", apart)


def keys(talk: Talk, entry: Entry, *, own: bool = False) -> list[Key]:
    """Return the buttons that show the post on the other platforms; `own`: and on this chat's."""
    return keys_of_version(talk, entry.id, entry.version, own=own)


def keys_of_version(talk: Talk, number: int, version: int, *, own: bool = False) -> list[Key]:
    """The same of any version."""
    shown = [each for each in talk.newsroom.platforms if own or each is not talk.chat.platform]
    return [Key(f"👁 {PLATFORM_NAMES[each]}", SeePost(number, version, each)) for each in shown]


async def show(talk: Talk, number: int, version: int, platform: Platform) -> None:
    """Show a version as readers on a platform get it."""
    await talk.show([], article=number, above=above_version(talk, number, version, platform))
