"""chatapi.viber.com in memory: what bots and channels call."""

import json
import zlib
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote, urlsplit

from bot.sandbox.phones import Bubble
from bot.sandbox.viber_people import ViberPeople
from bot.sandbox.viber_rules import MAX_BODY, MAX_BROADCAST, NAMES, ViberRefusal, address, check_message, level_of
from bot.sandbox.viber_world import ALL_EVENTS, MANDATORY, Account, Person
from bot.sandbox.wire import LOCAL_HOSTS

JSON = dict[str, Any]
Endpoint = Callable[["Viber", Account, JSON], Awaitable[JSON]]

HOUR = 3600
#: Most messages to one person within an hour without a word from them.
MAX_UNANSWERED = 100
_PLACEHOLDER = "replace_me_with_"
HOSTNAME = "SN-CHAT-05_"


def parsed(body: bytes) -> JSON:
    """The request's JSON. Raises `ViberRefusal`."""
    if len(body) > MAX_BODY:
        raise ViberRefusal(3, f"the request is larger than {MAX_BODY} bytes")
    try:
        value = json.loads(body or b"{}")
    except ValueError:
        raise ViberRefusal(3, "the request is not JSON") from None
    if not isinstance(value, dict):
        raise ViberRefusal(3, "the request is not a JSON object")
    return value


def refused(status: int, message: str = "") -> JSON:
    return {"status": status, "status_message": message or NAMES.get(status, "generalError"), "chat_hostname": HOSTNAME}


class Viber(ViberPeople):
    """The whole platform: what its people hold and what bots call."""

    async def answer(self, endpoint: str, token: str, body: JSON) -> JSON | None:
        """The body of one answer; None when there is no such endpoint."""
        method = _ENDPOINTS.get(endpoint)
        if method is None:
            return None
        try:
            account = self._authorized(token or str(body.get("auth_token") or ""))
            return {"status": 0, "status_message": "ok", **await method(self, account, body)}
        except ViberRefusal as refusal:
            return refused(refusal.status, str(refusal))

    def _authorized(self, token: str) -> Account:
        if not token:
            raise _missing_token()
        account = self.world.accounts.get(token)
        if account is None:
            raise ViberRefusal(2)
        return account

    async def _set_webhook(self, account: Account, body: JSON) -> JSON:
        url = body.get("url")
        if url is None:
            raise ViberRefusal(4, "url is missing")
        if url == "":
            account.webhook = ""
            return {"event_types": []}
        _check_webhook(str(url))
        events = _event_types(body.get("event_types"))
        now = int(self.board.now() * 1000)
        hello = {"event": "webhook", "timestamp": now, "chat_hostname": HOSTNAME, "message_token": self._next_token()}
        if self.swap_webhook_fields:
            hello["timestamp"], hello["message_token"] = hello["message_token"], hello["timestamp"]
        if await self.callbacks.deliver(account, str(url), hello) is None:
            raise ViberRefusal(1, "the webhook did not answer with 200")
        account.webhook, account.events = str(url), events
        account.send_name = bool(body.get("send_name"))
        return {"chat_hostname": HOSTNAME, "event_types": list(events)}

    async def _account_info(self, account: Account, body: JSON) -> JSON:
        info: JSON = {
            "id": f"pa:{zlib.crc32(account.token.encode()):019d}",
            "name": account.name,
            "uri": account.uri,
            "icon": "",
            "background": "",
            "category": "News",
            "subcategory": "News",
            "location": {"lon": 30.5, "lat": 50.4},
            "country": "UA",
            "webhook": account.webhook,
            "event_types": list(account.events),
            "subscribers_count": sum(person.subscribed for person in self.world.people.values()),
            "members": [],
        }
        if account.channel:
            info["members"] = [{"id": account.superadmin, "name": "Superadmin", "avatar": "", "role": "superadmin"}]
        return info

    async def _user_details(self, account: Account, body: JSON) -> JSON:
        person = self._receiver(str(body.get("id") or ""))
        now = self.board.now()
        while person.looked_up and person.looked_up[0] <= now - 12 * HOUR:
            person.looked_up.popleft()
        if len(person.looked_up) >= 2:
            raise ViberRefusal(12)
        person.looked_up.append(now)
        device = {"primary_device_os": "android 13", "viber_version": "21.0", "mcc": 255, "mnc": 1, "device_type": "x"}
        return {"chat_hostname": HOSTNAME, "message_token": self._next_token(), "user": person.wire(account) | device}

    async def _online(self, account: Account, body: JSON) -> JSON:
        ids = body.get("ids")
        if not isinstance(ids, list) or not 1 <= len(ids) <= 100:
            raise ViberRefusal(3, "ids must be a list of 1 to 100")
        return {"users": [self._status_of(str(person_id)) for person_id in ids]}

    def _status_of(self, person_id: str) -> JSON:
        person = self.world.person(person_id)
        known = person is not None and person.registered and person.subscribed
        return {
            "id": person_id,
            "online_status": 0 if known else 4,
            "online_status_message": "online" if known else "unavailable",
        }

    async def _send(self, account: Account, body: JSON) -> JSON:
        _needs_bot(account)
        if not body.get("receiver"):
            raise ViberRefusal(4, "receiver is missing")
        check_message(body)
        person = self._receiver(str(body["receiver"]))
        self._check_receiver(person, body)
        token = self._next_token()
        self._show(account, person, body, self.world.bubble(body, "bot", token=token))
        return {"message_token": token, "chat_hostname": HOSTNAME, "billing_status": self._billing(person)}

    async def _broadcast(self, account: Account, body: JSON) -> JSON:
        _needs_bot(account)
        receivers = body.get("broadcast_list")
        if not isinstance(receivers, list) or not receivers:
            raise ViberRefusal(4, "broadcast_list is missing")
        if len(receivers) > MAX_BROADCAST:
            raise ViberRefusal(3, f"broadcast_list is longer than {MAX_BROADCAST}")
        check_message(body)
        token = self._next_token()
        common = None if _PLACEHOLDER in json.dumps(body) else self.world.bubble(body, "bot", token=token)
        failed = []
        for receiver in map(str, receivers):
            try:
                person = self._receiver(receiver)
                self._check_receiver(person, body)
                own = body if common else _personal(body, person)
                self._show(account, person, own, common or self.world.bubble(own, "bot", token=token))
            except ViberRefusal as refusal:
                failed.append({"receiver": receiver, "status": refusal.status, "status_message": str(refusal)})
        return {"message_token": token, "chat_hostname": HOSTNAME, "billing_status": 0, "failed_list": failed}

    async def _post(self, account: Account, body: JSON) -> JSON:
        if not account.channel:
            raise ViberRefusal(18)
        if not account.webhook:
            raise ViberRefusal(10)
        if not body.get("from"):
            raise ViberRefusal(4, "from is missing")
        if body["from"] != account.superadmin:
            raise ViberRefusal(3, "from is not a superadmin")
        check_message(body, channel=True)
        token = self._next_token()
        self.world.show(account.posts, account.name, self.world.bubble(body, account.name, token=token))
        return {"message_token": token, "chat_hostname": HOSTNAME}

    def _receiver(self, person_id: str) -> Person:
        person = self.world.person(person_id)
        if person is None or not person.registered:
            raise ViberRefusal(5)
        return person

    def _check_receiver(self, person: Person, body: JSON) -> None:
        if not person.subscribed:
            raise ViberRefusal(6)
        if not person.suitable_device:
            raise ViberRefusal(11)
        if level_of(body) > person.api_version:
            raise ViberRefusal(13)
        now = self.board.now()
        while person.unanswered and person.unanswered[0] <= now - HOUR:
            person.unanswered.popleft()
        if len(person.unanswered) >= MAX_UNANSWERED:
            raise ViberRefusal(12)

    def _show(self, account: Account, person: Person, body: JSON, bubble: Bubble) -> None:
        """The message reaches the phone, unless that phone is to fail; receipts go out."""
        person.unanswered.append(self.board.now())
        if why := self._failing.pop(person.id, ""):
            self._event(account, person, "failed", bubble.message_id, user_id=person.id, desc=why)
            return
        self.put_on_phone(person, body, bubble)
        person.unread += 1
        self._event(account, person, "delivered", bubble.message_id, user_id=person.id)

    def _billing(self, person: Person) -> int:
        """The billing status: 2 within 24 hours of the person's last word, 5 (charged) later."""
        return 2 if self.board.now() - person.wrote_at < 24 * HOUR else 5


