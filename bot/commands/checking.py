"""/check: whether something is really ours, what differs, and what to do; a forwarded post needs no command."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta

from bot.commands import cards, likeness, reading
from bot.commands.official import line_of
from bot.commands.talk import Key, Line, Link, Talk
from bot.domain import Forward, Media, Run, Said
from bot.domain.change import Standing
from bot.domain.entry import Entry
from bot.domain.genuine import ALTERED_FROM, Difference, Verdict, host_of, read
from bot.domain.official import Account, own
from bot.readers import genuine, lookalikes, proofs
from bot.readers.genuine import SHORT, Asked, Found
from bot.storage import Queries
from bot.texts import text_id

#: Texts that one person may compare in a span.
CHECKS, WITHIN = 20, timedelta(hours=1)
#: Words below which there is nothing to compare.
LEAST = 4
#: Differences that are shown, and characters of each.
SHOWN, LONG = 3, 160

SAYS: Mapping[Verdict, str] = {
    Verdict.SAME: text_id("✅ Yes, this is ours, word for word:"),
    Verdict.LETTERS: text_id(
        "🟡 It reads like ours, but letters were swapped for look-alikes: {words}. Rather read the original:"
    ),
    Verdict.MARKS: text_id("🟡 The words are ours, the punctuation is not. The original:"),
    Verdict.EXCERPT: text_id("🟡 This is a part of our text, word for word. Read all of it:"),
    Verdict.GAPS: text_id("🟡 This is ours, but shortened. What was left out stands below; all of it:"),
    Verdict.ADDED: text_id("🔴 Somebody added words to our text. Please don't pass it on. The original:"),
    Verdict.ALTERED: text_id("🔴 This was altered: we wrote something else. Please don't pass it on. The original:"),
    Verdict.RETOLD: text_id("⚪ This is not our text. The nearest of ours:"),
}
#: What became of an article since the text that was recognised. A later version of a sound one adds to it.
SINCE: Mapping[Standing, str] = {
    Standing.SOUND: text_id("🟡 This is an earlier version of ours. The newest:"),
    Standing.CHECKING: text_id("⚠️ This is ours, and we are checking it right now. Please don't pass it on for now:"),
    Standing.CORRECTED: text_id(
        "🟡 This was ours, and we have corrected it since. What was wrong, and how it reads now:"
    ),
    Standing.RETRACTED: text_id("⛔ We published this and took it back. Please don't pass it on:"),
    Standing.EXPIRED: text_id("⌛ This is ours, but its time is over, and we took it off:"),
}
FOREIGN = text_id(
    "🔴 The words are ours, but the link is not: {hosts}. Don't open it, and don't pass it on. The original:"
)
LITTLE = text_id("🟡 Such a short piece says little: these words are in our article, but see what stands around them:")
SEVERAL = text_id(
    "🟡 Such a short piece says little: these words stand in several articles of ours. The latest of them:"
)
UNKNOWN = text_id("⚪ We have not published this. That does not mean that it is false: we only know our own news.")
NOT_BY_US = text_id(
    "🟡 This post is in our channel, but the newsroom's own record does not know it. Ask the newsroom about it."
)
IMITATION = text_id("🔴 This is not our channel: {name} only looks like ours, {ours}.")
COPIED = text_id("🟡 The words of this post itself are ours. The original:")
OUR_PLACE = text_id("🔗 This is our own:")
TOO_SHORT = text_id("That is too little to compare. Send the whole text, or forward the post itself.")
NO_LINKS = text_id("I don't open links. Send the text of the post, or forward the post itself.")
NO_PICTURES = text_id("I can't read pictures. Send the text, or forward the post itself.")
OUR_LINK = text_id("🔗 This link opens our own post:")
HOW = text_id("Forward a post to me, or paste its text after the command, like this: /check text")


async def typed(talk: Talk, runs: Sequence[Run], media: Media | None) -> None:
    """Check what came with the command."""
    said = Said(tuple(runs), media)
    if not said.text.strip():
        if not await pictured(talk, media, is_asked=True):
            await talk.say(NO_PICTURES if media is not None or talk.untaken is not None else HOW)
        return
    await check(talk, said)


async def pictured(talk: Talk, media: Media | None, *, is_asked: bool) -> bool:
    """Say what a picture without words is; return False, and say nothing, if nobody looked at it, or it is none of ours
    and was not asked about.
    """
    entries = await likeness.seen(talk, media) if media is not None and await _rests_until(talk) is None else None
    if entries is None or not (entries or is_asked):
        return False
    first = entries[0] if entries else None
    await _note(talk, first.id if first else 0, first.version if first else 0)
    await talk.show(likeness.answer(talk, entries), await original(talk, first) if first else ())
    return True


async def check(talk: Talk, said: Said) -> None:
    """Say what a text is beside ours, unless this person asked very often."""
    if (again := await _rests_until(talk)) is not None:
        await talk.say("That is 20 checks within an hour. Ask again: {when}.", when=again)
        return
    text = read(said.text)
    if len(text.words) < LEAST:
        await _check_link(talk, said.text, [*text.links, *_links(said)])
        return
    found = await _found(talk, said)
    # What is only told like an article of ours is not followed up.
    is_ours = found.verdict is not Verdict.RETOLD
    await _note(talk, found.article if is_ours else 0, found.version if is_ours else 0)
    await _show(talk, said, found)


async def recognised(talk: Talk, said: Said) -> bool:
    """Say what a text is if it came from ours; return False, and say nothing, if it did not."""
    if await _rests_until(talk) is not None:
        return False
    found = await _found(talk, said)
    if found.verdict.rank > Verdict.ALTERED.rank:
        return False
    await _note(talk, found.article, found.version)
    await _show(talk, said, found)
    return True


async def ours(talk: Talk, said: Said) -> list[str]:
    """Return the remark for the desk that a forwarded post is ours; nothing if it is not, word for word."""
    found = await _found(talk, said)
    if found.verdict is not Verdict.SAME:
        return []
    return [talk.words("This is #{id} of ours, version {version}.", id=found.article, version=found.version)]


async def _found(talk: Talk, said: Said) -> Found:
    posted = await genuine.posted_as(talk.tx, talk.newsroom, said.forward) if said.forward is not None else None
    return await genuine.find(talk.tx, talk.newsroom, Asked(said.text, tuple(_links(said)), posted))


def _links(said: Said) -> list[str]:
    return [run.link for run in said.runs if run.link]


async def _check_link(talk: Talk, text: str, links: Sequence[str]) -> None:
    """Say whether a link, or a channel by its name, is ours. Nothing is fetched."""
    number = await proofs.opened(talk.tx, talk.newsroom.press.record, links) if links else 0
    number = number or (await genuine.linked(talk.tx, links) if links else 0)
    entry = await talk.tx.entry(number) if number else None
    if entry is None:
        await _check_place(talk, lookalikes.accounts_in(text, links), is_link=bool(links))
        return
    await _note(talk, number, entry.version)
    await talk.show([talk.words(OUR_LINK), reading.headline(talk, entry)])


async def _check_place(talk: Talk, seen: Sequence[Account], *, is_link: bool) -> None:
    """Say whether the channels that were named are ours."""
    await _note(talk, 0, 0)
    ours = [mine for each in seen if (mine := own(talk.newsroom.accounts, each)) is not None]
    imitation = await _imitation(talk, seen)
    if imitation:
        await talk.show([*imitation, *_our_channels(talk)])
    elif ours:
        await talk.show([talk.words(OUR_PLACE), *(line_of(talk.words, each) for each in ours)])
    elif seen:
        await talk.show([talk.words(NO_LINKS), *_our_channels(talk)])
    else:
        await talk.say(NO_LINKS if is_link else TOO_SHORT)


async def _imitation(talk: Talk, seen: Sequence[Account]) -> list[Line]:
    """Return the line that a channel only looks like ours, where that is no chance; the desk is told of any other."""
    if (found := lookalikes.imitation(talk.newsroom, seen)) is None:
        return []
    account, imitated = found
    await _later(talk, lambda tx: lookalikes.note(tx, account, imitated, talk.now))
    if not imitated.likeness.is_certain:
        return []
    name, ours = (f"@{each.name}" if each.name else f"“{each.title}”" for each in (account, imitated.ours))
    return [talk.words(IMITATION, name=name, ours=ours)]


async def _rests_until(talk: Talk) -> object | None:
    """Return from when this person may ask again; None: right now."""
    checks = await talk.tx.checks_since(talk.person, talk.now - WITHIN, CHECKS)
    return checks[-1] + WITHIN if len(checks) >= CHECKS else None


async def _note(talk: Talk, article: int, version: int) -> None:
    """Count the check, and remember which article it was about. The text is not kept."""

    async def note(tx: Queries) -> None:
        await tx.note_check(talk.person, article, version, talk.now, talk.words.language)

    await _later(talk, note)


async def _later(talk: Talk, note: Callable[[Queries], Awaitable[None]]) -> None:
    """Write something down, with the answer where that only reads."""
    if talk.answer is not None:
        talk.answer.also(note)
    else:
        await note(talk.tx)


async def _show(talk: Talk, said: Said, found: Found) -> None:
    entry = await talk.tx.entry(found.article) if found.article else None
    forward, mine = said.forward, _ours(talk, said.forward)
    imitation = await _imitation(talk, _seen(said))
    if entry is None:
        by_hand = mine is not None and forward is not None and forward.post
        unknown = talk.words(NOT_BY_US if by_hand else UNKNOWN)
        await talk.show([*imitation, unknown, *_our_channels(talk), *_cut(talk, found)])
        return
    first = _said_first(talk, found, entry, is_copied=bool(imitation))
    lines: list[Line] = [*imitation, *first, reading.headline(talk, entry), *_differences(talk, found)]
    lines += _origin(talk, forward, mine)
    if said.media is not None and not (mine is not None and found.verdict is Verdict.SAME):
        lines.append(await likeness.beside(talk, said.media, entry.id))
    lines += _cut(talk, found)
    await talk.show(lines, await original(talk, entry))


def _ours(talk: Talk, forward: Forward | None) -> Account | None:
    """Return the account of ours that a post was forwarded from, where the platform proves that."""
    return own(talk.newsroom.accounts, lookalikes.account_of(forward)) if forward is not None else None


def _seen(said: Said) -> list[Account]:
    """Return the channels and bots that a message came from, names or leads to."""
    origin = [lookalikes.account_of(said.forward)] if said.forward is not None else []
    return [*origin, *lookalikes.accounts_in(said.text, [*read(said.text).links, *_links(said)])]


async def original(talk: Talk, entry: Entry) -> list[list[Key | Link]]:
    """Return the button that opens an article of ours, on its page or in a channel; none if no address is known."""
    link = entry.article.link or await talk.tx.post_link(entry.id)
    return [[Link(talk.words("Open the original"), link)]] if link else []


def _said_first(talk: Talk, found: Found, entry: Entry, *, is_copied: bool) -> list[Line]:
    """Return the verdict and what became of the article since, the most serious first.

    `is_copied`: it stands in a channel that only looks like ours, and is not called ours.
    """
    is_same = found.verdict is Verdict.SAME
    verdict, since = talk.words(COPIED) if is_copied and is_same else _verdict(talk, found), _since(found, entry)
    if not since or found.verdict is Verdict.RETOLD:
        return [verdict]
    note = entry.article.changes[-1].note if entry.article.changes else ""
    became: list[Line] = [talk.words(since), *([note] if note else [])]
    if found.verdict is Verdict.SAME:
        return became
    return [verdict, *became] if found.verdict.rank >= Verdict.ADDED.rank else [*became, verdict]


def _since(found: Found, entry: Entry) -> str:
    """Return what became of the article since the version that was recognised; empty if it stands as it was."""
    standing, is_older = entry.article.standing, found.version < entry.version
    if standing in (Standing.RETRACTED, Standing.CHECKING) or is_older:
        return SINCE[standing]
    return ""


def _cut(talk: Talk, found: Found) -> list[Line]:
    return [talk.words("Only the first 20,000 characters were compared.")] if found.cut else []


def _verdict(talk: Talk, found: Found) -> str:
    words = talk.words
    if found.foreign and found.judged.verdict.rank < Verdict.ADDED.rank:
        return words(FOREIGN, hosts=", ".join(dict.fromkeys(map(host_of, found.foreign))))
    if found.verdict is Verdict.EXCERPT and found.words < SHORT:
        return words(SEVERAL if found.several else LITTLE)
    if found.verdict is Verdict.LETTERS:
        swapped = dict.fromkeys(f"“{each.theirs}”" for each in found.judged.differences)
        return words(SAYS[Verdict.LETTERS], words=", ".join(list(swapped)[:SHOWN]))
    return words(SAYS[found.verdict])


def _differences(talk: Talk, found: Found) -> list[Line]:
    """Return what differs, here and in ours; of an excerpt, what we wrote around it."""
    words, judged = talk.words, found.judged
    lines: list[Line] = []
    # What has only a template in common with ours is shown where it differs; what was retold differs everywhere.
    is_retold = found.verdict is Verdict.RETOLD and judged.share < ALTERED_FROM
    if is_retold or judged.verdict in (Verdict.LETTERS, Verdict.SAME):
        return lines
    if judged.before:
        lines.append(words("Before it we wrote: “{text}”", text=_short(judged.before)))
    if judged.after:
        lines.append(words("After it we wrote: “{text}”", text=_short(judged.after)))
    for difference in judged.differences[:SHOWN]:
        lines += _difference(talk, difference)
    if found.foreign and judged.verdict.rank >= Verdict.ADDED.rank:
        hosts = ", ".join(dict.fromkeys(map(host_of, found.foreign)))
        lines.append(words("🔗 A link that is not ours, don't open it: {hosts}", hosts=hosts))
    return lines


def _difference(talk: Talk, difference: Difference) -> list[Line]:
    words = talk.words
    lines: list[Line] = []
    if difference.theirs:
        lines.append(words("✖️ Here: “{text}”", text=_short(difference.theirs)))
    if difference.ours:
        lines.append(words("✔️ In ours: “{text}”", text=_short(difference.ours)))
    return lines


def _short(text: str) -> str:
    return cards.short(" ".join(text.split()), LONG)


def _origin(talk: Talk, forward: Forward | None, mine: Account | None) -> list[Line]:
    """Say whether a post was forwarded from us, where the platform proves that."""
    if forward is not None and mine is not None:
        return [talk.words("It came from our own bot." if forward.bot else "It was forwarded from our channel.")]
    if forward is None or not forward.chat:
        return []
    return [talk.words("It was forwarded from “{name}”, a channel that is not ours.", name=forward.name)]


def _our_channels(talk: Talk) -> list[Line]:
    mastheads = talk.newsroom.press.mastheads
    masthead = mastheads.get(talk.words.language, mastheads[talk.newsroom.press.default])
    links = [link for link in (masthead.telegram, masthead.viber, masthead.site) if link]
    return [talk.words("Our own places: {links}", links=", ".join(links))] if links else []
