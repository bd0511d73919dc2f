"""Cards: an article as the desk sees it, under its post or alone, its line in the list and its outcomes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from bot.commands import expiring, left_out, outcomes, posts
from bot.commands.fit import ROWS, Part, Weight, clip, fitted, rows, weighed
from bot.commands.marks import STANDINGS, line_of
from bot.commands.obstacles import ON_CARD
from bot.commands.standing import standing
from bot.commands.talk import Key, Keys, Line, Talk, bold
from bot.domain import Article, Media, MediaKind, Run, Verification, plain
from bot.domain.buttons import (
    AskEarlier,
    AskEdit,
    AskTime,
    Cancel,
    DropPicture,
    NameOwn,
    PublishNow,
    SetPace,
    SetStatus,
    StopSending,
    Submit,
    TakeNext,
    Unpause,
)
from bot.domain.chat import Kind
from bot.domain.entry import Entry, EntryState
from bot.domain.evidence import Evidence
from bot.domain.life import Act, Stage
from bot.domain.links import deceits, odd_hosts
from bot.domain.readiness import Obstacle, Readiness, obstacles
from bot.domain.risk import Need
from bot.newsroom.card import Card, card_of
from bot.newsroom.forecast import Estimate, Reach
from bot.newsroom.newsroom import IN_HOUSE
from bot.newsroom.readiness import read
from bot.newsroom.refusals import of_the_first
from bot.newsroom.situation import Situation
from bot.texts import Words, text_id

#: A card fits a phone's screen: longer leads and headlines of others are cut, more teasers are counted.
LEAD = 90
LINE = 80
#: Characters of what is listed in one go, and of a teaser or an address, which has one line.
NAMES = 70
TEASER = 33
TEASERS = 2
#: Rows of a headline, and of what was noticed in a text.
HEADLINE = 2
NOTICED = 4
#: Changes after it went out.
CHANGES = 3
#: Characters of a rule's title, and of all that are named.
TITLE = 40
TITLES = 90

STAGES = {
    Stage.DRAFT: text_id("draft"),
    Stage.SUBMITTED: text_id("waiting for approval"),
    Stage.APPROVED: text_id("approved"),
    Stage.QUEUED: text_id("queued"),
    Stage.COUNTING: text_id("goes out in a few seconds"),
    Stage.HELD: text_id("on hold"),
    Stage.PUBLISHING: text_id("published"),
    Stage.PUBLISHED: text_id("published"),
    Stage.REJECTED: text_id("rejected"),
    Stage.CANCELLED: text_id("cancelled"),
}
#: Verification, in the words that readers and the desk see.
STATUSES = {
    Verification.CONFIRMED: text_id("✅ Confirmed"),
    Verification.SINGLE_SOURCE: text_id("⚠️ From one source, being checked"),
    Verification.DEVELOPING: text_id("🔄 Developing story"),
    Verification.DENIAL: text_id("❗ Denial"),
    Verification.OPINION: text_id("💬 Opinion"),
}
OWN_CORRESPONDENT = text_id("🖊 Source: own correspondent")


async def show(talk: Talk, number: int, *, redraw: bool = False, said: str = "") -> None:
    """The card of an article that nobody has looked at yet in this act, under what is `said` about it."""
    await show_card(talk, await read(talk.desk, number), redraw=redraw, said=said)


async def show_card(
    talk: Talk,
    situation: Situation,
    notices: Sequence[str] = (),
    *,
    redraw: bool = False,
    under: bool = False,
    whole: bool = False,
    asks_status: bool = False,
    said: str = "",
) -> None:
    """Show the card, under what is `said` first. `asks_status`: a status was typed in vain.

    `under`: it stands under the post, unless readers have that. `whole`: what does not fit it comes before it.
    """
    card = await card_of(talk.desk, situation, talk.reader)
    entry, words = card.entry, talk.words
    parts = [
        *weighed(Weight.NEEDED, [*([said] if said else []), *_head(talk, situation)]),
        *weighed(Weight.STANDING, expiring.lines(talk, entry)),
        *standing(talk, card),
        *_facts(words, entry.article),
    ]
    if entry.state in IN_HOUSE:
        parts += _needs(talk, situation)
        parts += _alike(words, card)
        parts += weighed(Weight.SEEN, _reach(words, card.reach))
        parts += weighed(Weight.SEEN, _estimates(words, card.estimates))
    parts += outcomes.parts(talk, card.reports)
    parts += weighed(Weight.NEEDED, corrections_of(talk.words, entry.article))
    if card.stars or entry.paid:
        parts.append((Weight.STANDING, _pace(words, entry, card.stars)))
    noticed, before = _noticed(words, entry, notices, parts)
    lines, left_out = fitted([*parts, *noticed], partial(more, talk, entry.id))
    if whole and (beside := _beside(words, entry.article, lines, left_out)):
        before = [words("More about #{id}:", id=entry.id), *beside, "", *before]
    keys = list(_keys(talk, card))
    if asks_status and entry.article.status is None and Evidence.STATUS not in situation.readiness.lacks.evidence:
        keys = [*status_keys(words, entry.id), *keys]
    kind, above = Kind.CARD, None
    if under and entry.state in IN_HOUSE:
        kind, keys, above = Kind.WHOLE, [*keys, posts.keys(talk, entry)], posts.above(talk, entry)
    await talk.show([*before, *lines], keys, redraw=redraw, article=entry.id, kind=kind, above=above)


def _beside(words: Words, article: Article, card: Sequence[Line], left_out: Sequence[Line]) -> list[Line]:
    """Return what the card has no room for, and all of a note that it cuts, which no post shows."""
    whole = note(words, article, len(article.note))
    if all(line in card for line in whole):
        return list(left_out)
    return [*(line for line in left_out if line not in note(words, article)), *whole]


def more(talk: Talk, number: int, count: int) -> Line:
    return talk.words.plural("… and {n} more line: /show {id}", "… and {n} more lines: /show {id}", count, id=number)


def _noticed(
    words: Words, entry: Entry, notices: Sequence[str], beside: Sequence[Part]
) -> tuple[list[Part], list[Line]]:
    """Return what was noticed in the text as parts of the card, or, if that has no room for it, as lines before it."""
    lines: list[Line] = [f"⚠️ {notice}" for notice in notices]
    if rows(lines) <= NOTICED or rows([*(line for _, line in beside), *lines]) <= ROWS:
        return weighed(Weight.NEEDED, lines), []
    return [], [words("Please note in the text of #{id}:", id=entry.id), *lines, ""]


async def redraw(talk: Talk, situation: Situation) -> None:
    """Show the new state on the card that was pressed, where the platform can; elsewhere the answer tells it."""
    if talk.message_id:
        await show_card(talk, situation, redraw=True, under=await is_under_post(talk, situation.entry.id))


async def replace_question(talk: Talk, situation: Situation) -> None:
    """Turn the question that was answered into the card, where the platform can."""
    if talk.message_id:
        await show_card(talk, situation, redraw=True)


async def is_under_post(talk: Talk, number: int) -> bool:
    """Return True if the card that was pressed, or answered, stands under its post."""
    shown = await talk.tx.newest_shown(talk.chat, number, talk.message_id) if talk.message_id else None
    return shown is not None and shown.kind is Kind.WHOLE


def corrections_of(words: Words, article: Article) -> list[Line]:
    """Return the latest changes of an article after it went out, as its readers see them."""
    return [line_of(words, each) for each in article.changes[-CHANGES:]]


def _head(talk: Talk, situation: Situation) -> list[Line]:
    entry, state = situation.entry, talk.words(STAGES[situation.readiness.stage])
    at = entry.published_at if entry.state is EntryState.PUBLISHED else entry.due_at
    if at is not None:
        state += f" · {talk.when(at)}"
    return [f"#{entry.id} · {state}", bold(clip(entry.article.headline, HEADLINE))]


def _facts(words: Words, article: Article) -> list[Part]:
    seen: list[Line] = [short(article.lead, LEAD)] if article.lead else []
    seen += [_joined(_parts(words, article))] if _parts(words, article) else []
    parts = weighed(Weight.SEEN, seen)
    if article.status is not None:
        parts.append((Weight.NEEDED, words(STATUSES[article.status])))
    if article.sources:
        names = [words("our own correspondent") if source.own else source.name for source in article.sources]
        parts.append((Weight.OURS, words("Source: {names}", names=short(", ".join(names), NAMES))))
    else:
        parts.append((Weight.STANDING, words("No source yet: add a line “source: …”")))
    parts += weighed(Weight.SEEN, _around(words, article))
    language = words("Language: {language}", language=words.language_name(article.language))
    parts.append((Weight.OURS, _joined([Run(language), *_urgent(words, article)])))
    return [*parts, *weighed(Weight.OURS, [*note(words, article), *_origin(article)])]


def note(words: Words, article: Article, limit: int = NAMES) -> list[Line]:
    """Return the note that readers never see, cut to `limit` characters."""
    text = short(" ".join(article.note.split()), limit)
    return [words("🗒 For the desk only: {note}", note=text)] if text else []


def _origin(article: Article) -> list[Line]:
    """Return the author and the date of the page that the text was copied from."""
    named = [each for each in (article.origin.author, article.origin.date) if each] if article.origin else []
    return ["✍️ " + short(" · ".join(named), NAMES)] if named else []


def _around(words: Words, article: Article) -> list[Line]:
    """Return the lines about what stands around the text: link, topics, teasers."""
    lines: list[Line] = []
    if article.about is not None:
        headline = short(article.about.headline, TEASER)
        line = words("Follow-up of #{id}: {headline}", id=article.about.number, headline=headline)
        said = STANDINGS.get(article.about.said)
        lines.append(f"{line} · {words(said)}" if said is not None else line)
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
    return lines


def _parts(words: Words, article: Article) -> list[Run]:
    """Return what the article has besides headline and lead, for one line."""
    parts = []
    if article.body:
        size = sum(len(plain(paragraph)) for paragraph in article.body)
        long = words.plural("{n} character", "{n} characters", size)
        parts.append(
            words.plural("Text: {n} paragraph, {long}", "Text: {n} paragraphs, {long}", len(article.body), long=long)
        )
    if article.media is not None:
        parts.append(_media(words, article.media))
    if article.video:
        parts.append(words("Marked: video"))
    return [Run(part) for part in parts]


def _media(words: Words, media: Media) -> str:
    if media.kind is MediaKind.ANIMATION:
        return words("GIF attached")
    if media.kind is MediaKind.VIDEO:
        return words("Video from an address, not kept") if media.is_loose else words("Video attached")
    return words("Photo from an address, not kept") if media.is_loose else words("Photo attached")


def _urgent(words: Words, article: Article) -> list[Run]:
    return [Run(words("Urgent"), bold=True)] if article.urgent else []


def _joined(parts: Sequence[Run]) -> Line:
    return [run for part in parts for run in (Run(" · "), part)][1:]


def _short_link(link: str) -> str:
    """Return the address as browsers show it; the previews have all of it."""
    shown = link.partition("://")[2] or link
    return shown if len(shown) <= TEASER else shown[:TEASER] + "…"


def _needs(talk: Talk, situation: Situation) -> list[Part]:
    """Return what the article still lacks, and what the risk rules ask of it."""
    readiness, in_the_way = situation.readiness, obstacles(situation.readiness, Act.NOW)
    lines: list[Line] = []
    # A missing source has a line among the facts, required or not.
    if Obstacle.UNPROVEN in in_the_way and Evidence.STATUS in readiness.lacks.evidence:
        lines.append(talk.words(ON_CARD[Obstacle.UNPROVEN]))
    if Obstacle.UNKEPT in in_the_way:
        lines.append(talk.words(ON_CARD[Obstacle.UNKEPT]))
    if Obstacle.UNSOUND in in_the_way:
        lines.append(talk.words(ON_CARD[Obstacle.UNSOUND], **of_the_first(readiness)))
    lines += risk(talk.words, readiness.need)
    lines += links(talk.words, situation.entry.article)
    if Obstacle.TOO_EARLY in in_the_way:
        lines.append(talk.words(ON_CARD[Obstacle.TOO_EARLY], when=talk.when(situation.earliest)))
    return weighed(Weight.NEEDED, lines)


def risk(words: Words, need: Need) -> list[Line]:
    """Return the risk rules that apply: as many titles as are read at a glance, and the number of the others."""
    titles = [short(title, TITLE) for title in need.because]
    if not titles:
        return []
    shown = [titles.pop(0)]
    while titles and len(", ".join([*shown, titles[0]])) <= TITLES:
        shown.append(titles.pop(0))
    why = ", ".join(shown)
    if titles:
        why += " " + words.plural("… and {n} more", "… and {n} more", len(titles))
    asked = words.plural("{n} approval: {why}", "{n} approvals: {why}", need.approvals, why=why)
    lines: list[Line] = [f"🛡 {asked if need.approvals else why}"]
    if need.unmasked:
        hidden = short(", ".join(need.unmasked), TITLES)
        lines.append(words("🔎 Found under marks or look-alike letters: {titles}", titles=hidden))
    return lines


def links(words: Words, article: Article) -> list[Line]:
    """Return what the links hide: another address than the words show, and addresses that imitate others."""
    lines: list[Line] = [
        words("🔗 The words “{text}” open another address: {host}", text=short(deceit.words, TEASER), host=deceit.host)
        for deceit in deceits(article)
    ]
    if odd := odd_hosts(article):
        hosts = short(", ".join(odd), NAMES)
        lines.append(words("🔗 Check the address, it may imitate another: {hosts}", hosts=hosts))
    return lines


def _alike(words: Words, card: Card) -> list[Part]:
    """Return the articles that look alike. The most similar comes first, because the last lines are left out first."""
    lines = [
        words(
            "⚠️ Looks like #{id} ({percent} %, {state}): {headline}",
            id=other.entry.id,
            percent=other.percent,
            state=words(STAGES[other.stage]),
            headline=short(other.entry.article.headline),
        )
        for other in card.alike
    ]
    return [*weighed(Weight.STANDING, lines[:1]), *weighed(Weight.OURS, lines[1:])]


def _reach(words: Words, reach: Sequence[Reach]) -> list[Line]:
    """Tell that an article goes to the readers of its language only."""
    names = outcomes.PLATFORM_NAMES
    return [
        words("🌐 {platform}: {n} of {all} readers read this language and get it", platform=names[each.platform],
              n=words.number(each.readers), all=words.number(each.all))
        for each in reach
    ]  # fmt: skip


def _estimates(words: Words, estimates: Sequence[Estimate]) -> list[Line]:
    names = outcomes.PLATFORM_NAMES
    return [
        words("⏳ {platform}, {n} readers: about {time} at the current rate", platform=names[estimate.platform],
              n=words.number(estimate.readers), time=words.duration(estimate.time))
        for estimate in estimates
    ]  # fmt: skip


def _pace(words: Words, entry: Entry, stars: int) -> str:
    if not stars:  # it is out, or nobody need be paid for
        return words("⭐ Paid rate")
    if entry.paid:
        return words.plural(
            "⭐ Paid rate: sending it to all readers costs about {n} Star",
            "⭐ Paid rate: sending it to all readers costs about {n} Stars",
            stars,
        )
    return words.plural(
        "Free rate. Up to 1,000 readers a second would cost about {n} Star",
        "Free rate. Up to 1,000 readers a second would cost about {n} Stars",
        stars,
    )


def _keys(talk: Talk, card: Card) -> Keys:
    if card.entry.state is EntryState.DRAFT and Act.EDIT in card.offered:
        return [*left_out.keys(talk.words, card.entry), *_act_keys(talk, card)]
    return _act_keys(talk, card)


def _act_keys(talk: Talk, card: Card) -> Keys:
    """Return the buttons of acts that would not be refused. What can't be taken back has a row of its own."""
    words, number, slot, offered = talk.words, card.entry.id, card.slot, card.offered
    version = card.entry.version
    edit = [Key(words("✏️ Edit"), AskEdit(number))] if Act.EDIT in offered else []
    cancel = [Key(words("✖️ Cancel"), Cancel(number))] if Act.CANCEL in offered else []
    readiness = card.situation.readiness
    if readiness.lacks.evidence or readiness.lacks.picture:
        return [*(_lacking_keys(words, readiness, number) if edit else ()), [*edit, *cancel]]
    # Half a phone's width holds some 18 characters.
    return [
        [Key(words("✏️ Change its first line"), AskEarlier(number))] if edit and readiness.lacks.truth else [],
        [*([Key(words("🕒 Set the time"), AskTime(number))] if Act.TIME in offered else []), *edit],
        [slot_key(talk, card.entry, slot)] if slot is not None else [],
        _pace_keys(words, card),
        [Key(words("🚀 Publish now"), PublishNow(number, version))] if Act.NOW in offered else [],
        [Key(words("📨 Submit for approval"), Submit(number))] if Act.SUBMIT in offered else [],
        [Key(words("▶️ Back to the queue"), Unpause(number))] if Act.GO_ON in offered else [],
        cancel,
        [Key(words("✋ Stop sending"), StopSending(number))] if Act.STOP_SENDING in offered else [],
    ]


