"""What the desk sees of an article: its card, its previews, its line in the list, what became of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from bot import aftermath, lineup
from bot.aftermath import Report
from bot.commands.causes import why
from bot.commands.standing import missing, standing
from bot.commands.talk import Key, Keys, Line, Link, Talk, bold
from bot.domain import Article, MediaKind, Platform, Preview, Run, Verification, plain
from bot.domain.chat import Kind
from bot.domain.entry import Entry, EntryState
from bot.domain.evidence import Evidence
from bot.domain.ledger import Dispatch, DispatchState
from bot.domain.life import Stage
from bot.forecast import Estimate
from bot.newsroom import IN_HOUSE
from bot.storage import Tally
from bot.texts import Words, text_id

#: A card fits a phone's screen: longer leads and headlines of others are cut, more teasers are counted.
LEAD = 90
LINE = 80
#: Of what is listed in one go, and of a teaser or an address, which has one line.
NAMES = 70
TEASER = 33
TEASERS = 2
ALIKE_SHOWN = 3

STAGES = {
    Stage.DRAFT: text_id("draft"),
    Stage.SUBMITTED: text_id("waits for approval"),
    Stage.APPROVED: text_id("approved"),
    Stage.QUEUED: text_id("queued"),
    Stage.COUNTING: text_id("goes out in a moment"),
    Stage.HELD: text_id("on hold"),
    Stage.PUBLISHING: text_id("published"),
    Stage.PUBLISHED: text_id("published"),
    Stage.REJECTED: text_id("rejected"),
    Stage.CANCELLED: text_id("cancelled"),
}
#: How far an article is checked, as readers see it and the desk too.
STATUSES = {
    Verification.CONFIRMED: text_id("✅ Confirmed"),
    Verification.SINGLE_SOURCE: text_id("⚠️ From one source, being checked"),
    Verification.DEVELOPING: text_id("🔄 Developing story"),
    Verification.DENIAL: text_id("❗ Denial"),
    Verification.OPINION: text_id("💬 Opinion"),
}
OWN_CORRESPONDENT = text_id("🖊 Source: own correspondent")
PLATFORM_NAMES = {Platform.TELEGRAM: "Telegram", Platform.VIBER: "Viber"}


async def show_card(talk: Talk, entry: Entry, notices: Sequence[str] = (), *, redraw: bool = False) -> None:
    lines = [
        *await _head(talk, entry),
        *_expiry(talk, entry),
        *await standing(talk, entry),
        *_facts(talk.words, entry.article),
        *(_needs(talk, entry) if entry.state in IN_HOUSE else []),
        *(f"⚠️ {notice}" for notice in notices),
    ]
    if entry.state is EntryState.PUBLISHED:
        lines += outcome(talk, await aftermath.report(talk.tx, entry.id))
    elif entry.state in IN_HOUSE:
        lines += await _alike(talk, entry)
        lines += _estimates(talk.words, talk.newsroom.estimates(entry))
    stars = await talk.newsroom.stars(talk.tx, entry.article) if entry.state in IN_HOUSE else 0
    if stars or entry.paid:
        lines.append(_pace(talk.words, entry, stars))
    await talk.show(lines, await _keys(talk, entry, stars), redraw=redraw, article=entry.id, kind=Kind.CARD)


async def redraw(talk: Talk, entry: Entry) -> None:
    """The card that was pressed shows the new state, where the platform can; elsewhere the answer says it."""
    if talk.message_id:
        await show_card(talk, entry, redraw=True)


async def show_previews(talk: Talk, entry: Entry) -> None:
    """Each platform's post exactly as readers get it."""
    for platform in talk.newsroom.platforms:
        name = PLATFORM_NAMES[platform]
        await talk.say("How readers on {platform} will see #{id}:", platform=name, id=entry.id)
        await talk.preview(Preview(entry.id, entry.version, platform))


