"""People who join the desk, and the codes that invite them."""

from __future__ import annotations

import re
from datetime import timedelta

from bot.domain import Address, Platform
from bot.domain.people import Role
from tests.conftest import READER, Scene
from tests.dialogues.conftest import Chat

TELEGRAM_READER = Address(Platform.TELEGRAM, str(READER))
#: A code as a message shows it.
CODE = re.compile(r"/(?:start|link|старт|звязати) ([A-Z2-9]{12,16})")


async def seat(scene: Scene, role: Role, address: Address = TELEGRAM_READER) -> int:
    """Seat a person at the desk, as an accepted invitation would."""
    now = scene.clock()
    return await scene.app.store.write(
        lambda tx: tx.add_person(address, "Іван", role, now, invited_by=1, wait_until=now + timedelta(hours=24))
    )


#: What an invitation and a code to link accounts are typed with, by language.
ASKED = {"uk": ("/старт", "/звязати"), "en": ("/start", "/link")}


async def code_from(chat: Chat, said: str) -> str:
    found = CODE.search((await chat.says(said, ASKED[chat.language][said == "/link"])).text)
    assert found is not None
    return found[1]


async def accept_rules(scene: Scene) -> None:
    """The owner on Telegram approves what was weakened while the house was closed; a day later that is enough."""
    await scene.until(lambda: any("вимагає менше" in bubble.text for bubble in scene.telegram()))
    question = next(bubble for bubble in scene.telegram() if "вимагає менше" in bubble.text)
    await scene.presses(question, "✅ Схвалити зміну", "Записано.")
    scene.advance(hours=24)
    await scene.until(scene.app.rules.are_accepted.is_set)
    await scene.stop()
    await scene.start()
