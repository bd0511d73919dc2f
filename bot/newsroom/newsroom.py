"""What can be asked of the newsroom, whoever asks. Each act is one step of the caller's transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

import structlog

from bot.domain import Address, Article, Channel, Fit, Pace, Platform, Press, Timetable
from bot.domain.audit import SYSTEM
from bot.domain.countdown import Countdown, Ended
from bot.domain.entry import Entry, EntryState
from bot.domain.life import Act, Stage
from bot.domain.people import Person, Role, allowed
from bot.domain.review import DeskRules
from bot.domain.risk import Need
from bot.domain.times import next_slot
from bot.errors import NotAllowed, Refused
from bot.newsroom import countdown
from bot.newsroom.approval import Approval
from bot.newsroom.forecast import Estimate, Forecast
from bot.newsroom.gap import free_at, spaced_time
from bot.newsroom.gate import Gate
from bot.newsroom.stages import check, stage_of
from bot.storage import Queries

log = structlog.get_logger(__name__)

#: How many articles /latest shows.
LATEST = 5
#: In these states an article waits in the house.
IN_HOUSE = frozenset({EntryState.DRAFT, EntryState.SUBMITTED, EntryState.QUEUED, EntryState.HELD})


class Newsroom:
    def __init__(
        self,
        timetable: Timetable,
        channels: Sequence[Channel],
        readers: Mapping[Platform, str],
        press: Press,
        rules: DeskRules,
        forecast: Forecast,
        similar_within: timedelta,
        paces: Mapping[Platform, Pace],
        gate: Gate,
        fit: Callable[[Article, Platform], Fit],
    ) -> None:
        """`readers`: which articles a platform's readers get, "all", "urgent" or "none"; only platforms that are on.

        `fit`: what of an article has room in a platform's posts.
        """
        self.timetable = timetable
        self.channels = {channel.key: channel for channel in channels if channel.platform in readers}
        self.platforms = tuple(readers)
        self.press = press
        self.rules = rules
        self.gate = gate
        self.approval = Approval(self.need, self._targets)
        self.forecast = forecast
        self.similar_within = similar_within
        self.fit = fit
        self._readers = readers
        self._paces = paces

    # The queue

    async def draft(self, tx: Queries, article: Article, author: Address, now: datetime) -> Entry:
        article_id = await tx.add_article(article, author, now)
        entry = await self.entry(tx, article_id)
        await self.record(tx, author, "article.drafted", entry, now)
        log.info("article_drafted", article=article_id)
        return entry

    async def entry(self, tx: Queries, article_id: int) -> Entry:
        entry = await tx.entry(article_id)
        if entry is None:
            raise Refused("There is no article #{id}. /list shows what is waiting.", id=article_id)
        return entry

    async def edit(self, tx: Queries, article_id: int, article: Article, author: Address, now: datetime) -> Entry:
        """A new version. Its time stays; what the desk was asked or had rejected is a draft again."""
        entry = await self.entry_for(tx, article_id, Act.EDIT, now)
        if article == entry.article:
            raise Refused("Nothing changed: article #{id} reads like that already.", id=article_id)
        await tx.add_version(entry, article, author, now)
        new = await self.entry(tx, article_id)
        await self.record(tx, author, "article.edited", new, now)
        await tx.draw_anew(article_id, author)
        if new.topic != entry.topic:
            await tx.rename_topics(article_id, new.topic)
        await self.approval.void(tx, entry, "changed", now)
        if entry.state in (EntryState.SUBMITTED, EntryState.REJECTED):
            await tx.move(entry, EntryState.DRAFT, now)
            new = await self.entry(tx, article_id)
        # The text stands; what it lacks now must not go out at its time.
        if new.state is EntryState.QUEUED and new.due_at is not None and (why := self.gate.obstacle(new, new.due_at)):
            await self._hold(tx, new, why, now)
            new = await self.entry(tx, article_id)
        return new

    async def schedule(self, tx: Queries, article_id: int, at: datetime, person: Address, now: datetime) -> Entry:
        entry = await self.entry_for(tx, article_id, Act.TIME, now)
        at = await spaced_time(tx, entry, at, self.timetable.gap, self._channel_keys)
        return await self.set_time(tx, entry, at, person, now)

    async def set_time(self, tx: Queries, entry: Entry, at: datetime, person: Address, now: datetime) -> Entry:
        """Exactly this one. Approvals were given for another."""
        self.check_complete(entry)
        self.gate.check_hold(entry, at)
        if entry.expires_at is not None and at >= entry.expires_at:
            raise Refused("#{id} expires before that. Change it first: /edit {id} expires: -", id=entry.id)
        await self.record(tx, person, "article.scheduled", entry, now, due=at.isoformat())
        if at != entry.due_at:
            await self.approval.void(tx, entry, "changed", now)
        await tx.move(entry, EntryState.QUEUED, now, due_at=at)
        await tx.draw_anew(entry.id, person)
        return await self.entry(tx, entry.id)

    async def expire(self, tx: Queries, entry: Entry, at: datetime | None, person: Address, now: datetime) -> Entry:
        """From `at` on it is not published; None: it does not expire."""
        await tx.set_expiry(entry.id, at)
        await self.record(tx, person, "article.expiry_set", entry, now, at=at.isoformat() if at else None)
        return await self.entry(tx, entry.id)

    async def set_pace(self, tx: Queries, article_id: int, person: Address, now: datetime, *, paid: bool) -> Entry:
        """How fast readers get it: at the free pace, or at the one that is paid for."""
        entry = await self.entry_for(tx, article_id, Act.TIME, now)
        if paid and not self._priced(entry.article):
            raise Refused("Nothing is paid for here: `paid` under [pace.telegram] in newsroom.toml is off.")
        await tx.set_paid(entry.id, paid)
        await self.record(tx, person, "article.pace_set", entry, now, paid=paid)
        return await self.entry(tx, entry.id)

    def _channel_keys(self, article: Article) -> set[str]:
        return {channel.key for channel in self._channels_of(article)}

    async def free_slot(self, tx: Queries, entry: Entry, now: datetime) -> datetime | None:
        """The next posting time that no queued article has and that this one may take."""
        taken = await tx.taken_times()
        opens = self.gate.opens_at(entry)
        # A slot at that very minute is one of those after the minute before.
        after = now if opens is None else max(now, opens - timedelta(minutes=1))
        return next_slot(self.timetable.slots, after=after, zone=self.timetable.zone, taken=taken)

    async def take_slot(self, tx: Queries, article_id: int, person: Address, now: datetime) -> Entry:
        entry = await self.entry_for(tx, article_id, Act.TIME, now)
        self.check_complete(entry)
        at = await self.free_slot(tx, entry, now)
        if at is None:
            raise Refused("newsroom.toml names no posting times. Name a time yourself: /at {id} 18:30", id=article_id)
        return await self.schedule(tx, article_id, at, person, now)

    async def publish(
        self, tx: Queries, article_id: int, person: Address, now: datetime, chat: Address | None = None
    ) -> Entry:
        """After the time for undo; without one, or when it is urgent, at once: then the dispatches are made in this
        transaction, and delivery hears of them at its commit. `chat`: where the person says so.
        """
        entry = await self.entry_for(tx, article_id, Act.NOW, now)
        await self._check_can_leave(tx, entry, now)
        self.gate.check_hold(entry, now)
        if missing := await self.approval.missing(tx, entry, None, now):
            raise Refused(
                "#{id} may not go out at once: approvals missing: {n}. /submit {id} asks the desk; "
                "an approval for a time holds for that time only.",
                id=article_id,
                n=missing,
            )
        if self.rules.undo and not entry.article.urgent:
            await countdown.begin(tx, entry, person, chat or person, now + self.rules.undo, now)
            await self.record(tx, person, "article.counting", entry, now)
        else:
            await self._publish(tx, entry, person, now)
        return await self.entry(tx, article_id)

    async def publish_alone(self, tx: Queries, entry: Entry, person: Address, now: datetime) -> None:
        """On one person's word: without approval and without a time for undo."""
        await self._check_can_leave(tx, entry, now)
        await self._publish(tx, entry, person, now)

    async def _check_can_leave(self, tx: Queries, entry: Entry, now: datetime) -> None:
        if await tx.is_halted():
            raise Refused(
                "Everything is halted: nothing goes out. /resume first, or time it: /at {id} 18:30", id=entry.id
            )
        self.check_complete(entry)
        if entry.expires_at is not None and now >= entry.expires_at:
            raise Refused("#{id} has expired. Change it first: /edit {id} expires: -", id=entry.id)

    async def undo(self, tx: Queries, article_id: int, by: Person, now: datetime) -> Entry:
        """Stopped before anything left: it is again what it was."""
        entry = await self.entry_for(tx, article_id, Act.UNDO, now)
        running = await tx.countdown(article_id)
        assert running is not None
        await countdown.stop(tx, running, by.title, now)
        await self.record(tx, by.addresses[0], "article.undone", entry, now)
        return await self.entry(tx, article_id)

    async def cancel(self, tx: Queries, article_id: int, person: Address, now: datetime) -> Entry:
        entry = await self.entry_for(tx, article_id, Act.CANCEL, now)
        await tx.close_review(article_id, "cancelled", now)
        by = await tx.person_at(person)
        assert by is not None
        await tx.end_countdown(article_id, Ended.STOPPED, by.title, now)
        await tx.void_approvals(article_id, "cancelled", now)
        await tx.move(entry, EntryState.CANCELLED, now)
        await tx.draw_anew(article_id, person)
        await self.record(tx, person, "article.cancelled", entry, now)
        told = {
            "article": article_id,
            "by": by.id,
            "name": by.title,
            "to": await self.approval.concerned(tx, article_id),
        }
        await tx.announce("cancelled", told, now)
        return await self.entry(tx, article_id)

    async def publish_due(self, tx: Queries, now: datetime) -> int:
        """What is due goes out together; what is too late or has nowhere to go asks the desk. Returns how many left."""
        published = 0
        if await tx.is_halted():
            return published
        for entry in await tx.due(now):
            counted = await tx.countdown(entry.id)
            if why := await self._obstacle(tx, entry, counted, now):
                await self._hold(tx, entry, why, now)
            elif (free := await self._free_at(tx, entry, now)) > now:
                await self._keep_back(tx, entry, free, now)
            else:
                await self._publish(tx, entry, counted.person if counted is not None else SYSTEM, now)
                published += 1
        return published

    async def _obstacle(self, tx: Queries, entry: Entry, counted: Countdown | None, now: datetime) -> str:
        """Why an article that is due does not go out now; empty: nothing is in its way."""
        assert entry.due_at is not None
        if entry.expires_at is not None and now >= entry.expires_at:
            return "expired"
        if now - max(entry.due_at, entry.not_before or entry.due_at) > self.timetable.stale_after:
            return "stale"
        if not self.outlets(entry.article):
            return "nowhere"
        if why := self.gate.obstacle(entry, now):
            return why
        if counted is not None and not allowed(await tx.person_at(counted.person), Role.EDITOR):
            return "unauthorised"
        if await self.approval.missing(tx, entry, None if counted is not None else entry.due_at, now):
            return "unapproved"
        if counted is None and not await self.approval.stands(tx, entry, entry.due_at, now):
            return "orphaned"
        return ""

    async def _free_at(self, tx: Queries, entry: Entry, now: datetime) -> datetime:
        """Who says "publish" means it: only what was timed before keeps the gap."""
        if entry.state is EntryState.COUNTING:
            return now
        return await free_at(tx, entry, now, self.timetable.gap, self._channel_keys)

    async def _keep_back(self, tx: Queries, entry: Entry, until: datetime, now: datetime) -> None:
        """Its time is what was approved and stays; it just does not leave before `until`."""
        await tx.keep_back(entry.id, until)
        await tx.announce("kept_back", {"article": entry.id, "until": until.timestamp()}, now)
        log.info("article_kept_back", article=entry.id, seconds=round((until - now).total_seconds()))

    async def _hold(self, tx: Queries, entry: Entry, kind: str, now: datetime) -> None:
        await tx.move(entry, EntryState.HELD, now, due_at=entry.due_at)
        await tx.close_review(entry.id, "held", now)
        await tx.end_countdown(entry.id, Ended.HELD, "", now)
        assert entry.due_at is not None
        late = round((now - entry.due_at).total_seconds())
        await tx.tell_desk(f"{kind}:{entry.id}:{entry.due_at}", kind, {"article": entry.id, "late": late}, now)
        await self.record(tx, SYSTEM, "article.held", entry, now, why=kind)
        log.warning("article_held", article=entry.id, why=kind, late_seconds=late)

    async def _publish(self, tx: Queries, entry: Entry, actor: Address | str, now: datetime) -> None:
        silent = not entry.article.urgent and self.timetable.is_quiet(now)
        for channel in self._channels_of(entry.article):
            await tx.add_channel_dispatch(entry, channel.platform, channel.key, now, silent=silent)
        for platform in self._reader_platforms(entry.article):
            await tx.add_audience_dispatch(entry, platform, now, silent=silent)
        await tx.move(entry, EntryState.PUBLISHED, now)
        await tx.close_review(entry.id, "published", now)
        await tx.end_countdown(entry.id, Ended.PUBLISHED, "", now)
        await self.record(tx, actor, "article.published", entry, now, outlets=self.outlets(entry.article))
        log.info("article_published", article=entry.id, version=entry.version)

    def estimates(self, entry: Entry) -> list[Estimate]:
        """What of its sending to readers would take long."""
        return self.forecast.before(self._reader_platforms(entry.article), paid=entry.paid)

    async def record(
        self, tx: Queries, actor: Address | str, act: str, entry: Entry, now: datetime, **more: object
    ) -> None:
        """Bound to the content by its hash: the log says what exactly went out."""
        detail = {"version": entry.version, "sha256": entry.article.sha256, **more}
        await tx.record(actor, act, f"article:{entry.id}", detail, now)

    def outlets(self, article: Article) -> list[str]:
        """Where an article would go: keys of channels, then platforms whose readers get it."""
        return [*(c.key for c in self._channels_of(article)), *self._reader_platforms(article)]

    def _targets(self, article: Article) -> list[str]:
        """The same with each channel's own address: a key that came to stand for another channel is another target."""
        channels = [f"{c.key} {c.platform}:{c.chat}" for c in self._channels_of(article)]
        return [*channels, *self._reader_platforms(article)]

    def _channels_of(self, article: Article) -> list[Channel]:
        return [channel for channel in self.channels.values() if channel.takes(article)]

    def _reader_platforms(self, article: Article) -> list[Platform]:
        wanted = {"all", "urgent"} if article.urgent else {"all"}
        return [platform for platform, push in self._readers.items() if push in wanted]

    async def stars(self, tx: Queries, article: Article) -> int:
        """About how many Stars it costs to send an article to its readers at the paid pace; 0: that is not on offer."""
        priced = self._priced(article)
        return sum([self._paces[platform].stars(await tx.count_readers(platform)) for platform in priced])

    def _priced(self, article: Article) -> list[Platform]:
        return [platform for platform in self._reader_platforms(article) if self._paces[platform].paid]

    def check_complete(self, entry: Entry) -> None:
        """It names what it must, and has somewhere to go."""
        self.gate.check_evidence(entry)
        if not self.outlets(entry.article):
            raise Refused(
                "Article #{id} has nowhere to go: no channel in newsroom.toml takes its language and topics, "
                "and readers get nothing of it. Change the article with /edit {id}, or newsroom.toml.",
                id=entry.id,
            )

    async def entry_for(self, tx: Queries, article_id: int, act: Act, now: datetime) -> Entry:
        """The article, if `act` can be done to it in its stage; refuses with why it can't."""
        entry = await self.entry(tx, article_id)
        check(act, await self.stage(tx, entry, now), article_id)
        return entry

    async def stage(self, tx: Queries, entry: Entry, now: datetime) -> Stage:
        return await stage_of(tx, self.approval, entry, now)

    def need(self, entry: Entry) -> Need:
        """What this article needs before it may go out: the one place that answers."""
        return self.gate.need(entry.article)

    def check_editor(self, entry: Entry, person: Person | None) -> None:
        """Editors change every article, reporters their own drafts."""
        untimed = entry.state in (EntryState.DRAFT, EntryState.SUBMITTED, EntryState.REJECTED)
        own = person is not None and entry.author in person.addresses and untimed
        if not allowed(person, Role.REPORTER if own else Role.EDITOR):
            raise NotAllowed("A reporter changes only their own drafts. Ask an editor about #{id}.", id=entry.id)

    # For readers, and for us

    async def latest(self, tx: Queries) -> list[Entry]:
        return await tx.latest(LATEST)

    async def housekeeping(self, tx: Queries, now: datetime) -> None:
        """Forget what nobody needs: handled updates after two days, buttons a week after they went stale, and which
        message showed what."""
        await tx.forget_inbox(now - timedelta(days=2))
        await tx.forget_buttons(now - timedelta(days=7))
        await tx.forget_shown(now - timedelta(days=7))
