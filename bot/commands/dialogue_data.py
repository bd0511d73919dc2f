"""What somebody said, kept as JSON until the rest of it is said or they have answered what it was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from bot.domain import Media, Run
from bot.domain.article import media_from_dict


def without_prefix(runs: Sequence[Run], length: int) -> tuple[Run, ...]:
    """`runs` less their first `length` characters."""
    rest: list[Run] = []
    for run in runs:
        cut = min(length, len(run.text))
        length -= cut
        if cut < len(run.text):
            rest.append(replace(run, text=run.text[cut:]))
    return tuple(rest)


def runs_data(runs: Sequence[Run]) -> list[dict[str, Any]]:
    return [asdict(run) for run in runs]


def runs_of(data: Sequence[Mapping[str, Any]]) -> tuple[Run, ...]:
    return tuple(Run(**run) for run in data)


def media_data(media: Media | None) -> dict[str, Any] | None:
    return asdict(media) if media is not None else None


def media_of(data: Mapping[str, Any]) -> Media | None:
    media = data.get("media")
    return media_from_dict(media) if media else None
