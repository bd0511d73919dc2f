"""Who lives in the demo: one owner, two channels, a few readers on each platform."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.sandbox import Bubble, Sandbox
from config.settings import Settings, load_settings

TELEGRAM_TOKEN = "1000001:demo-telegram-token-without-value-00"  # noqa: S105 - of the sandbox alone
VIBER_TOKEN = "demo-viber-token"  # noqa: S105
VIBER_CHANNEL_TOKEN = "demo-viber-channel-token"  # noqa: S105
OWNER = 1001
TELEGRAM_CHANNEL = -1001000000001
TELEGRAM_READERS = {2001: "Іван", 2002: "Марія"}
VIBER_READERS = {"b2tzYW5hLW9rc2FuYS1vaw==": "Оксана", "cGV0cm8tcGV0cm8tcGV0cg==": "Петро"}

NEWSROOM = f"""
name = "Вісник"
time_zone = "Europe/Kyiv"
desk.approvals = 0
languages = ["uk", "en"]
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


@dataclass(frozen=True, slots=True)
class Phone:
    """One screen to look at. `chat` is the name under which the sandbox tells of it."""

    platform: str
    chat: str
    name: str
    bubbles: Callable[[], Sequence[Bubble]]


def settle(sandbox: Sandbox) -> list[Phone]:
    """People move in; returns the phones on which the article must arrive."""
    telegram, viber = sandbox.telegram, sandbox.viber
    telegram.add_bot(TELEGRAM_TOKEN, username="visnyk_demo_bot", name="Вісник")
    telegram.add_person(OWNER, name="Олена", language="uk")
    telegram.add_channel(TELEGRAM_CHANNEL, title="Вісник", username="visnyk_demo")
    telegram.set_admin(TELEGRAM_CHANNEL, TELEGRAM_TOKEN, can_post=True)
    viber.add_bot(VIBER_TOKEN, name="Вісник", uri="visnyk")
    viber.add_channel(VIBER_CHANNEL_TOKEN, name="Вісник у Viber", superadmin="c3VwZXJhZG1pbi1zdXBlcg==")
    phones = [
        Phone("telegram", str(TELEGRAM_CHANNEL), "канал «Вісник»", lambda: telegram.phone(TELEGRAM_CHANNEL)),
        Phone("viber", "Вісник у Viber", "канал «Вісник»", lambda: viber.channel_phone(VIBER_CHANNEL_TOKEN)),
    ]
    for person, name in TELEGRAM_READERS.items():
        telegram.add_person(person, name=name, language="uk")
        phones.append(Phone("telegram", str(person), name, lambda person=person: telegram.phone(person)))  # type: ignore[misc]
    for reader, name in VIBER_READERS.items():
        viber.add_person(reader, name=name, language="uk")
        phones.append(Phone("viber", reader, name, lambda reader=reader: viber.phone(reader)))  # type: ignore[misc]
    return phones


def settings(sandbox: Sandbox, folder: Path, port: int) -> Settings:
    """As an operator would set them, with the sandbox in the platforms' place."""
    newsroom = folder / "newsroom.toml"
    newsroom.write_text(NEWSROOM, encoding="utf-8")
    return load_settings(
        {
            "TELEGRAM_TOKEN": TELEGRAM_TOKEN,
            "TELEGRAM_API_URL": sandbox.telegram_url,
            "VIBER_TOKEN": VIBER_TOKEN,
            "VIBER_CHANNEL_TOKEN": VIBER_CHANNEL_TOKEN,
            "VIBER_API_URL": sandbox.viber_url,
            "DATABASE_URL": f"sqlite:///{folder}/visnyk.db",
            "PUBLIC_URL": f"http://127.0.0.1:{port}",
            "WEBHOOK_SECRET": "demo-secret",
            "HOST": "127.0.0.1",
            "PORT": str(port),
            "OWNERS": f"telegram:{OWNER}",
            "NEWSROOM": str(newsroom),
        }
    )
