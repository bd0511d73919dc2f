"""Methods about the bot itself, its chats and its command menu."""

import json
import re

from bot.sandbox.telegram_content import JSON
from bot.sandbox.telegram_params import Params
from bot.sandbox.telegram_send import Method, check_member, room
from bot.sandbox.telegram_world import Account, Chat, Message, Person, Room, TelegramWorld, bad

_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_SCOPES = {
    "default": (),
    "all_private_chats": (),
    "all_group_chats": (),
    "all_chat_administrators": (),
    "chat": ("chat_id",),
    "chat_administrators": ("chat_id",),
    "chat_member": ("chat_id", "user_id"),
}
_TEXT_LIMITS = {"name": 64, "description": 512, "short_description": 120}

CHANNEL_RIGHTS = (
    "can_manage_chat", "can_delete_messages", "can_manage_video_chats", "can_restrict_members", "can_promote_members",
    "can_change_info", "can_invite_users", "can_post_stories", "can_edit_stories", "can_delete_stories",
    "can_post_messages", "can_edit_messages", "can_pin_messages", "can_manage_topics", "can_manage_direct_messages",
)  # fmt: skip


def get_me(world: TelegramWorld, account: Account, params: Params) -> JSON:
    flags = {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }
    return account.wire() | flags


def _pinned(target: Room) -> Message | None:
    """Return the latest message that is pinned and still there."""
    pins = target.chat.pins if isinstance(target.chat, Chat) else []
    there = [each for number in pins if (each := target.messages.get(number)) is not None and not each.deleted]
    return there[-1] if there else None


def get_chat(world: TelegramWorld, account: Account, params: Params) -> JSON:
    target = room(world, account, params)
    if isinstance(target.chat, Chat) and not target.chat.username:
        check_member(account, target.chat)
    gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
    more: JSON = {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(gifts, False),
    }
    if isinstance(target.chat, Chat) and (pinned := _pinned(target)) is not None:
        more["pinned_message"] = pinned.wire(account)
    return target.wire() | more


def _member_chat(world: TelegramWorld, account: Account, params: Params) -> Chat:
    target = room(world, account, params)
    if isinstance(target.chat, Person):
        raise bad("there are no administrators in the private chat")
    check_member(account, target.chat)
    return target.chat


def _member(world: TelegramWorld, chat: Chat, user_id: int) -> JSON | None:
    record = chat.members.get(user_id)
    account = next((a for a in world.accounts.values() if a.id == user_id), None)
    who = account or world.person(user_id)
    if who is None:
        return None
    return member_wire(who, record or {"status": "left"})


def member_wire(who: Account | Person, record: JSON) -> JSON:
    wire = {"user": who.wire(), **record}
    match record["status"]:
        case "administrator":
            rights = {name: bool(record.get(name)) for name in CHANNEL_RIGHTS}
            return wire | rights | {"can_be_edited": False, "is_anonymous": False, "can_manage_chat": True}
        case "creator":
            return wire | {"is_anonymous": False}
        case "kicked":
            return wire | {"until_date": 0}
        case _:
            return wire


def get_chat_member(world: TelegramWorld, account: Account, params: Params) -> JSON:
    target = room(world, account, params)
    user_id = params.integer("user_id")
    if isinstance(target.chat, Person):
        member = _member(world, Chat(0, "channel", "", "", False, {user_id: {"status": "member"}}), user_id)
    elif user_id == account.id:
        # A bot may ask about itself wherever it has ever been; elsewhere it is told that it is not there.
        if user_id not in target.chat.members:
            check_member(account, target.chat)
        member = _member(world, target.chat, user_id)
    else:
        check_member(account, target.chat)
        member = _member(world, target.chat, user_id)
    if member is None:
        raise bad("user not found")
    return member


def get_administrators(world: TelegramWorld, account: Account, params: Params) -> list[JSON]:
    chat = _member_chat(world, account, params)
    if chat.kind == "channel" and chat.members[account.id]["status"] != "administrator":
        raise bad("member list is inaccessible")
    ids = [user for user, record in chat.members.items() if record["status"] in ("administrator", "creator")]
    return [member for user in ids if (member := _member(world, chat, user)) is not None]


def get_member_count(world: TelegramWorld, account: Account, params: Params) -> int:
    target = room(world, account, params)
    if isinstance(target.chat, Person):
        return 2
    check_member(account, target.chat)
    return sum(record["status"] not in ("left", "kicked") for record in target.chat.members.values())


