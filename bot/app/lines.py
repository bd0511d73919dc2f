"""The lines to the platforms: opened at the start, all at once, and tried again until they stand."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from bot.adapters.base import About, Finding, Messenger, examined
from bot.app.clocks import Clocks
from bot.delivery import pause
from bot.domain import Address, Channel, Platform
from bot.domain.news import (
    HookFought,
    HookTaken,
    PlatformDown,
    PlatformMisconfigured,
    PlatformTrouble,
    RightsLost,
)
from bot.errors import CannotStart, Misconfigured, SendError
from bot.storage import Queries, Store
from bot.worker import Worker

log = structlog.get_logger(__name__)

#: Seconds between two looks at whom a platform calls and what its clock shows, and to the first of them.
WATCH, SOON = 180.0, 5.0
#: Seconds until what could not be put right is tried again, and what looks odd is seen once more.
AGAIN = 10.0
#: Seconds within which the way in is put right once; whoever takes it again in that time fights with us for it.
FIGHT = 3600.0
#: Seconds that the start still waits for a slower platform once another one has answered.
GRACE = 0.5


@dataclass(frozen=True, slots=True)
class Look:
    """The result of one attempt at a line: the findings, and the reason why the webhook could not be set."""

    findings: tuple[Finding, ...] = ()
    failure: SendError | None = None

    @property
    def is_well(self) -> bool:
        return self.failure is None and all(finding.ok for finding in self.findings)

    @property
    def stands(self) -> bool:
        """True if the platform knows us and we hear what is said there."""
        return self.failure is None and not self._wrong(About.ACCOUNT, About.PLATFORM)

    @property
    def is_refused(self) -> bool:
        """True if the platform knows none of our tokens, which only a person can put right."""
        accounts = [finding.ok for finding in self.findings if finding.about is About.ACCOUNT]
        return bool(accounts) and not any(accounts) and not self._wrong(About.PLATFORM)

    @property
    def reason(self) -> str:
        """Return why the line does not stand."""
        wrong = self._wrong(About.ACCOUNT, About.PLATFORM)
        return self.failure.reason if self.failure is not None else " ".join(finding.what for finding in wrong)

    @property
    def sentences(self) -> list[str]:
        """All that is wrong, for the operator's terminal."""
        wrong = [f"{finding.what} {finding.advice}".strip() for finding in self.findings if not finding.ok]
        return wrong or ([self.reason] if self.failure is not None else [])

    def trouble(self, platform: Platform) -> PlatformTrouble:
        is_ours = isinstance(self.failure, Misconfigured) or bool(self._wrong(About.ACCOUNT))
        return (PlatformMisconfigured if is_ours else PlatformDown)(platform, self.reason)

    def _wrong(self, *about: About) -> list[Finding]:
        return [finding for finding in self.findings if not finding.ok and finding.about in about]


