"""What the desk is shown of an article fits one screen of a phone, however much there is, in both languages."""

from __future__ import annotations

import asyncio
import textwrap
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from bot.app.configured import TRAITS, press_of, rules_of, timetable_of
from bot.commands import cards
from bot.commands.checklist import LEAST, checklist_of
from bot.commands.fit import clip
from bot.commands.review import show_question
from bot.commands.talk import Place, Talk
from bot.domain import (
    Address,
    Article,
    Channel,
    Fit,
    Media,
    MediaKind,
    Pace,
    Platform,
    Related,
    Run,
    Sender,
    Source,
    Verification,
)
from bot.domain.chat import Kind, Screen, outgoing_from_json
from bot.domain.dialogue import Editing
from bot.domain.entry import Entry, EntryState
from bot.domain.ledger import DispatchState
from bot.domain.people import Person, Role
from bot.domain.review import Verdict
from bot.domain.risk import Rule
from bot.newsroom import publishing, review, writing
from bot.newsroom.desk import Desk
from bot.newsroom.forecast import Forecast
from bot.newsroom.gate import Gate
from bot.newsroom.newsroom import Newsroom
from bot.newsroom.readiness import read
from bot.newsroom.team import Team
from bot.storage import Queries, Store, open_store
from bot.texts import Catalogue
from config.newsroom import load_newsroom
from config.settings import LOCALES
from tests.conftest import NEWSROOM, Clock
from tests.dialogues.conftest import Chat, card_in
from tests.helpers.acts import acting_as
from tests.helpers.catalogue import stretch, written

SCREEN, LINE = 20, 45
CATALOGUE = Catalogue.load(LOCALES, "uk")


def height(text: str) -> int:
    """As a phone wraps it: between words."""
    return sum(len(textwrap.wrap(line, LINE, break_on_hyphens=False)) or 1 for line in text.splitlines())


WORDS = ("міст", "обмеження", "інфраструктурно-відновлювальний", "на", "Полтавщині", "120", "reconstruction", "🇺🇦")


