"""The benchmark: what sending costs, side by side with others, and the figures that the house promises."""

from bot.bench.bench import SECTIONS, bench

__all__ = ["SECTIONS", "bench"]
