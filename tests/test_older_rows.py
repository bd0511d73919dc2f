"""Rows that an older Visnyk wrote are understood; those of a newer one are explained, and stop nobody."""

from __future__ import annotations

from bot.domain import Media, MediaKind, Platform, Run, Verification
from bot.domain import buttons as b
from bot.domain.people import Role
from bot.domain.review import Verdict
from bot.storage import Queries
from bot.storage.convert import to_ms
from bot.storage.values import from_json
from tests.conftest import OWNER, Scene
from tests.helpers.crowd import said

#: `button.action` and `button.args` as commit f92327b wrote them.
BUTTONS: list[tuple[str, str, b.ButtonPress]] = [
    ("next", '{"article": 12}', b.TakeNext(12)),
    ("now", '{"article": 12}', b.PublishNow(12)),
    ("undo", '{"article": 12}', b.Undo(12)),
    ("cancel", '{"article": 12}', b.Cancel(12)),
    ("ask_time", '{"article": 12}', b.AskTime(12)),
    ("ask_edit", '{"article": 12}', b.AskEdit(12)),
    ("set_status", '{"article": 12, "status": "denial"}', b.SetStatus(12, Verification.DENIAL)),
    ("name_own", '{"article": 12}', b.NameOwn(12)),
    (
        "take_reply",
        '{"article": 12, "version": 2, "runs": [{"text": "\\u041b\\u0456\\u0434", "bold": true, "italic": false, '
        '"link": ""}], "media": null}',
        b.TakeReply(12, 2, (Run("Лід", bold=True),)),
    ),
    (
        "take_reply",
        '{"article": 12, "version": 1, "runs": [], "media": {"kind": "photo", "url": "", "platform": "telegram", '
        '"file": "AgAC", "caption": "", "credit": "", "size": 100, "duration": null}}',
        b.TakeReply(12, 1, (), Media(MediaKind.PHOTO, platform=Platform.TELEGRAM, file="AgAC", size=100)),
    ),
    ("leave_reply", '{"article": 12}', b.LeaveReply(12)),
    (
        "return_reply",
        '{"article": 12, "binding": "5d41", "reason": "\\u0425\\u0442\\u043e?", "verdict": "changes"}',
        b.ReturnReply(12, "5d41", Verdict.CHANGES, "Хто?"),
    ),
    ("skip", '{"step": "lead"}', b.SkipStep("lead")),
    ("finish", '{"step": "body"}', b.FinishDraft("body")),
    ("appeared", '{"dispatch": 3}', b.PostAppeared(3)),
    ("post_again", '{"dispatch": 3}', b.PostAgain(3)),
    ("retry", '{"dispatch": 3}', b.Retry(3)),
    ("go_on", '{"left": 12, "dispatches": [3, 4]}', b.GoOn(12, (3, 4))),
    ("leave_it", '{"left": 12, "dispatches": [3, 4]}', b.LeaveIt(12)),
    ("unpause", '{"article": 12}', b.Unpause(12)),
    ("pace", '{"article": 12, "paid": true}', b.SetPace(12, paid=True)),
    (
        "resend",
        '{"article": 12, "failed": 2, "in_doubt": 1, "waiting": 0, "doubtful": true}',
        b.Resend(12, 2, 1, 0, doubtful=True),
    ),
    ("log", '{"before": 77}', b.ShowLog(77)),
    ("log", '{"before": 77, "of": 12}', b.ShowLog(77, 12)),
    ("submit", '{"article": 12}', b.Submit(12)),
    ("approve", '{"article": 12, "binding": "5d41"}', b.Approve(12, "5d41")),
    ("tick", '{"article": 12, "binding": "5d41", "item": "Two sources"}', b.Tick(12, "5d41", "Two sources")),
    ("ask_changes", '{"article": 12, "binding": "5d41"}', b.AskChanges(12, "5d41")),
    ("later", '{"article": 12, "binding": "5d41"}', b.Later(12, "5d41")),
    ("reject", '{"article": 12, "binding": "5d41"}', b.Reject(12, "5d41")),
    ("look_back", '{"article": 12, "binding": "5d41"}', b.LookBack(12, "5d41")),
    ("team_person", '{"member": 3}', b.ShowPerson(3)),
    ("ask_role", '{"member": 3, "role": "editor"}', b.AskRole(3, Role.EDITOR)),
    (
        "set_role",
        '{"member": 3, "was": "reporter", "role": "editor"}',
        b.SetRole(3, Role.REPORTER, Role.EDITOR),
    ),
    ("ask_remove", '{"member": 3}', b.AskRemove(3)),
    ("remove_person", '{"member": 3, "was": "editor"}', b.RemovePerson(3, Role.EDITOR)),
    ("waive", '{"member": 3}', b.Waive(3)),
    ("resume", "{}", b.Resume()),
    ("start", "{}", b.Start()),
]


def test_every_button_that_an_older_version_showed_is_understood() -> None:
    assert {code for code, _, _ in BUTTONS} == b.PRESSES.keys()
    for code, args, press in BUTTONS:
        assert from_json(b.PRESSES, code, args) == press


async def test_a_button_of_yesterdays_database_does_what_it_says(scene: Scene) -> None:
    await scene.says("/queue Міст відкрили\n\nРух відновлено.", "чернетка")
    await _shows(scene, "cancel", '{"article": 1}')
    await scene.presses(scene.telegram()[-1], "older", "#1 скасовано")


async def test_a_button_of_a_newer_version_is_explained(scene: Scene) -> None:
    await scene.says("/list", "Черга порожня")
    for action, args in (("recall", '{"article": 1}'), ("approve", '{"article": 1}'), ("approve", "{")):
        await _shows(scene, action, args)
        await scene.presses(scene.telegram()[-1], "older", "Ця кнопка тут не діє")
    assert not said(scene.telegram(), "щось зламалося")


async def _shows(scene: Scene, action: str, args: str) -> None:
    """A screen with the button `older`, whose row is as given."""
    assert scene.app is not None
    before, expires = len(scene.telegram()), to_ms(scene.clock()) + 1000
    body = '{"Screen": {"runs": [{"text": "?"}], "buttons": [[{"label": "older", "id": "%s"}]], "replaces": 0}}'
    button = f"button-{before}"
    owed = {"body": body % button, "now": to_ms(scene.clock()), "chat": str(OWNER)}
    row = {"id": button, "action": action, "args": args, "chat": f"telegram:{OWNER}", "expires": expires}

    async def write(tx: Queries) -> None:
        await tx.run(
            "INSERT INTO button (id, action, args, chat, expires_at) VALUES (:id, :action, :args, :chat, :expires)", row
        )
        await tx.run(
            """INSERT INTO reply (platform, chat, body, created_at, not_before, name, thread)
               VALUES ('telegram', :chat, :body, :now, :now, '', 0)""",
            owed,
        )
        tx.signal("reply")

    await scene.app.store.write(write)
    await scene.until(lambda: len(scene.telegram()) > before)
