"""Nothing goes out but what enough people other than its authors approved, whatever happens in between.

A desk is played with at random, through the chat's own words and buttons and a real database that is killed now and
then. `python -m tests.trials.approval [STORIES]` plays as many and counts.
"""

from __future__ import annotations

import asyncio
import logging
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import structlog
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from bot.app.configured import TRAITS, channels_of, gate_of, paces_of, press_of, rules_of, safeguards_of, timetable_of
from bot.commands import Commands, Switchboard, Telling
from bot.domain import Address, ChatKind, Fit, Incoming, Platform, Pressed, Run, Said, Sender
from bot.domain.chat import Kind
from bot.domain.entry import Entry, EntryState
from bot.domain.people import Role
from bot.errors import Refused
from bot.newsroom.approval import void_outdated
from bot.newsroom.desk import Desk
from bot.newsroom.forecast import Forecast
from bot.newsroom.newsroom import Newsroom
from bot.newsroom.publishing import publish_due
from bot.newsroom.reminders import remind
from bot.newsroom.team import Team, digest_of
from bot.storage import Queries, Store, open_store
from bot.texts import Catalogue
from config.newsroom import load_newsroom
from config.settings import LOCALES
from tests.conftest import NEWSROOM, Clock
from tests.helpers.acts import acting, acting_as

T = TypeVar("T")
STORIES = 1000
NEEDED = 2
#: What a risky article needs: of this many people, each of whom ticks that first.
RISKY, ITEM = 3, "Two officials confirm the number"
#: What somebody replies: a field, a whole text, what may be either.
REPLIES = ("lead: It took three years.", "Another bridge\n\nIt took five years.", "Who says so?", "urgent!")
RISKS = f"""
[[risks]]
key = "casualties"
title = "casualties"
words = ["casualt"]
approvals = {RISKY}
checklist = ["{ITEM}"]
"""
#: Who is on the desk at first; the chief has both platforms, the newcomer may approve after an hour.
DESK = {
    "chief": Role.OWNER,
    "anna": Role.EDITOR,
    "bohdan": Role.EDITOR,
    "viber": Role.EDITOR,
    "newcomer": Role.EDITOR,
    "reporter": Role.REPORTER,
}
NAMES = list(DESK)
WAIT = timedelta(hours=1)
#: As far from what was approved somebody who may approve moves an article.
SLACK = timedelta(minutes=30)
TARGETS = (NEWSROOM, NEWSROOM.replace("-1001234567890", "-1001234567999"))
CATALOGUE = Catalogue.load(LOCALES, "en")

people = st.sampled_from(NAMES)
articles = st.integers(0, 99)


def address(name: str) -> Address:
    if name == "viber":
        return Address(Platform.VIBER, "dmliZXItdmliZXItdmliZQ==")
    return Address(Platform.TELEGRAM, str(5001 + NAMES.index(name)))


@dataclass(frozen=True)
class Shown:
    """An article as somebody saw it beside a button: a version, where it goes, when."""

    article: int
    version: int
    targets: frozenset[str]
    at: datetime | None
    #: Of an approval: the time that it was given for, wherever the article was moved since.
    meant: datetime | None = field(default=None, compare=False)


@dataclass
class Books:
    """Kept over all stories."""

    stories: int = 0
    steps: int = 0
    approved: int = 0
    alone: int = 0
    undone: int = 0
    kills: int = 0
    without_people: list[str] = field(default_factory=list)
    other_than_approved: list[str] = field(default_factory=list)
    seen: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        return "\n".join(
            [
                f"{self.stories:,} interleavings of {self.steps:,} steps, {self.kills:,} kills, {self.undone:,} undone",
                f"published with enough people: {self.approved:,}; by an owner alone with /urgent: {self.alone:,}",
                f"published without enough people: {len(self.without_people)}",
                f"published other than approved: {len(self.other_than_approved)}",
                *self.without_people,
                *self.other_than_approved,
            ]
        )


BOOKS = Books()


