"""A desk with somebody of every role, in which one update after another is tried and undone again."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from bot.domain import Address, Article, Platform, Source, outgoing_from_json
from bot.domain.chat import Screen
from bot.domain.entry import ReaderState
from bot.domain.ledger import DispatchState
from bot.domain.people import Role
from bot.newsroom import review
from bot.storage import Queries
from tests.conftest import NEWSROOM, OWNER, VIBER_OWNER, Scene, a_scene
from tests.helpers.acts import acting, acting_as

LISTED, OTHER, CHANNEL = -1009999999991, -1009999999992, -1001234567890
#: Everybody writes from both platforms; only the owner is of OWNERS.
PEOPLE = {
    "stranger": (9001, "c3RyYW5nZXItc3RyYW5nZQ=="),
    "reporter": (9002, "cmVwb3J0ZXItcmVwb3J0ZQ=="),
    "editor": (9003, "ZWRpdG9yLWVkaXRvci1lZA=="),
    "new editor": (9004, "bmV3LWVkaXRvci1uZXctZQ=="),
    "owner": (OWNER, VIBER_OWNER),
    "removed": (9006, "cmVtb3ZlZC1yZW1vdmVkLQ=="),
}
CHATS = {"private": 0, "listed group": LISTED, "other group": OTHER, "channel": CHANNEL}
#: The question for what follows, once it is put together.
_question: list[str] = []
#: What an act would change; answers, records and what people are called are looked at apart.
STATE = {
    "article": "*", "version": "*", "dispatch": "*", "subscriber": "*", "halt": "*", "resume_request": "*",
    "member": "id, role, may_approve_from, removed_at", "identity": "*", "invitation": "*", "dialogue": "*",
    "review": "*", "approval": "*", "decision": "*", "reading": "*", "countdown": "*",
}  # fmt: skip


#: When everything is said, in seconds since 1970: the instant at which a test's clock stands at first.
SAID_AT = 1_795_518_000


class Undo(Exception):
    """Raised to undo what was tried, once it was looked at."""


@dataclass(frozen=True)
class Outcome:
    """The outcome of one update. `answers` are the texts of the screens that would be shown."""

    answers: list[str]
    changed: bool
    refusals: int


@dataclass
class Desk:
    """`numbers`: each one's number on the desk; `button` names are made by the tests."""

    scene: Scene
    numbers: dict[str, int]
    dispatches: dict[str, int]

    async def tries(self, platform: Platform, body: bytes, *, prepare: Any = None) -> Outcome:
        """Handle an update from the platform's own bytes, and undo it. `prepare` gets the transaction first."""
        app = self.scene.app
        found: list[Outcome] = []

        async def work(tx: Queries) -> None:
            made = body
            if prepare is not None:
                made = (await prepare(tx)) or body
            before = await state(tx)
            mark = int(await tx.value("SELECT coalesce(max(id), 0) FROM reply"))
            audited = int(await tx.value("SELECT coalesce(max(id), 0) FROM audit"))
            incoming = app.messengers[platform].calls.parse(made)
            if incoming is not None:
                await app.commands.handle(tx, incoming, self.scene.clock())
            rows = await tx.all("SELECT body FROM reply WHERE id > :mark ORDER BY id", {"mark": mark})
            screens = [outgoing_from_json(row["body"]) for row in rows]
            answers = [screen.text if isinstance(screen, Screen) else "(preview)" for screen in screens]
            refusals = await tx.value(
                "SELECT count(*) FROM audit WHERE id > :mark AND act = 'button.refused'", {"mark": audited}
            )
            found.append(Outcome(answers, await state(tx) != before, int(refusals)))
            raise Undo

        with suppress(Undo):
            await app.store.write(work)
        return found[0]

    async def submitted(self, tx: Queries, number: int) -> str:
        """The reporter put it to the desk; what approving it stands for."""
        desk = await acting(self.scene.app.newsroom, tx, self.scene.clock(), addresses("reporter")[0])
        return (await review.submit(desk, number)).readiness.binding

    async def published_alone(self, tx: Queries, number: int) -> str:
        """Another owner, since gone, sent it out; what looking back at it stands for."""
        now = self.scene.clock()
        gone = Address(Platform.TELEGRAM, "9999")
        chief = await tx.person(await tx.add_person(gone, "", Role.OWNER, now, invited_by=None, wait_until=None))
        assert chief is not None
        await review.publish_alone(acting_as(self.scene.app.newsroom, tx, now, chief), number)
        await tx.remove_person(chief, now)
        asked = await tx.open_review(number)
        assert asked is not None
        return asked.binding


async def takes_over(tx: Queries, number: int, address: Address, now: datetime) -> None:
    """An address of somebody is another's, as no act of the desk would make it."""
    if (person := await tx.person_at(address)) is not None:
        await tx.remove_address(person, address, now)
    await tx.add_address(number, address)


async def state(tx: Queries) -> tuple[Any, ...]:
    """All of these tables in one question: it is asked before and after each of thousands of tries."""
    if not _question:
        whole = []
        for name, what in STATE.items():
            known = await tx.all("SELECT name FROM pragma_table_info(:name)", {"name": name})
            columns = what.split(", ") if what != "*" else [row["name"] for row in known]
            row = " || ',' || ".join(f"quote({column})" for column in columns)
            whole.append(f"(SELECT group_concat({row}) FROM {name})")
        _question.append(f"SELECT {', '.join(whole)}")
    [found] = await tx.all(_question[0])
    return tuple(found)


