"""The verification page: one file, which checks texts in the reader's browser by the same rules as the bot."""

from __future__ import annotations

import base64
import hashlib
import html
import json
from collections.abc import Sequence
from importlib import resources

from bot.domain.genuine import rules
from bot.domain.official import Account


def page_of(keys: Sequence[str], name: str, base: str = "", accounts: Sequence[Account] = ()) -> str:
    """Return the page of a newsroom with these public keys. `base`: where the record's files lie, if not beside it.

    `accounts`: the newsroom's own, which the page lists with the numbers that nobody can imitate.
    """
    style, script = _part("verify.css"), f"{verifier()}\n{_part('page.js')}"
    house = json.dumps({"name": name, "keys": list(keys), "base": base, "rules": rules()}, ensure_ascii=False)
    values = {
        "style": style,
        "script": script,
        "style_hash": _hash(style),
        "script_hash": _hash(script),
        "house": house.replace("<", "\\u003c"),
        "name": html.escape(name),
        "keys": html.escape(keys[0]),
        "accounts": "\n".join(map(_line_of, accounts)),
    }
    text = _part("verify.html")
    for key, value in values.items():
        text = text.replace("{{" + key + "}}", value)
    return text


def _line_of(account: Account) -> str:
    name = f"@{account.name}" if account.name else ""
    shown = [html.escape(part) for part in (account.title, name, account.id) if part] or [html.escape(account.address)]
    if account.address.startswith("https://"):
        shown[0] = f'<a href="{html.escape(account.address)}" rel="noopener">{shown[0]}</a>'
    return f"<li>{html.escape(account.platform.capitalize())}: {' · '.join(shown)}</li>"


def verifier() -> str:
    """Return the part of the page that decides, which runs without a page too."""
    return _part("verify.js")


def _part(name: str) -> str:
    return (resources.files("bot.record") / "page" / name).read_text("utf-8")


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