def words(most: int) -> st.SearchStrategy[str]:
    """Texts of up to `most` characters, and often of just as many."""
    lengths = st.integers(1, most) | st.just(most)
    runs = st.lists(st.sampled_from(WORDS), min_size=most // 4, max_size=most // 4)
    return st.builds(lambda found, length: " ".join(found)[:length].strip(), runs, lengths)


RULES = st.lists(
    st.builds(
        Rule,
        key=st.just("rule"),
        title=words(80),
        words=st.just(("міст",)),
        approvals=st.integers(0, 3),
        checklist=st.lists(words(80), max_size=6, unique=True).map(tuple),
        hold=st.sampled_from([timedelta(0), timedelta(hours=30)]),
    ),
    max_size=6,
)
ARTICLES = st.builds(
    Article,
    headline=words(245).map(lambda text: f"міст {text}"),
    lead=words(600),
    body=st.lists(words(300).map(lambda text: (Run(text),)), max_size=5).map(tuple),
    media=st.sampled_from([None, Media(MediaKind.PHOTO, "https://e.org/a.jpg", digest="0" * 64, form="jpg")]),
    sources=st.lists(st.builds(Source, name=words(80)), max_size=5).map(tuple),
    link=st.sampled_from(["", "https://example.org/" + "news/" * 30]),
    topics=st.lists(words(20), max_size=12).map(tuple),
    urgent=st.booleans(),
    related=st.lists(st.builds(Related, headline=words(200), video=st.booleans()), max_size=8).map(tuple),
    video=st.booleans(),
    status=st.sampled_from([None, *Verification]),
    note=st.lists(words(200), max_size=3).map("\n".join),
)


@dataclass(frozen=True, slots=True)
class Case:
    """Everything that may stand on a card at once."""

    article: Article
    rules: Sequence[Rule]
    language: str
    names: Sequence[str]
    editors: int
    notices: Sequence[str]
    state: str
    approvals: int
    alike: int
    editing: int
    channels: Sequence[DispatchState]
    paid: bool


CASES = st.builds(
    Case,
    article=ARTICLES,
    rules=RULES,
    language=st.sampled_from(["uk", "en"]),
    names=st.lists(words(100), min_size=6, max_size=6),
    editors=st.integers(3, 6),
    notices=st.lists(words(180), max_size=12),
    state=st.sampled_from(["draft", "asked", "approved", "returned", "queued", "held", "out", "cancelled"]),
    approvals=st.integers(0, 3),
    alike=st.integers(0, 3),
    editing=st.integers(0, 3),
    channels=st.lists(st.sampled_from([*DispatchState]), min_size=1, max_size=25),
    paid=st.booleans(),
)


def without_notices(text: str) -> str:
    """Return a card without what was noticed in the text, where that has no room on it and stands before it."""
    titles = tuple(title.split("#")[0] for title in NOTICED.values())
    return text.partition("\n\n")[2] if text.startswith(titles) else text


class Undo(Exception):
    """Each story is told in a house where nothing has happened yet."""


def test_a_card_and_the_question_for_approval_fit_one_screen(tmp_path: Path) -> None:
    (tmp_path / "newsroom.toml").write_text(NEWSROOM, encoding="utf-8")

    # Each of them is seconds of work to make smaller.
    @settings(max_examples=60, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
    @given(CASES)
    def check(case: Case) -> None:
        for screen in runner.run(_screens(store, case, tmp_path)):
            assert height(without_notices(screen.text)) <= SCREEN, screen.text
            _tells_what_must_be_known(case, screen)

    with asyncio.Runner() as runner:
        store = runner.run(open_store(tmp_path / "visnyk.db"))
        try:
            check()
        finally:
            runner.run(store.close())


@given(st.lists(words(80), unique=True, max_size=40), st.integers(LEAST, SCREEN), st.sampled_from(["uk", "en"]))
def test_each_item_of_a_checklist_is_read_whole_before_it_can_be_ticked(
    items: list[str], room: int, language: str
) -> None:
    ticks: list[str] = []
    while len(ticks) < len(items):
        lines, buttons = checklist_of(CATALOGUE.say(language), items, ticks, room)
        text = "\n".join(str(line) for line in lines)
        assert height(text) <= room
        new = [item for item in buttons.values() if item not in ticks]
        assert new and set(ticks) <= set(buttons.values())
        for place, item in buttons.items():
            assert items[place - 1] == item
            assert item in ticks or f"☐ {place}. {item}" in text
        waiting = len(items) - len(ticks) - len(new)
        assert not waiting or f" {waiting}" in text.splitlines()[-1]
        ticks += new


@given(words(300), st.integers(1, 4))
def test_what_is_clipped_keeps_its_beginning_and_says_that_it_was(text: str, most: int) -> None:
    clipped = clip(text, most)

    assert height(clipped) <= most
    assert clipped == text or (clipped.endswith("…") and " ".join(text.split()).startswith(clipped[:-1]))


FAKES = {"uk": "Не ведіться на фейки!", "en": "Do not fall for fakes!"}
NOTICED = written("Please note in the text of #{id}:", id=1)
ABOUT = written("More about #{id}:", id=1)
RELATED = written("Read also")


async def test_what_does_not_fit_the_card_is_told_beside_it(desk: Chat) -> None:
    language = desk.language
    paragraphs = [f"{desk.headline} {number}" for number in range(6)]
    text = "\n\n".join([desk.article, *paragraphs, *[FAKES[language]] * 6, "note: x", RELATED[language], *paragraphs])

    fields = f"source: {'Long name ' * 7}\ntopics: {' '.join(f'topic{n}' for n in range(30))}\nnote: {'Ask again ' * 9}"
    card = await desk.says(f"/queue {text}\n{fields}\nexpires: tomorrow 9:00\nlink: https://a.example", desk.draft(1))
    assert card.text.count(FAKES[language]) == 6
    assert NOTICED[language] in card.text and FAKES[language] not in card_in(card)
    for number in (2, 3, 4):
        await desk.drafts(number)
    shown = await desk.says("/show 1", desk.draft(1))

    card_alone = card_in(shown)
    assert height(card_alone) <= SCREEN and {"uk": "/показати 1", "en": "/show 1"}[language] in card_alone
    told = shown.text[shown.text.index(ABOUT[language]) :]
    lines = ("Topics: {topics}", "Link: {url}", "Related: {headline}", "⚠️ Looks like #{id}")
    assert [line for line in lines if written(line, id=4)[language] not in told] == []


def _tells_what_must_be_known(case: Case, shown: Screen) -> None:
    covered = case.state not in {"out", "cancelled"}
    titles = [rule.title for rule in case.rules if rule.approvals > case.approvals or rule.checklist or rule.hold]
    text = shown.text
    assert ("🛡" in text) == (covered and bool(titles)), text
    if covered and titles:
        line = next(line for line in text.splitlines() if "🛡" in line)
        named = sum(cards.short(title, cards.TITLE) in line for title in set(titles))
        assert named == len(set(titles)) or "… " in line, text
    needed = max([case.approvals, *(rule.approvals for rule in case.rules)])
    if covered and needed > case.editors - 1:
        assert {"uk": "/запросити редактора", "en": "/invite editor"}[case.language] in text
    items = {item for rule in case.rules for item in rule.checklist}
    if shown.kind is Kind.QUESTION and items:
        later = stretch("… and {n} more when these are ticked")[case.language]
        assert f": ☑ {len(items)}/{len(items)}" in text or later in text or all(item in text for item in items), text


async def _screens(store: Store, case: Case, folder: Path) -> list[Screen]:
    """The card, and the question where it is asked."""
    file = load_newsroom(folder / "newsroom.toml")
    forecast = Forecast(lambda _platform, _paid: 0.001, timedelta(0))
    newsroom = Newsroom(
        timetable_of(file),
        [Channel(f"c{n}", Platform.TELEGRAM, f"-{n + 1}", title=f"Канал номер {n}") for n in range(len(case.channels))],
        {Platform.TELEGRAM: "all", Platform.VIBER: "all"},
        press_of(file, CATALOGUE, None),
        rules_of(file),
        forecast,
        timedelta(hours=72),
        {Platform.TELEGRAM: Pace(per_second=0.5, paid=case.paid), Platform.VIBER: Pace()},
        Gate([], case.rules, case.approvals),
        lambda _article, _platform: Fit(),
        TRAITS,
    )
    screens: list[Screen] = []

    async def story(tx: Queries) -> None:
        screens.extend(await _story(tx, case, newsroom))
        raise Undo

    with suppress(Undo):
        await store.write(story)
    return screens


async def _story(tx: Queries, case: Case, newsroom: Newsroom) -> list[Screen]:
    clock = Clock(step=timedelta(milliseconds=1))
    roles = [Role.EDITOR if n < case.editors else Role.REPORTER for n in range(len(case.names))]
    people = [await _joins(tx, f"p{n}", *each, clock) for n, each in enumerate(zip(case.names, roles, strict=True))]
    author, *others = people
    for _ in range(case.alike):
        await writing.draft(acting_as(newsroom, tx, clock(), author), case.article)
    entry = (await writing.draft(acting_as(newsroom, tx, clock(), author), case.article)).entry
    for person in others[: case.editing]:
        await tx.set_dialogue(person.addresses[0], Editing(entry.id), clock())
    asked = await _brings_to(tx, case, newsroom, entry, people, clock)
    situation = await read(Desk(newsroom, tx, clock()), entry.id)
    talk = Talk(
        tx, newsroom, Team([], timedelta(0), lambda _code: {}), CATALOGUE.say(case.language), clock(),
        Sender(others[-1].addresses[0], "", case.language), Place(others[-1].addresses[0]), member=others[-1],
    )  # fmt: skip
    await cards.show_card(talk, situation, case.notices)
    if asked and situation.entry.state in (EntryState.SUBMITTED, EntryState.QUEUED):
        await show_question(talk, situation)
    rows = await tx.all("SELECT body FROM reply ORDER BY id")
    shown = [outgoing_from_json(row["body"]) for row in rows]
    return [screen for screen in shown if isinstance(screen, Screen) and screen.kind is not Kind.OTHER]


async def _brings_to(tx: Queries, case: Case, newsroom: Newsroom, entry: Entry, people: Sequence[Person], clock: Clock):  # type: ignore[no-untyped-def]
    """To the state of the case; what the desk is asked, if it is."""
    author, *others = people
    needed = newsroom.need(entry).approvals
    if case.state in {"draft", "cancelled"}:
        await tx.move(entry, EntryState(case.state), clock())
    elif case.state == "out":
        desk = Desk(newsroom, tx, clock())
        await publishing.leave(desk, await read(desk, entry.id))
        for dispatch, state in zip(await tx.dispatches(entry.id), case.channels, strict=False):
            await tx.settle(dispatch.id, state, clock(), reason="Bad Request: chat not found, says the platform")
    elif case.state in {"queued", "held"}:
        await tx.move(entry, EntryState(case.state), clock(), due_at=clock() + timedelta(days=2))
    entry = await Desk(newsroom, tx, clock()).entry(entry.id)
    if case.state not in {"asked", "approved", "returned", "queued"} or not needed:
        return None
    asked = await review.submit(acting_as(newsroom, tx, clock(), author), entry.id)
    if case.state == "returned":
        reason, no = "Хто це сказав? " * 40, Verdict.CHANGES
        await review.decide(acting_as(newsroom, tx, clock(), others[0]), entry.id, asked.readiness.binding, no, reason)
        return None
    for person in others[: case.editors - 1] if case.state == "approved" else []:
        for item in newsroom.need(entry).checklist:
            await review.tick(acting_as(newsroom, tx, clock(), person), entry.id, asked.readiness.binding, item)
        await review.approve(acting_as(newsroom, tx, clock(), person), entry.id, asked.readiness.binding)
    return asked


async def _joins(tx: Queries, code: str, name: str, role: Role, clock: Clock) -> Person:
    address = Address(Platform.TELEGRAM, code)
    number = await tx.add_person(address, name, role, clock(), invited_by=None, wait_until=None)
    person = await tx.person(number)
    assert person is not None
    return person
