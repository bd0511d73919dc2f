"""Methods that change or remove what is already in a chat.

Their rules are in docs/platforms/telegram.md#edits and docs/platforms/telegram.md#deletions.
"""

from dataclasses import replace

from bot.sandbox.telegram_content import JSON, Content
from bot.sandbox.telegram_params import MAX_CAPTION, Params, formatted, markup, media, message_text
from bot.sandbox.telegram_send import Method, check_member, open_room, preview, room
from bot.sandbox.telegram_world import Account, Chat, Message, Room, TelegramWorld, bad

#: Seconds within which a message can still be deleted.
DELETABLE = 48 * 3600

_SAME = (
    "message is not modified: specified new message content and reply markup "
    "are exactly the same as a current content and reply markup of the message"
)


def _to_edit(world: TelegramWorld, account: Account, params: Params) -> Message:
    if not params.text("message_id"):
        raise bad("message identifier is not specified")
    target = room(world, account, params)
    if isinstance(target.chat, Chat):
        record = check_member(account, target.chat)
    else:
        open_room(world, account, params)
        record = {}
    message = target.messages.get(params.integer("message_id"))
    if message is None or message.deleted:
        raise bad("message to edit not found")
    if not _may_edit(account, message, record):
        raise bad("message can't be edited")
    return message


def _may_edit(account: Account, message: Message, record: JSON) -> bool:
    if message.origin or (message.markup and not message.buttons):
        return False
    if isinstance(message.room.chat, Chat) and message.room.chat.kind == "channel":
        own = message.sender is account and record.get("can_post_messages")
        return bool(own or record.get("can_edit_messages"))
    return message.sender is account


def _apply(world: TelegramWorld, account: Account, message: Message, content: Content, params: Params) -> JSON:
    channel = isinstance(message.room.chat, Chat) and message.room.chat.kind == "channel"
    keyboard = markup(params, channel=channel, inline_only=True)
    if content == message.content and keyboard == message.markup:
        raise bad(_SAME)
    message.content, message.markup = content, keyboard
    message.edited_at = world.board.now()
    world.announce("edited", message)
    return message.wire(account)


def edit_text(world: TelegramWorld, account: Account, params: Params) -> JSON:
    text, entities = message_text(params, editing=True)
    message = _to_edit(world, account, params)
    if message.content.media is not None:
        raise bad("there is no text in the message to edit")
    content = Content(text, entities, preview=preview(params), raw=params.text("text"))
    return _apply(world, account, message, content, params)


def edit_caption(world: TelegramWorld, account: Account, params: Params) -> JSON:
    text, entities = formatted(params.values, "caption", MAX_CAPTION, editing=True)
    message = _to_edit(world, account, params)
    if message.content.media is None:
        raise bad("there is no caption in the message to edit")
    content = replace(message.content, text=text, entities=entities, raw=params.text("caption"))
    return _apply(world, account, message, content, params)


def edit_media(world: TelegramWorld, account: Account, params: Params) -> JSON:
    item = params.object("media", "can't parse input media JSON object")
    if not isinstance(item, dict):
        raise bad("input media isn't specified")
    text, entities = formatted(item, "caption", MAX_CAPTION, editing=True)
    message = _to_edit(world, account, params)
    kind = str(item.get("type"))
    if message.album and kind not in ("photo", "video"):
        raise bad("can't use the media of the specified type in the album")
    file = media(world, account, params, kind, item.get("media") or "")
    content = replace(message.content, text=text, entities=entities, media=file, raw=str(item.get("caption") or ""))
    return _apply(world, account, message, content, params)


def edit_markup(world: TelegramWorld, account: Account, params: Params) -> JSON:
    message = _to_edit(world, account, params)
    return _apply(world, account, message, message.content, params)


def _delete(world: TelegramWorld, account: Account, params: Params, message_id: int) -> None:
    target = room(world, account, params)
    record = check_member(account, target.chat) if isinstance(target.chat, Chat) else {}
    message = target.messages.get(message_id)
    if message is None or message.deleted:
        raise bad("message to delete not found")
    _check_deletable(world, account, message, record)
    message.deleted = True
    world.announce("deleted", message)


def _check_deletable(world: TelegramWorld, account: Account, message: Message, record: JSON) -> None:
    old = world.board.now() - message.at >= DELETABLE
    if message.room.private:
        if old:
            raise bad("message can't be deleted for everyone")
        return
    own = message.sender is account
    channel = isinstance(message.room.chat, Chat) and message.room.chat.kind == "channel"
    allowed = record.get("can_delete_messages") or (own and (not channel or record.get("can_post_messages")))
    if old or not allowed:
        raise bad("message can't be deleted")


def delete_message(world: TelegramWorld, account: Account, params: Params) -> bool:
    _delete(world, account, params, params.integer("message_id"))
    return True


def delete_messages(world: TelegramWorld, account: Account, params: Params) -> bool:
    ids = params.integers("message_ids")
    if not 1 <= len(ids) <= 100:
        raise bad("too many messages" if ids else "message identifiers are not specified")
    target = room(world, account, params)
    for message_id in ids:
        message = target.messages.get(message_id)
        if message is not None and not message.deleted:
            _delete(world, account, params, message_id)
    return True


def _check_pins(account: Account, target: Room) -> None:
    if isinstance(target.chat, Chat):
        record = check_member(account, target.chat)
        right = "can_edit_messages" if target.chat.kind == "channel" else "can_pin_messages"
        if not record.get(right):
            raise bad("not enough rights to manage pinned messages in the chat")


def pin(world: TelegramWorld, account: Account, params: Params) -> bool:
    target = room(world, account, params)
    _check_pins(account, target)
    message = target.messages.get(params.integer("message_id"))
    if message is None or message.deleted:
        raise bad("message to pin not found")
    if isinstance(target.chat, Chat):
        target.chat.pins = [*(each for each in target.chat.pins if each != message.id), message.id]
    return True


def unpin(world: TelegramWorld, account: Account, params: Params) -> bool:
    """Without a number the latest pin is taken off; of a message that is not pinned nothing is said."""
    target = room(world, account, params)
    _check_pins(account, target)
    if not isinstance(target.chat, Chat):
        return True
    number = params.integer("message_id") if params.text("message_id") else next(iter(target.chat.pins[-1:]), 0)
    message = target.messages.get(number)
    if message is None or message.deleted:
        raise bad("message to unpin not found")
    target.chat.pins = [each for each in target.chat.pins if each != number]
    return True


def unpin_all(world: TelegramWorld, account: Account, params: Params) -> bool:
    target = room(world, account, params)
    _check_pins(account, target)
    if isinstance(target.chat, Chat):
        target.chat.pins = []
    return True


METHODS: dict[str, Method] = {
    "editmessagetext": edit_text,
    "editmessagecaption": edit_caption,
    "editmessagemedia": edit_media,
    "editmessagereplymarkup": edit_markup,
    "deletemessage": delete_message,
    "deletemessages": delete_messages,
    "pinchatmessage": pin,
    "unpinchatmessage": unpin,
    "unpinallchatmessages": unpin_all,
}
