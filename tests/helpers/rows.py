"""Values by what their rows hold."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from bot.domain.buttons import PRESSES, ButtonPress
from bot.domain.news import NEWS, News
from bot.storage.values import from_json


def a_press(code: str, args: Mapping[str, Any]) -> ButtonPress:
    """Return the press that a button with this action and these args stands for."""
    press = from_json(PRESSES, code, json.dumps(args))
    assert press is not None, code
    return press


def some_news(code: str, args: Mapping[str, Any]) -> News:
    """Return the news that a notice of this kind and with these args holds."""
    news = from_json(NEWS, code, json.dumps(args))
    assert news is not None, code
    return news
