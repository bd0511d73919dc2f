"""No secret reaches the log, however it tries, and no text can pass for a line of ours."""

from __future__ import annotations

import io
import json
import logging
import sys
from types import SimpleNamespace
from urllib.parse import quote

import pytest
import structlog

from bot.logs import Stream, set_up_logs

TELEGRAM = "123456789:AAE-canary_canary_canary_canary_0123"
UNKNOWN = "987654321:AAE-nobody_told_the_log_about_this1"
VIBER = '4f9canary"\\/+=='


@pytest.fixture(params=["json", "console"])
def log(request: pytest.FixtureRequest, logging_restored: None) -> io.StringIO:
    stream = io.StringIO()
    set_up_logs("DEBUG", request.param == "json", [TELEGRAM, VIBER, ""], stream)
    return stream


def fail(secret: str) -> None:
    try:
        raise ConnectionError(f"POST https://api.telegram.org/bot{secret}/sendMessage")
    except ConnectionError as error:
        raise RuntimeError(f"giving up on {secret}") from error


def tell_everything(secret: str) -> None:
    """Every way by which a record comes about."""
    ours, theirs = structlog.get_logger("ours"), logging.getLogger("a.library")
    ours.debug(
        "sending", url=f"/bot{secret}/x", nested={"token": [secret], secret: (secret,)}, thing=SimpleNamespace(t=secret)
    )
    theirs.debug("with %s and %r", secret, {"auth_token": secret})
    theirs.warning("%(token)s", {"token": secret})
    theirs.error(ValueError(secret), stack_info=True)
    theirs.info(secret.encode())
    ours.info("quoted", path=f"/{quote(secret)}", query="?t=" + quote(secret, safe=""))
    try:
        fail(secret)
    except RuntimeError:
        ours.exception("ours_failed")
        theirs.exception("theirs failed with %s", secret)


@pytest.mark.parametrize("secret", [TELEGRAM, UNKNOWN, VIBER])
def test_a_secret_is_hidden_in_messages_arguments_values_and_tracebacks(log: io.StringIO, secret: str) -> None:
    tell_everything(secret)

    text = log.getvalue()
    assert secret not in text
    assert "canary" not in text
    assert "nobody_told" not in text
    assert text.count("***") >= 12
    assert "Traceback" in text
    assert "giving up on ***" in text


def test_a_record_that_cannot_be_written_does_not_spill_its_arguments(
    log: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    record = logging.LogRecord("a.library", logging.INFO, __file__, 7, "two places %s %s", (TELEGRAM,), None)
    ours = next(handler for handler in logging.getLogger().handlers if isinstance(handler, Stream))
    ours.handle(record)

    assert log.getvalue() == "log_failed logger=a.library line=7\n"
    assert capsys.readouterr() == ("", "")


def test_an_unhandled_error_ends_in_the_log_without_its_secret(log: io.StringIO) -> None:
    try:
        fail(TELEGRAM)
    except RuntimeError as error:
        sys.excepthook(type(error), error, error.__traceback__)

    assert "crashed" in log.getvalue()
    assert "***/sendMessage" in log.getvalue()
    assert TELEGRAM not in log.getvalue()


def test_somebodys_line_breaks_do_not_make_a_line(log: io.StringIO) -> None:
    structlog.get_logger().info("said", text="hello\n2026-01-01 [critical] forged\r\x1b[2J\u2028end")
    logging.getLogger("a.library").info("said %s", "hello\nforged")

    assert len(log.getvalue().splitlines()) == 2
    assert "\x1b[2J" not in log.getvalue()


def test_a_traceback_in_the_terminal_is_set_in(logging_restored: None) -> None:
    stream = io.StringIO()
    set_up_logs("INFO", False, [], stream)
    try:
        raise ValueError("bad\n2026-01-01 [critical] forged")
    except ValueError:
        structlog.get_logger().exception("failed")

    first, *others = stream.getvalue().splitlines()
    assert "failed" in first
    assert all(line.startswith("    ") for line in others)


def test_events_are_json_with_their_numbers_and_letters(logging_restored: None) -> None:
    stream = io.StringIO()
    set_up_logs("INFO", True, [], stream)
    structlog.get_logger("bot.newsroom").info("article_published", article=12, recipients=48_120, title="Вісник")

    event = json.loads(stream.getvalue())
    assert event.pop("timestamp").endswith("Z")
    assert event == {
        "event": "article_published",
        "level": "info",
        "logger": "bot.newsroom",
        "article": 12,
        "recipients": 48_120,
        "title": "Вісник",
    }


def test_a_level_hides_what_is_below_it_and_talkative_libraries_stay_quiet(logging_restored: None) -> None:
    stream = io.StringIO()
    set_up_logs("INFO", True, [], stream)
    structlog.get_logger().debug("ours")
    for name in ("httpx", "httpcore.http11", "aiohttp.access", "telegram.Bot"):
        logging.getLogger(name).info("theirs")
    logging.getLogger("httpx").warning("only this")

    assert [json.loads(line)["event"] for line in stream.getvalue().splitlines()] == ["only this"]


def test_setting_up_again_does_not_say_everything_twice(logging_restored: None) -> None:
    stream = io.StringIO()
    set_up_logs("INFO", True, [], stream)
    set_up_logs("INFO", True, [], stream)
    logging.getLogger("a.library").info("once")

    assert len(stream.getvalue().splitlines()) == 1
