"""/log and /history: who did what and when, and what an article said before."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from itertools import groupby

from bot.commands.cards import STATUSES, short
from bot.commands.marks import KINDS
from bot.commands.outcomes import PLATFORM_NAMES
from bot.commands.people import ROLES
from bot.commands.queue import article_id
from bot.commands.reasons import why
from bot.commands.talk import Key, Line, Talk, bold
from bot.domain import Article, Paragraph, Platform, Run, Verification
from bot.domain.audit import STRANGER, AuditEntry
from bot.domain.buttons import ShowLog
from bot.domain.change import ChangeKind
from bot.domain.difference import Change, difference
from bot.domain.people import Role
from bot.texts import Words, text_id

#: Entries that fit a phone's screen.
PAGE = 12
#: Changes of one edit that are shown, and the characters of each side of a change.
CHANGES = 5
SIDE = 160
#: Characters of a stranger's address that are shown.
ADDRESS = 24

#: People's names, by `person:3` and by their addresses.
Names = Mapping[str, str]

#: The words for each act; `when`, `why`, `role`, `name` and `person` are filled from what was recorded.
ACTS: Mapping[str, str] = {
    "article.drafted": text_id("new draft"),
    "article.edited": text_id("version {version}"),
    "article.scheduled": text_id("goes out {when}"),
    "article.paused": text_id("paused"),
    "article.expiry_set": text_id("expires {when}"),
    "article.held": text_id("held back: {why}"),
    "article.counting": text_id("to be published"),
    "article.published_alone": text_id("published without approval"),
    "article.published_urgently": text_id("with /urgent, right away"),
    "article.reviewed": text_id("reviewed afterwards"),
    "article.undone": text_id("stopped before it left"),
    "article.cancelled": text_id("cancelled"),
    "article.revived": text_id("taken back as a draft"),
    "article.pace_set": text_id("pace: {pace}"),
    "article.submitted": text_id("submitted for approval"),
    "article.approved": text_id("approved"),
    "article.changes_asked": text_id("asked for changes"),
    "article.rejected": text_id("rejected"),
    "article.approvals_voided": text_id("approvals void: it was changed"),
    "article.approval_voided": text_id("approval void: {person} may no longer approve"),
    "article.published": text_id("published"),
    "article.change_drafted": text_id("{change} proposed"),
    "article.change_submitted": text_id("{change} submitted for approval"),
    "article.goes_in_spite": text_id("{change} let out in spite of the halt"),
    "article.change_sent_back": text_id("{change} sent back"),
    "article.change_discarded": text_id("{change} discarded"),
    **dict.fromkeys(("article.changed", "article.expired"), text_id("{change} went out, version {version}")),
    "article.stopped": text_id("went no further: {why}"),
    "article.let_go_on": text_id("let it go on"),
    "article.resent": text_id("sent to those who did not get it"),
    "post.found": text_id("the post is there: {outlet}"),
    "post.repeated": text_id("posted again: {outlet}"),
    "post.retried": text_id("tried again: {outlet}"),
    "post.poorer": text_id("went out poorer, {outlet}: {why}"),
    "post.poorer_copies": text_id("single copies without the picture, {outlet}: {copies}"),
    "team.owner": text_id("{name} is an owner (OWNERS)"),
    "team.invited": text_id("invitation for one {role}"),
    "team.link_asked": text_id("code to link Telegram and Viber"),
    "team.joined": text_id("{name} joined: {role}"),
    "team.code_used": text_id("a code was typed"),
    "team.code_answered": text_id("answered who typed the code"),
    "team.linked": text_id("{name}: second account"),
    "team.not_linked": text_id("{name}: that was someone else"),
    "team.unlinked": text_id("{name}: account unlinked"),
    "team.role": text_id("{name}: {role} from now on"),
    "team.waived": text_id("{name} can approve right away"),
    "team.removed": text_id("{name} left the desk"),
    "team.code_guessed": text_id("a code that does not exist"),
    "team.code_refused": text_id("code refused: {why}"),
    "feed.started": text_id("feed read again: {name}"),
    "feed.stopped": text_id("feed stopped: {name}"),
    "key.made": text_id("key for a system: {name}"),
    "key.revoked": text_id("key revoked: {name}"),
    "tips.blocked": text_id("no more messages from one reader"),
    "tips.allowed": text_id("messages from that reader again"),
    "halt.begun": text_id("⛔ everything halted"),
    "halt.kept": text_id("still halted"),
    "halt.resume_asked": text_id("asked to end the halt"),
    "halt.ended": text_id("▶️ the halt is over"),
    "config.asked": text_id("weaker rules wait for the owners"),
    "config.approved": text_id("approved the weaker rules"),
    "config.kept": text_id("kept the earlier rules"),
    "config.accepted": text_id("the new rules count"),
    "config.withdrawn": text_id("the earlier rules are back in newsroom.toml"),
    "button.refused": text_id("button refused: {why}"),
    "command.refused": text_id("command refused: {why}"),
}
#: Why an article was held back or somebody was refused.
WHY: Mapping[str, str] = {
    "stale": text_id("too late"),
    "nowhere": text_id("nowhere to go"),
    "unapproved": text_id("not approved"),
    "orphaned": text_id("the person who scheduled it is no longer allowed to"),
    "expired": text_id("expired"),
    "unauthorised": text_id("no longer allowed to publish"),
    "unproven": text_id("without status or source"),
    "unkept": text_id("without its picture"),
    "unsound": text_id("its first article does not stand"),
    "too_early": text_id("too early"),
    "forged": text_id("changed by hand in the database"),
    "shifted": text_id("the rules of the clock changed"),
    "role": text_id("not allowed"),
    "person": text_id("another's button"),
    "unknown": text_id("unknown button"),
    "used": text_id("pressed before"),
    "code_used": text_id("already used"),
    "code_expired": text_id("no longer valid"),
}
FIELDS: Mapping[str, str] = {
    "headline": text_id("Headline"),
    "lead": text_id("Lead"),
    "body": text_id("Text"),
    "media": text_id("Photo or video"),
    "sources": text_id("Sources"),
    "link": text_id("Link"),
    "topics": text_id("Topics"),
    "language": text_id("Language"),
    "urgent": text_id("Urgent"),
    "related": text_id("Related articles"),
    "video": text_id("Video mark"),
    "status": text_id("Status"),
    "note": text_id("Note for the desk"),
    "about": text_id("Follow-up of"),
    "after": text_id("After its expiry"),
    "pin": text_id("Pinned, in minutes"),
    "origin": text_id("Author and date on the page"),
}


async def log(talk: Talk, argument: str) -> None:
    """Show the latest entries of the log, or those of one article."""
    number = article_id(argument, text_id("/log 12"))[0] if argument.strip() else None
    await show_log(talk, number)


async def show_log(talk: Talk, number: int | None, before: int | None = None) -> None:
    """Show a page of the log, newest first; with `before`, the entries older than that one."""
    title = talk.words("Who did what:")
    if number is not None:
        entry = await talk.desk.entry(number)
        title = talk.words("Who did what with #{id}:", id=number) + f" {short(entry.article.headline)}"
    found = await talk.tx.audit_log(PAGE + 1, before=before, subject=f"article:{number}" if number else None)
    page = found[:PAGE]
    if not page:
        await talk.say("Nothing is recorded yet.")
        return
    names = await talk.tx.names()
    lines: list[Line] = [title]
    for day, entries in groupby(page, key=lambda entry: _day(talk, entry)):
        lines.append(bold(talk.words.day(day)))
        lines += [
            _line(talk, names, alike[0], len(alike), with_article=number is None)
            for alike in (list(group) for _, group in groupby(entries, key=_sameness))
        ]
    keys = [[Key(talk.words("⬅️ Older"), ShowLog(page[-1].id, number))]] if len(found) > PAGE else []
    await talk.show(lines, keys, redraw=before is not None)


async def history(talk: Talk, argument: str) -> None:
    """Show what happened to one article, oldest first, and what each edit changed."""
    number, _ = article_id(argument, text_id("/history 12"))
    entry = await talk.desk.entry(number)
    entries = await talk.tx.audit_of(f"article:{number}")
    names = await talk.tx.names()
    lines: list[Line] = [talk.words("The history of #{id}:", id=number), bold(short(entry.article.headline))]
    if len(entries) > PAGE:
        lines.append(talk.words("… earlier: /log {id}", id=number))
    for day, acts in groupby(entries[-PAGE:], key=lambda act: _day(talk, act)):
        lines.append(bold(talk.words.day(day)))
        for act in acts:
            lines.append(_line(talk, names, act))
            if act.act == "article.edited":
                lines += _changes(talk.words, *await _versions(talk, number, int(act.detail["version"])))
    await talk.show(lines)


async def _versions(talk: Talk, number: int, version: int) -> tuple[Article, Article]:
    return await talk.tx.content(number, version - 1), await talk.tx.content(number, version)


def _changes(words: Words, old: Article, new: Article) -> list[Line]:
    changes = difference(old, new)
    lines = [line for change in changes[:CHANGES] for line in told(words, change, SIDE)]
    if len(changes) > CHANGES:
        lines.append("  " + words.plural("… and {n} more", "… and {n} more", len(changes) - CHANGES))
    return lines


def told(words: Words, change: Change, side: int | None = None) -> list[Line]:
    """Return the lines that tell a change, each of its sides cut to `side` characters; None: to none."""
    name = words(FIELDS.get(change.field, change.field))
    if not change.removed and not change.added:
        return [f"  {name}: " + words("looks different, reads the same")]
    sides = (("−", change.removed), ("+", change.added))
    shown = [(mark, _status(words, runs) if change.field == "status" else runs) for mark, runs in sides]
    return [
        f"  {name}:",
        *([Run(f"  {mark} "), *(_side(runs, side) if side else runs)] for mark, runs in shown if runs),
    ]


def _status(words: Words, runs: Paragraph) -> Paragraph:
    """Name the status as readers see it, not as it is stored."""
    return tuple(Run(words(STATUSES[Verification(run.text)]), bold=run.bold) for run in runs)


def _side(runs: Paragraph, most: int) -> list[Run]:
    """Cut one side of a change to what a phone shows."""
    left, kept = most, list[Run]()
    for run in runs:
        text = short(run.text, left) if run.text.strip() else run.text
        kept.append(Run(text, bold=run.bold))
        left -= len(text)
        if text != run.text or left <= 0:
            break
    return kept


def _line(talk: Talk, names: Names, entry: AuditEntry, times: int = 1, *, with_article: bool = False) -> str:
    """Return an entry such as `13:05 Olena · #12 approved`, on one line of a phone if it fits."""
    at = talk.words.time(_time(entry), talk.newsroom.timetable.zone)
    kind, _, number = entry.subject.partition(":")
    about = f"#{number} " if with_article and kind == "article" else ""
    often = f" ×{times}" if times > 1 else ""
    return f"{at} {_who(talk, names, entry.actor)} · {about}{_act(talk, names, entry)}{often}"


def _act(talk: Talk, names: Names, entry: AuditEntry) -> str:
    text = ACTS.get(entry.act, entry.act)
    told = {place: tell(talk, names, entry) for place, tell in PLACES.items() if f"{{{place}}}" in text}
    reason = str(entry.detail.get("reason") or "")
    return talk.words(text, **told) + (f" “{short(reason)}”" if reason else "")


def _when(talk: Talk, _names: Names, entry: AuditEntry) -> str:
    at = entry.detail.get("due") or entry.detail.get("at")
    return talk.when(datetime.fromisoformat(at)) if at else talk.words("never")


def _why(talk: Talk, _names: Names, entry: AuditEntry) -> str:
    reason = str(entry.detail.get("why"))
    return talk.words(WHY[reason]) if reason in WHY else why(talk.words, reason)


def _outlet(talk: Talk, _names: Names, entry: AuditEntry) -> str:
    key = str(entry.detail.get("outlet"))
    if key in PLATFORM_NAMES and not entry.detail.get("is_channel"):
        return talk.words("{platform}, readers", platform=PLATFORM_NAMES[Platform(key)])
    channel = talk.newsroom.channels.get(key)
    return (channel.title if channel else "") or key


def _name(_talk: Talk, names: Names, entry: AuditEntry) -> str:
    """Return the name of whom or what it is about: a person, a key by the log's own word, a feed by its key."""
    kind, _, number = entry.subject.partition(":")
    told = {"key": str(entry.detail.get("name") or number), "feed": number}
    return names.get(entry.subject) or told.get(kind, entry.subject)


