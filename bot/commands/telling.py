"""Telling the desk unasked: news, who edits what, countdowns, the progress of a sending."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial

import structlog

from bot.commands import afterwords, countdown, progress, review, shared_editing, topics
from bot.commands.notices import NOTICES
from bot.commands.ringing import following, phones, tell_due
from bot.commands.switchboard import Switchboard
from bot.commands.talk import Talk
from bot.domain import Address, Run, Screen, Sender
from bot.domain.attention import When
from bot.domain.chat import View
from bot.domain.entry import Notice
from bot.domain.grounds import Unasked, unasked
from bot.domain.news import BackOnDuty, News, Submitted
from bot.domain.patience import Urge
from bot.domain.people import Role, allowed
from bot.errors import Damaged, LogAltered, NotStored
from bot.newsroom.desk import Desk
from bot.newsroom.forecast import Progress
from bot.newsroom.hearers import hearers, hearing_countdown, hearing_progress, is_still_so, put_off
from bot.newsroom.roster import Roster, read_roster
from bot.storage import Queries
from bot.texts import Words

log = structlog.get_logger(__name__)


class Telling:
    """The newsreader. No update causes any of this: the alarm clock does."""

    def __init__(self, switchboard: Switchboard) -> None:
        self._board = switchboard

    async def tell_desk(self, tx: Queries, now: datetime) -> None:
        """Put what happened into the words of each person of the desk."""
        notices, kept = await tx.to_be_told(now), await tx.take_put_off(now)
        if not notices and not kept:
            return
        roster = await read_roster(self._desk(tx, now))
        questions = [notice for notice in notices if isinstance(notice.news, Submitted)]
        if len(questions) > 1 and await self._are_asked(tx, roster, questions):
            for notice in questions:
                await tx.told(notice.id, now)
            notices = [notice for notice in notices if notice not in questions]
        for notice in notices:
            if notice.news is None or not await self._is_told(tx, roster, notice.id, notice.news):
                log.error("notice_put_aside", notice=notice.id, code=notice.code)
                await self._tell_what_is_put_aside(tx, notice.code, now)
            await tx.told(notice.id, now)
            if isinstance(notice.news, BackOnDuty):
                kept += [(each, notice.news.person) for each in await tx.take_kept_for(notice.news.person)]
        for notice, member in kept:
            await self.tell_later(tx, roster, notice, member)

    async def _are_asked(self, tx: Queries, roster: Roster, notices: Sequence[Notice]) -> bool:
        """Ask everybody about several articles at once. False if that broke: then each is asked by itself."""
        talks: dict[tuple[Address, int], Talk] = {}
        asked: dict[tuple[Address, int], list[Submitted]] = {}
        try:
            async with tx.undone_by(Exception):
                for notice in notices:
                    assert isinstance(notice.news, Submitted)
                    for talk in await self._audience(tx, roster, notice.id, notice.news):
                        place = talk.chat, talk.place.thread
                        talks[place] = replace(talk, unasked=Unasked(must_arrive=True, urge=Urge.MUST))
                        asked.setdefault(place, []).append(notice.news)
                for place, news in asked.items():
                    await review.ask_several(talks[place], news)
        except (NotStored, LogAltered):
            raise
        except Exception:
            log.exception("questions_broke", articles=[notice.id for notice in notices])
            return False
        return True

    async def _is_told(self, tx: Queries, roster: Roster, number: int, news: News) -> bool:
        """Return False if it broke and nobody was told. `number`: of the notice."""
        try:
            async with tx.undone_by(Exception):
                for talk in await self._audience(tx, roster, number, news):
                    await NOTICES[type(news)](replace(talk, unasked=unasked(news, number)), news)
        except (NotStored, LogAltered):
            raise
        except Exception:
            # News that cannot be told must not hold up all that comes after it.
            log.exception("notice_broke", code=news.code)
            return False
        return True

    async def tell_later(self, tx: Queries, roster: Roster, notice: Notice, member: int) -> None:
        """Tell one member what others were told before, if it is still so."""
        person, news = roster.people.numbered(member), notice.news
        if news is None or person is None or not allowed(person, news.least):
            return
        if not await is_still_so(self._desk(tx, roster.now), news):
            return
        with suppress(Damaged):  # whoever was told first knows of it
            for chat in await phones(self._board, tx, [person], news, roster.now):
                talk = await self._board.to(tx, chat, roster.now)
                await NOTICES[type(news)](replace(talk, unasked=unasked(news, notice.id)), news)

    async def _tell_what_is_put_aside(self, tx: Queries, code: str, now: datetime) -> None:
        for chat in await self._board.chats(tx, Role.EDITOR):
            talk = await self._board.to(tx, chat, now)
            await talk.say("Something happened that Visnyk cannot tell you ({what}). Its log says more.", what=code)

    async def tell_again(self, tx: Queries, now: datetime) -> None:
        """Tell single chats what is due to be told there by itself."""
        await tell_due(self._board, tx, now)

    async def tell_askers(self, tx: Queries, now: datetime) -> None:
        """Tell those who asked about a text what became of its article since."""
        await afterwords.tell(self._board, tx, now)

    async def _audience(self, tx: Queries, roster: Roster, notice: int, news: News) -> list[Talk]:
        """The people who hear it now; the desk's groups, and in those with topics the topic of an article. Others are
        noted for later.
        """
        now, number = roster.now, await topics.article_about(tx, news)
        desk = self._desk(tx, now)
        told = await hearers(desk, roster, news, number)
        await put_off(desk, roster, notice, news, told)
        people = [each for each in roster.people.team() if told.get(each.id) is When.NOW]
        chats = await phones(self._board, tx, people, news, now)
        chats += [each for each in news.outsiders if each not in chats and each.platform in self._board.platforms]
        talks = [await self._board.to(tx, chat, now) for chat in chats]
        for talk in await self._board.to_groups(tx, now):
            if number is not None and news.in_topic and talk.place.is_forum:
                talks.append(talk.about_article(number))
            elif news.in_groups:
                talks.append(talk)
        return talks

    def _desk(self, tx: Queries, now: datetime) -> Desk:
        return Desk(self._board.newsroom, tx, now)

    async def owners(self, read: Queries) -> dict[Address, Words]:
        """Return the chats of the owners, each with its language."""
        chats = await self._board.chats(read, Role.OWNER)
        return {chat: await self._board.words_of(read, chat) for chat in chats}

    def alarm(self, words: Words, what: str) -> Screen:
        """Return the screen for an owner while something is not done. It is built without the store."""
        text = words(
            "⚠️ Visnyk is not doing its work: {what} keeps failing. Its log says why; please look now.", what=what
        )
        return Screen((Run(text),))

    async def show_edits(self, tx: Queries, now: datetime) -> None:
        """Bring what stands on phones up to date: who edits an article, and what an act of the desk changed."""
        for change in await shared_editing.changes(tx, now):
            with suppress(Damaged):
                await shared_editing.bring_up_to_date(tx, change, partial(self._board.in_chat, tx, now=now))

    async def count_down(self, tx: Queries, now: datetime) -> None:
        """Tell what goes out in a moment, and how that ended, to whoever has a part in it, and where it was said."""
        ticks = await tx.due_ticks(now)
        roster = await read_roster(self._desk(tx, now)) if ticks else None
        for running in ticks:
            assert roster is not None
            people = await hearing_countdown(self._desk(tx, now), roster, running.article_id)
            for chat in await following(self._board, tx, people, countdown.name_of(running), running.chat):
                person = running.person if chat == running.chat else chat
                talk = replace(await self._board.talk(tx, Sender(person), chat, now), unasked=Unasked())
                with suppress(Damaged):  # it is held and told when it is due
                    await countdown.show(talk.about_article(running.article_id), running)
            if running.ended is not None:
                await tx.forget_countdown(running.article_id)
            else:
                await tx.tick_again(running.article_id, max(now, running.ends_at) + countdown.OVERDUE)

    async def show_progress(self, tx: Queries, now: datetime) -> list[View]:
        """Return the progress of each large sending to readers, as each who has a part in it is shown it."""
        forecast = self._board.newsroom.forecast
        messages, desk = await tx.progress_messages(), self._desk(tx, now)
        begun = {article_id for article_id, _ in messages}
        under_way: dict[int, list[Progress]] = {article_id: [] for article_id in begun}
        for one in await forecast.under_way(tx):
            if one.dispatch.article_id in begun or forecast.is_large(one):
                under_way.setdefault(one.dispatch.article_id, []).append(one)
        halted, roster = await tx.is_halted(), await read_roster(desk) if under_way else None
        views = []
        for article_id, found in under_way.items():
            try:
                entry = await tx.entry(article_id)
            except Damaged:
                continue
            assert entry is not None and roster is not None
            people = await hearing_progress(desk, roster, article_id)
            shown = [chat for about, chat in messages if about == article_id]
            for person in dict.fromkeys((*self._board.chats_of(people), *shown)):
                screen = progress.screen(await self._board.words_of(tx, person), entry, found, halted=halted)
                views.append(View(article_id, person, screen, is_over=not found))
        return views
