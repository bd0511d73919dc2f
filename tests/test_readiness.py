"""May it be done? Every stage × act × obstacle, and a card that offers nothing that would be refused."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.commands.notices import NO_FURTHER
from bot.commands.obstacles import HELD, ON_CARD
from bot.domain import Address, Platform, Screen, outgoing_from_json
from bot.domain.buttons import (
    AskEdit,
    AskTime,
    ButtonPress,
    Cancel,
    NameOwn,
    PublishNow,
    SetPace,
    Submit,
    TakeNext,
    Unpause,
)
from bot.domain.change import Standing
from bot.domain.chat import Kind
from bot.domain.entry import Offer
from bot.domain.evidence import Evidence
from bot.domain.ledger import Cause
from bot.domain.life import ALLOWED, Act, Stage
from bot.domain.people import Person, Role
from bot.domain.readiness import (
    IN_THE_WAY,
    Approvers,
    Followed,
    Lacks,
    Left,
    Mandate,
    Obstacle,
    Question,
    Readiness,
    Times,
    Word,
    obstacles,
)
from bot.domain.risk import Need, Rule
from bot.newsroom.gate import Gate
from bot.newsroom.leaving import CAUSES
from bot.newsroom.refusals import LACKS, REFUSAL
from bot.storage import Queries
from tests.helpers.acts import times
from tests.helpers.authority import Desk, Undo, a_desk, addresses, chat_of, pressed, said
from tests.helpers.stages import Stager

NOW = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
DUE = NOW + timedelta(hours=2)
OLENA, TARAS, IRYNA = (Address(Platform.TELEGRAM, name) for name in ("olena", "taras", "iryna"))

#: What each obstacle keeps people from, written down once more from what a newsroom expects.
STOPS: Mapping[Obstacle, str] = {
    Obstacle.HALTED: "now urgent",
    Obstacle.UNPROVEN: "submit time swap go_on now urgent go_out go_further",
    Obstacle.UNKEPT: "submit time swap go_on now urgent go_out",
    Obstacle.UNSOUND: "submit time swap go_on now urgent go_out",
    Obstacle.NOWHERE: "submit time swap go_on now urgent go_out",
    Obstacle.EXPIRED: "time swap go_on now urgent go_out",
    Obstacle.STALE: "go_out",
    Obstacle.TOO_EARLY: "time swap go_on now go_out",
    Obstacle.UNAPPROVED: "now go_out go_further",
    Obstacle.FORGED: "now urgent go_out go_further",
    Obstacle.UNAUTHORISED: "go_out go_further",
    Obstacle.ORPHANED: "go_out",
    Obstacle.TOO_LATE: "undo",
    Obstacle.STOPPED: "go_further",
    Obstacle.UNTIMED: "go_on",
    Obstacle.PASSED: "go_on",
    Obstacle.UNASKED: "submit",
    Obstacle.NOBODY: "submit",
    Obstacle.APPROVED: "submit",
    Obstacle.CHANGED: "approve tick ask_changes later reject",
    Obstacle.OVERTAKEN: "approve time swap go_on now urgent",
    Obstacle.LOOKED_AT: "look_back",
    Obstacle.OWN_WORD: "look_back",
    Obstacle.AUTHOR: "approve tick ask_changes later reject look_back let_go_on",
    Obstacle.NEWCOMER: "approve tick ask_changes later reject look_back let_go_on",
    Obstacle.NEW_ADDRESS: "approve tick ask_changes later reject look_back urgent let_go_on",
    Obstacle.BOUND: "approve tick ask_changes later reject look_back let_go_on",
    Obstacle.UNTICKED: "approve",
    Obstacle.ANOTHERS: "edit",
}


def person(number: int, address: Address, role: Role = Role.EDITOR) -> Person:
    return Person(number, "", role, (address,), NOW)


@dataclass(frozen=True)
class Scene:
    """What is known of an article, and what Iryna tries to do to it at the time that it would go out."""

    readiness: Readiness
    by: Person = field(default_factory=lambda: person(3, IRYNA))
    seen: str = "b"
    ticked: tuple[str, ...] = ("one",)

    def found(self, act: Act) -> tuple[Obstacle, ...]:
        return obstacles(self.readiness, act, DUE, by=self.by, seen=self.seen, ticked=self.ticked)


def ready(stage: Stage, **changes: Any) -> Readiness:
    """Olena wrote it and put it to the desk, Taras approved it, and nothing stands in its way."""
    taras = (person(2, TARAS),)
    known = Readiness(
        stage,
        NOW,
        outlets=("main",),
        times=Times(due_at=DUE, stale_from=DUE + timedelta(minutes=30)),
        need=Need(approvals=1, checklist=("one",)),
        approvers=Approvers(taras, taras),
        authors=frozenset({1}),
        possible=frozenset({2, 3}),
        binding="b",
        asked=Question("b", frozenset({1})),
        own_of=frozenset({1}),
    )
    times = {each.name: changes.pop(each.name) for each in fields(Times) if each.name in changes}
    return replace(known, **{"times": replace(known.times, **times), **changes})


def scene(stage: Stage, trouble: Obstacle | None = None) -> Scene:
    moment, good = timedelta(milliseconds=1), Scene(ready(stage))
    changes: Mapping[Obstacle, dict[str, Any]] = {
        Obstacle.HALTED: {"halted": True},
        Obstacle.UNPROVEN: {"lacks": Lacks((Evidence.SOURCE,))},
        Obstacle.UNKEPT: {"lacks": Lacks(picture=True)},
        Obstacle.UNSOUND: {"lacks": Lacks(followed=Followed(12, Standing.SOUND, Standing.RETRACTED))},
        Obstacle.NOWHERE: {"outlets": ()},
        Obstacle.EXPIRED: {"expires_at": DUE},
        Obstacle.STALE: {"stale_from": DUE - moment},
        Obstacle.TOO_EARLY: {"opens_at": DUE + moment},
        Obstacle.UNAPPROVED: {"approvers": Approvers(), "mandate": Mandate(left=Left(answering=0))},
        Obstacle.FORGED: {"mandate": Mandate(text_is_proven=False)},
        Obstacle.UNAUTHORISED: {"mandate": Mandate(publisher_may=False, left=Left(publisher_may=False))},
        Obstacle.ORPHANED: {"mandate": Mandate(timer_may=False), "approvers": Approvers(), "need": Need()},
        Obstacle.TOO_LATE: {"undo_over": NOW - moment},
        Obstacle.STOPPED: {"mandate": Mandate(left=Left(is_stopped=True))},
        Obstacle.UNTIMED: {"due_at": None},
        Obstacle.PASSED: {"due_at": NOW},
        Obstacle.UNASKED: {"need": Need()},
        Obstacle.NOBODY: {"possible": frozenset()},
        Obstacle.APPROVED: {},
        Obstacle.CHANGED: {"asked": Question("of before", frozenset({1})), "binding": "b"},
        Obstacle.OVERTAKEN: {"word": Word(NOW - moment, {"person:2": NOW})},
        Obstacle.LOOKED_AT: {"asked": None},
        Obstacle.OWN_WORD: {"asked": Question("b", frozenset({3}))},
        Obstacle.AUTHOR: {"authors": frozenset({3})},
        Obstacle.BOUND: {"approvers": replace(good.readiness.approvers, bound=frozenset({3}))},
    }
    beside: Mapping[Obstacle, dict[str, Any]] = {
        Obstacle.NEWCOMER: {"by": replace(good.by, may_approve_from=NOW + moment)},
        Obstacle.NEW_ADDRESS: {"by": replace(good.by, is_new_until=NOW + moment)},
        Obstacle.UNTICKED: {"ticked": ()},
        Obstacle.ANOTHERS: {"by": person(4, TARAS, Role.REPORTER)},
    }
    if trouble is None:
        return good
    if trouble in beside:
        return replace(good, **beside[trouble])
    return replace(good, readiness=ready(stage, **changes[trouble]))


@pytest.mark.parametrize("stage", Stage)
def test_each_obstacle_stops_what_a_newsroom_expects_and_nothing_else(stage: Stage) -> None:
    for act in Act:
        if act not in ALLOWED[stage]:
            assert scene(stage).found(act) == (Obstacle.STAGE,)
            continue
        assert scene(stage).found(act) == ((Obstacle.APPROVED,) if act is Act.SUBMIT else ()), act
        for trouble, stopped in STOPS.items():
            found = scene(stage, trouble).found(act)
            assert (trouble in found) == (act in stopped.split()), (stage, act, trouble, found)


def test_the_table_names_every_obstacle_of_the_code() -> None:
    assert STOPS.keys() | {Obstacle.STAGE, Obstacle.UNREADABLE} == set(Obstacle)
    assert {each for found in IN_THE_WAY.values() for each in found} == STOPS.keys()


@pytest.mark.parametrize(
    ("troubles", "act", "first"),
    [
        ({"halted": True, "lacks": Lacks((Evidence.STATUS,))}, Act.NOW, Obstacle.HALTED),
        ({"opens_at": DUE + timedelta(1), "approvers": Approvers((person(2, TARAS),))}, Act.NOW, Obstacle.TOO_EARLY),
        ({"lacks": Lacks((Evidence.STATUS,)), "expires_at": NOW}, Act.TIME, Obstacle.UNPROVEN),
        ({"expires_at": NOW, "outlets": ()}, Act.GO_OUT, Obstacle.EXPIRED),
        ({"mandate": Mandate(publisher_may=False), "approvers": Approvers()}, Act.GO_OUT, Obstacle.UNAUTHORISED),
        ({"lacks": Lacks((Evidence.SOURCE,)), "possible": frozenset()}, Act.SUBMIT, Obstacle.UNPROVEN),
    ],
)
def test_of_several_obstacles_the_one_to_be_put_right_first_is_said(
    troubles: dict[str, Any], act: Act, first: Obstacle
) -> None:
    assert obstacles(ready(Stage.QUEUED, **troubles), act, DUE)[0] is first


def test_a_word_is_overtaken_by_what_others_did_after_it_only() -> None:
    """Iryna is person 3; what she did herself she knew of."""
    for who, before, overtaken in (
        ("person:2", 1, True),
        ("system", 1, True),
        ("person:2", 0, False),
        ("person:3", 1, False),
    ):
        said = NOW - timedelta(seconds=before)
        known = ready(Stage.DRAFT, word=Word(said, {who: NOW}))
        assert (Obstacle.OVERTAKEN in obstacles(known, Act.NOW, by=person(3, IRYNA))) == overtaken, (who, before)
    set_back = ready(Stage.DRAFT, word=Word(None, {"person:2": NOW + timedelta(hours=1)}))
    assert obstacles(set_back, Act.NOW, by=person(3, IRYNA)) == (), "said now, whatever the clock shows"


@pytest.mark.parametrize("stage", [Stage.DRAFT, Stage.APPROVED, Stage.QUEUED, Stage.COUNTING, Stage.HELD])
def test_a_follow_up_waits_while_its_first_line_is_untrue(stage: Stage) -> None:
    """By what it says of its first article, and how that stands."""
    sound, checking, retracted = Standing.SOUND, Standing.CHECKING, Standing.RETRACTED
    nothing_to_say = {(sound, each) for each in (sound, Standing.CORRECTED, Standing.EXPIRED)}
    true = {*nothing_to_say, (checking, checking), (retracted, retracted)}
    leaves = Act.GO_OUT if Act.GO_OUT in ALLOWED[stage] else Act.NOW
    for told in (sound, checking, retracted):
        for stands in Standing:
            known = ready(stage, lacks=Lacks(followed=Followed(12, told, stands)))
            waits = Obstacle.UNSOUND in obstacles(known, leaves, DUE)
            assert waits == ((told, stands) not in true), (told, stands)


def test_an_approval_for_a_time_holds_for_that_time_only() -> None:
    approved_for_then = ready(Stage.QUEUED, approvers=Approvers((person(2, TARAS),)))

    assert obstacles(approved_for_then, Act.GO_OUT, DUE) == ()
    assert obstacles(approved_for_then, Act.NOW) == (Obstacle.UNAPPROVED,)


def test_every_refusal_and_every_hold_has_its_words() -> None:
    said_otherwise = {Obstacle.UNPROVEN}
    by_itself = (Act.GO_OUT, Act.GO_FURTHER)
    refused = {each for act, found in IN_THE_WAY.items() if act not in by_itself for each in found}

    assert refused - said_otherwise == REFUSAL.keys()
    assert {*IN_THE_WAY[Act.GO_OUT], Obstacle.UNREADABLE} == HELD.keys()
    assert {*IN_THE_WAY[Act.GO_FURTHER], Obstacle.STAGE} - {Obstacle.STOPPED} == CAUSES.keys()
    assert set(CAUSES.values()) | {Cause.UNDONE, Cause.RETRACTED, Cause.WITHHELD} == NO_FURTHER.keys()
    assert ON_CARD.keys() <= refused
    assert len(LACKS) == 3


# Played through the chat


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with a_desk(tmp_path) as made:
        yield made


#: Presses on a card that somebody may be offered, and the name of what they do.
PRESSES: Mapping[str, ButtonPress] = {
    "edit": AskEdit(1),
    "cancel": Cancel(1),
    "time": AskTime(1),
    "next": TakeNext(1),
    "now": PublishNow(1),
    "submit": Submit(1),
    "go_on": Unpause(1),
    "own": NameOwn(1),
    "pace": SetPace(1, paid=True),
}
RISKY = Rule("bridges", "мости", words=("міст",), hold=timedelta(hours=6))
GATES: Mapping[str, Gate] = {
    "nothing": Gate([], [], 1),
    "no source is named": Gate([Evidence.STATUS], [], 1),
    "a rule holds it": Gate([], [RISKY], 1),
    "nothing need be approved": Gate([], [], 0),
}


@contextmanager
def gated(desk: Desk, gate: Gate) -> Iterator[None]:
    newsroom = desk.scene.app.newsroom
    before, newsroom.gate = newsroom.gate, gate
    try:
        yield
    finally:
        newsroom.gate = before


async def offered(desk: Desk, tx: Queries, who: str) -> set[ButtonPress]:
    """What the card that somebody asks for has buttons for."""
    mark = int(await tx.value("SELECT coalesce(max(id), 0) FROM reply"))
    incoming = desk.scene.app.messengers[Platform.TELEGRAM].calls.parse(
        said(who, Platform.TELEGRAM, "private", "/show 1")
    )
    assert incoming is not None
    await desk.scene.app.commands.handle(tx, incoming, desk.scene.clock())
    rows = await tx.all("SELECT body FROM reply WHERE id > :mark", {"mark": mark})
    screens = [screen for row in rows if isinstance(screen := outgoing_from_json(row["body"]), Screen)]
    [card] = [screen for screen in screens if screen.kind in (Kind.CARD, Kind.WHOLE, Kind.QUESTION)]
    chat = chat_of(who, Platform.TELEGRAM, "private")
    found = [await tx.button(button.id, chat) for row in card.buttons for button in row]
    return {row.press for row in found if row is not None and row.press is not None}


async def looks(desk: Desk, stage: Stage, who: str, *, halted: bool) -> set[ButtonPress]:
    """The card in that stage, in a transaction that is undone."""
    found: list[set[ButtonPress]] = []

    async def work(tx: Queries) -> None:
        await brought(desk, tx, stage, halted=halted)
        found.append(await offered(desk, tx, who))
        raise Undo

    with suppress(Undo):
        await desk.scene.app.store.write(work)
    return found[0]


async def brought(desk: Desk, tx: Queries, stage: Stage, *, halted: bool) -> None:
    with gated(desk, Gate([], [], 1)):
        await Stager(desk, tx).brings(stage)
    if halted:
        await tx.halt("system", desk.scene.clock())


async def is_done(desk: Desk, stage: Stage, who: str, press: ButtonPress, *, halted: bool) -> bool:
    async def prepare(tx: Queries) -> bytes:
        await brought(desk, tx, stage, halted=halted)
        chat = chat_of(who, Platform.TELEGRAM, "private")
        button = await tx.add_button(Offer(press, chat), desk.scene.clock())
        return pressed(who, Platform.TELEGRAM, "private", button)

    return (await desk.tries(Platform.TELEGRAM, b"", prepare=prepare)).changed


@pytest.mark.parametrize("trouble", GATES)
async def test_a_card_offers_nothing_that_is_refused(desk: Desk, trouble: str) -> None:
    """And what is refused stands on no card: by stage, by what the newsroom asks, and by who looks."""
    seen: set[ButtonPress] = set()
    with gated(desk, GATES[trouble]):
        for stage in Stage:
            for who, halted in (("owner", False), ("owner", True), ("reporter", False)):
                card = await looks(desk, stage, who, halted=halted)
                seen |= card
                for press in (each for each in card if not each.shows):
                    assert await is_done(desk, stage, who, press, halted=halted), (stage, who, halted, press)

    assert {AskEdit(1), Cancel(1)} <= seen


async def test_a_reporter_is_not_offered_to_edit_what_somebody_else_wrote(desk: Desk) -> None:
    found: list[set[ButtonPress]] = []

    async def work(tx: Queries) -> None:
        await tx.run(
            "UPDATE article SET author = :owner, author_member = 1 WHERE id = 1", {"owner": str(addresses("owner")[0])}
        )
        found.append(await offered(desk, tx, "reporter"))
        raise Undo

    with suppress(Undo):
        await desk.scene.app.store.write(work)

    assert AskEdit(1) not in found[0]


async def test_what_is_approved_for_its_time_is_not_offered_to_go_out_now(desk: Desk) -> None:
    card = await looks(desk, Stage.QUEUED, "owner", halted=False)

    assert PublishNow(1) not in card
    assert not await is_done(desk, Stage.QUEUED, "owner", PublishNow(1), halted=False)


async def test_the_question_for_a_time_does_not_say_that_it_will_not_go_out(desk: Desk) -> None:
    """It says when the article goes out; the card of it, which asks for nothing, says that it does not like this."""
    app, texts = desk.scene.app, list[str]()

    async def work(tx: Queries) -> None:
        stager = Stager(desk, tx)
        await brought(desk, tx, Stage.QUEUED, halted=False)
        await tx.void_approvals(1, "changed", stager.now)
        for notice in await tx.untold():
            await tx.told(notice.id, stager.now)
        await desk.submitted(tx, 1)
        await app.telling.tell_desk(tx, stager.now)
        editor = addresses("editor")[0]
        for row in await tx.all("SELECT body FROM reply WHERE chat = :chat", {"chat": editor.id}):
            if isinstance(screen := outgoing_from_json(row["body"]), Screen):
                texts.append(screen.text)
        raise Undo

    with suppress(Undo):
        await app.store.write(work)
    [question] = [text for text in texts if " is waiting for your approval." in text]

    assert "It goes out: today at" in question
    assert "⚠️ Not approved for this time" not in question


# What can't be read


async def test_one_article_that_cannot_be_read_is_held_and_the_others_go_out(desk: Desk) -> None:
    app, scene_ = desk.scene.app, desk.scene
    at = scene_.clock() + timedelta(minutes=10)

    async def queue_three(tx: Queries) -> None:
        for number in (1, 2):
            entry = await tx.entry(number)
            assert entry is not None
            await times(tx, entry, at, scene_.clock())
        await tx.run("UPDATE version SET content = '{' WHERE article_id = 1")

    with gated(desk, Gate([], [], 0)):
        await app.store.write(queue_three)
        scene_.advance(minutes=10)
        await scene_.until(lambda: [b for b in scene_.telegram() if "не читається" in b.text])
        await scene_.until(scene_.channel)

    assert await app.store.read.value("SELECT state FROM article WHERE id = 1") == "held"
    assert await app.store.read.value("SELECT state FROM article WHERE id = 2") == "published"
    await scene_.says("/list", "")
    await scene_.says("/show 1", "#1 не читається")
