"""api.telegram.org in memory: what bots call."""

import inspect
from typing import Any

import aiohttp

from bot.sandbox import telegram_edit, telegram_info, telegram_send, telegram_topics
from bot.sandbox.telegram_content import JSON, SMALL_JPEG
from bot.sandbox.telegram_params import Params
from bot.sandbox.telegram_people import TelegramPeople
from bot.sandbox.telegram_world import Account, Refusal

_METHODS = telegram_send.METHODS | telegram_edit.METHODS | telegram_info.METHODS | telegram_topics.METHODS
_PACED = ("send", "copymessage", "forwardmessage", "editmessage", "createforumtopic", "editforumtopic")


class Telegram(TelegramPeople):
    """The whole platform: what its people hold and what bots call."""

    def open(self, session: aiohttp.ClientSession) -> None:
        self.postman.open(session)

    async def close(self) -> None:
        await self.postman.close()

    async def answer(self, token: str, method: str, params: Params) -> tuple[int, JSON]:
        """The HTTP status and the body that answer one request."""
        try:
            account = self.world.accounts.get(token)
            if account is None:
                raise Refusal(401, "Unauthorized") if ":" in token else Refusal(404, "Not Found")
            return 200, {"ok": True, "result": await self._run(account, method.lower(), params)}
        except Refusal as refusal:
            body: JSON = {"ok": False, "error_code": refusal.code, "description": refusal.description}
            if refusal.parameters:
                body["parameters"] = refusal.parameters
            return refusal.code, body
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            # A parameter of a shape that nobody sends: the real server has a text for each, we have one for all.
            return 400, {"ok": False, "error_code": 400, "description": f"Bad Request: can't parse request: {error!r}"}

    async def _run(self, account: Account, method: str, params: Params) -> object:
        if found := _METHODS.get(method):
            return found(self.world, account, params)
        if own := _OWN.get(method):
            result = own(self, account, params)
            return await result if inspect.isawaitable(result) else result
        raise Refusal(404, "Not Found: method not found")

    async def obey(self, account: Account, call: JSON) -> None:
        await self.answer(account.token, str(call["method"]), Params(call))

    def _get_updates(self, account: Account, params: Params) -> Any:
        return self.postman.get_updates(account, params)

    def _set_webhook(self, account: Account, params: Params) -> bool:
        self.postman.set_webhook(account, params)
        return True

    def _delete_webhook(self, account: Account, params: Params) -> bool:
        self.postman.delete_webhook(account, params)
        return True

    def _webhook_info(self, account: Account, params: Params) -> JSON:
        return self.postman.webhook_info(account)

    def _answer_query(self, account: Account, params: Params) -> bool:
        return self.presses.answer(account, params)

    def file(self, token: str, path: str) -> bytes | None:
        """The bytes behind a path from getFile."""
        account = self.world.accounts.get(token)
        unique = path.rsplit("file_", 1)[-1].split(".")[0]
        for media, _ in account.files.values() if account else ():
            if media.unique == unique:
                return media.content or SMALL_JPEG
        return None


def weight(method: str, params: Params) -> int:
    """Return the number of messages that the pace counts for this request; 0 if it is free."""
    method = method.lower()
    if not method.startswith(_PACED) or method == "sendchataction":
        return 0
    if method == "sendmediagroup":
        return max(1, params.text("media").count('"media"'))
    return 1


_OWN = {
    "getupdates": Telegram._get_updates,
    "setwebhook": Telegram._set_webhook,
    "deletewebhook": Telegram._delete_webhook,
    "getwebhookinfo": Telegram._webhook_info,
    "answercallbackquery": Telegram._answer_query,
}


def telegram_methods() -> list[str]:
    """Every method there is, in lower case."""
    return [*_METHODS, *_OWN]
