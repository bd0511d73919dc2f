"""Who may press what. Who may say what stands beside each command, in table.py."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.people import Role

#: The least role for each button; None: everybody.
PRESSERS: Mapping[str, Role | None] = {
    "next": Role.EDITOR,
    "now": Role.EDITOR,
    "undo": Role.EDITOR,
    "cancel": Role.EDITOR,
    "ask_time": Role.EDITOR,
    "ask_edit": Role.REPORTER,
    "set_status": Role.REPORTER,
    "name_own": Role.REPORTER,
    "take_reply": Role.REPORTER,
    "leave_reply": Role.REPORTER,
    "return_reply": Role.EDITOR,
    "skip": Role.REPORTER,
    "finish": Role.REPORTER,
    "appeared": Role.EDITOR,
    "post_again": Role.EDITOR,
    "retry": Role.EDITOR,
    "go_on": Role.EDITOR,
    "leave_it": Role.EDITOR,
    "unpause": Role.EDITOR,
    "pace": Role.EDITOR,
    "resend": Role.EDITOR,
    "log": Role.EDITOR,
    "submit": Role.REPORTER,
    "approve": Role.EDITOR,
    "tick": Role.EDITOR,
    "ask_changes": Role.EDITOR,
    "later": Role.EDITOR,
    "reject": Role.EDITOR,
    "look_back": Role.EDITOR,
    "team_person": Role.OWNER,
    "ask_role": Role.OWNER,
    "set_role": Role.OWNER,
    "ask_remove": Role.OWNER,
    "remove_person": Role.OWNER,
    "waive": Role.OWNER,
    "resume": Role.EDITOR,
    "start": None,
}