class TwoPeople(RuleBasedStateMachine):
    """The model: who approved what they saw, who still may, and what changed since."""

    def __init__(self) -> None:
        super().__init__()
        BOOKS.stories += 1
        #: By article: who approved what, since it changed last.
        self.approvals: dict[int, list[tuple[int, Shown]]] = {}
        self.authors: dict[int, set[int]] = {}
        self.due: dict[int, datetime | None] = {}
        self.shown: dict[str, Shown] = {}
        self.published: set[int] = set()
        self.lives = self.targets = 0

    # The house, without its platforms

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(work)

    @initialize(author=people, trouble=st.integers(0, 9), name=people)
    def opens(self, author: str, trouble: int, name: str) -> None:
        """Every story begins with an article that was almost out."""
        self.folder = TemporaryDirectory(prefix="visnyk-approval-")
        self.loop = asyncio.new_event_loop()
        self.clock = Clock(step=timedelta(milliseconds=1))  # as in life, no two things happen at the same moment
        self.run(self._open())
        self.run(self.store.write(self._seat))
        self.almost_out(author, trouble, name)

    def _home(self) -> Path:
        home = Path(self.folder.name) / str(self.lives)
        home.mkdir(exist_ok=True)
        return home

    async def _open(self) -> None:
        toml = self._home() / "newsroom.toml"
        text = TARGETS[self.targets].replace("desk.approvals = 0", f'desk.approvals = {NEEDED}\ndesk.slack = "30 min"')
        toml.write_text(text.replace('desk.undo = "0 s"', 'desk.undo = "30 s"') + RISKS, encoding="utf-8")
        file = load_newsroom(toml)
        self.store: Store = await open_store(self._home() / "visnyk.db")
        self.newsroom = Newsroom(
            timetable_of(file),
            channels_of(file),
            {Platform.TELEGRAM: "all", Platform.VIBER: "all"},
            press_of(file, CATALOGUE, None),
            rules_of(file),
            Forecast(lambda _p, _paid: 30.0, timedelta(minutes=1)),
            file.desk.similar_within,
            paces_of(file),
            gate_of(safeguards_of(file)),
            lambda _article, _platform: Fit(),
            TRAITS,
        )
        self.team = Team([], WAIT, lambda _code: {})
        board = Switchboard(newsroom=self.newsroom, team=self.team, catalogue=CATALOGUE, default_language="en")
        self.commands, self.telling = Commands(board), Telling(board)

    async def _seat(self, tx: Queries) -> None:
        now = self.clock()
        for name, role in DESK.items():
            wait = now + WAIT if name == "newcomer" else None
            await tx.add_person(address(name), name, role, now, invited_by=None, wait_until=wait)

    # What people do

    def says(self, name: str, text: str) -> None:
        self.run(self._takes(name, Said((Run(text),))))

    async def _takes(self, name: str, event: Said | Pressed) -> None:
        """One update, and all that follows from it before the next; then the books are compared."""
        sender = Sender(address(name), name, "en")
        incoming = Incoming(sender, sender.address, ChatKind.PRIVATE, event, self.clock())
        before, approved = await self._look(), await self._last_approval()
        member = await self.store.read.person_at(address(name))
        await self.store.write(lambda tx: self.commands.handle(tx, incoming, self.clock()))
        if isinstance(event, Pressed):
            await self._note_approval(event.button, approved)
        alone = isinstance(event, Said) and event.text.startswith("/urgent")
        may_alone = alone and member is not None and member.role is Role.OWNER
        await self._compare(before, alone=may_alone)
        await self._duties()

    async def _duties(self) -> None:
        before = await self._look()
        for duty in (
            lambda tx, now: publish_due(Desk(self.newsroom, tx, now)),
            lambda tx, now: remind(Desk(self.newsroom, tx, now)),
            self.telling.count_down,
            self.telling.tell_desk,
            self.telling.show_edits,
        ):
            await self.store.write(lambda tx, duty=duty: duty(tx, self.clock()))  # type: ignore[misc]
        await self._compare(before)
        await self._note_buttons()

    @rule(name=people, urgent=st.booleans(), risky=st.booleans())
    def writes(self, name: str, urgent: bool, risky: bool) -> None:
        lead = "There are casualties." if risky else "It took two years."
        line = "\nurgent" if urgent else ""
        self.says(name, f"/queue A bridge opened\n\n{lead}\n\nsource: City council{line}")

    @precondition(lambda self: self.authors)
    @rule(of=articles, name=people, text=st.sampled_from(["one", "two", "no casualties in two"]))
    def edits(self, of: int, name: str, text: str) -> None:
        self.says(name, f"/edit {self._pick(of)} lead: It took {text} years.")

    @precondition(lambda self: self.authors)
    @rule(
        of=articles, name=people, text=st.sampled_from(REPLIES), button=st.sampled_from(["", "take", "leave", "return"])
    )
    def replies(self, of: int, name: str, text: str, button: str) -> None:
        """Reply to the question about an article; what may be a remark is asked about."""
        self.run(self._replies(name, self._pick(of), text, button))

    async def _replies(self, name: str, number: int, text: str, button: str) -> None:
        message = 1000 + number
        await self.store.write(
            lambda tx: tx.keep_shown(address(name), message, number, "", self.clock(), kind=Kind.QUESTION)
        )
        await self._takes(name, Said((Run(text),), reply_to=message))
        if button:
            await self._presses(name, f"{button}_reply")

    @precondition(lambda self: self.authors)
    @rule(of=articles, name=people)
    def submits(self, of: int, name: str) -> None:
        self.says(name, f"/submit {self._pick(of)}")

    @precondition(lambda self: self.authors)
    @rule(of=articles, name=people, minutes=st.integers(1, 40))
    def times(self, of: int, name: str, minutes: int) -> None:
        self.says(name, f"/at {self._pick(of)} in {minutes} min")

    @precondition(lambda self: self.authors)
    @rule(of=articles, name=people, said=st.sampled_from(["/now", "/cancel", "/undo", "/pause", "/next", "/urgent"]))
    def orders(self, of: int, name: str, said: str) -> None:
        self.says(name, f"{said} {self._pick(of)}")

    @precondition(lambda self: len(self.authors) > 1)
    @rule(of=articles, other=articles, name=people)
    def swaps(self, of: int, other: int, name: str) -> None:
        self.says(name, f"/swap {self._pick(of)} {self._pick(other)}")

    @rule(name=people, number=st.integers(0, 999))
    def presses_anything(self, name: str, number: int) -> None:
        """Press any button, even one that was pressed, is stale, or was shown to somebody else."""
        self.run(self._presses(name, "%", number, anybodys=number % 5 == 0))

    @rule(name=people, ticking=st.booleans())
    def approves(self, name: str, ticking: bool) -> None:
        if ticking:
            self.run(self._presses(name, "tick"))
        self.run(self._presses(name, "approve"))

    @rule(name=people, how=st.sampled_from(["now", "at"]))
    def approves_with_a_time(self, name: str, how: str) -> None:
        self.run(self._presses(name, f"approve_{how}"))

    @rule(name=people, verdict=st.sampled_from(["ask_changes", "reject", "later"]))
    def answers_otherwise(self, name: str, verdict: str) -> None:
        self.run(self._presses(name, verdict))
        if verdict != "later":
            self.says(name, "Who says so?")

    async def _presses(self, name: str, action: str, number: int = 0, *, anybodys: bool = False) -> None:
        """The newest such button in their chat, or the one that `number` picks."""
        rows = await self.store.read.all(
            """SELECT id FROM button WHERE action LIKE :action AND (:anybodys OR chat = :chat)
               ORDER BY rowid DESC""",
            {"action": action, "chat": str(address(name)), "anybodys": anybodys},
        )
        if rows:
            await self._takes(name, Pressed(rows[number % len(rows)]["id"]))

    @rule(name=people, role=st.sampled_from(["editor", "reporter", "owner"]))
    def gives_a_role(self, name: str, role: str) -> None:
        self.run(self._as_owner(lambda desk, number: self.team.set_role(desk, number, Role(role)), name))

    @rule(name=people)
    def removes(self, name: str) -> None:
        self.run(self._as_owner(self.team.remove, name))

    async def _as_owner(self, act: Any, name: str) -> None:
        async def work(tx: Queries) -> None:
            person = await tx.person_at(address(name))
            owners = await tx.team(Role.OWNER)
            if person is not None and owners and (len(owners) > 1 or person.role is not Role.OWNER):
                await self._ignoring(act(acting_as(self.newsroom, tx, self.clock(), owners[0]), person.id))

        await self.store.write(work)
        await self._duties()

    @rule()
    def links(self) -> None:
        """Link a person's Viber: what was written or approved from either address is one person's."""
        self.run(self._links())

    async def _links(self) -> None:
        async def work(tx: Queries) -> None:
            maker, now = await tx.person_at(address("anna")), self.clock()
            other = Sender(Address(Platform.VIBER, "YW5uYS1hbm5hLWFubmE="), "anna", "en")
            if maker is not None and len(maker.addresses) == 1:
                desk = acting_as(self.newsroom, tx, now, maker)
                code = await self.team.link_code(desk)
                asking = await acting(self.newsroom, tx, now, other.address)
                await self._ignoring(self.team.ask_link(asking, code, other))
                await self._ignoring(self.team.confirm_link(desk, digest_of(code)))

        await self.store.write(work)
        await self._duties()

    @staticmethod
    async def _ignoring(act: Coroutine[Any, Any, object]) -> None:
        try:
            await act
        except Refused:
            BOOKS.seen["refused"] += 1

    @rule(seconds=st.sampled_from([1, 5, 25, 31, 600, 1900, 4000]))
    def time_passes(self, seconds: int) -> None:
        self.clock.at += timedelta(seconds=seconds)
        self.run(self._duties())

    @rule(name=people)
    def halts(self, name: str) -> None:
        self.says(name, "/halt")

    @rule(one=people, two=people)
    def resumes(self, one: str, two: str) -> None:
        self.says(one, "/resume")
        self.says(two, "/resume")

    @rule(elsewhere=st.booleans())
    def is_killed(self, elsewhere: bool) -> None:
        """Kill it, so that only the files are left; `elsewhere`: it comes up with another channel configured."""
        BOOKS.kills += 1
        before = self._home()
        self.lives += 1
        for name in ("visnyk.db", "visnyk.db-wal"):
            if (before / name).exists():
                shutil.copyfile(before / name, self._home() / name)
        self.run(self.store.close())
        self.targets = (self.targets + elsewhere) % len(TARGETS)
        self.run(self._open())
        self.run(self.store.write(lambda tx: void_outdated(Desk(self.newsroom, tx, self.clock()))))
        self.run(self._duties())

    @rule(author=people, trouble=st.integers(0, 9), name=people)
    def is_almost_out(self, author: str, trouble: int, name: str) -> None:
        self.almost_out(author, trouble, name)

    def almost_out(self, author: str, trouble: int, name: str) -> None:
        """The likeliest story: written, put to the desk, approved by all who can; something happens; "publish"."""
        risky = trouble in (0, 8)
        self.writes(author, urgent=trouble in (1, 3), risky=risky)
        number = max(self.authors, default=0) - 1
        if number < 0:
            return
        if trouble in (2, 6):
            self.times(number, "anna", 20)
        self.submits(number, author)
        last = name
        for approver in ["viber", "anna", *NAMES]:
            if len(self.approvals.get(number + 1, ())) < (RISKY if risky else NEEDED):  # each of them matters
                self.approves(approver, ticking=trouble == 0)
                last = approver
        troubles: dict[int, Callable[[], None]] = {
            1: lambda: self.edits(number, name, "no casualties in two"),
            2: lambda: self.times(number, name, 30),
            3: lambda: self.removes(last),
            4: lambda: self.gives_a_role(last, "reporter"),
            5: self.links,
            6: lambda: self.is_killed(elsewhere=True),
            7: lambda: self.is_killed(elsewhere=False),
            8: lambda: self.presses_anything(name, 3),
            9: lambda: self.publishes_and_stops(number, name),
        }
        if trouble in troubles:
            troubles[trouble]()
        self.orders(number, "bohdan", "/now")
        self.time_passes(31)
        if trouble in (2, 6):
            self.time_passes(1850)

    def publishes_and_stops(self, number: int, name: str) -> None:
        self.orders(number, "anna", "/now")
        self.orders(number, name, "/undo")

    def _pick(self, of: int) -> int:
        return sorted(self.authors)[of % len(self.authors)]

    # The books

    async def _look(self) -> dict[int, Entry]:
        rows = await self.store.read.all("SELECT id FROM article")
        entries = [await self.store.read.entry(row["id"]) for row in rows]
        return {entry.id: entry for entry in entries if entry is not None}

    def _targets(self) -> frozenset[str]:
        """No article names topics: it goes everywhere."""
        return frozenset([*(f"{c.key} {c.chat}" for c in self.newsroom.channels.values()), *Platform])

    def _snapshot(self, entry: Entry) -> Shown:
        timed = entry.state is EntryState.QUEUED or (
            entry.state is EntryState.HELD and entry.due_at is not None and entry.due_at > self.clock()
        )
        return Shown(entry.id, entry.version, self._targets(), entry.due_at if timed else None)

    async def _note_buttons(self) -> None:
        """Note what each new question showed; its binding is not looked at."""
        for row in await self.store.read.all(
            """SELECT id, action, json_extract(args, '$.article') AS n, json_extract(args, '$.at') AS at FROM button
               WHERE action IN ('approve', 'approve_now', 'approve_at')"""
        ):
            if row["id"] not in self.shown:
                entry = await self.store.read.entry(row["n"])
                assert entry is not None
                shown = self._snapshot(entry)
                if row["action"] != "approve":
                    shown = replace(shown, at=datetime.fromisoformat(row["at"]) if row["at"] else None)
                self.shown[row["id"]] = shown

    async def _note_approval(self, button: str, known: int) -> None:
        """Note that a press of "approve" was taken: the person approved what the button was shown with."""
        new = await self.store.read.all("SELECT member_id, ticks FROM approval WHERE id > :known", {"known": known})
        for row in new:
            shown = self.shown[button]
            risky = await self._is_risky(shown)
            assert not risky or ITEM in row["ticks"], f"{shown} was approved without a tick"
            given = replace(shown, meant=shown.at or self.clock())
            self.approvals.setdefault(shown.article, []).append((row["member_id"], given))

    async def _is_risky(self, shown: Shown) -> bool:
        return "casualties" in (await self.store.read.content(shown.article, shown.version)).lead

    async def _last_approval(self) -> int:
        return int(await self.store.read.value("SELECT coalesce(max(id), 0) FROM approval"))

    async def _compare(self, before: dict[int, Entry], *, alone: bool = False) -> None:
        BOOKS.steps += 1
        for number, entry in (await self._look()).items():
            await self._note_author(entry)
            if entry.state is EntryState.PUBLISHED and number not in self.published:
                self.published.add(number)
                await self._judge(before[number], entry, alone=alone)
            await self._note_change(before.get(number), entry)

    async def _note_author(self, entry: Entry) -> None:
        """Ask for the addresses again: two may have become one person."""
        dossier = await self.store.read.dossier(entry.id)
        assert dossier is not None
        self.authors[entry.id] = set((await self.store.read.everyone()).who_are(dossier.writers))

    async def _note_change(self, before: Entry | None, entry: Entry) -> None:
        """Another text or time, or a no: what was approved is void, also when it is changed back. A time near the one
        that was approved is as good, if somebody gives it who may approve the article.
        """
        if before is None:
            return
        was_counting = EntryState.COUNTING in (before.state, entry.state)
        went_back = entry.state in (EntryState.DRAFT, EntryState.SUBMITTED, EntryState.QUEUED)
        BOOKS.undone += before.state is EntryState.COUNTING and went_back
        other_time = before.due_at != entry.due_at and not was_counting
        returned = before.state is EntryState.SUBMITTED and entry.state in (EntryState.DRAFT, EntryState.REJECTED)
        if other_time:  # whoever gave it this time in the act of approving stands for it
            given = self.approvals.get(entry.id, [])
            kept = [each for each in given if each[1].at == entry.due_at]
            if entry.due_at is not None and await self._standing(await self._movers(entry.id), entry.id):
                kept += [
                    (member, replace(shown, at=entry.due_at))
                    for member, shown in given
                    if shown.at != entry.due_at and shown.meant and abs(entry.due_at - shown.meant) <= SLACK
                ]
            self.approvals[entry.id] = kept
        if before.version != entry.version or returned or entry.state is EntryState.CANCELLED:
            self.approvals.pop(entry.id, None)

    async def _movers(self, number: int) -> set[int]:
        """Return the member who gave the article its time last."""
        rows = await self.store.read.all(
            """SELECT actor FROM audit WHERE act = 'article.scheduled' AND subject = :about
               ORDER BY id DESC LIMIT 1""",
            {"about": f"article:{number}"},
        )
        return {int(row["actor"].partition(":")[2]) for row in rows if row["actor"].startswith("person:")}

    async def _judge(self, before: Entry, entry: Entry, *, alone: bool) -> None:
        """Judge whether enough people stand for exactly what goes out now."""
        if alone:
            BOOKS.alone += 1
            return
        is_timed = before.state is EntryState.QUEUED and before.due_at is not None and before.due_at <= self.clock()
        at = before.due_at if is_timed else None
        out = Shown(entry.id, entry.version, await self._sent(entry), at)
        approvals = self.approvals.get(entry.id, [])
        needed = RISKY if await self._is_risky(out) else NEEDED
        enough = await self._standing({member for member, _ in approvals}, entry.id) >= needed
        exactly = await self._standing({member for member, shown in approvals if shown == out}, entry.id) >= needed
        told = f"#{entry.id} v{entry.version} at {at} by {approvals}, authors {self.authors[entry.id]}, sent {out}"
        if not enough:
            BOOKS.without_people.append(told)
        elif not exactly:
            BOOKS.other_than_approved.append(told)
        else:
            BOOKS.approved += 1
        assert exactly, told

    async def _sent(self, entry: Entry) -> frozenset[str]:
        dispatches = await self.store.read.dispatches(entry.id)
        assert all(dispatch.version == entry.version for dispatch in dispatches)
        chats = {channel.key: channel.chat for channel in self.newsroom.channels.values()}
        return frozenset(f"{d.channel} {chats[d.channel]}" if d.channel else d.platform for d in dispatches)

    async def _standing(self, members: set[int], number: int) -> int:
        """Return how many of them are still of the desk, may approve, and did not write it."""
        found = [await self.store.read.person(member) for member in members - self.authors[number]]
        return sum(person is not None and person.may_approve(self.clock()) for person in found)

    def teardown(self) -> None:
        if hasattr(self, "store"):
            self.run(self.store.close())
            self.loop.close()
            self.folder.cleanup()


def play(stories: int, steps: int, *, derandomize: bool) -> Books:
    """Raises `AssertionError` with the shortest story in which something went out that should not."""
    wanted = settings(
        max_examples=stories,
        stateful_step_count=steps,
        deadline=None,
        derandomize=derandomize,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(TwoPeople, settings=wanted)
    return BOOKS


def main(stories: int) -> int:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    try:
        play(stories, 12, derandomize=False)
    finally:
        print(BOOKS)
    return 1 if BOOKS.without_people or BOOKS.other_than_approved else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else STORIES))
