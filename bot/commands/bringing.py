"""Bringing: what feeds hold comes to the desk as drafts, and what changed at its source as a new text or a word."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.commands import cards, drafts, pages, source
from bot.commands.switchboard import Switchboard
from bot.commands.talk import Talk
from bot.domain.attention import Matter, When, hearing
from bot.domain.entry import EntryState
from bot.domain.feeds import Brought
from bot.domain.grounds import Unasked
from bot.domain.life import Act
from bot.domain.news import SourceChanged
from bot.domain.parse import Parsed
from bot.domain.patience import Urge
from bot.domain.people import Role
from bot.errors import Refused
from bot.ingest.drafting import runs_of
from bot.ingest.feeds import Unclaimed
from bot.ingest.page import Page
from bot.ingest.subscription import Feed, Fresh
from bot.newsroom import review, writing
from bot.newsroom.overtaken import OPEN
from bot.newsroom.readiness import read, read_for
from bot.newsroom.roster import read_roster
from bot.newsroom.situation import Situation
from bot.storage import Queries
from bot.texts import text_id

#: States in which a story that changed at its source is still somebody's business.
_ALIVE = OPEN | {EntryState.PUBLISHED}


class Bringing:
    """The desk's hand for feeds: whoever a feed's drafts go to counts as their author.

    By night, off duty or muted, they are not rung: what came meanwhile stands in the digest when they are back.
    """

    def __init__(self, board: Switchboard) -> None:
        self._board = board

    async def bring(self, tx: Queries, feed: Feed, page: Page, now: datetime) -> Brought:
        """Make a draft of an item and show its card. What is no article is only known. Raises `Unclaimed`."""
        talk = await self._talk(tx, feed, now)
        try:
            async with tx.undone_by(Refused):
                return await _draft(talk, feed, page)
        except Refused:
            return Brought()

    async def change(self, tx: Queries, feed: Feed, page: Page, before: Brought, now: datetime) -> Brought:
        """Give an untouched draft its new text; else tell once that there is one. Raises `Unclaimed`."""
        assert before.article is not None
        talk = (await self._talk(tx, feed, now)).about_article(before.article)
        try:
            async with tx.undone_by(Refused):
                return await _change(talk, feed, page, before)
        except Refused:
            return before

    async def skipped(self, tx: Queries, feed: Feed, found: Fresh, now: datetime, *, first: bool) -> None:
        """Say that not everything new became a draft."""
        text = text_id(
            "📡 The feed “{feed}” brought more than one reads at once. Its newest became drafts: {taken}. Only noted: "
            "{skipped}."
        )
        text_first = text_id(
            "📡 The feed “{feed}” is read for the first time. Its newest became drafts: {taken}. Older ones, only "
            "noted: {skipped}. From now on all that is new comes."
        )
        talk = await self._talk(tx, feed, now)
        if not await _is_there(talk):  # /feeds shows how many are known, and how many became drafts
            return
        await talk.say(text_first if first else text, feed=feed.key, taken=len(found.new), skipped=found.skipped)

    async def _talk(self, tx: Queries, feed: Feed, now: datetime) -> Talk:
        if feed.to.platform not in self._board.platforms:
            raise Unclaimed
        talk = await self._board.to(tx, feed.to, now)
        if not talk.may(Role.REPORTER):
            raise Unclaimed
        return replace(talk, unasked=Unasked(must_arrive=True, urge=Urge.MUST))


async def _is_there(talk: Talk) -> bool:
    """True if a draft may ring this person now. It waits for nobody else, so it keeps until they are back."""
    roster = await read_roster(talk.desk)
    told = hearing(Matter.WORK, roster.listeners([talk.me], least=Role.REPORTER), can_wait=True)
    return told[talk.me.id] is When.NOW


async def _draft(talk: Talk, feed: Feed, page: Page) -> Brought:
    parsed = pages.parsed_of(talk, page)
    situation = await _expiring(talk, await writing.draft(talk.desk, parsed.article), page)
    entry = situation.entry
    talk = talk.about_article(entry.id)
    remarks = [talk.words("From the feed “{feed}”.", feed=feed.key)]
    if feed.submit:
        situation, refused = await _submitted(talk, situation)
        remarks += refused
    await _show(talk, situation, parsed, remarks)
    return Brought(entry.id, entry.version)


async def _expiring(talk: Talk, situation: Situation, page: Page) -> Situation:
    """Let the draft expire when its feed says so, be it in the past: it then goes out only if somebody decides that."""
    at = page.times.expires and page.times.expires.replace(second=0, microsecond=0)
    if at is None or at == situation.entry.expires_at:
        return situation
    return await writing.expire(talk.desk, situation, at)


async def _submitted(talk: Talk, situation: Situation) -> tuple[Situation, list[str]]:
    """Ask the desk about it; what may not be asked stays a draft, and the card says why."""
    try:
        async with talk.tx.undone_by(Refused):
            return await review.submit(talk.desk, situation.entry.id), []
    except Refused as refusal:
        return situation, [talk.words(refusal.text, **refusal.values)]


async def _show(talk: Talk, situation: Situation, parsed: Parsed, remarks: list[str]) -> None:
    if not await _is_there(talk):
        return
    notices = await drafts.notices_of(talk, parsed, situation.entry.article)
    await cards.show_card(talk, situation, [*remarks, *notices])


async def _change(talk: Talk, feed: Feed, page: Page, before: Brought) -> Brought:
    assert before.article is not None
    situation = await read(talk.desk, before.article)
    entry, parsed = situation.entry, pages.parsed_of(talk, page)
    if entry.state is EntryState.DRAFT and entry.version == before.version:
        situation = await read_for(talk.desk, entry.id, Act.EDIT)
        situation = await _expiring(talk, await writing.rewrite(talk.desk, situation, parsed.article), page)
        remark = talk.words("The story changed at its source; the draft has its new text.")
        await _show(talk, situation, parsed, [remark])
        return replace(before, version=situation.entry.version)
    is_out = entry.state is EntryState.PUBLISHED
    if entry.state not in _ALIVE or (before.is_told and not is_out):
        return before
    told = SourceChanged(entry.id, parsed.article.headline, page.address, entry.version, runs_of(page))
    if await _is_there(talk):
        await source.tell(talk, told)
    else:
        await talk.desk.announce(told)
    return replace(before, is_told=True)
