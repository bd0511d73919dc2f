"""Telegram's HTML, read as strictly as Telegram reads it (docs/platforms/telegram.md#formatting)."""

import re
from dataclasses import dataclass, field

from bot.sandbox.telegram_text import Entity, checked_link

_SPECIAL = re.compile(rb"[<&]")
_SPACE = b" \t\r\n\0\v"
_NUMBER = re.compile(rb"&#(?:x([0-9a-fA-F]+)|([0-9]+))")
_NAME = re.compile(rb"&([a-zA-Z]+)")
_TOKEN = re.compile(rb"[a-zA-Z0-9.\-]*")
_NAMED = {b"lt": "<", b"gt": ">", b"amp": "&", b"quot": '"'}
_TIME_FORMAT = re.compile(r"r|w?[dD]?[tT]?")

_STYLES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "span": "spoiler",
    "tg-spoiler": "spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}
_TAGS = frozenset(_STYLES) | {"a", "tg-emoji", "tg-time"}


class MarkupError(Exception):
    """Markup that Telegram does not take; the message says where, in bytes."""


@dataclass(slots=True)
class _Open:
    tag: str
    attributes: dict[str, str]
    start: int


def parse_html(markup: str) -> tuple[str, list[Entity]]:
    """Plain text and its entities in code points. Raises `MarkupError`."""
    return _Parser(markup).parse()


