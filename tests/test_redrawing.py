"""After every act, cards, questions and keyboards on all phones are true: every act × stage × person × platform."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import count
from pathlib import Path

import pytest

from bot.commands import cards, review
from bot.commands.buttons import press
from bot.commands.cards import STAGES
from bot.commands.talk import Talk
from bot.domain import Address, Button, Platform, Screen, outgoing_from_json
from bot.domain.buttons import PRESSES, ButtonPress
from bot.domain.chat import Kind
from bot.domain.grounds import Unasked
from bot.domain.life import Act, Stage
from bot.domain.patience import Urge
from bot.domain.people import Actor
from bot.domain.stored import AboutArticle
from bot.errors import Refused
from bot.newsroom.desk import Desk as NewsroomDesk
from bot.newsroom.offers import ALWAYS, act_of, stands
from bot.newsroom.readiness import read
from bot.storage import Queries
from tests.helpers.authority import Desk, Undo, a_desk, addresses
from tests.helpers.catalogue import written
from tests.helpers.stages import PRESSED, SAID, in_stage

#: The name of what comes to a phone after all that was written later.
LATE = "late"
#: Everybody who may have the article on a phone; each has both apps.
PEOPLE = ("owner", "editor", "new editor", "reporter")


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with a_desk(tmp_path) as made:
        yield made


@dataclass
class Phones:
    """The phones of the desk: what stands on them after all that is owed has arrived."""

    desk: Desk
    tx: Queries
    messages: dict[tuple[Address, int], Screen] = field(default_factory=dict)
    keyboards: dict[Address, Screen] = field(default_factory=dict)
    numbers: count[int] = field(default_factory=lambda: count(1))

    async def take(self, *, late: bool = False) -> None:
        """Let what is owed arrive; what is late, only if that is said."""
        arrives = {"late": "none" if late else LATE}
        for row in await self.tx.all(
            "SELECT platform, chat, body, must_arrive FROM reply WHERE name <> :late ORDER BY id", arrives
        ):
            screen = outgoing_from_json(row["body"])
            if isinstance(screen, Screen):
                # What a platform that is down does not take would stand there untrue.
                assert row["must_arrive"] or not screen.in_place
                await self._show(Address(Platform(row["platform"]), row["chat"]), screen)
        await self.tx.run("DELETE FROM reply WHERE name <> :late", arrives)

    async def _show(self, chat: Address, screen: Screen) -> None:
        if chat.platform is Platform.VIBER:
            if screen.buttons:
                self.keyboards[chat] = screen
            return
        number = screen.replaces or next(self.numbers)
        before = self.messages.get((chat, number))
        if before is not None and screen.in_place and not screen.runs:
            screen = replace(before, buttons=screen.buttons, kind=screen.kind)
        self.messages[chat, number] = screen
        if screen.article and not screen.in_place:
            await self.tx.keep_shown(
                *(chat, number, screen.article, screen.name, self.desk.scene.clock()),
                kind=screen.kind,
                keys=screen.keys,
                look=screen.look,
            )

    async def talk(self, chat: Address) -> Talk:
        return await self.desk.scene.app.telling._board.to(self.tx, chat, self.desk.scene.clock())

    async def untrue(self) -> list[str]:
        """Return what some phone shows and is not so, or offers and would not be done."""
        found = []
        standing = [(chat, screen) for (chat, _), screen in self.messages.items()] + list(self.keyboards.items())
        for chat, screen in standing:
            talk = await self.talk(chat)
            situation = await read(replace(talk.desk, by=Actor()), 1)
            states = written(STAGES[situation.readiness.stage]).values()
            on_card = screen.kind in (Kind.CARD, Kind.WHOLE) and chat.platform is Platform.TELEGRAM
            if on_card and not any(state in screen.text for state in states):
                found.append(f"{chat}: {screen.text.splitlines()[0]!r}, and it is {situation.readiness.stage!r}")
            for button in (each for row in screen.buttons for each in row):
                stored = await self.tx.button(button.id, chat) if button.id and button.id[0] != "/" else None
                if stored is None or stored.press is None:
                    continue
                if stored.used_at is not None and not stored.press.shows:
                    found.append(f"{chat}: {button.label!r} was pressed")
                if not stands(stored.press, situation, talk.member):
                    found.append(f"{chat}: {button.label!r} would be refused")
        return found


async def everybody_has_it(phones: Phones) -> None:
    """Each has an earlier card and what they are shown now, the question if they are asked."""
    for name in PEOPLE:
        for chat in addresses(name):
            talk = await phones.talk(chat)
            await cards.show(talk, 1)
            situation = await read(talk.desk, 1)
            if await review.asked_now(talk, situation):
                await review.show_question(talk, situation)
    await phones.take()


async def something_is_late(phones: Phones) -> None:
    """News without buttons of its own is written for each Viber phone, as while Viber is down."""
    for name in PEOPLE:
        talk = await phones.talk(addresses(name)[1])
        await replace(talk, unasked=Unasked(must_arrive=True, urge=Urge.ALARM)).show(["Late"], name=LATE)


async def after(desk: Desk, tx: Queries, stage: Stage, act: Act) -> list[str]:
    """Return what is untrue on phones once the owner has done this to an article in that stage, and again once what
    was written before comes after it.
    """
    app, now = desk.scene.app, desk.scene.clock()
    phones, body = Phones(desk, tx), await in_stage(desk, stage, act)(tx)
    await phones.take()
    await everybody_has_it(phones)
    await something_is_late(phones)
    incoming = app.messengers[Platform.TELEGRAM].calls.parse(body)
    assert incoming is not None
    await app.commands.handle(tx, incoming, now)
    await app.telling.tell_desk(tx, now)
    await phones.take()
    await app.telling.show_edits(tx, now)
    await phones.take()
    untrue = await phones.untrue()
    await phones.take(late=True)
    return [*untrue, *(f"late: {each}" for each in await phones.untrue())]


@pytest.mark.parametrize("act", [*SAID, *PRESSED])
async def test_after_every_act_no_phone_says_or_offers_what_is_not_so(desk: Desk, act: Act) -> None:
    found: dict[Stage, list[str]] = {}

    async def work(tx: Queries, stage: Stage) -> None:
        found[stage] = await after(desk, tx, stage, act)
        raise Undo

    for each in Stage:
        with suppress(Undo):
            await desk.scene.app.store.write(partial(work, stage=each))
    assert {stage: untrue for stage, untrue in found.items() if untrue} == {}
    assert len(found) == len(Stage)


@pytest.mark.parametrize("stage", Stage)
async def test_no_card_offers_its_reader_what_would_be_refused(desk: Desk, stage: Stage) -> None:
    refused = []

    async def work(tx: Queries) -> None:
        await in_stage(desk, stage, Act.EDIT)(tx)
        await tx.run("DELETE FROM reply")
        for name in PEOPLE:
            phones = Phones(desk, tx)
            talk = await phones.talk(addresses(name)[0])
            await cards.show(talk, 1)
            await phones.take()
            for button in (each for screen in phones.messages.values() for row in screen.buttons for each in row):
                with suppress(Undo):
                    async with tx.undone_by(Exception):
                        await _tries(talk, button)
                        raise Undo

    async def _tries(talk: Talk, button: Button) -> None:
        try:
            await press(talk, button.id)
        except Refused as refusal:
            refused.append(f"{talk.member and talk.member.title}: {button.label}: {refusal.text}")

    await desk.scene.app.store.write(work)
    assert refused == []


async def test_whoever_leaves_the_desk_keeps_no_button(desk: Desk) -> None:
    app, now = desk.scene.app, desk.scene.clock()

    async def work(tx: Queries) -> None:
        phones = Phones(desk, tx)
        await desk.submitted(tx, 1)
        await everybody_has_it(phones)
        owner = await tx.person_at(addresses("owner")[0])
        at = NewsroomDesk(app.newsroom, tx, now, Actor(addresses("owner")[0], owner))
        await app.telling._board.team.remove(at, desk.numbers["editor"])
        await app.telling.tell_desk(tx, now)
        await app.telling.show_edits(tx, now)
        await phones.take()
        telegram, viber = addresses("editor")
        left = [screen for (chat, _), screen in phones.messages.items() if chat == telegram and screen.buttons]
        assert left == []
        assert [[each.id for each in row] for row in phones.keyboards[viber].buttons] == [["/latest"]]
        raise Undo

    with suppress(Undo):
        await app.store.write(work)


def test_every_button_about_an_article_is_known_to_stand_or_fall() -> None:
    about = [kind for kind in PRESSES.values() if issubclass(kind, AboutArticle)]
    undecided = [kind for kind in about if kind not in ALWAYS and not _has_act(kind)]
    assert undecided == []


def _has_act(kind: type[ButtonPress]) -> bool:
    return kind.code == "return_reply" or act_of(kind.__new__(kind)) is not None
