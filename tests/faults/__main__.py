"""`python -m tests.faults KILLS=1000`: the loop with its table; ends with 1 when a promise was broken.

Also READERS=10000 (on Telegram), VIBER=3000, SEED=… (repeats a run), PAUSE=0.6 (the longest life in seconds after
sending went on) and ONLY=hold, resend or channels. `POINTS=1` walks every crash point instead. `STORM=0.5` sends that
share away for pace instead, for SECONDS=300 while RATE=100 a second go to READERS=20000 and VIBER=3000. `CUTS=100`
cuts the power that often instead, and kills as often, to compare. `CHANGES=3` corrects each article that often while
it is on its way.
"""

from __future__ import annotations

import asyncio
import secrets
import sys
from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.table import Table

from tests.faults.changes import kill_amid_changes
from tests.faults.channels import ChannelsFound, kill_channel_posts
from tests.faults.crashing import POINTS
from tests.faults.nursery import nursery
from tests.faults.points import walk
from tests.faults.readers import ReadersFound, cut_power, kill_readers_broadcasts
from tests.faults.storm import StormFound, storm
from tests.faults.weather import Act

#: Messages a second, readers of each broadcast, and the longest life in seconds after sending went on.
PACES = ((30, 600, 3.0), (1000, 5_000, 0.6))


def main() -> int:
    given = dict(word.split("=", 1) for word in sys.argv[1:])
    console = Console(width=None if sys.stdout.isatty() else 160)
    seed = int(given.get("SEED") or secrets.randbelow(1_000_000))
    if given.get("POINTS"):
        return asyncio.run(_walk(console))
    if given.get("CHANGES"):
        return asyncio.run(
            _change(
                console,
                changes=int(given["CHANGES"]),
                kills=int(given.get("KILLS") or 100),
                readers=int(given.get("READERS") or 10_000),
                viber=int(given.get("VIBER") or 3_000),
                seed=seed,
                pause=float(given.get("PAUSE") or 2.0),
            )
        )
    if given.get("CUTS"):
        return asyncio.run(_cut(console, cuts=int(given["CUTS"]), seed=seed))
    if given.get("STORM"):
        return asyncio.run(
            _storm(
                console,
                share=float(given["STORM"]),
                seconds=float(given.get("SECONDS") or 300),
                rate=int(given.get("RATE") or 100),
                readers=int(given.get("READERS") or 20_000),
                viber=int(given.get("VIBER") or 3_000),
                seed=seed,
            )
        )
    return asyncio.run(
        _run(
            console,
            kills=int(given.get("KILLS") or 100),
            readers=int(given.get("READERS") or 10_000),
            viber=int(given.get("VIBER") or 3_000),
            seed=seed,
            pause=float(given.get("PAUSE") or 0.6),
            only=given.get("ONLY", ""),
        )
    )


