"""Rows that an older Visnyk wrote are understood; those of a newer one are explained, and stop nobody."""

from __future__ import annotations

from datetime import UTC, date, datetime

from bot.commands.buttons import ACTS
from bot.commands.notices import NOTICES as WORDS
from bot.domain import Address, Media, MediaKind, Platform, Run, Verification
from bot.domain import buttons as b
from bot.domain import dialogue as d
from bot.domain import news as n
from bot.domain.attention import Wish
from bot.domain.change import ChangeKind, Standing
from bot.domain.people import Role
from bot.domain.review import Verdict
from bot.domain.seals import seal_of
from bot.storage import Queries
from bot.storage.convert import to_ms
from bot.storage.values import from_json
from tests.conftest import OWNER, Scene
from tests.helpers.crowd import said
from tests.promises.moments import comes_true

PHOTO = (
    '{"kind": "photo", "url": "", "platform": "telegram", "file": "AgAC", "caption": "", "credit": "", "size": 100, '
    '"duration": null}'
)
A_PHOTO = Media(MediaKind.PHOTO, platform=Platform.TELEGRAM, file="AgAC", size=100)
VIBER = Address(Platform.VIBER, "a=")
SUNDAYS = '[{"text": "The library opens on Sundays", "bold": false, "italic": false, "link": ""}]'
ON_SUNDAYS = (Run("The library opens on Sundays"),)
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
    ("take_back", '{"article": 12, "text": "\\u041b\\u0456\\u0434"}', b.TakeBack(12, "Лід")),
    ("left_out", '{"article": 12}', b.ShowLeftOut(12)),
    ("drop_picture", '{"article": 12}', b.DropPicture(12)),
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
    ("revive", '{"article": 12}', b.Revive(12)),
    ("help", '{"group": "writing"}', b.ShowHelp("writing")),
    ("choose", '{"command": "now", "runs": [], "media": null}', b.Choose("now")),
    ("take_draft", '{"runs": [], "media": null, "forward": null}', b.TakeDraft(())),
    ("leave_reply", '{"article": 12}', b.LeaveReply(12)),
    (
        "return_reply",
        '{"article": 12, "binding": "5d41", "reason": "\\u0425\\u0442\\u043e?", "verdict": "changes"}',
        b.ReturnReply(12, "5d41", Verdict.CHANGES, "Хто?"),
    ),
    ("ask_earlier", '{"article": 12}', b.AskEarlier(12)),
    ("say_earlier", '{"article": 12, "standing": "retracted"}', b.SayEarlier(12, Standing.RETRACTED)),
    ("ask_change", '{"article": 12, "kind": "correction"}', b.AskChange(12, ChangeKind.CORRECTION)),
    ("only_note", '{"article": 12}', b.OnlyNote(12)),
    ("submit_change", '{"article": 12, "change": 7}', b.SubmitChange(12, 7)),
    ("send_change", '{"article": 12, "change": 7}', b.SendChange(12, 7)),
    ("discard_change", '{"article": 12, "change": 7}', b.DiscardChange(12, 7)),
    ("approve_change", '{"article": 12, "change": 7, "binding": "5d41"}', b.ApproveChange(12, 7, "5d41")),
    ("stop_sending", '{"article": 12}', b.StopSending(12)),
    (
        "take_source",
        '{"article": 12, "kind": "update", "version": 2, "runs": ' + SUNDAYS + "}",
        b.TakeSource(12, ChangeKind.UPDATE, 2, ON_SUNDAYS),
    ),
    ("leave_in_spite", '{"article": 12, "change": 7}', b.LeaveInSpite(12, 7)),
    ("send_back_change", '{"article": 12, "change": 7, "binding": "5d41"}', b.SendBackChange(12, 7, "5d41")),
    ("skip", '{"step": "lead"}', b.SkipStep("lead")),
    ("finish", '{"step": "body"}', b.FinishDraft("body")),
    ("appeared", '{"dispatch": 3}', b.PostAppeared(3)),
    ("post_again", '{"dispatch": 3}', b.PostAgain(3)),
    ("retry", '{"dispatch": 3}', b.Retry(3)),
    ("go_on", '{"left": 12, "dispatches": [3, 4]}', b.GoOn(12, (3, 4))),
    ("leave_it", '{"left": 12, "dispatches": [3, 4]}', b.LeaveIt(12)),
    ("unpause", '{"article": 12}', b.Unpause(12)),
    ("say_again", '{"command": "now", "argument": "12"}', b.SayAgain("now", "12")),
    ("day", '{"day": "2026-11-24"}', b.ShowDay(date(2026, 11, 24))),
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
    ("approve_now", '{"article": 12, "binding": "b"}', b.ApproveNow(12, "b")),
    (
        "approve_at",
        '{"article": 12, "binding": "b", "at": "2026-11-24T16:30:00+00:00"}',
        b.ApproveAt(12, "b", datetime(2026, 11, 24, 16, 30, tzinfo=UTC)),
    ),
    ("approve_time", '{"article": 12, "binding": "b"}', b.AskApproveTime(12, "b")),
    ("tick", '{"article": 12, "binding": "5d41", "item": "Two sources"}', b.Tick(12, "5d41", "Two sources")),
    ("ask_changes", '{"article": 12, "binding": "5d41"}', b.AskChanges(12, "5d41")),
    ("later", '{"article": 12, "binding": "5d41"}', b.Later(12, "5d41")),
    ("reject", '{"article": 12, "binding": "5d41"}', b.Reject(12, "5d41")),
    ("see_question", '{"article": 12}', b.SeeQuestion(12)),
    (
        "see_post",
        '{"article": 12, "version": 2, "platform": "viber"}',
        b.SeePost(12, 2, Platform.VIBER),
    ),
    ("show_article", '{"article": 12}', b.ShowArticle(12)),
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
    ("confirm_link", '{"digest": "5d41"}', b.ConfirmLink("5d41")),
    ("refuse_link", '{"digest": "5d41"}', b.RefuseLink("5d41")),
    ("unlink", '{"member": 3, "address": {"platform": "viber", "id": "a="}}', b.Unlink(3, VIBER)),
    ("approve_rules", '{"asked": "5d41"}', b.ApproveRules("5d41")),
    ("mute", '{"minutes": 120}', b.Mute(120)),
    ("unmute", "{}", b.Unmute()),
    ("revoke_key", '{"key": 3}', b.RevokeKey(3)),
    ("notify", '{"wish": "digest"}', b.Notify(Wish.DIGEST)),
    ("keep_rules", '{"asked": "5d41"}', b.KeepRules("5d41")),
    ("resume", "{}", b.Resume()),
    ("start", "{}", b.Start()),
    ("read_story", '{"story": 3}', b.ReadStory(3)),
    (
        "more_news",
        '{"at": "2026-11-24T16:30:00+00:00", "story": 3}',
        b.MoreNews(datetime(2026, 11, 24, 16, 30, tzinfo=UTC), 3),
    ),
    ("send_tip", '{"tip": 3, "named": true}', b.SendTip(3, named=True)),
    ("block_tips", '{"tip": 3}', b.BlockTips(3)),
    ("allow_tips", '{"reader": "5d41"}', b.AllowTips("5d41")),
    ("forget_me", "{}", b.ForgetMe()),
    ("language", '{"language": "en"}', b.SetLanguage("en")),
]