@dataclass(slots=True)
class _Parser:
    markup: str
    source: bytes = b""
    pos: int = 0
    pieces: list[str] = field(default_factory=list)
    length: int = 0
    opened: list[_Open] = field(default_factory=list)
    found: list[Entity] = field(default_factory=list)

    def parse(self) -> tuple[str, list[Entity]]:
        # The closing NUL ends every scan, as it does in Telegram's own parser.
        self.source = self.markup.encode() + b"\0"
        end = len(self.source) - 1
        while self.pos < end:
            self._step(end)
        if self.opened:
            raise MarkupError(f'Can\'t find end tag corresponding to start tag "{self.opened[-1].tag}"')
        return "".join(self.pieces), self.found

    def _step(self, end: int) -> None:
        special = _SPECIAL.search(self.source, self.pos, end)
        stop = special.start() if special else end
        if stop > self.pos:
            self._add(self.source[self.pos : stop].decode())
            self.pos = stop
        elif self.source[self.pos] == ord("&"):
            self._add(self._reference() or self._ampersand())
        elif self.source[self.pos + 1] == ord("/"):
            self._end_tag()
        else:
            self._start_tag()

    def _add(self, text: str) -> None:
        self.pieces.append(text)
        self.length += len(text)

    def _ampersand(self) -> str:
        self.pos += 1
        return "&"

    def _reference(self) -> str:
        """Return the character that the reference at `pos` stands for and move past it; "" if there is none."""
        if number := _NUMBER.match(self.source, self.pos):
            code = int(number[1], 16) if number[1] else int(number[2])
            if code == 0 or code >= 0x10FFFF or len(number[0]) >= 10 or 0xD800 <= code < 0xE000:
                return ""
            return self._past(number.end(), chr(code))
        name = _NAME.match(self.source, self.pos)
        if name is None or name[1] not in _NAMED:
            return ""
        return self._past(name.end(), _NAMED[name[1]])

    def _past(self, end: int, character: str) -> str:
        self.pos = end + (self.source[end] == ord(";"))
        return character

    def _here(self) -> int:
        return self.source[self.pos]

    def _skip(self, *, until: bytes) -> bytes:
        begin = self.pos
        while self._here() not in until:
            self.pos += 1
        return self.source[begin : self.pos]

    def _skip_spaces(self) -> None:
        while self._here() in _SPACE and self._here() != 0:
            self.pos += 1

    def _start_tag(self) -> None:
        begin = self.pos
        self.pos += 1
        tag = self._skip(until=_SPACE + b">").decode().lower()
        if self._here() == 0:
            raise MarkupError(f"Unclosed start tag at byte offset {begin}")
        if tag not in _TAGS:
            raise MarkupError(f'Unsupported start tag "{tag}" at byte offset {begin}')
        attributes = self._attributes(tag, begin)
        self.pos += 1
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            raise MarkupError(f'Tag "span" must have class "tg-spoiler" at byte offset {begin}')
        self.opened.append(_Open(tag, attributes, self.length))

    def _attributes(self, tag: str, begin: int) -> dict[str, str]:
        attributes: dict[str, str] = {}
        while self._here() != ord(">"):
            self._skip_spaces()
            if self._here() == ord(">"):
                break
            name = self._skip(until=_SPACE + b"=>").decode().lower()
            if self._here() == 0:
                raise MarkupError(f'Unclosed start tag "{tag}" at byte offset {begin}')
            if not name:
                raise MarkupError(f'Empty attribute name in the tag "{tag}" at byte offset {begin}')
            attributes[name] = self._value(tag, begin)
        return attributes

    def _value(self, tag: str, begin: int) -> str:
        self._skip_spaces()
        if self._here() != ord("="):
            return ""
        self.pos += 1
        self._skip_spaces()
        if self._here() == 0:
            raise MarkupError(f'Unclosed start tag "{tag}" at byte offset {begin}')
        value = self._quoted() if self._here() in b"\"'" else self._bare()
        if self._here() == 0:
            raise MarkupError(f"Unclosed start tag at byte offset {begin}")
        return value

    def _bare(self) -> str:
        begin = self.pos
        token = _TOKEN.match(self.source, self.pos)
        assert token is not None
        self.pos = token.end()
        if self._here() not in _SPACE + b">":
            raise MarkupError(f"Unexpected end of name token at byte offset {begin}")
        return token[0].decode().lower()

    def _quoted(self) -> str:
        quote = self.source[self.pos : self.pos + 1]
        self.pos += 1
        value = ""
        while self._here() not in quote + b"\0":
            value += self._skip(until=quote + b"&\0").decode()
            if self._here() == ord("&"):
                value += self._reference() or self._ampersand()
        if self._here() != 0:
            self.pos += 1
        return value

    def _end_tag(self) -> None:
        begin = self.pos
        if not self.opened:
            raise MarkupError(f"Unexpected end tag at byte offset {begin}")
        self.pos += 2
        tag = self._skip(until=_SPACE + b">").decode().lower()
        self._skip_spaces()
        if self._here() != ord(">"):
            raise MarkupError(f"Unclosed end tag at byte offset {begin}")
        self.pos += 1
        opened = self.opened.pop()
        if tag and tag != opened.tag:
            raise MarkupError(f'Unmatched end tag at byte offset {begin}, expected "</{opened.tag}>", found "</{tag}>"')
        if self.length > opened.start:
            self._close(opened)

    def _close(self, opened: _Open) -> None:
        entity = self._entity(opened)
        if entity is not None:
            self.found.append(entity)

    def _entity(self, opened: _Open) -> Entity | None:
        start, end, attributes = opened.start, self.length, opened.attributes
        match opened.tag:
            case "a":
                return self._link(attributes.get("href", ""), start, end)
            case "tg-emoji":
                return Entity("custom_emoji", start, end, extra=(("custom_emoji_id", attributes.get("emoji-id", "")),))
            case "tg-time":
                return _time(attributes, start, end)
            case "pre":
                return self._pre(start, end)
            case "code":
                # A language counts only if `pre` closes right around it.
                language = attributes.get("class", "")
                known = language.removeprefix("language-") if language.startswith("language-") else ""
                return Entity("code", start, end, extra=(("language", known),) if known else ())
            case "blockquote" if "expandable" in attributes:
                return Entity("expandable_blockquote", start, end)
            case tag:
                return Entity(_STYLES[tag], start, end)

    def _link(self, href: str, start: int, end: int) -> Entity | None:
        target = href or "".join(self.pieces)[start:end]
        if user := re.fullmatch(r"tg://user\?id=(\d+)", target):
            return Entity("text_mention", start, end, url=target, extra=(("user", user[1]),))
        link = checked_link(target)
        return Entity("text_link", start, end, url=link) if link else None

    def _pre(self, start: int, end: int) -> Entity:
        inner = self.found[-1] if self.found else None
        if inner and inner.kind == "code" and (inner.start, inner.end) == (start, end):
            self.found.pop()
            return Entity("pre", start, end, extra=inner.extra)
        return Entity("pre", start, end)


def _time(attributes: dict[str, str], start: int, end: int) -> Entity | None:
    unix, form = attributes.get("unix", ""), attributes.get("format", "")
    if not unix.isdecimal() or not _TIME_FORMAT.fullmatch(form):
        return None
    return Entity("date_time", start, end, extra=(("unix_time", unix), ("date_time_format", form)))
