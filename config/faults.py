"""Names everything that is wrong with the configuration at once, in sentences that say what to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pydantic import ValidationError
from pydantic_core import ErrorDetails


class SettingsError(Exception):
    """The settings are wrong, so nothing can start. `faults` has a line for each, with its key and no secrets."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = list(faults)


class Misplaced(ValueError):
    """Faults that the check of a whole finds in its parts, as `(path below the whole, sentence)`."""

    def __init__(self, faults: Sequence[tuple[str, str]]) -> None:
        super().__init__("; ".join(f"{path}: {sentence}" for path, sentence in faults))
        self.faults = faults


#: Sentences of ours for some of pydantic's kinds of error; the others keep pydantic's sentence.
SENTENCES = {
    "missing": "is missing.",
    "extra_forbidden": "is not a name that Visnyk knows; look for a spelling mistake.",
    "string_type": "must be text in quotes.",
    "tuple_type": "must be a list in square brackets.",
    "dict_type": "must be a table of names and values.",
    "model_type": "must be a table of names and values.",
    "model_attributes_type": "must be a table of names and values.",
}


def path_of(location: Sequence[str | int]) -> str:
    """A location such as `("channels", 1, "chat")` as people write it: `channels[1].chat`."""
    path = ""
    for step in location:
        path += f"[{step}]" if isinstance(step, int) else f".{step}" if path else step
    return path


def fault_lines(error: ValidationError) -> Iterable[tuple[str, str]]:
    """The faults as `(path, sentence)`, without the values, which may be secrets."""
    for details in error.errors(include_input=False, include_url=False):
        yield from _lines(details)


def _lines(details: ErrorDetails) -> Iterable[tuple[str, str]]:
    path = path_of(details["loc"])
    cause = details.get("ctx", {}).get("error")
    if isinstance(cause, Misplaced):
        for below, sentence in cause.faults:
            yield path + below, sentence
    elif isinstance(cause, ValueError):
        yield path, str(cause)
    else:
        yield path, SENTENCES.get(details["type"], f"{details['msg']}.")
