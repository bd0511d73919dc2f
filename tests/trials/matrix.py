"""Every command and every button × who × where × platform: who may, who may not. `python -m tests.trials.matrix`"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.commands.table import COMMANDS
from bot.domain import Platform
from bot.domain.buttons import PRESSES
from bot.domain.entry import Offer
from bot.storage import Queries
from tests.conftest import ARTICLE
from tests.helpers.authority import CHATS, PEOPLE, Desk, Outcome, a_desk, chat_of, pressed, said
from tests.helpers.rows import a_press

ALL = frozenset(PEOPLE)
DESK = frozenset({"reporter", "editor", "new editor", "owner"})
OWNER_ONLY = frozenset({"owner"})
EDITORS = DESK - {"reporter"}
APPROVERS = EDITORS - {"new editor"}
#: Written down here once more, from what was asked for and not from the code: what is typed, who may, also in a group.
MAY_SAY: dict[str, tuple[str, frozenset[str], bool]] = {
    "start": ("", ALL, False),
    "stop": ("", ALL, False),
    "latest": ("", ALL, True),
    "search": ("bridge", ALL, True),
    "check": ("Міст відкрили після ремонту", ALL, False),
    "corrections": ("", ALL, True),
    "proof": ("1", ALL, True),
    "channels": ("", ALL, True),
    "help": ("", ALL, True),
    "whoami": ("", ALL, True),
    "mydata": ("", ALL, False),
    "forgetme": ("", ALL, False),
    "language": ("", ALL, False),
    "queue": (ARTICLE, DESK, True),
    "list": ("", DESK, True),
    "show": ("1", DESK, True),
    "mine": ("", DESK, True),
    "edit": ("1 lead: So.", DESK, True),
    "submit": ("1", DESK, True),
    "approve": ("1", EDITORS, True),
    "at": ("1 18:30", EDITORS, True),
    "next": ("1", EDITORS, True),
    "now": ("1", EDITORS, True),
    "urgent": ("1", OWNER_ONLY, True),
    "undo": ("1", EDITORS, True),
    "cancel": ("1", EDITORS, True),
    "halt": ("", EDITORS, True),
    "resume": ("", EDITORS, True),
    "doubts": ("", EDITORS, True),
    "swap": ("1 2", EDITORS, True),
    "pause": ("1", EDITORS, True),
    "checking": ("1", EDITORS, True),
    "typo": ("1", EDITORS, True),
    "update": ("1", DESK, True),
    "clarify": ("1", DESK, True),
    "correct": ("1", DESK, True),
    "retract": ("1", EDITORS, True),
    "restore": ("1", EDITORS, True),
    "week": ("", DESK, True),
    "who": ("1", EDITORS, True),
    "resend": ("1 missing", EDITORS, True),
    "stopsend": ("1", EDITORS, True),
    "log": ("", EDITORS, True),
    "history": ("1", EDITORS, True),
    "story": ("1", DESK, True),
    "duty": ("8-16", DESK, False),
    "mute": ("2 h", DESK, False),
    "notify": ("", DESK, False),
    "link": ("", DESK, False),
    "unlink": ("", DESK, False),
    "feeds": ("", EDITORS, True),
    "team": ("", OWNER_ONLY, True),
    "invite": ("editor", OWNER_ONLY, False),
    "keys": ("", OWNER_ONLY, False),
    "role": ("{editor} reporter", OWNER_ONLY, True),
    "remove": ("{editor}", OWNER_ONLY, True),
}
#: What a button stands for and who may press it; the reporter wrote article 1, the owner article 2.
MAY_PRESS: dict[str, tuple[dict[str, Any], frozenset[str]]] = {
    "start": ({}, ALL),
    "read_story": ({"story": 1}, ALL),
    "more_news": ({"at": "2026-11-24T16:30:00Z", "story": 1}, ALL),
    "send_tip": ({"tip": 1, "named": False}, ALL),
    "block_tips": ({"tip": 1}, EDITORS),
    "allow_tips": ({"reader": "5d41"}, EDITORS),
    "forget_me": ({}, ALL),
    "language": ({"language": "uk"}, ALL),
    "next": ({"article": 1}, EDITORS),
    "now": ({"article": 1}, EDITORS),
    "say_again": ({"command": "at", "argument": "1 18:45"}, EDITORS),
    "undo": ({"article": 1}, EDITORS),
    "cancel": ({"article": 1}, EDITORS),
    "ask_time": ({"article": 1}, EDITORS),
    "ask_edit": ({"article": 1}, DESK),
    "set_status": ({"article": 1, "status": "denial"}, DESK),
    "name_own": ({"article": 1}, DESK),
    "drop_picture": ({"article": 1}, DESK),
    "take_back": ({"article": 1, "text": "So."}, DESK),
    "left_out": ({"article": 1}, DESK),
    "take_source": ({"article": 1, "kind": "update", "version": 1, "runs": [{"text": "So."}]}, DESK),
    "take_reply": ({"article": 1, "version": 1, "runs": [{"text": "So."}], "media": None}, DESK),
    "ask_earlier": ({"article": 1}, DESK),
    "say_earlier": ({"article": 1, "standing": "retracted"}, DESK),
    "stop_sending": ({"article": 1}, EDITORS),
    "revive": ({"article": 1}, EDITORS),
    "help": ({"group": "writing"}, DESK),
    "mute": ({"minutes": 60}, DESK),
    "unmute": ({}, DESK),
    "notify": ({"wish": "all"}, DESK),
    "choose": ({"command": "show", "runs": [{"text": "1"}], "media": None}, DESK),
    "take_draft": ({"runs": [{"text": "So."}], "media": None, "forward": None}, DESK),
    "leave_reply": ({"article": 1}, DESK),
    "return_reply": ({"article": 1, "binding": "", "verdict": "changes", "reason": "So?"}, APPROVERS),
    "skip": ({"step": "lead"}, DESK),
    "finish": ({"step": "lead"}, DESK),
    "appeared": ({"dispatch": "in doubt"}, EDITORS),
    "post_again": ({"dispatch": "in doubt"}, EDITORS),
    "retry": ({"dispatch": "stopped"}, EDITORS),
    "go_on": ({"left": 1, "dispatches": "stopped"}, EDITORS),
    "leave_it": ({"left": 1}, EDITORS),
    "unpause": ({"article": 1}, EDITORS),
    "day": ({"day": "2026-11-24"}, DESK),
    "pace": ({"article": 1, "paid": False}, EDITORS),
    "resend": ({"article": 1, "failed": 0, "in_doubt": 0, "waiting": 0, "doubtful": False}, EDITORS),
    "log": ({"before": 1}, EDITORS),
    "submit": ({"article": 1}, DESK),
    "approve": ({"article": 1, "binding": ""}, APPROVERS),
    "approve_now": ({"article": 1, "binding": ""}, APPROVERS),
    "approve_at": ({"article": 1, "binding": "", "at": "2026-11-24T16:30:00Z"}, APPROVERS),
    "approve_time": ({"article": 1, "binding": ""}, APPROVERS),
    "tick": ({"article": 1, "binding": "", "item": "Two sources"}, APPROVERS),
    "ask_changes": ({"article": 1, "binding": ""}, APPROVERS),
    "later": ({"article": 1, "binding": ""}, APPROVERS),
    "reject": ({"article": 1, "binding": ""}, APPROVERS),
    "ask_change": ({"article": 1, "kind": "correction"}, DESK),
    "only_note": ({"article": 1}, DESK),
    "submit_change": ({"article": 1, "change": 1}, DESK),
    "send_change": ({"article": 1, "change": 1}, EDITORS),
    "discard_change": ({"article": 1, "change": 1}, DESK),
    "approve_change": ({"article": 1, "change": 1, "binding": ""}, EDITORS),
    "leave_in_spite": ({"article": 1, "change": 1}, OWNER_ONLY),
    "send_back_change": ({"article": 1, "change": 1, "binding": ""}, EDITORS),
    "see_question": ({"article": 1}, EDITORS),
    "show_article": ({"article": 1}, DESK),
    "see_post": ({"article": 1, "version": 1, "platform": "viber"}, DESK),
    "look_back": ({"article": 1, "binding": "", "out": True}, APPROVERS),
    "resume": ({}, EDITORS),
    "approve_rules": ({"asked": "5d41"}, OWNER_ONLY),
    "keep_rules": ({"asked": "5d41"}, OWNER_ONLY),
    "team_person": ({"member": "editor"}, OWNER_ONLY),
    "ask_role": ({"member": "editor", "role": "reporter"}, OWNER_ONLY),
    "set_role": ({"member": "editor", "was": "editor", "role": "reporter"}, OWNER_ONLY),
    "ask_remove": ({"member": "editor"}, OWNER_ONLY),
    "remove_person": ({"member": "editor", "was": "editor"}, OWNER_ONLY),
    "waive": ({"member": "new editor"}, OWNER_ONLY),
    "revoke_key": ({"key": 1}, OWNER_ONLY),
    "confirm_link": ({"digest": "5d41"}, DESK),
    "refuse_link": ({"digest": "5d41"}, DESK),
    "unlink": (
        {"member": "editor", "address": {"platform": "viber", "id": PEOPLE["editor"][1]}},
        OWNER_ONLY | {"editor"},
    ),
}
#: How an answer begins that refuses for want of authority. A stranger gets the readers' help instead.
REFUSALS = (
    "Only the desk can",
    "Only editors and owners",
    "Only an owner",
    "Reporters can change only",
    "You are new here",
    "This button no longer works",
    "This button is too old to know",
    "You are no longer on the desk",
    "That is for our private chat",
    "/start — subscribe to our news",
)


@dataclass(frozen=True)
class Cell:
    act: str
    who: str
    where: str
    platform: Platform
    allowed: bool


@dataclass
class Found:
    cells: int = 0
    wrongly_allowed: list[str] = field(default_factory=list)
    wrongly_refused: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        lines = [
            f"{self.cells} cells: {len(COMMANDS)} commands and {len(PRESSES)} buttons × {len(PEOPLE)} people "
            f"× {len(CHATS)} kinds of chat on Telegram and 1 on Viber",
            f"wrongly allowed: {len(self.wrongly_allowed)}",
            f"wrongly refused: {len(self.wrongly_refused)}",
        ]
        return "\n".join([*lines, *self.wrongly_allowed, *self.wrongly_refused])


def cells() -> Iterator[Cell]:
    """Raises KeyError for a command or button of which nobody said here who may."""
    places = [*((Platform.TELEGRAM, kind) for kind in CHATS), (Platform.VIBER, "private")]
    for platform, where in places:
        for who in PEOPLE:
            heard = where == "private" or (where == "listed group" and who in DESK)
            for command in COMMANDS:
                _, people, in_group = MAY_SAY[command.name]
                may = heard and who in people and (where == "private" or in_group)
                yield Cell(f"/{command.name}", who, where, platform, may)
            for action in PRESSES:
                yield Cell(action, who, where, platform, heard and who in MAY_PRESS[action][1])


async def fill(desk: Desk) -> Found:
    found = Found()
    for cell in cells():
        outcome = await (_say(desk, cell) if cell.act.startswith("/") else _press(desk, cell))
        found.cells += 1
        refused = _is_refusal(cell, outcome)
        if not cell.allowed and (not refused or outcome.changed):
            found.wrongly_allowed.append(f"{cell}: {outcome}")
        if cell.allowed and refused:
            found.wrongly_refused.append(f"{cell}: {outcome}")
    return found


def _is_refusal(cell: Cell, outcome: Outcome) -> bool:
    """Silence, or an answer that refuses. `/help` itself answers strangers with the readers' help."""
    if cell.act == "/help" and cell.where == "private":
        return not outcome.answers
    return not outcome.answers or outcome.answers[0].startswith(REFUSALS)


