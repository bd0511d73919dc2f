"""Sends what we owe to chats: answers, cards, previews, news for the desk; in each chat in order."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.adapters.base import Messenger, Receipt, Turn
from bot.delivery.fault import guarded, tell_fault
from bot.delivery.health import Breaker, backoff
from bot.delivery.kinds import posting
from bot.delivery.limiter import Lane, Limiter
from bot.delivery.topics import Topics
from bot.domain import Article, Platform, Press, Preview, Run, Screen, outgoing_from_json
from bot.domain.entry import Owed
from bot.domain.ledger import Missing
from bot.domain.news import PostRefused
from bot.domain.patience import Leave, Urge, leave, room_from
from bot.errors import InDoubt, NoTopic, NotSent, Rejected, SendError, Wait
from bot.storage import Queries, Store
from bot.worker import Worker, end

log = structlog.get_logger(__name__)

#: Replies looked at together.
BATCH = 100
#: Seconds after which to look again if nothing rings: for postponed replies, or a store that recovered.
REST = 1.0


class Overtaken(Exception):
    """The ground of a reply changed while it waited for its turn."""


class Replies:
    """One platform's replies. An answer of unknown outcome is not repeated: the person who misses it asks again.

    What must arrive is repeated until it surely has.
    """

    def __init__(
        self,
        messengers: Mapping[Platform, Messenger],
        platform: Platform,
        store: Store,
        press: Press,
        limiter: Limiter,
        breaker: Breaker,
        *,
        judge: Callable[[SendError | None], None],
        now: Callable[[], datetime],
    ) -> None:
        """`judge` is told how each reply ended that tells of the platform; None: it was answered."""
        self._messengers = messengers
        self._messenger = messengers[platform]
        self._store = store
        self._press = press
        self._limiter = limiter
        self._breaker = breaker
        self._judge = judge
        self._topics = Topics(self._messenger, store, now=now)
        self._now = now
        self._room = max(1, min(BATCH, int(limiter.per_second(paid=False))))
        self._tasks: set[asyncio.Task[None]] = set()
        self.worker = Worker(f"replies-{platform}", self._step)
        self.start = self.worker.start
        self.wake = self.worker.wake

    async def stop(self, patience: float) -> None:
        await self.worker.finish()
        await end(list(self._tasks), patience)

    async def _step(self) -> float | None:
        """Starts each chat's next reply; marked before it leaves, so that a restart does not repeat it."""
        is_probe = False
        if self._limiter.held and not (is_probe := self._limiter.may_probe()):
            return self._limiter.next_probe
        due = await self._store.read.owed(self._messenger.platform, self._now(), BATCH)
        if overtaken := [reply for reply in due if reply.is_overtaken]:
            await self._store.write(lambda tx: _drop_overtaken(tx, overtaken, self._now()))
            due = [reply for reply in due if not reply.is_overtaken]
        if self._messenger.traits.counts_unanswered:
            due = await self._bearable(due)
        waits = {reply.id: self._limiter.wait_of(reply.chat.id) for reply in due}
        # What has started is lost at a crash: no more of them than leave in a moment, and none whose chat must wait.
        room = 1 if is_probe else max(0, self._room - len(self._tasks))
        owed = [reply for reply in due if not waits[reply.id]][:room]
        if owed:
            await self._store.write(lambda tx: tx.start_replies([reply.id for reply in owed], self._now()))
        for reply in owed:
            task = asyncio.create_task(self._serve(reply, is_probe=is_probe))
            self._tasks.add(task)
            task.add_done_callback(self._served)
        if not await self._store.read.owes(self._messenger.platform):
            return None
        return min([REST, *(wait for wait in waits.values() if wait)])

    async def _bearable(self, due: Sequence[Owed]) -> list[Owed]:
        """Return what may leave now to people who answer nothing; the rest waits, or they are spared it."""
        now, unasked = self._now(), [reply for reply in due if reply.urge is not Urge.ANSWER]
        sent = await self._store.read.unanswered(self._messenger.platform, now) if unasked else {}
        verdicts = {reply.id: leave(reply.urge, len(sent.get(reply.chat.id, ()))) for reply in unasked}
        kept_back = [reply for reply in unasked if verdicts[reply.id] is not Leave.NOW]
        if not kept_back:
            return list(due)

        async def keep_back(tx: Queries) -> None:
            for reply in kept_back:
                if verdicts[reply.id] is Leave.ASIDE:
                    await tx.spare(reply, now)
                else:
                    await tx.postpone_reply(reply.id, room_from(reply.urge, sent[reply.chat.id]))

        await self._store.write(keep_back)
        return [reply for reply in due if reply not in kept_back]

    def _served(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        tell_fault(task, "reply_failed", platform=self._messenger.platform)
        self.wake()

    async def _serve(self, reply: Owed, *, is_probe: bool) -> None:
        # A reply that can't be shown must not hold up those behind it.
        wait = await guarded(self._serve_one(reply, is_probe=is_probe), lambda _fault: self._drop(reply))
        if wait is None:
            await self._drop(reply)
        else:
            until = self._now() + wait
            await self._keep(lambda tx: tx.postpone_reply(reply.id, until))

    async def _drop(self, reply: Owed) -> None:
        await self._keep(lambda tx: tx.drop_reply(reply.id))

    async def _keep(self, work: Callable[[Queries], Coroutine[Any, Any, None]]) -> None:
        """Write down what became of a reply, however long the store takes nothing; at a stop the next start decides."""
        await self.worker.insist(lambda: self._store.write(work))

    async def _serve_one(self, reply: Owed, *, is_probe: bool) -> timedelta | None:
        """Send a reply. Return how long to wait before it is tried again; None: it is settled.

        `is_probe`: all are held, and this one tries whether that still stands.
        """
        if reply.must_arrive and self._breaker.is_open:  # nobody would answer now
            return timedelta(seconds=self._breaker.seconds_left)
        left = False
        try:
            if not is_probe:
                await self._limiter.turn_to(_lane_of(reply), reply.chat.id)
            await self._look_again(reply)
            left = True
            await self._show(reply, is_probe=is_probe)
            self._judge(None)
            if is_probe:
                self._limiter.release()
        except Wait as error:
            if left:
                self._limiter.sent_away(reply.chat.id, error)
            return timedelta(seconds=error.seconds)
        except Overtaken:  # the next step tells what is true now
            return timedelta(0)
        except NotSent as error:
            self._judge(error)
            return backoff(2)
        except asyncio.CancelledError:
            if not left:  # the next start sends it
                await self._keep(lambda tx: tx.postpone_reply(reply.id, self._now()))
            raise
        except InDoubt as error:
            self._judge(error)
            log.warning("reply_in_doubt", platform=reply.chat.platform)
            return backoff(2) if reply.must_arrive else None
        except SendError as error:
            log.warning("reply_not_shown", platform=reply.chat.platform, error=type(error).__name__)
        return None

    async def _look_again(self, reply: Owed) -> None:
        """Raise `Overtaken` if a reply is no longer true: since it was begun, its turn may have been long in coming."""
        if reply.has_ground and await self._store.read.is_overtaken(reply):
            raise Overtaken

    async def _show(self, reply: Owed, *, is_probe: bool) -> None:
        messages = 1

        async def again() -> None:
            nonlocal messages
            if is_probe:  # what it was asked for before was taken
                self._limiter.release()
            await self._limiter.turn_to(_lane_of(reply), reply.chat.id, patience=math.inf)
            await self._look_again(reply)
            messages += 1

        thread = await self._topics.thread_for(reply, again)
        try:
            await self._show_in(reply, thread, again)
        except NoTopic:
            await self._topics.is_gone(reply, thread)
            await again()
            await self._show_in(reply, 0, again)
        except (InDoubt, Overtaken):  # some of it may have arrived
            await self._count(reply, messages)
            raise
        await self._count(reply, messages)

    async def _count(self, reply: Owed, messages: int) -> None:
        if reply.for_desk and self._messenger.traits.counts_unanswered:
            await self._keep(lambda tx: tx.count_unanswered(reply.chat, messages, self._now()))

    async def _show_in(self, reply: Owed, thread: int, again: Turn) -> None:
        outgoing = outgoing_from_json(reply.body)
        if isinstance(outgoing, Screen):
            replaces = outgoing.replaces or await self._store.read.shown_as(reply.chat, outgoing.name)
            screen = replace(outgoing, replaces=replaces)
            try:
                receipt = await self._show_screen(reply.chat.id, screen, again, thread)
            except Rejected:
                if screen.in_place:  # its message was deleted
                    await self._keep(lambda tx: tx.forget_message(reply.chat, replaces))
                raise
            if screen.in_place and not screen.runs:  # the text is what it was
                return
            if (seen := screen.seen) is not None:
                await self._keep(lambda tx: tx.keep_seen(reply.chat, screen.article, seen, self._now()))
            if reply.for_desk and self._messenger.traits.keyboard_stays and screen.keys:
                await self._keep(lambda tx: tx.keyboard_came(reply.chat, screen.keys))
        else:
            receipt = await self._show_preview(reply.chat.id, outgoing, again, thread)
            screen = Screen((), article=outgoing.article_id)
        if screen.article and receipt.message_id and (screen.kind or self._messenger.traits.edits):
            shown, keys = receipt.message_id, screen.keys if self._messenger.traits.edits else ""

            async def keep(tx: Queries) -> None:
                await tx.keep_shown(
                    *(reply.chat, shown, screen.article, screen.name, self._now()),
                    kind=screen.kind,
                    keys=keys,
                    look=screen.look,
                )

            await self._keep(keep)

    async def _show_screen(self, chat: str, screen: Screen, again: Turn, thread: int) -> Receipt:
        """Show a screen, and above it the post that it is about, if it is about one: on its own platform the post
        itself, on the other one the characters that its readers see.
        """
        if screen.above is None:
            return await self._messenger.show(chat, screen, again, thread=thread)
        preview = screen.above.post
        article = await self._store.read.content(preview.article_id, preview.version)
        if preview.platform is self._messenger.platform:
            return await self._try_out(chat, preview, article, again, thread, screen)
        seen = (Run(self._visible(preview, article)), Run(f"\n\n{screen.above.end}"))
        below = (Run("\n\n"), *screen.runs) if screen.runs else ()
        alone = replace(screen, runs=(*seen, *below), above=None)
        return await self._messenger.show(chat, alone, again, thread=thread)

    async def _show_preview(self, chat: str, preview: Preview, again: Turn, thread: int) -> Receipt:
        """Show a post as it is on its own platform; on the other one, the characters that its readers see."""
        article = await self._store.read.content(preview.article_id, preview.version)
        if preview.platform is self._messenger.platform:
            return await self._try_out(chat, preview, article, again, thread)
        screen = Screen(runs=(Run(self._visible(preview, article)),))
        return await self._messenger.show(chat, screen, again, thread=thread)

    def _visible(self, preview: Preview, article: Article) -> str:
        target = self._messengers.get(preview.platform, self._messenger)
        number = preview.article_id
        made = posting(target, self._press, article, Missing.NOTHING, number=number, channel=False, silent=True)
        return made.post.visible

    async def _try_out(
        self, chat: str, preview: Preview, article: Article, again: Turn, thread: int, screen: Screen | None = None
    ) -> Receipt:
        """Show a post where readers would see it. What the platform does not take then is known before they do.

        `screen`: shown under it; whoever is asked for something is to hear of it.
        """
        missing, reason = Missing.NOTHING, ""
        while True:
            shown = posting(
                self._messenger,
                self._press,
                article,
                missing,
                number=preview.article_id,
                channel=False,
                silent=screen is None,
            )
            try:
                if screen is None:
                    receipt = await self._messenger.send(chat, shown.post, thread=thread)
                else:
                    receipt = await self._messenger.show(chat, screen, again, thread=thread, post=shown.post)
            except Rejected as rejected:
                if not (more := shown.without(rejected)):
                    raise
                missing, reason = missing | more, rejected.reason
                await again()
            else:
                if missing:
                    await self._tell_refused(preview, missing, reason)
                return receipt

    async def _tell_refused(self, preview: Preview, missing: Missing, reason: str) -> None:
        refused = PostRefused(preview.article_id, self._messenger.platform, int(missing), reason)
        key = f"{refused.code}:{preview.article_id}:{preview.version}:{preview.platform}"
        await self._keep(lambda tx: _told(tx, key, refused, self._now()))


async def _drop_overtaken(tx: Queries, replies: Sequence[Owed], now: datetime) -> None:
    for reply in replies:
        log.info("reply_overtaken", platform=reply.chat.platform)
        await tx.overtaken(reply, now)


async def _told(tx: Queries, key: str, refused: PostRefused, now: datetime) -> None:
    await tx.tell_desk(key, refused, now)


def _lane_of(reply: Owed) -> Lane:
    return Lane.DESK if reply.for_desk else Lane.REPLY
