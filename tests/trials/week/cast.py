"""The desk of the week: who works when, on which app, and by which rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain import Address, Platform
from bot.domain.people import Role
from tests.conftest import NEWSROOM, newsroom_with

ZONE = ZoneInfo("Europe/Kyiv")
#: The Monday on which it begins, before the first shift.
MONDAY = datetime(2026, 11, 23, 6, 30, tzinfo=ZONE).astimezone(UTC)
#: The hours in which nobody works.
NIGHT = (time(23), time(7))
GROUP = -1009999999991
CHANNELS = {"main": -1001234567890, "city": -1001234567891, "evening": -1001234567892}


@dataclass(frozen=True)
class Worker:
    """A person of the desk, with the hours in which they look at their phone."""

    name: str
    role: Role
    addresses: tuple[Address, ...]
    begins: int
    ends: int

    def is_on_duty(self, at: datetime) -> bool:
        return self.begins <= at.astimezone(ZONE).hour < self.ends

    def next_shift(self, at: datetime) -> datetime:
        """Return the next beginning of a shift after `at`; there is one each day."""
        local = at.astimezone(ZONE)
        begin = local.replace(hour=self.begins, minute=0, second=0, microsecond=0)
        return (begin if begin > local else begin + timedelta(days=1)).astimezone(UTC)

    @property
    def may_approve(self) -> bool:
        return self.role is not Role.REPORTER


def _telegram(number: int) -> Address:
    return Address(Platform.TELEGRAM, str(number))


def _viber(name: str) -> Address:
    return Address(Platform.VIBER, f"{name}-".ljust(22, "0") + "==")


OLENA = Worker("Olena", Role.OWNER, (_telegram(1001),), 8, 16)
TARAS = Worker("Taras", Role.OWNER, (_telegram(1002), _viber("taras")), 10, 19)
NINA = Worker("Nina", Role.EDITOR, (_telegram(1003),), 7, 15)
VIRA = Worker("Vira", Role.EDITOR, (_viber("vira"),), 9, 17)
PETRO = Worker("Petro", Role.EDITOR, (_telegram(1004),), 14, 22)
IHOR = Worker("Ihor", Role.EDITOR, (_viber("ihor"),), 15, 23)
DANA = Worker("Dana", Role.REPORTER, (_telegram(1005),), 8, 17)
OLES = Worker("Oles", Role.REPORTER, (_viber("oles"),), 10, 19)
YANA = Worker("Yana", Role.REPORTER, (_telegram(1006),), 12, 22)
DESK = (OLENA, TARAS, NINA, VIRA, PETRO, IHOR, DANA, OLES, YANA)
#: She is invited on the first day, and approves nothing for a day.
LESIA = Worker("Lesia", Role.EDITOR, (_telegram(1007),), 9, 18)
EVERYBODY = (*DESK, LESIA)
NAMES = tuple(each.name for each in EVERYBODY)


def worker_at(platform: str, chat: str) -> Worker | None:
    """The person of the desk whose chat this is."""
    return next((each for each in EVERYBODY if Address(Platform(platform), chat) in each.addresses), None)


def _slots() -> str:
    times = ", ".join(f'"{hour:02}:{minute:02}"' for hour in range(7, 23) for minute in (0, 30))
    return "\n".join(f"{day} = [{times}]" for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun"))


def _channel(key: str, chat: int) -> str:
    return f'[[channels]]\nkey = "{key}"\nplatform = "telegram"\nchat = "{chat}"\ntitle = "Visnyk {key}"\n'


RISKS = """
[[risks]]
key = "casualties"
title = "casualties"
words = ["загину", "поранен"]
checklist = ["Two independent sources", "Relatives know"]
[[risks]]
key = "anonymous"
title = "nameless source"
anonymous_source = true
checklist = ["An editor knows who it is"]
"""


def newsroom_toml() -> str:
    """The rules that come with Visnyk, with a slot each half hour and this desk's channels and group."""
    text = newsroom_with(
        NEWSROOM, approvals=1, undo="30 s", head_at="09:00", groups=[str(GROUP)], group_language="en"
    ).replace("evidence.required = []", 'evidence.required = ["status", "source"]')
    head, _, rest = text.partition("[[channels]]")
    pace = rest.partition("[pace.telegram]")[2]
    channels = "".join(_channel(key, chat) for key, chat in CHANNELS.items())
    viber = '[[channels]]\nkey = "viber"\nplatform = "viber"\ntitle = "Visnyk on Viber"\n'
    return f"{head}{channels}{viber}[slots]\n{_slots()}\n{RISKS}[pace.telegram]{pace}"
