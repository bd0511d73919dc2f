"""Parses Telegram's updates: one raw update in, one `Incoming` or None out. Pure apart from its clock."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import accumulate, pairwise
from typing import Final

import telegram
from telegram.constants import ChatType

from bot.adapters.telegram.request import as_object
from bot.adapters.text import is_web_link
from bot.domain import (
    Address,
    Attachment,
    AttachmentKind,
    ChatKind,
    Event,
    Forward,
    Incoming,
    Left,
    Media,
    MediaKind,
    Moved,
    Platform,
    Pressed,
    Returned,
    RightsChanged,
    Run,
    Said,
    Sender,
)
from bot.domain.clean import merge
from bot.domain.picture import held_at

#: The kinds of updates that we ask Telegram for; `understand` knows no others.
ALLOWED_UPDATES: Final = ("message", "edited_message", "callback_query", "my_chat_member")

#: Time for which Telegram keeps an update that nobody takes (docs/platforms/telegram.md#updates).
KEPT_FOR: Final = timedelta(hours=24)
#: The kinds of updates that tell when it was said.
_DATED: Final = ("message", "edited_message", "my_chat_member")

_KINDS: Final = {
    ChatType.PRIVATE: ChatKind.PRIVATE,
    ChatType.GROUP: ChatKind.GROUP,
    ChatType.SUPERGROUP: ChatKind.GROUP,
    ChatType.CHANNEL: ChatKind.CHANNEL,
}

_LOOKS: Final[Mapping[str, Callable[[Run], Run]]] = {
    "bold": lambda run: replace(run, bold=True),
    "italic": lambda run: replace(run, italic=True),
    "strikethrough": lambda run: replace(run, struck=True),
    "spoiler": lambda run: replace(run, spoiler=True),
    "blockquote": lambda run: replace(run, quote=True),
    "expandable_blockquote": lambda run: replace(run, quote=True),
    "underline": lambda run: replace(run, underline=True),
    "code": lambda run: replace(run, code=True),
    "pre": lambda run: replace(run, code=True),
}
#: Addresses for formatting that an article has no form for; a person's number is nobody's business.
_NO_FORM: Final = {"text_mention": "tg://user", "custom_emoji": "tg://emoji", "date_time": "tg://time"}

#: Characters of a message that is answered by which it is known again.
QUOTED: Final = 100
_PICTURES: Final = frozenset({"image/jpeg", "image/png", "image/webp"})
_ATTACHMENTS: Final = {
    "voice": AttachmentKind.VOICE,
    "audio": AttachmentKind.AUDIO,
    "video_note": AttachmentKind.VIDEO_NOTE,
    "sticker": AttachmentKind.STICKER,
    "poll": AttachmentKind.POLL,
    "venue": AttachmentKind.PLACE,
    "location": AttachmentKind.PLACE,
    "contact": AttachmentKind.CONTACT,
}

#: A line that begins with an article's number, as cards and questions do.
_NUMBERED: Final = re.compile(r"#\d{1,9}\b")
#: A command that is addressed to one bot of a group: `/list@visnyk_bot`.
_ADDRESSED: Final = re.compile(r"/[A-Za-z0-9_]+(@[A-Za-z0-9_]+)")

#: All that python-telegram-bot raises for a body of the wrong shape or a date beyond the calendar.
MALFORMED: Final = (ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError, OSError)


def key(body: bytes) -> str:
    """The update's number, which stays the same whenever Telegram delivers it again."""
    update = as_object(body)
    number = update.get("update_id") if update is not None else None
    if not isinstance(number, int) or isinstance(number, bool):
        raise ValueError("not an update of Telegram's")  # noqa: TRY004 - the body is wrong, not our types
    return str(number)


def is_replayed(body: bytes, now: datetime) -> bool:
    """True for an update older than Telegram keeps one. A press tells no time; its button works once."""
    update = as_object(body) or {}
    said: dict[str, object] = next((update[kind] for kind in _DATED if isinstance(update.get(kind), dict)), {})
    at = next((date for each in ("edit_date", "date") if isinstance(date := said.get(each), int)), None)
    return at is not None and at < (now - KEPT_FOR).timestamp()


def understand(body: bytes, now: Callable[[], datetime], username: str = "") -> Incoming | None:
    """Parse one update; None if it does not concern us.

    `now` is asked only for presses, of which Telegram tells no time. `username` is our own, without the `@`.
    """
    data = as_object(body)
    if data is None:
        return None
    try:
        update = telegram.Update.de_json(data, None)
        return _incoming(update, now, username)
    except MALFORMED:
        return None


def post_link(chat_id: str, username: str | None, message_id: int) -> str:
    """The address of a post in a channel or supergroup; empty for other chats and for a number not known yet."""
    if not message_id:
        return ""
    if username:
        return f"https://t.me/{username}/{message_id}"
    return f"https://t.me/c/{chat_id[4:]}/{message_id}" if chat_id.startswith("-100") else ""


