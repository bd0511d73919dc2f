"""The groups in which /help shows the commands, and those that a beginner needs first."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from bot.domain.people import Role
from bot.texts import text_id


class Group(StrEnum):
    """A group of commands. What stands in none of the others is of the last."""

    WRITING = "writing"
    LETTING_OUT = "letting_out"
    OVERVIEW = "overview"
    DESK = "desk"


TITLES = {
    Group.WRITING: text_id("Writing"),
    Group.LETTING_OUT: text_id("Publishing"),
    Group.OVERVIEW: text_id("Keeping an eye on it"),
    Group.DESK: text_id("The desk and you"),
}
MEMBERS: Mapping[Group, tuple[str, ...]] = {
    Group.WRITING: ("queue", "edit", "submit", "cancel"),
    Group.LETTING_OUT: (
        *("approve", "at", "next", "now", "urgent", "undo"),
        *("pause", "swap", "stopsend", "resend", "halt", "resume"),
        *("checking", "typo", "update", "clarify", "correct", "retract", "restore"),
    ),
    Group.OVERVIEW: ("mine", "list", "show", "week", "who", "history", "story", "log", "doubts", "feeds"),
}
#: The three commands that a beginner needs.
FIRST: Mapping[Role, tuple[str, str, str]] = {
    Role.REPORTER: ("queue", "submit", "list"),
    Role.EDITOR: ("queue", "list", "now"),
    Role.OWNER: ("queue", "list", "now"),
}


def group_of(name: str) -> Group:
    """Return the group of the command with this English name."""
    return next((group for group, names in MEMBERS.items() if name in names), Group.DESK)