async def _head(talk: Talk, entry: Entry) -> list[Line]:
    state = await _stage(talk, entry)
    at = entry.published_at if entry.state is EntryState.PUBLISHED else entry.due_at
    if at is not None:
        state += f" · {talk.when(at)}"
    return [f"#{entry.id} · {state}", bold(short(entry.article.headline, LEAD))]


async def _stage(talk: Talk, entry: Entry) -> str:
    return talk.words(STAGES[await talk.newsroom.stage(talk.tx, entry, talk.now)])


def _expiry(talk: Talk, entry: Entry) -> list[Line]:
    if entry.expires_at is None or entry.state not in IN_HOUSE:
        return []
    return [talk.words("Expires {when}", when=talk.when(entry.expires_at))]


def _facts(words: Words, article: Article) -> list[Line]:
    lines: list[Line] = [short(article.lead, LEAD)] if article.lead else []
    lines += [_joined(_parts(words, article))] if _parts(words, article) else []
    if article.status is not None:
        lines.append(words(STATUSES[article.status]))
    if article.sources:
        names = [words("our own correspondent") if source.own else source.name for source in article.sources]
        lines.append(words("Source: {names}", names=short(", ".join(names), NAMES)))
    else:
        lines.append(words("No source yet: add a line “source: …”"))
    if article.link:
        lines.append(words("Link: {url}", url=_short_link(article.link)))
    if article.topics:
        lines.append(words("Topics: {topics}", topics=short(", ".join(article.topics), NAMES)))
    lines += [
        words("Related: {headline}", headline=short(item.headline, TEASER) + (" 🎬" if item.video else ""))
        for item in article.related[:TEASERS]
    ]
    if len(article.related) > TEASERS:
        lines.append(words.plural("… and {n} more", "… and {n} more", len(article.related) - TEASERS))
    lines.append(_joined([Run(words("Language: {language}", language=article.language)), *_urgent(words, article)]))
    if article.note:
        lines.append(words("🗒 For the desk only: {note}", note=short(article.note, NAMES)))
    return lines


def _parts(words: Words, article: Article) -> list[Run]:
    """What there is besides headline and lead, on one line."""
    parts = []
    if article.body:
        size = sum(len(plain(paragraph)) for paragraph in article.body)
        parts.append(
            words.plural("Text: {n} paragraph, {size} characters", "Text: {n} paragraphs, {size} characters",
                         len(article.body), size=words.number(size))
        )  # fmt: skip
    if article.media is not None:
        parts.append(words("Photo attached") if article.media.kind is MediaKind.PHOTO else words("Video attached"))
    if article.video:
        parts.append(words("Marked: video"))
    return [Run(part) for part in parts]


def _urgent(words: Words, article: Article) -> list[Run]:
    return [Run(words("Urgent"), bold=True)] if article.urgent else []


def _joined(parts: Sequence[Run]) -> Line:
    return [run for part in parts for run in (Run(" · "), part)][1:]


def _short_link(link: str) -> str:
    """As browsers show it; the previews have all of it."""
    shown = link.partition("://")[2] or link
    return shown if len(shown) <= TEASER else shown[:TEASER] + "…"


def _needs(talk: Talk, entry: Entry) -> list[Line]:
    """What it still lacks, and what the risk rules ask of it."""
    words, newsroom = talk.words, talk.newsroom
    lines: list[Line] = []
    if Evidence.STATUS in newsroom.gate.lacking(entry.article):
        lines.append(words("No status yet: press how far it is checked"))
    need, opens = newsroom.need(entry), newsroom.gate.opens_at(entry)
    if need.because:
        why = ", ".join(need.because)
        asked = words.plural("{n} approval: {why}", "{n} approvals: {why}", need.approvals, why=why)
        lines.append(f"🛡 {asked if need.approvals else why}")
    if opens is not None and opens > talk.now:
        lines.append(words("⏳ Not before {when}", when=talk.when(opens)))
    return lines


