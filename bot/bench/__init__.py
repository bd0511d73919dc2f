"""The benchmark: what sending costs, side by side with others, and the figures that the house promises."""

from bot.bench.bench import SECTIONS, SPEED, bench

__all__ = ["SECTIONS", "SPEED", "bench"]
