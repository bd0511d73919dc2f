"""Between columns and values: instants are integer UTC milliseconds, addresses are `platform:id`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.domain import Address, Platform

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def to_ms(at: datetime) -> int:
    return (at - _EPOCH) // _MILLISECOND


def to_time(ms: int) -> datetime:
    return _EPOCH + timedelta(milliseconds=ms)


def to_address(text: str) -> Address:
    platform, _, identity = text.partition(":")
    return Address(Platform(platform), identity)