def _role(talk: Talk, _names: Names, entry: AuditEntry) -> str:
    return talk.words(ROLES[Role(entry.detail["role"])])


#: Functions that fill the places of `ACTS`.
PLACES: Mapping[str, Callable[[Talk, Names, AuditEntry], str]] = {
    "change": lambda talk, _names, entry: talk.words(KINDS[ChangeKind(entry.detail["kind"])]),
    "version": lambda _talk, _names, entry: str(entry.detail.get("version")),
    "when": _when,
    "why": _why,
    "outlet": _outlet,
    "copies": lambda talk, _names, entry: talk.words.number(int(entry.detail.get("copies") or 0)),
    "role": _role,
    "pace": lambda talk, _names, entry: talk.words("paid") if entry.detail.get("paid") else talk.words("free"),
    "name": _name,
    "person": lambda _talk, names, entry: names.get(f"person:{entry.detail.get('person')}", "?"),
}


def _who(talk: Talk, names: Names, actor: str) -> str:
    """Name the person who acted. Older entries hold an address instead, or the name of Visnyk."""
    platform, _, identity = actor.partition(":")
    if actor in names:
        return names[actor]
    if actor == STRANGER:
        return talk.words("a stranger")
    return f"{PLATFORM_NAMES[Platform(platform)]} {short(identity, ADDRESS)}" if identity else talk.words("Visnyk")


def _sameness(entry: AuditEntry) -> tuple[object, ...]:
    """Return a key that is equal for refusals in a row: a thousand forged presses are one line and hide nothing."""
    refused = entry.act.endswith(".refused")
    return (entry.actor, entry.act, entry.detail.get("why")) if refused else (entry.id,)


def _time(entry: AuditEntry) -> datetime:
    return datetime.fromtimestamp(entry.at / 1000, UTC)


def _day(talk: Talk, entry: AuditEntry) -> date:
    return _time(entry).astimezone(talk.newsroom.timetable.zone).date()
