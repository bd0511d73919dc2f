"""Safeguards: which changes weaken a newsroom, and which rules count until an owner has said yes."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import Address, Article, Channel, Platform
from bot.domain.evidence import Evidence
from bot.domain.risk import Rule
from bot.domain.safeguards import SAFEGUARDS, Guard, Safeguards, merged, weakened
from bot.newsroom.gate import Gate
from bot.storage.values import from_json, to_json
from tests.conftest import OWNER, newsroom_with
from tests.trials.attack.town import COLLEAGUE, Town, a_town

COURT = Rule("court", "суд", frozenset({"court"}), ("суд", "вирок"), approvals=2, checklist=("a", "b"))
MAIN = Channel("main", Platform.TELEGRAM, "-1", "Вісник", "uk", frozenset({"war", "economy"}))
OLENA, TARAS = Address(Platform.TELEGRAM, "1"), Address(Platform.VIBER, "t=")
BEFORE = Safeguards(
    approvals=1,
    approve_after=timedelta(hours=24),
    undo=timedelta(seconds=30),
    evidence=frozenset(Evidence),
    head_at=time(9),
    groups=("-5",),
    owners=(OLENA,),
    risks=(COURT,),
    channels=(MAIN,),
)


@pytest.mark.parametrize(
    ("change", "guard"),
    [
        ({"approvals": 0}, Guard.APPROVALS),
        ({"approve_after": timedelta(hours=1)}, Guard.APPROVE_AFTER),
        ({"undo": timedelta(0)}, Guard.UNDO),
        ({"slack": timedelta(hours=3)}, Guard.SLACK),
        ({"evidence": frozenset({Evidence.SOURCE})}, Guard.EVIDENCE),
        ({"head_at": None}, Guard.HEAD),
        ({"groups": ("-5", "-6")}, Guard.GROUP),
        ({"owners": (OLENA, TARAS)}, Guard.OWNER_COMES),
        ({"owners": ()}, Guard.OWNER_GOES),
        ({"risks": ()}, Guard.RISK_GONE),
        ({"risks": (replace(COURT, approvals=1),)}, Guard.RISK_WEAKER),
        ({"risks": (replace(COURT, checklist=("a",)),)}, Guard.RISK_WEAKER),
        ({"risks": (replace(COURT, words=("суд",)),)}, Guard.RISK_WEAKER),
        ({"risks": (replace(COURT, topics=frozenset({"crime"})),)}, Guard.RISK_WEAKER),
        ({"risks": (replace(COURT, named_person=True),)}, Guard.RISK_WEAKER),
        ({"risks": (replace(COURT, key="law"),)}, Guard.RISK_GONE),
        ({"channels": (MAIN, Channel("en", Platform.TELEGRAM, "-2"))}, Guard.CHANNEL_NEW),
        ({"channels": (replace(MAIN, chat="-2"),)}, Guard.CHANNEL_MOVED),
        ({"channels": (replace(MAIN, poster="x"),)}, Guard.CHANNEL_MOVED),
        ({"channels": (replace(MAIN, language=""),)}, Guard.CHANNEL_WIDER),
        ({"channels": (replace(MAIN, topics=frozenset()),)}, Guard.CHANNEL_WIDER),
        ({"channels": (replace(MAIN, topics=frozenset({"war", "sport"})),)}, Guard.CHANNEL_WIDER),
    ],
)
def test_what_weakens_a_newsroom_is_found_and_does_not_count(change: Any, guard: Guard) -> None:
    wanted = replace(BEFORE, **change)

    assert [each.guard for each in weakened(BEFORE, wanted)] == [guard]
    assert weakened(BEFORE, merged(BEFORE, wanted)) == ()


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"approvals": 2, "undo": timedelta(minutes=1), "approve_after": timedelta(hours=48), "head_at": time(10)},
        {"groups": ()},
        {"risks": (COURT, Rule("new", "нове", words=("нов",), approvals=1))},
        {"risks": (replace(COURT, title="суди", approvals=3, hold=timedelta(hours=1)),)},
        {"risks": (replace(COURT, topics=frozenset(), words=("вирок", "суд", "позов")),)},
        {"channels": ()},
        {"owners": (OLENA,)},
        {"channels": (replace(MAIN, key="news", title="Новини", topics=frozenset({"war"})),)},
    ],
)
def test_what_asks_for_no_less_counts_at_once(change: Any) -> None:
    wanted = replace(BEFORE, **change)

    assert weakened(BEFORE, wanted) == ()
    assert merged(BEFORE, wanted) == wanted


def test_of_a_list_only_what_it_lost_is_shown() -> None:
    words = tuple(f"слово{number}" for number in range(200))
    (change,) = weakened(
        replace(BEFORE, risks=(replace(COURT, words=words),)),
        replace(BEFORE, risks=(replace(COURT, words=words[:-1]),)),
    )

    assert (change.before, change.after) == ("words слово199", "words –")


def test_a_rule_beside_its_stricter_form_of_before_is_named_once() -> None:
    weaker = replace(COURT, topics=frozenset(), words=("суд",))
    rules = merged(replace(BEFORE, risks=(replace(weaker, words=("суд", "вирок")),)), replace(BEFORE, risks=(weaker,)))
    gate = Gate(required=(), rules=rules.risks, least=0)

    assert len(rules.risks) == 2
    assert gate.need(Article("Суд", "Суд оголосив вирок.")).because == gate.most()[1] == ("суд",)


def test_safeguards_are_read_from_the_log_as_they_were_written() -> None:
    assert from_json(SAFEGUARDS, "safeguards", to_json(BEFORE)) == BEFORE


words = st.lists(st.sampled_from("abcd"), max_size=3, unique=True).map(tuple)
spans = st.integers(0, 3).map(lambda hours: timedelta(hours=hours))
rules = st.builds(
    Rule, key=st.sampled_from("xyz"), title=st.just("t"), topics=words.map(frozenset), words=words, checklist=words,
    anonymous_source=st.booleans(), named_person=st.booleans(), approvals=st.integers(0, 3), hold=spans,
)  # fmt: skip
channels = st.builds(
    Channel, key=st.sampled_from("xyz"), platform=st.sampled_from([*Platform]), chat=st.sampled_from(["", "-1", "-2"]),
    language=st.sampled_from(["", "uk", "en"]), topics=words.map(frozenset),
)  # fmt: skip
owners = st.lists(st.sampled_from([OLENA, TARAS]), unique=True).map(tuple)
safeguards = st.builds(
    Safeguards, approvals=st.integers(0, 3), approve_after=spans, undo=spans, groups=words, owners=owners,
    evidence=st.frozensets(st.sampled_from([*Evidence])), head_at=st.sampled_from([None, time(9), time(10)]),
    risks=st.lists(rules, max_size=3, unique_by=lambda rule: rule.key).map(tuple),
    channels=st.lists(
        channels, max_size=3, unique_by=(lambda it: it.key, lambda it: (it.platform, it.chat))
    ).map(tuple),
)  # fmt: skip


@given(safeguards, safeguards)
def test_until_an_owner_says_yes_nothing_is_weaker_than_before(earlier: Safeguards, wanted: Safeguards) -> None:
    counts = merged(earlier, wanted)

    assert not [each for each in weakened(earlier, counts) if each.guard not in (Guard.RISK_WEAKER,)]
    for rule in earlier.risks:  # beside one of its name that asks for less
        assert any(not weakened(Safeguards(risks=(rule,)), Safeguards(risks=(each,))) for each in counts.risks)
    if not weakened(earlier, wanted):
        assert counts == wanted
    assert merged(counts, wanted) == counts


def weaken(file: Path) -> None:
    """Ask for no approvals."""
    file.write_text(newsroom_with(file.read_text("utf-8"), approvals=0), "utf-8")


async def is_weakened(town: Town, file: Path) -> None:
    await town.stop()
    weaken(file)
    await town.start()


async def test_the_house_starts_again_by_itself_once_two_owners_accept(tmp_path: Path) -> None:
    async with a_town(tmp_path) as town:
        await is_weakened(town, tmp_path / "newsroom.toml")
        number = await town.drafts()
        await town.says(f"/now {number}", expected="погоджен")
        assert not town.published

        for owner in (OWNER, COLLEAGUE):
            await town.sandbox.until(lambda owner=owner: "Схвалити зміну" in town.buttons(owner))  # type: ignore[misc]
            await town.presses("Схвалити зміну", owner)
        await town.sandbox.until(lambda: town.output.count('"started"') >= 2, timeout=60)
        await town.says(f"/now {number}")
        await town.sandbox.until(lambda: town.published >= 2)


async def test_a_newsroom_file_that_is_being_edited_does_not_end_a_running_house(tmp_path: Path) -> None:
    async with a_town(tmp_path) as town:
        file = tmp_path / "newsroom.toml"
        await is_weakened(town, file)
        for owner in (OWNER, COLLEAGUE):
            await town.sandbox.until(lambda owner=owner: "Схвалити зміну" in town.buttons(owner))  # type: ignore[misc]
        file.write_text("[desk", "utf-8")
        for owner in (OWNER, COLLEAGUE):
            await town.presses("Схвалити зміну", owner)
        await town.sandbox.until(lambda: "cannot_start_again" in town.output)

        await town.says("/list", expected="Черга порожня")