async def _alike(talk: Talk, entry: Entry) -> list[Line]:
    return [
        talk.words("⚠️ Looks like #{id} ({percent} %, {state}): {headline}", id=other.id, percent=percent,
                   state=await _stage(talk, other), headline=short(other.article.headline))
        for other, percent in (await lineup.alike(talk.newsroom, talk.tx, entry, talk.now))[:ALIKE_SHOWN]
    ]  # fmt: skip


def _estimates(words: Words, estimates: Sequence[Estimate]) -> list[Line]:
    return [
        words("⏳ {platform}, {n} readers: about {time} at today's pace", platform=PLATFORM_NAMES[estimate.platform],
              n=words.number(estimate.readers), time=words.duration(estimate.time))
        for estimate in estimates
    ]  # fmt: skip


def _pace(words: Words, entry: Entry, stars: int) -> str:
    if not stars:  # it is out, or nobody need be paid for
        return words("⭐ Paid pace")
    if entry.paid:
        return words.plural(
            "⭐ Paid pace: sending it to all readers costs about {n} Star",
            "⭐ Paid pace: sending it to all readers costs about {n} Stars",
            stars,
        )
    return words.plural(
        "Free pace. Up to 1,000 readers a second would cost about {n} Star",
        "Free pace. Up to 1,000 readers a second would cost about {n} Stars",
        stars,
    )


async def _keys(talk: Talk, entry: Entry, stars: int) -> Keys:
    if entry.state not in IN_HOUSE:
        return ()
    words, args = talk.words, {"article": entry.id}
    edit, cancel = Key(words("✏️ Edit"), "ask_edit", args), Key(words("✖️ Cancel"), "cancel", args)
    if lacking := talk.newsroom.gate.lacking(entry.article):
        return [*_evidence_keys(words, lacking, args), [edit, cancel]]
    slot = None if entry.article.urgent else await talk.newsroom.free_slot(talk.tx, entry, talk.now)
    # Half a phone's width holds some 18 characters; what can't be taken back has a row of its own.
    return [
        [Key(words("🕒 Set the time"), "ask_time", args), edit],
        [Key(words("⏭ Next slot: {when}", when=talk.when(slot)), "next", args)] if slot is not None else [],
        _pace_keys(words, entry, stars),
        await _way_out(talk, entry),
        [Key(words("▶️ Back to the queue"), "unpause", args)] if _has_its_time_still(talk, entry) else [],
        [cancel],
    ]


def _has_its_time_still(talk: Talk, entry: Entry) -> bool:
    """Held, and nothing but somebody's word keeps it from going out when it was to."""
    due = entry.due_at if entry.state is EntryState.HELD else None
    return due is not None and due > talk.now and not talk.newsroom.gate.obstacle(entry, due)


def _pace_keys(words: Words, entry: Entry, stars: int) -> list[Key | Link]:
    """What costs money is somebody's own choice, for this article."""
    args = {"article": entry.id, "paid": not entry.paid}
    if entry.paid:
        return [Key(words("Free pace"), "pace", args)]
    label = words.plural("⭐ Paid: {n} Star", "⭐ Paid: {n} Stars", stars)
    return [Key(label, "pace", args)] if stars else []


async def _way_out(talk: Talk, entry: Entry) -> list[Key | Link]:
    """Nobody is offered what would be refused: what is not approved is submitted, and then waits."""
    args = {"article": entry.id}
    if not await missing(talk, entry):
        opens = talk.newsroom.gate.opens_at(entry)
        return [] if opens is not None and talk.now < opens else [Key(talk.words("🚀 Publish now"), "now", args)]
    if await talk.tx.open_review(entry.id) is None:
        return [Key(talk.words("📨 Submit for approval"), "submit", args)]
    return []


