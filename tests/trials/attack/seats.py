"""Seats: whoever holds a code, but was not asked in, gets nobody's rights."""

from __future__ import annotations

from tests.conftest import OWNER
from tests.trials.attack.town import STRANGER, VIBER_STRANGER, Found, Town


async def link_codes(town: Town, tries: int) -> Found:
    """An owner's code for a second account is in a stranger's hands, who types it everywhere and in every way."""
    accounts, wrong = town.count("identity"), []
    for _ in range(tries):
        before = len(town.phone())
        code = await town.code("/link")
        for said in (f"/link {code}", f"/start {code}", code):
            await town.viber(town.callback(VIBER_STRANGER, said))
            await town.telegram(town.update(STRANGER, said))
        await town.viber(town.callback(VIBER_STRANGER, "/halt"))
        await town.says("/whoami", expected=str(OWNER))
        if not await _shown(town, before + 3):  # the code, who wants in, and who one is
            wrong.append("and the owner was shown nothing")
        if town.count("identity") != accounts:
            wrong.append("a seat")
    halted = [] if not town.rows("SELECT 1 FROM audit WHERE act = 'halt.begun'") else ["a halt"]
    return Found(6 * tries, (*wrong, *halted))


async def _shown(town: Town, messages: int) -> bool:
    try:
        await town.sandbox.until(lambda: len(town.phone()) >= messages, timeout=20)
    except TimeoutError:
        return False
    return True