#: `notice.kind` and `notice.args` as commit f92327b wrote them.
NOTICES: list[tuple[str, str, n.News]] = [
    ("stale", '{"article": 12, "late": 2400}', n.Stale(12, 2400)),
    ("nowhere", '{"article": 12, "late": 0}', n.Nowhere(12)),
    ("unapproved", '{"article": 12, "late": 0}', n.Unapproved(12)),
    ("orphaned", '{"article": 12, "late": 0}', n.Orphaned(12)),
    ("unauthorised", '{"article": 12, "late": 0}', n.Unauthorised(12)),
    ("expired", '{"article": 12, "late": 0}', n.Expired(12)),
    ("unproven", '{"article": 12, "late": 0}', n.Unproven(12)),
    ("unkept", '{"article": 12, "late": 0}', n.Unkept(12)),
    ("unsound", '{"article": 12, "late": 0}', n.Unsound(12)),
    ("too_early", '{"article": 12, "late": 0}', n.TooEarly(12)),
    ("kept_back", '{"article": 12, "until": 1795520000.0}', n.KeptBack(12, 1795520000.0)),
    (
        "submitted",
        '{"article": 12, "binding": "5d41", "again": true, "only": null}',
        n.Submitted(12, "5d41", again=True),
    ),
    (
        "submitted",
        '{"article": 12, "binding": "5d41", "again": true, "only": 3}',
        n.Submitted(12, "5d41", again=True, only=3),
    ),
    ("waits_long", '{"article": 12, "binding": "5d41", "since": 1795520000.5}', n.WaitsLong(12, "5d41", 1795520000.5)),
    (
        "approved",
        '{"article": 12, "by": 1, "name": "#1 Olena", "to": [2, 3]}',
        n.Approved(12, 1, "#1 Olena", (2, 3)),
    ),
    ("reviewed", '{"article": 12, "by": 2, "name": "#2 Ellen", "to": [1]}', n.Reviewed(12, 2, "#2 Ellen", (1,))),
    (
        "decided",
        '{"verdict": "changes", "reason": "Хто це сказав?", "article": 12, "by": 1, "name": "#1 Olena", "to": [2]}',
        n.Decided(12, 1, "#1 Olena", (2,), Verdict.CHANGES, "Хто це сказав?"),
    ),
    ("cancelled", '{"article": 12, "by": 1, "name": "#1 Olena", "to": []}', n.Cancelled(12, 1, "#1 Olena", ())),
    ("approval_void", '{"article": 12, "to": [1], "approved": false}', n.ApprovalVoid(12, (1,), approved=False)),
    ("approval_void", '{"article": 12}', n.ApprovalVoid(12)),
    ("approval_revoked", '{"article": 12, "name": "#3 Taras"}', n.ApprovalRevoked(12, "#3 Taras")),
    ("published_alone", '{"article": 12, "by": 1, "name": "#1 Олена"}', n.PublishedAlone(12, 1, "#1 Олена")),
    ("complete", '{"article": 12}', n.Complete(12)),
    (
        "source_changed",
        '{"article": 12, "headline": "Bridge", "link": "https://e.org/1"}',
        n.SourceChanged(12, "Bridge", "https://e.org/1"),
    ),
    (
        "source_changed",
        '{"article": 12, "headline": "Bridge", "link": "", "version": 2, "runs": ' + SUNDAYS + "}",
        n.SourceChanged(12, "Bridge", "", 2, ON_SUNDAYS),
    ),
    ("left_behind", '{"article": 12, "dispatches": [3, 4], "late": 90}', n.LeftBehind(12, (3, 4), 90)),
    ("channel_in_doubt", '{"dispatch": 3}', n.ChannelInDoubt(3)),
    ("channel_stopped", '{"dispatch": 3}', n.ChannelStopped(3)),
    ("readers_stopped", '{"dispatch": 3}', n.ReadersStopped(3)),
    ("no_message_id", '{"dispatch": 3}', n.NoMessageId(3)),
    ("pin_failed", '{"dispatch": 3}', n.PinFailed(3)),
    ("platform_down", '{"platform": "viber", "reason": "502"}', n.PlatformDown(Platform.VIBER, "502")),
    (
        "platform_misconfigured",
        '{"platform": "telegram", "reason": "Unauthorized"}',
        n.PlatformMisconfigured(Platform.TELEGRAM, "Unauthorized"),
    ),
    ("not_for_many", '{"platform": "viber", "reason": "no"}', n.BroadcastsRefused(Platform.VIBER, "no")),
    ("paid_refused", '{"platform": "telegram", "reason": "Bad Request"}', n.PaidRefused("Bad Request")),
    ("platform_back", '{"platform": "viber"}', n.PlatformBack(Platform.VIBER)),
    ("disk_full", "{}", n.DiskFull()),
    ("tip_came", '{"tip": 3}', n.TipCame(3)),
    ("look_alike", '{"platform": "telegram", "account": "-9"}', n.LookAlike(Platform.TELEGRAM, "-9")),
    ("disk_has_room", "{}", n.DiskHasRoom()),
    ("feed_fails", '{"feed": "site", "reason": "silent"}', n.FeedFails("site", "silent")),
    ("rights_lost", '{"title": "Вісник"}', n.RightsLost("Вісник")),
    ("group_moved", '{"title": "Редакція", "old": "-1", "new": "-1002"}', n.GroupMoved("Редакція", "-1", "-1002")),
    ("no_topics", "{}", n.NoTopics()),
    ("restored", "{}", n.Restored()),
    ("log_altered", '{"entry": 5}', n.LogAltered(5)),
    ("head", '{"head": "2:c852"}', n.Head("2:c852")),
    ("halted", '{"by": 1, "name": "#1 Олена"}', n.Halted(1, "#1 Олена")),
    ("resume_asked", '{"by": 1, "name": "#1 Олена"}', n.ResumeAsked(1, "#1 Олена")),
    ("resumed", '{"by": 2, "name": "#2 Ellen"}', n.Resumed(2, "#2 Ellen")),
    ("few_approvers", '{"needed": 2, "others": 1, "rules": ["Суд"]}', n.FewApprovers(2, 1, ("Суд",))),
    (
        "team",
        '{"what": "joined", "person": 5, "name": "#5 Stranger", "role": "editor", "by": 1, "by_name": "#1 Олена"}',
        n.TeamChanged(n.TeamAct.JOINED, 5, "#5 Stranger", Role.EDITOR, 1, "#1 Олена"),
    ),
]
#: News that there was not yet.
SINCE = {
    *("codes_guessed", "forged", "link_wanted", "rows_altered", "rules_changed", "unreadable"),
    *("token_shared", "hook_taken", "hook_fought", "platform_held", "channel_waits", "expired_on_its_way", "shifted"),
    *("backup_failed", "backup_made", "clock_wrong", "clock_right", "post_refused", "expiry_shifted"),
    *("rules_wait", "rules_kept", "rules_accepted"),
    *("stopped_on_its_way", "renewed", "back_on_duty", "no_answer"),
    "unsaid",
    *("change_submitted", "changed_alone", "change_approved", "change_done", "change_sent_back"),
    *("changed_lightly", "halt_holds_up", "leaves_in_spite"),
}