def _missing_token() -> ViberRefusal:
    refusal = ViberRefusal(2)
    refusal.args = ("missing_auth_token",)
    return refusal


def _needs_bot(account: Account) -> None:
    if account.channel:
        raise ViberRefusal(15, "a channel has no chat")


def _check_webhook(url: str) -> None:
    try:
        parts = urlsplit(url)
    except ValueError:
        raise ViberRefusal(1) from None
    if not parts.hostname or (parts.scheme != "https" and parts.hostname not in LOCAL_HOSTS):
        raise ViberRefusal(1)
    address(url)


def _event_types(wanted: Any) -> tuple[str, ...]:
    if wanted is None:
        return ALL_EVENTS
    if not isinstance(wanted, list) or any(name not in ALL_EVENTS for name in wanted):
        raise ViberRefusal(3, "event_types holds an unknown event")
    return (*MANDATORY, *(name for name in wanted if name not in MANDATORY))


def _personal(body: JSON, person: Person) -> JSON:
    """The message with its placeholders replaced for one receiver."""
    text = json.dumps(body, ensure_ascii=False)
    values = {
        "replace_me_with_url_encoded_receiver_id": quote(person.id, safe=""),
        "replace_me_with_receiver_id": person.id,
        "replace_me_with_user_name": person.name,
    }
    for placeholder, value in values.items():
        text = text.replace(placeholder, json.dumps(value, ensure_ascii=False)[1:-1])
    personal: JSON = json.loads(text)
    return personal


_ENDPOINTS: dict[str, Endpoint] = {
    "set_webhook": Viber._set_webhook,
    "get_account_info": Viber._account_info,
    "get_user_details": Viber._user_details,
    "get_online": Viber._online,
    "send_message": Viber._send,
    "broadcast_message": Viber._broadcast,
    "post": Viber._post,
}


def viber_endpoints() -> list[str]:
    """Every endpoint there is."""
    return [*_ENDPOINTS]
