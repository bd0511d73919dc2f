"""Buttons: a small value for the meaning of each, with the least role that may press it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import ClassVar

from bot.domain.article import Address, Media, Platform, Run, Verification
from bot.domain.attention import Wish
from bot.domain.change import ChangeKind, Standing
from bot.domain.chat import Forward
from bot.domain.people import Role
from bot.domain.review import Verdict
from bot.domain.stored import AboutArticle, AboutDispatch, Stored


class ButtonPress(Stored):
    """`least`: the least role that may press it; None: everybody. `sends`: it makes something leave, sets a time, or
    lets weaker rules count: if it is read late, it is asked about.

    `stops`: it keeps something from happening, so that it counts if it may have been pressed while it was good.
    `shows`: it only shows what it names, and may be pressed again.
    """

    __slots__ = ()
    least: ClassVar[Role | None] = Role.EDITOR
    sends: ClassVar[bool] = False
    stops: ClassVar[bool] = False
    shows: ClassVar[bool] = False


# The queue


@dataclass(frozen=True, slots=True)
class TakeNext(AboutArticle, ButtonPress):
    """Give the article of this `version` this `slot`. A button of an older Visnyk names neither."""

    code = "next"
    sends = True
    slot: datetime | None = None
    version: int = 0


@dataclass(frozen=True, slots=True)
class PublishNow(AboutArticle, ButtonPress):
    """Publish this `version`; 0: a button of an older Visnyk."""

    code = "now"
    sends = True
    version: int = 0


@dataclass(frozen=True, slots=True)
class Undo(AboutArticle, ButtonPress):
    code = "undo"
    stops = True


@dataclass(frozen=True, slots=True)
class StopSending(AboutArticle, ButtonPress):
    code = "stop_sending"
    stops = True


@dataclass(frozen=True, slots=True)
class Cancel(AboutArticle, ButtonPress):
    code = "cancel"
    stops = True


@dataclass(frozen=True, slots=True)
class Revive(AboutArticle, ButtonPress):
    """Take a cancelled article back."""

    code = "revive"


@dataclass(frozen=True, slots=True)
class AskTime(AboutArticle, ButtonPress):
    code = "ask_time"


@dataclass(frozen=True, slots=True)
class Unpause(AboutArticle, ButtonPress):
    code = "unpause"
    sends = True


@dataclass(frozen=True, slots=True)
class SayAgain(ButtonPress):
    """A command that was said long before it was read, to be said once more. `argument` stands after its name."""

    code, least = "say_again", Role.REPORTER
    command: str
    argument: str


@dataclass(frozen=True, slots=True)
class Choose(ButtonPress):
    """A command that lacked its article or was mistyped, as it may have been meant."""

    code, least = "choose", Role.REPORTER
    command: str
    runs: tuple[Run, ...] = ()
    media: Media | None = None


@dataclass(frozen=True, slots=True)
class ShowHelp(ButtonPress):
    """Show a group of commands."""

    code, least, shows = "help", Role.REPORTER, True
    group: str


@dataclass(frozen=True, slots=True)
class ShowDay(ButtonPress):
    """Show the articles that go out on one of the newsroom's days, less the first `skip`."""

    code, least = "day", Role.REPORTER
    day: date
    skip: int = 0


@dataclass(frozen=True, slots=True)
class SetPace(AboutArticle, ButtonPress):
    code = "pace"
    paid: bool


# Writing


@dataclass(frozen=True, slots=True)
class AskEdit(AboutArticle, ButtonPress):
    code, least = "ask_edit", Role.REPORTER


@dataclass(frozen=True, slots=True)
class SetStatus(AboutArticle, ButtonPress):
    code, least = "set_status", Role.REPORTER
    status: Verification


@dataclass(frozen=True, slots=True)
class NameOwn(AboutArticle, ButtonPress):
    """The source is our own correspondent."""

    code, least = "name_own", Role.REPORTER


@dataclass(frozen=True, slots=True)
class DropPicture(AboutArticle, ButtonPress):
    """The article goes out without its picture, which can't be fetched."""

    code, least = "drop_picture", Role.REPORTER


@dataclass(frozen=True, slots=True)
class TakeBack(AboutArticle, ButtonPress):
    """The left-out line that reads `text` belongs to the article after all."""

    code, least = "take_back", Role.REPORTER
    text: str


