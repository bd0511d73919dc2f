"""Every threat, in the order in which it is tried: its name, its function, and how often."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from tests.trials.attack import crowds, doors, minutes, rows, rules, seats
from tests.trials.attack.town import Found, Town

Attack = Callable[[Town, int], Awaitable[Found]]


@dataclass(frozen=True, slots=True)
class Threat:
    """`tries` of a whole run and of the short one. `is_alone`: it has a town of its own, as it leaves ruins."""

    name: str
    attack: Attack
    tries: int
    short: int
    is_alone: bool = False
    #: It measures time too: among the tests it runs by itself, after the others.
    is_timed: bool = False


THREATS = (
    Threat("calls without the platform's proof", doors.strangers_calls, 2_000, 14),
    Threat("calls that a platform no longer repeats", doors.old_calls, 2_000, 10),
    Threat("the same call again and again", doors.repeated_calls, 500, 10),
    Threat("wires that speak no HTTP, JSON that is no update", doors.odd_wires, 800, 16),
    Threat("figures and pictures for strangers", doors.open_figures, 400, 8),
    Threat("packed bombs at every path", doors.bombs, 500, 10),
    Threat("made-up presses and hashtags", crowds.hashtags, 2_000, 20),
    Threat("guessed codes", crowds.guesses, 3_000, 60, is_alone=True, is_timed=True),
    Threat("a crowd of new readers", crowds.starts, 100_000, 2_000, is_alone=True, is_timed=True),
    Threat("a reporter without end", crowds.rogue_reporter, 100, 10, is_alone=True, is_timed=True),
    Threat("half-open connections beside a post", crowds.half_open, 1_100, 400, is_alone=True, is_timed=True),
    Threat("a stream of bombs beside a post", crowds.packed, 1, 1, is_alone=True, is_timed=True),
    Threat("an owner's link code in a stranger's hands", seats.link_codes, 20, 1, is_alone=True),
    Threat("weaker rules in the files", rules.weaker_files, 12, 4, is_alone=True),
    Threat("rows put in by hand", rows.put_in, 70, 7, is_alone=True),
    Threat("rows altered by hand", rows.altered, 80, 8, is_alone=True),
    Threat("rows removed by hand", rows.removed, 50, 5, is_alone=True),
    Threat("damaged rows", minutes.poisoned_rows, 20, 1, is_alone=True),
    Threat("a platform that is dead", minutes.dead_platforms, 12, 2, is_alone=True),
    Threat("words said while Visnyk was down", minutes.words_in_a_restart, 6, 3, is_alone=True),
)
