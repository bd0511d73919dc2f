"""The parameters of a request, read and checked: texts, keyboards, files (docs/platforms/telegram.md#limits)."""

import json
import re
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.telegram_content import JSON, Media
from bot.sandbox.telegram_html import MarkupError, parse_html
from bot.sandbox.telegram_text import Entity, from_wire, link_fault, tidy
from bot.sandbox.telegram_world import Account, Refusal, TelegramWorld, bad

MAX_TEXT = 4096
MAX_CAPTION = 1024
#: Longest text with its markup, in bytes; a longer one is not even parsed.
MAX_RAW = 32_768
MAX_BUTTONS = 100
MAX_DATA = 64
MAX_UPLOAD = 50 * 1024 * 1024
MAX_PHOTO = 10 * 1024 * 1024

_IMAGES = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"BM", b"II*\0", b"MM\0*", b"RIFF")
_ACTIONS = ("url", "callback_data", "web_app", "login_url", "switch_inline_query", "switch_inline_query_current_chat",
            "switch_inline_query_chosen_chat", "copy_text", "callback_game", "pay")  # fmt: skip


@dataclass(slots=True)
class Upload:
    """A file part of a multipart request."""

    name: str
    content: bytes


@dataclass(slots=True)
class Params:
    """Parameters of one request: text from a query or form, native values from JSON, and files."""

    values: JSON
    files: dict[str, Upload] = field(default_factory=dict)

    def text(self, name: str) -> str:
        value = self.values.get(name)
        if value is None:
            return ""
        if isinstance(value, bool):
            return "true" if value else "false"
        text = value if isinstance(value, str) else json.dumps(value) if isinstance(value, dict | list) else str(value)
        if not text.isascii() and re.search("[\ud800-\udfff]", text):
            raise bad("strings must be encoded in UTF-8")
        return text

    def integer(self, name: str, default: int = 0) -> int:
        text = self.text(name).strip()
        try:
            return int(text) if text else default
        except ValueError:
            return default

    def flag(self, name: str) -> bool:
        return self.text(name).strip().lower() in ("true", "1", "yes", "t")

    def object(self, name: str, complaint: str = "") -> Any:
        """A JSON value, or None when it is absent."""
        value = self.values.get(name)
        if value is None or value == "":
            return None
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError:
            raise bad(complaint or f"can't parse {name} JSON object") from None

    def integers(self, name: str) -> list[int]:
        value = self.object(name)
        if not isinstance(value, list):
            raise bad(f"expected an Array of {name}")
        return [int(item) for item in value]


def formatted(source: JSON, name: str, limit: int, *, editing: bool = False) -> tuple[str, list[Entity]]:
    """A text or caption with its entities, cleaned, trimmed and measured."""
    params = Params(source)
    raw = params.text(name)
    if len(raw.encode()) > MAX_RAW:
        raise bad("text is too long")
    prefix = "" if name == "text" else "caption_"
    text, entities = _parsed(params, raw, f"{prefix}entities")
    text, entities = tidy(text, entities)
    if len(text) > limit:
        raise bad(_too_long(name, editing))
    return text, entities


def _too_long(name: str, editing: bool) -> str:
    if editing:
        return "MESSAGE_TOO_LONG" if name == "text" else "MEDIA_CAPTION_TOO_LONG"
    return "message is too long" if name == "text" else "message caption is too long"


def _parsed(params: Params, raw: str, entities_name: str) -> tuple[str, list[Entity]]:
    mode = params.text("parse_mode").lower()
    if mode == "html":
        try:
            return parse_html(raw)
        except MarkupError as error:
            raise bad(f"can't parse entities: {error}") from None
    if mode not in ("", "none"):
        raise bad("unsupported parse_mode")
    wire = params.object(entities_name)
    try:
        return raw, from_wire(raw, wire or [])
    except (KeyError, TypeError, ValueError):
        raise bad("can't parse MessageEntity") from None


def message_text(params: Params, *, editing: bool = False) -> tuple[str, list[Entity]]:
    if not params.text("text"):
        raise bad("message text is empty")
    text, entities = formatted(params.values, "text", MAX_TEXT, editing=editing)
    if not text:
        raise bad("text must be non-empty")
    return text, entities


def markup(params: Params, *, channel: bool = False, inline_only: bool = False) -> JSON | None:
    """The checked `reply_markup`; inline buttons without a text are dropped, as Telegram does."""
    value = params.object("reply_markup", "can't parse reply keyboard markup JSON object")
    if value is None:
        return None
    if not isinstance(value, dict):
        raise bad("object expected as reply markup")
    if "inline_keyboard" in value:
        return _inline(value["inline_keyboard"], channel)
    if inline_only:
        raise bad("inline keyboard expected")
    if "keyboard" in value:
        return {**value, "keyboard": [[_label(item) for item in row] for row in _rows(value["keyboard"], "keyboard")]}
    return value if value.get("remove_keyboard") or value.get("force_reply") else None


