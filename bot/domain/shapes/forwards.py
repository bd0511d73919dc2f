"""The words that an app puts above or before a message which was forwarded, or copied with others."""

from __future__ import annotations

import re

from bot.domain.shapes.words import spelled

_DAY = r"\d{1,2}[./]\d{1,2}[./]\d{2,4}|\d{1,2}\s\w{3,12}\.?\s\d{4}(?:\sр\.)?|\w{3,12}\.?\s\d{1,2},\s\d{4}"
_STAMP = rf"\[\s?(?:{_DAY})[,\s]+\d{{1,2}}:\d\d(?::\d\d)?(?:\s?[AP]M)?\s?\]"
#: `[Переслано з каналу ДСНС]`, `Forwarded from Rescuers`.
_FORWARDED = re.compile(
    r"""(?ix) [^\w]{0,4} (?: (?:переслано|переслане\ повідомлення|пересланное\ сообщение|переслано\ сообщение
    |forwarded|forwarded\ message|forwarded\ message\ from|fwd) ) \b
    (?: \s* :? \s* (?:від|з|із|зі|от|из|с|from)\b (?:\s(?:каналу|канала|чату|чата|групи|группы|channel|group))?
        \s* :? \s* \S.{0,64} )? \s*[\])]?\s*:?"""
)
#: Telegram's desktop app: `ДСНС України, [28.11.2026 12:30]`.
_SIGNED = re.compile(rf"\S.{{0,64}},\s{_STAMP}:?")
#: WhatsApp, Viber and newer apps: `[28.11.2026 12:30] ДСНС України: …`.
_PREFIX = re.compile(rf"{_STAMP}\s+[^\s:][^:\n]{{0,64}}:(?:\s+|$)")


def is_forward(text: str) -> bool:
    """True if the line only says whose message it was, and when."""
    line = spelled(text)
    if len(line) > 140:
        return False
    prefix = _PREFIX.match(line)
    return bool(_FORWARDED.fullmatch(line) or _SIGNED.fullmatch(line)) or (
        prefix is not None and prefix.end() == len(line)
    )


def prefix_of(text: str) -> int:
    """Return the length of such words before a message on the same line; 0 if there are none."""
    found = _PREFIX.match(spelled(text)) if text.startswith("[") else None
    return found.end() if found else 0