def _evidence_keys(words: Words, lacking: Collection[Evidence], args: Mapping[str, Any]) -> Keys:
    """Before it has them, nothing else can be done to it than to name them."""
    keys: list[list[Key]] = []
    if Evidence.STATUS in lacking:
        rows = (
            (Verification.CONFIRMED, Verification.DENIAL),
            (Verification.SINGLE_SOURCE,),
            (Verification.DEVELOPING, Verification.OPINION),
        )
        keys += [[Key(words(STATUSES[each]), "set_status", {**args, "status": each}) for each in row] for row in rows]
    if Evidence.SOURCE in lacking:
        keys.append([Key(words(OWN_CORRESPONDENT), "name_own", args)])
    return keys


async def list_line(talk: Talk, entry: Entry) -> Line:
    at = f"{talk.when(entry.due_at)} · " if entry.due_at is not None else ""
    state = "" if entry.state is EntryState.QUEUED else f"{await _stage(talk, entry)} · "
    if entry.state is EntryState.QUEUED and await missing(talk, entry):
        state = talk.words("⚠️ not approved") + " · "
    mark = "⚡ " if entry.article.urgent else ""
    return [Run(f"#{entry.id} · {at}{state}{mark}"), Run(short(entry.article.headline), bold=True)]


def short(text: str, limit: int = LINE) -> str:
    """At most `limit` characters and an ellipsis, cut between words where there are any."""
    return text if len(text) <= limit else text[:limit].rsplit(" ", 1)[0].rstrip(" ,;:—–-.") + "…"


def outcome(talk: Talk, reports: Sequence[Report]) -> list[Line]:
    return [_report_line(talk, report) for report in reports]


def _report_line(talk: Talk, report: Report) -> Line:
    words, dispatch = talk.words, report.dispatch
    name = outlet_name(talk, dispatch)
    if report.tally is not None:
        return f"{name}: {_tally(words, report)}"
    runs = [Run(f"{name}: {words(CHANNEL_STATES[dispatch.state])}")]
    if dispatch.link:
        runs += [Run(", "), Run(words("open the post"), link=dispatch.link)]
    if dispatch.state is DispatchState.STOPPED and dispatch.reason:
        runs.append(Run(f" ({why(words, dispatch.reason)})"))
    return runs


def outlet_name(talk: Talk, dispatch: Dispatch) -> str:
    platform = PLATFORM_NAMES[dispatch.platform]
    if dispatch.channel is None:
        return talk.words("{platform}, readers", platform=platform)
    channel = talk.newsroom.channels.get(dispatch.channel)
    title = (channel.title if channel else "") or dispatch.channel
    return talk.words("{platform}, channel “{title}”", platform=platform, title=title)


CHANNEL_STATES = {
    DispatchState.READY: text_id("waiting to be sent"),
    DispatchState.SENDING: text_id("being sent"),
    DispatchState.DELIVERED: text_id("posted"),
    DispatchState.IN_DOUBT: text_id("unknown whether it appeared, see /doubts"),
    DispatchState.STOPPED: text_id("not posted"),
    DispatchState.RUNNING: text_id("being sent"),
    DispatchState.DONE: text_id("posted"),
}


def _tally(words: Words, report: Report) -> str:
    tally = report.tally
    assert tally is not None
    if not tally.audience:
        return words("nobody has subscribed yet")
    parts = tally_parts(words, tally)
    if report.dispatch.state is DispatchState.STOPPED:
        parts.append(words("stopped: {reason}", reason=why(words, report.dispatch.reason)))
    return ", ".join(parts)


def tally_parts(words: Words, tally: Tally) -> list[str]:
    parts = [words("{n} delivered", n=words.number(tally.delivered))]
    for count, text in (
        (tally.gone, text_id("{n} gone")),
        (tally.failed, text_id("{n} not accepted")),
        (tally.in_doubt, text_id("{n} in doubt")),
        (tally.waiting, text_id("{n} still to come")),
    ):
        if count:
            parts.append(words(text, n=words.number(count)))
    return parts
