"""The ground of every command: the settings of this machine, a loop to run in, and an end with a sentence."""

from __future__ import annotations

import sys
from collections.abc import Coroutine
from typing import Any, NoReturn, TypeVar

import typer

from bot import logs
from bot.app.loop import run
from bot.errors import CannotStart
from config.faults import SettingsError
from config.settings import Settings, load_settings

T = TypeVar("T")


def settings_of_here(*, verbose: bool = False) -> Settings:
    try:
        settings = load_settings()
    except SettingsError as error:
        fail(str(error))
    logs.set_up_logs("DEBUG" if verbose else "INFO", not sys.stderr.isatty(), settings.secrets)
    return settings


def do(work: Coroutine[Any, Any, T]) -> T:
    try:
        return run(work)
    except (CannotStart, SettingsError) as error:
        fail(str(error))
    except KeyboardInterrupt:
        raise typer.Exit(130) from None


def fail(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(1)
