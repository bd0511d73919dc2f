"""The demo's town: two people who keep the newsroom, two channels, a few readers on each platform."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.demo.fakes import FAKE_CHANNEL
from bot.demo.site import FEED, KEY
from bot.sandbox import Bubble, Sandbox
from bot.sandbox.page import Phone as PagePhone
from config.settings import Settings, load_settings

TELEGRAM_TOKEN = "1000001:demo-telegram-token-without-value-00"  # noqa: S105 - of the sandbox alone
VIBER_TOKEN = "demo-viber-token"  # noqa: S105
VIBER_CHANNEL_TOKEN = "demo-viber-channel-token"  # noqa: S105
OWNER = 1001
#: Language of Olena's app.
OWNER_LANGUAGE = "uk"
#: Approves on Viber what Olena writes on Telegram.
EDITOR = "dGFyYXMtdGFyYXMtdGFyYQ=="
TELEGRAM_CHANNEL = -1001000000001
TITLE = "Вісник"
TELEGRAM_READERS = {2001: "Іван", 2002: "Марія"}
VIBER_CHANNEL = "Вісник у Viber"
OKSANA, PETRO = "b2tzYW5hLW9rc2FuYS1vaw==", "cGV0cm8tcGV0cm8tcGV0cg=="
VIBER_READERS = {OKSANA: "Оксана", PETRO: "Петро"}

#: Everybody's name in each language that the page and the phones can be turned to.
NAMES: Mapping[str, Mapping[int | str, str]] = {
    "uk": {OWNER: "Олена", EDITOR: "Тарас", 2001: "Іван", 2002: "Марія", OKSANA: "Оксана", PETRO: "Петро"},
    "en": {OWNER: "Olena", EDITOR: "Taras", 2001: "Ivan", 2002: "Mariia", OKSANA: "Oksana", PETRO: "Petro"},
}

#: The bot's name on the demo's internet: Viber fetches pictures by https only.
PUBLIC_URL = "https://bot.example.org"

NEWSROOM = f"""
name = "Вісник"
time_zone = "Europe/Kyiv"
desk.approvals = 1
desk.undo = "10 s"
languages = ["uk", "en"]
quiet_hours = "23:00-07:00"
[signature]
uk = "Лише перевірена інформація. Не ведіться на фейки."
en = "Verified information only. Do not fall for fakes."
[links]
telegram = "https://t.me/visnyk_demo"
viber = "https://invite.viber.com/?g2=visnyk-demo"
[[channels]]
key = "main"
platform = "telegram"
chat = "{TELEGRAM_CHANNEL}"
title = "Вісник"
[[channels]]
key = "viber"
platform = "viber"
title = "Вісник"
[slots]
mon = ["09:00", "12:30", "18:30"]
tue = ["09:00", "12:30", "18:30"]
wed = ["09:00", "12:30", "18:30"]
thu = ["09:00", "12:30", "18:30"]
fri = ["09:00", "12:30", "18:30"]
sat = ["10:00", "18:30"]
sun = ["10:00", "18:30"]
"""

#: The name on the page of the channel that only looks like the newsroom's.
FAKE = {"uk": "Підробка", "en": "A fake"}

#: The feed of the town's newspaper, in the demo that people look at.
FEEDS = f"""
[[feeds]]
key = "{KEY}"
url = "{FEED}"
every = "1 min"
"""


@dataclass(frozen=True, slots=True)
class Phone:
    """One screen to look at. `chat` is the name under which the sandbox tells of it."""

    platform: str
    chat: str
    name: str
    bubbles: Callable[[], Sequence[Bubble]]


def settle(sandbox: Sandbox) -> list[Phone]:
    """Give people phones; return those on which the article must arrive."""
    telegram, viber = sandbox.telegram, sandbox.viber
    telegram.add_bot(TELEGRAM_TOKEN, username="visnyk_demo_bot", name="Вісник")
    telegram.add_person(OWNER, name="Олена", language=OWNER_LANGUAGE, started=True)
    telegram.add_channel(TELEGRAM_CHANNEL, title=TITLE, username="visnyk_demo")
    telegram.set_admin(TELEGRAM_CHANNEL, TELEGRAM_TOKEN, can_post=True)
    viber.add_bot(VIBER_TOKEN, name="Вісник", uri="visnyk")
    viber.add_person(EDITOR, name="Тарас", language="uk")
    viber.add_channel(VIBER_CHANNEL_TOKEN, name=VIBER_CHANNEL, superadmin="c3VwZXJhZG1pbi1zdXBlcg==")
    phones = [
        Phone("telegram", str(TELEGRAM_CHANNEL), "канал «Вісник»", lambda: telegram.phone(TELEGRAM_CHANNEL)),
        Phone("viber", VIBER_CHANNEL, "канал «Вісник»", lambda: viber.channel_phone(VIBER_CHANNEL_TOKEN)),
    ]
    for person, name in TELEGRAM_READERS.items():
        telegram.add_person(person, name=name, language="uk")
        phones.append(Phone("telegram", str(person), name, lambda person=person: telegram.phone(person)))  # type: ignore[misc]
    for reader, name in VIBER_READERS.items():
        viber.add_person(reader, name=name, language="uk")
        phones.append(Phone("viber", reader, name, lambda reader=reader: viber.phone(reader)))  # type: ignore[misc]
    return phones


def cast() -> list[PagePhone]:
    """Return the phones on the page: the desk's first, then Telegram's readers', then Viber's."""
    owner, editor = {"uk": "власниця", "en": "owner"}, {"uk": "шеф-редактор", "en": "chief editor"}
    reader = {"uk": "читає", "en": "reader"}
    return [
        _private("telegram", OWNER, "Олена", owner, desk=True),
        _private("viber", EDITOR, "Тарас", editor, desk=True),
        PagePhone("telegram", str(TELEGRAM_CHANNEL), TITLE, channel=True),
        *(_private("telegram", person, name, reader) for person, name in TELEGRAM_READERS.items()),
        PagePhone("viber", VIBER_CHANNEL, VIBER_CHANNEL, channel=True),
        *(_private("viber", person, name, reader) for person, name in VIBER_READERS.items()),
        PagePhone("telegram", str(FAKE_CHANNEL), TITLE, channel=True, foreign=True, names=FAKE),
    ]


def _private(platform: str, person: int | str, name: str, role: Mapping[str, str], *, desk: bool = False) -> PagePhone:
    return PagePhone(platform, str(person), name, role, desk=desk, names={"en": NAMES["en"][person]})


async def turn(sandbox: Sandbox, language: str) -> None:
    """Turn everybody's app to a language. A bot learns of that with a person's next word, so each who has talked
    to it asks for help, which shows it too.
    """
    telegram, viber = sandbox.telegram, sandbox.viber
    if language not in NAMES or telegram.world.people[OWNER].language == language:
        return
    account = telegram.account()
    for person in (telegram.world.people[each] for each in (OWNER, *TELEGRAM_READERS)):
        person.language, person.name = language, NAMES[language][person.id]
        if person.id in account.started - account.blocked and telegram.phone(person.id):
            await telegram.say(person.id, "/help")
    for reader in (viber.world.people[each] for each in (EDITOR, *VIBER_READERS)):
        reader.language, reader.name = language, NAMES[language][reader.id]
        if reader.subscribed:
            await viber.say(reader.id, "/help")


def environment(sandbox: Sandbox, folder: Path, port: int, *, public_url: str = "", feeds: str = "") -> dict[str, str]:
    """Return an operator's settings, with the sandbox in the platforms' place."""
    (folder / "newsroom.toml").write_text(NEWSROOM + feeds, encoding="utf-8")
    tokens = {"telegram": TELEGRAM_TOKEN, "viber": VIBER_TOKEN, "viber_channel": VIBER_CHANNEL_TOKEN}
    return {
        **sandbox.environment(folder, port, **tokens),
        **({"PUBLIC_URL": public_url} if public_url else {}),
        "WEBHOOK_SECRET": "demo-secret-of-the-sandbox-alone",
        "OWNERS": f"telegram:{OWNER} viber:{EDITOR}",
    }


def settings(sandbox: Sandbox, folder: Path, port: int) -> Settings:
    return load_settings(environment(sandbox, folder, port))