async def _run(console: Console, *, kills: int, readers: int, viber: int, seed: int, pause: float, only: str) -> int:
    """A tenth of the kills goes to channels, the rest to both policies alike."""
    console.print(
        f"Killing Visnyk {kills} times. The same again: "
        f"make faults KILLS={kills} READERS={readers} VIBER={viber} SEED={seed}"
    )
    for_channels = kills if only == "channels" else max(1, kills // 10)
    for_each = kills if only else max(1, (kills - for_channels) // 2)
    rows: list[ReadersFound] = []
    channels: ChannelsFound | None = None
    async with nursery() as children:
        for policy in ("hold", "resend"):
            if only in ("", policy):
                rows += await kill_readers_broadcasts(
                    children,
                    urgent=policy == "resend",
                    kills=for_each,
                    readers=readers,
                    viber=viber,
                    seed=seed,
                    pause=pause,
                )
                console.print(f"{policy}: {rows[-1].kills} kills, {rows[-1].seconds:.0f} s")
        if only in ("", "channels"):
            channels = await kill_channel_posts(children, kills=for_channels, seed=seed, pause=pause / 2)
    if rows:
        console.print(_readers_table(rows))
    if channels is not None:
        console.print(_channels_table(channels))
    found: list[ReadersFound | ChannelsFound] = [*rows, *([channels] if channels is not None else [])]
    for story in [story for row in found for story in row.stories][:20]:
        console.print(story, highlight=False)
    broken = [what for row in found for what in row.broken]
    return _verdict(console, broken)


async def _walk(console: Console) -> int:
    async with nursery() as children:
        found = await walk(children)
    table = _upright("Crash points: how often each was hit", {point: [found.hits[point]] for point in POINTS})
    console.print(table)
    console.print(f"{found.runs} runs, {found.doubts} channel posts in doubt, each shown to the desk")
    return _verdict(console, found.broken)


async def _change(
    console: Console, *, changes: int, kills: int, readers: int, viber: int, seed: int, pause: float
) -> int:
    console.print(
        f"Correcting {changes} times amid each broadcast, and killing Visnyk {kills} times. The same again: "
        f"make faults CHANGES={changes} KILLS={kills} READERS={readers} VIBER={viber} SEED={seed}"
    )
    async with nursery() as children:
        found = await kill_amid_changes(
            children, changes=changes, kills=kills, readers=readers, viber=viber, seed=seed, pause=pause
        )
    names: dict[str, Sequence[object]] = {
        "kills, broadcasts, corrections": [f"{found.kills}, {found.plays}, {found.changes}"],
        "recipients": [f"{found.recipients:,}"],
        "holders of an old version neither corrected nor told": [found.unsaid],
        "got it twice": [found.duplicates],
        "without it": [found.lost],
        "told twice of one correction": [found.told_twice],
        "in doubt, and told": [f"{found.doubted:,}"],
        "edited copies": [f"{found.edits:,}"],
        "sums ≠ audience": [found.wrong_sums],
        "bytes kept of edits, a reader and correction, at most": [f"{max(found.bytes_kept, default=0):.2f}"],
        "integrity failures": [found.unsound],
        "seconds": [f"{found.seconds:.0f}"],
    }
    console.print(_upright("Corrections", names))
    for story in found.stories[:20]:
        console.print(story, highlight=False)
    return _verdict(console, found.broken)


async def _cut(console: Console, *, cuts: int, seed: int) -> int:
    """Half of them at each pace."""
    console.print(f"Killing Visnyk {cuts} times, and cutting its power as often: make faults CUTS={cuts} SEED={seed}")
    rows: list[tuple[str, ReadersFound]] = []
    async with nursery() as children:
        for pace, readers, pause in PACES:
            for power_cut, how in ((False, "kill"), (True, "power cut")):
                kills = max(1, cuts // 2)
                row = await cut_power(
                    children, per_second=pace, kills=kills, readers=readers, seed=seed, pause=pause, power_cut=power_cut
                )
                rows.append((f"{pace:,}/s, {how}", row))
    console.print(
        _upright(
            "Readers on Telegram, after one kill or cut",
            {
                "": [name for name, _ in rows],
                "kills or cuts": [row.kills for _, row in rows],
                "recipients": [f"{row.recipients:,}" for _, row in rows],
                "lost": [row.lost for _, row in rows],
                "duplicates": [row.duplicates for _, row in rows],
                "reserved, at most": [row.most_reserved for _, row in rows],
                "in doubt, at most": [f"{row.most_in_doubt} (≤ {row.bound})" for _, row in rows],
                "sums ≠ audience, integrity failures": [row.wrong_sums + row.unsound for _, row in rows],
                "seconds": [f"{row.seconds:.0f}" for _, row in rows],
            },
        )
    )
    return _verdict(console, [f"{name}: {what}" for name, row in rows for what in row.broken])


async def _storm(
    console: Console, *, share: float, seconds: float, rate: int, readers: int, viber: int, seed: int
) -> int:
    console.print(
        f"A storm of {seconds:.0f} s over {readers + viber:,} readers. The same again: make faults STORM={share:g} "
        f"SECONDS={seconds:g} RATE={rate} READERS={readers} VIBER={viber} SEED={seed}"
    )
    async with nursery() as children:
        found = await storm(
            children, readers=readers, viber=viber, per_second=rate, seconds=seconds, share=share, seed=seed
        )
    console.print(_storm_table(found))
    return _verdict(console, found.broken)


def _storm_table(found: StormFound) -> Table:
    full = "too few readers to see" if found.full_after is None else f"{found.full_after:.0f}"
    return _upright(
        "Storm",
        {
            "readers on Telegram, on Viber": [f"{found.readers:,}, {found.viber:,}"],
            "lost": [found.lost],
            "twice": [found.twice],
            "sums": [found.sums],
            "Telegram: requests, of these sent away": [f"{found.requests:,}, {found.sent_away:,}"],
            "… requests a reader": [f"{found.requests / found.readers:.2f}"],
            "… before the end of a wait": [len(found.early)],
            "… waits of the whole bot": [found.waits],
            "… … requests before one shows, at most": [found.most_ran_into],
            **{f"… of the allowed rate used: {_ACTS[act]}": [f"{used:.0%}"] for act, used in found.used.items()},
            "… seconds until the full pace, after the last wait": [full],
            "Viber: requests, of these sent away": [f"{found.viber_requests:,}, {found.viber_sent_away:,}"],
            "seconds": [f"{found.seconds:.0f}"],
        },
    )


_ACTS = {
    Act.SINGLE_CHATS: "two chats a second are sent away",
    Act.WHOLE_BOT: "the whole bot is, now and then",
    Act.EVERY_CHAT: "each message is by itself",
}


def _readers_table(rows: list[ReadersFound]) -> Table:
    names: dict[str, Sequence[object]] = {
        "platform": [row.platform for row in rows],
        "policy": [row.policy for row in rows],
        "kills": [row.kills for row in rows],
        "broadcasts": [row.broadcasts for row in rows],
        "recipients": [f"{row.recipients:,}" for row in rows],
        "lost": [row.lost for row in rows],
        "duplicates": [row.duplicates for row in rows],
        "of these by a kill": [row.duplicates_by_kill for row in rows],
        "at most per kill": [row.most_duplicates for row in rows],
        "in doubt": [f"{row.in_doubt:,}" for row in rows],
        "of these delivered": [_share(row.in_doubt_delivered, row.in_doubt) for row in rows],
        "in doubt per kill, at most": [f"{row.most_in_doubt} (≤ {row.bound})" for row in rows],
        "reserved at a kill, at most": [row.most_reserved for row in rows],
        "sums ≠ audience": [row.wrong_sums for row in rows],
        "integrity failures": [row.unsound for row in rows],
        "seconds": [f"{row.seconds:.0f}" for row in rows],
    }
    return _upright("Readers", names)


def _channels_table(row: ChannelsFound) -> Table:
    return _upright(
        "Channels",
        {
            "kills": [row.kills],
            "posts": [f"{row.posts:,}"],
            "lost": [row.lost],
            "duplicates": [row.duplicates],
            "in doubt": [row.doubts],
            "of these had appeared": [_share(row.doubts_appeared, row.doubts)],
            "of one channel on the way at a kill, at most": [row.most_on_the_way],
            "doubts not told within 5 s of the restart": [row.untold],
            "slowest telling, seconds": [f"{row.slowest_telling:.1f}"],
            "integrity failures": [row.unsound],
            "seconds": [f"{row.seconds:.0f}"],
        },
    )


def _verdict(console: Console, broken: Sequence[str]) -> int:
    console.print("\n".join(f"[red]broken[/] {what}" for what in broken) or "[green]Every promise was kept.[/]")
    return 1 if broken else 0


def _upright(title: str, lines: Mapping[str, Sequence[object]]) -> Table:
    table = Table(title=title, show_header=False, title_justify="left")
    table.add_column()
    for _ in next(iter(lines.values())):
        table.add_column(justify="right")
    for name, values in lines.items():
        table.add_row(name, *(str(value) for value in values))
    return table


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.0%}" if whole else "–"


if __name__ == "__main__":
    sys.exit(main())
