"""Visnyk: a newsroom's articles on Telegram and Viber."""