def _rows(rows: Any, name: str) -> list[list[Any]]:
    if not isinstance(rows, list):
        raise bad(
            f'field "{name}" of the {"Inline" if name == "inline_keyboard" else "Reply"}KeyboardMarkup must be an Array'
        )
    if not all(isinstance(row, list) for row in rows):
        raise bad(f'field "{name}" must be an Array of Arrays')
    return rows


def _label(item: Any) -> JSON:
    """One button of a reply keyboard."""
    button = {"text": item} if isinstance(item, str) else item
    if not isinstance(button, dict) or not isinstance(button.get("text"), str):
        raise bad("can't parse keyboard button: KeyboardButton must be a String or an Object")
    return button


def _inline(value: Any, channel: bool) -> JSON | None:
    rows = []
    for row in _rows(value, "inline_keyboard"):
        buttons = [button for item in row if (button := _button(item, channel)) is not None]
        if buttons:
            rows.append(buttons[:12])
    if sum(len(row) for row in rows) > MAX_BUTTONS:
        raise bad("reply markup is too long")
    return {"inline_keyboard": rows} if rows else None


def _button(item: Any, channel: bool) -> JSON | None:
    if isinstance(item, str):
        raise bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if not isinstance(item, dict):
        raise bad("can't parse inline keyboard button: InlineKeyboardButton must be an Object")
    text = item.get("text")
    if not isinstance(text, str):
        raise bad("can't parse inline keyboard button: Can't find field \"text\"")
    actions = [name for name in _ACTIONS if item.get(name) is not None]
    if not actions:
        raise bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if not text.strip():
        return None
    button = {"text": text.strip()} | {name: item[name] for name in (*actions[:1], "style") if name in item}
    _check_action(button, actions[0], channel)
    return button


def _check_action(button: JSON, action: str, channel: bool) -> None:
    if action == "callback_data" and not 1 <= len(str(button[action]).encode()) <= MAX_DATA:
        raise bad("BUTTON_DATA_INVALID")
    if action == "web_app" and channel:
        raise bad("BUTTON_TYPE_INVALID")
    if action == "copy_text" and not _copyable(button[action]):
        raise bad("BUTTON_COPY_TEXT_INVALID")
    if action == "url" and (fault := link_fault(str(button[action]))):
        raise bad(f"inline keyboard button URL '{button[action]}' is invalid: {fault}")


def _copyable(value: Any) -> bool:
    return isinstance(value, dict) and 1 <= len(str(value.get("text", ""))) <= 256


def media(world: TelegramWorld, account: Account, params: Params, name: str, value: Any = None) -> Media:
    """The file that a parameter names: an upload, a file_id of this bot, or an http(s) address."""
    kind = name
    wanted = params.text(name) if value is None else str(value)
    part = wanted.removeprefix("attach://") if wanted.startswith("attach://") else name
    upload = params.files.get(part) if value is None or wanted.startswith("attach://") else None
    if upload is not None:
        return _uploaded(world, kind, upload)
    if not wanted:
        raise bad(f"there is no {kind} in the request")
    if wanted.startswith("attach://"):
        raise bad("wrong file identifier/HTTP URL specified")
    if known := account.files.get(wanted):
        return _same_kind(known[0], kind)
    if re.match(r"https?://", wanted, re.IGNORECASE):
        return _fetched(world, kind, wanted)
    raise bad("wrong file identifier/HTTP URL specified")


def _same_kind(known: Media, kind: str) -> Media:
    if known.kind != kind:
        raise bad(f"can't use file of type {known.kind.capitalize()} as {kind.capitalize()}")
    return known


def _uploaded(world: TelegramWorld, kind: str, upload: Upload) -> Media:
    if not upload.content:
        raise bad("file must be non-empty")
    if len(upload.content) > MAX_UPLOAD:
        raise Refusal(413, "Request Entity Too Large")
    if kind == "photo" and len(upload.content) > MAX_PHOTO:
        raise bad("file is too big")
    if kind == "photo" and not upload.content.startswith(_IMAGES):
        raise bad("IMAGE_PROCESS_FAILED")
    return world.new_media(kind, content=upload.content, name="" if kind == "photo" else upload.name)


def _fetched(world: TelegramWorld, kind: str, url: str) -> Media:
    if link_fault(url):
        raise bad("wrong HTTP URL specified")
    internet = world.board.internet
    if url in world.unreachable_urls or (internet.knows(url) and internet.page(url) is None):
        raise bad("failed to get HTTP URL content")
    return world.new_media(kind, url=url)
