"""The operator at a terminal, or a file that answers for them."""

from __future__ import annotations

import json
import signal
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import typer

from bot.errors import CannotStart
from bot.texts import sentence

_SECRET = frozenset(("token", "viber_token", "viber_channel"))
#: Questions that Enter answers, though they have no usual answer.
_MAY_BE_EMPTY = frozenset(("channels", "viber_channel"))


class Terminal:
    """Ctrl+C at any question ends the set-up; what was answered is kept."""

    is_patient = True

    def put(self, text: str) -> None:
        typer.echo(text)

    async def ask(self, key: str, question: str, usual: str = "") -> str:
        """Ask until something is typed. A token is not shown."""
        # The event loop's own handler would only note Ctrl+C, and the prompt would go on waiting.
        before = signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            nothing = "" if key in _MAY_BE_EMPTY else None
            typed = typer.prompt(
                question, default=usual or nothing, hide_input=key in _SECRET, show_default=bool(usual)
            )
        except typer.Abort:
            raise CannotStart(sentence("Left. `visnyk setup` in this folder goes on with what you answered.")) from None
        finally:
            signal.signal(signal.SIGINT, before)
        return str(typed)


@dataclass(frozen=True, slots=True)
class AnswersFile:
    """Answers by the keys of the questions; a question without one gets its usual answer."""

    answers: Mapping[str, str]
    is_patient: bool = False

    @staticmethod
    def read(path: Path) -> AnswersFile:
        """Raises `CannotStart`."""
        try:
            found = json.loads(path.read_text("utf-8"))
        except OSError as error:
            raise CannotStart(sentence("Can't read {path}: {why}.", path=path, why=error.strerror)) from None
        except ValueError:
            raise CannotStart(sentence("{path} is not JSON.", path=path)) from None
        if not isinstance(found, dict):
            raise CannotStart(sentence('{path} must have an object: {{"token": …, "name": …}}.', path=path))
        return AnswersFile({str(key): str(answer) for key, answer in found.items()})

    def put(self, text: str) -> None:
        typer.echo(text)

    async def ask(self, key: str, question: str, usual: str = "") -> str:
        if key not in self.answers and not usual and key != "channels":
            raise CannotStart(sentence("The file has no answer named {key}: {question}", key=key, question=question))
        return self.answers.get(key, usual)
