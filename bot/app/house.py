"""A running Visnyk: its parts started in their order and stopped in the reverse one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import UTC, datetime

import structlog

from bot.app.clock import WallClock
from bot.app.configured import found_in, messengers_of, place_of
from bot.app.joining import Joiner
from bot.app.lines import opened
from bot.app.modes import remedies
from bot.app.parts import App, Clock
from bot.app.recording import let_wait
from bot.app.shelf import Shelf
from bot.domain.safeguards import Safeguards
from bot.errors import CannotStart, LogAltered, NotStored, StartAgain
from bot.newsroom import approval, halting, holding, rulebook, staffing
from bot.newsroom.desk import Desk
from bot.storage import Place, Queries, Store, open_store, unproven_rows
from bot.web import Vitals
from config.faults import SettingsError
from config.newsroom import Newsroom as NewsroomFile
from config.newsroom import load_newsroom
from config.settings import Settings

log = structlog.get_logger(__name__)

#: Seconds for requests under way at a stop to be answered; the whole stop takes at most 5.
PATIENCE = 3.0


def utc_now() -> datetime:
    return datetime.now(UTC)


@asynccontextmanager
async def open_app(
    settings: Settings, *, clock: Clock = utc_now, stop: asyncio.Event | None = None
) -> AsyncIterator[App]:
    """Join and start everything until the block ends. While another process leads, only the doors are open.

    Raises `CannotStart` and `SettingsError`; `StartAgain` when `stop` is set, or newsroom.toml changed, meanwhile.
    """
    file = load_newsroom(settings.newsroom)
    clock = wall = WallClock(clock)
    async with AsyncExitStack() as stack:
        shelf = Shelf()
        messengers = messengers_of(settings, file.name, shelf)
        shelf.store = store = await open_store(place_of(settings), stands_by=True)
        stack.push_async_callback(store.close)
        if not store.lead.may_serve:
            await _take_lead(store, stop)
        for messenger in messengers.values():
            stack.push_async_callback(messenger.close)
            await messenger.open(store.lead.may_send)
        if do := remedies(settings.database_path):
            log.warning("others_can_read", do=do)
        found = found_in(settings, file)
        counts = await _rules_in_force(store, found)
        app = Joiner(settings, file, counts, store, messengers, clock).app()
        wall.when_set_back(app.delivery.set_back)
        await _open_doors(app, settings, stack)
        if not store.lead.is_ours:
            log.info("stands_by", url=app.url, why=store.lead.why)
            await _take_lead(store, stop)
            await _same_rules(app.store, settings, file, counts)
        await _open_lines(app, stack)
        await _settle(app, clock, place_of(settings), found)
        await _start(app, stack)
        app.reception.health.is_settled = True
        log.info("started", platforms=[*messengers], url=app.url)
        yield app
        log.info("stopping")


# Starting


async def _rules_in_force(store: Store, found: rulebook.Found) -> Safeguards:
    try:
        return await rulebook.in_force(store.read, found.safeguards)
    except LogAltered:  # the house is halted for it before anything leaves
        return found.safeguards


async def _open_doors(app: App, settings: Settings, stack: AsyncExitStack) -> None:
    """Open our doors: what comes in is kept, and handled by whoever leads."""
    await app.reception.inbox.open()
    port = await app.reception.doors.open(settings.host, settings.port)
    stack.push_async_callback(app.reception.doors.close)
    app.url = f"http://{settings.host}:{port}"


async def _take_lead(store: Store, stop: asyncio.Event | None) -> None:
    """Return once we lead. Raises `StartAgain` if `stop` is set before."""
    stopped = asyncio.ensure_future((stop or asyncio.Event()).wait())
    taking = asyncio.ensure_future(store.lead.take())
    try:
        await asyncio.wait((stopped, taking), return_when=asyncio.FIRST_COMPLETED)
        if not taking.done():
            raise StartAgain
        await taking
    finally:
        for task in (stopped, taking):
            task.cancel()
        await asyncio.gather(stopped, taking, return_exceptions=True)
    log.info("leads")


async def _same_rules(store: Store, settings: Settings, file: NewsroomFile, counts: Safeguards) -> None:
    """Raise `StartAgain` if the rules changed while we stood by: the parts were joined with the earlier ones."""
    with suppress(SettingsError):  # somebody is in the middle of editing it
        if load_newsroom(settings.newsroom) != file:
            raise StartAgain
    if await _rules_in_force(store, found_in(settings, file)) != counts:
        raise StartAgain


async def _open_lines(app: App, stack: AsyncExitStack) -> None:
    """Tell the platforms where to call us. Raises `CannotStart` if none of them knows us."""
    for line in app.reception.lines:
        stack.push_async_callback(line.stop)
    await opened(app.reception.lines)


async def _settle(app: App, clock: Clock, place: Place, found: rulebook.Found) -> None:
    """Settle what an earlier run left before anything is sent."""

    def desk(tx: Queries) -> Desk:
        return Desk(app.newsroom, tx, clock())

    app.store.when_altered(lambda tx, entry: halting.stop_altered(desk(tx), entry))
    try:
        with suppress(LogAltered):  # it is halted then, and the desk is told
            await app.store.write(lambda tx: tx.check_audit_end(halting.CHECKED))
            await app.store.write(lambda tx: tx.adopt(clock()))
            await app.store.write(lambda tx: tx.adopt_buttons(clock()))
            unproven = await asyncio.to_thread(unproven_rows, place)
            await app.store.write(lambda tx: halting.tell_unproven(desk(tx), unproven))
            waits = await app.store.write(lambda tx: rulebook.note(desk(tx), found))
            app.rules.unanswered.begins(waits, app.newsroom.rules, clock())
            await app.store.write(lambda tx: app.team.seat_owners(desk(tx)))
            await app.store.write(lambda tx: approval.void_outdated(desk(tx)))
            await app.store.write(lambda tx: staffing.tell_owners(desk(tx)))
            await app.store.write(lambda tx: holding.hold_shifted(desk(tx)))
            await app.store.write(lambda tx: holding.tell_shifted_expiries(desk(tx)))
        await let_wait(app.store, place.path)
        await app.reception.events.open()
        await app.commands.was_away(app.store.read)
        app.delivery.keep_back()
        await app.delivery.start()
    except NotStored as error:
        raise CannotStart(f"The database takes nothing ({error}). Make room on its disk and start again.") from error


def _vitals(app: App) -> Vitals:
    delivery = app.delivery
    return Vitals(
        workers=app.workers,
        held=delivery.held,
        is_quiet=delivery.is_quiet,
        scores=delivery.scores,
        refused=delivery.refused,
        readers=app.newsroom.forecast.by_language,
    )


async def _start(app: App, stack: AsyncExitStack) -> None:
    """Start the workers. At the end they stop in reverse: first those that bring new work, last those that do it."""
    # When nothing more is sent, another process may lead, while our doors still keep what comes in.
    stack.push_async_callback(app.store.hand_over)
    stack.push_async_callback(app.delivery.stop, PATIENCE)
    stack.push_async_callback(app.reception.gallery.stop)
    watchman = app.watchman()
    app.store.on("rules", app.rules.are_accepted.set)
    for signal in ("queue", "notice"):
        app.store.on(signal, app.scheduler.wake)
    for start, stop in (
        (app.board.start, app.board.stop),
        (app.counting.start, app.counting.cancel),
        (app.scheduler.start, app.scheduler.stop),
        (app.upkeep.eraser.start, app.upkeep.eraser.stop),
        (app.upkeep.backups.start, app.upkeep.backups.stop),
        (app.reception.inbox.start, app.reception.inbox.stop),
        (app.reception.lookups.start, app.reception.lookups.stop),
        (app.reception.feeds.start, app.reception.feeds.stop),
        (app.reception.events.start, app.reception.events.stop),
        (app.reception.menus.start, app.reception.menus.stop),
        (watchman.start, watchman.stop),
    ):
        start()
        stack.push_async_callback(stop)
    app.reception.health.watch(_vitals(app))
    for line in app.reception.lines:
        line.start()
    app.reception.backlog.start()
    stack.push_async_callback(app.reception.backlog.stop)
