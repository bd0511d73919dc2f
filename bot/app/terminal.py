"""The ground of every command: the settings of this machine, a loop to run in, and an end with a sentence."""

from __future__ import annotations

import sys
from collections.abc import Coroutine, Mapping
from typing import Any, NoReturn, TypeVar

import typer

from bot import logs
from bot.app.loop import run
from bot.errors import CannotStart
from bot.texts import Catalogue, Words
from config.faults import SettingsError
from config.settings import LOCALES, Settings, load_settings

T = TypeVar("T")


def settings_of_here(*, verbose: bool = False) -> Settings:
    try:
        settings = load_settings()
    except SettingsError as error:
        fail(str(error))
    logs.set_up_logs("DEBUG" if verbose else "INFO", not sys.stderr.isatty(), settings.secrets)
    return settings


def words_for(language: str | None, environment: Mapping[str, str]) -> Words:
    """Return the words for an operator: in the language that was named, or in that of the machine's surroundings.

    Ends the command if we do not speak the one that was named.
    """
    catalogue = Catalogue.load(LOCALES, default="en")
    if language is not None and language not in catalogue.languages:
        fail(f"There is no language “{language}”. There are: {', '.join(catalogue.languages)}.")
    around = next((environment[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(name)), "en")
    return catalogue.say(language or around)


def do(work: Coroutine[Any, Any, T], words: Words | None = None) -> T:
    """Run it. `words` say in another language than English why it can't be done."""
    try:
        return run(work)
    except (CannotStart, SettingsError) as error:
        fail(words.of(error) if words is not None and isinstance(error, CannotStart) else str(error))
    except KeyboardInterrupt:
        raise typer.Exit(130) from None


def fail(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(1)