def slot_key(talk: Talk, entry: Entry, slot: datetime) -> Key:
    """Return the button that gives the article this very slot."""
    return Key(talk.words("⏭ Next slot: {when}", when=talk.when(slot)), TakeNext(entry.id, slot, entry.version))


def _pace_keys(words: Words, card: Card) -> list[Key]:
    """Return the button for the other pace: what costs money is a person's choice, made for one article."""
    if Act.PACE not in card.offered:
        return []
    paid = card.entry.paid
    label = words("Free rate") if paid else words.plural("⭐ Paid: {n} Star", "⭐ Paid: {n} Stars", card.stars)
    return [Key(label, SetPace(card.entry.id, paid=not paid))]


def status_keys(words: Words, number: int) -> list[list[Key]]:
    """Return a button for each status."""
    rows = (
        (Verification.CONFIRMED, Verification.DENIAL),
        (Verification.SINGLE_SOURCE,),
        (Verification.DEVELOPING, Verification.OPINION),
    )
    return [[Key(words(STATUSES[each]), SetStatus(number, each)) for each in row] for row in rows]


def _lacking_keys(words: Words, readiness: Readiness, number: int) -> Keys:
    """Return the buttons for what the article lacks: without it nothing else can be done to the article."""
    keys: list[list[Key]] = []
    if Evidence.STATUS in readiness.lacks.evidence:
        keys += status_keys(words, number)
    if Evidence.SOURCE in readiness.lacks.evidence:
        keys.append([Key(words(OWN_CORRESPONDENT), NameOwn(number))])
    if readiness.lacks.picture:
        keys.append([Key(words("🖼 Without the picture"), DropPicture(number))])
    return keys


def list_line(talk: Talk, situation: Situation) -> Line:
    entry = situation.entry
    at = f"{talk.when(entry.due_at)} · " if entry.due_at is not None else ""
    state = talk.words(STAGES[situation.readiness.stage]) + " · "
    if entry.state is EntryState.QUEUED:
        state = talk.words("⚠️ not approved") + " · " if situation.is_unapproved else ""
    mark = "⚡ " if entry.article.urgent else ""
    return [Run(f"#{entry.id} · {at}{state}{mark}"), Run(short(entry.article.headline), bold=True)]


def short(text: str, limit: int = LINE) -> str:
    """Return at most `limit` characters and an ellipsis, cut between words where there are any."""
    return text if len(text) <= limit else text[:limit].rsplit(" ", 1)[0].rstrip(" ,;:—–-.") + "…"