class Line:
    """One platform's line. `opened` is called when it stands, `broken` when the first attempt at it failed."""

    def __init__(
        self,
        messenger: Messenger,
        channels: Sequence[Channel],
        public_url: str,
        store: Store,
        clocks: Clocks,
        *,
        now: Callable[[], datetime],
        opened: Callable[[Platform], None],
        broken: Callable[[Platform], None],
    ) -> None:
        self._messenger = messenger
        self._channels = [channel for channel in channels if channel.platform is messenger.platform]
        self._public_url = public_url
        self._store = store
        self._clocks = clocks
        self._now = now
        self._opened = opened
        self._broken = broken
        self._is_well = False
        self._tries = 0
        #: Loop time at which the way in was put right last; and whom the platform calls instead of us.
        self._put_right_at: float | None = None
        self._elsewhere: str | None = None
        self._first: asyncio.Task[Look] | None = None
        self.worker = Worker(f"line-{self.platform}", self._step)
        #: Set while it stands.
        self.stands = asyncio.Event()

    @property
    def platform(self) -> Platform:
        return self._messenger.platform

    def begin(self) -> asyncio.Task[Look]:
        """Make the first attempt, while the house is still being opened."""
        self._first = asyncio.create_task(self._look())
        return self._first

    def start(self) -> None:
        """Go by what the first attempt showed, try again until all is well, and watch the platform from then on."""
        self._store.on("webhook", self.worker.wake)
        self.worker.start()

    async def stop(self) -> None:
        await self.worker.cancel()
        if self._first is not None:
            self._first.cancel()
            await asyncio.gather(self._first, return_exceptions=True)

    async def _look(self) -> Look:
        try:
            if not self.stands.is_set():
                await examined(self._messenger.receive(self._public_url))
        except Misconfigured as error:
            return Look(tuple(await self._messenger.check(self._channels)), error)
        except SendError as error:  # whoever is silent need not be asked further questions
            return Look(failure=error)
        return Look(tuple(await self._messenger.check(self._channels)))

    async def _step(self) -> float:
        rest = await self._watch() if self.stands.is_set() else WATCH
        return rest if self._is_well else await self._try()

    async def _watch(self) -> float:
        """See whether the platform still calls us, and put it right; compare the clocks. Return the seconds until the
        next look.
        """
        try:
            way = await examined(self._messenger.way_in())
        except SendError as error:  # whoever sends or polls notices it too, and tells
            log.info("way_in_not_seen", platform=self.platform, reason=error.reason)
            return WATCH
        is_odd = await self._clocks.compare(self.platform, way.at)
        if not way.is_ours:
            return await self._put_right(way.elsewhere)
        if self._elsewhere is not None:
            await self._is_ours_again(self._elsewhere)
        elif self._put_right_at is not None:
            await self._store.write(self._fight_is_over)
        return AGAIN if is_odd else WATCH

    async def _put_right(self, elsewhere: str) -> float:
        now = asyncio.get_running_loop().time()
        is_fought = self._put_right_at is not None and now - self._put_right_at < FIGHT
        log.warning("webhook_not_ours", platform=self.platform, elsewhere=elsewhere, put_right=not is_fought)
        self._elsewhere = None if is_fought else elsewhere
        if is_fought:
            fought = HookFought(self.platform, elsewhere)
            await self._store.write(lambda tx: tx.platform_fails(fought, self._now()))
            return WATCH
        try:
            await examined(self._messenger.receive(self._public_url))
        except SendError as error:
            log.warning("webhook_not_put_right", platform=self.platform, reason=error.reason)
            return AGAIN
        await self._is_ours_again(elsewhere)
        return WATCH

    async def _is_ours_again(self, elsewhere: str) -> None:
        """Tell that the way in was taken from us and is put right."""
        self._put_right_at, self._elsewhere = asyncio.get_running_loop().time(), None
        taken = HookTaken(self.platform, elsewhere)

        async def tell(tx: Queries) -> None:
            await tx.platform_fails(taken, self._now())
            await tx.trouble_gone(taken.key, self._now())

        await self._store.write(tell)

    async def _fight_is_over(self, tx: Queries) -> None:
        await tx.trouble_gone(HookFought(self.platform, "").key, self._now())

    async def _try(self) -> float:
        if self._first is not None and not self._first.done() and not self.stands.is_set():
            self._broken(self.platform)
        look = await (self._first or self._look())
        self._first = None
        await self._store.write(lambda tx: self._tell(tx, look))
        if look.stands and not self.stands.is_set():
            self.stands.set()
            self._opened(self.platform)
        elif not look.stands and not self._tries:
            self._broken(self.platform)
        self._is_well = look.is_well
        if look.is_well:
            return SOON
        self._tries += 1
        log.warning("line_not_well", platform=self.platform, attempt=self._tries, why=look.sentences)
        return pause(self._tries)

    async def _tell(self, tx: Queries, look: Look) -> None:
        now = self._now()
        if look.stands:
            await tx.platform_works(self.platform, now)
            await self._fight_is_over(tx)
        else:
            await tx.platform_fails(look.trouble(self.platform), now)
        for finding in look.findings:
            if (channel := finding.channel) is None:
                continue
            key = f"rights:{Address(self.platform, channel.chat or channel.key)}"
            if finding.ok:
                await tx.trouble_gone(key, now)
            else:
                await tx.tell_desk(key, RightsLost(channel.title or channel.key), now)


async def opened(lines: Sequence[Line]) -> None:
    """Wait until it is clear that we may start. Raises `CannotStart` if no platform knows us, with all that is wrong.

    A platform that is slow or silent is waited for only as long as nobody else has answered.
    """
    first = {line.begin(): line for line in lines}
    waiting: set[asyncio.Task[Look]] = set(first)
    while waiting and not any(task.done() and task.result().stands for task in first):
        _, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    if waiting:
        await asyncio.wait(waiting, timeout=GRACE)
    looks = {line: task.result() for task, line in first.items() if task.done()}
    for line, look in looks.items():
        for sentence in look.sentences:
            log.warning("not_well", platform=line.platform, what=sentence)
    if len(looks) == len(lines) and all(look.is_refused for look in looks.values()):
        raise CannotStart("\n".join(sentence for look in looks.values() for sentence in look.sentences))