async def _say(desk: Desk, cell: Cell) -> Outcome:
    argument = MAY_SAY[cell.act[1:]][0]
    for name, number in desk.numbers.items():
        argument = argument.replace(f"{{{name}}}", str(number))
    return await desk.tries(cell.platform, said(cell.who, cell.platform, cell.where, f"{cell.act} {argument}".strip()))


async def _press(desk: Desk, cell: Cell) -> Outcome:
    args = dict(MAY_PRESS[cell.act][0])
    if "member" in args:
        args["member"] = desk.numbers[args["member"]]
    if "dispatch" in args:
        args["dispatch"] = desk.dispatches[args["dispatch"]]
    if "dispatches" in args:
        args["dispatches"] = [desk.dispatches[args["dispatches"]]]

    async def prepare(tx: Queries) -> bytes:
        if "binding" in args:
            ask = desk.published_alone if args.pop("out", False) else desk.submitted
            args["binding"] = await ask(tx, args["article"])
        chat = chat_of(cell.who, cell.platform, cell.where)
        button = await tx.add_button(Offer(a_press(cell.act, args), chat), desk.scene.clock())
        return pressed(cell.who, cell.platform, cell.where, button)

    return await desk.tries(cell.platform, b"", prepare=prepare)


async def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        async with a_desk(Path(folder)) as desk:
            found = await fill(desk)
    print(found)
    return 1 if found.wrongly_allowed or found.wrongly_refused else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
