"""Who may let an article out, of exactly what, and what becomes of it: every condition, without the platforms."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.domain import Source, news
from bot.domain.entry import EntryState
from bot.domain.evidence import Evidence
from bot.domain.life import Act
from bot.domain.people import Actor, Role
from bot.domain.readiness import Obstacle, obstacles
from bot.domain.review import Review, ReviewKind, Verdict
from bot.errors import NotAllowed, Refused
from bot.newsroom import countdown, review, timing, writing
from bot.newsroom.desk import Desk
from bot.newsroom.gate import Gate
from bot.newsroom.readiness import check
from bot.newsroom.review import REASON_LIMIT
from tests.helpers.indoors import BRIDGE, House, a_house, address

KYIV = ZoneInfo("Europe/Kyiv")
HOLD = '[[risks]]\nkey = "h"\ntitle = "мости"\nwords = ["міст"]\nhold = "6 h"\n'
CHECKLIST = '[[risks]]\nkey = "r"\ntitle = "мости"\nwords = ["міст"]\napprovals = 2\nchecklist = ["one", "two"]\n'


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """Olena has a draft; one approval is needed."""
    async with a_house(tmp_path) as running:
        await running.writes()
        yield running


async def submits(house: House, name: str = "olena", number: int = 1) -> Review:
    asked = (await house.do(review.submit, name, number)).asked
    assert asked is not None
    return asked


async def approves(house: House, seen: Review, name: str) -> int:
    return (await house.do(review.approve, name, seen.article_id, seen.binding)).readiness.missing


async def decides(house: House, seen: Review, name: str, verdict: Verdict, reason: str = "Хто це сказав?") -> None:
    await house.do(review.decide, name, seen.article_id, seen.binding, verdict, reason)


async def moves(house: House, state: EntryState, due_in: timedelta | None = None) -> None:
    entry, now = await house.entry(), house.clock()
    await house.tx(lambda tx: tx.move(entry, state, now, due_at=now + due_in if due_in is not None else None))


async def open_review(house: House) -> Review | None:
    return await house.store.read.open_review(1)


# Asking


@pytest.mark.parametrize(
    ("state", "due_in", "then"),
    [
        (EntryState.DRAFT, None, EntryState.SUBMITTED),
        (EntryState.SUBMITTED, None, EntryState.SUBMITTED),
        (EntryState.QUEUED, timedelta(hours=1), EntryState.QUEUED),
        (EntryState.HELD, timedelta(hours=1), EntryState.HELD),
        (EntryState.HELD, timedelta(hours=-1), EntryState.SUBMITTED),
        (EntryState.HELD, None, EntryState.SUBMITTED),
    ],
)
async def test_what_has_a_time_ahead_keeps_it_before_the_desk(
    house: House, state: EntryState, due_in: timedelta | None, then: EntryState
) -> None:
    await moves(house, state, due_in)
    before = await house.entry()
    asked = await submits(house)

    entry = await house.entry()
    assert entry.state is then
    ahead = due_in is not None and due_in > timedelta(0)
    assert entry.due_at == (before.due_at if ahead else None)
    assert (asked.kind, asked.asked_by) == (ReviewKind.BEFORE, address("olena"))
    assert asked.binding == (await house.situation()).readiness.binding


async def test_the_approval_of_a_time_is_none_of_another_or_of_now(house: House) -> None:
    bindings = [(await house.situation()).readiness.binding]
    for state, hours in ((EntryState.QUEUED, 1), (EntryState.HELD, 1), (EntryState.QUEUED, 2), (EntryState.HELD, -1)):
        await moves(house, state, timedelta(hours=hours))
        bindings.append((await house.situation()).readiness.binding)

    assert len(set(bindings)) == 4
    assert bindings[0] == bindings[4], "a time that has passed is none"


async def test_asking_again_closes_the_question_before_and_keeps_its_approvals(tmp_path: Path) -> None:
    async with a_house(tmp_path, approvals=2) as house:
        await house.writes()
        first = await submits(house)
        assert await approves(house, first, "taras") == 1
        second = await submits(house)

        assert (first.id, first.binding) != (second.id, second.binding) and first.binding == second.binding
        assert [asked.again for asked in await house.told(news.Submitted)] == [False, True]
        assert await approves(house, second, "iryna") == 0


async def test_another_question_than_before_is_no_repetition(house: House) -> None:
    """Whoever is asked sees the posts then, not only the question."""
    await submits(house)
    entry, now = await house.entry(), house.clock()
    await house.tx(lambda tx: tx.add_version(entry, replace(BRIDGE, lead="Знову."), entry.author, now))
    await submits(house)

    assert [asked.again for asked in await house.told(news.Submitted)] == [False, False]


async def test_what_waits_is_asked_again_after_a_while_and_then_told_to_the_owners(house: House) -> None:
    asked, store = await submits(house), house.store.read
    reminded, escalated = asked.asked_at + timedelta(minutes=15), asked.asked_at + timedelta(hours=1)
    moment = timedelta(milliseconds=1)

    assert (await store.due_reminders(reminded - moment), await store.due_reminders(reminded)) == ([], [asked])
    assert (await store.due_escalations(escalated - moment), await store.due_escalations(escalated)) == ([], [asked])


async def test_later_is_a_quarter_of_an_hour_for_this_person_alone(house: House) -> None:
    asked, store, taras = await submits(house), house.store.read, await house.person("taras")
    before = house.clock.at
    at = await house.do(review.ask_later, "taras", 1, asked.binding)

    assert timedelta(0) < at - before - timedelta(minutes=15) < timedelta(seconds=1)
    assert (await store.due_readings(at - timedelta(milliseconds=1)), await store.due_readings(at)) == (
        [],
        [(asked, taras.id)],
    )
    assert await store.is_postponed(asked.id, taras.id)
    assert not await store.is_postponed(asked.id, (await house.person("iryna")).id)


async def test_nobody_is_asked_where_nobody_may_answer(house: House) -> None:
    for name in ("taras", "iryna"):
        person = await house.person(name)
        await house.tx(lambda tx, p=person: tx.remove_person(p, house.clock()))  # type: ignore[misc]

    with pytest.raises(Refused, match="Nobody else can approve #1 before"):
        await submits(house)
    assert (await house.entry()).state is EntryState.DRAFT
    house.clock.at += timedelta(hours=24)
    await submits(house)


async def test_nothing_is_submitted_where_nothing_is_asked(tmp_path: Path) -> None:
    async with a_house(tmp_path, approvals=0) as house:
        await house.writes()
        with pytest.raises(Refused, match="No approval is needed"):
            await submits(house)


async def test_what_names_no_source_or_has_nowhere_to_go_is_not_submitted(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        house.newsroom.gate = Gate([Evidence.SOURCE], [], 1)
        await house.writes()
        with pytest.raises(Refused, match="no source"):
            await submits(house)
        assert await house.acts() == ["article.drafted"]

        await house.writes(article=replace(BRIDGE, sources=(Source("ДСНС"),)))
        await submits(house, number=2)
        assert (await house.acts())[-1] == "article.submitted"


# Approving


@pytest.mark.parametrize(
    ("name", "error"),
    [("olena", Refused), ("newcomer", NotAllowed), ("reporter", NotAllowed), ("taras", None), ("iryna", None)],
)
async def test_only_who_may_approve_can_answer_the_question_for_approval(
    house: House, name: str, error: type[Exception] | None
) -> None:
    """Neither who wrote it, nor who is new, nor a reporter: not even with another answer than yes."""
    asked = await submits(house)
    answers: list[Callable[[], Awaitable[object]]] = [
        lambda: approves(house, asked, name),
        lambda: house.do(review.tick, name, 1, asked.binding, "one"),
        lambda: house.do(review.ask_later, name, 1, asked.binding),
        lambda: house.do(review.check_may_decide, name, 1, asked.binding, Verdict.REJECT),
        lambda: decides(house, asked, name, Verdict.CHANGES),
    ]
    if error is not None:
        for answer in answers:
            with pytest.raises(error):
                await answer()
        assert (await house.situation()).dossier.approvals == ()
        assert (await house.entry()).state is EntryState.SUBMITTED
    else:
        for answer in answers[1:]:
            await answer()
        assert (await house.entry()).state is EntryState.DRAFT


async def test_who_wrote_any_version_approves_none(house: House) -> None:
    changed = replace(BRIDGE, lead="Знову.")
    await house.do(writing.edit, "taras", 1, changed)
    await house.do(writing.edit, "olena", 1, BRIDGE)
    asked = await submits(house)

    with pytest.raises(Refused, match="You are an author of #"):
        await approves(house, asked, "taras")
    assert len((await house.situation()).readiness.possible) == 1


async def test_an_answer_counts_only_for_what_was_seen_and_still_is(house: House) -> None:
    asked = await submits(house)
    with pytest.raises(Refused, match="changed since you saw it"):
        await approves(house, replace(asked, binding="0" * 64), "taras")

    # The question is still open, and what it was about is no longer there.
    entry, now = await house.entry(), house.clock()
    other = replace(BRIDGE, sources=(Source("ДСНС"),))
    await house.tx(lambda tx: tx.add_version(entry, other, entry.author, now))
    with pytest.raises(Refused, match="changed since you saw it"):
        await approves(house, asked, "taras")

    await house.tx(lambda tx: tx.close_review(1, "changed", now))
    with pytest.raises(Refused, match="changed since you saw it"):
        await approves(house, asked, "taras")
    assert (await house.situation()).dossier.approvals == ()


async def test_the_desk_hears_once_that_there_are_enough(tmp_path: Path) -> None:
    async with a_house(tmp_path, approvals=1, rules=CHECKLIST) as house:
        await house.writes("reporter")
        asked = await submits(house, "reporter")
        for name, missing, heard in (("taras", 1, 0), ("taras", 1, 0), ("iryna", 0, 1), ("olena", 0, 1)):
            person = await house.person(name)
            if not await house.store.read.ticks(asked.id, person.id):
                with pytest.raises(Refused, match="one; two"):
                    await approves(house, asked, name)
                await house.do(review.tick, name, 1, asked.binding, "one")
                with pytest.raises(Refused, match=": two"):
                    await approves(house, asked, name)
                await house.do(review.tick, name, 1, asked.binding, "two")
            assert await approves(house, asked, name) == missing
            assert len(await house.told(news.Approved)) == heard

        assert (await house.acts()).count("article.approved") == 4
        told = (await house.told(news.Approved))[0]
        assert told.by == (await house.person("iryna")).id
        assert told.to == ((await house.person("reporter")).id,)
        await house.do(review.tick, "taras", 1, asked.binding, "two")
        assert await house.store.read.ticks(asked.id, (await house.person("taras")).id) == ["one"]


async def test_who_may_not_approve_any_more_has_not(house: House) -> None:
    asked = await submits(house)
    assert await approves(house, asked, "taras") == 0
    taras, now = await house.person("taras"), house.clock()
    await house.tx(lambda tx: tx.set_role(taras.id, Role.REPORTER, None))

    assert (await house.situation()).readiness.missing_at_once == 1
    await house.tx(lambda tx: tx.set_role(taras.id, Role.EDITOR, now + timedelta(hours=1)))
    assert (await house.situation()).readiness.missing_at_once == 1
    await house.tx(lambda tx: tx.set_role(taras.id, Role.EDITOR, now))
    assert (await house.situation()).readiness.missing_at_once == 0
    await house.tx(lambda tx: tx.remove_person(taras, now))
    assert (await house.situation()).readiness.missing_at_once == 1


async def test_an_article_stands_on_who_timed_it_or_on_who_approved_that_time(house: House) -> None:
    await house.do(timing.schedule, "iryna", 1, house.clock() + timedelta(hours=1))
    asked = await submits(house, "iryna")
    at = (await house.entry()).due_at
    assert at is not None

    async def stands() -> bool:
        return Obstacle.ORPHANED not in obstacles((await house.situation()).readiness, Act.GO_OUT, at)

    assert await stands()
    iryna = await house.person("iryna")
    await house.tx(lambda tx: tx.set_role(iryna.id, Role.REPORTER, None))
    assert not await stands()
    await approves(house, asked, "taras")
    assert await stands()


# Saying no


@pytest.mark.parametrize(
    ("state", "verdict", "then", "act"),
    [
        (EntryState.SUBMITTED, Verdict.CHANGES, EntryState.DRAFT, "article.changes_asked"),
        (EntryState.SUBMITTED, Verdict.REJECT, EntryState.REJECTED, "article.rejected"),
        (EntryState.QUEUED, Verdict.CHANGES, EntryState.QUEUED, "article.changes_asked"),
        (EntryState.QUEUED, Verdict.REJECT, EntryState.REJECTED, "article.rejected"),
        (EntryState.HELD, Verdict.CHANGES, EntryState.HELD, "article.changes_asked"),
    ],
)
async def test_a_no_voids_every_yes_and_ends_the_question(
    house: House, state: EntryState, verdict: Verdict, then: EntryState, act: str
) -> None:
    if state is not EntryState.SUBMITTED:
        await moves(house, state, timedelta(hours=1))
    asked = await submits(house)
    await approves(house, asked, "taras")
    await decides(house, asked, "iryna", verdict, "  Хто\nце   сказав? ")

    entry = await house.entry()
    assert (entry.state, await open_review(house)) == (then, None)
    assert (await house.situation()).dossier.approvals == ()
    decision = (await house.situation()).dossier.decision
    assert decision is not None and (decision.verdict, decision.reason) == (verdict, "Хто це сказав?")
    (told,) = await house.told(news.Decided)
    assert told.to == ((await house.person("olena")).id,)
    assert (await house.acts())[-1] == act


@pytest.mark.parametrize(
    ("length", "is_taken"), [(0, False), (1, True), (REASON_LIMIT, True), (REASON_LIMIT + 1, False)]
)
async def test_the_reason_for_a_verdict_is_one_message_and_not_empty(house: House, length: int, is_taken: bool) -> None:
    asked = await submits(house)
    if is_taken:
        await decides(house, asked, "taras", Verdict.REJECT, "я" * length)
    else:
        with pytest.raises(Refused, match="Write the reason"):
            await decides(house, asked, "taras", Verdict.REJECT, f" {'я' * length}\n")
        assert await open_review(house) is not None


# With one person


async def test_what_went_out_alone_is_looked_at_by_somebody_else(house: House) -> None:
    await house.do(review.publish_alone, "olena", 1)
    asked = await open_review(house)

    assert asked is not None and (asked.kind, asked.asked_by) == (ReviewKind.AFTER, address("olena"))
    assert (await house.entry()).state is EntryState.PUBLISHED
    assert len(await house.told(news.PublishedAlone)) == 1
    assert (await house.told(news.Submitted))[0].again is False
    assert (await house.acts())[-2:] == ["article.published", "article.published_alone"]
    reminded = asked.asked_at + timedelta(minutes=15)
    assert await house.store.read.due_reminders(reminded - timedelta(milliseconds=1)) == []
    assert await house.store.read.due_reminders(reminded) == [asked]
    assert await house.store.read.due_escalations(reminded + timedelta(days=1)) == []
    for seen, name, error in (
        ("0" * 64, "taras", "Someone has already"),
        (asked.binding, "olena", "You sent #1 out"),
        (asked.binding, "newcomer", "You are new here"),
        (asked.binding, "reporter", "You are new here"),
    ):
        with pytest.raises((Refused, NotAllowed), match=error):
            await house.do(review.look_back, name, 1, seen)
    assert not await house.told(news.Reviewed)

    await house.do(review.look_back, "taras", 1, asked.binding)
    assert await open_review(house) is None
    assert len(await house.told(news.Reviewed)) == 1
    assert (await house.acts())[-1] == "article.reviewed"
    with pytest.raises(Refused, match="Someone has already"):
        await house.do(review.look_back, "iryna", 1, asked.binding)


async def test_who_sent_anothers_article_out_alone_does_not_look_at_it_either(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        await house.writes("taras")
        await house.do(review.publish_alone, "olena", 1)
        asked = await open_review(house)
        assert asked is not None

        with pytest.raises(Refused, match="You sent #1 out"):
            await house.do(review.look_back, "olena", 1, asked.binding)
        with pytest.raises(Refused, match="You are an author of #"):
            await house.do(review.look_back, "taras", 1, asked.binding)


async def test_what_is_approved_goes_out_urgently_without_a_look_afterwards(house: House) -> None:
    asked = await submits(house)
    await approves(house, asked, "taras")
    await house.do(review.publish_alone, "olena", 1)

    assert await open_review(house) is None
    assert not await house.told(news.PublishedAlone)
    assert (await house.acts())[-2:] == ["article.published", "article.published_urgently"]


# The hold


@pytest.mark.parametrize(
    ("came_in", "opens"),
    [
        (timedelta(0), timedelta(0)),
        (timedelta(microseconds=1000), timedelta(minutes=1)),
        (timedelta(seconds=1), timedelta(minutes=1)),
        (timedelta(seconds=59, milliseconds=999), timedelta(minutes=1)),
        (timedelta(minutes=1), timedelta(minutes=1)),
    ],
)
async def test_a_hold_ends_on_a_whole_minute_and_never_early(
    tmp_path: Path, came_in: timedelta, opens: timedelta
) -> None:
    async with a_house(tmp_path, rules=HOLD) as house:
        now = house.clock.at.replace(second=0, microsecond=0)
        by = Actor(address("olena"))
        held = await house.tx(lambda tx: writing.draft(Desk(house.newsroom, tx, now + came_in, by), BRIDGE))
        free = await house.do(writing.draft, "olena", replace(BRIDGE, headline="Дорогу закрили"))
        at = held.readiness.times.opens_at

        assert at == now + timedelta(hours=6) + opens
        early = at - timedelta(milliseconds=1)
        assert obstacles(held.readiness, Act.TIME, early) == (Obstacle.TOO_EARLY,)
        assert obstacles(held.readiness, Act.TIME, at) == ()
        with pytest.raises(Refused, match="may not go out before"):
            check(house.looking, held, Act.TIME, early)
        assert (free.readiness.times.opens_at, obstacles(free.readiness, Act.TIME, now)) == (None, ())


# The countdown


@pytest.mark.parametrize(
    ("was", "due_in", "then"),
    [
        (EntryState.SUBMITTED, None, EntryState.SUBMITTED),
        (EntryState.DRAFT, None, EntryState.DRAFT),
        (EntryState.QUEUED, timedelta(hours=1), EntryState.QUEUED),
        (EntryState.QUEUED, timedelta(0), EntryState.HELD),
        (EntryState.QUEUED, timedelta(seconds=-1), EntryState.HELD),
        (EntryState.HELD, timedelta(seconds=-1), EntryState.HELD),
        (EntryState.HELD, timedelta(hours=1), EntryState.HELD),
    ],
)
async def test_what_is_stopped_is_what_it_was_and_never_goes_out_at_once(
    house: House, was: EntryState, due_in: timedelta | None, then: EntryState
) -> None:
    entry, now = await house.entry(), house.clock()
    due = now + due_in if due_in is not None else None
    await house.tx(lambda tx: tx.move(entry, was, now, due_at=due))
    begun = await house.entry()
    ends = now + timedelta(seconds=30)
    await house.do(countdown.begin, "olena", begun, address("olena"), ends)
    counting = await house.entry()
    assert (counting.state, counting.due_at) == (EntryState.COUNTING, ends)

    assert await house.do(countdown.stop_all, "taras", "Taras") == [1]
    stopped = await house.entry()
    assert (stopped.state, stopped.due_at) == (then, due)
    assert await house.do(countdown.stop_all, "taras", "Taras") == []
