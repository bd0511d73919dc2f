"""Every change of every standing, amid every other one, on each platform: each copy is changed, told of, or named."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count, product

from bot.domain import Address, Article, Platform
from bot.domain.change import FOLLOWS, RULES, ChangeKind, Standing, Tell, decide
from bot.domain.entry import Entry, EntryState, ReaderState
from bot.domain.ledger import DispatchKind, DispatchState, Position
from bot.storage import Queries, Store

NOW = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
AUTHOR = Address(Platform.TELEGRAM, "7")
EDITED, REMOVED, TOLD = "edit", "removal", "notice"
#: A platform, and whether it is in a channel.
Place = tuple[Platform, bool]
K = ChangeKind
#: What a change does to each copy where copies can be changed, and where they can't, written down once more.
CELLS: dict[ChangeKind, tuple[set[str], set[str]]] = {
    **dict.fromkeys((K.CHECKING, K.TYPO, K.UPDATE, K.CLARIFICATION), ({EDITED}, set[str]())),
    **dict.fromkeys((K.CORRECTION, K.RETRACTION, K.RESTORATION), ({EDITED, TOLD}, {TOLD})),
    **dict.fromkeys((K.EXPIRY, K.STUB), ({EDITED}, set[str]())),
    K.REMOVAL: ({REMOVED}, set[str]()),
}
#: Where a copy stays and nobody is told, the card says that beforehand: commands/proposals.py and commands/expiring.py.
NAMED = frozenset({kind for kind, (_, elsewhere) in CELLS.items() if not elsewhere})


async def is_out(tx: Queries) -> Entry:
    """An article is in a channel and with a reader of each platform."""
    number = await tx.add_article(Article("Міст відкрили"), AUTHOR, NOW)
    entry = await tx.entry(number)
    assert entry is not None
    channels = [(Platform.TELEGRAM, "main"), (Platform.VIBER, "viber")]
    await tx.add_dispatches(entry, channels, {Platform.TELEGRAM: 512, Platform.VIBER: 300}, NOW, silent=False)
    await tx.move(entry, EntryState.PUBLISHED, NOW)
    for post in await tx.dispatches(number):
        if post.channel is not None:
            await tx.settle(post.id, DispatchState.DELIVERED, NOW, message_id=5)
            continue
        page = await tx.page(post.id, 0)
        readers = page.positions(Position.UNTOUCHED)
        await tx.save_page(page.reserve(readers).delivered(dict.fromkeys(readers, 9)), NOW)
        await tx.finish_if_done(post.id, NOW)
    return entry


async def lets_out(tx: Queries, number: int, kind: ChangeKind, standing: Standing) -> dict[Place, set[str]]:
    """Let a change out; return what it does in each place."""
    entry = await tx.entry(number)
    assert entry is not None
    version = await tx.draft_version(entry, entry.article, AUTHOR, NOW)
    change = await tx.add_change(
        entry, kind, version, note="", reason="", tell=RULES[kind].tell, author="person:1", now=NOW
    )
    await tx.let_change_out(change, standing, NOW, edits=[Platform.TELEGRAM], silent=False)
    while await tx.is_handing_over():
        await tx.hand_over(NOW)
    done: dict[Place, set[str]] = {}
    for each in await tx.dispatches_of(change):
        if each.channel is not None or each.audience:
            done.setdefault((each.platform, each.channel is not None), set()).add(str(each.kind))
    return done


async def test_no_cell_of_change_amid_change_on_a_platform_is_silent(store: Store) -> None:
    played = count()

    async def work(tx: Queries) -> None:
        for platform in Platform:
            await tx.set_reader(Address(platform, "1"), ReaderState.ACTIVE, "uk", NOW)
        for running, kind in product(ChangeKind, ChangeKind):
            first = FOLLOWS[Standing.SOUND, running]
            first = first if isinstance(first, Standing) else Standing.SOUND
            second = decide(first, running, kind)
            if not isinstance(second, Standing):
                continue
            number = (await is_out(tx)).id
            await lets_out(tx, number, running, first)
            done = await lets_out(tx, number, kind, second)
            here, elsewhere = CELLS[kind]
            for is_channel in (True, False):
                assert done.get((Platform.TELEGRAM, is_channel), set()) == here, (running, kind, is_channel)
                assert done.get((Platform.VIBER, is_channel), set()) == elsewhere, (running, kind, is_channel)
            await _gave_way(tx, number, running, kind)
            next(played)

    await store.write(work)
    assert next(played) > 50
    assert {kind for kind, rule in RULES.items() if rule.tell is Tell.NOBODY} == NAMED


async def _gave_way(tx: Queries, number: int, running: ChangeKind, kind: ChangeKind) -> None:
    """Nothing of the earlier change touches a copy any longer."""
    first = (await tx.changes(number))[0]
    left = [
        each
        for each in await tx.dispatches_of(first)
        if each.kind in (DispatchKind.EDIT, DispatchKind.REMOVAL)
        and each.superseded_by is None
        and each.state in (DispatchState.READY, DispatchState.RUNNING)
    ]
    assert not left, (running, kind)
