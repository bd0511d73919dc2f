"""A token of Viber's and its operator get acquainted: whose it is, as Viber says."""

from __future__ import annotations

from bot.adapters.viber.client import Account, ViberClient
from bot.errors import CannotStart, Misconfigured, SendError
from bot.texts import sentence

#: Seconds for one question.
PATIENCE = 20.0


async def called(api_url: str, token: str, *, channel: bool, proxy: str = "") -> str:
    """Return the name of the bot or channel that has this token. Raises `CannotStart` with a sentence."""
    client = ViberClient(api_url, timeout=PATIENCE, proxy=proxy)
    await client.open()
    try:
        told = await client.call(Account("channel" if channel else "bot", token), "get_account_info", {})
    except Misconfigured as error:
        where = "Channel info → Developer Tools" if channel else "Edit Info → Your app key"
        raise CannotStart(
            sentence("Viber does not take this token ({why}). Copy it again: {where}.", why=error.reason, where=where)
        ) from None
    except SendError as error:
        raise CannotStart(
            sentence("Viber does not answer ({why}). Go on later; what was answered is kept.", why=error.reason)
        ) from None
    finally:
        await client.close()
    return str(told.get("name") or told.get("uri") or "without a name")
