"""Methods that put something into a chat (docs/platforms/telegram.md#limits, docs/platforms/telegram.md#errors)."""

from collections.abc import Callable
from dataclasses import replace

from bot.sandbox.telegram_content import JSON, Content
from bot.sandbox.telegram_params import (
    MAX_CAPTION,
    Params,
    formatted,
    markup,
    media,
    message_text,
)
from bot.sandbox.telegram_world import Account, Chat, Message, Person, Refusal, Room, TelegramWorld, bad

Method = Callable[[TelegramWorld, Account, Params], object]


def room(world: TelegramWorld, account: Account, params: Params, name: str = "chat_id") -> Room:
    """The chat that a parameter names, if this bot can reach it at all."""
    chat_id = params.text(name).strip()
    if not chat_id:
        raise bad(f"{name} is empty")
    chat = world.find_chat(chat_id)
    if chat is None:
        raise bad("chat not found")
    if isinstance(chat, Account):
        raise Refusal(403, "Forbidden: the bot can't send messages to the bot")
    if isinstance(chat, Person):
        return account.room(chat)
    if chat.migrated_to:
        raise Refusal(
            400,
            "Bad Request: group chat was upgraded to a supergroup chat",
            migrate_to_chat_id=chat.migrated_to,
        )
    return chat.room


def open_room(world: TelegramWorld, account: Account, params: Params) -> Room:
    """The chat, if this bot may write there."""
    target = room(world, account, params)
    if isinstance(target.chat, Person):
        _check_person(account, target.chat)
    else:
        check_member(account, target.chat)
        _check_right(account, target.chat)
        _check_topic(account, target.chat, params.integer("message_thread_id"))
    return target


def _check_topic(account: Account, chat: Chat, thread: int) -> None:
    """The general topic has no number of its own: 1 is refused like any number that does not exist."""
    if not thread:
        return
    topic = chat.topics.get(thread)
    if topic is None:
        raise bad("message thread not found")
    if topic.closed and not chat.members[account.id].get("can_manage_topics"):
        raise bad("TOPIC_CLOSED")


def _check_person(account: Account, person: Person) -> None:
    if person.deactivated:
        raise Refusal(403, "Forbidden: user is deactivated")
    if person.id in account.blocked:
        raise Refusal(403, "Forbidden: bot was blocked by the user")
    if person.id not in account.started:
        raise Refusal(403, "Forbidden: bot can't initiate conversation with a user")


def check_member(account: Account, chat: Chat) -> JSON:
    record = chat.members.get(account.id)
    if record is None or record["status"] == "left":
        raise Refusal(403, f"Forbidden: bot is not a member of the {chat.word}")
    if record["status"] == "kicked":
        raise Refusal(403, f"Forbidden: bot was kicked from the {chat.word}")
    return record


def _check_right(account: Account, chat: Chat) -> None:
    record = chat.members[account.id]
    if chat.kind == "channel" and not record.get("can_post_messages"):
        raise bad("need administrator rights in the channel chat")
    if chat.kind != "channel" and record["status"] == "restricted":
        raise bad("not enough rights to send text messages to the chat")


def new_message(world: TelegramWorld, account: Account, target: Room, params: Params) -> Message:
    """A message with everything that all kinds share; without an id until it is shown."""
    channel = isinstance(target.chat, Chat) and target.chat.kind == "channel"
    return Message(
        0,
        target,
        world.board.now(),
        account,
        markup=markup(params, channel=channel),
        silent=params.flag("disable_notification"),
        protected=params.flag("protect_content") or (isinstance(target.chat, Chat) and target.chat.protected),
        reply_to=_reply_to(target, params),
        thread=params.integer("message_thread_id") if isinstance(target.chat, Chat) else 0,
    )


def _reply_to(target: Room, params: Params) -> int:
    reply = params.object("reply_parameters") or {}
    wanted = int(reply.get("message_id") or params.integer("reply_to_message_id"))
    if not wanted:
        return 0
    replied = target.messages.get(wanted)
    if replied is not None and not replied.deleted:
        return wanted
    if reply.get("allow_sending_without_reply") or params.flag("allow_sending_without_reply"):
        return 0
    raise bad("message to be replied not found")


def show(world: TelegramWorld, account: Account, message: Message) -> JSON:
    """Give the message its id and put it on the phone; a video in a channel may wait for its re-encoding."""
    if world.reencode_videos and message.content.video and not message.room.private:
        wire = message.wire(account)
        world.being_encoded.append(message)
        return wire
    message.id = message.room.next_id()
    world.put(message)
    return message.wire(account)


def preview(params: Params) -> JSON | None:
    options = params.object("link_preview_options", "can't parse link preview options JSON object")
    if options is None and params.flag("disable_web_page_preview"):
        return {"is_disabled": True}
    if options is not None and not isinstance(options, dict):
        raise bad("can't parse link preview options JSON object")
    return options or None


def send_message(world: TelegramWorld, account: Account, params: Params) -> JSON:
    text, entities = message_text(params)
    target = open_room(world, account, params)
    message = new_message(world, account, target, params)
    message.content = Content(text, entities, preview=preview(params), raw=params.text("text"))
    return show(world, account, message)