#: `dialogue.step` and `dialogue.data` as commit f92327b wrote them.
DIALOGUES_OF_OLD: list[tuple[str, str, d.Dialogue]] = [
    ("when", '{"article": 12, "card": 40}', d.AskedWhen(12, 40)),
    ("edit", '{"article": 12, "card": 0, "version": 2}', d.Editing(12, 0, 2)),
    ("edit", '{"article": 12, "card": 0}', d.Editing(12)),
    (
        "edit",
        '{"article": 12, "card": 0, "version": 2, "album": "7", "told": true}',
        d.Editing(12, 0, 2, album="7", told=True),
    ),
    (
        "reason",
        '{"article": 12, "binding": "5d41", "verdict": "changes", "card": 0}',
        d.AskedReason(12, 0, binding="5d41", verdict=Verdict.CHANGES),
    ),
    (
        "change",
        '{"article": 12, "card": 0, "kind": "typo", "version": 2}',
        d.Changing(12, kind=ChangeKind.TYPO, version=2),
    ),
    (
        "note",
        '{"article": 12, "card": 0, "kind": "correction", "version": 2, "runs": ' + SUNDAYS + ', "media": null}',
        d.AskedNote(12, kind=ChangeKind.CORRECTION, version=2, runs=ON_SUNDAYS),
    ),
    (
        "collect",
        '{"parts": [[{"text": "Лід", "bold": true, "italic": false, "link": ""}]], "edits": 12, "card": 40}',
        d.Collecting(((Run("Лід", bold=True),),), 12, 40),
    ),
    (
        "collect",
        '{"parts": [[]], "edits": 12, "card": 0, "kind": "correction", "version": 2}',
        d.Collecting(((),), 12, kind=ChangeKind.CORRECTION, version=2),
    ),
    ("collect", '{"parts": [[]], "edits": null, "card": 0}', d.Collecting(((),))),
    ("collected", '{"article": 12, "version": 1, "runs": ' + SUNDAYS + "}", d.Collected(12, 1, ON_SUNDAYS)),
    ("article", '{"media": null, "parts": []}', d.AskedArticle()),
    ("article", '{"media": ' + PHOTO + ', "parts": []}', d.AskedArticle(media=A_PHOTO)),
    ("lead", '{"media": null, "parts": [' + SUNDAYS + "]}", d.AskedLead((ON_SUNDAYS,))),
    (
        "body",
        '{"media": ' + PHOTO + ', "parts": [' + SUNDAYS + ", " + SUNDAYS + "]}",
        d.AskedBody((ON_SUNDAYS,) * 2, A_PHOTO),
    ),
    ("source", '{"media": null, "parts": [' + SUNDAYS + "]}", d.AskedSource((ON_SUNDAYS,))),
    ("link", '{"media": null, "parts": [' + SUNDAYS + "]}", d.AskedLink((ON_SUNDAYS,))),
    ("album", '{"album": "7", "told": false}', d.Nothing(album="7")),
]