@asynccontextmanager
async def a_desk(folder: Path) -> AsyncIterator[Desk]:
    """Articles: 1 is the reporter's draft, 2 an owner's, 3 is out with one post in doubt and one that stopped."""
    text = NEWSROOM.replace("desk.approvals = 0", f'desk.approvals = 1\ndesk.groups = ["{LISTED}"]')
    # The answers' words are looked at, and a group's are in the first language.
    (folder / "newsroom.toml").write_text(text.replace('["uk", "en"]', '["en", "uk"]'), encoding="utf-8")
    async with a_scene(folder) as scene:
        await scene.says("/list", "Черга")
        numbers, dispatches = await scene.app.store.write(lambda tx: _people_it(tx, scene))
        yield Desk(scene, numbers, dispatches)


async def _people_it(tx: Queries, scene: Scene) -> tuple[dict[str, int], dict[str, int]]:
    now = scene.clock()
    numbers = {"owner": 1}
    await takes_over(tx, 1, Address(Platform.VIBER, VIBER_OWNER), now)
    for name, role in (("reporter", Role.REPORTER), ("editor", Role.EDITOR), ("new editor", Role.EDITOR),
                       ("removed", Role.OWNER)):  # fmt: skip
        wait = now + timedelta(hours=1) if name == "new editor" else None
        telegram, viber = addresses(name)
        numbers[name] = await tx.add_person(telegram, name, role, now, invited_by=None, wait_until=wait)
        await tx.add_address(numbers[name], viber)
    removed = await tx.person(numbers["removed"])
    assert removed is not None
    await tx.remove_person(removed, now)
    for name in PEOPLE:  # on Viber the first word would subscribe them
        await tx.set_reader(addresses(name)[1], ReaderState.ACTIVE, "en", now)
    for author in ("reporter", "owner", "owner"):
        await tx.add_article(article(), addresses(author)[0], now)
    entry = await tx.entry(3)
    assert entry is not None
    dispatches = {}
    for name, platform, key, end in (
        ("in doubt", Platform.TELEGRAM, "main", DispatchState.IN_DOUBT),
        ("stopped", Platform.VIBER, "viber", DispatchState.STOPPED),
    ):
        await tx.add_dispatches(entry, [(platform, key)], {}, now, silent=True)
        dispatches[name] = int(await tx.value("SELECT max(id) FROM dispatch"))
        await tx.run("UPDATE dispatch SET state = :state WHERE id = :id", {"state": end, "id": dispatches[name]})
    return numbers, dispatches


def article() -> Article:
    return Article(
        "Міст відкрили",
        lead="Рух відновили.",
        sources=(Source("ОВА"),),
        link="https://example.org/1",
    )


def addresses(name: str) -> tuple[Address, Address]:
    telegram, viber = PEOPLE[name]
    return Address(Platform.TELEGRAM, str(telegram)), Address(Platform.VIBER, viber)


def chat_of(name: str, platform: Platform, kind: str) -> Address:
    """Return the chat in which a person speaks, of this kind."""
    telegram, viber = PEOPLE[name]
    if platform is Platform.VIBER:
        return Address(platform, viber)
    return Address(platform, str(CHATS[kind] or telegram))


# Updates as the platforms post them

_numbers = count(10_000_000)


def said(name: str, platform: Platform, kind: str, text: str) -> bytes:
    if platform is Platform.VIBER:
        return _viber(name, text)
    message = {"message_id": 7, "date": SAID_AT, "text": text, **_where(name, kind)}
    if kind == "channel":  # what is posted there comes in the channel's name
        message["sender_chat"] = message["chat"]
        return _telegram(channel_post=message)
    return _telegram(message={**message, "from": _who(name)})


def pressed(name: str, platform: Platform, kind: str, data: str, *, bare: bool = False) -> bytes:
    """The platform's own bytes; `bare` without the message that was pressed, as Telegram may leave it out."""
    if platform is Platform.VIBER:
        return _viber(name, f"#{data}")
    message = {"message_id": 7, "date": SAID_AT, "text": "…", **_where(name, kind)}
    place = {} if bare else {"message": message}
    query = {"id": "1", "from": _who(name), "chat_instance": "1", "data": data, **place}
    return _telegram(callback_query=query)


def _telegram(**content: Any) -> bytes:
    return json.dumps({"update_id": next(_numbers), **content}).encode()


def _where(name: str, kind: str) -> dict[str, Any]:
    types = {"private": "private", "channel": "channel"}
    number = int(chat_of(name, Platform.TELEGRAM, kind).id)
    return {"chat": {"id": number, "type": types.get(kind, "supergroup"), "title": "…"}}


def _who(name: str) -> dict[str, Any]:
    return {"id": PEOPLE[name][0], "is_bot": False, "first_name": name, "language_code": "en"}


def _viber(name: str, text: str) -> bytes:
    return json.dumps(
        {
            "event": "message",
            "timestamp": SAID_AT * 1000,
            "message_token": next(_numbers),
            "sender": {"id": PEOPLE[name][1], "name": name, "language": "en"},
            "message": {"type": "text", "text": text},
        }
    ).encode()