@dataclass(frozen=True, slots=True)
class ShowLeftOut(AboutArticle, ButtonPress):
    """Show all the lines that were left out of the article."""

    code, least, shows = "left_out", Role.REPORTER, True


@dataclass(frozen=True, slots=True)
class SkipStep(ButtonPress):
    code, least = "skip", Role.REPORTER
    step: str


@dataclass(frozen=True, slots=True)
class FinishDraft(ButtonPress):
    code, least = "finish", Role.REPORTER
    step: str


@dataclass(frozen=True, slots=True)
class TakeReply(AboutArticle, ButtonPress):
    """A reply to the card of `version` was meant as a change."""

    code, least = "take_reply", Role.REPORTER
    version: int
    runs: tuple[Run, ...]
    media: Media | None = None


@dataclass(frozen=True, slots=True)
class TakeSource(AboutArticle, ButtonPress):
    """Let the text that its source has now be a change of an article that is out in this `version`."""

    code, least = "take_source", Role.REPORTER
    kind: ChangeKind
    version: int
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class TakeDraft(ButtonPress):
    """Words that came after a dialogue were meant as a new article."""

    code, least = "take_draft", Role.REPORTER
    runs: tuple[Run, ...]
    media: Media | None = None
    forward: Forward | None = None


@dataclass(frozen=True, slots=True)
class LeaveReply(AboutArticle, ButtonPress):
    """A reply to the card was only a remark."""

    code, least = "leave_reply", Role.REPORTER


@dataclass(frozen=True, slots=True)
class ReturnReply(AboutArticle, ButtonPress):
    """A reply to the card was the reason for a no."""

    code = "return_reply"
    binding: str
    verdict: Verdict
    reason: str


# Letting it out


@dataclass(frozen=True, slots=True)
class Submit(AboutArticle, ButtonPress):
    code, least = "submit", Role.REPORTER


@dataclass(frozen=True, slots=True)
class Approve(AboutArticle, ButtonPress):
    code = "approve"
    binding: str


@dataclass(frozen=True, slots=True)
class ApproveNow(AboutArticle, ButtonPress):
    """Approve it for going out now, and publish it."""

    code, sends = "approve_now", True
    binding: str


@dataclass(frozen=True, slots=True)
class ApproveAt(AboutArticle, ButtonPress):
    """Approve it for the posting time `at`, which it gets by that."""

    code, sends = "approve_at", True
    binding: str
    at: datetime


@dataclass(frozen=True, slots=True)
class AskApproveTime(AboutArticle, ButtonPress):
    """Ask for a time, which approves it."""

    code = "approve_time"
    binding: str


@dataclass(frozen=True, slots=True)
class Tick(AboutArticle, ButtonPress):
    code = "tick"
    binding: str
    item: str


@dataclass(frozen=True, slots=True)
class AskChanges(AboutArticle, ButtonPress):
    code = "ask_changes"
    stops = True
    binding: str


@dataclass(frozen=True, slots=True)
class Later(AboutArticle, ButtonPress):
    code = "later"
    binding: str


@dataclass(frozen=True, slots=True)
class Reject(AboutArticle, ButtonPress):
    code = "reject"
    stops = True
    binding: str


@dataclass(frozen=True, slots=True)
class SeeQuestion(AboutArticle, ButtonPress):
    """The question about an article that waits for this person's answer."""

    code, shows = "see_question", True


@dataclass(frozen=True, slots=True)
class ShowArticle(AboutArticle, ButtonPress):
    """The card of an article."""

    code, least, shows = "show_article", Role.REPORTER, True


@dataclass(frozen=True, slots=True)
class SeePost(AboutArticle, ButtonPress):
    """Show a version exactly as readers on a platform get it."""

    code, least, shows = "see_post", Role.REPORTER, True
    version: int
    platform: Platform


@dataclass(frozen=True, slots=True)
class LookBack(AboutArticle, ButtonPress):
    code = "look_back"
    binding: str


# A change of what is out


@dataclass(frozen=True, slots=True)
class AskChange(AboutArticle, ButtonPress):
    """Ask for a change of that kind."""

    code, least = "ask_change", Role.REPORTER
    kind: ChangeKind