def test_every_dialogue_that_an_older_version_began_goes_on() -> None:
    assert {code for code, _, _ in DIALOGUES_OF_OLD} == d.DIALOGUES.keys()
    for code, data, dialogue in DIALOGUES_OF_OLD:
        assert from_json(d.DIALOGUES, code, data) == dialogue


async def test_a_dialogue_of_a_newer_version_is_forgotten_and_hinders_nobody(scene: Scene) -> None:
    await scene.says("/list", "Черга порожня")
    for step, data in (("recall", "{}"), ("edit", '{"articles": [1]}'), ("collect", "{")):
        row = {"person": f"telegram:{OWNER}", "step": step, "data": data}

        async def begin(tx: Queries, row: dict[str, str] = row) -> None:
            await tx.run(
                "INSERT OR REPLACE INTO dialogue (person, step, data, due_at, changed_at) "
                "VALUES (:person, :step, :data, 1, 1)",
                row,
            )
            tx.signal("queue")

        await scene.app.store.write(begin)
        await comes_true(scene, "SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM dialogue)")
    await scene.says("/queue Міст відкрили\n\nРух відновлено.", "чернетка")


def test_every_notice_that_an_older_version_wrote_is_understood() -> None:
    assert n.NEWS.keys() == {news.code for news in WORDS}
    assert {code for code, _, _ in NOTICES} == n.NEWS.keys() - SINCE
    for code, args, news in NOTICES:
        assert from_json(n.NEWS, code, args) == news


def test_every_button_that_an_older_version_showed_is_understood() -> None:
    assert {code for code, _, _ in BUTTONS} == b.PRESSES.keys() == {press.code for press in ACTS}
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
    assert not said(scene.telegram(), "Сталася помилка")


async def _shows(scene: Scene, action: str, args: str) -> None:
    """A screen with the button `older`, whose row is as given."""
    before, expires = len(scene.telegram()), to_ms(scene.clock()) + 1000
    body = '{"Screen": {"runs": [{"text": "?"}], "buttons": [[{"label": "older", "id": "%s"}]], "replaces": 0}}'
    key = scene.app.store.read.seal_key
    button = seal_of(key, f"button-{before:04}", action, args, f"telegram:{OWNER}", None)
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
