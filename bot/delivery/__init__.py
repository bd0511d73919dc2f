"""Delivery: claims pages, sends, records; retry, doubt and pace rules."""

from bot.delivery.delivery import Delivery

__all__ = ["Delivery"]
