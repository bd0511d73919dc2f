"""Reads bytes as the text that they are, whatever the server or the page says of them."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_DECLARED = re.compile(rb"""(?i)(?:charset|encoding)\s{0,9}=\s{0,9}["']?\s{0,9}([\w:.-]{2,40})""")
#: Bytes at the beginning in which a page may say its encoding.
_HEAD = 4096
#: The encoding of old Ukrainian sites.
_OLD = "windows-1251"


def decoded(content: bytes, charset: str = "") -> str:
    """Return the text in `content`; `charset` is what the server says. Never raises: what can't be read is replaced.

    Text that is valid UTF-8 is UTF-8: another encoding's bytes are so by no accident.
    """
    for mark, name in _MARKS:
        if content.startswith(mark):
            return content[len(mark) :].decode(name, "replace")
    for name in ("utf-8", *_named(content, charset), _OLD):
        try:
            return content.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
    return content.decode(next(_named(content, charset), "utf-8"), "replace")


def _named(content: bytes, charset: str) -> Iterator[str]:
    """Return the encodings that the server and the page name, as far as they are ones of texts."""
    found = _DECLARED.search(content[:_HEAD])
    for name in (charset, found[1].decode("ascii") if found else ""):
        try:
            info = codecs.lookup(name) if name else None
        except LookupError:
            continue
        if info is not None and info._is_text_encoding:
            yield info.name
