"""The ids of buttons: half chance, half a seal of what the button does. Pure but for the chance."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

#: Characters of a button's id: half of them chance, half a seal of what the button does (66 bits each).
ID_LENGTH = 22
_HALF = ID_LENGTH // 2
#: Where no key is known: buttons of an older Visnyk were sealed without any.
NO_KEY = b""


def new_id(key: bytes, action: str, args: str, chat: str, member: int | None) -> str:
    """The id of a new button: whoever changes the row has another one than the message on the phone."""
    return seal_of(key, secrets.token_urlsafe(ID_LENGTH)[:_HALF], action, args, chat, member)


def seal_of(key: bytes, button_id: str, action: str, args: str, chat: str, member: int | None) -> str:
    """The id that a button which begins like `button_id` must have if it does that in this chat, for this member.

    Without the `key` nobody makes one.
    """
    chance = button_id[:_HALF]
    what = "\0".join([chance, action, args, chat, str(member)]).encode()
    sealed = hmac.digest(key, what, "sha256") if key else hashlib.sha256(what).digest()
    return chance + base64.urlsafe_b64encode(sealed).decode()[:_HALF]


def name_of_key(key: bytes) -> str:
    """A name for the key in the log, by which nobody finds the key itself."""
    return hashlib.sha256(b"buttons:" + key).hexdigest()[:16]
