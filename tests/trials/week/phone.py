"""A person's hands and eyes: what stands on their phones, and saying or pressing something there."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from bot.adapters.viber.keyboard import BUTTON_PREFIX
from bot.domain import Address, Platform
from tests.trials.week.cast import Worker
from tests.trials.week.house import House
from tests.trials.week.record import Chat, Message, Press, Record

#: Messages that a person looks through for a button.
LOOKED_THROUGH = 40


@dataclass(frozen=True)
class Found:
    """A button that a person sees: on the message of this id, or on the keyboard below the chat (0)."""

    press: Press
    chat: Chat
    message: int


class Phone:
    """All apps of one person."""

    def __init__(self, house: House, record: Record, worker: Worker) -> None:
        self._house = house
        self._record = record
        self.worker = worker

    @property
    def chats(self) -> list[Chat]:
        """The chats that work now, the one that was written in last first."""
        works = [each for each in self.worker.addresses if each.platform not in self._house.down]
        return sorted(map(_chat, works), key=lambda chat: -max(self._record.words[chat], default=0.0))

    def sees(self, actions: Collection[str], article: int) -> Found | None:
        """The newest button of these acts about an article."""
        for found in self.buttons():
            if found.press.action in actions and article in (found.press.article, 0):
                return found
        return None

    def buttons(self) -> Iterator[Found]:
        """What can be pressed, the newest first: on Telegram below the messages, on Viber on the one keyboard."""
        for chat in self.chats:
            if chat[0] == Platform.VIBER:
                yield from (Found(press, chat, 0) for press in self.keyboard(chat))
            else:
                messages = list(self._record.by_chat[chat].values())[-LOOKED_THROUGH:]
                yield from (Found(press, chat, each.id) for each in reversed(messages) for press in each.presses)

    def keyboard(self, chat: Chat) -> list[Press]:
        rows = self._house.scene.sandbox.viber.keyboard(chat[1])
        return [self._record.press_of(label, body.removeprefix(BUTTON_PREFIX)) for row in rows for label, body in row]

    async def says(self, text: str) -> list[Message]:
        """Say it in the app used last; what came back."""
        return await self._acts(self.chats[0], text, None)

    async def presses(self, found: Found) -> list[Message]:
        return await self._acts(found.chat, "", found)

    async def _acts(self, chat: Chat, text: str, found: Found | None) -> list[Message]:
        before, count = await self._house.words(), len(self._record.messages)
        self._record.acting = chat
        sandbox = self._house.scene.sandbox
        self._record.words[chat].append(self._house.now.timestamp())
        if chat[0] == Platform.TELEGRAM and found is not None:
            await sandbox.telegram.press(int(chat[1]), found.message, found.press.id)
        elif chat[0] == Platform.TELEGRAM:
            await sandbox.telegram.say(int(chat[1]), text)
        elif found is not None:
            said = found.press.id if not found.press.action else f"{BUTTON_PREFIX}{found.press.id}"
            await sandbox.viber.press(chat[1], said)
        else:
            await sandbox.viber.say(chat[1], text)
        await self._house.heard(before)
        self._record.acting = None
        return [each for each in self._record.messages[count:] if each.chat == chat]


def _chat(address: Address) -> Chat:
    return str(address.platform), address.id