@dataclass(frozen=True, slots=True)
class AskEarlier(AboutArticle, ButtonPress):
    """Show what a follow-up would say of its first article."""

    code, least = "ask_earlier", Role.REPORTER


@dataclass(frozen=True, slots=True)
class SayEarlier(AboutArticle, ButtonPress):
    """Let a follow-up say that its first article stands like that."""

    code, least = "say_earlier", Role.REPORTER
    standing: Standing


@dataclass(frozen=True, slots=True)
class OnlyNote(AboutArticle, ButtonPress):
    """Clarify by a sentence alone; the text stays."""

    code, least = "only_note", Role.REPORTER


@dataclass(frozen=True, slots=True)
class AboutChange(AboutArticle, ButtonPress):
    """Something about one change of an article."""

    change: int


@dataclass(frozen=True, slots=True)
class SubmitChange(AboutChange):
    code, least = "submit_change", Role.REPORTER


@dataclass(frozen=True, slots=True)
class SendChange(AboutChange):
    """Let a change out on one's own word."""

    code, sends = "send_change", True


@dataclass(frozen=True, slots=True)
class DiscardChange(AboutChange):
    code, least, stops = "discard_change", Role.REPORTER, True


@dataclass(frozen=True, slots=True)
class LeaveInSpite(AboutChange):
    """Let a change that stops harm leave although everything is halted."""

    code, least = "leave_in_spite", Role.OWNER


@dataclass(frozen=True, slots=True)
class ApproveChange(AboutChange):
    code, sends = "approve_change", True
    binding: str


@dataclass(frozen=True, slots=True)
class SendBackChange(AboutChange):
    code, stops = "send_back_change", True
    binding: str


# What became of it


@dataclass(frozen=True, slots=True)
class PostAppeared(AboutDispatch, ButtonPress):
    code = "appeared"


@dataclass(frozen=True, slots=True)
class PostAgain(AboutDispatch, ButtonPress):
    code = "post_again"
    sends = True


@dataclass(frozen=True, slots=True)
class Retry(AboutDispatch, ButtonPress):
    code = "retry"
    sends = True


@dataclass(frozen=True, slots=True)
class GoOn(AboutArticle, ButtonPress):
    """Send what stood still while Visnyk was down."""

    code, renamed = "go_on", MappingProxyType({"left": "article"})
    sends = True
    dispatches: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class LeaveIt(AboutArticle, ButtonPress):
    code, renamed = "leave_it", MappingProxyType({"left": "article"})


@dataclass(frozen=True, slots=True)
class Resend(AboutArticle, ButtonPress):
    """`failed`, `in_doubt` and `waiting` are what the person saw."""

    code = "resend"
    sends = True
    failed: int
    in_doubt: int
    waiting: int
    doubtful: bool
    #: Channels for which its sending was stopped.
    channels: int = 0


@dataclass(frozen=True, slots=True)
class ShowLog(ButtonPress):
    """The page of the log before the entry `before`; of the article `of`, if any."""

    code = "log"
    before: int
    of: int | None = None


# People


@dataclass(frozen=True, slots=True)
class AboutMember(ButtonPress):
    """Something about one person of the desk."""

    least = Role.OWNER
    member: int


@dataclass(frozen=True, slots=True)
class ShowPerson(AboutMember):
    code = "team_person"


@dataclass(frozen=True, slots=True)
class AskRole(AboutMember):
    code = "ask_role"
    role: Role


@dataclass(frozen=True, slots=True)
class SetRole(AboutMember):
    code = "set_role"
    was: Role
    role: Role


@dataclass(frozen=True, slots=True)
class AskRemove(AboutMember):
    code = "ask_remove"


@dataclass(frozen=True, slots=True)
class RemovePerson(AboutMember):
    code = "remove_person"
    was: Role


@dataclass(frozen=True, slots=True)
class Waive(AboutMember):
    code = "waive"


@dataclass(frozen=True, slots=True)
class AboutLink(ButtonPress):
    """An answer of the maker of a link code, whose digest this is."""

    least = Role.REPORTER
    digest: str


@dataclass(frozen=True, slots=True)
class ConfirmLink(AboutLink):
    code = "confirm_link"


@dataclass(frozen=True, slots=True)
class RefuseLink(AboutLink):
    code = "refuse_link"
    stops = True


