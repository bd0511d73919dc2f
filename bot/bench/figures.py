"""Small figures that several sections need."""

from __future__ import annotations

import gc
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles

#: Bytes a reader that may be written by the ledger.
WRITTEN = 160


@dataclass(frozen=True, slots=True)
class Figure:
    """A measurement beside its target. `reached` None: nothing is promised."""

    what: str
    measured: str
    target: str = ""
    reached: bool | None = None


class Watch:
    """Seconds, and this process's seconds of processor time, since it was made."""

    def __init__(self) -> None:
        # As `visnyk run` does; else what was done earlier in this process would be a cost of what comes later.
        gc.collect()
        gc.freeze()
        self._wall, self._cpu = time.perf_counter(), time.process_time()

    @property
    def wall(self) -> float:
        return time.perf_counter() - self._wall

    @property
    def cpu(self) -> float:
        return time.process_time() - self._cpu


def at_most(what: str, value: float, limit: float, unit: str, digits: int = 0) -> Figure:
    return Figure(what, f"{value:,.{digits}f} {unit}", f"≤ {limit:g} {unit}", value <= limit)


def at_least(what: str, value: float, limit: float, unit: str, digits: int = 1) -> Figure:
    return Figure(what, f"{value:,.{digits}f} {unit}", f"≥ {limit:g} {unit}", value >= limit)


def waited(what: str, seconds: Sequence[float], limit: float) -> Figure:
    """`limit` in milliseconds, for the 95th percentile."""
    ms = sorted(second * 1000 for second in seconds)
    half, most = ms[len(ms) // 2], p95(ms)
    text = f"p50 {half:,.0f} ms, p95 {most:,.0f} ms ({len(ms)} times)"
    return Figure(what, text, f"p95 ≤ {limit:g} ms", most <= limit)


def p95(values: Sequence[float]) -> float:
    return quantiles(values, n=20, method="inclusive")[-1] if len(values) > 1 else values[0]


def written() -> int:
    """Bytes that this process has caused to be written to disks since it started (Linux; see `man 5 proc`)."""
    return _number(Path("/proc/self/io"), "write_bytes")


def peak_memory() -> int:
    """Bytes: the most that this process has held at once. Not `ru_maxrss`, which begins at the parent's."""
    return _number(Path("/proc/self/status"), "VmHWM") * 1024


def _number(file: Path, name: str) -> int:
    lines = file.read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))
