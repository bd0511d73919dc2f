"""Small figures that several sections need."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from statistics import quantiles


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