def runs_of(text: str, entities: Sequence[telegram.MessageEntity]) -> tuple[Run, ...]:
    """The text with its formatting, without the `@bot` of a leading command. Entities count in UTF-16 code units.

    What has no form in an article keeps an address of Telegram's own (`tg://…`) or of another scheme, which shows that
    there was something.
    """
    units = list(accumulate((2 if ord(letter) > 0xFFFF else 1 for letter in text), initial=0))
    spans = []
    for entity in entities:
        start, end = (bisect_left(units, max(at, 0)) for at in (entity.offset, entity.offset + entity.length))
        spans.append((entity, start, min(end, len(text))))
    addressed = _ADDRESSED.match(text)
    hidden = addressed.span(1) if addressed else (0, 0)
    edges = sorted({0, len(text), *hidden, *(at for _, *span in spans for at in span if 0 <= at <= len(text))})
    runs = []
    for at, end in pairwise(edges):
        look = Run("")
        for entity, start, stop in spans:
            if start <= at and end <= stop:
                look = _with(look, entity, text[start:stop])
        if not hidden[0] <= at < hidden[1]:
            runs.append(replace(look, text=text[at:end]))
    return merge(runs)


def _with(look: Run, entity: telegram.MessageEntity, text: str) -> Run:
    if entity.type in _LOOKS:
        return _LOOKS[entity.type](look)
    if entity.type == telegram.MessageEntity.TEXT_LINK:
        url = entity.url or ""
        return replace(look, link="tg://user" if url.startswith("tg://user") else url)
    if entity.type == telegram.MessageEntity.URL:
        return replace(look, link=_web(text if "://" in text else f"https://{text}"))
    return replace(look, link=look.link or _NO_FORM.get(entity.type, ""))


def _web(link: str) -> str:
    return link if is_web_link(link) else ""


def _incoming(update: telegram.Update, now: Callable[[], datetime], username: str) -> Incoming | None:
    message = update.message or update.edited_message
    if message is not None:
        return None if _for_others(message, username) else _from_message(message, edited=update.message is None)
    if update.callback_query is not None:
        return _from_press(update.callback_query, now)
    if update.my_chat_member is not None:
        return _from_standing(update.my_chat_member)
    return None


def _for_others(message: telegram.Message, username: str) -> bool:
    """True for a command to another bot of the group, and for one that another bot wrote in a person's name."""
    text = message.text or message.caption or ""
    addressed = _ADDRESSED.match(text)
    to_another = addressed is not None and addressed[1][1:].casefold() != username.casefold()
    in_private = message.chat.type == ChatType.PRIVATE
    return (to_another and bool(username) and not in_private) or (message.via_bot is not None and text.startswith("/"))


def _from_message(message: telegram.Message, *, edited: bool) -> Incoming | None:
    user = message.from_user
    if user is None or user.is_bot or message.sender_chat is not None:
        return None
    if message.migrate_to_chat_id:
        moved = Moved(message.chat.title or "", str(message.migrate_to_chat_id))
        return _made(user, message.chat, moved, message.date)
    said = _said(message, edited=edited)
    if said is None:
        return None
    at = (message.edit_date if edited else None) or message.date
    return _made(user, message.chat, said, at, _thread(message))


def _said(message: telegram.Message, *, edited: bool) -> Said | None:
    """Return what a person said; None for service messages (joins, pins) and for stickers and the like in a group."""
    text = message.text or message.caption or ""
    media = _media(message)
    attached = message.chat.type == ChatType.PRIVATE and message.effective_attachment is not None
    if not (text or media or attached):
        return None
    return Said(
        runs=runs_of(text, message.entities or message.caption_entities),
        media=media,
        forward=_forward(message.forward_origin),
        album=message.media_group_id or "",
        edited=edited,
        message_id=message.message_id,
        reply_to=_answered(message),
        answers=_quoted(message) if _answered(message) else "",
        untaken=None if media is not None else _untaken(message),
    )


def _untaken(message: telegram.Message) -> Attachment | None:
    """The attachment that can't be published as it is, if any: Telegram sends a file only as a file."""
    document = message.document
    if message.animation is not None:
        return Attachment(AttachmentKind.ANIMATION, message.animation.file_name or "")
    if document is not None:
        is_picture = (document.mime_type or "") in _PICTURES
        if is_picture:
            return Attachment(AttachmentKind.PICTURE_FILE, document.file_name or "", held_at(document.file_id))
        return Attachment(AttachmentKind.FILE, document.file_name or "")
    for name, kind in _ATTACHMENTS.items():
        if getattr(message, name) is not None:
            return Attachment(kind)
    return Attachment(AttachmentKind.OTHER) if message.effective_attachment else None


