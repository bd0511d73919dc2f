"""Feeds as sites write them, item by item."""

from __future__ import annotations

TEXT = "".join(
    f"<p>Абзац номер {number} про міст, який відкрили раніше, ніж обіцяли навесні.</p>" for number in range(9)
)
#: What a site shows instead of what was asked for, to those who have not logged in.
LOGIN = """<!DOCTYPE html><html><head><title>Вхід</title><link rel="alternate" href="/feed"></head><body>
<form action="/login"><input name="user"><input name="password" type="password"><button>Увійти</button></form></body>
</html>"""


def rss(*items: str, head: str = '<?xml version="1.0" encoding="UTF-8"?>') -> str:
    content = "http://purl.org/rss/1.0/modules/content/"
    channel = f"<channel><title>Сайт</title>{''.join(items)}</channel>"
    return f'{head}<rss version="2.0" xmlns:content="{content}">{channel}</rss>'


def item(number: int = 1, *, title: str = "Міст відкрили", guid: str = "", text: str = TEXT, **more: str) -> str:
    link = f"<link>https://site.example/{number}?utm_source=rss</link>"
    others = "".join(f"<{name}>{value}</{name}>" for name, value in more.items())
    content = f"<content:encoded><![CDATA[{text}]]></content:encoded>" if text else ""
    return f"<item><title>{title} {number}</title>{link}<guid>{guid or number}</guid>{others}{content}</item>"
