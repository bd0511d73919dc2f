"""Delivery: claims pages, sends, records; retry, doubt and pace rules."""

from bot.delivery.delivery import Delivery
from bot.delivery.health import pause
from bot.delivery.progress import ProgressBoard
from bot.delivery.score import Score

__all__ = ["Delivery", "ProgressBoard", "Score", "pause"]