def _answered(message: telegram.Message) -> int:
    """The number of a bot's message that this one replies to, or 0. In a private chat that bot can only be ours."""
    answered = message.reply_to_message
    is_ours = answered is not None and answered.from_user is not None and answered.from_user.is_bot
    return answered.message_id if answered is not None and is_ours else 0


def _quoted(message: telegram.Message) -> str:
    """Return the first line of the message that this one replies to; of a screen under a post, its own first line."""
    answered = message.reply_to_message
    text = (answered.text or answered.caption or "") if answered is not None else ""
    first, *others = text.split("\n")
    numbered = [line for line in (first, *reversed(others)) if _NUMBERED.match(line)]
    return (numbered[0] if numbered else first)[:QUOTED]


def _media(message: telegram.Message) -> Media | None:
    if message.photo:
        largest = max(message.photo, key=lambda size: size.width * size.height)
        return Media(MediaKind.PHOTO, platform=Platform.TELEGRAM, file=largest.file_id, size=largest.file_size)
    video = message.video
    if video is None:
        return None
    # As an attribute it is a timedelta or seconds, depending on an environment variable; here it is always seconds.
    seconds = video.to_dict()["duration"]
    return Media(
        MediaKind.VIDEO, platform=Platform.TELEGRAM, file=video.file_id, size=video.file_size, duration=int(seconds)
    )


def _forward(origin: telegram.MessageOrigin | None) -> Forward | None:
    if isinstance(origin, telegram.MessageOriginChannel):
        chat = origin.chat
        link = post_link(str(chat.id), chat.username, origin.message_id)
        return Forward(chat.title or "", link, chat=str(chat.id), username=chat.username or "", post=origin.message_id)
    if isinstance(origin, telegram.MessageOriginChat):
        chat = origin.sender_chat
        return Forward(chat.title or "", f"https://t.me/{chat.username}" if chat.username else "")
    if isinstance(origin, telegram.MessageOriginUser):
        user = origin.sender_user
        if user.is_bot:
            return Forward(user.full_name, private=True, username=user.username or "", bot=str(user.id))
        return Forward(user.full_name, private=True)
    if isinstance(origin, telegram.MessageOriginHiddenUser):
        return Forward(origin.sender_user_name, private=True)
    return None if origin is None else Forward()


def _from_press(query: telegram.CallbackQuery, now: Callable[[], datetime]) -> Incoming | None:
    if query.data is None:
        return None
    if query.message is None:  # docs/platforms/telegram.md#presses
        sender = _sender(query.from_user)
        return Incoming(sender, sender.address, ChatKind.UNKNOWN, Pressed(query.data, 0, query.id), now())
    pressed = Pressed(query.data, query.message.message_id, query.id)
    thread = _thread(query.message) if isinstance(query.message, telegram.Message) else 0
    return _made(query.from_user, query.message.chat, pressed, now(), thread)


def _thread(message: telegram.Message) -> int:
    """The topic of a forum, or 0. A chain of replies has a thread number too but is no topic."""
    return (message.message_thread_id or 0) if message.is_topic_message else 0


def _from_standing(change: telegram.ChatMemberUpdated) -> Incoming | None:
    event = _personal(change) if change.chat.type == ChatType.PRIVATE else _standing(change)
    return _made(change.from_user, change.chat, event, change.date)


def _personal(change: telegram.ChatMemberUpdated) -> Event:
    gone = change.new_chat_member.status in (telegram.ChatMember.BANNED, telegram.ChatMember.LEFT)
    return Left() if gone else Returned()


def _standing(change: telegram.ChatMemberUpdated) -> Event:
    in_channel = change.chat.type == ChatType.CHANNEL
    return RightsChanged(change.chat.title or "", may_post(change.new_chat_member, in_channel=in_channel))


def may_post(member: telegram.ChatMember, *, in_channel: bool) -> bool:
    """True if this member may post: in a channel that takes a right, in a group any member who is not muted may."""
    if isinstance(member, telegram.ChatMemberAdministrator):
        return bool(member.can_post_messages) if in_channel else True
    if isinstance(member, telegram.ChatMemberRestricted):
        return bool(member.is_member and member.can_send_messages) and not in_channel
    return isinstance(member, telegram.ChatMemberOwner) or (
        isinstance(member, telegram.ChatMemberMember) and not in_channel
    )


def _made(user: telegram.User, chat: telegram.Chat, event: Event, at: datetime, thread: int = 0) -> Incoming | None:
    kind = _KINDS.get(ChatType(chat.type))
    if kind is None:
        return None
    return Incoming(
        _sender(user), Address(Platform.TELEGRAM, str(chat.id)), kind, event, at, thread, bool(chat.is_forum)
    )


def _sender(user: telegram.User) -> Sender:
    return Sender(Address(Platform.TELEGRAM, str(user.id)), user.full_name, (user.language_code or "")[:2].lower())