def _send_media(kind: str) -> Method:
    def send(world: TelegramWorld, account: Account, params: Params) -> JSON:
        text, entities = formatted(params.values, "caption", MAX_CAPTION)
        target = open_room(world, account, params)
        message = new_message(world, account, target, params)
        file = media(world, account, params, kind)
        file.duration = params.integer("duration", file.duration)
        message.content = Content(text, entities, file, raw=params.text("caption"))
        return show(world, account, message)

    return send


def send_media_group(world: TelegramWorld, account: Account, params: Params) -> list[JSON]:
    items = params.object("media", "can't parse media JSON object")
    if not isinstance(items, list):
        raise bad("expected an Array of InputMedia")
    if len(items) > 10:
        raise bad("too many messages to send as an album")
    if len(items) < 2:
        raise bad("album must include 2-10 items" if items else "there are no messages to send")
    _check_album(items)
    target = open_room(world, account, params)
    messages = [_album_item(world, account, target, params, item) for item in items]
    album = world.new_media("album").unique
    for message in messages:
        message.album, message.markup = album, None
    return [show(world, account, message) for message in messages]


def _check_album(items: list[JSON]) -> None:
    kinds = {str(item.get("type")) for item in items}
    if not kinds <= {"photo", "video", "document", "audio", "live_photo"}:
        raise bad("can't use the media of the specified type in the album")
    if len(kinds) > 1 and kinds & {"document", "audio"}:
        raise bad("can't use the media of the specified type in the album")


def _album_item(world: TelegramWorld, account: Account, target: Room, params: Params, item: JSON) -> Message:
    message = new_message(world, account, target, Params({k: v for k, v in params.values.items() if k != "media"}))
    text, entities = formatted(item, "caption", MAX_CAPTION)
    file = media(world, account, params, str(item["type"]), item.get("media") or "")
    message.content = Content(text, entities, file, raw=str(item.get("caption") or ""))
    return message


def _source(world: TelegramWorld, account: Account, params: Params, message_id: int, verb: str) -> Message:
    source = room(world, account, params, "from_chat_id")
    if isinstance(source.chat, Chat):
        check_member(account, source.chat)
    message = source.messages.get(message_id)
    if message is None or message.deleted:
        raise bad(f"message to {verb} not found")
    if message.protected:
        raise bad("message has protected content and can't be forwarded")
    return message


def _copied(world: TelegramWorld, account: Account, params: Params, source: Message, target: Room) -> Message:
    message = new_message(world, account, target, params)
    message.content = source.content
    return message


def copy_message(world: TelegramWorld, account: Account, params: Params) -> JSON:
    source = _source(world, account, params, params.integer("message_id"), "copy")
    message = _copied(world, account, params, source, open_room(world, account, params))
    if source.content.media and params.values.get("caption") is not None:
        text, entities = formatted(params.values, "caption", MAX_CAPTION)
        message.content = replace(source.content, text=text, entities=entities, raw=params.text("caption"))
    return {"message_id": show(world, account, message)["message_id"]}


def forward_message(world: TelegramWorld, account: Account, params: Params) -> JSON:
    source = _source(world, account, params, params.integer("message_id"), "forward")
    message = _copied(world, account, params, source, open_room(world, account, params))
    message.markup, message.origin = None, source.origin or origin(source)
    return show(world, account, message)


def _many(method: Callable[[TelegramWorld, Account, Params], JSON]) -> Method:
    def each(world: TelegramWorld, account: Account, params: Params) -> list[JSON]:
        ids = params.integers("message_ids")
        if not 1 <= len(ids) <= 100:
            raise bad("too many messages" if ids else "message identifiers are not specified")
        if ids != sorted(set(ids)):
            raise bad("message identifiers must be in a strictly increasing order")
        done = []
        for message_id in ids:
            try:
                done.append(method(world, account, replace(params, values={**params.values, "message_id": message_id})))
            except Refusal as refusal:
                if not refusal.description.endswith("not found"):
                    raise
        return [{"message_id": wire["message_id"]} for wire in done]

    return each


def origin(source: Message) -> JSON:
    """The origin that a forward of this message names."""
    if not source.room.private and isinstance(source.room.chat, Chat) and source.room.chat.kind == "channel":
        return {
            "type": "channel",
            "date": int(source.at),
            "chat": source.room.chat.wire(),
            "message_id": source.id,
        }
    assert source.sender is not None
    return {"type": "user", "date": int(source.at), "sender_user": source.sender.wire()}


def send_chat_action(world: TelegramWorld, account: Account, params: Params) -> bool:
    open_room(world, account, params)
    if not params.text("action"):
        raise bad("wrong parameter action in request")
    return True


METHODS: dict[str, Method] = {
    "sendmessage": send_message,
    "sendphoto": _send_media("photo"),
    "sendvideo": _send_media("video"),
    "senddocument": _send_media("document"),
    "sendanimation": _send_media("animation"),
    "sendaudio": _send_media("audio"),
    "sendmediagroup": send_media_group,
    "copymessage": copy_message,
    "forwardmessage": forward_message,
    "copymessages": _many(copy_message),
    "forwardmessages": _many(forward_message),
    "sendchataction": send_chat_action,
}