def _scope(world: TelegramWorld, account: Account, params: Params) -> tuple[str, str]:
    scope = params.object("scope", "can't parse BotCommandScope JSON object") or {"type": "default"}
    kind = str(scope.get("type"))
    if kind not in _SCOPES:
        raise bad("unsupported type specified")
    fields = {name: str(scope.get(name, "")) for name in _SCOPES[kind]}
    if "chat_id" in fields:
        target = room(world, account, Params(dict(fields)))
        if isinstance(target.chat, Chat) and target.chat.kind == "channel":
            raise bad("can't change commands in channels")
        fields["chat_id"] = str(target.id)
    language = params.text("language_code")
    if language and not re.fullmatch("[a-z]{2}", language):
        raise bad("invalid language code specified")
    return json.dumps([kind, *fields.values()]), language


def set_commands(world: TelegramWorld, account: Account, params: Params) -> bool:
    commands = params.object("commands", "can't parse commands JSON object")
    if not isinstance(commands, list):
        raise bad("can't parse commands JSON object")
    if len(commands) > 100:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    account.commands[_scope(world, account, params)] = [_command(item) for item in commands]
    world.board.changed()
    return True


def _command(item: JSON) -> JSON:
    command, description = str(item.get("command", "")).lstrip("/"), str(item.get("description", "")).strip()
    if not _COMMAND.fullmatch(command):
        raise bad("BOT_COMMAND_INVALID")
    if not 1 <= len(description) <= 256:
        raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": command, "description": description}


def get_commands(world: TelegramWorld, account: Account, params: Params) -> list[JSON]:
    return account.commands.get(_scope(world, account, params), [])


def delete_commands(world: TelegramWorld, account: Account, params: Params) -> bool:
    account.commands.pop(_scope(world, account, params), None)
    return True


def menu(account: Account, chat_id: int, language: str) -> list[JSON]:
    """The commands that a person's private chat with the bot offers."""
    for scope in (["chat", str(chat_id)], ["all_private_chats"], ["default"]):
        for code in (language[:2], ""):
            found = account.commands.get((json.dumps(scope), code))
            if found:
                return found
    return []


def _set_text(name: str) -> Method:
    def change(world: TelegramWorld, account: Account, params: Params) -> bool:
        text = params.text(name)
        if len(text) > _TEXT_LIMITS[name]:
            raise bad(f"BOT_{name.upper()}_TOO_LONG")
        account.texts[name, params.text("language_code")] = text
        return True

    return change


def _get_text(name: str) -> Method:
    def tell(world: TelegramWorld, account: Account, params: Params) -> JSON:
        language = params.text("language_code")
        text = account.texts.get((name, language)) or account.texts.get((name, ""))
        return {name: text or (account.name if name == "name" else "")}

    return tell


def get_file(world: TelegramWorld, account: Account, params: Params) -> JSON:
    file_id = params.text("file_id")
    if not file_id:
        raise bad("file_id not specified")
    if file_id not in account.files:
        raise bad("wrong file_id or the file is temporarily unavailable")
    media, size = account.files[file_id]
    if media.size > 20 * 1024 * 1024:
        raise bad("file is too big")
    suffix = {"photo": "jpg", "video": "mp4", "animation": "mp4"}.get(media.kind, "bin")
    return {
        "file_id": file_id,
        "file_unique_id": f"{media.unique}p{size}",
        "file_size": max(media.size, 1),
        "file_path": f"{media.kind}s/file_{media.unique}.{suffix}",
    }


def get_star_balance(world: TelegramWorld, account: Account, params: Params) -> JSON:
    return {"amount": account.stars}


def yes(world: TelegramWorld, account: Account, params: Params) -> bool:
    return True


METHODS: dict[str, Method] = {
    "getme": get_me,
    "getchat": get_chat,
    "getchatmember": get_chat_member,
    "getchatadministrators": get_administrators,
    "getchatmembercount": get_member_count,
    "setmycommands": set_commands,
    "getmycommands": get_commands,
    "deletemycommands": delete_commands,
    "getfile": get_file,
    "getmystarbalance": get_star_balance,
    "close": yes,
    "logout": yes,
    "setchatmenubutton": yes,
    "setmydefaultadministratorrights": yes,
    "setmessagereaction": yes,
    **{f"setmy{name.replace('_', '')}": _set_text(name) for name in _TEXT_LIMITS},
    **{f"getmy{name.replace('_', '')}": _get_text(name) for name in _TEXT_LIMITS},
}