@dataclass(frozen=True, slots=True)
class Unlink(ButtonPress):
    code, least = "unlink", Role.REPORTER
    member: int
    address: Address


@dataclass(frozen=True, slots=True)
class Mute(ButtonPress):
    """A request for silence: for this many `minutes` only alarms ring."""

    code, least = "mute", Role.REPORTER
    minutes: int


@dataclass(frozen=True, slots=True)
class Unmute(ButtonPress):
    code, least = "unmute", Role.REPORTER


@dataclass(frozen=True, slots=True)
class Notify(ButtonPress):
    """The choice of what whoever presses hears unasked."""

    code, least = "notify", Role.REPORTER
    wish: Wish


@dataclass(frozen=True, slots=True)
class Resume(ButtonPress):
    code = "resume"
    sends = True


@dataclass(frozen=True, slots=True)
class AboutRules(ButtonPress):
    """An owner's answer to the question `asked`, whether weaker rules are to count."""

    least = Role.OWNER
    asked: str


@dataclass(frozen=True, slots=True)
class ApproveRules(AboutRules):
    code = "approve_rules"
    sends = True


@dataclass(frozen=True, slots=True)
class KeepRules(AboutRules):
    code = "keep_rules"
    stops = True


@dataclass(frozen=True, slots=True)
class RevokeKey(ButtonPress):
    """Let the key of one of the newsroom's own systems open nothing any longer."""

    code, least = "revoke_key", Role.OWNER
    stops = True
    key: int


@dataclass(frozen=True, slots=True)
class Start(ButtonPress):
    code, least = "start", None


@dataclass(frozen=True, slots=True)
class SetLanguage(ButtonPress):
    """A reader wants the articles in `language`, or `ALL`."""

    code, least = "language", None
    language: str


@dataclass(frozen=True, slots=True)
class ForgetMe(ButtonPress):
    """A reader is sure that all that is kept about them is to go."""

    code, least = "forget_me", None


@dataclass(frozen=True, slots=True)
class SendTip(ButtonPress):
    """A reader wants their message passed on to the desk, with their name or without."""

    code, least = "send_tip", None
    tip: int
    named: bool = False


@dataclass(frozen=True, slots=True)
class BlockTips(ButtonPress):
    """The desk wants nothing more from the reader who wrote this tip."""

    code = "block_tips"
    stops = True
    tip: int


@dataclass(frozen=True, slots=True)
class AllowTips(ButtonPress):
    """A blocked `reader`, by their sealed chat, may write to the desk again."""

    code = "allow_tips"
    reader: str


@dataclass(frozen=True, slots=True)
class ReadStory(ButtonPress):
    """A reader wants all of a published story."""

    code, least, shows = "read_story", None, True
    story: int


@dataclass(frozen=True, slots=True)
class MoreNews(ButtonPress):
    """A reader wants what was published before this `story`, which came out `at`."""

    code, least, shows = "more_news", None, True
    at: datetime
    story: int


#: Every button that there is or was, by its code.
PRESSES: Mapping[str, type[ButtonPress]] = {
    press.code: press
    for press in (
        TakeNext, PublishNow, Undo, Cancel, Revive, AskTime, Unpause, SayAgain, Choose, ShowHelp, ShowDay, SetPace,
        AskEdit, SetStatus, NameOwn, DropPicture, TakeBack, ShowLeftOut,
        SkipStep, FinishDraft, TakeReply, TakeSource, TakeDraft, LeaveReply, ReturnReply,
        Submit, Approve, ApproveNow, ApproveAt, AskApproveTime, Tick,
        AskEarlier, SayEarlier,
        AskChange, OnlyNote, SubmitChange, SendChange, LeaveInSpite, DiscardChange, ApproveChange, SendBackChange,
        AskChanges, Later, Reject, LookBack, SeeQuestion, ShowArticle, SeePost,
        PostAppeared, PostAgain, Retry, GoOn, LeaveIt, Resend, StopSending, ShowLog,
        ShowPerson, AskRole, SetRole, AskRemove, RemovePerson, Waive, ConfirmLink, RefuseLink, Unlink, Resume, Start,
        Mute, Unmute, Notify, RevokeKey, ForgetMe, SetLanguage, ApproveRules, KeepRules,
        SendTip, BlockTips, AllowTips, ReadStory, MoreNews,
    )
}  # fmt: skip
