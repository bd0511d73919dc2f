"""Mistyped commands, and the commands that are offered for them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands.choosing import lacks_article
from bot.commands.likely import MOST, likeliest
from bot.commands.table import BY_NAME, COMMANDS, Command
from bot.domain.people import Role

REPORTERS = [each for each in COMMANDS if each.role in (None, Role.REPORTER)]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("publish", "now"),
        ("post", "now"),
        ("опублікувати", "now"),
        ("queu", "queue"),
        ("lst", "list"),
        ("hlep", "help"),
        ("cancle", "cancel"),
        ("delete", "cancel"),
        ("sumbit", "submit"),
        ("shedule", "at"),
        ("undoo", "undo"),
        ("teem", "team"),
        # the other layout
        ("дшіе", "list"),
        ("yjdbq", "queue"),
        ("xthuf", "list"),
        ("ырщц", "show"),
        # letters of the other alphabet
        ("ѕhоw", "show"),
        ("чepгa", "list"),
        ("скасуваи", "cancel"),
        ("зарас", "now"),
        ("повернут", "undo"),
        ("правити", "edit"),
        ("тижден", "week"),
    ],
)
def test_the_command_that_was_meant_comes_first_or_near(typed: str, meant: str) -> None:
    assert meant in [each.name for each in likeliest(typed, COMMANDS)]


@pytest.mark.parametrize("typed", ["qq", "ййй", "xyzzy", "1", "привіт"])
def test_what_is_like_no_command_is_offered_none(typed: str) -> None:
    assert likeliest(typed, COMMANDS) == []


@given(st.text(max_size=20))
def test_whatever_is_typed_at_most_three_are_offered_and_only_what_one_may_say(typed: str) -> None:
    found = likeliest(typed, REPORTERS)

    assert len(found) <= MOST
    assert set(map(id, found)) <= set(map(id, REPORTERS))


LONG = [(command, name) for command in COMMANDS for name in sorted(command.names) if len(name) > 4]


@pytest.mark.parametrize(("command", "name"), LONG)
def test_a_name_with_two_letters_changed_about_is_found(command: Command, name: str) -> None:
    slips = {name[:at] + name[at + 1] + name[at] + name[at + 2 :] for at in range(len(name) - 1)} - BY_NAME.keys()

    assert all(command in likeliest(slip, COMMANDS) for slip in slips)


@pytest.mark.parametrize(
    ("command", "argument", "lacks"),
    [
        ("now", "", True),
        ("now", "12", False),
        ("now", " №12", False),
        ("at", "18:30", True),
        ("at", "28.11 14:19", True),
        ("at", "6pm", True),
        ("at", "18-й", True),
        ("at", "завтра 9:00", True),
        ("at", "12 18:30", False),
        ("edit", "lead: So.", True),
        ("swap", "12", True),
        ("swap", "12 15", False),
        ("log", "", False),
        ("queue", "", False),
        ("who", "", True),
    ],
)
def test_a_time_is_no_article_and_a_swap_takes_two(command: str, argument: str, lacks: bool) -> None:
    assert lacks_article(BY_NAME[command], argument) is lacks
