"""The cast of the page: phones with the people who hold them, and articles to try."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.both import Both
from bot.sandbox.phones import Bubble

JSON = dict[str, Any]

#: Most people of each platform that a page without a cast shows.
MOST_PEOPLE = 12
#: Newest bubbles of each phone that a browser gets when it opens the page.
SHOWN = 80


@dataclass(frozen=True, slots=True)
class Phone:
    """`chat` as events name it: a person's id, a Telegram channel's id or a Viber channel's name.

    `role` is by language, and so are `names` where one is not called `name`; `desk` phones belong to the newsroom,
    `foreign` channels to somebody else, the others to those who read it.
    """

    platform: str
    chat: str
    name: str
    role: Mapping[str, str] = field(default_factory=dict)
    channel: bool = False
    desk: bool = False
    foreign: bool = False
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return f"{self.platform}:{self.chat}"


@dataclass(frozen=True, slots=True)
class Sample:
    """An article as an editor has it: its text to paste, and a picture if there is one.

    `does` is an action of the page that brings the article instead; empty: it is pasted.
    """

    key: str
    title: str
    language: str
    text: str
    picture: bytes | None = None
    does: str = ""


def everyone(both: Both) -> Iterator[Phone]:
    """The phones of all whom the sandbox knows, for a page without a cast."""
    telegram, viber = both.telegram.world, both.viber.world
    for chat in telegram.chats.values():
        yield Phone("telegram", str(chat.id), chat.title, channel=True)
    for account in viber.accounts.values():
        if account.channel:
            yield Phone("viber", account.name, account.name, channel=True)
    for person in list(telegram.people.values())[:MOST_PEOPLE]:
        yield Phone("telegram", str(person.id), person.name)
    for reader in list(viber.people.values())[:MOST_PEOPLE]:
        yield Phone("viber", reader.id, reader.name)


def bubbles_of(both: Both, phone: Phone) -> list[Bubble]:
    """The bubbles that a phone shows, oldest first."""
    if phone.platform == "telegram":
        return [bubble for bubble in both.telegram.phone(int(phone.chat)) if bubble.message_id]
    if phone.channel:
        return both.viber.channel_phone(_channel_token(both, phone.chat))
    return both.viber.phone(phone.chat)


def _channel_token(both: Both, name: str) -> str:
    accounts = both.viber.world.accounts.values()
    return next(account.token for account in accounts if account.channel and account.name == name)


def state_of(both: Both, phone: Phone) -> JSON:
    """The frame around the bubbles: whether this person talks to the bot, and what they can press."""
    state: JSON = {"phone": phone.key, "talks": "yes", "keyboard": [], "commands": []}
    if phone.channel:
        return state
    if phone.platform == "telegram":
        account, person = both.telegram.account(), int(phone.chat)
        if person in account.blocked:
            state["talks"] = "blocked"
        elif person not in account.started:
            state["talks"] = "new"
        return state | {"commands": both.telegram.commands(person)}
    reader = both.viber.world.people[phone.chat]
    if not reader.subscribed:
        state["talks"] = "blocked" if reader.wrote_at else "new"
    return state | {"keyboard": both.viber.keyboard(phone.chat)}


def described(both: Both, phone: Phone) -> JSON:
    """A phone as the browser gets it first."""
    bubbles = bubbles_of(both, phone)[-SHOWN:]
    return state_of(both, phone) | {
        "platform": phone.platform,
        "name": phone.name,
        "role": dict(phone.role),
        "channel": phone.channel,
        "desk": phone.desk,
        "foreign": phone.foreign,
        "names": dict(phone.names),
        "bubbles": [bubble_json(bubble) for bubble in bubbles],
    }


def bubble_json(bubble: Bubble) -> JSON:
    """A bubble as the browser gets it. Ids are text: Viber's have 19 digits, more than a JavaScript number holds."""
    return {
        "id": str(bubble.message_id),
        "from": bubble.sender,
        "text": bubble.text,
        "spans": bubble.entities,
        "photo": bubble.photo,
        "video": bubble.video,
        "buttons": bubble.buttons,
        "keyboard": bubble.keyboard,
        "edited": bubble.edited,
        "silent": bubble.silent,
        "at": round(bubble.at * 1000),
        "forwarded": bubble.forwarded_from,
        "preview": bubble.preview_url,
    }
