"""The log: events with numbers, one per line, and never a secret."""

from __future__ import annotations

import json as json_module
import logging
import re
import sys
from collections.abc import Callable, Collection
from types import TracebackType
from typing import TextIO
from urllib.parse import quote

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

#: The shape of a Telegram token, for tokens that we were not told of; in addresses the colon may be escaped.
TOKEN = r"\d{6,}(?::|%3[Aa])[\w-]{30,}"  # noqa: S105
HIDDEN = "***"
#: Line breaks and terminal codes, since nobody's text may look like a line of ours.
CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029]")
#: Libraries that log whole addresses, message bodies or every statement; what matters of it we log ourselves.
TALKATIVE = ("httpx", "httpcore", "aiohttp.access", "aiosqlite", "apscheduler", "telegram")

Redact = Callable[[str], str]


def redactor(secrets: Collection[str]) -> Redact:
    """A function that hides each of `secrets`, as it is and in escaped forms, and any token."""
    known = {form for secret in secrets if secret for form in _forms(secret)}
    longest_first = sorted(known, key=lambda form: (-len(form), form))
    pattern = re.compile("|".join([*map(re.escape, longest_first), TOKEN]))
    return lambda text: pattern.sub(HIDDEN, text)


def _forms(secret: str) -> tuple[str, ...]:
    return secret, quote(secret), quote(secret, safe=""), json_module.dumps(secret)[1:-1], repr(secret)[1:-1]


class Clean:
    """The last step before rendering: hides secrets in the whole event, also in tracebacks, and keeps it on one line.

    A traceback keeps its lines, but each is indented, so that none can pass for an event.
    """

    def __init__(self, redact: Redact, *, one_line: bool) -> None:
        self._redact = redact
        self._one_line = one_line

    def __call__(self, logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
        return {
            key: self._trace(value) if key in ("exception", "stack") else self._value(value)
            for key, value in event.items()
        }

    def _value(self, value: object) -> object:
        if value is None or isinstance(value, bool | int | float):
            return value
        if isinstance(value, dict):
            return {self._text(str(key)): self._value(item) for key, item in value.items()}
        if isinstance(value, list | tuple | set | frozenset):
            return [self._value(item) for item in value]
        return self._text(str(value))

    def _text(self, text: str) -> str:
        return CONTROL.sub(_escaped, self._redact(text))

    def _trace(self, trace: object) -> str:
        lines = self._redact(str(trace)).splitlines()
        if self._one_line:
            return "\n".join(lines)
        return "\n".join("    " + CONTROL.sub(_escaped, line) for line in lines)


def _escaped(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode()


class Stream(logging.StreamHandler[TextIO]):
    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        # The standard one prints the record's raw arguments.
        self.stream.write(f"log_failed logger={record.name} line={record.lineno}\n")


def set_up_logs(level: str, json: bool, secrets: Collection[str], stream: TextIO | None = None) -> None:
    """Send all records from `level` up, also those of libraries, to `stream` (stderr); as JSON for machines."""
    handler = Stream(stream or sys.stderr)
    handler.setFormatter(_formatter(json, redactor(secrets), colors=handler.stream.isatty()))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    structlog.configure(
        processors=[*_facts(), structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(root.level),
        logger_factory=structlog.stdlib.LoggerFactory(),
    )
    sys.excepthook = _log_the_end


def _facts() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]


def _formatter(json: bool, redact: Redact, *, colors: bool) -> logging.Formatter:
    renderer: Processor = structlog.processors.JSONRenderer(ensure_ascii=False)
    if not json:
        renderer = structlog.dev.ConsoleRenderer(
            colors=colors, exception_formatter=structlog.dev.plain_traceback, pad_event_to=0
        )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_facts(),
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            Clean(redact, one_line=json),
            renderer,
        ],
    )


def _log_the_end(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    logging.getLogger("visnyk").critical("crashed", exc_info=(kind, error, trace))
