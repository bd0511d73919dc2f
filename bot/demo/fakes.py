"""A channel that only looks like the newsroom's, and what it posts: for readers who want to see a fake found out."""

from __future__ import annotations

import re

from bot.sandbox import Bubble, Sandbox

FAKE_CHANNEL = -1001000000666
#: The public name; the title is the newsroom's own.
USERNAME = "visnyk_demo_ua"
#: Its own post, which has nothing to do with any of ours.
SCARE = (
    "❗️ТЕРМІНОВО! Завтра в місті закриють усі банкомати. Перешліть знайомим, доки не видалили!\n\n"
    "URGENT! All cash machines in town close tomorrow. Pass this on before it is deleted!"
)


class FakeChannel:
    """Posts on request what the newsroom's channel said last, with one digit changed."""

    def __init__(self, sandbox: Sandbox, imitated: int, title: str) -> None:
        self._telegram = sandbox.telegram
        self._imitated = imitated
        self._copied = 0
        self._telegram.add_channel(FAKE_CHANNEL, title=title, username=USERNAME)

    async def opens(self) -> None:
        await self._telegram.post(FAKE_CHANNEL, SCARE)

    async def imitates(self) -> None:
        """Post the newest post of ours, altered; nothing if it did so already, or there is none."""
        posts = [bubble for bubble in self._telegram.phone(self._imitated) if _is_article(bubble)]
        if posts and posts[-1].message_id != self._copied:
            self._copied = posts[-1].message_id
            await self._telegram.post(FAKE_CHANNEL, altered(posts[-1].text))


def _is_article(bubble: Bubble) -> bool:
    return bool(bubble.text) and not bubble.reply_to and not bubble.deleted


def altered(text: str) -> str:
    """Return `text` with the last digit of its last number outside of addresses raised by one; as it is without one."""
    numbers = [found for found in re.finditer(r"https?://\S+|(\d)(?!\d)", text) if found[1]]
    if not numbers:
        return text
    at = numbers[-1].start()
    return f"{text[:at]}{(int(text[at]) + 1) % 10}{text[at + 1 :]}"
