"""Delivery: claims pages, sends, records; retry, doubt and pace rules."""

from bot.delivery.delivery import Delivery
from bot.delivery.progress import EDITS, ProgressBoard, View

__all__ = ["EDITS", "Delivery", "ProgressBoard", "View"]
